/* SPDX-License-Identifier: MIT */
/*
 * prop_vm.c: one process without events equals the engine alone; random events and
 * garbage keep the machine whole, and leave nothing in use.
 */
#include <stdlib.h>

#include "prop.h"
#include "random_trace.h"
#include "vm_config.h"

static struct bel_policy_spec *specs;
static size_t spec_count;

static int make(struct bel_vm **vm, const struct bel_policy_spec *spec, uint64_t frames,
	const struct bel_vm_options *options, struct bel_err *err)
{
	struct bel_vm_config config;

	if (bel_vm_configure(options, 12, &config, err) < 0)
		return BEL_FAIL;
	config.policy = spec;
	config.frames = frames;
	*vm = bel_vm_new(&config, err);
	return *vm ? 0 : BEL_FAIL;
}

/* NULL, or what differs. */
static const char *against_engine(struct prop *p, struct bel_err *err)
{
	const struct bel_policy_spec *const spec = &specs[bel_rng_below(&p->rng, spec_count)];
	const uint64_t frames = 1 + bel_rng_below(&p->rng, 12);
	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	struct bel_granule place[64];
	struct random_trace trace;
	struct run_list list;
	struct bel_tally tally;
	struct bel_vm *vm;
	const char *wrong = NULL;

	options.invariants = true;
	random_trace_make(&trace, &p->rng, 0, 400);
	random_trace_fold(&trace, FOLDED, 0, &list);
	for (uint32_t i = 0; i < 64; i++)
		place[i] = (struct bel_granule){0x400 + i, 0};
	const struct bel_sim_setup setup = {.spec = spec, .frames = frames, .seed = 1};
	const struct bel_batch batch = {.runs = list.run, .next = list.next, .count = list.count};
	const struct bel_chunk chunk = {.runs = list.run, .next = list.next, .count = list.count};
	const struct bel_granules pages = {place, trace.pages};
	struct bel_sim *sim = bel_sim_new(&setup, err);

	if (!sim || make(&vm, spec, frames, &options, err) < 0)
		return err->text;
	if (bel_sim_reserve(sim, trace.pages, err) < 0 || bel_sim_feed(sim, &batch, err) < 0 ||
		bel_vm_feed(vm, &chunk, pages, err) < 0 || bel_vm_finish(vm, err) < 0) {
		wrong = err->text;
	} else {
		const struct bel_vm_tally *const got = bel_vm_tally(vm);

		bel_sim_tally(sim, &tally);
		if (bel_vm_minor(got->faults) + bel_vm_major(got->faults) != tally.faults)
			wrong = "faults differ from the engine's";
		else if (got->writebacks != tally.writebacks)
			wrong = "write-backs differ from the engine's";
		else if (bel_vm_dirty(vm) != bel_sim_dirty(sim))
			wrong = "dirty pages differ from the engine's";
	}
	bel_sim_free(sim);
	bel_vm_free(vm);
	run_list_release(&list);
	random_trace_release(&trace);
	return wrong;
}

/*
 * With many pages the machine fetches entries, physical pages and victims ahead; its counts must be
 * those of the engine alone. Mostly near pages and some far ones, with writes.
 */
static const char *with_many_pages(struct prop *p, struct bel_err *err)
{
	enum { PAGES = 40000, RUNS = 120000 };
	const struct bel_policy_spec *const spec = &specs[bel_rng_below(&p->rng, spec_count - 1)];
	const uint64_t frames = 1 + bel_rng_below(&p->rng, PAGES + PAGES / 4);
	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	struct bel_granule *const place = calloc(PAGES, sizeof(*place));
	struct bel_run *const run = calloc(RUNS, sizeof(*run));
	const struct bel_sim_setup setup = {.spec = spec, .frames = frames, .seed = 1};
	const struct bel_batch batch = {.runs = run, .count = RUNS};
	const struct bel_chunk chunk = {.runs = run, .count = RUNS};
	struct bel_sim *const sim = bel_sim_new(&setup, err);
	struct bel_tally tally;
	struct bel_vm *vm = NULL;
	const char *wrong = NULL;

	for (uint32_t i = 0; place && i < PAGES; i++)
		place[i] = (struct bel_granule){0x400 + (uint64_t)i * 3, 0};
	for (uint32_t i = 0; run && i < RUNS; i++)
		run[i] = bel_run_make(i < PAGES ? i : (uint32_t)bel_rng_below(&p->rng, PAGES), 1,
			bel_rng_below(&p->rng, 4) ? BEL_RUN_DATA : BEL_RUN_DATA | BEL_RUN_WRITE);
	if (!place || !run || !sim || make(&vm, spec, frames, &options, err) < 0 ||
		bel_sim_reserve(sim, PAGES, err) < 0 || bel_sim_feed(sim, &batch, err) < 0 ||
		bel_vm_feed(vm, &chunk, (struct bel_granules){place, PAGES}, err) < 0 ||
		bel_vm_finish(vm, err) < 0 || bel_vm_check(vm, err) < 0) {
		wrong = err->text;
	} else {
		bel_sim_tally(sim, &tally);
		if (bel_vm_minor(bel_vm_tally(vm)->faults) +
				bel_vm_major(bel_vm_tally(vm)->faults) !=
			tally.faults)
			wrong = "many pages: faults differ from the engine's";
		else if (bel_vm_tally(vm)->writebacks != tally.writebacks)
			wrong = "many pages: write-backs differ from the engine's";
	}
	bel_sim_free(sim);
	bel_vm_free(vm);
	free(run);
	free(place);
	return wrong;
}

