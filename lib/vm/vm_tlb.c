/* SPDX-License-Identifier: MIT */
/* vm_tlb.c: set-associative translation look-aside buffers. */
#include "vm_tlb.h"

#include <stdlib.h>
#include <string.h>

static int buffer_init(struct bel_vm_tlb_buffer *buffer, uint32_t entries, uint32_t ways,
	const char *what, struct bel_err *err)
{
	uint32_t sets;

	if (!entries)
		return 0;
	if (!ways)
		ways = entries;
	sets = entries / ways;
	if (entries % ways || (sets & (sets - 1)))
		return bel_usage(err,
			"%s: %u entries in %u ways: entries / ways must be a power of two", what,
			entries, ways);
	buffer->tag = calloc(entries, sizeof(*buffer->tag));
	if (!buffer->tag)
		return bel_err_memory(err, what);
	buffer->mask = sets - 1;
	buffer->ways = ways;
	buffer->entries = entries;
	return 0;
}

int bel_vm_tlb_init(struct bel_vm_tlb *tlb, const struct bel_vm_tlb_config *config, uint64_t seed,
	struct bel_err *err)
{
	static const char *const name[] = {"data TLB", "instruction TLB", "second-level TLB"};

	memset(tlb, 0, sizeof(*tlb));
	bel_rng_seed(&tlb->rng, seed);
	tlb->order = config->order;
	tlb->asid = config->asid;
	if (!config->part[BEL_VM_TLB_DATA].entries &&
		(config->part[BEL_VM_TLB_FETCH].entries || config->part[BEL_VM_TLB_SECOND].entries))
		return bel_usage(err, "a TLB needs a first level for data");
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++)
		if (buffer_init(&tlb->part[i], config->part[i].entries, config->part[i].ways,
			    name[i], err) < 0) {
			bel_vm_tlb_release(tlb);
			return err ? err->code : BEL_FAIL;
		}
	return 0;
}

void bel_vm_tlb_release(struct bel_vm_tlb *tlb)
{
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++) {
		free(tlb->part[i].tag);
		tlb->part[i].tag = NULL;
	}
}

#define TOGETHER 4 /* tags that are compared at once */

typedef uint32_t tags __attribute__((vector_size(TOGETHER * sizeof(uint32_t))));
typedef uint64_t halves __attribute__((vector_size(sizeof(tags))));

/*
 * Whether a set has a tag. Most searches of wide sets find nothing, so the loop does not end early.
 * With 12 ways this takes a third of the instructions of a search tag by tag.
 */
static inline bool has(const uint32_t *set, uint32_t ways, uint32_t tag)
{
	tags found = {0};
	uint32_t way = 0;

	for (; way + TOGETHER <= ways; way += TOGETHER) {
		tags some;

		memcpy(&some, set + way, sizeof(some));
		found |= (tags)(some == tag);
	}
	for (; way < ways; way++)
		found[0] |= set[way] == tag;
	return ((halves)found)[0] | ((halves)found)[1];
}

/* Puts a tag in front of the first `way` entries of a set, over the one behind them. */
static void push(uint32_t *set, uint32_t way, uint32_t tag)
{
	memmove(set + 1, set, way * sizeof(*set));
	set[0] = tag;
}

bool bel_vm_tlb_search(uint32_t *set, uint32_t ways, uint32_t tag, bool move)
{
	if (ways > 4 && !has(set, ways, tag))
		return false;
	for (uint32_t way = 1; way < ways; way++) {
		if (set[way] != tag)
			continue;
		if (move)
			push(set, way, tag);
		return true;
	}
	return false;
}

void bel_vm_tlb_enter(
	struct bel_vm_tlb *tlb, struct bel_vm_tlb_buffer *buffer, uint32_t tag, uint64_t vpn)
{
	uint32_t *const set = buffer->tag + (vpn & buffer->mask) * buffer->ways;
	uint32_t way = 0;

	buffer->fills++;
	if (tlb->order == BEL_VM_TLB_RANDOM) {
		while (way < buffer->ways && set[way])
			way++;
		if (way == buffer->ways)
			way = (uint32_t)bel_rng_below(&tlb->rng, buffer->ways);
		set[way] = tag;
		return;
	}
	/*
	 * A set is newest first: the new entry replaces the first free one, or the oldest. Free ones
	 * are behind the others, and mostly there is none.
	 */
	if (set[buffer->ways - 1])
		way = buffer->ways - 1;
	while (way + 1 < buffer->ways && set[way])
		way++;
	push(set, way, tag);
}

/* Whether the buffer had the entry. */
static bool take_out(struct bel_vm_tlb_buffer *buffer, uint32_t tag, uint64_t vpn)
{
	uint32_t *const set = buffer->tag + (vpn & buffer->mask) * buffer->ways;
	uint32_t way = 0;

	if (!buffer->entries || !has(set, buffer->ways, tag))
		return false;
	while (set[way] != tag)
		way++;
	for (; way + 1 < buffer->ways; way++)
		set[way] = set[way + 1];
	set[way] = 0;
	return true;
}

void bel_vm_tlb_shootdown(struct bel_vm_tlb *tlb, uint32_t tag, uint64_t vpn)
{
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++)
		tlb->part[i].shootdowns += take_out(&tlb->part[i], tag, vpn);
}

void bel_vm_tlb_drop(struct bel_vm_tlb *tlb, uint32_t tag, uint64_t vpn)
{
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++)
		take_out(&tlb->part[i], tag, vpn);
}

void bel_vm_tlb_flush(struct bel_vm_tlb *tlb)
{
	tlb->flushes++;
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++) {
		struct bel_vm_tlb_buffer *const buffer = &tlb->part[i];

		for (uint32_t e = 0; e < buffer->entries; e++)
			tlb->flushed += buffer->tag[e] != 0;
		if (buffer->entries)
			memset(buffer->tag, 0, buffer->entries * sizeof(*buffer->tag));
	}
}

bool bel_vm_tlb_holds(const struct bel_vm_tlb *tlb, uint32_t tag, uint64_t vpn)
{
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++) {
		const struct bel_vm_tlb_buffer *const buffer = &tlb->part[i];
		const size_t first = (vpn & buffer->mask) * buffer->ways;

		for (uint32_t way = 0; way < buffer->ways; way++)
			if (buffer->tag[first + way] == tag)
				return true;
	}
	return false;
}
