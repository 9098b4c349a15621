/* SPDX-License-Identifier: MIT */
/* vm_frame_pool.c: makes and frees frame pools. */
#include <stdlib.h>

#include "vm_machine.h"

struct bel_vm_frame_pool *bel_vm_frame_pool_new(
	struct bel_vm *vm, uint64_t frames, uint32_t process)
{
	const struct bel_vm_config *const config = &vm->config;
	struct bel_vm_frame_pool *pool = calloc(1, sizeof(*pool));

	if (!pool) {
		bel_err_memory(vm->err, "frames");
		return NULL;
	}
	pool->frames = frames;
	pool->process = process;
	if (config->policy && (frames || config->policy->policy->caps & BEL_POLICY_VARIABLE)) {
		const struct bel_sim_setup setup = {
			.spec = config->policy,
			.frames = frames,
			.seed = config->seed,
			.generic = config->generic,
		};

		pool->sim = bel_sim_new(&setup, vm->err);
		if (!pool->sim || bel_sim_list_victims(pool->sim, vm->err) < 0) {
			bel_vm_frame_pool_free(pool);
			return NULL;
		}
	}
	return pool;
}

void bel_vm_frame_pool_retire(struct bel_vm *vm, struct bel_vm_frame_pool *pool)
{
	if (!pool)
		return;
	pool->dead = vm->retired_pools;
	vm->retired_pools = pool;
}

void bel_vm_frame_pool_free(struct bel_vm_frame_pool *pool)
{
	if (!pool)
		return;
	bel_sim_free(pool->sim);
	free(pool);
}

void bel_vm_free_retired_pools(struct bel_vm *vm)
{
	while (vm->retired_pools) {
		struct bel_vm_frame_pool *const pool = vm->retired_pools;

		vm->retired_pools = pool->dead;
		bel_vm_frame_pool_free(pool);
	}
}
