/* SPDX-License-Identifier: MIT */
/* pager_memory.c: the back ends of the pager by name. */
#include "pager_memory.h"

#include <string.h>

static const struct bel_pager_way *const ways[BEL_PAGER_BACKENDS] = {
	[BEL_PAGER_UFFD_SIGBUS] = &bel_pager_uffd_sigbus,
	[BEL_PAGER_MPROTECT] = &bel_pager_mprotect,
	[BEL_PAGER_UFFD_THREAD] = &bel_pager_uffd_thread,
};

const struct bel_pager_way *bel_pager_way(enum bel_pager_backend backend)
{
	return ways[backend];
}

const char *bel_pager_backend_name(enum bel_pager_backend backend)
{
	return ways[backend]->name;
}

int bel_pager_backend_probe(enum bel_pager_backend backend, struct bel_err *err)
{
	return ways[backend]->probe(err);
}

int bel_pager_backend_parse(const char *text, enum bel_pager_backend *backend, struct bel_err *err)
{
	const bool any = !text || !strcmp(text, "auto");

	for (unsigned i = 0; i < BEL_PAGER_BACKENDS; i++) {
		if (any ? ways[i]->probe(err) < 0 : strcmp(ways[i]->name, text) != 0)
			continue;
		*backend = (enum bel_pager_backend)i;
		return any ? 0 : ways[i]->probe(err);
	}
	if (any)
		return BEL_FAIL; /* with the reason of the last one */
	return bel_usage(
		err, "--backend: '%s' is not auto, uffd-sigbus, mprotect or uffd-thread", text);
}
