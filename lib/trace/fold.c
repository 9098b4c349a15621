/* SPDX-License-Identifier: MIT */
/* fold.c: turns exact references into runs with dense page numbers. */
#include "fold.h"

#include <stdlib.h>

#include "crossing.h"
#include "granule_map.h"

enum { FULL = 65536 }; /* a chunk is full at this number of runs */
enum { AHEAD = 16 };   /* references whose places in the table of pages are fetched before */

/* The hot loop keeps the counts by kind in one word, with this many bits each. */
enum { PACKED_BITS = 64 / BEL_KINDS, PIECE = (1 << PACKED_BITS) - 1 };

struct bel_fold {
	struct bel_granule_map map;
	unsigned shift;
	unsigned address_shift; /* keeps addresses: from a page to its first byte; else 0 */
	bool first_byte, addresses;

	/* The open run; count 0: none. */
	uint64_t open_number;
	uint32_t open_page, open_count, open_flags;
	uint32_t space;
	size_t access_next, event_next; /* position in a batch that was taken in part */

	/* Pending further pages of the last reference: after split_at, up to split_last. */
	uint64_t split_at, split_last;
	uint32_t split_flags;
	struct bel_crossing crossing;

	struct bel_run *run;
	size_t count, capacity;
	struct bel_events events;
	struct bel_events late; /* of call stacks, inside of the open run: they wait for its end */
	uint64_t now;           /* of the first run in the buffer */
	uint64_t references;    /* closed and in the buffer */
	uint64_t kinds[BEL_KINDS]; /* including the open run */
	uint64_t crossings;
};

/* The run flags of a reference of each kind. */
static const uint8_t kind_flags[BEL_KINDS] = {
	[BEL_FETCH] = BEL_RUN_FETCH,
	[BEL_LOAD] = BEL_RUN_DATA,
	[BEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_MODIFY] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_KERNEL_LOAD] = BEL_RUN_DATA,
	[BEL_KERNEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
};

struct bel_fold *bel_fold_new(
	unsigned page_bits, unsigned unit_bits, bool first_byte, struct bel_err *err)
{
	struct bel_fold *fold;

	if (page_bits < unit_bits) {
		bel_usage(err, "pages of %llu bytes are smaller than the trace's units of %llu",
			1ULL << page_bits, 1ULL << unit_bits);
		return NULL;
	}
	fold = calloc(1, sizeof(*fold));
	if (!fold || bel_granule_map_init(&fold->map, err) < 0) {
		free(fold);
		bel_err_memory(err, "folding");
		return NULL;
	}
	fold->shift = page_bits - unit_bits;
	fold->first_byte = first_byte;
	return fold;
}

void bel_fold_free(struct bel_fold *fold)
{
	if (!fold)
		return;
	bel_granule_map_release(&fold->map);
	bel_events_release(&fold->events);
	bel_events_release(&fold->late);
	free(fold->run);
	free(fold);
}

void bel_fold_keep_addresses(struct bel_fold *fold)
{
	fold->addresses = true;
	fold->address_shift = fold->shift;
}

struct bel_granules bel_fold_granules(const struct bel_fold *fold)
{
	return (struct bel_granules){fold->map.granule, fold->map.count};
}

static int reserve(struct bel_fold *fold, size_t more, struct bel_err *err)
{
	size_t capacity = fold->capacity ? fold->capacity : 4096;
	struct bel_run *grown;

	while (capacity < fold->count + more)
		capacity *= 2;
	if (capacity == fold->capacity)
		return BEL_OK;
	grown = realloc(fold->run, capacity * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "runs");
	fold->run = grown;
	fold->capacity = capacity;
	return BEL_OK;
}

/* Moves the open run to the buffer. */
static int close_run(struct bel_fold *fold, struct bel_err *err)
{
	if (!fold->open_count)
		return BEL_OK;
	if (reserve(fold, 1, err) < 0)
		return BEL_FAIL;
	fold->run[fold->count++] =
		bel_run_make(fold->open_page, fold->open_count, fold->open_flags);
	fold->references += fold->open_count;
	fold->open_count = 0;
	for (size_t i = 0; i < fold->late.count; i++) {
		fold->late.event[i].at = fold->count;
		if (bel_events_add(&fold->events, &fold->late.event[i], err) < 0)
			return BEL_FAIL;
	}
	bel_events_clear(&fold->late);
	return BEL_OK;
}

