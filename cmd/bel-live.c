/* SPDX-License-Identifier: MIT */
/*
 * bel-live.c: compares simulations with real memory. Its first operand names a command; the files
 * cmd/common/live_*.c have the commands.
 */
#include <string.h>

#include "live_command.h"
#include "tool.h"

static const struct bel_option options[] = {{0}};

static const struct bel_command command = {
	.name = "bel-live",
	.synopsis = "COMMAND [OPTION...] [OPERAND...]",
	.purpose = "Compares simulations with the memory of this machine.",
	.options = options,
	.examples = "  bel-live COMMAND --help\n",
	.ordered = true,
};

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	if (!tool.count)
		tool_usage(&tool, "give a command");
	for (size_t i = 0; commands[i].name; i++)
		if (!strcmp(tool.operands[0], commands[i].name))
			return commands[i].run(tool.count, tool.operands);
	tool_usage(&tool, "%s: not a command of bel-live", tool.operands[0]);
}
