/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.c: converts raw records to cached blocks, and selects what is recorded.
 *
 * A hash of block and places gives the cache entry to look in. A cache entry is overwritten by the
 * next cached block with the same hash.
 */
#include "tracer.h"

ULong raw[RAW_WORDS + RAW_MARGIN];

/* Most blocks have few operands: then one lookup touches half a cache line. */
#define NEAR_OPERANDS 3
static struct cached_block {
	UInt block; /* 0: empty */
	ULong operand[NEAR_OPERANDS];
} __attribute__((aligned(32))) cache[BEL_TOKEN_CACHE_ENTRIES];
static ULong further_operand[BEL_TOKEN_CACHE_ENTRIES][BEL_TOKEN_OPERANDS - NEAR_OPERANDS];

/*
 * Of the hash, whose first bits count. Places are granules times 16: with factors below 2^60,
 * consecutive granules are far apart.
 */
static const ULong factor[BEL_TOKEN_OPERANDS] = {0x09e3779b97f4a7c1ULL, 0x0c2b2ae3d27d4eb5ULL,
	0x0165667b19e3779fULL, 0x0d6e8feb86659fd9ULL, 0x0a0761d6478bd643ULL, 0x0e7037ed1a0b428dULL,
	0x08ebc6af09c88c6fULL, 0x0589965cc75374cdULL};

static ULong last_operand;

/* What is recorded and what is not. */
static enum { WAITING, SKIPPING, RECORDING, FINISHED } mode;
#define ENDLESS (1ULL << 62) /* more references than a program makes */
static ULong left;           /* references until the mode changes */
static ULong limit_left;     /* references still to record */
static ULong skipped;        /* references left out but not yet reported */
static ULong gap;            /* references between two windows */

static ULong least(ULong a, ULong b)
{
	return a < b ? a : b;
}

static void report_skipped(void)
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
	report_skipped();
	drain_tell();
}

static void finish(void)
{
	if (mode == FINISHED)
		return;
	mode = FINISHED;
	left = ~0ULL;
}

/* Called after `left` references. */
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

/* Called when the start mark or function is reached. */
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

/*
 * Whether references are wanted now. To find the function of --from-fn, and to know the call stack
 * where recording begins, code must be watched.
 */
Bool drain_interested(void)
{
	return mode == SKIPPING || mode == RECORDING ||
	       (mode == WAITING && (settings.from_function || settings.stacks));
}

void drain_tell(void)
{
	if (settings.stacks && mode == RECORDING)
		shadow_tell();
}

/* Counts one reference outside of all blocks, the kernel's. Returns whether it is recorded. */
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
	report_skipped();
}

void drain_forget(void)
{
	for (UInt i = 0; i < BEL_TOKEN_CACHE_ENTRIES; i++)
		cache[i].block = 0;
	last_operand = 0;
	skipped = 0;
}

static inline __attribute__((always_inline)) ULong operand_of(
	ULong address, UInt further, UInt bits)
{
	const ULong mask = (1ULL << bits) - 1;

	if (bits == 0)
		return address;
	return (address >> bits) << 4 | ((address & mask) + further) >> bits;
}

static ULong operand_in(const struct block *block, const ULong *record, UInt i)
{
	const ULong address = record[1 + i];

	/* All ones in a block with conditions mean that the reference's condition was false. */
	if (block->conditional && address == ~0ULL)
		return BEL_TOKEN_ABSENT;
	return operand_of(address, block->further[i], settings.granule_bits);
}

static inline ULong *cached_operand(UInt at, UInt i)
{
	return i < NEAR_OPERANDS ? &cache[at].operand[i] : &further_operand[at][i - NEAR_OPERANDS];
}

static void send_operand(ULong operand)
{
	if (operand == BEL_TOKEN_ABSENT) {
		wire_number(0);
		return;
	}
	{
		const Long by = operand - last_operand;

		wire_number(((ULong)by << 1 ^ (ULong)(by >> 63)) + 1);
	}
	last_operand = operand;
}

