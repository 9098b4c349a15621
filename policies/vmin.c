/* SPDX-License-Identifier: MIT */
/*
 * vmin.c: VMIN (Prieve and Fabry, Communications of the ACM, 1976), the optimum of variable space:
 * keeps a page until its next reference only if that is near enough.
 *
 * On each reference, hit or fault, at time t, with the page's next reference at time u:
 * 1. If u - t <= tau, the page stays until u.
 * 2. Otherwise, also if it is never referenced again, it leaves after the reference at t + 1. It
 *    counts as resident at t, and not at t + 1. The last page of a trace is therefore resident at
 *    the end.
 *
 * With tau = the cost of a fault divided by the cost of keeping a page for one reference, no
 * policy costs less. It has as many faults as the working set with the same tau, with the smallest
 * resident set that has no more faults.
 *
 * Cost: O(1) per reference; no memory per page.
 */
#include "policy.h"

#define NONE UINT32_MAX

struct vmin {
	uint64_t tau;
	uint64_t last;     /* time of the last reference of the present run */
	uint32_t unwanted; /* page of the present run, if it is to leave; else NONE */
	uint32_t leaving;  /* the same for the run before */
};

static void vmin_init(void *self, const struct bel_env *env)
{
	struct vmin *vmin = self;

	vmin->tau = (uint64_t)env->param[0];
	vmin->unwanted = NONE;
	vmin->leaving = NONE;
}

static void vmin_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct vmin *vmin = self;

	vmin->last = bel_last(now, ref);
	vmin->leaving = vmin->unwanted;
	vmin->unwanted = ref.next - vmin->last > vmin->tau ? ref.page : NONE;
}

static void vmin_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	(void)out;
	vmin_hit(self, now, ref);
}

/* Called once per run, after its first reference. */
static void vmin_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct vmin *vmin = self;

	(void)now;
	if (vmin->leaving != NONE)
		bel_evict(out, vmin->leaving);
	bel_next_tick(out, vmin->last + 1);
}

static void vmin_drop(void *self, uint32_t page)
{
	struct vmin *vmin = self;

	if (vmin->unwanted == page)
		vmin->unwanted = NONE;
}

static const struct bel_hooks vmin_hooks = {
	.hit = vmin_hit,
	.fault = vmin_fault,
	.tick = vmin_tick,
	.drop = vmin_drop,
};

static const struct bel_param vmin_params[] = {
	{"tau", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"a page stays if its next reference is at most this far ahead"},
	{.name = NULL},
};

BEL_RUN(vmin, vmin_hooks, BEL_POLICY_VARIABLE | BEL_POLICY_FUTURE)

/* No victim(): the victim depends on the next reference. */
static const struct bel_policy vmin = {
	BEL_POLICY_BASE(vmin, struct vmin),
	.name = "vmin",
	.title = "VMIN, the variable-space optimum: keeps a page referenced again within tau",
	.source = "B. G. Prieve, R. S. Fabry, VMIN: an optimal variable-space page replacement "
		  "algorithm, Communications of the ACM 19(5), 1976",
	.params = vmin_params,
	.aliases = "variable-space MIN",
};

BEL_POLICY(vmin);
