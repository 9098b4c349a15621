/* SPDX-License-Identifier: MIT */
/*
 * lirs.c: LIRS, low inter-reference recency set (Jiang and Zhang, SIGMETRICS 2002): keeps pages
 * with few other pages between their last two references.
 *
 * State, with c frames:
 * - A page is LIR (always resident) or HIR. HIR pages may have Lhirs = floor(hir% of c) frames, at
 *   least `least`, at most c - 1 (1 if c = 1). LIR pages are at most Llirs = c - Lhirs.
 * - Stack S, in order of last reference: LIR pages, resident HIR pages, and ghost entries of
 *   evicted HIR pages. Its bottom is a LIR page: whatever lies below the lowest LIR page is
 *   removed at once (pruning).
 * - Queue Q: resident HIR pages, in order of entering it.
 *
 * On a hit:
 * 1. LIR page: move it to the top of S.
 * 2. HIR page in S: it becomes LIR, leaves Q, and moves to the top of S.
 * 3. HIR page not in S: it moves to the end of Q and to the top of S.
 * 4. If there are now more than Llirs LIR pages, the one at the bottom of S becomes HIR, leaves S,
 *    and joins the end of Q. Prune.
 *
 * On a fault:
 * 1. If no frame is free, evict the first page of Q. If it is in S, it stays there as a ghost
 *    entry.
 * 2. If the page has a ghost entry, or there are fewer than Llirs LIR pages, load it as LIR;
 *    otherwise as HIR, at the end of Q. It is at the top of S.
 * 3. As step 4 of a hit.
 *
 * stack=N: before each pruning, while S holds more than floor(N% of c) pages, the oldest ghost
 * entries leave it. A page that is dropped leaves S and Q. If frames are free and Q is empty, an
 * eviction takes the LIR page at the bottom of S. As in the authors' program, a second reference
 * in a row to the same page changes nothing; with repeats=on it counts.
 *
 * Cost: O(1) per reference on average; 17 bytes per page.
 */
#include "list.h"

enum { LIR = 1, STACKED = 2, GHOST = 4 };

struct lirs {
	uint64_t frames;
	uint64_t lir_most; /* the paper's Llirs */
	uint64_t lir_count;
	uint64_t stack_most; /* pages that S may hold; ghosts leave beyond it */
	uint32_t last;       /* page of the last reference; BEL_NO_PAGE: none yet */
	int repeats;
	struct bel_list stack, queue; /* the top of S and the end of Q are heads */
	struct bel_list ghosts;       /* the one evicted last is the head */
	struct bel_link *in_stack;
	struct bel_link *in_queue; /* of Q and of the ghosts */
	uint8_t *state;            /* of a page: LIR, STACKED, GHOST (then it is STACKED) */
};

static void lirs_init(void *self, const struct bel_env *env)
{
	struct lirs *lirs = self;
	uint64_t hir;

	hir = (uint64_t)((double)env->frames * env->param[0] / 100);
	if (hir < (uint64_t)env->param[1])
		hir = (uint64_t)env->param[1];
	if (hir >= env->frames)
		hir = env->frames > 1 ? env->frames - 1 : 1;
	lirs->frames = env->frames;
	lirs->lir_most = env->frames - hir;
	lirs->stack_most = UINT64_MAX;
	if (env->param[2] > 0)
		lirs->stack_most = (uint64_t)((double)env->frames * env->param[2] / 100);
	lirs->repeats = env->param[3] != 0;
	lirs->last = BEL_NO_PAGE;
	bel_list_init(&lirs->stack);
	bel_list_init(&lirs->queue);
	bel_list_init(&lirs->ghosts);
	env->page_array(env->host, &lirs->in_stack, sizeof(*lirs->in_stack));
	env->page_array(env->host, &lirs->in_queue, sizeof(*lirs->in_queue));
	env->page_array(env->host, &lirs->state, sizeof(*lirs->state));
}

static void unstack(struct lirs *lirs, uint32_t page)
{
	bel_list_remove(&lirs->stack, lirs->in_stack, page);
	if (lirs->state[page] & GHOST)
		bel_list_remove(&lirs->ghosts, lirs->in_queue, page);
	lirs->state[page] &= (uint8_t) ~(STACKED | GHOST);
}

/* Removes ghosts while S is too large, then what lies below the lowest LIR page. */
static void prune(struct lirs *lirs)
{
	uint32_t page;

	while (lirs->stack.count > lirs->stack_most && lirs->ghosts.count)
		unstack(lirs, lirs->ghosts.tail);
	while ((page = lirs->stack.tail) != BEL_NO_PAGE && !(lirs->state[page] & LIR))
		unstack(lirs, page);
}

static void push_top(struct lirs *lirs, uint32_t page)
{
	if (lirs->state[page] & STACKED)
		bel_list_remove(&lirs->stack, lirs->in_stack, page);
	lirs->state[page] |= STACKED;
	bel_list_push(&lirs->stack, lirs->in_stack, page);
}

/* The LIR page at the bottom of S becomes HIR. The caller must then call prune(). */
static void demote(struct lirs *lirs)
{
	const uint32_t bottom = lirs->stack.tail;

	lirs->lir_count--;
	lirs->state[bottom] &= (uint8_t)~LIR;
	bel_list_push(&lirs->queue, lirs->in_queue, bottom);
}

