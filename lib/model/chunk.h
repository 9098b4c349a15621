/* SPDX-License-Identifier: MIT */
/*
 * trace.h: the trace model (DESIGN, section 3): references, events, chunks.
 *
 * Two views of one trace:
 *
 *	exact   struct bel_access: every reference with address, size and kind;
 *	        what foreign formats are parsed to and what granule 1 stores.
 *	folded  struct bel_run: consecutive references to one granule, with dense
 *	        granule numbers; what the engine eats.
 *
 * fold.h turns the first into the second; nothing turns it back.
 *
 * Address spaces are numbered densely from 0 ("space"). A process is in one
 * space from its start, fork or exec to its next exec or exit; the same
 * address in two spaces is two granules.
 */
#ifndef BEL_TRACE_H
#define BEL_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "run.h"

enum bel_kind {
	BEL_FETCH,
	BEL_LOAD,
	BEL_STORE,
	BEL_MODIFY, /* load and store of one address: one reference that writes */
	/*
	 * What the kernel reads and writes on the program's behalf, in a system call's buffers.
	 * Only in traces whose info says `kernel`; in runs they are data, as loads and stores are.
	 */
	BEL_KERNEL_LOAD,
	BEL_KERNEL_STORE,
	BEL_KINDS,
};

#define BEL_KERNEL_KINDS (1u << BEL_KERNEL_LOAD | 1u << BEL_KERNEL_STORE)

/* "fetch", "load", "store", "modify", "kernel-load", "kernel-store". */
const char *bel_kind_name(enum bel_kind kind);

static inline bool bel_kind_writes(enum bel_kind kind)
{
	return kind == BEL_STORE || kind == BEL_MODIFY || kind == BEL_KERNEL_STORE;
}

/*
 * A reference. `address` counts units of 1 << unit_bits bytes of the stream it
 * is in (trace formats that hold page numbers have the page as their unit);
 * `size` is in the same units, at least 1.
 */
struct bel_access {
	uint64_t address;
	uint32_t size;
	uint8_t kind; /* enum bel_kind */
};

enum bel_event_type {
	BEL_EVENT_START,        /* space begins by itself: pid, name = command */
	BEL_EVENT_FORK,         /* space begins as a copy of `other`: pid */
	BEL_EVENT_EXEC,         /* space begins and replaces `other`: pid, name = program */
	BEL_EVENT_EXIT,         /* space ends: value = status, or 256 + signal number */
	BEL_EVENT_THREAD,       /* references from here on are thread `value`'s */
	BEL_EVENT_THREAD_START, /* value = thread */
	BEL_EVENT_THREAD_EXIT,  /* value = thread */
	BEL_EVENT_MAP,          /* start, length, region, flags, offset, name = file */
	BEL_EVENT_UNMAP,        /* start, length */
	BEL_EVENT_PROTECT,      /* start, length, flags (protection bits alone) */
	BEL_EVENT_GROW,         /* start, length: the region's new extent (heap, stack) */
	BEL_EVENT_REMAP,        /* start, length, value = old start, offset = old length */
	BEL_EVENT_DISCARD,      /* start, length: madvise(MADV_DONTNEED) */
	BEL_EVENT_MARK,         /* name = the user's text */
	/*
	 * The next reference of the space failed, and its process dies of it: value = signal,
	 * start = address, flags = the right that it lacked (BEL_MAP_READ, _WRITE or _EXEC).
	 */
	BEL_EVENT_FAULT,
	BEL_EVENT_TYPES,
};

enum bel_region {
	BEL_REGION_UNKNOWN,
	BEL_REGION_TEXT,
	BEL_REGION_DATA, /* initialised data and bss */
	BEL_REGION_HEAP,
	BEL_REGION_STACK,
	BEL_REGION_MMAP,
	BEL_REGION_VDSO,
	BEL_REGIONS,
};

const char *bel_event_name(enum bel_event_type type);
const char *bel_region_name(enum bel_region region);

