/* SPDX-License-Identifier: MIT */
/*
 * vm.h: the virtual-memory machine: reference -> TLB and page table -> fault handler ->
 * frames -> replacement policy -> swap -> the instruction again.
 *
 *	struct bel_vm *vm = bel_vm_new(&config, &err);
 *	while (...)
 *		bel_vm_feed(vm, &chunk, pages, &err);   runs of one address space, events between
 *	bel_vm_finish(vm, &err);
 *	bel_vm_tally(vm)->faults[...]
 *	bel_vm_free(vm);
 *
 * What a policy sees as a page is the physical page: an anonymous page, or a page of a
 * file, however many processes map it. Those are numbered in order of first load.
 *
 * A run is one translation and then hits; its write, if it has one, comes first.
 * Processes that were killed refer to nothing any more: their runs are counted
 * as void. An instance belongs to one thread at a time.
 */
#ifndef BEL_VM_H
#define BEL_VM_H

#include "chunk.h"
#include "sim.h"
#include "vm_cost.h"
#include "vm_table.h"
#include "vm_tlb.h"

/* ---- how it is built ---- */

enum bel_vm_allocation {
	BEL_VM_GLOBAL,       /* one policy over all frames */
	BEL_VM_EQUAL,        /* local: frames / processes each */
	BEL_VM_PROPORTIONAL, /* local: by pages touched so far */
	BEL_VM_WORKING_SET,  /* local: by pages referenced in the last rebalance interval */
	BEL_VM_FAULT_RATE,   /* local: more above one fault rate, less below another */
	BEL_VM_ALLOCATIONS,
};

struct bel_vm_step;

struct bel_vm_config {
	const struct bel_policy_spec *policy; /* NULL: nothing is ever replaced */
	uint64_t frames;                      /* 0: as many as it takes */
	uint64_t seed;
	bool generic; /* see struct bel_sim_setup */
	struct bel_vm_table_shape tables;
	struct bel_vm_tlb_config tlb;
	uint8_t allocation;                     /* enum bel_vm_allocation */
	uint64_t rebalance_interval;            /* references between rebalances */
	double fault_rate_low, fault_rate_high; /* faults a reference: FAULT_RATE */
	uint64_t low, high;                     /* watermarks, in free frames; 0: none */
	uint64_t swap_slots;                    /* or BEL_VM_UNBOUNDED */
	const struct bel_vm_device *device;
	struct bel_vm_cost cost;
	bool strict;       /* an address outside all regions kills */
	bool from_file;    /* where no regions are known, pages come from a file, not zeroed */
	bool invariants;   /* check everything after every event and fault */
	uint64_t interval; /* references; 0: no series */
	/* Called with the steps of each translation, one by one. */
	void (*step)(void *host, const struct bel_vm_step *step);
	/*
	 * Called with the physical page of every run in order, page 0: void. So the
	 * future of physical pages is found before a policy needs it.
	 */
	int (*record)(void *host, const struct bel_run *runs, size_t count, struct bel_err *err);
	void *host; /* of both */
};

/* ---- what comes out ---- */

enum bel_vm_fault {
	BEL_VM_ZERO_FILL,  /* minor: an anonymous page without contents */
	BEL_VM_IN_FRAME,   /* minor: in a frame already, only not in this table */
	BEL_VM_COPY,       /* minor: copied on write */
	BEL_VM_PROTECTION, /* minor: the entry alone changes */
	BEL_VM_FILE_READ,  /* major */
	BEL_VM_SWAP_READ,  /* major */
	BEL_VM_NO_REGION,  /* invalid: segmentation fault */
	BEL_VM_NO_RIGHT,   /* invalid: the region does not allow it */
	BEL_VM_FAULTS,
};

/* "zero_fill", "in_frame", ... */
const char *bel_vm_fault_name(enum bel_vm_fault fault);

/* Of the machine. */
struct bel_vm_tally {
	uint64_t references; /* of living processes */
	uint64_t dead_process_references;
	uint64_t faults[BEL_VM_FAULTS];
	uint64_t copies; /* pages copied on write, wherever their source was */
	uint64_t evictions, writebacks, clean_drops, file_reads, file_writes;
	uint64_t background;     /* evictions of the background reclaimer */
	uint64_t unknown_region; /* pages touched outside all regions and let pass */
	uint64_t lookups_missed; /* references whose first-level TLB missed */
	uint64_t l2_hits, walks, walk_references, restarts;
	uint64_t switches; /* from one address space to another */
	uint64_t frames_used, frames_peak;
	uint64_t valid;         /* entries whose page is in a frame, over all spaces */
	uint64_t out_of_memory; /* times that swap was full */
	uint64_t killed_fault, killed_memory; /* processes */
	uint64_t failed_forks;
	uint64_t rebalances; /* allocations changed */
};

enum bel_vm_end { BEL_VM_LIVES, BEL_VM_EXITED, BEL_VM_SEGV, BEL_VM_OOM, BEL_VM_REFUSED };

