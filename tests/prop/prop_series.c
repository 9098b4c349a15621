/* SPDX-License-Identifier: MIT */
/*
 * prop_series.c: long arrays of counts in records. What is written is what printf writes; what is
 * read is what was written, whether our own reader or jansson took the array; and a mistake after
 * a long array is reported at the same place as one after a text of the same length.
 */
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "records.h"

#define MOST 1200

static struct bel_err err;

static uint64_t random_count(struct bel_rng *rng)
{
	const uint64_t bits = bel_rng_below(rng, 64);

	return bel_rng_next(rng) & INT64_MAX >> bits;
}

/* The bytes of a record with two arrays, by our writer; free(). */
static char *written(const uint64_t *value, size_t n)
{
	struct bel_record *const record = bel_record_new("curve/1");
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);
	struct bel_emit *emit;

	bel_record_real(record, "one", 1);
	bel_record_counts(record, "a", value, n);
	bel_record_open(record, "in");
	bel_record_counts(record, "b", value, n);
	bel_record_close(record);
	bel_record_counts(record, "\"c\"", value, n / 2);
	if (bel_emit_open(&emit, out, BEL_EMIT_JSONL, NULL, &err) < 0 ||
		bel_emit(emit, record, &err) < 0 || bel_emit_close(emit, &err) < 0)
		abort();
	fclose(out);
	return text;
}

static void put_array(FILE *out, const uint64_t *value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%llu", i ? "," : "", (unsigned long long)value[i]);
}

/* The same by printf; free(). */
static char *expected(const uint64_t *value, size_t n)
{
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);

	fputs("{\"schema\":\"curve/1\",\"one\":1,\"a\":[", out);
	put_array(out, value, n);
	fputs("],\"in\":{\"b\":[", out);
	put_array(out, value, n);
	fputs("]},\"\\\"c\\\"\":[", out);
	put_array(out, value, n / 2);
	fputs("]}\n", out);
	fclose(out);
	return text;
}

static struct bel_record *read_one(const char *text)
{
	FILE *const in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct bel_records *records;
	struct bel_record *record;

	if (bel_records_open_file(&records, in, "in", &err) < 0)
		abort();
	bel_records_next(records, &record, &err);
	bel_records_close(records);
	fclose(in);
	return record;
}

static bool holds(
	const struct bel_record *record, const char *path, const uint64_t *value, size_t n)
{
	const struct bel_record_column column = bel_record_column(record, path);
	double number;

	if (column.length != n || bel_record_length(record, path) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!bel_record_column_get(&column, i, &number) || number != (double)value[i] ||
			bel_record_column_is_null(&column, i))
			return false;
	return n == 0 || !bel_record_column_get(&column, n, &number);
}

/* CSV and copies have the same numbers. */
static bool copies(const struct bel_record *record, const char *text)
{
	struct bel_record *const copy = bel_record_new("curve/1");
	char *again = NULL;
	size_t size;
	FILE *const out = open_memstream(&again, &size);
	struct bel_emit *emit;
	bool same;

	bel_record_copy(copy, "one", record, "one");
	bel_record_copy(copy, "a", record, "a");
	bel_record_copy(copy, "in", record, "in");
	bel_record_copy(copy, "\"c\"", record, "\"c\"");
	if (bel_emit_open(&emit, out, BEL_EMIT_JSONL, NULL, &err) < 0 ||
		bel_emit(emit, copy, &err) < 0 || bel_emit_close(emit, &err) < 0)
		abort();
	fclose(out);
	same = !strcmp(again, text);
	free(again);
	return same;
}

