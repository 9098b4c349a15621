/* SPDX-License-Identifier: MIT */
/*
 * trace.h: what a trace says of itself, beside its references and events (chunk.h).
 */
#ifndef BEL_TRACE_H
#define BEL_TRACE_H

#include <stdint.h>

#include "chunk.h"

struct bel_trace_info {
	unsigned granule_bits; /* of the folded view; 0: exact */
	unsigned unit_bits;    /* of the exact view's addresses (granule_bits 0 only) */
	unsigned address_bits; /* 32 or 64 */
	int first_byte;        /* crossing references were counted once, at their first byte */
	int kernel;            /* may hold references of the kernel's kinds */
	const char *command;   /* captured command line, or what generated it; NULL: not known */
	const char *name;      /* that the user gave it; NULL: none */
	const char *tool;      /* "bel-capture 0.1.0, valgrind-3.19.0 lackey"; NULL: not known */
	const char *format;    /* "bel", "lackey", ... */
	/* Of a reduced trace (reduction_scope.h): results hold for these policies, from so many
	 * frames.
	 */
	const char *valid_policies; /* "lru,opt"; NULL: not reduced */
	uint64_t min_frames;
};

#endif
