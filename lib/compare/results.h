/* SPDX-License-Identifier: MIT */
/*
 * results.h: faults by trace, policy and frames, collected from run and curve records.
 *
 *	struct bel_results m;
 *	bel_results_init(&m);
 *	bel_results_read(&m, "runs.jsonl", &err);       for each input; "-": standard input
 *	bel_results_finish(&m, &err);                   sorts and removes duplicates
 *	... m.result[i].faults ...
 *	bel_results_release(&m);
 *
 * Faults that bel-live measured are kept beside the results of simulations.
 *
 * Digest and page size identify a trace; name, parameters and seed identify a policy. Records
 * without a frame count, and estimates, are skipped and counted. The paths must outlive the
 * results.
 */
#ifndef BEL_RESULTS_H
#define BEL_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "measured.h"
#include "predictions.h"
#include "records.h"

struct bel_compared_trace {
	const char *name, *file, *digest; /* file NULL: none in the record */
	const char *label;                /* after finish(): distinguishes it from the others */
	uint64_t page_bytes, references;
	struct bel_record *record; /* its first record, owned; the texts above point into it */
};

struct bel_ranked {
	const char *name;
	char *params; /* "bit=1", owned */
	uint64_t seed;
	struct bel_record *record; /* its first record, owned */
};

struct bel_result {
	uint32_t trace, policy; /* indices */
	uint64_t frames, faults;
	const char *source; /* the record, for messages */
	unsigned long line;
};

/* What a kernel did with a trace. */
struct bel_measurement {
	uint32_t trace;             /* index */
	char *kernel;               /* owned; NULL: not known */
	char *reclaim;              /* owned */
	struct bel_measured counts; /* its texts are those above */
};

struct bel_results {
	struct bel_compared_trace *trace; /* in order of first appearance */
	struct bel_ranked *policy;        /* likewise */
	struct bel_result *result;        /* after finish(): by trace, frames, policy */
	size_t traces, policies, count, capacity;
	/* After finish(): by trace, program, kernel and frames, one of each. */
	struct bel_measurement *measurement;
	size_t measurements;
	struct bel_predictions predictions; /* of programs; likewise */
	char **label;                       /* of the traces, owned */
	uint64_t variable, inexact, others; /* skipped: without frames; estimates; other records */
};

void bel_results_init(struct bel_results *results);
void bel_results_release(struct bel_results *results);
/* If an input fails, none of its results are kept. */
int bel_results_read(struct bel_results *results, const char *path, struct bel_err *err);

/* BEL_FAIL if one policy has two results for the same frames of the same trace. */
int bel_results_finish(struct bel_results *results, struct bel_err *err);

/* Only after finish(); NULL: there is no such result. */
const struct bel_result *bel_results_find(
	const struct bel_results *results, uint32_t trace, uint32_t policy, uint64_t frames);

#endif
