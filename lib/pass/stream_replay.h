/* SPDX-License-Identifier: MIT */
/*
 * stream_replay.h: stores a stream so that it can be read again, with its events if needed. Only
 * for lib/pass.
 *
 *	bel_replay_new(&replay, &setup, events, &err);
 *	bel_replay_add(replay, &chunk, &err);              each chunk of the stream
 *	bel_replay_begin(replay, true, &err);              from its start, with next uses
 *	while ((r = bel_replay_next(replay, &chunk, &err)) > 0)
 *		...
 *
 * Memory: as next_uses.h says, and with events 40 bytes per chunk and 6 or more per event. Beyond
 * setup.memory, all of it is in temporary files.
 */
#ifndef BEL_STREAM_REPLAY_H
#define BEL_STREAM_REPLAY_H

#include "next_uses.h"
#include "trace.h"

struct bel_replay;

int bel_replay_new(struct bel_replay **replay, const struct bel_next_uses_setup *setup, bool events,
	struct bel_err *err);
void bel_replay_free(struct bel_replay *replay); /* NULL is allowed */

int bel_replay_add(struct bel_replay *replay, const struct bel_chunk *chunk, struct bel_err *err);

int bel_replay_begin(struct bel_replay *replay, bool next_uses, struct bel_err *err);

/* 1, 0 at the end, or negative. A chunk's runs may come in several pieces. */
int bel_replay_next(struct bel_replay *replay, struct bel_chunk *chunk, struct bel_err *err);

#endif
