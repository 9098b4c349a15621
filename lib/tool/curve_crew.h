/* SPDX-License-Identifier: MIT */
/*
 * curve_crew.h: the parts of all jobs of a pass, fed side by side on all cores.
 *
 *	struct curve_crew *crew = curve_crew_new(job, jobs, streams, threads, &err);
 *	curve_crew_feed(crew, stream, &batch, pages);     copies the runs
 *	curve_crew_finish(crew);                          every part is finished then
 *	curve_crew_free(crew);
 *
 * While the caller decodes, the threads work on what was decoded before.
 */
#ifndef BEL_CURVE_CREW_H
#define BEL_CURVE_CREW_H

#include "curve_job.h"

struct curve_crew;

/* Takes the parts that the jobs have now; `threads` counts the caller. */
struct curve_crew *curve_crew_new(
	struct curve_job *job, size_t jobs, size_t streams, unsigned threads, struct bel_err *err);
void curve_crew_feed(
	struct curve_crew *crew, size_t stream, const struct bel_batch *batch, uint32_t pages);
void curve_crew_wait(struct curve_crew *crew); /* until the parts have had all that was fed */
void curve_crew_finish(struct curve_crew *crew);
void curve_crew_free(struct curve_crew *crew); /* NULL is allowed; the parts stay the jobs' */

#endif
