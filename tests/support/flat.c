/* SPDX-License-Identifier: MIT */
/*
 * flat.c: makes flat lists of traces, compares them, folds traces in a simple way, and writes
 * traces to memory.
 */
#include "flat.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "random_trace.h"

static struct flat_item *add(struct flat *f, char what)
{
	if (f->count == f->capacity) {
		size_t capacity = f->capacity ? 2 * f->capacity : 256;
		struct flat_item *grown = test_alloc(capacity, sizeof(*grown));

		if (f->count)
			memcpy(grown, f->item, f->count * sizeof(*grown));
		free(f->item);
		f->item = grown;
		f->capacity = capacity;
	}
	memset(&f->item[f->count], 0,
		sizeof(*f->item)); /* padding, too: items are compared by their bytes */
	f->item[f->count].what = what;
	return &f->item[f->count++];
}

/* The hash of a name (FNV-1a); 0: no name. */
static uint64_t name_number(const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	if (!name)
		return 0;
	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	return hash;
}

static void add_event(struct flat *f, const struct bel_event *event)
{
	struct flat_item *i = add(f, 'e');

	i->type = event->type;
	i->region = event->region;
	i->flags = event->flags;
	i->space = event->space;
	i->other = event->other;
	i->pid = event->pid;
	i->start = event->start;
	i->length = event->length;
	i->offset = event->offset;
	i->value = event->value;
	i->name = name_number(event->name);
}

void flat_chunk(struct flat *f, const struct bel_chunk *chunk, struct bel_granules granules)
{
	uint64_t references = 0;
	size_t e = 0;

	if (chunk->now != f->references)
		f->wrong = "a chunk's time does not follow";
	for (size_t i = 0; i <= chunk->count; i++) {
		struct flat_item *item;

		for (; e < chunk->event_count && chunk->events[e].at <= i; e++)
			add_event(f, &chunk->events[e]);
		if (i == chunk->count)
			break;
		item = add(f, 'r');
		item->space = chunk->space;
		item->page = chunk->runs[i].page;
		item->info = chunk->runs[i].info;
		references += bel_run_count(chunk->runs[i]);
		if (item->page >= granules.count ||
			granules.granule[item->page].space != item->space)
			f->wrong = "a run's page is not in the list of its space";
		else
			item->start = granules.granule[item->page].number;
	}
	if (e < chunk->event_count)
		f->wrong = "an event stands behind the chunk";
	if (references != chunk->references)
		f->wrong = "a chunk's references are not those of its runs";
	f->references += references;
	f->crossings += chunk->crossings;
	for (int k = 0; k < BEL_KINDS; k++)
		f->kinds[k] += chunk->kinds[k];
}

void flat_accesses(struct flat *f, const struct bel_accesses *batch)
{
	size_t e = 0;

	for (size_t i = 0; i <= batch->count; i++) {
		struct flat_item *item;

		for (; e < batch->events.count && batch->events.event[e].at <= i; e++)
			add_event(f, &batch->events.event[e]);
		if (i == batch->count)
			break;
		item = add(f, 'a');
		item->space = batch->space;
		item->start = batch->access[i].address;
		item->length = batch->access[i].size;
		item->type = batch->access[i].kind;
		f->references++;
		f->kinds[batch->access[i].kind]++;
	}
	if (e < batch->events.count)
		f->wrong = "an event stands behind the batch";
}

/* The page's number in order of first touch, found in the runs before. */
static uint32_t page_number(const struct flat *f, uint32_t space, uint64_t place)
{
	uint32_t pages = 0;

	for (size_t i = f->count; i--;) {
		const struct flat_item *item = &f->item[i];

		if (item->what != 'r')
			continue;
		if (item->space == space && item->start == place)
			return item->page;
		if (item->page >= pages)
			pages = item->page + 1;
	}
	return pages;
}

