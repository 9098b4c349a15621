/* SPDX-License-Identifier: MIT */
/* gen_slice.c: cuts generated references to a slice. */
#include "gen_slice.h"

#include <string.h>

size_t bel_gen_cut(struct bel_gen_cut *cut, uint64_t now, struct bel_access *access, size_t n)
{
	size_t first = 0, end = 0;
	uint64_t last = cut->last;

	if (!cut->sliced || !n)
		return n;
	cut->last = access[n - 1].address;
	if (!cut->began) {
		while (first < n && access[first].address == last)
			first++;
		cut->began = first < n;
		last = first ? access[first - 1].address : last;
	}
	/* The run that begins before `to` is whole; the next one is of the next slice. */
	if (now + n > cut->to)
		end = now < cut->to ? (size_t)(cut->to - now) : 0;
	else
		end = n;
	if (end < first)
		end = first;
	if (end > first)
		last = access[end - 1].address;
	while (end < n && access[end].address == last)
		end++;
	cut->ended = end < n;
	memmove(access, access + first, (end - first) * sizeof(*access));
	return end - first;
}
