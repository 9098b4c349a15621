/* SPDX-License-Identifier: MIT */
/* policy_options.c: parses the option -p. */
#include "policy_options.h"

#include <stdlib.h>

#include "plugin_guard.h"
#include "policy_help.h"

struct refusals {
	const struct tool *tool;
	size_t count;
};

static void refuse(void *host, const struct bel_err *why)
{
	struct refusals *refusals = host;

	refusals->count++;
	tool_warn(refusals->tool, "%s", why->text);
}

/* The names of all policies: "arc,car,clock". The caller frees it. */
static char *all_names(void)
{
	const struct bel_policy *policy;
	char *text = NULL;
	size_t capacity;
	FILE *out = open_memstream(&text, &capacity);

	for (size_t i = 0; out && (policy = bel_policy_at(i)); i++)
		fprintf(out, "%s%s", i ? "," : "", policy->name);
	if (out && fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

size_t policies_parse(
	struct tool *tool, const char *text, struct bel_policy_spec **specs, size_t *count)
{
	struct refusals refusals = {.tool = tool};
	char *all = text ? NULL : all_names();
	int described;

	if (!text)
		text = all;
	if (text)
		plugin_guard_start(tool->command->name, text);
	described = text ? bel_policy_describe(text, stdout, &tool->err)
			 : bel_err_memory(&tool->err, "policies");
	if (described > 0)
		exit(tool_finish(tool, 0));
	tool_check(tool, described);
	tool_check(tool, bel_specs_parse_usable(text, specs, count, refuse, &refusals, &tool->err));
	tool->err.code = 0;
	free(all);
	return refusals.count;
}
