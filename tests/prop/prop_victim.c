/* SPDX-License-Identifier: MIT */
/*
 * prop_victim.c: for every policy that says who leaves next or evicts when asked, on random strings
 * with pages dropped between references: the page that victim() tells is the one that the next
 * eviction takes, when a page comes that was never referenced; being asked changes nothing; and
 * bel_sim_evict() evicts that page, down to an empty memory and between references, where frames
 * are then free.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "sim.h"

#define STEPS 600
#define PAGES_MAX STEPS

struct step {
	struct bel_run run;
	uint64_t next;
	uint32_t drop; /* page that is dropped before, or BEL_NO_PAGE */
};

static struct step step[STEPS];
static uint64_t told_right, evicted_right;

/* One reference in `fresh` is to a new page, and pages used lately are the likelier ones. */
static void make_string(struct bel_rng *rng)
{
	const uint32_t fresh = 2 + (uint32_t)bel_rng_below(rng, 12);
	const bool drops = bel_rng_below(rng, 2);
	uint64_t coming[PAGES_MAX], now = 0;
	uint32_t pages = 0;

	for (size_t i = 0; i < STEPS; i++) {
		const bool is_new = !pages || !bel_rng_below(rng, fresh);
		const uint32_t back = (uint32_t)bel_rng_below(
			rng, bel_rng_below(rng, 2) && pages > 8 ? 8 : pages + is_new);
		const uint32_t page = is_new ? pages++ : pages - 1 - back;
		const uint32_t count = bel_rng_below(rng, 4) ? 1 : 1 + bel_rng_below(rng, 5);

		step[i].run = bel_run_make(
			page, count, BEL_RUN_DATA | (bel_rng_below(rng, 3) ? 0 : BEL_RUN_WRITE));
		step[i].drop = drops && !bel_rng_below(rng, 20)
				       ? (uint32_t)bel_rng_below(rng, pages)
				       : BEL_NO_PAGE;
		now += count;
	}
	memset(coming, 0xff, sizeof(coming));
	for (size_t i = STEPS; i-- > 0;) {
		now -= bel_run_count(step[i].run);
		step[i].next = coming[step[i].run.page];
		coming[step[i].run.page] = now;
	}
}

static bool wrong(const char *what, const struct bel_sim_setup *setup, size_t at, uint32_t told)
{
	printf("prop_victim: %s, %" PRIu64 " frames, step %zu: %s (page %" PRIu32 ")\n",
		setup->spec->policy->name, setup->frames, at, what, told);
	return false;
}

/* One step to an engine; the first page that leaves, or BEL_NO_PAGE. */
static uint32_t feed(struct bel_sim *sim, size_t i, uint64_t now)
{
	const struct bel_batch batch = {
		.runs = &step[i].run, .next = &step[i].next, .count = 1, .now = now};
	const struct bel_victim *victim;
	struct bel_err err;
	uint32_t count;

	if (bel_sim_feed(sim, &batch, &err) < 0) {
		fprintf(stderr, "prop_victim: %s\n", err.text);
		exit(1);
	}
	victim = bel_sim_victims(sim, &count);
	return count ? victim->page : BEL_NO_PAGE;
}

/* Both have had the same; one was asked. */
static bool alike(struct bel_sim *asked, struct bel_sim *plain)
{
	struct bel_tally a, b;
	uint32_t pages;
	const uint8_t *state = bel_sim_state(asked, &pages);

	bel_sim_tally(asked, &a);
	bel_sim_tally(plain, &b);
	return !memcmp(&a, &b, sizeof(a)) && !memcmp(state, bel_sim_state(plain, &pages), pages);
}

static bool holds(struct bel_sim *asked, struct bel_sim *plain, const struct bel_sim_setup *setup)
{
	uint32_t seen = 0, left;
	uint64_t now = 0;

	for (size_t i = 0; i < STEPS; i++) {
		const bool is_new = step[i].run.page == seen;
		uint32_t told;

		if (step[i].drop != BEL_NO_PAGE) {
			bel_sim_drop(asked, step[i].drop);
			bel_sim_drop(plain, step[i].drop);
		}
		told = bel_sim_victim(asked);
		seen += is_new;
		left = feed(asked, i, now);
		if (is_new && left != BEL_NO_PAGE && told != BEL_NO_PAGE) {
			if (left != told)
				return wrong(
					"another page left than victim() told", setup, i, told);
			told_right++;
		}
		feed(plain, i, now);
		if (!alike(asked, plain))
			return wrong("being asked changed something", setup, i, told);
		now += bel_run_count(step[i].run);
	}
	return true;
}