static void add_run(struct flat *f, uint32_t space, uint64_t place, uint32_t flags)
{
	uint32_t page = page_number(f, space, place);
	struct flat_item *item = add(f, 'r');

	item->space = space;
	item->page = page;
	item->start = place;
	item->info = 1u << BEL_RUN_COUNT_SHIFT | flags;
}

/* The run that the next reference may extend; NULL: none. */
static struct flat_item *open_run(const struct flat *f)
{
	struct flat_item *last = f->count ? &f->item[f->count - 1] : NULL;

	return last && last->what == 'r' && !(last->info & BEL_RUN_SPLIT) ? last : NULL;
}

/* The events of call stacks that wait for the end of the open run. */
struct waiting {
	const struct bel_event *event[256];
	size_t count;
};

static void end_run(struct flat *f, struct waiting *waiting)
{
	for (size_t i = 0; i < waiting->count; i++)
		add_event(f, waiting->event[i]);
	waiting->count = 0;
}

static void fold_event(struct flat *f, struct waiting *waiting, const struct bel_event *event)
{
	if ((event->type == BEL_EVENT_FRAME || event->type == BEL_EVENT_STACK) && open_run(f) &&
		waiting->count < 256) {
		waiting->event[waiting->count++] = event;
		return;
	}
	end_run(f, waiting);
	add_event(f, event);
}

/* Folds one reference: extends the last run or begins one; then a run for each further page. */
static void fold_one(struct flat *f, struct waiting *waiting, const struct bel_access *a,
	uint32_t space, unsigned shift, bool first_byte)
{
	static const uint32_t flags_of[BEL_KINDS] = {BEL_RUN_FETCH, BEL_RUN_DATA,
		BEL_RUN_DATA | BEL_RUN_WRITE, BEL_RUN_DATA | BEL_RUN_WRITE, BEL_RUN_DATA,
		BEL_RUN_DATA | BEL_RUN_WRITE};
	uint32_t flags = flags_of[a->kind];
	uint64_t first = a->address >> shift;
	uint64_t last = first_byte ? first : (a->address + (a->size - 1)) >> shift;
	struct flat_item *const open = open_run(f);

	if (open && open->space == space && open->start == first) {
		open->info = (open->info | flags) + (1u << BEL_RUN_COUNT_SHIFT);
	} else {
		end_run(f, waiting);
		add_run(f, space, first, flags);
	}
	if (first != last)
		end_run(f, waiting);
	f->references++;
	f->kinds[a->kind]++;
	for (uint64_t place = first; place != last;) {
		add_run(f, space, ++place, flags | BEL_RUN_SPLIT);
		f->references++;
		f->crossings++;
	}
}

void flat_fold(struct flat *f, const struct random_stream *s, unsigned page_bits, bool first_byte)
{
	struct waiting waiting = {.count = 0};

	for (size_t b = 0; b < s->batches; b++) {
		const struct bel_accesses *batch = &s->batch[b];
		size_t e = 0;

		if (open_run(f) && open_run(f)->space != batch->space)
			end_run(f, &waiting);
		for (size_t i = 0; i <= batch->count; i++) {
			for (; e < batch->events.count && batch->events.event[e].at <= i; e++)
				fold_event(f, &waiting, &batch->events.event[e]);
			if (i < batch->count)
				fold_one(f, &waiting, &batch->access[i], batch->space,
					page_bits - s->info.unit_bits, first_byte);
		}
	}
	end_run(f, &waiting);
}

int flat_source(struct flat *f, struct bel_source *source, struct bel_err *err)
{
	struct bel_chunk chunk;
	int r;

	while ((r = bel_source_next(source, &chunk, err)) > 0)
		flat_chunk(f, &chunk, bel_source_pages(source));
	return r;
}

int flat_source_exact(struct flat *f, struct bel_source *source, struct bel_err *err)
{
	const struct bel_accesses *batch;
	int r;

	while ((r = bel_source_next_exact(source, &batch, err)) > 0)
		flat_accesses(f, batch);
	return r;
}

void flat_clear(struct flat *f)
{
	free(f->item);
	memset(f, 0, sizeof(*f));
}