/* An array that is not only counts: one element is something else, or a blank follows a comma. */
static bool odd_element(struct bel_rng *rng, const uint64_t *value, size_t n)
{
	static const struct {
		const char *text;
		bool fails;
		double number;
	} odd[] = {{"null", false, -1}, {"2.5", false, 2.5}, {"-7", false, -7}, {"1e3", false, 1e3},
		{" 5", false, 5}, {"9223372036854775807", false, 0x1p63}, {"0", false, 0},
		{"9223372036854775808", true, 0}, {"007", true, 0}, {"", true, 0}, {"1 2", true, 0},
		{"[1]", false, -1}, {"\"],[\"", false, -1}, {"\n6", false, 6}, {"5]", true, 0}};
	const size_t which = bel_rng_below(rng, sizeof(odd) / sizeof(*odd));
	const size_t at = bel_rng_below(rng, n);
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);
	struct bel_record_column column;
	struct bel_record *record;
	bool good = true;
	double number;

	fputs("{\"schema\":\"\\\\[\\\"[\",\"a\":[", out);
	for (size_t i = 0; i < n; i++)
		if (i == at)
			fprintf(out, "%s%s", i ? "," : "", odd[which].text);
		else
			fprintf(out, "%s%llu", i ? "," : "", (unsigned long long)value[i]);
	fputs("]}", out);
	fclose(out);
	record = read_one(text);
	free(text);
	if (!record || odd[which].fails)
		good = !record && (odd[which].fails || (n == 1 && !*odd[which].text));
	else
		column = bel_record_column(record, "a");
	for (size_t i = 0; record && good && i < n; i++) {
		const bool is = bel_record_column_get(&column, i, &number);

		if (i == at)
			good = is ? number == odd[which].number : odd[which].number == -1;
		else
			good = is && number == (double)value[i];
	}
	bel_record_free(record);
	if (!good)
		printf("# element %zu of %zu is '%s'\n", at, n, odd[which].text);
	return good;
}

/* A mistake after the array, and after a text as long as the array. */
static bool same_place(const uint64_t *value, size_t n)
{
	static const char *const mistakes[] = {
		",\"x\":tru}", ",\"x\":tru\n}", "", ",\n,", "\n,}", "]"};
	struct bel_err first;

	for (size_t k = 0; k < sizeof(mistakes) / sizeof(*mistakes); k++) {
		char *text = NULL, *begin, *end;
		size_t size;
		FILE *const out = open_memstream(&text, &size);
		bool refused;

		fputs("{\"schema\":\"a\",\"a\":[", out);
		put_array(out, value, n);
		fprintf(out, "]%s", mistakes[k]);
		fclose(out);
		refused = !read_one(text);
		first = err;
		begin = strchr(text, '[');
		end = strchr(text, ']');
		memset(begin, 'x', (size_t)(end - begin));
		*begin = *end = '"';
		refused = refused && !read_one(text);
		free(text);
		if (!refused || strcmp(first.text, err.text) != 0) {
			printf("# after an array: %s\n# after a text: %s\n", first.text, err.text);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	static uint64_t value[MOST];
	struct prop p;

	prop_start(&p, argc, argv, 300, 20000);
	while (prop_round(&p)) {
		const size_t n = 1 + bel_rng_below(&p.rng, MOST);
		char *ours, *theirs;
		struct bel_record *record;
		bool good;

		for (size_t i = 0; i < n; i++)
			value[i] = random_count(&p.rng);
		ours = written(value, n);
		theirs = expected(value, n);
		good = !strcmp(ours, theirs);
		record = read_one(ours);
		good = good && record && holds(record, "a", value, n) &&
		       holds(record, "in.b", value, n) && holds(record, "\"c\"", value, n / 2) &&
		       copies(record, theirs);
		bel_record_free(record);
		/* With numbers that our own reader takes: at most 18 digits. */
		for (size_t i = 0; i < n; i++)
			value[i] >>= 5;
		good = good && odd_element(&p.rng, value, n) && same_place(value, n);
		free(ours);
		free(theirs);
		if (!good) {
			printf("# %zu counts\n", n);
			return prop_failed(&p);
		}
	}
	return prop_passed(&p);
}
