/* SPDX-License-Identifier: MIT */
/*
 * record.c: builds a result record.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emit_record.h"
#include "records.h"
#include "visible.h"

const char bel_record_no_memory[] = "out of memory for a result record";

void bel_emit_allocator(void *(*allocate)(size_t size))
{
	json_set_alloc_funcs(allocate, free);
}

struct bel_record *bel_record_new(const char *schema)
{
	struct bel_record *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->root = json_object();
	r->open[0] = r->root;
	if (!r->root)
		r->broken = bel_record_no_memory;
	bel_record_text(r, "schema", schema ? schema : "");
	return r;
}

void bel_record_free(struct bel_record *r)
{
	if (!r)
		return;
	bel_series_release(r);
	json_decref(r->root);
	free(r);
}

/* Adds a value to the innermost container and takes ownership of it. */
static void add(struct bel_record *r, const char *key, json_t *value)
{
	json_t *into;

	if (!r || r->broken) {
		json_decref(value);
		return;
	}
	into = r->open[r->depth];
	if (!value) {
		r->broken = bel_record_no_memory;
	} else if (json_is_array(into)) {
		if (json_array_append_new(into, value) < 0)
			r->broken = bel_record_no_memory;
	} else if (!key) {
		r->broken = "a member of a result record has no name";
		json_decref(value);
	} else if (json_object_set_new(into, key, value) < 0) {
		r->broken = bel_record_no_memory;
	}
}

/* File names are bytes, but JSON is UTF-8: bytes that are not UTF-8 become U+FFFD. */
static json_t *text_value(const char *text)
{
	const char *s = text;
	char *clean = malloc(3 * strlen(text) + 1), *end = clean;
	json_t *value;

	if (!clean)
		return NULL;
	while (*s) {
		const size_t n = bel_utf8_length(s);

		memcpy(end, n ? s : "\xef\xbf\xbd", n ? n : 3);
		end += n ? n : 3;
		s += n ? n : 1;
	}
	value = json_stringn(clean, (size_t)(end - clean));
	free(clean);
	return value;
}

void bel_record_text(struct bel_record *r, const char *key, const char *value)
{
	add(r, key, value ? text_value(value) : json_null());
}

static void check_count(struct bel_record *r, uint64_t value)
{
	if (value > INT64_MAX && r && !r->broken)
		r->broken = "a count above 2^63 - 1 does not fit in a result record";
}

static json_t *count_value(struct bel_record *r, uint64_t value)
{
	check_count(r, value);
	return json_integer((json_int_t)value);
}

static json_t *real_value(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

void bel_record_count(struct bel_record *r, const char *key, uint64_t value)
{
	add(r, key, count_value(r, value));
}

void bel_record_count_or_null(struct bel_record *r, const char *key, uint64_t value, bool there)
{
	if (there)
		bel_record_count(r, key, value);
	else
		bel_record_null(r, key);
}

void bel_record_integer(struct bel_record *r, const char *key, int64_t value)
{
	add(r, key, json_integer(value));
}

void bel_record_real(struct bel_record *r, const char *key, double value)
{
	add(r, key, real_value(value));
}

void bel_record_flag(struct bel_record *r, const char *key, bool value)
{
	add(r, key, json_boolean(value));
}

void bel_record_null(struct bel_record *r, const char *key)
{
	add(r, key, json_null());
}

void bel_record_address(struct bel_record *r, const char *key, uint64_t value)
{
	char text[19];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	add(r, key, json_string(text));
}

/* Fills the innermost array. */
static void add_series(struct bel_record *r, const uint64_t *value, size_t n)
{
	uint64_t *const copy = malloc(n * sizeof(*copy));

	for (size_t i = 0; i < n; i++)
		check_count(r, value[i]);
	if (copy)
		memcpy(copy, value, n * sizeof(*copy));
	if (!copy || !bel_series_add(r, r->open[r->depth], copy, n))
		r->broken = bel_record_no_memory;
}

void bel_record_counts(struct bel_record *r, const char *key, const uint64_t *value, size_t n)
{
	bel_record_open_array(r, key);
	/* Only members of the record itself are written by themselves (emit_json.c). */
	if (n >= BEL_SERIES_LEAST && r && !r->broken && r->depth == 1)
		add_series(r, value, n);
	else
		for (size_t i = 0; i < n; i++)
			add(r, NULL, count_value(r, value[i]));
	bel_record_close(r);
}

void bel_record_reals(struct bel_record *r, const char *key, const double *value, size_t n)
{
	bel_record_open_array(r, key);
	for (size_t i = 0; i < n; i++)
		add(r, NULL, real_value(value[i]));
	bel_record_close(r);
}

static void open_container(struct bel_record *r, const char *key, json_t *container)
{
	add(r, key, container);
	if (!r || r->broken)
		return;
	if (r->depth + 1 == BEL_RECORD_DEPTH)
		r->broken = "a result record is nested too deeply";
	else
		r->open[++r->depth] = container;
}

void bel_record_open(struct bel_record *r, const char *key)
{
	open_container(r, key, json_object());
}

void bel_record_open_array(struct bel_record *r, const char *key)
{
	open_container(r, key, json_array());
}

void bel_record_close(struct bel_record *r)
{
	if (!r || r->broken)
		return;
	if (r->depth == 0)
		r->broken = "a result record is closed more often than opened";
	else
		r->depth--;
}

json_t *bel_json_at(json_t *value, const char *path)
{
	while (value && *path) {
		const size_t n = strcspn(path, ".");

		if (json_is_array(value)) {
			char *end;
			const unsigned long index = strtoul(path, &end, 10);

			value = end == path + n && n ? json_array_get(value, index) : NULL;
		} else {
			char key[128];

			if (n >= sizeof(key))
				return NULL;
			memcpy(key, path, n);
			key[n] = 0;
			value = json_object_get(value, key);
		}
		path += n;
		if (*path == '.')
			path++;
	}
	return value;
}

void bel_record_copy(
	struct bel_record *to, const char *key, const struct bel_record *from, const char *path)
{
	json_t *value = bel_json_at(from->root, path);
	const struct bel_series *const series = bel_series_at(from, value);

	if (series)
		bel_record_counts(to, key, series->value, series->count);
	else
		add(to, key, value ? json_incref(value) : json_null());
}
