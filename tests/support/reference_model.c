/* SPDX-License-Identifier: MIT */
/*
 * reference_model.c: what all reference models share: residency, bits and counts, with lists and
 * scans.
 */
#include "reference_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_trace.h"

extern const struct model_kind *const __start_bel_reference_models[] __attribute__((weak));
extern const struct model_kind *const __stop_bel_reference_models[] __attribute__((weak));

void model_list_add(struct model_list *list, uint64_t page)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? 2 * list->capacity : 16;
		list->page = reallocarray(list->page, list->capacity, sizeof(*list->page));
		if (!list->page) {
			fputs("out of memory\n", stderr);
			exit(1);
		}
	}
	list->page[list->count++] = page;
}

void model_list_add_front(struct model_list *list, uint64_t page)
{
	model_list_add(list, page);
	for (size_t i = list->count - 1; i > 0; i--)
		list->page[i] = list->page[i - 1];
	list->page[0] = page;
}

bool model_list_has(const struct model_list *list, uint64_t page)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->page[i] == page)
			return true;
	}
	return false;
}

bool model_list_take(struct model_list *list, uint64_t page)
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

uint64_t model_list_pop(struct model_list *list)
{
	const uint64_t page = list->count ? list->page[0] : UINT64_MAX;

	if (!list->count) {
		fputs("a reference model took a page from an empty list\n", stderr);
		exit(1);
	}
	model_list_take(list, page);
	return page;
}

void model_list_clear(struct model_list *list)
{
	list->count = 0;
}

void model_list_free(struct model_list *list)
{
	free(list->page);
	*list = (struct model_list){.page = NULL};
}

double model_param(const struct reference_model *t, const char *name)
{
	const struct bel_param *table = t->spec->policy->params;

	for (size_t i = 0; table && table[i].name; i++) {
		if (strcmp(table[i].name, name) == 0)
			return t->spec->param[i];
	}
	fprintf(stderr,
		"the reference model of %s asks for parameter '%s', which the policy does not "
		"have\n",
		t->kind->policy, name);
	exit(1);
}

/* Takes a page out of memory. */
static void leave(struct reference_model *t, uint64_t page)
{
	if (!model_list_take(&t->resident, page)) {
		fprintf(stderr,
			"the reference model of %s lets page %llu go, which is not resident\n",
			t->kind->policy, (unsigned long long)page);
		exit(1);
	}
	t->counts.dirty -= t->dirty[page];
	t->counts.resident--;
}

void model_evict(struct reference_model *t, uint64_t page)
{
	leave(t, page);
	model_list_add(&t->victims, page);
	t->counts.evictions++;
	t->counts.writebacks += t->dirty[page];
}

bool model_accessed(const struct reference_model *t, uint64_t page)
{
	return t->accessed[page];
}

void model_clear_accessed(struct reference_model *t, uint64_t page)
{
	t->accessed[page] = false;
}

bool model_dirty(const struct reference_model *t, uint64_t page)
{
	return t->dirty[page];
}

void model_enter_cleared(struct reference_model *t)
{
	t->enters_cleared = true;
}

void model_pass_by(struct reference_model *t)
{
	t->passes_by = true;
}

uint64_t model_next(const struct reference_model *t, uint64_t page)
{
	for (size_t i = t->now + 1; i < t->count; i++) {
		if (t->refs[i].page == page)
			return i;
	}
	return UINT64_MAX;
}

const struct model_kind *model_at(size_t index)
{
	const size_t count = (size_t)(__stop_bel_reference_models - __start_bel_reference_models);

	return index < count ? __start_bel_reference_models[index] : NULL;
}

const struct model_kind *model_of(const char *policy)
{
	const struct model_kind *kind;

	for (size_t i = 0; (kind = model_at(i)); i++) {
		if (strcmp(kind->policy, policy) == 0)
			return kind;
	}
	return NULL;
}

struct reference_model *model_new(const struct model_setup *setup)
{
	struct reference_model *t = test_alloc(1, sizeof(*t));

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

static void enter(struct reference_model *t, uint64_t page)
{
	if (t->passes_by) {
		t->counts.evictions++;
		t->counts.writebacks += t->write;
		model_list_add(&t->victims, page);
		return;
	}
	model_list_add(&t->resident, page);
	t->counts.resident++;
	t->dirty[page] = false;
	t->accessed[page] = !t->enters_cleared;
}

void model_step(struct reference_model *t)
{
	const uint64_t page = t->refs[t->now].page;

	t->write = t->refs[t->now].write;
	t->enters_cleared = false;
	t->passes_by = false;
	model_list_clear(&t->victims);
	if (model_list_has(&t->resident, page)) {
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
	t->counts.resident_page_references += t->counts.resident;
	if (t->counts.resident > t->counts.peak)
		t->counts.peak = t->counts.resident;
}

void model_drop(struct reference_model *t, uint64_t page)
{
	if (!model_list_has(&t->resident, page))
		return;
	leave(t, page);
	t->counts.drops++;
	if (t->kind->drop)
		t->kind->drop(t, page);
}

void model_free(struct reference_model *t)
{
	if (t->kind->end)
		t->kind->end(t);
	model_list_free(&t->resident);
	model_list_free(&t->victims);
	free(t->accessed);
	free(t->dirty);
	free(t->seen);
	free(t->self);
	free(t);
}
