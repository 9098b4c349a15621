/* SPDX-License-Identifier: MIT */
/* vm_refer.c: runs through TLB and page tables: TLB hits quickly, all others step by step. */
#include "vm_machine.h"

#define BLOCK 16 /* runs that are looked at together */

enum missed { MISSED_DATA = 0x1, MISSED_FETCH = 0x2 };

/*
 * The functions of a miss get the page number of the entry. It is in one word with the bits, and to
 * read it after the bits changed, the processor waits until all stores before are in the cache.
 */
static void walk(struct bel_vm *vm, uint32_t number, uint64_t vpn, uint64_t times)
{
	const struct bel_vm_entry *const entry = &vm->entry[number];
	const uint64_t steps = bel_vm_table_walk(&vm->table, number, entry->space, vpn);

	vm->tally.walks += times;
	vm->tally.walk_references += times * steps;
	bel_vm_tell(vm, BEL_VM_STEP_WALK, entry, 0, steps);
}

/*
 * After a first-level miss: looks in the second level, then walks the tables. Whether the second
 * level lacks the translation, too.
 */
static bool look_further(
	struct bel_vm *vm, struct bel_vm_tlb_buffer *first, uint32_t number, uint64_t vpn)
{
	struct bel_vm_tlb_buffer *const second = &vm->tlb.part[BEL_VM_TLB_SECOND];
	const struct bel_vm_entry *const entry = &vm->entry[number];

	first->misses++;
	vm->tally.lookups_missed++;
	bel_vm_process_of(vm, entry->space)->tlb_misses++;
	bel_vm_tell(vm, BEL_VM_STEP_TLB_MISS, entry, 0, 1);
	if (second->entries && bel_vm_tlb_hit(&vm->tlb, second, number, vpn)) {
		vm->tally.l2_hits++;
		bel_vm_tell(vm, BEL_VM_STEP_TLB_HIT, entry, 0, 2);
		return false;
	}
	second->misses += second->entries != 0;
	walk(vm, number, vpn, 1);
	return second->entries != 0;
}

/*
 * Enters the translation into the buffers that lack it. `lacks`: the second level is known to lack
 * it, as only this function enters translations.
 */
static void fill(struct bel_vm *vm, struct bel_vm_tlb_buffer *first, uint32_t number, uint64_t vpn,
	bool lacks)
{
	struct bel_vm_tlb_buffer *const second = &vm->tlb.part[BEL_VM_TLB_SECOND];

	bel_vm_tlb_enter(&vm->tlb, first, number, vpn);
	bel_vm_tell(vm, BEL_VM_STEP_FILL, &vm->entry[number], 0, 1);
	if (lacks || (second->entries && !bel_vm_tlb_hit(&vm->tlb, second, number, vpn))) {
		bel_vm_tlb_enter(&vm->tlb, second, number, vpn);
		bel_vm_tell(vm, BEL_VM_STEP_FILL, &vm->entry[number], 0, 2);
	}
}

/*
 * Fills the buffers after misses. After a fault the instruction is restarted, so the tables are
 * walked again.
 */
static void look_up_missed(
	struct bel_vm *vm, uint32_t number, uint64_t vpn, unsigned missed, bool lacks, bool faulted)
{
	struct bel_vm_tlb_buffer *const data = &vm->tlb.part[BEL_VM_TLB_DATA];
	struct bel_vm_tlb_buffer *const fetch = &vm->tlb.part[BEL_VM_TLB_FETCH];
	struct bel_vm_tlb_buffer *const first = missed & MISSED_FETCH ? fetch : data;

	if (!missed)
		return;
	if (faulted)
		walk(vm, number, vpn, 1);
	fill(vm, first, number, vpn, lacks);
	if (missed == (MISSED_DATA | MISSED_FETCH)) {
		lacks = look_further(vm, data, number, vpn);
		fill(vm, data, number, vpn, lacks);
	}
}

/*
 * A write faulted though the TLB had the translation, which did not allow it. The fault removes the
 * translation (Intel's manual, volume 3, 4.10.4.1), so the restarted instruction walks the tables.
 */
static void look_up_denied(struct bel_vm *vm, uint32_t number, uint64_t vpn)
{
	bel_vm_tlb_drop(&vm->tlb, number, vpn);
	walk(vm, number, vpn, 1);
	fill(vm, &vm->tlb.part[BEL_VM_TLB_DATA], number, vpn, false);
}

