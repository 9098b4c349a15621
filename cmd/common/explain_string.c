/* SPDX-License-Identifier: MIT */
/* explain_string.c: reads a short reference string from an operand, a model or a trace. */
#include "explain_string.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distance.h"
#include "input.h"
#include "statement.h"

#define PAGE_4K 12
#define NAMES_DECIMAL 100000 /* with larger page numbers, all are shown in hexadecimal */

/* The references read so far. One more than allowed fits, so that too many are noticed. */
struct gathered {
	struct bel_string_reference reference[BEL_STRING_MAX + 1];
	size_t count;
	struct bel_granule page[BEL_STRING_MAX + 1];
	uint32_t pages;
	bool letters; /* page numbers are character codes */
};

static bool full(const struct gathered *all)
{
	return all->count > BEL_STRING_MAX;
}

static void gather(struct gathered *all, uint64_t number, uint32_t space, bool writes)
{
	uint32_t page = 0;

	if (full(all))
		return;
	while (page < all->pages &&
		(all->page[page].number != number || all->page[page].space != space))
		page++;
	if (page == all->pages)
		all->page[all->pages++] = (struct bel_granule){.number = number, .space = space};
	all->reference[all->count++] =
		(struct bel_string_reference){.page = page, .writes = writes};
}

static void gather_accesses(
	struct gathered *all, const struct bel_accesses *batch, unsigned shift, bool first_byte)
{
	for (size_t i = 0; i < batch->count && !full(all); i++) {
		const struct bel_access *access = &batch->access[i];
		const uint64_t first = access->address >> shift;
		const uint64_t end = access->address + (first_byte ? 0 : access->size - 1);
		const uint64_t last = end < access->address ? first : end >> shift;
		const bool writes = bel_kind_writes(access->kind);

		/* Counts from 0, since no number is greater than `last` if that is UINT64_MAX. */
		for (uint64_t n = 0; n <= last - first && !full(all); n++)
			gather(all, first + n, batch->space, writes);
	}
}

static void gather_chunk(
	struct gathered *all, const struct bel_chunk *chunk, const struct bel_granule *granule)
{
	for (size_t i = 0; i < chunk->count; i++) {
		const struct bel_run run = chunk->runs[i];
		const struct bel_granule *page = &granule[run.page];

		for (uint32_t n = 0; n < bel_run_count(run) && !full(all); n++)
			gather(all, page->number, page->space, !n && run.info & BEL_RUN_WRITE);
	}
}

static void gather_trace(struct tool *tool, const struct bel_source_options *options,
	struct bel_source *source, struct gathered *all)
{
	const struct bel_trace_info *info = bel_source_info(source);
	const unsigned page_bits = bel_source_page_bits(source);
	const bool exact = !info->granule_bits && info->unit_bits <= page_bits;
	const struct bel_accesses *batch;
	struct bel_chunk chunk;
	int r = 1;

	all->letters = !strcmp(info->format, "letters") && info->unit_bits == page_bits;
	while (r > 0 && !full(all)) {
		r = exact ? bel_source_next_exact(source, &batch, &tool->err)
			  : bel_source_next(source, &chunk, &tool->err);
		if (r > 0 && exact)
			gather_accesses(all, batch, page_bits - info->unit_bits,
				options->first_byte || info->first_byte);
		else if (r > 0)
			gather_chunk(all, &chunk, bel_source_pages(source).granule);
	}
	tool_check(tool, r);
}

static void make_names(const struct gathered *all, char (*name)[BEL_EXPLAIN_NAME])
{
	bool decimal = true, spaces = false;

	for (uint32_t i = 0; i < all->pages; i++) {
		decimal = decimal && all->page[i].number < NAMES_DECIMAL;
		spaces = spaces || all->page[i].space != all->page[0].space;
	}
	for (uint32_t i = 0; i < all->pages; i++) {
		char space[12] = "";

		if (all->letters) {
			snprintf(name[i], sizeof(name[i]), "%c", (char)all->page[i].number);
			continue;
		}
		if (spaces)
			snprintf(space, sizeof(space), "%" PRIu32 ":", all->page[i].space);
		snprintf(name[i], sizeof(name[i]), decimal ? "%s%" PRIu64 : "%s%#" PRIx64, space,
			all->page[i].number);
	}
}

