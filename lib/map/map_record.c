/* SPDX-License-Identifier: MIT */
/* map_record.c: the rows and marks of a map, and idle memory, as records. */
#include "map_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mark_record.h"
#include "policy_record.h"
#include "version.h"

#define BYTES_MOST UINT64_C(1000000000000000000)

static struct bel_record *new_record(const char *schema, const struct bel_map_about *about)
{
	struct bel_record *const r = bel_record_new(schema);

	bel_record_text(r, "tool", about->tool);
	bel_record_text(r, "version", BEL_VERSION);
	bel_trace_record(r, about->trace);
	return r;
}

static const char *base_of(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* A short name: "heap", "libc.so.6 text", "17: stack +2" (two further mappings). NULL: no memory. */
static char *name_of(const struct bel_map *map, const struct bel_map_row *row)
{
	const char *const kind = bel_region_name((enum bel_region_kind)row->region);
	char *text = NULL;
	size_t capacity;
	FILE *const out = open_memstream(&text, &capacity);

	if (!out)
		return NULL;
	if (map->processes > 1 && row->process && row->process->known)
		fprintf(out, "%lu: ", (unsigned long)row->process->pid);
	else if (map->processes > 1)
		fprintf(out, "space %lu: ", (unsigned long)row->space);
	if (row->mapping)
		fprintf(out, "%s ", base_of(row->mapping));
	fputs(!map->regions.any ? "memory" : kind, out);
	if (row->mappings > 1)
		fprintf(out, " +%lu", (unsigned long)row->mappings - 1);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* Bytes of pages, at most what figures draw. Only invented addresses are so far apart. */
static void add_bytes(struct bel_record *r, const char *key, uint64_t pages, unsigned bits)
{
	bel_record_count(r, key, pages > BYTES_MOST >> bits ? BYTES_MOST : pages << bits);
}

static void add_place(
	struct bel_record *r, const struct bel_map *map, const struct bel_map_row *row)
{
	const unsigned bits = map->setup.page_bits;

	bel_mark_process_record(r, row->space, row->process);
	bel_record_text(r, "region", bel_region_name((enum bel_region_kind)row->region));
	bel_record_text(r, "mapping", row->mapping);
	bel_record_count(r, "mappings", row->mappings);
	bel_record_address(r, "start", row->first << bits);
	add_bytes(r, "bytes",
		row->last - row->first < UINT64_MAX ? row->last - row->first + 1 : UINT64_MAX,
		bits);
	bel_record_count(r, "pages", row->pages);
	add_bytes(r, "hole_bytes", row->hole_pages, bits);
}

static void add_columns(struct bel_record *r, const struct bel_map *map,
	const struct bel_map_row *row, uint64_t *start)
{
	for (size_t c = 0; c < map->columns; c++)
		start[c] = map->origin + c * map->width;
	bel_record_counts(r, "start_reference", start, map->columns);
	bel_record_counts(r, "counts", row->count, map->columns);
}

static int emit_row(struct bel_emit *emit, const struct bel_map *map,
	const struct bel_map_about *about, size_t number, struct bel_err *err)
{
	const struct bel_map_row *const row = &map->row[number];
	const bool table = bel_emit_format(emit) == BEL_EMIT_TABLE;
	uint64_t *const start = calloc(map->columns + 1, sizeof(*start));
	char *const name = name_of(map, row);
	struct bel_record *r;

	if (!start || !name) {
		free(start);
		free(name);
		return bel_err_memory(err, "records");
	}
	r = new_record("belady.map/1", about);
	if (about->spec) {
		bel_policy_record(r, about->spec, NULL);
		bel_record_count_or_null(r, "frames", about->frames, about->frames != 0);
		bel_record_count(r, "seed", about->seed);
	}
	bel_record_text(r, "what", bel_map_what_name(map->setup.what));
	bel_record_count(r, "row", number);
	bel_record_count(r, "rows", map->rows);
	bel_record_text(r, "name", name);
	add_place(r, map, row);
	bel_record_count(r, "sum", row->sum);
	bel_record_real(r, "share", map->sum ? (double)row->sum / (double)map->sum : NAN);
	bel_record_count(r, "references", map->references);
	bel_record_count(r, "column_references", map->width);
	if (!table)
		add_columns(r, map, row, start);
	free(start);
	free(name);
	return bel_emit(emit, r, err);
}

struct order {
	uint64_t sum;
	size_t row;
};

static int by_sum(const void *left, const void *right)
{
	const struct order *const a = left, *const b = right;

	if (a->sum != b->sum)
		return a->sum > b->sum ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* The rows with the largest sums, and the same number of those with the smallest. */
static int emit_extremes(struct bel_emit *emit, const struct bel_map *map,
	const struct bel_map_about *about, size_t hottest, struct bel_err *err)
{
	struct order *const order = calloc(map->rows + 1, sizeof(*order));
	int r = BEL_OK;

	if (!order)
		return bel_err_memory(err, "records");
	for (size_t i = 0; i < map->rows; i++)
		order[i] = (struct order){map->row[i].sum, i};
	qsort(order, map->rows, sizeof(*order), by_sum);
	for (size_t i = 0; i < map->rows && r == BEL_OK; i++)
		if (!hottest || i < hottest || map->rows - i <= hottest)
			r = emit_row(emit, map, about, order[i].row, err);
	free(order);
	return r;
}

int bel_map_emit(struct bel_emit *emit, const struct bel_map *map,
	const struct bel_map_about *about, size_t hottest, struct bel_err *err)
{
	if (bel_emit_format(emit) == BEL_EMIT_TABLE)
		return emit_extremes(emit, map, about, hottest, err);
	if (bel_marks_emit(emit, &map->marks, about->tool, about->trace, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < map->rows; i++)
		if (emit_row(emit, map, about, i, err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

static double mean(uint64_t sum, uint64_t references, uint64_t factor)
{
	return references ? (double)sum / (double)references * (double)factor : NAN;
}

int bel_idle_emit(struct bel_emit *emit, const struct bel_idle *idle,
	const struct bel_map_about *about, const struct bel_vm_device *device, struct bel_err *err)
{
	const uint64_t page_bytes = about->trace->page_bytes, n = idle->references;
	const double wait = bel_vm_device_ns(device, page_bytes, 0);

	for (size_t i = 0; i < idle->levels; i++) {
		const struct bel_idle_level *const level = &idle->level[i];
		struct bel_record *const r = new_record("belady.idle/1", about);

		bel_record_count(r, "idle_references", level->after);
		bel_record_count(r, "references", n);
		bel_record_count(r, "touched_bytes", idle->pages * page_bytes);
		bel_record_real(r, "mean_touched_bytes",
			mean(idle->touched_page_references, n, page_bytes));
		bel_record_real(
			r, "mean_idle_bytes", mean(level->idle_page_references, n, page_bytes));
		bel_record_count(r, "idle_bytes_at_end", level->idle_at_end * page_bytes);
		bel_record_count(r, "refaults", level->refaults);
		bel_record_real(r, "refaults_per_million", mean(level->refaults, n, 1000000));
		bel_record_text(r, "device", device->name);
		bel_record_real(r, "device_read_ns", wait);
		bel_record_real(r, "wait_ns_per_reference",
			n ? (double)level->refaults * wait / (double)n : NAN);
		if (bel_emit(emit, r, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}
