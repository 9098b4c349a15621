/* SPDX-License-Identifier: MIT */
/*
 * prop_stacks.c: call stacks of captures, on random streams of tokens. A simple model notes the stack
 * at each reference. A list of the last K distinct pages tells which references are far: these have
 * the model's stack in the trace. So have those that renew near pages, in half of the captures. All
 * this holds for pages four times as large, too. Without the tokens of call stacks, the same stream makes the
 * same runs.
 */
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "random_trace.h"
#include "token_log.h"

enum {
	BLOCKS = 24,
	PLACES = 12,
	DEPTH = 20,
	REFERENCES = 60000,
	BITS = 12,
	GRANULES = 1 << 13,
	MOST_STACK = 4 * (DEPTH + 2),
};

/* A stream, as it is made with and without call stacks. */
struct stream {
	uint8_t data[1 << 19];
	size_t size;
};

static struct stream with, without;

/* What the model knows of each reference. */
static struct {
	uint64_t granule;
	char stack[MOST_STACK]; /* "3,5,2": places, the last is the block's */
} model[REFERENCES];
static size_t references;

static unsigned frames[DEPTH], depth;

struct block {
	unsigned place, fetches, loads;
	uint64_t code;
	uint64_t entry_place[8]; /* the granules of its loads when it was defined last */
	bool defined;
};
static struct block block[BLOCKS];

static void byte(unsigned value, bool plain)
{
	with.data[with.size++] = (uint8_t)value;
	if (plain)
		without.data[without.size++] = (uint8_t)value;
}

static void number(uint64_t value, bool plain)
{
	for (; value >= 0x80; value >>= 7)
		byte((unsigned)value | 0x80, plain);
	byte((unsigned)value, plain);
}

static uint64_t zigzag(uint64_t by)
{
	return by << 1 ^ (uint64_t)((int64_t)by >> 63);
}

static void text(const char *words, bool plain)
{
	number(strlen(words), plain);
	for (; *words; words++)
		byte((uint8_t)*words, plain);
}

static void head(void)
{
	static const char magic[] = BEL_TOKEN_MAGIC;

	for (int i = 0; i < BEL_TOKEN_MAGIC_BYTES; i++)
		byte((uint8_t)magic[i], true);
	byte(BEL_TOKEN_VERSION, true);
	byte(BITS, true);
	with.data[with.size++] = BEL_TOKEN_STACKS;
	without.data[without.size++] = 0;
	number(7, true);
	number(64, true);
	text("3.19", true);
	text("p", true);
}

static void describe_all(struct bel_rng *rng, uint64_t span)
{
	uint64_t last = 0;
	char words[32];

	for (unsigned i = 1; i <= PLACES; i++) {
		byte(BEL_TOKEN_PLACE, false);
		number(i, false);
		number(0x1000 + i, false);
		snprintf(words, sizeof(words), "f%u\t\t", i);
		text(words, false);
	}
	for (unsigned i = 0; i < BLOCKS; i++) {
		struct block *const b = &block[i];

		*b = (struct block){.place = 1 + (unsigned)bel_rng_below(rng, PLACES),
			.fetches = 1 + (unsigned)bel_rng_below(rng, 4),
			.loads = (unsigned)bel_rng_below(rng, 5),
			.code = 1000 + bel_rng_below(rng, span)};
		byte(BEL_TOKEN_BLOCK, true);
		number(i, true);
		number(b->place, false);
		number(1 + b->loads, true);
		number(BEL_TOKEN_FETCH | b->fetches << 3, true);
		number(zigzag(b->code - last), true);
		last = b->code;
		for (unsigned k = 0; k < b->loads; k++)
			number(BEL_TOKEN_LOAD | 8 << 3, true);
	}
}

static void note(uint64_t granule, unsigned place)
{
	char *to = model[references].stack;

	model[references].granule = granule;
	for (unsigned i = 0; i < depth; i++)
		to += sprintf(to, "%u,", frames[i]);
	sprintf(to, "%u", place);
	references++;
}

