/* SPDX-License-Identifier: MIT */
/*
 * measures.h: faults by trace, policy and frames, gathered from run and curve records.
 *
 *	struct bel_measures m;
 *	bel_measures_init(&m);
 *	bel_measures_read(&m, "runs.jsonl", &err);       for each input; "-": standard input
 *	bel_measures_finish(&m, &err);                   sorted, each once
 *	... m.measure[i].faults ...
 *	bel_measures_release(&m);
 *
 * A trace is known by digest and page size, a policy by name, parameters and seed. What has
 * no frame count, and estimates, are passed over and counted. Paths outlive the measures.
 */
#ifndef BEL_MEASURES_H
#define BEL_MEASURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "records.h"

struct bel_compared_trace {
	const char *name, *file, *digest; /* file NULL: none is told */
	const char *label;                /* after finish(): tells it from the others */
	uint64_t page_bytes, references;
	struct bel_record *record; /* the first of it, owned: its texts live there */
};

struct bel_contestant {
	const char *name;
	char *params; /* "bit=1", owned */
	uint64_t seed;
	struct bel_record *record; /* the first of it, owned */
};

struct bel_measure {
	uint32_t trace, policy; /* indices */
	uint64_t frames, faults;
	const char *source; /* the record, for messages */
	unsigned long line;
};

struct bel_measures {
	struct bel_compared_trace *trace; /* in order of first appearance */
	struct bel_contestant *policy;    /* likewise */
	struct bel_measure *measure;      /* after finish(): by trace, frames, policy */
	size_t traces, policies, count, room;
	char **label;                       /* of the traces, owned */
	uint64_t variable, inexact, others; /* records passed over: no frames; estimates; else */
};

void bel_measures_init(struct bel_measures *measures);
void bel_measures_release(struct bel_measures *measures);
/* An input that fails leaves nothing of it. */
int bel_measures_read(struct bel_measures *measures, const char *path, struct bel_err *err);

/* BEL_FAIL if one policy has two results for the same frames of the same trace. */
int bel_measures_finish(struct bel_measures *measures, struct bel_err *err);

/* After finish(); NULL: not measured. */
const struct bel_measure *bel_measures_find(
	const struct bel_measures *measures, uint32_t trace, uint32_t policy, uint64_t frames);

#endif
