/* SPDX-License-Identifier: MIT */
/*
 * prop_slice_summary.c: summaries of slices, written, read and joined in random order and grouping,
 * give what the naive simulator counts for the whole string at every size and window: faults,
 * write-backs, dirty pages at the end, mean resident pages. A summary with a damaged byte or a lost
 * end is refused, and so are gaps and overlaps.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "native.h"
#include "prop.h"
#include "random_trace.h"
#include "slice_summary.h"

enum { MOST = 12, WINDOWS = 3, LONG = 70000 };

static const uint64_t window[WINDOWS] = {1, 7, LONG};
static char complaint[1000];

static bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static bool complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(complaint, sizeof(complaint), format, args);
	va_end(args);
	return false;
}

static void must(bool fine, const struct bel_err *err)
{
	if (fine)
		return;
	printf("# %s\n", err->text);
	exit(1);
}

/* The string as a trace in belady's format; in some, pages of two sizes of granule are one. */
static char *trace_of(const struct random_trace *t, unsigned seed, size_t *size)
{
	const struct bel_trace_info info = {.granule_bits = 12, .address_bits = 64};
	struct bel_granule *const granule = test_alloc(t->pages + 1, sizeof(*granule));
	struct bel_native_writer *writer;
	struct run_list list;
	struct bel_err err = {0};
	char *data;
	FILE *const file = open_memstream(&data, size);
	uint64_t now = 0;

	random_trace_fold(t, FOLDED, 0, &list);
	for (uint32_t i = 0; i < t->pages; i++)
		granule[i].number = (uint64_t)i * 5077 % 4093 + seed;
	must(bel_native_writer_open(&writer, file, &info, 1, &err) == 0, &err);
	for (size_t i = 0; i < list.count; i++) {
		const struct bel_chunk chunk = {.runs = &list.run[i],
			.count = 1,
			.now = now,
			.references = bel_run_count(list.run[i])};
		const struct bel_granules granules = {granule, t->pages};

		must(bel_native_write_chunk(writer, &chunk, granules, &err) == 0, &err);
		now += chunk.references;
	}
	must(bel_native_writer_end(writer, NULL, &err) == 0, &err);
	bel_native_writer_free(writer);
	run_list_release(&list);
	free(granule);
	fclose(file);
	return data;
}

static struct bel_slice_summary *collect(
	const char *data, size_t size, const char *slice, bool portable)
{
	const struct bel_source_options options = {
		.slice = slice, .slice_numbers = true, .allow_empty = true};
	const struct bel_slice_summary_setup setup = {
		.policies = "lru,ws,vmin", .tau = window, .taus = WINDOWS, .portable = portable};
	const int fd = memfd_create("trace", 0);
	struct bel_slice_summary *summary = NULL;
	struct bel_source *source = NULL;
	struct bel_input *input = NULL;
	struct bel_err err = {0};

	if (write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		abort();
	must(bel_input_open_fd(&input, fd, "t", &err) == 0 &&
			bel_source_open_input(&source, input, &options, &err) == 0 &&
			bel_slice_summary_collect(&summary, &setup, source, &err) == 0,
		&err);
	bel_source_close(source);
	return summary;
}

static char *file_of(const struct bel_slice_summary *s, size_t *size)
{
	struct bel_err err = {0};
	char *data;
	FILE *const file = open_memstream(&data, size);

	must(bel_slice_summary_write(s, file, &err) == 0, &err);
	fclose(file);
	return data;
}

static struct bel_slice_summary *read_from(char *data, size_t size, struct bel_err *err)
{
	FILE *const file = fmemopen(data, size, "r");
	struct bel_slice_summary *s = NULL;

	if (bel_slice_summary_read(&s, file, "s", err) < 0)
		s = NULL;
	fclose(file);
	return s;
}

/* Writes and reads the summary; now and then damages a copy first. */
static bool pass_file(struct bel_slice_summary **s, struct bel_rng *rng)
{
	struct bel_err err = {0};
	struct bel_slice_summary *bad = NULL;
	size_t size;
	char *const data = file_of(*s, &size);
	const size_t at = bel_rng_below(rng, size);

	if (!bel_rng_below(rng, 4)) {
		bad = read_from(data, at, &err);
		if (!bad) {
			data[at] ^= (char)(1 << bel_rng_below(rng, 8));
			bad = read_from(data, size, &err);
		}
		if (bad)
			return complain("a summary without its end, or damaged at byte %zu of %zu, "
					"was taken",
				at, size);
		free(data);
		return pass_file(s, rng);
	}
	bel_slice_summary_free(*s);
	*s = read_from(data, size, &err);
	free(data);
	return *s || complain("%s", err.text);
}

static bool close_to(double a, double b)
{
	return fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b));
}

static bool lru_holds(const struct bel_slice_summary *s, const struct random_trace *t)
{
	const struct bel_curve_setup setup = {.writebacks = true};
	struct bel_curve curve;
	struct bel_err err = {0};
	bool fine = true;

	must(bel_slice_summary_curve(s, "lru", &setup, &curve, &err) == 0, &err);
	for (size_t i = 0; i < curve.count && fine; i++) {
		const struct naive_setup how = {.policy = NAIVE_LRU, .frames = curve.x[i]};
		const struct naive_counts n = naive_run(&how, t->ref, t->count);

		fine = curve.faults[i] == n.faults && curve.writebacks[i] == n.writebacks &&
		       curve.dirty[i] == n.dirty;
		if (!fine)
			complain("lru, %llu frames: %llu faults, %llu write-backs, %llu dirty, not "
				 "%llu, %llu, %llu",
				(unsigned long long)curve.x[i], (unsigned long long)curve.faults[i],
				(unsigned long long)curve.writebacks[i],
				(unsigned long long)curve.dirty[i], (unsigned long long)n.faults,
				(unsigned long long)n.writebacks, (unsigned long long)n.dirty);
	}
	bel_curve_release(&curve);
	return fine;
}

