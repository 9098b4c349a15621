/* SPDX-License-Identifier: MIT */
/*
 * random_trace.c: reference strings drawn from several models of locality.
 *
 * Each character is a function from time to a page below `pages`. Bursts (the same page again),
 * noise (any page) and writes are added. Their shares, from 0 to 1, are drawn once per trace.
 */
#include "random_trace.h"

#include <stdlib.h>
#include <string.h>

enum character { UNIFORM, SKEWED, LOOP, PHASES, WANDERING, SCAN_AND_HOT, CHARACTERS };

static const char *const character_name[] = {
	"uniform", "skewed", "loop", "phases", "wandering", "scan and hot pages"};

struct model {
	enum character character;
	uint64_t pages;
	uint64_t span;   /* loop length, phase width, hot pages */
	uint64_t period; /* references per phase */
	double burst, noise, writes;
	uint64_t base, scan, previous;
};

void *test_alloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);

	if (!memory) {
		fprintf(stderr, "test: out of memory\n");
		exit(3);
	}
	return memory;
}

/* Often 0 or 1, since mistakes are most likely at the extremes. */
static double draw_share(struct bel_rng *rng)
{
	static const double share[] = {0, 0, 0.05, 0.3, 0.6, 0.9, 1};

	return share[bel_rng_below(rng, sizeof(share) / sizeof(*share))];
}

static void draw_model(struct model *m, struct bel_rng *rng)
{
	memset(m, 0, sizeof(*m));
	m->character = bel_rng_below(rng, CHARACTERS);
	m->pages = 1 + bel_rng_below(rng, 40);
	m->span = 1 + bel_rng_below(rng, m->pages);
	m->period = 1 + bel_rng_below(rng, 200);
	m->burst = bel_rng_below(rng, 2) ? draw_share(rng) * 0.95 : 0;
	m->noise = bel_rng_below(rng, 2) ? draw_share(rng) * 0.2 : 0;
	m->writes = draw_share(rng);
}

static uint64_t draw_page(struct model *m, uint64_t time, struct bel_rng *rng)
{
	double u = bel_rng_real(rng);

	if (time && u < m->burst)
		return m->previous;
	if (bel_rng_real(rng) < m->noise)
		return bel_rng_below(rng, m->pages);
	switch (m->character) {
	case SKEWED: /* u to the fourth: low pages are hot */
		u = bel_rng_real(rng);
		return (uint64_t)(u * u * u * u * m->pages);
	case LOOP:
		return m->scan++ % m->span;
	case PHASES:
		if (time % m->period == 0)
			m->base = bel_rng_below(rng, m->pages);
		return (m->base + bel_rng_below(rng, m->span)) % m->pages;
	case WANDERING: /* to a neighbour */
		return (m->previous + m->pages + bel_rng_below(rng, 3) - 1) % m->pages;
	case SCAN_AND_HOT:
		if (bel_rng_below(rng, 2))
			return bel_rng_below(rng, m->span);
		return m->scan++ % m->pages;
	default:
		return bel_rng_below(rng, m->pages);
	}
}

void random_trace_make(struct random_trace *t, struct bel_rng *rng, size_t least, size_t most)
{
	struct model m;

	draw_model(&m, rng);
	t->count = least + bel_rng_below(rng, bel_rng_below(rng, most - least + 1) + 1);
	t->character = character_name[m.character];
	t->ref = test_alloc(t->count, sizeof(*t->ref));
	for (size_t i = 0; i < t->count; i++) {
		m.previous = draw_page(&m, i, rng);
		t->ref[i].page = m.previous;
		t->ref[i].write = bel_rng_real(rng) < m.writes;
	}
	random_trace_renumber(t);
}

void random_trace_release(struct random_trace *t)
{
	free(t->ref);
	memset(t, 0, sizeof(*t));
}

void random_trace_renumber(struct random_trace *t)
{
	uint64_t known[64];

	t->pages = 0;
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = 0;

		while (p < t->pages && known[p] != t->ref[i].page)
			p++;
		if (p == t->pages)
			known[t->pages++] = t->ref[i].page;
		t->ref[i].page = p;
	}
}

/* A write is data. A read is a load or, every third time, a fetch. */
static uint32_t flags_of(const struct naive_ref *ref, size_t i)
{
	if (ref->write)
		return BEL_RUN_DATA | BEL_RUN_WRITE;
	return i % 3 ? BEL_RUN_DATA : BEL_RUN_FETCH;
}

void random_trace_fold(
	const struct random_trace *t, enum folding folding, uint64_t seed, struct run_list *list)
{
	struct bel_rng cuts;
	uint64_t next_of[64];
	size_t n = 0;

	bel_rng_seed(&cuts, seed);
	list->run = test_alloc(t->count, sizeof(*list->run));
	list->at = test_alloc(t->count, sizeof(*list->at));
	list->next = test_alloc(t->count, sizeof(*list->next));
	for (size_t i = 0; i < t->count; i++) {
		struct bel_run one = bel_run_make(t->ref[i].page, 1, flags_of(&t->ref[i], i));

		if (n && list->run[n - 1].page == one.page && folding != UNFOLDED &&
			(folding == FOLDED || bel_rng_below(&cuts, 4))) {
			uint32_t flags = (list->run[n - 1].info | one.info) & BEL_RUN_FLAGS;

			list->run[n - 1] =
				bel_run_make(one.page, bel_run_count(list->run[n - 1]) + 1, flags);
			continue;
		}
		list->at[n] = i;
		list->run[n++] = one;
	}
	list->count = n;
	for (uint32_t p = 0; p < t->pages; p++)
		next_of[p] = UINT64_MAX;
	while (n--) {
		list->next[n] = next_of[list->run[n].page];
		next_of[list->run[n].page] = list->at[n];
	}
}

void run_list_release(struct run_list *list)
{
	free(list->run);
	free(list->at);
	free(list->next);
	memset(list, 0, sizeof(*list));
}

void random_trace_print(const struct random_trace *t, FILE *stream)
{
	for (size_t i = 0; i < t->count; i++)
		fprintf(stream, "%s%llu%s", i ? " " : "", (unsigned long long)t->ref[i].page,
			t->ref[i].write ? "w" : "");
	fputc('\n', stream);
}

void random_trace_shrink(struct random_trace *t,
	bool (*fails)(void *context, const struct random_trace *t), void *context)
{
	struct random_trace less = *t;
	int tries = 4000;

	less.ref = test_alloc(t->count, sizeof(*less.ref));
	for (size_t piece = t->count; piece && tries > 0; piece /= 2) {
		for (size_t from = 0; from < t->count && tries--;) {
			size_t to = from + piece < t->count ? from + piece : t->count;

			memcpy(less.ref, t->ref, from * sizeof(*less.ref));
			memcpy(less.ref + from, t->ref + to, (t->count - to) * sizeof(*less.ref));
			less.count = t->count - (to - from);
			random_trace_renumber(&less);
			if (!fails(context, &less)) {
				from = to;
				continue;
			}
			memcpy(t->ref, less.ref, less.count * sizeof(*less.ref));
			t->count = less.count;
			t->pages = less.pages;
		}
	}
	free(less.ref);
	fails(context, t);
}
