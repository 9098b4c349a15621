/* SPDX-License-Identifier: MIT */
/*
 * zram.h: swap areas: those that the machine has, and one of our own on a zram device, which
 * keeps swapped-out pages compressed in memory.
 *
 *	bel_zram_add(root, &number, &err);
 *	bel_zram_swapon(root, number, bytes, store_bytes, &err);
 *	...
 *	bel_zram_remove(root, number, &err);
 *
 * Our devices have a swap label that begins with BEL_ZRAM_LABEL. All but the first two calls
 * need root.
 */
#ifndef BEL_ZRAM_H
#define BEL_ZRAM_H

#include "kernel_file.h"

#define BEL_ZRAM_LABEL "belady-live"

struct bel_swap_area {
	char name[256]; /* as the kernel prints it: "/dev/sda2"; "": there is none */
	uint64_t free_bytes;
	unsigned count; /* of areas; this is the one with the most free bytes */
};

/* The areas of /proc/swaps. */
int bel_swap_find(struct bel_swap_area *area, const char *root, struct bel_err *err);

/* Whether zram devices can be added. */
bool bel_zram_can_add(const char *root);

/* The number that the kernel gives the next device: the smallest that is free. */
unsigned bel_zram_next(const char *root);

/* Whether nothing was ever written to the device. */
bool bel_zram_is_empty(const char *root, unsigned number);

int bel_zram_add(const char *root, unsigned *number, struct bel_err *err);

/*
 * Makes the device a swap area of `bytes`. The compressed pages take at most `store_bytes`. The
 * area has the lowest priority, so it is used after those that the machine had before.
 */
int bel_zram_swapon(const char *root, unsigned number, uint64_t bytes, uint64_t store_bytes,
	struct bel_err *err);

/*
 * Ends swapping to the device and removes it. A device that does not exist is no error. A device
 * that has contents without our label is not touched: BEL_NO.
 */
int bel_zram_remove(const char *root, unsigned number, struct bel_err *err);

#endif
