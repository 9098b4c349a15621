/* SPDX-License-Identifier: MIT */
/*
 * dws.c: damped working set (Smith, IEEE Transactions on Computers, 1976): the working set, but it
 * grows less when a program changes its locality.
 *
 * State: resident pages in order of last reference; d = floor(tau x damp / 100).
 *
 * After the reference at time t: all pages whose last reference was at t - tau or before leave,
 * the least recent first.
 *
 * On a fault at time t:
 * 1. If the last reference to the least recently used page was at t - d or before, evict it. The
 *    new page replaces it, where the plain working set would grow.
 * 2. Load the page.
 *
 * With damp=100, no page leaves early. As in the paper, the policy sees every reference.
 *
 * Cost: O(1), amortized over the references; 28 bytes per page.
 */
#include "recency.h"

struct dws {
	struct bel_recency order;
	uint64_t *last; /* time of a page's last reference */
	uint64_t tau;
	uint64_t old; /* d: a fault replaces a page that was not referenced for this long */
};

static void dws_init(void *self, const struct bel_env *env)
{
	struct dws *dws = self;

	dws->tau = (uint64_t)env->param[0];
	dws->old = dws->tau * (uint64_t)env->param[1] / 100;
	env->page_array(env->host, &dws->last, sizeof(*dws->last));
	bel_recency_create(&dws->order, env);
}

static void dws_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct dws *dws = self;

	dws->last[ref.page] = bel_last(now, ref);
	bel_recency_touch(&dws->order, ref.page);
}

static void dws_drop(void *self, uint32_t page)
{
	struct dws *dws = self;

	bel_recency_forget(&dws->order, page);
}

static void dws_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct dws *dws = self;
	uint32_t page;

	if (bel_recency_oldest(&dws->order, &page) && dws->last[page] + dws->old <= now) {
		dws_drop(dws, page);
		bel_evict(out, page);
	}
	dws_hit(dws, now, ref);
}

static uint32_t dws_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct dws *dws = self;
	uint32_t page;

	(void)now;
	(void)out;
	return bel_recency_oldest(&dws->order, &page) ? page : BEL_NO_PAGE;
}

static void dws_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct dws *dws = self;
	uint32_t page;

	while (bel_recency_oldest(&dws->order, &page)) {
		if (dws->last[page] + dws->tau > now) {
			bel_next_tick(out, dws->last[page] + dws->tau);
			return;
		}
		dws_drop(dws, page);
		bel_evict(out, page);
	}
}

static const struct bel_hooks dws_hooks = {
	.hit = dws_hit,
	.fault = dws_fault,
	.tick = dws_tick,
	.drop = dws_drop,
};

static const struct bel_param dws_params[] = {
	{"tau", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"window: a page stays for at most this many references after its last"},
	{"damp", "% of tau", BEL_PARAM_INTEGER, 50, 0, 100,
		"idle time after which a fault evicts the least recent page"},
	{.name = NULL},
};

static void dws_show(void *self, const struct bel_show *show)
{
	const struct dws *dws = self;

	bel_recency_show(&dws->order, show, BEL_SHOW_OTHER);
}

BEL_RUN(dws, dws_hooks, BEL_POLICY_VARIABLE)

static const struct bel_policy dws = {
	BEL_POLICY_BASE(dws, struct dws),
	.name = "dws",
	.title = "damped working set: at a fault, the least recent page leaves if it is old enough",
	.source = "A. J. Smith, A modified working set paging algorithm, IEEE Transactions on "
		  "Computers C-25(9), 1976",
	.params = dws_params,
	.victim = dws_victim,
	.show = dws_show,
	.aliases = "damped working set",
};

BEL_POLICY(dws);
