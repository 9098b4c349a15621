/* SPDX-License-Identifier: MIT */
/*
 * prop_invariants.c: what must hold of every registered policy, whatever it
 * decides, on random traces, with pages dropped from outside now and then:
 * the counts add up, the state bytes tell the same, both paths agree, more
 * frames of a stack policy hold a superset, and nothing beats the optimum.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "random_trace.h"
#include "sim.h"

#define PAGES_MAX 64

/* One engine and what a bystander counts of it. */
struct watched {
	struct bel_policy_spec spec;
	struct bel_sim *sim;
	uint64_t frames;
	uint64_t faults, drops, references, writes, distinct, resident_page_references, peak;
	uint8_t seen[PAGES_MAX];
};

static char complaint[800];

#define hold(condition, ...)                                                                       \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			snprintf(complaint, sizeof(complaint), __VA_ARGS__);                       \
			return false;                                                              \
		}                                                                                  \
	} while (0)

static bool is_variable(const struct watched *w)
{
	return w->spec.policy->caps & BEL_POLICY_VARIABLE;
}

static unsigned state_of(const struct watched *w, uint32_t page)
{
	uint32_t count;
	const uint8_t *state = bel_sim_state(w->sim, &count);

	return page < count ? state[page] : 0;
}

static unsigned pages_with(const struct watched *w, unsigned bit)
{
	unsigned n = 0;

	for (uint32_t p = 0; p < PAGES_MAX; p++)
		n += (state_of(w, p) & bit) != 0;
	return n;
}

static bool open_watched(struct watched *w, uint64_t frames, bool generic, uint64_t seed)
{
	struct bel_sim_setup setup = {.spec = &w->spec, .seed = seed, .generic = generic};
	struct bel_err err;

	w->frames = setup.frames = is_variable(w) ? 0 : frames;
	w->sim = bel_sim_new(&setup, &err);
	hold(w->sim, "%s", err.text);
	hold(bel_sim_reserve(w->sim, PAGES_MAX, &err) == 0, "%s", err.text);
	return true;
}

/* The sums that hold at any time. */
static bool sums_hold(const struct watched *w)
{
	struct bel_tally t;
	uint64_t dirty = bel_sim_dirty(w->sim);

	bel_sim_tally(w->sim, &t);
	hold(t.references == w->references, "references");
	hold(t.faults == w->faults, "faults %" PRIu64 ", seen %" PRIu64, t.faults, w->faults);
	hold(t.compulsory == w->distinct, "compulsory faults %" PRIu64 " of %" PRIu64 " pages",
		t.compulsory, w->distinct);
	hold(t.drops == w->drops, "drops %" PRIu64 ", made %" PRIu64, t.drops, w->drops);
	hold(t.faults - t.evictions - t.drops == t.resident,
		"faults - evictions - drops is not the resident %" PRIu64, t.resident);
	hold(t.resident == pages_with(w, BEL_PAGE_RESIDENT), "resident pages and state bytes");
	hold(dirty == pages_with(w, BEL_PAGE_DIRTY), "dirty pages and state bytes");
	hold(t.writebacks + dirty <= w->writes,
		"write-backs %" PRIu64 " + dirty %" PRIu64 " exceed writes %" PRIu64, t.writebacks,
		dirty, w->writes);
	hold(t.writebacks <= t.evictions, "write-backs exceed evictions");
	hold(!w->frames || t.peak <= w->frames, "peak exceeds the frames");
	hold(t.peak == w->peak, "peak %" PRIu64 ", seen %" PRIu64, t.peak, w->peak);
	hold(t.resident_page_references == w->resident_page_references,
		"sum of resident pages %" PRIu64 ", seen %" PRIu64, t.resident_page_references,
		w->resident_page_references);
	return true;
}

