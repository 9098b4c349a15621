/* SPDX-License-Identifier: MIT */
/*
 * bel-live.c: compares simulations with real memory. Its first operand names a command; the files
 * cmd/live has the commands.
 */
#include <string.h>

#include "live_command.h"
#include "tool.h"

static const struct bel_option options[] = {{.name = NULL}};

static const struct bel_command command = {
	.name = "bel-live",
	.synopsis = "COMMAND [OPTION...] [OPERAND...]",
	.purpose = "Compares simulations with the memory of this machine.",
	.options = options,
	.commands = "  probe      prints what this machine offers for measurements\n"
		    "  replay     touches a trace's pages in a memory cgroup, counts the faults\n"
		    "  run        runs a program in a memory cgroup, counts its faults\n"
		    "  clean      undoes the changes of a bel-live that was killed\n"
		    "  pager      runs a policy of belady on real memory, without root\n"
		    "  calibrate  measures what faults and switches cost, for bel-vm --cost\n",
	.examples = "  bel-live probe\n"
		    "  bel-live replay --help\n"
		    "  sudo bel-live replay -f 512:8192:*2 gzip.bel\n"
		    "  sudo bel-live run -f 4096 -- sort words.txt\n"
		    "  sudo bel-live clean\n"
		    "  bel-live pager -p clock -f 256 gzip.bel\n"
		    "  bel-live calibrate --line\n",
	.ordered = true,
};

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"probe", live_probe},
	{"replay", live_replay},
	{"run", live_run},
	{"clean", live_clean},
	{"pager", live_pager},
	{"calibrate", live_calibrate},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	if (!tool.count)
		tool_usage(&tool, "give a command: probe, replay, run, clean, pager or calibrate");
	for (size_t i = 0; commands[i].name; i++)
		if (!strcmp(tool.operands[0], commands[i].name))
			return commands[i].run(tool.count, tool.operands);
	tool_usage(&tool, "'%s' is none of probe, replay, run, clean, pager, calibrate",
		tool.operands[0]);
}
