/* SPDX-License-Identifier: MIT */
/*
 * prop_pager.c: the pager on real memory faults and evicts where the engine does, reference by
 * reference, with every policy and every back end that this machine has; and it refuses a policy
 * without --exact, or is right. It also says what each fault does: a page is loaded if it was ever
 * written back, else filled with zeros.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pager.h"
#include "prop.h"
#include "random_trace.h"
#include "sim.h"

/* Besides the defaults of all policies: parameters that change which bits and times matter. */
static const char *const variants[] = {"clock:bit=0", "clock:bits=3", "enhanced-clock", "nru",
	"mglru", "clock-pro:repeats=off", "wsclock:tau=20", "aging:interval=7", "nfu:interval=5"};

static bool is_here[BEL_PAGER_BACKENDS];

struct wanted {
	char *text;
	size_t size;
	struct bel_tally tally;
	bool suffice;
};

static bool simulate(const struct bel_pager_setup *setup, const struct run_list *runs,
	struct wanted *want, struct bel_err *err)
{
	const struct bel_sim_setup of = {
		.spec = setup->spec, .frames = setup->frames, .seed = setup->seed, .generic = true};
	struct bel_sim *const sim = bel_sim_new(&of, err);
	FILE *const out = open_memstream(&want->text, &want->size);
	bool *const stored = test_alloc(setup->pages, sizeof(*stored));
	bool right = sim && out && bel_sim_reserve(sim, setup->pages, err) == 0 &&
		     bel_sim_list_victims(sim, err) == 0;

	for (size_t i = 0; right && i < runs->count; i++) {
		const struct bel_batch batch = {&runs->run[i], &runs->next[i], 1, runs->at[i]};
		const uint32_t page = runs->run[i].page;
		struct bel_tally before;
		const struct bel_victim *victim;
		uint32_t count;

		bel_sim_tally(sim, &before);
		right = bel_sim_feed(sim, &batch, err) == 0;
		bel_sim_tally(sim, &want->tally);
		victim = bel_sim_victims(sim, &count);
		/* The page itself leaves only if it bypasses memory: after it was there. */
		for (uint32_t j = 0; j < count; j++)
			if (victim[j].page != page)
				fprintf(out, "%" PRIu64 " %s %u\n", batch.now,
					victim[j].state & BEL_PAGE_DIRTY ? "dirty" : "clean",
					victim[j].page);
		if (want->tally.faults > before.faults)
			fprintf(out, "%" PRIu64 " %s %u\n", batch.now,
				stored[page] ? "load" : "zero", page);
		for (uint32_t j = 0; j < count; j++) {
			if (victim[j].page == page)
				fprintf(out, "%" PRIu64 " %s %u\n", batch.now,
					victim[j].state & BEL_PAGE_DIRTY ? "dirty" : "clean", page);
			stored[victim[j].page] |= victim[j].state & BEL_PAGE_DIRTY;
		}
	}
	want->suffice = sim && bel_sim_bits_suffice(sim);
	free(stored);
	bel_sim_free(sim);
	return fclose(out) == 0 && right;
}

/* What the pager's process wrote. */
static char *read_list(FILE *list)
{
	const long size = (fseek(list, 0, SEEK_END), ftell(list));
	char *const text = test_alloc((size_t)size + 1, 1);

	rewind(list);
	if (fread(text, 1, (size_t)size, list) != (size_t)size)
		abort();
	return text;
}

static bool agrees(const struct wanted *want, const struct bel_pager_result *got, const char *text)
{
	const struct bel_tally *const tally = &want->tally;

	if (strcmp(want->text, text) != 0) {
		size_t at = 0;

		while (want->text[at] == text[at])
			at++;
		while (at && text[at - 1] != '\n')
			at--;
		printf("# wanted %.20s... got %.20s...\n", want->text + at, text + at);
		return false;
	}
	return got->references == tally->references && got->faults == tally->faults &&
	       got->loads + got->zero_fills == tally->faults &&
	       got->evictions == tally->evictions && got->writebacks == tally->writebacks &&
	       got->resident == tally->resident && got->traps >= tally->faults;
}

