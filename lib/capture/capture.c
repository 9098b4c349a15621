/* SPDX-License-Identifier: MIT */
/*
 * capture.c: the steps of a capture: launch, follow, drain, finish.
 *
 * Lackey writes line by line. A reader that waited in poll(2) would be woken for each line. This
 * one looks at clock ticks, when the large pipes have filled by some hundred kilobytes, and when a
 * child stops or ends.
 */
#include "capture.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup_process.h"
#include "command_text.h"
#include "follow.h"
#include "interrupt.h"
#include "launch.h"
#include "log_lines.h"
#include "proc.h"
#include "process_set.h"
#include "program_file.h"
#include "valgrind_args.h"

#define TICK_NS 10000000L
#define SHORT_TICK_NS 1000000L /* while a pipe is small, or filling fast */
#define LARGE_PIPE ((size_t)512 << 10)

struct capture {
	const struct bel_capture_options *options;
	struct bel_capture_result *result;
	struct bel_recorder recorder;
	struct bel_process_set set;
	struct bel_valgrind_args words;
	struct bel_follow follow;
	struct bel_cleanup_process cleanup;
	struct bel_interrupt interrupt;
	struct bel_log_pipe log; /* pagegrind's messages; lackey's are in each process's own log */
	char *directory;         /* owned */
	char *command;           /* owned */
	sigset_t watched;
	pid_t root;
};

static int launch(struct capture *c, const sigset_t *mask, struct bel_err *err)
{
	const struct bel_launch launch = {
		.valgrind = c->words.valgrind,
		.options = c->words.option,
		.argv = c->options->argv,
		.search = c->options->search,
		.output = c->options->output,
		.mask = *mask,
	};
	int go;

	if (bel_launch_start(&launch, &c->root, &go, err) < 0)
		return BEL_FAIL;
	if (bel_process_set_add(&c->set, c->root, true, err) < 0) {
		bel_launch_cancel(c->root, go);
		return BEL_FAIL;
	}
	/* From here on, ending the capture in any way kills it. */
	if (bel_follow_attach(&c->follow, c->root, c->options->children, err) < 0) {
		close(go);
		return BEL_FAIL;
	}
	return bel_launch_go(go, err);
}

