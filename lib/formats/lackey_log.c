/* SPDX-License-Identifier: MIT */
/* lackey_log.c: turns Valgrind's messages in a lackey log into processes and events. */
#include "lackey_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"

struct bel_syscall_tracker *bel_lackey_current(struct bel_lackey *log)
{
	return &log->process[log->current];
}

/* Makes room for one more process, which is not initialised. */
static struct bel_syscall_tracker *add_process(struct bel_lackey *log, struct bel_err *err)
{
	struct bel_syscall_tracker *grown;

	grown = realloc(log->process, (log->processes + 1) * sizeof(*grown));
	if (!grown) {
		bel_err_memory(err, "processes of a lackey log");
		return NULL;
	}
	log->process = grown;
	return &grown[log->processes];
}

/* The process `pid`; else the first process, if its number is not known yet; else NULL. */
static struct bel_syscall_tracker *find_process(struct bel_lackey *log, uint32_t pid)
{
	/* From the end: the system reuses numbers, and the latest process is meant. */
	for (size_t i = log->processes; i-- > 0;) {
		if (log->process[i].pid == pid)
			return &log->process[i];
	}
	if (log->processes == 1 && log->process[0].pid == 0) {
		log->process[0].pid = pid;
		return &log->process[0];
	}
	return NULL;
}

static int began(struct bel_lackey *log, struct bel_syscall_tracker *process,
	enum bel_event_type type, uint32_t other, const char *name, struct bel_accesses *out,
	struct bel_err *err)
{
	const struct bel_event event = {.type = (uint8_t)type,
		.space = process->space,
		.other = other,
		.pid = process->pid,
		.at = out->count,
		.name = name};

	log->current = (size_t)(process - log->process);
	process->named = true;
	process->ended = false;
	out->space = process->space;
	free(process->command);
	process->command = name ? strdup(name) : NULL;
	if (name && !process->command)
		return bel_err_memory(err, "a command");
	return bel_events_add(&out->events, &event, err);
}

int bel_lackey_begin(
	struct bel_lackey *log, uint32_t pid, struct bel_accesses *out, struct bel_err *err)
{
	log->process[0].pid = pid;
	return began(log, &log->process[0], BEL_EVENT_START, 0, NULL, out, err);
}

/*
 * Valgrind prints "Command: NAME" when a program starts, and again in the child of
 * a fork, which already has its FORK event. If the child's name differs there, it
 * has executed another program, and that program's Valgrind has begun a new log.
 */
static int command_line(struct bel_lackey *log, uint32_t pid, const char *name,
	struct bel_accesses *out, struct bel_err *err)
{
	struct bel_syscall_tracker *process = find_process(log, pid);

	if (!process) {
		process = add_process(log, err);
		if (!process)
			return BEL_FAIL;
		bel_syscall_tracker_init(process, pid, (*log->spaces)++);
		log->processes++;
	}
	if (process->executing || process->named ||
		(process->forked && process->command && strcmp(process->command, name) != 0)) {
		const uint32_t old = process->space;

		bel_syscall_tracker_exec(process, (*log->spaces)++);
		return began(log, process, BEL_EVENT_EXEC, old, name, out, err);
	}
	if (!process->forked)
		return began(log, process, BEL_EVENT_START, 0, name, out, err);
	log->current = (size_t)(process - log->process);
	process->named = true;
	out->space = process->space;
	return 0;
}

static int fork_told(struct bel_lackey *log, uint32_t parent_pid, uint32_t pid,
	struct bel_accesses *out, struct bel_err *err)
{
	struct bel_syscall_tracker *child = add_process(log, err);
	const struct bel_syscall_tracker *parent = find_process(log, parent_pid);
	struct bel_event event = {.type = BEL_EVENT_FORK, .at = out->count, .pid = pid};

	if (!child)
		return BEL_FAIL;
	if (!parent)
		parent = bel_lackey_current(log);
	event.other = parent->space;
	event.space = (*log->spaces)++;
	if (bel_syscall_tracker_fork(child, parent, pid, event.space, err) < 0)
		return BEL_FAIL;
	log->processes++;
	log->forked = true;
	return bel_events_add(&out->events, &event, err);
}

