/* SPDX-License-Identifier: MIT */
/*
 * dlirs.c: DLIRS, dynamic LIRS (Li, SYSTOR 2018, as programmed by the authors of Cacheus): LIRS in
 * which the target numbers of LIR and HIR pages adapt.
 *
 * State, with N frames ([x] is x rounded down):
 * - A page is LIR (few other pages between its last two references) or HIR.
 * - Stack: LIR pages, HIR pages and ghost entries of HIR pages, in order of last reference. Queue:
 *   resident HIR pages, in order of entering.
 * - lirs: target number of LIR pages, N - max(1, [share x N + 1/2]) at first, kept in 1 ... max(1,
 *   N - 1).
 * - demoted: number of pages in the queue that were demoted and not referenced since.
 * - left: number of ghost entries.
 *
 * Prune: while the oldest entry of the stack is HIR, it leaves the stack.
 *
 * Demote: the oldest LIR page, at the bottom of the stack, becomes HIR, leaves the stack, and joins
 * the end of the queue, marked as demoted. Prune.
 *
 * Limit: while there are more than 2N resident pages and ghost entries together, the oldest HIR
 * entry of the stack, of a resident page or a ghost, leaves the stack.
 *
 * On a hit:
 * 1. LIR page: move it to the top of the stack; prune.
 * 2. HIR page in the stack: it leaves stack and queue. Demote while there are lirs LIR pages or
 *    more. The page becomes LIR, at the top of the stack; prune.
 * 3. HIR page not in the stack: if it was demoted, lirs grows by max(1, [left / demoted + 1/2])
 *    and the page no longer counts as demoted. Move it to the end of the queue and the top of the
 *    stack; limit.
 *
 * On a fault:
 * 1. If the page has a ghost entry, lirs shrinks by max(1, [demoted / left + 1/2]), where left
 *    includes this entry. Remove the entry. Demote while there are lirs LIR pages or more.
 * 2. If no frame is free: demote while there are more than lirs LIR pages or the queue is empty;
 *    then evict the first page of the queue. If it is in the stack, a ghost entry stays there.
 * 3. If the page had a ghost entry in 1, or if before 1 there were fewer than lirs LIR pages and
 *    the queue was empty: load the page as LIR, at the top of the stack; prune. Otherwise load it
 *    as HIR, at the top of the stack and the end of the queue; limit.
 *
 * A page that is dropped is forgotten, and the stack is pruned.
 *
 * Cost: O(1) per reference on average; 25 bytes per page.
 */
#include "list.h"

enum flag { IN_STACK = 1, QUEUED = 2, LIR = 4, DEMOTED = 8 };

struct dlirs {
	uint64_t frames, lirs, lirs_max;
	uint64_t lir_pages, left, demoted;
	struct bel_list stack, queue, hir; /* hir: HIR entries of the stack; latest at the head */
	struct bel_link *stack_link, *queue_link, *hir_link;
	uint8_t *flag;
};

static void dlirs_init(void *self, const struct bel_env *env)
{
	struct dlirs *d = self;
	uint64_t hirs = (uint64_t)((double)env->frames * env->param[0] + 0.5);

	d->frames = env->frames;
	d->lirs_max = env->frames > 1 ? env->frames - 1 : 1;
	d->lirs = hirs < env->frames ? env->frames - (hirs ? hirs : 1) : 0;
	d->lirs = d->lirs ? d->lirs : 1;
	bel_list_init(&d->stack);
	bel_list_init(&d->queue);
	bel_list_init(&d->hir);
	env->page_array(env->host, &d->stack_link, sizeof(*d->stack_link));
	env->page_array(env->host, &d->queue_link, sizeof(*d->queue_link));
	env->page_array(env->host, &d->hir_link, sizeof(*d->hir_link));
	env->page_array(env->host, &d->flag, sizeof(*d->flag));
}

/* If the page is not resident, this removes its ghost entry. */
static void leave_stack(struct dlirs *d, uint32_t page)
{
	bel_list_remove(&d->stack, d->stack_link, page);
	if (d->flag[page] & LIR)
		d->lir_pages--;
	else
		bel_list_remove(&d->hir, d->hir_link, page);
	d->left -= !(d->flag[page] & (LIR | QUEUED));
	d->flag[page] &= (uint8_t) ~(IN_STACK | LIR);
}

static void enter_queue(struct dlirs *d, uint32_t page)
{
	bel_list_push(&d->queue, d->queue_link, page);
	d->flag[page] |= QUEUED;
}

static void leave_queue(struct dlirs *d, uint32_t page)
{
	bel_list_remove(&d->queue, d->queue_link, page);
	d->demoted -= (d->flag[page] & DEMOTED) != 0;
	d->flag[page] &= (uint8_t) ~(QUEUED | DEMOTED);
}

static void prune(struct dlirs *d)
{
	while (d->stack.count && !(d->flag[d->stack.tail] & LIR))
		leave_stack(d, d->stack.tail);
}

