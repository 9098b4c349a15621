/* SPDX-License-Identifier: MIT */
/*
 * curve_fifo.c: FIFO at up to 64 sizes at once, without a queue.
 *
 * A page is resident at a size of c frames while fewer than c faults have followed the fault that
 * loaded it. So each page has a row: the number of its loading fault at each size. A reference
 * compares two rows. Numbers wrap modulo 2^32; comparisons are right while rows lag behind by less
 * than 2^31 faults. Older rows are brought closer in time.
 *
 * No row says when a page leaves. So a page's mask says at which sizes it was written since it was
 * loaded, and its next fault at such a size, or the end, shows that it was written back.
 *
 * Memory: 4 bytes per page and size, for a multiple of 16 sizes; 8 per page for the mask.
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
	struct row written_back;
	struct bel_curve_setup setup;
	/* Counted before the last bring_down(). */
	uint64_t total[SIZES], total_written_back[SIZES];
	uint32_t *row;   /* by page: a number for each lane */
	uint64_t *dirty; /* by page: a bit for each size; NULL: no page was written */
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
	free(fifo->dirty);
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

static inline uint32_t *row_of(const struct fifo *fifo, size_t page)
{
	return fifo->row + page * fifo->vectors * LANES;
}

/* The counts start again at the sizes. Rows change with them, so that residency stays the same. */
static void bring_down(struct fifo *fifo)
{
	const size_t lanes = fifo->vectors * LANES;

	for (size_t page = 0; page < fifo->pages; page++)
		for (size_t s = 0; s < lanes; s++) {
			uint32_t *const at = &row_of(fifo, page)[s];
			const uint32_t since = fifo->faults.fault[s] - *at;

			*at = since < fifo->size.fault[s] ? fifo->size.fault[s] - since : 0;
		}
	for (size_t s = 0; s < SIZES; s++) {
		fifo->total[s] += fifo->faults.fault[s] - fifo->size.fault[s];
		fifo->total_written_back[s] += fifo->written_back.fault[s];
	}
	memset(&fifo->written_back, 0, sizeof(fifo->written_back));
	fifo->faults = fifo->size;
	fifo->runs_left = MAX_FRAMES - 1;
}

static int reserve(struct fifo *fifo, uint32_t pages, struct bel_err *err)
{
	const size_t lanes = fifo->vectors * LANES, row_bytes = lanes * sizeof(*fifo->row);

	if (pages > fifo->capacity) {
		size_t capacity = fifo->capacity ? fifo->capacity : 2048;
		uint32_t *grown;

		while (capacity < pages)
			capacity += capacity / 2;
		grown = aligned_alloc(64, capacity * row_bytes);
		if (!grown)
			return bel_err_memory(err, "fifo");
		if (fifo->pages)
			memcpy(grown, fifo->row, fifo->pages * row_bytes);
		free(fifo->row);
		fifo->row = grown;
		if (fifo->dirty &&
			bel_points_reserve_dirty(&fifo->dirty, fifo->capacity, capacity, err) < 0)
			return BEL_FAIL;
		fifo->capacity = (uint32_t)capacity;
	}
	for (; fifo->pages < pages; fifo->pages++)
		for (size_t s = 0; s < lanes; s++)
			row_of(fifo, fifo->pages)[s] = fifo->faults.fault[s] - fifo->size.fault[s];
	return BEL_OK;
}

/* Until a page is written there are no masks, and they take no time. */
static int reserve_first_dirty(
	struct fifo *fifo, const struct bel_batch *batch, struct bel_err *err)
{
	return fifo->setup.writebacks && !fifo->dirty && bel_curve_writes(batch)
		       ? bel_points_reserve_dirty(&fifo->dirty, 0, fifo->capacity, err)
		       : BEL_OK;
}

/* A page's mask after a run that missed at the sizes in `miss`. After a write all bits are set. */
static inline uint64_t dirty_after(uint64_t dirty, uint64_t miss, struct bel_run run)
{
	return run.info & BEL_RUN_WRITE ? UINT64_MAX : dirty & ~miss;
}

