/* SPDX-License-Identifier: MIT */
/*
 * plugin.h: loads a policy from a shared object (see BEL_PLUGIN in policy.h).
 *
 * The caller owns the handle. *policy is valid until bel_plugin_close().
 */
#ifndef BEL_PLUGIN_H
#define BEL_PLUGIN_H

#include "err.h"
#include "policy.h"

/* Loads the object and checks its descriptor. NULL on failure; the message begins with the path. */
void *bel_plugin_open(const char *path, const struct bel_policy **policy, struct bel_err *err);
void bel_plugin_close(void *handle); /* NULL is allowed */

#endif
