/* SPDX-License-Identifier: MIT */
/*
 * prop_reduce.c: a reduction changes nothing that the policies it holds for count with as many
 * frames as it was made for, or more: what the engine counts on the result is what the
 * list-scanning simulator counts on the whole trace. References and the times of events stay. In
 * half of the rounds, the trace is cut into slices that are reduced apart, and then joined.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "random_trace.h"
#include "reduce.h"
#include "sim.h"

static const char *const methods[] = {"phase", "sad", "olr"};

/* A trace on its way through a reduction. */
struct passage {
	struct bel_reducer *reducer;
	struct run_list out;
	uint64_t now, given, taken; /* references out; events in and out */
	uint64_t base;              /* references out before the slice */
	uint32_t space;
	uint64_t read, kept; /* of slices that have ended */
	uint64_t event_time[20000];
};

/* What came out has to follow on, and to have its events where they were. */
static bool take(struct passage *p, const struct bel_chunk *less)
{
	size_t e = 0;

	if (p->base + less->now != p->now || less->space != p->space)
		return false;
	for (size_t i = 0; i <= less->count; i++) {
		for (; e < less->event_count && less->events[e].at == i; e++)
			if (less->events[e].value != p->taken ||
				p->event_time[p->taken++] != p->now)
				return false;
		if (i == less->count)
			break;
		p->out.at[p->out.count] = p->now;
		p->out.run[p->out.count++] = less->runs[i];
		p->now += bel_run_count(less->runs[i]);
	}
	return e == less->event_count && p->now == p->base + less->now + less->references;
}

static void look_ahead(struct run_list *list, uint32_t pages)
{
	uint64_t *next = test_alloc(pages, sizeof(*next));

	memset(next, 0xff, pages * sizeof(*next));
	for (size_t i = list->count; i--;) {
		list->next[i] = next[list->run[i].page];
		next[list->run[i].page] = list->at[i];
	}
	free(next);
}

/* Events in random places of a chunk of n runs; their times go to the passage. */
static size_t place_events(struct passage *p, struct bel_event event[8],
	const struct run_list *runs, size_t first, size_t n, struct bel_rng *rng)
{
	const size_t count = bel_rng_below(rng, 3) ? 0 : bel_rng_below(rng, 8);
	uint64_t at = 0;

	for (size_t e = 0; e < count; e++) {
		const struct bel_run *last = &runs->run[first + n - 1];

		at += bel_rng_below(rng, n - at + 1);
		event[e] = (struct bel_event){.at = at, .value = p->given};
		p->event_time[p->given++] = at < n ? runs->at[first + at]
						   : runs->at[first + n - 1] + bel_run_count(*last);
	}
	return count;
}

static bool offer(struct passage *p, const struct bel_chunk *chunk, uint32_t pages)
{
	const struct bel_chunk *less;
	struct bel_err err;
	int again;

	if (!bel_reducer_read(p->reducer)) /* the first chunk of a slice */
		p->space = chunk->space;
	do {
		again = bel_reducer_chunk(p->reducer, chunk, pages, &less, &err);
		if (again < 0 || !take(p, less))
			return false;
		p->space = chunk->space;
	} while (again);
	return true;
}

struct how {
	const char *method;
	uint64_t least;
	bool slices;
};

/* Ends a slice: what follows goes to a reducer that has seen nothing. */
static bool next_slice(struct passage *p, const struct how *how)
{
	const struct bel_chunk *less;
	struct bel_err err;

	if (bel_reducer_end(p->reducer, &less, &err) < 0 || !take(p, less))
		return false;
	p->read += bel_reducer_read(p->reducer);
	p->kept += bel_reducer_kept(p->reducer);
	bel_reducer_free(p->reducer);
	p->base = p->now;
	return bel_reducer_new(&p->reducer, how->method, how->least, &err) == 0;
}

/* Chunks of random sizes, with events in random places, now and then of another process. */
static bool reduce(struct passage *p, const struct run_list *runs, uint32_t pages,
	const struct how *how, struct bel_rng *rng)
{
	const bool quiet = bel_rng_below(rng, 2); /* long stretches without an event */
	const struct bel_chunk *less;
	struct bel_event event[8];
	struct bel_err err;

	for (size_t i = 0; i < runs->count;) {
		const size_t left = runs->count - i;
		const size_t n = 1 + bel_rng_below(rng, left < 900 ? left : 900);
		struct bel_chunk chunk = {.runs = runs->run + i, .count = n, .now = runs->at[i]};

		chunk.space = p->space + (!quiet && !bel_rng_below(rng, 4));
		if (i == 0)
			p->space = chunk.space;
		chunk.events = event;
		if (!quiet)
			chunk.event_count = place_events(p, event, runs, i, n, rng);
		if (!offer(p, &chunk, pages))
			return false;
		i += n;
		if (how->slices && i < runs->count && !bel_rng_below(rng, 3) && !next_slice(p, how))
			return false;
	}
	return bel_reducer_end(p->reducer, &less, &err) == 0 && take(p, less) &&
	       p->taken == p->given && p->kept + bel_reducer_kept(p->reducer) == p->out.count &&
	       p->read + bel_reducer_read(p->reducer) == runs->count;
}

