/* SPDX-License-Identifier: MIT */
/* cost.c: repeats the measurements, and derives the keys of bel-vm's cost model from them. */
#include "cost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cost_events.h"
#include "live_record.h"
#include "tempfile.h"

static const struct {
	const char *name, *title;
	bel_cost_measurement *measure;
	bool swaps;
} events[BEL_COST_EVENTS] = {
	[BEL_COST_REFERENCE] = {"reference", "reference, first-level TLB", bel_cost_reference,
		false},
	[BEL_COST_SECOND_LEVEL] = {"second-level", "reference, second-level TLB",
		bel_cost_second_level, false},
	[BEL_COST_TLB_MISS] = {"tlb-miss", "page walk", bel_cost_tlb_miss, false},
	[BEL_COST_SYSTEM_CALL] = {"system-call", "system call", bel_cost_system_call, false},
	[BEL_COST_ZERO_PAGE] = {"zero-page", "fault: shared page of zeros, read",
		bel_cost_zero_page, false},
	[BEL_COST_ZERO_FILL] = {"zero-fill", "fault: new page of zeros, write", bel_cost_zero_fill,
		false},
	[BEL_COST_COPY_ON_WRITE] = {"copy-on-write", "fault: copy on write", bel_cost_copy_on_write,
		false},
	[BEL_COST_PAGE_CACHE] = {"page-cache", "fault: file page in memory", bel_cost_page_cache,
		false},
	[BEL_COST_FILE_READ] = {"file-read", "fault: file page on the device", bel_cost_file_read,
		false},
	[BEL_COST_SWITCH] = {"switch", "change of process, by a pipe", bel_cost_switch, false},
	[BEL_COST_SWAP_OUT] = {"swap-out", "page to swap", bel_cost_swap_out, true},
	[BEL_COST_SWAP_IN] = {"swap-in", "fault: page from swap", bel_cost_swap_in, true},
};

/* A key is (from - less) / times; less BEL_COST_EVENTS is 0. A page walk has four references. */
static const struct {
	const char *key;
	enum bel_cost_event from, less;
	double times;
} keys[] = {
	{"memory", BEL_COST_REFERENCE, BEL_COST_EVENTS, 1},
	{"l2", BEL_COST_SECOND_LEVEL, BEL_COST_REFERENCE, 1},
	{"walk", BEL_COST_TLB_MISS, BEL_COST_EVENTS, 4},
	{"trap", BEL_COST_SYSTEM_CALL, BEL_COST_EVENTS, 1},
	{"minor", BEL_COST_ZERO_FILL, BEL_COST_SYSTEM_CALL, 1},
	{"major", BEL_COST_FILE_READ, BEL_COST_SYSTEM_CALL, 1},
	{"copy", BEL_COST_COPY_ON_WRITE, BEL_COST_ZERO_FILL, 1},
	{"switch", BEL_COST_SWITCH, BEL_COST_EVENTS, 1},
};

const char *bel_cost_event_name(enum bel_cost_event event)
{
	return events[event].name;
}

const char *bel_cost_event_title(enum bel_cost_event event)
{
	return events[event].title;
}

/* Low and high are the quartiles: a quarter of the repetitions is below, a quarter above. */
static void summarise(struct bel_cost_sample *sample, double *ns, size_t count)
{
	sample->median_ns = bel_live_median(ns, count); /* and sorts them */
	sample->low_ns = ns[count / 4];
	sample->high_ns = ns[count - 1 - count / 4];
	sample->repetitions = count;
}

static int measure(enum bel_cost_event event, const struct bel_cost_bench *bench,
	size_t repetitions, struct bel_cost_sample *sample, struct bel_err *err)
{
	double ns[BEL_COST_REPETITIONS_MOST];

	/* The first one warms up what the others find ready. */
	for (size_t i = 0; i <= repetitions; i++) {
		const int r = events[event].measure(bench, &ns[i ? i - 1 : 0], err);

		if (r == BEL_NO) {
			snprintf(sample->why, sizeof(sample->why), "%.*s",
				(int)sizeof(sample->why) - 1, err->text);
			return 0;
		}
		if (r < 0)
			return r;
	}
	summarise(sample, ns, repetitions);
	return 0;
}

static int open_file(
	const struct bel_cost_setup *setup, struct bel_cost_bench *bench, struct bel_err *err)
{
	char *const page = malloc(bench->page_bytes);
	bool whole = page != NULL;

	bench->fd = page ? bel_tempfile_open(setup->folder, err)
			 : bel_err_memory(err, "the measurements");
	if (bench->fd < 0) {
		free(page);
		return BEL_FAIL;
	}
	memset(page, 1, bench->page_bytes);
	for (size_t i = 0; whole && i < BEL_COST_PAGES; i++)
		whole = write(bench->fd, page, bench->page_bytes) == (ssize_t)bench->page_bytes;
	free(page);
	return whole ? 0 : bel_fail_errno(err, errno, "%s: cannot write a file", setup->folder);
}

int bel_cost_measure(const struct bel_cost_setup *setup, struct bel_cost *cost, struct bel_err *err)
{
	struct bel_cost_bench bench = {.page_bytes = (size_t)sysconf(_SC_PAGESIZE)};
	int r = open_file(setup, &bench, err);

	memset(cost, 0, sizeof(*cost));
	for (unsigned i = 0; i < BEL_COST_EVENTS && r == 0; i++) {
		if (events[i].swaps && !setup->swap) {
			strcpy(cost->sample[i].why, "only with --swap");
			continue;
		}
		r = measure(i, &bench, setup->repetitions, &cost->sample[i], err);
	}
	if (bench.fd >= 0)
		close(bench.fd);
	return r;
}

static double median(const struct bel_cost *cost, enum bel_cost_event event)
{
	if (event == BEL_COST_EVENTS)
		return 0;
	return cost->sample[event].repetitions ? cost->sample[event].median_ns : NAN;
}

/* NaN if an event that the key needs was not measured. */
static double key_ns(const struct bel_cost *cost, size_t index)
{
	const double ns = (median(cost, keys[index].from) - median(cost, keys[index].less)) /
			  keys[index].times;

	/* Below the precision of the measurements, a difference may be negative. */
	return ns < 0 ? 0 : ns;
}

void bel_cost_line(const struct bel_cost *cost, char *line, size_t size)
{
	size_t length = 0;

	*line = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const double ns = key_ns(cost, i);

		if (!isnan(ns) && length < size)
			length += (size_t)snprintf(line + length, size - length, "%s%s=%.*f",
				length ? "," : "", keys[i].key, ns < 100, ns);
	}
}
