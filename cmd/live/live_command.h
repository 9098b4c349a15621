/* SPDX-License-Identifier: MIT */
/*
 * live_command.h: the commands of bel-live. Each is in its own file, cmd/live/live_NAME.c, and
 * works like the main() of a tool: it has its own table of options, and its `struct bel_command`
 * is named "bel-live NAME".
 */
#ifndef BEL_LIVE_COMMAND_H
#define BEL_LIVE_COMMAND_H

/* argv[0] is the name of the command. Each returns the exit status of the tool, or exits. */
int live_probe(int argc, char **argv);
int live_replay(int argc, char **argv);
int live_run(int argc, char **argv);
int live_clean(int argc, char **argv);
int live_pager(int argc, char **argv);
int live_calibrate(int argc, char **argv);

#endif