/* One run of one reference, watched; then the sums. */
static bool feed_one(struct watched *w, const struct bel_run *run, uint64_t now, uint64_t next)
{
	struct bel_batch batch = {.runs = run, .next = &next, .count = 1, .now = now};
	unsigned was = state_of(w, run->page);
	struct bel_err err;
	unsigned resident;
	bool passed;

	hold(bel_sim_feed(w->sim, &batch, &err) == 0, "%s", err.text);
	w->faults += !(was & BEL_PAGE_RESIDENT);
	w->distinct += !w->seen[run->page];
	w->seen[run->page] = 1;
	w->references++;
	w->writes += (run->info & BEL_RUN_WRITE) != 0;
	resident = pages_with(w, BEL_PAGE_RESIDENT);
	w->resident_page_references += resident;
	w->peak = resident > w->peak ? resident : w->peak;
	passed = bel_sim_bypassed(w->sim) && !(state_of(w, run->page) & BEL_PAGE_RESIDENT);
	hold(passed || state_of(w, run->page) & BEL_PAGE_RESIDENT,
		"the page referenced is not resident");
	hold(passed || !(run->info & BEL_RUN_WRITE) || state_of(w, run->page) & BEL_PAGE_DIRTY,
		"the page written is not dirty");
	return sums_hold(w);
}

static bool drop_one(struct watched *w, uint32_t page)
{
	w->drops += (state_of(w, page) & BEL_PAGE_RESIDENT) != 0;
	bel_sim_drop(w->sim, page);
	hold(!(state_of(w, page) & BEL_PAGE_RESIDENT), "a dropped page is resident");
	return sums_hold(w);
}

/* Own loop and hooks side by side, with `drops` in 256 references followed by a drop. */
static bool policy_survives(struct watched pair[2], const struct random_trace *t,
	const struct run_list *runs, unsigned drops, struct bel_rng *rng)
{
	for (size_t i = 0; i < t->count; i++) {
		uint32_t victim = bel_rng_below(rng, PAGES_MAX);
		bool drop = bel_rng_below(rng, 256) < drops;

		for (int k = 0; k < 2; k++) {
			if (!feed_one(&pair[k], &runs->run[i], i, runs->next[i]))
				return false;
			if (drop && !drop_one(&pair[k], victim))
				return false;
		}
		hold(pair[0].faults == pair[1].faults, "own loop and hooks differ in faults");
		for (uint32_t p = 0; p < t->pages; p++)
			hold(state_of(&pair[0], p) == state_of(&pair[1], p),
				"own loop and hooks differ in the state of page %u", p);
	}
	return true;
}

/* Parameters: the defaults, or any values that the policy takes. */
static void draw_spec(
	struct bel_policy_spec *spec, const struct bel_policy *policy, struct bel_rng *rng)
{
	size_t count = bel_policy_params(policy);

	memset(spec, 0, sizeof(*spec));
	spec->policy = policy;
	for (size_t i = 0; i < count; i++) {
		const struct bel_param *param = &policy->params[i];
		double span = param->max - param->min;

		spec->param[i] = param->value;
		if (!bel_rng_below(rng, 2))
			continue;
		if (param->type == BEL_PARAM_REAL)
			spec->param[i] = param->min + bel_rng_real(rng) * span;
		else
			spec->param[i] =
				param->min + bel_rng_below(rng, (span < 300 ? span : 300) + 1);
	}
}

