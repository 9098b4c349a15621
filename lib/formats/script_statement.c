/* SPDX-License-Identifier: MIT */
/* script_statement.c: one statement of the format "script". */
#include <string.h>

#include "cells.h"
#include "script_statement.h"
#include "text.h"

enum { WORDS = 8 };

struct words {
	struct bel_cell cell[WORDS];
	unsigned count;
	struct bel_fault *fault;
};

static bool wrong(const struct words *words, unsigned at, const char *what)
{
	const unsigned shown = at < words->count ? at : words->count - 1;

	return bel_fault_say(
		words->fault, words->cell[shown], "word %u: expected %s", at + 1, what);
}

/* Decimal, or hexadecimal after 0x; with `suffix`, K, M or G may follow. */
static bool number(
	const struct words *words, unsigned at, const char *what, bool suffix, uint64_t *value)
{
	const struct bel_cell cell = words->cell[at < words->count ? at : 0];
	const uint8_t *p = at < words->count ? bel_text_number(cell.text, value) : NULL;
	unsigned shift = 0;

	if (!p)
		return wrong(words, at, what);
	if (suffix && p < cell.text + cell.length) {
		shift = (*p | 0x20) == 'k'   ? 10
			: (*p | 0x20) == 'm' ? 20
			: (*p | 0x20) == 'g' ? 30
					     : 0;
		p += shift != 0;
	}
	if (p != cell.text + cell.length || *value > UINT64_MAX >> shift)
		return wrong(words, at, what);
	*value <<= shift;
	return true;
}

static bool address(const struct words *words, uint64_t *value)
{
	return number(words, 1, "an address (0x401000)", false, value);
}

/* The range in words 1 and 2. */
static bool range(const struct words *words, struct bel_event *event)
{
	if (!address(words, &event->start) ||
		!number(words, 2, "a size in bytes (4096, 8K)", true, &event->length))
		return false;
	if (!event->length || event->start > UINT64_MAX - event->length)
		return wrong(words, 2, "a size that is not 0 and ends within the address space");
	return true;
}

/* "r-x", and "rw-s" of a shared mapping. */
static bool rights(const struct words *words, unsigned at, uint16_t *flags)
{
	static const uint8_t letters[] = {'r', 'w', 'x', 's'};
	const struct bel_cell cell = words->cell[at < words->count ? at : 0];
	bool good = at < words->count && (cell.length == 3 || cell.length == 4);

	for (unsigned i = 0; good && i < cell.length; i++) {
		good = cell.text[i] == '-' || cell.text[i] == letters[i];
		*flags |= cell.text[i] == letters[i] ? (uint16_t)(1u << i) : 0;
	}
	return good || wrong(words, at, "rights (r-x, rw-, or rw-s if shared)");
}

static bool region(const struct words *words, unsigned at, uint8_t *kind)
{
	for (unsigned k = 0; at < words->count && k < BEL_REGIONS; k++) {
		if (bel_cell_is(words->cell[at], bel_region_name(k))) {
			*kind = (uint8_t)k;
			return true;
		}
	}
	return wrong(words, at, "a region: text, data, heap, stack, mmap or vdso");
}

static bool name(const struct words *words, unsigned at, struct bel_statement *statement)
{
	const struct bel_cell cell = words->cell[at];

	if (cell.length >= BEL_STATEMENT_NAME || memchr(cell.text, 0, cell.length))
		return wrong(words, at, "a name of at most 255 bytes, none of them zero");
	memcpy(statement->name, cell.text, cell.length);
	statement->name[cell.length] = 0;
	return true;
}

static bool process(const struct words *words, struct bel_statement *statement)
{
	uint64_t value;

	if (!number(words, 1, "a process number", false, &value))
		return false;
	if (value >= BEL_STATEMENT_PROCESSES)
		return wrong(words, 1, "a process number from 0 to 999");
	statement->number = (uint32_t)value;
	return words->count < 3 || name(words, 2, statement);
}

static bool map(const struct words *words, struct bel_statement *statement)
{
	struct bel_event *const event = &statement->event;

	if (!range(words, event) || !rights(words, 3, &event->flags) ||
		!region(words, 4, &event->region))
		return false;
	if (words->count < 6)
		return true;
	event->flags |= BEL_MAP_FILE;
	return name(words, 5, statement) &&
	       (words->count < 7 ||
		       number(words, 6, "an offset in the file", true, &event->offset));
}

