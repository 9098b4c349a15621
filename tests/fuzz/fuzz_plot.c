/* SPDX-License-Identifier: MIT */
/*
 * fuzz_plot.c: records with any text and numbers in them against the scripts that are made of
 * them. Whatever they hold, the data of a script is what a small grammar says: settings with
 * numbers, arrays of strings, blocks of numbers; every string is closed where it was opened,
 * and none of its bytes means anything to gnuplot. So no text of a record can be a command.
 *
 * The first byte chooses a figure; then come records, each a byte for its kind, texts and values,
 * and which members it has. A first byte of 255: the rest is JSON as it is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "layout.h"
#include "script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char look[] = "# the look begins here\n";

/* One for each way that a figure can take texts and numbers. */
static const char *const recipes[] = {
	"# figure: f\n# records: run/1 curve/1\n# x: frames mean\n# y: ratio "
	"faults/trace.references\n# series: policy params\n# band: low high\n# mark: knee.x "
	"knee.y\n# axis: pages\n",
	"# figure: f\n# records: run/1\n# x: frames\n# y: ratio\n# series: policy params frames\n"
	"# width: mean\n# columns: low high\n",
	"# figure: f\n# records: run/1\n# x: trace.name spec\n# y: ratio\n# series: policy params\n"
	"# joins: trace\n# axis: names\n",
	"# figure: f\n# records: run/1\n# x: trace.page_bytes\n# y: ratio\n# series: policy\n# "
	"joins: "
	"page_bytes mix\n",
	"# figure: f\n# records: run/1 curve/1\n# measured: belady.live/1 belady.live-program/1\n"
	"# x: frames mean\n# y: faults\n# series: policy params\n# axis: pages\n",
};

static const char *const numbers[] = {"frames", "mean", "ratio", "low", "high", "faults", "seed"};
static const char *const schemas[] = {"curve/1", "run/1", "belady.live/1", "belady.live-program/1"};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct bytes {
	const uint8_t *at, *end;
};

static unsigned take(struct bytes *bytes)
{
	return bytes->at < bytes->end ? *bytes->at++ : 0;
}

static _Noreturn void stop(const char *why, const char *at)
{
	fprintf(stderr, "fuzz_plot: %s: %.60s\n", why, at);
	abort();
}

/* A JSON string of the next bytes, up to one whose low bits are 0; any of U+0001 to U+00FF. */
static void put_string(FILE *out, struct bytes *bytes)
{
	unsigned c;

	fputc('"', out);
	while ((c = take(bytes)))
		fprintf(out, "\\u%04x", c);
	fputc('"', out);
}

static void put_number(FILE *out, struct bytes *bytes)
{
	static const char *const special[] = {"null", "1e308", "-1", "0", "1e-300", "[1,2,3]",
		"9223372036854775807", "[]", "\"8\"", "1e18", "1e-18", "{}", "[0,1,2.5]"};
	const unsigned kind = take(bytes);

	if (kind < COUNT(special))
		fputs(special[kind], out);
	else
		fprintf(out, "%u", kind - (unsigned)COUNT(special));
}

/* Each member at most once, since a second one of a name would be refused. */
static void put_members(FILE *out, struct bytes *bytes)
{
	const unsigned mask = take(bytes) | take(bytes) << 8;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (!(mask >> i & 1))
			continue;
		fprintf(out, ",\"%s\":", numbers[i]);
		put_number(out, bytes);
	}
	if (mask & 1 << 8) {
		fputs(",\"spec\":", out);
		put_string(out, bytes);
	}
	if (mask & 1 << 9) {
		fputs(",\"params\":{", out);
		put_string(out, bytes);
		fputc(':', out);
		put_string(out, bytes);
		fputc('}', out);
	}
	if (mask & 1 << 10) {
		fputs(",\"knee\":{\"x\":", out);
		put_number(out, bytes);
		fputs(",\"y\":", out);
		put_number(out, bytes);
		fputc('}', out);
	}
}

