/* SPDX-License-Identifier: MIT */
/* explain.c: runs a policy reference by reference and records the changes. */
#include "explain.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_ALWAYS 16 /* up to this number, frames are shown even if they stay free */

/* The state of a run over the string. */
struct pass {
	struct bel_explain *explain;
	struct bel_sim *sim;
	struct place {
		uint32_t frame;
		uint64_t loaded, last;
	} * place;        /* of each resident page */
	uint32_t *inside; /* page in each frame */
	size_t now;
	uint32_t ordered; /* pages shown in order so far */
};

int bel_string_init(struct bel_string *string, const struct bel_string_reference *reference,
	size_t count, char (*const name)[BEL_EXPLAIN_NAME], uint32_t pages, struct bel_err *err)
{
	uint64_t *coming;

	*string = (struct bel_string){.count = count, .pages = pages};
	if (!count)
		return bel_usage(err, "no references to explain");
	if (count > BEL_STRING_MAX)
		return bel_usage(err,
			"more than %d references are too many for a table; "
			"record or generate fewer (--limit, -n), cut a trace captured with "
			"--page-size 1 (bel-convert), or count with bel-sim",
			BEL_STRING_MAX);
	string->reference = malloc(count * sizeof(*string->reference));
	string->name = malloc(pages * sizeof(*string->name));
	coming = malloc(pages * sizeof(*coming));
	if (!string->reference || !string->name || !coming) {
		free(coming);
		bel_string_release(string);
		return bel_err_memory(err, "the references");
	}
	memcpy(string->reference, reference, count * sizeof(*reference));
	memcpy(string->name, name, pages * sizeof(*name));
	for (uint32_t page = 0; page < pages; page++)
		coming[page] = BEL_NEVER;
	for (size_t now = count; now-- > 0;) {
		string->reference[now].next = coming[reference[now].page];
		coming[reference[now].page] = now;
	}
	free(coming);
	return 0;
}

void bel_string_release(struct bel_string *string)
{
	free(string->reference);
	free(string->name);
	*string = (struct bel_string){.count = 0};
}

const struct bel_cell *bel_explain_cell(
	const struct bel_explain *explain, size_t now, uint32_t frame)
{
	return &explain->cell[now * explain->rows + frame];
}

static int feed(
	struct bel_sim *sim, const struct bel_string *string, size_t now, struct bel_err *err)
{
	const struct bel_string_reference *reference = &string->reference[now];
	const uint32_t flags = BEL_RUN_DATA | (reference->writes ? BEL_RUN_WRITE : 0);
	const struct bel_run run = bel_run_make(reference->page, 1, flags);
	const struct bel_batch batch = {
		.runs = &run, .next = &reference->next, .count = 1, .now = now};

	return bel_sim_feed(sim, &batch, err);
}

/* A first run, only for the counts, which include the maximum of resident pages. */
static int tally(
	struct bel_explain *explain, const struct bel_sim_setup *setup, struct bel_err *err)
{
	struct bel_sim *sim = bel_sim_new(setup, err);
	int r = sim ? bel_sim_reserve(sim, explain->string->pages, err) : err->code;

	for (size_t now = 0; r == 0 && now < explain->string->count; now++)
		r = feed(sim, explain->string, now, err);
	if (r == 0)
		bel_sim_tally(sim, &explain->tally);
	bel_sim_free(sim);
	return r;
}

static void show_order(void *host, uint32_t page, enum bel_show_by by)
{
	struct pass *pass = host;
	struct bel_explain *explain = pass->explain;

	if (pass->ordered == explain->rows)
		return;
	explain->by = by;
	explain->order[pass->now * explain->rows + pass->ordered++] = page;
}

static void mark(struct pass *pass, uint32_t page, uint32_t marks)
{
	const struct bel_explain *explain = pass->explain;

	explain->cell[pass->now * explain->rows + pass->place[page].frame].marks |= marks;
}

static void show_hand(void *host, uint32_t page)
{
	struct pass *pass = host;

	pass->explain->hand = true;
	mark(pass, page, BEL_CELL_HAND);
}

static void show_bit(void *host, uint32_t page, int set)
{
	struct pass *pass = host;

	pass->explain->bit = true;
	mark(pass, page, set ? BEL_CELL_BIT : 0);
}

/* Records the pages that left and frees their frames. */
static int note_departures(struct pass *pass, struct bel_explain_step *step, struct bel_err *err)
{
	struct bel_explain *explain = pass->explain;
	uint32_t count;
	const struct bel_victim *victim = bel_sim_victims(pass->sim, &count);

	struct bel_tally now;

	/* The arrays have the sizes that the first run needed. */
	bel_sim_tally(pass->sim, &now);
	if (now.evictions > explain->tally.evictions || now.peak > explain->rows)
		return bel_fail(
			err, "%s: not deterministic: two runs differ", explain->spec->policy->name);
	step->departure = explain->departures;
	step->departures = count;
	for (uint32_t i = 0; i < count; i++) {
		const struct place *place = &pass->place[victim[i].page];
		const struct bel_string_reference *last = &explain->string->reference[place->last];

		explain->departure[explain->departures++] = (struct bel_departure){
			.page = victim[i].page,
			.frame = place->frame,
			.written = victim[i].state & BEL_PAGE_DIRTY,
			.loaded = place->loaded,
			.last = place->last,
			.next = last->next,
		};
		pass->inside[place->frame] = BEL_NO_PAGE;
	}
	return 0;
}

