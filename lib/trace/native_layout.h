/* SPDX-License-Identifier: MIT */
/*
 * native_layout.h: the byte layout of traces/FORMAT.md, shared by the native
 * reader and writer: head, blocks, varints, record tags, events.
 */
#ifndef BEL_NATIVE_LAYOUT_H
#define BEL_NATIVE_LAYOUT_H

#include <stdbool.h>
#include <string.h>

#include "native.h"
#include "trace.h"

#define BEL_NATIVE_MAGIC                                                                           \
	"\x89"                                                                                     \
	"BEL\r\n\x1a\n"
#define BEL_NATIVE_TRAILER "BELEND\r\n"

enum {
	BEL_NATIVE_MAJOR = 1,
	BEL_NATIVE_MINOR_KERNEL = 1,  /* if there may be kernel references */
	BEL_NATIVE_MINOR_PHRASES = 2, /* if there may be blocks of phrases */
	BEL_NATIVE_MINOR_STACKS = 3,  /* if there may be call stacks */
	BEL_NATIVE_MINOR_RENEWED = 4, /* if they are also those of references that renew pages */
	BEL_NATIVE_HEAD = 32,         /* bytes of the file head before its fields */
	BEL_NATIVE_FIELDS = 1 << 20,  /* maximum bytes of fields */
	BEL_NATIVE_BLOCK = 104,       /* bytes of a block's head */
	BEL_NATIVE_TAIL = 16,         /* bytes of the trailer */
	BEL_NATIVE_KINDS = 4,         /* kinds counted in a block's head; others in its payload */
	BEL_NATIVE_RECORDS = 65536,   /* maximum records of a block */
	BEL_NATIVE_PHRASED = 524288,  /* the same of a block of phrases, and its codes */
	BEL_NATIVE_PHRASES = 65535,   /* maximum phrases of a block */
	BEL_NATIVE_PHRASE = 65535,    /* maximum runs of a phrase */
	BEL_NATIVE_EVENTS = 65536,    /* maximum events of a block */
	BEL_NATIVE_NAME = 65535,      /* maximum bytes of an event's name, and of the reason */
	BEL_NATIVE_END = 1 << 17,     /* maximum bytes of the end block's payload */
	BEL_NATIVE_NEAR = 65536,      /* maximum of near_pages (trace.h) */
};

enum bel_native_field {
	BEL_FIELD_COMMAND = 1,
	BEL_FIELD_TOOL = 2,
	BEL_FIELD_NAME = 5,
	BEL_FIELD_PART = 7,
	BEL_FIELD_SLICE = 8,
	BEL_FIELD_RENEWED = 9,
	BEL_FIELD_CRITICAL = 0x8000,
	BEL_FIELD_REDUCED = 0x8003,
	BEL_FIELD_KERNEL = 0x8004,
	BEL_FIELD_PHRASES = 0x8005,
	BEL_FIELD_STACKS = 0x8006,
};

enum bel_block_type {
	BEL_BLOCK_RUNS = 1,
	BEL_BLOCK_ACCESSES = 2,
	BEL_BLOCK_INDEX = 3,
	BEL_BLOCK_END = 4,
	BEL_BLOCK_PHRASES = 5,
};

/*
 * The contents of a block's head (104 bytes). bel_block_encode() adds magic and checksum. In a
 * trace with kernel references, the counts of their kinds are at the start of the payload.
 */
struct bel_block {
	uint8_t type;     /* enum bel_block_type */
	uint8_t id_bytes; /* of a dense number in a record: 2, 3 or 4 */
	uint32_t stored;  /* bytes that follow the head */
	uint32_t payload; /* bytes after decompression; equal to `stored`: not compressed */
	uint32_t records, events, space;
	uint32_t granules_before, granules_new;
	uint32_t number; /* of the block, counting only blocks of references, from 0, mod 2^32 */
	uint64_t now, references, kinds[BEL_KINDS], crossings;
};

