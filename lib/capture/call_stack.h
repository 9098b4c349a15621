/* SPDX-License-Identifier: MIT */
/*
 * call_stack.h: the call stack of a process's running thread, as its tokens tell it, and the events
 * of call stacks (event.h) made of it.
 *
 * A call that returns before a far page is referenced costs an addition and a subtraction: nodes of
 * the tree are looked up only when their number is needed.
 *
 *	bel_call_stack_place(&stack, number, address, text, &err);
 *	bel_call_stack_enter(&stack, number, &err);
 *	bel_call_stack_return(&stack, 1);
 *	bel_call_stack_tell(&stack, number, &sink, &err);    a far page is referenced
 *
 * Private to token_log.c.
 */
#ifndef BEL_CALL_STACK_H
#define BEL_CALL_STACK_H

#include <stdbool.h>

#include "call_tree.h"

#define BEL_CALL_DEPTH (1u << 21)  /* at most */
#define BEL_CALL_PLACES (1u << 24) /* at most, of one program */
#define BEL_CALL_LATER 1024        /* events of new nodes that one reference may have */

struct bel_call_frame {
	uint32_t place; /* the tree's */
	uint32_t node;
};

struct bel_call_stack {
	struct bel_call_tree *tree;   /* the caller's; NULL: there are no call stacks */
	struct bel_call_frame *frame; /* owned; outermost first */
	uint32_t depth, capacity;
	uint32_t known;  /* frames, from the outermost, whose nodes are known */
	uint32_t last;   /* node of the space's last STACK event; 0: none */
	uint32_t *place; /* owned; the program's numbers to the tree's, plus 1; 0: not described */
	uint32_t places;
};

/* Where events go. */
struct bel_call_sink {
	struct bel_events *events;
	size_t *name_bytes;
	uint64_t at;
	uint32_t space;
};

void bel_call_stack_release(struct bel_call_stack *stack);
void bel_call_stack_forget(struct bel_call_stack *stack); /* another program */

int bel_call_stack_place(struct bel_call_stack *stack, uint64_t number, uint64_t address,
	const char *text, struct bel_err *err);

/* Whether a place has been described. */
static inline bool bel_call_stack_has(const struct bel_call_stack *stack, uint64_t number)
{
	return number < stack->places && stack->place[number];
}

/* Makes room for more frames. */
int bel_call_stack_grow(struct bel_call_stack *stack, struct bel_err *err);

/* Something is called from a place that has been described. There is room for it. */
static inline void bel_call_stack_enter(struct bel_call_stack *stack, uint64_t number)
{
	stack->frame[stack->depth++].place = stack->place[number] - 1;
}

/* n calls return. There are as many. */
static inline void bel_call_stack_return(struct bel_call_stack *stack, uint32_t n)
{
	stack->depth -= n;
	if (stack->known > stack->depth)
		stack->known = stack->depth;
}

/* Adds the events of new nodes, so that bel_call_stack_tell() has few to add. */
int bel_call_stack_settle(
	struct bel_call_stack *stack, const struct bel_call_sink *sink, struct bel_err *err);

/* A far page is referenced from a place: adds its stack, if it is not the one told last. */
int bel_call_stack_tell(struct bel_call_stack *stack, uint32_t number,
	const struct bel_call_sink *sink, struct bel_err *err);

#endif
