/* SPDX-License-Identifier: MIT */
/*
 * region.h: a region: a range of bytes of an address space with one mapping.
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

/* The flags that are protection bits. */
#define BEL_MAP_RIGHTS (BEL_MAP_READ | BEL_MAP_WRITE | BEL_MAP_EXEC)

struct bel_region {
	uint64_t start, end; /* byte addresses; end is the first one after the region */
	uint64_t offset;     /* of start in the file */
	uint32_t backing;    /* what is mapped; its meaning is that of the region's maker */
	uint16_t flags;      /* enum bel_map_flag */
	uint8_t kind;        /* enum bel_region_kind */
};

#endif
