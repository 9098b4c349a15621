/* SPDX-License-Identifier: MIT */
/*
 * test_explain.c: step tables against tables worked by hand, what policies show, reasons.
 *
 * The string of Silberschatz, Galvin and Gagne's paging chapter with three frames, on paper:
 * a row a frame, a column a reference; 15, 12, 9 and 14 faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "explain.h"
#include "rng.h"

#define SILBERSCHATZ "7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1"
#define BELADY "1 2 3 4 1 2 5 1 2 3 4 5"
#define REFERENCES 64

/* A string and its explanation by one policy. */
struct story {
	struct bel_string string;
	struct bel_policy_spec *spec;
	size_t specs;
	struct bel_explain explain;
};

static void make_string(struct bel_string *string, const char *text)
{
	struct bel_string_reference reference[REFERENCES];
	char name[REFERENCES][BEL_EXPLAIN_NAME];
	uint32_t pages = 0, page;
	struct bel_err err;
	size_t count = 0;

	for (char *end; *text; text = end + strspn(end, " "), count++) {
		char digits[BEL_EXPLAIN_NAME];

		snprintf(digits, sizeof(digits), "%lu", strtoul(text, &end, 10));
		for (page = 0; page < pages && strcmp(name[page], digits); page++)
			;
		if (page == pages)
			memcpy(name[pages++], digits, sizeof(digits));
		reference[count] = (struct bel_string_reference){page, *end == 'w', 0};
		end += *end == 'w';
	}
	if (bel_string_init(string, reference, count, name, pages, &err) < 0)
		fail_msg("%s", err.text);
}

static void tell(struct story *story, const char *policy, uint64_t frames, const char *text)
{
	struct bel_err err;

	make_string(&story->string, text);
	if (bel_specs_parse(policy, &story->spec, &story->specs, &err) < 0)
		fail_msg("%s", err.text);
	if (bel_explain_run(&story->explain, &story->string,
		    &(struct bel_sim_setup){.spec = story->spec, .frames = frames, .seed = 1},
		    &err) < 0)
		fail_msg("%s", err.text);
}

static void forget(struct story *story)
{
	bel_explain_release(&story->explain);
	bel_string_release(&story->string);
	bel_specs_free(story->spec, story->specs);
}

/* One row as a text, a character a reference: pages of one digit, '-' for a free frame. */
static void frame_is(const struct story *story, uint32_t frame, const char *wanted)
{
	char got[REFERENCES + 1] = "";

	for (size_t now = 0; now < story->string.count; now++) {
		const uint32_t page = bel_explain_cell(&story->explain, now, frame)->page;

		got[now] = page == BEL_NO_PAGE ? '-' : story->string.name[page][0];
	}
	assert_string_equal(got, wanted);
}

static void faults_are(const struct story *story, const char *wanted)
{
	char got[REFERENCES + 1] = "";

	for (size_t now = 0; now < story->string.count; now++)
		got[now] = story->explain.step[now].fault ? 'F' : '.';
	assert_string_equal(got, wanted);
}

static void marks_are(
	const struct story *story, uint32_t frame, enum bel_cell_mark mark, const char *wanted)
{
	char got[REFERENCES + 1] = "";

	for (size_t now = 0; now < story->string.count; now++)
		got[now] = bel_explain_cell(&story->explain, now, frame)->marks & mark ? '1' : '.';
	assert_string_equal(got, wanted);
}

static void reason_is(const struct story *story, size_t now, size_t index, const char *wanted)
{
	char got[400];

	assert_true(index < story->explain.step[now].departures);
	bel_explain_reason(&story->explain, now, index, got, sizeof(got));
	assert_string_equal(got, wanted);
}

static void order_is(const struct story *story, size_t now, const char *wanted)
{
	char got[REFERENCES + 1] = "";

	for (uint32_t row = 0; row < story->explain.rows; row++) {
		const uint32_t page = story->explain.order[now * story->explain.rows + row];

		got[row] = page == BEL_NO_PAGE ? '-' : story->string.name[page][0];
	}
	assert_string_equal(got, wanted);
}

static void test_fifo(void **state)
{
	struct story story;

	(void)state;
	tell(&story, "fifo", 3, SILBERSCHATZ);
	frame_is(&story, 0, "77722224440000000777");
	frame_is(&story, 1, "-0000333222221111100");
	frame_is(&story, 2, "--111100033333222221");
	faults_are(&story, "FFFF.FFFFFF..FF..FFF");
	assert_int_equal(story.explain.tally.faults, 15);
	order_is(&story, 1, "70-");
	order_is(&story, 5, "123");
	reason_is(&story, 3, 0, "7 was loaded longest ago, at 0; 2 takes frame 0");
	reason_is(&story, 19, 0, "2 was loaded longest ago, at 14; 1 takes frame 2");
	forget(&story);
}