static struct bel_tally count(const char *policy, uint64_t frames, const struct run_list *runs,
	uint32_t pages, uint64_t *dirty)
{
	const struct bel_batch batch = {
		.runs = runs->run, .next = runs->next, .count = runs->count};
	struct bel_sim_setup setup = {.frames = frames, .seed = 1};
	struct bel_policy_spec *spec;
	struct bel_tally tally;
	struct bel_sim *sim;
	struct bel_err err;
	size_t specs;

	if (bel_specs_parse(policy, &spec, &specs, &err) < 0)
		exit(3);
	setup.spec = spec;
	sim = bel_sim_new(&setup, &err);
	if (!sim || bel_sim_reserve(sim, pages, &err) < 0 || bel_sim_feed(sim, &batch, &err) < 0) {
		printf("engine: %s\n", err.text);
		exit(3);
	}
	bel_sim_tally(sim, &tally);
	*dirty = bel_sim_dirty(sim);
	bel_sim_free(sim);
	bel_specs_free(spec, specs);
	return tally;
}

static bool holds_at(const char *policy, enum naive_policy naive, uint64_t frames,
	const struct random_trace *t, const struct run_list *less)
{
	const struct naive_setup setup = {naive, .frames = frames};
	const struct naive_counts a = naive_run(&setup, t->ref, t->count);
	uint64_t dirty;
	const struct bel_tally b = count(policy, frames, less, t->pages, &dirty);

	if (a.references == b.references && a.faults == b.faults && a.compulsory == b.compulsory &&
		a.evictions == b.evictions && a.writebacks == b.writebacks && a.peak == b.peak &&
		a.resident_page_references == b.resident_page_references && a.dirty == dirty)
		return true;
	printf("%s, %" PRIu64 " frames: whole %" PRIu64 " faults, %" PRIu64
	       " write-backs; reduced %" PRIu64 ", %" PRIu64 "\n",
		policy, frames, a.faults, a.writebacks, b.faults, b.writebacks);
	return false;
}

static bool round_holds(struct prop *p)
{
	const uint64_t least = 1 + bel_rng_below(&p->rng, 12);
	const char *method = methods[bel_rng_below(&p->rng, 3)];
	const struct how how = {method, least, bel_rng_below(&p->rng, 2)};
	struct passage *passage = test_alloc(1, sizeof(*passage));
	struct run_list runs;
	struct random_trace t;
	struct bel_err err;
	bool held;

	random_trace_make(&t, &p->rng, 0, 2500);
	random_trace_fold(&t, bel_rng_below(&p->rng, FOLDINGS), p->seed, &runs);
	passage->out.run = test_alloc(runs.count, sizeof(*passage->out.run));
	passage->out.at = test_alloc(runs.count, sizeof(*passage->out.at));
	passage->out.next = test_alloc(runs.count, sizeof(*passage->out.next));
	held = bel_reducer_new(&passage->reducer, method, least, &err) == 0 &&
	       reduce(passage, &runs, t.pages, &how, &p->rng);
	look_ahead(&passage->out, t.pages);
	for (uint64_t frames = least; held && frames <= t.pages + UINT64_C(1); frames++)
		held = holds_at("lru", NAIVE_LRU, frames, &t, &passage->out) &&
		       (!strstr(bel_reduction_holds_for(method), "opt") ||
			       holds_at("opt", NAIVE_OPT, frames, &t, &passage->out));
	if (!held) {
		printf("%s for %" PRIu64 " frames, %zu of %zu runs, trace '%s'\n", method, least,
			passage->out.count, runs.count, t.character);
		random_trace_print(&t, stdout);
	}
	bel_reducer_free(passage->reducer);
	run_list_release(&passage->out);
	free(passage);
	run_list_release(&runs);
	random_trace_release(&t);
	return held;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 1000, 20000);
	while (prop_round(&p))
		if (!round_holds(&p))
			return prop_failed(&p);
	return prop_passed(&p);
}