/* Each block has one cache entry, its number. */
static void execute(struct bel_rng *rng, uint64_t span)
{
	static uint64_t last_operand;
	const unsigned i = (unsigned)bel_rng_below(rng, BLOCKS);
	struct block *const b = &block[i];

	if (references == 0)
		last_operand = 0;
	if (b->defined && bel_rng_below(rng, 4)) {
		byte(i << 1, true);
		byte(0, true);
	} else {
		b->defined = true;
		byte(BEL_TOKEN_CACHE_BLOCK, true);
		number(i, true);
		number(i, true);
		for (unsigned k = 0; k < b->loads; k++) {
			const unsigned further = bel_rng_below(rng, 6) == 0;
			const uint64_t granule = 5000 + bel_rng_below(rng, span);

			b->entry_place[k] = granule << 4 | further;
			number(zigzag(b->entry_place[k] - last_operand) + 1, true);
			last_operand = b->entry_place[k];
		}
	}
	for (unsigned k = 0; k < b->fetches; k++)
		note(b->code, b->place);
	for (unsigned k = 0; k < b->loads; k++) {
		note(b->entry_place[k] >> 4, b->place);
		if (b->entry_place[k] & 1)
			note((b->entry_place[k] >> 4) + 1, b->place);
	}
}

static void make(struct bel_rng *rng)
{
	const uint64_t span = 2 + bel_rng_below(rng, 40);
	const size_t wanted = 200 + bel_rng_below(rng, 4000);

	with.size = without.size = references = depth = 0;
	head();
	describe_all(rng, span);
	while (references < wanted) {
		const uint64_t what = bel_rng_below(rng, 20);

		if (what < 3 && depth < DEPTH) {
			frames[depth] = 1 + (unsigned)bel_rng_below(rng, PLACES);
			byte(BEL_TOKEN_ENTER, false);
			/* As pagegrind writes it: always three bytes. */
			byte(frames[depth++] | 0x80, false);
			byte(0x80, false);
			byte(0, false);
		} else if (what < 5 && depth > 0) {
			depth--;
			byte(BEL_TOKEN_RETURN, false);
		} else if (what == 5 && depth > 2) {
			const unsigned n = 1 + (unsigned)bel_rng_below(rng, depth);

			depth -= n;
			byte(BEL_TOKEN_RETURNS, false);
			number(n, false);
		} else if (what == 6 && bel_rng_below(rng, 8) == 0) {
			byte(BEL_TOKEN_THREAD, true);
			number(1 + bel_rng_below(rng, 3), true);
			depth = 0;
		} else {
			execute(rng, span);
		}
	}
}

/* Which references have a stack, by a list of pages that is searched one by one. */
struct recency {
	uint64_t near[64];
	unsigned count;
	size_t now, last_far, last[GRANULES]; /* times of references; 0: none */
};

/* What is made of a stream. */
struct result {
	struct bel_run_builder builder;
	struct bel_run run[2 * REFERENCES];
	size_t runs;
	struct bel_expander expander;

	/* With call stacks. */
	char node[REFERENCES][MOST_STACK];
	uint32_t nodes, stack;
	struct recency page, larger;
	unsigned most;
	bool renewed;
	size_t now, far, renewals;
	const char *wrong;
};

static struct result first, second;

/* 'f': the page is far; 'r': the reference renews it; 'n': neither. */
static char takes(struct recency *r, uint64_t page, unsigned most)
{
	const size_t before = r->last[page];
	unsigned at = 0;
	bool far;

	while (at < r->count && r->near[at] != page)
		at++;
	far = at == r->count;
	if (far && r->count < most)
		r->count++;
	else if (far)
		at--;
	for (; at > 0; at--)
		r->near[at] = r->near[at - 1];
	r->near[0] = page;
	r->last[page] = ++r->now;
	if (far)
		r->last_far = r->now;
	return far ? 'f' : r->last_far > before ? 'r' : 'n';
}

static void take_event(struct result *r, const struct bel_event *event)
{
	const char *const parent = event->offset ? r->node[event->offset] : "";

	if (event->type == BEL_EVENT_STACK)
		r->stack = (uint32_t)event->value;
	if (event->type == BEL_EVENT_STACK && event->value > r->nodes)
		r->wrong = "a stack comes before its node";
	if (event->type != BEL_EVENT_FRAME)
		return;
	if (event->value != ++r->nodes || event->offset >= event->value ||
		event->start != 0x1000 + strtoull(event->name + 1, NULL, 10))
		r->wrong = "a node is out of order, or has another address";
	else if (snprintf(r->node[r->nodes], MOST_STACK, "%s%s%llu", parent, *parent ? "," : "",
			 strtoull(event->name + 1, NULL, 10)) >= MOST_STACK)
		r->wrong = "a stack is longer than any that was made";
}

