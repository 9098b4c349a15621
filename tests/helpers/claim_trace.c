/* SPDX-License-Identifier: MIT */
/*
 * claim_trace.c: small traces that claim much, for tests of what that costs.
 *
 *	claim_trace KIND COUNT >TRACE
 *
 * Sound native traces: checksums, order and totals are right. KIND:
 *	spaces    COUNT events of as many address spaces, whose numbers lie far apart
 *	starts    COUNT processes that start, each in a space of its own
 *	threads   COUNT threads that start
 *	maps      COUNT regions from high addresses to low, a page each
 *	names     COUNT mapped files, each name of 60,000 bytes
 *	marks     COUNT marks
 *	forks     COUNT forks of a process of 10,000 regions
 *	wide      COUNT references of 256 MiB each, one behind the other
 *	collide   COUNT pages whose numbers are multiples of the inverse of the golden ratio
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

static struct bel_err err;

static void check(int r)
{
	if (r >= 0)
		return;
	fprintf(stderr, "claim_trace: %s\n", err.text);
	exit(3);
}

static void put(struct bel_native_writer *writer, struct bel_access access, struct bel_event *event)
{
	const struct bel_accesses batch = {
		.access = &access,
		.count = access.size != 0,
		.events = {.event = event, .count = event != NULL},
	};

	check(bel_native_write_accesses(writer, &batch, &err));
}

static void fork_all(struct bel_native_writer *writer, uint64_t count)
{
	struct bel_event event = {.type = BEL_EVENT_MAP, .region = BEL_REGION_MMAP, .length = 4096};

	for (uint64_t i = 0; i < 10000; i++) {
		event.start = i << 13;
		put(writer, (struct bel_access){0}, &event);
	}
	event = (struct bel_event){.type = BEL_EVENT_FORK, .space = 1};
	for (uint64_t i = 0; i < count; i++)
		put(writer, (struct bel_access){0}, &event);
}

/* One event or reference; false: no such kind. */
static bool put_one(struct bel_native_writer *writer, const char *kind, uint64_t i, uint64_t count)
{
	static char name[60001];
	struct bel_event event = {.type = BEL_EVENT_MAP, .region = BEL_REGION_MMAP, .length = 4096};
	struct bel_access access = {0};

	if (!strcmp(kind, "spaces")) {
		event.space = (uint32_t)((i + 1) * (UINT32_MAX / count));
	} else if (!strcmp(kind, "starts")) {
		event = (struct bel_event){
			.type = BEL_EVENT_START, .space = (uint32_t)i, .pid = (uint32_t)i};
	} else if (!strcmp(kind, "threads")) {
		event = (struct bel_event){.type = BEL_EVENT_THREAD_START, .value = i};
	} else if (!strcmp(kind, "maps")) {
		event.start = (count - i) << 13;
	} else if (!strcmp(kind, "names")) {
		memset(name, 'n', sizeof(name) - 1);
		snprintf(name, 21, "%020llu", (unsigned long long)i);
		name[20] = 'n';
		event.start = i << 13;
		event.name = name;
	} else if (!strcmp(kind, "marks")) {
		event = (struct bel_event){.type = BEL_EVENT_MARK, .name = "m"};
	} else if (!strcmp(kind, "wide")) {
		access = (struct bel_access){i << 28, 1 << 28, BEL_LOAD};
	} else if (!strcmp(kind, "collide")) {
		access = (struct bel_access){i * UINT64_C(0xf1de83e19937733d), 1, BEL_LOAD};
	} else {
		return false;
	}
	put(writer, access, access.size ? NULL : &event);
	return true;
}

int main(int argc, char **argv)
{
	const uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	struct bel_trace_info info = {.address_bits = 64};
	struct bel_native_writer *writer;

	if (!count)
		return 2;
	if (!strcmp(argv[1], "collide"))
		info.unit_bits = 12;
	check(bel_native_writer_open(&writer, stdout, &info, 1, &err));
	put(writer, (struct bel_access){0x1000, 1, BEL_LOAD}, NULL);
	if (!strcmp(argv[1], "forks")) {
		fork_all(writer, count);
	} else {
		for (uint64_t i = 0; i < count; i++)
			if (!put_one(writer, argv[1], i, count))
				return 2;
	}
	check(bel_native_writer_end(writer, NULL, &err));
	bel_native_writer_free(writer);
	return 0;
}
