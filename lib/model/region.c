/* SPDX-License-Identifier: MIT */
/* region.c: the names of the kinds of regions. */
#include "region.h"

const char *bel_region_name(enum bel_region_kind kind)
{
	static const char *const name[BEL_REGIONS] = {
		"unknown", "text", "data", "heap", "stack", "mmap", "vdso"};

	return (unsigned)kind < BEL_REGIONS ? name[kind] : "unknown";
}
