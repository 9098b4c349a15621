/* SPDX-License-Identifier: MIT */
/*
 * progress.c: the progress line on a terminal.
 */
#include "progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#define SHOW_EVERY_NS 200000000u
#define WIDTH 78 /* an 80-column terminal, with space for the cursor */

static uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void bel_progress_start(struct bel_progress *p, FILE *stream, const char *what, int wanted)
{
	*p = (struct bel_progress){.what = what};
	if (!wanted || !isatty(fileno(stream)))
		return;
	p->stream = stream;
	p->started_ns = clock_ns();
}

void bel_progress_update(struct bel_progress *p, uint64_t references, double fraction)
{
	char line[160], rest[64] = "";
	uint64_t now;
	double seconds;

	if (!p->stream)
		return;
	now = clock_ns();
	if (now - p->started_ns < SHOW_EVERY_NS || now - p->shown_ns < SHOW_EVERY_NS)
		return;
	p->shown_ns = now;
	seconds = (double)(now - p->started_ns) * 1e-9;
	if (fraction > 0 && fraction <= 1) {
		const uint64_t left = (uint64_t)(seconds / fraction * (1 - fraction));

		snprintf(rest, sizeof(rest), ", %.0f%%, %" PRIu64 ":%02" PRIu64 " left",
			fraction * 100, left / 60, left % 60);
	}
	snprintf(line, sizeof(line), "%s: %.1f M references, %.1f M/s%s%s", p->what,
		(double)references * 1e-6, (double)references * 1e-6 / seconds, rest, p->more);
	fprintf(p->stream, "\r%-*.*s", WIDTH, WIDTH, line);
	fflush(p->stream);
}

void bel_progress_report(void *progress, uint64_t references, double fraction)
{
	bel_progress_update(progress, references, fraction);
}

void bel_progress_end(struct bel_progress *p)
{
	if (p->stream && p->shown_ns) {
		fprintf(p->stream, "\r%*s\r", WIDTH, "");
		fflush(p->stream);
	}
	p->stream = NULL;
}
