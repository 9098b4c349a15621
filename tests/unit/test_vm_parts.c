/* SPDX-License-Identifier: MIT */
/* test_vm_parts.c: the machine's parts alone, by hand: TLB, page tables, swap, costs, options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "vm_config.h"

static struct bel_err err;

/* ---- TLB ---- */

/* Four entries in two sets of two: even pages share one set, odd ones the other. */
static void tlb_order(enum bel_vm_tlb_order order, uint32_t gone)
{
	const struct bel_vm_tlb_config config = {.part = {{4, 2}}, .order = (uint8_t)order};
	struct bel_vm_tlb_buffer *buffer;
	struct bel_vm_tlb tlb;

	assert_int_equal(bel_vm_tlb_init(&tlb, &config, 1, &err), 0);
	buffer = &tlb.part[BEL_VM_TLB_DATA];
	bel_vm_tlb_enter(&tlb, buffer, 1, 0);
	bel_vm_tlb_enter(&tlb, buffer, 2, 2);
	bel_vm_tlb_enter(&tlb, buffer, 9, 1);
	assert_true(bel_vm_tlb_hit(&tlb, buffer, 1, 0));
	bel_vm_tlb_enter(&tlb, buffer, 3, 4);
	for (uint32_t tag = 1; tag <= 3; tag++)
		assert_int_equal(bel_vm_tlb_holds(&tlb, tag, (tag - 1) * 2), tag != gone);
	assert_true(bel_vm_tlb_holds(&tlb, 9, 1));
	assert_int_equal(buffer->fills, 4);
	bel_vm_tlb_release(&tlb);
}

/* Page 0 came first but was used last: LRU gives up page 2, FIFO page 0. */
static void test_tlb_order(void **state)
{
	(void)state;
	tlb_order(BEL_VM_TLB_LRU, 2);
	tlb_order(BEL_VM_TLB_FIFO, 1);
}

static void test_tlb_random(void **state)
{
	const struct bel_vm_tlb_config config = {.part = {{4, 0}}, .order = BEL_VM_TLB_RANDOM};
	struct bel_vm_tlb tlb;
	unsigned held = 0;

	(void)state;
	assert_int_equal(bel_vm_tlb_init(&tlb, &config, 1, &err), 0);
	for (uint32_t tag = 1; tag <= 4; tag++)
		bel_vm_tlb_enter(&tlb, &tlb.part[0], tag, tag);
	for (uint32_t tag = 1; tag <= 4; tag++)
		assert_true(bel_vm_tlb_holds(&tlb, tag, tag));
	bel_vm_tlb_enter(&tlb, &tlb.part[0], 5, 5);
	for (uint32_t tag = 1; tag <= 5; tag++)
		held += bel_vm_tlb_holds(&tlb, tag, tag);
	assert_int_equal(held, 4);
	assert_true(bel_vm_tlb_holds(&tlb, 5, 5));
	bel_vm_tlb_release(&tlb);
}

static void test_tlb_shootdown_and_flush(void **state)
{
	const struct bel_vm_tlb_config config = {.part = {{4, 0}, {2, 0}, {8, 2}}};
	struct bel_vm_tlb tlb;

	(void)state;
	assert_int_equal(bel_vm_tlb_init(&tlb, &config, 1, &err), 0);
	for (int part = 0; part < BEL_VM_TLB_PARTS; part++) {
		bel_vm_tlb_enter(&tlb, &tlb.part[part], 1, 4);
		bel_vm_tlb_enter(&tlb, &tlb.part[part], 2, 8);
	}
	bel_vm_tlb_shootdown(&tlb, 2, 8);
	assert_false(bel_vm_tlb_holds(&tlb, 2, 8));
	assert_true(bel_vm_tlb_holds(&tlb, 1, 4));
	for (int part = 0; part < BEL_VM_TLB_PARTS; part++)
		assert_int_equal(tlb.part[part].shootdowns, 1);
	bel_vm_tlb_flush(&tlb);
	assert_false(bel_vm_tlb_holds(&tlb, 1, 4));
	assert_int_equal(tlb.flushes, 1);
	assert_int_equal(tlb.flushed, 3);
	bel_vm_tlb_release(&tlb);
}