static void put_record(FILE *out, struct bytes *bytes)
{
	const unsigned what = take(bytes);

	fprintf(out, "{\"schema\":\"%s\",\"policy\":", schemas[(what & 1) + (what >> 2 & 2)]);
	if (what & 2)
		put_string(out, bytes);
	else
		fputs(what & 4 ? "\"opt\"" : "\"ws\"", out);
	fputs(",\"trace\":{\"name\":", out);
	put_string(out, bytes);
	fputs(",\"page_bytes\":", out);
	put_number(out, bytes);
	fputs(",\"references\":9,\"pages\":3}", out);
	/* Of what is measured, the text is the name of a kernel. */
	if (what & 8) {
		fputs(",\"kernel\":", out);
		put_string(out, bytes);
		fprintf(out, ",\"reclaim\":\"lists\",\"major_faults\":%u", take(bytes));
		fprintf(out, ",\"faults_least\":%u", take(bytes));
		fprintf(out, ",\"faults_most\":%u", take(bytes));
	}
	put_members(out, bytes);
	fputs("}\n", out);
}

static char *records_of(struct bytes bytes, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		stop("no memory", "");
	while (bytes.at < bytes.end)
		put_record(out, &bytes);
	if (fclose(out) != 0)
		stop("no memory", "");
	return text;
}

/* ---- what a script may be; knows nothing of how it was made ---- */

static const char *skip(const char *at, const char *set)
{
	return at + strspn(at, set);
}

/*
 * A string in either quotes; in double quotes nothing but octal escapes follows a backslash. The
 * name of a file is exact, and may hold any byte so; what is shown holds no control character.
 */
static const char *string(const char *at, int exact)
{
	const char quote = *at;

	if (quote != '"' && quote != '\'')
		stop("no string", at);
	for (at++; *at != quote; at++) {
		const unsigned char c = (unsigned char)*at;

		if (c < 0x20 || c == 0x7f || strchr("`@$\"'", c))
			stop("a byte that means something in a string", at);
		if (c == 0xc2 && (unsigned char)at[1] < 0xa0)
			stop("a control character in a string", at);
		if (c != '\\')
			continue;
		if (quote == '\'' || strspn(at + 1, "01234567") != 3)
			stop("an escape that gnuplot would read on", at);
		if (!exact && strncmp(at, "\\040", 4) < 0)
			stop("a control character in a string", at);
		at += 3;
	}
	return at + 1;
}

static const char *number(const char *at)
{
	const char *const end = skip(at, "0123456789.e+-");

	if (end == at)
		stop("no number", at);
	return end;
}

static const char *line_end(const char *at)
{
	if (*at != '\n')
		stop("something at the end of a line", at);
	return at + 1;
}

static const char *block(const char *at)
{
	while (strncmp(at, "END\n", 4) != 0) {
		const char *const end = skip(at, "0123456789.e+- ");

		at = line_end(end);
	}
	return at + 4;
}

/* array NAME[N], with as many values as it may be, all strings or all numbers. */
static const char *array(const char *at)
{
	at = skip(at, "abcdefghijklmnopqrstuvwxyz_");
	if (*at++ != '[')
		stop("no array", at);
	at = number(at);
	if (*at++ != ']')
		stop("no array", at);
	if (*at == '\n')
		return at + 1;
	if (strncmp(at, " = [", 4) != 0)
		stop("no array", at);
	at += 4;
	do
		at = *at == '"' ? string(at, 0) : number(at);
	while (!strncmp(at, ", ", 2) && (at += 2));
	if (*at++ != ']')
		stop("an array that does not end", at);
	return line_end(at);
}

static const char *setting(const char *at)
{
	const char *const name = at;

	at = skip(at, "abcdefghijklmnopqrstuvwxyz_");
	if (!strncmp(name, "spot_name[", 10) || !strncmp(name, "key_text[", 9) ||
		!strncmp(name, "key_style[", 10) || !strncmp(name, "key_kind[", 9) ||
		!strncmp(name, "error_of[", 9))
		at = skip(at + 1, "0123456789") + 1;
	if (at == name || strncmp(at, " = ", 3) != 0)
		stop("no setting", name);
	at += 3;
	if (*at == '"' || *at == '\'')
		return line_end(string(at, 0));
	at = number(at);
	return line_end(strncmp(at, " * ", 3) ? at : number(at + 3));
}

/* After `at`, if it begins with this text; else `at`. */
static const char *after(const char *at, const char *text)
{
	const size_t length = strlen(text);

	return strncmp(at, text, length) ? at : at + length;
}