/* A HIR page becomes LIR; it is not in Q. */
static void promote(struct lirs *lirs, uint32_t page)
{
	lirs->state[page] |= LIR;
	if (++lirs->lir_count > lirs->lir_most)
		demote(lirs);
}

/* n references in a row to a resident page. Only the first two change anything. */
static void refer(struct lirs *lirs, uint32_t page, uint32_t n)
{
	for (n = n > 2 ? 2 : n; n > 0; n--) {
		const uint8_t state = lirs->state[page];

		if (state & LIR && lirs->stack.head == page)
			return;
		if (!(state & LIR))
			bel_list_remove(&lirs->queue, lirs->in_queue, page);
		if ((state & (LIR | STACKED)) == STACKED)
			promote(lirs, page);
		else if (!(state & LIR))
			bel_list_push(&lirs->queue, lirs->in_queue, page);
		push_top(lirs, page);
		prune(lirs);
	}
}

static void lirs_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lirs *lirs = self;

	(void)now;
	if (lirs->repeats)
		refer(lirs, ref.page, bel_count(ref));
	else if (ref.page != lirs->last)
		refer(lirs, ref.page, 1);
	lirs->last = ref.page;
}

/* With frames free, Q may be empty. */
static uint32_t lirs_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct lirs *lirs = self;

	(void)now;
	(void)out;
	return lirs->queue.count ? lirs->queue.tail : lirs->stack.tail;
}

static void lirs_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct lirs *lirs = self;
	const uint32_t victim = lirs_victim(lirs, now, out);

	if (!lirs->queue.count) {
		demote(lirs);
		prune(lirs);
	}
	bel_list_remove(&lirs->queue, lirs->in_queue, victim);
	if (lirs->state[victim] & STACKED) {
		bel_list_push(&lirs->ghosts, lirs->in_queue, victim);
		lirs->state[victim] |= GHOST;
	}
	bel_evict(out, victim);
}

static void lirs_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lirs *lirs = self;

	lirs->last = ref.page;
	if (bel_resident(out) == lirs->frames)
		lirs_evict(lirs, now, out);
	if (lirs->state[ref.page] & GHOST) {
		bel_list_remove(&lirs->ghosts, lirs->in_queue, ref.page);
		lirs->state[ref.page] &= (uint8_t)~GHOST;
	}
	if (lirs->state[ref.page] & STACKED || lirs->lir_count < lirs->lir_most)
		promote(lirs, ref.page);
	else
		bel_list_push(&lirs->queue, lirs->in_queue, ref.page);
	push_top(lirs, ref.page);
	prune(lirs);
	if (lirs->repeats)
		refer(lirs, ref.page, bel_count(ref) - 1);
}

static void lirs_drop(void *self, uint32_t page)
{
	struct lirs *lirs = self;

	if (lirs->state[page] & LIR)
		lirs->lir_count--;
	else
		bel_list_remove(&lirs->queue, lirs->in_queue, page);
	if (lirs->state[page] & STACKED)
		unstack(lirs, page);
	lirs->state[page] = 0;
	prune(lirs);
}

static const struct bel_hooks lirs_hooks = {
	.hit = lirs_hit,
	.fault = lirs_fault,
	.drop = lirs_drop,
};

static const struct bel_param lirs_params[] = {
	{"hir", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "share of the HIR pages"},
	{"least", "frames", BEL_PARAM_INTEGER, 2, 1, 4294967296.0,
		"smallest share of the HIR pages"},
	{"stack", "% of the frames", BEL_PARAM_INTEGER, 0, 0, 1000000,
		"most pages in the stack, beyond which the oldest ghost entries go; 0: no limit"},
	{"repeats", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"a second reference in a row to the same page counts"},
	{.name = NULL},
};

static void lirs_report(void *self, struct bel_sink *sink)
{
	const struct lirs *lirs = self;

	sink->count(sink->host, "stack_pages", lirs->stack.count);
}

static void lirs_show(void *self, const struct bel_show *show)
{
	const struct lirs *lirs = self;

	bel_list_show(&lirs->queue, lirs->in_queue, show, BEL_SHOW_OTHER);
	for (uint32_t page = lirs->stack.tail; page != BEL_NO_PAGE;
		page = lirs->in_stack[page].before)
		if (lirs->state[page] & LIR)
			show->order(show->host, page, BEL_SHOW_OTHER);
}

BEL_RUN(lirs, lirs_hooks, 0)

static const struct bel_policy lirs = {
	BEL_POLICY_BASE(lirs, struct lirs),
	.name = "lirs",
	.title = "LIRS: keeps pages whose last two references were close together",
	.source = "S. Jiang, X. Zhang, LIRS: an efficient low inter-reference recency set "
		  "replacement policy to improve buffer cache performance, SIGMETRICS 2002",
	.params = lirs_params,
	.victim = lirs_victim,
	.evict = lirs_evict,
	.report = lirs_report,
	.show = lirs_show,
	.aliases = "low inter-reference recency set",
};

BEL_POLICY(lirs);
