/* SPDX-License-Identifier: MIT */
/* audit_shadow.c: checks an engine's counts and bytes after every step. */
#include "audit_shadow.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool bel_audit_object(struct bel_audit_found *found, enum bel_audit_rule rule, uint64_t reference,
	const char *format, ...)
{
	va_list args;

	found->rule = rule;
	found->reference = reference;
	va_start(args, format);
	vsnprintf(found->text, sizeof(found->text), format, args);
	va_end(args);
	return true;
}

int bel_audit_shadow_init(struct bel_audit_shadow *shadow, uint32_t pages)
{
	*shadow = (struct bel_audit_shadow){.pages = pages};
	shadow->page = calloc(pages + 1, 1);
	shadow->last = calloc(pages + 1, 1);
	return shadow->page && shadow->last ? 0 : BEL_FAIL;
}

void bel_audit_shadow_release(struct bel_audit_shadow *shadow)
{
	free(shadow->page);
	free(shadow->last);
}

/* Counts the evicted pages. A bypassed page was never resident. */
static bool take_victims(struct bel_audit_shadow *w, struct bel_sim *sim,
	struct bel_audit_step step, bool *passed, struct bel_audit_found *found)
{
	uint32_t count;
	const struct bel_victim *victim = bel_sim_victims(sim, &count);

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t page = victim[i].page;
		const bool dirty = victim[i].state & BEL_PAGE_DIRTY;

		w->tally.evictions++;
		w->tally.writebacks += dirty;
		if (page == step.page && !(w->page[page] & BEL_PAGE_RESIDENT)) {
			*passed = true;
			continue;
		}
		if (page >= w->pages || !(w->page[page] & BEL_PAGE_RESIDENT))
			return bel_audit_object(found, BEL_AUDIT_STATE, w->now,
				"page %" PRIu32 " was evicted, but was not resident", page);
		if (dirty != ((w->page[page] & BEL_PAGE_DIRTY) != 0))
			return bel_audit_object(found, BEL_AUDIT_STATE, w->now,
				"page %" PRIu32 " was evicted as %s, but is %s", page,
				dirty ? "dirty" : "clean", dirty ? "clean" : "dirty");
		w->page[page] = BEL_PAGE_SEEN;
		w->tally.resident--;
	}
	return false;
}

static bool take_reference(struct bel_audit_shadow *w, struct bel_sim *sim,
	struct bel_audit_step step, struct bel_audit_found *found)
{
	const uint8_t was = w->page[step.page];
	bool passed = false;

	w->tally.references++;
	w->tally.faults += !(was & BEL_PAGE_RESIDENT);
	w->tally.compulsory += !(was & BEL_PAGE_SEEN);
	if (take_victims(w, sim, step, &passed, found))
		return true;
	if (passed) {
		w->page[step.page] = BEL_PAGE_SEEN;
	} else {
		w->tally.resident += !(was & BEL_PAGE_RESIDENT);
		w->page[step.page] |= BEL_PAGE_RESIDENT | BEL_PAGE_SEEN |
				      (step.kind == BEL_AUDIT_WRITE ? BEL_PAGE_DIRTY : 0);
	}
	if (w->tally.resident > w->tally.peak)
		w->tally.peak = w->tally.resident;
	w->tally.resident_page_references += w->tally.resident;
	return false;
}

/* Whether any page has an impossible state. Without branches, because it is called often. */
static bool any_wrong(const struct bel_audit_shadow *w, const uint8_t *state, uint32_t pages)
{
	uint8_t wrong = 0;

	for (uint32_t page = 0; page < pages; page++)
		wrong |= (uint8_t)(((state[page] ^ w->page[page]) & ~BEL_PAGE_ACCESSED) |
				   (state[page] & ~w->last[page] & BEL_PAGE_ACCESSED));
	return wrong;
}

/* Checks the bits that only the engine sets, and that only a reference set the accessed bit. */
static bool bytes_wrong(const struct bel_audit_shadow *w, const uint8_t *state, uint32_t pages,
	struct bel_audit_found *found)
{
	if (!any_wrong(w, state, pages))
		return false;
	for (uint32_t page = 0; page < pages; page++) {
		const uint8_t is = state[page] & (uint8_t)~BEL_PAGE_ACCESSED;

		if (is != w->page[page])
			return bel_audit_object(found, BEL_AUDIT_STATE, w->now,
				"page %" PRIu32 " has the state %#x, not %#x: only the accessed "
				"bit may be cleared",
				page, is, w->page[page]);
		if (state[page] & ~w->last[page] & BEL_PAGE_ACCESSED)
			return bel_audit_object(found, BEL_AUDIT_STATE, w->now,
				"page %" PRIu32 " has its accessed bit set without a reference",
				page);
	}
	return false;
}

static bool tally_wrong(
	const struct bel_audit_shadow *w, const struct bel_sim *sim, struct bel_audit_found *found)
{
	struct bel_tally t;

	bel_sim_tally(sim, &t);

	const struct {
		const char *name;
		uint64_t is, must;
	} pair[] = {
		{"references", t.references, w->tally.references},
		{"faults", t.faults, w->tally.faults},
		{"compulsory faults", t.compulsory, w->tally.compulsory},
		{"evictions", t.evictions, w->tally.evictions},
		{"write-backs", t.writebacks, w->tally.writebacks},
		{"drops", t.drops, w->tally.drops},
		{"resident pages", t.resident, w->tally.resident},
		{"faults - evictions - drops", t.faults - t.evictions - t.drops, t.resident},
		{"peak of resident pages", t.peak, w->tally.peak},
		{"sum of resident pages", t.resident_page_references,
			w->tally.resident_page_references},
	};

	for (size_t i = 0; i < sizeof(pair) / sizeof(*pair); i++)
		if (pair[i].is != pair[i].must)
			return bel_audit_object(found, BEL_AUDIT_COUNTS, w->now,
				"%s: %" PRIu64 ", not %" PRIu64, pair[i].name, pair[i].is,
				pair[i].must);
	return false;
}

bool bel_audit_shadow_check(struct bel_audit_shadow *w, struct bel_sim *sim,
	struct bel_audit_step step, struct bel_audit_found *found)
{
	uint32_t pages;
	const uint8_t *state = bel_sim_state(sim, &pages);

	if (step.kind != BEL_AUDIT_DROP) {
		if (take_reference(w, sim, step, found))
			return true;
		w->last[step.page] |= BEL_PAGE_ACCESSED;
	} else if (w->page[step.page] & BEL_PAGE_RESIDENT) {
		w->page[step.page] = BEL_PAGE_SEEN;
		w->tally.resident--;
		w->tally.drops++;
	}
	pages = pages < w->pages ? pages : w->pages;
	if (bytes_wrong(w, state, pages, found) || tally_wrong(w, sim, found))
		return true;
	memcpy(w->last, state, pages);
	w->now += step.kind != BEL_AUDIT_DROP;
	return false;
}
