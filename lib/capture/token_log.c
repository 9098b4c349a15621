/* SPDX-License-Identifier: MIT */
/* token_log.c: converts tokens, one after the other, to references and events. */
#include "token_log.h"

#include <stdlib.h>

#include "token_read.h"

#define ITEMS_MOST 4096
#define NUMBER_MOST 65535 /* fetches, or bytes, in one item */

struct bel_token_log *bel_token_log_new(
	const struct bel_token_join *join, void *context, struct bel_err *err)
{
	struct bel_token_log *log = calloc(1, sizeof(*log));

	if (!log || !(log->text = malloc(BEL_TOKEN_TEXT + 1)) ||
		bel_code_init(&log->code, join->granule_bits, join->builder, join->batch, err) <
			0) {
		bel_token_log_free(log);
		bel_err_memory(err, "a process's tokens");
		return NULL;
	}
	log->join = *join;
	log->context = context;
	log->code.calls.tree = join->calls;
	log->code.regions = join->regions;
	log->code.wanted = join->wanted;
	return log;
}

struct bel_token_log *bel_token_log_new_child(const struct bel_token_log *parent, uint32_t pid,
	uint32_t space, void *context, struct bel_err *err)
{
	struct bel_token_log *const log = bel_token_log_new(&parent->join, context, err);

	if (!log ||
		bel_syscall_tracker_fork(&log->process, &parent->process, pid, space, err) < 0) {
		bel_token_log_free(log);
		return NULL;
	}
	log->code.space = space;
	log->code.stack_low = parent->code.stack_low;
	log->code.stack_high = parent->code.stack_high;
	return log;
}

void bel_token_log_free(struct bel_token_log *log)
{
	if (!log)
		return;
	bel_code_release(&log->code);
	bel_syscall_tracker_release(&log->process);
	free(log->text);
	free(log);
}

const char *bel_token_log_version(const struct bel_token_log *log)
{
	return log->version;
}

struct bel_token_ending bel_token_log_ending(const struct bel_token_log *log)
{
	return log->ending;
}

static int read_segment(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	const uint64_t block = bel_cursor_number(c);
	const uint64_t place = log->code.calls.tree ? bel_cursor_number(c) : 0;
	const uint64_t items = bel_cursor_number(c);
	uint64_t granule = log->last_granule;
	struct bel_code_item *item;

	c->bad |=
		block > UINT32_MAX || place >= BEL_CALL_PLACES || items == 0 || items > ITEMS_MOST;
	if (c->over || c->bad)
		return 0;
	item = bel_code_items(&log->code, (uint32_t)items, err);
	if (!item)
		return BEL_FAIL;
	for (uint64_t i = 0; i < items; i++) {
		const uint64_t head = bel_cursor_number(c);

		item[i] = (struct bel_code_item){.type = head & 7, .number = (uint32_t)(head >> 3)};
		if (item[i].type == BEL_TOKEN_FETCH)
			item[i].granule = granule +=
				(uint64_t)bel_cursor_signed(bel_cursor_number(c));
		c->bad |= item[i].type >= BEL_TOKEN_ITEMS || head >> 3 == 0 ||
			  head >> 3 > NUMBER_MOST ||
			  (item[i].type == BEL_TOKEN_FURTHER && item[i].number > 15);
	}
	if (c->over || c->bad)
		return 0;
	log->last_granule = granule;
	return bel_code_segment(&log->code, (uint32_t)block, (uint32_t)place, (uint32_t)items, err);
}

/* Reads the operand pages of a block's data items. */
static bool read_places(
	struct bel_token_log *log, struct bel_cursor *c, struct bel_block_operands *operands)
{
	uint64_t last = log->last_place;

	if (c->over || c->bad || operands->block >= log->code.blocks) {
		c->bad |= !c->over;
		return false;
	}
	for (uint32_t i = 0; i < log->code.block[operands->block].places; i++) {
		const uint64_t by = bel_cursor_number(c);

		operands->operand[i] =
			by ? last += (uint64_t)bel_cursor_signed(by - 1) : BEL_TOKEN_ABSENT;
	}
	if (c->over || c->bad)
		return false;
	log->last_place = last;
	return true;
}

