/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.c: raw records to phrases, and what of them is recorded.
 *
 * Whether a phrase is in its slot is a hash of segment and places away; a slot is
 * simply overwritten by the next phrase of the same hash.
 */
#include "tracer.h"

ULong raw[RAW_WORDS + RAW_MARGIN];

struct slot {
	ULong place[BEL_TOKEN_PLACES];
	UInt segment; /* 0: empty */
};
static struct slot slots[BEL_TOKEN_SLOTS];

static const ULong factor[BEL_TOKEN_PLACES] = {0x9e3779b97f4a7c15ULL, 0xc2b2ae3d27d4eb4fULL,
	0x165667b19e3779f9ULL, 0xd6e8feb86659fd93ULL, 0xa0761d6478bd642fULL, 0xe7037ed1a0b428dbULL,
	0x8ebc6af09c88c6e3ULL, 0x589965cc75374cc3ULL};

static ULong last_place;

/* What is left out. */
static enum { WAITING, SKIPPING, RECORDING, FINISHED } mode;
static ULong left;       /* references until the mode changes */
static ULong limit_left; /* references still to be recorded */
static ULong skipped;    /* not told yet */
static ULong gap;        /* between two windows */

static ULong least(ULong a, ULong b)
{
	return a < b ? a : b;
}

static void tell_skipped(void)
{
	if (skipped) {
		wire_byte(BEL_TOKEN_SKIPPED);
		wire_number(skipped);
	}
	skipped = 0;
}

static void record_from_here(void)
{
	mode = RECORDING;
	left = least(limit_left, settings.window ? settings.window : ~0ULL);
	tell_skipped();
}

static void finish(void)
{
	if (mode == FINISHED)
		return;
	mode = FINISHED;
	left = ~0ULL;
}

/* `left` references have passed. */
static void change_mode(void)
{
	if (mode == RECORDING) {
		limit_left -= least(limit_left, settings.window ? settings.window : limit_left);
		if (limit_left == 0) {
			finish();
			wire_byte(BEL_TOKEN_END);
			wire_number(BEL_TOKEN_LIMITED);
			wire_number(settings.limit);
			wire_flush();
			return;
		}
		mode = SKIPPING;
		left = gap;
		return;
	}
	record_from_here();
}

/* What was waited for has come. */
static void begin(void)
{
	if (mode != WAITING)
		return;
	mode = SKIPPING;
	left = settings.skip;
	if (left == 0)
		record_from_here();
}

void drain_init(void)
{
	limit_left = settings.limit ? settings.limit : ~0ULL;
	gap = settings.period - settings.window;
	mode = WAITING;
	left = ~0ULL;
	if (!settings.from_mark && !settings.from_function)
		begin();
}

void drain_mark(const HChar *name)
{
	if (mode == WAITING && settings.from_mark && VG_(strcmp)(name, settings.from_mark) == 0)
		begin();
	if (mode != WAITING && settings.to_mark && VG_(strcmp)(name, settings.to_mark) == 0)
		finish();
}

/* Whether references matter at all now; --from-fn's function is found by watching. */
Bool drain_interested(void)
{
	return mode == SKIPPING || mode == RECORDING || (mode == WAITING && settings.from_function);
}

/* One reference outside of all segments, the kernel's: whether it is recorded. */
Bool drain_one(void)
{
	if (left == 0)
		change_mode();
	left--;
	skipped += mode == SKIPPING;
	return mode == RECORDING;
}

/* The process ends. */
void drain_end(void)
{
	tell_skipped();
}

void drain_forget(void)
{
	for (UInt i = 0; i < BEL_TOKEN_SLOTS; i++)
		slots[i].segment = 0;
	last_place = 0;
	skipped = 0;
}

static inline ULong place_of(ULong address, UInt further)
{
	const UInt bits = settings.granule_bits;
	const ULong mask = (1ULL << bits) - 1;

	if (bits == 0)
		return address;
	return (address >> bits) << 4 | ((address & mask) + further) >> bits;
}

static ULong place_in(const struct segment *segment, const ULong *record, UInt i)
{
	const ULong address = record[1 + i];

	/* All ones in a segment with conditions: the reference's was false. */
	if (segment->conditional && address == ~0ULL)
		return BEL_TOKEN_ABSENT;
	return place_of(address, segment->further[i]);
}

static void send_place(ULong place)
{
	if (place == BEL_TOKEN_ABSENT) {
		wire_number(0);
		return;
	}
	{
		const Long by = place - last_place;

		wire_number(((ULong)by << 1 ^ (ULong)(by >> 63)) + 1);
	}
	last_place = place;
}

