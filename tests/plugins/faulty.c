/* SPDX-License-Identifier: MIT */
/*
 * faulty.c: first in, first out, with the mistake that a parameter asks for: what an audit
 * must find. faulty_*.c are the same under claims that a FIFO does not keep.
 */
#include <stdlib.h>

#include "list.h"

#ifndef FAULTY_CAPS
#define FAULTY_CAPS 0
#define FAULTY_NAME "faulty"
#endif

enum how {
	SOUND,
	EVICTS_STRANGER, /* a page that nobody has seen */
	NEVER_RETURNS,   /* when the third frame is taken */
	CRASHES,         /* on the fourth fault */
	WRITES_BEHIND,   /* the end of its page array */
	CLEARS_DIRTY,    /* on a fault, of the newest page */
	SETS_ACCESSED,   /* of the oldest page */
	LOOP_DIFFERS,    /* evicts the newest, but not through the hooks */
	SHARES_STATE,    /* among its instances */
	COUNTS_CALLS,    /* and evicts by the number of hits, not of references */
	LEAKS_FRAMES,    /* those of dropped pages */
	REFUSES,         /* one frame */
	ENDS_PROGRAM,    /* on the fourth fault */
	MISTELLS,        /* says that the newest page leaves next */
	KEEPS_ALL,       /* evict() evicts nothing */
};

struct faulty {
	struct bel_link *link;
	uint8_t *state;
	struct bel_list pages;
	uint32_t elements;
	uint64_t frames, taken, faults, hits;
	enum how how;
};

static uint64_t shared;

static void faulty_init(void *self, const struct bel_env *env)
{
	struct faulty *faulty = self;

	if (env->param[0] == REFUSES && env->frames == 1)
		env->fail(env->err, "one frame is too few");
	faulty->frames = env->frames;
	faulty->how = (enum how)env->param[0];
	bel_list_init(&faulty->pages);
	env->page_array(env->host, &faulty->link, sizeof(*faulty->link));
	env->page_state(env->host, &faulty->state);
	env->page_count(env->host, &faulty->elements);
}

static void faulty_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct faulty *faulty = self;

	(void)now;
	(void)ref;
	faulty->hits++;
}

static uint32_t choose(const struct faulty *faulty, uint32_t page)
{
	const uint32_t oldest = faulty->pages.tail, newest = faulty->pages.head;

	switch (faulty->how) {
	case EVICTS_STRANGER:
		return page + 1000;
	case SHARES_STATE:
		return shared++ % 2 ? oldest : newest;
	case COUNTS_CALLS:
		return faulty->hits % 2 ? newest : oldest;
	default:
		return oldest;
	}
}

/* What has nothing to do with who is the victim. */
static void misbehave(struct faulty *faulty, uint64_t resident)
{
	volatile uint32_t *nowhere = NULL;

	faulty->faults++;
	if (faulty->how == NEVER_RETURNS && resident == 2)
		while (*(volatile enum how *)&faulty->how == NEVER_RETURNS)
			;
	if (faulty->how == CRASHES && faulty->faults == 4)
		*nowhere = 1;
	if (faulty->how == ENDS_PROGRAM && faulty->faults == 4)
		exit(0);
	if (faulty->how == WRITES_BEHIND && faulty->faults == 2)
		faulty->link[faulty->elements].before = 7;
	if (faulty->how == CLEARS_DIRTY && faulty->pages.count)
		faulty->state[faulty->pages.head] &= (uint8_t)~BEL_PAGE_DIRTY;
	if (faulty->how == SETS_ACCESSED && faulty->pages.count > 1) {
		faulty->state[faulty->pages.head] &= (uint8_t)~BEL_PAGE_ACCESSED;
		faulty->state[faulty->pages.tail] |= BEL_PAGE_ACCESSED;
	}
}

static void faulty_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct faulty *faulty = self;
	const uint64_t resident = faulty->how == LEAKS_FRAMES ? faulty->taken : bel_resident(out);

	(void)now;
	misbehave(faulty, bel_resident(out));
	if (resident >= faulty->frames && faulty->pages.count) {
		const uint32_t victim = choose(faulty, ref.page);

		if (faulty->how != EVICTS_STRANGER)
			bel_list_remove(&faulty->pages, faulty->link, victim);
		bel_evict(out, victim);
	} else {
		faulty->taken++;
	}
	bel_list_push(&faulty->pages, faulty->link, ref.page);
}

static void loop_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct faulty *faulty = self;

	if (faulty->how != LOOP_DIFFERS || bel_resident(out) < faulty->frames) {
		faulty_fault(self, now, ref, out);
		return;
	}
	bel_evict(out, faulty->pages.head);
	bel_list_remove(&faulty->pages, faulty->link, faulty->pages.head);
	bel_list_push(&faulty->pages, faulty->link, ref.page);
}

static void faulty_drop(void *self, uint32_t page)
{
	struct faulty *faulty = self;

	bel_list_remove(&faulty->pages, faulty->link, page);
}

static uint32_t faulty_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct faulty *faulty = self;

	(void)now;
	(void)out;
	return faulty->how == MISTELLS ? faulty->pages.head : BEL_NO_PAGE;
}

static void faulty_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct faulty *faulty = self;
	const uint32_t victim = faulty->how == MISTELLS ? faulty->pages.head : faulty->pages.tail;

	(void)now;
	if (faulty->how == KEEPS_ALL)
		return;
	bel_list_remove(&faulty->pages, faulty->link, victim);
	bel_evict(out, victim);
}

static const struct bel_hooks faulty_hooks = {
	.hit = faulty_hit, .fault = faulty_fault, .drop = faulty_drop};
static const struct bel_hooks loop_hooks = {
	.hit = faulty_hit, .fault = loop_fault, .drop = faulty_drop};

BEL_RUN(faulty, loop_hooks, FAULTY_CAPS)

static const struct bel_param params[] = {
	{"how", "", BEL_PARAM_INTEGER, SOUND, SOUND, KEEPS_ALL, "the mistake"},
	{.name = NULL},
};

static const struct bel_policy faulty = {
	BEL_POLICY_BASE(faulty, struct faulty),
	.name = FAULTY_NAME,
	.title = "first in, first out, with a mistake",
	.source = "a test of belady",
	.params = params,
	.victim = faulty_victim,
	.evict = faulty_evict,
};

BEL_POLICY(faulty);
