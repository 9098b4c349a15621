/* SPDX-License-Identifier: MIT */
/*
 * measured.h: faults that were counted in real memory, from the records of bel-live.
 *
 *	if (bel_measured_is(bel_record_schema(record)))
 *		r = bel_measured_get(record, &measured, &err);
 *
 * Faults are first references and major faults, as simulations count them. A replay
 * (belady.live/1) has them with their extremes. A program (belady.live-program/1) has its major
 * faults; its first references are the distinct pages of its trace, but for those of copied files,
 * whose first references are major faults. Each of its repetitions is a record of its own.
 */
#ifndef BEL_MEASURED_H
#define BEL_MEASURED_H

#include "records.h"

struct bel_measured {
	uint64_t frames;
	double faults, least, most;
	bool program;        /* else a replay */
	const char *kernel;  /* "6.18.44", of the record; NULL: not known */
	const char *reclaim; /* "lists", of the record */
};

/* The median of counts whose two in the middle are these; one count: twice. A whole number. */
double bel_measured_median(double lower, double upper);

bool bel_measured_is(const char *schema);

/* BEL_FAIL also for a program that has no trace, or that a signal ended. */
int bel_measured_get(
	const struct bel_record *record, struct bel_measured *measured, struct bel_err *err);

/*
 * Joins measurements of the same thing in the first: the median of the faults, to a whole number,
 * and the extremes.
 */
void bel_measured_join(struct bel_measured *measured, size_t count);

#endif
