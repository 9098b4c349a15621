/* SPDX-License-Identifier: MIT */
/* traced.c: logs of several processes, each from its pipe, to batches of one trace. */
#include "traced.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define BATCH 8192

int bel_traced_init(struct bel_traced_set *set, struct bel_err *err)
{
	set->input.name = "lackey's log";
	set->batch.capacity = BATCH;
	set->batch.access = malloc(BATCH * sizeof(*set->batch.access));
	return set->batch.access ? 0 : bel_err_memory(err, "a batch of references");
}

static void free_process(struct bel_traced *process)
{
	bel_stream_release(&process->stream);
	bel_lackey_free(process->log);
	bel_image_release(&process->image);
	free(process);
}

void bel_traced_release(struct bel_traced_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free_process(set->process[i]);
	free(set->process);
	free(set->batch.access);
	bel_events_release(&set->batch.events);
	bel_events_release(&set->extra);
	memset(set, 0, sizeof(*set));
}

struct bel_traced *bel_traced_find(const struct bel_traced_set *set, pid_t pid)
{
	for (size_t i = set->count; i-- > 0;) {
		if (set->process[i]->pid == pid && !set->process[i]->ended)
			return set->process[i];
	}
	return NULL;
}

static int new_log(struct bel_traced_set *set, struct bel_traced *process, struct bel_err *err)
{
	/* The log is Valgrind's own: what is not understood is counted and told at the end. */
	const struct bel_format_options options = {.max_bad = UINT64_MAX};

	process->log = bel_lackey_new(&options, &set->spaces, &set->input, err);
	return process->log ? 0 : BEL_FAIL;
}

int bel_traced_add(struct bel_traced_set *set, pid_t pid, bool first, struct bel_err *err)
{
	struct bel_traced **grown, *process;

	grown = realloc(set->process, (set->count + 1) * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "processes");
	set->process = grown;
	process = calloc(1, sizeof(*process));
	if (!process)
		return bel_err_memory(err, "a process");
	process->pid = pid;
	if (bel_stream_open(&process->stream, set->directory, pid, err) < 0) {
		free(process);
		return BEL_FAIL;
	}
	set->process[set->count++] = process;
	return first ? new_log(set, process, err) : 0;
}

/* A log has told of a fork: the child's own log may be read from here on. */
static int forked(
	struct bel_traced_set *set, struct bel_traced *parent, pid_t pid, struct bel_err *err)
{
	struct bel_traced *child = NULL;

	if (!set->children)
		return 0;
	/* It may have ended already; one that has a log is an older process of that number. */
	for (size_t i = 0; i < set->count && !child; i++) {
		if (set->process[i]->pid == pid && !set->process[i]->log)
			child = set->process[i];
	}
	/* Its first stop may be still to come. */
	if (!child) {
		if (bel_traced_add(set, pid, false, err) < 0)
			return BEL_FAIL;
		child = set->process[set->count - 1];
	}
	child->log = bel_lackey_new_child(parent->log, (uint32_t)pid, err);
	if (!child->log)
		return BEL_FAIL;
	free(child->image.maps);
	bel_image_fork(&child->image, &parent->image);
	return 0;
}

static int program_started(struct bel_traced_set *set, struct bel_traced *process,
	const struct bel_event *event, struct bel_err *err)
{
	struct bel_recorder *const recorder = set->recorder;
	char tool[160];

	if (!recorder->writer && !bel_recorder_closed(recorder)) {
		snprintf(tool, sizeof(tool), "%s, valgrind-%s lackey", set->tool,
			bel_lackey_version(process->log));
		/* Its failure closes the recorder, which says so at the end. */
		if (bel_recorder_start(recorder, tool) < 0)
			return 0;
	}
	if (!process->ended)
		bel_image_look(&process->image, process->pid);
	return bel_image_start(&process->image, event->space, event->at, &set->extra, err);
}

/* Both lists in order of `at`, those of the log first, in set->batch.events. */
static int merge_extra(struct bel_traced_set *set, struct bel_err *err)
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