/* The settings and data of a panel, then the look and the text of the recipe. */
static const char *panel(const char *at, const char *recipe)
{
	while (*at != '\n') {
		if (*at == '$') {
			at = skip(at + 1, "abcdefghijklmnopqrstuvwxyz_");
			if (strncmp(at, " << END\n", 8) != 0)
				stop("no block", at);
			at = block(at + 8);
		} else if (!strncmp(at, "array ", 6)) {
			at = array(at + 6);
		} else {
			at = setting(at);
		}
	}
	if (strncmp(at + 1, look, strlen(look)) != 0)
		stop("the look does not follow", at);
	at += 1 + strlen(look) + 1;
	if (strncmp(at, recipe, strlen(recipe)) != 0)
		stop("the recipe does not follow", at);
	return at + strlen(recipe);
}

static void check(const char *script, const char *recipe)
{
	static const char key[] = "\nif (key_place";
	static const char terminal[] = "set terminal svg size 900, 540 dynamic background rgb "
				       "'white' font \"sans,14\" linewidth 1\nset output ";
	const char *at = strchr(script, '\n') + 1;

	if (*script != '#' || strncmp(at, terminal, strlen(terminal)) != 0)
		stop("another beginning", script);
	at = line_end(string(at + strlen(terminal), 1));
	while (strncmp(at, "title", 5) && strncmp(at, "set ", 4))
		at = setting(at);
	at = after(at, "set multiplot\n");
	if (!strncmp(at, "set label 1 ", 12)) {
		at = string(at + 12, 0);
		at = line_end(after(at, " at screen 0.5, 1 center offset 0, -0.8 noenhanced"));
	}
	while (*at && strncmp(at, key, strlen(key)) && strcmp(at, "unset multiplot\n"))
		at = panel(at, recipe);
}

/* ---- one input ---- */

static void draw(
	const char *text, size_t size, const struct bel_figure_spec *recipe, const char *title)
{
	struct bel_script script = {.terminal = "svg", .look = look, .title = title};
	struct bel_figure figure;
	struct bel_layout layout;
	struct bel_records *records;
	struct bel_record *record;
	struct bel_err err;
	FILE *in = fmemopen((void *)(uintptr_t)text, size, "r"), *out;
	char *made = NULL;
	size_t made_size, taken = 0;
	int r = bel_records_open_file(&records, in, "in", &err);

	bel_figure_init(&figure, recipe);
	while (r >= 0 && (r = bel_records_next(records, &record, &err)) > 0) {
		r = bel_figure_add(&figure, record, &err);
		taken += r > 0;
		bel_record_free(record);
	}
	bel_records_close(records);
	fclose(in);
	script.output = title;
	script.log_y = size % 2;
	if (r >= 0 && taken && bel_figure_finish(&figure, &err) == 0 &&
		bel_figure_errors(&figure, &err) >= 0 &&
		bel_script_fits(&script, &figure, &err) == 0) {
		out = open_memstream(&made, &made_size);
		if (bel_layout_make(&layout, &figure, &script, &err) == 0 &&
			bel_script_write(&script, &figure, &layout, out, &err) == 0) {
			fflush(out);
			check(made, recipe->text);
		}
		bel_layout_release(&layout);
		fclose(out);
		free(made);
	}
	bel_figure_release(&figure);
}

static struct bel_figure_spec recipe[COUNT(recipes)];

/* Recipes are files: each is written once and read. */
static void prepare(void)
{
	for (size_t i = 0; i < COUNT(recipes); i++) {
		char path[] = "/tmp/fuzz_plot-XXXXXX";
		const int fd = mkstemp(path);
		FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
		struct bel_err err;

		if (!file || fputs(recipes[i], file) < 0 || fclose(file) != 0 ||
			bel_figure_spec_read(&recipe[i], path, &err) < 0)
			stop("cannot begin", path);
		remove(path);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, data + size};
	const unsigned figure = take(&bytes);
	char title[64], *text;
	size_t length;

	if (!recipe[0].text)
		prepare();
	if (size < 2)
		return 0;
	/* Titles and output names are bytes that no JSON reader has looked at. */
	snprintf(title, sizeof(title), "%.*s", (int)(size - 1 < 60 ? size - 1 : 60),
		(const char *)data + 1);
	if (figure == 255) {
		for (size_t i = 0; i < COUNT(recipes); i++)
			draw((const char *)data + 1, size - 1, &recipe[i], title);
		return 0;
	}
	text = records_of(bytes, &length);
	if (length)
		draw(text, length, &recipe[figure % COUNT(recipes)], title);
	free(text);
	return 0;
}
