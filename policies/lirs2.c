/* SPDX-License-Identifier: MIT */
/*
 * lirs2.c: LIRS2 (Zhong, Zhao and Jiang, SYSTOR 2021): LIRS that ranks pages by the sum of a page's
 * last two reuse distances, which is steadier than the last one alone.
 *
 * State, with c frames:
 * - A page is LIR (always resident) or HIR. Their shares are as in lirs.c: Lhirs = floor(hir% of
 *   c), at least `least`, at most c - 1 (1 if c = 1); Llirs = c - Lhirs.
 * - Stack S: up to two entries per page, for its last reference and for the one before (the
 *   earlier entry), in order of these references. Its bottom is the earlier entry of a LIR page:
 *   whatever lies below the lowest of these is removed at once (pruning).
 * - Queue Q: resident HIR pages, in order of entering it.
 *
 * On a hit:
 * 1. Remove the page's earlier entry from S, if it is there. Its last entry becomes the earlier
 *    one; a new last entry is put on top.
 * 2. A HIR page whose earlier entry was in S becomes LIR and leaves Q. Any other HIR page moves to
 *    the end of Q.
 * 3. If there are now more than Llirs LIR pages, the one at the bottom of S becomes HIR and joins
 *    the end of Q. Only its earlier entry is pruned.
 *
 * On a fault:
 * 1. If no frame is free, evict the first page of Q. Its entries stay in S.
 * 2. As step 1 of a hit.
 * 3. If its earlier entry was in S, load the page as LIR. If not, but there are fewer than Llirs
 *    LIR pages, load it as LIR and put both entries on top. Otherwise load it as HIR, at the end
 *    of Q.
 * 4. As step 3 of a hit.
 *
 * A page's first reference, also the first after a drop, makes both entries; for step 2 of a hit
 * and step 3 of a fault, the earlier one does not count as in S. stack=N: after each reference,
 * while S holds more than floor(N% of c) entries (at least 1), the lowest entry of a HIR page
 * leaves; the authors' program has stack=800. A page that is dropped leaves Q and S. If frames are
 * free and Q is empty, an eviction takes the LIR page at the bottom of S. As in the authors'
 * program, a second reference in a row to the same page changes nothing; with repeats=on it
 * counts.
 *
 * Cost: O(1) per reference on average; 33 bytes per page.
 */
#include "double_stack.h"
#include "list.h"

struct lirs2 {
	uint64_t frames;
	uint64_t lir_most; /* the paper's Llirs */
	uint64_t lir_count;
	uint32_t last; /* page of the last reference */
	int repeats;
	struct bel_double_stack stack;
	struct bel_list queue; /* its end is the head */
	struct bel_link *in_queue;
};

static void lirs2_init(void *self, const struct bel_env *env)
{
	struct lirs2 *lirs = self;
	uint64_t hir, most;

	hir = (uint64_t)((double)env->frames * env->param[0] / 100);
	if (hir < (uint64_t)env->param[1])
		hir = (uint64_t)env->param[1];
	if (hir >= env->frames)
		hir = env->frames > 1 ? env->frames - 1 : 1;
	lirs->frames = env->frames;
	lirs->lir_most = env->frames - hir;
	lirs->repeats = env->param[2] != 0;
	most = (uint64_t)((double)env->frames * env->param[3] / 100);
	lirs->last = BEL_NO_PAGE;
	bel_list_init(&lirs->queue);
	bel_double_stack_create(&lirs->stack, env, env->param[3] > 0 && !most ? 1 : most);
	env->page_array(env->host, &lirs->in_queue, sizeof(*lirs->in_queue));
}

/* The LIR page at the bottom of S becomes HIR. The caller must then call prune(). */
static void demote(struct lirs2 *lirs)
{
	const uint32_t bottom = bel_double_stack_demote(&lirs->stack);

	lirs->lir_count--;
	bel_list_push(&lirs->queue, lirs->in_queue, bottom);
}

/* A HIR page becomes LIR; it is not in Q. */
static void promote(struct lirs2 *lirs, uint32_t page)
{
	lirs->stack.state[page] |= BEL_LIR;
	if (++lirs->lir_count > lirs->lir_most)
		demote(lirs);
}

BEL_INLINE void tick(struct lirs2 *lirs)
{
	bel_double_stack_prune(&lirs->stack);
	bel_double_stack_bound(&lirs->stack);
}

