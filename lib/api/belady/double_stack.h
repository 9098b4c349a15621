/* SPDX-License-Identifier: MIT */
/*
 * double_stack.h: the stack of LIRS2 (Zhong, Zhao and Jiang, SYSTOR 2021). It has two entries per
 * page: for the page's last reference, and for the one before (the earlier entry). A page is LIR or
 * HIR. The stack is pruned: entries are removed from the bottom until the lowest is an earlier
 * entry of a LIR page.
 *
 *	struct bel_double_stack stack;                      inside the policy's instance
 *	bel_double_stack_create(&self->stack, env, most);   in init(); nothing to destroy
 *
 *	if (bel_double_stack_renew(&self->stack, page))     a reference
 *	bel_double_stack_prune(&self->stack);               after all that may change the bottom
 *	bel_double_stack_bound(&self->stack);               if the number of entries is limited
 *
 * Memory: 17 bytes per page; with a limit 33. `low` speeds up the search for the lowest entry of a
 * HIR page: there is none below `low`.
 */
#ifndef BELADY_DOUBLE_STACK_H
#define BELADY_DOUBLE_STACK_H

#include "list.h"

/* State of a page. */
enum bel_double_stack_bit {
	BEL_STACKED = 1,      /* entry 0 is in the stack; shifted by 1: entry 1 */
	BEL_LAST = 4,         /* entry 1 is of the last reference, else entry 0 */
	BEL_LIR = 8,          /* else HIR */
	BEL_REFERENCED = 16,  /* the page was referenced before */
	BEL_EMPTY_ENTRY = 32, /* the earlier entry stands for no reference */
};

struct bel_double_stack {
	struct bel_list list; /* the top is the head */
	struct bel_link *link;
	uint64_t *stamp; /* of an entry: larger means higher in the stack; only with a limit */
	uint64_t stamps, most;
	uint32_t low;
	uint8_t *state;
};

/* `most`: entries; 0: no limit. Registers the arrays. If that fails, the engine reports it. */
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

/* Removes an entry from the stack, if it is there. */
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

/* Puts an entry on top, whether it was in the stack or not. */
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
 * A reference to the page: its earlier entry becomes its last one and goes to the top. Returns
 * whether the earlier entry was in the stack and stood for a reference. At the first reference
 * both entries go to the top; the earlier one stands for no reference.
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

/* The LIR page at the bottom becomes HIR; the caller then calls bel_double_stack_prune(). */
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

/* While there are too many entries, removes the lowest entry of a HIR page, if there is one. */
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

/* Removes both entries and the state of the page. */
BEL_INLINE void bel_double_stack_forget(struct bel_double_stack *stack, uint32_t page)
{
	bel_double_stack_take(stack, 2 * page);
	bel_double_stack_take(stack, 2 * page + 1);
	stack->state[page] = 0;
	bel_double_stack_prune(stack);
}

#endif