static void test_lru(void **state)
{
	struct story story;

	(void)state;
	tell(&story, "lru", 3, SILBERSCHATZ);
	frame_is(&story, 0, "77722224440001111111");
	frame_is(&story, 1, "-0000000033333300000");
	frame_is(&story, 2, "--111333222222222777");
	faults_are(&story, "FFFF.F.FFFF..F.F.F..");
	assert_int_equal(story.explain.tally.faults, 12);
	/* After 7 0 1 2 0: 1 was used at 2, 2 at 3, 0 at 4. */
	order_is(&story, 4, "120");
	reason_is(&story, 5, 0, "1 was used longest ago, at 2; 3 takes frame 2");
	forget(&story);
}

static void test_opt(void **state)
{
	struct story story;

	(void)state;
	tell(&story, "opt", 3, SILBERSCHATZ);
	frame_is(&story, 0, "77722222222222222777");
	frame_is(&story, 1, "-0000004440000000000");
	frame_is(&story, 2, "--111333333331111111");
	faults_are(&story, "FFFF.F.F..F..F...F..");
	assert_int_equal(story.explain.tally.faults, 9);
	/* After 7 0 1: 7 comes at 17, 1 at 13, 0 at 4. */
	order_is(&story, 2, "710");
	reason_is(&story, 3, 0, "7 is next used at 17, after 1 (13), 0 (4); 2 takes frame 0");
	reason_is(&story, 10, 0, "4 is never used again; 0 takes frame 1");
	forget(&story);
}

static void test_clock(void **state)
{
	struct story story;

	(void)state;
	tell(&story, "clock", 3, SILBERSCHATZ);
	frame_is(&story, 0, "77722224444333300000");
	frame_is(&story, 1, "-0000000222221111777");
	frame_is(&story, 2, "--111333330000222221");
	faults_are(&story, "FFFF.F.FF.FF.FFF.F.F");
	marks_are(&story, 0, BEL_CELL_BIT, "1111111111.11..11.11");
	marks_are(&story, 1, BEL_CELL_BIT, ".11.1.1.11..11111111");
	marks_are(&story, 2, BEL_CELL_BIT, "..1..11..1111.111..1");
	marks_are(&story, 0, BEL_CELL_HAND, "111..11...1...1....1");
	marks_are(&story, 1, BEL_CELL_HAND, "...11..1...11..11...");
	marks_are(&story, 2, BEL_CELL_HAND, "........11...1...11.");
	assert_int_equal(story.explain.tally.faults, 14);
	reason_is(&story, 3, 0,
		"the hand clears the bits of 7 0 1 and comes back to 7; 2 takes frame 0");
	reason_is(&story, 5, 0,
		"the hand clears the bit of 0 and finds 1, whose bit is 0; 3 takes frame 2");
	reason_is(&story, 8, 0, "the hand is at 0, whose bit is 0; 2 takes frame 1");
	forget(&story);
	/*
	 * Loaded with the bit clear: 2 is hit; 3 takes 1's frame; the hand then clears 2's bit
	 * and, round again, takes 3.
	 */
	tell(&story, "clock:bit=0", 2, "1 2 2 3 1");
	marks_are(&story, 0, BEL_CELL_BIT, ".....");
	marks_are(&story, 1, BEL_CELL_BIT, "..11.");
	frame_is(&story, 0, "11131");
	reason_is(&story, 4, 0,
		"the hand clears the bit of 2 and finds 3, whose bit is 0; 1 takes frame 0");
	forget(&story);
}

/* By hand: 1 2w 1 3 3 4 in a window of 3: after them {1} {12} {12} {213} {13} {34}. */
static void test_ws(void **state)
{
	struct story story;

	(void)state;
	tell(&story, "ws:tau=3", 0, "1 2w 1 3 3 4");
	frame_is(&story, 0, "111114");
	frame_is(&story, 1, "-222--");
	frame_is(&story, 2, "---333");
	faults_are(&story, "FF.F.F");
	order_is(&story, 3, "213");
	reason_is(&story, 4, 0,
		"2 was last used at 1: out of the window; frame 1 is free; "
		"2 is written back");
	reason_is(&story, 5, 0, "1 was last used at 2: out of the window; 4 takes frame 0");
	forget(&story);
}

static void test_belady(void **state)
{
	struct story story;

	(void)state;
	tell(&story, "fifo", 3, BELADY);
	frame_is(&story, 0, "111444555555");
	frame_is(&story, 1, "-22211111333");
	frame_is(&story, 2, "--3332222244");
	faults_are(&story, "FFFFFFF..FF.");
	assert_int_equal(story.explain.tally.faults, 9);
	forget(&story);
	tell(&story, "fifo", 4, BELADY);
	frame_is(&story, 0, "111111555544");
	frame_is(&story, 1, "-22222211115");
	frame_is(&story, 2, "--3333332222");
	frame_is(&story, 3, "---444444333");
	faults_are(&story, "FFFF..FFFFFF");
	assert_int_equal(story.explain.tally.faults, 10);
	forget(&story);
}