static void note_load(struct pass *pass, const struct bel_explain_step *step, uint32_t page)
{
	const struct bel_explain *explain = pass->explain;
	uint32_t frame = 0;

	if (step->departures)
		frame = explain->departure[step->departure].frame;
	else
		while (pass->inside[frame] != BEL_NO_PAGE)
			frame++;
	pass->inside[frame] = page;
	pass->place[page].frame = frame;
	pass->place[page].loaded = pass->now;
}

static int step_once(struct pass *pass, struct bel_show *show, struct bel_err *err)
{
	struct bel_explain *explain = pass->explain;
	const uint32_t page = explain->string->reference[pass->now].page;
	struct bel_explain_step *step = &explain->step[pass->now];
	uint32_t pages;

	step->fault = !(bel_sim_state(pass->sim, &pages)[page] & BEL_PAGE_RESIDENT);
	if (feed(pass->sim, explain->string, pass->now, err) < 0 ||
		note_departures(pass, step, err) < 0)
		return err->code;
	if (step->fault)
		note_load(pass, step, page);
	pass->place[page].last = pass->now;
	step->frame = pass->place[page].frame;
	for (uint32_t row = 0; row < explain->rows; row++) {
		explain->cell[pass->now * explain->rows + row].page = pass->inside[row];
		explain->order[pass->now * explain->rows + row] = BEL_NO_PAGE;
	}
	pass->ordered = 0;
	bel_sim_show(pass->sim, show);
	return 0;
}

static int steps(
	struct bel_explain *explain, const struct bel_sim_setup *setup, struct bel_err *err)
{
	struct pass pass = {.explain = explain, .sim = bel_sim_new(setup, err)};
	struct bel_show show = {
		.host = &pass, .order = show_order, .hand = show_hand, .bit = show_bit};
	int r;

	if (!pass.sim)
		return err->code;
	pass.place = calloc(explain->string->pages, sizeof(*pass.place));
	pass.inside = malloc(explain->rows * sizeof(*pass.inside));
	r = pass.place && pass.inside ? bel_sim_reserve(pass.sim, explain->string->pages, err)
				      : bel_err_memory(err, "the frames");
	if (r == 0)
		r = bel_sim_list_victims(pass.sim, err);
	for (uint32_t row = 0; r == 0 && row < explain->rows; row++)
		pass.inside[row] = BEL_NO_PAGE;
	for (; r == 0 && pass.now < explain->string->count; pass.now++)
		r = step_once(&pass, &show, err);
	free(pass.place);
	free(pass.inside);
	bel_sim_free(pass.sim);
	return r;
}

/* The number of frames to show: all, or fewer if most would stay free. */
static uint32_t rows_of(const struct bel_explain *explain)
{
	uint64_t rows = explain->tally.peak;

	if (explain->frames && rows < ROWS_ALWAYS)
		rows = explain->frames < ROWS_ALWAYS ? explain->frames : ROWS_ALWAYS;
	return (uint32_t)rows;
}

static int allocate(struct bel_explain *explain, struct bel_err *err)
{
	const size_t count = explain->string->count;
	const uint64_t cells = (uint64_t)count * explain->rows;

	if (cells > BEL_EXPLAIN_CELLS)
		return bel_usage(err,
			"%s: %zu references in %u frames are too many for a table; "
			"use fewer frames, or count with bel-sim",
			explain->spec->policy->name, count, explain->rows);
	explain->step = calloc(count, sizeof(*explain->step));
	explain->cell = calloc(cells, sizeof(*explain->cell));
	explain->order = malloc(cells * sizeof(*explain->order));
	explain->departure = calloc(explain->tally.evictions + 1, sizeof(*explain->departure));
	if (explain->step && explain->cell && explain->order && explain->departure)
		return 0;
	return bel_err_memory(err, "the table");
}

int bel_explain_run(struct bel_explain *explain, const struct bel_string *string,
	const struct bel_sim_setup *setup, struct bel_err *err)
{
	int r;

	*explain = (struct bel_explain){
		.string = string, .spec = setup->spec, .frames = setup->frames};
	r = tally(explain, setup, err);
	explain->rows = rows_of(explain);
	if (r == 0)
		r = allocate(explain, err);
	if (r == 0)
		r = steps(explain, setup, err);
	if (r < 0)
		bel_explain_release(explain);
	return r;
}

void bel_explain_release(struct bel_explain *explain)
{
	free(explain->step);
	free(explain->cell);
	free(explain->order);
	free(explain->departure);
	*explain = (struct bel_explain){.rows = 0};
}