/* Sends references [from, to) of the record, made or not. */
static void send_piece(const ULong *record, UInt from, UInt to)
{
	const struct block *const block = &blocks[record_block(record)];
	const struct item *const items = block_items(block);
	UInt at = 0, operand = 0;

	if (from == to)
		return;
	block_report(record_block(record));
	wire_byte(BEL_TOKEN_PIECE);
	wire_number(record_block(record));
	wire_number(from);
	wire_number(to);
	for (UInt i = 0; i < block->items; i++) {
		if (items[i].type == BEL_TOKEN_FURTHER)
			continue;
		if (items[i].type == BEL_TOKEN_FETCH) {
			at += settings.granule_bits ? items[i].number : 1;
			continue;
		}
		send_operand(at >= from && at < to ? operand_in(block, record, operand)
						   : BEL_TOKEN_ABSENT);
		at++;
		operand++;
	}
}

/* Processes a record reference by reference, because the mode may change inside it. */
static void take_slowly(const ULong *record, UInt references)
{
	const struct block *const block = &blocks[record_block(record)];
	const struct item *const items = block_items(block);
	UInt at = 0, from = 0, operand = 0;

	for (UInt i = 0; i < block->items; i++) {
		const Bool fetch = items[i].type == BEL_TOKEN_FETCH;
		const UInt n = fetch && settings.granule_bits ? items[i].number : 1;

		if (items[i].type == BEL_TOKEN_FURTHER)
			continue;
		for (UInt j = 0; j < n && at < references; j++, at++) {
			if (!fetch && operand_in(block, record, operand) == BEL_TOKEN_ABSENT)
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
		operand += !fetch;
	}
	if (mode == RECORDING)
		send_piece(record, from, at);
}

void drain_piece(const ULong *record, UInt events)
{
	take_slowly(record, events);
}

static UInt made(const struct block *block, const ULong *record)
{
	UInt n = block->references;

	for (UInt i = 0; block->conditional && i < block->operands; i++)
		n -= record[1 + i] == ~0ULL;
	return n;
}

static __attribute__((noinline)) UChar *define(const ULong *record, UInt at, const UChar *to)
{
	const struct block *const block = &blocks[record_block(record)];

	wire_end(to);
	block_report(record_block(record));
	wire_byte(BEL_TOKEN_CACHE_BLOCK);
	wire_number(at);
	wire_number(record_block(record));
	cache[at].block = record_block(record);
	for (UInt i = 0; i < block->operands; i++) {
		const ULong operand = operand_in(block, record, i);

		*cached_operand(at, i) = operand;
		send_operand(operand);
	}
	return wire_begin(RAW_WORDS + RAW_MARGIN);
}

/*
 * The cache entry for a record; *differs: it holds something else. Most calls have constant n and
 * `conditional`, so that the loops are unrolled: their branches would often be mispredicted.
 */
static inline __attribute__((always_inline)) UInt find(const ULong *record,
	const struct block *block, const UInt n, Bool conditional, UInt bits, Bool *differs)
{
	const UInt number = record_block(record);
	ULong operand[BEL_TOKEN_OPERANDS] = {0}, hash = number * 0x9fb21c651e98df25ULL;
	UInt at, other;

#pragma GCC unroll 8
	for (UInt i = 0; i < n; i++) {
		operand[i] = conditional ? operand_in(block, record, i)
					 : operand_of(record[1 + i], block->further[i], bits);
		hash += operand[i] * factor[i];
	}
	at = hash >> 49;
	other = cache[at].block != number;
#pragma GCC unroll 8
	for (UInt i = 0; i < n; i++)
		other |= *cached_operand(at, i) != operand[i];
	*differs = other;
	return at;
}

/*
 * The same for any number of operands. *next is the record behind it: a constant in each case, so that the
 * processor, which predicts the case, need not wait for this record's head to read the next one.
 */
static inline __attribute__((always_inline)) UInt find_any(const ULong *record,
	const struct block *block, UInt bits, Bool *differs, const ULong **next)
{
	switch (record_operands(record)) {
	case 0:
		*next = record + 1;
		return find(record, block, 0, False, bits, differs);
	case 1:
		*next = record + 2;
		return find(record, block, 1, False, bits, differs);
	case 2:
		*next = record + 3;
		return find(record, block, 2, False, bits, differs);
	case 3:
		*next = record + 4;
		return find(record, block, 3, False, bits, differs);
	case 4:
		*next = record + 5;
		return find(record, block, 4, False, bits, differs);
	case 5:
		*next = record + 6;
		return find(record, block, 5, False, bits, differs);
	case 6:
		*next = record + 7;
		return find(record, block, 6, False, bits, differs);
	case 7:
		*next = record + 8;
		return find(record, block, 7, False, bits, differs);
	case 8:
		*next = record + 9;
		return find(record, block, 8, False, bits, differs);
	default:
		__builtin_unreachable(); /* these are calls and returns */
	}
}

/*
 * Sends records while they fit into `left`. Returns the first that does not, or the end. Calls have
 * constant `bits` and `limited`: it runs for each block of the program.
 */
static inline __attribute__((always_inline)) const ULong *drain_recorded(
	const ULong *record, const ULong *end, const UInt bits, Bool limited)
{
	/* Copies: the compiler must assume that a store to the stream changes what is not local. */
	const struct block *const all = blocks;
	ULong still = left;
	UChar *to = wire_begin(RAW_WORDS + RAW_MARGIN);

	while (record < end) {
		const struct block *const block = &all[record_block(record)];
		const UInt n = record_operands(record);
		const ULong *next = record + 1 + n;
		UShort code;
		UInt at;
		Bool differs;

		if (__builtin_expect(n > BEL_TOKEN_OPERANDS, 0)) {
			if (n == RECORD_BEGIN)
				break;
			to = shadow_record(record, to);
			record += 2;
			continue;
		}
		if (limited) {
			const UInt references = made(block, record);

			if (references > still)
				break;
			still -= references;
		}
		if (__builtin_expect(block->conditional, 0))
			at = find(record, block, n, True, bits, &differs);
		else
			at = find_any(record, block, bits, &differs, &next);
		code = at << 1;
		if (__builtin_expect(differs, 0)) {
			to = define(record, at, to);
		} else {
			__builtin_memcpy(
				to, &code, 2); /* the least byte first, on amd64 and arm64 */
			to += 2;
		}
		record = next;
	}
	wire_end(to);
	left = still;
	return record;
}

/* The same, but only counts the records. */
static const ULong *drain_counted(const ULong *record, const ULong *end)
{
	ULong passed = 0;

	while (record < end && record_operands(record) != RECORD_BEGIN) {
		const struct block *const block = &blocks[record_block(record)];
		UInt references;

		if (record_operands(record) > BEL_TOKEN_OPERANDS) {
			shadow_follow(record);
			record += 2;
			continue;
		}
		references = made(block, record);
		if (references > left - passed)
			break;
		passed += references;
		record += 1 + record_operands(record);
	}
	left -= passed;
	if (mode == SKIPPING)
		skipped += passed;
	return record;
}

static const ULong *drain_some(const ULong *record, const ULong *end)
{
	const UInt bits = settings.granule_bits;

	if (mode != RECORDING)
		return drain_counted(record, end);
	if (bits != 12 || left < ENDLESS)
		return drain_recorded(record, end, bits, True);
	return drain_recorded(record, end, 12, False);
}

void drain(const ULong *end)
{
	const ULong *record = raw;

	while ((record = drain_some(record, end)) < end) {
		if (record_operands(record) == RECORD_BEGIN) {
			begin();
			record++;
		} else {
			take_slowly(record, ~0u);
			record += 1 + record_operands(record);
		}
	}
}
