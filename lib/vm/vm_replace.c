/* SPDX-License-Identifier: MIT */
/*
 * vm_replace.c: frame pools and their policies. Hits are handed to the policy in batches, loads
 * one by one; then its victims are evicted. The pages of a policy are physical pages.
 *
 * To free frames in advance, or to shrink a frame pool, the machine calls bel_sim_evict().
 * bel_vm_new() refuses policies that cannot do that.
 */
#include <stdlib.h>

#include "vm_machine.h"

static int feed(struct bel_vm *vm, struct bel_vm_frame_pool *pool, const struct bel_run *runs,
	const uint64_t *next, size_t count)
{
	const struct bel_batch batch = {
		.runs = runs, .next = next, .count = count, .now = pool->now};
	uint32_t pages = 0;

	for (size_t i = 0; i < count; i++) {
		pool->now += bel_run_count(runs[i]);
		pages = runs[i].page < pages ? pages : runs[i].page + 1;
	}
	if (bel_sim_reserve(pool->sim, pages, vm->err) < 0)
		return BEL_FAIL;
	if (bel_sim_feed(pool->sim, &batch, vm->err) < 0)
		return BEL_FAIL;
	if (bel_sim_bypassed(pool->sim))
		return bel_usage(vm->err,
			"%s: some pages bypass memory, which a machine cannot do; use bel-sim",
			vm->config.policy->policy->name);
	return 0;
}