/* Adds pending further pages until the chunk is full. Returns 1 if some are left. */
static int add_splits(struct bel_fold *fold, struct bel_err *err)
{
	const uint64_t left = fold->split_last - fold->split_at;
	const uint64_t capacity = fold->count < FULL ? FULL - fold->count : 0;
	uint64_t n = left < capacity ? left : capacity;

	if (reserve(fold, n + 1, err) < 0 || close_run(fold, err) < 0)
		return BEL_FAIL;
	for (; n; n--) {
		const uint64_t at = ++fold->split_at << fold->address_shift;
		const uint32_t page = bel_granule_number(&fold->map, fold->space, at, err);

		if (page == BEL_GRANULE_NONE)
			return BEL_FAIL;
		fold->run[fold->count++] = bel_run_make(page, 1, fold->split_flags | BEL_RUN_SPLIT);
		fold->references++;
		fold->crossings++;
	}
	return fold->split_at != fold->split_last;
}

/* The last reference, of `units`, crosses from page `first` into the pages up to `last`. */
static int cross(struct bel_fold *fold, uint64_t first, uint64_t last, uint32_t flags,
	uint64_t units, struct bel_err *err)
{
	/* References before this one, which is in the open run; split-off pages do not count. */
	const uint64_t references =
		fold->now + fold->references + fold->open_count - 1 - fold->crossing.further;

	if (bel_crossing_take(&fold->crossing, references, last - first, units, err) < 0)
		return BEL_FAIL;
	fold->split_at = first;
	fold->split_last = last;
	fold->split_flags = flags;
	return add_splits(fold, err);
}

/* The hot loop's registers: the open run, and the packed counts by kind. */
struct span {
	uint64_t number, packed;
	uint32_t page, n, flags;
};

static void save(struct bel_fold *fold, const struct span *s)
{
	for (int k = 0; k < BEL_KINDS; k++)
		fold->kinds[k] += s->packed >> (PACKED_BITS * k) & PIECE;
	fold->open_number = s->number;
	fold->open_page = s->page;
	fold->open_count = s->n;
	fold->open_flags = s->flags;
}

static struct span load(const struct bel_fold *fold)
{
	return (struct span){.number = fold->open_number,
		.page = fold->open_page,
		.n = fold->open_count,
		.flags = fold->open_flags};
}

/*
 * The hot loop: takes at most PIECE references without events between them, so the packed
 * counts cannot overflow. Returns 1 if the chunk is full; *taken: references taken.
 */
static int add_span(struct bel_fold *fold, const struct bel_access *access, size_t count,
	size_t *taken, struct bel_err *err)
{
	const unsigned shift = fold->shift;
	const uint64_t whole = fold->first_byte ? 0 : UINT64_MAX;
	const bool far = bel_granule_far(&fold->map);
	struct span s = load(fold);
	int r;

	*taken = count;
	if (reserve(fold, count + 1, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++) {
		const uint64_t address = access[i].address, at = address >> shift;
		const uint64_t end = address + ((access[i].size - 1) & whole);
		const uint64_t last = (end < address ? UINT64_MAX : end) >> shift;
		const uint32_t flags = kind_flags[access[i].kind];

		if (at != s.number || !s.n || s.n == BEL_RUN_COUNT_MAX) {
			if (s.n) {
				fold->run[fold->count++] = bel_run_make(s.page, s.n, s.flags);
				fold->references += s.n;
			}
			if (__builtin_expect(far, 0) && i + AHEAD < count)
				bel_granule_fetch(&fold->map, fold->space,
					access[i + AHEAD].address >> shift);
			s.page = bel_granule_number(&fold->map, fold->space, at, err);
			if (s.page == BEL_GRANULE_NONE)
				return BEL_FAIL;
			s.number = at;
			s.n = 0;
			s.flags = 0;
		}
		s.n++;
		s.flags |= flags;
		s.packed += UINT64_C(1) << (PACKED_BITS * access[i].kind);
		if (__builtin_expect(last != at, 0)) {
			save(fold, &s);
			r = cross(fold, at, last, flags, access[i].size, err);
			if (r) {
				*taken = i + 1;
				return r;
			}
			if (reserve(fold, count - i + 1, err) < 0)
				return BEL_FAIL;
			s = load(fold);
		}
	}
	save(fold, &s);
	return BEL_OK;
}

/* The same if addresses are kept. The run of the last reference stays open for cross(). */
static int add_addresses(struct bel_fold *fold, const struct bel_access *access, size_t count,
	size_t *taken, struct bel_err *err)
{
	if (reserve(fold, count + 1, err) < 0)
		return BEL_FAIL;
	for (*taken = 0; *taken < count;) {
		const struct bel_access *const one = &access[(*taken)++];
		const uint64_t end = one->address + (fold->first_byte ? 0 : one->size - 1);
		const uint64_t first = one->address >> fold->shift;
		const uint64_t last = (end < one->address ? UINT64_MAX : end) >> fold->shift;

		if (close_run(fold, err) < 0)
			return BEL_FAIL;
		fold->open_page = bel_granule_number(&fold->map, fold->space, one->address, err);
		if (fold->open_page == BEL_GRANULE_NONE)
			return BEL_FAIL;
		fold->open_count = 1;
		fold->open_flags = kind_flags[one->kind];
		fold->kinds[one->kind]++;
		if (last != first) {
			const int r = cross(fold, first, last, fold->open_flags, one->size, err);

			if (r || reserve(fold, count - *taken + 1, err) < 0)
				return r ? r : BEL_FAIL;
		}
	}
	return BEL_OK;
}

/*
 * How many of the references continue the open run, for which events wait. One that does, and then
 * crosses into another page, is taken alone. 0: the run ends here.
 */
static size_t continue_run(const struct bel_fold *fold, const struct bel_access *access, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const uint64_t last = access[i].address + access[i].size - 1;

		if (access[i].address >> fold->shift != fold->open_number)
			return i;
		if (last >> fold->shift != fold->open_number)
			return i ? i : 1;
	}
	return n;
}

