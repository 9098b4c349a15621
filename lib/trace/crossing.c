/* SPDX-License-Identifier: MIT */
/* crossing.c: limits references that reach into many pages. */
#include "crossing.h"

int bel_crossing_take(struct bel_crossing *crossing, uint64_t references, uint64_t further,
	uint64_t units, struct bel_err *err)
{
	if (units > BEL_ACCESS_UNITS_MAX)
		return bel_fail(err, "reference %llu: its size is %llu; the maximum is %d",
			(unsigned long long)references + 1, (unsigned long long)units,
			BEL_ACCESS_UNITS_MAX);
	if (crossing->further + further > BEL_CROSSING_FREE &&
		(crossing->further + further - BEL_CROSSING_FREE) / BEL_CROSSING_EACH > references)
		return bel_too_much(err,
			"reference %llu: its size is %llu; references reach into more than %d "
			"pages on average; use larger pages (--page-size) or only first bytes "
			"(--first-byte)",
			(unsigned long long)references + 1, (unsigned long long)units,
			BEL_CROSSING_EACH);
	crossing->further += further;
	return 0;
}
