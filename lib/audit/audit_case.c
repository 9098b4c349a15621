/* SPDX-License-Identifier: MIT */
/* audit_case.c: feeds a string to several engines in parallel and compares them. */
#include "audit_case.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit_min_faults.h"
#include "audit_shadow.h"

/* How an engine is fed. */
enum lane {
	OWN,    /* with the policy's own loop, if it has one; each run is one reference */
	HOOKS,  /* the same with the hooks */
	SECOND, /* OWN again: another instance, at another address */
	FOLDED, /* consecutive references to one page form one run */
	CUT,    /* such runs cut at random places, with the hooks */
	LARGER, /* OWN with one more frame */
	LANES,
};

struct replay {
	const struct bel_audit_case *is;
	struct bel_audit_found *found;
	struct bel_sim *lane[LANES]; /* NULL: not run */
	struct bel_audit_shadow shadow;
	uint64_t *next;         /* for each step: when its page is referenced next */
	uint64_t fed[LANES];    /* references so far */
	struct bel_run pending; /* for the folded lanes; empty: none */
	uint32_t cut;           /* how many of these references CUT has been fed */
	struct bel_rng rng;
};

const char *bel_audit_rule_name(enum bel_audit_rule rule)
{
	static const char *const name[BEL_AUDIT_RULES] = {"held", "refusal", "contract", "counts",
		"state", "arrays", "leak", "optimum", "inclusion", "hooks", "repeat", "folding",
		"victim", "crash", "endless"};

	return name[rule];
}

static bool is_reference(struct bel_audit_step step)
{
	return step.kind != BEL_AUDIT_DROP;
}

static bool out_of_memory(struct replay *r)
{
	return bel_audit_object(r->found, BEL_AUDIT_REFUSAL, 0, "out of memory");
}

/* Errors begin with the policy's name; a finding has it elsewhere. */
static const char *without_name(const struct replay *r, const char *text)
{
	const char *name = r->is->spec->policy->name;
	const size_t n = strlen(name);

	return !strncmp(text, name, n) && !strncmp(text + n, ": ", 2) ? text + n + 2 : text;
}

/* Errors end with the reference number; a finding has it elsewhere. */
static size_t length_without_place(const char *text)
{
	const char *place = strstr(text, ", at reference ");

	place = place ? place : strstr(text, " at reference ");
	return place ? (size_t)(place - text) : strlen(text);
}

static bool open_lane(struct replay *r, enum lane lane)
{
	const struct bel_sim_setup setup = {
		.spec = r->is->spec,
		.frames = r->is->frames + (lane == LARGER),
		.seed = r->is->seed,
		.generic = lane == HOOKS || lane == CUT,
		.guarded = true,
	};
	struct bel_err err;

	r->lane[lane] = bel_sim_new(&setup, &err);
	if (r->lane[lane] && bel_sim_list_victims(r->lane[lane], &err) == 0)
		return false;
	return bel_audit_object(r->found, BEL_AUDIT_REFUSAL, 0, "%s", without_name(r, err.text));
}

/* Walks backwards to find when each step's page is referenced next. */
static bool find_next(struct replay *r)
{
	const struct bel_audit_string *string = r->is->string;
	uint64_t *coming = malloc((string->pages + 1) * sizeof(*coming)), now = 0;

	r->next = malloc((string->count + 1) * sizeof(*r->next));
	if (!coming || !r->next) {
		free(coming);
		return out_of_memory(r);
	}
	memset(coming, 0xff, string->pages * sizeof(*coming));
	for (size_t i = 0; i < string->count; i++)
		now += is_reference(string->step[i]);
	for (size_t i = string->count; i-- > 0;) {
		const uint32_t page = string->step[i].page;

		r->next[i] = coming[page];
		if (is_reference(string->step[i]))
			coming[page] = --now;
	}
	free(coming);
	return false;
}

