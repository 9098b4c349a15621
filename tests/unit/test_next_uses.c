/* SPDX-License-Identifier: MIT */
/* test_next_uses.c: next references are those that a search finds, however they are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "next_uses.h"
#include "rng.h"

struct string {
	struct bel_run *run;
	uint64_t *next;
	size_t count;
	uint64_t references;
	uint32_t pages;
};

static const char *temp_dir(void)
{
	return getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
}

/* Next references by searching forwards. */
static void search(struct string *s)
{
	uint64_t *start = malloc((s->count + 1) * sizeof(*start));

	assert_non_null(start);
	start[0] = 0;
	for (size_t i = 0; i < s->count; i++)
		start[i + 1] = start[i] + bel_run_count(s->run[i]);
	for (size_t i = 0; i < s->count; i++) {
		size_t j = i + 1;

		while (j < s->count && s->run[j].page != s->run[i].page)
			j++;
		s->next[i] = j < s->count ? start[j] : BEL_NEVER;
	}
	s->references = start[s->count];
	free(start);
}

static struct string random_string(struct bel_rng *rng, size_t count, uint32_t pages, uint32_t most)
{
	struct string s = {.count = count};

	s.run = malloc((count + 1) * sizeof(*s.run));
	s.next = malloc((count + 1) * sizeof(*s.next));
	assert_non_null(s.run);
	assert_non_null(s.next);
	for (size_t i = 0; i < count; i++) {
		const uint32_t page = (uint32_t)bel_rng_below(rng, pages);
		const uint32_t length = 1 + (uint32_t)bel_rng_below(rng, most);

		s.run[i] = (struct bel_run){page, length << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA};
		s.pages = page < s.pages ? s.pages : page + 1;
	}
	search(&s);
	return s;
}

/* Reads all and compares; `turned`: next is known. */
static void check_reading(struct bel_next_uses *la, const struct string *s, bool turned)
{
	struct bel_batch batch;
	struct bel_err err;
	uint64_t now = 0;
	size_t at = 0;
	int r;

	while ((r = bel_next_uses_read(la, &batch, &err)) > 0) {
		assert_int_equal(batch.now, now);
		assert_true(batch.count > 0 && at + batch.count <= s->count);
		assert_memory_equal(batch.runs, s->run + at, batch.count * sizeof(*s->run));
		if (turned)
			assert_memory_equal(
				batch.next, s->next + at, batch.count * sizeof(*s->next));
		else
			assert_null(batch.next);
		for (size_t i = 0; i < batch.count; i++)
			now += bel_run_count(batch.runs[i]);
		at += batch.count;
	}
	assert_int_equal(r, 0);
	assert_int_equal(at, s->count);
	assert_int_equal(now, s->references);
}

static void check(const struct string *s, uint64_t memory, uint32_t escape)
{
	const struct bel_next_uses_setup setup = {memory, temp_dir(), escape};
	struct bel_err err;
	struct bel_next_uses *la = bel_next_uses_new(&setup, &err);
	size_t done = 0;

	assert_non_null(la);
	for (size_t part = 1; done < s->count; part = part * 3 + 1) {
		const size_t n = part < s->count - done ? part : s->count - done;

		assert_int_equal(bel_next_uses_add(la, s->run + done, n, &err), 0);
		done += n;
	}
	check_reading(la, s, false);
	assert_int_equal(bel_next_uses_compute(la, &err), 0);
	check_reading(la, s, true);
	bel_next_uses_rewind(la);
	check_reading(la, s, true);
	bel_next_uses_free(la);
}

static void test_sizes(void **state)
{
	static const size_t counts[] = {0, 1, 2, 16383, 16384, 16385, 40000};
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 5);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct string s = random_string(&rng, counts[i], 50, 3);

		check(&s, 1 << 30, 0);
		free(s.run);
		free(s.next);
	}
}

/* Distances of more than the threshold take the other way, up to all of them. */
static void test_escapes(void **state)
{
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 6);
	for (uint32_t escape = 1; escape < 200; escape = escape * 2 + 1) {
		struct string s = random_string(&rng, 20000, 30, 5);

		check(&s, 1 << 30, escape);
		check(&s, 0, escape);
		free(s.run);
		free(s.next);
	}
}

/* Long runs and high page numbers, which take more than 32 bits, among others. */
static void test_wide(void **state)
{
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 8);
	for (uint64_t one_in = 1; one_in < 400; one_in *= 7) {
		struct string s = random_string(&rng, 40000, 2000, 5);

		for (size_t i = 0; i < s.count; i++) {
			if (bel_rng_below(&rng, one_in) == 0)
				s.run[i].page += (1 << 23) - 1000;
			if (bel_rng_below(&rng, one_in) == 0)
				s.run[i].info += (uint32_t)bel_rng_below(&rng, 100000)
						 << BEL_RUN_COUNT_SHIFT;
			s.pages = s.run[i].page < s.pages ? s.pages : s.run[i].page + 1;
		}
		search(&s);
		check(&s, 1 << 30, 0);
		check(&s, 0, 70000);
		free(s.run);
		free(s.next);
	}
}

static void test_file(void **state)
{
	struct bel_rng rng;
	struct string s;

	(void)state;
	bel_rng_seed(&rng, 7);
	s = random_string(&rng, 400000, 40, 2);
	check(&s, 0, 0);
	check(&s, 2 << 20, 60);
	free(s.run);
	free(s.next);
}

/* Real distances beyond 32 bits: 20 longest runs between two references. */
static void test_far(void **state)
{
	struct bel_rng rng;
	struct string s;

	(void)state;
	bel_rng_seed(&rng, 8);
	s = random_string(&rng, 24, 2, 1);
	for (size_t i = 0; i < 24; i++)
		s.run[i] = (struct bel_run){
			i % 22 == 1 ? 0 : 1, BEL_RUN_COUNT_MAX << BEL_RUN_COUNT_SHIFT};
	s.pages = 2;
	search(&s);
	assert_true(s.next[1] - BEL_RUN_COUNT_MAX > UINT32_MAX);
	check(&s, 1 << 20, 0);
	free(s.run);
	free(s.next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
