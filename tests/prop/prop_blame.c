/* SPDX-License-Identifier: MIT */
/*
 * prop_blame.c: counts by mark, thread, call stack and page are those of a list-scanning simulator
 * whose counts are put down to the reference that changes them, on random traces with events; and
 * so is regret. Their sums are the simulator's counts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blame.h"
#include "naive.h"
#include "prop.h"
#include "random_trace.h"

enum { THREADS = 3, MARKS = 3, NODES = 4, MOST = 800, TAU = 7 };

/* What the events before a run say. */
struct context {
	unsigned mark, thread, node; /* thread 0, mark 0: none yet; node 0: not known */
};

/* The input of a pass: the runs of a trace in chunks, with events. */
struct feed {
	const struct run_list *runs;
	struct bel_granule granule[64];
	uint32_t pages;
	size_t done;
	struct context *context; /* of each run */
	struct context now;
	struct bel_events events;
	bool began;
	struct bel_rng rng;
};

static void add_event(struct feed *feed, struct bel_event event, size_t at)
{
	struct bel_err err;

	event.at = at;
	if (bel_events_add(&feed->events, &event, &err) < 0)
		abort();
}

/* The nodes: 1 main, 2 main;f, 3 main;f;g, 4 main;g. */
static void begin(struct feed *feed)
{
	static const struct bel_event frames[NODES] = {
		{.type = BEL_EVENT_FRAME, .value = 1, .name = "main\tm.c:1\tprog"},
		{.type = BEL_EVENT_FRAME, .value = 2, .offset = 1, .name = "f\tm.c:2\tprog"},
		{.type = BEL_EVENT_FRAME, .value = 3, .offset = 2, .name = "g\tm.c:3\tprog"},
		{.type = BEL_EVENT_FRAME, .value = 4, .offset = 1, .name = "g\tm.c:4\tprog"},
	};

	for (int i = 0; !feed->began && i < NODES; i++)
		add_event(feed, frames[i], 0);
	feed->began = true;
}

static void draw_events(struct feed *feed, size_t at)
{
	static const char *const marks[MARKS + 1] = {"", "m1", "m2", "m3"};
	struct context *const now = &feed->now;

	if (!bel_rng_below(&feed->rng, 9)) {
		now->thread = 1 + (unsigned)bel_rng_below(&feed->rng, THREADS);
		add_event(feed, (struct bel_event){.type = BEL_EVENT_THREAD, .value = now->thread},
			at);
	}
	if (!bel_rng_below(&feed->rng, 30)) {
		now->mark = 1 + (unsigned)bel_rng_below(&feed->rng, MARKS);
		add_event(feed,
			(struct bel_event){.type = BEL_EVENT_MARK, .name = marks[now->mark]}, at);
	}
	if (!bel_rng_below(&feed->rng, 3)) {
		now->node = (unsigned)bel_rng_below(&feed->rng, NODES + 1);
		add_event(
			feed, (struct bel_event){.type = BEL_EVENT_STACK, .value = now->node}, at);
	}
}

static int next_chunk(void *self, struct bel_chunk *chunk, struct bel_err *err)
{
	struct feed *const feed = self;
	const size_t left = feed->runs->count - feed->done;
	const size_t want = 1 + bel_rng_below(&feed->rng, 60);

	(void)err;
	*chunk = (struct bel_chunk){
		.runs = feed->runs->run + feed->done, .count = want < left ? want : left};
	bel_events_clear(&feed->events);
	begin(feed);
	for (size_t i = 0; i < chunk->count; i++) {
		draw_events(feed, i);
		feed->context[feed->done + i] = feed->now;
		chunk->references += bel_run_count(chunk->runs[i]);
		if (chunk->runs[i].page >= feed->pages)
			feed->pages = chunk->runs[i].page + 1;
	}
	chunk->events = feed->events.event;
	chunk->event_count = feed->events.count;
	feed->done += chunk->count;
	return chunk->count > 0;
}

static struct bel_granules pages_so_far(const void *self)
{
	const struct feed *const feed = self;

	return (struct bel_granules){feed->granule, feed->pages};
}

static double unknown(const void *self)
{
	(void)self;
	return -1;
}

/* ---- the model: an array of keys, scanned ---- */

struct entry {
	char key[200];
	struct bel_blame_row want;
};

struct model {
	struct entry entry[MOST];
	size_t count;
	bool by_page; /* the page is a part of the key */
};

/* Which references have stacks, and what a key has. */
struct stacked {
	unsigned near;
	bool renewed;
	bool by_page; /* the page is a part of it */
};

/* Whether the page of reference i is among the last `near` distinct pages before it. */
static bool is_near(const struct random_trace *t, size_t i, unsigned near)
{
	bool seen[64] = {false};
	unsigned distinct = 0;

	for (size_t k = i; k-- > 0 && distinct < near;) {
		if (t->ref[k].page == t->ref[i].page)
			return true;
		distinct += !seen[t->ref[k].page];
		seen[t->ref[k].page] = true;
	}
	return false;
}