static bool start(struct replay *r)
{
	const uint32_t caps = r->is->spec->policy->caps;

	bel_rng_seed(&r->rng, r->is->seed);
	for (int lane = 0; lane < LARGER; lane++)
		if (open_lane(r, lane))
			return true;
	/* With drops, inclusion need not hold. */
	if ((caps & BEL_POLICY_STACK) && !(caps & BEL_POLICY_VARIABLE) && !r->is->string->drops &&
		open_lane(r, LARGER))
		return true;
	return find_next(r) ||
	       (bel_audit_shadow_init(&r->shadow, r->is->string->pages) < 0 && out_of_memory(r));
}

static void finish(struct replay *r)
{
	for (int lane = 0; lane < LANES; lane++)
		bel_sim_free(r->lane[lane]);
	bel_audit_shadow_release(&r->shadow);
	free(r->next);
}

/* Feeds one run to one engine. */
static bool feed(struct replay *r, enum lane lane, struct bel_run run, uint64_t next)
{
	struct bel_sim *sim = r->lane[lane];
	const struct bel_batch batch = {
		.runs = &run, .next = &next, .count = 1, .now = r->fed[lane]};
	struct bel_err err;

	if (bel_sim_reserve(sim, run.page + 1, &err) < 0)
		return out_of_memory(r);
	if (bel_sim_feed(sim, &batch, &err) < 0)
		return bel_audit_object(r->found, BEL_AUDIT_CONTRACT, r->fed[lane], "%.*s",
			(int)length_without_place(without_name(r, err.text)),
			without_name(r, err.text));
	r->fed[lane] += bel_run_count(run);
	if (!bel_sim_arrays_whole(sim))
		return bel_audit_object(r->found, BEL_AUDIT_ARRAYS, r->shadow.now,
			"it wrote past the end of a page array");
	return false;
}

/* Compares two engines that were fed the same references. */
static bool differ(struct replay *r, enum lane lane, enum bel_audit_rule rule, const char *what)
{
	const uint64_t at = r->shadow.now - (r->shadow.now > 0);
	struct bel_tally own, other;
	uint32_t pages, others, page = 0;
	const uint8_t *state = bel_sim_state(r->lane[OWN], &pages);
	const uint8_t *with = bel_sim_state(r->lane[lane], &others);

	pages = pages < others ? pages : others;
	pages = pages < r->is->string->pages ? pages : r->is->string->pages;
	if (memcmp(state, with, pages)) {
		while (state[page] == with[page])
			page++;
		return bel_audit_object(r->found, rule, at,
			"%s: page %" PRIu32 " differs in being %s", what, page,
			(state[page] ^ with[page]) & BEL_PAGE_RESIDENT ? "resident"
			: (state[page] ^ with[page]) & BEL_PAGE_DIRTY  ? "dirty"
								       : "accessed");
	}
	bel_sim_tally(r->lane[OWN], &own);
	bel_sim_tally(r->lane[lane], &other);
	if (!memcmp(&own, &other, sizeof(own)))
		return false;
	return bel_audit_object(r->found, rule, at,
		"%s: %" PRIu64 " and %" PRIu64 " faults, %" PRIu64 " and %" PRIu64 " evictions, "
		"sums of resident pages %" PRIu64 " and %" PRIu64,
		what, own.faults, other.faults, own.evictions, other.evictions,
		own.resident_page_references, other.resident_page_references);
}

static bool not_included(struct replay *r)
{
	uint32_t pages, ignored;
	const uint8_t *few = bel_sim_state(r->lane[OWN], &pages);
	const uint8_t *more = bel_sim_state(r->lane[LARGER], &ignored);

	for (uint32_t page = 0; page < r->is->string->pages && page < pages; page++)
		if (few[page] & ~more[page] & BEL_PAGE_RESIDENT)
			return bel_audit_object(r->found, BEL_AUDIT_INCLUSION, r->shadow.now - 1,
				"page %" PRIu32 " is resident, but not with one more frame", page);
	return false;
}