static void take_run(struct result *r, struct bel_run run)
{
	const uint64_t granule = r->builder.map.granule[run.page].number;

	r->run[r->runs++] = run;
	if (granule != model[r->now].granule)
		r->wrong = "a run is of another page than in the model";
	if (r->most) {
		const char what = takes(&r->page, granule, r->most);
		const char larger = takes(&r->larger, granule / 4, r->most);

		r->far += what == 'f';
		r->renewals += what == 'r';
		if ((what == 'f' || larger == 'f' ||
			    (r->renewed && (what == 'r' || larger == 'r'))) &&
			strcmp(r->stack ? r->node[r->stack] : "", model[r->now].stack) != 0)
			r->wrong = "a far or renewed page has another stack than in the model";
	}
	r->now += bel_run_count(run);
}

static int take(void *context, void *log_context, bool all, struct bel_err *err)
{
	struct result *const r = context;
	struct bel_phrase_block given;
	struct bel_run *run;
	size_t next = 0;

	(void)log_context;
	if (!all && !bel_run_builder_full(&r->builder))
		return 0;
	bel_run_builder_give(&r->builder, all, &given);
	run = test_alloc(given.all.count + 1, sizeof(*run));
	if (bel_phrases_expand(&r->expander, &given, run, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i <= given.all.count; i++) {
		for (; next < given.all.event_count && given.all.events[next].at <= i; next++)
			take_event(r, &given.all.events[next]);
		if (i < given.all.count)
			take_run(r, run[i]);
	}
	if (next < given.all.event_count)
		r->wrong = "an event stands behind its block";
	free(run);
	bel_run_builder_taken(&r->builder);
	return 0;
}

/* Reads a stream in random pieces. */
static const char *read_stream(struct result *r, const struct stream *s, unsigned near_pages,
	bool renewed, size_t most_runs, struct bel_rng *rng)
{
	uint32_t spaces = 0;
	struct bel_accesses batch = {.count = 0};
	struct bel_call_tree calls;
	struct bel_token_join join = {.granule_bits = BITS,
		.spaces = &spaces,
		.builder = &r->builder,
		.batch = &batch,
		.calls = near_pages ? &calls : NULL,
		.context = r,
		.take = take};
	struct bel_token_log *log;
	struct bel_err err = {0};
	size_t done = 0, have = 0;
	static char words[300];

	memset(r, 0, offsetof(struct result, run));
	memset(&r->page, 0, sizeof(r->page));
	memset(&r->larger, 0, sizeof(r->larger));
	r->runs = r->now = r->far = r->renewals = r->nodes = r->stack = 0;
	r->renewed = renewed;
	r->wrong = NULL;
	r->most = near_pages;
	if (bel_call_tree_init(&calls, near_pages, renewed, &err) < 0 ||
		bel_run_builder_init(&r->builder, &err) < 0)
		abort();
	r->builder.most = most_runs;
	log = bel_token_log_new(&join, r, &err);
	/* The reader may look at 16 bytes behind what it has. */
	while (log && !err.code && (done < s->size)) {
		size_t taken;

		have += 1 + bel_rng_below(rng, 2000);
		have = have < s->size ? have : s->size;
		if (bel_token_log_parse(log, s->data + done, have - done, &taken, &err) < 0)
			break;
		done += taken;
	}
	if (log && !err.code && bel_token_log_exit(log, 0, &err) == 0 && !r->wrong &&
		r->now != references)
		r->wrong = "references were lost";
	if (err.code) {
		snprintf(words, sizeof(words), "%.250s", err.text);
		r->wrong = words;
	}
	bel_token_log_free(log);
	bel_run_builder_release(&r->builder);
	bel_call_tree_release(&calls);
	bel_expander_release(&r->expander);
	return r->wrong;
}

int main(int argc, char **argv)
{
	struct prop p;
	size_t renewals = 0;

	prop_start(&p, argc, argv, 400, 10000);
	while (prop_round(&p)) {
		const unsigned near_pages = 1 + (unsigned)bel_rng_below(&p.rng, 24);
		const size_t most = bel_rng_below(&p.rng, 2) ? 450000 : 50;
		const bool renewed = bel_rng_below(&p.rng, 2);
		const char *wrong;

		make(&p.rng);
		wrong = read_stream(&first, &with, near_pages, renewed, most, &p.rng);
		if (!wrong)
			wrong = read_stream(&second, &without, 0, false, most, &p.rng);
		if (!wrong && (first.runs != second.runs ||
				      memcmp(first.run, second.run,
					      first.runs * sizeof(*first.run)) != 0))
			wrong = "call stacks change the runs";
		if (!wrong && first.far == 0)
			wrong = "no page was far";
		renewals += first.renewals;
		if (wrong) {
			printf("%s\n", wrong);
			return prop_failed(&p);
		}
	}
	if (renewals == 0) {
		puts("no reference renewed a page");
		return prop_failed(&p);
	}
	return prop_passed(&p);
}
