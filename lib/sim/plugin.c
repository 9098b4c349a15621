/* SPDX-License-Identifier: MIT */
/* plugin.c: loads a policy from a shared object. */
#include "plugin.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"

#define SYMBOL "bel_plugin_policy"

/* For a bare name, the loader would search the library path; the user means a file here. */
static void *load(const char *path, struct bel_err *err)
{
	char *file = NULL;
	void *handle;

	if (asprintf(&file, "%s%s", strchr(path, '/') ? "" : "./", path) < 0) {
		bel_err_memory(err, path);
		return NULL;
	}
	handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		bel_fail(err, "%s", dlerror()); /* the loader's message begins with the path */
	free(file);
	return handle;
}

void *bel_plugin_open(const char *path, const struct bel_policy **policy, struct bel_err *err)
{
	void *handle = load(path, err);
	const struct bel_policy *const *symbol;
	struct bel_err why = {.code = 0};

	if (!handle)
		return NULL;
	symbol = dlsym(handle, SYMBOL);
	if (!symbol || !*symbol) {
		bel_fail(err, "%s: is not a policy: it does not define %s", path, SYMBOL);
	} else if (bel_policy_check(*symbol, &why) < 0) {
		bel_fail(err, "%s: %s", path, why.text);
	} else {
		*policy = *symbol;
		return handle;
	}
	dlclose(handle);
	return NULL;
}

void bel_plugin_close(void *handle)
{
	if (handle)
		dlclose(handle);
}
