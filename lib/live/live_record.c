/* SPDX-License-Identifier: MIT */
/* live_record.c: measurements of replays as records. */
#include "live_record.h"

#include <stdlib.h>
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

void bel_live_record_machine(struct bel_record *r, const struct bel_live_plan *plan)
{
	struct utsname name;

	bel_record_text(r, "kernel", uname(&name) ? NULL : name.release);
	bel_record_text(r, "reclaim",
		bel_kernel_mglru(plan->root, NULL) == BEL_MGLRU_ON ? "mglru" : "lists");
	bel_record_count(r, "cgroup", (uint64_t)plan->host.version);
	bel_record_text(r, "swap_area", plan->area.name);
	bel_record_flag(r, "zram_added", plan->zram);
}

/* The figures of a run, in the order of the record. */
enum figure {
	FAULTS,
	MAJOR,
	MINOR,
	SWAPPED_IN,
	SWAPPED_OUT,
	REFAULTS,
	PEAK,
	KERNEL_BYTES,
	LIMIT_BYTES,
	FIGURES,
};

static const char *const names[FIGURES] = {"faults", "major_faults", "minor_faults", "swapped_in",
	"swapped_out", "refaults", "peak_resident_pages", "kernel_bytes", "limit_bytes"};

static uint64_t figure(enum figure of, const struct bel_touched *run, uint64_t pages)
{
	switch (of) {
	case FAULTS:
		return run->major_faults + pages;
	case MAJOR:
		return run->major_faults;
	case MINOR:
		return run->minor_faults;
	case SWAPPED_IN:
		return run->swapped_in;
	case SWAPPED_OUT:
		return run->swapped_out;
	case REFAULTS:
		return run->refaults;
	case PEAK:
		return run->peak_resident_pages;
	case KERNEL_BYTES:
		return run->kernel_bytes;
	default:
		return run->limit_bytes;
	}
}

/* Adds a count's median; of the faults also the spread. `values` has room for `count` of them. */
static void add_count(struct bel_record *r, enum figure of, const struct bel_touched *runs,
	uint64_t pages, double *values, size_t count)
{
	double median;

	for (size_t k = 0; k < count; k++)
		values[k] = (double)figure(of, &runs[k], pages);
	median = bel_live_median(values, count);
	bel_record_count_or_null(r, names[of], (uint64_t)(median + 0.5),
		of != REFAULTS || runs[0].refaults != UINT64_MAX);
	if (of != FAULTS)
		return;
	bel_record_count(r, "faults_least", (uint64_t)values[0]);
	bel_record_count(r, "faults_most", (uint64_t)values[count - 1]);
	bel_record_real(r, "spread", (values[count - 1] - values[0]) / median);
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
	for (enum figure of = 0; of < FIGURES; of++)
		add_count(r, of, runs, trace->pages, values, count);
	for (size_t k = 0; k < count; k++)
		values[k] = runs[k].mean_resident_pages;
	bel_record_real(r, "mean_resident_pages", bel_live_median(values, count));
	for (size_t k = 0; k < count; k++)
		values[k] = runs[k].cpu_seconds;
	bel_record_real(r, "cpu_seconds", bel_live_median(values, count));
	bel_record_text(r, "swap_counts", runs[0].machine_wide ? "machine" : "group");
	bel_record_count(r, "touches_per_update", BEL_TOUCHER_EVERY);
	bel_live_record_machine(r, plan);
	free(values);
	return bel_emit(emit, r, err);
}
