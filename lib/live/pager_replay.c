/* SPDX-License-Identifier: MIT */
/* pager_replay.c: touches the pages of a trace, and serves the traps. */
#include "pager_replay.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cpu_time.h"
#include "pager_contents.h"
#include "pager_memory.h"
#include "sim.h"

/* How a page is mapped. */
enum mapped { UNMAPPED, FOR_READING, FOR_WRITING };

#define AGAIN_MOST 1000 /* traps of one touch; more are an endless loop */

struct replay {
	const struct bel_pager_setup *setup;
	struct bel_pager_report *report;
	struct bel_pager_result *result;
	struct bel_pager_memory memory;
	struct bel_pager_contents contents;
	struct bel_sim *sim;
	bool clears;       /* the policy may clear accessed bits */
	uint8_t *mapped;   /* of each page: enum mapped */
	uint32_t *listed;  /* the pages that are mapped, in any order */
	uint32_t *list_at; /* of a page that is mapped: its index there */
	uint32_t listed_count;
	/* The run that is touched. */
	struct bel_run run;
	uint64_t now, next;
	bool fed;       /* the engine got it */
	unsigned again; /* traps of this run that the policy had no part in */
	/* References before it that did not trap; the engine did not get them yet. */
	uint32_t skipped, skipped_page;
};

static void fail(struct replay *r, const struct bel_err *err) __attribute__((noreturn));
static void fail(struct replay *r, const struct bel_err *err)
{
	r->report->err = *err;
	_exit(-BEL_FAIL);
}

static void check(struct replay *r, int result, const struct bel_err *err)
{
	if (result < 0)
		fail(r, err);
}

static uint8_t state_of(const struct replay *r, uint32_t page)
{
	uint32_t pages;

	return bel_sim_state(r->sim, &pages)[page];
}

static void note(struct replay *r, const char *what, uint32_t page)
{
	struct bel_err err;

	if (r->setup->list &&
		fprintf(r->setup->list, "%" PRIu64 " %s %" PRIu32 "\n", r->now, what, page) < 0)
		check(r, bel_fail_errno(&err, errno, "cannot write the list of faults"), &err);
}

static void set_mapped(struct replay *r, uint32_t page, enum mapped as)
{
	if (!r->mapped[page]) {
		r->list_at[page] = r->listed_count;
		r->listed[r->listed_count++] = page;
	}
	r->mapped[page] = (uint8_t)as;
}

static void set_unmapped(struct replay *r, uint32_t page)
{
	uint32_t last;

	if (!r->mapped[page])
		return;
	last = r->listed[r->listed_count - 1];
	r->listed[r->list_at[page]] = last;
	r->list_at[last] = r->list_at[page];
	r->listed_count--;
	r->mapped[page] = UNMAPPED;
}

static void unmap(struct replay *r, uint32_t page)
{
	struct bel_err err;

	check(r, r->memory.way->unmap(&r->memory, page, &err), &err);
	set_unmapped(r, page);
	r->result->unmaps++;
}

/* The page leaves its frame. */
static void page_out(struct replay *r, uint32_t page, bool dirty)
{
	void *const to = dirty ? bel_pager_contents_store(&r->contents, page) : NULL;
	struct bel_err err;

	check(r, r->memory.way->take(&r->memory, page, r->mapped[page], to, &err), &err);
	set_unmapped(r, page);
	r->result->evictions++;
	r->result->writebacks += dirty;
	note(r, dirty ? "dirty" : "clean", page);
}

/* The page gets a frame and is mapped. */
static void page_in(struct replay *r, uint32_t page, bool writable)
{
	const void *const from = bel_pager_contents_stored(&r->contents, page);
	struct bel_err err;

	check(r,
		r->memory.way->fill(
			&r->memory, page, from ? from : r->contents.zeros, writable, &err),
		&err);
	set_mapped(r, page, writable ? FOR_WRITING : FOR_READING);
	r->result->faults++;
	r->result->loads += from != NULL;
	r->result->zero_fills += !from;
	note(r, from ? "load" : "zero", page);
	check(r,
		bel_pager_contents_check(
			&r->contents, page, bel_pager_address(&r->memory, page), &err),
		&err);
}

static void map(struct replay *r, uint32_t page, bool writable)
{
	struct bel_err err;

	check(r, r->memory.way->map(&r->memory, page, r->mapped[page], writable, &err), &err);
	set_mapped(r, page, writable ? FOR_WRITING : FOR_READING);
}