/* n references in a row to a resident page. Only the first three change anything. */
BEL_INLINE void refer(struct lirs2 *lirs, uint32_t page, uint32_t n)
{
	for (n = n > 3 ? 3 : n; n > 0; n--) {
		if (lirs->stack.state[page] & BEL_LIR) {
			bel_double_stack_renew(&lirs->stack, page);
		} else {
			bel_list_remove(&lirs->queue, lirs->in_queue, page);
			if (bel_double_stack_renew(&lirs->stack, page))
				promote(lirs, page);
			else
				bel_list_push(&lirs->queue, lirs->in_queue, page);
		}
		tick(lirs);
	}
}

static void lirs2_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lirs2 *lirs = self;

	(void)now;
	if (lirs->repeats)
		refer(lirs, ref.page, bel_count(ref));
	else if (ref.page != lirs->last)
		refer(lirs, ref.page, 1);
	lirs->last = ref.page;
}

/* With frames free, Q may be empty. */
static uint32_t lirs2_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lirs2 *lirs = self;

	(void)now;
	(void)out;
	return lirs->queue.count || !lirs->lir_count ? lirs->queue.tail
						     : bel_double_stack_bottom(&lirs->stack) / 2;
}

static void lirs2_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct lirs2 *lirs = self;
	const uint32_t victim = lirs2_victim(lirs, now, out);
	uint32_t soon;

	if (!lirs->queue.count) {
		demote(lirs);
		tick(lirs);
	}
	bel_list_remove(&lirs->queue, lirs->in_queue, victim);
	bel_evict(out, victim);
	soon = bel_list_fetch_behind(&lirs->queue, lirs->in_queue);
	if (soon != BEL_NO_PAGE)
		__builtin_prefetch(&out->state[soon], 1);
}

static void lirs2_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lirs2 *lirs = self;
	const uint32_t page = ref.page;

	lirs->last = page;
	if (bel_resident(out) == lirs->frames)
		lirs2_evict(lirs, now, out);
	if (bel_double_stack_renew(&lirs->stack, page)) {
		promote(lirs, page);
	} else if (lirs->lir_count < lirs->lir_most) {
		bel_double_stack_push_both(&lirs->stack, page);
		promote(lirs, page);
	} else {
		bel_list_push(&lirs->queue, lirs->in_queue, page);
	}
	tick(lirs);
	if (lirs->repeats)
		refer(lirs, page, bel_count(ref) - 1);
}

static void lirs2_drop(void *self, uint32_t page)
{
	struct lirs2 *lirs = self;

	if (lirs->stack.state[page] & BEL_LIR)
		lirs->lir_count--;
	else
		bel_list_remove(&lirs->queue, lirs->in_queue, page);
	bel_double_stack_forget(&lirs->stack, page);
}

static const struct bel_hooks lirs2_hooks = {
	.hit = lirs2_hit,
	.fault = lirs2_fault,
	.drop = lirs2_drop,
};

static const struct bel_param lirs2_params[] = {
	{"hir", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "share of the HIR pages"},
	{"least", "frames", BEL_PARAM_INTEGER, 4, 1, 4294967296.0,
		"smallest share of the HIR pages"},
	{"repeats", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"a second reference in a row to the same page counts"},
	{"stack", "% of the frames", BEL_PARAM_INTEGER, 0, 0, 1000000,
		"most entries in the stack, beyond which entries of HIR pages go; 0: no limit"},
	{.name = NULL},
};

static void lirs2_report(void *self, struct bel_sink *sink)
{
	const struct lirs2 *lirs = self;

	sink->count(sink->host, "lir_pages", lirs->lir_count);
	sink->count(sink->host, "stack_entries", lirs->stack.count);
}

BEL_RUN(lirs2, lirs2_hooks, 0)

static const struct bel_policy lirs2 = {
	BEL_POLICY_BASE(lirs2, struct lirs2),
	.name = "lirs2",
	.title = "LIRS2: keeps pages whose last three references were close together",
	.source = "C. Zhong, X. Zhao, S. Jiang, LIRS2: an improved LIRS replacement algorithm, "
		  "SYSTOR 2021",
	.params = lirs2_params,
	.victim = lirs2_victim,
	.evict = lirs2_evict,
	.report = lirs2_report,
};

BEL_POLICY(lirs2);
