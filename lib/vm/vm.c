/* SPDX-License-Identifier: MIT */
/* vm.c: the machine: runs through TLB and tables, the quick way and the slow one. */
#include "vm.h"

#include <stdlib.h>
#include <string.h>

#include "vm_machine.h"

enum missed { MISSED_DATA = 0x1, MISSED_FETCH = 0x2 };

void bel_vm_tell(struct bel_vm *vm, uint8_t type, const struct bel_vm_entry *entry, uint32_t frame,
	uint64_t info)
{
	const struct bel_vm_step step = {
		.type = type,
		.space = entry ? entry->space : vm->current,
		.frame = frame ? frame - 1 : 0,
		.vpn = entry ? entry->vpn : 0,
		.info = info,
		.now = vm->now,
		.page_bits = vm->config.tables.page_bits,
		.levels = vm->config.tables.levels,
	};

	if (__builtin_expect(vm->config.step != NULL, 0))
		vm->config.step(vm->config.host, &step);
}

static int check_config(const struct bel_vm_config *config, struct bel_err *err)
{
	const uint32_t caps = config->policy ? config->policy->policy->caps : 0;

	if (caps & BEL_POLICY_VARIABLE && (config->frames || config->allotment || config->high))
		return bel_usage(err,
			"%s: sizes its resident set itself: no frames, no local replacement, "
			"no watermarks",
			config->policy->policy->name);
	if (config->allotment && !config->frames)
		return bel_usage(err, "local replacement needs a number of frames");
	if (config->allotment && caps & BEL_POLICY_FUTURE)
		return bel_usage(err, "%s: knows the future of all frames, not of a process's",
			config->policy->policy->name);
	if (config->allotment && config->high)
		return bel_usage(err, "watermarks are for global replacement");
	if (config->high && (config->low >= config->high || config->high >= config->frames))
		return bel_usage(err, "watermarks: low must be below high, and high below the "
				      "number of frames");
	if (config->frames > UINT32_MAX / 2)
		return bel_usage(err, "the machine has at most 2^31 frames");
	return 0;
}

struct bel_vm *bel_vm_new(const struct bel_vm_config *config, struct bel_err *err)
{
	struct bel_vm *vm;
	int r;

	if (check_config(config, err) < 0)
		return NULL;
	vm = calloc(1, sizeof(*vm));
	if (!vm) {
		bel_err_memory(err, "the machine");
		return NULL;
	}
	vm->err = err;
	vm->config = *config;
	vm->page_bytes = (uint64_t)1 << config->tables.page_bits;
	vm->swap.limit = config->swap_slots;
	vm->current = UINT32_MAX;
	vm->phantoms = (uint32_t)(config->high - config->low);
	vm->push_limit =
		config->policy && config->policy->policy->hooks->settle ? 1 : BEL_VM_PENDING;
	vm->next_mark = config->interval ? config->interval : UINT64_MAX;
	vm->next_review = config->allotment ? config->review : UINT64_MAX;
	/* Entry 0 is that of pages which have none: never valid. */
	vm->entry_room = 1024;
	vm->entry = calloc(vm->entry_room, sizeof(*vm->entry));
	r = vm->entry ? bel_vm_tlb_init(&vm->tlb, &config->tlb, config->seed, err)
		      : bel_err_memory(err, "the machine");
	if (r == 0)
		r = bel_vm_table_init(&vm->table, &config->tables, config->frames, err);
	if (r == 0 && !config->allotment) {
		vm->global = bel_vm_lot_new(vm, config->frames - config->low, UINT32_MAX);
		vm->pending_lot = vm->global;
		r = vm->global ? 0 : BEL_FAIL;
	}
	if (r == 0)
		return vm;
	bel_vm_free(vm);
	return NULL;
}

static void bury(struct bel_vm *vm)
{
	while (vm->graves) {
		struct bel_vm_lot *const lot = vm->graves;

		vm->graves = lot->dead;
		bel_vm_lot_free(lot);
	}
}

void bel_vm_free(struct bel_vm *vm)
{
	if (!vm)
		return;
	for (uint32_t s = 0; s < vm->spaces; s++)
		bel_vm_layout_release(&vm->space[s].layout);
	for (uint32_t p = 0; p < vm->processes; p++) {
		free(vm->process[p].name);
		bel_vm_lot_free(vm->process[p].lot);
	}
	for (uint32_t f = 0; f < vm->files; f++)
		free(vm->file[f]);
	bury(vm);
	bel_vm_lot_free(vm->global);
	bel_vm_tlb_release(&vm->tlb);
	bel_vm_table_release(&vm->table);
	bel_vm_map_release(&vm->entry_at);
	bel_vm_map_release(&vm->object_at);
	bel_vm_swap_release(&vm->swap);
	free(vm->file);
	free(vm->entry);
	free(vm->entry_of);
	free(vm->object);
	free(vm->frame);
	free(vm->space);
	free(vm->process);
	free(vm->mark);
	free(vm);
}

