/* SPDX-License-Identifier: MIT */
/*
 * test_policy_helpers.c: what lib/api lends to policies: exponentials against the mathematical
 * library, random numbers against published ones, the rest against orders worked by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "draws.h"
#include "frame_slots.h"
#include "frequency.h"
#include "generations.h"
#include "load_classes.h"
#include "page_log.h"
#include "page_ranges.h"
#include "regret.h"
#include "scan.h"

#define PAGES 8
#define MANY_PAGES 100000 /* more than one `whole` of load_classes.h */

/* A host that gives page arrays and forgets them; the test frees what it knows. */
static int give_array(void *host, void *array, size_t width)
{
	void *memory = calloc(PAGES, width);

	(void)host;
	assert_non_null(memory);
	*(void **)array = memory;
	return 0;
}

static const struct bel_env env = {
	.size = sizeof(env), .page_array = give_array, .page_list = give_array};

static void test_exponential(void **state)
{
	(void)state;
	assert_true(bel_exp_minus(0) == 1);
	assert_true(bel_exp_minus(700) == 0);
	for (int i = 0; i < 7000; i++)
		assert_true(fabs(bel_exp_minus(i / 10.) / exp(-i / 10.) - 1) < 1e-8);
}

/* What the authors' reference program of splitmix64 prints for the seed 0. */
static void test_random(void **state)
{
	uint64_t seed = 0;

	(void)state;
	assert_int_equal(bel_random_next(&seed), UINT64_C(0xe220a8397b1dcdaf));
	assert_int_equal(bel_random_next(&seed), UINT64_C(0x6e789e6aa1b965f4));
	assert_int_equal(bel_random_next(&seed), UINT64_C(0x06c45d188009454f));
	for (int i = 0; i < 1000; i++)
		assert_true(bel_random_below(&seed, 3) < 3);
}

static void refer(struct bel_frequency *often, uint32_t page, uint32_t n, uint64_t time)
{
	bel_frequency_refer(often, page, n, time);
	if (often->use[page].count == n)
		bel_frequency_enter(often, page);
}

/* Pages 1 and 2 get two references, 3 and 4 one each: in this order of last use. */
static void test_frequency(void **state)
{
	const uint32_t order[2][4] = {{3, 4, 1, 2}, {4, 3, 2, 1}};

	(void)state;
	for (int latest_first = 0; latest_first < 2; latest_first++) {
		struct bel_frequency often;

		bel_frequency_create(&often, &env, latest_first);
		assert_int_equal(bel_frequency_least(&often), UINT32_MAX);
		refer(&often, 1, 1, 0);
		refer(&often, 2, 1, 1);
		refer(&often, 1, 1, 2);
		refer(&often, 2, 1, 3);
		refer(&often, 3, 1, 4);
		refer(&often, 4, 1, 5);
		for (int i = 0; i < 4; i++) {
			assert_int_equal(bel_frequency_least(&often), order[latest_first][i]);
			bel_frequency_leave(&often, order[latest_first][i]);
		}
		free(often.heap.entry);
		free(often.heap.place);
		free(often.use);
	}
}

/* 5, 6, 7 in frames 0, 1, 2; when 5 is dropped 7 moves to frame 0, and 4 takes frame 2. */
static void test_seats(void **state)
{
	struct bel_frame_slots slots;

	(void)state;
	bel_frame_slots_create(&slots, &env);
	for (uint32_t page = 5; page < 8; page++)
		bel_frame_slots_take(&slots, slots.used++, page);
	bel_frame_slots_drop(&slots, 5);
	assert_int_equal(slots.used, 2);
	assert_int_equal(slots.page[0], 7);
	assert_int_equal(slots.page[1], 6);
	bel_frame_slots_take(&slots, slots.used++, 4);
	assert_int_equal(slots.page[2], 4);
	bel_frame_slots_drop(&slots, 4);
	assert_int_equal(slots.used, 2);
	bel_frame_slots_take(&slots, 1, 4);
	assert_int_equal(slots.page[1], 4);
	assert_int_equal(slots.frame[4], 1);
	free(slots.page);
	free(slots.frame);
}

