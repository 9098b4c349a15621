/* SPDX-License-Identifier: MIT */
/*
 * progress.h: one line on a terminal: what, how many references, how fast, how far.
 *
 *	struct bel_progress p;
 *	bel_progress_start(&p, stderr, "bel-sim", wanted);
 *	bel_progress_update(&p, references, fraction);      cheap
 *	bel_progress_end(&p);                               erases the line
 *
 * It prints at most five times a second.
 * Silent unless `wanted` and the stream is a terminal. fraction < 0: not known
 * (no percentage and no ETA).
 */
#ifndef BEL_PROGRESS_H
#define BEL_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct bel_progress {
	FILE *stream; /* NULL when silent */
	const char *what;
	char more[48]; /* put behind it, if not empty: ", 12 pages" */
	uint64_t started_ns, shown_ns;
};

void bel_progress_start(struct bel_progress *p, FILE *stream, const char *what, int wanted);
void bel_progress_update(struct bel_progress *p, uint64_t references, double fraction);
void bel_progress_report(void *progress, uint64_t references, double fraction); /* for callbacks */
void bel_progress_end(struct bel_progress *p);

#endif