/* Up to `most` pages are evicted, one at a time: each the one that victim() tells, if it does. */
static bool evicts(struct bel_sim *sim, const struct bel_sim_setup *setup, size_t at, uint64_t most)
{
	struct bel_tally tally;
	struct bel_err err;

	for (bel_sim_tally(sim, &tally); tally.resident && most--; bel_sim_tally(sim, &tally)) {
		const uint32_t told = bel_sim_victim(sim);
		const struct bel_victim *victim;
		uint32_t count;

		if (bel_sim_evict(sim, &err) < 0)
			return wrong(err.text, setup, at, told);
		victim = bel_sim_victims(sim, &count);
		if (count != 1)
			return wrong("evict() took no page, or several", setup, at, told);
		if (told != BEL_NO_PAGE && victim->page != told)
			return wrong("evict() took another page", setup, at, told);
		evicted_right++;
	}
	return tally.resident || bel_sim_victim(sim) == BEL_NO_PAGE ||
	       wrong("an empty memory has a victim", setup, at, bel_sim_victim(sim));
}

/* Evictions between references, as by a host that frees frames ahead of need. */
static bool frees_ahead(struct prop *p, struct bel_sim *sim, const struct bel_sim_setup *setup)
{
	const uint32_t often = 1 + (uint32_t)bel_rng_below(&p->rng, 40);
	uint64_t now = 0;

	for (size_t i = 0; i < STEPS; i++) {
		if (step[i].drop != BEL_NO_PAGE)
			bel_sim_drop(sim, step[i].drop);
		if (!bel_rng_below(&p->rng, often) &&
			!evicts(sim, setup, i, 1 + bel_rng_below(&p->rng, setup->frames + 1)))
			return false;
		feed(sim, i, now);
		now += bel_run_count(step[i].run);
	}
	return evicts(sim, setup, STEPS, UINT64_MAX);
}

static bool policy_holds(struct prop *p, const struct bel_policy_spec *spec)
{
	const bool variable = spec->policy->caps & BEL_POLICY_VARIABLE;
	const struct bel_sim_setup setup = {.spec = spec,
		.frames = variable ? 0 : 1 + bel_rng_below(&p->rng, 30),
		.seed = p->seed};
	struct bel_sim *sim[3];
	struct bel_err err;
	bool held = true;

	for (int i = 0; i < 3; i++) {
		sim[i] = bel_sim_new(&setup, &err);
		if (!sim[i] || bel_sim_reserve(sim[i], PAGES_MAX, &err) < 0 ||
			bel_sim_list_victims(sim[i], &err) < 0) {
			fprintf(stderr, "prop_victim: %s\n", err.text);
			exit(1);
		}
	}
	held = holds(sim[0], sim[1], &setup) && evicts(sim[0], &setup, STEPS, UINT64_MAX) &&
	       frees_ahead(p, sim[2], &setup);
	for (int i = 0; i < 3; i++)
		bel_sim_free(sim[i]);
	return held;
}

int main(int argc, char **argv)
{
	/* All by their defaults, and some by what changes who leaves. */
	static const char variants[] =
		"clock:bit=0,clock:bits=3,second-chance:bit=0,enhanced-clock:bit=0,aging:interval="
		"20,"
		"aging:interval=20:current=on,nfu:interval=15:keep=on,nru:interval=30,fbr:cmax=2,"
		"nru:interval=30:random=off,hyperbolic:sample=0,lhd:sample=0,lhd:interval=50,ws:"
		"tau="
		"9,"
		"dws:tau=12,lru-k:crp=5,lru-k:k=3,lfu:fifo=on,lfu:keep=on,mfu:keep=on,arc:"
		"integer=on,"
		"2q:early=on,wsclock:tau=15,wsclock:tau=4,cflru:window=1,sfifo:p=100,"
		"w-tinylfu:sample=1,opt:bypass=on,drrip:duel=off,lirs:hir=40,dip:duel=off,"
		"lirs:stack=200,lirs2:stack=200,mglru:table=8,mglru:batch=1:around=0:walk=off,"
		"mglru:spare=off,seq:"
		"length=3:skip=1:times=2,"
		"clock-pro:repeats=off,clock-pro:cold=40,clock-pro-plus:repeats=off,"
		"s3-fifo:fill=on,linux:refault=off,linux:batch=1,linux:deactivate=off";
	struct bel_policy_spec *specs;
	const struct bel_policy *policy;
	struct bel_err err;
	struct prop p;
	size_t count;

	prop_start(&p, argc, argv, 60, 2000);
	if (bel_specs_parse(variants, &specs, &count, &err) < 0) {
		fprintf(stderr, "prop_victim: %s\n", err.text);
		return 1;
	}
	while (prop_round(&p)) {
		make_string(&p.rng);
		for (size_t i = 0; (policy = bel_policy_at(i)); i++) {
			struct bel_policy_spec spec = {.policy = policy};

			for (size_t k = 0; k < bel_policy_params(policy); k++)
				spec.param[k] = policy->params[k].value;
			if (bel_sim_can_evict(policy) && !policy_holds(&p, &spec))
				return prop_failed(&p);
		}
		for (size_t i = 0; i < count; i++)
			if (!policy_holds(&p, &specs[i]))
				return prop_failed(&p);
	}
	bel_specs_free(specs, count);
	printf("prop_victim: %" PRIu64 " victims told, %" PRIu64 " evicted when asked\n",
		told_right, evicted_right);
	if (!told_right || !evicted_right)
		return prop_failed(&p);
	return prop_passed(&p);
}
