/* SPDX-License-Identifier: MIT */
/*
 * vsws.c: VSWS, variable-interval sampled working set (Ferrari and Yih, IEEE Transactions on
 * Software Engineering, 1983): the sampled working set, with samples that come earlier if there
 * are many faults. min, max and faults are the paper's M, L and Q.
 *
 * State: resident pages in order of loading; faults and references since the last sample.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On a fault: load the page with its bit set. Nothing is evicted.
 *
 * After each reference, take a sample if there were, since the last sample (at first: since the
 * start), at least max references, or at least min references and at least `faults` faults, with
 * the present one. If min > max, the interval is always max.
 *
 * At a sample, for each resident page, the one loaded longest ago first:
 * 1. Bit clear: evict the page.
 * 2. Bit set: clear it.
 *
 * So the page just referenced always stays, and starts the new interval with its bit clear.
 * Reported: samples.
 *
 * Cost: O(resident pages) per sample; 8 bytes per page.
 */
#include "scan.h"

struct vsws {
	uint64_t min, max;
	uint64_t enough; /* faults that make a sample due early */
	uint64_t faults; /* since the last sample */
	uint64_t start;  /* number of references when it was taken */
	uint64_t samples;
	struct bel_link *link;
	struct bel_list pages; /* resident, the one loaded last at the head */
};

static void vsws_init(void *self, const struct bel_env *env)
{
	struct vsws *vsws = self;

	vsws->max = (uint64_t)env->param[1];
	vsws->min = env->param[0] < env->param[1] ? (uint64_t)env->param[0] : vsws->max;
	vsws->enough = (uint64_t)env->param[2];
	bel_list_init(&vsws->pages);
	env->page_array(env->host, &vsws->link, sizeof(*vsws->link));
}

/* Time of the reference after which the next sample is due, if there is no further fault. */
static uint64_t due(const struct vsws *vsws)
{
	return vsws->start + (vsws->faults >= vsws->enough ? vsws->min : vsws->max) - 1;
}

static void vsws_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct vsws *vsws = self;

	(void)now;
	vsws->faults++;
	bel_list_push(&vsws->pages, vsws->link, ref.page);
	bel_next_tick(out, due(vsws));
}

static void vsws_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct vsws *vsws = self;

	if (now >= due(vsws)) {
		bel_scan_evict(&vsws->pages, vsws->link, out);
		vsws->start = now + 1;
		vsws->faults = 0;
		vsws->samples++;
	}
	bel_next_tick(out, due(vsws));
}

static void vsws_drop(void *self, uint32_t page)
{
	struct vsws *vsws = self;

	bel_list_remove(&vsws->pages, vsws->link, page);
}

static const struct bel_hooks vsws_hooks = {
	.fault = vsws_fault,
	.tick = vsws_tick,
	.drop = vsws_drop,
};

static const struct bel_param vsws_params[] = {
	{"min", "references", BEL_PARAM_INTEGER, 1000, 1, 9007199254740992.0,
		"shortest interval between samples"},
	{"max", "references", BEL_PARAM_INTEGER, 20000, 1, 9007199254740992.0,
		"longest interval between samples"},
	{"faults", "faults", BEL_PARAM_INTEGER, 10, 1, 9007199254740992.0,
		"faults since the last sample that make one due after min references"},
	{.name = NULL},
};

static void vsws_report(void *self, struct bel_sink *sink)
{
	const struct vsws *vsws = self;

	sink->count(sink->host, "samples", vsws->samples);
}

BEL_RUN(vsws, vsws_hooks, BEL_POLICY_VARIABLE | BEL_POLICY_BITS)

/* No victim(): pages leave only at samples. */
static const struct bel_policy vsws = {
	BEL_POLICY_BASE(vsws, struct vsws),
	.name = "vsws",
	.title = "variable-interval sampled working set: faults bring the next sample forward",
	.source = "D. Ferrari, Y.-Y. Yih, VSWS: the variable-interval sampled working set policy, "
		  "IEEE Transactions on Software Engineering SE-9(3), 1983",
	.params = vsws_params,
	.report = vsws_report,
	.aliases = "variable-interval sampled working set",
};

BEL_POLICY(vsws);
