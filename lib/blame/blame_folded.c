/* SPDX-License-Identifier: MIT */
/* blame_folded.c: folded stacks, and the format of callgrind. */
#include <inttypes.h>
#include <stdlib.h>

#include "blame_picture.h"
#include "blame_tree.h"
#include "version.h"
#include "visible.h"

/* A name on one line; ':' replaces a ';', which separates frames. */
static void put_frame(FILE *file, const char *text, size_t length)
{
	char shown[BEL_VISIBLE_CHAR];
	size_t n;

	for (const char *const end = text + length; text < end; text += n) {
		n = bel_visible_char(text, shown);
		fputs(*shown == ';' ? ":" : shown, file);
	}
}

void bel_blame_folded(FILE *file, const struct bel_blame_table *table,
	enum bel_blame_measure measure, struct bel_blame_below *below)
{
	struct bel_blame_path path;
	const char *text;
	size_t length;

	*below = (struct bel_blame_below){.rows = 0};
	for (uint32_t i = 0; i < table->rows; i++) {
		const struct bel_blame_row *const row = &table->row[i];
		const int64_t value = bel_blame_row_value(row, measure);

		below->rows += value < 0;
		below->sum += value < 0 ? value : 0;
		if (value <= 0)
			continue;
		path = (struct bel_blame_path){.row = row, .by = &table->by};
		for (const char *before = ""; bel_blame_path_next(&path, &text, &length);
			before = ";") {
			fputs(before, file);
			put_frame(file, text, length);
		}
		fprintf(file, " %" PRId64 "\n", value);
	}
}

/* ---- callgrind ---- */

static void put_counts(FILE *file, const char *before, const struct bel_blame_row *row)
{
	fprintf(file,
		"%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		before, row->faults, row->opt_faults, row->evictions, row->needed, row->writebacks,
		row->references);
}

/* A function has a number, with its name where it is first used: so no name is read as a number. */
static void put_function(FILE *file, const char *field, const struct bel_blame_tree *tree,
	uint32_t text, bool *named)
{
	fprintf(file, "%s=(%u)", field, text + 1);
	if (!named[text]) {
		putc(' ', file);
		bel_visible_put(file, tree->texts.name[text].text);
	}
	putc('\n', file);
	named[text] = true;
}

int bel_blame_callgrind(
	FILE *file, const struct bel_blame_table *table, const char *trace, struct bel_err *err)
{
	struct bel_blame_tree tree = {.count = 0};
	const int r = bel_blame_tree_build(&tree, table, err);
	bool *const named = r < 0 ? NULL : calloc(tree.texts.count, sizeof(*named));

	if (!named) {
		bel_blame_tree_release(&tree);
		return r < 0 ? r : bel_err_memory(err, "names of functions");
	}
	fprintf(file, "# callgrind format\nversion: 1\ncreator: bel-blame %s\ncmd: ", BEL_VERSION);
	bel_visible_put(file, trace);
	fputs("\npositions: line\n"
	      "events: Faults OptFaults Evictions NeededEvictions Writebacks References\n\n"
	      "fl=(1) ???\n",
		file);
	for (uint32_t i = 0; i < tree.count; i++) {
		const struct bel_blame_element *const node = &tree.node[i];

		if (node->self.keys) {
			put_function(file, "fn", &tree, node->text, named);
			put_counts(file, "0", &node->self);
		}
		if (!i)
			continue;
		put_function(file, "fn", &tree, tree.node[node->parent].text, named);
		put_function(file, "cfn", &tree, node->text, named);
		put_counts(file, "calls=1 0\n0", &node->sum);
	}
	put_counts(file, "\ntotals:", &table->sum);
	free(named);
	bel_blame_tree_release(&tree);
	return BEL_OK;
}
