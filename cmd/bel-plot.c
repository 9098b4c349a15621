/* SPDX-License-Identifier: MIT */
/*
 * bel-plot.c: draws records as one figure.
 *
 * Input: records (operands or standard input). Output: a picture, which gnuplot draws, or the
 * gnuplot script. plots/KIND.gp defines each kind of figure.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figure.h"
#include "gnuplot.h"
#include "layout.h"
#include "option_rows.h"
#include "plot_options.h"
#include "plot_terminal.h"
#include "plots.h"
#include "script.h"
#include "temp_folder.h"
#include "tempfile.h"
#include "tool_output.h"

static struct {
	const char *kind, *output, *size, *style, *font, *legend, *label;
	bool linear, log, print, quiet;
	uint64_t top;
	struct bel_script script;
} opt = {.kind = "fault-rate", .script = {.scale = 1}};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to draw"),
	{"kind", 'k', "KIND", "kind of figure (default fault-rate); 'list' prints all kinds",
		BEL_OPT_TEXT, &opt.kind},
	{"title", 0, "TEXT", "title (default: the traces' names)", BEL_OPT_TEXT, &opt.script.title},
	{"log", 0, NULL, "logarithmic x axis (default: if frame counts grow by factors)",
		BEL_OPT_FLAG, &opt.log},
	{"linear", 0, NULL, "linear x axis", BEL_OPT_FLAG, &opt.linear},
	{"log-y", 0, NULL, "logarithmic y axis", BEL_OPT_FLAG, &opt.script.log_y},
	{"top", 0, "N", "draw only the N lines with the fewest faults, and opt", BEL_OPT_COUNT,
		&opt.top},
	{"label", 0, "NAME=TEXT,...", "draw TEXT where a trace or a line is called NAME",
		BEL_OPT_TEXT, &opt.label},
	{"legend", 0, "PLACE", "right, below, none or auto: where there is room (default auto)",
		BEL_OPT_TEXT, &opt.legend},
	{"style", 0, "FILE.gp", "draw with this file instead of plots/KIND.gp", BEL_OPT_TEXT,
		&opt.style},
	BEL_OPTION_GROUP("output"),
	{"format", 0, "FORMAT",
		"svg, png, pdf, cairolatex, tikz, or dumb, which draws with letters (default: from "
		"the "
		"end of FILE's name, else dumb on a terminal, else svg)",
		BEL_OPT_TEXT, &opt.script.terminal},
	{"size", 0, "WxH",
		"size: 900x540 pixels (default), 8.5x6cm, 3.3x2in; or characters for dumb "
		"(default: the terminal's size)",
		BEL_OPT_TEXT, &opt.size},
	{"font", 0, "NAME,SIZE", "font and its size in points (default sans,10.5)", BEL_OPT_TEXT,
		&opt.font},
	{"scale", 0, "FACTOR", "enlarge letters, marks and lines together (default 1)",
		BEL_OPT_REAL, &opt.script.scale},
	OUTPUT_OPTION(opt.output),
	{"print", 0, NULL, "instead, print the gnuplot script with its data", BEL_OPT_FLAG,
		&opt.print},
	{"quiet", 'q', NULL, "print no notes", BEL_OPT_FLAG, &opt.quiet},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-plot",
	.synopsis = "[OPTION...] [RECORDS...]",
	.purpose = "Draws result records of any number of runs.",
	.options = options,
	.examples = "  bel-sim -p fifo,lru,opt,ws ls.bel | bel-plot -o fault-rate.svg\n"
		    "  bel-sim -p lru -f 64 --interval 10k ls.bel >lru.jsonl\n"
		    "  bel-plot -k faults-over-time lru.jsonl\n",
};

static int choose_terminal(struct bel_script *script, struct bel_err *err)
{
	const bool to_file = opt.output && strcmp(opt.output, "-") != 0;
	const bool shown = !opt.print && !to_file && isatty(STDOUT_FILENO);

	if (opt.log && opt.linear)
		return bel_usage(err, "--log and --linear exclude each other");
	script->x_axis = opt.log ? BEL_AXIS_LOG : opt.linear ? BEL_AXIS_LINEAR : BEL_AXIS_AUTO;
	script->color = shown && !getenv("NO_COLOR");
	script->output = to_file && opt.print ? opt.output : NULL;
	if (!script->terminal && to_file) {
		script->terminal = bel_terminal_of(opt.output);
		if (!script->terminal)
			return bel_usage(err,
				"%s: must end in .svg, .png, .pdf, .tex or .tikz, unless --format "
				"is "
				"given",
				opt.output);
	}
	if (!script->terminal)
		script->terminal = shown ? "dumb" : "svg";
	if (plot_choose_size(script, opt.size, err) < 0 ||
		plot_choose_font(script, opt.font, err) < 0 ||
		plot_choose_legend(script, opt.legend, err) < 0)
		return err->code;
	if (!opt.size && !strcmp(script->terminal, "dumb"))
		plot_fit_terminal(script);
	if (shown && (!strcmp(script->terminal, "png") || !strcmp(script->terminal, "pdf")))
		return bel_usage(
			err, "%s cannot be shown on a terminal; give -o FILE", script->terminal);
	if (!strcmp(script->terminal, "cairolatex")) {
		if (!to_file || bel_terminal_of(opt.output) == NULL ||
			strcmp(bel_terminal_of(opt.output), "cairolatex") != 0)
			return bel_usage(err, "cairolatex writes two files: give -o FILE.tex; the "
					      "other is FILE.pdf");
		script->output = opt.output;
	}
	return bel_script_check(script, err);
}

static int list_kinds(const struct bel_plots *plots)
{
	for (size_t i = 0; i < plots->count; i++)
		printf("%-18s %s\n", plots->kind[i].name, plots->kind[i].purpose);
	return 0;
}

static int read_all(struct tool *tool, const struct bel_plots *plots, struct bel_figure *figure,
	const char *kind)
{
	static char dash[] = "-";
	char *standard_input[] = {dash};
	char **paths = tool->count ? tool->operands : standard_input;
	const int count = tool->count ? tool->count : 1;
	struct bel_figure_tally tally = {0};

	for (int i = 0; i < count; i++)
		if (bel_figure_read(figure, paths[i], &tally, &tool->err) < 0)
			return BEL_FAIL;
	if (!tally.records)
		return bel_fail(&tool->err, "%s: no records",
			count > 1          ? "the inputs"
			: *paths[0] == '-' ? "standard input"
					   : paths[0]);
	if (figure->events && !figure->count)
		return bel_fail(&tool->err, "%s draws %s; the input has none, but %zu of %s", kind,
			figure->spec->records.word[0], figure->events,
			figure->spec->events.word[0]);
	if (figure->events > BEL_EVENTS_DRAWN)
		tool_note(tool, "only %d of %zu records of %s are drawn", BEL_EVENTS_DRAWN,
			figure->events, figure->spec->events.word[0]);
	if (tally.other == tally.records)
		return plot_fail_other(plots, figure, kind, &tally, &tool->err);
	if (tally.unmatched)
		tool_note(tool, "skipped %" PRIu64 " record%s that %s does not draw (%s)",
			tally.unmatched, tally.unmatched == 1 ? "" : "s", kind,
			tally.unmatched_schema);
	return bel_figure_finish(figure, &tool->err);
}

/* Says which size would do. */
static void tell_low(const struct tool *tool, const struct bel_figure *figure)
{
	struct bel_script larger = opt.script;
	const size_t count = figure->names ? figure->count : figure->panels;
	const char *const what = figure->names ? "rows" : "panels";
	const char *const fewer = figure->names ? "--top" : "fewer traces";

	if (bel_layout_make_readable(&larger, figure))
		tool_note(tool, "%zu %s are too low to be read: use --size %ux%u, or %s", count,
			what, larger.width, larger.height, fewer);
	else
		tool_note(tool, "%zu %s are too low to be read: use %s", count, what, fewer);
}

