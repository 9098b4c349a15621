/* SPDX-License-Identifier: MIT */
/*
 * fuzz_vm.c: bytes as the description of a machine, and then as events and references.
 * Whatever they say, the machine agrees with itself after each, and holds nothing in
 * the end; an event that contradicts those before it is refused with a reason.
 */
#include <stdio.h>
#include <stdlib.h>

#include "vm_config.h"

#define SPACES 32 /* those that are referred to; more may come into being */
#define SPACES_MAX 400
#define PAGES 32 /* of each space, the last eight at the end of all addresses */

struct machine {
	const uint8_t *data;
	size_t left;
	struct bel_vm *vm;
	uint32_t fresh; /* the next space that nobody has */
	struct bel_granule place[SPACES * PAGES];
	struct bel_err err;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned byte(struct machine *m)
{
	if (!m->left)
		return 0;
	m->left--;
	return *m->data++;
}

static void stop(const char *why)
{
	fprintf(stderr, "fuzz_vm: %s\n", why);
	abort();
}

static const struct bel_policy_spec *policy(unsigned pick)
{
	static struct bel_policy_spec *specs;
	static size_t count;
	struct bel_err err;

	if (!specs &&
		bel_specs_parse("fifo,lru,clock,clock:bit=0,ws:tau=9", &specs, &count, &err) < 0)
		stop(err.text);
	return &specs[pick % count];
}

/* Returns false where the parts do not go together. */
static bool build(struct machine *m)
{
	static const char *const tables[] = {
		"radix4", "flat", "two-level", "radix5", "inverted", "radix4"};
	static const char *const tlbs[] = {"none", "2", "4:2,fifo,flush", "i=2,d=4:1,l2=8:2,asid",
		"8:4,random,flush", "1,l2=2"};
	static const char *const kinds[] = {"global", "local:equal", "local:proportional",
		"local:working-set", "local:pff", "global"};
	static const char *const swaps[] = {"unbounded", "none", "4k", "32k", "unbounded", "64k"};
	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	struct bel_vm_config config;
	const unsigned flags = byte(m), page_bits = flags & 0x10 ? 14 : 12;

	options.tables = tables[byte(m) % 6];
	options.tlb = tlbs[byte(m) % 6];
	options.replacement = kinds[byte(m) % 6];
	options.swap = swaps[byte(m) % 6];
	options.rebalance_interval = 1 + byte(m);
	options.strict = flags & 0x1;
	options.backing = flags & 0x2 ? "file" : "zero";
	options.watermarks = flags & 0x4 ? "1:3" : NULL;
	options.interval = flags & 0x8 ? 7 : 0;
	if (bel_vm_configure(&options, page_bits, &config, &m->err) < 0)
		stop(m->err.text);
	config.policy = policy(byte(m));
	config.generic = flags & 0x20;
	config.frames = config.policy->policy->caps & BEL_POLICY_VARIABLE ? 0 : 1 + byte(m) % 24;
	m->vm = bel_vm_new(&config, &m->err);
	for (uint32_t i = 0; i < SPACES * PAGES && m->vm; i++) {
		const uint64_t top = UINT64_C(1) << (config.tables.address_bits - page_bits);
		const uint32_t page = i % PAGES;

		m->place[i] = (struct bel_granule){
			page < PAGES - 8 ? page : top - PAGES + page, i / PAGES};
	}
	return m->vm;
}

static int feed_event(struct machine *m, const struct bel_event *event)
{
	const struct bel_chunk chunk = {.events = event, .event_count = 1, .space = event->space};

	return bel_vm_feed(m->vm, &chunk, (struct bel_granules){m->place, SPACES * PAGES}, &m->err);
}

static int refer(struct machine *m)
{
	const uint32_t space = byte(m) % SPACES;
	struct bel_run run[16];
	const struct bel_chunk chunk = {.runs = run, .count = 1 + byte(m) % 16, .space = space};

	for (size_t i = 0; i < chunk.count; i++) {
		const unsigned b = byte(m);
		const unsigned flags = b & 0x80   ? BEL_RUN_DATA | BEL_RUN_WRITE
				       : b & 0x40 ? BEL_RUN_DATA | BEL_RUN_FETCH
				       : b & 0x20 ? BEL_RUN_FETCH
						  : BEL_RUN_DATA;

		run[i] = bel_run_make(space * PAGES + b % PAGES, 1 + b % 3, flags);
	}
	return bel_vm_feed(m->vm, &chunk, (struct bel_granules){m->place, SPACES * PAGES}, &m->err);
}

/* Any event; addresses are small, at the end of all addresses, or anything. */
static int any_event(struct machine *m)
{
	const unsigned where = byte(m), shift = where & 0x8 ? 12 : 9;
	struct bel_event event = {
		.type = (uint8_t)(byte(m) % (BEL_EVENT_MARK + 2)),
		.region = (uint8_t)(byte(m) % (BEL_REGIONS + 1)),
		.flags = (uint16_t)byte(m),
		.space = byte(m) % SPACES,
		.other = byte(m) % SPACES,
		.pid = where,
		.start = (uint64_t)byte(m) << shift,
		.length = (uint64_t)byte(m) << shift,
		.offset = (uint64_t)byte(m) << shift,
		.value = (uint64_t)byte(m) << shift,
		.name = where & 0x10   ? "lib"
			: where & 0x20 ? "other"
				       : NULL,
	};

	if (where & 0x40)
		event.start = -event.start;
	if (where & 0x80)
		event.length = -event.length;
	if (event.type <= BEL_EVENT_EXEC && where & 0x1)
		event.space = m->fresh;
	if (event.space == m->fresh && m->fresh < SPACES_MAX)
		m->fresh++;
	return feed_event(m, &event);
}

/* Every child forks in its turn. */
static int fork_bomb(struct machine *m)
{
	uint32_t other = byte(m) % SPACES;

	for (unsigned n = byte(m) % 100; n && m->fresh < SPACES_MAX; n--) {
		const struct bel_event event = {.type = BEL_EVENT_FORK,
			.space = m->fresh++,
			.other = other,
			.pid = m->fresh};

		if (feed_event(m, &event) < 0)
			return BEL_FAIL;
		other = n & 1 ? event.space : other;
	}
	return 0;
}

/* Regions of a few bytes, one behind the other or one over the other. */
static int tiny_regions(struct machine *m)
{
	const uint32_t space = byte(m) % SPACES;
	const unsigned step = byte(m), length = byte(m), flags = byte(m);

	for (unsigned i = 0; i < 200; i++) {
		const struct bel_event event = {
			.type = i % 7 == 6 ? BEL_EVENT_UNMAP : BEL_EVENT_MAP,
			.space = space,
			.region = BEL_REGION_MMAP,
			.flags = (uint16_t)flags,
			.start = (uint64_t)i * step,
			.length = length,
			.name = flags & 0x40 ? "lib" : NULL};

		if (feed_event(m, &event) < 0)
			return BEL_FAIL;
	}
	return 0;
}

static void agree(struct machine *m)
{
	const struct bel_vm_tally *const tally = bel_vm_tally(m->vm);
	uint64_t shared, idle;

	if (bel_vm_check(m->vm, &m->err) < 0)
		stop(m->err.text);
	bel_vm_sharing(m->vm, &shared, &idle);
	if (tally->frames_used != tally->valid - shared + idle)
		stop("frames in use are not resident pages less those shared");
	if (bel_vm_swap(m->vm)->used > bel_vm_swap(m->vm)->outs)
		stop("more slots are in use than pages were written");
}

static void empty(struct machine *m, bool inverted)
{
	if (bel_vm_finish(m->vm, &m->err) < 0 || bel_vm_end_all(m->vm, &m->err) < 0)
		stop(m->err.text);
	agree(m);
	if (bel_vm_tally(m->vm)->frames_used || bel_vm_tally(m->vm)->valid ||
		bel_vm_swap(m->vm)->used || (!inverted && bel_vm_table(m->vm)->bytes))
		stop("something is in use after the last exit");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine m;
	bool inverted;
	int r = 0;

	m.data = data;
	m.left = size < 2048 ? size : 2048;
	m.fresh = SPACES;
	m.err = (struct bel_err){.code = 0};
	if (!build(&m)) {
		if (m.err.code != BEL_USAGE)
			stop("a machine is refused without a reason");
		return 0;
	}
	inverted = bel_vm_config(m.vm)->tables.kind == BEL_VM_TABLE_INVERTED;
	while (m.left && r == 0) {
		const unsigned op = byte(&m);

		r = op < 110   ? refer(&m)
		    : op < 230 ? any_event(&m)
		    : op < 243 ? fork_bomb(&m)
			       : tiny_regions(&m);
		if (r == 0)
			agree(&m);
	}
	if (r == 0)
		empty(&m, inverted);
	else if (!m.err.text[0])
		stop("an error without words");
	bel_vm_free(m.vm);
	return 0;
}
