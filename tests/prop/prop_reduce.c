/* SPDX-License-Identifier: MIT */
/*
 * prop_reduce.c: the phase filter changes nothing that LRU or OPT counts with as many
 * frames as it was made for, or more; references, their times and events stay.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "phase_filter.h"
#include "prop.h"
#include "random_trace.h"
#include "sim.h"

/* The time before which the events of a chunk stand, one after the other. */
static uint64_t time_of(const struct bel_chunk *chunk, size_t run)
{
	uint64_t now = chunk->now;

	for (size_t i = 0; i < run; i++)
		now += bel_run_count(chunk->runs[i]);
	return now;
}

static bool keeps_promises(const struct bel_chunk *chunk, const struct bel_chunk *less)
{
	if (time_of(chunk, chunk->count) != time_of(less, less->count) ||
		less->event_count != chunk->event_count || less->now != chunk->now)
		return false;
	for (size_t e = 0; e < chunk->event_count; e++)
		if (time_of(chunk, chunk->events[e].at) != time_of(less, less->events[e].at) ||
			less->events[e].value != chunk->events[e].value)
			return false;
	return true;
}

static void add(struct run_list *list, const struct bel_chunk *less)
{
	uint64_t now = less->now;

	for (size_t i = 0; i < less->count; i++) {
		list->at[list->count] = now;
		now += bel_run_count(less->runs[i]);
		list->run[list->count++] = less->runs[i];
	}
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

/* Chunks of random sizes, with events in random places, through the filter. */
static bool reduce(const struct run_list *runs, uint32_t pages, uint64_t frames,
	struct bel_rng *rng, struct run_list *out)
{
	struct bel_phase_filter *filter;
	struct bel_event event[8];
	struct bel_err err;
	bool held = true;

	out->run = test_alloc(runs->count, sizeof(*out->run));
	out->at = test_alloc(runs->count, sizeof(*out->at));
	out->next = test_alloc(runs->count, sizeof(*out->next));
	out->count = 0;
	if (bel_phase_filter_new(&filter, frames, &err) < 0)
		return false;
	for (size_t i = 0; held && i < runs->count;) {
		const size_t left = runs->count - i;
		const size_t n = 1 + bel_rng_below(rng, left < 900 ? left : 900);
		struct bel_chunk chunk = {.runs = runs->run + i,
			.count = n,
			.now = runs->at[i],
			.events = event,
			.event_count = bel_rng_below(rng, 3) ? 0 : bel_rng_below(rng, 8)};
		const struct bel_chunk *less;
		uint64_t at = 0;

		for (size_t e = 0; e < chunk.event_count; e++) {
			at += bel_rng_below(rng, n - at + 1);
			event[e] = (struct bel_event){.at = at, .value = i + e};
		}
		held = bel_phase_filter_chunk(filter, &chunk, pages, &less, &err) == 0 &&
		       keeps_promises(&chunk, less);
		if (held)
			add(out, less);
		i += n;
	}
	held = held && bel_phase_filter_kept(filter) == out->count &&
	       bel_phase_filter_read(filter) == runs->count;
	bel_phase_filter_free(filter);
	look_ahead(out, pages);
	return held;
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

static bool holds_at(const char *policy, uint64_t frames, const struct run_list *runs,
	const struct run_list *less, uint32_t pages)
{
	uint64_t dirty, less_dirty;
	const struct bel_tally a = count(policy, frames, runs, pages, &dirty);
	const struct bel_tally b = count(policy, frames, less, pages, &less_dirty);

	if (a.references == b.references && a.faults == b.faults && a.compulsory == b.compulsory &&
		a.evictions == b.evictions && a.writebacks == b.writebacks && a.peak == b.peak &&
		a.page_time == b.page_time && dirty == less_dirty)
		return true;
	printf("%s, %" PRIu64 " frames: whole %" PRIu64 " faults, %" PRIu64
	       " write-backs; reduced %" PRIu64 ", %" PRIu64 "\n",
		policy, frames, a.faults, a.writebacks, b.faults, b.writebacks);
	return false;
}

static bool round_holds(struct prop *p)
{
	const uint64_t least = 1 + bel_rng_below(&p->rng, 12);
	struct run_list runs, less;
	struct random_trace t;
	bool held;

	random_trace_make(&t, &p->rng, 0, 2500);
	random_trace_fold(&t, bel_rng_below(&p->rng, FOLDINGS), p->seed, &runs);
	held = reduce(&runs, t.pages, least, &p->rng, &less);
	for (uint64_t frames = least; held && frames <= t.pages + UINT64_C(1); frames++)
		held = holds_at("lru", frames, &runs, &less, t.pages) &&
		       holds_at("opt", frames, &runs, &less, t.pages);
	if (!held) {
		printf("reduced for %" PRIu64 " frames, %zu of %zu runs, trace '%s'\n", least,
			less.count, runs.count, t.character);
		random_trace_print(&t, stdout);
	}
	run_list_release(&runs);
	run_list_release(&less);
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
