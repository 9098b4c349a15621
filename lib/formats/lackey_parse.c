/* SPDX-License-Identifier: MIT */
/* lackey_parse.c: the main loop over a lackey log, and its lines that are not plain records. */
#include "lackey_parse.h"

#include <stdlib.h>
#include <string.h>

#include "lackey_log.h"
#include "lackey_record.h"
#include "lackey_scan.h"

#define LOOSE 256 /* records in another spacing, before the fast scanner is tried again */

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
	bel_syscall_tracker_init(&log->process[0], 0, (*spaces)++);
	return log;
}

void bel_lackey_free(struct bel_lackey *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < log->processes; i++)
		bel_syscall_tracker_release(&log->process[i]);
	free(log->process);
	free(log);
}

void bel_lackey_listen(struct bel_lackey *log,
	void (*line)(void *context, const char *text, size_t length), void *context)
{
	log->listener = line;
	log->listener_context = context;
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

struct bel_lackey *bel_lackey_new_child(
	const struct bel_lackey *parent, uint32_t pid, struct bel_err *err)
{
	const struct bel_syscall_tracker *known = NULL;
	struct bel_lackey *log;
	uint32_t spaces = 0;

	for (size_t i = 0; i < parent->processes; i++) {
		if (parent->process[i].pid == pid && parent->process[i].forked)
			known = &parent->process[i];
	}
	if (!known) {
		bel_fail(err, "process %u is not in its parent's log", pid);
		return NULL;
	}
	log = bel_lackey_new(&parent->options, &spaces, parent->input, err);
	if (!log)
		return NULL;
	log->spaces = parent->spaces;
	if (bel_syscall_tracker_fork(&log->process[0], known, pid, known->space, err) < 0) {
		bel_lackey_free(log);
		return NULL;
	}
	return log;
}

/* Whether a line looks like text that a program may have printed. */
static bool is_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const uint8_t c = (uint8_t)text[i];

		if ((c < 0x20 && !strchr("\t\b\r\f\v\x1b\a", c)) || c == 0x7f || c == 0)
			return false;
	}
	return true;
}

/* Text without a record, terminated: a message of Valgrind, program output, or a bad line. */
static int other_text(struct bel_lackey *log, const char *text, size_t length,
	struct bel_accesses *out, struct bel_err *err)
{
	const uint8_t *const line = (const uint8_t *)text;
	int known;

	if (bel_lackey_record_near(
		    line, (const uint8_t *)bel_lackey_words(text, text + length), line + length))
		return bel_format_bad(&log->tally, &log->options, log->input, log->line,
			"nearly a lackey record ('I|L|S|M HEXADDRESS,SIZE')", line, length, err);
	known = bel_lackey_told(log, text, length, out, err);
	if (known < 0)
		return known;
	if (known || is_text(text, length)) {
		log->seen = log->seen || (known && length > 0);
		log->tally.noise++;
		return 0;
	}
	return bel_format_bad(&log->tally, &log->options, log->input, log->line,
		"neither a lackey record nor text", line, length, err);
}

/* The record at the start of a line, if a record or a message of Valgrind is glued to it. */
static const uint8_t *take_first(const uint8_t *line, const uint8_t *end, struct bel_access *access)
{
	struct bel_access other;
	const uint8_t *const next = bel_lackey_record_first(line, end, access);

	if (!next || next == end)
		return next;
	if (bel_lackey_record_first(next, end, &other))
		return next;
	return bel_lackey_words((const char *)next, (const char *)end) == (const char *)next ? next
											     : NULL;
}

/* The rest of a line after its first record: its text, and a record glued to the end. */
static int rest_of_line(struct bel_lackey *log, const uint8_t *line, const uint8_t *end,
	const uint8_t *bare_end, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_access access = {0, 0, 0};
	const uint8_t *const glued = bel_lackey_record_last(line, bare_end, &access);
	const size_t length = (size_t)((glued == bare_end ? end : glued) - line);
	char stack[1024], *text = stack;
	int r;

	log->line++;
	if (length >= sizeof(stack) && !(text = malloc(length + 1)))
		return bel_err_memory(err, "a line of lackey text");
	memcpy(text, line, length);
	text[length] = '\0';
	r = other_text(log, text, length, out, err);
	if (text != stack)
		free(text);
	if (r < 0 || glued == bare_end)
		return r;
	out->access[out->count++] = access;
	log->seen = true;
	return 0;
}

/*
 * Takes one line that is not a plain record, or its first record; *at moves to the
 * rest. Returns 1 if the line begins a space, and `out` must be given to the caller
 * before it.
 */
static int odd_line(struct bel_lackey *log, const uint8_t **at, const uint8_t *end,
	struct bel_accesses *out, struct bel_err *err)
{
	static const char begins[] = "== Command: ";
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf}; /* byte order mark of some editors */
	const uint8_t *line = *at, *next, *bare_end;

	if (end > line && end[-1] == '\r')
		end--;
	if ((out->count || out->events.count) &&
		memmem(line, (size_t)(end - line), begins, sizeof(begins) - 1))
		return 1;
	if (log->line == 0 && end - line >= 3 && !memcmp(line, mark, sizeof(mark)))
		line += sizeof(mark);
	for (bare_end = end; bare_end > line && (bare_end[-1] == ' ' || bare_end[-1] == '\t');)
		bare_end--;
	next = take_first(line, bare_end, &out->access[out->count]);
	if (next) {
		out->count++;
		log->seen = true;
		log->line += next == bare_end;
		*at = next == bare_end ? end : next;
		return 0;
	}
	*at = end;
	return rest_of_line(log, line, end, bare_end, out, err);
}

int bel_lackey_parse(struct bel_lackey *log, const uint8_t *text, size_t length, bool last,
	struct bel_accesses *out, size_t *taken, struct bel_err *err)
{
	const uint8_t *at = text, *const stop = text + length, *end, *next;
	struct bel_format_tally tally;
	size_t count, scanned;
	int r = 0;

	out->space = bel_lackey_current(log)->space;
	log->forked = false;
	while (at < stop && out->count < out->capacity) {
		count = log->scanner->scan(at, (size_t)(stop - at), out->access + out->count,
			out->capacity - out->count, &scanned);
		out->count += count;
		log->line += count;
		log->seen = log->seen || count > 0;
		at += scanned;
		if (at == stop || out->count == out->capacity)
			break;
		/* Lines in another spacing usually come together. */
		count = bel_lackey_record_scan(at, (size_t)(stop - at), out->access + out->count,
			out->capacity - out->count < LOOSE ? out->capacity - out->count : LOOSE,
			&scanned);
		out->count += count;
		log->line += count;
		log->seen = log->seen || count > 0;
		at += scanned;
		if (count)
			continue;
		end = memchr(at, '\n', (size_t)(stop - at));
		if (!end && !last)
			break;
		if (!end)
			end = stop;
		tally = log->tally;
		next = at;
		r = odd_line(log, &next, end, out, err);
		if (r < 0 && (out->count || out->events.count)) {
			/* Return what was found first; the line fails again at the next call. */
			log->tally = tally;
			log->line--;
			r = 1;
		}
		if (r != 0)
			break;
		at = next < end && *next != '\r' ? next : end < stop ? end + 1 : stop;
		/* The caller may want to read the child's log first. */
		if (log->forked) {
			r = 1;
			break;
		}
	}
	if (at == stop && last && r == 0)
		r = bel_lackey_call_end(log, out, err);
	*taken = (size_t)(at - text);
	return r < 0 ? r : r > 0 || out->count == out->capacity;
}
