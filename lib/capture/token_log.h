/* SPDX-License-Identifier: MIT */
/*
 * token_log.h: one process's stream of tokens from pagegrind (token.h), to references
 * and events.
 *
 * The counterpart of lackey_parse.h. References go to a builder or, with granule bits 0, to
 * a batch, which several logs share; when one is full, or something has to begin anew,
 * the log has its owner take what there is.
 *
 *	log = bel_token_log_new(&join, false, &err);
 *	r = bel_token_log_parse(log, data, have, &taken, &err);
 *
 * Owner: builder, batch and *spaces are the caller's. One thread at a time.
 */
#ifndef BEL_TOKEN_LOG_H
#define BEL_TOKEN_LOG_H

#include <stdbool.h>

#include "region_tracker.h"
#include "run_builder.h"
#include "syscall_tracker.h"
#include "token.h"

struct bel_token_log;

/* What the logs of one capture have in common. */
struct bel_token_join {
	unsigned granule_bits;
	uint32_t *spaces; /* the number of the next space to begin */
	struct bel_run_builder *builder;
	struct bel_accesses *batch;
	struct bel_region_tracker *regions; /* NULL: references to all are wanted */
	uint32_t wanted;                    /* 1 << enum bel_region_kind */
	void *context;                      /* of `take`, beside the log's own */
	/*
	 * Takes what builder or batch hold; `all`: the open run too. `log_context` is the
	 * context of the log that they are from.
	 */
	int (*take)(void *context, void *log_context, bool all, struct bel_err *err);
};

/* How a stream ended, as far as it has. */
struct bel_token_ending {
	bool whole;       /* the tool said that the process ends */
	bool executes;    /* the last that it said is that it executes another program */
	uint64_t limited; /* the limit that was reached, or 0 */
};

struct bel_token_log *bel_token_log_new(
	const struct bel_token_join *join, void *context, struct bel_err *err);

/* The log of process `pid`, whose fork `parent` has told (FORK event, space `space`). */
struct bel_token_log *bel_token_log_new_child(const struct bel_token_log *parent, uint32_t pid,
	uint32_t space, void *context, struct bel_err *err);

/* Takes whole tokens and executes them. */
int bel_token_log_parse(struct bel_token_log *log, const uint8_t *data, size_t have, size_t *taken,
	struct bel_err *err);

/* The process dies of an access that failed: appends *fault, of this log's space, and the access.
 */
int bel_token_log_fault(struct bel_token_log *log, const struct bel_event *fault,
	const struct bel_access *access, struct bel_err *err);

/* The process ends: appends EXIT (`value` as in trace.h) if it has begun. */
int bel_token_log_exit(struct bel_token_log *log, uint64_t value, struct bel_err *err);

const char *bel_token_log_version(const struct bel_token_log *log);
struct bel_token_ending bel_token_log_ending(const struct bel_token_log *log);

void bel_token_log_free(struct bel_token_log *log);

#endif
