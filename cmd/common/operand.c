/* SPDX-License-Identifier: MIT */
/* operand.c: tells strings, models, scripts and traces apart, and opens them. */
#include "operand.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distance.h"
#include "input.h"
#include "script_statement.h"

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

bool operand_is_generated(const char *operand)
{
	return is_string(operand) || is_letters(operand) || is_model(operand);
}

struct bel_gen *operand_generator(
	struct tool *tool, const char *operand, const struct bel_gen_setup *model)
{
	struct bel_gen_setup setup = *model;
	struct bel_gen *gen;

	if (!is_string(operand) && !is_model(operand))
		return NULL;
	setup.model = operand;
	setup.default_references = OPERAND_REFERENCES;
	setup.default_pages = OPERAND_PAGES;
	if (is_string(operand)) {
		setup.model = "string";
		setup.text = operand;
	}
	tool_check(tool, bel_gen_new(&gen, &setup, &tool->err));
	return gen;
}

void operand_must_draw(struct tool *tool, const char *operand, const struct bel_gen_setup *model)
{
	struct bel_gen *gen = operand_generator(tool, operand, model);

	if (!gen || !bel_gen_draws(gen))
		tool_usage(tool,
			"--sheets: '%s' is one string for all students; give a model that draws "
			"(uniform, zipf, phases, stack), or use --quiz",
			operand);
	bel_gen_free(gen);
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
		"%s: cannot open: No such file or directory%s%s; a string has page numbers or "
		"single letters ('7 0 1w 2', 'A B A')%s; 'bel-gen list' prints the models",
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
	tool_check(
		tool, bel_input_open_memory(&input, "the script", text, strlen(text), &tool->err));
	return bel_source_open_input(source, input, &wanted, &tool->err);
}

static void refuse_model_options(
	struct tool *tool, const char *operand, const struct bel_gen_setup *model)
{
	if (model->references != BEL_GEN_UNSET || model->pages != BEL_GEN_UNSET ||
		model->locality != BEL_GEN_UNSET || model->phase != BEL_GEN_UNSET ||
		model->alpha != BEL_GEN_UNSET_REAL || model->write_ratio != BEL_GEN_UNSET_REAL)
		tool_usage(tool,
			"%s: is %s; -n, --pages, --alpha, --locality, --phase and "
			"--write-ratio are for models ('bel-gen list')",
			strcmp(operand, "-") ? operand : "standard input",
			is_letters(operand) ? "a string" : "a trace");
}

struct bel_source *operand_trace(struct tool *tool, const struct bel_source_options *options,
	const char *operand, const struct bel_gen_setup *model)
{
	struct bel_source *source;

	if (!is_letters(operand))
		refuse_unknown(tool, operand, false);
	refuse_model_options(tool, operand, model);
	if (!is_letters(operand))
		return trace_open(tool, options, operand);
	tool_check(tool, open_text(tool, options, "letters", operand, &source));
	return source;
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

int operand_source_open(struct tool *tool, const struct bel_source_options *options,
	const char *operand, struct operand_source *opened)
{
	const struct bel_gen_setup model = BEL_GEN_SETUP_INIT;
	struct bel_gen *gen = operand_generator(tool, operand, &model);
	size_t size;

	*opened = (struct operand_source){.text = NULL};
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
