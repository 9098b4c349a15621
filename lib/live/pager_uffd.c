/* SPDX-License-Identifier: MIT */
/*
 * pager_uffd.c: a memory file whose mapping userfaultfd(2) watches: absent pages (missing),
 * unmapped pages with contents (minor), and writes to pages that are mapped for reading (write
 * protection).
 *
 * A second mapping of the file, which is not watched, gives the contents of unmapped pages. The
 * traps are only those of user code (UFFD_USER_MODE_ONLY), which needs no privileges. The kernel
 * reports them by SIGBUS, or as messages, which a second thread reads.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pager_memory.h"

#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM (1 << 12) /* Linux 5.19 */
#endif

#define FEATURES                                                                                   \
	(UFFD_FEATURE_MISSING_SHMEM | UFFD_FEATURE_MINOR_SHMEM | UFFD_FEATURE_WP_HUGETLBFS_SHMEM | \
		UFFD_FEATURE_PAGEFAULT_FLAG_WP)

/* Returns a descriptor. */
static int open_uffd(uint64_t features, struct bel_err *err)
{
	struct uffdio_api api = {.api = UFFD_API, .features = features};
	const int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0)
		return bel_fail_errno(err, errno, "this kernel refuses userfaultfd");
	if (ioctl(fd, UFFDIO_API, &api) == 0)
		return fd;
	close(fd);
	return bel_fail(err, "this kernel's userfaultfd cannot watch unmapped pages and writes of "
			     "shared memory (Linux 5.19 on x86-64, 6.10 on arm64)");
}

static int watch(struct bel_pager_memory *memory, struct bel_err *err)
{
	struct uffdio_register area = {
		.range = {(uintptr_t)memory->base, memory->page_bytes * memory->pages},
		.mode = UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_MINOR |
			UFFDIO_REGISTER_MODE_WP,
	};

	if (ioctl(memory->uffd, UFFDIO_REGISTER, &area) < 0)
		return bel_fail_errno(err, errno, "userfaultfd: cannot watch the memory");
	return 0;
}

static int open_watched(struct bel_pager_memory *memory, uint64_t features, struct bel_err *err)
{
	const size_t bytes = memory->page_bytes * memory->pages;
	const int access = PROT_READ | PROT_WRITE;

	memory->uffd = open_uffd(features, err);
	if (memory->uffd < 0)
		return BEL_FAIL;
	memory->memory_fd = memfd_create("bel-live", MFD_CLOEXEC);
	if (memory->memory_fd < 0 || ftruncate(memory->memory_fd, (off_t)bytes) < 0)
		return bel_fail_errno(
			err, errno, "cannot create a memory file of %zu bytes", bytes);
	memory->base = mmap(NULL, bytes, access, MAP_SHARED, memory->memory_fd, 0);
	memory->alias = mmap(NULL, bytes, access, MAP_SHARED, memory->memory_fd, 0);
	if (memory->base == MAP_FAILED || memory->alias == MAP_FAILED)
		return bel_fail_errno(err, errno, "cannot map %zu bytes", bytes);
	(void)madvise(memory->base, bytes, MADV_NOHUGEPAGE);
	(void)madvise(memory->alias, bytes, MADV_NOHUGEPAGE);
	return watch(memory, err);
}

/* What open_watched() made is closed with the process, or here after a probe. */
static int probe_watched(uint64_t features, struct bel_err *err)
{
	struct bel_pager_memory memory = {
		.page_bytes = (size_t)sysconf(_SC_PAGESIZE),
		.pages = 1,
		.memory_fd = -1,
		.uffd = -1,
		.base = MAP_FAILED,
		.alias = MAP_FAILED,
	};
	const int r = open_watched(&memory, features, err);

	if (memory.base != MAP_FAILED)
		munmap(memory.base, memory.page_bytes);
	if (memory.alias != MAP_FAILED)
		munmap(memory.alias, memory.page_bytes);
	if (memory.uffd >= 0)
		close(memory.uffd);
	if (memory.memory_fd >= 0)
		close(memory.memory_fd);
	return r;
}

static int probe_sigbus(struct bel_err *err)
{
	return probe_watched(FEATURES | UFFD_FEATURE_SIGBUS, err);
}

static int probe_thread(struct bel_err *err)
{
	return probe_watched(FEATURES, err);
}