static void test_tlb_shapes_refused(void **state)
{
	static const struct bel_vm_tlb_config wrong[] = {{.part = {{6, 4}}}, {.part = {{12, 4}}},
		{.part = {{0, 0}, {4, 4}}}, {.part = {{0, 0}, {0, 0}, {4, 4}}}, {.part = {{2, 4}}}};
	struct bel_vm_tlb tlb;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(bel_vm_tlb_init(&tlb, &wrong[i], 1, &err), BEL_USAGE);
}

/* ---- page tables ---- */

static struct bel_vm_table table_of(
	enum bel_vm_table_kind kind, unsigned address_bits, unsigned page_bits, uint64_t frames)
{
	struct bel_vm_table_shape shape;
	struct bel_vm_table table;

	assert_int_equal(bel_vm_table_shape(&shape, kind, address_bits, page_bits, &err), 0);
	assert_int_equal(bel_vm_table_init(&table, &shape, frames, &err), 0);
	return table;
}

/* 32 bits, pages of 4 KiB: 2^20 entries of four bytes, all there from the first page on. */
static void test_flat_table(void **state)
{
	struct bel_vm_table table = table_of(BEL_VM_TABLE_FLAT, 32, 12, 0);

	(void)state;
	assert_int_equal(table.shape.levels, 1);
	assert_int_equal(table.shape.bits[0], 20);
	assert_int_equal(bel_vm_table_node_bytes(&table.shape, 0), 4 << 20);
	assert_true(bel_vm_table_flat_bytes(&table.shape) == 4 * 1048576.0);
	assert_int_equal(table.bytes, 0);
	assert_int_equal(bel_vm_table_add(&table, 0, 0, &err), 0);
	assert_int_equal(bel_vm_table_add(&table, 0, 0xfffff, &err), 0);
	assert_int_equal(table.bytes, 4 << 20);
	assert_int_equal(bel_vm_table_add(&table, 1, 0, &err), 0);
	assert_int_equal(table.bytes, 8 << 20);
	assert_int_equal(bel_vm_table_walk(&table, 1, 0, 0), 1);
	bel_vm_table_release(&table);
}

/* Ten bits and ten: a root of 4 KiB, and a table of 4 KiB for each 4 MiB that are used. */
static void test_two_level_table(void **state)
{
	struct bel_vm_table table = table_of(BEL_VM_TABLE_TWO_LEVEL, 0, 12, 0);

	(void)state;
	assert_int_equal(table.shape.levels, 2);
	assert_int_equal(bel_vm_table_add(&table, 0, 0, &err), 0);
	assert_int_equal(bel_vm_table_add(&table, 0, 1023, &err), 0);
	assert_int_equal(table.bytes, 2 * 4096);
	assert_int_equal(bel_vm_table_add(&table, 0, 1024, &err), 0);
	assert_int_equal(bel_vm_table_add(&table, 0, 0xfffff, &err), 0);
	assert_int_equal(table.bytes, 4 * 4096);
	bel_vm_table_remove(&table, 0, 1023);
	assert_int_equal(table.bytes, 4 * 4096);
	bel_vm_table_remove(&table, 0, 0);
	assert_int_equal(table.bytes, 3 * 4096);
	assert_int_equal(table.count[1], 2);
	assert_int_equal(table.peak[1], 3);
	assert_int_equal(bel_vm_table_walk(&table, 1, 0, 0), 2);
	bel_vm_table_release(&table);
}

