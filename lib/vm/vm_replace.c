/* SPDX-License-Identifier: MIT */
/*
 * vm_replace.c: frames under policies: hits handed over in batches, loads one by one,
 * victims taken back. A policy's page numbers are those of objects.
 *
 * To have frames freed ahead of need, or to shrink a lot, the machine calls the policy's evict().
 * One without it, as plug-ins may be, evicts only for a page that comes: for it the machine loads a
 * stand-in, a page that nothing maps, and drops it again.
 */
#include <stdlib.h>

#include "vm_machine.h"

static int feed(struct bel_vm *vm, struct bel_vm_lot *lot, const struct bel_run *runs,
	const uint64_t *next, size_t count)
{
	const struct bel_batch batch = {
		.runs = runs, .next = next, .count = count, .now = lot->now};
	uint32_t pages = 0;

	for (size_t i = 0; i < count; i++) {
		lot->now += bel_run_count(runs[i]);
		pages = runs[i].page < pages ? pages : runs[i].page + 1;
	}
	if (bel_sim_reserve(lot->sim, pages, vm->err) < 0)
		return BEL_FAIL;
	if (bel_sim_feed(lot->sim, &batch, vm->err) < 0)
		return BEL_FAIL;
	if (bel_sim_bypassed(lot->sim))
		return bel_usage(vm->err,
			"the policy lets pages pass by without a frame, which no machine can");
	return 0;
}

struct bel_vm_lot *bel_vm_lot_new(struct bel_vm *vm, uint64_t frames, uint32_t process)
{
	const struct bel_vm_config *const config = &vm->config;
	struct bel_vm_lot *lot = calloc(1, sizeof(*lot));

	if (!lot) {
		bel_err_memory(vm->err, "frames");
		return NULL;
	}
	lot->frames = frames;
	lot->process = process;
	if (config->policy && (frames || config->policy->policy->caps & BEL_POLICY_VARIABLE)) {
		const struct bel_sim_setup setup = {
			.spec = config->policy,
			.frames = frames,
			.seed = config->seed,
			.generic = config->generic,
		};

		lot->sim = bel_sim_new(&setup, vm->err);
		if (!lot->sim || bel_sim_list_victims(lot->sim, vm->err) < 0) {
			bel_vm_lot_free(lot);
			return NULL;
		}
	}
	return lot;
}

void bel_vm_lot_bury(struct bel_vm *vm, struct bel_vm_lot *lot)
{
	if (!lot)
		return;
	lot->dead = vm->graves;
	vm->graves = lot;
}

void bel_vm_lot_free(struct bel_vm_lot *lot)
{
	if (!lot)
		return;
	bel_sim_free(lot->sim);
	free(lot);
}

