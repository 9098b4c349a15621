/* SPDX-License-Identifier: MIT */
/*
 * plugin.h: a policy from a shared object (see BEL_PLUGIN in policy.h).
 *
 * The handle is the caller's and keeps *policy alive until bel_plugin_close().
 */
#ifndef BEL_PLUGIN_H
#define BEL_PLUGIN_H

#include "err.h"
#include "policy.h"

/* Loads the object and checks its descriptor; errors begin with the path. NULL on failure. */
void *bel_plugin_open(const char *path, const struct bel_policy **policy, struct bel_err *err);
void bel_plugin_close(void *handle); /* NULL is allowed */

#endif
