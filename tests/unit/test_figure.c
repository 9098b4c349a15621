/* SPDX-License-Identifier: MIT */
/* test_figure.c: records into the lines of a figure, and the script that draws them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "figure.h"
#include "layout.h"
#include "plots.h"
#include "script.h"

static struct bel_err err;
static struct bel_figure_spec spec;
static struct bel_figure figure;
static char folder[] = "/tmp/test_figure.XXXXXX";

static void put_file(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int read_figure_spec(const char *text)
{
	char path[128];

	put_file("some.gp", text);
	snprintf(path, sizeof(path), "%s/some.gp", folder);
	return bel_figure_spec_read(&spec, path, &err);
}

static const char plain[] = "# figure: what it shows\n"
			    "#\n"
			    "# records: run/1 curve/1\n"
			    "# x: frames mean\n"
			    "# y: ratio faults/trace.references\n"
			    "# series: policy params\n"
			    "plot\n";

static const char plain_with_band[] =
	"# figure: what it shows\n"
	"# records: run/1 curve/1\n"
	"# x: frames mean\n"
	"# y: ratio faults/trace.references\n"
	"# series: policy params\n"
	"# band: faults_low/trace.references faults_high/trace.references\n"
	"# mark: knee.frames knee.faults\n";

static void start(const char *text)
{
	assert_int_equal(read_figure_spec(text), 0);
	bel_figure_init(&figure, &spec);
}

static int add_text(const char *text)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct bel_records *records;
	struct bel_record *record;
	int r, taken = 0;

	assert_non_null(in);
	assert_int_equal(bel_records_open_file(&records, in, "in", &err), 0);
	while ((r = bel_records_next(records, &record, &err)) > 0) {
		r = bel_figure_add(&figure, record, &err);
		bel_record_free(record);
		if (r < 0)
			break;
		taken += r;
	}
	bel_records_close(records);
	fclose(in);
	return r < 0 ? r : taken;
}

#define RUN(TRACE, POLICY, PARAMS, FRAMES, MEAN, RATIO)                                            \
	"{\"schema\":\"run/1\",\"trace\":{\"name\":\"" TRACE                                       \
	"\",\"page_bytes\":4096,\"references\":8},"                                                \
	"\"policy\":\"" POLICY "\",\"params\":{" PARAMS "},\"frames\":" FRAMES ",\"mean\":" MEAN   \
	",\"ratio\":" RATIO "}\n"

#define ADD(...) assert_int_equal(add_text(RUN(__VA_ARGS__)), 1)

static void finish(void)
{
	bel_figure_release(&figure);
	bel_figure_spec_release(&spec);
}

static void test_figure_spec(void **state)
{
	(void)state;
	assert_int_equal(read_figure_spec(plain), 0);
	assert_string_equal(spec.purpose, "what it shows");
	assert_string_equal(spec.records.word[1], "curve/1");
	assert_string_equal(spec.y.word[1], "faults/trace.references");
	assert_null(spec.width.word[0]);
	assert_true(bel_figure_spec_wants(&spec, "run/1"));
	assert_false(bel_figure_spec_wants(&spec, "run/2"));
	assert_true(bel_figure_spec_splits_by(&spec, "params"));
	assert_false(bel_figure_spec_splits_by(&spec, "frames"));
	assert_string_equal(spec.text, plain);
	bel_figure_spec_release(&spec);

	/* A directive after the first comments is a comment. */
	assert_int_equal(read_figure_spec("# figure: a\nplot\n# x: frames\n"), BEL_FAIL);
	assert_non_null(strstr(err.text, "some.gp: not a figure: it must begin with"));
	assert_int_equal(read_figure_spec("# x:\n"), BEL_FAIL);
	assert_non_null(strstr(err.text, "'# x:' is not a list of 1 to 8 words"));
	assert_int_equal(read_figure_spec("# x: 1 2 3 4 5 6 7 8 9\n"), BEL_FAIL);
	assert_int_equal(
		read_figure_spec(
			"# figure: f\n# records: r\n# x: a\n# y: b\n# series: c\n# band: low\n"),
		BEL_FAIL);
	assert_non_null(strstr(err.text, "band: and mark: need two words each"));
	assert_int_equal(
		read_figure_spec(
			"# figure: f\n# records: r\n# x: a\n# y: b\n# series: c\n# rows: name\n"),
		BEL_FAIL);
	assert_non_null(strstr(err.text, "rows: needs two words, and events: three"));
	assert_int_equal(bel_figure_spec_read(&spec, "/nonexistent.gp", &err), BEL_FAIL);
	assert_string_equal(err.text, "/nonexistent.gp: cannot open: No such file or directory");
}

