/* SPDX-License-Identifier: MIT */
/*
 * pager_memory.h: the memory of a pager: pages that trap, and how each back end maps them. Only for
 * the pager's files.
 *
 * A page is absent (it has no frame), or it has contents. A page with contents is unmapped, mapped
 * for reading or mapped for writing. The functions return negative with err. Absent and unmapped
 * pages trap when they are touched, and pages that are mapped for reading when they are written.
 *
 *	bel_pager_memory_open(&memory, backend, pages, trap, host, &err);
 *	memory.way->fill(&memory, page, bytes, writable, &err);     in trap(), or between touches
 *
 * Threads: with BEL_PAGER_UFFD_THREAD, trap() runs in a second thread while the one that touches
 * waits in the kernel.
 */
#ifndef BEL_PAGER_MEMORY_H
#define BEL_PAGER_MEMORY_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "pager.h"

struct bel_pager_memory;

struct bel_pager_way {
	const char *name;
	int (*probe)(struct bel_err *err);
	/* Maps pages x page_bytes at memory->base; all pages are absent. Traps begin. */
	int (*open)(struct bel_pager_memory *memory, struct bel_err *err);
	/* An absent page gets these contents, and is mapped. */
	int (*fill)(struct bel_pager_memory *memory, uint32_t page, const void *bytes,
		bool writable, struct bel_err *err);
	/* A page with contents is mapped, or mapped for writing instead of reading. */
	int (*map)(struct bel_pager_memory *memory, uint32_t page, bool mapped, bool writable,
		struct bel_err *err);
	int (*unmap)(struct bel_pager_memory *memory, uint32_t page, struct bel_err *err);
	/* A page with contents becomes absent; its contents are stored at `bytes` unless NULL. */
	int (*take)(struct bel_pager_memory *memory, uint32_t page, bool mapped, void *bytes,
		struct bel_err *err);
};

extern const struct bel_pager_way bel_pager_mprotect, bel_pager_uffd_sigbus, bel_pager_uffd_thread;

struct bel_pager_memory {
	const struct bel_pager_way *way;
	unsigned char *base;
	size_t page_bytes;
	uint32_t pages;
	/* Called at each trap. What it returns is ignored: it ends the process if it fails. */
	void (*trap)(void *host, uint32_t page);
	void *host;
	/* userfaultfd: */
	int memory_fd, uffd;
	unsigned char *alias; /* the same memory; touching it never traps */
	pthread_t thread;
};

/* NULL is no error: see struct bel_pager_backend. */
const struct bel_pager_way *bel_pager_way(enum bel_pager_backend backend);

/* The handler of `signal` calls memory->trap() for addresses in memory. */
int bel_pager_catch(struct bel_pager_memory *memory, int signal, struct bel_err *err);

/* The page's address. */
static inline unsigned char *bel_pager_address(const struct bel_pager_memory *memory, uint32_t page)
{
	return memory->base + (size_t)page * memory->page_bytes;
}

#endif
