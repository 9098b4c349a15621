/* SPDX-License-Identifier: MIT */
/*
 * story_options.h: the options of a machine's story, for bel-vm --explain.
 *
 *	static struct story_options story = STORY_OPTIONS_INIT;
 *	static const struct bel_option options[] = {STORY_OPTIONS(story), ..., {0}};
 *
 *	story_options_check(&tool, &story, format);   before anything is read
 *	story_options_open(&tool, &story, file, &told);
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_STORY_OPTIONS_H
#define BEL_STORY_OPTIONS_H

#include "option_rows.h"
#include "story.h"
#include "tool.h"

struct story_options {
	bool explain, table, quiz, faults_only;
	const char *process, *page, *time, *state;
	uint64_t width;
};

/* clang-format off: rows of a table */
#define STORY_OPTIONS(O)                                                                           \
	{"explain", 0, NULL,                                                                       \
		"instead of records, print every step of every reference, from "                   \
		"address to swap; an operand may then be a string, '7 0 1w 2', or a script, "      \
		"'map 0x400000 8K r-x text; i 0x401234'",                                          \
		BEL_OPT_FLAG, &(O).explain},                                                       \
		{"brief", 0, NULL, "explain in a table with a row for each reference",             \
			BEL_OPT_FLAG, &(O).table},                                                 \
		{"quiz", 0, NULL, "the same table without the answers", BEL_OPT_FLAG, &(O).quiz},  \
		{"faults-only", 0, NULL, "explain only references that fault, and events",         \
			BEL_OPT_FLAG, &(O).faults_only},                                           \
		{"process", 0, "N", "explain only what process N does", BEL_OPT_TEXT,              \
			&(O).process},                                                             \
		{"page", 0, "PAGE", "explain only references to this page, and its evictions",     \
			BEL_OPT_TEXT, &(O).page},                                                  \
		{"time", 0, "FROM:TO", "explain only these references", BEL_OPT_TEXT, &(O).time},  \
		{"state", 0, "LIST",                                                               \
			"after each reference and event, print some of tlb, table, "               \
			"frames, swap",                                                            \
			BEL_OPT_TEXT, &(O).state},                                                 \
	{                                                                                          \
		"width", 0, "N", "characters per line of an explanation (default 72)",             \
			BEL_OPT_COUNT, &(O).width                                                  \
	}
/* clang-format on */

/* Refuses wrong values, options without --explain, and formats that are none of a story. */
void story_options_check(
	struct tool *tool, const struct story_options *options, const char *format);

/* A story as the options say, after story_options_check(). */
void story_options_open(struct tool *tool, const struct story_options *options, const char *format,
	FILE *file, struct bel_story *story);

/* Ends the story. If the run succeeded and nothing was described, it says why on stderr. */
void story_options_close(struct tool *tool, struct bel_story *story, int status);

#endif
