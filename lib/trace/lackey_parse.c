/* SPDX-License-Identifier: MIT */
/* lackey_parse.c: the lines of a lackey log that are no plain records, and what drives the rest. */
#include "lackey_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lackey_scan.h"
#include "text.h"

struct bel_lackey {
	const struct bel_lackey_scanner *scanner;
	struct bel_format_options options;
	struct bel_format_tally tally;
	const struct bel_input *input;
	uint32_t *spaces;
	struct bel_lackey_process *process; /* [current] is whose references are read */
	size_t processes, current;
	uint64_t line; /* lines before the one that is looked at */
	bool seen;
	char version[24];
	char call[8192]; /* the system call that is being printed; "" if none */
};

struct bel_lackey *bel_lackey_new(const struct bel_format_options *options, uint32_t *spaces,
	const struct bel_input *input, struct bel_err *err)
{
	struct bel_lackey *log = calloc(1, sizeof(*log));

	if (log)
		log->process = calloc(1, sizeof(*log->process));
	if (!log || !log->process) {
		free(log);
		bel_err_memory(err, "lackey reader");
		return NULL;
	}
	log->scanner = bel_lackey_scanner_best();
	log->options = *options;
	log->spaces = spaces;
	log->input = input;
	log->processes = 1;
	bel_lackey_process_init(&log->process[0], 0, (*spaces)++);
	return log;
}

void bel_lackey_free(struct bel_lackey *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < log->processes; i++)
		bel_lackey_process_release(&log->process[i]);
	free(log->process);
	free(log);
}

struct bel_lackey_process *bel_lackey_current(struct bel_lackey *log)
{
	return &log->process[log->current];
}

const char *bel_lackey_version(const struct bel_lackey *log)
{
	return log->version;
}

void bel_lackey_tally(const struct bel_lackey *log, struct bel_format_tally *tally)
{
	*tally = log->tally;
}

bool bel_lackey_seen(const struct bel_lackey *log)
{
	return log->seen;
}

/* A place for one more process; what it held is not initialised. */
static struct bel_lackey_process *add_process(struct bel_lackey *log, struct bel_err *err)
{
	struct bel_lackey_process *grown;

	grown = realloc(log->process, (log->processes + 1) * sizeof(*grown));
	if (!grown) {
		bel_err_memory(err, "processes of a lackey log");
		return NULL;
	}
	log->process = grown;
	return &grown[log->processes];
}

/* The process of that number, or the nameless first one if no number is known yet, or NULL. */
static struct bel_lackey_process *find_process(struct bel_lackey *log, uint32_t pid)
{
	/* Backwards: numbers are used again, the latest is meant. */
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

struct bel_lackey *bel_lackey_new_child(
	const struct bel_lackey *parent, uint32_t pid, struct bel_err *err)
{
	const struct bel_lackey_process *known = NULL;
	struct bel_lackey *log;
	uint32_t spaces = 0;

	for (size_t i = 0; i < parent->processes; i++) {
		if (parent->process[i].pid == pid && parent->process[i].forked)
			known = &parent->process[i];
	}
	if (!known) {
		bel_fail(err, "process %u is not known to its parent's log", pid);
		return NULL;
	}
	log = bel_lackey_new(&parent->options, &spaces, parent->input, err);
	if (!log)
		return NULL;
	log->spaces = parent->spaces;
	if (bel_lackey_process_fork(&log->process[0], known, pid, known->space, err) < 0) {
		bel_lackey_free(log);
		return NULL;
	}
	return log;
}

const uint8_t *bel_lackey_record(const uint8_t *line, const uint8_t *end, struct bel_access *access)
{
	static const char heads[BEL_KINDS][4] = {"I  ", " L ", " S ", " M "};
	const uint8_t *p = end, *comma;
	uint64_t size = 0, unit = 1;
	unsigned digits = 0;

	for (; p > line && end - p < 9 && p[-1] >= '0' && p[-1] <= '9'; unit *= 10)
		size += (uint64_t)(*--p - '0') * unit;
	if (p == line || p == end || p[-1] != ',' || size == 0)
		return end;
	comma = --p;
	access->size = (uint32_t)size;
	access->address = 0;
	for (; p > line && digits < 16 && !(bel_text_digits[p[-1]] & 0x80); digits++)
		access->address |= (uint64_t)bel_text_digits[*--p] << 4 * digits;
	if (p == comma || p - line < 3)
		return end;
	for (int kind = 0; kind < BEL_KINDS; kind++) {
		if (memcmp(p - 3, heads[kind], 3) == 0) {
			access->kind = (uint8_t)kind;
			return p - 3;
		}
	}
	return end;
}

static int began(struct bel_lackey *log, struct bel_lackey_process *process,
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
	return bel_events_add(&out->events, &event, err);
}

/*
 * "Command: NAME" is printed when a program starts, and again by the child of a
 * fork; the latter began with its FORK event.
 */
static int command_line(struct bel_lackey *log, uint32_t pid, const char *name,
	struct bel_accesses *out, struct bel_err *err)
{
	struct bel_lackey_process *process = find_process(log, pid);

