/* SPDX-License-Identifier: MIT */
/*
 * event.h: what happens in a traced program between its references.
 *
 * Address spaces are numbered densely from 0 ("space"). A process is in one
 * space from its start, fork or exec to its next exec or exit; the same
 * address in two spaces is two granules.
 */
#ifndef BEL_EVENT_H
#define BEL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "region.h"

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

const char *bel_event_name(enum bel_event_type type);

/* Addresses here are always bytes. Members that a type does not name are 0. */
struct bel_event {
	uint8_t type;   /* enum bel_event_type */
	uint8_t region; /* enum bel_region_kind */
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

#endif