const char *flat_difference(const struct flat *a, const struct flat *b)
{
	static char text[200];
	size_t i = 0;

	if (a->wrong || b->wrong)
		return a->wrong ? a->wrong : b->wrong;
	while (i < a->count && i < b->count && !memcmp(&a->item[i], &b->item[i], sizeof(*a->item)))
		i++;
	if (i < a->count || i < b->count) {
		const struct flat_item *x = i < a->count ? &a->item[i] : NULL;
		const struct flat_item *y = i < b->count ? &b->item[i] : NULL;

		snprintf(text, sizeof(text),
			"item %zu: %c space %u page %u info %#x, not %c space %u page %u info %#x",
			i, x ? x->what : '-', x ? x->space : 0, x ? x->page : 0, x ? x->info : 0,
			y ? y->what : '-', y ? y->space : 0, y ? y->page : 0, y ? y->info : 0);
		return text;
	}
	if (a->references != b->references)
		return "references";
	if (a->crossings != b->crossings)
		return "crossings";
	return memcmp(a->kinds, b->kinds, sizeof(a->kinds)) ? "references by kind" : NULL;
}

bool flat_is_start(const struct flat *part, const struct flat *whole)
{
	const struct flat_item *a, *b;
	size_t n = part->count;

	if (n > whole->count || part->wrong)
		return false;
	if (n && memcmp(part->item, whole->item, (n - 1) * sizeof(*part->item)))
		return false;
	if (!n)
		return true;
	a = &part->item[n - 1];
	b = &whole->item[n - 1];
	if (a->what != 'r')
		return !memcmp(a, b, sizeof(*a));
	return b->what == 'r' && a->space == b->space && a->page == b->page &&
	       a->start == b->start &&
	       a->info >> BEL_RUN_COUNT_SHIFT <= b->info >> BEL_RUN_COUNT_SHIFT;
}

static void must(int r, const struct bel_err *err)
{
	if (r < 0) {
		fprintf(stderr, "test: cannot write a trace: %s\n", err->text);
		exit(1);
	}
}

void native_of_exact(const struct random_stream *s, int level, char **data, size_t *size)
{
	FILE *file = open_memstream(data, size);
	struct bel_native_writer *writer;
	struct bel_err err = {0};

	must(bel_native_writer_open(&writer, file, &s->info, level, &err), &err);
	for (size_t b = 0; b < s->batches; b++)
		must(bel_native_write_accesses(writer, &s->batch[b], &err), &err);
	must(bel_native_writer_end(writer, NULL, &err), &err);
	bel_native_writer_free(writer);
	fclose(file);
}

void native_of_folded(const struct random_stream *s, unsigned page_bits, bool first_byte, int level,
	char **data, size_t *size)
{
	FILE *file = open_memstream(data, size);
	struct bel_trace_info info = s->info;
	struct bel_native_writer *writer;
	struct bel_chunk chunk;
	struct bel_err err = {0};
	struct bel_fold *fold = bel_fold_new(page_bits, info.unit_bits, first_byte, &err);

	must(fold ? 0 : -1, &err);
	info.granule_bits = page_bits;
	info.unit_bits = 0;
	info.first_byte = first_byte;
	must(bel_native_writer_open(&writer, file, &info, level, &err), &err);
	for (size_t b = 0; b < s->batches; b++) {
		int again;

		do {
			again = bel_fold_add(fold, &s->batch[b], &chunk, &err);
			must(again, &err);
			must(bel_native_write_chunk(writer, &chunk, bel_fold_granules(fold), &err),
				&err);
		} while (again);
	}
	must(bel_fold_end(fold, &chunk, &err), &err);
	must(bel_native_write_chunk(writer, &chunk, bel_fold_granules(fold), &err), &err);
	must(bel_native_writer_end(writer, NULL, &err), &err);
	bel_native_writer_free(writer);
	bel_fold_free(fold);
	fclose(file);
}