static inline void put_le(uint8_t *p, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static inline uint64_t get_le(const uint8_t *p, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)p[i] << (8 * i);
	return value;
}

/* Encodes the head; the checksum covers its first 96 bytes and the stored bytes. */
void bel_block_encode(
	const struct bel_block *block, const uint8_t *stored, uint8_t head[BEL_NATIVE_BLOCK]);

/* NULL, or what is wrong with the head: magic, type, or a number above its limit. */
const char *bel_block_decode(const uint8_t head[BEL_NATIVE_BLOCK], struct bel_block *block);

/* Whether the checksum of the head and the stored bytes is correct. */
bool bel_block_intact(const uint8_t head[BEL_NATIVE_BLOCK], const uint8_t *stored, size_t size);

uint64_t bel_native_checksum(
	const uint8_t *head, size_t head_size, const uint8_t *rest, size_t size);

/* A growing byte buffer. If memory runs out, appending sets `failed`. */
struct bel_bytes {
	uint8_t *data;
	size_t size, capacity;
	bool failed;
};

/* Room for `more` bytes at data + size, or NULL. */
uint8_t *bel_bytes_room(struct bel_bytes *bytes, size_t more);

#define BEL_VARINT_MOST 10 /* bytes of a varint */

/* Writes a varint (LEB128) where there is room. Returns its end. */
static inline uint8_t *bel_varint_put(uint8_t *p, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*p++ = (uint8_t)(value | 0x80);
	*p++ = (uint8_t)value;
	return p;
}

void bel_bytes_varint(struct bel_bytes *bytes, uint64_t value);
void bel_bytes_put(struct bel_bytes *bytes, const void *data, size_t size);

/* Bytes that are read from the front. Reading past the end sets `failed` and returns 0. */
struct bel_view {
	const uint8_t *data, *end;
	bool failed;
};

uint64_t bel_view_varint(struct bel_view *view);
const uint8_t *bel_view_take(struct bel_view *view, size_t size); /* NULL past the end */

static inline uint64_t bel_zigzag(uint64_t delta)
{
	return delta << 1 ^ (uint64_t)((int64_t)delta >> 63);
}

static inline uint64_t bel_unzigzag(uint64_t coded)
{
	return coded >> 1 ^ -(coded & 1);
}

/*
 * The tag of a run: a code for its flags in the low three bits, its count in the
 * high five bits (0: the count follows as a varint). Code 8: the flags are not valid.
 */
extern const uint8_t bel_tag_code[BEL_RUN_FLAGS + 1]; /* by flags */
extern const uint8_t bel_tag_flags[8];

/*
 * Appends records and, with long_counts, the counts that do not fit into a tag. A record's info
 * is code | count << 3 (in exact traces kind | size << 3).
 */
void bel_records_encode(struct bel_bytes *bytes, const struct bel_run *record, size_t count,
	unsigned id_bytes, bool long_counts);

/* The counts at the start of a payload, in a trace with kernel references. */
void bel_kernel_encode(struct bel_bytes *bytes, const struct bel_block *block);
void bel_kernel_decode(struct bel_view *view, struct bel_block *block);

/* Adds a block of references, and the spaces that its events name, to the totals. */
void bel_totals_count(struct bel_native_totals *totals, const struct bel_block *block,
	const struct bel_event *events);

/* Appends the head of a trace, with fields and checksum. */
int bel_head_encode(
	struct bel_bytes *bytes, const struct bel_trace_info *info, struct bel_err *err);

/* Appends granules first .. first+count-1 of the list, as zigzag deltas of their numbers. */
void bel_granules_encode(
	struct bel_bytes *bytes, const struct bel_granule *granule, uint32_t first, uint32_t count);

void bel_event_encode(struct bel_bytes *bytes, const struct bel_event *event,
	const struct bel_event *before, uint32_t space);

/* Appends the event to the list; BEL_FAIL if it is malformed. */
int bel_event_decode(struct bel_view *view, uint64_t *at, uint32_t space, uint64_t records,
	struct bel_events *list, struct bel_err *err);

#endif