/* Bytes by kind of region, of all spaces that a process had, each as it ended. */
struct bel_vm_fragmentation {
	uint64_t regions, bytes, pages,
		internal_fragmentation_bytes; /* internal fragmentation: pages x page size - bytes */
};

struct bel_vm_process {
	uint32_t pid, parent;   /* parent: index, or UINT32_MAX */
	char *name;             /* owned; may be NULL */
	uint8_t end;            /* enum bel_vm_end */
	uint32_t space, spaces; /* the latest, how many it had (exec) */
	uint64_t status;        /* of an exit event */
	uint64_t fatal_address; /* end is SEGV: what it died of, and in which region that is */
	uint8_t fatal_region;   /* enum bel_region_kind; BEL_REGIONS: in none */
	uint64_t references, faults[BEL_VM_FAULTS], copies, tlb_misses, unknown_region;
	uint64_t evicted; /* times one of its entries lost its frame to replacement */
	uint64_t pages, valid, peak_valid; /* with contents; in frames; most of these */
	uint64_t shared;                   /* entries whose page others map too, as it ended */
	uint64_t allocated_frames;         /* frames, where replacement is local */
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS];
	struct bel_vm_frame_pool *pool;  /* its share of frames, where local */
	uint64_t seen_faults, seen_refs; /* at the last rebalance */
	uint64_t recent;                 /* pages referenced since the last rebalance */
};

/* At the end of an interval; all but `now` and the last four are sums so far. */
struct bel_vm_mark {
	uint64_t now, references;
	uint64_t faults[BEL_VM_FAULTS];
	uint64_t tlb_misses, walks, writebacks, swap_ins, swap_outs;
	uint64_t frames_used, valid, swap_used, processes;
};

struct bel_vm;

struct bel_vm *bel_vm_new(const struct bel_vm_config *config, struct bel_err *err);
void bel_vm_free(struct bel_vm *vm); /* NULL is allowed */

/*
 * `pages`: where all pages in the runs are. `chunk->next`, if the policy asks for the future, is
 * that of physical pages.
 */
int bel_vm_feed(struct bel_vm *vm, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err);

/* The trace is over; processes that have not exited stay as they are. */
int bel_vm_finish(struct bel_vm *vm, struct bel_err *err);

/* All processes exit: afterwards nothing is in use. */
int bel_vm_end_all(struct bel_vm *vm, struct bel_err *err);

const struct bel_vm_tally *bel_vm_tally(const struct bel_vm *vm);
const struct bel_vm_tlb *bel_vm_tlb(const struct bel_vm *vm);
const struct bel_vm_table *bel_vm_table(const struct bel_vm *vm);
const struct bel_vm_swap *bel_vm_swap(const struct bel_vm *vm);
const struct bel_vm_config *bel_vm_config(const struct bel_vm *vm);
/* Index 0, 1, ...; NULL past the last. */
const struct bel_vm_process *bel_vm_process(const struct bel_vm *vm, uint32_t index);
const struct bel_vm_mark *bel_vm_marks(const struct bel_vm *vm, size_t *count);
struct bel_vm_work bel_vm_work(const struct bel_vm *vm);

/* Virtual pages referenced so far, those of processes that are no more included. */
uint64_t bel_vm_pages(const struct bel_vm *vm);

/* Regions' bytes of all processes together, those still alive as they are now. */
void bel_vm_fragmentation(
	const struct bel_vm *vm, struct bel_vm_fragmentation fragmentation[BEL_REGIONS]);
void bel_vm_process_fragmentation(const struct bel_vm *vm, const struct bel_vm_process *process,
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS]);

/* Entries that share their frame with an earlier one; and frames that no entry points at. */
void bel_vm_sharing(const struct bel_vm *vm, uint64_t *shared, uint64_t *idle);

/* Pages dirty in frames now. */
uint64_t bel_vm_dirty(const struct bel_vm *vm);

/*
 * The frame (from 0) in which a virtual page is; false: in none. And how many entries
 * map the same physical page.
 */
bool bel_vm_frame(
	const struct bel_vm *vm, uint32_t space, uint64_t vpn, uint32_t *frame, uint32_t *mappings);

/* Whether frames, tables, TLBs, reference counts and swap slots agree; else BEL_FAIL says what
 * does not. */
int bel_vm_check(const struct bel_vm *vm, struct bel_err *err);

/* Sums of the classes. */
static inline uint64_t bel_vm_minor(const uint64_t faults[BEL_VM_FAULTS])
{
	return faults[BEL_VM_ZERO_FILL] + faults[BEL_VM_IN_FRAME] + faults[BEL_VM_COPY] +
	       faults[BEL_VM_PROTECTION];
}

static inline uint64_t bel_vm_major(const uint64_t faults[BEL_VM_FAULTS])
{
	return faults[BEL_VM_FILE_READ] + faults[BEL_VM_SWAP_READ];
}

static inline uint64_t bel_vm_invalid(const uint64_t faults[BEL_VM_FAULTS])
{
	return faults[BEL_VM_NO_REGION] + faults[BEL_VM_NO_RIGHT];
}

#endif
