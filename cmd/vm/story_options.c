/* SPDX-License-Identifier: MIT */
/* story_options.c: checks the options of a machine's story. */
#include "story_options.h"

#include <string.h>

#include "number.h"

/* "N", "FROM:TO", "FROM:" or ":TO". */
static void parse_time(struct tool *tool, const char *text, uint64_t *from, uint64_t *to)
{
	const char *const colon = strchr(text, ':');
	char first[24] = "";

	if (colon && (size_t)(colon - text) < sizeof(first))
		memcpy(first, text, (size_t)(colon - text));
	else if (colon)
		tool_usage(tool, "--time: '%s' is not FROM:TO", text);
	if (!colon || *first)
		tool_check(
			tool, bel_parse_number(colon ? first : text, "--time", from, &tool->err));
	if (!colon)
		*to = *from;
	else if (colon[1])
		tool_check(tool, bel_parse_number(colon + 1, "--time", to, &tool->err));
	if (*from > *to)
		tool_usage(tool, "--time: '%s' ends before it begins", text);
}

static const struct bel_style *style_of(struct tool *tool, const char *format)
{
	const struct bel_style *const style = bel_style_find(format ? format : "text");

	if (!style)
		tool_usage(tool,
			"--format: with --explain, '%s' is not text, markdown, html or latex",
			format);
	return style;
}

void story_options_check(struct tool *tool, const struct story_options *options, const char *format)
{
	struct bel_story story;

	if (options->explain) {
		story_options_open(tool, options, format, NULL, &story);
		return;
	}
	if (options->table || options->quiz || options->faults_only || options->process ||
		options->page || options->time || options->state || options->width)
		tool_usage(tool, "--brief, --quiz, --faults-only, --process, --page, --time, "
				 "--state and --width need --explain");
}

void story_options_open(struct tool *tool, const struct story_options *options, const char *format,
	FILE *file, struct bel_story *story)
{
	*story = (struct bel_story)BEL_STORY_INIT;
	story->file = file;
	story->style = style_of(tool, format);
	story->width = options->width < 10000 ? (unsigned)options->width : 10000;
	story->faults_only = options->faults_only;
	story->table = options->table || options->quiz;
	story->quiz = options->quiz;
	if (options->width && options->width < 20)
		tool_usage(tool, "--width: must be at least 20");
	if (story->quiz && options->state)
		tool_usage(tool, "--state: would give the answers of the quiz away");
	if (options->process)
		tool_check(tool, bel_parse_number(options->process, "--process", &story->process,
					 &tool->err));
	if (options->page)
		tool_check(
			tool, bel_parse_number(options->page, "--page", &story->page, &tool->err));
	if (options->time)
		parse_time(tool, options->time, &story->from, &story->to);
	if (options->state)
		tool_check(tool, bel_story_state_parse(options->state, &story->state, &tool->err));
}

void story_options_close(struct tool *tool, struct bel_story *story, int status)
{
	tool_check(tool, bel_story_end(story, &tool->err));
	if (!story->told && !status)
		tool_note(tool,
			"nothing is described: --process, --page, --time and --faults-only choose "
			"none of the references 0 to %llu",
			(unsigned long long)story->now);
}