/* Nine bits a level: neighbours share all tables, page 512 needs one, 2^27 three more. */
static void test_radix_table(void **state)
{
	static const uint64_t page[] = {0, 1, 512, 1 << 27};
	static const unsigned tables[] = {4, 4, 5, 8};
	struct bel_vm_table table = table_of(BEL_VM_TABLE_RADIX4, 0, 12, 0);

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(bel_vm_table_add(&table, 0, page[i], &err), 0);
		assert_int_equal(table.bytes, tables[i] * 4096);
	}
	assert_int_equal(table.count[0], 1);
	assert_int_equal(table.count[1], 2);
	assert_int_equal(table.count[2], 2);
	assert_int_equal(table.count[3], 3);
	assert_int_equal(bel_vm_table_walk(&table, 1, 0, 0), 4);
	for (int i = 0; i < 4; i++)
		bel_vm_table_remove(&table, 0, page[i]);
	assert_int_equal(table.bytes, 0);
	assert_int_equal(table.peak_bytes, 8 * 4096);
	bel_vm_table_release(&table);
}

/* Larger pages, fewer levels; 57 bits have a fifth. */
static void test_levels(void **state)
{
	struct bel_vm_table_shape shape;

	(void)state;
	assert_int_equal(bel_vm_table_shape(&shape, BEL_VM_TABLE_RADIX4, 0, 21, &err), 0);
	assert_int_equal(shape.levels, 3);
	assert_int_equal(bel_vm_table_shape(&shape, BEL_VM_TABLE_RADIX4, 0, 30, &err), 0);
	assert_int_equal(shape.levels, 2);
	assert_int_equal(bel_vm_table_shape(&shape, BEL_VM_TABLE_RADIX5, 0, 12, &err), 0);
	assert_int_equal(shape.levels, 5);
}

/* Eight frames: 8 entries of 16 bytes and 8 anchors of 4, whatever is mapped. */
static void test_inverted_table(void **state)
{
	struct bel_vm_table table = table_of(BEL_VM_TABLE_INVERTED, 0, 12, 8);
	uint64_t steps = 0;

	(void)state;
	assert_int_equal(table.bytes, 8 * 16 + 8 * 4);
	assert_int_equal(bel_vm_table_walk(&table, 0, 0, 5), 1);
	assert_int_equal(bel_vm_table_chain(&table, 1, 0, 5, &err), 0);
	assert_int_equal(bel_vm_table_walk(&table, 1, 0, 5), 2);
	/* The same page twice stands for two pages of one chain: the latest comes first. */
	assert_int_equal(bel_vm_table_chain(&table, 2, 0, 5, &err), 0);
	assert_int_equal(bel_vm_table_walk(&table, 2, 0, 5), 2);
	assert_int_equal(bel_vm_table_walk(&table, 1, 0, 5), 3);
	bel_vm_table_unchain(&table, 2, 0, 5);
	assert_int_equal(bel_vm_table_walk(&table, 1, 0, 5), 2);
	for (uint32_t number = 3; number < 11; number++)
		assert_int_equal(bel_vm_table_chain(&table, number, number, 5, &err), 0);
	for (uint32_t number = 3; number < 11; number++)
		steps += bel_vm_table_walk(&table, number, number, 5);
	assert_true(steps >= 16 && steps <= 16 + 8 * 8);
	assert_int_equal(table.bytes, 8 * 16 + 8 * 4);
	bel_vm_table_release(&table);
}

static void test_shapes_refused(void **state)
{
	static const struct {
		enum bel_vm_table_kind kind;
		unsigned address_bits, page_bits;
	} wrong[] = {{BEL_VM_TABLE_FLAT, 15, 12}, {BEL_VM_TABLE_FLAT, 58, 12},
		{BEL_VM_TABLE_FLAT, 32, 9}, {BEL_VM_TABLE_FLAT, 48, 31},
		{BEL_VM_TABLE_FLAT, 16, 16}, {BEL_VM_TABLE_TWO_LEVEL, 33, 12},
		{BEL_VM_TABLE_RADIX4, 49, 12}};
	struct bel_vm_table_shape shape;
	struct bel_vm_table table;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(bel_vm_table_shape(&shape, wrong[i].kind, wrong[i].address_bits,
					 wrong[i].page_bits, &err),
			BEL_USAGE);
	assert_int_equal(bel_vm_table_shape(&shape, BEL_VM_TABLE_INVERTED, 0, 12, &err), 0);
	assert_int_equal(bel_vm_table_init(&table, &shape, 0, &err), BEL_USAGE);
}