/*
 * Gives the engine the references that did not trap, then the run. The former were to pages that
 * are mapped, so they change no bit, and any of these pages can stand for all of them.
 */
static void feed(struct replay *r)
{
	const struct bel_run runs[] = {
		bel_run_make(r->skipped_page, r->skipped, BEL_RUN_DATA), r->run};
	const uint64_t nexts[] = {0, r->next};
	const size_t from = !r->skipped;
	const struct bel_batch batch = {
		.runs = runs + from,
		.next = r->setup->spec->policy->caps & BEL_POLICY_FUTURE ? nexts + from : NULL,
		.count = 2 - from,
		.now = r->now - r->skipped,
	};
	const struct bel_victim *victims;
	struct bel_err err;
	uint32_t count;

	check(r, bel_sim_feed(r->sim, &batch, &err), &err);
	r->skipped = 0;
	r->fed = true;
	victims = bel_sim_victims(r->sim, &count);
	/* A page that bypasses memory is listed, too; it leaves after the touch. */
	for (uint32_t i = 0; i < count; i++)
		if (victims[i].page != r->run.page)
			page_out(r, victims[i].page, victims[i].state & BEL_PAGE_DIRTY);
}

/* Unmaps all pages whose bits the policy has cleared but the one that is touched. */
static void unmap_cleared(struct replay *r)
{
	for (uint32_t i = 0; r->clears && i < r->listed_count;) {
		const uint32_t page = r->listed[i];

		if (page == r->run.page || (state_of(r, page) & BEL_PAGE_ACCESSED))
			i++;
		else
			unmap(r, page); /* another page takes its place in the list */
	}
}

/* The kernel took a page out of the page table that we had mapped: the policy has no part in it. */
static void map_again(struct replay *r)
{
	const enum mapped as = r->mapped[r->run.page];
	struct bel_err err;

	if (++r->again > AGAIN_MOST)
		check(r, bel_fail(&err, "page %u traps although it is mapped", r->run.page), &err);
	set_unmapped(r, r->run.page);
	map(r, r->run.page, as == FOR_WRITING);
}

static void trap(void *host, uint32_t page)
{
	struct replay *const r = host;
	const bool writes = r->run.info & BEL_RUN_WRITE;
	const bool was_resident = state_of(r, page) & BEL_PAGE_RESIDENT;
	struct bel_err err;

	if (page != r->run.page)
		check(r,
			bel_fail(&err, "page %u trapped while page %u is touched", page,
				r->run.page),
			&err);
	if (r->mapped[page] > writes) {
		map_again(r);
		return;
	}
	r->result->traps++;
	feed(r);
	if (was_resident)
		map(r, page, state_of(r, page) & BEL_PAGE_DIRTY);
	else
		page_in(r, page, writes);
	unmap_cleared(r);
}

/* After the touches of a run that the engine got. */
static void settle(struct replay *r)
{
	const uint32_t page = r->run.page;
	const uint8_t state = state_of(r, page);

	if (!(state & BEL_PAGE_RESIDENT))
		page_out(r, page, r->run.info & BEL_RUN_WRITE);
	else if (r->setup->exact || !(state & BEL_PAGE_ACCESSED))
		unmap(r, page);
}

/* The engine does not get the run: no bit changes, and no tick() is due. */
static void skip(struct replay *r, uint32_t count)
{
	r->skipped += count;
	r->skipped_page = r->run.page;
}

/*
 * The touch that may trap. The handler, or the other thread, uses and changes *r meanwhile, which
 * the compiler does not know.
 */
static void touch(struct replay *r, volatile uint64_t *word)
{
	const bool writes = r->run.info & BEL_RUN_WRITE;
	const uint64_t value = writes ? bel_pager_contents_next(&r->contents, r->run.page) : 0;
	struct bel_err err;

	atomic_signal_fence(memory_order_seq_cst);
	if (writes)
		*word = value;
	else
		(void)*word;
	atomic_signal_fence(memory_order_seq_cst);
	check(r, bel_pager_contents_touched(&r->contents, r->run.page, (void *)word, writes, &err),
		&err);
}

static void touch_run(struct replay *r)
{
	volatile uint64_t *const word = (void *)bel_pager_address(&r->memory, r->run.page);
	const uint32_t count = bel_run_count(r->run);

	r->fed = false;
	r->again = 0;
	touch(r, word);
	if (!r->fed) {
		const bool due = bel_sim_next_tick(r->sim) < r->now + count;

		r->result->ticks += due;
		if (due || count > BEL_RUN_COUNT_MAX - r->skipped) {
			feed(r);
			unmap_cleared(r);
		}
	}
	for (uint32_t i = 1; i < count; i++)
		(void)*word;
	if (r->fed)
		settle(r);
	else
		skip(r, count);
}

