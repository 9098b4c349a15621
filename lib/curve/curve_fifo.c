/* SPDX-License-Identifier: MIT */
/*
 * curve_fifo.c: FIFO at up to 64 sizes at once, without a queue.
 *
 * A page is resident at a size of c frames while fewer than c faults have followed the fault that
 * loaded it. So each page has a row: the number of its loading fault at each size. A reference
 * compares two rows. Numbers wrap modulo 2^32; comparisons are right while rows lag behind by less
 * than 2^31 faults. Older rows are brought closer in time.
 *
 * Memory: 256 bytes per page.
 */
#include <stdlib.h>
#include <string.h>

#include "points.h"
#include "simd.h"

enum { SIZES = 64, LANES = 16, NEAREST = 1 << 24 };

/* Larger memories hold all pages that can exist. */
#define MAX_FRAMES (1u << 30)

struct row {
	uint32_t fault[SIZES];
} __attribute__((aligned(64)));

struct fifo {
	struct row faults; /* faults so far plus the size: so a page's row of 0 is a fault */
	struct row size;   /* sizes in frames; unused ones repeat the first */
	struct bel_curve_setup setup;
	uint64_t total[SIZES]; /* faults counted before the last bring_down() */
	struct row *row;       /* by page */
	uint32_t pages, capacity;
	unsigned vectors; /* number of vectors in use, each of LANES sizes */
	bool wide;
	uint64_t references;
	uint64_t runs_left; /* runs until rows may have to be brought closer */
};

static void fifo_destroy(void *self)
{
	struct fifo *fifo = self;

	free(fifo->row);
	free(fifo);
}

static void *fifo_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct fifo *fifo;

	if (!setup->x || !setup->count || setup->count > SIZES) {
		bel_usage(err, "fifo: a pass takes 1 to %d sizes", SIZES);
		return NULL;
	}
	fifo = aligned_alloc(64, (sizeof(*fifo) + 63) / 64 * 64);
	if (!fifo) {
		bel_err_memory(err, "fifo");
		return NULL;
	}
	memset(fifo, 0, sizeof(*fifo));
	fifo->setup = *setup;
	fifo->vectors = (unsigned)((setup->count + LANES - 1) / LANES);
	fifo->wide = !setup->portable && bel_has_avx512();
	fifo->runs_left = MAX_FRAMES - 1;
	for (size_t s = 0; s < SIZES; s++) {
		const uint64_t frames = setup->x[s < setup->count ? s : 0];

		fifo->size.fault[s] = frames < MAX_FRAMES ? (uint32_t)frames : MAX_FRAMES;
	}
	fifo->faults = fifo->size;
	return fifo;
}

/* The counts start again at the sizes. Rows change with them, so that residency stays the same. */
static void bring_down(struct fifo *fifo)
{
	for (size_t page = 0; page < fifo->pages; page++)
		for (size_t s = 0; s < SIZES; s++) {
			uint32_t *const at = &fifo->row[page].fault[s];
			const uint32_t since = fifo->faults.fault[s] - *at;

			*at = since < fifo->size.fault[s] ? fifo->size.fault[s] - since : 0;
		}
	for (size_t s = 0; s < SIZES; s++)
		fifo->total[s] += fifo->faults.fault[s] - fifo->size.fault[s];
	fifo->faults = fifo->size;
	fifo->runs_left = MAX_FRAMES - 1;
}

static int reserve(struct fifo *fifo, uint32_t pages, struct bel_err *err)
{
	if (pages > fifo->capacity) {
		size_t capacity = fifo->capacity ? fifo->capacity : 2048;
		struct row *grown;

		while (capacity < pages)
			capacity += capacity / 2;
		grown = aligned_alloc(64, capacity * sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "fifo");
		if (fifo->pages)
			memcpy(grown, fifo->row, fifo->pages * sizeof(*grown));
		free(fifo->row);
		fifo->row = grown;
		fifo->capacity = (uint32_t)capacity;
	}
	for (; fifo->pages < pages; fifo->pages++)
		for (size_t s = 0; s < SIZES; s++)
			fifo->row[fifo->pages].fault[s] =
				fifo->faults.fault[s] - fifo->size.fault[s];
	return BEL_OK;
}

/* Differences stay below 2^31, so a signed comparison is right; every machine has one. */
static inline __attribute__((always_inline)) uint64_t rows(
	struct fifo *fifo, const struct bel_run *runs, size_t count, unsigned lanes)
{
	struct row faults = fifo->faults;
	const struct row size = fifo->size;
	uint64_t references = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t *const row = fifo->row[runs[i].page].fault;