/* A run, step by step: 1, 0 if its process was killed, or negative. */
static int go_slowly(
	struct bel_vm *vm, uint32_t number, uint32_t info, uint64_t next, unsigned missed)
{
	const bool has_tlb = vm->tlb.part[BEL_VM_TLB_DATA].entries;
	const bool write = info & BEL_RUN_WRITE;
	const struct bel_vm_entry *entry = &vm->entry[number];
	const uint64_t vpn = bel_vm_vpn(entry);
	const uint32_t space = entry->space;
	const unsigned need = BEL_VM_VALID | (write ? BEL_VM_WRITABLE : 0);
	bool lacks = false, faulted = false;
	int r = 1;

	bel_vm_tell(vm, BEL_VM_STEP_REFERENCE, entry, 0, info);
	if (missed)
		lacks = look_further(vm,
			&vm->tlb.part[missed & MISSED_FETCH ? BEL_VM_TLB_FETCH : BEL_VM_TLB_DATA],
			number, vpn);
	else if (has_tlb)
		bel_vm_tell(vm, BEL_VM_STEP_TLB_HIT, entry, 0, 1);
	else
		walk(vm, number, vpn, info >> BEL_RUN_COUNT_SHIFT);
	if ((entry->bits & need) != need) {
		bel_vm_tell(vm,
			entry->bits & BEL_VM_VALID ? BEL_VM_STEP_DENIED : BEL_VM_STEP_INVALID,
			entry, 0, entry->bits);
		r = bel_vm_fault(vm, number, info, next);
		if (r <= 0)
			return r;
		vm->tally.restarts++;
		faulted = true;
		bel_vm_tell(vm, BEL_VM_STEP_RESTART, &vm->entry[number], 0, 0);
		if (!has_tlb)
			walk(vm, number, vpn, 1);
	} else if (bel_vm_push(vm, entry->physical_page, info, next) < 0) {
		return BEL_FAIL;
	} else if (!vm->space[space].alive) { /* killed for memory after this reference */
		return 1;
	}
	vm->entry[number].bits |= BEL_VM_ACCESSED | (write ? BEL_VM_DIRTY : 0);
	if (faulted && has_tlb && !missed)
		look_up_denied(vm, number, vpn);
	else
		look_up_missed(vm, number, vpn, missed, lacks, faulted);
	entry = &vm->entry[number];
	/* Only a host that is told needs the physical page, for which a hit would wait. */
	if (vm->config.step && entry->bits & BEL_VM_VALID)
		bel_vm_tell(vm, BEL_VM_STEP_FRAME, entry,
			vm->physical_page[entry->physical_page].frame, 0);
	return 1;
}

/* Which first-level buffers lack the translation. */
static inline unsigned look_up(struct bel_vm *vm, uint32_t number, uint64_t vpn, uint32_t info)
{
	struct bel_vm_tlb_buffer *const data = &vm->tlb.part[BEL_VM_TLB_DATA];
	struct bel_vm_tlb_buffer *const fetch = &vm->tlb.part[BEL_VM_TLB_FETCH];
	unsigned missed = 0;

	if (info & BEL_RUN_FETCH && fetch->entries) {
		if (!bel_vm_tlb_hit(&vm->tlb, fetch, number, vpn))
			missed = MISSED_FETCH;
		if (!(info & BEL_RUN_DATA))
			return missed;
	}
	if (!bel_vm_tlb_hit(&vm->tlb, data, number, vpn))
		missed |= MISSED_DATA;
	return missed;
}

/* The intervals that have ended. `dead`: the latest references are those of a dead process. */
static int end_intervals(struct bel_vm *vm, bool dead)
{
	for (; vm->now >= vm->next_mark; vm->next_mark += vm->config.interval)
		if (bel_vm_mark_add(vm, dead) < 0)
			return BEL_FAIL;
	return 0;
}

/* A run of a dead process. */
static int pass_over(struct bel_vm *vm, uint32_t space, struct bel_run run)
{
	if (vm->config.step)
		bel_vm_tell_dead(vm, space, run.page, run.info);
	vm->tally.dead_process_references += bel_run_count(run);
	vm->now += bel_run_count(run);
	if (end_intervals(vm, true) < 0)
		return BEL_FAIL;
	return vm->config.record ? bel_vm_push(vm, 0, run.info, 0) : 0;
}

