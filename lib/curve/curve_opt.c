/* SPDX-License-Identifier: MIT */
/*
 * curve_opt.c: OPT at every size, in two passes: Mattson's priority stack, reduced to keys.
 *
 * The first pass stores the page of each run. A walk from the end replaces each page by the index
 * of the next run to the same page: the key. The second pass runs a stack that holds only these
 * keys. At each step down, the page that is due sooner stays and the other is carried on. A run
 * finds its own index as a key; the depth is its OPT distance. A first touch walks the whole
 * stack, so the algorithm suits traces with few pages. Memory: 4 bytes per run, in memory or in a
 * temporary file.
 */
#include <stdlib.h>
#include <string.h>

#include "curve_opt_sizes.h"
#include "due_stack.h"
#include "points.h"
#include "simd.h"
#include "spool.h"

#define NEVER BEL_DUE_NEVER

enum {
	PART = 1 << 16, /* runs of the spool processed at a time */
	LOOK = 16,      /* of so many parts, one is looked at */
	TOP = 4,
};

struct opt {
	/* Second pass: the top of the stack, the line after it, and all other places. */
	uint32_t line[BEL_DUE_LINE] __attribute__((aligned(64)));
	uint32_t top[TOP];
	struct bel_due_stack deep;
	uint64_t *distance; /* by distance, 1 .. pages */
	uint64_t compulsory;

	struct bel_curve_setup setup;
	bool simd;
	struct bel_spool_budget budget;
	struct bel_spool *spool; /* one page per run, later the next run to it */
	uint32_t *part;          /* PART elements of the spool */
	uint64_t runs, references;
	/* Distinct pages in each part that was looked at: what the choice of an algorithm needs. */
	uint32_t *seen_in; /* by page: the part, counted from 1; NULL: all sizes are wanted */
	uint32_t seen_pages, parts;
	uint64_t distinct;
	uint32_t pages;
};

static void opt_destroy(void *self)
{
	struct opt *opt = self;

	bel_spool_free(opt->spool);
	free(opt->part);
	free(opt->seen_in);
	bel_due_stack_release(&opt->deep);
	free(opt->distance);
	free(opt);
}

static void *opt_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct opt *opt = aligned_alloc(_Alignof(struct opt), sizeof(*opt));

	if (!opt) {
		bel_err_memory(err, "opt");
		return NULL;
	}
	*opt = (struct opt){.setup = *setup};
	opt->simd = !setup->portable && bel_has_avx512();
	opt->budget.memory = setup->memory ? setup->memory : (uint64_t)1 << 30;
	opt->budget.dir = setup->temp_dir ? setup->temp_dir : "/var/tmp";
	opt->part = malloc(PART * sizeof(*opt->part));
	opt->spool = bel_spool_new(sizeof(uint32_t), &opt->budget, err);
	if (!opt->part || !opt->spool) {
		opt_destroy(opt);
		bel_err_memory(err, "opt");
		return NULL;
	}
	return opt;
}

/* Counts the distinct pages of one part in LOOK. */
static int look(struct opt *opt, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	const uint32_t part = (uint32_t)(opt->runs / PART), mark = part / LOOK + 1;

	if (!opt->setup.x || part % LOOK)
		return BEL_OK;
	if (opt->seen_pages < opt->pages) {
		const uint32_t pages = opt->pages + opt->pages / 2;
		uint32_t *const grown = realloc(opt->seen_in, pages * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "opt");
		memset(grown + opt->seen_pages, 0, (pages - opt->seen_pages) * sizeof(*grown));
		opt->seen_in = grown;
		opt->seen_pages = pages;
	}
	opt->parts = mark;
	for (size_t i = 0; i < count; i++) {
		opt->distinct += opt->seen_in[runs[i].page] != mark;
		opt->seen_in[runs[i].page] = mark;
	}
	return BEL_OK;
}

static int opt_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct opt *opt = self;

	if (opt->runs + batch->count >= NEVER)
		return bel_fail(
			err, "opt: trace has more than %u runs; ask for fewer sizes", NEVER - 1);
	opt->pages = pages;
	for (size_t done = 0; done < batch->count;) {
		const size_t left = batch->count - done, room = PART - opt->runs % PART;
		const size_t n = left < room ? left : room;

		for (size_t i = 0; i < n; i++) {
			opt->part[i] = batch->runs[done + i].page;
			opt->references += bel_run_count(batch->runs[done + i]);
		}
		if (look(opt, batch->runs + done, n, err) < 0 ||
			bel_spool_append(opt->spool, opt->part, n, err) < 0)
			return BEL_FAIL;
		opt->runs += n;
		done += n;
	}
	return BEL_OK;
}