/* Notes that Valgrind's next message comes from process `pid`. */
static int speaks(struct bel_lackey *log, uint32_t pid, struct bel_err *err)
{
	if (log->only && pid != log->only)
		return bel_fail(err,
			"%s: line %" PRIu64 ": process %" PRIu32 " writes to the log of process "
			"%" PRIu32 "; each log must be of one process (--log-file=NAME.%%p)",
			log->input->name, log->line, pid, log->only);
	if (pid == log->speaker)
		return 0;
	/* Records between the messages of two processes may belong to either. */
	if (log->speaker && !log->over)
		log->tally.mixed = true;
	log->speaker = pid;
	log->over = false;
	return 0;
}

/* The text in log->call is complete, or no more of it will come. */
int bel_lackey_call_end(struct bel_lackey *log, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_syscall_tracker *process;
	struct bel_lackey_call call;
	int r = 0;

	if (log->call[0] != '\0' && bel_lackey_call_parse(log->call, &call)) {
		if (speaks(log, call.pid, err) < 0)
			return BEL_FAIL;
		process = find_process(log, call.pid);
		if (!process)
			process = bel_lackey_current(log);
		r = bel_syscall_tracker_call(process, &call, &out->events, out->count, err);
		if (r == 0 && call.child)
			r = fork_told(log, call.pid, call.child, out, err);
	}
	log->call[0] = '\0';
	return r;
}

static int call_text(struct bel_lackey *log, const char *text, size_t length,
	struct bel_accesses *out, struct bel_err *err)
{
	const size_t have = strlen(log->call), capacity = sizeof(log->call) - 1 - have;

	/* If the text does not fit, its end is cut: a long path, or arguments that are not used. */
	if (length > capacity)
		length = capacity;
	memcpy(log->call + have, text, length);
	log->call[have + length] = '\0';
	return bel_lackey_call_whole(log->call) ? bel_lackey_call_end(log, out, err) : 0;
}

static int thread_event(struct bel_syscall_tracker *process, enum bel_event_type type,
	uint32_t thread, struct bel_accesses *out, struct bel_err *err)
{
	const struct bel_event event = {
		.type = (uint8_t)type, .space = process->space, .at = out->count, .value = thread};

	return bel_events_add(&out->events, &event, err);
}

/* "SCHED[2]:  acquired lock ...": the text after --PID--. */
static int sched_line(struct bel_lackey *log, uint32_t pid, const char *text,
	struct bel_accesses *out, struct bel_err *err)
{
	struct bel_syscall_tracker *process = find_process(log, pid);
	char *end;
	const unsigned long thread = strtoul(text + strlen("SCHED["), &end, 10);
	int r = 0;

	if (!process || thread == 0 || thread > UINT32_MAX)
		return 0;
	if (strstr(end, "acquired lock") && thread != process->thread) {
		if (thread > 1 && strstr(end, "(starting new thread)"))
			r = thread_event(
				process, BEL_EVENT_THREAD_START, (uint32_t)thread, out, err);
		process->thread = (uint32_t)thread;
		return r < 0 ? r
			     : thread_event(process, BEL_EVENT_THREAD, process->thread, out, err);
	}
	if (thread > 1 && strstr(end, "exiting VG_(scheduler)"))
		return thread_event(process, BEL_EVENT_THREAD_EXIT, (uint32_t)thread, out, err);
	return 0;
}

/* The length of the prefix "==PID== ", "--PID-- " or "**PID** "; 0: there is none. */
static size_t valgrind_mark(const char *text, const char *end, uint32_t *pid)
{
	const char *p = text + 2;
	uint64_t number = 0;

	if (end - text < 5 || !memchr("=-*", text[0], 3) || text[1] != text[0])
		return 0;
	for (; p < end && *p >= '0' && *p <= '9' && number <= UINT32_MAX; p++)
		number = number * 10 + (uint64_t)(*p - '0');
	if (p == text + 2 || end - p < 2 || p[0] != text[0] || p[1] != text[0] ||
		number > UINT32_MAX)
		return 0;
	*pid = (uint32_t)number;
	for (p += 2; p < end && *p == ' '; p++)
		;
	return (size_t)(p - text);
}

