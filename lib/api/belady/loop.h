/* SPDX-License-Identifier: MIT */
/*
 * loop.h: the engine's loop over a batch of runs, with all its accounting.
 *
 * It is a header because BEL_RUN() (policy.h) compiles it once for each policy, with the hooks of
 * that policy inlined, and the engine compiles it once for unknown hooks: same source, same counts.
 * Any change here or in struct bel_mem changes BEL_LOOP_ABI.
 */
#ifndef BELADY_LOOP_H
#define BELADY_LOOP_H

#include "policy.h"

/* The page bypassed memory: it was used without becoming resident. */
BEL_INLINE void bel_loop_bypass(struct bel_decision *out, struct bel_ref ref)
{
	const uint8_t dirty = ref.info & BEL_RUN_WRITE;

	out->bypassed = 1;
	out->state[ref.page] = BEL_PAGE_SEEN;
	out->evictions++;
	out->writebacks += dirty != 0;
	if (out->victims && out->victim_count < out->pages)
		out->victims[out->victim_count++] = (struct bel_victim){
			ref.page, BEL_PAGE_RESIDENT | BEL_PAGE_ACCESSED | BEL_PAGE_SEEN | dirty};
}

/* A run of n references to a page that is not resident. */
BEL_INLINE void bel_loop_fault(struct bel_decision *out, void *self, const struct bel_hooks *hooks,
	uint64_t now, struct bel_ref ref, uint32_t n)
{
	out->resident_page_references += out->resident * (now - out->counted_to);
	out->counted_to = now;
	out->loaded_accessed = BEL_PAGE_ACCESSED;
	out->faulted = ref.page;
	hooks->fault(self, now, ref, out);
	if (__builtin_expect(out->bypass, 0)) {
		out->bypass = 0;
		if (n == 1) {
			bel_loop_bypass(out, ref);
			return;
		}
		out->violation = BEL_VIOLATION_BYPASS;
		out->bad_page = ref.page;
	}
	if (n > 1)
		out->loaded_accessed = BEL_PAGE_ACCESSED;
	out->state[ref.page] = BEL_PAGE_RESIDENT | BEL_PAGE_SEEN | out->loaded_accessed |
			       (ref.info & BEL_RUN_WRITE);
	out->resident++;
}

/* Calls tick() whenever it is due in the run of n references at now. */
BEL_INLINE void bel_loop_tick(struct bel_decision *out, void *self, const struct bel_hooks *hooks,
	uint64_t now, uint32_t page, uint32_t n)
{
	/* A page that bypassed memory is not resident here. */
	const uint8_t was = out->state[page] & BEL_PAGE_RESIDENT;

	while (out->next_tick < now + n && !out->violation) {
		const uint64_t at = out->next_tick > now ? out->next_tick : now;

		out->resident_page_references += out->resident * (at - out->counted_to);
		out->counted_to = at;
		/* The references of this run before `at` saw the larger resident set. */
		if (at > now && out->resident > out->peak)
			out->peak = out->resident;
		out->next_tick = at + 1;
		out->faulted = page;
		hooks->tick(self, at, out);
		/* Later references of this run set the accessed bit again. */
		if (at + 1 < now + n)
			out->state[page] |= BEL_PAGE_ACCESSED;
		if (__builtin_expect((was & ~out->state[page]) != 0, 0) && !out->violation) {
			out->violation = BEL_VIOLATION_SELF;
			out->bad_page = page;
		}
	}
	if (out->resident > out->peak)
		out->peak = out->resident;
}

/*
 * The loop over a batch. `caps` is a constant in every compiled copy. Returns early if the policy
 * breaks its contract (out.violation).
 */
BEL_INLINE void bel_loop(struct bel_mem *mem, void *self, const struct bel_hooks *hooks,
	uint32_t caps, const struct bel_batch *batch)
{
	const struct bel_run *runs = batch->runs;
	const uint64_t *next = caps & BEL_POLICY_FUTURE ? batch->next : NULL;
	const size_t count = batch->count;
	const uint64_t frames = mem->frames ? mem->frames : UINT64_MAX;
	uint64_t now = batch->now, faults = 0, compulsory = 0;
	/* A copy, which no byte store can alias: so the compiler can keep it in registers. */
	struct bel_decision out = mem->out;
	uint8_t *const state = out.state;

	for (size_t i = 0; i < count; i++) {
		const struct bel_run run = runs[i];
		const struct bel_ref ref = {run.page, run.info, next ? next[i] : 0};
		const uint32_t n = run.info >> BEL_RUN_COUNT_SHIFT;
		const uint8_t was = state[run.page];

		if (__builtin_expect(was & BEL_PAGE_RESIDENT, 1)) {
			const uint8_t is = was | BEL_PAGE_ACCESSED | (run.info & BEL_RUN_WRITE);

			/* Mostly nothing changes. A store would delay the next load of it. */
			if (__builtin_expect(is != was, 0))
				state[run.page] = is;
			if (hooks->hit)
				hooks->hit(self, now, ref);
		} else {
			faults++;
			compulsory += !(was & BEL_PAGE_SEEN);
			bel_loop_fault(&out, self, hooks, now, ref, n);
			if (!hooks->tick && out.resident > out.peak)
				out.peak = out.resident;
			if (__builtin_expect(out.resident > frames, 0) && !out.violation)
				out.violation = BEL_VIOLATION_NO_ROOM;
			if (__builtin_expect(out.violation, 0))
				break;
		}
		if (hooks->tick) {
			bel_loop_tick(&out, self, hooks, now, run.page, n);
			if (__builtin_expect(out.violation, 0))
				break;
		}
		now += n;
	}
	mem->tally.faults += faults;
	mem->tally.compulsory += compulsory;
	mem->tally.references += now - batch->now;
	mem->out = out;
}

#endif