static struct bel_event random_event(struct bel_rng *rng)
{
	struct bel_event event = {
		.type = (uint8_t)bel_rng_below(rng, BEL_EVENT_MARK + 1),
		.region = (uint8_t)bel_rng_below(rng, BEL_REGIONS),
		.flags = (uint16_t)bel_rng_below(rng, 32),
		.space = (uint32_t)bel_rng_below(rng, 6),
		.other = (uint32_t)bel_rng_below(rng, 6),
		.start = bel_rng_below(rng, 16) << (bel_rng_below(rng, 8) ? 12 : 10),
		.length = bel_rng_below(rng, 8) << 11,
		.name = bel_rng_below(rng, 2) ? "lib" : NULL,
	};

	event.value = bel_rng_below(rng, 16) << 12;
	event.offset = bel_rng_below(rng, 4) << 12;
	if (event.type == BEL_EVENT_EXIT && bel_rng_below(rng, 4))
		event.type = BEL_EVENT_MAP;
	return event;
}

/* An event that contradicts what was before is an error, and the machine can still be freed. */
static const char *with_garbage(struct prop *p, struct bel_err *err)
{
	static const char *const kinds[] = {
		"global", "local:equal", "local:proportional", "local:working-set", "local:pff"};
	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	const struct bel_policy_spec *spec = &specs[bel_rng_below(&p->rng, spec_count)];
	struct bel_granule place[96];
	const char *wrong = NULL;
	struct bel_vm *vm;
	int r = 0;

	options.replacement = kinds[bel_rng_below(&p->rng, 5)];
	options.swap = bel_rng_below(&p->rng, 2) ? "16k" : "unbounded";
	options.strict = bel_rng_below(&p->rng, 2);
	options.rebalance_interval = 20;
	options.tables = bel_rng_below(&p->rng, 2) ? "radix4" : "inverted";
	if (spec->policy->caps & BEL_POLICY_FUTURE)
		spec = &specs[0];
	if (make(&vm, spec, 8, &options, err) < 0)
		return err->text;
	for (uint32_t i = 0; i < 96; i++)
		place[i] = (struct bel_granule){i % 16, i / 16};
	for (int i = 0; i < 200 && r == 0; i++) {
		const struct bel_event event = random_event(&p->rng);
		const uint32_t space = (uint32_t)bel_rng_below(&p->rng, 6);
		struct bel_run run[4];
		const struct bel_chunk chunk = {.runs = run,
			.count = 4,
			.events = &event,
			.event_count = bel_rng_below(&p->rng, 3) == 0,
			.space = space};

		for (int k = 0; k < 4; k++)
			run[k] = bel_run_make(space * 16 + (uint32_t)bel_rng_below(&p->rng, 16),
				1 + (uint32_t)bel_rng_below(&p->rng, 3),
				bel_rng_below(&p->rng, 2) ? BEL_RUN_DATA | BEL_RUN_WRITE
							  : BEL_RUN_FETCH);
		if (bel_vm_feed(vm, &chunk, (struct bel_granules){place, 96}, err) < 0)
			break;
		r = bel_vm_check(vm, err);
	}
	if (r < 0)
		wrong = err->text;
	bel_vm_free(vm);
	return wrong;
}

int main(int argc, char **argv)
{
	struct bel_err err = {.code = 0};
	struct prop p;

	prop_start(&p, argc, argv, 1500, 50000);
	if (bel_specs_parse("fifo,lru,clock,clock:bit=0,opt", &specs, &spec_count, &err) < 0)
		return 1;
	while (prop_round(&p)) {
		const char *wrong = against_engine(&p, &err);

		if (!wrong)
			wrong = with_garbage(&p, &err);
		if (!wrong && bel_rng_below(&p.rng, 100) == 0)
			wrong = with_many_pages(&p, &err);
		if (wrong) {
			printf("%s\n", wrong);
			return prop_failed(&p);
		}
	}
	bel_specs_free(specs, spec_count);
	return prop_passed(&p);
}
