/* SPDX-License-Identifier: MIT */
/* blame_svg.c: a flame graph as SVG: one rectangle for each element of the tree of keys. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "blame_picture.h"
#include "blame_tree.h"
#include "markup.h"

enum {
	WIDTH = 1200,
	MARGIN = 10,
	ROW = 18,
	HEAD = 36, /* height of the title */
};
#define LETTER 6.6 /* width of a letter of 11 pixels, monospaced */
#define LEAST 0.3  /* narrower rectangles are not drawn */

/* A tree, and where its elements are drawn. */
struct flame {
	struct bel_blame_tree tree;
	int64_t *value; /* of each element; parts below 0 are left out */
	double *x;      /* its left side */
};

static int64_t above(int64_t value)
{
	return value > 0 ? value : 0;
}

/* An element is as wide as the keys through it that are above 0. */
static int measure_all(struct flame *flame, const struct bel_blame_table *table,
	enum bel_blame_measure measure, struct bel_blame_below *below, struct bel_err *err)
{
	*below = (struct bel_blame_below){.rows = 0};
	for (uint32_t i = 0; i < table->rows; i++) {
		const int64_t value = bel_blame_row_value(&table->row[i], measure);

		below->rows += value < 0;
		below->sum += value < 0 ? value : 0;
	}
	flame->value = calloc(flame->tree.count, sizeof(*flame->value));
	flame->x = calloc(flame->tree.count, sizeof(*flame->x));
	if (!flame->value || !flame->x)
		return bel_err_memory(err, "a flame graph");
	for (uint32_t i = flame->tree.count; i-- > 0;) {
		const struct bel_blame_element *const node = &flame->tree.node[i];

		flame->value[i] += above(bel_blame_row_value(&node->self, measure));
		if (i)
			flame->value[node->parent] += flame->value[i];
	}
	return BEL_OK;
}

/* A node's place among all nodes: parents first, then the largest. */
struct place {
	int64_t value;
	uint32_t depth, node;
};

static int by_place(const void *left, const void *right)
{
	const struct place *const a = left, *const b = right;

	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

/* Gives each element its left side: behind its larger siblings. */
static int lay_out(struct flame *flame, struct bel_err *err)
{
	const uint32_t count = flame->tree.count;
	const struct bel_blame_element *const node = flame->tree.node;
	struct place *const place = calloc(count, sizeof(*place));
	double *const used = calloc(count, sizeof(*used));
	const double scale =
		(double)(WIDTH - 2 * MARGIN) / (double)(flame->value[0] ? flame->value[0] : 1);

	for (uint32_t i = 0; place && i < count; i++)
		place[i] = (struct place){flame->value[i], node[i].depth, i};
	if (place)
		qsort(place, count, sizeof(*place), by_place);
	flame->x[0] = MARGIN;
	for (uint32_t i = 1; place && used && i < count; i++) {
		const uint32_t at = place[i].node, parent = node[at].parent;

		flame->x[at] = flame->x[parent] + used[parent];
		used[parent] += (double)flame->value[at] * scale;
	}
	free(place);
	free(used);
	return place && used ? BEL_OK : bel_err_memory(err, "a flame graph");
}

/* ---- drawing ---- */

/* A warm colour that depends only on the text. */
static void put_colour(FILE *file, const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	hash ^= hash >> 15;
	fprintf(file, "hsl(%u,%u%%,%u%%)", 12 + hash % 42, 65 + hash / 64 % 20,
		62 + hash / 4096 % 14);
}

static void put_node(
	FILE *file, const struct flame *flame, uint32_t index, enum bel_blame_measure measure)
{
	const struct bel_blame_element *const node = &flame->tree.node[index];
	const char *const text = flame->tree.texts.name[node->text].text;
	const double x = flame->x[index], all = (double)flame->value[0];
	const double width = (double)flame->value[index] * (WIDTH - 2 * MARGIN) / all;
	const unsigned y = HEAD + node->depth * ROW;
	const size_t letters = width > 8 ? (size_t)((width - 6) / LETTER) : 0;

	if (width < LEAST)
		return;
	fputs("<g><title>", file);
	bel_markup_text(file, text);
	fprintf(file, ": %" PRId64 " %s, %.2f %%</title>", flame->value[index],
		bel_blame_measure_name(measure), 100 * (double)flame->value[index] / all);
	fprintf(file, "<rect x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\" fill=\"", x, y, width,
		ROW - 1);
	if (index)
		put_colour(file, text);
	else
		fputs("#ddd", file);
	fputs("\"/>", file);
	if (letters >= 3) {
		fprintf(file, "<text x=\"%.2f\" y=\"%u\">", x + 3, y + 13);
		bel_markup_short(file, text, letters);
		fputs("</text>", file);
	}
	fputs("</g>\n", file);
}

static void draw(
	FILE *file, const struct flame *flame, enum bel_blame_measure measure, const char *title)
{
	const unsigned height = HEAD + (flame->tree.depth + 1) * ROW + MARGIN;

	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
		"viewBox=\"0 0 %d %u\" font-family=\"monospace\" font-size=\"11\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		"<text x=\"%d\" y=\"22\" font-size=\"14\">",
		WIDTH, height, WIDTH, height, MARGIN);
	bel_markup_short(file, title, (size_t)((WIDTH - 2 * MARGIN) / (LETTER * 14 / 11)));
	fputs("</text>\n", file);
	for (uint32_t i = 0; flame->value[0] && i < flame->tree.count; i++)
		put_node(file, flame, i, measure);
	fputs("</svg>\n", file);
}

int bel_blame_svg(FILE *file, const struct bel_blame_table *table, enum bel_blame_measure measure,
	const char *title, struct bel_blame_below *below, struct bel_err *err)
{
	struct flame flame = {.value = NULL};
	int r = bel_blame_tree_build(&flame.tree, table, err);

	if (r == 0)
		r = measure_all(&flame, table, measure, below, err);
	if (r == 0)
		r = lay_out(&flame, err);
	if (r == 0)
		draw(file, &flame, measure, title);
	free(flame.value);
	free(flame.x);
	bel_blame_tree_release(&flame.tree);
	return r;
}
