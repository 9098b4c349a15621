/* SPDX-License-Identifier: MIT */
/*
 * naive.c: FIFO, LRU, OPT, Clock and the working set by scanning lists.
 *
 * First, it numbers the pages in order of first touch, which decides OPT's ties. It looks ahead to
 * find when the page of each reference is referenced next.
 */
#include "naive.h"

#include <stdio.h>
#include <stdlib.h>

#define NEVER UINT64_MAX

struct frame {
	bool taken, dirty, bit;
	size_t page;        /* in order of first touch */
	uint64_t loaded_at; /* FIFO */
	uint64_t used_at;   /* LRU, working set */
	uint64_t next_use;  /* OPT */
	uint64_t freed;     /* number of the drop that freed it, 0: never taken */
};

struct naive {
	struct naive_setup setup;
	const struct naive_ref *refs;
	size_t count, time;
	size_t *page;       /* of each reference, in order of first touch */
	uint64_t *known;    /* the pages' own numbers */
	uint64_t *next_use; /* of each reference */
	size_t pages, touched;
	struct frame *frame;
	size_t frames, hand;
	struct naive_counts counts;
};

static void *zeroed(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory) {
		fprintf(stderr, "naive: out of memory\n");
		exit(3);
	}
	return memory;
}

static void number_pages(struct naive *n)
{
	for (size_t i = 0; i < n->count; i++) {
		size_t p = 0;

		while (p < n->pages && n->known[p] != n->refs[i].page)
			p++;
		if (p == n->pages)
			n->known[n->pages++] = n->refs[i].page;
		n->page[i] = p;
	}
}

static void look_ahead(struct naive *n)
{
	for (size_t i = 0; i < n->count; i++) {
		n->next_use[i] = NEVER;
		for (size_t j = i + 1; j < n->count; j++) {
			if (n->page[j] == n->page[i]) {
				n->next_use[i] = j;
				break;
			}
		}
	}
}

struct naive *naive_new(const struct naive_setup *setup, const struct naive_ref *refs, size_t count)
{
	struct naive *n = zeroed(1, sizeof(*n));

	n->setup = *setup;
	n->refs = refs;
	n->count = count;
	n->page = zeroed(count, sizeof(*n->page));
	n->known = zeroed(count, sizeof(*n->known));
	n->next_use = zeroed(count, sizeof(*n->next_use));
	number_pages(n);
	if (setup->policy == NAIVE_OPT)
		look_ahead(n);
	/* No more frames are needed than there are pages. The working set may hold all pages. */
	n->frames = n->pages;
	if (setup->policy != NAIVE_WS && setup->frames < n->pages)
		n->frames = setup->frames;
	n->frame = zeroed(n->frames, sizeof(*n->frame));
	return n;
}

static void leave(struct naive *n, struct frame *f)
{
	n->counts.dirty -= f->dirty;
	n->counts.resident--;
	f->taken = false;
}

static void evict(struct naive *n, struct frame *f)
{
	n->counts.evictions++;
	n->counts.writebacks += f->dirty;
	leave(n, f);
}

/* Whether a frame of a full memory is a better victim than the best so far. */
static bool better_victim(const struct naive *n, const struct frame *f, const struct frame *best)
{
	switch (n->setup.policy) {
	case NAIVE_FIFO:
		return f->loaded_at < best->loaded_at;
	case NAIVE_LRU:
		return f->used_at < best->used_at;
	default:
		if (f->next_use != best->next_use)
			return f->next_use > best->next_use;
		return f->page < best->page;
	}
}

static struct frame *clock_victim(struct naive *n)
{
	struct frame *victim;

	while (n->frame[n->hand].bit) {
		n->frame[n->hand].bit = false;
		n->hand = (n->hand + 1) % n->frames;
	}
	victim = &n->frame[n->hand];
	n->hand = (n->hand + 1) % n->frames;
	return victim;
}

/* The free frame whose page was dropped last; else the first one never taken; else NULL. */
static struct frame *free_frame(struct naive *n)
{
	struct frame *best = NULL;

	for (size_t i = 0; i < n->frames; i++) {
		struct frame *f = &n->frame[i];

		if (!f->taken && (!best || f->freed > best->freed))
			best = f;
	}
	return best;
}

static struct frame *make_room(struct naive *n)
{
	struct frame *victim = free_frame(n);

	if (victim)
		return victim;
	if (n->setup.policy == NAIVE_CLOCK) {
		victim = clock_victim(n);
	} else {
		victim = &n->frame[0];
		for (size_t i = 1; i < n->frames; i++) {
			if (better_victim(n, &n->frame[i], victim))
				victim = &n->frame[i];
		}
	}
	evict(n, victim);
	return victim;
}

static struct frame *frame_of(struct naive *n, size_t page)
{
	for (size_t i = 0; i < n->frames; i++) {
		if (n->frame[i].taken && n->frame[i].page == page)
			return &n->frame[i];
	}
	return NULL;
}

static struct frame *load(struct naive *n, size_t page)
{
	struct frame *f = make_room(n);

	n->counts.faults++;
	if (page == n->touched) {
		n->counts.compulsory++;
		n->touched++;
	}
	*f = (struct frame){.taken = true, .page = page, .loaded_at = n->time};
	n->counts.resident++;
	return f;
}

/* Evicts pages that the last tau references, including this one, did not refer to. */
static void forget_old(struct naive *n)
{
	for (size_t i = 0; i < n->frames; i++) {
		struct frame *f = &n->frame[i];

		if (f->taken && n->time - f->used_at >= n->setup.tau)
			evict(n, f);
	}
}

bool naive_step(struct naive *n)
{
	const struct naive_ref *ref = &n->refs[n->time];
	struct frame *f;
	bool hit;

	if (n->time == n->count)
		return false;
	f = frame_of(n, n->page[n->time]);
	hit = f != NULL;
	if (!hit)
		f = load(n, n->page[n->time]);
	f->bit = hit || !n->setup.loads_cleared;
	f->used_at = n->time;
	f->next_use = n->next_use[n->time];
	if (ref->write && !f->dirty) {
		f->dirty = true;
		n->counts.dirty++;
	}
	if (n->setup.policy == NAIVE_WS)
		forget_old(n);
	if (n->counts.resident > n->counts.peak)
		n->counts.peak = n->counts.resident;
	n->counts.resident_page_references += n->counts.resident;
	n->counts.references++;
	n->time++;
	return true;
}

void naive_drop(struct naive *n, uint64_t page)
{
	for (size_t i = 0; i < n->frames; i++) {
		struct frame *f = &n->frame[i];

		if (f->taken && n->known[f->page] == page) {
			leave(n, f);
			f->freed = ++n->counts.drops;
		}
	}
}

const struct naive_counts *naive_now(const struct naive *n)
{
	return &n->counts;
}

uint64_t naive_pages(const struct naive *n)
{
	return n->pages;
}

void naive_free(struct naive *n)
{
	if (!n)
		return;
	free(n->page);
	free(n->known);
	free(n->next_use);
	free(n->frame);
	free(n);
}

struct naive_counts naive_run(
	const struct naive_setup *setup, const struct naive_ref *refs, size_t count)
{
	struct naive *n = naive_new(setup, refs, count);
	struct naive_counts counts;

	while (naive_step(n))
		;
	counts = *naive_now(n);
	naive_free(n);
	return counts;
}
