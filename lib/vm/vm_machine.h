/* SPDX-License-Identifier: MIT */
/*
 * vm_machine.h: the inside of the machine, for the files of lib/vm.
 *
 * Everything has a number. Page-table entries, physical pages, frames and swap slots are numbered
 * from 1, and 0 means none; spaces and processes are numbered from 0. The number of an entry is
 * also its tag in the TLBs. A physical page may be in a frame or not. The entries that map it form
 * a ring; when the last one goes, the page is dead. Its number is not used again, because a policy
 * may remember it.
 */
#ifndef BEL_VM_MACHINE_H
#define BEL_VM_MACHINE_H

#include "address_map.h"
#include "names.h"
#include "vm.h"
#include "vm_index.h"
#include "vm_step.h"

#define BEL_VM_PENDING 512     /* runs that wait for the policy; 16 bytes each, in every machine */
#define BEL_VM_NEAR (1u << 14) /* so many entries and pages fit in a second-level cache */
#define BEL_VM_ROOM 64 /* first size of arrays, in elements: small, as there may be many machines */

/*
 * Entries and physical pages have 16 bytes each, so that none lies in two lines of the cache: with
 * many pages, most references wait for theirs. What few of them need is in arrays of its own.
 */
struct bel_vm_entry {
	uint64_t number : 54; /* of its virtual page; read it by bel_vm_vpn() */
	uint64_t bits : 8;    /* enum bel_vm_entry_bit */
	uint64_t recent : 1;  /* referenced since the last rebalance */
	uint32_t physical_page;
	uint32_t space;
};

/* Compilers differ in how wide `entry->number << bits` is. */
static inline uint64_t bel_vm_vpn(const struct bel_vm_entry *entry)
{
	return entry->number;
}

/* Its neighbours in the ring of the entries that map a physical page. */
struct bel_vm_ring {
	uint32_t next, prev;
};

enum bel_vm_physical_page_bit {
	BEL_VM_PAGE_LOADED = 0x1, /* the policy holds it */
	BEL_VM_PAGE_FILE = 0x2,   /* a page of a file: written back there */
	BEL_VM_PAGE_ORIGIN = 0x4, /* its first contents come from a file */
	/*
	 * To be written, even if clean: its slot was taken away. Or there is no policy that knows
	 * whether it is dirty, and an entry that wrote to it has become invalid.
	 */
	BEL_VM_PAGE_STALE = 0x8,
	BEL_VM_PAGE_NAMED = 0x10, /* in physical_page_at: of a file or of shared memory */
};

#define BEL_VM_MAPPINGS_MAX ((1u << 27) - 1)

struct bel_vm_physical_page {
	uint32_t first; /* an entry of its ring */
	uint32_t mappings : 27;
	uint32_t bits : 5; /* enum bel_vm_physical_page_bit */
	uint32_t frame, slot;
};

/* Where a page of a file, or of shared memory, is. */
struct bel_vm_file_page {
	uint64_t offset;
	uint32_t file;
};

struct bel_vm_space {
	struct bel_address_map regions; /* backing: number of the file or shared memory */
	uint32_t process;
	uint32_t first; /* entries */
	uint32_t entries;
	bool known, alive;
	bool mapped; /* its regions are known: an event mapped one */
	bool fails;  /* an event says that its next reference fails, at fails_at */
	uint64_t fails_at;
};

/* Frames under one instance of the policy: all frames, or those of one process. */
struct bel_vm_frame_pool {
	struct bel_sim *sim;            /* NULL: nothing is ever replaced */
	struct bel_vm_frame_pool *dead; /* the next retired pool */
	uint64_t frames, now, loaded;
	uint32_t process;
};

struct bel_vm {
	struct bel_vm_config config;
	struct bel_vm_tally tally;
	uint64_t now; /* references so far, including those of dead processes */
	uint64_t page_bytes;

	struct bel_vm_entry *entry;
	uint32_t *below; /* of each entry, the next one of its space, or the next free one */
	struct bel_vm_ring *ring; /* of each entry; NULL: no page has had two mappings yet */
	uint32_t entries, entry_capacity, below_capacity, ring_capacity, entry_free;
	uint32_t *entry_of;           /* the entry of a page of the trace; 0: none yet */
	uint32_t pages, places;       /* elements of entry_of; pages of the trace seen */
	struct bel_vm_index entry_at; /* (vpn, space) -> entry */
	struct bel_vm_tlb tlb;
	struct bel_vm_table table;
	uint32_t current; /* the space that runs */
	uint64_t address; /* of the reference in progress, if config.addresses */

