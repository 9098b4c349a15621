/* SPDX-License-Identifier: MIT */
/* process_set.c: handles several processes, each with its pipe and log, from start to end. */
#include "process_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "process_end.h"

#define BATCH 8192

int bel_process_set_init(struct bel_process_set *set, struct bel_err *err)
{
	set->batch.capacity = BATCH;
	set->batch.access = malloc(BATCH * sizeof(*set->batch.access));
	if (!set->batch.access)
		return bel_err_memory(err, "a batch of references");
	return set->kind->init(set, err);
}

static void free_process(struct bel_traced_process *process)
{
	bel_log_pipe_release(&process->stream);
	bel_lackey_free(process->lackey);
	bel_token_log_free(process->tokens);
	bel_initial_mappings_release(&process->image);
	free(process);
}

void bel_process_set_release(struct bel_process_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free_process(set->process[i]);
	free(set->process);
	free(set->batch.access);
	bel_events_release(&set->batch.events);
	bel_events_release(&set->extra);
	bel_run_builder_release(&set->builder);
	bel_call_tree_release(&set->calls);
	bel_region_tracker_release(&set->regions);
	memset(set, 0, sizeof(*set));
}

struct bel_traced_process *bel_process_set_find(const struct bel_process_set *set, pid_t pid)
{
	for (size_t i = set->count; i-- > 0;) {
		if (set->process[i]->pid == pid && !set->process[i]->ended)
			return set->process[i];
	}
	return NULL;
}

struct bel_traced_process *bel_process_set_latest(const struct bel_process_set *set, pid_t pid)
{
	for (size_t i = set->count; i-- > 0;) {
		if (set->process[i]->pid == pid)
			return set->process[i];
	}
	return NULL;
}

int bel_process_set_add(struct bel_process_set *set, pid_t pid, bool first, struct bel_err *err)
{
	struct bel_traced_process **grown, *process;

	grown = realloc(set->process, (set->count + 1) * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "processes");
	set->process = grown;
	process = calloc(1, sizeof(*process));
	if (!process)
		return bel_err_memory(err, "a process");
	process->pid = pid;
	if (bel_log_pipe_open(&process->stream, set->directory, pid, err) < 0) {
		free(process);
		return BEL_FAIL;
	}
	set->process[set->count++] = process;
	return first ? set->kind->begin(set, process, err) : 0;
}

int bel_process_set_forked(struct bel_process_set *set, struct bel_traced_process *parent,
	const struct bel_event *event, struct bel_err *err)
{
	const pid_t pid = (pid_t)event->pid;
	struct bel_traced_process *child = NULL;

	if (!set->children)
		return 0;
	/*
	 * The child may have ended already. One that has a log is an older process with the same
	 * number.
	 */
	for (size_t i = 0; i < set->count && !child; i++) {
		if (set->process[i]->pid == pid && !bel_process_set_ready(set->process[i]))
			child = set->process[i];
	}
	/* Its first stop may not have been reported yet. */
	if (!child) {
		if (bel_process_set_add(set, pid, false, err) < 0)
			return BEL_FAIL;
		child = set->process[set->count - 1];
	}
	return set->kind->fork(set, child, parent, event, err);
}

void bel_process_set_start(struct bel_process_set *set, const char *version)
{
	char tool[160];

	snprintf(set->version, sizeof(set->version), "%s", version);
	if (set->recorder->writer || bel_recorder_closed(set->recorder))
		return;
	snprintf(tool, sizeof(tool), "%s, valgrind-%s %s", set->tool, version, set->kind->name);
	/* A failure closes the recorder, which reports it at the end. */
	bel_recorder_start(set->recorder, tool);
}

int bel_process_set_drain(struct bel_process_set *set, struct bel_traced_process *process,
	size_t *bytes, struct bel_err *err)
{
	struct bel_log_pipe *const stream = &process->stream;
	const size_t before = *bytes;
	int r;

	for (;;) {
		size_t had;

		/*
		 * A process whose fork has not been reported waits, with its window and its pipe
		 * full.
		 */
		if (!bel_process_set_ready(process) && stream->have == BEL_LOG_PIPE_WINDOW)
			return 0;
		/* When the fork has been reported, the full window is parsed first. */
		if (stream->have == BEL_LOG_PIPE_WINDOW && !bel_recorder_closed(set->recorder) &&
			set->kind->parse(set, process, err) < 0)
			return BEL_FAIL;
		if (bel_recorder_closed(set->recorder))
			stream->have = 0;
		had = stream->have;
		r = bel_log_pipe_read(stream, err);
		if (r < 0)
			return r;
		*bytes += stream->have - had;
		if (bel_recorder_closed(set->recorder))
			stream->have = 0;
		else if (bel_process_set_ready(process) && stream->have &&
			 set->kind->parse(set, process, err) < 0)
			return BEL_FAIL;
		/* A process that writes as fast as it is read must not keep the others waiting. */
		if (r == 0 || (!process->ended && *bytes - before > BEL_PROCESS_SET_TURN))
			return 0;
	}
}

/* Closes a process that has ended and whose pipe is empty. */
static int close_process(
	struct bel_process_set *set, struct bel_traced_process *process, struct bel_err *err)
{
	uint64_t value = (uint64_t)WEXITSTATUS(process->status);
	struct bel_access access;
	struct bel_event fault;

	if (WIFSIGNALED(process->status))
		value = 256 + (uint64_t)WTERMSIG(process->status);
	if (bel_recorder_closed(set->recorder))
		return set->kind->end(set, process, value, err);
	if (set->kind->last(set, process, err) < 0)
		return BEL_FAIL;
	bel_process_end_judge(set, process);
	if (bel_process_end_fault(set, process, &fault, &access) &&
		set->kind->fault(set, process, &fault, &access, err) < 0)
		return BEL_FAIL;
	return set->kind->end(set, process, value, err);
}

/* If all processes that could report forks are gone, the waiting processes start without a fork. */
static int adopt_orphans(struct bel_process_set *set, struct bel_err *err)
{
	for (size_t i = 0; i < set->count; i++) {
		if (bel_process_set_ready(set->process[i]))
			return 0;
	}
	for (size_t i = 0; i < set->count; i++) {
		if (set->kind->begin(set, set->process[i], err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_process_set_drain_all(struct bel_process_set *set, size_t *bytes, struct bel_err *err)
{
	/*
	 * Children first: their parents may be waiting for them. Forks add at the end of the list.
	 */
	for (size_t i = set->count; i-- > 0;) {
		struct bel_traced_process *const process = set->process[i];

		if (bel_process_set_drain(set, process, bytes, err) < 0)
			return BEL_FAIL;
		if (!process->ended || !bel_process_set_ready(process))
			continue;
		if (close_process(set, process, err) < 0)
			return BEL_FAIL;
		free_process(process);
		set->count--;
		memmove(set->process + i, set->process + i + 1,
			(set->count - i) * sizeof(*set->process));
	}
	return adopt_orphans(set, err);
}