/* 0.5 is halved: 0.25 and 0.5 of 0.75. Then the first is all but lost. */
static void test_regret(void **state)
{
	struct bel_regret trust;

	(void)state;
	bel_regret_init(&trust);
	bel_regret_punish(&trust, 0, BEL_LN_2);
	assert_true(fabs(trust.weight[0] - 1.0 / 3) < 1e-8);
	assert_true(fabs(trust.weight[1] - 2.0 / 3) < 1e-8);
	bel_regret_punish(&trust, 0, 20);
	assert_true(trust.weight[1] == BEL_REGRET_MAX);
	assert_true(fabs(trust.weight[0] - 0.01) < 1e-8);
}

/*
 * r = sqrt(2 x 0.6931 / 1000) = 0.03723, 37 thousandths more than nothing. 500 hits per thousand,
 * 500 more: r grows by 37/1000 of itself, to 0.03861, 39 thousandths. 400 hits, 100 fewer:
 * r shrinks by 2/1000 of itself.
 */
static void test_rate(void **state)
{
	struct bel_rate rate;
	uint64_t seed = 1;
	const double first = sqrt(2 * log(2) / 1000), second = first * 1.037;

	(void)state;
	bel_rate_init(&rate, 1000);
	assert_true(fabs(rate.r - first) < 1e-12);
	bel_rate_pass(&rate, &seed, 0, 500, 1);
	bel_rate_pass(&rate, &seed, 500, 499, 0);
	assert_true(fabs(rate.r - first) < 1e-12);
	bel_rate_pass(&rate, &seed, 999, 1, 0);
	assert_true(fabs(rate.r - second) < 1e-12);
	bel_rate_pass(&rate, &seed, 1000, 600, 0);
	bel_rate_pass(&rate, &seed, 1600, 400, 1);
	assert_true(fabs(rate.r - second * 0.998) < 1e-12);
}

/* Ten periods without a hit: the rate begins anew. One run may be many periods. */
static void test_rate_resets(void **state)
{
	struct bel_rate rate;
	uint64_t seed = 1;

	(void)state;
	bel_rate_init(&rate, 10);
	rate.r = 0.5;
	rate.before = 0.5;
	bel_rate_pass(&rate, &seed, 0, 90, 0);
	assert_true(rate.r == 0.5);
	bel_rate_pass(&rate, &seed, 90, 10, 0);
	assert_true(rate.r == rate.reset);
	assert_true(fabs(rate.reset - sqrt(2 * log(2) / 10)) < 1e-12);
}

static int give_large_array(void *host, void *array, size_t width)
{
	void *memory = calloc(MANY_PAGES, width);

	(void)host;
	assert_non_null(memory);
	*(void **)array = memory;
	return 0;
}

static int give_count(void *host, uint32_t *count)
{
	(void)host;
	*count = MANY_PAGES;
	return 0;
}

/* What load_classes.h should hold: pages in order of loading, and the class of each. */
static uint32_t order[MANY_PAGES], loaded;
static uint8_t class_of[MANY_PAGES], bits_of[MANY_PAGES];

static uint32_t members(int class)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < loaded; i++)
		count += class_of[order[i]] == class;
	return count;
}

static uint32_t member(int class, uint32_t k)
{
	uint32_t i = 0;

	while (class_of[order[i]] != class || k--)
		i++;
	return order[i];
}

static void forget(uint32_t page)
{
	uint32_t i = 0;

	while (order[i] != page)
		i++;
	memmove(&order[i], &order[i + 1], (--loaded - i) * sizeof(*order));
}

static void check_classes(const struct bel_load_classes *loads, uint64_t *seed)
{
	for (int class = 0; class < BEL_LOAD_CLASSES; class ++) {
		const uint32_t count = members(class);

		assert_int_equal(loads->count[class], count);
		for (int i = 0; count && i < 3; i++) {
			const uint32_t k = bel_random_below(seed, count);

			assert_int_equal(bel_load_classes_find(loads, class, k), member(class, k));
		}
	}
}

static void lower(struct bel_load_classes *loads)
{
	struct bel_decision out = {.state = bits_of, .pages = MANY_PAGES};

	memset(bits_of, BEL_PAGE_ACCESSED, sizeof(bits_of));
	bel_load_classes_lower(loads, &out);
	for (uint32_t i = 0; i < loaded; i++) {
		assert_int_equal(bel_accessed(&out, order[i]), class_of[order[i]] < 2);
		class_of[order[i]] &= 1;
	}
}