static int read_phrase(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	const uint64_t entry = bel_cursor_number(c);
	struct bel_block_operands operands = {.block = (uint32_t)bel_cursor_number(c)};

	c->bad |= entry >= BEL_TOKEN_CACHE_ENTRIES;
	return read_places(log, c, &operands)
		       ? bel_code_define(&log->code, (uint32_t)entry, &operands, err)
		       : 0;
}

static int read_piece(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	struct bel_block_operands operands = {.block = (uint32_t)bel_cursor_number(c)};
	const uint32_t from = (uint32_t)bel_cursor_number(c), to = (uint32_t)bel_cursor_number(c);

	return read_places(log, c, &operands) ? bel_code_piece(&log->code, &operands, from, to, err)
					      : 0;
}

/* Whether the references so far should be taken before the next token. */
static bool is_full(const struct bel_token_log *log)
{
	if (log->join.granule_bits)
		return bel_run_builder_full(log->join.builder);
	return log->join.batch->count + ITEMS_MOST > log->join.batch->capacity ||
	       log->join.batch->events.count > BEL_RUN_BUILDER_EVENTS;
}

/* A reference of the kernel may touch more granules than a block has room for. */
static int touch(struct bel_token_log *log, const struct bel_access *access, struct bel_err *err)
{
	const enum bel_kind kind = access->kind;
	uint64_t further, done = BEL_CODE_FURTHER;
	int r = bel_code_touch(&log->code, kind, access, log->first_byte, &further, err);

	for (; r > 0 && done < further; done += BEL_CODE_FURTHER) {
		const uint64_t left = further - done;

		if (is_full(log) && bel_token_log_take(log, false, err) < 0)
			return BEL_FAIL;
		if (bel_run_builder_reserve(log->join.builder, BEL_CODE_FURTHER, err) < 0)
			return BEL_FAIL;
		r = bel_code_further(&log->code, kind,
			(access->address >> log->join.granule_bits) + done + 1,
			left < BEL_CODE_FURTHER ? left : BEL_CODE_FURTHER, err);
	}
	return r < 0 ? r : 0;
}

static int read_kernel(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	const uint64_t writes = bel_cursor_number(c), address = bel_cursor_number(c),
		       bytes = bel_cursor_number(c);
	const struct bel_access access = {.address = address,
		.size = (uint32_t)bytes,
		.kind = writes ? BEL_KERNEL_STORE : BEL_KERNEL_LOAD};

	c->bad |= bytes == 0 || bytes >= 1u << 29 || bytes - 1 > UINT64_MAX - address;
	return c->over || c->bad ? 0 : touch(log, &access, err);
}

/* Reads one odd token; c is after its first byte. */
static int read_token(
	struct bel_token_log *log, uint8_t token, struct bel_cursor *c, struct bel_err *err)
{
	switch (token) {
	case BEL_TOKEN_BLOCK:
		return read_segment(log, c, err);
	case BEL_TOKEN_CACHE_BLOCK:
		return read_phrase(log, c, err);
	case BEL_TOKEN_PIECE:
		return read_piece(log, c, err);
	case BEL_TOKEN_KERNEL:
		return read_kernel(log, c, err);
	case BEL_TOKEN_PLACE:
	case BEL_TOKEN_ENTER:
	case BEL_TOKEN_RETURN:
	case BEL_TOKEN_RETURNS:
		return bel_token_stack(log, token, c, err);
	default:
		return bel_token_event(log, token, c, err);
	}
}

/*
 * Executes cached blocks while they are phrases of the open block and there is room for them. This
 * runs for each block of the program: what ends the loop is counted before it.
 */