static void test_titles(void **state)
{
	struct story story;
	char title[200];

	(void)state;
	tell(&story, "clock:bit=0", 1, "1 2");
	bel_explain_title(&story.explain, title, sizeof(title));
	assert_string_equal(title, "clock:bit=0, 1 frame");
	forget(&story);
	tell(&story, "ws:tau=4", 0, "1 2");
	bel_explain_title(&story.explain, title, sizeof(title));
	assert_string_equal(title, "ws:tau=4");
	forget(&story);
}

/* Who is shown as the first to leave is who leaves: on random strings, all registered policies. */
static void test_order_is_true(void **state)
{
	const struct bel_policy *policy;
	unsigned ordered = 0, victims = 0;
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 7);
	for (size_t i = 0; (policy = bel_policy_at(i)); i++) {
		char text[4 * REFERENCES] = "";
		struct story story;

		for (size_t n = 0; n < REFERENCES; n++)
			snprintf(text + strlen(text), 4, "%u ", (unsigned)bel_rng_below(&rng, 9));
		if (policy->caps & BEL_POLICY_VARIABLE)
			continue;
		tell(&story, policy->name, 4, text);
		ordered += story.explain.by && story.explain.by != BEL_SHOW_OTHER;
		for (size_t now = 1; now < story.string.count; now++) {
			const struct bel_explain_step *step = &story.explain.step[now];

			if (!step->departures || !story.explain.by ||
				story.explain.by == BEL_SHOW_OTHER)
				continue;
			victims++;
			assert_int_equal(story.explain.departure[step->departure].page,
				story.explain.order[(now - 1) * story.explain.rows]);
		}
		forget(&story);
	}
	assert_true(ordered >= 3);
	assert_true(victims >= 30);
}

static void plain_show(void *self, const struct bel_show *show)
{
	(void)self;
	(void)show;
	fail_msg("show() was called beyond the descriptor's size");
}

/* As policies did before the engine made their instances. */
static void *plain_create(const struct bel_env *env, struct bel_err *err)
{
	const struct bel_policy *const fifo = bel_policy_find("fifo");
	void *const self = calloc(1, fifo->instance_bytes);

	(void)err;
	if (self)
		fifo->init(self, env);
	return self;
}

/* A policy from before show() existed: its size ends there, whatever lies behind. */
static void test_without_show(void **state)
{
	struct bel_policy old = *bel_policy_find("fifo");
	struct bel_policy_spec spec = {.policy = &old};
	struct bel_string string;
	struct bel_explain explain;
	struct bel_err err;
	char why[200];

	(void)state;
	old.size = offsetof(struct bel_policy, show);
	old.show = plain_show;
	old.create = plain_create;
	old.destroy = free;
	assert_int_equal(bel_policy_check(&old, &err), 0);
	make_string(&string, "1 2 3");
	assert_int_equal(bel_explain_run(&explain, &string,
				 &(struct bel_sim_setup){.spec = &spec, .frames = 2}, &err),
		0);
	assert_int_equal(explain.by, 0);
	assert_int_equal(bel_explain_cell(&explain, 2, 0)->page, 2);
	bel_explain_reason(&explain, 2, 0, why, sizeof(why));
	assert_string_equal(why, "1 leaves; 3 takes frame 0");
	bel_explain_release(&explain);
	bel_string_release(&string);
}

static void test_limits(void **state)
{
	static struct bel_string_reference reference[BEL_STRING_MAX + 1];
	static char name[BEL_STRING_MAX][BEL_EXPLAIN_NAME];
	struct bel_policy_spec spec = {.policy = bel_policy_find("lru")};
	struct bel_string string;
	struct bel_explain explain;
	struct bel_err err;

	(void)state;
	assert_int_equal(bel_string_init(&string, reference, 0, name, 0, &err), BEL_USAGE);
	assert_int_equal(
		bel_string_init(&string, reference, BEL_STRING_MAX + 1, name, 1, &err), BEL_USAGE);
	assert_non_null(strstr(err.text, "more than 10000 references"));
	for (uint32_t i = 0; i < BEL_STRING_MAX; i++)
		reference[i].page = i;
	assert_int_equal(
		bel_string_init(&string, reference, BEL_STRING_MAX, name, BEL_STRING_MAX, &err), 0);
	assert_int_equal(bel_explain_run(&explain, &string,
				 &(struct bel_sim_setup){.spec = &spec, .frames = 9000}, &err),
		BEL_USAGE);
	assert_non_null(strstr(err.text, "10000 references in 9000 frames"));
	bel_string_release(&string);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifo),
		cmocka_unit_test(test_lru),
		cmocka_unit_test(test_opt),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_ws),
		cmocka_unit_test(test_belady),
		cmocka_unit_test(test_titles),
		cmocka_unit_test(test_order_is_true),
		cmocka_unit_test(test_without_show),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
