/* SPDX-License-Identifier: MIT */
/*
 * event.h: events of a traced program between its references.
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
	BEL_EVENT_START,        /* space begins, not from another: pid, name = command */
	BEL_EVENT_FORK,         /* space begins as a copy of `other`: pid */
	BEL_EVENT_EXEC,         /* space begins and replaces `other`: pid, name = program */
	BEL_EVENT_EXIT,         /* space ends: value = status, or 256 + signal number */
	BEL_EVENT_THREAD,       /* the following references are made by thread `value` */
	BEL_EVENT_THREAD_START, /* value = thread */
	BEL_EVENT_THREAD_EXIT,  /* value = thread */
	BEL_EVENT_MAP,          /* start, length, region, flags, offset, name = file */
	BEL_EVENT_UNMAP,        /* start, length */
	BEL_EVENT_PROTECT,      /* start, length, flags (protection bits only) */
	BEL_EVENT_GROW,         /* start, length: the region's new extent (heap, stack) */
	BEL_EVENT_REMAP,        /* start, length, value = old start, offset = old length */
	BEL_EVENT_DISCARD,      /* start, length: madvise(MADV_DONTNEED) */
	BEL_EVENT_MARK,         /* name = the user's text */
	/*
	 * The next reference of the space fails and kills its process: value = signal,
	 * start = address, flags = the missing right (BEL_MAP_READ, _WRITE or _EXEC).
	 */
	BEL_EVENT_FAULT,
	/*
	 * Only in a trace with call stacks (below). A node of the trace's tree of call stacks:
	 * value = its number, offset = its parent's number (0: outermost), start = code address,
	 * name = "FUNCTION\tFILE:LINE\tOBJECT".
	 */
	BEL_EVENT_FRAME,
	BEL_EVENT_STACK, /* the space's references to far pages have the stack of node `value` */
	BEL_EVENT_TYPES,
};

/*
 * Call stacks. A trace with call stacks has a number K and a page size P in its head (trace.h).
 *
 * A page of P bytes is far if it is not among the last K distinct pages to which references were
 * made, of all spaces together: K or more other pages were referenced since its last reference, or
 * it is referenced for the first time. A larger page that is far has a far page of P bytes at its
 * first reference, so the same K holds for pages larger than P. The further pages of a reference
 * that crosses a page boundary count like the references to them.
 *
 * A reference renews a near page if a far page was referenced since the near page's last reference.
 * A policy evicts a page only where another one faults, and most of these are far: so a near page
 * that faults is nearly always renewed. A trace may have the stacks of these references, too.
 *
 * STACK: until the next STACK of the same space, the space's references to far pages were made with
 * the stack of node `value`; 0: the stack is not known. Before the first STACK of a space it is not
 * known. The same holds for references that renew pages, if the trace has their stacks. That of
 * another reference to a near page is not recorded. STACK stands before the run or
 * access to which it applies first, and never inside of a run that would be whole without it.
 *
 * FRAME: nodes are numbered 1, 2, 3, ... over the whole trace, in the order of their events, and a
 * parent comes before its children. A node belongs to no space. A node is a place in the code: that
 * of the reference, or of a call that has not returned. Each part of its name may be empty; without
 * symbols it is "\t\tOBJECT+0xOFFSET". The line is that of the call, or of the first instruction of
 * the block (code without a branch) that makes the reference. `start` is an address of such code.
 */
static inline bool bel_event_is_stack(unsigned type)
{
	return type == BEL_EVENT_FRAME || type == BEL_EVENT_STACK;
}

/* Addresses are byte addresses. Members that the type does not list are 0. */
struct bel_event {
	uint8_t type;   /* enum bel_event_type */
	uint8_t region; /* enum bel_region_kind */
	uint16_t flags; /* enum bel_map_flag */
	uint32_t space; /* of the event; for START, FORK, EXEC the space that begins */
	uint32_t other; /* FORK, EXEC: the space that is copied or replaced */
	uint32_t pid;   /* START, FORK, EXEC: the system's process id */
	uint64_t at;    /* the event precedes the run (folded) or access (exact) of this index */
	uint64_t start, length, offset, value;
	const char *name; /* NULL: none; owned by the list that holds the event */
};

/*
 * A mark "request", or one that begins with "request " and goes on, says that a request begins: the
 * space's references up to the next such mark belong together (a list of blocks that one request to
 * a language model uses, or what a server does for one client).
 */
#define BEL_REQUEST_MARK "request"
bool bel_event_begins_request(const struct bel_event *event);

/* Whether an event before the first run or access (at == 0) is a mark. */
bool bel_event_mark_in_front(const struct bel_event *events, size_t count);

/* A growing list of events; it owns their names. A zero-initialised list is empty. */
struct bel_events {
	struct bel_event *event;
	size_t count, capacity;
	char **text; /* blocks that names live in */
	size_t texts, text_capacity;
};

/* Appends a copy of *event and of its name. */
int bel_events_add(struct bel_events *list, const struct bel_event *event, struct bel_err *err);
void bel_events_clear(struct bel_events *list); /* empties the list and frees the names */
void bel_events_release(struct bel_events *list);

#endif