/* The script may be larger than stdio's buffer, so any write may fail; errno is from that write. */
static int write_script(
	struct tool *tool, const struct bel_figure *figure, FILE *file, const char *name)
{
	struct bel_layout layout;
	int status;

	if (bel_layout_make(&layout, figure, &opt.script, &tool->err) < 0)
		return BEL_FAIL;
	if (layout.named == 0)
		tool_note(tool, "the picture has no room for a legend: use a larger --size");
	else if (layout.named < layout.keys)
		tool_note(tool,
			"the legend has room for %zu of %zu lines: use --top %zu, or a larger "
			"--size",
			layout.named, layout.keys, layout.named);
	if (!bel_layout_is_readable(&layout))
		tell_low(tool, figure);
	errno = 0;
	status = bel_script_write(&opt.script, figure, &layout, file, &tool->err);
	if (status == 0 && ferror(file))
		status = bel_fail_errno(&tool->err, errno, "%s: cannot write", name);
	bel_layout_release(&layout);
	return status;
}

static int say(const struct tool *tool, const struct bel_gnuplot_words *words)
{
	if (words->text[0])
		tool_warn(tool, "gnuplot: %s", words->text);
	if (words->crowded)
		tool_note(tool, "the picture is too small for all of its text: use a larger "
				"--size, or a smaller --scale");
	return 0;
}

