/* SPDX-License-Identifier: MIT */
/*
 * test_plot_layout.c: places of keys, panels and names; looks of lines; groups of series; bars. All
 * figures are made by hand. A letter of 10.5 points is 14 pixels, so it counts as 8.4 x 17.5 pixels.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "figure_group.h"
#include "layout.h"
#include "line_style.h"
#include "thin.h"

enum { SERIES = 40 };

static struct bel_err err;
static struct bel_figure_spec spec;
static struct bel_series series[SERIES];
static struct bel_figure figure;
static char lru[] = "lru", fifo[] = "fifo", sieve[] = "sieve", ls[] = "ls", gzip[] = "gzip",
	    sort[] = "sort", none[] = "";

static int reset(void **state)
{
	(void)state;
	memset(series, 0, sizeof(series));
	spec = (struct bel_figure_spec){.text = NULL};
	figure = (struct bel_figure){.spec = &spec, .series = series, .panels = 1, .title = ls};
	return 0;
}

static struct bel_series *add(char *policy, char *name, char *trace)
{
	struct bel_series *const s = &series[figure.count++];

	assert_true(figure.count <= SERIES);
	*s = (struct bel_series){.policy = policy, .name = name, .label = name, .trace = trace};
	return s;
}

static bool near(double value, double wanted)
{
	return fabs(value - wanted) < 1e-4;
}

static struct bel_layout layout_of(const struct bel_script *script)
{
	struct bel_layout layout;

	assert_int_equal(bel_layout_make(&layout, &figure, script, &err), 0);
	return layout;
}

static void test_key_beside(void **state)
{
	const struct bel_script script = {.terminal = "svg"};
	struct bel_layout layout;

	(void)state;
	add(lru, lru, ls);
	add(sieve, sieve, ls)->twin = 1;
	layout = layout_of(&script);
	assert_int_equal(layout.place, BEL_KEY_RIGHT);
	assert_string_equal(layout.key[1].text, "sieve (= lru)");
	assert_int_equal(layout.named, 2);
	/* 13 letters and 7 for the sample are 168 pixels of 900. */
	assert_true(near(layout.key_share, 168.0 / 900));
	/* 540 less 7 lines for the axes are 417.5 pixels, for entries of 1.3 lines. */
	assert_int_equal(layout.key_rows, 18);
	assert_true(near(layout.letters_wide, 732 / 8.4));
	assert_true(near(layout.lines_high, 540 / 17.5));
	bel_layout_release(&layout);
}

static void test_key_below(void **state)
{
	static char wide[] = "123456789012345678901234567890123456789012345678901234567890";
	const struct bel_script script = {.terminal = "svg"};
	struct bel_layout layout;

	(void)state;
	add(lru, wide, ls);
	add(fifo, fifo, ls);
	layout = layout_of(&script);
	/* 67 letters are 562.8 pixels: more than 0.4 of 900, and two do not stand side by side. */
	assert_int_equal(layout.place, BEL_KEY_BELOW);
	assert_int_equal(layout.key_columns, 1);
	assert_int_equal(layout.key_rows, 2);
	assert_true(near(layout.key_share, 2.5 * 1.3 * 17.5 / 540));
	bel_layout_release(&layout);
}

static void test_key_without_room(void **state)
{
	static char wide[] = "1234567890123456789012345678901234567890abcdefghij";
	const struct bel_script script = {.terminal = "svg", .width = 400, .height = 250};
	struct bel_layout layout;

	(void)state;
	for (int i = 0; i < SERIES; i++)
		add(lru, lru, ls);
	layout = layout_of(&script);
	/* 127.5 pixels beside the axes; half of them below are 2 rows, of 2 entries of 134.4. */
	assert_int_equal(layout.place, BEL_KEY_BELOW);
	assert_int_equal(layout.key_columns, 2);
	assert_int_equal(layout.key_rows, 2);
	assert_int_equal(layout.named, 3); /* the last entry says how many are missing */
	bel_layout_release(&layout);

	/* 400 pixels are 47 letters; less 7 for the sample and 2 of margin: 38. */
	figure.count = 0;
	add(lru, wide, ls);
	layout = layout_of(&script);
	assert_string_equal(layout.key[0].text, "1234567890123456789..4567890abcdefghij");
	bel_layout_release(&layout);
}

static void test_no_key(void **state)
{
	const struct bel_script script = {.terminal = "svg", .key_place = BEL_PLACE_NONE};
	struct bel_layout layout;

	(void)state;
	add(lru, lru, ls);
	layout = layout_of(&script);
	assert_int_equal(layout.place, BEL_KEY_NONE);
	assert_true(near(layout.key_share, 0) && near(layout.letters_wide, 900 / 8.4));
	bel_layout_release(&layout);
}

/*
 * Three panels beside a key of 134.4 pixels and the names of their axes, 1.5 lines of 17.5 pixels: 2 x 2
 * of 369.7 x 256.9 are nearest to the shape of 1.6.
 */
