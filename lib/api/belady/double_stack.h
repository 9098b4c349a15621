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
 * Memory: 25 bytes per page. The stack is a log of recency (recency.h) of entries instead of pages, at
 * most half of it in use. `low` speeds up the search for the lowest entry of a HIR page: there is none
 * below `low`.
 */
#ifndef BELADY_DOUBLE_STACK_H
#define BELADY_DOUBLE_STACK_H

#include "recency.h"

/* State of a page. */
enum bel_double_stack_bit {
	BEL_STACKED = 1,      /* entry 0 is in the stack; shifted by 1: entry 1 */
	BEL_LAST = 4,         /* entry 1 is of the last reference, else entry 0 */
	BEL_LIR = 8,          /* else HIR */
	BEL_REFERENCED = 16,  /* the page was referenced before */
	BEL_EMPTY_ENTRY = 32, /* the earlier entry stands for no reference */
};

struct bel_double_stack {
	struct bel_recency order; /* of the entries in the stack */
	uint64_t count, most;     /* entries in it; 0: no limit */
	uint32_t low;             /* an entry in it, or BEL_NO_PAGE */
	uint8_t *state;
};

/* `most`: entries; 0: no limit. Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_double_stack_create(
	struct bel_double_stack *stack, const struct bel_env *env, uint64_t most)
{
	stack->count = 0;
	stack->most = most;
	stack->low = BEL_NO_PAGE;
	bel_recency_create_width(&stack->order, env, 2);
	env->page_array(env->host, &stack->state, sizeof(*stack->state));
}

/* The next entry of the stack towards its top; BEL_NO_PAGE: there is none. */
BEL_INLINE uint32_t bel_double_stack_above(const struct bel_double_stack *stack, uint32_t entry)
{
	const struct bel_recency *const order = &stack->order;

	for (uint32_t at = order->at[entry] + 1; at < order->end; at++)
		if (order->at[order->log[at]] == at)
			return order->log[at];
	return BEL_NO_PAGE;
}

/* The lowest entry of the stack; BEL_NO_PAGE: it is empty. Fetches what is read of one soon. */
BEL_INLINE uint32_t bel_double_stack_bottom(struct bel_double_stack *stack)
{
	struct bel_recency *const order = &stack->order;
	uint32_t entry = BEL_NO_PAGE;

	/* Mostly it is where it was. */
	if (order->tail < order->end && order->at[order->log[order->tail]] == order->tail)
		return order->log[order->tail];
	if (!bel_recency_oldest(order, &entry))
		return BEL_NO_PAGE;
	if (order->pages >= BEL_RECENCY_FAR && order->end - order->tail > BEL_RECENCY_AHEAD)
		__builtin_prefetch(
			&stack->state[order->log[order->tail + BEL_RECENCY_AHEAD] / 2], 1);
	return entry;
}

/* Removes an entry from the stack, if it is there. */
BEL_INLINE void bel_double_stack_take(struct bel_double_stack *stack, uint32_t entry)
{
	const uint8_t bit = (uint8_t)(BEL_STACKED << (entry & 1));

	if (!(stack->state[entry / 2] & bit))
		return;
	if (entry == stack->low)
		stack->low = bel_double_stack_above(stack, entry);
	bel_recency_forget(&stack->order, entry);
	stack->count--;
	stack->state[entry / 2] &= (uint8_t)~bit;
}

/* Puts an entry on top, whether it was in the stack or not. */
BEL_INLINE void bel_double_stack_push(struct bel_double_stack *stack, uint32_t entry)
{
	const uint8_t bit = (uint8_t)(BEL_STACKED << (entry & 1));

	if (entry == stack->low)
		stack->low = bel_double_stack_above(stack, entry);
	stack->count += !(stack->state[entry / 2] & bit);
	bel_recency_touch(&stack->order, entry);
	stack->state[entry / 2] |= bit;
}

/* The entry of the reference before the last. */
BEL_INLINE uint32_t bel_double_stack_earlier(const struct bel_double_stack *stack, uint32_t page)
{
	return 2 * page + !(stack->state[page] & BEL_LAST);
}

/* Not inlined, because it is rare. */
static __attribute__((noinline, unused)) void bel_double_stack_push_both(
	struct bel_double_stack *stack, uint32_t page)
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

	while ((entry = bel_double_stack_bottom(stack)) != BEL_NO_PAGE &&
		!(stack->state[entry / 2] & BEL_LIR &&
			entry == bel_double_stack_earlier(stack, entry / 2)))
		bel_double_stack_take(stack, entry);
}

/* The LIR page at the bottom becomes HIR; the caller then calls bel_double_stack_prune(). */
BEL_INLINE uint32_t bel_double_stack_demote(struct bel_double_stack *stack)
{
	const uint32_t page = bel_double_stack_bottom(stack) / 2;
	const uint32_t last = bel_double_stack_earlier(stack, page) ^ 1;

	stack->state[page] &= (uint8_t)~BEL_LIR;
	if (stack->low != BEL_NO_PAGE && stack->state[page] & BEL_STACKED << (last & 1) &&
		stack->order.at[last] < stack->order.at[stack->low])
		stack->low = last;
	return page;
}

/* While there are too many entries, removes the lowest entry of a HIR page, if there is one. */
BEL_INLINE void bel_double_stack_bound(struct bel_double_stack *stack)
{
	while (stack->most && stack->count > stack->most) {
		uint32_t entry =
			stack->low == BEL_NO_PAGE ? bel_double_stack_bottom(stack) : stack->low;

		while (entry != BEL_NO_PAGE && stack->state[entry / 2] & BEL_LIR)
			entry = bel_double_stack_above(stack, entry);
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
