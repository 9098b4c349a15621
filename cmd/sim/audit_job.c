/* SPDX-License-Identifier: MIT */
/* audit_job.c: runs audits and reports them as records and messages. */
#include "audit_job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "policy_record.h"

/* The string in the format "pages": "0 1 2w -1"; -1 unmaps page 1. The caller frees it. */
static char *string_text(const struct bel_audit_string *string)
{
	char *text = NULL;
	size_t capacity;
	FILE *out = open_memstream(&text, &capacity);

	if (!out)
		return NULL;
	for (size_t i = 0; i < string->count; i++)
		fprintf(out, "%s%s%" PRIu32 "%s", i ? " " : "",
			string->step[i].kind == BEL_AUDIT_DROP ? "-" : "", string->step[i].page,
			string->step[i].kind == BEL_AUDIT_WRITE ? "w" : "");
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static int emit_result(struct bel_emit *emit, const struct bel_audit_setup *setup,
	const struct bel_audit_result *result, const char *string, struct bel_err *err)
{
	struct bel_record *r = bel_record_new("belady.audit/1");

	bel_record_text(r, "tool", "bel-sim");
	bel_record_text(r, "version", BEL_VERSION);
	bel_policy_record(r, &result->spec, NULL);
	bel_record_count(r, "seed", setup->seed);
	bel_record_count(r, "reference_strings", result->strings);
	bel_record_count(r, "references", result->references);
	bel_record_flag(r, "passed", result->found.rule == BEL_AUDIT_HELD);
	if (result->found.rule != BEL_AUDIT_HELD) {
		bel_record_text(r, "invariant", bel_audit_rule_name(result->found.rule));
		if (result->frames)
			bel_record_count(r, "frames", result->frames);
		else
			bel_record_null(r, "frames");
		bel_record_count(r, "reference", result->found.reference);
		bel_record_text(r, "violation", result->found.text);
		bel_record_text(r, "reference_string", string);
	}
	return bel_emit(emit, r, err);
}

static void tell(const struct tool *tool, const struct bel_audit_result *result, const char *string)
{
	const char *name = result->spec.policy->name;
	char frames[40] = "";

	if (result->frames)
		snprintf(frames, sizeof(frames), "%" PRIu64 " frame%s, ", result->frames,
			result->frames == 1 ? "" : "s");
	tool_warn(tool, "%s: %s (%s, %sreference %" PRIu64 ")", name, result->found.text,
		bel_audit_rule_name(result->found.rule), frames, result->found.reference);
	if (strlen(string) > 300)
		tool_warn(tool, "%s: the string has %zu steps; the record contains it", name,
			result->string.count);
	else
		tool_warn(tool, "%s: %s: %s", name,
			result->string.drops ? "string (-N: page N is unmapped)" : "string",
			string);
}

size_t audit_job(
	struct tool *tool, struct bel_emit *emit, struct bel_audit_setup setup, const char *frames)
{
	struct bel_audit_result *results;
	uint64_t *counts;
	size_t failed = 0;

	tool_check(tool, bel_parse_frames(frames, 0, &counts, &setup.frame_count, &tool->err));
	setup.frames = counts;
	tool_check(tool, bel_audit(&setup, &results, &tool->err));
	for (size_t i = 0; i < setup.spec_count; i++) {
		const struct bel_audit_result *result = &results[i];
		char *string = string_text(&result->string);

		if (!string)
			tool_no_memory(tool, "audit");
		tool_check(tool, emit_result(emit, &setup, result, string, &tool->err));
		if (result->found.rule != BEL_AUDIT_HELD) {
			tell(tool, result, string);
			failed++;
		}
		free(string);
	}
	bel_audit_results_free(results, setup.spec_count);
	free(counts);
	return failed;
}
