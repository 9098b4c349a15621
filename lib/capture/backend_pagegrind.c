/* SPDX-License-Identifier: MIT */
/*
 * backend_pagegrind.c: converts pagegrind's tokens from a process's pipe to runs or exact
 * references.
 */
#include "process_set.h"

/* Handles the events. */
static int look_at_events(struct bel_process_set *set, struct bel_traced_process *process,
	const struct bel_event *event, size_t count, struct bel_err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (event[i].type == BEL_EVENT_START || event[i].type == BEL_EVENT_EXEC)
			bel_process_set_start(set, bel_token_log_version(process->tokens));
		else if (event[i].type == BEL_EVENT_FORK &&
			 bel_process_set_forked(set, process, &event[i], err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

static int take_exact(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	struct bel_accesses *const batch = &set->batch;

	if (look_at_events(set, process, batch->events.event, batch->events.count, err) < 0)
		return BEL_FAIL;
	if (set->recorder->writer && (batch->count || batch->events.count))
		bel_recorder_add(set->recorder, batch);
	batch->count = 0;
	bel_events_clear(&batch->events);
	return 0;
}

static int take(void *context, void *log_context, bool all, struct bel_err *err)
{
	struct bel_process_set *const set = context;
	struct bel_run_builder *const builder = &set->builder;
	const size_t looked_at = set->looked_at;
	struct bel_phrase_block block;
	bool cut;

	if (set->join.granule_bits == 0)
		return take_exact(set, log_context, err);
	/* A process that it reports may be read next; so each event is looked at as soon as it is known. */
	set->looked_at = builder->events.count;
	if (look_at_events(set, log_context, builder->events.event + looked_at,
		    builder->events.count - looked_at, err) < 0)
		return BEL_FAIL;
	cut = bel_recorder_full(set->recorder);
	if (!all && !cut && !bel_run_builder_full(builder))
		return 0;
	bel_run_builder_give(builder, all || cut, &block);
	if (set->recorder->writer)
		bel_recorder_add_phrases(set->recorder, &block, bel_run_builder_granules(builder));
	bel_run_builder_taken(builder);
	set->recorder->cut |= cut;
	set->looked_at = 0;
	return 0;
}

static int init(struct bel_process_set *set, struct bel_err *err)
{
	const unsigned bits = set->recorder->granule_bits;

	set->join = (struct bel_token_join){
		/* The recorder makes finer granules from exact references. */
		.granule_bits = bits >= BEL_TOKEN_GRANULE_LEAST ? bits : 0,
		.spaces = &set->spaces,
		.builder = &set->builder,
		.batch = &set->batch,
		.regions = set->wanted_regions ? &set->regions : NULL,
		.wanted = set->wanted_regions,
		.calls = set->recorder->near_pages ? &set->calls : NULL,
		.context = set,
		.take = take,
	};
	set->recorder->phrased = set->join.granule_bits > 0;
	set->recorder->near_bits =
		set->join.granule_bits ? set->join.granule_bits : BEL_EXACT_PAGE_BITS;
	if (bel_call_tree_init(
		    &set->calls, set->recorder->near_pages, set->recorder->near_renewed, err) < 0)
		return BEL_FAIL;
	return bel_run_builder_init(&set->builder, err);
}

static int begin(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	process->tokens = bel_token_log_new(&set->join, process, err);
	return process->tokens ? 0 : BEL_FAIL;
}

static int forked(struct bel_process_set *set, struct bel_traced_process *child,
	const struct bel_traced_process *parent, const struct bel_event *event, struct bel_err *err)
{
	(void)set;
	child->tokens =
		bel_token_log_new_child(parent->tokens, event->pid, event->space, child, err);
	return child->tokens ? 0 : BEL_FAIL;
}

static int parse(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	size_t taken;
	int r;

	(void)set;
	r = bel_token_log_parse(
		process->tokens, process->stream.data, process->stream.have, &taken, err);
	if (r == 0)
		bel_log_pipe_take(&process->stream, taken);
	return r;
}

/* Nothing is left: tokens are taken as they arrive. */
static int last(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	const struct bel_token_ending ending = bel_token_log_ending(process->tokens);

	(void)err;
	if (ending.limited)
		set->limited = ending.limited;
	return 0;
}

static bool lost(const struct bel_process_set *set, const struct bel_traced_process *process)
{
	(void)set;
	return !bel_token_log_ending(process->tokens).whole;
}

static int fault(struct bel_process_set *set, struct bel_traced_process *process,
	const struct bel_event *fault, const struct bel_access *access, struct bel_err *err)
{
	(void)set;
	return bel_token_log_fault(process->tokens, fault, access, err);
}

static int end(struct bel_process_set *set, struct bel_traced_process *process, uint64_t value,
	struct bel_err *err)
{
	return bel_recorder_closed(set->recorder) ? 0
						  : bel_token_log_exit(process->tokens, value, err);
}

const struct bel_capture_backend bel_backend_pagegrind = {
	.name = "pagegrind",
	.says_why = true,
	.init = init,
	.begin = begin,
	.fork = forked,
	.parse = parse,
	.last = last,
	.lost = lost,
	.fault = fault,
	.end = end,
};
