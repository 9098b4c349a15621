/* SPDX-License-Identifier: MIT */
/*
 * prop_sweep.c: where a sweep simulates several numbers of frames of a policy together, each has
 * the counts of a list-scanning simulator of that policy, and the policy's own figures that an
 * engine gives: on random traces with writes, folded, unfolded and cut, in chunks of random sizes,
 * on one thread and on three.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "curve.h"
#include "prop.h"
#include "random_trace.h"
#include "reference_model.h"
#include "sweep.h"

enum { MOST_SIZES = 80 }; /* more than one algorithm takes at a time */

/* The input of a pass: the runs of a trace, in chunks. */
struct chunks {
	const struct run_list *runs;
	size_t done;
	uint32_t seen; /* pages given so far */
	struct bel_rng rng;
};

static int next_chunk(void *self, struct bel_chunk *chunk, struct bel_err *err)
{
	struct chunks *const chunks = self;
	const size_t left = chunks->runs->count - chunks->done;
	const size_t n = 1 + bel_rng_below(&chunks->rng, 300);

	(void)err;
	*chunk = (struct bel_chunk){
		.runs = chunks->runs->run + chunks->done, .count = n < left ? n : left};
	for (size_t i = 0; i < chunk->count; i++) {
		chunk->references += bel_run_count(chunk->runs[i]);
		if (chunk->runs[i].page >= chunks->seen)
			chunks->seen = chunk->runs[i].page + 1;
	}
	chunks->done += chunk->count;
	return chunk->count > 0;
}

static struct bel_granules pages_so_far(const void *self)
{
	return (struct bel_granules){.count = ((const struct chunks *)self)->seen};
}

static double unknown(const void *self)
{
	(void)self;
	return -1;
}

/* Numbers of frames, as after -f: some of 1 to pages + 3, and now and then a huge one. */
static void draw_frames(char *text, size_t size, uint32_t pages, struct bel_rng *rng)
{
	const size_t count = 9 + bel_rng_below(rng, MOST_SIZES - 9);
	size_t at = (size_t)snprintf(text, size, "1,2,3,4,5,8,9,10,11");

	if (!bel_rng_below(rng, 4))
		snprintf(text, size, "1:%d", MOST_SIZES);
	else
		for (size_t i = 9; i < count; i++)
			at += (size_t)snprintf(text + at, size - at, ",%" PRIu64,
				bel_rng_below(rng, 30) ? 1 + bel_rng_below(rng, pages + 3)
						       : UINT64_C(1) << bel_rng_below(rng, 45));
}

/* The counts of one configuration by a simulator that shares nothing with the sweep. */
static struct naive_counts counted(
	const struct bel_configuration *configuration, const struct random_trace *t)
{
	const char *const policy = configuration->spec->policy->name;
	const struct model_setup model = {.kind = model_of(policy),
		.spec = configuration->spec,
		.frames = configuration->frames,
		.pages = t->pages,
		.refs = t->ref,
		.count = t->count};
	const struct naive_setup naive = {.policy = strcmp(policy, "lru") ? NAIVE_FIFO : NAIVE_LRU,
		.frames = configuration->frames};
	struct reference_model *m;
	struct naive_counts counts;

	if (!model.kind)
		return naive_run(&naive, t->ref, t->count);
	m = model_new(&model);
	for (size_t i = 0; i < t->count; i++)
		model_step(m);
	counts = m->counts;
	counts.dirty = 0;
	for (size_t i = 0; i < m->resident.count; i++)
		counts.dirty += model_dirty(m, m->resident.page[i]);
	model_free(m);
	return counts;
}

/* The algorithm of these policies leaves sizes below its least number of frames to engines. */
static bool needs_engine(const struct bel_configuration *of)
{
	const struct bel_curve_algorithm *a;

	for (size_t i = 0; (a = bel_curve_at(i)); i++)
		if (!strcmp(a->policy, of->spec->policy->name))
			return of->frames < a->least_frames;
	return true;
}

static bool is_right(const struct bel_configuration *of, const struct random_trace *t)
{
	const struct naive_counts want = counted(of, t);
	char why[400];

	if ((of->sim != NULL) == needs_engine(of) && !of->err.code && of->dirty == want.dirty &&
		tally_agrees(&of->tally, &want, why, sizeof(why)))
		return true;
	if ((of->sim != NULL) != needs_engine(of))
		snprintf(why, sizeof(why), "it has %s engine", of->sim ? "an" : "no");
	else if (of->dirty != want.dirty)
		snprintf(why, sizeof(why), "dirty pages: %" PRIu64 ", naive %" PRIu64, of->dirty,
			want.dirty);
	printf("%s, %" PRIu64 " frames: %s\n", of->spec->policy->name, of->frames, why);
	return false;
}

/* The names and values of a policy's own figures. */
struct figures {
	char text[400];
	size_t length;
};

static void take_number(void *host, const char *name, double value)
{
	struct figures *const f = host;

	f->length += (size_t)snprintf(
		f->text + f->length, sizeof(f->text) - f->length, " %s=%.17g", name, value);
}