static bool run_pager(const struct bel_pager_setup *of, const struct run_list *runs,
	const struct wanted *want, struct bel_err *err)
{
	const struct bel_next_uses_setup keep = {.memory = 1 << 20, .dir = "/tmp"};
	struct bel_next_uses *const trace = bel_next_uses_new(&keep, err);
	struct bel_pager_setup setup = *of;
	struct bel_pager_result got;
	char *text;
	bool right;

	setup.list = tmpfile();
	if (!setup.list || !trace || bel_next_uses_add(trace, runs->run, runs->count, err) < 0 ||
		bel_next_uses_compute(trace, err) < 0)
		abort();
	right = bel_pager_run(&setup, trace, &got, err) == 0;
	text = read_list(setup.list);
	right = right && agrees(want, &got, text);
	free(text);
	fclose(setup.list);
	bel_next_uses_free(trace);
	return right;
}

/* Without --exact, the policies to which the bits do not suffice are refused. */
static bool holds(const struct bel_pager_setup *setup, const struct run_list *runs)
{
	struct wanted want = {.text = NULL};
	struct bel_err err = {0};
	bool right = simulate(setup, runs, &want, &err);

	if (right && !setup->exact && !want.suffice) {
		right = bel_pager_check(setup, &err) == BEL_USAGE &&
			strstr(err.text, "--exact") != NULL;
		err.code = 0;
	} else if (right) {
		right = run_pager(setup, runs, &want, &err);
	}
	if (!right)
		printf("# %s, %" PRIu64 " frames, %s%s: %s\n", setup->spec->policy->name,
			setup->frames, bel_pager_backend_name(setup->backend),
			setup->exact ? ", exact" : "", err.code ? err.text : "not equal");
	free(want.text);
	return right;
}

static void choose_policy(struct bel_rng *rng, struct bel_policy_spec **spec)
{
	const size_t count = sizeof(variants) / sizeof(*variants);
	struct bel_err err = {0};
	size_t policies = 0, specs;

	while (bel_policy_at(policies))
		policies++;
	const size_t at = bel_rng_below(rng, policies + count);
	const char *const text = at < policies ? bel_policy_at(at)->name : variants[at - policies];

	if (bel_specs_parse(text, spec, &specs, &err) < 0) {
		printf("# %s\n", err.text);
		exit(1);
	}
}

static bool round_holds(struct bel_rng *rng)
{
	struct bel_policy_spec *spec;
	struct random_trace trace;
	struct run_list runs;
	bool right;

	random_trace_make(&trace, rng, 50, 1500);
	random_trace_fold(&trace, bel_rng_below(rng, FOLDINGS), bel_rng_next(rng), &runs);
	choose_policy(rng, &spec);
	struct bel_pager_setup setup = {
		.spec = spec,
		.frames = spec->policy->caps & BEL_POLICY_VARIABLE
				  ? 0
				  : 1 + bel_rng_below(rng, trace.pages + 1),
		.seed = 1 + bel_rng_below(rng, 1000),
		.pages = trace.pages,
		.exact = bel_rng_below(rng, 3) == 0,
		.verify = bel_rng_below(rng, 4) != 0,
	};

	do {
		setup.backend = bel_rng_below(rng, BEL_PAGER_BACKENDS);
	} while (!is_here[setup.backend]);
	right = holds(&setup, &runs);
	run_list_release(&runs);
	random_trace_release(&trace);
	bel_specs_free(spec, 1);
	return right;
}

int main(int argc, char **argv)
{
	struct prop p;

	for (unsigned i = 0; i < BEL_PAGER_BACKENDS; i++) {
		struct bel_err why;

		is_here[i] = bel_pager_backend_probe(i, &why) == 0;
		if (!is_here[i])
			printf("# left out: %s: %s\n", bel_pager_backend_name(i), why.text);
	}
	prop_start(&p, argc, argv, 300, 10000);
	while (prop_round(&p))
		if (!round_holds(&p.rng))
			return prop_failed(&p);
	return prop_passed(&p);
}
