/* SPDX-License-Identifier: MIT */
/*
 * ws.c: working set (Denning, Communications of the ACM, 1968): the resident pages are those
 * referenced in the last tau references, with the present one: W(t, tau).
 *
 * State: resident pages in order of last reference.
 *
 * On a hit: the page becomes the most recent.
 *
 * On a fault: load the page as the most recent.
 *
 * After each reference, evict every page that was not referenced in the last tau references.
 *
 * This is exact at every reference, but a hit costs only three stores: tick() is called when the
 * page that is oldest now would leave. If that page was referenced meanwhile, the page that is
 * then oldest sets the next time.
 *
 * Cost: O(1) per reference, amortized; 28 bytes per page.
 */
#include "recency.h"

struct ws {
	struct bel_recency order;
	uint64_t *last; /* time of a page's last reference */
	uint64_t tau;
};

static void ws_init(void *self, const struct bel_env *env)
{
	struct ws *ws = self;

	ws->tau = (uint64_t)env->param[0];
	env->page_array(env->host, &ws->last, sizeof(*ws->last));
	bel_recency_create(&ws->order, env);
}

static void ws_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct ws *ws = self;

	ws->last[ref.page] = bel_last(now, ref);
	bel_recency_touch(&ws->order, ref.page);
}

static void ws_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	(void)out;
	ws_hit(self, now, ref);
}

static uint32_t ws_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct ws *ws = self;
	uint32_t page;

	(void)now;
	(void)out;
	return bel_recency_oldest(&ws->order, &page) ? page : BEL_NO_PAGE;
}

static void ws_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct ws *ws = self;
	uint32_t page;

	while (bel_recency_oldest(&ws->order, &page)) {
		if (ws->last[page] + ws->tau > now) {
			bel_next_tick(out, ws->last[page] + ws->tau);
			return;
		}
		bel_recency_forget(&ws->order, page);
		bel_evict(out, page);
	}
}

static void ws_drop(void *self, uint32_t page)
{
	struct ws *ws = self;

	bel_recency_forget(&ws->order, page);
}

static const struct bel_hooks ws_hooks = {
	.hit = ws_hit,
	.fault = ws_fault,
	.tick = ws_tick,
	.drop = ws_drop,
};

static const struct bel_param ws_params[] = {
	{"tau", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"window: a page stays for this many references after its last"},
	{.name = NULL},
};

static void ws_show(void *self, const struct bel_show *show)
{
	const struct ws *ws = self;

	bel_recency_show(&ws->order, show, BEL_SHOW_LAST_USE);
}

BEL_RUN(ws, ws_hooks, BEL_POLICY_VARIABLE)

static const struct bel_policy ws = {
	BEL_POLICY_BASE(ws, struct ws),
	.name = "ws",
	.title = "working set: keeps the pages referenced in the last tau references",
	.source = "P. J. Denning, The working set model for program behavior, Communications of "
		  "the ACM 11(5), 1968",
	.params = ws_params,
	.victim = ws_victim,
	.show = ws_show,
	.aliases = "working set",
};

BEL_POLICY(ws);