static bool check_policy(const struct bel_policy *policy, const struct random_trace *t,
	const struct run_list *runs, uint64_t frames, struct bel_rng *rng)
{
	struct watched pair[2] = {{.frames = 0}};
	unsigned drops = bel_rng_below(rng, 2) ? 0 : bel_rng_below(rng, 100);
	uint64_t seed = bel_rng_next(rng);
	bool fine = true;

	draw_spec(&pair[0].spec, policy, rng);
	pair[1].spec = pair[0].spec;
	for (int k = 0; fine && k < 2; k++)
		fine = open_watched(&pair[k], frames, k, seed);
	fine = fine && policy_survives(pair, t, runs, drops, rng);
	if (fine && !is_variable(&pair[0]) && frames >= t->pages && !drops &&
		pair[0].faults != t->pages) {
		snprintf(complaint, sizeof(complaint), "faults though every page has a frame");
		fine = false;
	}
	if (!fine) {
		printf("%s, %" PRIu64 " frames, %u drops in 256 references: %s\n", policy->name,
			frames, drops, complaint);
		for (size_t i = 0; i < bel_policy_params(policy); i++)
			printf("parameter %s = %g\n", policy->params[i].name,
				pair[0].spec.param[i]);
	}
	for (int k = 0; k < 2; k++)
		bel_sim_free(pair[k].sim);
	return fine;
}

/* A policy that does not say that it goes by accessed bits does not mind their being cleared. */
static bool check_sight(const struct bel_policy *policy, const struct random_trace *t,
	const struct run_list *runs, uint64_t frames)
{
	struct watched plain = {.spec.policy = policy}, blind = {.spec.policy = policy};
	bool fine;

	for (size_t i = 0; i < bel_policy_params(policy); i++)
		plain.spec.param[i] = blind.spec.param[i] = policy->params[i].value;
	fine = open_watched(&plain, frames, false, 1) && open_watched(&blind, frames, false, 1);
	for (size_t i = 0; fine && i < t->count; i++) {
		uint32_t count;
		uint8_t *state = (uint8_t *)bel_sim_state(blind.sim, &count);

		for (uint32_t p = 0; p < t->pages; p++)
			state[p] &= (uint8_t)~BEL_PAGE_ACCESSED;
		fine = feed_one(&plain, &runs->run[i], i, runs->next[i]) &&
		       feed_one(&blind, &runs->run[i], i, runs->next[i]);
		if (fine && plain.faults != blind.faults) {
			snprintf(complaint, sizeof(complaint),
				"goes by accessed bits, which its caps do not say");
			fine = false;
		}
	}
	if (!fine)
		printf("%s, %" PRIu64 " frames: %s\n", policy->name, frames, complaint);
	bel_sim_free(plain.sim);
	bel_sim_free(blind.sim);
	return fine;
}

/* A stack policy with one frame more holds what it held, and more. */
static bool check_inclusion(const struct bel_policy *policy, const struct random_trace *t,
	const struct run_list *runs, uint64_t frames)
{
	struct watched small = {.spec.policy = policy}, large = {.spec.policy = policy};
	bool fine;

	for (size_t i = 0; i < bel_policy_params(policy); i++)
		small.spec.param[i] = large.spec.param[i] = policy->params[i].value;
	fine = open_watched(&small, frames, false, 1) && open_watched(&large, frames + 1, false, 1);
	for (size_t i = 0; fine && i < t->count; i++) {
		fine = feed_one(&small, &runs->run[i], i, runs->next[i]) &&
		       feed_one(&large, &runs->run[i], i, runs->next[i]);
		for (uint32_t p = 0; fine && p < t->pages; p++) {
			if (!(state_of(&small, p) & ~state_of(&large, p) & BEL_PAGE_RESIDENT))
				continue;
			snprintf(complaint, sizeof(complaint),
				"page %u is resident, but not with one frame more, after %zu "
				"references",
				p, i + 1);
			fine = false;
		}
	}
	if (fine && large.faults > small.faults) {
		snprintf(complaint, sizeof(complaint), "more faults with one frame more");
		fine = false;
	}
	if (!fine)
		printf("%s, %" PRIu64 " frames: %s\n", policy->name, frames, complaint);
	bel_sim_free(small.sim);
	bel_sim_free(large.sim);
	return fine;
}

/*
 * Faults of a policy with drawn parameters, fed at once; UINT64_MAX if the engine refuses.
 * *bypassed: whether it let pages pass by, which is another game.
 */