static void walk(struct bel_vm *vm, uint32_t number, uint64_t times)
{
	const struct bel_vm_entry *const entry = &vm->entry[number];
	const uint64_t steps = bel_vm_table_walk(&vm->table, number, entry->space, entry->vpn);

	vm->tally.walks += times;
	vm->tally.walk_references += times * steps;
	bel_vm_tell(vm, BEL_VM_STEP_WALK, entry, 0, steps);
}

/* A first-level miss: whether the second level has it, else the tables are walked. */
static void look_further(struct bel_vm *vm, struct bel_vm_tlb_buffer *first, uint32_t number)
{
	struct bel_vm_tlb_buffer *const second = &vm->tlb.part[BEL_VM_TLB_SECOND];
	const struct bel_vm_entry *const entry = &vm->entry[number];

	first->misses++;
	vm->tally.lookups_missed++;
	bel_vm_process_of(vm, entry->space)->tlb_misses++;
	bel_vm_tell(vm, BEL_VM_STEP_TLB_MISS, entry, 0, 1);
	if (second->entries && bel_vm_tlb_hit(&vm->tlb, second, number, entry->vpn)) {
		vm->tally.l2_hits++;
		bel_vm_tell(vm, BEL_VM_STEP_TLB_HIT, entry, 0, 2);
		return;
	}
	second->misses += second->entries != 0;
	walk(vm, number, 1);
}

/* The translation enters the buffers that lacked it. */
static void fill(struct bel_vm *vm, struct bel_vm_tlb_buffer *first, uint32_t number)
{
	struct bel_vm_tlb_buffer *const second = &vm->tlb.part[BEL_VM_TLB_SECOND];
	const uint64_t vpn = vm->entry[number].vpn;

	bel_vm_tlb_enter(&vm->tlb, first, number, vpn);
	if (second->entries && !bel_vm_tlb_hit(&vm->tlb, second, number, vpn))
		bel_vm_tlb_enter(&vm->tlb, second, number, vpn);
}

/* Missed lookups, each in full: after a fault, the first one's second try fills the buffers. */
static void look_up_missed(struct bel_vm *vm, uint32_t number, unsigned missed, bool faulted)
{
	struct bel_vm_tlb_buffer *const data = &vm->tlb.part[BEL_VM_TLB_DATA];
	struct bel_vm_tlb_buffer *const fetch = &vm->tlb.part[BEL_VM_TLB_FETCH];
	struct bel_vm_tlb_buffer *const first = missed & MISSED_FETCH ? fetch : data;

	if (!missed)
		return;
	if (!faulted)
		fill(vm, first, number);
	else {
		walk(vm, number, 1);
		fill(vm, first, number);
	}
	if (missed == (MISSED_DATA | MISSED_FETCH)) {
		look_further(vm, data, number);
		fill(vm, data, number);
	}
}

/* A run that the quick way does not cover: 1, 0 if its process was killed, or negative. */
static int go_slowly(
	struct bel_vm *vm, uint32_t number, uint32_t info, uint64_t next, unsigned missed)
{
	const bool has_tlb = vm->tlb.part[BEL_VM_TLB_DATA].entries;
	const bool write = info & BEL_RUN_WRITE;
	const struct bel_vm_entry *entry = &vm->entry[number];
	const unsigned need = BEL_VM_VALID | (write ? BEL_VM_WRITABLE : 0);
	bool faulted = false;
	int r = 1;

	bel_vm_tell(vm, BEL_VM_STEP_REFERENCE, entry, 0, info);
	if (missed)
		look_further(vm,
			&vm->tlb.part[missed & MISSED_FETCH ? BEL_VM_TLB_FETCH : BEL_VM_TLB_DATA],
			number);
	else if (has_tlb)
		bel_vm_tell(vm, BEL_VM_STEP_TLB_HIT, entry, 0, 1);
	else
		walk(vm, number, info >> BEL_RUN_COUNT_SHIFT);
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
			walk(vm, number, 1);
	} else if (bel_vm_push(vm, entry->object, info, next) < 0) {
		return BEL_FAIL;
	}
	vm->entry[number].bits |= BEL_VM_ACCESSED | (write ? BEL_VM_DIRTY : 0);
	look_up_missed(vm, number, missed, faulted);
	entry = &vm->entry[number];
	if (entry->bits & BEL_VM_VALID)
		bel_vm_tell(vm, BEL_VM_STEP_FRAME, entry, vm->object[entry->object].frame, 0);
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