static bool is_string(const char *operand)
{
	return operand[strspn(operand, "0123456789abcdefABCDEFxXwW, \t\n")] == 0 &&
	       operand[strcspn(operand, "0123456789")] &&
	       strspn(operand, " \t\n") + strspn(operand + strspn(operand, " \t\n"), "0123456789");
}

static bool is_model(const char *operand)
{
	const char *name, *title;

	for (size_t i = 0; (name = bel_gen_model_name(i, &title)); i++)
		if (!strcmp(name, operand))
			return true;
	return false;
}

/* Two letters or more, each a page: "A B C A". */
static bool is_letters(const char *operand)
{
	size_t count = 0;

	for (const char *p = operand; *p; p++) {
		if (strchr(" \t\n,", *p))
			continue;
		if (!isalpha((unsigned char)*p) || (p[1] && !strchr(" \t\n,", p[1])))
			return false;
		count++;
	}
	return count > 1;
}

bool explain_is_generated(const char *operand)
{
	return is_string(operand) || is_letters(operand) || is_model(operand);
}

/* Ends the program if the operand is nothing that can be explained. */
static void refuse_unknown(struct tool *tool, const char *operand, bool script)
{
	const char *name, *title, *similar = NULL;
	size_t least = 3;

	if (!strcmp(operand, "-") || access(operand, F_OK) == 0 || errno != ENOENT)
		return;
	for (size_t i = 0; (name = bel_gen_model_name(i, &title)); i++) {
		const size_t distance = bel_distance(operand, name);

		if (distance < least) {
			least = distance;
			similar = name;
		}
	}
	tool_fail(tool,
		"%s: No such file or directory%s%s; a string has page numbers or single letters "
		"('7 0 1w 2', "
		"'A B A')%s; 'bel-gen list' prints the models",
		operand, similar ? ", similar to the model " : "", similar ? similar : "",
		script ? ", a script has statements ('r 0x1000; w 0x2000')" : "");
}

/* A source of the references that a text has in a format. */
static int open_text(struct tool *tool, const struct bel_source_options *options,
	const char *format, const char *text, struct bel_source **source)
{
	struct bel_source_options wanted = *options;
	struct bel_input *input;

	wanted.format = format;
	wanted.page_bits = wanted.page_bits == TRACE_UNSET ? 0 : wanted.page_bits;
	wanted.foreign.unit_bits = !strcmp(format, "script") ? 0 : wanted.page_bits;
	tool_check(tool, bel_input_open_memory(&input, text, strlen(text), &tool->err));
	return bel_source_open_input(source, input, &wanted, &tool->err);
}

/* The generator of a string or model; NULL if the operand is a trace. */
static struct bel_gen *generator(
	struct tool *tool, const char *operand, const struct bel_gen_setup *model)
{
	struct bel_gen_setup setup = *model;
	struct bel_gen *gen;

	if (!is_string(operand) && !is_model(operand))
		return NULL;
	setup.model = operand;
	setup.default_references = EXPLAIN_REFERENCES;
	setup.default_pages = EXPLAIN_PAGES;
	if (is_string(operand)) {
		setup.model = "string";
		setup.text = operand;
	}
	tool_check(tool, bel_gen_new(&gen, &setup, &tool->err));
	return gen;
}

static void gather_generated(struct gathered *all, struct bel_gen *gen)
{
	struct bel_access access[64];
	struct bel_accesses batch = {.access = access, .capacity = 64};

	while (!full(all) && (batch.count = bel_gen_next(gen, access, batch.capacity)))
		gather_accesses(all, &batch, 0, true);
}

void explain_string_must_draw(
	struct tool *tool, const char *operand, const struct bel_gen_setup *model)
{
	struct bel_gen *gen = generator(tool, operand, model);

	if (!gen || !bel_gen_draws(gen))
		tool_usage(tool,
			"--sheets: '%s' is one string for all students; give a model that draws "
			"(uniform, zipf, phases, stack), or use --quiz",
			operand);
	bel_gen_free(gen);
}