/* Random loads, moves and removals, against a list. Pages leave and return, so positions move up. */
static void test_load_classes(void **state)
{
	struct bel_env many = {
		.size = sizeof(many),
		.page_array = give_large_array,
		.page_list = give_large_array,
		.page_count = give_count,
	};
	struct bel_load_classes loads = {.end = 0};
	uint64_t seed = 7;

	(void)state;
	bel_load_classes_create(&loads, &many);
	for (uint32_t page = 0; page < 70000; page++) {
		order[loaded++] = page;
		class_of[page] = (uint8_t)bel_random_below(&seed, 4);
		bel_load_classes_push(&loads, page, class_of[page]);
	}
	for (int step = 0; step < 3000; step++) {
		const uint32_t page = order[bel_random_below(&seed, loaded)];
		const int class = (int)bel_random_below(&seed, 4);

		class_of[page] = (uint8_t) class;
		bel_load_classes_move(&loads, page, class);
		if (step % 3 == 0) {
			forget(page);
			bel_load_classes_remove(&loads, page);
		}
		if (step % 300 == 0)
			check_classes(&loads, &seed);
		if (step % 1000 == 999)
			lower(&loads);
	}
	/* All leave but some, and return: the gaps are closed, more than once. */
	while (loaded > 1000) {
		bel_load_classes_remove(&loads, order[--loaded]);
	}
	for (uint32_t page = 80000; page < 90000; page++) {
		bel_load_classes_remove(&loads, order[0]);
		memmove(order, order + 1, --loaded * sizeof(*order));
		order[loaded++] = page;
		class_of[page] = page % 4;
		bel_load_classes_push(&loads, page, class_of[page]);
		assert_true(loads.end <= 70000);
	}
	check_classes(&loads, &seed);
	assert_true(loads.end < 3000);
	for (void **array = (void *[]){loads.page, loads.at, loads.class, loads.block, loads.part,
		     loads.whole, NULL};
		*array; array++)
		free(*array);
}

/* Every byte, at every distance from the words that are read at once. */
static void test_scan_next(void **state)
{
	struct bel_decision out = {.state = bits_of, .pages = 203};

	(void)state;
	for (uint32_t page = 0; page < out.pages; page++) {
		memset(bits_of, 0xff & ~BEL_PAGE_ACCESSED, out.pages);
		bits_of[out.pages] = BEL_PAGE_ACCESSED;
		assert_int_equal(bel_scan_next(&out, 0), BEL_NO_PAGE);
		bits_of[page] = BEL_PAGE_ACCESSED;
		for (uint32_t from = 0; from <= page; from++)
			assert_int_equal(bel_scan_next(&out, from), page);
		assert_int_equal(bel_scan_next(&out, page + 1), BEL_NO_PAGE);
		for (uint32_t end = 0; end <= out.pages; end++)
			assert_int_equal(
				bel_scan_next_below(&out, 0, end), page < end ? page : BEL_NO_PAGE);
	}
}

/* The same numbers as one by one, whether drawn ahead or not, and whatever was drawn ahead. */
static void test_draws(void **state)
{
	struct bel_draws ahead = {.count = 0};
	uint64_t seed = 3, plain = 3;

	(void)state;
	for (uint32_t round = 0; round < 300; round++) {
		const uint32_t bound = 100 + round / 100, n = 1 + round / 50;
		const uint32_t *drawn;

		if (round % 2)
			bel_draws_ahead(&ahead, seed, bound - round % 3 / 2, n, bits_of, 1);
		drawn = bel_draws_take(&ahead, &seed, bound, n);
		for (uint32_t i = 0; i < n; i++)
			assert_int_equal(drawn[i], bel_random_below(&plain, bound));
		assert_true(seed == plain);
	}
}

/* A page that is replaced: the rest keeps its order. */
static void test_heap_replace(void **state)
{
	struct bel_heap heap;
	uint32_t page = 0;

	(void)state;
	bel_heap_create(&heap, &env);
	for (uint32_t i = 0; i < 6; i++)
		bel_heap_set(&heap, i, (struct bel_key){10 * (uint64_t)i, 0});
	bel_heap_replace(&heap, 0, 6, (struct bel_key){35, 0});
	bel_heap_replace(&heap, 5, 7, (struct bel_key){5, 0});
	assert_false(bel_heap_has(&heap, 0));
	for (int i = 0; i < 6; i++) {
		const uint32_t expected[] = {7, 1, 2, 3, 6, 4};

		assert_true(bel_heap_least(&heap, &page));
		assert_int_equal(page, expected[i]);
		bel_heap_remove(&heap, page);
	}
	free(heap.entry);
	free(heap.place);
}