static bool reference(const struct words *words, struct bel_statement *statement)
{
	static const struct {
		const char *word;
		uint8_t kind;
	} kinds[] = {{"r", BEL_LOAD}, {"w", BEL_STORE}, {"i", BEL_FETCH}, {"m", BEL_MODIFY}};
	struct bel_access *const access = &statement->access;
	uint64_t size = 1;

	for (unsigned k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
		if (bel_cell_is(words->cell[0], kinds[k].word))
			access->kind = kinds[k].kind;
	if (!address(words, &access->address) ||
		(words->count > 2 && !number(words, 2, "a size in bytes (1, 8)", false, &size)))
		return false;
	if (!size || size > UINT32_MAX || access->address > UINT64_MAX - (size - 1))
		return wrong(words, 2, "a size that is not 0 and ends within the address space");
	access->size = (uint32_t)size;
	return true;
}

static bool event(const struct words *words, struct bel_statement *statement)
{
	struct bel_event *const made = &statement->event;

	switch (made->type) {
	case BEL_EVENT_FORK:
		return process(words, statement);
	case BEL_EVENT_EXEC:
		return words->count > 1 ? name(words, 1, statement)
					: wrong(words, 1, "the name of a program");
	case BEL_EVENT_EXIT:
		return words->count < 2 || number(words, 1, "a status", false, &made->value);
	case BEL_EVENT_MAP:
		return map(words, statement);
	case BEL_EVENT_PROTECT:
		return range(words, made) && rights(words, 3, &made->flags);
	case BEL_EVENT_GROW:
		return range(words, made) && region(words, 3, &made->region);
	default:
		return range(words, made);
	}
}

static const struct verb {
	const char *word;
	enum bel_statement_verb verb;
	uint8_t type;  /* of an event */
	unsigned most; /* words */
} verbs[] = {
	{"r", BEL_STATEMENT_REFERENCE, 0, 3},
	{"w", BEL_STATEMENT_REFERENCE, 0, 3},
	{"i", BEL_STATEMENT_REFERENCE, 0, 3},
	{"m", BEL_STATEMENT_REFERENCE, 0, 3},
	{"process", BEL_STATEMENT_PROCESS, 0, 3},
	{"fork", BEL_STATEMENT_EVENT, BEL_EVENT_FORK, 2},
	{"exec", BEL_STATEMENT_EVENT, BEL_EVENT_EXEC, 2},
	{"exit", BEL_STATEMENT_EVENT, BEL_EVENT_EXIT, 2},
	{"map", BEL_STATEMENT_EVENT, BEL_EVENT_MAP, 7},
	{"unmap", BEL_STATEMENT_EVENT, BEL_EVENT_UNMAP, 3},
	{"protect", BEL_STATEMENT_EVENT, BEL_EVENT_PROTECT, 4},
	{"grow", BEL_STATEMENT_EVENT, BEL_EVENT_GROW, 4},
	{"discard", BEL_STATEMENT_EVENT, BEL_EVENT_DISCARD, 3},
};

static const struct verb *verb_of(struct bel_cell word)
{
	for (size_t v = 0; v < sizeof(verbs) / sizeof(*verbs); v++)
		if (bel_cell_is(word, verbs[v].word))
			return &verbs[v];
	return NULL;
}

bool bel_statement_parse(const uint8_t *text, const uint8_t *end, struct bel_statement *statement,
	struct bel_fault *fault)
{
	struct words words = {.fault = fault};
	const struct verb *verb;

	*statement = (struct bel_statement){.verb = BEL_STATEMENT_NOTHING};
	if (end > text && end[-1] == '\r')
		end--;
	words.count = bel_cells_split(text, end, ' ', words.cell, WORDS);
	if (!words.cell[0].length || *words.cell[0].text == '#' ||
		bel_cell_starts(words.cell[0], "//"))
		return true;
	verb = verb_of(words.cell[0]);
	if (!verb)
		return bel_fault_say(fault, words.cell[0],
			"not a statement: r, w, i, m, process, fork, exec, exit, map, unmap, "
			"protect, grow or discard");
	if (words.count > verb->most)
		return bel_fault_say(
			fault, words.cell[0], "'%s' has at most %u words", verb->word, verb->most);
	statement->verb = verb->verb;
	statement->event.type = verb->type;
	if (verb->verb == BEL_STATEMENT_REFERENCE)
		return reference(&words, statement);
	return verb->verb == BEL_STATEMENT_PROCESS ? process(&words, statement)
						   : event(&words, statement);
}

bool bel_statement_is(const char *text)
{
	const char *const word = text + strspn(text, " \t\n");
	const size_t length = strcspn(word, " \t\n");

	return word[length] && verb_of((struct bel_cell){(const uint8_t *)word, length});
}
