/* SPDX-License-Identifier: MIT */
/*
 * reduce_phase.c: cuts the trace into stretches of at most k distinct pages, and keeps the first
 * and the last run of each page in each stretch.
 *
 * The loop over all runs only notes the last use of each page. At the end of a stretch, the runs
 * to keep are found from its pages. A stretch ends with the chunk, so no run is held back.
 */
#include "reduced.h"

enum { FLAG_BITS = 4 };

struct phase {
	uint64_t frames;
	uint64_t *seen;  /* by page: position of its last run, from 1, << FLAG_BITS | flags since
			    the stretch began */
	uint32_t *page;  /* pages of the stretch, in order of first touch */
	uint64_t *stays; /* a bit per run: it is kept; all 0 between stretches */
	size_t seen_capacity, page_capacity, stays_capacity;
	uint64_t position; /* of the first run of the chunk */
};

/* Runs from `from` on, with at most `frames` distinct pages. */
struct stretch {
	size_t from;
	uint64_t start; /* smaller values of `seen` are older than the stretch */
	uint32_t distinct;
};

static void *phase_create(uint64_t frames, struct bel_err *err)
{
	struct phase *phase = calloc(1, sizeof(*phase));

	if (phase)
		phase->frames = frames;
	else
		bel_err_memory(err, "the reduction");
	return phase;
}

static void phase_destroy(void *self)
{
	struct phase *phase = self;

	free(phase->seen);
	free(phase->page);
	free(phase->stays);
	free(phase);
}

static int phase_reserve(void *self, uint32_t pages, struct bel_err *err)
{
	struct phase *phase = self;

	return bel_reduced_grow(
		       &phase->seen, &phase->seen_capacity, pages, sizeof(*phase->seen), err) < 0
		       ? BEL_FAIL
		       : bel_reduced_grow(&phase->page, &phase->page_capacity, pages,
				 sizeof(*phase->page), err);
}

static void mark(struct phase *phase, size_t i)
{
	phase->stays[i / 64] |= UINT64_C(1) << i % 64;
}

static uint64_t sum_references(const struct bel_run *run, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += bel_run_count(run[i]);
	return sum;
}

/* Ends a stretch before run `to`. A page's last run gets the flags of its removed runs. */
static int gather(struct phase *phase, const struct bel_run *runs, const struct stretch *stretch,
	size_t to, struct bel_reduced *out, struct bel_err *err)
{
	size_t next = stretch->from; /* the first run not handled yet */

	for (uint32_t k = 0; k < stretch->distinct; k++)
		mark(phase, (phase->seen[phase->page[k]] >> FLAG_BITS) - 1 - phase->position);
	for (size_t word = next / 64; word * 64 < to; word++) {
		uint64_t bits = phase->stays[word];

		phase->stays[word] = 0;
		for (; bits; bits &= bits - 1) {
			const size_t i = word * 64 + (size_t)__builtin_ctzll(bits);
			const uint64_t seen = phase->seen[runs[i].page];
			uint32_t flags = runs[i].info;

			if (i > next && bel_reduced_extend(out,
						sum_references(runs + next, i - next), err) < 0)
				return BEL_FAIL;
			next = i + 1;
			if (seen >> FLAG_BITS == phase->position + next)
				flags |= (uint32_t)seen;
			if (bel_reduced_add(out, runs[i].page, bel_run_count(runs[i]), flags, err) <
				0)
				return BEL_FAIL;
		}
	}
	return BEL_OK;
}

static struct stretch begin(const struct phase *phase, size_t from)
{
	return (struct stretch){.from = from, .start = (phase->position + from + 1) << FLAG_BITS};
}

static int phase_runs(void *self, const struct bel_run *runs, size_t count, struct bel_reduced *out,
	struct bel_err *err)
{
	struct phase *phase = self;
	uint64_t *const all = phase->seen;
	struct stretch stretch = begin(phase, 0);

	if (bel_reduced_grow(&phase->stays, &phase->stays_capacity, count / 64 + 1,
		    sizeof(*phase->stays), err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++) {
		uint64_t *const seen = &all[runs[i].page];
		const uint64_t was = *seen, flags = was >= stretch.start ? was : 0;

		if (__builtin_expect(!flags, 0)) {
			if (stretch.distinct == phase->frames) {
				if (gather(phase, runs, &stretch, i, out, err) < 0)
					return BEL_FAIL;
				stretch = begin(phase, i);
			}
			phase->page[stretch.distinct++] = runs[i].page;
			mark(phase, i);
		}
		*seen = (phase->position + i + 1) << FLAG_BITS |
			((flags | runs[i].info) & BEL_REDUCED_FLAGS);
	}
	if (gather(phase, runs, &stretch, count, out, err) < 0)
		return BEL_FAIL;
	phase->position += count;
	return BEL_OK;
}

static int phase_settle(void *self, struct bel_reduced *out, struct bel_err *err)
{
	(void)self;
	(void)out;
	(void)err;
	return BEL_OK;
}

const struct bel_reduction bel_reduce_phase = {
	.name = "phase",
	.valid_policies = "lru,opt",
	.create = phase_create,
	.reserve = phase_reserve,
	.runs = phase_runs,
	.settle = phase_settle,
	.destroy = phase_destroy,
};