/* ---- swap ---- */

static void test_slots(void **state)
{
	struct bel_vm_swap swap = {.limit = 2};

	(void)state;
	assert_int_equal(bel_vm_swap_take(&swap, 7, &err), 1);
	assert_int_equal(bel_vm_swap_take(&swap, 8, &err), 2);
	assert_int_equal(bel_vm_swap_take(&swap, 9, &err), 0);
	assert_int_equal(swap.used, 2);
	bel_vm_swap_free(&swap, 1);
	assert_int_equal(swap.used, 1);
	assert_int_equal(bel_vm_swap_take(&swap, 9, &err), 1);
	assert_int_equal(swap.owner[1], 9);
	assert_int_equal(swap.peak, 2);
	bel_vm_swap_release(&swap);
}

/* What lies beyond 4 KiB is carried at the device's rate: 4096 bytes at 160 MB/s, 25.6 us. */
static void test_devices(void **state)
{
	const struct bel_vm_device *const disk = bel_vm_device_find("hdd", &err);
	const struct bel_vm_device *const flash = bel_vm_device_find("nvme", &err);

	(void)state;
	assert_non_null(disk);
	assert_non_null(flash);
	assert_float_equal(bel_vm_device_ns(disk, 4096, 0), 12.7e6, 1e-3);
	assert_float_equal(bel_vm_device_ns(disk, 8192, 0), 12.7e6 + 25600, 1e-3);
	assert_float_equal(bel_vm_device_ns(disk, 1024, 1), 12.7e6, 1e-3);
	assert_float_equal(bel_vm_device_ns(flash, 4096, 0), 80e3, 1e-3);
	assert_float_equal(bel_vm_device_ns(flash, 4096, 1), 20e3, 1e-3);
	assert_null(bel_vm_device_find("tape", &err));
	assert_int_equal(err.code, BEL_USAGE);
}

/*
 * 100 references of 2 ns, 10 steps of walks of 20, 3 faults of 300 + 2 minor of 500 + 1
 * major of 2000: 4300 ns of processor. One read of 80 us and one write of 20: 100 us.
 */
static void test_cost(void **state)
{
	const struct bel_vm_work work = {.references = 100,
		.walk_references = 10,
		.faults = 3,
		.minor = 2,
		.major = 1,
		.reads = 1,
		.writes = 1,
		.page_bytes = 4096};
	struct bel_vm_cost cost = BEL_VM_COST_DEFAULT;
	struct bel_vm_time time;

	(void)state;
	assert_int_equal(bel_vm_cost_parse(&cost, "memory=2,walk=20", &err), 0);
	time = bel_vm_time_of(&cost, bel_vm_device_find("nvme", &err), &work);
	assert_float_equal(time.cpu_ns, 4300, 1e-6);
	assert_float_equal(time.io_ns, 100e3, 1e-6);
	assert_float_equal(time.access_ns, 1043, 1e-6);
	assert_float_equal(time.cpu_share, 4300.0 / 104300, 1e-9);
}

/* ---- options ---- */

