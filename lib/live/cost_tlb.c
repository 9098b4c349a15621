/* SPDX-License-Identifier: MIT */
/*
 * cost_tlb.c: measures references: chases of pointers, each of which names the next, so that no
 * reference begins before the one before it has ended.
 *
 * A chase visits one cache line in each page, in an order without pattern. The lines are spread over
 * the sets of the cache.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "cost_events.h"
#include "rng.h"

enum {
	STEPS = 1 << 18,
	LINE = 64,
	FEW = 32,     /* pages whose translations every first level holds */
	SOME = 512,   /* more than a first level holds, few enough for the second */
	MANY = 32768, /* more than a second level holds */
};

#define LARGE ((size_t)2 << 20) /* a large page */

/* The line of page i. */
static void **line_at(unsigned char *base, size_t page_bytes, size_t i)
{
	return (void **)(void *)(base + i * page_bytes + i * LINE % page_bytes);
}

static void link_lines(unsigned char *base, size_t page_bytes, uint32_t *order, size_t count)
{
	struct bel_rng rng;

	bel_rng_seed(&rng, 1);
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	for (size_t i = count - 1; i > 0; i--) {
		const size_t j = bel_rng_below(&rng, i + 1);
		const uint32_t other = order[i];

		order[i] = order[j];
		order[j] = other;
	}
	for (size_t i = 0; i < count; i++)
		*line_at(base, page_bytes, order[i]) =
			line_at(base, page_bytes, order[(i + 1) % count]);
}

static double follow(void **from, size_t steps)
{
	const double before = bel_cost_cpu(BEL_COST_THREAD);
	void **volatile at = from;
	void **next = at;

	for (size_t i = 0; i < steps; i++)
		next = *next;
	at = next;
	return (bel_cost_cpu(BEL_COST_THREAD) - before) / (double)steps;
}

static long minor_faults(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return use.ru_minflt;
}

/* BEL_NO: large pages were wanted, but the kernel gave small ones. */
static int chase(const struct bel_cost_bench *bench, size_t count, bool large, double *ns,
	struct bel_err *err)
{
	const size_t bytes = count * bench->page_bytes;
	uint32_t *const order = malloc(count * sizeof(*order));
	unsigned char *const area = mmap(
		NULL, bytes + LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const long before = minor_faults();
	unsigned char *base;
	int r = 0;

	if (!order || area == MAP_FAILED) {
		free(order);
		if (area != MAP_FAILED)
			munmap(area, bytes + LARGE);
		return bel_err_memory(err, "the measurements");
	}
	base = area + (LARGE - (uintptr_t)area % LARGE) % LARGE;
	(void)madvise(base, bytes, large ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	memset(base, 1, bytes);
	if (large && minor_faults() - before > (long)count / 8) {
		r = bel_err_set(err, BEL_NO,
			"the kernel gives no large pages to compare with (see "
			"/sys/kernel/mm/transparent_hugepage/enabled)");
	} else {
		link_lines(base, bench->page_bytes, order, count);
		(void)follow(line_at(base, bench->page_bytes, order[0]), count);
		*ns = follow(line_at(base, bench->page_bytes, order[0]), STEPS);
	}
	free(order);
	munmap(area, bytes + LARGE);
	return r;
}

int bel_cost_reference(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	return chase(bench, FEW, false, ns, err);
}

int bel_cost_second_level(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	return chase(bench, SOME, false, ns, err);
}

/* The same lines in large pages miss in the cache as often, but not in the TLB. */
int bel_cost_tlb_miss(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	double large, small;
	int r = chase(bench, MANY, true, &large, err);

	if (r == 0)
		r = chase(bench, MANY, false, &small, err);
	if (r == 0)
		*ns = small > large ? small - large : 0;
	return r;
}
