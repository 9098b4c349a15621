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

#include "points.h"
#include "simd.h"
#include "spool.h"

#define NEVER UINT32_MAX

enum { PART = 1 << 16, TOP = 4, LINE = 16 };

struct opt {
	struct bel_curve_setup setup;
	bool simd;
	struct bel_spool_budget budget;
	struct bel_spool *spool; /* one page per run, later the next run to it */
	uint32_t *part;          /* PART elements of the spool */
	uint64_t runs, references;
	uint32_t pages;

	/*
	 * Second pass: the stack, with its top kept apart. Lines are whole; 0 is never above any
	 * key.
	 */
	uint32_t top[TOP];
	uint32_t *key;
	uint32_t depth;
	uint64_t *distance; /* by distance, 1 .. pages */
};

static void opt_destroy(void *self)
{
	struct opt *opt = self;

	bel_spool_free(opt->spool);
	free(opt->part);
	free(opt->key);
	free(opt->distance);
	free(opt);
}

static void *opt_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct opt *opt = calloc(1, sizeof(*opt));

	if (!opt) {
		bel_err_memory(err, "opt");
		return NULL;
	}
	opt->setup = *setup;
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

static int opt_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct opt *opt = self;

	if (opt->runs + batch->count >= NEVER)
		return bel_fail(
			err, "opt: trace has more than %u runs; ask for fewer sizes", NEVER - 1);
	opt->pages = pages;
	opt->runs += batch->count;
	for (size_t done = 0; done < batch->count;) {
		const size_t n = batch->count - done < PART ? batch->count - done : PART;

		for (size_t i = 0; i < n; i++) {
			opt->part[i] = batch->runs[done + i].page;
			opt->references += bel_run_count(batch->runs[done + i]);
		}
		if (bel_spool_append(opt->spool, opt->part, n, err) < 0)
			return BEL_FAIL;
		done += n;
	}
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

/*
 * Steps through a line of the stack: the later of two keys is carried on, the sooner one stays.
 * The carried key takes the place of the key `now`. Returns 1 + this place, or 0 if `now` is not
 * here.
 */
BEL_INLINE unsigned sink(uint32_t *line, uint32_t now, uint32_t *carry)
{
	for (unsigned k = 0; k < LINE; k++) {
		const uint32_t here = line[k];

		if (here == now) {
			line[k] = *carry;
			return k + 1;
		}
		line[k] = here < *carry ? here : *carry;
		*carry = here < *carry ? *carry : here;
	}
	return 0;
}

/* Whether a step through the line would change it. */
BEL_INLINE bool stirs(const uint32_t *line, uint32_t now, uint32_t carry)
{
	uint32_t any = 0;

	for (unsigned k = 0; k < LINE; k++)
		any |= (line[k] == now) | (line[k] > carry);
	return any;
}

#if defined(__x86_64__)
static inline BEL_AVX512 unsigned sink_avx512(uint32_t *line, uint32_t now, uint32_t *carry)
{
	const __m512i keys = _mm512_load_si512(line), none = _mm512_setzero_si512();
	const unsigned found = _mm512_cmpeq_epi32_mask(keys, _mm512_set1_epi32((int)now));
	/* The key carried to each lane: the latest of all keys before it. */
	__m512i later = _mm512_alignr_epi32(keys, _mm512_set1_epi32((int)*carry), 15);

	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 15));
	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 14));
	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 12));
	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 8));
	if (found) {
		const __m512i sooner =
			_mm512_mask_min_epu32(keys, (__mmask16)(found - 1), keys, later);

		_mm512_store_si512(line, _mm512_mask_mov_epi32(sooner, (__mmask16)found, later));
		return (unsigned)__builtin_ctz(found) + 1;
	}
	_mm512_store_si512(line, _mm512_min_epu32(keys, later));
	*carry = (uint32_t)_mm_extract_epi32(
		_mm512_extracti32x4_epi32(_mm512_max_epu32(keys, later), 3), 3);
	return 0;
}

static inline BEL_AVX512 bool stirs_avx512(const uint32_t *line, uint32_t now, uint32_t carry)
{
	const __m512i keys = _mm512_load_si512(line);

	return _mm512_cmpeq_epi32_mask(keys, _mm512_set1_epi32((int)now)) |
	       _mm512_cmpgt_epu32_mask(keys, _mm512_set1_epi32((int)carry));
}
#endif

/* The operations on lines. They are constants in each loop. */
struct steps {
	unsigned (*sink)(uint32_t *line, uint32_t now, uint32_t *carry);
	bool (*stirs)(const uint32_t *line, uint32_t now, uint32_t carry);
};

/* The stack below the top, a line at a time. Returns the distance; 0: a first touch. */
BEL_INLINE uint32_t walk_deep(
	struct opt *opt, uint32_t now, uint32_t carry, const struct steps steps)
{
	const uint32_t deep = opt->depth - TOP;

	for (uint32_t at = 0; at < deep; at += LINE) {
		unsigned found;

		if (at && !steps.stirs(opt->key + at, now, carry))
			continue;
		found = steps.sink(opt->key + at, now, &carry);
		if (found)
			return TOP + at + found;
	}
	opt->key[deep] = carry;
	opt->depth++;
	return 0;
}

/* A step while the top is not yet full. */
static void start(struct opt *opt, uint32_t next, uint32_t now)
{
	uint32_t carry = opt->top[0];

	if (opt->depth && carry == now)
		opt->distance[1]++;
	for (uint32_t k = 1; opt->depth && carry != now && k < opt->depth; k++) {
		const uint32_t here = opt->top[k];

		opt->top[k] = here == now || here > carry ? carry : here;
		carry = here == now || here > carry ? here : carry;
		opt->distance[k + 1] += here == now;
	}
	if (carry != now || !opt->depth) {
		if (opt->depth)
			opt->top[opt->depth] = carry;
		opt->depth++;
	}
	opt->top[0] = next;
}

BEL_INLINE void pass(
	struct opt *opt, const uint32_t *next, size_t count, uint32_t now, const struct steps steps)
{
	uint64_t *const distance = opt->distance;
	uint64_t second = 0;
	uint32_t a, b, c, d; /* the top, in registers */
	size_t i = 0;

	for (; i < count && opt->depth < TOP; i++, now++)
		start(opt, next[i], now);
	a = opt->top[0];
	b = opt->top[1];
	c = opt->top[2];
	d = opt->top[3];
	for (; i < count; i++, now++) {
		uint32_t carry = a, here;

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
	pass(opt, next, count, now, (struct steps){sink, stirs});
}

#if defined(__x86_64__)
static BEL_AVX512 void pass_avx512(
	struct opt *opt, const uint32_t *next, size_t count, uint32_t now)
{
	pass(opt, next, count, now, (struct steps){sink_avx512, stirs_avx512});
}
#endif

/* Both walks over the stored runs. */
static int solve(struct opt *opt, struct bel_err *err)
{
	const size_t capacity = ((size_t)opt->pages / LINE + 2) * LINE;
	uint32_t *first = malloc(capacity * sizeof(*first));
	int r;

	opt->key = aligned_alloc(LINE * sizeof(*opt->key), capacity * sizeof(*opt->key));
	opt->distance = calloc(capacity, sizeof(*opt->distance));
	if (!first || !opt->key || !opt->distance) {
		free(first);
		return bel_err_memory(err, "opt");
	}
	memset(opt->key, 0, capacity * sizeof(*opt->key));
	memset(first, 0xff, capacity * sizeof(*first));
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
	curve->compulsory = opt->depth;
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
