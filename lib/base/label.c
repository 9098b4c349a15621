/* SPDX-License-Identifier: MIT */
/* label.c: lengthens equal labels until they differ. */
#include "label.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_FIRST = 6, DIGITS_MORE = 2 };

/* A trace and how much of it its label shows. */
struct entry {
	struct bel_label_key key;
	size_t index;  /* position of the caller's key */
	size_t first;  /* the entry of an equal key that stands for this one */
	size_t parts;  /* of the path, counted from its end; 0: the name instead */
	size_t digits; /* of the digest; 0: none */
	char *text;
};

static int compare_texts(const char *a, const char *b)
{
	return !a || !b ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

/* "./a.bel" and "a.bel" are the same file. */
static const char *without_dots(const char *path)
{
	while (path && path[0] == '.' && path[1] == '/')
		path += 2 + strspn(path + 2, "/");
	return path;
}

/* Where the last `parts` parts of a path begin; the first part of an absolute one is "/". */
static const char *path_end(const char *path, size_t parts)
{
	const char *at = path + strlen(path);

	while (at > path && at[-1] == '/')
		at--;
	while (parts-- && at > path) {
		while (at > path && at[-1] == '/')
			at--;
		while (at > path && at[-1] != '/')
			at--;
	}
	return at;
}

static bool path_may_grow(const struct entry *e)
{
	return e->key.file && path_end(e->key.file, e->parts) > e->key.file;
}

static bool digest_may_grow(const struct entry *e)
{
	return e->key.digest && e->digits < strlen(e->key.digest);
}

static int by_key(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_texts(a->key.name, b->key.name);

	if (!order)
		order = compare_texts(a->key.file, b->key.file);
	if (!order)
		order = compare_texts(a->key.digest, b->key.digest);
	if (!order)
		order = (a->key.page_bytes > b->key.page_bytes) -
			(a->key.page_bytes < b->key.page_bytes);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int by_text(const void *left, const void *right)
{
	struct entry *const *a = left, *const *b = right;

	return strcmp((*a)->text, (*b)->text);
}

static int make_text(struct entry *e)
{
	const char *name = e->key.name ? e->key.name : "-";
	const char *stem = e->parts ? path_end(e->key.file, e->parts) : name;
	char *text;

	if (asprintf(&text, e->digits ? "%s #%.*s" : "%s", stem, (int)e->digits,
		    e->digits ? e->key.digest : "") < 0)
		return -1;
	free(e->text);
	e->text = text;
	return 0;
}

/*
 * Whether digests distinguish some of these traces. One trace has a different digest at each page
 * size, so such digests do not count.
 */
static bool digests_differ(struct entry *const *group, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct bel_label_key *a = &group[i]->key, *b = &group[k]->key;

			if (compare_texts(a->digest, b->digest) != 0 &&
				(a->page_bytes == b->page_bytes ||
					compare_texts(a->name, b->name) != 0 ||
					compare_texts(a->file, b->file) != 0))
				return true;
		}
	}
	return false;
}

/* Whether file paths distinguish some of these traces, and more of the paths can be shown. */
static bool paths_differ(struct entry *const *group, size_t count)
{
	bool differ = false, may_grow = false;

	for (size_t i = 0; i < count; i++) {
		differ |= compare_texts(group[0]->key.file, group[i]->key.file) != 0;
		may_grow |= !group[i]->digits && path_may_grow(group[i]);
	}
	return differ && may_grow;
}

/* Lengthens the labels of a group with one label: by path while that helps, then by digest. */
static int grow(struct entry *const *group, size_t count, bool *grown)
{
	const bool paths = paths_differ(group, count);
	const bool digests = !paths && digests_differ(group, count);

	for (size_t i = 0; i < count; i++) {
		struct entry *e = group[i];

		if (paths && !e->digits && path_may_grow(e))
			e->parts++;
		else if (digests && digest_may_grow(e))
			e->digits += e->digits ? DIGITS_MORE : DIGITS_FIRST;
		else
			continue;
		*grown = true;
		if (make_text(e) < 0)
			return -1;
	}
	return 0;
}

/* Repeats until each label stands for one trace, or no label can be lengthened. */
static int tell_apart(struct entry **order, size_t count)
{
	bool grown = true;

	while (grown) {
		grown = false;
		qsort(order, count, sizeof(struct entry *), by_text);
		for (size_t i = 0, n; i < count; i += n) {
			for (n = 1; i + n < count && !by_text(&order[i], &order[i + n]);)
				n++;
			if (n > 1 && grow(order + i, n, &grown) < 0)
				return -1;
		}
	}
	return 0;
}

/* Merges equal keys into one entry of *order; returns the number of entries. */
static size_t find_distinct(struct entry *entry, size_t count, struct entry **order)
{
	size_t distinct = 0;

	qsort(entry, count, sizeof(*entry), by_key);
	for (size_t i = 0; i < count; i++) {
		struct entry *last = distinct ? order[distinct - 1] : NULL;
		struct entry wanted = entry[i];

		if (last)
			wanted.index = last->index;
		if (!last || by_key(last, &wanted) != 0)
			order[distinct++] = last = &entry[i];
		entry[i].first = (size_t)(last - entry);
	}
	return distinct;
}

static int label_all(struct entry *entry, size_t count, struct entry **order, char **label)
{
	const size_t distinct = find_distinct(entry, count, order);

	for (size_t i = 0; i < distinct; i++)
		if (make_text(order[i]) < 0)
			return -1;
	if (tell_apart(order, distinct) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		label[entry[i].index] = strdup(entry[entry[i].first].text);
		if (!label[entry[i].index])
			return -1;
	}
	return 0;
}

char **bel_labels_new(const struct bel_label_key *key, size_t count)
{
	struct entry *entry = calloc(count + 1, sizeof(*entry));
	struct entry **order = calloc(count + 1, sizeof(*order));
	char **label = calloc(count + 1, sizeof(*label));
	int r = -1;

	for (size_t i = 0; entry && i < count; i++) {
		entry[i] = (struct entry){.key = key[i], .index = i};
		entry[i].key.file = without_dots(key[i].file);
	}
	if (entry && order && label)
		r = label_all(entry, count, order, label);
	for (size_t i = 0; entry && i < count; i++)
		free(entry[i].text);
	free(entry);
	free(order);
	if (r == 0)
		return label;
	bel_labels_free(label, count);
	return NULL;
}

void bel_labels_free(char **label, size_t count)
{
	for (size_t i = 0; label && i < count; i++)
		free(label[i]);
	free(label);
}
