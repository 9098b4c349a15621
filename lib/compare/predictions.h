/* SPDX-License-Identifier: MIT */
/*
 * predictions.h: the major faults that bel-live run counted, beside those that it predicted from the
 * program's trace, as records belady.compare-prediction/1 (members: lib/emit/schema).
 *
 *	struct bel_predictions p = {0};
 *
 *	bel_predictions_take(&p, record, trace, &err);    each belady.live-program/1
 *	bel_predictions_join(&p);                         makes one of repetitions
 *	bel_predictions_release(&p);
 *
 * The errors in truth.h are those of all faults, first references too; those of a prediction are of
 * the major faults alone, so they are larger.
 */
#ifndef BEL_PREDICTIONS_H
#define BEL_PREDICTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "emit.h"
#include "records.h"

struct bel_compared_trace;

/* A policy's prediction for one number of frames. */
struct bel_prediction {
	uint32_t trace; /* the caller's number */
	uint64_t frames, predicted;
	uint64_t file_pages,
		read_ahead_bytes;  /* with copies of files; UINT64_MAX: none, not known */
	double major, least, most; /* measured; after join() the median */
	uint64_t repetitions;
	char *spec, *kernel, *reclaim; /* owned; kernel NULL: not known */
	size_t place;                  /* in order of appearance */
};

struct bel_predictions {
	struct bel_prediction *at; /* after join(): by trace, frames, then in order of appearance */
	size_t count, capacity;
};

/* `record` is one that bel_measured_get() accepts. One without predictions adds nothing. */
int bel_predictions_take(struct bel_predictions *predictions, const struct bel_record *record,
	uint32_t trace, struct bel_err *err);

/* Removes all but the first `count`. */
void bel_predictions_cut(struct bel_predictions *predictions, size_t count);

void bel_predictions_join(struct bel_predictions *predictions);
int bel_predictions_emit(struct bel_emit *emit, const struct bel_predictions *predictions,
	const struct bel_compared_trace *traces, struct bel_err *err);
void bel_predictions_release(struct bel_predictions *predictions);

#endif
