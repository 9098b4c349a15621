/* SPDX-License-Identifier: MIT */
/*
 * prop_csv.c: random rows of CSV in many spellings (quotes, blanks, CR LF, comments, units, other
 * columns), read back. What a row means is known before its spelling is chosen.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "prop.h"

#define ROWS 400

static struct bel_access wanted[ROWS], got[ROWS + 1];

static uint64_t random_address(struct bel_rng *rng)
{
	return bel_rng_next(rng) >> bel_rng_below(rng, 64);
}

/* A cell, at times in quotes or between blanks. */
static void put_cell(FILE *out, struct bel_rng *rng, const char *text)
{
	static const char *const around[][2] = {
		{"", ""}, {"", ""}, {"\"", "\""}, {" ", ""}, {"", " "}, {" \"", "\" "}, {"\t", ""}};
	const char *const *const with = around[bel_rng_below(rng, 7)];

	fprintf(out, "%s%s%s", with[0], text, with[1]);
}

static void put_row(FILE *out, struct bel_rng *rng, const struct bel_access *access)
{
	static const char *const kinds[][4] = {[BEL_LOAD] = {"r", "Load", "READ", "get"},
		[BEL_STORE] = {"w", "store", "Write", "put"},
		[BEL_FETCH] = {"i", "fetch", "FETCH", "ifetch"},
		[BEL_MODIFY] = {"m", "M", "modify", "Modify"}};
	static const char *const notes[] = {"", "x", "a b", "\"a;b\"\"c\"", "#1", "'"};
	const char *const ends[] = {"\n", "\r\n", " \n", ";more;\"x\n", ";\r\n"};
	char text[64];

	fprintf(out, "%s;", notes[bel_rng_below(rng, 4)]);
	put_cell(out, rng, kinds[access->kind][bel_rng_below(rng, 4)]);
	fprintf(out, ";%s;", notes[bel_rng_below(rng, 6)]);
	snprintf(text, sizeof(text),
		bel_rng_below(rng, 2)   ? "%" PRIu64
		: bel_rng_below(rng, 2) ? "0x%" PRIx64
					: "0X%" PRIX64,
		access->address);
	put_cell(out, rng, text);
	fputs(";", out);
	snprintf(text, sizeof(text), access->size % 1024 == 0 ? "%uK" : "%u",
		access->size % 1024 == 0 ? access->size / 1024 : access->size);
	put_cell(out, rng, text);
	fputs(ends[bel_rng_below(rng, 5)], out);
}

static size_t read_all(const char *text, size_t size)
{
	const struct bel_format_options options = {
		.columns = "kind=2,address=4,size=5", .separator = ";"};
	struct bel_err err;
	const struct bel_format *const format = bel_format_find("csv", &err);
	struct bel_accesses batch = {.access = got, .capacity = ROWS + 1};
	struct bel_input *input;
	size_t count = 0;
	void *reader;

	if (bel_input_open_memory(&input, "memory", text, size, &err) < 0)
		abort();
	reader = format->open(input, &options, &err);
	if (!reader)
		abort();
	while (count <= ROWS && format->read(reader, &batch, &err) > 0) {
		count += batch.count;
		batch.access += batch.count;
		batch.capacity -= batch.count;
	}
	format->close(reader);
	bel_input_close(input);
	return count;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 300, 20000);
	while (prop_round(&p)) {
		const size_t rows = 1 + bel_rng_below(&p.rng, ROWS);
		char *text = NULL;
		size_t size, count, i = 0;
		FILE *const out = open_memstream(&text, &size);

		for (size_t k = 0; k < rows; k++) {
			wanted[k] = (struct bel_access){.address = random_address(&p.rng),
				.size = 1 + (uint32_t)bel_rng_below(&p.rng, 5000),
				.kind = (uint8_t)bel_rng_below(&p.rng, 4)};
			put_row(out, &p.rng, &wanted[k]);
			if (k && bel_rng_below(&p.rng, 40) == 0)
				fputs(bel_rng_below(&p.rng, 2) ? " # 1;r;2;3;4\n" : " \r\n", out);
		}
		fclose(out);
		/* At times the last line has no newline. */
		count = read_all(text, size - bel_rng_below(&p.rng, 2));
		free(text);
		while (i < rows && i < count && wanted[i].address == got[i].address &&
			wanted[i].size == got[i].size && wanted[i].kind == got[i].kind)
			i++;
		if (count != rows || i < rows) {
			printf("# %zu rows, %zu references, the first %zu are equal\n", rows, count,
				i);
			return prop_failed(&p);
		}
	}
	return prop_passed(&p);
}