	if (!process) {
		process = add_process(log, err);
		if (!process)
			return BEL_FAIL;
		bel_lackey_process_init(process, pid, (*log->spaces)++);
		log->processes++;
	}
	if (process->executing || process->named) {
		const uint32_t old = process->space;

		bel_lackey_process_exec(process, (*log->spaces)++);
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
	struct bel_lackey_process *child = add_process(log, err);
	const struct bel_lackey_process *parent = find_process(log, parent_pid);
	struct bel_event event = {.type = BEL_EVENT_FORK, .at = out->count, .pid = pid};

	if (!child)
		return BEL_FAIL;
	if (!parent)
		parent = bel_lackey_current(log);
	event.other = parent->space;
	event.space = (*log->spaces)++;
	if (bel_lackey_process_fork(child, parent, pid, event.space, err) < 0)
		return BEL_FAIL;
	log->processes++;
	return bel_events_add(&out->events, &event, err);
}

/* The call in log->call is all there, or as much of it as will come. */
static int call_done(struct bel_lackey *log, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_lackey_process *process;
	struct bel_lackey_call call;
	int r = 0;

	if (log->call[0] != '\0' && bel_lackey_call_parse(log->call, &call)) {
		process = find_process(log, call.pid);
		if (!process)
			process = bel_lackey_current(log);
		r = bel_lackey_process_call(process, &call, &out->events, out->count, err);
		if (r == 0 && call.child)
			r = fork_told(log, call.pid, call.child, out, err);
	}
	log->call[0] = '\0';
	return r;
}

static int call_text(struct bel_lackey *log, const char *text, size_t length,
	struct bel_accesses *out, struct bel_err *err)
{
	const size_t have = strlen(log->call), room = sizeof(log->call) - 1 - have;

	/* What does not fit is the end of a path or of arguments that nobody looks at. */
	if (length > room)
		length = room;
	memcpy(log->call + have, text, length);
	log->call[have + length] = '\0';
	return bel_lackey_call_whole(log->call) ? call_done(log, out, err) : 0;
}

static int thread_event(struct bel_lackey_process *process, enum bel_event_type type,
	uint32_t thread, struct bel_accesses *out, struct bel_err *err)
{
	const struct bel_event event = {
		.type = (uint8_t)type, .space = process->space, .at = out->count, .value = thread};

	return bel_events_add(&out->events, &event, err);
}

/* "SCHED[2]:  acquired lock ...", what follows --PID--. */
static int sched_line(struct bel_lackey *log, uint32_t pid, const char *text,
	struct bel_accesses *out, struct bel_err *err)
{
	struct bel_lackey_process *process = find_process(log, pid);
	char *end;
	const unsigned long thread = strtoul(text + strlen("SCHED["), &end, 10);
	int r = 0;

	if (!process || thread == 0 || thread > UINT32_MAX)
		return 0;
	if (strstr(end, "acquired lock") && thread != process->thread) {
		if (thread > 1 && strstr(end, "(starting new thread)"))
			r = thread_event(process, BEL_EVENT_THREAD_START, (uint32_t)thread, out, err);
		process->thread = (uint32_t)thread;
		return r < 0 ? r : thread_event(process, BEL_EVENT_THREAD, process->thread, out, err);
	}
	if (thread > 1 && strstr(end, "exiting VG_(scheduler)"))
		return thread_event(process, BEL_EVENT_THREAD_EXIT, (uint32_t)thread, out, err);
	return 0;
}

/* If text is "==PID== ..." or "--PID-- ...", its length up to the words, else 0. */
static size_t valgrind_mark(const char *text, uint32_t *pid)
{
	char *end;
	unsigned long number;

	if ((text[0] != '=' && text[0] != '-') || text[1] != text[0] || text[2] < '0' ||
		text[2] > '9')
		return 0;
	number = strtoul(text + 2, &end, 10);
	if (end[0] != text[0] || end[1] != text[0] || number > UINT32_MAX)
		return 0;
	*pid = (uint32_t)number;
	end += 2;
	return (size_t)(end - text) + strspn(end, " ");
}

static int valgrind_line(struct bel_lackey *log, uint32_t pid, const char *text,
	struct bel_accesses *out, struct bel_err *err)
{
	static const char dies[] = "Process terminating with default action of signal ";
	static const char using[] = "Using Valgrind-";
	int r = 0;

