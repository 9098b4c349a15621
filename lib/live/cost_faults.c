/* SPDX-License-Identifier: MIT */
/* cost_faults.c: measures page faults: zeros, copies, pages of files, pages from swap. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cost_events.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21 /* Linux 5.4 */
#endif

/* Reads from a device are slow, so they are few; an odd step visits all pages in another order. */
enum { READS = 256, STEP = 2049 };

static size_t all_bytes(const struct bel_cost_bench *bench)
{
	return BEL_COST_PAGES * bench->page_bytes;
}

static int map_memory(const struct bel_cost_bench *bench, unsigned char **at, struct bel_err *err)
{
	*at = mmap(
		NULL, all_bytes(bench), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*at == MAP_FAILED)
		return bel_err_memory(err, "the measurements");
	(void)madvise(*at, all_bytes(bench), MADV_NOHUGEPAGE);
	return 0;
}

/* Touches the first `count` pages in an order without pattern; the CPU time of one touch. */
static double touch(
	const struct bel_cost_bench *bench, volatile unsigned char *at, size_t count, bool writes)
{
	const double before = bel_cost_cpu(BEL_COST_THREAD);

	for (size_t i = 0, page = 0; i < count; i++) {
		volatile unsigned char *const byte = at + page * bench->page_bytes;

		if (writes)
			*byte = 1;
		else
			(void)*byte;
		page = (page + STEP) % BEL_COST_PAGES;
	}
	return (bel_cost_cpu(BEL_COST_THREAD) - before) / (double)count;
}

static long major_faults(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return use.ru_majflt;
}

static int touch_new(
	const struct bel_cost_bench *bench, bool writes, double *ns, struct bel_err *err)
{
	unsigned char *at;

	if (map_memory(bench, &at, err) < 0)
		return BEL_FAIL;
	*ns = touch(bench, at, BEL_COST_PAGES, writes);
	munmap(at, all_bytes(bench));
	return 0;
}

int bel_cost_zero_page(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	return touch_new(bench, false, ns, err);
}

int bel_cost_zero_fill(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	return touch_new(bench, true, ns, err);
}

/* A child shares the pages until it is ended. */
int bel_cost_copy_on_write(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	const pid_t parent = getpid();
	unsigned char *at;
	pid_t child;

	if (map_memory(bench, &at, err) < 0)
		return BEL_FAIL;
	memset(at, 1, all_bytes(bench));
	child = fork();
	if (!child)
		for (;;) {
			if (getppid() != parent)
				_exit(0);
			sleep(1);
		}
	if (child > 0) {
		*ns = touch(bench, at, BEL_COST_PAGES, true);
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	munmap(at, all_bytes(bench));
	return child < 0 ? bel_fail_errno(err, errno, "cannot start a process") : 0;
}

/* Without read-ahead, and without mapping the pages around. */
static int touch_file(
	const struct bel_cost_bench *bench, size_t count, double *ns, struct bel_err *err)
{
	void *const at = mmap(NULL, all_bytes(bench), PROT_READ, MAP_SHARED, bench->fd, 0);

	if (at == MAP_FAILED)
		return bel_fail_errno(err, errno, "cannot map a file");
	(void)madvise(at, all_bytes(bench), MADV_RANDOM);
	*ns = touch(bench, at, count, false);
	munmap(at, all_bytes(bench));
	return 0;
}

int bel_cost_page_cache(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	return touch_file(bench, BEL_COST_PAGES, ns, err);
}

int bel_cost_file_read(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	long before;

	if (fsync(bench->fd) < 0 || posix_fadvise(bench->fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
		return bel_err_set(err, BEL_NO, "the file cannot leave the page cache");
	before = major_faults();
	if (touch_file(bench, READS, ns, err) < 0)
		return BEL_FAIL;
	if (major_faults() - before < READS * 9 / 10)
		return bel_err_set(err, BEL_NO,
			"the file stays in memory (is its folder in tmpfs? set TMPDIR)");
	return 0;
}

/* *out and *in: the CPU time for one page. */
static int swap_once(
	const struct bel_cost_bench *bench, double *out, double *in, struct bel_err *err)
{
	const long before = major_faults();
	unsigned char *at;
	double started;
	int refused;

	if (map_memory(bench, &at, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < all_bytes(bench); i += sizeof(uint32_t)) {
		const uint32_t word = (uint32_t)(i * 2654435761u); /* does not compress well */

		memcpy(at + i, &word, sizeof(word));
	}
	started = bel_cost_cpu(BEL_COST_THREAD);
	refused = madvise(at, all_bytes(bench), MADV_PAGEOUT);
	*out = (bel_cost_cpu(BEL_COST_THREAD) - started) / (double)BEL_COST_PAGES;
	*in = touch(bench, at, BEL_COST_PAGES, false);
	munmap(at, all_bytes(bench));
	if (refused || major_faults() - before < (long)BEL_COST_PAGES / 8)
		return bel_err_set(
			err, BEL_NO, "pages do not go to swap (is there any? see /proc/swaps)");
	return 0;
}

int bel_cost_swap_out(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	double in;

	return swap_once(bench, ns, &in, err);
}

int bel_cost_swap_in(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	double out;

	return swap_once(bench, &out, ns, err);
}