static int mark_add(struct bel_vm *vm)
{
	const struct bel_vm_tally *const tally = &vm->tally;
	struct bel_vm_mark *mark;

	if (vm->marks == vm->mark_room) {
		const size_t room = vm->mark_room ? vm->mark_room * 2 : 64;

		mark = reallocarray(vm->mark, room, sizeof(*mark));
		if (!mark)
			return bel_err_memory(vm->err, "intervals");
		vm->mark = mark;
		vm->mark_room = room;
	}
	mark = &vm->mark[vm->marks++];
	*mark = (struct bel_vm_mark){
		.now = vm->now < vm->next_mark ? vm->now : vm->next_mark,
		.references = tally->references,
		.tlb_misses = tally->lookups_missed,
		.walks = tally->walks,
		.writebacks = tally->writebacks,
		.swap_ins = vm->swap.ins,
		.swap_outs = vm->swap.outs,
		.frames_used = tally->frames_used,
		.valid = tally->valid,
		.swap_used = vm->swap.used,
		.processes = vm->living,
	};
	memcpy(mark->faults, tally->faults, sizeof(mark->faults));
	return 0;
}

/* What is due by now: reviews of allotments, ends of intervals. */
static int stop(struct bel_vm *vm)
{
	if (vm->now >= vm->next_review && bel_vm_review(vm) < 0)
		return BEL_FAIL;
	while (vm->now >= vm->next_mark) {
		if (mark_add(vm) < 0)
			return BEL_FAIL;
		vm->next_mark += vm->config.interval;
	}
	return 0;
}

/* Another address space takes the processor. */
static int switch_to(struct bel_vm *vm, uint32_t space)
{
	if (bel_vm_space_need(vm, space) < 0)
		return BEL_FAIL;
	if (space == vm->current || !vm->space[space].alive)
		return 0;
	if (vm->current != UINT32_MAX) {
		vm->tally.switches++;
		if (!vm->tlb.asid && vm->tlb.part[BEL_VM_TLB_DATA].entries) {
			bel_vm_tell(vm, BEL_VM_STEP_FLUSH, NULL, 0, space);
			bel_vm_tlb_flush(&vm->tlb);
		}
	}
	vm->current = space;
	return 0;
}

static int make_pages(struct bel_vm *vm, uint32_t pages)
{
	uint64_t room = vm->pages ? vm->pages : 1024;
	uint32_t *wide;

	if (pages <= vm->pages)
		return 0;
	while (room < pages)
		room *= 2;
	room = room > UINT32_MAX ? UINT32_MAX : room;
	wide = reallocarray(vm->entry_of, room, sizeof(*wide));
	if (!wide)
		return bel_err_memory(vm->err, "pages");
	memset(wide + vm->pages, 0, (room - vm->pages) * sizeof(*wide));
	vm->entry_of = wide;
	vm->pages = (uint32_t)room;
	return 0;
}

/* A run of a process that is no more. */
static int pass_over(struct bel_vm *vm, struct bel_run run)
{
	vm->tally.void_references += bel_run_count(run);
	vm->now += bel_run_count(run);
	return vm->config.record ? bel_vm_push(vm, 0, run.info, 0) : 0;
}

static int begin_entry(struct bel_vm *vm, const struct bel_vm_chunk *chunk, uint32_t page)
{
	int64_t number;

	if (page >= chunk->pages || chunk->places[page].space != chunk->space)
		return bel_fail(vm->err, "page %u is not of address space %u", page, chunk->space);
	number = bel_vm_entry_get(vm, chunk->space, chunk->places[page].vpn);
	if (number < 0)
		return BEL_FAIL;
	vm->entry_of[page] = (uint32_t)number;
	return 0;
}

static int one_slowly(
	struct bel_vm *vm, const struct bel_vm_chunk *chunk, size_t i, unsigned missed)
{
	const struct bel_run run = chunk->runs[i];
	const uint32_t count = bel_run_count(run);
	int r;

	if (!vm->entry_of[run.page]) {
		if (begin_entry(vm, chunk, run.page) < 0)
			return BEL_FAIL;
		/* Forked from its parent, or quite new: no TLB can have it. */
		missed = !vm->tlb.part[BEL_VM_TLB_DATA].entries ? 0
			 : vm->tlb.part[BEL_VM_TLB_FETCH].entries && run.info & BEL_RUN_FETCH
				 ? MISSED_FETCH | (run.info & BEL_RUN_DATA ? MISSED_DATA : 0)
				 : MISSED_DATA;
	}
	const uint64_t restarts = vm->tally.restarts;

