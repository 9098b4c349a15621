/* SPDX-License-Identifier: MIT */
/*
 * backend_lackey.c: converts lackey's text from a process's pipe to batches of exact references.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "process_set.h"

static void hear(void *context, const char *text, size_t length)
{
	struct bel_traced_process *const process = context;

	bel_diagnosis_line(&process->diagnosis, text, length);
}

static int init(struct bel_process_set *set, struct bel_err *err)
{
	(void)err;
	set->input.name = "lackey's log";
	return 0;
}

static int begin(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	/*
	 * The log is Valgrind's own: lines that are not understood are counted and reported at the
	 * end.
	 */
	const struct bel_format_options options = {.max_bad = UINT64_MAX};

	process->lackey = bel_lackey_new(&options, &set->spaces, &set->input, err);
	if (!process->lackey)
		return BEL_FAIL;
	bel_lackey_listen(process->lackey, hear, process);
	return 0;
}

static int forked(struct bel_process_set *set, struct bel_traced_process *child,
	const struct bel_traced_process *parent, const struct bel_event *event, struct bel_err *err)
{
	(void)set;
	child->lackey = bel_lackey_new_child(parent->lackey, event->pid, err);
	if (!child->lackey)
		return BEL_FAIL;
	bel_lackey_listen(child->lackey, hear, child);
	free(child->image.maps);
	bel_initial_mappings_fork(&child->image, &parent->image);
	return 0;
}

static int program_started(struct bel_process_set *set, struct bel_traced_process *process,
	const struct bel_event *event, struct bel_err *err)
{
	bel_process_set_start(set, bel_lackey_version(process->lackey));
	if (!set->recorder->writer)
		return 0;
	if (!process->ended)
		bel_initial_mappings_look(&process->image, process->pid);
	return bel_initial_mappings_start(
		&process->image, event->space, event->at, &set->extra, err);
}

/* Merges both lists in order of `at` into set->batch.events; equal ones of the log come first. */
static int merge_extra(struct bel_process_set *set, struct bel_err *err)
{
	struct bel_events merged = {0};
	size_t i = 0, j = 0;
	int r = 0;

	if (set->extra.count == 0)
		return 0;
	while (r == 0 && (i < set->batch.events.count || j < set->extra.count)) {
		const struct bel_event *const told = &set->batch.events.event[i];
		const struct bel_event *const extra = &set->extra.event[j];

		if (j == set->extra.count ||
			(i < set->batch.events.count && told->at <= extra->at)) {
			r = bel_events_add(&merged, told, err);
			i++;
		} else {
			r = bel_events_add(&merged, extra, err);
			j++;
		}
	}
	bel_events_release(&set->batch.events);
	bel_events_clear(&set->extra);
	set->batch.events = merged;
	return r;
}

/* Handles the batch's events, adds those that the log lacks, and records the batch. */
static int take_batch(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	int r = 0;

	for (size_t i = 0; i < set->batch.events.count && r == 0; i++) {
		const struct bel_event event = set->batch.events.event[i];

		if (event.type == BEL_EVENT_START || event.type == BEL_EVENT_EXEC)
			r = program_started(set, process, &event, err);
		else if (event.type == BEL_EVENT_FORK)
			r = bel_process_set_forked(set, process, &event, err);
	}
	if (r == 0)
		r = bel_initial_mappings_watch(&process->image, &set->batch, &set->extra, err);
	if (r == 0)
		r = merge_extra(set, err);
	if (r == 0 && set->recorder->writer)
		bel_recorder_add(set->recorder, &set->batch);
	return r;
}

static void clear_batch(struct bel_process_set *set)
{
	set->batch.count = 0;
	bel_events_clear(&set->batch.events);
}

/* Parses a process's window. */
static int parse_all(struct bel_process_set *set, struct bel_traced_process *process, bool last,
	struct bel_err *err)
{
	struct bel_log_pipe *const stream = &process->stream;
	size_t taken;
	int more, r = 0;

	do {
		clear_batch(set);
		more = bel_lackey_parse(process->lackey, stream->data, stream->have, last,
			&set->batch, &taken, err);
		if (more < 0)
			return more;
		bel_log_pipe_take(stream, taken);
		if (set->batch.count || set->batch.events.count)
			r = take_batch(set, process, err);
	} while (r == 0 && more > 0);
	return r;
}

static int parse(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	return parse_all(set, process, false, err);
}

static int last(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	return process->lackey ? parse_all(set, process, true, err) : 0;
}

/* Lackey's log has no end mark, but only SIGKILL can cut it short. */
static bool lost(const struct bel_process_set *set, const struct bel_traced_process *process)
{
	const struct bel_syscall_tracker *const current =
		process->lackey ? bel_lackey_current(process->lackey) : NULL;

	(void)set;
	return !current || !current->named || current->executing ||
	       (WIFSIGNALED(process->status) && WTERMSIG(process->status) == SIGKILL);
}

static int fault(struct bel_process_set *set, struct bel_traced_process *process,
	const struct bel_event *fault, const struct bel_access *access, struct bel_err *err)
{
	struct bel_event event = *fault;

	clear_batch(set);
	set->batch.space = event.space = bel_lackey_current(process->lackey)->space;
	if (bel_events_add(&set->batch.events, &event, err) < 0)
		return BEL_FAIL;
	set->batch.access[set->batch.count++] = *access;
	if (set->recorder->writer)
		bel_recorder_add(set->recorder, &set->batch);
	return 0;
}

static int end(struct bel_process_set *set, struct bel_traced_process *process, uint64_t value,
	struct bel_err *err)
{
	struct bel_syscall_tracker *current;
	struct bel_format_tally tally;

	if (!process->lackey)
		return 0;
	clear_batch(set);
	current = bel_lackey_current(process->lackey);
	set->batch.space = current->space;
	if (bel_syscall_tracker_end(current, value, &set->batch.events, 0, err) < 0)
		return BEL_FAIL;
	if (set->batch.events.count && set->recorder->writer)
		bel_recorder_add(set->recorder, &set->batch);
	bel_lackey_tally(process->lackey, &tally);
	set->bad += tally.bad;
	return 0;
}

const struct bel_capture_backend bel_backend_lackey = {
	.name = "lackey",
	.init = init,
	.begin = begin,
	.fork = forked,
	.parse = parse,
	.last = last,
	.lost = lost,
	.fault = fault,
	.end = end,
};
