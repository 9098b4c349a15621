/* SPDX-License-Identifier: MIT */
/* emit_json.c: writes a record as JSON. */
#include "emit_json.h"

#include <math.h>
#include <string.h>

/* 15 digits keep 0.1 as 0.1; records have numerator and denominator of each ratio. */
#define FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

/* 15 digits are exact for smaller integers. */
#define WHOLE_MOST 1e15

/* Whether a value is a real without a fraction. */
static bool is_whole(const json_t *value)
{
	const double real = json_real_value(value);

	return json_is_real(value) && fabs(real) < WHOLE_MOST && real == trunc(real);
}

/*
 * Writes 1, not 1.0: some JSON tools would change 1.0 to 1. False: out of memory.
 */
static bool make_whole(json_t *value)
{
	bool made = true;
	const char *key;
	json_t *member, *integer;
	void *next;
	size_t i;

	json_object_foreach_safe(value, next, key, member)
	{
		made &= make_whole(member);
		if (!is_whole(member))
			continue;
		integer = json_integer((json_int_t)json_real_value(member));
		made &= integer &&
			!json_object_iter_set_new(value, json_object_key_to_iter(key), integer);
	}
	json_array_foreach(value, i, member)
	{
		made &= make_whole(member);
		if (!is_whole(member))
			continue;
		integer = json_integer((json_int_t)json_real_value(member));
		made &= integer && !json_array_set_new(value, i, integer);
	}
	return made;
}

/* Digits of one number and its comma, at most. */
#define NUMBER_MOST 21

static char *put_number(char *at, uint64_t value)
{
	char digits[NUMBER_MOST], *first = digits + sizeof(digits);

	do
		*--first = (char)('0' + value % 10);
	while (value /= 10);
	memcpy(at, first, (size_t)(digits + sizeof(digits) - first));
	return at + (digits + sizeof(digits) - first);
}

static void put_series(const struct bel_series *series, FILE *file)
{
	char text[8192], *at = text;

	*at++ = '[';
	for (size_t i = 0; i < series->count; i++) {
		if (at > text + sizeof(text) - NUMBER_MOST) {
			fwrite(text, 1, (size_t)(at - text), file);
			at = text;
		}
		at = put_number(at, series->value[i]);
		*at++ = ',';
	}
	at[-1] = ']';
	fwrite(text, 1, (size_t)(at - text), file);
}

static bool put_key(const char *key, FILE *file)
{
	json_t *const text = json_string(key);
	const bool put = text && json_dumpf(text, file, JSON_ENCODE_ANY) == 0;

	json_decref(text);
	return put && putc(':', file) != EOF;
}

static bool put_member(const struct bel_record *record, const char *key, json_t *value, FILE *file)
{
	const struct bel_series *const series = bel_series_at(record, value);

	if (!put_key(key, file))
		return false;
	if (!series)
		return json_dumpf(value, file, FLAGS | JSON_ENCODE_ANY) == 0;
	put_series(series, file);
	return true;
}

bool bel_json_write(const struct bel_record *record, FILE *file)
{
	const char *key;
	json_t *member;
	char before = '{';

	if (!make_whole(record->root))
		return false;
	/* To a stream, because jansson's strings lose members when memory runs out. */
	if (!record->series_count)
		return json_dumpf(record->root, file, FLAGS) == 0;
	json_object_foreach(record->root, key, member)
	{
		putc(before, file);
		before = ',';
		if (!put_member(record, key, member, file))
			return false;
	}
	return putc('}', file) != EOF && !ferror(file);
}