	r = go_slowly(
		vm, vm->entry_of[run.page], run.info, chunk->next ? chunk->next[i] : 0, missed);
	if (r == 0) {
		/* It died of its first reference. */
		vm->tally.references++;
		vm->now += count;
		vm->tally.void_references += count - 1;
		if (vm->config.record && bel_vm_push(vm, 0, run.info, 0) < 0)
			return BEL_FAIL;
	}
	bury(vm);
	if (r >= 0 && vm->config.invariants && (r == 0 || vm->tally.restarts != restarts) &&
		bel_vm_check(vm, vm->err) < 0)
		return BEL_FAIL;
	return r;
}

/* Runs [from, to), between two events. */
static int feed_runs(struct bel_vm *vm, const struct bel_vm_chunk *chunk, size_t from, size_t to)
{
	const bool has_tlb = vm->tlb.part[BEL_VM_TLB_DATA].entries;
	const bool watch = vm->config.step || !has_tlb || vm->push_limit == 1;
	const bool recent = vm->config.allotment == BEL_VM_WORKING_SET;
	size_t i = from;

	for (; i < to && vm->space[chunk->space].alive; i++) {
		struct bel_vm_process *const process = bel_vm_process_of(vm, chunk->space);
		const struct bel_run run = chunk->runs[i];
		const uint32_t number = vm->entry_of[run.page], count = bel_run_count(run);
		struct bel_vm_entry *const entry = &vm->entry[number];
		const unsigned need =
			BEL_VM_VALID |
			(run.info & BEL_RUN_WRITE ? BEL_VM_WRITABLE | BEL_VM_DIRTY : 0);
		const unsigned missed =
			number && has_tlb ? look_up(vm, number, entry->vpn, run.info) : 0;

		if (__builtin_expect(missed || watch || (entry->bits & need) != need, 0)) {
			const int r = one_slowly(vm, chunk, i, missed);

			if (r < 0)
				return r;
			if (r == 0)
				continue;
		} else if (!vm->global) {
			if (bel_vm_push(vm, entry->object, run.info, 0) < 0)
				return BEL_FAIL;
		} else {
			vm->pending[vm->pending_count] = (struct bel_run){
				vm->config.record ? entry->object
						  : entry->object - 1 + vm->phantoms,
				run.info};
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
		if (__builtin_expect(vm->now >= vm->next_mark || vm->now >= vm->next_review, 0) &&
			stop(vm) < 0)
			return BEL_FAIL;
	}
	for (; i < to; i++)
		if (pass_over(vm, chunk->runs[i]) < 0)
			return BEL_FAIL;
	return 0;
}

/* The highest page of the runs has to have a place. */
static int check_runs(struct bel_vm *vm, const struct bel_vm_chunk *chunk)
{
	uint32_t most = 0;

	for (size_t i = 0; i < chunk->count; i++)
		most = chunk->runs[i].page > most ? chunk->runs[i].page : most;
	if (chunk->count && most >= chunk->pages)
		return bel_fail(vm->err, "page %u has no place", most);
	vm->places = chunk->count && most >= vm->places ? most + 1 : vm->places;
	return make_pages(vm, chunk->pages);
}

int bel_vm_feed(struct bel_vm *vm, const struct bel_vm_chunk *chunk, struct bel_err *err)
{
	size_t at = 0;

	vm->err = err;
	if (check_runs(vm, chunk) < 0)
		return BEL_FAIL;
	for (size_t e = 0; e <= chunk->event_count; e++) {
		const uint64_t want = e < chunk->event_count ? chunk->events[e].at : chunk->count;
		const size_t to = want < chunk->count ? (size_t)want : chunk->count;

		if (to > at &&
			(switch_to(vm, chunk->space) < 0 || feed_runs(vm, chunk, at, to) < 0))
			return BEL_FAIL;
		at = to > at ? to : at;
		if (e == chunk->event_count)
			break;
		if (bel_vm_event(vm, &chunk->events[e]) < 0)
			return BEL_FAIL;
		bury(vm);
		if (vm->config.invariants && bel_vm_check(vm, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_vm_finish(struct bel_vm *vm, struct bel_err *err)
{
	vm->err = err;
	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	if (vm->config.interval && vm->now % vm->config.interval && mark_add(vm) < 0)
		return BEL_FAIL;
	return vm->config.invariants ? bel_vm_check(vm, err) : 0;
}

int bel_vm_end_all(struct bel_vm *vm, struct bel_err *err)
{
	vm->err = err;
	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	for (uint32_t p = 0; p < vm->processes; p++)
		if (bel_vm_end(vm, p, BEL_VM_EXITED) < 0)
			return BEL_FAIL;
	bury(vm);
	return 0;
}
