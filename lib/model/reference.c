/* SPDX-License-Identifier: MIT */
/* reference.c: names of the kinds of references. */
#include "reference.h"

const char *bel_kind_name(enum bel_kind kind)
{
	static const char *const name[BEL_KINDS] = {
		"fetch", "load", "store", "modify", "kernel-load", "kernel-store"};

	return (unsigned)kind < BEL_KINDS ? name[kind] : "unknown";
}