static int open_sigbus(struct bel_pager_memory *memory, struct bel_err *err)
{
	if (open_watched(memory, FEATURES | UFFD_FEATURE_SIGBUS, err) < 0)
		return BEL_FAIL;
	return bel_pager_catch(memory, SIGBUS, err);
}

/* Each message stands for a thread that waits, so a failure ends the process. */
static void *serve(void *argument)
{
	struct bel_pager_memory *const memory = argument;
	struct uffd_msg message;

	while (read(memory->uffd, &message, sizeof(message)) == (ssize_t)sizeof(message)) {
		const uintptr_t at =
			(uintptr_t)message.arg.pagefault.address - (uintptr_t)memory->base;
		const uint32_t page = (uint32_t)(at / memory->page_bytes);
		struct uffdio_range range = {
			(uintptr_t)bel_pager_address(memory, page), memory->page_bytes};

		memory->trap(memory->host, page);
		if (ioctl(memory->uffd, UFFDIO_WAKE, &range) < 0)
			_exit(-BEL_FAIL);
	}
	_exit(-BEL_FAIL);
}

static int open_thread(struct bel_pager_memory *memory, struct bel_err *err)
{
	int error;

	if (open_watched(memory, FEATURES, err) < 0)
		return BEL_FAIL;
	error = pthread_create(&memory->thread, NULL, serve, memory);
	return error ? bel_fail_errno(err, error, "cannot start a thread") : 0;
}

static int fill(struct bel_pager_memory *memory, uint32_t page, const void *bytes, bool writable,
	struct bel_err *err)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)bel_pager_address(memory, page),
		.src = (uintptr_t)bytes,
		.len = memory->page_bytes,
		.mode = UFFDIO_COPY_MODE_DONTWAKE | (writable ? 0 : UFFDIO_COPY_MODE_WP),
	};

	if (ioctl(memory->uffd, UFFDIO_COPY, &copy) < 0)
		return bel_fail_errno(err, errno, "userfaultfd: cannot fill page %u", page);
	return 0;
}

static int protect(
	struct bel_pager_memory *memory, uint32_t page, bool writable, struct bel_err *err)
{
	struct uffdio_writeprotect protect = {
		.range = {(uintptr_t)bel_pager_address(memory, page), memory->page_bytes},
		.mode = writable ? UFFDIO_WRITEPROTECT_MODE_DONTWAKE : UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (ioctl(memory->uffd, UFFDIO_WRITEPROTECT, &protect) < 0)
		return bel_fail_errno(err, errno, "userfaultfd: cannot protect page %u", page);
	return 0;
}

static int map(struct bel_pager_memory *memory, uint32_t page, bool mapped, bool writable,
	struct bel_err *err)
{
	struct uffdio_continue again = {
		.range = {(uintptr_t)bel_pager_address(memory, page), memory->page_bytes},
		.mode = UFFDIO_CONTINUE_MODE_DONTWAKE,
	};

	if (!mapped && ioctl(memory->uffd, UFFDIO_CONTINUE, &again) < 0)
		return bel_fail_errno(err, errno, "userfaultfd: cannot map page %u", page);
	return protect(memory, page, writable, err);
}

static int unmap(struct bel_pager_memory *memory, uint32_t page, struct bel_err *err)
{
	if (madvise(bel_pager_address(memory, page), memory->page_bytes, MADV_DONTNEED) < 0)
		return bel_fail_errno(err, errno, "madvise: page %u", page);
	return 0;
}

/* A hole in the file unmaps the page, too. */
static int take(struct bel_pager_memory *memory, uint32_t page, bool mapped, void *bytes,
	struct bel_err *err)
{
	const size_t at = (size_t)page * memory->page_bytes;

	(void)mapped;
	if (bytes)
		memcpy(bytes, memory->alias + at, memory->page_bytes);
	if (fallocate(memory->memory_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at,
		    (off_t)memory->page_bytes) < 0)
		return bel_fail_errno(err, errno, "cannot free page %u", page);
	return 0;
}

const struct bel_pager_way bel_pager_uffd_sigbus = {
	.name = "uffd-sigbus",
	.probe = probe_sigbus,
	.open = open_sigbus,
	.fill = fill,
	.map = map,
	.unmap = unmap,
	.take = take,
};

const struct bel_pager_way bel_pager_uffd_thread = {
	.name = "uffd-thread",
	.probe = probe_thread,
	.open = open_thread,
	.fill = fill,
	.map = map,
	.unmap = unmap,
	.take = take,
};
