/* SPDX-License-Identifier: MIT */
/* sim.c: the paging engine: an instance of a policy, its page arrays, feeding, checks. */
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page_arrays.h"

#define CACHE_BYTES (8 << 20) /* page arrays of this size are no longer in the cache */
#define AHEAD 32              /* runs */
#define FEW_FAULTS 16         /* fewer than one in this many runs */

struct bel_sim {
	struct bel_mem mem;
	const struct bel_policy *policy;
	void *self;
	struct bel_page_arrays arrays; /* the first one is `state` */
	uint64_t now;                  /* time of the next reference */
	uint64_t drops;
	uint8_t *state;
	bool generic;
	bool ahead;  /* to run_ahead() with the next batch */
	bool broken; /* the policy broke its contract */
};

static int page_array(void *host, void *array, size_t width)
{
	struct bel_sim *sim = host;

	return bel_page_arrays_add(&sim->arrays, array, width);
}

static int page_list(void *host, void *list, size_t width)
{
	struct bel_sim *sim = host;

	return bel_page_arrays_add_list(&sim->arrays, list, width);
}

static int page_count(void *host, uint32_t *count)
{
	struct bel_sim *sim = host;

	return bel_page_arrays_add_count(&sim->arrays, count);
}

static int page_state(void *host, uint8_t **state)
{
	struct bel_sim *sim = host;

	return bel_page_arrays_add_alias(&sim->arrays, state);
}

/* env->fail of policies */
static int fail(struct bel_err *err, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return bel_usage(err, "%s", text);
}

int bel_sim_reserve(struct bel_sim *sim, uint32_t pages, struct bel_err *err)
{
	if (bel_page_arrays_reserve(&sim->arrays, pages) < 0)
		return bel_err_memory(err, sim->policy->name);
	return 0;
}

static int policy_create(
	struct bel_sim *sim, const struct bel_sim_setup *setup, struct bel_err *err)
{
	const struct bel_policy *policy = sim->policy;
	struct bel_err why = {.code = 0};
	const bool own = !bel_policy_has(policy, init);
	const struct bel_env env = {
		.size = sizeof(env),
		.abi = BEL_ABI,
		.frames = setup->frames,
		.seed = setup->seed,
		.param = setup->spec->param,
		.host = sim,
		.page_array = page_array,
		.page_count = page_count,
		.page_state = page_state,
		.fail = fail,
		.err = &why,
		.page_list = page_list,
	};

	sim->self = own ? policy->create(&env, &why) : calloc(1, policy->instance_bytes);
	if (sim->self && !own)
		policy->init(sim->self, &env);
	if (why.code)
		return bel_err_set(err, why.code, "%s: %s", policy->name, why.text);
	if (!sim->self || sim->arrays.no_memory)
		return bel_err_memory(err, policy->name);
	return 0;
}

static int check_frames(const struct bel_sim_setup *setup, struct bel_err *err)
{
	const struct bel_policy *policy = setup->spec->policy;
	const bool variable = policy->caps & BEL_POLICY_VARIABLE;

	if (variable && setup->frames)
		return bel_usage(
			err, "%s: sizes its resident set itself and takes no frames", policy->name);
	if (!variable && !setup->frames)
		return bel_usage(err, "%s: needs at least 1 frame", policy->name);
	return 0;
}

struct bel_sim *bel_sim_new(const struct bel_sim_setup *setup, struct bel_err *err)
{
	const struct bel_policy *policy = setup->spec->policy;
	struct bel_sim *sim;

	if (check_frames(setup, err) < 0)
		return NULL;
	sim = calloc(1, sizeof(*sim));
	if (!sim) {
		bel_err_memory(err, policy->name);
		return NULL;
	}
	sim->policy = policy;
	bel_page_arrays_init(&sim->arrays, setup->guarded);
	sim->generic = setup->generic || !policy->run || policy->loop_abi != BEL_LOOP_ABI;
	sim->mem.size = sizeof(sim->mem);
	sim->mem.frames = setup->frames;
	if (page_array(sim, &sim->state, 1) < 0)
		bel_err_memory(err, policy->name);
	else if (policy_create(sim, setup, err) == 0)
		return sim;
	bel_sim_free(sim);
	return NULL;
}

void bel_sim_free(struct bel_sim *sim)
{
	if (!sim)
		return;
	if (sim->self && sim->policy->destroy)
		sim->policy->destroy(sim->self);
	if (bel_policy_has(sim->policy, init))
		free(sim->self);
	bel_page_arrays_release(&sim->arrays);
	free(sim);
}