/* Places of pages are kept from the first removal on. Keys 10 x page: 0, 1 and 3 leave. */
static void test_heap_top(void **state)
{
	struct bel_heap heap;
	uint32_t page = BEL_NO_PAGE;

	(void)state;
	bel_heap_create_top(&heap, &env);
	for (uint32_t i = 0; i < 6; i++)
		bel_heap_add(&heap, i, (struct bel_key){10 * (uint64_t)i, 0});
	bel_heap_replace_least(&heap, 6, (struct bel_key){45, 0});
	assert_int_equal(heap.placed, 0);
	bel_heap_remove(&heap, 3);
	bel_heap_remove(&heap, 3);
	bel_heap_remove(&heap, 1);
	bel_heap_add(&heap, 7, (struct bel_key){5, 0});
	for (int i = 0; i < 5; i++) {
		static const uint32_t order[] = {7, 2, 4, 6, 5};

		assert_true(bel_heap_least(&heap, &page));
		assert_int_equal(page, order[i]);
		bel_heap_remove(&heap, page);
	}
	assert_false(bel_heap_least(&heap, &page));
	free(heap.entry);
	free(heap.place);
}

/* Pages 0, 1, ... enter at the head. Behind the tail, 0, is 1, and 2 once 0 was taken off. */
static void test_list_fetch_behind(void **state)
{
	static struct bel_link link[BEL_LIST_FAR + 1];
	struct bel_list list;

	(void)state;
	bel_list_init(&list);
	for (uint32_t page = 0; page < BEL_LIST_FAR; page++) {
		assert_int_equal(bel_list_fetch_behind(&list, link), BEL_NO_PAGE);
		bel_list_push(&list, link, page);
	}
	assert_int_equal(bel_list_fetch_behind(&list, link), 1);
	bel_list_push(&list, link, BEL_LIST_FAR);
	bel_list_remove(&list, link, 0);
	assert_int_equal(bel_list_fetch_behind(&list, link), 2);
	bel_list_remove(&list, link, 1);
	assert_int_equal(bel_list_fetch_behind(&list, link), BEL_NO_PAGE);
}

/* Two elements of each page, 2 page and 2 page + 1: all of 6 pages enter, in turns, and leave. */
static void test_recency_of_two(void **state)
{
	struct bel_env env = {.size = sizeof(env),
		.page_array = give_large_array,
		.page_list = give_large_array,
		.page_count = give_count};
	struct bel_recency recency;
	uint32_t oldest = BEL_NO_PAGE;

	(void)state;
	bel_recency_create_width(&recency, &env, 2);
	recency.pages = 6; /* the log has 24 entries: it is full once */
	for (uint32_t turn = 0; turn < 3; turn++)
		for (uint32_t i = 0; i < 12; i++)
			bel_recency_touch(&recency, turn == 1 ? 11 - i : i);
	assert_int_equal(recency.end, 24);
	for (uint32_t i = 0; i < 12; i++) {
		assert_int_equal(bel_recency_oldest(&recency, &oldest), 1);
		assert_int_equal(oldest, i);
		bel_recency_forget(&recency, oldest);
	}
	assert_int_equal(bel_recency_oldest(&recency, &oldest), 0);
	free(recency.log);
	free(recency.at);
}

static struct bel_page_log create_log(uint32_t pages)
{
	struct bel_page_log log = {.order = {.pages = pages}};

	log.order.log = calloc((size_t)pages * BEL_RECENCY_SLACK, sizeof(*log.order.log));
	log.order.at = calloc(pages, sizeof(*log.order.at));
	assert_true(log.order.log && log.order.at);
	return log;
}

static void free_log(struct bel_page_log *log)
{
	free(log->order.log);
	free(log->order.at);
}

/* What show() tells: the pages in order, and of each after it whether its accessed bit is set. */
struct shown {
	uint32_t page[PAGES], pages, bits, accessed;
};

