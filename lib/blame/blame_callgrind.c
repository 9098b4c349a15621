/* SPDX-License-Identifier: MIT */
/*
 * blame_callgrind.c: the format of callgrind. If keys have a function or stack and a line, the line
 * is the position of the function's own counts, and a call has the line at which it is made.
 *
 * callgrind_annotate takes functions with one name in two files for two, so a function has one
 * file: that of its first line. Its lines in other files (headers) follow "fi=".
 *
 * Readers add a function's own counts and those of the calls that it makes. So that a recursive
 * function counts once, its calls are left out where its own counts, or the calls of an outer call
 * of it, have the same faults.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "blame_picture.h"
#include "blame_tree.h"
#include "version.h"
#include "visible.h"

struct writer {
	FILE *file;
	struct bel_blame_tree tree;
	struct bel_names files; /* 0: not known */
	uint32_t *file_of;      /* of each text of the tree */
	bool *named, *file_named;
	struct bel_blame_row *call; /* of each node: what its parent's call of it counts */
	uint32_t *caller;           /* of each text: the last row on whose path it calls, plus 1 */
	uint32_t *path;             /* nodes of a row's path, without the root */
};

static void put_counts(FILE *file, const char *before, const struct bel_blame_row *row)
{
	fprintf(file,
		"%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		before, row->faults, row->opt_faults, row->evictions, row->needed, row->writebacks,
		row->references);
}

/* A name has a number, and stands where it is first used: so no name is read as a number. */
static void put_name(
	FILE *file, const char *field, const struct bel_names *names, uint32_t number, bool *named)
{
	fprintf(file, "%s=(%u)", field, number + 1);
	if (!named[number]) {
		putc(' ', file);
		bel_visible_put(file, names->name[number].text);
	}
	putc('\n', file);
	named[number] = true;
}

static void put_function(struct writer *w, const char *file, const char *field, uint32_t text)
{
	put_name(w->file, file, &w->files, w->file_of[text], w->file_named);
	put_name(w->file, field, &w->tree.texts, text, w->named);
}

/* A position in the source. */
struct position {
	uint32_t file;
	const char *line; /* NULL: not known */
};

/* Reads "FILE:123". Another text, or NULL, is no position. */
static int read_position(
	struct writer *w, const char *text, struct position *position, struct bel_err *err)
{
	const char *const colon = text ? strrchr(text, ':') : NULL;
	char *name;
	int r;

