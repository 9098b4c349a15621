/* SPDX-License-Identifier: MIT */
/* plugin.c: loads a policy from a shared object. */
#include "plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "spec.h"

#define SYMBOL "bel_plugin_policy"

/* Tells this build of a policy from others with the same name. */
static int digest_file(const char *path, char digest[17], struct bel_err *err)
{
	unsigned char bytes[65536];
	XXH3_state_t *state = XXH3_createState();
	FILE *file = fopen(path, "rb");
	size_t n;
	int r = BEL_OK;

	if (!state)
		r = bel_err_memory(err, path);
	else if (!file)
		r = bel_fail_open(err, path);
	else {
		XXH3_64bits_reset(state);
		while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
			XXH3_64bits_update(state, bytes, n);
		if (ferror(file))
			r = bel_fail_errno(err, errno, "%s: cannot read", path);
		snprintf(digest, 17, "%016" PRIx64, (uint64_t)XXH3_64bits_digest(state));
	}
	if (file)
		fclose(file);
	XXH3_freeState(state);
	return r;
}

static bool ends_in(const char *text, const char *end)
{
	const size_t length = strlen(text), tail = strlen(end);

	return length > tail && !strcmp(text + length - tail, end);
}

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
	if (!handle) /* the loader's message begins with the path */
		bel_fail(err, "%s%s", dlerror(),
			ends_in(path, ".c") ? "; compile it to a shared object: bel-policy(7)"
					    : "");
	free(file);
	return handle;
}

static int open_policy(struct bel_plugin *plugin, struct bel_err *err)
{
	const char *const path = plugin->file;
	const struct bel_policy *const *symbol;
	struct bel_err why = {.code = 0};

	plugin->handle = load(path, err);
	if (!plugin->handle)
		return BEL_FAIL;
	symbol = dlsym(plugin->handle, SYMBOL);
	if (!symbol || !*symbol)
		return bel_fail(err, "%s: is not a policy: it does not define %s", path, SYMBOL);
	if (bel_policy_check(*symbol, &why) < 0)
		return bel_fail(err, "%s: %s", path, why.text);
	plugin->policy = *symbol;
	return digest_file(path, plugin->digest, err);
}

struct bel_plugin *bel_plugin_open(const char *path, struct bel_err *err)
{
	struct bel_plugin *plugin = calloc(1, sizeof(*plugin));

	if (plugin)
		plugin->file = strdup(path);
	if (!plugin || !plugin->file) {
		bel_err_memory(err, path);
	} else if (open_policy(plugin, err) == BEL_OK) {
		return plugin;
	}
	bel_plugin_close(plugin);
	return NULL;
}

void bel_plugin_close(struct bel_plugin *plugin)
{
	if (!plugin)
		return;
	if (plugin->handle)
		dlclose(plugin->handle);
	free(plugin->file);
	free(plugin);
}
