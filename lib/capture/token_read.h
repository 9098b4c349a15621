/* SPDX-License-Identifier: MIT */
/*
 * token_read.h: the internals of a log of tokens, and how its numbers and texts are read. Private
 * to token_log.c, which executes code, and token_event.c, which handles everything else.
 *
 * A token is read completely before it changes anything. If it is incomplete (cursor.over), it is
 * read again later.
 */
#ifndef BEL_TOKEN_READ_H
#define BEL_TOKEN_READ_H

#include <string.h>

#include "token_code.h"
#include "token_log.h"

#define BEL_TOKEN_TEXT 65536
#define BEL_TOKEN_AHEAD 8 /* bytes; cache entries are far apart in memory: they are prefetched */

struct bel_token_log {
	struct bel_token_join join;
	void *context;
	struct bel_syscall_tracker process;
	struct bel_codebook code;
	uint64_t last_granule, last_place;
	struct bel_token_ending ending;
	bool begun, first_byte;
	uint64_t data_end; /* end of the last data mapping of the image */
	char version[16];
	char *text; /* BEL_TOKEN_TEXT + 1 bytes, for a text being read */
};

/* A position in the stream. `over`: the token goes beyond the bytes read so far. */
struct bel_cursor {
	const uint8_t *p, *end;
	bool over, bad;
};

static inline uint64_t bel_cursor_number(struct bel_cursor *c)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		if (c->p == c->end) {
			c->over = true;
			return 0;
		}
		byte = *c->p++;
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && shift < 70);
	c->bad |= (byte & 0x80) != 0;
	return value;
}

static inline int64_t bel_cursor_signed(uint64_t value)
{
	return (int64_t)(value >> 1 ^ -(value & 1));
}

/* The cache entry of a token that executes its block. */
static inline uint32_t bel_token_entry(const uint8_t *p)
{
	return (uint32_t)(p[0] | p[1] << 8) >> 1;
}

/* Reads a text into `text` and terminates it with a zero byte. */
static inline void bel_cursor_text(struct bel_cursor *c, char *text)
{
	const uint64_t length = bel_cursor_number(c);

	text[0] = '\0';
	if (length > BEL_TOKEN_TEXT) {
		c->bad = true;
	} else if (length > (size_t)(c->end - c->p)) {
		c->over = true;
	} else {
		memcpy(text, c->p, length);
		text[length] = '\0';
		c->p += length;
	}
}

/* Has the owner take builder or batch; `all`: the open run too. */
static inline int bel_token_log_take(struct bel_token_log *log, bool all, struct bel_err *err)
{
	return log->join.take(log->join.context, log->context, all, err);
}

/* What follows belongs to the log's space. */
static inline void bel_token_log_enter(struct bel_token_log *log)
{
	log->code.space = log->process.space;
	log->join.builder->space = log->process.space;
	log->join.batch->space = log->process.space;
}

/* Appends an event; sets `at`. */
int bel_token_log_add(
	struct bel_token_log *log, const struct bel_event *event, struct bel_err *err);

/* Appends an event that has a value or a name. */
int bel_token_log_event(struct bel_token_log *log, enum bel_event_type type, uint64_t value,
	const char *name, struct bel_err *err);

/* Handles a token that executes nothing, or the header of a stream. c is after its first byte. */
int bel_token_event(
	struct bel_token_log *log, uint8_t token, struct bel_cursor *c, struct bel_err *err);

/* Handles a token of the call stack. */
int bel_token_stack(
	struct bel_token_log *log, uint8_t token, struct bel_cursor *c, struct bel_err *err);

/*
 * With call stacks: executes cached blocks, calls and returns while nothing else is needed. *data
 * moves behind them.
 */
int bel_token_execute(
	struct bel_token_log *log, const uint8_t **data, const uint8_t *end, struct bel_err *err);

#endif
