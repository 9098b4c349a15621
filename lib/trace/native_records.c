/* SPDX-License-Identifier: MIT */
/*
 * native_records.c: the contents of a block: runs, granules, events. They are checked
 * against the numbers in the block's head.
 */
#include <stdlib.h>

#include "native_reader.h"

int bel_reader_reserve(struct bel_native_reader *r, uint64_t count, struct bel_err *err)
{
	size_t capacity = r->granule_capacity ? r->granule_capacity : 4096;
	struct bel_granule *grown;

	if (count <= r->granule_capacity)
		return BEL_OK;
	while (capacity < count)
		capacity *= 2;
	if (capacity > UINT32_MAX)
		capacity = UINT32_MAX;
	grown = realloc(r->granule, capacity * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "the trace's pages");
	r->granule = grown;
	r->granule_capacity = (uint32_t)capacity;
	return BEL_OK;
}

int bel_reader_granules(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	uint32_t count = r->block.granules_new;
	uint64_t last = r->granules ? r->granule[r->granules - 1].number : 0;

	if (bel_reader_reserve(r, (uint64_t)r->granules + count, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < count; i++) {
		last += bel_unzigzag(bel_view_varint(view));
		r->granule[r->granules++] = (struct bel_granule){last, r->block.space};
	}
	return view->failed ? bel_reader_damaged(r, "bad granule in a block", err) : BEL_OK;
}

/* Nodes of call stacks are numbered over the whole trace; a stack's node is known before it. */
static bool stack_holds(struct bel_native_reader *r, const struct bel_event *event)
{
	if (!bel_event_is_stack(event->type))
		return true;
	if (!r->info.near_pages)
		return false;
	if (event->type == BEL_EVENT_STACK)
		return r->sought || event->value <= r->frames;
	if (event->offset >= event->value || (!r->sought && event->value != r->frames + 1))
		return false;
	r->frames = event->value;
	return true;
}

int bel_reader_events(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	uint64_t at = 0;

	bel_events_clear(&r->events);
	for (uint32_t i = 0; i < r->block.events; i++)
		if (bel_event_decode(view, &at, r->block.space, r->block.records, &r->events, err) <
				0 ||
			!stack_holds(r, &r->events.event[i]))
			return bel_reader_damaged(r, "malformed event", err);
	return BEL_OK;
}

/*
 * Turns records into runs and checks them: granule numbers are dense (a new number is the next
 * one). Returns NULL or what is wrong.
 */
static inline __attribute__((always_inline)) const char *decode_runs(struct bel_native_reader *r,
	struct bel_view *view, struct bel_run *run, size_t count, uint64_t *sum,
	const unsigned id_bytes)
{
	const uint8_t *p = view->data;
	const uint32_t id_mask = id_bytes == 4 ? UINT32_MAX : (1u << (8 * id_bytes % 32)) - 1;
	uint32_t fresh = r->block.granules_before;
	uint64_t references = 0;
	size_t escapes = 0;

	if ((size_t)(view->end - p) < count * (id_bytes + 1))
		return "block shorter than its records";
	for (size_t i = 0; i < count; i++, p += id_bytes + 1) {
		const uint64_t word = get_le(p, 8);
		const uint32_t id = (uint32_t)word & id_mask;
		const uint32_t info = r->info_of_tag[word >> (8 * id_bytes) & 0xff];

		if (__builtin_expect(id >= fresh, 0)) {
			if (id > fresh)
				return "granule numbers are not dense";
			fresh++;
		}
		escapes += info <= BEL_RUN_FLAGS;
		references += info >> BEL_RUN_COUNT_SHIFT;
		run[i] = (struct bel_run){id, info};
	}
	view->data = p;
	for (size_t i = 0; escapes; i++) {
		uint64_t n;

		if (run[i].info > BEL_RUN_FLAGS)
			continue;
		escapes--;
		n = bel_view_varint(view);
		if (!n || n > BEL_RUN_COUNT_MAX)
			return "bad length of a run";
		run[i].info |= (uint32_t)n << BEL_RUN_COUNT_SHIFT;
		references += n;
	}
	if (fresh != r->block.granules_before + r->block.granules_new)
		return "the granules of the block are not those in its head";
	*sum = references;
	return NULL;
}

static const char *decode(struct bel_native_reader *r, struct bel_view *view, struct bel_run *run,
	size_t count, uint64_t *references)
{
	switch (r->block.id_bytes) {
	case 2:
		return decode_runs(r, view, run, count, references, 2);
	case 3:
		return decode_runs(r, view, run, count, references, 3);
	default:
		return decode_runs(r, view, run, count, references, 4);
	}
}

int bel_reader_records(struct bel_native_reader *r, struct bel_view *view, struct bel_run *run,
	size_t count, uint64_t *references, struct bel_err *err)
{
	const char *const wrong = decode(r, view, run, count, references);

	return wrong ? bel_reader_damaged(r, wrong, err) : BEL_OK;
}

int bel_reader_runs(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	uint64_t references;

	if (bel_reader_records(r, view, r->run, r->block.records, &references, err) < 0)
		return BEL_FAIL;
	return references == r->block.references
		       ? BEL_OK
		       : bel_reader_damaged(r, "references do not add up", err);
}