/* Feeds the pending run to the folded lanes. `next`: next use after its last reference. */
static bool feed_pending(struct replay *r, uint64_t next)
{
	const uint32_t count = bel_run_count(r->pending), flags = r->pending.info & BEL_RUN_FLAGS;
	const struct bel_run rest = bel_run_make(r->pending.page, count - r->cut, flags);
	const struct bel_run whole = r->pending;

	if (!count)
		return false;
	r->pending.info = 0;
	r->cut = 0;
	return feed(r, FOLDED, whole, next) || feed(r, CUT, rest, next) ||
	       differ(r, FOLDED, BEL_AUDIT_FOLDING, "folded into runs and one by one") ||
	       differ(r, CUT, BEL_AUDIT_FOLDING, "as runs through the hooks and one by one");
}

/* Adds the reference to the pending run. `last`: the run ends here. */
static bool fold(struct replay *r, size_t i, uint32_t flags, bool last)
{
	const uint32_t page = r->is->string->step[i].page;
	uint32_t count = bel_run_count(r->pending);

	flags |= count ? r->pending.info & BEL_RUN_FLAGS : 0;
	r->pending = bel_run_make(page, ++count, flags);
	if (last)
		return feed_pending(r, r->next[i]);
	if (bel_rng_below(&r->rng, 4))
		return false;
	if (feed(r, CUT, bel_run_make(page, count - r->cut, flags), r->next[i]))
		return true;
	r->cut = count;
	return false;
}

/* Calls victim() when it must be right: all frames are in use and the page is a new one. */
static bool ask(struct replay *r, uint32_t page, uint32_t *told)
{
	const struct bel_audit_shadow *const w = &r->shadow;

	*told = BEL_NO_PAGE;
	if (r->is->spec->policy->caps & BEL_POLICY_VARIABLE || w->tally.resident < r->is->frames ||
		w->page[page] & BEL_PAGE_SEEN)
		return false;
	*told = bel_sim_victim(r->lane[OWN]);
	if (*told == BEL_NO_PAGE || (*told < w->pages && w->page[*told] & BEL_PAGE_RESIDENT))
		return false;
	return bel_audit_object(r->found, BEL_AUDIT_VICTIM, w->now,
		"victim() named page %" PRIu32 ", which is not resident", *told);
}

/* Whether the named victim stayed although the new page got a frame. */
static bool mistold(struct replay *r, uint32_t page, uint32_t told)
{
	const uint8_t *const is = r->shadow.page;

	if (told == BEL_NO_PAGE || !(is[page] & BEL_PAGE_RESIDENT) ||
		!(is[told] & BEL_PAGE_RESIDENT))
		return false;
	return bel_audit_object(r->found, BEL_AUDIT_VICTIM, r->shadow.now - 1,
		"victim() named page %" PRIu32 ", but it was not evicted", told);
}

/* At the end, empties memory with evict(). */
static bool badly_emptied(struct replay *r)
{
	struct bel_sim *const sim = r->lane[SECOND];
	struct bel_tally tally;
	struct bel_err err;
	uint32_t count;

	if (!bel_sim_can_evict(r->is->spec->policy))
		return false;
	bel_sim_tally(sim, &tally);
	bel_sim_victims(sim, &count);
	for (uint64_t left = tally.resident; left > 0; left--) {
		const uint32_t told = bel_sim_victim(sim);

		if (bel_sim_evict(sim, &err) < 0)
			return bel_audit_object(r->found, BEL_AUDIT_VICTIM, r->shadow.now - 1,
				"%.*s", (int)length_without_place(without_name(r, err.text)),
				without_name(r, err.text));
		if (told != BEL_NO_PAGE && told != bel_sim_victims(sim, &count)->page)
			return bel_audit_object(r->found, BEL_AUDIT_VICTIM, r->shadow.now - 1,
				"victim() named page %" PRIu32 ", but it was not evicted", told);
	}
	return false;
}