int bel_vm_evicted(struct bel_vm *vm, struct bel_vm_lot *lot)
{
	uint32_t count;
	const struct bel_victim *const victim = bel_sim_victims(lot->sim, &count);

	/* The list is the instance's, which lives on even if its process is killed for memory. */
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t object = victim[i].page;

		if (object > vm->objects || !(vm->object[object].bits & BEL_VM_OBJECT_LOADED))
			continue;
		lot->loaded--;
		if (bel_vm_evict(vm, object, victim[i].state & BEL_PAGE_DIRTY) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_vm_flush(struct bel_vm *vm)
{
	const uint32_t count = vm->pending_count;
	struct bel_vm_lot *const lot = vm->pending_lot;

	if (!count)
		return 0;
	vm->pending_count = 0;
	if (vm->config.record)
		return vm->config.record(vm->config.host, vm->pending, count, vm->err);
	if (!lot || !lot->sim)
		return 0;
	if (feed(vm, lot, vm->pending, vm->pending_next, count) < 0)
		return BEL_FAIL;
	return bel_vm_evicted(vm, lot);
}

int bel_vm_push(struct bel_vm *vm, uint32_t object, uint32_t info, uint64_t next)
{
	struct bel_vm_lot *const lot = object ? vm->object[object].lot : vm->pending_lot;

	if (lot != vm->pending_lot) {
		if (bel_vm_flush(vm) < 0)
			return BEL_FAIL;
		vm->pending_lot = lot;
	}
	vm->pending[vm->pending_count] = (struct bel_run){object, info};
	vm->pending_next[vm->pending_count++] = next;
	return vm->pending_count >= vm->push_limit ? bel_vm_flush(vm) : 0;
}

/*
 * One page less in the lot. A policy without evict() gets the stand-in, wanted again at once, so
 * that it is not its own victim; the caller drops it.
 */
static int shrink(struct bel_vm *vm, struct bel_vm_lot *lot, uint32_t stand_in)
{
	const struct bel_run run = bel_run_make(stand_in, 1, BEL_RUN_DATA);
	const uint64_t next = lot->now + 1;

	if (bel_sim_can_evict(lot->sim))
		return bel_sim_evict(lot->sim, vm->err);
	return feed(vm, lot, &run, &next, 1);
}

/* The background reclaimer: from the low watermark of free frames up to the high one. */
static int reclaim(struct bel_vm *vm, struct bel_vm_lot *lot)
{
	const uint64_t before = vm->tally.evictions;
	uint32_t freed = 0;
	int r = 0;

	if (!vm->spare || lot->loaded < lot->frames)
		return 0;
	while (r == 0 && freed < vm->spare && lot->loaded + freed >= lot->frames) {
		r = shrink(vm, lot, ++freed);
		if (r == 0)
			r = bel_vm_evicted(vm, lot);
	}
	for (uint32_t i = 1; i <= freed && i <= vm->stand_ins; i++)
		bel_sim_drop(lot->sim, i);
	vm->tally.background += vm->tally.evictions - before;
	return r;
}

int bel_vm_load(
	struct bel_vm *vm, struct bel_vm_lot *lot, uint32_t number, uint32_t info, uint64_t next)
{
	struct bel_vm_object *object = &vm->object[number];
	const struct bel_run run = {number, info};

	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	object->lot = lot;
	if (!lot->sim) {
		object->bits |= BEL_VM_OBJECT_LOADED;
		lot->loaded++;
		return bel_vm_frame_take(vm, number) < 0 ? BEL_FAIL
							 : bel_vm_push(vm, number, info, next);
	}
	if (reclaim(vm, lot) < 0)
		return BEL_FAIL;
	if (!object->mappings) /* its process was killed for memory */
		return 0;
	object->bits |= BEL_VM_OBJECT_LOADED;
	lot->loaded++;
	if (feed(vm, lot, &run, &next, 1) < 0 || bel_vm_evicted(vm, lot) < 0)
		return BEL_FAIL;
	object = &vm->object[number];
	return object->bits & BEL_VM_OBJECT_LOADED ? bel_vm_frame_take(vm, number) : 0;
}

bool bel_vm_object_dirty(const struct bel_vm *vm, uint32_t number)
{
	const struct bel_vm_object *const object = &vm->object[number];
	const uint8_t *state;
	uint32_t pages;

	if (!(object->bits & BEL_VM_OBJECT_LOADED))
		return false;
	if (!object->lot->sim) {
		uint32_t at = object->first;

		/* Without a policy the entries' own bits tell. */
		for (uint32_t i = 0; i < object->mappings; i++, at = vm->entry[at].next)
			if (vm->entry[at].bits & BEL_VM_DIRTY)
				return true;
		return false;
	}
	state = bel_sim_state(object->lot->sim, &pages);
	return state[number] & BEL_PAGE_DIRTY;
}

bool bel_vm_unload(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_object *const object = &vm->object[number];
	const bool dirty = bel_vm_object_dirty(vm, number);

	if (object->lot->sim)
		bel_sim_drop(object->lot->sim, number);
	object->lot->loaded--;
	object->bits &= (uint8_t)~BEL_VM_OBJECT_LOADED;
	bel_vm_frame_give(vm, number);
	return dirty;
}

/* Takes all pages from a policy in the order in which it would let them go. */
static int64_t drain(struct bel_vm *vm, struct bel_vm_lot *lot, struct bel_run *order)
{
	int64_t count = 0;

	for (uint32_t tries = 1; count < (int64_t)lot->loaded && tries <= 2 * lot->frames;
		tries++) {
		const struct bel_victim *victim;
		uint32_t gone;

		if (shrink(vm, lot, vm->objects + tries) < 0)
			return BEL_FAIL;
		victim = bel_sim_victims(lot->sim, &gone);
		for (uint32_t v = 0; v < gone; v++)
			if (victim[v].page <= vm->objects)
				order[count++] = bel_run_make(victim[v].page, 1,
					BEL_RUN_DATA |
						(victim[v].state & BEL_PAGE_DIRTY ? BEL_RUN_WRITE
										  : 0));
	}
	return count;
}

/* What a policy did not let go for stand-ins, as it prefers new pages as victims, comes last. */
static int64_t drain_rest(struct bel_vm *vm, struct bel_vm_lot *lot, struct bel_run *order)
{
	int64_t count = drain(vm, lot, order);
	const uint8_t *state;
	uint32_t pages;

	if (count < 0)
		return count;
	state = bel_sim_state(lot->sim, &pages);
	for (uint32_t p = 1; p <= vm->objects && p < pages; p++)
		if (state[p] & BEL_PAGE_RESIDENT)
			order[count++] = bel_run_make(p, 1,
				BEL_RUN_DATA | (state[p] & BEL_PAGE_DIRTY ? BEL_RUN_WRITE : 0));
	return count;
}

/* Replaces a lot by one of another size; what does not fit any more is evicted. */
int bel_vm_lot_resize(struct bel_vm *vm, struct bel_vm_lot **at, uint64_t frames)
{
	struct bel_vm_lot *const old = *at, *lot;
	struct bel_run *order;
	uint64_t over;
	int64_t count;
	int r = 0;

	if (old->frames == frames)
		return 0;
	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	lot = bel_vm_lot_new(vm, frames, old->process);
	order = calloc(old->loaded + 1, sizeof(*order));
	count = lot && order ? drain_rest(vm, old, order) : bel_err_memory(vm->err, "frames");
	over = count > (int64_t)frames ? (uint64_t)count - frames : 0;
	for (int64_t i = 0; i < count && r == 0; i++) {
		const uint32_t object = order[i].page;

		if (!(vm->object[object].bits & BEL_VM_OBJECT_LOADED))
			continue;
		vm->object[object].lot = lot;
		if ((uint64_t)i < over) {
			r = bel_vm_evict(vm, object, order[i].info & BEL_RUN_WRITE);
			continue;
		}
		lot->loaded++;
		r = feed(vm, lot, &order[i], NULL, 1);
	}
	free(order);
	vm->pending_lot = NULL;
	/* On failure, or if its process was killed for memory meanwhile, the new one is not used.
	 */
	if (count < 0 || r < 0 || *at != old) {
		bel_vm_lot_bury(vm, lot);
		return count < 0 || r < 0 ? BEL_FAIL : 0;
	}
	bel_vm_lot_bury(vm, old);
	*at = lot;
	return 0;
}
