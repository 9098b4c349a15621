/* SPDX-License-Identifier: MIT */
/*
 * pager_mprotect.c: anonymous memory whose protection says which accesses trap, and SIGSEGV.
 *
 * It needs neither privileges nor userfaultfd. Each change of protection may split a mapping of the
 * kernel, which allows vm.max_map_count of them (65530 unless it was changed).
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "pager_memory.h"

static int probe(struct bel_err *err)
{
	(void)err;
	return 0;
}

static int protect(struct bel_pager_memory *memory, uint32_t page, int as, struct bel_err *err)
{
	if (!mprotect(bel_pager_address(memory, page), memory->page_bytes, as))
		return 0;
	if (errno != ENOMEM)
		return bel_fail_errno(err, errno, "mprotect: page %u", page);
	return bel_fail(err,
		"mprotect: too many pages are mapped: the kernel allows vm.max_map_count mappings; "
		"use --backend uffd-sigbus or fewer frames");
}

static int open_memory(struct bel_pager_memory *memory, struct bel_err *err)
{
	const size_t bytes = memory->page_bytes * memory->pages;

	memory->base =
		mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory->base == MAP_FAILED)
		return bel_fail_errno(err, errno, "cannot map %zu bytes", bytes);
	/* A huge page would give frames to pages that were never touched. */
	(void)madvise(memory->base, bytes, MADV_NOHUGEPAGE);
	return bel_pager_catch(memory, SIGSEGV, err);
}

static int fill(struct bel_pager_memory *memory, uint32_t page, const void *bytes, bool writable,
	struct bel_err *err)
{
	if (protect(memory, page, PROT_READ | PROT_WRITE, err) < 0)
		return BEL_FAIL;
	memcpy(bel_pager_address(memory, page), bytes, memory->page_bytes);
	return writable ? 0 : protect(memory, page, PROT_READ, err);
}

static int map(struct bel_pager_memory *memory, uint32_t page, bool mapped, bool writable,
	struct bel_err *err)
{
	(void)mapped;
	return protect(memory, page, PROT_READ | (writable ? PROT_WRITE : 0), err);
}

static int unmap(struct bel_pager_memory *memory, uint32_t page, struct bel_err *err)
{
	return protect(memory, page, PROT_NONE, err);
}

static int take(struct bel_pager_memory *memory, uint32_t page, bool mapped, void *bytes,
	struct bel_err *err)
{
	unsigned char *const at = bel_pager_address(memory, page);

	if (bytes) {
		if (!mapped && protect(memory, page, PROT_READ, err) < 0)
			return BEL_FAIL;
		memcpy(bytes, at, memory->page_bytes);
		mapped = true;
	}
	if (madvise(at, memory->page_bytes, MADV_DONTNEED) < 0)
		return bel_fail_errno(err, errno, "madvise: page %u", page);
	return mapped ? protect(memory, page, PROT_NONE, err) : 0;
}

const struct bel_pager_way bel_pager_mprotect = {
	.name = "mprotect",
	.probe = probe,
	.open = open_memory,
	.fill = fill,
	.map = map,
	.unmap = unmap,
	.take = take,
};
