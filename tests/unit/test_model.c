/* SPDX-License-Identifier: MIT */
/* test_model.c: address maps next to an array of bytes; the hash table next to an array of values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "address_map.h"
#include "event.h"
#include "hash_table.h"
#include "rng.h"

enum { BYTES = 64, KEYS = 512 };

/* What a byte of a small address space is in. */
struct byte {
	uint32_t backing; /* 0: in no region */
	uint64_t offset;
	uint16_t flags;
	uint8_t kind;
};

static struct bel_err err;

static void check_map(const struct bel_address_map *map, const struct byte *bytes)
{
	for (uint64_t at = 0; at < BYTES; at++) {
		const struct bel_region *const region = bel_address_map_find(map, at);
		const unsigned kinds = bel_address_map_kinds(map, at, at + 3);
		unsigned expected = 0;

		assert_int_equal(region && region->start <= at, bytes[at].backing != 0);
		for (uint64_t b = at; b < at + 4 && b < BYTES; b++)
			expected |= bytes[b].backing ? 1u << bytes[b].kind : 0;
		assert_int_equal(kinds, expected);
		if (!bytes[at].backing)
			continue;
		assert_int_equal(region->backing, bytes[at].backing);
		assert_int_equal(region->offset + (at - region->start), bytes[at].offset);
		assert_int_equal(region->flags, bytes[at].flags);
		assert_int_equal(region->kind, bytes[at].kind);
	}
}

static void lose_bytes(void *host, const struct bel_region *region)
{
	*(uint64_t *)host -= region->end - region->start;
}

static void count_bytes(void *host, const struct bel_region *region)
{
	*(uint64_t *)host += region->end - region->start;
}

static void test_address_map(void **state)
{
	struct bel_address_map map = {0}, copy = {0};
	struct byte bytes[BYTES] = {{0}};
	uint64_t mapped = 0, all = 0;
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 1);
	for (uint32_t i = 1; i < 4000; i++) {
		const uint64_t start = bel_rng_below(&rng, BYTES);
		const uint64_t end = start + bel_rng_below(&rng, BYTES - start + 1);
		const struct bel_region region = {.start = start,
			.end = end,
			.offset = 1000 * i,
			.backing = i,
			.flags = (uint16_t)(BEL_MAP_SHARED | bel_rng_below(&rng, 8)),
			.kind = (uint8_t)bel_rng_below(&rng, BEL_REGIONS)};
		const unsigned what = (unsigned)bel_rng_below(&rng, 3);

		if (what == 0) {
			assert_int_equal(
				bel_address_map_put(&map, &region, lose_bytes, &mapped, &err), 0);
			mapped += end - start;
		} else if (what == 1) {
			assert_int_equal(
				bel_address_map_remove(&map, start, end, lose_bytes, &mapped, &err),
				0);
		} else {
			assert_int_equal(bel_address_map_protect(&map, start, end, i, &err), 0);
		}
		for (uint64_t b = start; b < end; b++) {
			if (what == 0)
				bytes[b] = (struct byte){
					i, 1000 * i + (b - start), region.flags, region.kind};
			else if (what == 1)
				bytes[b].backing = 0;
			else
				bytes[b].flags = (uint16_t)(BEL_MAP_SHARED | (i & BEL_MAP_RIGHTS));
		}
		check_map(&map, bytes);
	}
	bel_address_map_each(&map, count_bytes, &all);
	assert_int_equal(all, mapped);
	assert_int_equal(bel_address_map_copy(&copy, &map, &err), 0);
	assert_int_equal(copy.count, map.count);
	bel_address_map_release(&map);
	check_map(&copy, bytes);
	bel_address_map_release(&copy);
	assert_null(bel_address_map_find(&copy, 0));
}

/* What grows is found where it touches or adjoins, and only its own kind. */
static void test_near(void **state)
{
	struct bel_address_map map = {0};
	const struct bel_region heap = {.start = 10, .end = 20, .kind = BEL_REGION_HEAP};
	const struct bel_region stack = {.start = 20, .end = 30, .kind = BEL_REGION_STACK};

	(void)state;
	assert_int_equal(bel_address_map_put(&map, &heap, NULL, NULL, &err), 0);
	assert_int_equal(bel_address_map_put(&map, &stack, NULL, NULL, &err), 0);
	assert_null(bel_address_map_near(&map, 0, 9, BEL_REGION_HEAP));
	assert_int_equal(bel_address_map_near(&map, 0, 10, BEL_REGION_HEAP)->end, 20);
	assert_int_equal(bel_address_map_near(&map, 15, 40, BEL_REGION_STACK)->start, 20);
	assert_int_equal(bel_address_map_near(&map, 30, 40, BEL_REGION_STACK)->start, 20);
	assert_null(bel_address_map_near(&map, 31, 40, BEL_REGION_STACK));
	assert_null(bel_address_map_near(&map, 0, 40, BEL_REGION_TEXT));
	bel_address_map_release(&map);
}

/* Keys come and go; the second part of a key tells keys apart whose first part is the same. */
static void test_hash_table(void **state)
{
	struct bel_hash_table table = {0};
	uint32_t value[2][KEYS] = {{0}};
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 1);
	assert_int_equal(bel_hash_table_get(&table, 1, 1), 0);
	bel_hash_table_delete(&table, 1, 1);
	for (uint32_t i = 1; i < 20000; i++) {
		const uint32_t b = (uint32_t)bel_rng_below(&rng, 2);
		const uint32_t a = (uint32_t)bel_rng_below(&rng, KEYS);

		assert_int_equal(bel_hash_table_get(&table, a, b), value[b][a]);
		if (bel_rng_below(&rng, 2)) {
			assert_int_equal(bel_hash_table_set(&table, a, b, i, &err), 0);
			value[b][a] = i;
		} else {
			bel_hash_table_delete(&table, a, b);
			value[b][a] = 0;
		}
	}
	for (uint32_t i = 0; i < 2 * KEYS; i++)
		assert_int_equal(bel_hash_table_get(&table, i / 2, i % 2), value[i % 2][i / 2]);
	bel_hash_table_release(&table);
}

/* A request begins at a mark that is this word, or begins with it and a blank; at nothing else. */
static void test_requests(void **state)
{
	static const struct {
		uint8_t type;
		const char *name;
		bool begins;
	} event[] = {
		{BEL_EVENT_MARK, "request", true},
		{BEL_EVENT_MARK, "request 17", true},
		{BEL_EVENT_MARK, "requests", false},
		{BEL_EVENT_MARK, "reques", false},
		{BEL_EVENT_MARK, "a request", false},
		{BEL_EVENT_MARK, "", false},
		{BEL_EVENT_MARK, NULL, false},
		{BEL_EVENT_START, "request", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(event) / sizeof(*event); i++)
		assert_int_equal(bel_event_begins_request(&(struct bel_event){
					 .type = event[i].type, .name = event[i].name}),
			event[i].begins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_map),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_hash_table),
		cmocka_unit_test(test_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