		references += bel_run_count(runs[i]);
		for (unsigned s = 0; s < lanes; s++) {
			const uint32_t since = faults.fault[s] - row[s];
			const uint32_t miss = -(uint32_t)((int32_t)since >= (int32_t)size.fault[s]);

			faults.fault[s] -= miss;
			row[s] = (faults.fault[s] & miss) | (row[s] & ~miss);
		}
	}
	fifo->faults = faults;
	return references;
}

static uint64_t rows_portable(struct fifo *fifo, const struct bel_run *runs, size_t count)
{
	switch (fifo->vectors) {
	case 1:
		return rows(fifo, runs, count, LANES);
	case 2:
		return rows(fifo, runs, count, 2 * LANES);
	case 3:
		return rows(fifo, runs, count, 3 * LANES);
	default:
		return rows(fifo, runs, count, 4 * LANES);
	}
}

#if defined(BEL_AVX512)

enum { AHEAD = 12 }; /* runs whose rows are fetched before they are needed */

BEL_AVX512 static inline __attribute__((always_inline)) uint64_t rows_wide(
	struct fifo *fifo, const struct bel_run *runs, size_t count, unsigned vectors)
{
	__m512i faults[SIZES / LANES], size[SIZES / LANES];
	const __m512i one = _mm512_set1_epi32(1);
	uint64_t references = 0;

	for (unsigned v = 0; v < vectors; v++) {
		faults[v] = _mm512_load_si512(fifo->faults.fault + v * LANES);
		size[v] = _mm512_load_si512(fifo->size.fault + v * LANES);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t *const row = fifo->row[runs[i].page].fault;
		const size_t soon = i + AHEAD < count ? i + AHEAD : i;

		for (unsigned v = 0; v < vectors; v++)
			__builtin_prefetch(fifo->row[runs[soon].page].fault + v * LANES);
		references += bel_run_count(runs[i]);
		for (unsigned v = 0; v < vectors; v++) {
			const __m512i at = _mm512_load_si512(row + v * LANES);
			const __mmask16 miss =
				_mm512_cmpge_epu32_mask(_mm512_sub_epi32(faults[v], at), size[v]);

			faults[v] = _mm512_mask_add_epi32(faults[v], miss, faults[v], one);
			_mm512_store_si512(
				row + v * LANES, _mm512_mask_mov_epi32(at, miss, faults[v]));
		}
	}
	for (unsigned v = 0; v < vectors; v++)
		_mm512_store_si512(fifo->faults.fault + v * LANES, faults[v]);
	return references;
}

BEL_AVX512 static uint64_t rows_avx512(struct fifo *fifo, const struct bel_run *runs, size_t count)
{
	switch (fifo->vectors) {
	case 1:
		return rows_wide(fifo, runs, count, 1);
	case 2:
		return rows_wide(fifo, runs, count, 2);
	case 3:
		return rows_wide(fifo, runs, count, 3);
	default:
		return rows_wide(fifo, runs, count, 4);
	}
}

#else

static uint64_t rows_avx512(struct fifo *fifo, const struct bel_run *runs, size_t count)
{
	return rows_portable(fifo, runs, count);
}

#endif

static int fifo_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct fifo *fifo = self;

	if (reserve(fifo, pages, err) < 0)
		return BEL_FAIL;
	for (size_t done = 0; done < batch->count;) {
		const size_t left = batch->count - done;
		const size_t n = left < NEAREST ? left : NEAREST;

		if (fifo->runs_left < n)
			bring_down(fifo);
		fifo->runs_left -= n;
		fifo->references += fifo->wide ? rows_avx512(fifo, batch->runs + done, n)
					       : rows_portable(fifo, batch->runs + done, n);
		done += n;
	}
	return BEL_OK;
}

static int fifo_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct fifo *fifo = self;

	if (bel_points_init(curve, &fifo->setup, fifo->pages, err) < 0)
		return BEL_FAIL;
	for (size_t s = 0; s < curve->count; s++)
		curve->faults[s] = fifo->total[s] + (fifo->faults.fault[s] - fifo->size.fault[s]);
	curve->policy = "fifo";
	curve->algorithm = "rows of 64 sizes";
	curve->exact = true;
	curve->references = fifo->references;
	curve->pages = fifo->pages;
	curve->compulsory = fifo->pages;
	return BEL_OK;
}

static const struct bel_curve_algorithm fifo = {
	.policy = "fifo",
	.name = "rows",
	.source = "L. A. Belady, R. A. Nelson, G. S. Shedler, An anomaly in space-time "
		  "characteristics of certain programs running in a paging machine, "
		  "Communications of the ACM 12(6), 1969",
	.caps = BEL_CURVE_SNAPSHOT,
	.most_sizes = SIZES,
	.create = fifo_create,
	.feed = fifo_feed,
	.finish = fifo_snapshot,
	.snapshot = fifo_snapshot,
	.destroy = fifo_destroy,
};

BEL_CURVE(fifo);