static uint64_t faults_of(const struct bel_policy *policy, const struct random_trace *t,
	const struct run_list *runs, uint64_t frames, struct bel_rng *rng, bool *bypassed)
{
	struct bel_policy_spec spec;
	struct bel_sim_setup setup = {.spec = &spec, .frames = frames, .seed = 1};
	struct bel_batch batch = {.runs = runs->run, .next = runs->next, .count = runs->count};
	struct bel_tally tally = {.faults = UINT64_MAX};
	struct bel_sim *sim;
	struct bel_err err;

	draw_spec(&spec, policy, rng);
	sim = bel_sim_new(&setup, &err);
	if (sim && bel_sim_reserve(sim, t->pages + 1, &err) == 0 &&
		bel_sim_feed(sim, &batch, &err) == 0)
		bel_sim_tally(sim, &tally);
	else
		printf("%s: %s\n", policy->name, err.text);
	*bypassed = sim && bel_sim_bypassed(sim);
	bel_sim_free(sim);
	return tally.faults;
}

/*
 * No fixed-space policy has fewer faults than the optimal ones, which have equally many;
 * but for those that let pages pass by, which have no more.
 */
static bool check_optimum(const struct random_trace *t, const struct run_list *runs,
	uint64_t frames, struct bel_rng *rng)
{
	const struct bel_policy *optimal = NULL, *policy;
	uint64_t least = UINT64_MAX;
	bool bypassed = true;

	for (size_t i = 0; (policy = bel_policy_at(i)); i++) {
		if (!(policy->caps & BEL_POLICY_OPTIMAL) || (policy->caps & BEL_POLICY_VARIABLE))
			continue;
		optimal = policy;
		for (int draws = 0; bypassed && draws < 100; draws++)
			least = faults_of(policy, t, runs, frames, rng, &bypassed);
	}
	if (!optimal || least == UINT64_MAX) {
		printf("no optimal policy that runs\n");
		return false;
	}
	for (size_t i = 0; (policy = bel_policy_at(i)); i++) {
		uint64_t faults;

		if (policy->caps & BEL_POLICY_VARIABLE)
			continue;
		faults = faults_of(policy, t, runs, frames, rng, &bypassed);
		if (faults == UINT64_MAX || (faults < least && !bypassed) ||
			(faults > least && (policy->caps & BEL_POLICY_OPTIMAL))) {
			printf("%s, %" PRIu64 " frames: %" PRIu64 " faults, %s %" PRIu64 "\n",
				policy->name, frames, faults, optimal->name, least);
			return false;
		}
	}
	return true;
}

static bool round_holds(struct prop *p)
{
	struct random_trace t;
	struct run_list runs;
	const struct bel_policy *policy;
	uint64_t frames;
	bool fine = true;

	random_trace_make(&t, &p->rng, 0, 400);
	random_trace_fold(&t, UNFOLDED, 0, &runs);
	frames = 1 + bel_rng_below(&p->rng, t.pages + 2);
	for (size_t i = 0; fine && (policy = bel_policy_at(i)); i++) {
		fine = check_policy(policy, &t, &runs, frames, &p->rng);
		if (fine && (policy->caps & BEL_POLICY_STACK))
			fine = check_inclusion(policy, &t, &runs, frames);
		if (fine && !(policy->caps & BEL_POLICY_BITS))
			fine = check_sight(policy, &t, &runs, frames);
	}
	fine = fine && check_optimum(&t, &runs, frames, &p->rng);
	if (!fine)
		random_trace_print(&t, stdout);
	run_list_release(&runs);
	random_trace_release(&t);
	return fine;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 600, 40000);
	if (!bel_policy_at(0)) {
		printf("no policy is registered\n");
		return 1;
	}
	while (prop_round(&p)) {
		if (!round_holds(&p))
			return prop_failed(&p);
	}
	return prop_passed(&p);
}
