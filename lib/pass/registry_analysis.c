/* SPDX-License-Identifier: MIT */
/* registry_analysis.c: the registered analyses, by name. */
#include <string.h>

#include "analysis.h"

extern const struct bel_analysis *const __start_bel_analyses[];
extern const struct bel_analysis *const __stop_bel_analyses[];

/* Selects by counting: there are few analyses, and the linker chooses the section's order. */
const struct bel_analysis *bel_analysis_at(size_t index)
{
	const size_t count = (size_t)(__stop_bel_analyses - __start_bel_analyses);

	for (size_t i = 0; i < count; i++) {
		size_t smaller = 0;

		for (size_t j = 0; j < count; j++)
			smaller += strcmp(__start_bel_analyses[j]->name,
					   __start_bel_analyses[i]->name) < 0;
		if (smaller == index)
			return __start_bel_analyses[i];
	}
	return NULL;
}

const struct bel_analysis *bel_analysis_find(const char *name)
{
	const struct bel_analysis *analysis;

	for (size_t i = 0; (analysis = bel_analysis_at(i)); i++)
		if (!strcmp(analysis->name, name))
			return analysis;
	return NULL;
}
