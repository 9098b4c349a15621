/* SPDX-License-Identifier: MIT */
/* twin.c: the frame around twins: residency, bits and counts, by lists and scans. */
#include "twin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_trace.h"

extern const struct twin_kind *const __start_bel_twins[] __attribute__((weak));
extern const struct twin_kind *const __stop_bel_twins[] __attribute__((weak));

void twin_list_add(struct twin_list *list, uint64_t page)
{
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 16;
		list->page = reallocarray(list->page, list->room, sizeof(*list->page));
		if (!list->page) {
			fputs("out of memory\n", stderr);
			exit(1);
		}
	}
	list->page[list->count++] = page;
}

void twin_list_add_front(struct twin_list *list, uint64_t page)
{
	twin_list_add(list, page);
	for (size_t i = list->count - 1; i > 0; i--)
		list->page[i] = list->page[i - 1];
	list->page[0] = page;
}

bool twin_list_has(const struct twin_list *list, uint64_t page)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->page[i] == page)
			return true;
	}
	return false;
}

bool twin_list_take(struct twin_list *list, uint64_t page)
{
	size_t kept = 0;
	bool found = false;

	for (size_t i = 0; i < list->count; i++) {
		if (list->page[i] == page && !found)
			found = true;
		else
			list->page[kept++] = list->page[i];
	}
	list->count = kept;
	return found;
}

uint64_t twin_list_pop(struct twin_list *list)
{
	const uint64_t page = list->count ? list->page[0] : UINT64_MAX;

	if (!list->count) {
		fputs("a twin took a page from an empty list\n", stderr);
		exit(1);
	}
	twin_list_take(list, page);
	return page;
}

void twin_list_clear(struct twin_list *list)
{
	list->count = 0;
}

void twin_list_free(struct twin_list *list)
{
	free(list->page);
	*list = (struct twin_list){.page = NULL};
}

double twin_param(const struct twin *t, const char *name)
{
	const struct bel_param *table = t->spec->policy->params;

	for (size_t i = 0; table && table[i].name; i++) {
		if (strcmp(table[i].name, name) == 0)
			return t->spec->param[i];
	}
	fprintf(stderr, "the twin of %s asks for parameter '%s', which the policy does not have\n",
		t->kind->policy, name);
	exit(1);
}

/* A page leaves its frame. */
static void leave(struct twin *t, uint64_t page)
{
	if (!twin_list_take(&t->resident, page)) {
		fprintf(stderr, "the twin of %s lets page %llu go, which is not resident\n",
			t->kind->policy, (unsigned long long)page);
		exit(1);
	}
	t->counts.dirty -= t->dirty[page];
	t->counts.resident--;
}

void twin_evict(struct twin *t, uint64_t page)
{
	leave(t, page);
	twin_list_add(&t->victims, page);
	t->counts.evictions++;
	t->counts.writebacks += t->dirty[page];
}

bool twin_accessed(const struct twin *t, uint64_t page)
{
	return t->accessed[page];
}

void twin_clear_accessed(struct twin *t, uint64_t page)
{
	t->accessed[page] = false;
}

bool twin_dirty(const struct twin *t, uint64_t page)
{
	return t->dirty[page];
}

void twin_enter_cleared(struct twin *t)
{
	t->enters_cleared = true;
}

void twin_pass_by(struct twin *t)
{
	t->passes_by = true;
}

uint64_t twin_next(const struct twin *t, uint64_t page)
{
	for (size_t i = t->now + 1; i < t->count; i++) {
		if (t->refs[i].page == page)
			return i;
	}
	return UINT64_MAX;
}

const struct twin_kind *twin_at(size_t index)
{
	const size_t count = (size_t)(__stop_bel_twins - __start_bel_twins);

	return index < count ? __start_bel_twins[index] : NULL;
}

const struct twin_kind *twin_of(const char *policy)
{
	const struct twin_kind *kind;

	for (size_t i = 0; (kind = twin_at(i)); i++) {
		if (strcmp(kind->policy, policy) == 0)
			return kind;
	}
	return NULL;
}

struct twin *twin_new(const struct twin_setup *setup)
{
	struct twin *t = test_alloc(1, sizeof(*t));

	t->kind = setup->kind;
	t->spec = setup->spec;
	t->frames = setup->frames;
	t->seed = setup->seed;
	t->refs = setup->refs;
	t->count = setup->count;
	t->self = test_alloc(1, t->kind->size + 1);
	t->accessed = test_alloc(setup->pages + 1, sizeof(*t->accessed));
	t->dirty = test_alloc(setup->pages + 1, sizeof(*t->dirty));
	t->seen = test_alloc(setup->pages + 1, sizeof(*t->seen));
	if (t->kind->start)
		t->kind->start(t);
	return t;
}

static void enter(struct twin *t, uint64_t page)
{
	if (t->passes_by) {
		t->counts.evictions++;
		t->counts.writebacks += t->write;
		twin_list_add(&t->victims, page);
		return;
	}
	twin_list_add(&t->resident, page);
	t->counts.resident++;
	t->dirty[page] = false;
	t->accessed[page] = !t->enters_cleared;
}

void twin_step(struct twin *t)
{
	const uint64_t page = t->refs[t->now].page;

	t->write = t->refs[t->now].write;
	t->enters_cleared = false;
	t->passes_by = false;
	twin_list_clear(&t->victims);
	if (twin_list_has(&t->resident, page)) {
		if (t->kind->hit)
			t->kind->hit(t, page);
		t->accessed[page] = true;
	} else {
		t->counts.faults++;
		t->counts.compulsory += !t->seen[page];
		t->seen[page] = true;
		t->kind->fault(t, page);
		enter(t, page);
	}
	if (t->write && !t->passes_by && !t->dirty[page]) {
		t->dirty[page] = true;
		t->counts.dirty++;
	}
	if (t->kind->after)
		t->kind->after(t, page);
	t->now++;
	t->counts.references++;
	t->counts.page_time += t->counts.resident;
	if (t->counts.resident > t->counts.peak)
		t->counts.peak = t->counts.resident;
}

void twin_drop(struct twin *t, uint64_t page)
{
	if (!twin_list_has(&t->resident, page))
		return;
	leave(t, page);
	t->counts.drops++;
	if (t->kind->drop)
		t->kind->drop(t, page);
}

void twin_free(struct twin *t)
{
	if (t->kind->end)
		t->kind->end(t);
	twin_list_free(&t->resident);
	twin_list_free(&t->victims);
	free(t->accessed);
	free(t->dirty);
	free(t->seen);
	free(t->self);
	free(t);
}