/* Evicts what the policy chose. */
static int evict_victims(struct bel_vm *vm, struct bel_vm_frame_pool *pool)
{
	uint32_t count;
	const struct bel_victim *const victim = bel_sim_victims(pool->sim, &count);

	/* If the process is killed for memory meanwhile, its pool and this list still exist. */
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t physical_page = victim[i].page;

		/*
		 * Mostly, entry and page have the same number, as one process made both at its
		 * first touches. So both are waited for at once, not one after the other.
		 */
		if (physical_page <= vm->entries)
			__builtin_prefetch(&vm->entry[physical_page], 1);
		if (!(vm->physical_page[physical_page].bits & BEL_VM_PAGE_LOADED))
			continue;
		pool->loaded--;
		if (bel_vm_evict(vm, physical_page, victim[i].state & BEL_PAGE_DIRTY) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_vm_flush(struct bel_vm *vm)
{
	const uint32_t count = vm->pending_count;
	struct bel_vm_frame_pool *const pool = vm->pending_pool;

	if (!count)
		return 0;
	vm->pending_count = 0;
	if (vm->config.record)
		return vm->config.record(vm->config.host, vm->pending, count, vm->err);
	if (!pool || !pool->sim)
		return 0;
	if (feed(vm, pool, vm->pending, vm->pending_next, count) < 0)
		return BEL_FAIL;
	return evict_victims(vm, pool);
}

int bel_vm_push(struct bel_vm *vm, uint32_t physical_page, uint32_t info, uint64_t next)
{
	struct bel_vm_frame_pool *const pool =
		physical_page ? bel_vm_pool_of(vm, physical_page) : vm->pending_pool;

	if (pool != vm->pending_pool) {
		if (bel_vm_flush(vm) < 0)
			return BEL_FAIL;
		vm->pending_pool = pool;
	}
	vm->pending[vm->pending_count] = (struct bel_run){physical_page, info};
	vm->pending_next[vm->pending_count++] = next;
	return vm->pending_count >= vm->push_limit ? bel_vm_flush(vm) : 0;
}

/* Background reclaim: if few frames are free (low watermark), evicts up to the high one. */
static int reclaim(struct bel_vm *vm, struct bel_vm_frame_pool *pool)
{
	const uint64_t before = vm->tally.evictions;
	int r = 0;

	if (!vm->spare || pool->loaded < pool->frames)
		return 0;
	while (r == 0 && pool->loaded + vm->spare > pool->frames) {
		r = bel_sim_evict(pool->sim, vm->err);
		if (r == 0)
			r = evict_victims(vm, pool);
	}
	vm->tally.background += vm->tally.evictions - before;
	return r;
}

/*
 * With many pages, the next eviction would wait for its victim, a page that was not used for long.
 * So it is fetched at the fault before. Only for stack policies, which know the order in which
 * their pages leave; others may have to search for the victim.
 */
static void fetch_next_victim(const struct bel_vm *vm, const struct bel_vm_frame_pool *pool)
{
	uint32_t victim;

	if (vm->entries <= BEL_VM_NEAR || pool->loaded < pool->frames ||
		!(vm->config.policy->policy->caps & BEL_POLICY_STACK))
		return;
	victim = bel_sim_victim(pool->sim);
	if (victim > vm->physical_pages) /* none, or not known */
		return;
	__builtin_prefetch(&vm->physical_page[victim], 1);
	bel_sim_prefetch(pool->sim, victim);
	/* Mostly, entry and page have the same number: one process made both at a first touch. */
	if (victim <= vm->entries)
		__builtin_prefetch(&vm->entry[victim], 1);
}

int bel_vm_load(struct bel_vm *vm, struct bel_vm_frame_pool *pool, uint32_t number, uint32_t info,
	uint64_t next)
{
	struct bel_vm_physical_page *physical_page = &vm->physical_page[number];
	const struct bel_run run = {number, info};

	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	if (!vm->global)
		vm->pool_of[number] = pool;
	if (!pool->sim) {
		physical_page->bits |= BEL_VM_PAGE_LOADED;
		pool->loaded++;
		return bel_vm_frame_take(vm, number) < 0 ? BEL_FAIL
							 : bel_vm_push(vm, number, info, next);
	}
	if (reclaim(vm, pool) < 0)
		return BEL_FAIL;
	if (!physical_page->mappings) /* its process was killed for memory */
		return 0;
	physical_page->bits |= BEL_VM_PAGE_LOADED;
	pool->loaded++;
	if (feed(vm, pool, &run, &next, 1) < 0 || evict_victims(vm, pool) < 0)
		return BEL_FAIL;
	fetch_next_victim(vm, pool);
	physical_page = &vm->physical_page[number];
	return physical_page->bits & BEL_VM_PAGE_LOADED ? bel_vm_frame_take(vm, number) : 0;
}

/* Evicts all pages from the policy, in its order. */
static int64_t drain(struct bel_vm *vm, struct bel_vm_frame_pool *pool, struct bel_run *order)
{
	int64_t count = 0;

	while (count < (int64_t)pool->loaded) {
		struct bel_victim victim;
		uint32_t listed;

		if (bel_sim_evict(pool->sim, vm->err) < 0)
			return BEL_FAIL;
		victim = *bel_sim_victims(pool->sim, &listed);
		order[count++] = bel_run_make(victim.page, 1,
			BEL_RUN_DATA | (victim.state & BEL_PAGE_DIRTY ? BEL_RUN_WRITE : 0));
	}
	return count;
}

/*
 * Replaces a frame pool by one of another size. A new instance of the policy gets the pages in the
 * order in which the old one evicts them; those that do not fit are evicted first.
 */
int bel_vm_frame_pool_resize(struct bel_vm *vm, struct bel_vm_frame_pool **at, uint64_t frames)
{
	struct bel_vm_frame_pool *const old = *at, *pool;
	struct bel_run *order;
	uint64_t over;
	int64_t count;
	int r = 0;

	if (old->frames == frames)
		return 0;
	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	pool = bel_vm_frame_pool_new(vm, frames, old->process);
	order = calloc(old->loaded + 1, sizeof(*order));
	count = pool && order ? drain(vm, old, order) : bel_err_memory(vm->err, "frames");
	over = count > (int64_t)frames ? (uint64_t)count - frames : 0;
	for (int64_t i = 0; i < count && r == 0; i++) {
		const uint32_t physical_page = order[i].page;

		if (!(vm->physical_page[physical_page].bits & BEL_VM_PAGE_LOADED))
			continue;
		vm->pool_of[physical_page] = pool;
		if ((uint64_t)i < over) {
			r = bel_vm_evict(vm, physical_page, order[i].info & BEL_RUN_WRITE);
			continue;
		}
		pool->loaded++;
		r = feed(vm, pool, &order[i], NULL, 1);
	}
	free(order);
	vm->pending_pool = NULL;
	/* After a failure, or if its process was killed for memory, the new pool is not used. */
	if (count < 0 || r < 0 || *at != old) {
		bel_vm_frame_pool_retire(vm, pool);
		return count < 0 || r < 0 ? BEL_FAIL : 0;
	}
	bel_vm_frame_pool_retire(vm, old);
	*at = pool;
	return 0;
}