	*position = (struct position){.line = NULL};
	if (!colon || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return BEL_OK;
	name = strndup(text, (size_t)(colon - text));
	if (!name)
		return bel_err_memory(err, "names of files");
	r = bel_names_number(&w->files, name, strlen(name) + 1, &position->file, err);
	free(name);
	position->line = colon + 1;
	return r < 0 ? r : BEL_OK;
}

/* The line of a row. NULL: it has none. */
static const char *line_of(const struct bel_blame_table *table, const struct bel_blame_row *row)
{
	for (unsigned i = 0; row->key && i < table->by.count; i++)
		if (table->by.part[i] == BEL_BLAME_LINE)
			return bel_blame_row_part(table, row, i);
	return NULL;
}

/* The line at which a node is called. NULL: it has none. */
static const char *call_of(
	const struct bel_blame_table *table, const struct bel_blame_element *node)
{
	return node->line ? table->texts.text.name[node->line - 1].text : NULL;
}

/* Adds a row to the calls of its path. */
static void add_calls(struct writer *w, const struct bel_blame_table *table, uint32_t row)
{
	const struct bel_blame_element *const node = w->tree.node;
	const uint32_t leaf = w->tree.leaf[row];
	const uint32_t depth = node[leaf].depth;

	for (uint32_t at = leaf; at; at = node[at].parent)
		w->path[node[at].depth - 1] = at;
	w->caller[node[leaf].text] = row + 1;
	for (uint32_t i = 0; i < depth; i++) {
		const uint32_t caller = node[node[w->path[i]].parent].text;

		if (w->caller[caller] != row + 1)
			bel_blame_row_add(&w->call[w->path[i]], &table->row[row]);
		w->caller[caller] = row + 1;
	}
}

static int prepare_calls(struct writer *w, const struct bel_blame_table *table, struct bel_err *err)
{
	w->call = calloc(w->tree.count, sizeof(*w->call));
	w->caller = calloc(w->tree.texts.count, sizeof(*w->caller));
	w->path = calloc((size_t)w->tree.depth + 1, sizeof(*w->path));
	if (!w->call || !w->caller || !w->path)
		return bel_err_memory(err, "calls");
	for (uint32_t i = 0; i < table->rows; i++)
		add_calls(w, table, i);
	return BEL_OK;
}

/* A function has the file of its first line; one without lines of its own, that of its first call. */
static int find_files(struct writer *w, const struct bel_blame_table *table, struct bel_err *err)
{
	const struct bel_blame_element *const node = w->tree.node;
	struct position at;

	for (uint32_t i = 0; w->tree.lines && i < table->rows; i++) {
		uint32_t *const of = &w->file_of[node[w->tree.leaf[i]].text];

		if (read_position(w, line_of(table, &table->row[i]), &at, err) < 0)
			return BEL_FAIL;
		if (!*of)
			*of = at.file;
	}
	for (uint32_t i = 1; i < w->tree.count; i++) {
		uint32_t *const of = &w->file_of[node[node[i].parent].text];

		if (read_position(w, call_of(table, &node[i]), &at, err) < 0)
			return BEL_FAIL;
		if (!*of)
			*of = at.file;
	}
	return BEL_OK;
}

/* Functions' files, and room to remember which names have been written. */
static int prepare(struct writer *w, const struct bel_blame_table *table, struct bel_err *err)
{
	uint32_t number;

	if (bel_blame_tree_build(&w->tree, table, err) < 0 ||
		bel_names_number(&w->files, "???", 4, &number, err) < 0)
		return BEL_FAIL;
	w->file_of = calloc(w->tree.texts.count, sizeof(*w->file_of));
	w->named = calloc(w->tree.texts.count, sizeof(*w->named));
	if (!w->file_of || !w->named)
		return bel_err_memory(err, "names of functions");
	if (find_files(w, table, err) < 0)
		return BEL_FAIL;
	w->file_named = calloc(w->files.count, sizeof(*w->file_named));
	return w->file_named ? BEL_OK : bel_err_memory(err, "names of files");
}

/* The function, and the file of a position in it, if that is another one. */
static void put_place(struct writer *w, uint32_t text, const struct position *at)
{
	put_function(w, "fl", "fn", text);
	if (at->line && at->file != w->file_of[text])
		put_name(w->file, "fi", &w->files, at->file, w->file_named);
}

/* A function's own counts, by line. */
static int put_lines(struct writer *w, const struct bel_blame_table *table, struct bel_err *err)
{
	struct position at;

	for (uint32_t i = 0; i < table->rows; i++) {
		if (read_position(w, line_of(table, &table->row[i]), &at, err) < 0)
			return BEL_FAIL;
		put_place(w, w->tree.node[w->tree.leaf[i]].text, &at);
		put_counts(w->file, at.line ? at.line : "0", &table->row[i]);
	}
	return BEL_OK;
}

/* What a node's parent counts for calling it. */
static int put_call(
	struct writer *w, const struct bel_blame_table *table, uint32_t index, struct bel_err *err)
{
	const struct bel_blame_element *const node = &w->tree.node[index];
	struct position at;

	if (read_position(w, call_of(table, node), &at, err) < 0)
		return BEL_FAIL;
	put_place(w, w->tree.node[node->parent].text, &at);
	put_function(w, "cfi", "cfn", node->text);
	fputs("calls=1 0\n", w->file);
	put_counts(w->file, at.line ? at.line : "0", &w->call[index]);
	return BEL_OK;
}

static int put_all(struct writer *w, const struct bel_blame_table *table, const char *trace,
	struct bel_err *err)
{
	FILE *const file = w->file;

	if (prepare(w, table, err) < 0 || prepare_calls(w, table, err) < 0)
		return BEL_FAIL;
	fprintf(file, "# callgrind format\nversion: 1\ncreator: bel-blame %s\ncmd: ", BEL_VERSION);
	bel_visible_put(file, trace);
	fputs("\npositions: line\n"
	      "events: Faults OptFaults Evictions NeededEvictions Writebacks References\n\n",
		file);
	if (w->tree.lines && put_lines(w, table, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < w->tree.count; i++) {
		const struct bel_blame_element *const node = &w->tree.node[i];

		if (node->self.keys && !w->tree.lines) {
			put_function(w, "fl", "fn", node->text);
			put_counts(file, "0", &node->self);
		}
		if (w->call[i].keys && put_call(w, table, i, err) < 0)
			return BEL_FAIL;
	}
	put_counts(file, "\ntotals:", &table->sum);
	return BEL_OK;
}

int bel_blame_callgrind(
	FILE *file, const struct bel_blame_table *table, const char *trace, struct bel_err *err)
{
	const struct bel_blame_by *const by = &table->by;
	struct writer w = {.file = file};
	int r;

	w.tree.lines =
		bel_blame_by_has(by, BEL_BLAME_LINE) &&
		(bel_blame_by_has(by, BEL_BLAME_FUNCTION) || bel_blame_by_has(by, BEL_BLAME_STACK));
	r = put_all(&w, table, trace, err);
	bel_blame_tree_release(&w.tree);
	bel_names_release(&w.files);
	free(w.call);
	free(w.caller);
	free(w.path);
	free(w.file_of);
	free(w.named);
	free(w.file_named);
	return r;
}
