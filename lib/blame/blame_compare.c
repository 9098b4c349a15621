/* SPDX-License-Identifier: MIT */
/* blame_compare.c: pairs of rows with the same key, and their records. */
#include "blame_compare.h"

#include <stdlib.h>
#include <string.h>

#include "version.h"

/* A key with its counts on both sides. */
struct pair {
	struct bel_blame_row before, after;
	uint64_t change; /* without its sign */
	int64_t larger;  /* of the two values */
	uint32_t number;
};

struct pairs {
	struct bel_blame_table keys; /* the keys of both sides; it has no rows */
	struct pair *pair;
	uint32_t count;
};

const struct bel_blame_result *bel_blame_compare_find(
	const struct bel_blame_results *before, size_t index, const struct bel_blame_results *after)
{
	const struct bel_record *const of = before->result[index].head;
	const char *spec, *other;
	struct bel_err ignored;

	if (before->count == 1 && after->count == 1)
		return after->result;
	for (size_t i = 0; i < after->count; i++) {
		const struct bel_record *const at = after->result[i].head;
		uint64_t frames = 0, others = 0;

		bel_record_get_count(of, "frames", &frames, &ignored);
		bel_record_get_count(at, "frames", &others, &ignored);
		if (frames == others && bel_record_get_text(of, "spec", &spec, &ignored) == 0 &&
			bel_record_get_text(at, "spec", &other, &ignored) == 0 &&
			!strcmp(spec, other))
			return &after->result[i];
	}
	return NULL;
}

static int take(
	struct pairs *pairs, const struct bel_blame_table *table, bool after, struct bel_err *err)
{
	struct bel_blame_texts_map map;
	int r = bel_blame_texts_merge(&pairs->keys.texts, &table->texts, &map, err);

	for (uint32_t i = 0; r == 0 && i < table->rows; i++) {
		struct bel_blame_row row = table->row[i];
		const uint32_t known = pairs->keys.keys.count;
		uint32_t part[BEL_BLAME_PARTS], number;
		struct pair *pair;

		for (unsigned p = 0; row.key && p < table->by.count; p++) {
			const bool stack = table->by.part[p] == BEL_BLAME_STACK;

			part[p] = bel_blame_row_number(table, &row, p);
			part[p] = stack ? map.frame[part[p]] : map.text[part[p]];
		}
		r = bel_blame_table_key(&pairs->keys, row.key ? part : NULL, &number, err);
		if (r < 0)
			break;
		row.key = row.key ? number + 1 : 0;
		pair = &pairs->pair[number];
		if (number == known) {
			pair->number = number;
			pairs->count++;
		}
		*(after ? &pair->after : &pair->before) = row;
	}
	bel_blame_texts_map_release(&map);
	return r;
}

