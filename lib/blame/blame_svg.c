/* SPDX-License-Identifier: MIT */
/* blame_svg.c: a flame graph as SVG: one rectangle for each part of each key. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "blame_picture.h"
#include "hash_table.h"
#include "visible.h"

enum {
	WIDTH = 1200,
	MARGIN = 10,
	ROW = 18,
	HEAD = 36, /* height of the title */
	NODES_MAX = 1 << 20,
};
#define LETTER 6.6 /* width of a letter of 11 pixels, monospaced */
#define LEAST 0.3  /* narrower rectangles are not drawn */

/* A part below its parent; the root is all keys. */
struct node {
	const char *text;
	int64_t value;
	uint32_t parent, depth;
	double x;                /* of its left side */
};

struct flame {
	struct node *node;
	uint32_t count, capacity, depth;
	struct bel_names texts;
	struct bel_hash_table known; /* (text, parent) -> node */
};

static int need_node(struct flame *flame, uint32_t parent, const char *text, uint32_t *found,
	struct bel_err *err)
{
	uint32_t number;

	if (bel_names_number(&flame->texts, text, strlen(text) + 1, &number, err) < 0)
		return BEL_FAIL;
	*found = bel_hash_table_get(&flame->known, number, parent);
	if (*found)
		return BEL_OK;
	if (flame->count == NODES_MAX)
		return bel_too_much(err, "more than %d rectangles: choose fewer keys with --top",
			NODES_MAX);
	if (flame->count == flame->capacity) {
		const uint32_t capacity = 2 * flame->capacity + 64;
		struct node *const grown = reallocarray(flame->node, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "a flame graph");
		flame->node = grown;
		flame->capacity = capacity;
	}
	*found = flame->count++;
	flame->node[*found] = (struct node){
		.text = text,
		.parent = parent,
		.depth = *found ? flame->node[parent].depth + 1 : 0,
	};
	if (flame->node[*found].depth > flame->depth)
		flame->depth = flame->node[*found].depth;
	return *found ? bel_hash_table_set(&flame->known, number, parent, *found, err) : BEL_OK;
}

static int build(struct flame *flame, const struct bel_blame_table *table,
	enum bel_blame_measure measure, struct bel_blame_below *below, struct bel_err *err)
{
	uint32_t at;

	*below = (struct bel_blame_below){.rows = 0};
	if (need_node(flame, 0, "all", &at, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < table->rows; i++) {
		const struct bel_blame_row *const row = &table->row[i];
		const int64_t value = bel_blame_row_value(row, measure);

		below->rows += value < 0;
		below->sum += value < 0 ? value : 0;
		if (value <= 0)
			continue;
		at = 0;
		flame->node[0].value += value;
		for (unsigned k = 0; k < bel_blame_frames(table, row); k++) {
			if (need_node(flame, at, bel_blame_frame(row, k), &at, err) < 0)
				return BEL_FAIL;
			flame->node[at].value += value;
		}
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

/* Gives each node its left side: behind its larger siblings. */
static int lay_out(struct flame *flame, struct bel_err *err)
{
	struct place *const place = calloc(flame->count, sizeof(*place));
	double *const used = calloc(flame->count, sizeof(*used));
	const double scale = (double)(WIDTH - 2 * MARGIN) /
			     (double)(flame->node[0].value ? flame->node[0].value : 1);

	for (uint32_t i = 0; place && i < flame->count; i++)
		place[i] = (struct place){flame->node[i].value, flame->node[i].depth, i};
	if (place)
		qsort(place, flame->count, sizeof(*place), by_place);
	for (uint32_t i = 0; place && used && i < flame->count; i++) {
		struct node *const node = &flame->node[place[i].node];

		node->x = MARGIN;
		if (!node->depth)
			continue;
		node->x = flame->node[node->parent].x + used[node->parent];
		used[node->parent] += (double)node->value * scale;
	}
	free(place);
	free(used);
	return place && used ? BEL_OK : bel_err_memory(err, "a flame graph");
}

/* ---- drawing ---- */

/* At most `letters` characters of a text, as text of SVG. */
static void put_text(FILE *file, const char *text, size_t letters)
{
	const bool cut = bel_visible_width(text) > letters;
	char shown[BEL_VISIBLE_CHAR];
	size_t width = 0;

	while (*text) {
		const size_t n = bel_visible_char(text, shown);

		width += bel_visible_width(shown);
		if (cut && width + 2 > letters)
			break;
		for (const char *c = shown; *c; c++) {
			switch (*c) {
			case '&':
				fputs("&amp;", file);
				break;
			case '<':
				fputs("&lt;", file);
				break;
			case '>':
				fputs("&gt;", file);
				break;
			default:
				putc(*c, file);
			}
		}
		text += n;
	}
	if (cut)
		fputs("..", file);
}

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
	const struct node *const node = &flame->node[index];
	const double all = (double)flame->node[0].value;
	const double width = (double)node->value * (WIDTH - 2 * MARGIN) / all;
	const unsigned y = HEAD + node->depth * ROW;
	const size_t letters = width > 8 ? (size_t)((width - 6) / LETTER) : 0;

	if (width < LEAST)
		return;
	fputs("<g><title>", file);
	put_text(file, node->text, SIZE_MAX);
	fprintf(file, ": %" PRId64 " %s, %.2f %%</title>", node->value,
		bel_blame_measure_name(measure), 100 * (double)node->value / all);
	fprintf(file, "<rect x=\"%.2f\" y=\"%u\" width=\"%.2f\" height=\"%d\" fill=\"", node->x, y,
		width, ROW - 1);
	if (index)
		put_colour(file, node->text);
	else
		fputs("#ddd", file);
	fputs("\"/>", file);
	if (letters >= 3) {
		fprintf(file, "<text x=\"%.2f\" y=\"%u\">", node->x + 3, y + 13);
		put_text(file, node->text, letters);
		fputs("</text>", file);
	}
	fputs("</g>\n", file);
}

static void draw(FILE *file, const struct flame *flame, enum bel_blame_measure measure,
	const char *title)
{
	const unsigned height = HEAD + (flame->depth + 1) * ROW + MARGIN;

	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
		"viewBox=\"0 0 %d %u\" font-family=\"monospace\" font-size=\"11\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		"<text x=\"%d\" y=\"22\" font-size=\"14\">",
		WIDTH, height, WIDTH, height, MARGIN);
	put_text(file, title, (size_t)((WIDTH - 2 * MARGIN) / (LETTER * 14 / 11)));
	fputs("</text>\n", file);
	for (uint32_t i = 0; flame->node[0].value && i < flame->count; i++)
		put_node(file, flame, i, measure);
	fputs("</svg>\n", file);
}

int bel_blame_svg(FILE *file, const struct bel_blame_table *table, enum bel_blame_measure measure,
	const char *title, struct bel_blame_below *below, struct bel_err *err)
{
	struct flame flame = {.count = 0};
	int r = build(&flame, table, measure, below, err);

	if (r == 0)
		r = lay_out(&flame, err);
	if (r == 0)
		draw(file, &flame, measure, title);
	free(flame.node);
	bel_names_release(&flame.texts);
	bel_hash_table_release(&flame.known);
	return r;
}