/* References at the end that did not trap. */
static void feed_rest(struct replay *r)
{
	struct bel_err err;

	if (!r->skipped)
		return;
	r->run = bel_run_make(r->skipped_page, r->skipped, BEL_RUN_DATA);
	r->now -= r->skipped;
	r->skipped = 0;
	feed(r);
	r->now += bel_run_count(r->run);
	if (bel_sim_next_tick(r->sim) < r->now)
		check(r, bel_fail(&err, "a tick() was due among references that did not trap"),
			&err);
}

/* What the pager did must be what the engine counted. */
static void check_counts(struct replay *r)
{
	struct bel_pager_result *const result = r->result;
	struct bel_tally tally;
	struct bel_err err;

	bel_sim_tally(r->sim, &tally);
	result->resident = tally.resident;
	result->dirty = bel_sim_dirty(r->sim);
	if (tally.references != result->references || tally.faults != result->faults ||
		tally.evictions != result->evictions || tally.writebacks != result->writebacks)
		check(r,
			bel_fail(&err,
				"the pager counted %" PRIu64 " faults, %" PRIu64
				" evictions and %" PRIu64 " write-backs, the engine %" PRIu64
				", %" PRIu64 " and %" PRIu64,
				result->faults, result->evictions, result->writebacks, tally.faults,
				tally.evictions, tally.writebacks),
			&err);
}

static uint64_t cpu_ns(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return bel_cpu_ns(&use);
}

struct bel_sim *bel_pager_sim(const struct bel_pager_setup *setup, struct bel_err *err)
{
	const struct bel_sim_setup of = {
		.spec = setup->spec,
		.frames = setup->frames,
		.seed = setup->seed,
	};

	return bel_sim_new(&of, err);
}

static void open_all(struct replay *r)
{
	const struct bel_pager_setup *const setup = r->setup;
	struct bel_err err;

	r->clears = !setup->exact &&
		    ((setup->spec->policy->caps & BEL_POLICY_BITS) || setup->spec->plugin);
	r->sim = bel_pager_sim(setup, &err);
	check(r, r->sim ? 0 : BEL_FAIL, &err);
	check(r, bel_sim_reserve(r->sim, setup->pages, &err), &err);
	check(r, bel_sim_list_victims(r->sim, &err), &err);
	r->mapped = calloc(setup->pages, sizeof(*r->mapped));
	r->listed = calloc(setup->pages, sizeof(*r->listed));
	r->list_at = calloc(setup->pages, sizeof(*r->list_at));
	if (!r->mapped || !r->listed || !r->list_at)
		check(r, bel_err_memory(&err, "the pager"), &err);
	r->memory = (struct bel_pager_memory){
		.way = bel_pager_way(setup->backend),
		.page_bytes = (size_t)sysconf(_SC_PAGESIZE),
		.pages = setup->pages,
		.trap = trap,
		.host = r,
	};
	check(r,
		bel_pager_contents_open(
			&r->contents, setup->pages, r->memory.page_bytes, setup->verify, &err),
		&err);
	check(r, r->memory.way->open(&r->memory, &err), &err);
}

void bel_pager_replay(const struct bel_pager_setup *setup, struct bel_next_uses *trace,
	struct bel_pager_report *report)
{
	struct replay *const r = calloc(1, sizeof(*r));
	struct bel_batch batch;
	struct bel_err err;
	uint64_t started;
	int more;

	if (!r)
		_exit(-BEL_FAIL);
	r->setup = setup;
	r->report = report;
	r->result = &report->result;
	open_all(r);
	started = cpu_ns();
	bel_next_uses_rewind(trace);
	while ((more = bel_next_uses_read(trace, &batch, &err)) > 0) {
		for (size_t i = 0; i < batch.count; i++) {
			r->run = batch.runs[i];
			r->next = batch.next ? batch.next[i] : 0;
			report->reference = r->now;
			touch_run(r);
			r->now += bel_run_count(r->run);
		}
	}
	check(r, more, &err);
	r->result->cpu_ns = cpu_ns() - started;
	r->result->references = r->now;
	r->result->verified = r->contents.checked;
	feed_rest(r);
	check_counts(r);
	if (setup->list && fflush(setup->list) == EOF)
		check(r, bel_fail_errno(&err, errno, "cannot write the list of faults"), &err);
	report->done = true;
	_exit(0);
}