/*
 * Whether the sizes cost less with curve_opt_sizes.c. Nanoseconds a run, measured: a walk of the
 * stack costs about 40 + 1 / 200 for each distinct page in 65,536 runs (Zipf and uniform, 1,000 to
 * 100,000 pages), but 5 to 8 in captured programs, which have few; a pass of the other algorithm,
 * 40 + 1/2 for each size. In doubt, the stack: so the other must gain a quarter.
 */
static bool prefers_sizes(const struct opt *opt)
{
	const size_t most = bel_curve_opt_sizes.most_sizes;
	const size_t passes = (opt->setup.count + most - 1) / most;
	const double distinct = opt->parts ? (double)opt->distinct / opt->parts : 0;

	return opt->setup.x && opt->setup.count &&
	       40 + distinct / 200 >
		       1.25 * (40.0 * (double)passes + 0.5 * (double)opt->setup.count);
}

/* Hands the stored trace to the algorithm for some sizes, with sizes from `first` on. */
static int hand_over(
	struct opt *opt, size_t first, size_t count, struct bel_curve *curve, struct bel_err *err)
{
	const struct bel_curve_algorithm *const to = &bel_curve_opt_sizes;
	struct bel_curve_setup setup = opt->setup;
	struct bel_run *const runs = malloc(PART * sizeof(*runs));
	int r = BEL_OK;
	void *other;

	setup.x += first;
	setup.count = count;
	other = runs ? to->create(&setup, err) : NULL;
	if (!other) {
		free(runs);
		return bel_err_memory(err, "opt");
	}
	for (uint64_t i = 0; r == BEL_OK && i < opt->runs; i += PART) {
		const size_t n = opt->runs - i < PART ? opt->runs - i : PART;
		const struct bel_batch batch = {.runs = runs, .count = n, .now = i};

		r = bel_spool_read(opt->spool, i, opt->part, n, err);
		for (size_t k = 0; k < n; k++)
			runs[k] = bel_run_make(opt->part[k], 1, 0);
		if (r == BEL_OK)
			r = to->feed(other, &batch, opt->pages, err);
	}
	if (r == BEL_OK)
		r = to->finish(other, curve, err);
	to->destroy(other);
	free(runs);
	return r;
}

/* All sizes by the other algorithm. A run's references after its first are hits at all sizes. */
static int finish_sizes(struct opt *opt, struct bel_curve *curve, struct bel_err *err)
{
	const size_t most = bel_curve_opt_sizes.most_sizes;

	if (bel_points_init(curve, &opt->setup, opt->pages, err) < 0)
		return BEL_FAIL;
	for (size_t first = 0; first < opt->setup.count; first += most) {
		const size_t left = opt->setup.count - first, n = left < most ? left : most;
		struct bel_curve some = {.count = 0};
		const int r = hand_over(opt, first, n, &some, err);

		for (size_t i = 0; r == BEL_OK && i < n; i++)
			curve->faults[first + i] = some.faults[i];
		curve->algorithm = some.algorithm;
		curve->compulsory = some.compulsory;
		bel_curve_release(&some);
		if (r < 0)
			return r;
	}
	curve->policy = "opt";
	curve->exact = true;
	curve->references = opt->references;
	curve->pages = opt->pages;
	return BEL_OK;
}

/*
 * Walks from the end and replaces each page by the next run to it. first[page] becomes its first
 * run.
 */
static int turn(struct opt *opt, uint32_t *first, struct bel_err *err)
{
	for (uint64_t end = opt->runs; end;) {
		const uint64_t from = (end - 1) / PART * PART;

		if (bel_spool_read(opt->spool, from, opt->part, end - from, err) < 0)
			return BEL_FAIL;
		for (uint64_t i = end; i-- > from;) {
			const uint32_t page = opt->part[i - from];

			opt->part[i - from] = first[page];
			first[page] = (uint32_t)i;
		}
		if (bel_spool_write(opt->spool, from, opt->part, end - from, err) < 0)
			return BEL_FAIL;
		end = from;
	}
	return BEL_OK;
}

/* One step down: the later key is carried on. NEVER ends up last. */
#define SINK(KEY, CARRY)                                                                           \
	do {                                                                                       \
		const uint32_t here_ = (KEY);                                                      \
		(KEY) = here_ < (CARRY) ? here_ : (CARRY);                                         \
		(CARRY) = here_ < (CARRY) ? (CARRY) : here_;                                       \
	} while (0)

/* The steps below the top. They are constants in each loop. */
struct steps {
	unsigned (*sink)(uint32_t *line, uint32_t now, uint32_t *carry);
	size_t (*walk)(struct bel_due_stack *deep, uint32_t now, uint32_t carry);
};

