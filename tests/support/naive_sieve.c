/* SPDX-License-Identifier: MIT */
/*
 * naive_sieve.c: SIEVE, from the paper's description: a queue with new objects at its head, a hand
 * that goes from tail to head and starts again at the tail, a visited bit.
 *
 * Here the queue is an array with the tail at index 0, and removal moves the rest down.
 * The hand is an index; one that points past the head stands for the tail once it is
 * needed, even if objects were inserted since.
 */
#include "naive_sieve.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAGES = 1024 };

struct object {
	uint64_t page;
	bool visited, dirty;
};

struct naive_sieve {
	uint64_t frames;
	struct object queue[PAGES]; /* tail first */
	size_t length, hand;
	bool at_tail; /* the hand went past the head: it is at the tail, wherever that is */
	bool seen[PAGES];
	struct naive_counts counts;
};

struct naive_sieve *naive_sieve_new(uint64_t frames)
{
	struct naive_sieve *n = calloc(1, sizeof(*n));

	if (!n) {
		fprintf(stderr, "naive_sieve: out of memory\n");
		exit(3);
	}
	n->frames = frames;
	n->at_tail = true;
	return n;
}

/* Objects from the hand on move down one; the hand then stands at the next one. */
static void take_out(struct naive_sieve *n, size_t index)
{
	n->counts.dirty -= n->queue[index].dirty;
	n->counts.resident--;
	n->length--;
	for (size_t i = index; i < n->length; i++)
		n->queue[i] = n->queue[i + 1];
	if (!n->at_tail && n->hand > index)
		n->hand--;
	if (!n->at_tail && n->hand == n->length)
		n->at_tail = true;
}

static void evict(struct naive_sieve *n)
{
	size_t at = n->at_tail ? 0 : n->hand;

	while (n->queue[at].visited) {
		n->queue[at].visited = false;
		at = (at + 1) % n->length;
	}
	n->counts.evictions++;
	n->counts.writebacks += n->queue[at].dirty;
	n->at_tail = false;
	n->hand = at;
	take_out(n, at);
}

static struct object *find(struct naive_sieve *n, uint64_t page)
{
	for (size_t i = 0; i < n->length; i++)
		if (n->queue[i].page == page)
			return &n->queue[i];
	return NULL;
}

void naive_sieve_refer(struct naive_sieve *n, uint64_t page, bool write)
{
	struct object *object = find(n, page);

	if (object) {
		object->visited = true;
	} else {
		if (n->length == n->frames)
			evict(n);
		object = &n->queue[n->length++];
		*object = (struct object){.page = page};
		n->counts.faults++;
		n->counts.compulsory += !n->seen[page];
		n->seen[page] = true;
		n->counts.resident++;
	}
	n->counts.dirty += write && !object->dirty;
	object->dirty |= write;
	n->counts.references++;
	n->counts.page_time += n->counts.resident;
	if (n->counts.resident > n->counts.peak)
		n->counts.peak = n->counts.resident;
}

void naive_sieve_drop(struct naive_sieve *n, uint64_t page)
{
	const struct object *object = find(n, page);

	if (object) {
		n->counts.drops++;
		take_out(n, (size_t)(object - n->queue));
	}
}

const struct naive_counts *naive_sieve_now(const struct naive_sieve *n)
{
	return &n->counts;
}

void naive_sieve_free(struct naive_sieve *n)
{
	free(n);
}

struct naive_counts naive_sieve_run(uint64_t frames, const struct naive_ref *refs, size_t count)
{
	struct naive_sieve *n = naive_sieve_new(frames);
	struct naive_counts counts;

	for (size_t i = 0; i < count; i++)
		naive_sieve_refer(n, refs[i].page, refs[i].write);
	counts = n->counts;
	naive_sieve_free(n);
	return counts;
}
