/* SPDX-License-Identifier: MIT */
/*
 * random_stream.c: draws exact traces, which walk or jump in a few areas of memory.
 */
#include "random_stream.h"

#include <stdlib.h>
#include <string.h>

#include "random_trace.h"

enum { AREAS = 4, EVENTS_A_BATCH = 6 };

struct model {
	int kinds;
	uint64_t area[AREAS];
	uint64_t span;  /* units of an area, a power of two */
	uint32_t most;  /* units of the largest ordinary reference */
	uint32_t giant; /* units of the largest of all */
	double walk, huge;
	uint64_t at;
};

static void draw_model(struct model *m, unsigned unit_bits, struct bel_rng *rng)
{
	memset(m, 0, sizeof(*m));
	m->span = UINT64_C(1) << bel_rng_below(rng, unit_bits ? 8 : 18);
	m->most = 1 + bel_rng_below(rng, unit_bits ? 2 : 40);
	m->giant = unit_bits ? 40 : 20000;
	m->walk = bel_rng_real(rng);
	m->huge = bel_rng_below(rng, 3) ? 0 : 0.02;
	for (int i = 0; i < AREAS; i++)
		m->area[i] = bel_rng_next(rng) >> bel_rng_below(rng, 60);
	/* The two ends of the address space. */
	if (!bel_rng_below(rng, 8))
		m->area[0] = 0;
	if (!bel_rng_below(rng, 8))
		m->area[1] = UINT64_MAX - m->span + 1;
}

static struct bel_access draw_access(struct model *m, struct bel_rng *rng)
{
	struct bel_access a = {.kind = bel_rng_below(rng, m->kinds)};
	uint64_t capacity;

	if (bel_rng_real(rng) < m->walk)
		m->at += 1 + bel_rng_below(rng, m->most);
	else
		m->at = m->area[bel_rng_below(rng, AREAS)] + bel_rng_below(rng, m->span);
	a.address = m->at;
	a.size = 1 + bel_rng_below(rng, m->most);
	if (bel_rng_real(rng) < m->huge)
		a.size = 1 + bel_rng_below(rng, m->giant);
	capacity = UINT64_MAX - a.address; /* no reference wraps round */
	if (a.size - 1 > capacity)
		a.size = capacity + 1;
	return a;
}

/* Sets only the members that an event of this type has (trace.h). frames NULL: no call stacks. */
static struct bel_event draw_event(struct bel_rng *rng, uint32_t space, uint64_t *frames)
{
	static const char *const name[] = {"", "/bin/ls", "a name with blanks", "\xc3\xa4\n\t\x01"};
	struct bel_event e = {.type = bel_rng_below(rng, BEL_EVENT_TYPES), .space = space};
	const char *text = name[bel_rng_below(rng, 4)];
	bool range;

	while (!frames && bel_event_is_stack(e.type))
		e.type = bel_rng_below(rng, BEL_EVENT_TYPES);
	range = e.type >= BEL_EVENT_MAP && e.type <= BEL_EVENT_DISCARD;

	if (e.type == BEL_EVENT_START || e.type == BEL_EVENT_FORK || e.type == BEL_EVENT_EXEC) {
		e.space = bel_rng_below(rng, 4);
		e.pid = bel_rng_next(rng) >> (32 + bel_rng_below(rng, 32));
		e.name = e.type == BEL_EVENT_FORK ? NULL : text;
		e.other = e.type == BEL_EVENT_START ? 0 : bel_rng_below(rng, 4);
	}
	if (range) {
		e.start = bel_rng_next(rng) >> bel_rng_below(rng, 64);
		e.length = bel_rng_next(rng) >> bel_rng_below(rng, 64);
	}
	if (e.type == BEL_EVENT_MAP) {
		e.region = bel_rng_below(rng, BEL_REGIONS);
		e.flags = bel_rng_below(rng, 32);
		e.offset = bel_rng_next(rng) >> bel_rng_below(rng, 64);
		e.name = bel_rng_below(rng, 2) ? text : NULL;
	}
	if (e.type == BEL_EVENT_PROTECT)
		e.flags = bel_rng_below(rng, 8);
	if (e.type == BEL_EVENT_REMAP)
		e.offset = bel_rng_next(rng);
	if (e.type == BEL_EVENT_REMAP || (e.type >= BEL_EVENT_EXIT && e.type < BEL_EVENT_MAP))
		e.value = bel_rng_next(rng) >> bel_rng_below(rng, 64);
	if (e.type == BEL_EVENT_MARK || e.type == BEL_EVENT_FRAME)
		e.name = text;
	if (e.type == BEL_EVENT_FRAME) {
		e.offset = bel_rng_below(rng, *frames + 1);
		e.value = ++*frames;
		e.start = bel_rng_next(rng);
	}
	if (e.type == BEL_EVENT_STACK)
		e.value = bel_rng_below(rng, *frames + 1);
	return e;
}

