/* SPDX-License-Identifier: MIT */
/*
 * gen_strings.c: the reference strings of textbooks.
 */
#include "gen_model.h"

#define STRING(NAME, TITLE, TEXT)                                                                  \
	{                                                                                          \
		.name = NAME, .title = TITLE, .uses = BEL_GEN_STRING, .text = TEXT                 \
	}

const struct bel_gen_model bel_gen_strings[] = {
	STRING("silberschatz", "Silberschatz, Galvin, Gagne: Operating System Concepts",
		"7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1"),
	STRING("silberschatz-exercise", "the same book, an exercise",
		"1 2 3 4 2 1 5 6 2 1 2 3 7 6 3 2 1 2 3 6"),
	STRING("belady", "Belady, Nelson, Shedler 1969: more frames, more faults",
		"1 2 3 4 1 2 5 1 2 3 4 5"),
	STRING("tanenbaum", "Tanenbaum: Modern Operating Systems, FIFO's anomaly",
		"0 1 2 3 0 1 4 0 1 2 3 4"),
	STRING("tanenbaum-distances", "the same book, LRU stack distances",
		"0 2 1 3 5 4 6 3 7 4 7 3 3 5 5 3 1 1 1 7 2 3 4 1"),
	STRING("stallings", "Stallings: Operating Systems", "2 3 2 1 5 2 4 5 3 2 5 2"),
	STRING("ostep", "Arpaci-Dusseau: Operating Systems, Three Easy Pieces",
		"0 1 2 0 1 3 0 3 1 2 1"),
	{
		.name = "string",
		.title = "the pages of the next argument: 'string \"7 0 1 2w\"'",
		.uses = BEL_GEN_STRING | BEL_GEN_TEXT,
	},
	{0},
};
