/* SPDX-License-Identifier: MIT */
/* audit_string.c: makes strings of several kinds, with bursts, writes and drops. */
#include "audit_string.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "policy.h"

#define NONE UINT32_MAX
#define FRAMES_MAX 1000 /* above this, strings have as few pages as for 20 */

/* Page numbers are below this: see draw_pages() and bel_audit_string_make_wide(). */
enum { PAGES_MAX = 4 * FRAMES_MAX + 4 };
_Static_assert(
	PAGES_MAX > 2 * BEL_PAGES_MIN + 1, "page numbers must suffice for strings of many pages");

enum character { UNIFORM, SKEWED, LOOP, PHASES, WALK, SCAN_AND_HOT, CHARACTERS };

struct model {
	enum character character;
	uint32_t pages;
	uint32_t span;   /* pages of a loop or phase, or hot pages */
	uint32_t period; /* references in a phase */
	double burst, writes, drops;
	uint32_t base, scan, previous;
};

int bel_audit_string_init(struct bel_audit_string *string)
{
	*string = (struct bel_audit_string){.count = 0};
	string->step = malloc(BEL_AUDIT_STEPS_MAX * sizeof(*string->step));
	return string->step ? 0 : BEL_FAIL;
}

void bel_audit_string_free(struct bel_audit_string *string)
{
	free(string->step);
	string->step = NULL;
}

void bel_audit_string_copy(struct bel_audit_string *to, const struct bel_audit_string *from)
{
	memcpy(to->step, from->step, from->count * sizeof(*to->step));
	to->count = from->count;
	to->pages = from->pages;
	to->drops = from->drops;
}

static void add(struct bel_audit_string *string, uint32_t page, enum bel_audit_kind kind)
{
	if (string->count < BEL_AUDIT_STEPS_MAX)
		string->step[string->count++] = (struct bel_audit_step){page, kind};
}

static uint32_t below(struct bel_rng *rng, uint64_t bound)
{
	return (uint32_t)bel_rng_below(rng, bound);
}

/* A share that is often 0 or 1: these extremes find most errors. */
static double share(struct bel_rng *rng)
{
	static const double shares[] = {0, 0, 0.05, 0.3, 0.6, 0.9, 1};

	return shares[below(rng, sizeof(shares) / sizeof(*shares))];
}

/* Sometimes all pages fit, sometimes one is too many, sometimes many are. */
static uint32_t draw_pages(struct bel_rng *rng, uint64_t frames)
{
	const uint32_t capacity = frames && frames < FRAMES_MAX ? (uint32_t)frames : 20;

	switch (below(rng, 4)) {
	case 0:
		return 1 + below(rng, capacity);
	case 1:
		return capacity + 1;
	case 2:
		return capacity + 1 + below(rng, capacity + 2);
	default:
		return 2 * capacity + 1 + below(rng, 2 * capacity + 3);
	}
}

static struct model draw_model(struct bel_rng *rng, uint64_t frames)
{
	struct model m = {.character = below(rng, CHARACTERS), .pages = draw_pages(rng, frames)};

	m.span = 1 + below(rng, m.pages);
	m.period = 1 + below(rng, 100);
	m.burst = below(rng, 2) ? share(rng) * 0.9 : 0;
	m.writes = share(rng);
	m.drops = below(rng, 2) ? share(rng) * 0.4 : 0;
	return m;
}

static uint32_t draw_page(struct model *m, size_t time, struct bel_rng *rng)
{
	double u;

	if (time && bel_rng_real(rng) < m->burst)
		return m->previous;
	switch (m->character) {
	case SKEWED: /* to the fourth power: low numbers are hot */
		u = bel_rng_real(rng);
		return (uint32_t)(u * u * u * u * m->pages);
	case LOOP:
		return m->scan++ % m->span;
	case PHASES:
		if (time % m->period == 0)
			m->base = below(rng, m->pages);
		return (m->base + below(rng, m->span)) % m->pages;
	case WALK: /* to a neighbour, or stay */
		return (m->previous + m->pages + below(rng, 3) - 1) % m->pages;
	case SCAN_AND_HOT:
		return below(rng, 2) ? below(rng, m->span) : m->scan++ % m->pages;
	default:
		return below(rng, m->pages);
	}
}

/* Drops a random page, the last one, or all of them, as when a process ends. */
static void add_drops(struct bel_audit_string *string, const struct model *m, struct bel_rng *rng)
{
	switch (below(rng, 40)) {
	case 0:
		for (uint32_t page = 0; page < m->pages; page++)
			add(string, page, BEL_AUDIT_DROP);
		break;
	case 1:
	case 2:
	case 3:
		add(string, m->previous, BEL_AUDIT_DROP);
		break;
	default:
		add(string, below(rng, m->pages), BEL_AUDIT_DROP);
	}
}

void bel_audit_string_make(struct bel_audit_string *string, struct bel_rng *rng, uint64_t frames)
{
	struct model m = draw_model(rng, frames);
	const size_t references = 1 + below(rng, 60 + 12 * (uint64_t)m.pages);

	string->count = 0;
	for (size_t i = 0; i < references && string->count < BEL_AUDIT_STEPS_MAX; i++) {
		m.previous = draw_page(&m, i, rng);
		add(string, m.previous,
			bel_rng_real(rng) < m.writes ? BEL_AUDIT_WRITE : BEL_AUDIT_READ);
		if (bel_rng_real(rng) < m.drops)
			add_drops(string, &m, rng);
	}
	bel_audit_string_renumber(string);
}

void bel_audit_string_make_wide(struct bel_audit_string *string, struct bel_rng *rng)
{
	string->count = 0;
	/* Uses all of twice BEL_PAGES_MIN elements, then one page more. */
	for (uint32_t page = 0; page <= 2 * BEL_PAGES_MIN; page++) {
		add(string, page, page % 3 ? BEL_AUDIT_READ : BEL_AUDIT_WRITE);
		if (page % 5 == 0)
			add(string, below(rng, page + 1), BEL_AUDIT_READ);
		if (page % 64 == 0)
			add(string, below(rng, page + 1), BEL_AUDIT_DROP);
	}
	for (int i = 0; i < 1500; i++)
		add(string, below(rng, 2 * BEL_PAGES_MIN), BEL_AUDIT_READ);
	bel_audit_string_renumber(string);
}

void bel_audit_string_renumber(struct bel_audit_string *string)
{
	uint32_t number[PAGES_MAX];
	size_t kept = 0;

	memset(number, 0xff, sizeof(number));
	string->pages = 0;
	string->drops = false;
	for (size_t i = 0; i < string->count; i++) {
		struct bel_audit_step step = string->step[i];

		if (step.kind == BEL_AUDIT_DROP && number[step.page] == NONE)
			continue;
		if (number[step.page] == NONE)
			number[step.page] = string->pages++;
		string->drops |= step.kind == BEL_AUDIT_DROP;
		step.page = number[step.page];
		string->step[kept++] = step;
	}
	string->count = kept;
}

void bel_audit_string_cut(
	struct bel_audit_string *to, const struct bel_audit_string *from, size_t begin, size_t end)
{
	memcpy(to->step, from->step, begin * sizeof(*to->step));
	memcpy(to->step + begin, from->step + end, (from->count - end) * sizeof(*to->step));
	to->count = from->count - (end - begin);
	bel_audit_string_renumber(to);
}