	struct bel_vm_physical_page *physical_page;
	struct bel_vm_file_page *file_page; /* of each NAMED page; NULL: there is none */
	struct bel_vm_frame_pool **pool_of; /* whose frame each has while loaded; NULL: global's */
	uint32_t physical_pages, physical_page_capacity, file_page_capacity, pool_of_capacity;
	struct bel_hash_table physical_page_at; /* (offset, file) -> physical page */
	uint32_t shared_maps;   /* so many anonymous shared mappings were made: each is as a file */
	struct bel_names files; /* number 1 is the first */

	uint32_t *frame; /* its physical page; of a free frame: the one that it held last */
	/*
	 * A stack, which has room for all frames. It is no list through `frame`: each fault would
	 * wait for the link of the frame that its victim has just left.
	 */
	uint32_t *free_frame;
	uint32_t frames_made, frame_capacity, free_frame_capacity, free_frames;
	struct bel_vm_swap swap;

	struct bel_vm_space *space;
	uint32_t spaces;
	struct bel_vm_process *process;
	uint32_t processes, process_capacity, living;

	struct bel_vm_frame_pool *global, *retired_pools;
	struct bel_run pending[BEL_VM_PENDING];
	uint64_t pending_next[BEL_VM_PENDING];
	uint32_t pending_count;
	struct bel_vm_frame_pool *pending_pool;
	uint32_t spare;      /* frames that the background reclaimer frees at a time */
	uint32_t push_limit; /* pending runs that are handed to the policy together */
	uint64_t next_rebalance, next_mark;
	struct bel_vm_mark *mark;
	size_t marks, mark_capacity;
	/* Arguments of the call in progress. */
	struct bel_granules granules;
	struct bel_err *err;
};

static inline struct bel_vm_process *bel_vm_process_of(struct bel_vm *vm, uint32_t space)
{
	return &vm->process[vm->space[space].process];
}

/* The frame pool whose frame a physical page has while it is loaded. */
static inline struct bel_vm_frame_pool *bel_vm_pool_of(
	const struct bel_vm *vm, uint32_t physical_page)
{
	return vm->global ? vm->global : vm->pool_of[physical_page];
}

/* The entry after `at` in the ring of a physical page. An entry alone is its own neighbour. */
static inline uint32_t bel_vm_next_mapping(
	const struct bel_vm *vm, const struct bel_vm_physical_page *physical_page, uint32_t at)
{
	return physical_page->mappings > 1 ? vm->ring[at].next : at;
}

/*
 * The files of the machine, from the bottom up: each calls only files above it in this list, never
 * one below it.
 */

/* ---- vm_step.c ---- */
/* Reports one step to the host's callback, which must not be NULL. */
void bel_vm_tell_host(struct bel_vm *vm, uint8_t type, const struct bel_vm_entry *entry,
	uint32_t frame, uint64_t info) __attribute__((cold));

void bel_vm_tell_event(struct bel_vm *vm, const struct bel_event *event) __attribute__((cold));
void bel_vm_tell_dead(struct bel_vm *vm, uint32_t space, uint32_t page, uint32_t info)
	__attribute__((cold));

/* What is in use, to tell later what came back. */
struct bel_vm_held {
	uint64_t frames, slots;
};

static inline struct bel_vm_held bel_vm_held(const struct bel_vm *vm)
{
	return (struct bel_vm_held){vm->tally.frames_used, vm->swap.used};
}

void bel_vm_tell_returned(struct bel_vm *vm, uint32_t space, uint64_t info,
	struct bel_vm_held before) __attribute__((cold));

/* The same if there is a callback. Mostly there is none, so only the test is inlined. */
static inline void bel_vm_tell(struct bel_vm *vm, uint8_t type, const struct bel_vm_entry *entry,
	uint32_t frame, uint64_t info)
{
	if (__builtin_expect(vm->config.step != NULL, 0))
		bel_vm_tell_host(vm, type, entry, frame, info);
}

