/* SPDX-License-Identifier: MIT */
/* explain_job.c: tables for all policies asked for, marks, the story of a machine. */
#include "explain_job.h"

#include <stdlib.h>
#include <string.h>

#include "grade.h"
#include "number.h"
#include "visible.h"
#include "vm_step.h"

struct bel_explain *explain_all(struct tool *tool, const struct explain_want *want, size_t *count)
{
	size_t frame_count;
	uint64_t *frames;
	struct bel_explain *explain;

	if (bel_parse_frames(want->frames, want->string->pages, &frames, &frame_count, &tool->err) <
		0)
		tool_die(tool);
	explain = calloc(want->spec_count * frame_count, sizeof(*explain));
	if (!explain) {
		bel_err_memory(&tool->err, "the tables");
		tool_die(tool);
	}
	*count = 0;
	for (size_t i = 0; i < want->spec_count * frame_count; i++) {
		const struct bel_policy_spec *spec = &want->specs[i / frame_count];
		const bool variable = spec->policy->caps & BEL_POLICY_VARIABLE;
		const struct bel_sim_setup setup = {
			.spec = spec,
			.frames = variable ? 0 : frames[i % frame_count],
			.seed = want->seed,
		};

		if (variable && i % frame_count)
			continue;
		if (bel_explain_run(&explain[(*count)++], want->string, &setup, &tool->err) < 0)
			tool_die(tool);
	}
	free(frames);
	return explain;
}

void explain_free(struct bel_explain *explain, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bel_explain_release(&explain[i]);
	free(explain);
}

/* All of a file, a 0 behind it. */
static char *read_answers(struct tool *tool, const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char *text = NULL;
	size_t capacity = 0;

	if (!file) {
		bel_fail(&tool->err, "%s: cannot open it: %m", path);
		tool_die(tool);
	}
	/* No text holds a 0, so that this reads all of one. */
	if (getdelim(&text, &capacity, 0, file) < 0) {
		bel_fail(&tool->err, "%s: there is nothing to read in it", path);
		tool_die(tool);
	}
	if (file != stdin)
		fclose(file);
	return text;
}

int explain_mark(struct tool *tool, const struct bel_explain *explain, size_t count,
	const char *path, FILE *out)
{
	char *text = read_answers(tool, path);
	char title[200], label[BEL_STEP_TABLE_CELL], given[4 * BEL_STEP_TABLE_CELL];
	struct bel_grade grade;

	if (bel_grade(&grade, explain, count, text, path, &tool->err) < 0)
		tool_die(tool);
	free(text);
	fprintf(out, "%zu of %zu cells are right\n", grade.right, grade.cells);
	if (grade.right == grade.cells)
		return 0;
	bel_explain_title(&explain[grade.explain], title, sizeof(title));
	bel_step_table_label(&grade.row, label);
	fprintf(out, "%s: %s at time %zu: ", title, label, grade.now);
	if (*grade.given)
		fprintf(out, "'%s', should be '%s'\n",
			bel_visible_copy(given, sizeof(given), grade.given), grade.wanted);
	else
		fprintf(out, "no answer, should be '%s'\n", grade.wanted);
	return 1;
}

struct story {
	struct tool *tool;
	FILE *out;
	uint64_t runs;
};

static void tell(void *host, const struct bel_vm_step *step)
{
	struct story *story = host;
	const bool begins = step->type == BEL_VM_STEP_REFERENCE;
	char text[300];

	if (begins && story->runs++ == BEL_STRING_MAX) {
		bel_usage(&story->tool->err,
			"more than %d references: a story of them helps nobody; "
			"cut a piece with bel-convert, or count with bel-vm",
			BEL_STRING_MAX);
		tool_die(story->tool);
	}
	bel_vm_step_text(step, text, sizeof(text));
	fprintf(story->out, "%s%s\n", begins ? "" : "    ", text);
}

size_t explain_machine(struct tool *tool, const struct bel_source_options *options,
	const struct vm_options *vm, FILE *out)
{
	struct story story = {.tool = tool, .out = out};
	struct explain_source opened;
	struct bel_machines_setup setup;
	struct bel_machines *machines;
	unsigned page_bits;
	const size_t refused = vm_options_setup(tool, vm, &setup);

	if (setup.spec_count > 1 || setup.frame_count > 1) {
		bel_usage(&tool->err, "--vm: one policy and one number of frames");
		tool_die(tool);
	}
	explain_source_open(tool, options, &opened);
	page_bits = bel_source_page_bits(opened.source);
	setup.page_bits = &page_bits;
	setup.page_count = 1;
	setup.pass.threads = 1;
	setup.step = tell;
	setup.step_host = &story;
	machines = bel_machines_new(&setup, &opened.source, 1, &tool->err);
	if (!machines)
		tool_die(tool);
	bel_machines_free(machines);
	explain_source_close(tool, &opened);
	/* The machine's own page sizes were none; the one that it ran with is ours. */
	setup.page_bits = NULL;
	setup.page_count = 0;
	vm_options_release(&setup);
	return refused;
}