/* Differences stay below 2^31, so a signed comparison is right; every machine has one. */
static inline __attribute__((always_inline)) uint64_t rows(
	struct fifo *fifo, const struct bel_run *runs, size_t count, unsigned lanes)
{
	struct row faults = fifo->faults;
	const struct row size = fifo->size;
	uint64_t references = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t *const row = fifo->row + (size_t)runs[i].page * lanes;

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

/*
 * The same with write-backs. Lanes are looked at one by one only after a miss; else compilers would
 * not vectorise the loop, and it would take 5 times as long.
 */
static inline __attribute__((always_inline)) uint64_t rows_dirty(
	struct fifo *fifo, const struct bel_run *runs, size_t count, unsigned lanes)
{
	struct row faults = fifo->faults, missed;
	const struct row size = fifo->size;
	uint64_t references = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t *const row = fifo->row + (size_t)runs[i].page * lanes;
		uint64_t *const dirty = &fifo->dirty[runs[i].page];
		uint32_t any = 0;
		uint64_t mask = 0;

		references += bel_run_count(runs[i]);
		for (unsigned s = 0; s < lanes; s++) {
			const uint32_t since = faults.fault[s] - row[s];
			const uint32_t miss = -(uint32_t)((int32_t)since >= (int32_t)size.fault[s]);

			faults.fault[s] -= miss;
			row[s] = (faults.fault[s] & miss) | (row[s] & ~miss);
			missed.fault[s] = miss;
			any |= miss;
		}
		for (unsigned s = 0; any && s < lanes; s++) {
			mask |= (uint64_t)(missed.fault[s] & 1) << s;
			fifo->written_back.fault[s] +=
				missed.fault[s] & (uint32_t)(*dirty >> s) & 1;
		}
		*dirty = dirty_after(*dirty, mask, runs[i]);
	}
	fifo->faults = faults;
	return references;
}

BEL_INLINE uint64_t rows_of(
	struct fifo *fifo, const struct bel_run *runs, size_t count, unsigned lanes)
{
	return fifo->dirty ? rows_dirty(fifo, runs, count, lanes) : rows(fifo, runs, count, lanes);
}

static uint64_t rows_portable(struct fifo *fifo, const struct bel_run *runs, size_t count)
{
	switch (fifo->vectors) {
	case 1:
		return rows_of(fifo, runs, count, LANES);
	case 2:
		return rows_of(fifo, runs, count, 2 * LANES);
	case 3:
		return rows_of(fifo, runs, count, 3 * LANES);
	default:
		return rows_of(fifo, runs, count, 4 * LANES);
	}
}

#if defined(BEL_AVX512)

enum { AHEAD = 12 }; /* runs whose rows are fetched before they are needed */