static int by_change(const void *left, const void *right)
{
	const struct pair *const a = left, *const b = right;

	if (a->change != b->change)
		return a->change > b->change ? -1 : 1;
	if (a->larger != b->larger)
		return a->larger > b->larger ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static void measure_pair(struct pair *pair, enum bel_blame_measure measure)
{
	const int64_t before = bel_blame_row_value(&pair->before, measure);
	const int64_t after = bel_blame_row_value(&pair->after, measure);

	pair->larger = after > before ? after : before;
	pair->change = (uint64_t)pair->larger - (uint64_t)(after > before ? before : after);
}

/* ---- records ---- */

static void add_two(struct bel_record *r, const char *name, int64_t before, int64_t after)
{
	char member[48];

	snprintf(member, sizeof(member), "%s_before", name);
	bel_record_integer(r, member, before);
	snprintf(member, sizeof(member), "%s_after", name);
	bel_record_integer(r, member, after);
}

static void add_counts(struct bel_record *r, const struct pair *pair, bool has_opt)
{
	static const struct {
		enum bel_blame_measure measure;
		const char *name;
	} counts[] = {
		{BEL_BLAME_REFERENCES, "references"},
		{BEL_BLAME_FAULTS, "faults"},
		{BEL_BLAME_REGRET, "regret"},
		{BEL_BLAME_EVICTIONS, "evictions"},
		{BEL_BLAME_NEEDED, "needed_evictions"},
		{BEL_BLAME_WRITEBACKS, "writebacks"},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		const enum bel_blame_measure measure = counts[i].measure;

		if (measure == BEL_BLAME_REGRET && !has_opt) {
			bel_record_null(r, "regret_before");
			bel_record_null(r, "regret_after");
			continue;
		}
		add_two(r, counts[i].name, bel_blame_row_value(&pair->before, measure),
			bel_blame_row_value(&pair->after, measure));
		if (measure == BEL_BLAME_FAULTS)
			bel_record_integer(r, "faults_change",
				(int64_t)(pair->after.faults - pair->before.faults));
	}
}

/* What is compared: trace, policy and frames of one side. */
static void add_side(struct bel_record *r, const char *name, const struct bel_record *head)
{
	bel_record_open(r, name);
	bel_record_copy(r, "trace", head, "trace");
	bel_record_copy(r, "spec", head, "spec");
	bel_record_copy(r, "frames", head, "frames");
	bel_record_copy(r, "seed", head, "seed");
	bel_record_close(r);
}

static int emit_pair(struct bel_emit *emit, const struct bel_blame_compare_setup *setup,
	const struct bel_blame_result *before, const struct bel_blame_result *after,
	const struct pairs *pairs, const struct pair *pair, struct bel_err *err)
{
	struct bel_record *const r = bel_record_new("belady.blame-compare/1");
	const struct bel_blame_row *const row = pair->after.keys ? &pair->after : &pair->before;

	bel_record_text(r, "tool", setup->tool);
	bel_record_text(r, "version", BEL_VERSION);
	add_side(r, "before", before->head);
	add_side(r, "after", after->head);
	bel_blame_record_key(r, &pairs->keys, row, bel_emit_format(emit) == BEL_EMIT_TABLE);
	add_counts(r, pair, before->table.has_opt && after->table.has_opt);
	return bel_emit(emit, r, err);
}

/* Adds up all pairs from `from` on, as one more pair in its place. */
static void merge(struct pairs *pairs, uint32_t from)
{
	struct pair sum = {.number = 0};
	uint64_t keys = 0;

	for (uint32_t i = from; i < pairs->count; i++) {
		const struct pair *const pair = &pairs->pair[i];

		keys += pair->after.keys > pair->before.keys ? pair->after.keys : pair->before.keys;
		bel_blame_row_add(&sum.before, &pair->before);
		bel_blame_row_add(&sum.after, &pair->after);
	}
	sum.before.keys = sum.after.keys = keys;
	pairs->pair[from] = sum;
	pairs->count = from + 1;
}

int bel_blame_compare_emit(struct bel_emit *emit, const struct bel_blame_compare_setup *setup,
	const struct bel_blame_result *before, const struct bel_blame_result *after,
	struct bel_err *err)
{
	const size_t most = (size_t)before->table.rows + after->table.rows;
	struct pairs pairs = {
		.pair = calloc(most + 1, sizeof(*pairs.pair)), .keys.by = before->table.by};
	int r;

	if (strcmp(before->table.by.text, after->table.by.text) != 0) {
		free(pairs.pair);
		return bel_usage(err,
			"before has counts by %s, after by %s: give both the same --by",
			before->table.by.text, after->table.by.text);
	}
	if (!pairs.pair)
		return bel_err_memory(err, "comparison");
	r = take(&pairs, &before->table, false, err);
	if (r == 0)
		r = take(&pairs, &after->table, true, err);
	for (uint32_t i = 0; r == 0 && i < pairs.count; i++)
		measure_pair(&pairs.pair[i], setup->measure);
	qsort(pairs.pair, pairs.count, sizeof(*pairs.pair), by_change);
	if (setup->top && pairs.count > setup->top + 1)
		merge(&pairs, (uint32_t)setup->top);
	for (uint32_t i = 0; r == 0 && i < pairs.count; i++)
		r = emit_pair(emit, setup, before, after, &pairs, &pairs.pair[i], err);
	bel_blame_table_release(&pairs.keys);
	free(pairs.pair);
	return r;
}