/* Whether reference i has no stack. */
static bool is_bare(const struct random_trace *t, size_t i, struct stacked how)
{
	if (!is_near(t, i, how.near))
		return false;
	for (size_t k = i; how.renewed && t->ref[--k].page != t->ref[i].page;)
		if (!is_near(t, k, how.near))
			return false;
	return true;
}

static struct bel_blame_row *entry_of(
	struct model *m, const struct context *context, bool near, uint64_t page)
{
	static const char *const stacks[NODES + 1] = {
		"(stack not known)", "main", "main;f", "main;f;g", "main;g"};
	char key[200], thread[40] = "(not known)", mark[40] = "(before the first mark)";
	char of[40] = "";

	if (context->thread)
		snprintf(thread, sizeof(thread), "%u", context->thread);
	if (context->mark)
		snprintf(mark, sizeof(mark), "m%u", context->mark);
	if (m->by_page)
		snprintf(of, sizeof(of), "|0x%" PRIx64 " of space 0", page << 12);
	snprintf(key, sizeof(key), "|%s|%s of space 0|%s%s",
		near ? "(near page, stack not recorded)" : stacks[context->node], thread, mark, of);
	for (size_t i = 0; i < m->count; i++)
		if (!strcmp(m->entry[i].key, key))
			return &m->entry[i].want;
	if (m->count == MOST)
		abort();
	strcpy(m->entry[m->count].key, key);
	return &m->entry[m->count++].want;
}

/* Counts one simulator; of OPT, only its faults. */
static void count(struct model *m, const struct random_trace *t, const struct feed *feed,
	struct stacked how, const struct naive_setup *setup, bool opt)
{
	struct naive *const n = naive_new(setup, t->ref, t->count);
	struct naive_counts before = {0};
	size_t run = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct naive_counts *const after = naive_now(n);
		struct bel_blame_row *to;
		size_t first;

		while (run + 1 < feed->runs->count && feed->runs->at[run + 1] <= i)
			run++;
		first = feed->runs->at[run];
		to = entry_of(m, &feed->context[run], is_bare(t, first, how), t->ref[i].page);
		before = *after;
		naive_step(n);
		if (opt) {
			to->opt_faults += after->faults - before.faults;
			continue;
		}
		to->references++;
		to->faults += after->faults - before.faults;
		to->compulsory += after->compulsory - before.compulsory;
		to->evictions += after->evictions - before.evictions;
		to->writebacks += after->writebacks - before.writebacks;
	}
	naive_free(n);
}

static const struct bel_blame_row *row_of(const struct bel_blame_table *table, const char *key)
{
	for (uint32_t i = 0; i < table->rows; i++) {
		const struct bel_blame_row *const row = &table->row[i];
		char text[200] = "";

		for (unsigned part = 0; part < table->by.count; part++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "|%s",
				bel_blame_row_part(table, row, part));
		if (!strcmp(text, key))
			return row;
	}
	return NULL;
}

static bool agrees(const struct bel_blame_table *table, const struct model *m)
{
	if (table->rows != m->count) {
		printf("%u keys, by the model %zu\n", table->rows, m->count);
		return false;
	}
	for (size_t i = 0; i < m->count; i++) {
		const struct bel_blame_row *const got = row_of(table, m->entry[i].key);
		const struct bel_blame_row *const want = &m->entry[i].want;

		if (got && got->references == want->references && got->faults == want->faults &&
			got->compulsory == want->compulsory && got->evictions == want->evictions &&
			got->writebacks == want->writebacks &&
			(!table->has_opt || got->opt_faults == want->opt_faults))
			continue;
		printf("%s: %" PRIu64 " faults, OPT %" PRIu64 ", %" PRIu64
		       " evictions; by the model %" PRIu64 ", %" PRIu64 ", %" PRIu64 "\n",
			m->entry[i].key, got ? got->faults : 0, got ? got->opt_faults : 0,
			got ? got->evictions : 0, want->faults, want->opt_faults, want->evictions);
		return false;
	}
	/* An evicted page that is referenced again faults again, and so for each such fault. */
	if (table->sum.needed == table->sum.faults - table->sum.compulsory)
		return true;
	printf("%" PRIu64 " evicted pages were needed, but %" PRIu64 " faults are not the first\n",
		table->sum.needed, table->sum.faults - table->sum.compulsory);
	return false;
}

