/* SPDX-License-Identifier: MIT */
/* blame_texts.c: the tree of frames, and paths in it as texts. */
#include "blame_texts.h"

#include <stdlib.h>
#include <string.h>

void bel_blame_texts_release(struct bel_blame_texts *texts)
{
	bel_names_release(&texts->text);
	bel_hash_table_release(&texts->known);
	free(texts->frame);
	free(texts->path);
	*texts = (struct bel_blame_texts){.frames = 0};
}

/* Makes room for one more frame, and for the text of its path. */
static int make_room(struct bel_blame_texts *texts, size_t bytes, struct bel_err *err)
{
	if (texts->frames + 1 >= texts->capacity) {
		const uint32_t capacity = texts->capacity + texts->capacity / 2 + 64;
		struct bel_blame_frame *const grown =
			reallocarray(texts->frame, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "call stacks");
		texts->frame = grown;
		texts->capacity = capacity;
		if (!texts->frames)
			grown[0] = (struct bel_blame_frame){.caller = 0};
	}
	if (bytes > texts->room) {
		char *const grown = realloc(texts->path, 2 * bytes);

		if (!grown)
			return bel_err_memory(err, "call stacks");
		texts->path = grown;
		texts->room = 2 * bytes;
	}
	return BEL_OK;
}

int bel_blame_texts_frame(struct bel_blame_texts *texts, uint32_t caller, uint32_t function,
	uint32_t line, uint32_t *frame, struct bel_err *err)
{
	const uint64_t both = (uint64_t)caller << 32 | function;
	size_t bytes;

	*frame = bel_hash_table_get(&texts->known, both, line);
	if (*frame)
		return BEL_OK;
	bytes = texts->text.name[function].length + 1;
	bytes += caller ? texts->frame[caller].bytes : 0;
	if (bytes > BEL_BLAME_STACK_MAX || texts->frames >= UINT32_MAX / 2)
		return bel_too_much(err,
			"the names of a call stack have more than %u bytes, or there are more "
			"than %u call stacks",
			BEL_BLAME_STACK_MAX, UINT32_MAX / 2);
	if (make_room(texts, bytes, err) < 0)
		return BEL_FAIL;
	*frame = ++texts->frames;
	texts->frame[*frame] = (struct bel_blame_frame){caller, function, line, (uint32_t)bytes};
	return bel_hash_table_set(&texts->known, both, line, *frame, err);
}

int bel_blame_texts_stack(
	struct bel_blame_texts *texts, const char *stack, uint32_t *frame, struct bel_err *err)
{
	uint32_t number;
	size_t length;

	*frame = 0;
	for (;; stack += length + 1) {
		length = strcspn(stack, ";");
		if (bel_names_number(&texts->text, stack, length, &number, err) < 0 ||
			bel_blame_texts_frame(texts, *frame, number, 0, frame, err) < 0)
			return BEL_FAIL;
		if (!stack[length])
			return BEL_OK;
	}
}

const char *bel_blame_texts_path(const struct bel_blame_texts *texts, uint32_t frame)
{
	char *to = texts->path + texts->frame[frame].bytes;

	for (uint32_t at = frame; at; at = texts->frame[at].caller) {
		const struct bel_name name = texts->text.name[texts->frame[at].function];

		*--to = at == frame ? '\0' : ';';
		to -= name.length;
		memcpy(to, name.text, name.length);
	}
	return texts->path;
}

/* ---- from one to another ---- */

int bel_blame_texts_merge(struct bel_blame_texts *to, const struct bel_blame_texts *from,
	struct bel_blame_texts_map *map, struct bel_err *err)
{
	*map = (struct bel_blame_texts_map){
		.text = calloc((size_t)from->text.count + 1, sizeof(*map->text)),
		.frame = calloc((size_t)from->frames + 1, sizeof(*map->frame)),
	};
	if (!map->text || !map->frame)
		return bel_err_memory(err, "texts of keys");
	for (uint32_t i = 0; i < from->text.count; i++) {
		const struct bel_name name = from->text.name[i];

		if (bel_names_number(&to->text, name.text, name.length, &map->text[i], err) < 0)
			return BEL_FAIL;
	}
	for (uint32_t i = 1; i <= from->frames; i++) {
		const struct bel_blame_frame frame = from->frame[i];
		const uint32_t line = frame.line ? map->text[frame.line - 1] + 1 : 0;

		if (bel_blame_texts_frame(to, map->frame[frame.caller], map->text[frame.function],
			    line, &map->frame[i], err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

void bel_blame_texts_map_release(struct bel_blame_texts_map *map)
{
	free(map->text);
	free(map->frame);
}