/* The stack below the top. Returns the distance; 0: a first touch. */
BEL_INLINE size_t walk_deep(struct opt *opt, uint32_t now, uint32_t carry, const struct steps steps)
{
	size_t found = steps.sink(opt->line, now, &carry);

	if (found)
		return TOP + found;
	found = steps.walk(&opt->deep, now, carry);
	opt->compulsory += !found;
	return found ? TOP + BEL_DUE_LINE + found : 0;
}

BEL_INLINE void pass(
	struct opt *opt, const uint32_t *next, size_t count, uint32_t now, const struct steps steps)
{
	uint64_t *const distance = opt->distance;
	uint32_t a = opt->top[0], b = opt->top[1], c = opt->top[2], d = opt->top[3];
	uint64_t second = 0;

	for (size_t i = 0; i < count; i++, now++) {
		uint32_t carry = a;
		size_t here;

		if (__builtin_expect(a == now, 0)) {
			a = next[i];
			distance[1]++;
			continue;
		}
		a = next[i];
		if (b == now) {
			b = carry;
			second++;
			continue;
		}
		SINK(b, carry);
		if (c == now) {
			c = carry;
			distance[3]++;
			continue;
		}
		SINK(c, carry);
		if (d == now) {
			d = carry;
			distance[4]++;
			continue;
		}
		SINK(d, carry);
		here = walk_deep(opt, now, carry, steps);
		if (here)
			distance[here]++;
	}
	distance[2] += second;
	opt->top[0] = a;
	opt->top[1] = b;
	opt->top[2] = c;
	opt->top[3] = d;
}

static void pass_portable(struct opt *opt, const uint32_t *next, size_t count, uint32_t now)
{
	pass(opt, next, count, now, (struct steps){bel_due_line_sink, bel_due_stack_walk});
}

#if defined(__x86_64__)
static BEL_AVX512 void pass_avx512(
	struct opt *opt, const uint32_t *next, size_t count, uint32_t now)
{
	pass(opt, next, count, now,
		(struct steps){bel_due_line_sink_avx512, bel_due_stack_walk_avx512});
}
#endif

/* Both walks over the stored runs. */
static int solve(struct opt *opt, struct bel_err *err)
{
	const size_t capacity = (size_t)opt->pages + TOP + 1;
	uint32_t *first = malloc(capacity * sizeof(*first));
	int r;

	opt->distance = calloc(capacity, sizeof(*opt->distance));
	if (!first || !opt->distance || bel_due_stack_init(&opt->deep, opt->pages, err) < 0) {
		free(first);
		return bel_err_memory(err, "opt");
	}
	memset(first, 0xff, capacity * sizeof(*first));
	memset(opt->top, 0xff, sizeof(opt->top));
	memset(opt->line, 0xff, sizeof(opt->line));
	r = turn(opt, first, err);
	free(first);
	for (uint64_t i = 0; r == BEL_OK && i < opt->runs; i += PART) {
		const size_t n = opt->runs - i < PART ? opt->runs - i : PART;

		r = bel_spool_read(opt->spool, i, opt->part, n, err);
		if (r < 0)
			break;
#if defined(__x86_64__)
		if (opt->simd)
			pass_avx512(opt, opt->part, n, (uint32_t)i);
		else
#endif
			pass_portable(opt, opt->part, n, (uint32_t)i);
	}
	return r;
}

static int opt_finish(void *self, struct bel_curve *curve, struct bel_err *err)
{
	struct opt *opt = self;
	uint64_t hits = opt->references - opt->runs, size = 0;

	if (prefers_sizes(opt))
		return finish_sizes(opt, curve, err);
	if (solve(opt, err) < 0 || bel_points_init(curve, &opt->setup, opt->pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < curve->count; i++) {
		for (; size < curve->x[i] && size < opt->pages; size++)
			hits += opt->distance[size + 1];
		curve->faults[i] = opt->references - hits;
	}
	curve->policy = "opt";
	curve->algorithm = "next-use stack in two passes";
	curve->exact = true;
	curve->references = opt->references;
	curve->pages = opt->pages;
	curve->compulsory = opt->compulsory;
	return BEL_OK;
}

static const struct bel_curve_algorithm opt = {
	.policy = "opt",
	.name = "stack",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.caps = BEL_CURVE_ALL | BEL_CURVE_TWO_PASS,
	.max_pages = 100000,
	.create = opt_create,
	.feed = opt_feed,
	.finish = opt_finish,
	.destroy = opt_destroy,
};

BEL_CURVE(opt);
