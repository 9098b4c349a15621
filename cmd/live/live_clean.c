/* SPDX-License-Identifier: MIT */
/* live_clean.c: bel-live clean: undoes the changes of a bel-live that was killed. */
#include <unistd.h>

#include "changes.h"
#include "live_command.h"
#include "tool.h"

static const struct bel_option options[] = {{.name = NULL}};

static const struct bel_command command = {
	.name = "bel-live clean",
	.synopsis = "",
	.purpose = "Undoes the changes of a bel-live that was killed.",
	.options = options,
	.examples = "  sudo bel-live clean\n",
};

static void told(void *tool, const char *text)
{
	tool_warn(tool, "%s", text);
}

int live_clean(int argc, char **argv)
{
	struct bel_changes changes;
	struct bel_err err;
	struct tool tool;
	int r;

	tool_start(&tool, &command, argc, argv);
	if (tool.count)
		tool_usage(&tool, "unexpected operand '%s'", tool.operands[0]);
	if (geteuid() != 0)
		tool_fail(&tool, "this needs root: run it with sudo");
	r = bel_changes_open(&changes, "", &err);
	if (r < 0)
		tool_fail(&tool, "%s%s", err.text,
			r == BEL_NO ? ": it undoes its own changes when it ends" : "");
	if (!changes.left)
		tool_warn(&tool, "nothing to undo");
	r = bel_changes_undo(&changes, told, &tool, &tool.err);
	bel_changes_close(&changes);
	tool_check(&tool, r);
	return tool_finish(&tool, 0);
}
