/* SPDX-License-Identifier: MIT */
/* story_line.c: the lines of a story that are not printed yet. */
#include <stdlib.h>

#include "story.h"

void bel_story_add(struct bel_story *story, char *text, bool alone)
{
	struct bel_story_line *wide;

	if (text && story->lines == story->line_room) {
		const size_t room = story->line_room ? story->line_room * 2 : 16;

		wide = reallocarray(story->line, room, sizeof(*wide));
		if (wide) {
			story->line = wide;
			story->line_room = room;
		}
	}
	if (!text || story->lines == story->line_room) {
		free(text);
		bel_err_memory(&story->err, "the story");
		return;
	}
	story->line[story->lines++] = (struct bel_story_line){text, alone};
}