/* References [from, to) of the record, made or not. */
static void send_piece(const ULong *record, UInt from, UInt to)
{
	const struct segment *const segment = &segments[*record];
	const struct item *const items = segment_items(segment);
	UInt at = 0, place = 0;

	if (from == to)
		return;
	segment_tell(*record);
	wire_byte(BEL_TOKEN_PIECE);
	wire_number(*record);
	wire_number(from);
	wire_number(to);
	for (UInt i = 0; i < segment->items; i++) {
		if (items[i].type == BEL_TOKEN_FURTHER)
			continue;
		if (items[i].type == BEL_TOKEN_FETCH) {
			at += settings.granule_bits ? items[i].number : 1;
			continue;
		}
		send_place(at >= from && at < to ? place_in(segment, record, place)
						 : BEL_TOKEN_ABSENT);
		at++;
		place++;
	}
}

/* One record, reference by reference: the mode may change in the midst of it. */
static void take_slowly(const ULong *record, UInt references)
{
	const struct segment *const segment = &segments[*record];
	const struct item *const items = segment_items(segment);
	UInt at = 0, from = 0, place = 0;

	for (UInt i = 0; i < segment->items; i++) {
		const Bool fetch = items[i].type == BEL_TOKEN_FETCH;
		const UInt n = fetch && settings.granule_bits ? items[i].number : 1;

		if (items[i].type == BEL_TOKEN_FURTHER)
			continue;
		for (UInt j = 0; j < n && at < references; j++, at++) {
			if (!fetch && place_in(segment, record, place) == BEL_TOKEN_ABSENT)
				continue;
			if (left == 0) {
				if (mode == RECORDING)
					send_piece(record, from, at);
				change_mode();
				from = at;
			}
			left--;
			if (mode == SKIPPING)
				skipped++;
		}
		place += !fetch;
	}
	if (mode == RECORDING)
		send_piece(record, from, at);
}

void drain_piece(const ULong *record, UInt events)
{
	if (*record != SEGMENT_BEGIN)
		take_slowly(record, events);
}

static UInt made(const struct segment *segment, const ULong *record)
{
	UInt n = segment->references;

	for (UInt i = 0; segment->conditional && i < segment->places; i++)
		n -= record[1 + i] == ~0ULL;
	return n;
}

static __attribute__((noinline)) void define(const ULong *record, UInt at, const ULong *place)
{
	const struct segment *const segment = &segments[*record];
	struct slot *const slot = &slots[at];

	segment_tell(*record);
	wire_byte(BEL_TOKEN_PHRASE);
	wire_number(at);
	wire_number(*record);
	slot->segment = *record;
	for (UInt i = 0; i < segment->places; i++) {
		slot->place[i] = place[i];
		send_place(place[i]);
	}
	wire_room(RAW_WORDS + RAW_MARGIN);
}

/* Records while they fit into `left`; returns the first that does not, or the end. */
static const ULong *drain_recorded(const ULong *record, const ULong *end)
{
	ULong place[BEL_TOKEN_PLACES];

	wire_room(RAW_WORDS + RAW_MARGIN);
	while (record < end) {
		const UInt number = *record;
		const struct segment *const segment = &segments[number];
		const UInt n = segment->places;
		UInt references = segment->references, at, differs;
		ULong hash = number * 0x9fb21c651e98df25ULL;

		if (__builtin_expect(segment->conditional, 0)) {
			references = made(segment, record);
			for (UInt i = 0; i < n; i++)
				place[i] = place_in(segment, record, i);
		} else {
			for (UInt i = 0; i < n; i++)
				place[i] = place_of(record[1 + i], segment->further[i]);
		}
		if (__builtin_expect(references > left || number == SEGMENT_BEGIN, 0))
			break;
		left -= references;
		for (UInt i = 0; i < n; i++)
			hash += place[i] * factor[i];
		at = (hash ^ hash >> 29) * 0x9e3779b97f4a7c15ULL >> 49;
		differs = slots[at].segment != number;
		for (UInt i = 0; i < n; i++)
			differs |= slots[at].place[i] != place[i];
		if (__builtin_expect(differs, 0))
			define(record, at, place);
		else
			wire_phrase(at);
		record += 1 + n;
	}
	return record;
}

/* The same for records that are only counted. */
static const ULong *drain_counted(const ULong *record, const ULong *end)
{
	ULong passed = 0;

	while (record < end && *record != SEGMENT_BEGIN) {
		const struct segment *const segment = &segments[*record];
		const UInt references = made(segment, record);

		if (references > left - passed)
			break;
		passed += references;
		record += 1 + segment->places;
	}
	left -= passed;
	if (mode == SKIPPING)
		skipped += passed;
	return record;
}

void drain(const ULong *end)
{
	const ULong *record = raw;

	while (record < end) {
		record = mode == RECORDING ? drain_recorded(record, end)
					   : drain_counted(record, end);
		if (record == end)
			return;
		if (*record == SEGMENT_BEGIN)
			begin();
		else
			take_slowly(record, ~0u);
		record += 1 + segments[*record].places;
	}
}
