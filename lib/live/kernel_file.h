/* SPDX-License-Identifier: MIT */
/*
 * kernel_file.h: small files of the kernel in /proc, /sys and memory cgroups.
 *
 * Every path begins with `root`, which is "" on the real machine and a folder in tests.
 *
 *	bel_kernel_path(path, root, "/proc/swaps");
 *	bel_kernel_read(path, text, sizeof(text), &err);
 *	bel_kernel_field(text, "pgfault", &faults);
 *
 * The texts are foreign bytes: a name or number that is not as expected is no match.
 */
#ifndef BEL_KERNEL_FILE_H
#define BEL_KERNEL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define BEL_KERNEL_PATH 512
/* The logarithm of the number of pages that are read from swap at a time. */
#define BEL_KERNEL_PAGE_CLUSTER "/proc/sys/vm/page-cluster"

#define BEL_KERNEL_TEXT 16384

/* A path that is too long becomes "", which no call can open. Returns `path`. */
const char *bel_kernel_path(char path[static BEL_KERNEL_PATH], const char *root, const char *format,
	...) __attribute__((format(printf, 3, 4)));

/*
 * Reads a file into `text` and ends it with a zero byte. Of a file for which there is no room, only
 * whole lines: half of a process number would be the number of another process. Returns the length.
 */
int bel_kernel_read(const char *path, char *text, size_t size, struct bel_err *err);

/* The same for an open file, from its beginning. Returns the length, or -1 with errno. */
int bel_kernel_reread(int fd, char *text, size_t size);

/* Writes a text into a file that exists, in one call of write(). */
int bel_kernel_write(const char *path, const char *text, struct bel_err *err);

/* A decimal number of 64 bits, alone or before a newline. "max" is none. */
bool bel_kernel_number(const char *text, uint64_t *value);

/* The number in the line "NAME NUMBER", or "NAME: NUMBER kB". */
bool bel_kernel_field(const char *text, const char *name, uint64_t *value);

/* The number that is all of a file. */
int bel_kernel_read_number(const char *path, uint64_t *value, struct bel_err *err);

/* The memory of the machine, and what can be used without swapping; /proc/meminfo. */
int bel_kernel_memory(
	const char *root, uint64_t *total_bytes, uint64_t *available_bytes, struct bel_err *err);

/* Pages that the whole machine read from swap and wrote there so far; /proc/vmstat, into `text`. */
int bel_kernel_swap_counts(const char *root, char text[static BEL_KERNEL_TEXT], uint64_t *in,
	uint64_t *out, struct bel_err *err);

/* Whether the kernel chooses pages with MGLRU. */
enum bel_kernel_mglru {
	BEL_MGLRU_NONE, /* this kernel has no MGLRU, or its file has no such number */
	BEL_MGLRU_OFF,
	BEL_MGLRU_ON,
};

/*
 * Reads /sys/kernel/mm/lru_gen/enabled, "0x0007". Bit 0 is the main switch; without it, the other
 * bits have no effect. `bits` may be NULL; 0 if there is no MGLRU.
 */
enum bel_kernel_mglru bel_kernel_mglru(const char *root, unsigned *bits);

/* Whether the words of a text, between blanks and newlines, include this one. */
bool bel_kernel_has_word(const char *text, const char *word);

#endif
