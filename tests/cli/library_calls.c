/* SPDX-License-Identifier: MIT */
/*
 * library_calls.c: the functions of belady.h from a command line, for library.bats.
 *
 *	library_calls WHAT TRACE [ARGUMENT...]
 *
 * Prints records or numbers; what failed as "CODE ERRNO TEXT" on standard error, and ends with
 * -code.
 */
#include <belady/belady.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bel_err err;
static uint64_t told; /* by progress */

static int take(void *host, const char *json)
{
	int *const wanted = host;

	if (!wanted)
		return printf("%s\n", json) < 0;
	return (*wanted)-- <= 0 || printf("%s\n", json) < 0;
}

static void progress(void *host, uint64_t references, double fraction)
{
	(void)fraction;
	*(uint64_t *)host = references;
}

static int one(struct bel_trace *trace, char **arg)
{
	struct bel_counts c = {.size = sizeof(c)};
	const int r = bel_simulate(trace, arg[0], strtoull(arg[1], NULL, 10), NULL, &c, &err);

	if (r == BEL_OK)
		printf("{\"references\":%" PRIu64 ",\"hits\":%" PRIu64 ",\"faults\":%" PRIu64
		       ",\"compulsory_faults\":%" PRIu64 ",\"evictions\":%" PRIu64
		       ",\"writebacks\":%" PRIu64 ",\"dirty_at_end\":%" PRIu64
		       ",\"peak_resident_pages\":%" PRIu64 "}\n",
			c.references, c.hits, c.faults, c.compulsory_faults, c.evictions,
			c.writebacks, c.dirty_at_end, c.peak_resident_pages);
	return r;
}

/* As a program that was built when the structure ended behind `faults`. */
static int old(struct bel_trace *trace, char **arg)
{
	struct bel_counts c;
	int r;

	memset(&c, 0x55, sizeof(c));
	c.size = offsetof(struct bel_counts, compulsory_faults);
	r = bel_simulate(trace, arg[0], strtoull(arg[1], NULL, 10), NULL, &c, &err);
	if (r == BEL_OK)
		printf("%" PRIu64 " %s\n", c.faults,
			c.compulsory_faults == UINT64_C(0x5555555555555555) ? "kept" : "written");
	return r;
}

static int runs(struct bel_trace *trace)
{
	const struct bel_run *run;
	uint64_t references = 0, writes = 0, address;
	uint32_t pages = 0;
	size_t count;
	int r;

	while ((r = bel_trace_next(trace, &run, &count, &err)) > 0)
		for (size_t i = 0; i < count; i++) {
			references += bel_run_count(run[i]);
			writes += (run[i].info & BEL_RUN_WRITE) != 0;
		}
	while (bel_trace_page(trace, pages, &address, NULL))
		pages++;
	if (r == BEL_OK)
		printf("%" PRIu64 " %" PRIu64 " %u\n", references, writes, pages);
	return r;
}

static int count(struct bel_trace *trace)
{
	struct bel_trace_counts c = {.size = sizeof(c)};
	const int r = bel_trace_count(trace, &c, &err);

	if (r == BEL_OK)
		printf("{\"references\":%" PRIu64 ",\"pages\":%" PRIu64 ",\"writes\":%" PRIu64
		       ",\"page_bytes\":%" PRIu64 "}\n",
			c.references, c.pages, c.writes, c.page_bytes);
	return r;
}

struct worker {
	pthread_t thread;
	const char *path, *policy;
	struct bel_counts counts;
	struct bel_err err;
	int result;
};

static void *work(void *self)
{
	struct worker *const w = self;
	struct bel_trace *trace = NULL;

	w->counts.size = sizeof(w->counts);
	w->result = bel_trace_open(&trace, w->path, NULL, &w->err);
	if (w->result == BEL_OK)
		w->result = bel_simulate(trace, w->policy, 16, NULL, &w->counts, &w->err);
	bel_trace_close(trace);
	return NULL;
}

/* Each policy in a thread of its own, on a trace of its own. */
static int threads(const char *path, char **policies)
{
	struct worker worker[16] = {{.result = 0}};
	size_t n = 0;
	int r = BEL_OK;

	for (; policies[n] && n < 16; n++) {
		worker[n].path = path;
		worker[n].policy = policies[n];
		if (pthread_create(&worker[n].thread, NULL, work, &worker[n]))
			abort();
	}
	for (size_t i = 0; i < n; i++) {
		pthread_join(worker[i].thread, NULL);
		if (worker[i].result < 0) {
			err = worker[i].err;
			r = worker[i].result;
		}
		printf("%s %" PRIu64 "\n", worker[i].policy, worker[i].counts.faults);
	}
	return r;
}

static int call(const char *what, struct bel_trace *trace, char **arg)
{
	const struct bel_settings settings = {
		.size = sizeof(settings), .progress = progress, .progress_host = &told};
	int wanted = 1;
	int r;

	if (!strcmp(what, "one"))
		return one(trace, arg);
	if (!strcmp(what, "old"))
		return old(trace, arg);
	if (!strcmp(what, "simulate"))
		return bel_simulate_records(trace, arg[0], arg[1], NULL, take, NULL, &err);
	if (!strcmp(what, "stop"))
		return bel_simulate_records(trace, arg[0], arg[1], NULL, take, &wanted, &err);
	if (!strcmp(what, "curve"))
		return bel_curve_records(trace, arg[0], arg[1], NULL, take, NULL, &err);
	if (!strcmp(what, "machine"))
		return bel_machine_records(trace, arg[0], NULL, take, NULL, &err);
	if (!strcmp(what, "info"))
		return bel_info_records(trace, take, NULL, &err);
	if (!strcmp(what, "count"))
		return count(trace);
	if (!strcmp(what, "runs"))
		return runs(trace);
	if (!strcmp(what, "twice")) {
		r = count(trace);
		return r < 0 ? r : count(trace);
	}
	if (!strcmp(what, "progress")) {
		r = bel_simulate_records(trace, "lru", "4", &settings, take, &wanted, &err);
		printf("%s\n", told ? "told" : "nothing");
		return r;
	}
	if (!strcmp(what, "later")) { /* as a program for a library to come */
		struct {
			struct bel_settings known;
			uint64_t unknown;
		} later = {.known = {.size = sizeof(later)}, .unknown = strtoull(arg[0], NULL, 10)};

		return bel_simulate_records(trace, "lru", "4", &later.known, take, NULL, &err);
	}
	if (!strcmp(what, "no-err"))
		return bel_simulate(trace, "no-such", 4, NULL, NULL, NULL);
	return 1;
}

int main(int argc, char **argv)
{
	struct bel_trace *trace = NULL;
	int r;

	if (argc < 3)
		return 9;
	if (!strcmp(argv[1], "threads")) {
		r = threads(argv[2], argv + 3);
		if (r < 0)
			fprintf(stderr, "%d %d %s\n", err.code, err.error, err.text);
		return -r;
	}
	r = bel_trace_open(&trace, argv[2], NULL, &err);
	if (r == BEL_OK)
		r = call(argv[1], trace, argv + 3);
	if (r == BEL_OK && bel_trace_warning(trace))
		fprintf(stderr, "warning: %s\n", bel_trace_warning(trace));
	bel_trace_close(trace);
	if (r < 0)
		fprintf(stderr, "%d %d %s\n", err.code, err.error, err.text);
	return -r;
}