enum bel_map_flag {
	BEL_MAP_READ = 0x1,
	BEL_MAP_WRITE = 0x2,
	BEL_MAP_EXEC = 0x4,
	BEL_MAP_SHARED = 0x8, /* else private */
	BEL_MAP_FILE = 0x10,  /* else anonymous */
};

/* Addresses here are always bytes. Members that a type does not name are 0. */
struct bel_event {
	uint8_t type;   /* enum bel_event_type */
	uint8_t region; /* enum bel_region */
	uint16_t flags; /* enum bel_map_flag */
	uint32_t space; /* whose event; for START, FORK, EXEC the space that begins */
	uint32_t other; /* FORK, EXEC: the space it comes from */
	uint32_t pid;   /* START, FORK, EXEC: as the system numbered it */
	uint64_t at;    /* index of the run (folded) or access (exact) that it precedes */
	uint64_t start, length, offset, value;
	const char *name; /* NULL: none; owned by the list that holds the event */
};

/* Whether one of the events before the first record is a mark. */
bool bel_event_mark_in_front(const struct bel_event *events, size_t count);

/* A growing list of events that owns their names. Zero-initialised is empty. */
struct bel_events {
	struct bel_event *event;
	size_t count, capacity;
	char **text; /* blocks that names live in */
	size_t texts, text_capacity;
};

/* Appends a copy of *event, its name copied too. */
int bel_events_add(struct bel_events *list, const struct bel_event *event, struct bel_err *err);
void bel_events_clear(struct bel_events *list); /* empties it; names are gone */
void bel_events_release(struct bel_events *list);

/*
 * A batch of exact references of one space, with the events between them.
 * The reader fills arrays that its caller owns: `access` holds `capacity`.
 */
struct bel_accesses {
	struct bel_access *access;
	size_t count, capacity;
	struct bel_events events;
	uint32_t space;
	/*
	 * To a writer of a format that keeps it (BEL_FORMAT_NEXT): the number, from 0, of the next
	 * reference to each one's address, UINT64_MAX if there is none. Else NULL.
	 */
	const uint64_t *next;
};

/*
 * A piece of a folded trace, all of one space. Everything points into its maker and
 * is valid until the maker's next call. A mark has at == 0: it begins a chunk, so that
 * what is between two marks is whole chunks, whose kinds are known.
 */
struct bel_chunk {
	const struct bel_run *runs;
	size_t count;
	const struct bel_event *events; /* ascending by `at`, 0 <= at <= count */
	size_t event_count;
	uint64_t now;        /* virtual time of the first reference */
	uint64_t references; /* sum of the runs' counts */
	/*
	 * References by kind, and the further pages of references that cross a boundary. They
	 * may run ahead of the runs by the one run that its maker holds open; over a whole
	 * trace, sum of kinds + splits = references.
	 */
	uint64_t kinds[BEL_KINDS];
	uint64_t splits;
	uint32_t space;
};

/* Where each granule is; index = dense number. Grows as granules are first touched. */
struct bel_granule {
	uint64_t number; /* byte address >> granule bits */
	uint32_t space;
};

struct bel_granules {
	const struct bel_granule *granule; /* changes when it grows */
	uint32_t count;
};

/* What a trace says of itself, beside its references. */
struct bel_trace_info {
	unsigned granule_bits; /* of the folded view; 0: exact */
	unsigned unit_bits;    /* of the exact view's addresses (granule_bits 0 only) */
	unsigned address_bits; /* 32 or 64 */
	int first_byte;        /* crossing references were counted once, at their first byte */
	int kernel;            /* may hold references of the kernel's kinds */
	const char *command;   /* captured command line, or what generated it; NULL: not known */
	const char *name;      /* that the user gave it; NULL: none */
	const char *tool;      /* "bel-capture 0.1.0, valgrind-3.19.0 lackey"; NULL: not known */
	const char *format;    /* "bel", "lackey", ... */
	/* Of a reduced trace (guarantee.h): results hold for these policies, from so many frames.
	 */
	const char *holds_for; /* "lru,opt"; NULL: not reduced */
	uint64_t least_frames;
};

#endif
