/* SPDX-License-Identifier: MIT */
/*
 * vm.h: the virtual-memory machine. A reference passes the TLB and the page table. If it faults,
 * the fault handler finds a frame, by the replacement policy and with swap, and the instruction
 * is restarted.
 *
 *	struct bel_vm *vm = bel_vm_new(&config, &err);
 *	while (...)
 *		bel_vm_feed(vm, &chunk, pages, &err);   runs of one address space, and events
 *	bel_vm_finish(vm, &err);
 *	bel_vm_tally(vm)->faults[...]
 *	bel_vm_free(vm);
 *
 * The pages of a policy are physical pages. A physical page is an anonymous page or a page of a
 * file; several processes may map it. Physical pages are numbered in the order in which the
 * machine makes them.
 *
 * The first reference of a run is translated; the others hit. If the run writes, its first
 * reference is taken to be a write. After a process is killed, the trace may still have runs of
 * it: they are counted in dead_process_references only.
 *
 * Threads: an instance is used by one thread at a time.
 */
#ifndef BEL_VM_H
#define BEL_VM_H

#include "chunk.h"
#include "sim.h"
#include "vm_cost.h"
#include "vm_table.h"
#include "vm_tlb.h"

/* ---- configuration ---- */

enum bel_vm_allocation {
	BEL_VM_GLOBAL,       /* one policy over all frames */
	BEL_VM_EQUAL,        /* local: frames / processes each */
	BEL_VM_PROPORTIONAL, /* local: by the pages that each process has */
	BEL_VM_WORKING_SET,  /* local: by pages referenced in the last rebalance interval */
	BEL_VM_FAULT_RATE,   /* local: more above one fault rate, less below another */
	BEL_VM_ALLOCATIONS,
};

struct bel_vm_step;

struct bel_vm_config {
	const struct bel_policy_spec *policy; /* NULL: nothing is ever replaced */
	uint64_t frames;                      /* 0: no limit */
	uint64_t seed;
	bool generic; /* see struct bel_sim_setup */
	struct bel_vm_table_shape tables;
	struct bel_vm_tlb_config tlb;
	uint8_t allocation;                     /* enum bel_vm_allocation */
	uint64_t rebalance_interval;            /* references between rebalances */
	double fault_rate_low, fault_rate_high; /* FAULT_RATE: in faults per reference */
	uint64_t low, high;                     /* watermarks, in free frames; 0: none */
	uint64_t swap_slots;                    /* or BEL_VM_UNBOUNDED */
	const struct bel_vm_device *device;
	struct bel_vm_cost cost;
	bool strict;       /* an address outside all regions kills */
	bool addresses;    /* of the runs, the pages are byte addresses (fold.h) */
	bool from_file;    /* pages of a space without known regions are read from a file first */
	bool invariants;   /* check everything after every event and fault */
	uint64_t interval; /* references; 0: no series */
	/* Called for each step of each translation; may be NULL. */
	void (*step)(void *host, const struct bel_vm_step *step);
	/*
	 * Called with the runs of physical pages, in order; page 0: of a dead process. NULL if
	 * there is a policy. A first reading uses it to find when each physical page is referenced
	 * next.
	 */
	int (*record)(void *host, const struct bel_run *runs, size_t count, struct bel_err *err);
	void *host; /* first argument of both */
};

/* ---- results ---- */

enum bel_vm_fault {
	BEL_VM_ZERO_FILL,  /* minor: an anonymous page without contents */
	BEL_VM_IN_FRAME,   /* minor: the page is in a frame, but this entry is invalid */
	BEL_VM_COPY,       /* minor: copied on write */
	BEL_VM_PROTECTION, /* minor: only the rights in the entry change */
	BEL_VM_FILE_READ,  /* major */
	BEL_VM_SWAP_READ,  /* major */
	BEL_VM_NO_REGION,  /* invalid: segmentation fault */
	BEL_VM_NO_RIGHT,   /* invalid: the region does not allow it */
	BEL_VM_FAULTS,
};

/* "zero_fill", "in_frame", ... */
const char *bel_vm_fault_name(enum bel_vm_fault fault);

