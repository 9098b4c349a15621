/* SPDX-License-Identifier: MIT */
/* wrong_abi.c: a plug-in of another time: only its size and abi can be read. */
#include <stddef.h>

#include "policy.h"

static const struct bel_policy wrong_abi = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI + 1,
};

BEL_POLICY(wrong_abi);
