/* SPDX-License-Identifier: MIT */
/*
 * format_arc.c: the .lis files of the ARC paper: "start length ignored sequence"
 * per line, a request for the blocks start .. start + length - 1.
 *
 *	230027 8 0 0
 *	1842745 64 0 1
 *
 * Each block is a separate reference. The writer writes ranges of one block,
 * with sequence 0.
 */
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Longer than any request; a range from damaged data must not take years. */
#define LENGTH_MAX (UINT32_C(1) << 24)

struct arc {
	struct bel_text text; /* must be first, for bel_text_close() and bel_text_tally() */
	uint64_t block;       /* next block of the pending range */
	uint32_t left;        /* blocks left in that range */
};

static const uint8_t *parse_columns(const uint8_t *line, uint64_t column[4])
{
	const uint8_t *p = line;

	for (int i = 0; i < 4; i++) {
		if (i && *p != ' ' && *p != '\t')
			return NULL;
		p = bel_text_decimal(bel_text_blanks(p), &column[i]);
		if (!p)
			return NULL;
	}
	if (!column[1] || column[1] > LENGTH_MAX || column[0] > UINT64_MAX - (column[1] - 1))
		return NULL;
	return bel_text_eol(p);
}

/* The whole range as one access. */
static const uint8_t *parse(const uint8_t *line, struct bel_access *access)
{
	uint64_t column[4];
	const uint8_t *const next = parse_columns(line, column);

	if (next) {
		access->address = column[0];
		access->size = (uint32_t)column[1];
	}
	return next;
}

/* Statistics of the columns in the first lines. */
struct columns {
	unsigned lines, small; /* small: lines whose length is not above their start */
	uint64_t first, last;  /* sequence numbers */
	bool rising, zeros;    /* the sequence rises; the third column is 0 throughout */
};

static struct columns look_at_columns(const struct bel_probe *probe)
{
	struct columns look = {.rising = true, .zeros = true};
	const uint8_t *p = probe->data;
	const uint8_t *const stop = p + probe->have;

	/* Only whole lines: the parser needs the newline. */
	for (const uint8_t *end; look.lines < 1000; p = end + 1) {
		uint64_t column[4];

		end = memchr(p, '\n', (size_t)(stop - p));
		if (!end)
			break;
		if (parse_columns(p, column) != end + 1)
			continue;
		if (!look.lines++)
			look.first = column[3];
		else if (column[3] <= look.last)
			look.rising = false;
		look.last = column[3];
		look.small += column[1] <= column[0];
		look.zeros = look.zeros && !column[2];
	}
	return look;
}

/*
 * Any table of four columns may look like this. It is ARC's if the requests are numbered in order
 * (from 0 in whole traces) and lengths are smaller than addresses.
 */
static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse, NULL, "'start length ignored sequence'");
	const struct columns look = look_at_columns(probe);

	if (verdict == BEL_PROBE_NO)
		return verdict;
	if (!look.rising || look.small * 4 < look.lines * 3)
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"lines are four decimal numbers, but no numbered requests");
	if (look.lines < 2 || (look.first && !look.zeros))
		return bel_probe_say(probe, BEL_PROBE_LIKELY,
			"lines are 'start length ignored sequence', but not from request 0 on");
	return verdict;
}

static void *open_arc(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct arc *const arc = calloc(1, sizeof(*arc));

	if (!arc) {
		bel_err_memory(err, "a reader of ARC traces");
		return NULL;
	}
	bel_text_init(&arc->text, input, options);
	return arc;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct arc *const arc = reader;
	size_t count = 0;

	out->space = 0;
	while (count < out->capacity) {
		struct bel_access range;
		struct bel_accesses one = {.access = &range, .capacity = 1};

		while (arc->left && count < out->capacity) {
			out->access[count++] = (struct bel_access){arc->block++, 1, BEL_LOAD};
			arc->left--;
		}
		if (count == out->capacity || (count && arc->text.cursor == arc->text.limit))
			break;
		int r = bel_text_read(&arc->text, &one, parse, NULL,
			"not 'start length ignored sequence'", count ? NULL : err);
		if (r <= 0) {
			out->count = count;
			return count ? 1 : r;
		}
		arc->block = range.address;
		arc->left = range.size;
	}
	out->count = count;
	return 1;
}

static void put_line(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put_decimal(to, access->address);
	bel_text_put(to, " 1 0 0\n");
}

BEL_TEXT_WRITER(write_batch, put_line)

static const struct bel_format arc_format = {
	.name = "arc",
	.title = "ARC .lis: 'start length ignored sequence' per line, ranges of blocks",
	.example = "230027 8 0 0",
	.suffixes = ".lis",
	.caps = BEL_FORMAT_PAGE_NUMBERS,
	.probe = probe,
	.open = open_arc,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(arc_format);
