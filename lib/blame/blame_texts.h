/* SPDX-License-Identifier: MIT */
/*
 * blame_texts.h: the texts of keys as numbers. A call stack is a frame: the number of a function and
 * the frame that called it. Stacks with the same beginning share their frames, so the text of a
 * stack is made only when it is shown.
 *
 *	struct bel_blame_texts texts = {.calls = false};
 *
 *	bel_names_number(&texts.text, "main", 4, &number, &err);
 *	bel_blame_texts_frame(&texts, caller, number, 0, &frame, &err);    or
 *	bel_blame_texts_stack(&texts, "main;sort", &frame, &err);
 *	puts(bel_blame_texts_path(&texts, frame));
 *	bel_blame_texts_release(&texts);
 *
 * Memory: about 60 bytes and the text for each distinct text, 50 to 80 bytes for each frame. A
 * zero-initialised structure is empty.
 */
#ifndef BEL_BLAME_TEXTS_H
#define BEL_BLAME_TEXTS_H

#include <stdbool.h>

#include "names.h"

#define BEL_BLAME_STACK_MAX (1u << 30) /* bytes of the text of a call stack */

struct bel_blame_frame {
	uint32_t caller;   /* 0: outermost */
	uint32_t function; /* number of its text */
	uint32_t line;     /* of the call that it makes: number of the text, plus 1; 0: none */
	uint32_t bytes;    /* of the path's text, with its zero byte */
};

struct bel_blame_texts {
	struct bel_names text;
	struct bel_blame_frame *frame; /* frame 1 is element 1; callers before those they call */
	uint32_t frames, capacity;     /* without element 0 */

	/* Private members. */
	struct bel_hash_table known; /* (caller and function, line) -> frame */
	char *path;                  /* room for the longest path */
	size_t room;
};

/* The number of a frame. `function` and `line` as in struct bel_blame_frame. */
int bel_blame_texts_frame(struct bel_blame_texts *texts, uint32_t caller, uint32_t function,
	uint32_t line, uint32_t *frame, struct bel_err *err);

/* The frame of a text "main;sort;compare", outermost first. */
int bel_blame_texts_stack(
	struct bel_blame_texts *texts, const char *stack, uint32_t *frame, struct bel_err *err);

/* "main;sort;compare". It is valid until the next call with these texts. */
const char *bel_blame_texts_path(const struct bel_blame_texts *texts, uint32_t frame);

/* The numbers of texts and frames in other texts. */
struct bel_blame_texts_map {
	uint32_t *text, *frame;
};

/* Adds all texts and frames of `from`. The caller releases the map, also after an error. */
int bel_blame_texts_merge(struct bel_blame_texts *to, const struct bel_blame_texts *from,
	struct bel_blame_texts_map *map, struct bel_err *err);
void bel_blame_texts_map_release(struct bel_blame_texts_map *map);

void bel_blame_texts_release(struct bel_blame_texts *texts);

#endif