static void show_page(void *host, uint32_t page, enum bel_show_by by)
{
	struct shown *shown = host;

	assert_int_equal(by, BEL_SHOW_OTHER);
	assert_true(shown->pages < PAGES);
	shown->page[shown->pages++] = page;
}

static void show_bit(void *host, uint32_t page, int bit)
{
	struct shown *shown = host;

	assert_int_equal(page, shown->page[shown->bits++]);
	shown->accessed |= (uint32_t)bit << page;
}

/* 5, 0, 7, 2 enter. 0 leaves and comes back, 7 leaves: 5, 2, 0 are left, and go in this order. */
static void test_page_log(void **state)
{
	const uint8_t bits[PAGES] = {[0] = BEL_PAGE_ACCESSED, [5] = BEL_PAGE_ACCESSED};
	const uint32_t enters[] = {5, 0, 7, 2}, order[] = {5, 2, 0};
	struct bel_page_log log;
	struct shown shown = {.pages = 0};
	struct bel_show show = {.host = &shown, .state = bits, .order = show_page, .bit = show_bit};

	(void)state;
	bel_page_log_create(&log, &(struct bel_env){.size = sizeof(struct bel_env),
					  .page_array = give_large_array,
					  .page_list = give_large_array,
					  .page_count = give_count});
	assert_int_equal(log.count, 0);
	for (int i = 0; i < 4; i++)
		bel_page_log_enter(&log, enters[i]);
	bel_page_log_remove(&log, 0);
	bel_page_log_remove(&log, 7);
	bel_page_log_enter(&log, 0);
	assert_int_equal(log.count, 3);
	bel_page_log_show(&log, &show);
	assert_int_equal(shown.pages, 3);
	assert_memory_equal(shown.page, order, sizeof(order));
	assert_int_equal(shown.bits, 3);
	assert_int_equal(shown.accessed, 1 << 0 | 1 << 5);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(bel_page_log_take(&log), order[i]);
		assert_int_equal(log.count, 2 - i);
	}
	free_log(&log);
}

/* Random operations on few pages, against a list; the log is full now and then. */
static void test_page_log_random(void **state)
{
	enum { LOG_PAGES = 50, STEPS = 100000 };
	struct bel_page_log log = create_log(LOG_PAGES);
	static uint8_t in_log[LOG_PAGES];
	uint64_t seed = 7;
	uint32_t compacted = 0;

	(void)state;
	loaded = 0;
	for (uint32_t i = 0; i < STEPS; i++) {
		const uint32_t page = bel_random_below(&seed, LOG_PAGES), end = log.order.end;

		if (!in_log[page]) {
			bel_page_log_enter(&log, page);
			order[loaded++] = page;
			in_log[page] = 1;
			compacted += log.order.end <= end;
		} else if (bel_random_below(&seed, 4) == 0) {
			bel_page_log_remove(&log, page);
			forget(page);
			in_log[page] = 0;
		} else if (bel_random_below(&seed, 2) == 0) {
			const uint32_t oldest = order[0];

			assert_int_equal(bel_page_log_take(&log), oldest);
			forget(oldest);
			in_log[oldest] = 0;
		}
		assert_int_equal(log.count, loaded);
		/* So few pages are in the cache. */
		assert_int_equal(bel_page_log_soon(&log), BEL_NO_PAGE);
	}
	assert_true(compacted > 100);
	while (loaded) {
		assert_int_equal(bel_page_log_take(&log), order[0]);
		forget(order[0]);
	}
	assert_int_equal(log.count, 0);
	free_log(&log);
}

/* Pages 100, 101, ...: the one soon taken is BEL_RECENCY_AHEAD behind the oldest, if it is there. */
static void test_page_log_soon(void **state)
{
	struct bel_page_log log = create_log(BEL_RECENCY_FAR);

	(void)state;
	for (uint32_t i = 0; i < BEL_RECENCY_AHEAD + 3; i++) {
		assert_int_equal(bel_page_log_soon(&log),
			i <= BEL_RECENCY_AHEAD ? BEL_NO_PAGE : 100 + BEL_RECENCY_AHEAD);
		bel_page_log_enter(&log, 100 + i);
	}
	for (uint32_t i = 0; i < BEL_RECENCY_AHEAD + 3; i++) {
		assert_int_equal(bel_page_log_take(&log), 100 + i);
		/* A page leaves the log when the next one is looked for. */
		assert_int_equal(
			bel_page_log_soon(&log), i < 3 ? 100 + i + BEL_RECENCY_AHEAD : BEL_NO_PAGE);
	}
	free_log(&log);
}