/* Fills err from out.violation. The loop has stopped at the reference concerned. */
static int violation(struct bel_sim *sim, struct bel_err *err)
{
	const struct bel_decision *out = &sim->mem.out;
	const unsigned long long at = out->counted_to, page = out->bad_page;
	const char *name = sim->policy->name;

	sim->broken = true;
	switch (out->violation) {
	case BEL_VIOLATION_NOT_RESIDENT:
		return bel_fail(err,
			"%s: evicted page %llu, which is not resident, at reference %llu", name,
			page, at);
	case BEL_VIOLATION_NO_ROOM:
		return bel_fail(err, "%s: held %llu pages in %llu frames at reference %llu", name,
			(unsigned long long)out->resident, (unsigned long long)sim->mem.frames, at);
	case BEL_VIOLATION_SELF:
		return bel_fail(err,
			"%s: evicted page %llu, which is being referenced, at reference %llu", name,
			page, at);
	case BEL_VIOLATION_BYPASS:
		return bel_fail(err,
			"%s: bypassed page %llu, which is referenced again at once, at "
			"reference %llu",
			name, page, at);
	case BEL_VIOLATION_EVICT:
		return bel_fail(err,
			"%s: evicted no page or several pages when asked for one, at reference "
			"%llu",
			name, at);
	default:
		return bel_fail(err, "%s: reported unknown violation %u at reference %llu", name,
			(unsigned)out->violation, at);
	}
}

/* The loop for hooks that are not known at compile time. */
static void run_generic(struct bel_sim *sim, const struct bel_batch *batch)
{
	const struct bel_hooks *hooks = sim->policy->hooks;

	if (sim->policy->caps & BEL_POLICY_FUTURE)
		bel_loop(&sim->mem, sim->self, hooks, BEL_POLICY_FUTURE, batch);
	else
		bel_loop(&sim->mem, sim->self, hooks, 0, batch);
}

/* Page arrays may have moved. */
static void refresh(struct bel_sim *sim)
{
	sim->mem.out.state = sim->state;
	sim->mem.out.pages = sim->arrays.pages;
}

static void run(struct bel_sim *sim, const struct bel_batch *batch)
{
	if (sim->generic)
		run_generic(sim, batch);
	else
		sim->policy->run(&sim->mem, sim->self, batch);
}

/*
 * With many pages and many faults: what the policy has about the pages of the next runs is on its
 * way from memory while it works on these. Zipf, 1 M pages: MQ 1.31 -> .96 s. Where most runs hit,
 * their pages are in the cache, and to fetch them costs more than it gains.
 */
static void run_ahead(struct bel_sim *sim, const struct bel_batch *batch)
{
	struct bel_batch part = *batch;

	for (size_t from = 0; from < batch->count && !sim->mem.out.violation; from += part.count) {
		const size_t left = batch->count - from;
		const size_t to = left < 2 * AHEAD ? batch->count : from + 2 * AHEAD;

		part.runs = batch->runs + from;
		part.next = batch->next ? batch->next + from : NULL;
		part.count = left < AHEAD ? left : AHEAD;
		part.now = sim->mem.tally.references;
		for (size_t i = from + part.count; i < to; i++)
			bel_page_arrays_prefetch(&sim->arrays, batch->runs[i].page);
		run(sim, &part);
	}
}

int bel_sim_feed(struct bel_sim *sim, const struct bel_batch *batch, struct bel_err *err)
{
	uint64_t faults;

	if (sim->broken)
		return violation(sim, err);
	if (batch->now != sim->now)
		return bel_fail(err, "%s: next reference must be number %llu, not %llu",
			sim->policy->name, (unsigned long long)sim->now,
			(unsigned long long)batch->now);
	if ((sim->policy->caps & BEL_POLICY_FUTURE) && !batch->next)
		return bel_fail(err, "%s: needs to know the next reference to each page",
			sim->policy->name);
	refresh(sim);
	faults = sim->mem.tally.faults;
	if (sim->ahead)
		run_ahead(sim, batch);
	else
		run(sim, batch);
	faults = sim->mem.tally.faults - faults;
	/* A few runs, such as the one of a fault in a machine, do not tell. */
	if (batch->count > AHEAD)
		sim->ahead = faults > batch->count / FEW_FAULTS &&
			     bel_sim_page_bytes(sim) * sim->arrays.pages > CACHE_BYTES;
	sim->now = sim->mem.tally.references;
	return sim->mem.out.violation ? violation(sim, err) : 0;
}

void bel_sim_prefetch(const struct bel_sim *sim, uint32_t page)
{
	bel_page_arrays_prefetch(&sim->arrays, page);
}

/* Adds the resident set up to now to the sum. */
static void integrate(struct bel_sim *sim)
{
	struct bel_decision *out = &sim->mem.out;

	out->resident_page_references += out->resident * (sim->now - out->counted_to);
	out->counted_to = sim->now;
}

void bel_sim_drop(struct bel_sim *sim, uint32_t page)
{
	if (sim->broken || page >= sim->arrays.pages || !(sim->state[page] & BEL_PAGE_RESIDENT))
		return;
	integrate(sim);
	sim->state[page] = BEL_PAGE_SEEN;
	sim->mem.out.resident--;
	sim->drops++;
	sim->policy->hooks->drop(sim->self, page);
}