/* What the batch's events mean for us, and what they leave out; then it is recorded. */
static int take_batch(struct bel_traced_set *set, struct bel_traced *process, struct bel_err *err)
{
	int r = 0;

	for (size_t i = 0; i < set->batch.events.count && r == 0; i++) {
		const struct bel_event event = set->batch.events.event[i];

		if (event.type == BEL_EVENT_START || event.type == BEL_EVENT_EXEC)
			r = program_started(set, process, &event, err);
		else if (event.type == BEL_EVENT_FORK)
			r = forked(set, process, (pid_t)event.pid, err);
	}
	if (r == 0)
		r = bel_image_watch(&process->image, &set->batch, &set->extra, err);
	if (r == 0)
		r = merge_extra(set, err);
	if (r == 0 && set->recorder->writer)
		bel_recorder_add(set->recorder, &set->batch);
	return r;
}

static void clear_batch(struct bel_traced_set *set)
{
	set->batch.count = 0;
	bel_events_clear(&set->batch.events);
}

/* Parses what is in a process's window. */
static int parse_window(
	struct bel_traced_set *set, struct bel_traced *process, bool last, struct bel_err *err)
{
	struct bel_stream *const stream = &process->stream;
	size_t taken;
	int more, r = 0;

	do {
		clear_batch(set);
		more = bel_lackey_parse(
			process->log, stream->data, stream->have, last, &set->batch, &taken, err);
		if (more < 0)
			return more;
		bel_stream_take(stream, taken);
		if (set->batch.count || set->batch.events.count)
			r = take_batch(set, process, err);
	} while (r == 0 && more > 0);
	return r;
}

int bel_traced_drain(
	struct bel_traced_set *set, struct bel_traced *process, size_t *bytes, struct bel_err *err)
{
	struct bel_stream *const stream = &process->stream;
	int r;

	for (;;) {
		size_t had;

		/* A process whose fork is not told yet waits, with its window and its pipe full. */
		if (!process->log && stream->have == BEL_STREAM_WINDOW)
			return 0;
		/* Once it is told, the window that it waited with makes room first. */
		if (stream->have == BEL_STREAM_WINDOW && !bel_recorder_closed(set->recorder) &&
			parse_window(set, process, false, err) < 0)
			return BEL_FAIL;
		if (bel_recorder_closed(set->recorder))
			stream->have = 0;
		had = stream->have;
		r = bel_stream_read(stream, err);
		if (r < 0)
			return r;
		*bytes += stream->have - had;
		if (bel_recorder_closed(set->recorder))
			stream->have = 0;
		else if (process->log && stream->have && parse_window(set, process, false, err) < 0)
			return BEL_FAIL;
		if (r == 0)
			return 0;
	}
}

/* A process has ended and its pipe is read empty: its last words, its EXIT. */
static int close_process(
	struct bel_traced_set *set, struct bel_traced *process, struct bel_err *err)
{
	struct bel_format_tally tally;
	uint64_t value = (uint64_t)WEXITSTATUS(process->status);

	if (WIFSIGNALED(process->status))
		value = 256 + (uint64_t)WTERMSIG(process->status);
	if (!bel_recorder_closed(set->recorder) && parse_window(set, process, true, err) < 0)
		return BEL_FAIL;
	clear_batch(set);
	set->batch.space = bel_lackey_current(process->log)->space;
	if (bel_lackey_process_end(
		    bel_lackey_current(process->log), value, &set->batch.events, 0, err) < 0)
		return BEL_FAIL;
	if (set->batch.events.count && set->recorder->writer)
		bel_recorder_add(set->recorder, &set->batch);
	bel_lackey_tally(process->log, &tally);
	set->bad += tally.bad;
	return 0;
}

/* If all that tell of forks are gone, those that wait to be told of begin by themselves. */
static int adopt_orphans(struct bel_traced_set *set, struct bel_err *err)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->process[i]->log)
			return 0;
	}
	for (size_t i = 0; i < set->count; i++) {
		if (new_log(set, set->process[i], err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_traced_drain_all(struct bel_traced_set *set, size_t *bytes, struct bel_err *err)
{
	/* Children first: their parents may have waited for them. Forks add at the end. */
	for (size_t i = set->count; i-- > 0;) {
		struct bel_traced *const process = set->process[i];

		if (bel_traced_drain(set, process, bytes, err) < 0)
			return BEL_FAIL;
		if (!process->ended || !process->log)
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
