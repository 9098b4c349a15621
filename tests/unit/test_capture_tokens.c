/* SPDX-License-Identifier: MIT */
/*
 * test_capture_tokens.c: pagegrind's tokens to runs and to exact references, in whatever
 * pieces they come; what is damaged is refused. Expected runs were folded by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_name.h"
#include "token_log.h"

struct bench {
	struct bel_run_builder builder;
	struct bel_access access[8192];
	struct bel_accesses batch;
	uint32_t spaces;
	struct bel_token_join join;
	struct bel_token_log *log;
	uint64_t kinds[BEL_KINDS], crossings;
	struct bel_expander expander;
	struct bel_call_tree calls;
	char told[4096]; /* what was taken, in words */
};

static const char *kind_letter = "ilsmKk";

/* Runs as "page:count+flags", events as "<name", exact references as "kind address,size". */
static void tell(struct bench *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(struct bench *b, const char *format, ...)
{
	const size_t have = strlen(b->told);
	va_list list;

	va_start(list, format);
	vsnprintf(b->told + have, sizeof(b->told) - have, format, list);
	va_end(list);
}

static void tell_events(
	struct bench *b, const struct bel_event *event, size_t count, size_t *next, size_t at)
{
	for (; *next < count && event[*next].at <= at; ++*next)
		tell(b, "<%s ", event_name(event[*next].type));
}

static int take(void *context, void *log_context, bool all, struct bel_err *err)
{
	struct bench *const b = context;
	struct bel_phrase_block block;
	struct bel_chunk chunk;
	struct bel_run *run;
	size_t next = 0, i;

	assert_ptr_equal(log_context, b);
	if (b->join.granule_bits == 0) {
		for (i = 0; i < b->batch.count; i++) {
			tell_events(b, b->batch.events.event, b->batch.events.count, &next, i);
			tell(b, "%c%llx,%u ", kind_letter[b->access[i].kind],
				(unsigned long long)b->access[i].address, b->access[i].size);
		}
		tell_events(b, b->batch.events.event, b->batch.events.count, &next, SIZE_MAX);
		b->batch.count = 0;
		bel_events_clear(&b->batch.events);
		return 0;
	}
	if (!all && !bel_run_builder_full(&b->builder))
		return 0;
	bel_run_builder_give(&b->builder, all, &block);
	chunk = block.all;
	run = calloc(chunk.count + 1, sizeof(*run));
	assert_non_null(run);
	assert_int_equal(bel_phrases_expand(&b->expander, &block, run, err), 0);
	for (i = 0; i < chunk.count; i++) {
		tell_events(b, chunk.events, chunk.event_count, &next, i);
		tell(b, "%u:%u%s%s%s%s ", run[i].page, bel_run_count(run[i]),
			run[i].info & BEL_RUN_FETCH ? "i" : "",
			run[i].info & BEL_RUN_DATA ? "d" : "",
			run[i].info & BEL_RUN_WRITE ? "w" : "",
			run[i].info & BEL_RUN_SPLIT ? "s" : "");
	}
	free(run);
	tell_events(b, chunk.events, chunk.event_count, &next, SIZE_MAX);
	for (int k = 0; k < BEL_KINDS; k++)
		b->kinds[k] += chunk.kinds[k];
	b->crossings += chunk.crossings;
	bel_run_builder_taken(&b->builder);
	return 0;
}

/* near_pages 0: without call stacks */
static void begin_stacks(struct bench *b, unsigned granule_bits, unsigned near_pages)
{
	struct bel_err err;

	memset(b, 0, sizeof(*b));
	assert_int_equal(bel_run_builder_init(&b->builder, &err), 0);
	assert_int_equal(bel_call_tree_init(&b->calls, near_pages, false, &err), 0);
	b->batch.access = b->access;
	b->batch.capacity = 8192;
	b->join = (struct bel_token_join){.granule_bits = granule_bits,
		.spaces = &b->spaces,
		.builder = &b->builder,
		.batch = &b->batch,
		.calls = near_pages ? &b->calls : NULL,
		.context = b,
		.take = take};
	b->log = bel_token_log_new(&b->join, b, &err);
	assert_non_null(b->log);
}

static void begin(struct bench *b, unsigned granule_bits)
{
	begin_stacks(b, granule_bits, 0);
}

static void finish(struct bench *b)
{
	bel_call_tree_release(&b->calls);
	bel_token_log_free(b->log);
	bel_run_builder_release(&b->builder);
	bel_expander_release(&b->expander);
	bel_events_release(&b->batch.events);
}

/* Feeds a stream in pieces of `step` bytes, as a pipe would give it. */
static int feed(struct bench *b, const uint8_t *stream, size_t size, size_t step)
{
	uint8_t window[4096 + 64] = {0};
	size_t have = 0, at = 0, taken;
	struct bel_err err;

	while (at < size) {
		const size_t n = size - at < step ? size - at : step;

		memcpy(window + have, stream + at, n);
		at += n;
		have += n;
		if (bel_token_log_parse(b->log, window, have, &taken, &err) < 0)
			return -1;
		have -= taken;
		memmove(window, window + taken, have);
	}
	return (int)have;
}

/* A stream in the making, as the tool would write it. */
struct stream {
	uint8_t byte[4096];
	size_t size;
	uint64_t granule, place; /* the last ones sent */
};

static void byte(struct stream *s, uint8_t value)
{
	assert_true(s->size < sizeof(s->byte));
	s->byte[s->size++] = value;
}

static void number(struct stream *s, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		byte(s, (uint8_t)(value | 0x80));
	byte(s, (uint8_t)value);
}

static void text(struct stream *s, const char *words)
{
	number(s, strlen(words));
	while (*words)
		byte(s, (uint8_t)*words++);
}

/* token and the numbers behind it, up to -1 */
static void token(struct stream *s, enum bel_token code, const int64_t *numbers)
{
	byte(s, (uint8_t)code);
	for (; *numbers >= 0; numbers++)
		number(s, (uint64_t)*numbers);
}

#define TOKEN(S, CODE, ...) token(S, CODE, (const int64_t[]){__VA_ARGS__, -1})

static void head(struct stream *s, unsigned granule_bits)
{
	memset(s, 0, sizeof(*s));
	for (int i = 0; i < BEL_TOKEN_MAGIC_BYTES; i++)
		byte(s, (uint8_t)BEL_TOKEN_MAGIC[i]);
	byte(s, BEL_TOKEN_VERSION);
	byte(s, (uint8_t)granule_bits);
	byte(s, 0);
	number(s, 7);
	number(s, 64);
	text(s, "3.19.0");
	text(s, "ls -l");
}

static void fetch(struct stream *s, uint64_t granule, uint64_t n)
{
	const int64_t by = (int64_t)(granule - s->granule);

	number(s, BEL_TOKEN_FETCH | n << 3);
	number(s, (uint64_t)by << 1 ^ (uint64_t)(by >> 63));
	s->granule = granule;
}

static void item(struct stream *s, enum bel_token_item type, uint64_t n)
{
	number(s, (uint64_t)type | n << 3);
}

static void place(struct stream *s, uint64_t place)
{
	const int64_t by = (int64_t)(place - s->place);

	number(s, ((uint64_t)by << 1 ^ (uint64_t)(by >> 63)) + 1);
	s->place = place;
}

static void again(struct stream *s, unsigned slot)
{
	byte(s, (uint8_t)(slot << 1));
	byte(s, (uint8_t)(slot >> 7));
}

/*
 * Segment 1, in granule 2: two fetches, a load, a fetch that crosses into granule 3, a
 * store that may not be made. Segment 2: three fetches in granule 3.
 */
static void make_folded(struct stream *s)
{
	head(s, 12);
	TOKEN(s, BEL_TOKEN_BLOCK, 1, 5);
	fetch(s, 2, 2);
	item(s, BEL_TOKEN_LOAD, 4);
	fetch(s, 2, 1);
	item(s, BEL_TOKEN_FURTHER, 1);
	item(s, BEL_TOKEN_STORE, 8);
	TOKEN(s, BEL_TOKEN_BLOCK, 2, 1);
	fetch(s, 3, 3);
	TOKEN(s, BEL_TOKEN_CACHE_BLOCK, 0, 1);
	place(s, 5 << 4 | 1);
	number(s, 0);
	TOKEN(s, BEL_TOKEN_CACHE_BLOCK, 300, 1);
	place(s, 2 << 4);
	place(s, 3 << 4);
	TOKEN(s, BEL_TOKEN_CACHE_BLOCK, 1, 2);
	again(s, 300);
	again(s, 1);
	again(s, 1);
	TOKEN(s, BEL_TOKEN_THREAD, 2);
	again(s, 1);
	TOKEN(s, BEL_TOKEN_PIECE, 1, 1, 3);
	place(s, 5 << 4);
	number(s, 0);
	TOKEN(s, BEL_TOKEN_KERNEL, 1, 5 * 4096 + 10, 2 * 4096);
	TOKEN(s, BEL_TOKEN_END, BEL_TOKEN_EXITED, 0);
}

static void phrases_are_folded(void **state)
{
	static struct bench b;
	struct stream s;
	struct bel_err err;

	(void)state;
	make_folded(&s);
	for (size_t step = 1; step <= s.size; step += step < 20 ? 1 : s.size - step) {
		begin(&b, 12);
		/* However small the blocks of phrases are, the runs are the same. */
		b.builder.most = step % 10;
		assert_int_equal(feed(&b, s.byte, s.size, step), 0);
		assert_true(bel_token_log_ending(b.log).whole);
		assert_string_equal(bel_token_log_version(b.log), "3.19.0");
		assert_int_equal(bel_token_log_exit(b.log, 0, &err), 0);
		assert_string_equal(b.told,
			"<start 0:2i 1:1d 2:1ds 0:1i 3:1is 0:4id 3:1is 3:4idw 0:4id 3:1is 3:7idw "
			"<thread 3:3i 0:1i 1:2dw 2:1dws 4:1dws <exit ");
		assert_int_equal(b.kinds[BEL_FETCH], 22);
		assert_int_equal(b.kinds[BEL_LOAD], 4);
		assert_int_equal(b.kinds[BEL_STORE], 2);
		assert_int_equal(b.kinds[BEL_KERNEL_STORE], 1);
		assert_int_equal(b.crossings, 6);
		finish(&b);
		if (step == s.size)
			break;
	}
}

/* Loops in one granule, and between two: a run that grows over many codes and blocks. */
static void a_run_grows_over_blocks(void **state)
{
	static struct bench b;
	struct stream s;
	struct bel_err err;

	(void)state;
	for (size_t most = 0; most < 12; most++) {
		head(&s, 12);
		TOKEN(&s, BEL_TOKEN_BLOCK, 1, 1);
		fetch(&s, 9, 3);
		TOKEN(&s, BEL_TOKEN_BLOCK, 2, 3);
		fetch(&s, 9, 1);
		item(&s, BEL_TOKEN_LOAD, 8);
		fetch(&s, 9, 1);
		TOKEN(&s, BEL_TOKEN_CACHE_BLOCK, 0, 1);
		TOKEN(&s, BEL_TOKEN_CACHE_BLOCK, 1, 2);
		place(&s, 7 << 4);
		for (int i = 0; i < 20; i++)
			again(&s, 0);
		again(&s, 1);
		again(&s, 1);
		TOKEN(&s, BEL_TOKEN_THREAD, 2);
		for (int i = 0; i < 5; i++)
			again(&s, 0);
		begin(&b, 12);
		b.builder.most = most;
		assert_int_equal(feed(&b, s.byte, s.size, s.size), 0);
		assert_int_equal(bel_token_log_exit(b.log, 0, &err), 0);
		assert_string_equal(
			b.told, "<start 0:4i 1:1d 0:62i 1:1d 0:2i 1:1d 0:1i <thread 0:15i <exit ");
		assert_int_equal(b.kinds[BEL_FETCH], 84);
		assert_int_equal(b.kinds[BEL_LOAD], 3);
		finish(&b);
	}
}

/* The largest count of a run; the next reference begins another. */
static void a_run_has_a_largest_count(void **state)
{
	static struct bench b;
	struct stream s;
	struct bel_err err;
	size_t repeat = ((size_t)BEL_RUN_COUNT_MAX / 65535) + 2;
	uint8_t code[2] = {0, 0};

	(void)state;
	head(&s, 12);
	TOKEN(&s, BEL_TOKEN_BLOCK, 1, 1);
	fetch(&s, 9, 65535);
	TOKEN(&s, BEL_TOKEN_CACHE_BLOCK, 0, 1);
	begin(&b, 12);
	assert_int_equal(feed(&b, s.byte, s.size, s.size), 0);
	for (size_t i = 1; i < repeat; i++)
		assert_int_equal(feed(&b, code, 2, 2), 0);
	assert_int_equal(bel_token_log_exit(b.log, 0, &err), 0);
	/* 4096 times 65,535 fit. */
	assert_string_equal(b.told, "<start 0:268431360i 0:131070i <exit ");
	assert_int_equal(b.kinds[BEL_FETCH], 65535 * repeat);
	finish(&b);
}

static void exact_references_keep_address_and_size(void **state)
{
	static struct bench b;
	struct stream s;

	(void)state;
	head(&s, 0);
	TOKEN(&s, BEL_TOKEN_BLOCK, 1, 3);
	fetch(&s, 0x1000, 3);
	item(&s, BEL_TOKEN_LOAD, 8);
	item(&s, BEL_TOKEN_MODIFY, 4);
	TOKEN(&s, BEL_TOKEN_CACHE_BLOCK, 5, 1);
	place(&s, 0x2000);
	place(&s, 0x3000);
	again(&s, 5);
	TOKEN(&s, BEL_TOKEN_PIECE, 1, 1, 2);
	place(&s, 0x4000);
	number(&s, 0);
	begin(&b, 0);
	assert_int_equal(feed(&b, s.byte, s.size, s.size), 0);
	assert_false(bel_token_log_ending(b.log).whole);
	assert_string_equal(
		b.told, "<start i1000,3 l2000,8 m3000,4 i1000,3 l2000,8 m3000,4 l4000,8 ");
	finish(&b);
}

static void the_stack_grows_with_the_first_touch(void **state)
{
	static struct bench b;
	struct stream s;

	(void)state;
	head(&s, 12);
	TOKEN(&s, BEL_TOKEN_IMAGE, 0x9000, 0x1000,
		BEL_TOKEN_READ | BEL_TOKEN_WRITE | BEL_TOKEN_STACK, 0);
	text(&s, "");
	TOKEN(&s, BEL_TOKEN_BLOCK, 1, 2);
	fetch(&s, 100, 1);
	item(&s, BEL_TOKEN_STORE, 8);
	for (int i = 0; i < 2; i++) {
		TOKEN(&s, BEL_TOKEN_CACHE_BLOCK, 0, 1);
		place(&s, 6 << 4);
	}
	begin(&b, 12);
	assert_int_equal(feed(&b, s.byte, s.size, s.size), 0);
	assert_int_equal(take(&b, &b, true, NULL), 0);
	assert_string_equal(b.told, "<start <map 0:1i <grow 1:1dw 0:1i 1:1dw ");
	finish(&b);
}

static void a_new_program_is_a_new_space(void **state)
{
	static struct bench b;
	struct stream s, more;

	(void)state;
	make_folded(&s);
	make_folded(&more);
	memcpy(s.byte + s.size, more.byte, more.size);
	begin(&b, 12);
	assert_int_equal(feed(&b, s.byte, s.size + more.size, 100), 0);
	assert_int_equal(take(&b, &b, true, NULL), 0);
	/* Pages of the first program are not those of the second. */
	assert_non_null(strstr(b.told, " <exec 5:2i 6:1d 7:1ds 5:1i 8:1is "));
	assert_int_equal(b.spaces, 2);
	finish(&b);
}

/* Whatever a byte becomes: an error, or a stream; never more than what it says. */
/* A parent that was killed has told nobody of its child. */
static void a_child_without_a_parent_begins_by_itself(void **state)
{
	static struct bench b;
	struct stream s;

	(void)state;
	make_folded(&s);
	s.byte[BEL_TOKEN_MAGIC_BYTES + 2] = BEL_TOKEN_FORKED;
	begin(&b, 12);
	assert_int_equal(feed(&b, s.byte, s.size, 100), 0);
	assert_int_equal(take(&b, &b, true, NULL), 0);
	assert_int_equal(strncmp(b.told, "<start ", 7), 0);
	assert_int_equal(b.spaces, 1);
	finish(&b);
}

static void damage_is_survived(void **state)
{
	static struct bench b;
	struct stream s;
	int refused = 0;

	(void)state;
	make_folded(&s);
	for (size_t i = 0; i < s.size; i++) {
		const uint8_t was = s.byte[i];

		for (int bit = 0; bit < 8; bit++) {
			s.byte[i] = was ^ (uint8_t)(1 << bit);
			begin(&b, 12);
			refused += feed(&b, s.byte, s.size, 64) < 0;
			finish(&b);
		}
		s.byte[i] = was;
	}
	/* At least the magic, the version and the granule, each of their bits. */
	assert_true(refused >= 80);
}

static void what_was_not_described_is_refused(void **state)
{
	static const struct {
		uint8_t bytes[8];
		size_t size;
	} wrong[] = {
		{{BEL_TOKEN_BLOCK, 0, 0}, 3},                         /* a block of nothing */
		{{BEL_TOKEN_BLOCK, 0, 1, 0x80, 0x80, 0x20, 0}, 7},    /* too many fetches */
		{{BEL_TOKEN_BLOCK, 0x80, 0x80, 0x80, 8, 1, 8, 0}, 8}, /* too many blocks */
		{{BEL_TOKEN_KERNEL, 0, 0, 0}, 4},                     /* no bytes */
		{{0, 0}, 2},                                          /* an empty slot */
		{{BEL_TOKEN_CACHE_BLOCK, 0, 9}, 3},                   /* no such block */
		{{BEL_TOKEN_CACHE_BLOCK, 0x80, 0x80, 2, 1}, 5},       /* no such slot */
		{{0x7f, 0}, 2},                                       /* no such token */
		{{BEL_TOKEN_BLOCK, 1, 1, 0x0f}, 4},                   /* no such item */
	};
	static struct bench b;
	struct stream s;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		head(&s, 12);
		for (size_t k = 0; k < wrong[i].size; k++)
			byte(&s, wrong[i].bytes[k]);
		begin(&b, 12);
		assert_int_equal(feed(&b, s.byte, s.size, s.size), -1);
		finish(&b);
	}
}