static void test_panels(void **state)
{
	static char wide[] = "/home/ann/runs/of/the/first/of/all/weeks/sort --parallel=8";
	const struct bel_script script = {.terminal = "svg"};
	struct bel_layout layout;

	(void)state;
	add(lru, lru, ls)->panel = 0;
	add(lru, lru, gzip)->panel = 1;
	add(lru, lru, wide)->panel = 2;
	figure.panels = 3;
	layout = layout_of(&script);
	assert_int_equal(layout.keys, 1);
	assert_int_equal(layout.columns, 2);
	assert_int_equal(layout.rows, 2);
	assert_true(near(layout.letters_wide, 369.675 / 8.4));
	assert_string_equal(layout.title[1], "gzip");
	/* 44 letters have room, and 58 do not. */
	assert_int_equal(strlen(layout.title[2]), 44);
	assert_non_null(strstr(layout.title[2], "..."));
	bel_layout_release(&layout);
}

static void test_fit(void **state)
{
	struct bel_script script = {.terminal = "svg", .width = 400, .height = 250, .scale = 1};

	(void)state;
	add(lru, lru, ls)->panel = 0;
	add(lru, lru, gzip)->panel = 1;
	figure.panels = 2;
	/*
	 * Two panels of 186.9 pixels beside 26.25 of a name: 22 letters of 8.4. With 22.3 of a name, 26
	 * of 7.14, as are needed.
	 */
	assert_int_equal(bel_layout_fit(&script, &figure, &err), 0);
	assert_true(near(script.scale, 0.85));
	/* Two panels of 75 pixels never have 26 letters. */
	script.width = 150;
	assert_int_equal(bel_layout_fit(&script, &figure, &err), 0);
	assert_true(near(script.scale, 0.7));
	script = (struct bel_script){
		.terminal = "cairolatex", .width = 150, .height = 99, .scale = 1};
	assert_int_equal(bel_layout_fit(&script, &figure, &err), 0);
	assert_true(near(script.scale, 1));
}

/* 11 panels are 4 x 3, and 3 rows of 13 lines are 682.5 pixels. */
static void test_grow(void **state)
{
	struct bel_script script = {.terminal = "svg"};

	(void)state;
	figure.panels = 11;
	bel_layout_grow(&script, &figure);
	assert_int_equal(script.width, 900);
	assert_int_equal(script.height, 682);
	figure.panels = 2;
	script = (struct bel_script){.terminal = "svg"};
	bel_layout_grow(&script, &figure);
	assert_int_equal(script.height, 0);
}

static struct bel_layout map_of(size_t names)
{
	static char *name[SERIES];
	const struct bel_script script = {.terminal = "svg"};

	for (size_t i = 0; i < names; i++)
		name[i] = gzip;
	figure.name = name;
	figure.names = names;
	return layout_of(&script);
}

static void test_map(void **state)
{
	const double rise = 17.5 * (1 + sqrt(0.75)); /* the height of a line at 30 degrees */
	struct bel_layout layout;

	(void)state;
	add(lru, lru, none);
	layout = map_of(2);
	assert_int_equal(layout.place, BEL_KEY_NONE);
	/* 3 letters of "lru" and 2; 13 letters for the scale; "gzip" rises by 2 letters' width. */
	assert_true(near(layout.map.left, 5 * 8.4 / 900));
	assert_true(near(layout.map.right, 13 * 8.4 / 900));
	assert_true(near(layout.map.top, 2.5 * 17.5 / 540));
	assert_int_equal(layout.map.angle, 30);
	assert_true(near(layout.map.bottom, (2 * 8.4 + rise) / 540));
	assert_string_equal(layout.map.label[0], "lru");
	assert_string_equal(layout.map.name[1], "gzip");
	bel_layout_release(&layout);
	/* 748.8 pixels for 25 names: 30 each, which are 15 apart at 30 degrees and 26 at 60. */
	layout = map_of(25);
	assert_int_equal(layout.map.angle, 60);
	bel_layout_release(&layout);
	layout = map_of(40);
	assert_int_equal(layout.map.angle, 90);
	bel_layout_release(&layout);
}

static void test_styles(void **state)
{
	static char more[] = "lru:x=2", most[] = "lru:x=3";

	(void)state;
	assert_int_equal(bel_style_of("lru"), 0);
	assert_int_equal(bel_style_of("fifo"), 1);
	/* These two are drawn together (working-set-curve), so they have two colours. */
	assert_int_not_equal(bel_style_of("ws") % 8, bel_style_of("vmin") % 8);
	/* FNV-1a of "a" is 0xe40c292c, which is 172 modulo 320 - 56. */
	assert_int_equal(bel_style_of("a"), 56 + 172);
	add(lru, most, ls);
	add(lru, lru, ls);
	add(fifo, fifo, ls);
	add(lru, lru, gzip);
	add(lru, more, gzip);
	bel_style_series(&figure);
	/* In order of names, whatever the order of series; a name is one style in all traces. */
	assert_int_equal(series[1].style, 0);
	assert_int_equal(series[3].style, 0);
	assert_int_equal(series[4].style, 88);
	assert_int_equal(series[0].style, 176);
	assert_int_equal(series[2].style, 1);
	for (int i = 0; i < 5; i++)
		assert_int_equal(series[i].style % 8, i == 2 ? 1 : 0);
}

