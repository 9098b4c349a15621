/* SPDX-License-Identifier: MIT */
/* records_feed.c: gives records to jansson, except for their long arrays of counts. */
#include "records_feed.h"

#include <stdlib.h>

/*
 * Limits of one record, so an endless record is refused. Memory is about twice the text, plus 64
 * bytes per value and 320 per object or member. A curve of a million sizes with four arrays fits.
 */
#define MAX_BYTES ((uint64_t)1 << 27)
#define MAX_VALUES ((uint64_t)1 << 24)
#define MAX_PARTS ((uint64_t)1 << 21)

int bel_records_byte(struct bel_records *records)
{
	const int c = getc_unlocked(records->file);

	if (c == '\n') {
		records->line++;
		records->column = 1;
	} else if (c != EOF && (c & 0xc0) != 0x80) {
		records->column++;
	}
	return c;
}

const char *bel_records_excess(const struct bel_records *records)
{
	if (records->bytes > MAX_BYTES)
		return "128 MiB";
	if (records->commas > MAX_VALUES)
		return "16777216 values";
	return records->parts > MAX_PARTS ? "2097152 objects, arrays and members" : NULL;
}

void bel_records_feed_start(struct bel_records *records)
{
	records->bytes = records->commas = records->parts = 0;
	records->open = records->arrays = 0;
	records->quoted = records->escaped = records->began = records->no_memory = false;
	records->ahead = records->given = 0;
	records->skipped_line = records->skipped = 0;
}

static void count(struct bel_records *records, int c)
{
	records->bytes++;
	records->commas += c == ',';
	records->parts += c == '{' || c == '[' || c == ':';
}

/* Notes where in the record the character after c is. */
static void note(struct bel_records *records, int c)
{
	records->began = false;
	if (records->quoted) {
		records->quoted = c != '"' || records->escaped;
		records->escaped = c == '\\' && !records->escaped;
		return;
	}
	if (c == '[' && records->open == 1) {
		records->began = true;
		records->arrays++;
	}
	records->quoted = c == '"';
	records->open += c == '{' || c == '[';
	records->open -= (c == '}' || c == ']') && records->open;
}

/* Reads on to the first character that is neither a digit nor a comma. False: out of memory. */
static bool read_ahead(struct bel_records *records)
{
	int c = 0;

	records->ahead = records->given = 0;
	do {
		if (records->ahead == records->capacity) {
			const size_t capacity = records->capacity ? 2 * records->capacity : 4096;
			char *const grown = realloc(records->text, capacity);

			if (!grown)
				return false;
			records->text = grown;
			records->capacity = capacity;
		}
		c = bel_records_byte(records);
		if (c == EOF)
			break;
		records->text[records->ahead++] = (char)c;
		count(records, c);
	} while (((c >= '0' && c <= '9') || c == ',') && !bel_records_excess(records));
	return true;
}

/* Parses the number at *at and moves past it and the character that follows; false: not a count. */
static bool take_count(const char **at, const char *end, uint64_t *value)
{
	const char *p = *at;
	uint64_t v = 0;

	while (p < end && *p >= '0' && *p <= '9') {
		/* 18 digits always fit; jansson is asked about more, and about zeros in front. */
		if (p - *at == 18 || (v == 0 && p > *at))
			return false;
		v = 10 * v + (uint64_t)(*p++ - '0');
	}
	*value = v;
	if (p == *at || p == end)
		return false;
	*at = p + 1;
	return true;
}

/*
 * Takes the text that was read ahead as a long array. False: it is none. `commas`: how many are in
 * it.
 */
static bool take_series(struct bel_records *records, size_t commas)
{
	const char *at = records->text, *const end = at + records->ahead;
	struct bel_record *const record = records->record;
	uint64_t *value;
	size_t n = 0;

	if (commas + 1 < BEL_SERIES_LEAST || end[-1] != ']')
		return false;
	value = malloc((commas + 1) * sizeof(*value));
	while (value && at < end && take_count(&at, end, &value[n]))
		n++;
	if (!value || n != commas + 1) {
		free(value);
		return false;
	}
	if (!bel_series_add(record, NULL, value, n)) {
		records->no_memory = true;
		return false;
	}
	record->series[record->series_count - 1].array = records->arrays;
	return true;
}

/* After the [ of an array: gives jansson the ] at once if the array is long. */
static bool look_at_array(struct bel_records *records)
{
	const uint64_t commas = records->commas;

	if (!read_ahead(records)) {
		records->no_memory = true;
		return false;
	}
	if (!records->ahead || !take_series(records, records->commas - commas))
		return !records->no_memory;
	if (records->skipped_line != records->line)
		records->skipped = 0;
	records->skipped_line = records->line;
	records->given = records->ahead - 1;
	records->skipped += records->given;
	return true;
}

size_t bel_records_feed(void *buffer, size_t size, void *data)
{
	struct bel_records *const records = data;
	int c;

	(void)size;
	if (records->began) {
		records->began = false;
		if (!look_at_array(records))
			return (size_t)-1;
	}
	if (records->given < records->ahead) {
		c = (unsigned char)records->text[records->given++];
	} else {
		if (bel_records_excess(records))
			return (size_t)-1;
		c = bel_records_byte(records);
		if (c == EOF)
			return 0;
		count(records, c);
	}
	note(records, c);
	*(char *)buffer = (char)c;
	return 1;
}

void bel_series_place(struct bel_record *record)
{
	const char *key;
	json_t *member;
	size_t next = 0;
	unsigned arrays = 0;

	json_object_foreach(record->root, key, member)
	{
		arrays += json_is_array(member);
		if (json_is_array(member) && next < record->series_count &&
			record->series[next].array == arrays)
			record->series[next++].place = member;
	}
}