static void test_options(void **state)
{
	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	struct bel_vm_config config;

	(void)state;
	options.tlb = "i=16:4,d=32,l2=512:8,fifo,flush";
	options.replacement = "local:pff=0.01:0.5";
	options.swap = "1M";
	options.watermarks = "2:5";
	options.cost = "switch=7";
	options.backing = "file";
	options.tables = "two-level";
	assert_int_equal(bel_vm_configure(&options, 12, &config, &err), 0);
	assert_int_equal(config.tlb.part[BEL_VM_TLB_FETCH].entries, 16);
	assert_int_equal(config.tlb.part[BEL_VM_TLB_FETCH].ways, 4);
	assert_int_equal(config.tlb.part[BEL_VM_TLB_DATA].entries, 32);
	assert_int_equal(config.tlb.part[BEL_VM_TLB_SECOND].ways, 8);
	assert_int_equal(config.tlb.order, BEL_VM_TLB_FIFO);
	assert_false(config.tlb.asid);
	assert_int_equal(config.allocation, BEL_VM_FAULT_RATE);
	assert_float_equal(config.fault_rate_high, 0.5, 1e-12);
	assert_int_equal(config.swap_slots, 256);
	assert_int_equal(config.low, 2);
	assert_int_equal(config.high, 5);
	assert_float_equal(config.cost.swtch, 7, 1e-12);
	assert_true(config.from_file);
	assert_int_equal(config.tables.levels, 2);
}

/* Each is refused as wrong usage, in words that name what was wrong. */
static void test_options_refused(void **state)
{
	static const struct {
		size_t member;
		const char *text, *says;
	} wrong[] = {
#define OPTION(name) offsetof(struct bel_vm_options, name)
		{OPTION(tables), "three-level", "three-level"}, {OPTION(tables), "", "--tables"},
		{OPTION(tlb), "", "--tlb"}, {OPTION(tlb), "0", "'0'"}, {OPTION(tlb), "64:", "64:"},
		{OPTION(tlb), "64:8x", "64:8x"}, {OPTION(tlb), "-4", "-4"},
		{OPTION(tlb), "i=64", "--tlb"},
		{OPTION(tlb), "64,8", "'8': this TLB has its size; ways are ENTRIES:WAYS"},
		{OPTION(tlb), "d=64,8:2", "'8:2': this TLB has its size"},
		{OPTION(tlb), "64,l2=512,l2=1024", "'1024': this TLB has its size"},
		{OPTION(tlb), "lru", "--tlb"}, {OPTION(tlb), "64,best", "best"},
		{OPTION(replacement), "local", "'local'"},
		{OPTION(replacement), "equal", "'equal'"},
		{OPTION(replacement), "local:global", "local:global"},
		{OPTION(replacement), "local:pff=0.5:0.1", "0.5:0.1"},
		{OPTION(replacement), "local:pff=0:2", "0:2"},
		{OPTION(replacement), "local:pff=0:1x", "0:1x"}, {OPTION(watermarks), "5", "'5'"},
		{OPTION(watermarks), "5:5", "below"}, {OPTION(watermarks), "x:5", "--watermarks"},
		{OPTION(watermarks), "1:", "--watermarks"}, {OPTION(swap), "much", "--swap"},
		{OPTION(swap), "-1", "--swap"}, {OPTION(device), "tape", "tape"},
		{OPTION(cost), "", "--cost"}, {OPTION(cost), "memory", "memory"},
		{OPTION(cost), "memory=", "memory="}, {OPTION(cost), "memory=-1", "-1"},
		{OPTION(cost), "memory=inf", "inf"}, {OPTION(cost), "walk=1,", "KEY=NS"},
		{OPTION(cost), "swtch=1", "swtch"}, {OPTION(backing), "tape", "tape"}};
	struct bel_vm_config config;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;

		*(const char **)((char *)&options + wrong[i].member) = wrong[i].text;
		if (bel_vm_configure(&options, 12, &config, &err) != BEL_USAGE)
			fail_msg("'%s' is let pass", wrong[i].text);
		if (!strstr(err.text, wrong[i].says))
			fail_msg("'%s': %s", wrong[i].text, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tlb_order),
		cmocka_unit_test(test_tlb_random),
		cmocka_unit_test(test_tlb_shootdown_and_flush),
		cmocka_unit_test(test_tlb_shapes_refused),
		cmocka_unit_test(test_flat_table),
		cmocka_unit_test(test_two_level_table),
		cmocka_unit_test(test_radix_table),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_inverted_table),
		cmocka_unit_test(test_shapes_refused),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_options_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