/* Ranges 5 to 7 and 0 alone; then without the first. */
static void test_page_ranges(void **state)
{
	struct bel_ranges ranges = {.used = 0};

	(void)state;
	assert_false(bel_ranges_near(&ranges, 0));
	bel_ranges_set(&ranges, 0, 5, 7);
	bel_ranges_set(&ranges, 1, 0, 0);
	assert_int_equal(ranges.used, 2);
	assert_int_equal(bel_ranges_pages(&ranges, 0), 3);
	assert_int_equal(bel_ranges_high(&ranges, 0), 7);
	for (uint32_t page = 0; page < 12; page++) {
		assert_int_equal(bel_ranges_has(&ranges, 0, page), page >= 5 && page <= 7);
		assert_int_equal(bel_ranges_has(&ranges, 1, page), page == 0);
		assert_int_equal(
			bel_ranges_near(&ranges, page), page < 2 || (page > 3 && page < 9));
	}
	bel_ranges_clear(&ranges, 0);
	assert_int_equal(ranges.used, 2);
	for (uint32_t page = 0; page < 12; page++)
		assert_int_equal(bel_ranges_near(&ranges, page), page < 2);
}

/* All keys become others, and the pages leave in order. */
static void drain(struct bel_heap *heap, struct bel_key *key, uint64_t seed)
{
	struct bel_key before = {0, 0};
	uint32_t page = 0;

	for (uint32_t at = 0; at < heap->size; at++) {
		page = heap->entry[at].page;
		key[page] = (struct bel_key){1 + bel_random_below(&seed, 1000), page};
		heap->entry[at].key = key[page];
	}
	bel_heap_mend(heap);
	for (; bel_heap_least(heap, &page); before = key[page]) {
		assert_true(bel_key_less(before, key[page]));
		bel_heap_remove(heap, page);
		assert_false(bel_heap_has(heap, page));
	}
	assert_int_equal(heap->size, 0);
}

/*
 * Random operations on a heap: its least page is the one that a scan of all keys finds. It grows
 * so large that most of its entries are far.
 */
static void test_heap_random(void **state)
{
	enum { HEAP_PAGES = 100000, STEPS = 100000 };
	static struct bel_key key[2 * HEAP_PAGES];
	struct bel_heap heap = {.bound = BEL_HEAP_NO_BOUND};
	uint64_t seed = 1;
	uint32_t page = 0;

	(void)state;
	heap.entry = calloc(2 * HEAP_PAGES, sizeof(*heap.entry));
	heap.place = calloc(2 * HEAP_PAGES, sizeof(*heap.place));
	assert_true(heap.entry && heap.place);
	for (uint32_t i = 0; i < STEPS; i++) {
		const uint32_t at = bel_random_below(&seed, HEAP_PAGES);
		const struct bel_key old = key[at];

		key[at] = (struct bel_key){1 + bel_random_below(&seed, 1000), i + 1};
		if (old.major && bel_key_less(key[at], old))
			bel_heap_lower(&heap, at, key[at]);
		else
			bel_heap_set(&heap, at, key[at]);
		if (i % 4 == 3) {
			const uint32_t enters = HEAP_PAGES + i / 4;

			assert_true(bel_heap_least(&heap, &page));
			key[enters] = (struct bel_key){1 + bel_random_below(&seed, 1000), i + 1};
			bel_heap_replace(&heap, page, enters, key[enters]);
			key[page].major = 0;
		}
		if (i % 8 == 1) {
			assert_true(bel_heap_least(&heap, &page));
			key[page].major += bel_random_below(&seed, 1000);
			bel_heap_set_least(&heap, key[page]);
		}
		if (i % 16 == 2) {
			bel_heap_remove(&heap, at);
			key[at].major = 0;
		}
		for (uint32_t p = 0; i % 10000 == 9999 && p < 2 * HEAP_PAGES; p++) {
			assert_true(bel_heap_least(&heap, &page));
			assert_true(bel_heap_has(&heap, p) == (key[p].major != 0));
			if (key[p].major)
				assert_false(bel_key_less(key[p], key[page]));
		}
	}
	assert_true(heap.near > 0 && heap.near < heap.size);
	drain(&heap, key, seed);
	free(heap.entry);
	free(heap.place);
}