static void test_series(void **state)
{
	(void)state;
	start(plain);
	ADD("ls", "opt", "", "8", "8", "0.1");
	ADD("ls", "lru", "", "16", "16", "0.25");
	ADD("ls", "lru", "", "8", "8", "0.5");
	ADD("ls", "lru", "", "8", "8", "0.5");
	ADD("ls", "clock", "\"bit\":0", "8", "8", "0.4");
	ADD("ls", "ws", "\"tau\":90", "null", "7.5", "0.3");
	assert_int_equal(add_text("{\"schema\":\"other/1\"}\n"), 0);
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_int_equal(figure.count, 4);
	assert_string_equal(figure.title, "ls");
	assert_int_equal(figure.page_bytes, 4096);
	assert_string_equal(figure.series[0].label, "lru");
	assert_int_equal(figure.series[0].points, 2);
	assert_true(figure.series[0].point[0].x == 8 && figure.series[0].point[0].y == 0.5);
	assert_true(figure.series[0].point[1].x == 16 && figure.series[0].point[1].y == 0.25);
	assert_string_equal(figure.series[1].label, "clock bit=0");
	assert_int_equal(figure.series[2].kind, BEL_SERIES_SPOT);
	assert_string_equal(figure.series[2].label, "ws tau=90");
	assert_true(figure.series[2].point[0].x == 7.5);
	/* OPT's floor comes last, whenever it was added. */
	assert_int_equal(figure.series[3].kind, BEL_SERIES_FLOOR);
	finish();
}

static void test_spots_of_one_policy(void **state)
{
	(void)state;
	start(plain);
	ADD("ls", "ws", "\"tau\":90", "null", "7.5", "0.3");
	ADD("ls", "ws", "\"tau\":20", "null", "3.5", "0.6");
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_int_equal(figure.count, 1);
	assert_string_equal(figure.series[0].label, "ws by tau");
	assert_string_equal(figure.series[0].point[0].label, "tau=20");
	assert_string_equal(figure.series[0].point[1].label, "tau=90");
	finish();
}

static void test_curve(void **state)
{
	(void)state;
	start(plain);
	assert_int_equal(
		add_text("{\"schema\":\"curve/1\",\"trace\":{\"name\":\"ls\",\"page_bytes\":4096,"
			 "\"references\":8},\"policy\":\"lru\",\"params\":{},"
			 "\"frames\":[1,2,4,8,16],\"faults\":[8,4,2,1,1]}\n"),
		1);
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_int_equal(figure.series[0].points, 5);
	assert_true(figure.series[0].point[1].x == 2 && figure.series[0].point[1].y == 0.5);
	assert_true(figure.geometric);
	finish();
}

