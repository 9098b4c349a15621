/* SPDX-License-Identifier: MIT */
/*
 * double_stack.h: a stack of references with two entries a page, for its last reference and for the
 * one before, as LIRS2 keeps them. A page is LIR or HIR; the bottom of the stack is an earlier
 * entry of a LIR page, as all below the lowest of these is taken off (pruned).
 *
 *	struct bel_double_stack stack;                      inside the policy's instance
 *	bel_double_stack_create(&self->stack, env, most);   in init(); nothing to destroy
 *
 *	if (bel_double_stack_renew(&self->stack, page))     a reference
 *	bel_double_stack_prune(&self->stack);               after all that may change the bottom
 *	bel_double_stack_bound(&self->stack);               where the entries are limited
 *
 * 17 bytes a page; with a limit 16 more. The lowest entry of a HIR page is found from where the
 * last one was: no entry below `low` is one.
 */
#ifndef BELADY_DOUBLE_STACK_H
#define BELADY_DOUBLE_STACK_H

#include "list.h"

/*
 * Entry 0 or 1 of a page is in the stack (shifted by its number); the last one; the page's status;
 * it was referenced before; its earlier entry stands for no reference.
 */
enum bel_double_stack_bit {
	BEL_STACKED = 1,
	BEL_LAST = 4,
	BEL_LIR = 8,
	BEL_REFERENCED = 16,
	BEL_EMPTY_ENTRY = 32,
};

struct bel_double_stack {
	struct bel_list list; /* the top is the head */
	struct bel_link *link;
	uint64_t *stamp; /* of entries: greater, the higher; only with a limit */
	uint64_t stamps, most;
	uint32_t low;
	uint8_t *state;
};

/* `most`: entries, 0: no limit. Registers the arrays; failure is the engine's to report. */
BEL_INLINE void bel_double_stack_create(
	struct bel_double_stack *stack, const struct bel_env *env, uint64_t most)
{
	bel_list_init(&stack->list);
	stack->most = most;
	stack->low = BEL_NO_PAGE;
	env->page_array(env->host, &stack->link, 2 * sizeof(*stack->link));
	env->page_array(env->host, &stack->state, sizeof(*stack->state));
	if (most)
		env->page_array(env->host, &stack->stamp, 2 * sizeof(*stack->stamp));
}

/* Takes an entry off. */
BEL_INLINE void bel_double_stack_take(struct bel_double_stack *stack, uint32_t entry)
{
	const uint8_t bit = (uint8_t)(BEL_STACKED << (entry & 1));

	if (!(stack->state[entry / 2] & bit))
		return;
	if (entry == stack->low)
		stack->low = stack->link[entry].before;
	bel_list_remove(&stack->list, stack->link, entry);
	stack->state[entry / 2] &= (uint8_t)~bit;
}

/* Puts an entry on top, wherever it was. */
BEL_INLINE void bel_double_stack_push(struct bel_double_stack *stack, uint32_t entry)
{
	bel_double_stack_take(stack, entry);
	bel_list_push(&stack->list, stack->link, entry);
	stack->state[entry / 2] |= (uint8_t)(BEL_STACKED << (entry & 1));
	if (stack->most)
		stack->stamp[entry] = stack->stamps++;
}

/* The entry of the reference before the last. */
BEL_INLINE uint32_t bel_double_stack_earlier(const struct bel_double_stack *stack, uint32_t page)
{
	return 2 * page + !(stack->state[page] & BEL_LAST);
}

BEL_INLINE void bel_double_stack_push_both(struct bel_double_stack *stack, uint32_t page)
{
	const uint32_t earlier = bel_double_stack_earlier(stack, page);

	bel_double_stack_push(stack, earlier);
	bel_double_stack_push(stack, earlier ^ 1);
}

/*
 * A reference: the earlier entry is the last one now, and on top. Returns whether it was in the
 * stack for a reference. A page's first reference has both entries, the earlier one for none.
 */
BEL_INLINE int bel_double_stack_renew(struct bel_double_stack *stack, uint32_t page)
{
	const uint32_t entry = bel_double_stack_earlier(stack, page);
	const uint8_t was = stack->state[page];

	bel_double_stack_push(stack, entry);
	stack->state[page] ^= BEL_LAST;
	stack->state[page] &= (uint8_t)~BEL_EMPTY_ENTRY;
	if (!(was & BEL_REFERENCED)) {
		bel_double_stack_push_both(stack, page);
		stack->state[page] |= BEL_REFERENCED | BEL_EMPTY_ENTRY;
	}
	return (was & BEL_STACKED << (entry & 1)) && !(was & BEL_EMPTY_ENTRY);
}

BEL_INLINE void bel_double_stack_prune(struct bel_double_stack *stack)
{
	uint32_t entry;

	while ((entry = stack->list.tail) != BEL_NO_PAGE &&
		!(stack->state[entry / 2] & BEL_LIR &&
			entry == bel_double_stack_earlier(stack, entry / 2)))
		bel_double_stack_take(stack, entry);
}

/* The LIR page at the bottom becomes HIR; prune() is to follow. */
BEL_INLINE uint32_t bel_double_stack_demote(struct bel_double_stack *stack)
{
	const uint32_t page = stack->list.tail / 2;
	const uint32_t last = bel_double_stack_earlier(stack, page) ^ 1;

	stack->state[page] &= (uint8_t)~BEL_LIR;
	if (stack->low != BEL_NO_PAGE && stack->state[page] & BEL_STACKED << (last & 1) &&
		stack->stamp[last] < stack->stamp[stack->low])
		stack->low = last;
	return page;
}

/* While there are too many entries, the lowest of a HIR page leaves, if there is one. */
BEL_INLINE void bel_double_stack_bound(struct bel_double_stack *stack)
{
	while (stack->most && stack->list.count > stack->most) {
		uint32_t entry = stack->low == BEL_NO_PAGE ? stack->list.tail : stack->low;

		while (entry != BEL_NO_PAGE && stack->state[entry / 2] & BEL_LIR)
			entry = stack->link[entry].before;
		if (entry == BEL_NO_PAGE)
			return;
		stack->low = entry;
		bel_double_stack_take(stack, entry);
	}
}

/* Both entries leave, and all that was known of the page. */
BEL_INLINE void bel_double_stack_forget(struct bel_double_stack *stack, uint32_t page)
{
	bel_double_stack_take(stack, 2 * page);
	bel_double_stack_take(stack, 2 * page + 1);
	stack->state[page] = 0;
	bel_double_stack_prune(stack);
}

#endif