static void test_groups(void **state)
{
	static char panels[] = "panels";
	static char *names[] = {lru};

	(void)state;
	add(lru, lru, ls);
	add(lru, lru, gzip);
	add(fifo, fifo, ls);
	add(fifo, fifo, sort);
	bel_figure_group(&figure);
	assert_int_equal(figure.panels, 3);
	assert_int_equal(series[0].panel, 0);
	assert_int_equal(series[1].panel, 1);
	assert_int_equal(series[2].panel, 0);
	assert_int_equal(series[3].panel, 2);
	figure.name = names;
	figure.names = 1;
	bel_figure_group(&figure);
	assert_int_equal(figure.panels, 1);
	figure.names = 0;
	spec.axis.word[0] = panels;
	bel_figure_group(&figure);
	assert_int_equal(figure.panels, 1);
}

static void test_twins(void **state)
{
	struct bel_point same[] = {{.x = 1, .y = 5}, {.x = 2, .y = 4}};
	struct bel_point other[] = {{.x = 1, .y = 5}, {.x = 2, .y = 3}};
	struct bel_point column[] = {{.x = 1, .y = 5}, {.x = 2, .y = 4, .column = {1}}};
	struct bel_point *const points[] = {same, same, other, same, same, column, same};

	(void)state;
	for (int i = 0; i < 7; i++) {
		struct bel_series *const s = add(lru, lru, ls);

		s->point = points[i];
		s->points = 2;
	}
	series[4].panel = 1;
	series[6].kind = BEL_SERIES_SPOT;
	bel_figure_twins(&figure);
	assert_int_equal(series[0].twin, 0);
	assert_int_equal(series[1].twin, 1);
	assert_int_equal(series[2].twin, 0); /* another y */
	assert_int_equal(series[3].twin, 1); /* the first, not its twin */
	assert_int_equal(series[4].twin, 0); /* another panel */
	assert_int_equal(series[5].twin, 0); /* another column */
	assert_int_equal(series[6].twin, 0); /* spots are never twins */
}

static void test_rename(void **state)
{
	struct bel_rename rename[] = {{"lru", "LRU", false}, {"x", "y", false}};
	char *text = strdup("lru");

	(void)state;
	figure.rename = rename;
	figure.renames = 2;
	assert_true(bel_figure_rename(&figure, &text, &err));
	assert_string_equal(text, "LRU");
	assert_true(rename[0].used);
	assert_false(rename[1].used);
	assert_true(bel_figure_rename(&figure, &text, &err));
	assert_string_equal(text, "LRU");
	free(text);
}

static void note_bar(void *context, const struct bel_point *bar)
{
	struct bel_point **const to = context;

	*(*to)++ = *bar;
}

/* Seven intervals of 10 in at most three bars: bars of 30, so 3 + 3 + 1. One interval is missing. */
static void test_bars(void **state)
{
	struct bel_point point[6], bar[6] = {{.x = 0}}, *end = bar;
	const double from[] = {100, 110, 120, 130, 150, 160};
	struct bel_thin thin = {.from = 100, .to = 165};

	(void)state;
	for (int i = 0; i < 6; i++)
		point[i] = (struct bel_point){
			.x = from[i], .y = i + 1, .width = i < 5 ? 10 : 5, .column = {10 * i}};
	add(lru, lru, ls)->point = point;
	series[0].points = 6;
	figure.x_min = 100;
	figure.x_max = 165;
	thin.bar = bel_thin_bar(&figure, 3);
	assert_true(near(thin.bar, 30));
	assert_true(near(bel_thin_bar(&figure, 100), 10));
	bel_thin_join(&thin, &series[0], note_bar, &end);
	assert_int_equal(end - bar, 3);
	assert_true(bar[0].x == 100 && bar[0].width == 30 && bar[0].y == 6);
	assert_true(bar[0].column[0] == 30);
	assert_true(bar[1].x == 130 && bar[1].width == 30 && bar[1].y == 9);
	assert_true(bar[2].x == 160 && bar[2].width == 5 && bar[2].y == 6);
	for (int i = 0; i < 6; i++)
		point[i].width = 0;
	assert_true(near(bel_thin_bar(&figure, 3), 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_key_beside, reset),
		cmocka_unit_test_setup(test_key_below, reset),
		cmocka_unit_test_setup(test_key_without_room, reset),
		cmocka_unit_test_setup(test_no_key, reset),
		cmocka_unit_test_setup(test_panels, reset),
		cmocka_unit_test_setup(test_fit, reset),
		cmocka_unit_test_setup(test_grow, reset),
		cmocka_unit_test_setup(test_map, reset),
		cmocka_unit_test_setup(test_styles, reset),
		cmocka_unit_test_setup(test_groups, reset),
		cmocka_unit_test_setup(test_twins, reset),
		cmocka_unit_test_setup(test_rename, reset),
		cmocka_unit_test_setup(test_bars, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