/* Estimates are lines of their own; their band and their knee are known. */
static void test_samples(void **state)
{
	static const char exact[] = "{\"schema\":\"curve/1\",\"trace\":{\"name\":\"ls\","
				    "\"page_bytes\":4096,\"references\":8},\"policy\":\"lru\","
				    "\"params\":{},\"frames\":[2,4],\"faults\":[4,2]";
	char record[600];

	(void)state;
	start(plain_with_band);
	snprintf(record, sizeof(record), "%s}\n", exact);
	assert_int_equal(add_text(record), 1);
	snprintf(record, sizeof(record),
		"%s,\"faults_low\":[3,2],\"faults_high\":[6,2],\"knee\":{\"frames\":4,\"faults\":2}"
		","
		"\"sample\":{\"rate\":0.015,\"mean_pages\":7,\"seeds\":2,\"seed\":1}}\n",
		exact);
	assert_int_equal(add_text(record), 1);
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_int_equal(figure.count, 2);
	assert_string_equal(figure.series[0].label, "lru");
	assert_false(figure.series[0].banded || figure.series[0].marked);
	assert_string_equal(figure.series[1].label, "lru, sample of 1.5%");
	assert_true(figure.series[1].banded && figure.series[1].marked);
	assert_true(figure.series[1].point[0].low == 0.375);
	assert_true(figure.series[1].point[0].high == 0.75);
	assert_true(figure.series[1].mark_x == 4 && figure.series[1].mark_y == 2);
	finish();
}

/* A figure of some policies passes over the others. */
static void test_policies(void **state)
{
	(void)state;
	start("# figure: f\n# records: run/1\n# x: frames\n# y: ratio\n# series: policy\n"
	      "# policies: fifo lru\n");
	assert_int_equal(add_text(RUN("ls", "lru", "", "8", "8", "0.5")), 1);
	assert_int_equal(add_text(RUN("ls", "clock", "", "8", "8", "0.5")), 0);
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_int_equal(figure.count, 1);
	finish();
}

static void test_labels_tell_traces_apart(void **state)
{
	(void)state;
	start(plain);
	ADD("ls", "lru", "", "8", "8", "0.5");
	ADD("gzip -9", "lru", "", "8", "8", "0.5");
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_string_equal(figure.series[0].label, "lru, ls");
	assert_string_equal(figure.series[1].label, "lru, gzip -9");
	assert_string_equal(figure.title, "ls, gzip -9");
	assert_false(figure.geometric);
	finish();
}

static void test_contradiction(void **state)
{
	(void)state;
	start(plain);
	ADD("ls", "lru", "", "8", "8", "0.5");
	ADD("ls", "lru", "", "8", "8", "0.75");
	assert_int_equal(bel_figure_finish(&figure, &err), BEL_FAIL);
	assert_string_equal(
		err.text, "in: line 1: lru at frames 8 has a different ratio than in in, line 1");
	finish();
}

#define CURVE(FRAMES, FAULTS)                                                                      \
	"{\"schema\":\"curve/"                                                                     \
	"1\",\"trace\":{\"name\":\"ls\",\"page_bytes\":4096,\"references\":8},"                    \
	"\"policy\":\"lru\",\"params\":{},\"frames\":" FRAMES ",\"faults\":" FAULTS "}\n"

/* A list and a number, or lists of different lengths, would be drawn as another curve. */
static void test_lengths(void **state)
{
	static const struct {
		const char *record, *says;
	} wrong[] = {
		{CURVE("[1,2]", "5"), "must have as many numbers as frames, 2"},
		{CURVE("[1,2]", "[5]"), "must have as many numbers as frames, 2"},
		{CURVE("[1,2]", "[5,4,3]"), "must have as many numbers as frames, 2"},
		{CURVE("1", "[5,4]"), "must be one number, and not a list"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[100];

		start(plain);
		snprintf(text, sizeof(text), "in: line 1: faults/trace.references %s",
			wrong[i].says);
		assert_int_equal(add_text(wrong[i].record), BEL_FAIL);
		assert_string_equal(err.text, text);
		finish();
	}
	start(plain);
	assert_int_equal(add_text(CURVE("[1,2]", "[6,4]")), 1);
	assert_int_equal(figure.series[0].points, 2);
	assert_float_equal(figure.series[0].point[0].y, 0.75, 0);
	assert_float_equal(figure.series[0].point[1].y, 0.5, 0);
	finish();
}

static void test_lacking_member(void **state)
{
	(void)state;
	start(plain);
	assert_int_equal(add_text(RUN("ls", "lru", "", "\"8\"", "8", "0.5")), BEL_FAIL);
	assert_string_equal(err.text, "in: line 1: the run/1 record has no number \"frames\"");
	finish();
	start(plain);
	assert_int_equal(add_text("{\"schema\":\"run/1\",\"policy\":\"lru\"}\n"), BEL_FAIL);
	assert_string_equal(err.text, "in: line 1: the run/1 record has no text \"trace.name\"");
	finish();
}

static char *script_of(const struct bel_script *script)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct bel_layout layout;

	assert_int_equal(bel_layout_make(&layout, &figure, script, &err), 0);
	assert_int_equal(bel_script_write(script, &figure, &layout, out, &err), 0);
	bel_layout_release(&layout);
	fclose(out);
	return text;
}

