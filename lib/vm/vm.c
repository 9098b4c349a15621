/* SPDX-License-Identifier: MIT */
/* vm.c: makes a machine, feeds it runs and events in their order, and ends it. */
#include "vm.h"

#include <stdlib.h>
#include <string.h>

#include "vm_machine.h"

static int check_config(const struct bel_vm_config *config, struct bel_err *err)
{
	const uint32_t caps = config->policy ? config->policy->policy->caps : 0;

	if (caps & BEL_POLICY_VARIABLE && (config->frames || config->allocation || config->high))
		return bel_usage(err,
			"%s: sizes its resident set itself; it takes no frames, local replacement "
			"or watermarks",
			config->policy->policy->name);
	if (config->allocation && !config->frames)
		return bel_usage(err, "local replacement needs a number of frames");
	if (config->allocation && caps & BEL_POLICY_FUTURE)
		return bel_usage(err,
			"%s: cannot be used with local replacement: next uses are known for all "
			"processes together",
			config->policy->policy->name);
	if (config->allocation && config->high)
		return bel_usage(err, "watermarks need global replacement");
	if (config->high && (config->low >= config->high || config->high >= config->frames))
		return bel_usage(err, "watermarks: low must be below high, and high below the "
				      "number of frames");
	if (config->policy && (config->allocation || config->high) &&
		!bel_sim_can_evict(config->policy->policy))
		return bel_usage(err,
			"%s: cannot evict a page before a frame is needed; local replacement and "
			"watermarks need a policy with evict() or victim(), see bel-policy(7)",
			config->policy->policy->name);
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
	vm->spare = (uint32_t)(config->high - config->low);
	vm->push_limit = config->policy && config->policy->policy->hooks->tick ? 1 : BEL_VM_PENDING;
	vm->next_mark = config->interval ? config->interval : UINT64_MAX;
	vm->next_rebalance = config->allocation ? config->rebalance_interval : UINT64_MAX;
	/* Pages without an entry have entry 0, which is never valid. */
	vm->entry_capacity = BEL_VM_ROOM;
	vm->below_capacity = BEL_VM_ROOM;
	vm->entry = calloc(vm->entry_capacity, sizeof(*vm->entry));
	vm->below = calloc(vm->below_capacity, sizeof(*vm->below));
	r = vm->entry && vm->below ? bel_vm_tlb_init(&vm->tlb, &config->tlb, config->seed, err)
				   : bel_err_memory(err, "the machine");
	if (r == 0)
		r = bel_vm_table_init(&vm->table, &config->tables, config->frames, err);
	if (r == 0 && !config->allocation) {
		vm->global = bel_vm_frame_pool_new(vm, config->frames - config->low, UINT32_MAX);
		vm->pending_pool = vm->global;
		r = vm->global ? 0 : BEL_FAIL;
	}
	if (r == 0)
		return vm;
	bel_vm_free(vm);
	return NULL;
}

void bel_vm_free(struct bel_vm *vm)
{
	if (!vm)
		return;
	for (uint32_t s = 0; s < vm->spaces; s++)
		bel_address_map_release(&vm->space[s].regions);
	for (uint32_t p = 0; p < vm->processes; p++) {
		free(vm->process[p].name);
		bel_vm_frame_pool_free(vm->process[p].pool);
	}
	bel_vm_free_retired_pools(vm);
	bel_vm_frame_pool_free(vm->global);
	bel_vm_tlb_release(&vm->tlb);
	bel_vm_table_release(&vm->table);
	bel_vm_index_release(&vm->entry_at);
	bel_hash_table_release(&vm->physical_page_at);
	bel_names_release(&vm->files);
	bel_vm_swap_release(&vm->swap);
	free(vm->entry);
	free(vm->below);
	free(vm->ring);
	free(vm->entry_of);
	free(vm->physical_page);
	free(vm->file_page);
	free(vm->pool_of);
	free(vm->frame);
	free(vm->free_frame);
	free(vm->space);
	free(vm->process);
	free(vm->mark);
	free(vm);
}

/* Another address space runs from here on. */
static int switch_to(struct bel_vm *vm, uint32_t space)
{
	const uint32_t before = vm->current;
	bool flushed = false;

	if (bel_vm_space_need(vm, space) < 0)
		return BEL_FAIL;
	if (space == vm->current || !vm->space[space].alive)
		return 0;
	if (vm->current != UINT32_MAX) {
		vm->tally.switches++;
		if (!vm->tlb.asid && vm->tlb.part[BEL_VM_TLB_DATA].entries) {
			bel_vm_tlb_flush(&vm->tlb);
			flushed = true;
		}
	}
	vm->current = space;
	if (before != UINT32_MAX)
		bel_vm_tell(vm, BEL_VM_STEP_SWITCH, NULL, 0, before);
	if (flushed)
		bel_vm_tell(vm, BEL_VM_STEP_FLUSH, NULL, 0, 0);
	return 0;
}

static int make_pages(struct bel_vm *vm, uint32_t pages)
{
	uint64_t capacity = vm->pages ? vm->pages : BEL_VM_ROOM;
	uint32_t *wide;

	if (pages <= vm->pages)
		return 0;
	while (capacity < pages)
		capacity *= 2;
	capacity = capacity > UINT32_MAX ? UINT32_MAX : capacity;
	wide = reallocarray(vm->entry_of, capacity, sizeof(*wide));
	if (!wide)
		return bel_err_memory(vm->err, "pages");
	memset(wide + vm->pages, 0, (capacity - vm->pages) * sizeof(*wide));
	vm->entry_of = wide;
	vm->pages = (uint32_t)capacity;
	return 0;
}

/* Every page of the runs must have a place. */
static int check_runs(struct bel_vm *vm, const struct bel_chunk *chunk)
{
	uint32_t most = 0;

	for (size_t i = 0; i < chunk->count; i++)
		most = chunk->runs[i].page > most ? chunk->runs[i].page : most;
	if (chunk->count && most >= vm->granules.count)
		return bel_fail(vm->err, "page %u has no place", most);
	vm->places = chunk->count && most >= vm->places ? most + 1 : vm->places;
	return make_pages(vm, vm->granules.count);
}

int bel_vm_feed(struct bel_vm *vm, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err)
{
	size_t at = 0;

	vm->granules = pages;
	vm->err = err;
	if (check_runs(vm, chunk) < 0)
		return BEL_FAIL;
	for (size_t e = 0; e <= chunk->event_count; e++) {
		const uint64_t want = e < chunk->event_count ? chunk->events[e].at : chunk->count;
		const size_t to = want < chunk->count ? (size_t)want : chunk->count;

		if (to > at &&
			(switch_to(vm, chunk->space) < 0 || bel_vm_runs(vm, chunk, at, to) < 0))
			return BEL_FAIL;
		at = to > at ? to : at;
		if (e == chunk->event_count)
			break;
		if (bel_vm_event(vm, &chunk->events[e]) < 0)
			return BEL_FAIL;
		bel_vm_free_retired_pools(vm);
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
	bel_vm_tell(vm, BEL_VM_STEP_OVER, NULL, 0, 0);
	if (vm->config.interval && vm->now % vm->config.interval && bel_vm_mark_add(vm, false) < 0)
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
	bel_vm_free_retired_pools(vm);
	return 0;
}
