/* SPDX-License-Identifier: MIT */
/* no_drop.c: a plug-in that lacks a hook it must have. */
#include <stdlib.h>

#include "policy.h"

static void *no_drop_create(const struct bel_env *env, struct bel_err *err)
{
	(void)env;
	(void)err;
	return NULL;
}

static void no_drop_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	(void)self;
	(void)now;
	(void)ref;
	(void)out;
}

static const struct bel_hooks hooks = {.fault = no_drop_fault};

static const struct bel_policy no_drop = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.name = "no-drop",
	.title = "lacks a hook",
	.source = "none",
	.create = no_drop_create,
	.destroy = free,
	.hooks = &hooks,
};

BEL_POLICY(no_drop);
