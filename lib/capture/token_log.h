/* SPDX-License-Identifier: MIT */
/*
 * token_log.h: converts one process's stream of tokens from pagegrind (token.h) to references and
 * events.
 *
 * It corresponds to lackey_parse.h. References go to a run builder or, with granule bits 0, to a
 * batch. Several logs share them. When one is full, or a new chunk must begin, the log calls
 * `take`.
 *
 *	log = bel_token_log_new(&join, false, &err);
 *	r = bel_token_log_parse(log, data, have, &taken, &err);
 *
 * Ownership: builder, batch and *spaces belong to the caller.
 * Threads:   one at a time.
 */
#ifndef BEL_TOKEN_LOG_H
#define BEL_TOKEN_LOG_H

#include <stdbool.h>

#include "call_tree.h"
#include "region_tracker.h"
#include "run_builder.h"
#include "syscall_tracker.h"
#include "token.h"

struct bel_token_log;

/* What the logs of one capture share. */
struct bel_token_join {
	unsigned granule_bits;
	uint32_t *spaces; /* number of the next address space */
	struct bel_run_builder *builder;
	struct bel_accesses *batch;
	struct bel_region_tracker *regions; /* NULL: all references are wanted */
	uint32_t wanted;                    /* 1 << enum bel_region_kind */
	struct bel_call_tree *calls;        /* NULL: without call stacks */
	void *context; /* argument of `take`, in addition to the log's own context */
	/*
	 * Takes the contents of builder or batch; `all`: the open run too. If not `all`, it may
	 * leave a builder that is not full as it is. `log_context` is the context of the log that
	 * they come from.
	 */
	int (*take)(void *context, void *log_context, bool all, struct bel_err *err);
};

/* How a stream ended, as far as is known. */
struct bel_token_ending {
	bool whole;       /* the tool reported the end of the process */
	bool executes;    /* the last token says that it executes another program */
	uint64_t limited; /* the limit reached, or 0 */
};

struct bel_token_log *bel_token_log_new(
	const struct bel_token_join *join, void *context, struct bel_err *err);

/* The log of process `pid`. `parent` has reported its fork (FORK event, space `space`). */
struct bel_token_log *bel_token_log_new_child(const struct bel_token_log *parent, uint32_t pid,
	uint32_t space, void *context, struct bel_err *err);

/* Executes complete tokens. *taken is the number of bytes used. */
int bel_token_log_parse(struct bel_token_log *log, const uint8_t *data, size_t have, size_t *taken,
	struct bel_err *err);

/* The process dies of a failed access: appends *fault, for this log's space, and the access. */
int bel_token_log_fault(struct bel_token_log *log, const struct bel_event *fault,
	const struct bel_access *access, struct bel_err *err);

/* The process ends: appends EXIT (`value` as in trace.h) if the log has begun. */
int bel_token_log_exit(struct bel_token_log *log, uint64_t value, struct bel_err *err);

const char *bel_token_log_version(const struct bel_token_log *log);
struct bel_token_ending bel_token_log_ending(const struct bel_token_log *log);

void bel_token_log_free(struct bel_token_log *log);

#endif
