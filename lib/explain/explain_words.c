/* SPDX-License-Identifier: MIT */
/* explain_words.c: the title of a run, and why pages leave, in the words of textbooks. */
#include <stdarg.h>
#include <stdio.h>

#include "explain.h"

#define NAMED_MAX 8 /* maximum of pages named in a sentence */

struct words {
	char *text;
	size_t size, length;
};

static void say(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct words *words, const char *format, ...)
{
	const size_t capacity = words->size - words->length;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(words->text + words->length, capacity, format, args);
	va_end(args);
	if (n > 0)
		words->length += (size_t)n < capacity ? (size_t)n : capacity - 1;
}

int bel_explain_title(const struct bel_explain *explain, char *text, size_t size)
{
	const struct bel_policy *policy = explain->spec->policy;
	struct words words = {.text = text, .size = size};

	say(&words, "%s", policy->name);
	for (size_t i = 0; i < bel_policy_params(policy); i++)
		if (!explain->frames || explain->spec->param[i] != policy->params[i].value)
			say(&words, ":%s=%.15g", policy->params[i].name, explain->spec->param[i]);
	if (explain->frames)
		say(&words, ", %llu frame%s", (unsigned long long)explain->frames,
			explain->frames == 1 ? "" : "s");
	return (int)words.length;
}

static const char *name_of(const struct bel_explain *explain, uint32_t page)
{
	return explain->string->name[page];
}

/* The frame of the hand before the reference at `now`; rows: there is no hand. */
static uint32_t find_hand(const struct bel_explain *explain, size_t now)
{
	const struct bel_cell *before = bel_explain_cell(explain, now - 1, 0);
	uint32_t hand = 0;

	while (hand < explain->rows && !(before[hand].marks & BEL_CELL_HAND))
		hand++;
	return hand;
}

/*
 * Whether the hand moved from frame to frame, cleared the bits of exactly the `passed` frames
 * from `hand` on, and so came to the page that left. Some policies move it in other ways.
 */
static bool swept(const struct bel_explain *explain, size_t now, const struct bel_departure *gone,
	uint32_t hand, uint32_t passed)
{
	const struct bel_cell *before = bel_explain_cell(explain, now - 1, 0);
	const struct bel_cell *after = bel_explain_cell(explain, now, 0);

	if ((hand + passed) % explain->rows != gone->frame)
		return false;
	for (uint32_t i = 0; i < explain->rows; i++) {
		const uint32_t row = (hand + i) % explain->rows;
		const uint32_t bit = i < passed ? 0 : before[row].marks & BEL_CELL_BIT;

		if (row != gone->frame && (after[row].marks & BEL_CELL_BIT) != bit)
			return false;
	}
	return true;
}

static void say_sweep(const struct bel_explain *explain, size_t now,
	const struct bel_departure *gone, struct words *words)
{
	const struct bel_cell *before = bel_explain_cell(explain, now - 1, 0);
	const uint32_t rows = explain->rows, hand = find_hand(explain, now);
	uint32_t passed = 0;

	while (hand < rows && passed < rows && before[(hand + passed) % rows].marks & BEL_CELL_BIT)
		passed++;
	if (hand == rows || !swept(explain, now, gone, hand, passed)) {
		say(words, "the hand takes %s", name_of(explain, gone->page));
		return;
	}
	if (!passed) {
		say(words, "the hand is at %s, whose bit is 0", name_of(explain, gone->page));
		return;
	}
	say(words, "the hand clears the bit%s of", passed == 1 ? "" : "s");
	for (uint32_t i = 0; i < passed && i < NAMED_MAX; i++)
		say(words, " %s", name_of(explain, before[(hand + i) % rows].page));
	say(words, "%s and %s %s", passed > NAMED_MAX ? " ..." : "",
		passed == rows ? "comes back to" : "finds", name_of(explain, gone->page));
	if (passed < rows)
		say(words, ", whose bit is 0");
}

/* OPT's reason: the next use of the page, and those of the other pages. */
static void say_future(const struct bel_explain *explain, size_t now,
	const struct bel_departure *gone, struct words *words)
{
	const struct bel_string_reference *reference = explain->string->reference;
	const char *between = ", after ";
	uint32_t named = 0;

	if (gone->next == BEL_NEVER) {
		say(words, "%s is never used again", name_of(explain, gone->page));
		return;
	}
	say(words, "%s is next used at %llu", name_of(explain, gone->page),
		(unsigned long long)gone->next);
	for (uint32_t row = 0; row < explain->rows && named < NAMED_MAX; row++) {
		const uint32_t page = explain->order[(now - 1) * explain->rows + row];
		size_t at = now;

		if (page == BEL_NO_PAGE || page == gone->page)
			continue;
		while (at < explain->string->count && reference[at].page != page)
			at++;
		if (at < explain->string->count)
			say(words, "%s%s (%zu)", between, name_of(explain, page), at);
		else
			say(words, "%s%s (never)", between, name_of(explain, page));
		between = ", ";
		named++;
	}
}

static void say_why(const struct bel_explain *explain, size_t now, const struct bel_departure *gone,
	struct words *words)
{
	const char *name = name_of(explain, gone->page);

	if (explain->hand && now)
		say_sweep(explain, now, gone, words);
	else if (explain->by == BEL_SHOW_NEXT_USE && explain->frames && now)
		say_future(explain, now, gone, words);
	else if (explain->by == BEL_SHOW_LOADED)
		say(words, "%s was loaded longest ago, at %llu", name,
			(unsigned long long)gone->loaded);
	else if (explain->by == BEL_SHOW_LAST_USE && explain->frames)
		say(words, "%s was used longest ago, at %llu", name,
			(unsigned long long)gone->last);
	else if (explain->by == BEL_SHOW_LAST_USE)
		say(words, "%s was last used at %llu: out of the window", name,
			(unsigned long long)gone->last);
	else
		say(words, "%s leaves", name);
}

void bel_explain_reason(
	const struct bel_explain *explain, size_t now, size_t index, char *text, size_t size)
{
	const struct bel_explain_step *step = &explain->step[now];
	const struct bel_departure *gone = &explain->departure[step->departure + index];
	struct words words = {.text = text, .size = size};

	say_why(explain, now, gone, &words);
	if (step->fault && gone->frame == step->frame)
		say(&words, "; %s takes frame %u",
			name_of(explain, explain->string->reference[now].page), gone->frame);
	else
		say(&words, "; frame %u is free", gone->frame);
	if (gone->written)
		say(&words, "; %s is written back", name_of(explain, gone->page));
}