/* Counts of the whole machine. */
struct bel_vm_tally {
	uint64_t references; /* of living processes */
	uint64_t dead_process_references;
	uint64_t faults[BEL_VM_FAULTS];
	uint64_t copies; /* pages copied on write, from a frame, swap or a file */
	uint64_t evictions, writebacks, clean_drops, file_reads, file_writes;
	uint64_t background;     /* evictions of the background reclaimer */
	uint64_t unknown_region; /* pages touched outside all regions, which was allowed */
	uint64_t lookups_missed; /* references whose first-level TLB missed */
	uint64_t l2_hits, walks, walk_references, restarts;
	uint64_t switches; /* from one address space to another */
	uint64_t frames_used, frames_peak;
	uint64_t valid;         /* valid entries, in all spaces */
	uint64_t out_of_memory; /* times that swap was full and a process had to be killed */
	uint64_t killed_fault, killed_memory; /* processes */
	uint64_t failed_forks;
	uint64_t rebalances; /* times that the frames were divided anew */
};

enum bel_vm_end { BEL_VM_LIVES, BEL_VM_EXITED, BEL_VM_SEGV, BEL_VM_OOM, BEL_VM_REFUSED };

/*
 * Regions of one kind; of a process, in all spaces that it had, each as it ended. A page that
 * several regions lie in counts once, for the first of them.
 */
struct bel_vm_fragmentation {
	uint64_t regions, bytes, pages;
	uint64_t internal_fragmentation_bytes; /* bytes of these pages that no region covers */
};

struct bel_vm_process {
	uint32_t pid, parent;   /* parent: index, or UINT32_MAX */
	char *name;             /* owned; may be NULL */
	uint8_t end;            /* enum bel_vm_end */
	uint32_t space, spaces; /* its latest space; how many it had (exec) */
	uint64_t status;        /* of an exit event */
	uint64_t fatal_address; /* end is SEGV: the address that it died of */
	uint8_t fatal_region;   /* its enum bel_region_kind; BEL_REGIONS: in no region */
	uint64_t references, faults[BEL_VM_FAULTS], copies, tlb_misses, unknown_region;
	uint64_t evicted; /* evictions of pages that one of its valid entries mapped */
	uint64_t pages, valid, peak_valid; /* entries: in use; valid; most valid ones */
	uint64_t shared;                   /* entries, as it ended, whose page others map too */
	uint64_t allocated_frames;         /* if replacement is local */
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS];
	struct bel_vm_frame_pool *pool;  /* its frames, if replacement is local */
	uint64_t seen_faults, seen_refs; /* at the last rebalance */
	uint64_t recent;                 /* pages referenced since the last rebalance */
};

/*
 * Counts at the end of an interval. All except `now` and the last four are sums from the start.
 * references: by living processes.
 */
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
 * `pages`: the place of each page in the runs. `chunk->next`: next uses of physical pages, for
 * policies that need them.
 */
int bel_vm_feed(struct bel_vm *vm, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err);

/* The trace is over. Processes that have not exited stay as they are. */
int bel_vm_finish(struct bel_vm *vm, struct bel_err *err);

/* All processes exit. Afterwards no frame, slot or table is in use. */
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

/* Virtual pages referenced so far, including those of dead processes. */
uint64_t bel_vm_pages(const struct bel_vm *vm);

/* Sums over all processes; of those that still live, their regions now. */
void bel_vm_fragmentation(
	const struct bel_vm *vm, struct bel_vm_fragmentation fragmentation[BEL_REGIONS]);
void bel_vm_process_fragmentation(const struct bel_vm *vm, const struct bel_vm_process *process,
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS]);

/* *shared: valid entries beyond the first of each frame. *idle: frames without a valid entry. */
void bel_vm_sharing(const struct bel_vm *vm, uint64_t *shared, uint64_t *idle);

/* Dirty pages in frames. */
uint64_t bel_vm_dirty(const struct bel_vm *vm);

/*
 * Whether a virtual page has a valid entry; then *frame is its frame, from 0. *mappings is how many
 * entries map its physical page.
 */
bool bel_vm_frame(
	const struct bel_vm *vm, uint32_t space, uint64_t vpn, uint32_t *frame, uint32_t *mappings);

/*
 * Whether frames, tables, TLBs, mappings and swap slots are consistent. BEL_FAIL: err says what is
 * not.
 */
int bel_vm_check(const struct bel_vm *vm, struct bel_err *err);

/* Faults by class, summed. */
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