static void demote(struct dlirs *d)
{
	const uint32_t page = d->stack.tail;

	leave_stack(d, page);
	enter_queue(d, page);
	d->flag[page] |= DEMOTED;
	d->demoted++;
	prune(d);
}

static void enter_stack(struct dlirs *d, uint32_t page, int lir)
{
	bel_list_push(&d->stack, d->stack_link, page);
	d->flag[page] |= lir ? IN_STACK | LIR : IN_STACK;
	if (lir) {
		d->lir_pages++;
		prune(d);
		return;
	}
	bel_list_push(&d->hir, d->hir_link, page);
	while (d->lir_pages + d->queue.count + d->left > 2 * d->frames)
		leave_stack(d, d->hir.tail);
}

/* By how much lirs moves. */
static uint64_t step(uint64_t over, uint64_t under)
{
	const uint64_t ratio = (uint64_t)((double)over / (double)under + 0.5);

	return ratio ? ratio : 1;
}

/* Step 1 of a fault on a ghost entry; step 2 of a hit, up to the demotions. */
static void become_lir(struct dlirs *d, uint32_t page)
{
	const int resident = d->flag[page] & QUEUED;
	const uint64_t less = resident ? 0 : step(d->demoted, d->left);

	d->lirs = d->lirs > less ? d->lirs - less : 1;
	leave_stack(d, page);
	if (resident)
		leave_queue(d, page);
	while (d->lir_pages >= d->lirs)
		demote(d);
}

static void dlirs_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct dlirs *d = self;

	(void)now;
	/* After at most two hits, the page is LIR and at the top of the stack. */
	for (uint32_t i = 0; i < bel_count(ref); i++) {
		if (d->flag[ref.page] & LIR) {
			bel_list_to_head(&d->stack, d->stack_link, ref.page);
			prune(d);
			return;
		}
		if (d->flag[ref.page] & IN_STACK) {
			become_lir(d, ref.page);
			enter_stack(d, ref.page, 1);
			continue;
		}
		if (d->flag[ref.page] & DEMOTED)
			d->lirs += step(d->left, d->demoted);
		if (d->lirs > d->lirs_max)
			d->lirs = d->lirs_max;
		leave_queue(d, ref.page);
		enter_queue(d, ref.page);
		enter_stack(d, ref.page, 0);
	}
}

/* If the queue is empty, the LIR page at the bottom of the stack is demoted and leaves. */
static uint32_t dlirs_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct dlirs *d = self;

	(void)now;
	(void)out;
	return d->queue.count || !d->lir_pages ? d->queue.tail : d->stack.tail;
}

static void dlirs_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct dlirs *d = self;
	uint32_t victim;

	(void)now;
	while (d->lir_pages > d->lirs || !d->queue.count)
		demote(d);
	victim = d->queue.tail;
	leave_queue(d, victim);
	d->left += (d->flag[victim] & IN_STACK) != 0;
	bel_evict(out, victim);
}

static void dlirs_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct dlirs *d = self;
	const int lir = d->flag[ref.page] & IN_STACK || (d->lir_pages < d->lirs && !d->queue.count);

	if (d->flag[ref.page] & IN_STACK)
		become_lir(d, ref.page);
	if (bel_resident(out) == d->frames)
		dlirs_evict(d, now, out);
	if (!lir)
		enter_queue(d, ref.page);
	enter_stack(d, ref.page, lir);
	ref.info -= 1u << BEL_RUN_COUNT_SHIFT;
	dlirs_hit(d, now + 1, ref);
}

static void dlirs_drop(void *self, uint32_t page)
{
	struct dlirs *d = self;

	if (d->flag[page] & IN_STACK)
		leave_stack(d, page);
	if (d->flag[page] & QUEUED)
		leave_queue(d, page);
	prune(d);
}

static const struct bel_hooks dlirs_hooks = {
	.hit = dlirs_hit,
	.fault = dlirs_fault,
	.drop = dlirs_drop,
};

static const struct bel_param dlirs_params[] = {
	{"share", "of frames", BEL_PARAM_REAL, 0.01, 0, 1, "share of the HIR pages at the start"},
	{.name = NULL},
};

static void dlirs_report(void *self, struct bel_sink *sink)
{
	const struct dlirs *d = self;

	sink->count(sink->host, "lirs", d->lirs);
	sink->count(sink->host, "stack_pages", d->stack.count);
	sink->count(sink->host, "queue_pages", d->queue.count);
}

BEL_RUN(dlirs, dlirs_hooks, 0)

static const struct bel_policy dlirs = {
	BEL_POLICY_BASE(dlirs, struct dlirs),
	.name = "dlirs",
	.title = "DLIRS: LIRS that adapts the share of memory of its HIR pages",
	.source =
		"C. Li, DLIRS: improving low inter-reference recency set cache replacement policy "
		"with dynamics, SYSTOR 2018",
	.params = dlirs_params,
	.victim = dlirs_victim,
	.evict = dlirs_evict,
	.report = dlirs_report,
	.aliases = "dynamic LIRS",
};

BEL_POLICY(dlirs);