void bel_sim_tally(const struct bel_sim *sim, struct bel_tally *tally)
{
	const struct bel_decision *out = &sim->mem.out;

	*tally = (struct bel_tally){
		.references = sim->mem.tally.references,
		.faults = sim->mem.tally.faults,
		.compulsory = sim->mem.tally.compulsory,
		.evictions = out->evictions,
		.writebacks = out->writebacks,
		.drops = sim->drops,
		.resident = out->resident,
		.peak = out->peak,
		.resident_page_references = out->resident_page_references +
					    out->resident * (sim->now - out->counted_to),
	};
}

uint64_t bel_sim_dirty(const struct bel_sim *sim)
{
	const uint8_t both = BEL_PAGE_RESIDENT | BEL_PAGE_DIRTY;
	uint64_t dirty = 0;

	for (uint32_t page = 0; page < sim->arrays.pages; page++)
		dirty += (sim->state[page] & both) == both;
	return dirty;
}

size_t bel_sim_page_bytes(const struct bel_sim *sim)
{
	size_t bytes = 0;

	/* The first array is the state. */
	for (size_t i = 1; i < sim->arrays.count; i++)
		bytes += sim->arrays.array[i].width;
	return bytes;
}

bool bel_sim_bypassed(const struct bel_sim *sim)
{
	return sim->mem.out.bypassed;
}

const uint8_t *bel_sim_state(const struct bel_sim *sim, uint32_t *pages)
{
	*pages = sim->arrays.pages;
	return sim->state;
}

bool bel_sim_arrays_whole(const struct bel_sim *sim)
{
	return bel_page_arrays_whole(&sim->arrays);
}

int bel_sim_list_victims(struct bel_sim *sim, struct bel_err *err)
{
	struct bel_decision *out = &sim->mem.out;

	if (out->victims)
		return 0;
	if (bel_page_arrays_add_raw_list(&sim->arrays, &out->victims, sizeof(*out->victims)) < 0)
		return bel_err_memory(err, sim->policy->name);
	return 0;
}

const struct bel_victim *bel_sim_victims(struct bel_sim *sim, uint32_t *count)
{
	*count = sim->mem.out.victim_count;
	sim->mem.out.victim_count = 0;
	return sim->mem.out.victims;
}

uint32_t bel_sim_victim(struct bel_sim *sim)
{
	if (sim->broken || !bel_policy_has(sim->policy, victim))
		return BEL_NO_PAGE;
	refresh(sim);
	return sim->policy->victim(sim->self, sim->now, &sim->mem.out);
}

bool bel_sim_can_evict(const struct bel_policy *policy)
{
	return bel_policy_has(policy, evict) || bel_policy_has(policy, victim);
}

/* A policy without evict(): the page that victim() tells leaves as one that is dropped. */
static void evict_victim(struct bel_sim *sim)
{
	struct bel_decision *const out = &sim->mem.out;
	const uint32_t page = sim->policy->victim(sim->self, sim->now, out);

	if (page == BEL_NO_PAGE)
		return;
	bel_evict(out, page);
	if (!out->violation)
		sim->policy->hooks->drop(sim->self, page);
}

int bel_sim_evict(struct bel_sim *sim, struct bel_err *err)
{
	struct bel_decision *const out = &sim->mem.out;
	const uint64_t resident = out->resident;

	if (sim->broken)
		return violation(sim, err);
	refresh(sim);
	integrate(sim);
	if (bel_policy_has(sim->policy, evict))
		sim->policy->evict(sim->self, sim->now, out);
	else
		evict_victim(sim);
	if (!out->violation && out->resident + 1 != resident)
		out->violation = BEL_VIOLATION_EVICT;
	return out->violation ? violation(sim, err) : 0;
}

bool bel_sim_bits_suffice(const struct bel_sim *sim)
{
	const struct bel_policy *policy = sim->policy;

	if (bel_policy_has(policy, bits_suffice))
		return policy->bits_suffice(sim->self);
	return !policy->hooks->hit;
}

uint64_t bel_sim_next_tick(const struct bel_sim *sim)
{
	return sim->policy->hooks->tick ? sim->mem.out.next_tick : BEL_NEVER;
}

void bel_sim_report(const struct bel_sim *sim, struct bel_sink *sink)
{
	if (sim->policy->report)
		sim->policy->report(sim->self, sink);
}

void bel_sim_show(const struct bel_sim *sim, struct bel_show *show)
{
	const struct bel_policy *policy = sim->policy;

	show->size = sizeof(*show);
	show->state = sim->state;
	if (bel_policy_has(policy, show) && !sim->broken)
		policy->show(sim->self, show);
}