static const uint8_t *execute_cached(
	struct bel_token_log *log, const uint8_t *p, const uint8_t *end)
{
	const struct bel_cached_block *const cached = log->code.cached;
	struct bel_run_builder *const builder = log->join.builder;
	struct bel_run_builder_end to = bel_run_builder_end(builder);
	const size_t room = bel_run_builder_room(builder), have = (size_t)(end - p) / 2;
	const uint8_t *const stop = p + 2 * (have < room ? have : room);

	if (!bel_run_builder_ready(builder))
		return p;
	while (p < stop && !(*p & 1)) {
		const struct bel_cached_block *const next = &cached[bel_token_entry(p)];

		/*
		 * Cache entries are far apart in memory. Any bytes may be here, also the extra
		 * ones after the window.
		 */
		__builtin_prefetch(&cached[bel_token_entry(p + BEL_TOKEN_AHEAD)]);
		if (!bel_run_builder_extend(&to, next) && !next->empty)
			break;
		p += 2;
	}
	bel_run_builder_set_end(builder, &to);
	return p;
}

/* Reads any one token at c. */
static int read_any(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	uint32_t entry;

	if (!log->begun && *c->p != BEL_TOKEN_BEGIN) {
		c->bad = true;
		return 0;
	}
	if (*c->p & 1) {
		c->p++;
		return read_token(log, c->p[-1], c, err);
	}
	if (c->end - c->p < 2) {
		c->over = true;
		return 0;
	}
	entry = bel_token_entry(c->p);
	c->p += 2;
	if (!bel_code_defined(&log->code, entry)) {
		c->bad = true;
		return 0;
	}
	return bel_code_again(&log->code, entry, err);
}

/* What follows belongs to this log. */
static int enter(struct bel_token_log *log, struct bel_err *err)
{
	if (log->join.builder->space == log->process.space)
		return 0;
	if (bel_token_log_take(log, true, err) < 0)
		return BEL_FAIL;
	bel_token_log_enter(log);
	return 0;
}

int bel_token_log_parse(struct bel_token_log *log, const uint8_t *data, size_t have, size_t *taken,
	struct bel_err *err)
{
	const uint8_t *p = data, *const end = data + have;

	*taken = 0;
	if (log->begun && enter(log, err) < 0)
		return BEL_FAIL;
	while (p < end) {
		struct bel_cursor c = {.end = end};
		int r;

		bel_code_look_at_regions(&log->code);
		if (!log->code.calls.tree)
			p = execute_cached(log, p, end);
		else if (log->join.granule_bits && bel_token_execute(log, &p, end, err) < 0)
			return BEL_FAIL;
		c.p = p;
		if (is_full(log)) {
			if (bel_token_log_take(log, false, err) < 0)
				return BEL_FAIL;
			continue;
		}
		if (p == end)
			break;
		r = read_any(log, &c, err);
		if (r < 0)
			return r;
		if (c.over)
			break;
		if (c.bad)
			return bel_fail(err, "pagegrind's stream is damaged: token 0x%02x", *p);
		p = c.p;
	}
	*taken = (size_t)(p - data);
	return bel_token_log_take(log, false, err);
}

int bel_token_log_fault(struct bel_token_log *log, const struct bel_event *fault,
	const struct bel_access *access, struct bel_err *err)
{
	struct bel_event event = *fault;

	if (!log->begun)
		return 0;
	event.space = log->process.space;
	/*
	 * The stack does not grow for this access: if it is near the stack, growing is what
	 * failed.
	 */
	log->code.stack_low = log->code.stack_high = 0;
	if (enter(log, err) < 0 || bel_token_log_add(log, &event, err) < 0)
		return BEL_FAIL;
	return touch(log, access, err);
}

int bel_token_log_exit(struct bel_token_log *log, uint64_t value, struct bel_err *err)
{
	if (!log->begun)
		return 0;
	if (enter(log, err) < 0)
		return BEL_FAIL;
	if (bel_token_log_event(log, BEL_EVENT_EXIT, value, NULL, err) < 0)
		return BEL_FAIL;
	return bel_token_log_take(log, true, err);
}
