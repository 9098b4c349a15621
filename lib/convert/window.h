/* SPDX-License-Identifier: MIT */
/*
 * window.h: a part of a trace, by reference numbers and between marks.
 *
 *	bel_window_init(&window, &options);
 *	bel_window_mark(&window, event.name);         at every mark
 *	n = bel_window_pass(&window, count);          n of the next `count` references are in it
 *	if (bel_window_over(&window)) ...             later references are not in it
 *	bel_window_check(&window, &err);              at the end: error if a mark was not found
 */
#ifndef BEL_WINDOW_H
#define BEL_WINDOW_H

#include "slice.h"

struct bel_window {
	uint64_t skip, limit;
	const char *from_mark, *to_mark;
	uint64_t now;        /* references that have passed */
	uint64_t start, end; /* first reference in it, and first after it */
	bool began, ended;   /* the marks at its ends have passed */
};

void bel_window_init(struct bel_window *window, const struct bel_slice_options *options);
void bel_window_mark(struct bel_window *window, const char *name);

/* Passes `count` references and returns how many of them are in the window. */
uint32_t bel_window_pass(struct bel_window *window, uint32_t count);

/* BEL_USAGE if from_mark or to_mark was not found. */
int bel_window_check(const struct bel_window *window, struct bel_err *err);

static inline bool bel_window_over(const struct bel_window *window)
{
	return window->now >= window->end;
}

#endif