/* tikz needs lua, and PNG and PDF need Cairo, which a gnuplot may lack. */
static int cannot(struct tool *tool, const struct bel_gnuplot_words *words)
{
	if (!words->no_terminal)
		return BEL_FAIL;
	return bel_fail(&tool->err,
		"this gnuplot was built without the format %s: use another --format",
		opt.script.terminal);
}

/* gnuplot reads the script from a temporary file. The picture gets its name when it is complete. */
static int draw(struct tool *tool, const struct bel_figure *figure)
{
	const struct bel_gnuplot gnuplot = {"gnuplot", temp_folder(TEMP_SMALL)};
	FILE *const script = bel_tempfile_stream(gnuplot.folder, &tool->err);
	const bool latex = !strcmp(opt.script.terminal, "cairolatex");
	struct bel_gnuplot_words words;
	struct bel_outfile *out;

	if (!script || write_script(tool, figure, script, "a temporary file") < 0)
		return BEL_FAIL;
	if (latex) {
		/* gnuplot itself writes both files, of which one names the other. */
		if (bel_gnuplot_run(&gnuplot, script, stdout, opt.output, &words, &tool->err) < 0)
			return cannot(tool, &words);
		fclose(script);
		return say(tool, &words);
	}
	out = output_open(tool, opt.output ? opt.output : "-");
	if (bel_gnuplot_run(
		    &gnuplot, script, out->file, bel_outfile_name(out), &words, &tool->err) < 0)
		return cannot(tool, &words);
	fclose(script);
	say(tool, &words);
	output_commit(tool);
	return 0;
}

int main(int argc, char **argv)
{
	struct tool tool;
	struct bel_plots plots;
	struct bel_figure_spec spec;
	struct bel_figure figure;
	char *path;

	tool_start(&tool, &command, argc, argv);
	tool_check(&tool, choose_terminal(&opt.script, &tool.err));
	tool_check(&tool, bel_plots_find(&plots, BEL_PLOTS_DIR, &tool.err));
	if (!strcmp(opt.kind, "list")) {
		const int status = list_kinds(&plots);

		bel_plots_release(&plots);
		return tool_finish(&tool, status);
	}
	path = opt.style ? strdup(opt.style) : bel_plots_path(&plots, opt.kind, &tool.err);
	tool_check(&tool, path ? bel_figure_spec_read(&spec, path, &tool.err) : BEL_FAIL);

	bel_figure_init(&figure, &spec);
	tool_check(&tool, plot_take_labels(&figure, opt.label, &tool.err));
	tool_check(&tool, read_all(&tool, &plots, &figure, opt.style ? opt.style : opt.kind));

	tool_check(&tool, plot_check_labels(&figure, &tool.err));
	if (opt.top)
		tool_check(&tool, bel_figure_top(&figure, opt.top, &tool.err));
	plot_compute_errors(&tool, &figure);
	if (!opt.size)
		bel_layout_grow(&opt.script, &figure);
	if (opt.script.scale == 1 && !opt.script.font_points)
		tool_check(&tool, bel_layout_fit(&opt.script, &figure, &tool.err));
	opt.script.look = plots.look;
	opt.script.whole = opt.print;
	tool_check(&tool, bel_script_fits(&opt.script, &figure, &tool.err));
	tool_check(&tool, opt.print ? write_script(&tool, &figure, stdout, "standard output")
				    : draw(&tool, &figure));

	bel_figure_release(&figure);
	bel_figure_spec_release(&spec);
	bel_plots_release(&plots);
	free(path);
	return tool_finish(&tool, 0);
}