static void code_place(struct stream *s, unsigned place, const char *words)
{
	TOKEN(s, BEL_TOKEN_PLACE, place, 0x1000);
	text(s, words);
}

/* Block 1 is in main(), in granule 2; block 2 in f(), in granule 3; both load. */
static void head_stacks(struct stream *s)
{
	head(s, 12);
	s->byte[BEL_TOKEN_MAGIC_BYTES + 2] = BEL_TOKEN_STACKS;
	code_place(s, 1, "main\tm.c:1\tm");
	code_place(s, 2, "f\tm.c:9\tm");
	TOKEN(s, BEL_TOKEN_BLOCK, 1, 1, 2);
	fetch(s, 2, 2);
	item(s, BEL_TOKEN_LOAD, 4);
	TOKEN(s, BEL_TOKEN_BLOCK, 2, 2, 2);
	fetch(s, 3, 1);
	item(s, BEL_TOKEN_LOAD, 4);
}

/*
 * With two near pages: granules 2, 5 (far), f's 3 (far) and 5, again 3 and 5 (near), main's 2 (far)
 * and 5. A stack is told where it is another one than before.
 */
static void stacks_stand_before_far_pages(void **state)
{
	static struct bench b;
	struct stream s;
	struct bel_err err;

	(void)state;
	head_stacks(&s);
	TOKEN(&s, BEL_TOKEN_CACHE_BLOCK, 0, 1);
	place(&s, 5 << 4);
	TOKEN(&s, BEL_TOKEN_ENTER, 1);
	TOKEN(&s, BEL_TOKEN_CACHE_BLOCK, 1, 2);
	place(&s, 5 << 4);
	again(&s, 1);
	byte(&s, BEL_TOKEN_RETURN);
	again(&s, 0);
	for (size_t step = 1; step <= s.size; step++) {
		begin_stacks(&b, 12, 2);
		assert_int_equal(feed(&b, s.byte, s.size, step), 0);
		assert_int_equal(bel_token_log_exit(b.log, 0, &err), 0);
		assert_string_equal(b.told,
			"<start <frame <stack 0:2i 1:1d <frame <stack 2:1i 1:1d 2:1i 1:1d <stack "
			"0:2i 1:1d <exit ");
		assert_int_equal(b.calls.nodes, 2);
		finish(&b);
	}
}

