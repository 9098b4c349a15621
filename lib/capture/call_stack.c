/* SPDX-License-Identifier: MIT */
/* call_stack.c: a process's call stack, and its events. */
#include "call_stack.h"

#include <stdlib.h>
#include <string.h>

void bel_call_stack_release(struct bel_call_stack *stack)
{
	free(stack->frame);
	free(stack->place);
	*stack = (struct bel_call_stack){.tree = NULL};
}

void bel_call_stack_forget(struct bel_call_stack *stack)
{
	stack->depth = stack->known = stack->last = 0;
	if (stack->places)
		memset(stack->place, 0, stack->places * sizeof(*stack->place));
}

int bel_call_stack_place(struct bel_call_stack *stack, uint64_t number, uint64_t address,
	const char *text, struct bel_err *err)
{
	uint32_t place;

	if (bel_call_tree_place(stack->tree, address, text, &place, err) < 0)
		return BEL_FAIL;
	if (number >= stack->places) {
		const size_t wanted = 2 * number + 256;
		uint32_t *const grown = realloc(stack->place, wanted * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "places in the code");
		memset(grown + stack->places, 0, (wanted - stack->places) * sizeof(*grown));
		stack->place = grown;
		stack->places = (uint32_t)wanted;
	}
	stack->place[number] = place + 1;
	return 0;
}

int bel_call_stack_grow(struct bel_call_stack *stack, struct bel_err *err)
{
	const uint32_t wanted = stack->capacity ? 2 * stack->capacity : 256;
	struct bel_call_frame *const grown = realloc(stack->frame, wanted * sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "a call stack");
	stack->frame = grown;
	stack->capacity = wanted;
	return 0;
}

/* Finds the node of a place below a parent; adds its event if it is new. */
static int find_node(struct bel_call_stack *stack, uint32_t parent, uint32_t place, uint32_t *node,
	const struct bel_call_sink *sink, struct bel_err *err)
{
	struct bel_event frame;
	int r;

	*node = bel_call_tree_find(stack->tree, parent, place);
	if (*node)
		return 0;
	r = bel_call_tree_child(stack->tree, parent, place, &frame, err);
	if (r < 0)
		return BEL_FAIL;
	*node = (uint32_t)frame.value;
	if (r == 0)
		return 0;
	frame.at = sink->at;
	frame.space = sink->space;
	*sink->name_bytes += strlen(frame.name);
	return bel_events_add(sink->events, &frame, err);
}

int bel_call_stack_settle(
	struct bel_call_stack *stack, const struct bel_call_sink *sink, struct bel_err *err)
{
	for (; stack->known < stack->depth; stack->known++) {
		struct bel_call_frame *const frame = &stack->frame[stack->known];
		const uint32_t parent = stack->known ? frame[-1].node : 0;

		if (find_node(stack, parent, frame->place, &frame->node, sink, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_call_stack_tell(struct bel_call_stack *stack, uint32_t number,
	const struct bel_call_sink *sink, struct bel_err *err)
{
	struct bel_event event = {.type = BEL_EVENT_STACK, .at = sink->at, .space = sink->space};
	uint32_t node = 0;

	if (bel_call_stack_settle(stack, sink, err) < 0)
		return BEL_FAIL;
	if (bel_call_stack_has(stack, number) &&
		find_node(stack, stack->depth ? stack->frame[stack->depth - 1].node : 0,
			stack->place[number] - 1, &node, sink, err) < 0)
		return BEL_FAIL;
	if (node == stack->last)
		return 0;
	stack->last = node;
	event.value = node;
	return bel_events_add(sink->events, &event, err);
}