static bool is_call(const char *text, const char *end)
{
	return end - text >= 8 && memcmp(text, "SYSCALL[", 8) == 0;
}

const char *bel_lackey_words(const char *text, const char *end)
{
	uint32_t pid;

	while (text < end && !is_call(text, end) && !valgrind_mark(text, end, &pid))
		text++;
	return text;
}

/* A mark that the program has set (mark.h). */
static int user_mark(struct bel_lackey *log, uint32_t pid, const char *name,
	struct bel_accesses *out, struct bel_err *err)
{
	const struct bel_syscall_tracker *const process = find_process(log, pid);
	const struct bel_event event = {.type = BEL_EVENT_MARK,
		.space = process ? process->space : bel_lackey_current(log)->space,
		.at = out->count,
		.name = name};

	return bel_events_add(&out->events, &event, err);
}

static int valgrind_line(struct bel_lackey *log, uint32_t pid, const char *text,
	struct bel_accesses *out, struct bel_err *err)
{
	static const char dies[] = "Process terminating with default action of signal ";
	static const char using[] = "Using Valgrind-";
	static const char exits[] = "Exit code:";
	int r = 0;

	if (log->listener)
		log->listener(log->listener_context, text, strlen(text));
	if (strncmp(text, "SCHED[", 6) == 0)
		return sched_line(log, pid, text, out, err);
	if (strncmp(text, BEL_MARK_LINE, sizeof(BEL_MARK_LINE) - 1) == 0)
		return user_mark(log, pid, text + sizeof(BEL_MARK_LINE) - 1, out, err);
	if (strncmp(text, using, sizeof(using) - 1) == 0)
		snprintf(log->version, sizeof(log->version), "%.*s",
			(int)strcspn(text + sizeof(using) - 1, " "), text + sizeof(using) - 1);
	if (strncmp(text, "Command: ", 9) == 0) {
		r = bel_lackey_call_end(log, out, err);
		return r < 0 ? r : command_line(log, pid, text + 9, out, err);
	}
	if (strncmp(text, exits, sizeof(exits) - 1) == 0) {
		log->over = true;
		if (log->only && find_process(log, pid))
			r = bel_syscall_tracker_end(find_process(log, pid),
				strtoul(text + sizeof(exits) - 1, NULL, 10), &out->events,
				out->count, err);
	}
	if (strncmp(text, dies, sizeof(dies) - 1) == 0 && !log->listener && find_process(log, pid))
		r = bel_syscall_tracker_end(find_process(log, pid),
			256 + strtoul(text + sizeof(dies) - 1, NULL, 10), &out->events, out->count,
			err);
	return r;
}

uint32_t bel_lackey_speaker(const char *text, const char *end)
{
	uint32_t pid = 0;

	while ((text = bel_lackey_words(text, end)) < end && !valgrind_mark(text, end, &pid))
		text++;
	return text < end ? pid : 0;
}

int bel_lackey_told(struct bel_lackey *log, const char *text, size_t length,
	struct bel_accesses *out, struct bel_err *err)
{
	const char *const end = text + length;
	bool known = length == 0;

	while (text < end) {
		const char *next = bel_lackey_words(text + 1, end);
		uint32_t pid = 0;
		const size_t mark = valgrind_mark(text, end, &pid);
		int r = 0;

		if (mark) {
			r = speaks(log, pid, err);
			if (r == 0)
				r = valgrind_line(log, pid, text + mark, out, err);
			next = end;
		} else if (is_call(text, end)) {
			r = bel_lackey_call_end(log, out, err);
			if (r == 0)
				r = call_text(log, text, (size_t)(next - text), out, err);
		} else if (log->call[0] != '\0') {
			r = call_text(log, text, (size_t)(next - text), out, err);
		} else if (strncmp(text, "SB ", 3) != 0 && strncmp(text, " --> [", 6) != 0) {
			if (log->listener)
				log->listener(log->listener_context, text, (size_t)(next - text));
			text = next;
			continue;
		}
		if (r < 0)
			return r;
		known = true;
		text = next;
	}
	return known;
}