static int begin_entry(struct bel_vm *vm, const struct bel_chunk *chunk, uint32_t page)
{
	int64_t number;

	if (page >= vm->granules.count || vm->granules.granule[page].space != chunk->space)
		return bel_fail(vm->err, "page %u is not of address space %u", page, chunk->space);
	number = bel_vm_entry_get(vm, chunk->space,
		vm->granules.granule[page].number >>
			(vm->config.addresses ? vm->config.tables.page_bits : 0));
	if (number < 0)
		return BEL_FAIL;
	vm->entry_of[page] = (uint32_t)number;
	return 0;
}

/* The reference that, by an event of the trace, its process died of. */
static int die(struct bel_vm *vm, const struct bel_chunk *chunk, struct bel_run run)
{
	struct bel_vm_space *const space = &vm->space[chunk->space];
	const uint32_t count = bel_run_count(run);

	if (!vm->entry_of[run.page] && begin_entry(vm, chunk, run.page) < 0)
		return BEL_FAIL;
	space->fails = false;
	if (vm->config.addresses)
		vm->address = vm->granules.granule[run.page].number;
	bel_vm_tell(vm, BEL_VM_STEP_REFERENCE, &vm->entry[vm->entry_of[run.page]], 0, run.info);
	bel_vm_process_of(vm, chunk->space)->references++;
	vm->tally.references++;
	vm->tally.dead_process_references += count - 1;
	vm->now += count;
	if ((vm->config.record && bel_vm_push(vm, 0, run.info, 0) < 0) ||
		bel_vm_kill(vm, vm->entry_of[run.page], space->fails_at) < 0)
		return BEL_FAIL;
	bel_vm_free_retired_pools(vm);
	if (end_intervals(vm, true) < 0)
		return BEL_FAIL;
	return vm->config.invariants ? bel_vm_check(vm, vm->err) : 0;
}

static int one_slowly(struct bel_vm *vm, const struct bel_chunk *chunk, size_t i, unsigned missed)
{
	const struct bel_run run = chunk->runs[i];
	const uint32_t count = bel_run_count(run);
	int r;

	if (vm->config.addresses)
		vm->address = vm->granules.granule[run.page].number;
	if (!vm->entry_of[run.page]) {
		if (begin_entry(vm, chunk, run.page) < 0)
			return BEL_FAIL;
		/* A new entry or one copied by a fork is in no TLB; but another address may have
		 * brought it there. */
		if (vm->tlb.part[BEL_VM_TLB_DATA].entries)
			missed = look_up(vm, vm->entry_of[run.page],
				bel_vm_vpn(&vm->entry[vm->entry_of[run.page]]), run.info);
	}
	const uint64_t restarts = vm->tally.restarts;

	r = go_slowly(
		vm, vm->entry_of[run.page], run.info, chunk->next ? chunk->next[i] : 0, missed);
	if (r == 0) {
		/* It died of its first reference. */
		bel_vm_process_of(vm, chunk->space)->references++;
		vm->tally.references++;
		vm->now += count;
		vm->tally.dead_process_references += count - 1;
		if ((vm->config.record && bel_vm_push(vm, 0, run.info, 0) < 0) ||
			end_intervals(vm, true) < 0)
			return BEL_FAIL;
	}
	bel_vm_free_retired_pools(vm);
	if (r >= 0 && vm->config.invariants && (r == 0 || vm->tally.restarts != restarts) &&
		bel_vm_check(vm, vm->err) < 0)
		return BEL_FAIL;
	return r;
}

/* What is due by now: rebalances and ends of intervals. */
static int do_due(struct bel_vm *vm)
{
	if (vm->now >= vm->next_rebalance && bel_vm_rebalance(vm) < 0)
		return BEL_FAIL;
	return end_intervals(vm, false);
}

/*
 * Fetches into the cache what the next runs need. A run finds the number of its entry, then the
 * entry, then, at a fault, the physical page. With many pages each of them waits for memory, one
 * after the other. So the numbers are fetched three blocks ahead of the run at `from`, the entries
 * two, and the physical pages one. Always inlined: GCC takes a function that only fetches ahead for
 * one without effect, and drops the calls.
 */
