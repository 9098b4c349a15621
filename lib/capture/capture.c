/* SPDX-License-Identifier: MIT */
/*
 * capture.c: the life of one capture: launch, follow, drain, finish.
 *
 * Lackey writes line by line. A reader that waited in poll(2) would be woken for
 * each of them; this one looks at clock ticks, when the large pipes have filled
 * by some hundred kilobytes, or when a child stops or ends.
 */
#include "capture.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "follow.h"
#include "launch.h"
#include "traced.h"
#include "words.h"

#define TICK_NS 10000000L
#define SHORT_TICK_NS 1000000L /* while a pipe is small, or filling fast */
#define LARGE_PIPE ((size_t)512 << 10)

struct capture {
	const struct bel_capture_options *options;
	struct bel_capture_result *result;
	struct bel_recorder recorder;
	struct bel_traced_set set;
	struct bel_words words;
	char *directory; /* owned */
	char *command;   /* owned */
	sigset_t watched;
	pid_t root;
};

static void add_quoted(FILE *text, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "%+,-./:=@_";

	if (word[0] != '\0' && word[strspn(word, safe)] == '\0') {
		fputs(word, text);
		return;
	}
	fputc('\'', text);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", text);
		else
			fputc(*word, text);
	}
	fputc('\'', text);
}

/* The command line as a shell would take it. */
static char *join(char *const *argv)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (size_t i = 0; argv[i]; i++) {
		if (i)
			fputc(' ', stream);
		add_quoted(stream, argv[i]);
	}
	return fclose(stream) == 0 ? text : NULL;
}

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
	if (bel_traced_add(&c->set, c->root, true, err) < 0 ||
		(c->options->children && bel_follow_attach(c->root, err) < 0)) {
		bel_launch_cancel(c->root, go);
		return BEL_FAIL;
	}
	if (bel_launch_go(go, err) < 0) {
		waitpid(c->root, NULL, __WALL);
		return BEL_FAIL;
	}
	return 0;
}

static int followed(struct capture *c, const struct bel_follow_event *event, struct bel_err *err)
{
	struct bel_traced *process = bel_traced_find(&c->set, event->pid);
	size_t bytes = 0;
	int r = 0;

	switch (event->type) {
	case BEL_FOLLOW_STARTED:
		if (!process)
			r = bel_traced_add(&c->set, event->pid, false, err);
		break;
	case BEL_FOLLOW_EXITING:
		/* The last chance to see its mappings, should its start be still unread. */
		if (process && bel_traced_ready(process))
			r = bel_traced_drain(&c->set, process, &bytes, err);
		else if (process)
			bel_image_look(&process->image, event->pid);
		break;
	case BEL_FOLLOW_ENDED:
		if (process) {
			process->ended = true;
			process->status = event->status;
		}
		if (event->pid == c->root)
			c->result->status = WIFSIGNALED(event->status)
						    ? 128 + WTERMSIG(event->status)
						    : WEXITSTATUS(event->status);
		return 0;
	}
	bel_follow_resume(event->pid);
	return r;
}

static void take_signal(struct capture *c, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		return;
	/* The terminal sends to the whole group; what a process sends is for us alone. */
	if (info->si_code <= 0)
		kill(c->root, info->si_signo);
	snprintf(c->result->reason, sizeof(c->result->reason), "interrupted by SIG%s",
		sigabbrev_np(info->si_signo));
}

/* Sleeps until the pipes have filled somewhat, or a signal comes. */
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
	if (bytes > BEL_TRACED_TURN)
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
		.references = recorder->writer ? bel_native_written(recorder->writer) : 0,
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
		while ((r = bel_follow_next(&event, err)) > 0) {
			if (followed(c, &event, err) < 0)
				return BEL_FAIL;
		}
		bytes = 0;
		if (r < 0 || bel_traced_drain_all(&c->set, &bytes, err) < 0)
			return BEL_FAIL;
		tell_progress(c);
		if (c->set.count > 0)
			rest(c, bytes);
	}
	return 0;
}

/* Why the trace ended early, if it did. */
static void find_reason(struct capture *c)
{
	struct bel_capture_result *const result = c->result;
	const struct bel_traced_set *const set = &c->set;

	if (result->reason[0])
		return;
	if (set->lost && WIFSIGNALED(set->lost_status))
		snprintf(result->reason, sizeof(result->reason), "process %d was ended by SIG%s",
			(int)set->lost, sigabbrev_np(WTERMSIG(set->lost_status)));
	else if (set->lost)
		snprintf(result->reason, sizeof(result->reason), "the end of process %d is missing",
			(int)set->lost);
	else if (c->recorder.limited || set->limited)
		snprintf(result->reason, sizeof(result->reason), "limit of %llu references reached",
			(unsigned long long)c->options->limit);
}

static int finish(struct capture *c, struct bel_err *err)
{
	struct bel_recorder *const recorder = &c->recorder;
	struct bel_capture_result *const result = c->result;

	if (!recorder->writer && !bel_recorder_closed(recorder))
		return bel_fail(err, "valgrind did not run '%s' (its status is %d)",
			c->options->argv[0], result->status);
	find_reason(c);
	bel_recorder_end(recorder, result->reason[0] ? result->reason : NULL);
	result->hung_up = recorder->hung_up;
	result->empty = recorder->writer && bel_native_written(recorder->writer) == 0;
	result->bad = c->set.bad;
	if (recorder->failed) {
		*err = recorder->err;
		return BEL_FAIL;
	}
	return 0;
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
		/* pagegrind counts by itself. */
		.skip = options->pagegrind ? 0 : options->skip,
		.limit = options->limit && !options->pagegrind ? options->limit : UINT64_MAX,
	};
	c->command = join(options->argv);
	if (!c->command || asprintf(&c->directory, "%s/bel-capture-XXXXXX", options->temporary) < 0)
		return bel_err_memory(err, "command line");
	c->recorder.command = c->command;
	c->recorder.name = options->name;
	if (!mkdtemp(c->directory))
		return bel_fail(
			err, "%s: cannot make a directory: %s", c->directory, strerror(errno));
	c->set.directory = c->directory;
	c->set.tool = options->tool;
	c->set.children = options->children;
	c->set.recorder = &c->recorder;
	c->set.wanted_regions = options->region.wanted;
	c->set.kind = options->pagegrind ? &bel_traced_tokens : &bel_traced_lackey;
	if (bel_words_init(&c->words, options, c->directory, err) < 0)
		return BEL_FAIL;
	return bel_traced_init(&c->set, err);
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
	bel_recorder_release(&c.recorder);
	bel_traced_release(&c.set);
	bel_words_release(&c.words);
	if (c.directory)
		rmdir(c.directory);
	free(c.directory);
	free(c.command);
	return r;
}