/* ---- vm_entry.c: entries, physical pages, frames ---- */
int64_t bel_vm_entry_get(struct bel_vm *vm, uint32_t space, uint64_t vpn);
int64_t bel_vm_physical_page_new(struct bel_vm *vm, uint32_t file, uint64_t offset, unsigned bits);
int bel_vm_attach(struct bel_vm *vm, uint32_t number, uint32_t physical_page);
void bel_vm_detach(struct bel_vm *vm, uint32_t number);
int bel_vm_validate(struct bel_vm *vm, uint32_t number, unsigned bits);
void bel_vm_invalidate(struct bel_vm *vm, uint32_t number);
void bel_vm_space_clear(struct bel_vm *vm, uint32_t space);
int bel_vm_frame_take(struct bel_vm *vm, uint32_t physical_page);
void bel_vm_frame_give(struct bel_vm *vm, uint32_t physical_page);
bool bel_vm_physical_page_dirty(const struct bel_vm *vm, uint32_t physical_page);

/* ---- vm_report.c (and vm.h): counts ---- */
/* Adds the bytes and the internal fragmentation of a space's regions, by kind. */
void bel_vm_space_fragmentation(const struct bel_vm *vm, const struct bel_vm_space *space,
	struct bel_vm_fragmentation *fragmentation);
/* An interval ends here, or ended in the latest run, which is of a dead process or not. */
int bel_vm_mark_add(struct bel_vm *vm, bool dead);

/* ---- vm_frame_pool.c ---- */
struct bel_vm_frame_pool *bel_vm_frame_pool_new(
	struct bel_vm *vm, uint64_t frames, uint32_t process);
void bel_vm_frame_pool_free(struct bel_vm_frame_pool *pool);
/*
 * A pool may be retired while its own victims are being evicted. So its memory lasts until
 * bel_vm_free_retired_pools(), which is called between two references.
 */
void bel_vm_frame_pool_retire(struct bel_vm *vm, struct bel_vm_frame_pool *pool);
void bel_vm_free_retired_pools(struct bel_vm *vm);

/* ---- vm_evict.c: a victim leaves its frame; a process ends ---- */
/*
 * If swap is full, this kills processes until there is a slot. So after any call that may evict,
 * each process may be dead and each page may have lost its last mapping.
 */
int bel_vm_evict(struct bel_vm *vm, uint32_t physical_page, bool dirty);
/* Ends a process; nothing happens if it has ended already. */
int bel_vm_end(struct bel_vm *vm, uint32_t process, enum bel_vm_end end);
/* Frees the space's memory. Its figures go to its process, which goes on living. */
void bel_vm_space_end(struct bel_vm *vm, uint32_t space);

/* ---- vm_replace.c: policies choose victims ---- */
/* Hands the pending runs to the policy and evicts its victims. */
int bel_vm_flush(struct bel_vm *vm);
/* Adds a run to the pending ones; physical page 0: of a dead process. */
int bel_vm_push(struct bel_vm *vm, uint32_t physical_page, uint32_t info, uint64_t next);
/* Loads a physical page into a frame of the pool. */
int bel_vm_load(struct bel_vm *vm, struct bel_vm_frame_pool *pool, uint32_t physical_page,
	uint32_t info, uint64_t next);
int bel_vm_frame_pool_resize(struct bel_vm *vm, struct bel_vm_frame_pool **pool, uint64_t frames);

/* ---- vm_allocation.c: local replacement ---- */
int bel_vm_allocate_frames(struct bel_vm *vm);
int bel_vm_rebalance(struct bel_vm *vm);

/* ---- vm_process.c ---- */
int bel_vm_space_need(struct bel_vm *vm, uint32_t space);
int bel_vm_start(struct bel_vm *vm, const struct bel_event *event);
int bel_vm_fork(struct bel_vm *vm, const struct bel_event *event);
int bel_vm_exec(struct bel_vm *vm, const struct bel_event *event);

/* ---- vm_event.c ---- */
int bel_vm_event(struct bel_vm *vm, const struct bel_event *event);

/* ---- vm_fault.c: returns 1, 0 if the process is dead, or negative ---- */
int bel_vm_fault(struct bel_vm *vm, uint32_t number, uint32_t info, uint64_t next);
/* The entry's process dies of a reference to `address`: no region, or one that forbids it. */
int bel_vm_kill(struct bel_vm *vm, uint32_t number, uint64_t address);

/* ---- vm_refer.c: runs [from, to) of the chunk, between two events ---- */
int bel_vm_runs(struct bel_vm *vm, const struct bel_chunk *chunk, size_t from, size_t to);

#endif