	if (strncmp(text, "SCHED[", 6) == 0)
		return sched_line(log, pid, text, out, err);
	if (strncmp(text, using, sizeof(using) - 1) == 0)
		snprintf(log->version, sizeof(log->version), "%.*s",
			(int)strcspn(text + sizeof(using) - 1, " "), text + sizeof(using) - 1);
	if (strncmp(text, "Command: ", 9) == 0) {
		r = call_done(log, out, err);
		return r < 0 ? r : command_line(log, pid, text + 9, out, err);
	}
	if (strncmp(text, dies, sizeof(dies) - 1) == 0 && find_process(log, pid))
		r = bel_lackey_process_end(find_process(log, pid),
			256 + strtoul(text + sizeof(dies) - 1, NULL, 10), &out->events, out->count,
			err);
	return r;
}

/* Whether a line looks like text that a program may have printed. */
static bool is_text(const char *text, size_t length)
{
	static const char head[] = "ILSM";

	for (size_t i = 0; i < length; i++) {
		const uint8_t c = (uint8_t)text[i];

		if ((c < 0x20 && !strchr("\t\b\r\f\v\x1b\a", c)) || c == 0x7f || c == 0)
			return false;
	}
	if (length > 3 && text[0] == 'I' && text[1] == ' ' && text[2] == ' ')
		return (bel_text_digits[(uint8_t)text[3]] & 0x80) != 0;
	if (length > 3 && text[0] == ' ' && strchr(head + 1, text[1]) && text[2] == ' ')
		return (bel_text_digits[(uint8_t)text[3]] & 0x80) != 0;
	return true;
}

/* Text that is no record, terminated: cut at what Valgrind prints, each piece to its reader. */
static int other_text(struct bel_lackey *log, const char *text, size_t length,
	struct bel_accesses *out, struct bel_err *err)
{
	const char *const line = text, *const end = text + length;
	bool known = length == 0;

	while (text < end) {
		const char *next = text + 1;
		uint32_t pid = 0, ignored;
		size_t mark = valgrind_mark(text, &pid);
		int r = 0;

		while (next < end && strncmp(next, "SYSCALL[", 8) != 0 &&
			!valgrind_mark(next, &ignored))
			next++;
		if (mark) {
			known = true;
			r = valgrind_line(log, pid, text + mark, out, err);
			next = end;
		} else if (strncmp(text, "SYSCALL[", 8) == 0) {
			known = true;
			r = call_done(log, out, err);
			if (r == 0)
				r = call_text(log, text, (size_t)(next - text), out, err);
		} else if (log->call[0] != '\0') {
			known = true;
			r = call_text(log, text, (size_t)(next - text), out, err);
		} else if (strncmp(text, "SB ", 3) == 0 || strncmp(text, " --> [", 6) == 0) {
			known = true;
		}
		if (r < 0)
			return r;
		text = next;
	}
	if (known || is_text(line, length)) {
		log->seen = log->seen || (known && length > 0);
		log->tally.noise++;
		return 0;
	}
	return bel_format_bad(&log->tally, &log->options, log->input, log->line,
		"neither a lackey record nor text", (const uint8_t *)line, length, err);
}

/*
 * One line that is no plain record. Returns 1 if it must wait until what is in
 * out is taken, because it begins a space.
 */
static int odd_line(struct bel_lackey *log, const uint8_t *line, const uint8_t *end,
	struct bel_accesses *out, struct bel_err *err)
{
	static const char begins[] = "== Command: ";
	struct bel_access access = {0, 0, 0};
	const uint8_t *glued;
	size_t length;
	char stack[1024], *text = stack;
	int r = 0;

	if (end > line && end[-1] == '\r')
		end--;
	if (line < end && line[0] == '=' && (out->count || out->events.count) &&
		memmem(line, (size_t)(end - line), begins, sizeof(begins) - 1))
		return 1;
	log->line++;
	glued = bel_lackey_record(line, end, &access);
	length = (size_t)(glued - line);
	if (length > 0 || glued == end) {
		if (length >= sizeof(stack) && !(text = malloc(length + 1)))
			return bel_err_memory(err, "a line of lackey text");
		memcpy(text, line, length);
		text[length] = '\0';
		r = other_text(log, text, length, out, err);
		if (text != stack)
			free(text);
	}
	if (r < 0 || glued == end)
		return r;
	out->access[out->count++] = access;
	log->seen = true;
	return 0;
}

int bel_lackey_parse(struct bel_lackey *log, const uint8_t *text, size_t length, bool last,
	struct bel_accesses *out, size_t *taken, struct bel_err *err)
{
	const uint8_t *at = text, *const stop = text + length, *end;
	size_t count, scanned;
	int r = 0;

	out->space = bel_lackey_current(log)->space;
	while (at < stop && out->count < out->capacity) {
		count = log->scanner->scan(at, (size_t)(stop - at), out->access + out->count,
			out->capacity - out->count, &scanned);
		out->count += count;
		log->line += count;
		log->seen = log->seen || count > 0;
		at += scanned;
		if (at == stop || out->count == out->capacity)
			break;
		end = memchr(at, '\n', (size_t)(stop - at));
		if (!end && !last)
			break;
		if (!end)
			end = stop;
		r = odd_line(log, at, end, out, err);
		if (r != 0)
			break;
		at = end < stop ? end + 1 : stop;
	}
	if (at == stop && last && r == 0)
		r = call_done(log, out, err);
	*taken = (size_t)(at - text);
	return r < 0 ? r : r > 0 || out->count == out->capacity;
}
