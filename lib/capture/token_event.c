/* SPDX-License-Identifier: MIT */
/*
 * token_event.c: handles tokens that execute nothing: headers, mappings, threads, forks, marks,
 * ends.
 */
#include <stdio.h>

#include "token_read.h"

int bel_token_log_add(struct bel_token_log *log, const struct bel_event *event, struct bel_err *err)
{
	struct bel_accesses *const batch = log->join.batch;
	struct bel_event copy = *event;

	if (log->join.regions && bel_region_tracker_event(log->join.regions, event, err) < 0)
		return BEL_FAIL;
	if (log->join.granule_bits)
		return bel_run_builder_event(log->join.builder, event, err);
	copy.at = batch->count;
	return bel_events_add(&batch->events, &copy, err);
}

int bel_token_log_event(struct bel_token_log *log, enum bel_event_type type, uint64_t value,
	const char *name, struct bel_err *err)
{
	const struct bel_event event = {
		.type = (uint8_t)type, .space = log->process.space, .value = value, .name = name};

	return bel_token_log_add(log, &event, err);
}

/* Reads the header of a stream: the process begins, or continues with another program. */
static int read_head(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	struct bel_event event = {.type = BEL_EVENT_START, .name = log->text};
	uint8_t flags;
	uint64_t pid;

	if (c->end - c->p < BEL_TOKEN_MAGIC_BYTES + 3) {
		c->over = true;
		return 0;
	}
	if (memcmp(c->p, BEL_TOKEN_MAGIC, BEL_TOKEN_MAGIC_BYTES) != 0 ||
		c->p[8] != BEL_TOKEN_VERSION || c->p[9] != log->join.granule_bits ||
		!(c->p[10] & BEL_TOKEN_STACKS) != !log->join.calls)
		return bel_fail(err, "pagegrind and bel-capture have different versions");
	flags = c->p[10];
	c->p += BEL_TOKEN_MAGIC_BYTES + 3;
	pid = bel_cursor_number(c);
	bel_cursor_number(c);
	bel_cursor_text(c, log->text);
	if (c->over || c->bad)
		return 0;
	snprintf(log->version, sizeof(log->version), "%s", log->text);
	bel_cursor_text(c, log->text);
	if (c->over || c->bad)
		return 0;
	if (bel_token_log_take(log, true, err) < 0)
		return BEL_FAIL;
	log->last_granule = log->last_place = log->data_end = 0;
	log->ending = (struct bel_token_ending){0};
	log->first_byte = flags & BEL_TOKEN_FIRST_BYTE;
	/*
	 * If the parent was killed before it could report the fork, the child starts without one.
	 */
	if (flags & BEL_TOKEN_FORKED && log->process.forked) {
		log->begun = true;
		bel_token_log_enter(log);
		return 0;
	}
	bel_code_forget(&log->code);
	if (log->begun || log->process.forked) {
		event.type = BEL_EVENT_EXEC;
		event.other = log->process.space;
		bel_syscall_tracker_exec(&log->process, (*log->join.spaces)++);
	} else {
		bel_syscall_tracker_init(&log->process, (uint32_t)pid, (*log->join.spaces)++);
	}
	log->begun = true;
	bel_token_log_enter(log);
	event.space = log->process.space;
	event.pid = log->process.pid;
	return bel_token_log_add(log, &event, err);
}

/* Makes events of it by the same rules as for lackey's log (syscall_tracker.h). */
static int read_call(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	static const char *const name[BEL_TOKEN_CALLS] = {
		"mmap", "munmap", "mprotect", "mremap", "brk", "madvise"};
	const uint64_t which = bel_cursor_number(c);
	struct bel_lackey_call call = {.finished = true, .success = true, .args = 6};
	struct bel_events told = {0};
	int r;

	for (int i = 0; i < 6; i++)
		call.arg[i] = bel_cursor_number(c);
	call.result = bel_cursor_number(c);
	bel_cursor_text(c, log->text);
	c->bad |= which >= BEL_TOKEN_CALLS;
	if (c->over || c->bad)
		return 0;
	snprintf(call.name, sizeof(call.name), "%s", name[which]);
	r = bel_syscall_tracker_call(&log->process, &call, &told, 0, err);
	for (size_t i = 0; i < told.count && r == 0; i++) {
		if (log->text[0])
			told.event[i].name = log->text;
		r = bel_token_log_add(log, &told.event[i], err);
	}
	bel_events_release(&told);
	return r;
}