static void test_script(void **state)
{
	const struct bel_script script = {.terminal = "svg",
		.look = "# look\n",
		.output = "it's.svg",
		.scale = 1,
		.log_y = true};
	char *text;

	(void)state;
	start(plain);
	/* A name that would be a command, were it not quoted; and a line break in it. */
	ADD("a'.system(`x`)\\n", "lru", "", "8", "8", "0.5");
	ADD("a'.system(`x`)\\n", "ws", "\"tau\":9", "null", "4", "0.25");
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_int_equal(bel_script_check(&script, &err), 0);
	text = script_of(&script);
	assert_non_null(strstr(text, "\nset output \"it\\047s.svg\"\n"));
	assert_non_null(strstr(text, "\ntitle = \"a\\047.system(\\140x\\140)\\134x0a\"\n"));
	assert_non_null(strstr(text, "\nlog_x = 0\nlog_y = 1\ndumb = 0\nlatex = 0\n"));
	assert_non_null(strstr(text, "\npage_unit = '4 KiB pages'\n"));
	assert_non_null(strstr(text,
		"\nlines = 1\nspots = 1\nfloors = 0\nmeasured = 0\n"
		"array label[2] = [\"lru\", \"ws tau=9\"]\nnames = 0\n"
		"array style_of[2] = [0, 5]\n$series << END\n8 0.5\n\n\n4 0.25\nEND\n"));
	assert_string_equal(text + strlen(text) - strlen("\n# look\n\n") - strlen(plain),
		"\n# look\n\n# figure: what it shows\n#\n# records: run/1 curve/1\n"
		"# x: frames mean\n# y: ratio faults/trace.references\n"
		"# series: policy params\nplot\n");
	free(text);
	finish();
}

static void test_interval_ends(void **state)
{
	const struct bel_script script = {.terminal = "dumb", .look = "", .title = "T"};
	char *text;

	(void)state;
	start("# figure: f\n# records: run/1\n# x: frames\n# y: ratio\n# series: policy\n"
	      "# width: mean\n");
	ADD("ls", "lru", "", "0", "100", "0.5");
	ADD("ls", "lru", "", "100", "60", "0.25");
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_true(figure.x_min == 0 && figure.x_max == 160);
	text = script_of(&script);
	assert_non_null(strstr(text, "\n0 0.5\n100 0.25\n160 0.25\nEND\n"));
	assert_non_null(strstr(text, "\ntitle = \"T\"\n"));
	free(text);
	finish();
}

/* Less than half of the one before it: (100 x 0.5 + 40 x 0.15) / 140 = 0.4. */
static void test_short_last_interval(void **state)
{
	const struct bel_script script = {.terminal = "dumb", .look = "", .title = "T"};
	char *text;

	(void)state;
	start("# figure: f\n# records: run/1\n# x: frames\n# y: ratio\n# series: policy\n"
	      "# width: mean\n");
	ADD("ls", "lru", "", "0", "100", "0.5");
	ADD("ls", "lru", "", "100", "40", "0.15");
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	text = script_of(&script);
	assert_non_null(strstr(text, "\n0 0.4\n140 0.4\nEND\n"));
	free(text);
	finish();
}

