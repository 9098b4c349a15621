/* SPDX-License-Identifier: MIT */
/* explain_job.c: explains a string with each policy, and grades answers. */
#include "explain_job.h"

#include <stdlib.h>
#include <string.h>

#include "grade.h"
#include "number.h"
#include "visible.h"

struct bel_explain *explain_all(struct tool *tool, const struct explain_want *want, size_t *count)
{
	size_t frame_count;
	uint64_t *frames;
	struct bel_explain *explain;

	tool_check(tool, want->ram ? bel_parse_memory(want->ram, want->page_bits, &frames,
					     &frame_count, &tool->err)
				   : bel_parse_frames(want->frames, want->string->pages, &frames,
					     &frame_count, &tool->err));
	explain = calloc(want->spec_count * frame_count, sizeof(*explain));
	if (!explain)
		tool_no_memory(tool, "the tables");
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
		tool_check(tool,
			bel_explain_run(&explain[(*count)++], want->string, &setup, &tool->err));
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

/* The whole file as a string. The caller frees it. */
static char *read_answers(struct tool *tool, const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char *text = NULL;
	size_t capacity = 0;

	if (!file)
		tool_fail(tool, "%s: cannot open: %m", path);
	/* Text contains no NUL, so this reads the whole file. */
	if (getdelim(&text, &capacity, 0, file) < 0)
		tool_fail(tool, "%s: is empty", path);
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

	tool_check(tool, bel_grade(&grade, explain, count, text, path, &tool->err));
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
