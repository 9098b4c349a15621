/* SPDX-License-Identifier: MIT */
/* bel-new-policy.c: writes a file NAME.c with a working policy, for the user to change. */
#include <stdlib.h>

#include "policy_template.h"
#include "tool_output.h"

static const char *output;

static const struct bel_option options[] = {
	{"output", 'o', "FILE",
		"write to FILE, which must not exist yet; - is standard output (default NAME.c)",
		BEL_OPT_TEXT, &output},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-new-policy",
	.synopsis = "[OPTION...] NAME",
	.purpose = "Writes the source of a working page-replacement policy, for you to change.",
	.options = options,
	.examples = "  bel-new-policy mine\n"
		    "  cc -O2 -fPIC -shared -DBEL_PLUGIN $(pkg-config --cflags belady) \\\n"
		    "      -o mine.so mine.c\n"
		    "  bel-sim --audit -p ./mine.so\n",
};

int main(int argc, char **argv)
{
	struct tool tool;
	char *path;

	tool_start(&tool, &command, argc, argv);
	if (tool.count == 0)
		tool_usage(&tool, "no name given: bel-new-policy NAME");
	if (tool.count > 1)
		tool_usage(&tool, "unexpected operand '%s': give one name", tool.operands[1]);
	tool_check(&tool, policy_template_check_name(tool.operands[0], &tool.err));
	if (asprintf(&path, "%s.c", tool.operands[0]) < 0)
		tool_no_memory(&tool, "policy");
	/* An existing file may be the user's work, so it is never overwritten. */
	policy_template_write(tool.operands[0], output_create(&tool, output ? output : path)->file);
	output_commit(&tool);
	free(path);
	return tool_finish(&tool, 0);
}
