/* SPDX-License-Identifier: MIT */
/* explain_job.c: explains a string with each policy. */
#include "explain_job.h"

#include <stdlib.h>

#include "number.h"

static uint64_t *parse_frames(struct tool *tool, const struct explain_job *job, unsigned page_bits,
	uint32_t pages, size_t *count)
{
	uint64_t *frames;

	tool_check(
		tool, job->ram ? bel_parse_memory(job->ram, page_bits, &frames, count, &tool->err)
			       : bel_parse_frames(job->frames, pages, &frames, count, &tool->err));
	return frames;
}

void explain_open(struct tool *tool, const struct explain_job *job, uint64_t seed,
	struct explained *explained)
{
	struct bel_gen_setup model = job->model;
	unsigned page_bits;
	size_t frame_count;
	uint64_t *frames;

	model.seed = seed;
	page_bits = explain_string_open(tool, job->operand, &model, job->trace, &explained->string);
	frames = parse_frames(tool, job, page_bits, explained->string.pages, &frame_count);
	explained->all = calloc(job->spec_count * frame_count, sizeof(*explained->all));
	if (!explained->all)
		tool_no_memory(tool, "the tables");
	explained->count = 0;
	for (size_t i = 0; i < job->spec_count * frame_count; i++) {
		const struct bel_policy_spec *spec = &job->specs[i / frame_count];
		const bool variable = spec->policy->caps & BEL_POLICY_VARIABLE;
		const struct bel_sim_setup setup = {
			.spec = spec,
			.frames = variable ? 0 : frames[i % frame_count],
			.seed = seed,
		};

		if (variable && i % frame_count)
			continue;
		tool_check(tool, bel_explain_run(&explained->all[explained->count++],
					 &explained->string, &setup, &tool->err));
	}
	free(frames);
}

void explain_close(struct explained *explained)
{
	for (size_t i = 0; i < explained->count; i++)
		bel_explain_release(&explained->all[i]);
	free(explained->all);
	bel_string_release(&explained->string);
}