static bool windows_hold(const struct bel_slice_summary *s, const struct bel_slice_summary *whole,
	const struct random_trace *t)
{
	const struct bel_curve_setup setup = {.x = window, .count = WINDOWS};
	struct bel_curve curve, other;
	struct bel_err err = {0};
	bool fine = true;

	must(bel_slice_summary_curve(s, "ws", &setup, &curve, &err) == 0, &err);
	for (size_t i = 0; i < curve.count && fine; i++) {
		const struct naive_setup how = {.policy = NAIVE_WS, .tau = curve.x[i]};
		const struct naive_counts n = naive_run(&how, t->ref, t->count);
		const double mean =
			t->count ? (double)n.resident_page_references / (double)t->count : 0;

		fine = curve.faults[i] == n.faults && close_to(curve.mean_resident[i], mean);
		if (!fine)
			complain("ws, window %llu: %llu faults, %g resident, not %llu, %g",
				(unsigned long long)curve.x[i], (unsigned long long)curve.faults[i],
				curve.mean_resident[i], (unsigned long long)n.faults, mean);
	}
	bel_curve_release(&curve);
	/* VMIN, and windows that nobody asked for: as in one slice (prop_curve_ws counts those). */
	must(bel_slice_summary_curve(
		     s, "vmin", &(struct bel_curve_setup){.x = NULL}, &curve, &err) == 0 &&
			bel_slice_summary_curve(whole, "vmin", &(struct bel_curve_setup){.x = NULL},
				&other, &err) == 0,
		&err);
	fine = fine && (curve.count == other.count || complain("vmin: other windows"));
	for (size_t i = 0; i < curve.count && fine; i++)
		fine = (curve.faults[i] == other.faults[i] &&
			       close_to(curve.mean_resident[i], other.mean_resident[i])) ||
		       complain("vmin, window %llu: not as in one slice",
			       (unsigned long long)curve.x[i]);
	bel_curve_release(&curve);
	bel_curve_release(&other);
	return fine;
}

/* Slices that do not meet are refused. */
static bool refuses(struct bel_slice_summary *const *part, unsigned parts, struct bel_rng *rng)
{
	const unsigned i = (unsigned)bel_rng_below(rng, parts);
	const unsigned k = (unsigned)bel_rng_below(rng, parts);
	struct bel_slice_summary *front;
	struct bel_err err = {0};
	size_t size;
	char *data;
	int r;

	if (part[i]->to == part[k]->from)
		return true;
	data = file_of(part[i], &size);
	front = read_from(data, size, &err);
	free(data);
	must(front != NULL, &err);
	r = bel_slice_summary_join(front, part[k], &err);
	bel_slice_summary_free(front);
	return r < 0 || complain("slices %u and %u do not meet, and were joined", i, k);
}

static bool join_all(struct bel_slice_summary **part, unsigned parts, struct bel_rng *rng)
{
	struct bel_err err = {0};
	bool fine = true;

	while (fine && parts > 1) {
		const unsigned i = (unsigned)bel_rng_below(rng, parts - 1);

		fine = refuses(part, parts, rng);
		if (fine && bel_slice_summary_join(part[i], part[i + 1], &err) < 0)
			fine = complain("%s", err.text);
		bel_slice_summary_free(part[i + 1]);
		memmove(&part[i + 1], &part[i + 2], (parts - i - 2) * sizeof(*part));
		parts--;
		fine = fine && (bel_rng_below(rng, 2) || pass_file(&part[i], rng));
	}
	for (unsigned i = 1; i < parts; i++)
		bel_slice_summary_free(part[i]);
	return fine;
}

static bool same_digest(const struct bel_slice_summary *a, const struct bel_slice_summary *b)
{
	char one[BEL_RUN_DIGEST_TEXT], other[BEL_RUN_DIGEST_TEXT];

	bel_run_digest_text(&a->digest, one);
	bel_run_digest_text(&b->digest, other);
	return !strcmp(one, other) || complain("another digest than in one slice");
}

static bool holds(const struct random_trace *t, struct bel_rng *rng)
{
	const unsigned parts = 1 + (unsigned)bel_rng_below(rng, MOST);
	struct bel_slice_summary *part[MOST], *whole;
	size_t size;
	char *const data = trace_of(t, (unsigned)bel_rng_below(rng, 1000), &size);
	char text[32];
	bool fine = true;

	whole = collect(data, size, "0:", false);
	for (unsigned i = 0; i < parts; i++) {
		snprintf(text, sizeof(text), "%u/%u", i + 1, parts);
		part[i] = collect(data, size, text, bel_rng_below(rng, 2));
		if (fine && bel_rng_below(rng, 2))
			fine = pass_file(&part[i], rng);
	}
	fine = fine && join_all(part, parts, rng);
	fine = fine && (bel_slice_summary_complete(part[0]) || complain("not complete")) &&
	       same_digest(part[0], whole) && lru_holds(part[0], t) &&
	       windows_hold(part[0], whole, t);
	bel_slice_summary_free(part[0]);
	bel_slice_summary_free(whole);
	free(data);
	return fine;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 600, 20000);
	while (prop_round(&p)) {
		struct random_trace t;
		bool fine;

		random_trace_make(&t, &p.rng, 1, p.seed % 50 ? 1500 : LONG + 5000);
		fine = holds(&t, &p.rng);
		random_trace_release(&t);
		if (!fine) {
			printf("# %s\n", complaint);
			return prop_failed(&p);
		}
	}
	return prop_passed(&p);
}
