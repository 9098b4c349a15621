/* SPDX-License-Identifier: MIT */
/*
 * lirs2.c: LIRS2: as LIRS, but by the sum of a page's last two reuse distances, which is steadier
 * than the last one alone: resident are mostly pages whose last three references lay close
 * together.
 *
 * A page is LIR (always resident) or HIR, and has up to two entries in the stack S, for its last
 * reference and for the one before; S is in order of these references. The bottom of S is an
 * earlier entry of a LIR page: whatever lies below the lowest of these is taken off (pruned), at
 * once. Queue Q: the resident HIR pages, in order of entering it. With c frames, Q's share is Lhirs
 * = floor(hir% of c), at least `least`, at most c - 1 (1 if c = 1); LIR pages are at most Llirs = c
 * - Lhirs.
 *
 * A reference takes the page's earlier entry off S, if it is there; its last entry becomes the
 * earlier, and a new last one is put on top. A HIR page whose earlier entry was in S becomes LIR
 * and is not in Q; any other HIR page goes to the end of Q. If there are now more LIR pages than
 * Llirs, the one at the bottom of S becomes HIR and goes to the end of Q; it is its earlier entry
 * that is pruned. A fault with all frames taken first evicts the first page of Q, whose entries
 * stay. A fault with a frame free evicts nobody, and while there are fewer LIR pages than Llirs,
 * its page becomes LIR; if its earlier entry was not in S, both its entries are then put on top. A
 * page that is dropped leaves Q, and its entries S. With one frame Llirs = 0: S is always empty.
 *
 * A reference to the page that was referenced just before changes nothing, as in the authors'
 * program; repeats=on: it counts as any other.
 *
 * stack=N: after each reference, while S holds more than floor(N% of c) entries (at least 1), the
 * lowest entry of a HIR page leaves S, if there is one. The first reference to a page, or the first
 * since it was dropped, then takes two entries: the earlier one, which lies below the last, is in S
 * for none of the above. The authors' program has stack=800; without, S has no limit.
 *
 * O(1) a reference on average; 25 bytes a page, 41 with a limit.
 */
#include "double_stack.h"

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

/* A HIR page becomes LIR; it is not in Q. */
static void promote(struct lirs2 *lirs, uint32_t page)
{
	lirs->stack.state[page] |= BEL_LIR;
	if (++lirs->lir_count > lirs->lir_most) {
		lirs->lir_count--;
		bel_list_push(&lirs->queue, lirs->in_queue, bel_double_stack_demote(&lirs->stack));
	}
}

static void tick(struct lirs2 *lirs)
{
	bel_double_stack_prune(&lirs->stack);
	bel_double_stack_bound(&lirs->stack);
}

/* n references in a row to a resident page, after three of which nothing changes any more. */
static void refer(struct lirs2 *lirs, uint32_t page, uint32_t n)
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

static uint32_t lirs2_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct lirs2 *lirs = self;

	(void)now;
	(void)out;
	return lirs->queue.tail;
}

static void lirs2_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lirs2 *lirs = self;
	const uint32_t page = ref.page;

	lirs->last = page;
	if (bel_resident(out) == lirs->frames) {
		const uint32_t victim = lirs2_victim(lirs, now, out);

		bel_list_remove(&lirs->queue, lirs->in_queue, victim);
		bel_evict(out, victim);
	}
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
	{"least", "frames", BEL_PARAM_INTEGER, 4, 1, 4294967296.0, "least share of the HIR pages"},
	{"repeats", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"the second of two references to a page in a row counts"},
	{"stack", "% of the frames", BEL_PARAM_INTEGER, 0, 0, 1000000,
		"entries that S may hold, beyond which those of HIR pages leave; 0: no limit"},
	{.name = NULL},
};

static void lirs2_report(void *self, struct bel_sink *sink)
{
	const struct lirs2 *lirs = self;

	sink->count(sink->host, "lir_pages", lirs->lir_count);
	sink->count(sink->host, "stack_entries", lirs->stack.list.count);
}

BEL_RUN(lirs2, lirs2_hooks, 0)

static const struct bel_policy lirs2 = {
	BEL_POLICY_BASE(lirs2, struct lirs2),
	.name = "lirs2",
	.title = "LIRS2: pages whose last three references lay close together stay",
	.source = "C. Zhong, X. Zhao, S. Jiang, LIRS2: an improved LIRS replacement algorithm, "
		  "SYSTOR 2021",
	.params = lirs2_params,
	.victim = lirs2_victim,
	.report = lirs2_report,
};

BEL_POLICY(lirs2);
