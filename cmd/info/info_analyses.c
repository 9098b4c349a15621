/* SPDX-License-Identifier: MIT */
/* info_analyses.c: runs the analyses of a list of names, and emits their records. */
#include "info_analyses.h"

#include <stdlib.h>
#include <string.h>

#include "analysis_record.h"

static void list_all(struct tool *tool)
{
	const struct bel_analysis *analysis;

	for (size_t i = 0; (analysis = bel_analysis_at(i)); i++)
		printf("%-16s %s\n", analysis->name, analysis->title);
	exit(tool_finish(tool, 0));
}

void info_analyses_parse(struct tool *tool, const char *text, struct info_analyses *analyses)
{
	char *copy, *rest, *name;

	*analyses = (struct info_analyses){.count = 0};
	if (!text)
		return;
	if (!strcmp(text, "list"))
		list_all(tool);
	rest = copy = strdup(text);
	analyses->each = calloc(strlen(text) + 1, sizeof(*analyses->each));
	if (!copy || !analyses->each)
		tool_no_memory(tool, "analyses");
	while ((name = strsep(&rest, ","))) {
		const struct bel_analysis *const found = bel_analysis_find(name);

		if (!found)
			tool_usage(tool,
				"--analysis: unknown analysis '%s'; '--analysis list' prints all",
				name);
		analyses->each[analyses->count++].analysis = found;
	}
	free(copy);
}

void info_analyses_release(struct info_analyses *analyses)
{
	free(analyses->each);
}

int info_analyses_attach(struct info_analyses *analyses, struct bel_pass *pass, struct bel_err *err)
{
	struct bel_stream *const all = bel_pass_input(pass);
	const unsigned bits = (unsigned)__builtin_ctzll(bel_stream_page_bytes(all));

	for (size_t i = 0; i < analyses->count; i++) {
		struct info_analysis *const one = &analyses->each[i];

		one->err = (struct bel_err){.code = BEL_OK};
		one->self = one->analysis->create(bits, err);
		if (!one->self || bel_pass_attach(pass, all, &one->analysis->consumer, one->self,
					  &one->err, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

void info_analyses_drop(struct info_analyses *analyses)
{
	for (size_t i = 0; i < analyses->count; i++) {
		analyses->each[i].analysis->destroy(analyses->each[i].self);
		analyses->each[i].self = NULL;
	}
}

int info_analyses_emit(struct tool *tool, struct info_analyses *analyses, struct bel_emit *emit,
	const struct bel_trace_identity *trace)
{
	const struct bel_analysis_about about = {tool->command->name, trace};
	int failed = 0;

	for (size_t i = 0; i < analyses->count; i++) {
		struct info_analysis *const one = &analyses->each[i];

		tool_check(tool, bel_analysis_emit(emit, one->analysis, one->self, &about,
					 &one->err, &tool->err));
		if (one->err.code) {
			tool_warn(tool, "%s: %s", one->analysis->name, one->err.text);
			failed++;
		}
	}
	return failed;
}
