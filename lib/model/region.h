/* SPDX-License-Identifier: MIT */
/*
 * region.h: a region of an address space: a range of bytes that was mapped at once.
 */
#ifndef BEL_REGION_H
#define BEL_REGION_H

#include <stdint.h>

enum bel_region_kind {
	BEL_REGION_UNKNOWN,
	BEL_REGION_TEXT,
	BEL_REGION_DATA, /* initialised data and bss */
	BEL_REGION_HEAP,
	BEL_REGION_STACK,
	BEL_REGION_MMAP,
	BEL_REGION_VDSO,
	BEL_REGIONS,
};

/* "unknown", "text", "data", "heap", "stack", "mmap", "vdso". */
const char *bel_region_name(enum bel_region_kind kind);

enum bel_map_flag {
	BEL_MAP_READ = 0x1,
	BEL_MAP_WRITE = 0x2,
	BEL_MAP_EXEC = 0x4,
	BEL_MAP_SHARED = 0x8, /* else private */
	BEL_MAP_FILE = 0x10,  /* else anonymous */
};

/* What the protection of a region is about. */
#define BEL_MAP_RIGHTS (BEL_MAP_READ | BEL_MAP_WRITE | BEL_MAP_EXEC)

struct bel_region {
	uint64_t start, end; /* bytes; end is the first one behind it */
	uint64_t offset;     /* of start in the file */
	uint32_t backing;    /* what is mapped, as the maker of the region numbers it */
	uint16_t flags;      /* enum bel_map_flag */
	uint8_t kind;        /* enum bel_region_kind */
};

#endif