static void take_count(void *host, const char *name, uint64_t value)
{
	struct figures *const f = host;

	f->length += (size_t)snprintf(
		f->text + f->length, sizeof(f->text) - f->length, " %s=%" PRIu64, name, value);
}

/* Whether the policy's own figures are those of an engine that is fed the references by itself. */
static bool figures_are_right(
	const struct bel_sweep *sweep, size_t index, const struct random_trace *t)
{
	const struct bel_configuration *const of = bel_sweep_at(sweep, index);
	const struct bel_sim_setup setup = {.spec = of->spec, .frames = of->frames, .seed = 1};
	struct figures got = {.length = 0}, want = {.length = 0};
	struct bel_sink sink = {
		.size = sizeof(sink), .host = &got, .number = take_number, .count = take_count};
	struct bel_sim *sim;
	struct run_list runs;
	struct bel_batch batch;
	struct bel_err err;
	bool right;

	bel_sweep_report(sweep, index, &sink);
	if (!of->spec->policy->report)
		return got.length == 0;
	random_trace_fold(t, UNFOLDED, 0, &runs);
	batch = (struct bel_batch){.runs = runs.run, .count = runs.count};
	sim = bel_sim_new(&setup, &err);
	sink.host = &want;
	right = sim && bel_sim_reserve(sim, t->pages, &err) == 0 &&
		bel_sim_feed(sim, &batch, &err) == 0;
	if (right) {
		bel_sim_report(sim, &sink);
		right = want.length > 0 && !strcmp(got.text, want.text);
	}
	if (!right)
		printf("%s, %" PRIu64 " frames:%s; engine:%s\n", of->spec->policy->name, of->frames,
			got.text, want.text);
	bel_sim_free(sim);
	run_list_release(&runs);
	return right;
}

static bool sweep_is_right(struct bel_sweep_setup *setup, const struct random_trace *t,
	enum folding folding, uint64_t seed)
{
	struct run_list runs;
	struct chunks chunks = {.runs = &runs};
	const struct bel_pass_input input = {
		.next = next_chunk, .pages = pages_so_far, .fraction = unknown, .self = &chunks};
	const struct bel_trace_info info = {.granule_bits = 12};
	const struct bel_configuration *of;
	struct bel_err err;
	struct bel_sweep *sweep;
	bool right = true;

	bel_rng_seed(&chunks.rng, seed);
	random_trace_fold(t, folding, seed, &runs);
	sweep = bel_sweep_new(setup, &err);
	if (!sweep || bel_sweep_input(sweep, &input, &info, 0, &err) < 0) {
		printf("%s\n", err.text);
		right = false;
	}
	for (size_t i = 0; right && (of = bel_sweep_at(sweep, i)); i++)
		right = is_right(of, t) && figures_are_right(sweep, i, t);
	bel_sweep_free(sweep);
	run_list_release(&runs);
	return right;
}

static bool holds(struct prop *p, struct bel_sweep_setup *setup)
{
	char frames[MOST_SIZES * 24];
	struct random_trace t;
	bool right = true;

	random_trace_make(&t, &p->rng, 0, 800);
	draw_frames(frames, sizeof(frames), t.pages, &p->rng);
	setup->frames = frames;
	for (int folding = 0; right && folding < FOLDINGS; folding++) {
		setup->pass.threads = bel_rng_below(&p->rng, 2) ? 3 : 1;
		right = sweep_is_right(setup, &t, folding, bel_rng_next(&p->rng));
		if (!right)
			printf("-j%u, frames %s\n", setup->pass.threads, frames);
	}
	if (!right)
		random_trace_print(&t, stdout);
	random_trace_release(&t);
	return right;
}

int main(int argc, char **argv)
{
	static const char list[] = "fifo,lru,clock,clock:bit=0,sieve,arc,arc:integer=on,s3-fifo,"
				   "s3-fifo:ghost=2:threshold=1:fill=on,second-chance,"
				   "second-chance:bit=0,enhanced-clock,enhanced-clock:bit=0,"
				   "qd-lp-fifo,qd-lp-fifo:small=0.3:ghost=3,car,cart,"
				   "clock-pro,clock-pro:spare=off:cold=20:most=60";
	struct bel_policy_spec *specs;
	struct bel_sweep_setup setup = {.seed = 1, .pass = {.keep = {.memory = 1 << 20}}};
	struct bel_err err;
	struct prop p;
	int status = -1;

	if (bel_specs_parse(list, &specs, &setup.spec_count, &err) < 0) {
		printf("%s\n", err.text);
		return 2;
	}
	setup.specs = specs;
	prop_start(&p, argc, argv, 150, 5000);
	while (status < 0 && prop_round(&p))
		if (!holds(&p, &setup))
			status = prop_failed(&p);
	bel_specs_free(specs, setup.spec_count);
	return status < 0 ? prop_passed(&p) : status;
}
