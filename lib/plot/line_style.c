/* SPDX-License-Identifier: MIT */
/* line_style.c: the look of each policy. */
#include "line_style.h"

#include <string.h>

#include "figure_measured.h"

#define COLOURS 8
/* The next variant of a policy: the same colour, the next dash, the next mark (look.gp). */
#define VARIANT 88

/*
 * Eight policies in a row have eight colours, so those that are often drawn together come first.
 * A new policy goes to the end. An unlisted one, as of a plug-in, shares the styles that are left.
 */
static const char *const known[] = {
	"lru", "fifo", "clock", "arc", "sieve", "ws", "lirs", "s3-fifo",        /* the usual ones */
	"2q", "random", "lfu", "mru", "car", "lru-k", "w-tinylfu", "clock-pro", /* */
	"mglru", "linux", "second-chance", "nru", "aging", "pff", "vmin", "slru", /* */
	"lecar", "cacheus", "lhd", "hyperbolic", "mq", "dlirs", "lirs2", "cart",  /* */
	"lrfu", "fbr", "nfu", "mfu", "lifo", "enhanced-clock", "wsclock", "sws",  /* */
	"eelru", "seq", "dip", "drrip", "sfifo", "qd-lp-fifo", "vsws", "dws",     /* */
	"cflru", "lru-wsr", "clock-pro-plus", "clock2q-plus", "pessimal", "opt",  /* */
};

#define KNOWN (sizeof(known) / sizeof(*known))

/* The styles of known policies, filled up to a whole number of rows of colours. */
#define RESERVED ((KNOWN + COLOURS - 1) / COLOURS * COLOURS)

unsigned bel_style_of(const char *policy)
{
	unsigned hash = 2166136261;

	for (unsigned i = 0; i < KNOWN; i++)
		if (!strcmp(known[i], policy))
			return i;
	for (; *policy; policy++)
		hash = (hash ^ (unsigned char)*policy) * 16777619;
	return (unsigned)RESERVED + hash % (BEL_STYLES - (unsigned)RESERVED);
}

/* The first series before `end` with this policy and this name, or `end`. */
static size_t first_of(const struct bel_figure *figure, const struct bel_series *of, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (!strcmp(figure->series[i].policy, of->policy) &&
			!strcmp(figure->series[i].name, of->name))
			return i;
	return end;
}

void bel_style_series(struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->count; i++) {
		struct bel_series *const series = &figure->series[i];
		unsigned before = 0;

		if (series->kind == BEL_SERIES_MEASURED) {
			series->style = bel_figure_measured_number(figure, i);
			continue;
		}
		for (size_t k = 0; k < figure->count; k++)
			before += !strcmp(figure->series[k].policy, series->policy) &&
				  strcmp(figure->series[k].name, series->name) < 0 &&
				  first_of(figure, &figure->series[k], k) == k;
		series->style = (bel_style_of(series->policy) + VARIANT * before) % BEL_STYLES;
	}
}