static void ended(struct capture *c, struct bel_traced_process *process, pid_t pid, int status)
{
	if (process) {
		process->ended = true;
		process->status = status;
	}
	if (pid == c->root)
		c->result->status =
			WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * Collects its mappings, in case its start has not been read yet, and other facts, while /proc has
 * them.
 */
static int exiting(
	struct capture *c, struct bel_traced_process *process, int status, struct bel_err *err)
{
	size_t bytes = 0;
	int r = 0;

	if (bel_process_set_ready(process))
		r = bel_process_set_drain(&c->set, process, &bytes, err);
	else
		bel_initial_mappings_look(&process->image, process->pid);
	if (r == 0)
		r = bel_log_lines_read(&c->log, &c->set, err);
	if (r == 0)
		bel_process_set_ending(&c->set, process, status);
	return r;
}

static int followed(struct capture *c, const struct bel_follow_event *event, struct bel_err *err)
{
	struct bel_traced_process *process = bel_process_set_find(&c->set, event->pid);
	int r = 0;

	switch (event->type) {
	case BEL_FOLLOW_STARTED:
		if (!process)
			r = bel_process_set_add(&c->set, event->pid, false, err);
		process = bel_process_set_find(&c->set, event->pid);
		if (process)
			bel_log_pipe_renew(&process->stream, c->directory, event->pid);
		break;
	case BEL_FOLLOW_EXECUTED:
		bel_proc_fix_random(event->pid);
		if (process)
			bel_log_pipe_renew(&process->stream, c->directory, event->pid);
		if (c->log.memory)
			bel_log_pipe_renew(&c->log, c->directory, event->pid);
		break;
	case BEL_FOLLOW_EXITING:
		r = process ? exiting(c, process, event->status, err) : 0;
		break;
	case BEL_FOLLOW_FAULTED:
		if (process) {
			process->failed = true;
			process->failed_write = event->write;
			process->failed_address = event->address;
		}
		return 0;
	case BEL_FOLLOW_ENDED:
		ended(c, process, event->pid, event->status);
		return 0;
	}
	bel_follow_resume(event->pid);
	return r;
}

static void take_signal(struct capture *c, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		return;
	bel_interrupt_take(&c->interrupt, info, &c->follow);
	snprintf(c->result->reason, sizeof(c->result->reason), "interrupted by SIG%s",
		sigabbrev_np(c->interrupt.signal));
}

/* Sleeps until the pipes are partly filled, or a signal comes. */
static void rest(struct capture *c, size_t bytes)
{
	struct timespec tick = {0, TICK_NS};
	siginfo_t info;

	for (size_t i = 0; i < c->set.count; i++) {
		if (c->set.process[i]->stream.capacity < LARGE_PIPE)
			tick.tv_nsec = SHORT_TICK_NS;
	}
	if (bytes > LARGE_PIPE)
		tick.tv_nsec = SHORT_TICK_NS;
	if (bytes > BEL_PROCESS_SET_TURN)
		tick.tv_nsec = 0;
	while (sigtimedwait(&c->watched, &info, &tick) > 0) {
		take_signal(c, &info);
		tick.tv_nsec = 0;
	}
}

static void tell_progress(const struct capture *c)
{
	const struct bel_recorder *const recorder = &c->recorder;
	const struct bel_capture_progress progress = {
		.references = bel_recorder_written(recorder),
		.pages = recorder->pages,
		.events = recorder->events,
	};

	if (c->options->progress)
		c->options->progress(c->options->context, &progress);
}

static int watch(struct capture *c, struct bel_err *err)
{
	struct bel_follow_event event;
	size_t bytes;
	int r;

	while (c->set.count > 0) {
		while ((r = bel_follow_next(&c->follow, &event, err)) > 0) {
			if (followed(c, &event, err) < 0)
				return BEL_FAIL;
		}
		bytes = 0;
		if (r < 0 || bel_log_lines_read(&c->log, &c->set, err) < 0 ||
			bel_process_set_drain_all(&c->set, &bytes, err) < 0)
			return BEL_FAIL;
		bel_interrupt_check(&c->interrupt, &c->follow);
		tell_progress(c);
		if (c->set.count > 0)
			rest(c, bytes);
	}
	return 0;
}

/* Finds why the trace ended early, if it did. */
static void find_reason(struct capture *c)
{
	struct bel_capture_result *const result = c->result;
	const struct bel_process_set *const set = &c->set;

	if (result->reason[0])
		return;
	if (set->loss[0]) {
		snprintf(result->reason, sizeof(result->reason), "%s", set->loss);
		if (set->advice[0])
			snprintf(result->warning, sizeof(result->warning), "%s%s", set->loss,
				set->advice[1] ? set->advice : "");
	} else if (c->recorder.limited || set->limited)
		snprintf(result->reason, sizeof(result->reason), "limit of %llu references reached",
			(unsigned long long)c->options->limit);
}

/* The error if not even a header was recorded. */
static int did_not_run(const struct capture *c, struct bel_err *err)
{
	const char *const name = c->options->argv[0];
	char program[PATH_MAX], why[256];

	if (c->result->reason[0])
		return bel_fail(err, "%s before '%s' began", c->result->reason, name);
	if (bel_launch_find(name, c->options->search, program, sizeof(program), NULL) == 0 &&
		bel_program_file_obstacle(program, why, sizeof(why)))
		return bel_fail(err, "valgrind did not run '%s': %s", name, why);
	if (strcmp(c->set.advice, " ") == 0)
		return bel_fail(err, "valgrind did not run '%s': %s", name, c->set.loss);
	return bel_fail(
		err, "valgrind did not run '%s' (its status is %d)", name, c->result->status);
}

static int finish(struct capture *c, struct bel_err *err)
{
	struct bel_recorder *const recorder = &c->recorder;
	struct bel_capture_result *const result = c->result;

	if (!recorder->writer && !bel_recorder_closed(recorder))
		return did_not_run(c, err);
	find_reason(c);
	bel_recorder_end(recorder, result->reason[0] ? result->reason : NULL);
	result->hung_up = recorder->hung_up;
	result->references = recorder->writer ? bel_recorder_written(recorder) : 0;
	result->pages = recorder->pages;
	result->processes = c->set.spaces;
	result->empty = recorder->writer && !result->references;
	result->bad = c->set.bad;
	if (recorder->failed) {
		*err = recorder->err;
		return BEL_FAIL;
	}
	return 0;
}

/* Whether a reference that Valgrind's tool does not report can be added. */
static bool records_all(const struct bel_capture_options *options)
{
	const struct bel_capture_region *const region = &options->region;

	return !options->pagegrind ||
	       (!options->skip && !options->limit && !region->window && !region->wanted &&
		       !region->kinds && !region->from_mark && !region->to_mark &&
		       !region->from_function);
}

static int prepare(struct capture *c, struct bel_err *err)
{
	const struct bel_capture_options *const options = c->options;

	c->recorder = (struct bel_recorder){
		.file = options->file,
		.granule_bits = options->granule_bits,
		.first_byte = options->first_byte,
		.level = options->level,
		.kernel = options->kernel,
		.near_pages = options->near_pages,
		.near_renewed = options->near_renewed,
		.split = {.bytes = options->split,
			.next = options->next_part,
			.host = options->part_host},
		/* pagegrind skips by itself */
		.skip = options->pagegrind ? 0 : options->skip,
		.limit = options->limit && !options->pagegrind ? options->limit : UINT64_MAX,
	};
	c->command = bel_command_text(options->argv);
	if (!c->command || asprintf(&c->directory, "%s/bel-capture-XXXXXX", options->temporary) < 0)
		return bel_err_memory(err, "command line");
	c->recorder.command = c->command;
	c->recorder.name = options->name;
	if (!mkdtemp(c->directory)) {
		bel_fail_errno(err, errno, "%s: cannot make a directory", c->directory);
		free(c->directory);
		c->directory = NULL;
		return BEL_FAIL;
	}
	if (bel_cleanup_process_start(&c->cleanup, c->directory, err) < 0)
		return BEL_FAIL;
	c->set.directory = c->directory;
	c->set.tool = options->tool;
	c->set.children = options->children;
	c->set.recorder = &c->recorder;
	c->set.wanted_regions = options->region.wanted;
	c->set.kind = options->pagegrind ? &bel_backend_pagegrind : &bel_backend_lackey;
	c->set.all = records_all(options);
	if (bel_valgrind_args_init(&c->words, options, c->directory, err) < 0 ||
		bel_process_set_init(&c->set, err) < 0)
		return BEL_FAIL;
	return options->pagegrind ? bel_log_pipe_open(&c->log, c->directory, 0, err) : 0;
}

static void release(struct capture *c)
{
	bel_follow_kill(&c->follow);
	bel_follow_release(&c->follow);
	bel_recorder_release(&c->recorder);
	bel_process_set_release(&c->set);
	bel_valgrind_args_release(&c->words);
	if (c->log.memory)
		bel_log_pipe_release(&c->log);
	bel_cleanup_process_end(&c->cleanup);
	/* Also when there is no cleanup process. */
	if (c->directory)
		rmdir(c->directory);
	free(c->directory);
	free(c->command);
}

int bel_capture_run(const struct bel_capture_options *options, struct bel_capture_result *result,
	struct bel_err *err)
{
	struct capture c = {.options = options, .result = result};
	sigset_t blocked, before;
	int r;

	memset(result, 0, sizeof(*result));
	sigemptyset(&c.watched);
	sigaddset(&c.watched, SIGCHLD);
	sigaddset(&c.watched, SIGINT);
	sigaddset(&c.watched, SIGTERM);
	sigaddset(&c.watched, SIGHUP);
	sigaddset(&c.watched, SIGQUIT);
	blocked = c.watched;
	sigaddset(&blocked, SIGPIPE);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	r = prepare(&c, err);
	if (r == 0)
		r = launch(&c, &before, err);
	if (r == 0)
		r = watch(&c, err);
	if (r == 0)
		r = finish(&c, err);
	release(&c);
	return r;
}