static void refuse_model_options(
	struct tool *tool, const char *operand, const struct bel_gen_setup *model)
{
	if (model->references != BEL_GEN_UNSET || model->pages != BEL_GEN_UNSET ||
		model->locality != BEL_GEN_UNSET || model->phase != BEL_GEN_UNSET ||
		model->alpha >= 0 || model->write_ratio >= 0)
		tool_usage(tool,
			"%s: is %s; -n, --pages, --alpha, --locality, --phase and "
			"--write-ratio are for models ('bel-gen list')",
			strcmp(operand, "-") ? operand : "standard input",
			is_letters(operand) ? "a string" : "a trace");
}

unsigned explain_string_open(struct tool *tool, const char *operand,
	const struct bel_gen_setup *model, const struct bel_source_options *options,
	struct bel_string *string)
{
	struct bel_gen *gen = generator(tool, operand, model);
	unsigned page_bits = options->page_bits == TRACE_UNSET ? PAGE_4K : options->page_bits;
	struct gathered *all = calloc(1, sizeof(*all));
	char(*name)[BEL_EXPLAIN_NAME] = calloc(BEL_STRING_MAX + 1, sizeof(*name));

	if (!all || !name)
		tool_no_memory(tool, "the references");
	if (gen) {
		gather_generated(all, gen);
		bel_gen_free(gen);
	} else {
		struct bel_source *source;

		if (!is_letters(operand))
			refuse_unknown(tool, operand, false);
		refuse_model_options(tool, operand, model);
		if (is_letters(operand))
			tool_check(tool, open_text(tool, options, "letters", operand, &source));
		else
			source = trace_open(tool, options, operand);
		page_bits = bel_source_page_bits(source);
		gather_trace(tool, options, source, all);
		trace_close(tool, source);
	}
	make_names(all, name);
	tool_check(tool,
		bel_string_init(string, all->reference, all->count, name, all->pages, &tool->err));
	free(name);
	free(all);
	return page_bits;
}

/* Whether a string has a number that looks like an address: hexadecimal, of four digits or more. */
static bool has_addresses(const char *operand)
{
	for (const char *p = operand; (p = strstr(p, "0x")); p += 2)
		if (strspn(p + 2, "0123456789abcdefABCDEF") >= 4)
			return true;
	return false;
}

/* Prints a generator's references as a list of pages of *size bytes. The caller frees it. */
static char *list_pages(struct tool *tool, struct bel_gen *gen, size_t *size)
{
	struct bel_access access[64];
	char *text = NULL;
	FILE *stream = open_memstream(&text, size);
	size_t n;

	while (stream && (n = bel_gen_next(gen, access, 64)))
		for (size_t i = 0; i < n; i++)
			fprintf(stream, "%" PRIu64 "%s\n", access[i].address,
				access[i].kind == BEL_STORE ? "w" : "");
	if (!stream || fclose(stream))
		tool_no_memory(tool, "the references");
	return text;
}

int explain_source_open(struct tool *tool, const struct bel_source_options *options,
	const char *operand, struct explain_source *opened)
{
	const struct bel_gen_setup model = BEL_GEN_SETUP_INIT;
	struct bel_gen *gen = generator(tool, operand, &model);
	size_t size;

	*opened = (struct explain_source){.text = NULL};
	if (!gen && bel_statement_is(operand))
		return open_text(tool, options, "script", operand, &opened->source);
	if (!gen && is_letters(operand))
		return open_text(tool, options, "letters", operand, &opened->source);
	if (!gen) {
		refuse_unknown(tool, operand, true);
		opened->source = trace_try(tool, options, operand);
		return opened->source ? 0 : BEL_FAIL;
	}
	opened->text = list_pages(tool, gen, &size);
	bel_gen_free(gen);
	tool_check(tool, open_text(tool, options, "pages", opened->text, &opened->source));
	if (is_string(operand) && has_addresses(operand))
		tool_warn(tool,
			"a number without r, w or i is a page number; for an address write 'r "
			"0x401234'");
	return 0;
}
