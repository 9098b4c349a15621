/* SPDX-License-Identifier: MIT */
/* audit_min_faults.c: computes the optimum by scanning. */
#include "audit_min_faults.h"

#include <stdlib.h>

#include "err.h"

struct resident {
	uint32_t page;
	uint64_t next;
};

static size_t find(const struct resident *resident, size_t count, uint32_t page)
{
	size_t i = 0;

	while (i < count && resident[i].page != page)
		i++;
	return i;
}

static size_t farthest(const struct resident *resident, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (resident[i].next > resident[best].next)
			best = i;
	return best;
}

int bel_audit_least_faults(const struct bel_audit_string *string, const uint64_t *next,
	uint64_t frames, uint64_t *faults)
{
	const size_t capacity = frames < string->pages ? frames : string->pages;
	struct resident *resident = malloc((capacity + 1) * sizeof(*resident));
	size_t count = 0;

	if (!resident)
		return BEL_FAIL;
	*faults = 0;
	for (size_t i = 0; i < string->count; i++) {
		size_t at = find(resident, count, string->step[i].page);

		if (at == count) {
			++*faults;
			if (count == capacity)
				at = farthest(resident, count);
			else
				count++;
			resident[at].page = string->step[i].page;
		}
		resident[at].next = next[i];
	}
	free(resident);
	return 0;
}