static bool run_is_right(const struct bel_blame *blame, size_t index, const struct feed *feed,
	const struct random_trace *t, struct stacked how)
{
	static const struct {
		const char *name;
		struct naive_setup setup;
	} policies[] = {
		{"fifo", {.policy = NAIVE_FIFO}},
		{"lru", {.policy = NAIVE_LRU}},
		{"opt", {.policy = NAIVE_OPT}},
		{"clock", {.policy = NAIVE_CLOCK}},
		{"ws", {.policy = NAIVE_WS, .tau = TAU}},
	};
	const struct bel_blame_run *const run = bel_blame_at(blame, index);
	struct naive_setup setup = {.policy = NAIVE_OPT, .frames = run->frames};
	struct bel_blame_table table = {.rows = 0};
	struct model *const m = test_alloc(1, sizeof(*m));
	struct bel_err err = {.text = ""};
	bool right;

	m->by_page = how.by_page;
	if (run->frames)
		count(m, t, feed, how, &setup, true);
	for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++)
		if (!strcmp(policies[i].name, run->spec->policy->name))
			setup = policies[i].setup;
	setup.frames = run->frames;
	count(m, t, feed, how, &setup, false);
	right = !run->err.code &&
		bel_blame_fill(blame, index, pages_so_far(feed), &table, &err) == 0 &&
		agrees(&table, m);
	if (!right)
		printf("%s, %" PRIu64 " frames %s%s\n", run->spec->policy->name, run->frames,
			run->err.text, err.text);
	bel_blame_table_release(&table);
	free(m);
	return right;
}

/* Keys with the page or without; one run, which also counts the references, or many. */
static void vary(struct bel_rng *rng, struct bel_blame_setup *setup, bool by_page)
{
	static const char *const frames[] = {"1", "2", "3", "7", "20"};
	struct bel_err err;

	if (bel_blame_by_parse(
		    by_page ? "stack,thread,mark,page" : "stack,thread,mark", &setup->by, &err) < 0)
		abort();
	if (bel_rng_below(rng, 2))
		return;
	setup->specs += bel_rng_below(rng, setup->spec_count);
	setup->spec_count = 1;
	setup->frames = frames[bel_rng_below(rng, sizeof(frames) / sizeof(*frames))];
}

static bool holds(struct prop *p, struct bel_blame_setup setup)
{
	const struct stacked how = {1 + (unsigned)bel_rng_below(&p->rng, 6),
		bel_rng_below(&p->rng, 2), bel_rng_below(&p->rng, 2)};
	const struct bel_trace_info info = {.granule_bits = 12,
		.near_pages = how.near,
		.near_bits = 12,
		.near_renewed = how.renewed};
	struct random_trace t;
	struct run_list runs;
	struct feed feed = {.runs = &runs};
	const struct bel_pass_input input = {.next = next_chunk,
		.pages = pages_so_far,
		.fraction = unknown,
		.self = &feed,
		.page_bits = 12};
	struct bel_err err = {.text = ""};
	struct bel_blame *blame;
	bool right;

	random_trace_make(&t, &p->rng, 1, 400);
	random_trace_fold(&t, bel_rng_below(&p->rng, FOLDINGS), bel_rng_next(&p->rng), &runs);
	feed.context = test_alloc(runs.count, sizeof(*feed.context));
	bel_rng_seed(&feed.rng, bel_rng_next(&p->rng));
	for (uint32_t i = 0; i < 64; i++)
		feed.granule[i].number = i;
	setup.pass.threads = bel_rng_below(&p->rng, 2) ? 3 : 1;
	vary(&p->rng, &setup, how.by_page);
	blame = bel_blame_new(&setup, &err);
	right = blame && bel_blame_input(blame, &input, &info, 0, &err) == 0;
	for (size_t i = 0; right && bel_blame_at(blame, i); i++)
		right = run_is_right(blame, i, &feed, &t, how);
	if (!right) {
		printf("K = %u, renewed: %d, by %s %s\n", how.near, how.renewed, setup.by.text,
			err.text);
		random_trace_print(&t, stdout);
	}
	bel_blame_free(blame);
	bel_events_release(&feed.events);
	free(feed.context);
	run_list_release(&runs);
	random_trace_release(&t);
	return right;
}

int main(int argc, char **argv)
{
	struct bel_blame_setup setup = {
		.frames = "1,2,3,7,20", .seed = 1, .pass = {.keep = {.memory = 1 << 20}}};
	struct bel_policy_spec *specs, *opt;
	struct bel_err err;
	struct prop p;
	size_t one;
	int status = -1;

	if (bel_specs_parse("fifo,lru,opt,clock,ws:tau=7", &specs, &setup.spec_count, &err) < 0 ||
		bel_specs_parse("opt", &opt, &one, &err) < 0) {
		printf("%s\n", err.text);
		return 2;
	}
	setup.specs = specs;
	setup.opt = opt;
	prop_start(&p, argc, argv, 150, 5000);
	while (status < 0 && prop_round(&p))
		if (!holds(&p, setup))
			status = prop_failed(&p);
	bel_specs_free(specs, setup.spec_count);
	bel_specs_free(opt, one);
	return status < 0 ? prop_passed(&p) : status;
}