/*
 * Takes references from *done up to `to`, in pieces that fit into the packed counts. Returns 1 if
 * the chunk is full.
 */
static int add_pieces(struct bel_fold *fold, const struct bel_access *access, size_t *done,
	size_t to, struct bel_err *err)
{
	while (*done < to) {
		size_t taken, n = to - *done < PIECE ? to - *done : PIECE;
		int r;

		if (fold->count >= FULL)
			return 1;
		if (fold->late.count && !fold->addresses)
			n = continue_run(fold, access + *done, n);
		if (n == 0 && close_run(fold, err) < 0)
			return BEL_FAIL;
		r = (fold->addresses ? add_addresses : add_span)(
			fold, access + *done, n, &taken, err);
		*done += taken;
		if (r)
			return r;
	}
	return BEL_OK;
}

static void give(struct bel_fold *fold, struct bel_chunk *chunk)
{
	*chunk = (struct bel_chunk){
		.runs = fold->run,
		.count = fold->count,
		.events = fold->events.event,
		.event_count = fold->events.count,
		.now = fold->now,
		.references = fold->references,
		.crossings = fold->crossings,
		.space = fold->space,
	};
	for (int k = 0; k < BEL_KINDS; k++)
		chunk->kinds[k] = fold->kinds[k];
}

/* Drops the runs and counts of the last chunk. */
static void restart(struct bel_fold *fold)
{
	fold->now += fold->references;
	fold->count = 0;
	fold->references = 0;
	fold->crossings = 0;
	for (int k = 0; k < BEL_KINDS; k++)
		fold->kinds[k] = 0;
	bel_events_clear(&fold->events);
}

static int add_event(struct bel_fold *fold, const struct bel_event *event, struct bel_err *err)
{
	struct bel_event copy = *event;

	/* Call stacks apply to far pages (event.h). The open run's page is near. */
	if (fold->open_count && bel_event_is_stack(event->type))
		return bel_events_add(&fold->late, event, err);
	if (close_run(fold, err) < 0)
		return BEL_FAIL;
	copy.at = fold->count;
	return bel_events_add(&fold->events, &copy, err);
}

/* Gives a chunk for a batch that was taken only in part. */
static int give_part(
	struct bel_fold *fold, size_t access_next, size_t event_next, struct bel_chunk *chunk)
{
	fold->access_next = access_next;
	fold->event_next = event_next;
	give(fold, chunk);
	return 1;
}

int bel_fold_add(struct bel_fold *fold, const struct bel_accesses *batch, struct bel_chunk *chunk,
	struct bel_err *err)
{
	size_t done = fold->access_next, e = fold->event_next;
	int r = 0;

	restart(fold);
	if (fold->split_at != fold->split_last)
		r = add_splits(fold, err);
	if (r)
		return r < 0 ? r : give_part(fold, done, e, chunk);
	if (batch->space != fold->space && fold->open_count) {
		if (close_run(fold, err) < 0)
			return BEL_FAIL;
		give(fold, chunk);
		return 1;
	}
	fold->space = batch->space;
	for (; e < batch->events.count; e++) {
		const struct bel_event *event = &batch->events.event[e];

		r = add_pieces(fold, batch->access, &done,
			event->at < batch->count ? event->at : batch->count, err);
		if (r)
			return r < 0 ? r : give_part(fold, done, e, chunk);
		if (event->type == BEL_EVENT_MARK && (fold->count || fold->open_count)) {
			if (close_run(fold, err) < 0)
				return BEL_FAIL;
			return give_part(fold, done, e, chunk);
		}
		if (add_event(fold, event, err) < 0)
			return BEL_FAIL;
	}
	r = add_pieces(fold, batch->access, &done, batch->count, err);
	if (r)
		return r < 0 ? r : give_part(fold, done, e, chunk);
	fold->access_next = fold->event_next = 0;
	give(fold, chunk);
	return 0;
}

int bel_fold_end(struct bel_fold *fold, struct bel_chunk *chunk, struct bel_err *err)
{
	restart(fold);
	if (close_run(fold, err) < 0)
		return BEL_FAIL;
	give(fold, chunk);
	return BEL_OK;
}