static bool reference(struct replay *r, size_t i)
{
	const struct bel_audit_string *string = r->is->string;
	const struct bel_audit_step step = string->step[i];
	const bool last = i + 1 == string->count || !is_reference(string->step[i + 1]) ||
			  string->step[i + 1].page != step.page;
	const uint32_t write = step.kind == BEL_AUDIT_WRITE ? BEL_RUN_WRITE : 0;
	const struct bel_run run = bel_run_make(step.page, 1, BEL_RUN_DATA | write);
	uint32_t told;

	if (ask(r, step.page, &told) || feed(r, OWN, run, r->next[i]) ||
		bel_audit_shadow_check(&r->shadow, r->lane[OWN], step, r->found) ||
		mistold(r, step.page, told) || feed(r, SECOND, run, r->next[i]) ||
		differ(r, SECOND, BEL_AUDIT_REPEAT, "two instances") ||
		feed(r, HOOKS, run, r->next[i]) ||
		differ(r, HOOKS, BEL_AUDIT_HOOKS, "own loop and hooks"))
		return true;
	if (r->lane[LARGER] && (feed(r, LARGER, run, r->next[i]) || not_included(r)))
		return true;
	return fold(r, i, BEL_RUN_DATA | write, last);
}

static bool drop(struct replay *r, struct bel_audit_step step)
{
	for (int lane = 0; lane < LARGER; lane++)
		bel_sim_drop(r->lane[lane], step.page);
	return bel_audit_shadow_check(&r->shadow, r->lane[OWN], step, r->found) ||
	       differ(r, SECOND, BEL_AUDIT_REPEAT, "two instances") ||
	       differ(r, HOOKS, BEL_AUDIT_HOOKS, "own loop and hooks");
}

/* Checks that are possible only at the end of the string. */
static bool bad_end(struct replay *r)
{
	const struct bel_audit_string *string = r->is->string;
	const uint64_t faults = r->shadow.tally.faults, end = r->shadow.now - 1;
	const uint32_t caps = r->is->spec->policy->caps;
	uint64_t least;

	if ((caps & BEL_POLICY_VARIABLE) || !r->shadow.now || bel_sim_bypassed(r->lane[OWN]))
		return false;
	if (r->is->frames >= string->pages && r->shadow.tally.evictions)
		return bel_audit_object(r->found, BEL_AUDIT_LEAK, end,
			"%" PRIu64 " pages were evicted, although all %" PRIu32 " have a frame",
			r->shadow.tally.evictions, string->pages);
	if (string->drops)
		return false;
	if (bel_audit_least_faults(string, r->next, r->is->frames, &least) < 0)
		return out_of_memory(r);
	if (faults < least)
		return bel_audit_object(r->found, BEL_AUDIT_OPTIMUM, end,
			"%" PRIu64 " faults, fewer than the minimum of %" PRIu64, faults, least);
	if ((caps & BEL_POLICY_OPTIMAL) && faults > least)
		return bel_audit_object(r->found, BEL_AUDIT_OPTIMUM, end,
			"it claims to be optimal, but has %" PRIu64 " faults, not %" PRIu64, faults,
			least);
	return false;
}

bool bel_audit_case_breaks(const struct bel_audit_case *is, struct bel_audit_found *found)
{
	const struct bel_audit_string *string = is->string;
	struct replay r = {.is = is, .found = found};
	bool broken = start(&r);

	if (broken && is->drawn && found->rule == BEL_AUDIT_REFUSAL)
		broken = false;
	else
		for (size_t i = 0; i < string->count && !broken; i++) {
			if (is->at)
				*is->at = i;
			broken = is_reference(string->step[i]) ? reference(&r, i)
							       : drop(&r, string->step[i]);
		}
	broken = broken || (r.shadow.page && (bad_end(&r) || badly_emptied(&r)));
	finish(&r);
	return broken;
}