/* `dirty`: with write-backs; a constant in each copy. */
BEL_AVX512 static inline __attribute__((always_inline)) uint64_t rows_wide(struct fifo *fifo,
	const struct bel_run *runs, size_t count, unsigned vectors, const bool dirty)
{
	__m512i faults[SIZES / LANES], size[SIZES / LANES], back[SIZES / LANES];
	const __m512i one = _mm512_set1_epi32(1);
	uint64_t references = 0;

	for (unsigned v = 0; v < vectors; v++) {
		faults[v] = _mm512_load_si512(fifo->faults.fault + v * LANES);
		size[v] = _mm512_load_si512(fifo->size.fault + v * LANES);
		back[v] = _mm512_load_si512(fifo->written_back.fault + v * LANES);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t *const row = fifo->row + (size_t)runs[i].page * vectors * LANES;
		const uint32_t soon = runs[i + AHEAD < count ? i + AHEAD : i].page;
		const uint64_t was = dirty ? fifo->dirty[runs[i].page] : 0;
		uint64_t missed = 0;

		for (unsigned v = 0; v < vectors; v++)
			__builtin_prefetch(fifo->row + ((size_t)soon * vectors + v) * LANES);
		if (dirty)
			__builtin_prefetch(&fifo->dirty[soon]);
		references += bel_run_count(runs[i]);
		for (unsigned v = 0; v < vectors; v++) {
			const __m512i at = _mm512_load_si512(row + v * LANES);
			const __mmask16 miss =
				_mm512_cmpge_epu32_mask(_mm512_sub_epi32(faults[v], at), size[v]);

			faults[v] = _mm512_mask_add_epi32(faults[v], miss, faults[v], one);
			_mm512_store_si512(
				row + v * LANES, _mm512_mask_mov_epi32(at, miss, faults[v]));
			if (!dirty)
				continue;
			back[v] = _mm512_mask_add_epi32(
				back[v], miss & (__mmask16)(was >> v * LANES), back[v], one);
			missed |= (uint64_t)miss << v * LANES;
		}
		if (dirty)
			fifo->dirty[runs[i].page] = dirty_after(was, missed, runs[i]);
	}
	for (unsigned v = 0; v < vectors; v++) {
		_mm512_store_si512(fifo->faults.fault + v * LANES, faults[v]);
		_mm512_store_si512(fifo->written_back.fault + v * LANES, back[v]);
	}
	return references;
}

BEL_AVX512 static inline __attribute__((always_inline)) uint64_t rows_wide_of(
	struct fifo *fifo, const struct bel_run *runs, size_t count, unsigned vectors)
{
	return fifo->dirty ? rows_wide(fifo, runs, count, vectors, true)
			   : rows_wide(fifo, runs, count, vectors, false);
}

BEL_AVX512 static uint64_t rows_avx512(struct fifo *fifo, const struct bel_run *runs, size_t count)
{
	switch (fifo->vectors) {
	case 1:
		return rows_wide_of(fifo, runs, count, 1);
	case 2:
		return rows_wide_of(fifo, runs, count, 2);
	case 3:
		return rows_wide_of(fifo, runs, count, 3);
	default:
		return rows_wide_of(fifo, runs, count, 4);
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

	if (reserve(fifo, pages, err) < 0 || reserve_first_dirty(fifo, batch, err) < 0)
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

/*
 * A page that was written is still dirty where it is resident. Elsewhere it was written back.
 * Every page is looked at, so a snapshot at each interval would take long.
 */
static void count_dirty(const struct fifo *fifo, struct bel_curve *curve)
{
	for (size_t s = 0; s < curve->count; s++)
		curve->writebacks[s] = fifo->total_written_back[s] + fifo->written_back.fault[s];
	for (size_t page = 0; fifo->dirty && page < fifo->pages; page++) {
		const uint32_t *const row = row_of(fifo, page);

		for (size_t s = 0; fifo->dirty[page] && s < curve->count; s++) {
			const uint32_t since = fifo->faults.fault[s] - row[s];
			const uint64_t dirty = fifo->dirty[page] >> s & 1;
			const uint64_t resident = since < fifo->size.fault[s];

			curve->dirty[s] += dirty & resident;
			curve->writebacks[s] += dirty & !resident;
		}
	}
}

static int fifo_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct fifo *fifo = self;

	if (bel_points_init_writebacks(curve, &fifo->setup, fifo->pages, err) < 0)
		return BEL_FAIL;
	for (size_t s = 0; s < curve->count; s++)
		curve->faults[s] = fifo->total[s] + (fifo->faults.fault[s] - fifo->size.fault[s]);
	if (fifo->setup.writebacks)
		count_dirty(fifo, curve);
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
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = SIZES,
	.least_sizes = 4,
	.create = fifo_create,
	.feed = fifo_feed,
	.finish = fifo_snapshot,
	.snapshot = fifo_snapshot,
	.destroy = fifo_destroy,
};

BEL_CURVE(fifo);
