/* SPDX-License-Identifier: MIT */
/*
 * vm_tlb.h: translation look-aside buffers: a first level of one or two buffers, and a second
 * level.
 *
 * The tag of an entry stands for (address space, virtual page); tag 0 is no entry. The low bits of
 * the virtual page number choose the set. A lookup neither allocates nor fails.
 *
 *	bel_vm_tlb_init(&tlb, &config, seed, &err);
 *	buffer = bel_vm_tlb_first(&tlb, BEL_RUN_FETCH);
 *	if (!bel_vm_tlb_hit(&tlb, buffer, tag, vpn))
 *		bel_vm_tlb_enter(&tlb, buffer, tag, vpn);   after the walk
 *	bel_vm_tlb_release(&tlb);
 */
#ifndef BEL_VM_TLB_H
#define BEL_VM_TLB_H

#include <stdbool.h>

#include "err.h"
#include "rng.h"
#include "run.h"

enum bel_vm_tlb_order { BEL_VM_TLB_LRU, BEL_VM_TLB_FIFO, BEL_VM_TLB_RANDOM };

enum bel_vm_tlb_part {
	BEL_VM_TLB_DATA,  /* first level: for data; for everything if there is no FETCH */
	BEL_VM_TLB_FETCH, /* first level: for instructions */
	BEL_VM_TLB_SECOND,
	BEL_VM_TLB_PARTS,
};

/* entries 0: no such buffer; ways 0: fully associative. */
struct bel_vm_tlb_config {
	struct {
		uint32_t entries, ways;
	} part[BEL_VM_TLB_PARTS];
	uint8_t order; /* enum bel_vm_tlb_order */
	bool asid;     /* entries have an address space; otherwise a switch flushes all */
};

struct bel_vm_tlb_buffer {
	uint32_t *tag; /* one set after the other; LRU and FIFO keep a set newest first */
	uint64_t mask; /* sets - 1 */
	uint32_t ways, entries;
	uint64_t misses, fills, shootdowns; /* shootdowns: entries removed as their page changed */
};

struct bel_vm_tlb {
	struct bel_vm_tlb_buffer part[BEL_VM_TLB_PARTS];
	struct bel_rng rng;
	uint8_t order;
	bool asid;
	uint64_t flushes, flushed; /* flushed: entries lost to flushes */
};

/* BEL_USAGE: entries, ways and sets do not fit. */
int bel_vm_tlb_init(struct bel_vm_tlb *tlb, const struct bel_vm_tlb_config *config, uint64_t seed,
	struct bel_err *err);
void bel_vm_tlb_release(struct bel_vm_tlb *tlb);

/* The first-level buffer of a reference with these run flags (FETCH or DATA). */
static inline struct bel_vm_tlb_buffer *bel_vm_tlb_first(struct bel_vm_tlb *tlb, unsigned flags)
{
	const bool fetch = flags & BEL_RUN_FETCH && tlb->part[BEL_VM_TLB_FETCH].entries;

	return &tlb->part[fetch ? BEL_VM_TLB_FETCH : BEL_VM_TLB_DATA];
}

/* Looks at a set beyond its first entry. With `move`, a hit moves the entry to the front. */
bool bel_vm_tlb_search(uint32_t *set, uint32_t ways, uint32_t tag, bool move);

static inline bool bel_vm_tlb_hit(
	const struct bel_vm_tlb *tlb, struct bel_vm_tlb_buffer *buffer, uint32_t tag, uint64_t vpn)
{
	uint32_t *const set = buffer->tag + (vpn & buffer->mask) * buffer->ways;

	if (__builtin_expect(*set == tag, 1))
		return true;
	return bel_vm_tlb_search(set, buffer->ways, tag, tlb->order == BEL_VM_TLB_LRU);
}

/* Puts an entry into a buffer that does not have it. */
void bel_vm_tlb_enter(
	struct bel_vm_tlb *tlb, struct bel_vm_tlb_buffer *buffer, uint32_t tag, uint64_t vpn);

/* Removes an entry from all buffers: the kernel does it, or the processor at a fault. */
void bel_vm_tlb_shootdown(struct bel_vm_tlb *tlb, uint32_t tag, uint64_t vpn);
void bel_vm_tlb_drop(struct bel_vm_tlb *tlb, uint32_t tag, uint64_t vpn);

/* Empties all buffers. */
void bel_vm_tlb_flush(struct bel_vm_tlb *tlb);

/* Whether any buffer holds the entry; for checks. */
bool bel_vm_tlb_holds(const struct bel_vm_tlb *tlb, uint32_t tag, uint64_t vpn);

#endif