static void test_terminals(void **state)
{
	struct bel_script script = {.terminal = "svg", .width = 99, .height = 99, .scale = 1};

	(void)state;
	assert_string_equal(bel_terminal_of("a.b/c.svg"), "svg");
	assert_string_equal(bel_terminal_of("c.pdf"), "pdf");
	assert_null(bel_terminal_of(".svg"));
	assert_null(bel_terminal_of("svg"));
	assert_int_equal(bel_script_check(&script, &err), BEL_USAGE);
	script.terminal = "x11";
	assert_int_equal(bel_script_check(&script, &err), BEL_USAGE);
	assert_string_equal(
		err.text, "--format: 'x11' is not svg, png, pdf, cairolatex, tikz or dumb");
}

static void test_plots(void **state)
{
	const char *const folders[] = {"/nonexistent", folder, NULL};
	const char *const none[] = {"/nonexistent", NULL};
	struct bel_plots plots;
	char *path;

	(void)state;
	put_file("some.gp", plain);
	put_file("look.gp", "# a look\n");
	assert_int_equal(bel_plots_scan(&plots, folders, &err), 0);
	assert_string_equal(plots.look, "# a look\n");
	assert_int_equal(plots.count, 1);
	assert_string_equal(plots.kind[0].name, "some");
	assert_string_equal(plots.kind[0].purpose, "what it shows");
	path = bel_plots_path(&plots, "some", &err);
	assert_non_null(path);
	assert_non_null(strstr(path, "/some.gp"));
	free(path);
	assert_null(bel_plots_path(&plots, "../some", &err));
	assert_int_equal(err.code, BEL_USAGE);
	assert_string_equal(err.text, "'../some' is not a kind of figure (some)");
	bel_plots_release(&plots);
	assert_int_equal(bel_plots_scan(&plots, none, &err), BEL_FAIL);
	assert_string_equal(
		err.text, "/nonexistent/look.gp: cannot open: No such file or directory");
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/some.gp", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/look.gp", folder);
	unlink(path);
	return rmdir(folder);
}

/* Two records of one name are two rows; other counts of the same trace are another panel. */
static void test_rows_and_events(void **state)
{
	static const char text[] = "# figure: rows\n"
				   "# records: map/1\n"
				   "# x: at\n"
				   "# y: n\n"
				   "# series: row\n"
				   "# rows: name what\n"
				   "# events: mark/1 reference text\n";
#define ROW(NAME, WHAT)                                                                            \
	"{\"schema\":\"map/1\",\"trace\":{\"name\":\"t\",\"digest\":\"d\",\"page_bytes\":4096},"   \
	"\"name\":\"" NAME "\",\"what\":\"" WHAT "\",\"at\":[0,4],\"n\":[1,2]}\n"
#define MARK(AT, NAME)                                                                             \
	"{\"schema\":\"mark/1\",\"trace\":{\"digest\":\"d\"},\"reference\":" AT ",\"text\":" NAME  \
	"}\n"

	(void)state;
	start(text);
	assert_int_equal(add_text(MARK("3", "\"b\"") ROW("heap", "references") ROW("heap",
				 "references") MARK("1", "null") ROW("opt=1048576", "faults")),
		5);
	assert_int_equal(bel_figure_finish(&figure, &err), 0);
	assert_int_equal(figure.count, 3);
	assert_string_equal(figure.series[1].label, "heap");
	assert_string_equal(figure.series[2].label, "opt=1048576");
	assert_int_equal(figure.series[2].kind, BEL_SERIES_LINE);
	assert_int_equal(figure.series[1].twin, 0);
	assert_int_equal(figure.panels, 2);
	assert_int_equal(figure.events, 2);
	assert_string_equal(figure.event[0].name, "");
	assert_string_equal(figure.event[1].name, "b");
	assert_true(figure.event[1].x == 3);
	finish();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figure_spec),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_spots_of_one_policy),
		cmocka_unit_test(test_curve),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_labels_tell_traces_apart),
		cmocka_unit_test(test_contradiction),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_lacking_member),
		cmocka_unit_test(test_rows_and_events),
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_interval_ends),
		cmocka_unit_test(test_short_last_interval),
		cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_plots),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
