/* SPDX-License-Identifier: MIT */
/*
 * plugin.h: loads a policy from a shared object (see BEL_PLUGIN in policy.h).
 *
 * The caller owns the plug-in and closes it. Its policy is valid until then.
 */
#ifndef BEL_PLUGIN_H
#define BEL_PLUGIN_H

#include "err.h"
#include "policy.h"

struct bel_plugin {
	const struct bel_policy *policy;
	char *file;      /* as the user named it */
	char digest[17]; /* XXH3-64 of the file: 16 hexadecimal digits */
	void *handle;    /* of dlopen() */
};

/* Loads the object and checks its descriptor. NULL on failure; the message begins with the path. */
struct bel_plugin *bel_plugin_open(const char *path, struct bel_err *err);
void bel_plugin_close(struct bel_plugin *plugin); /* NULL is allowed */

#endif
