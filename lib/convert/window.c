/* SPDX-License-Identifier: MIT */
/* window.c: finds the start and the end of a part of a trace. */
#include "window.h"

#include <string.h>

static void begin(struct bel_window *w)
{
	w->began = true;
	w->start = w->skip > UINT64_MAX - w->now ? UINT64_MAX : w->now + w->skip;
	w->end = w->limit > UINT64_MAX - w->start ? UINT64_MAX : w->start + w->limit;
}

void bel_window_init(struct bel_window *w, const struct bel_slice_options *options)
{
	*w = (struct bel_window){.skip = options->skip,
		.limit = options->limit,
		.from_mark = options->from_mark,
		.to_mark = options->to_mark,
		.start = UINT64_MAX,
		.end = UINT64_MAX};
	if (!w->from_mark)
		begin(w);
}

void bel_window_mark(struct bel_window *w, const char *name)
{
	if (!name)
		return;
	if (!w->began) {
		if (!strcmp(name, w->from_mark))
			begin(w);
	} else if (!w->ended && w->to_mark && !strcmp(name, w->to_mark)) {
		w->ended = true;
		if (w->now < w->end)
			w->end = w->now;
	}
}

uint32_t bel_window_pass(struct bel_window *w, uint32_t count)
{
	const uint64_t from = w->now > w->start ? w->now : w->start;
	uint64_t to = w->now + count;

	w->now = to;
	if (to > w->end)
		to = w->end;
	return from < to ? (uint32_t)(to - from) : 0;
}

int bel_window_check(const struct bel_window *w, struct bel_err *err)
{
	if (!w->began)
		return bel_usage(err, "the trace has no mark '%s'", w->from_mark);
	/* A window that ended at its limit did not search for the mark. */
	if (w->to_mark && !w->ended && !bel_window_over(w))
		return bel_usage(err, "the trace has no mark '%s'%s", w->to_mark,
			w->from_mark ? " after the first" : "");
	return 0;
}
