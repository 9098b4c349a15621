/* SPDX-License-Identifier: MIT */
/* live_record.c: measurements of replays as records. */
#include "live_record.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "version.h"

static int ascending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bel_live_median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), ascending);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

const char *bel_live_reclaim(const char *root)
{
	char path[BEL_KERNEL_PATH], text[32];

	/* "0x0007": bits of what is enabled; without MGLRU there is no such file. */
	bel_kernel_path(path, root, "/sys/kernel/mm/lru_gen/enabled");
	if (bel_kernel_read(path, text, sizeof(text), NULL) < 0)
		return "lists";
	return strtoul(text, NULL, 0) & 1 ? "mglru" : "lists";
}

void bel_live_record_machine(struct bel_record *r, const struct bel_live_plan *plan)
{
	struct utsname name;

	bel_record_text(r, "kernel", uname(&name) ? NULL : name.release);
	bel_record_text(r, "reclaim", bel_live_reclaim(plan->root));
	bel_record_count(r, "cgroup", (uint64_t)plan->host.version);
	bel_record_text(r, "swap_area", plan->area.name);
	bel_record_flag(r, "zram_added", plan->zram);
}

/* A figure of a run. */
static double faults(const struct bel_touched *run, uint64_t pages)
{
	return (double)(run->major_faults + pages);
}

static double major(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->major_faults;
}

static double minor(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->minor_faults;
}

static double swapped_in(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->swapped_in;
}

static double swapped_out(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->swapped_out;
}

static double refaults(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->refaults;
}

static double mean_resident(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return run->mean_resident_pages;
}

static double peak_resident(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->peak_resident_pages;
}

static double kernel_bytes(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->kernel_bytes;
}

static double limit_bytes(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return (double)run->limit_bytes;
}

static double cpu_seconds(const struct bel_touched *run, uint64_t pages)
{
	(void)pages;
	return run->cpu_seconds;
}

/* In the order of the record. */
static const struct {
	const char *name;
	double (*of)(const struct bel_touched *run, uint64_t pages);
} figures[] = {
	{"faults", faults},
	{"major_faults", major},
	{"minor_faults", minor},
	{"swapped_in", swapped_in},
	{"swapped_out", swapped_out},
	{"refaults", refaults},
	{"mean_resident_pages", mean_resident},
	{"peak_resident_pages", peak_resident},
	{"kernel_bytes", kernel_bytes},
	{"limit_bytes", limit_bytes},
	{"cpu_seconds", cpu_seconds},
};

/* The smallest and the largest number of faults, and their distance as a share of the median. */
static void add_spread(struct bel_record *r, const double *sorted, size_t count, double median)
{
	bel_record_real(r, "faults_least", sorted[0]);
	bel_record_real(r, "faults_most", sorted[count - 1]);
	bel_record_real(r, "spread", (sorted[count - 1] - sorted[0]) / median);
}

int bel_live_record_emit(struct bel_emit *emit, const struct bel_trace_identity *trace,
	const struct bel_live_plan *plan, uint64_t frames, const struct bel_touched *runs,
	size_t count, struct bel_err *err)
{
	double *const values = calloc(count, sizeof(*values));
	struct bel_record *r;

	if (!values)
		return bel_err_memory(err, "repetitions");
	r = bel_record_new("belady.live/1");
	bel_record_text(r, "tool", "bel-live");
	bel_record_text(r, "version", BEL_VERSION);
	bel_trace_record(r, trace);
	bel_record_count(r, "frames", frames);
	bel_record_count(r, "repetitions", count);
	bel_record_count(r, "touches", runs[0].touches);
	bel_record_count(r, "compulsory_faults", trace->pages);
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
		double median;

		for (size_t k = 0; k < count; k++)
			values[k] = figures[i].of(&runs[k], trace->pages);
		median = bel_live_median(values, count);
		if (figures[i].of == refaults && runs[0].refaults == UINT64_MAX)
			bel_record_null(r, figures[i].name);
		else
			bel_record_real(r, figures[i].name, median);
		if (figures[i].of == faults)
			add_spread(r, values, count, median);
	}
	bel_record_text(r, "swap_counts", runs[0].machine_wide ? "machine" : "group");
	bel_record_count(r, "touches_per_update", BEL_TOUCHER_EVERY);
	bel_live_record_machine(r, plan);
	free(values);
	return bel_emit(emit, r, err);
}