/*
 * Pages 1 to 4 enter generation 3; 5 enters 4. Then 2 gets the number 4, which only a scan of the
 * oldest list turns into a place: behind 5.
 */
static void test_generations(void **state)
{
	struct bel_env env = {
		.size = sizeof(env), .page_array = give_large_array, .page_count = give_count};
	struct bel_generations all;
	uint32_t taken[8];
	uint64_t scanned = 0;

	(void)state;
	bel_generations_create(&all, &env);
	for (uint32_t page = 1; page <= 4; page++)
		bel_generations_enter(&all, page);
	all.youngest++;
	all.oldest++;
	bel_generations_trim(&all);
	assert_int_equal(all.oldest, 3);
	assert_true(bel_generations_few(&all));
	bel_generations_enter(&all, 5);
	bel_generations_renumber(&all, 2);
	assert_true(bel_generations_is_youngest(&all, 2));
	assert_false(bel_generations_is_youngest(&all, 1));
	assert_int_equal(all.count[3], 3);
	assert_int_equal(all.count[0], 2);
	all.youngest++;
	/* 3 old pages of 5, none in the youngest; of 13 pages, 3 are less than a quarter. */
	assert_false(bel_generations_uneven(&all, 5));
	assert_true(bel_generations_uneven(&all, 13));
	bel_generations_remove(&all, 3);
	assert_int_equal(bel_generations_take(&all, taken, 2, &scanned), 2);
	assert_int_equal(taken[0], 1);
	assert_int_equal(taken[1], 4);
	assert_int_equal(scanned, 3);
	bel_generations_trim(&all);
	assert_int_equal(all.oldest, 4);
	assert_int_equal(bel_generations_take(&all, taken, 8, &scanned), 2);
	assert_int_equal(taken[0], 5);
	assert_int_equal(taken[1], 2);
	assert_int_equal(bel_generations_old(&all), 0);
	free(all.link);
	free(all.about);
}

/* 1 and 3 are spared: 2 and 4 are taken, and 3, 1 are scanned first in the next generation. */
static void test_spared(void **state)
{
	struct bel_env env = {
		.size = sizeof(env), .page_array = give_large_array, .page_count = give_count};
	const uint32_t order[] = {3, 1, 5};
	struct bel_generations all;
	uint32_t taken[8];
	uint64_t scanned = 0;

	(void)state;
	bel_generations_create(&all, &env);
	for (uint32_t page = 1; page <= 4; page++)
		bel_generations_enter(&all, page);
	all.oldest = all.youngest;
	all.youngest++;
	bel_generations_enter(&all, 5);
	all.youngest++;
	all.about[1] |= BEL_GENERATION_SPARED;
	all.about[3] |= BEL_GENERATION_SPARED;
	assert_int_equal(bel_generations_take(&all, taken, 8, &scanned), 2);
	assert_int_equal(taken[0], 2);
	assert_int_equal(taken[1], 4);
	assert_int_equal(scanned, 4);
	assert_int_equal(all.count[3], 0);
	assert_int_equal(all.count[0], 3);
	bel_generations_trim(&all);
	all.youngest++;
	assert_int_equal(bel_generations_take(&all, taken, 8, &scanned), 3);
	assert_memory_equal(taken, order, sizeof(order));
	free(all.link);
	free(all.about);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exponential),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_frequency),
		cmocka_unit_test(test_seats),
		cmocka_unit_test(test_regret),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_rate_resets),
		cmocka_unit_test(test_load_classes),
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_spared),
		cmocka_unit_test(test_scan_next),
		cmocka_unit_test(test_draws),
		cmocka_unit_test(test_heap_replace),
		cmocka_unit_test(test_heap_top),
		cmocka_unit_test(test_list_fetch_behind),
		cmocka_unit_test(test_recency_of_two),
		cmocka_unit_test(test_page_log),
		cmocka_unit_test(test_page_log_random),
		cmocka_unit_test(test_page_log_soon),
		cmocka_unit_test(test_page_ranges),
		cmocka_unit_test(test_heap_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