static void wrong_stacks_are_refused(void **state)
{
	static struct bench b;
	struct stream s;

	(void)state;
	for (int i = 0; i < 5; i++) {
		head_stacks(&s);
		if (i == 0)
			byte(&s, BEL_TOKEN_RETURN); /* from no call */
		if (i == 1)
			TOKEN(&s, BEL_TOKEN_ENTER, 3); /* from a place that is not described */
		if (i == 2) {
			TOKEN(&s, BEL_TOKEN_ENTER, 1);
			TOKEN(&s, BEL_TOKEN_RETURNS, 2);
		}
		if (i == 3)
			code_place(&s, 0, "no place has this number");
		/* Its head announces call stacks that nobody asked for. */
		begin_stacks(&b, 12, i == 4 ? 0 : 2);
		assert_int_equal(feed(&b, s.byte, s.size, s.size), -1);
		finish(&b);
	}
	head(&s, 12);
	byte(&s, BEL_TOKEN_RETURN);
	begin(&b, 12);
	assert_int_equal(feed(&b, s.byte, s.size, s.size), -1);
	finish(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phrases_are_folded),
		cmocka_unit_test(stacks_stand_before_far_pages),
		cmocka_unit_test(wrong_stacks_are_refused),
		cmocka_unit_test(a_run_grows_over_blocks),
		cmocka_unit_test(a_run_has_a_largest_count),
		cmocka_unit_test(exact_references_keep_address_and_size),
		cmocka_unit_test(the_stack_grows_with_the_first_touch),
		cmocka_unit_test(a_new_program_is_a_new_space),
		cmocka_unit_test(a_child_without_a_parent_begins_by_itself),
		cmocka_unit_test(damage_is_survived),
		cmocka_unit_test(what_was_not_described_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
