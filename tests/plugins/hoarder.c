/* SPDX-License-Identifier: MIT */
/* hoarder.c: never lets a page go, which breaks its contract when frames run out; and reports. */
#include <stdlib.h>

#include "policy.h"

struct hoarder {
	uint64_t loads;
};

static void *hoarder_create(const struct bel_env *env, struct bel_err *err)
{
	(void)env;
	(void)err;
	return calloc(1, sizeof(struct hoarder));
}

static void hoarder_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct hoarder *hoarder = self;

	(void)now;
	(void)ref;
	(void)out;
	hoarder->loads++;
}

static void hoarder_drop(void *self, uint32_t page)
{
	(void)self;
	(void)page;
}

static void hoarder_report(void *self, struct bel_sink *sink)
{
	struct hoarder *hoarder = self;

	sink->count(sink->host, "loads", hoarder->loads);
	sink->number(sink->host, "share", 0.5);
}

static const struct bel_hooks hooks = {.fault = hoarder_fault, .drop = hoarder_drop};

BEL_RUN(hoarder, hooks, 0)

static const struct bel_policy hoarder = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.name = "hoarder",
	.title = "never lets a page go",
	.source = "a test of belady",
	.create = hoarder_create,
	.destroy = free,
	.hooks = &hooks,
	.run = hoarder_run,
	.report = hoarder_report,
};

BEL_POLICY(hoarder);
