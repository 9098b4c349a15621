/* SPDX-License-Identifier: MIT */
/*
 * progress.h: a progress line on a terminal: name, references, speed, time left.
 *
 *	struct bel_progress p;
 *	bel_progress_start(&p, stderr, "bel-sim", wanted);
 *	bel_progress_update(&p, references, fraction);      cheap
 *	bel_progress_end(&p);                               erases the line
 *
 * The line is printed at most five times a second, and only if `wanted` and the
 * stream is a terminal. fraction < 0: not known; then no percentage and no time
 * left are printed.
 */
#ifndef BEL_PROGRESS_H
#define BEL_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct bel_progress {
	FILE *stream; /* NULL when silent */
	const char *what;
	char more[48]; /* appended to the line: ", 12 pages"; may be empty */
	uint64_t started_ns, shown_ns;
};

void bel_progress_start(struct bel_progress *p, FILE *stream, const char *what, int wanted);
void bel_progress_update(struct bel_progress *p, uint64_t references, double fraction);
void bel_progress_report(void *progress, uint64_t references, double fraction); /* for callbacks */
void bel_progress_end(struct bel_progress *p);

#endif