static void draw_batch(struct bel_accesses *b, struct model *m, size_t count, struct bel_rng *rng,
	uint64_t *frames)
{
	size_t events = bel_rng_below(rng, 2) ? bel_rng_below(rng, EVENTS_A_BATCH) : 0;
	uint64_t at[EVENTS_A_BATCH];
	struct bel_err err;

	memset(b, 0, sizeof(*b));
	b->space = bel_rng_below(rng, 3);
	b->count = b->capacity = count;
	b->access = test_alloc(count, sizeof(*b->access));
	for (size_t i = 0; i < count; i++)
		b->access[i] = draw_access(m, rng);
	for (size_t i = 0; i < events; i++) {
		size_t j = i;
		uint64_t place = bel_rng_below(rng, count + 1);

		for (; j && at[j - 1] > place; j--)
			at[j] = at[j - 1];
		at[j] = place;
	}
	for (size_t i = 0; i < events; i++) {
		struct bel_event event = draw_event(rng, b->space, frames);

		event.at = at[i];
		if (bel_events_add(&b->events, &event, &err) < 0) {
			fprintf(stderr, "test: %s\n", err.text);
			exit(3);
		}
	}
}

void random_stream_make(struct random_stream *s, struct bel_rng *rng, size_t max_count)
{
	struct model m;
	uint64_t frames = 0;
	size_t wanted = bel_rng_below(rng, 10), left = bel_rng_below(rng, max_count + 1);

	memset(s, 0, sizeof(*s));
	s->info.unit_bits = bel_rng_below(rng, 4) ? 0 : 12;
	s->info.address_bits = bel_rng_below(rng, 4) ? 64 : 32;
	s->info.command = bel_rng_below(rng, 2) ? "ls -l /" : NULL;
	s->info.tool = bel_rng_below(rng, 2) ? "random_stream" : NULL;
	s->info.kernel = !bel_rng_below(rng, 2);
	if (!bel_rng_below(rng, 2)) {
		s->info.near_pages = 1 + bel_rng_below(rng, 65536);
		s->info.near_bits = bel_rng_below(rng, 64);
		s->info.near_renewed = !bel_rng_below(rng, 2);
	}
	draw_model(&m, s->info.unit_bits, rng);
	m.kinds = s->info.kernel ? BEL_KINDS : BEL_KERNEL_LOAD;
	s->batch = test_alloc(wanted, sizeof(*s->batch));
	for (size_t i = 0; i < wanted; i++) {
		struct bel_accesses *b = &s->batch[s->batches];
		size_t count = bel_rng_below(rng, left + 1);

		draw_batch(b, &m, count, rng, s->info.near_pages ? &frames : NULL);
		left -= count;
		if (b->count || b->events.count)
			s->batches++;
		else
			free(b->access);
	}
}

void random_stream_release(struct random_stream *s)
{
	for (size_t i = 0; i < s->batches; i++) {
		free(s->batch[i].access);
		bel_events_release(&s->batch[i].events);
	}
	free(s->batch);
	memset(s, 0, sizeof(*s));
}