static int read_image(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	struct bel_event event = {.type = BEL_EVENT_MAP, .space = log->process.space};
	uint64_t flags;

	event.start = bel_cursor_number(c);
	event.length = bel_cursor_number(c);
	flags = bel_cursor_number(c);
	event.offset = bel_cursor_number(c);
	bel_cursor_text(c, log->text);
	if (c->over || c->bad)
		return 0;
	/* Valgrind reserves space for the heap; it is not mapped before the program asks for it. */
	if (flags & BEL_TOKEN_BREAK)
		return 0;
	event.flags = (uint16_t)((flags & BEL_TOKEN_READ ? BEL_MAP_READ : 0) |
				 (flags & BEL_TOKEN_WRITE ? BEL_MAP_WRITE : 0) |
				 (flags & BEL_TOKEN_EXECUTE ? BEL_MAP_EXEC : 0) |
				 (flags & BEL_TOKEN_FILE ? BEL_MAP_FILE : 0));
	event.name = flags & BEL_TOKEN_FILE ? log->text : NULL;
	event.region = BEL_REGION_MMAP;
	if (flags & BEL_TOKEN_STACK) {
		event.region = BEL_REGION_STACK;
		log->code.stack_low = event.start;
		log->code.stack_high = event.start + event.length;
	} else if (flags & BEL_TOKEN_FILE) {
		event.region = flags & BEL_TOKEN_WRITE ? BEL_REGION_DATA : BEL_REGION_TEXT;
	} else if (flags & BEL_TOKEN_WRITE && event.start == log->data_end) {
		event.region = BEL_REGION_DATA;
	}
	if (event.region == BEL_REGION_DATA)
		log->data_end = event.start + event.length;
	return bel_token_log_add(log, &event, err);
}

static int read_fork(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	struct bel_event event = {.type = BEL_EVENT_FORK, .other = log->process.space};

	event.pid = (uint32_t)bel_cursor_number(c);
	if (c->over)
		return 0;
	event.space = (*log->join.spaces)++;
	/* From here on the child's log may be read. */
	return bel_token_log_add(log, &event, err) < 0 ? BEL_FAIL
						       : bel_token_log_take(log, false, err);
}

static int read_mark(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	bel_cursor_text(c, log->text);
	if (c->over || c->bad)
		return 0;
	/* The references between two marks form whole chunks (trace.h). */
	return bel_token_log_take(log, true, err) < 0
		       ? BEL_FAIL
		       : bel_token_log_event(log, BEL_EVENT_MARK, 0, log->text, err);
}

static int read_skipped(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	const uint64_t references = bel_cursor_number(c);

	if (c->over)
		return 0;
	snprintf(log->text, BEL_TOKEN_TEXT, "%llu references left out",
		(unsigned long long)references);
	return bel_token_log_take(log, true, err) < 0
		       ? BEL_FAIL
		       : bel_token_log_event(log, BEL_EVENT_MARK, 0, log->text, err);
}

static int read_end(struct bel_token_log *log, struct bel_cursor *c)
{
	const uint64_t why = bel_cursor_number(c), value = bel_cursor_number(c);

	if (c->over)
		return 0;
	log->ending.whole |= why == BEL_TOKEN_EXITED;
	log->ending.executes = why == BEL_TOKEN_EXECUTES;
	if (why == BEL_TOKEN_LIMITED)
		log->ending.limited = value;
	return 0;
}

static int read_thread(
	struct bel_token_log *log, uint8_t token, struct bel_cursor *c, struct bel_err *err)
{
	const uint64_t thread = bel_cursor_number(c);

	if (c->over)
		return 0;
	/* The stack of another thread follows. */
	if (token == BEL_TOKEN_THREAD)
		bel_call_stack_return(&log->code.calls, log->code.calls.depth);
	return bel_token_log_event(log,
		token == BEL_TOKEN_THREAD         ? BEL_EVENT_THREAD
		: token == BEL_TOKEN_THREAD_START ? BEL_EVENT_THREAD_START
						  : BEL_EVENT_THREAD_EXIT,
		thread, NULL, err);
}

int bel_token_event(
	struct bel_token_log *log, uint8_t token, struct bel_cursor *c, struct bel_err *err)
{
	switch (token) {
	case BEL_TOKEN_SKIPPED:
		return read_skipped(log, c, err);
	case BEL_TOKEN_CALL:
		return read_call(log, c, err);
	case BEL_TOKEN_IMAGE:
		return read_image(log, c, err);
	case BEL_TOKEN_FORK:
		return read_fork(log, c, err);
	case BEL_TOKEN_MARK:
		return read_mark(log, c, err);
	case BEL_TOKEN_THREAD:
	case BEL_TOKEN_THREAD_START:
	case BEL_TOKEN_THREAD_EXIT:
		return read_thread(log, token, c, err);
	case BEL_TOKEN_END:
		return read_end(log, c);
	case BEL_TOKEN_BEGIN:
		c->p--;
		return read_head(log, c, err);
	default:
		c->bad = true;
		return 0;
	}
}