static inline __attribute__((always_inline)) void look_ahead(
	const struct bel_vm *vm, const struct bel_chunk *chunk, size_t from, size_t to)
{
	const struct bel_sim *const sim = vm->global ? vm->global->sim : NULL;
	const struct bel_run *const runs = chunk->runs;

	for (size_t i = from + BLOCK; i < from + 2 * BLOCK && i < to; i++) {
		const uint32_t page = runs[i].page, number = vm->entry_of[page];
		const struct bel_vm_entry *const entry = &vm->entry[number];

		if (!number && page < vm->granules.count)
			__builtin_prefetch(&vm->entry_at.slot[bel_vm_index_home(
				&vm->entry_at, vm->granules.granule[page].number, chunk->space)]);
		else if (!(entry->bits & BEL_VM_VALID))
			__builtin_prefetch(&vm->physical_page[entry->physical_page], 1);
		if (sim)
			bel_sim_prefetch(sim, entry->physical_page);
	}
	for (size_t i = from + 2 * BLOCK; i < from + 3 * BLOCK && i < to; i++)
		__builtin_prefetch(&vm->entry[vm->entry_of[runs[i].page]], 1);
	for (size_t i = from + 3 * BLOCK; i < from + 4 * BLOCK && i < to; i++)
		__builtin_prefetch(&vm->entry_of[runs[i].page]);
}

int bel_vm_runs(struct bel_vm *vm, const struct bel_chunk *chunk, size_t from, size_t to)
{
	const bool has_tlb = vm->tlb.part[BEL_VM_TLB_DATA].entries;
	const bool watch = vm->config.step || !has_tlb || vm->push_limit == 1;
	const bool recent = vm->config.allocation == BEL_VM_WORKING_SET;
	size_t i = from, ahead = from;

	if (vm->space[chunk->space].fails && vm->space[chunk->space].alive && i < to &&
		die(vm, chunk, chunk->runs[i++]) < 0)
		return BEL_FAIL;
	for (; i < to && vm->space[chunk->space].alive; i++) {
		if (i >= ahead) {
			if (vm->entries > BEL_VM_NEAR)
				look_ahead(vm, chunk, i, to);
			ahead = i + BLOCK;
		}
		struct bel_vm_process *const process = bel_vm_process_of(vm, chunk->space);
		const struct bel_run run = chunk->runs[i];
		const uint32_t number = vm->entry_of[run.page], count = bel_run_count(run);
		struct bel_vm_entry *const entry = &vm->entry[number];
		const unsigned need =
			BEL_VM_VALID |
			(run.info & BEL_RUN_WRITE ? BEL_VM_WRITABLE | BEL_VM_DIRTY : 0);
		const unsigned missed =
			number && has_tlb ? look_up(vm, number, bel_vm_vpn(entry), run.info) : 0;

		if (__builtin_expect(missed || watch || (entry->bits & need) != need, 0)) {
			const int r = one_slowly(vm, chunk, i, missed);

			if (r < 0)
				return r;
			if (r == 0)
				continue;
		} else if (!vm->global) {
			if (bel_vm_push(vm, entry->physical_page, run.info, 0) < 0)
				return BEL_FAIL;
		} else {
			vm->pending[vm->pending_count] =
				(struct bel_run){entry->physical_page, run.info};
			vm->pending_next[vm->pending_count] = chunk->next ? chunk->next[i] : 0;
			if (++vm->pending_count == BEL_VM_PENDING && bel_vm_flush(vm) < 0)
				return BEL_FAIL;
		}
		vm->now += count;
		vm->tally.references += count;
		process->references += count;
		if (recent && !vm->entry[vm->entry_of[run.page]].recent) {
			vm->entry[vm->entry_of[run.page]].recent = 1;
			process->recent++;
		}
		if (__builtin_expect(
			    vm->now >= vm->next_mark || vm->now >= vm->next_rebalance, 0) &&
			do_due(vm) < 0)
			return BEL_FAIL;
	}
	for (; i < to; i++)
		if (pass_over(vm, chunk->space, chunk->runs[i]) < 0)
			return BEL_FAIL;
	return 0;
}
