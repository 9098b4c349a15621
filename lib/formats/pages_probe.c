/* SPDX-License-Identifier: MIT */
/*
 * pages_probe.c: whether a text is a list of pages. Numbers in one line, or in one column, are a
 * list. A table of several columns is not, even if each word is a valid page number.
 */
#include "pages_probe.h"

#include "text_look.h"

/* Numbers with R or W after them. */
static enum bel_probe_verdict judge_marked(
	struct bel_probe *probe, const struct bel_text_look *look)
{
	if (look->marks_first * 4 > look->lines)
		return bel_probe_say(probe, BEL_PROBE_NO, "R or W comes before the numbers");
	if (look->others && look->marked_lines && look->marked_lines * 4 < look->lines * 3)
		return bel_probe_say(probe, BEL_PROBE_NO, "%u of %u lines are 'number R|W'",
			look->marked_lines, look->lines);
	if (look->marked_lines < look->lines && !(look->others && look->marked_lines)) {
		const bool paired = look->marks * 2 == look->words;

		if (!look->marks || paired || look->columns_max <= 2)
			return bel_probe_say(
				probe, BEL_PROBE_CERTAIN, "numbers with an r or a w after them");
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"numbers, some of them with R or W after them, in up to %u columns",
			look->columns_max);
	}
	if (bel_text_look_is_hex(look) || look->largest >= BEL_TEXT_SMALL)
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"lines are 'number R|W', and the numbers may be pages or addresses");
	return bel_probe_say(probe, BEL_PROBE_LIKELY,
		"lines are 'number R|W', and every number is decimal and below %d",
		(int)BEL_TEXT_SMALL);
}

/* One number per line. */
static enum bel_probe_verdict judge_column(
	struct bel_probe *probe, const struct bel_text_look *look)
{
	const bool small = look->largest < BEL_TEXT_SMALL;
	/*
	 * With a page size below that of page numbers, the numbers are addresses, unless all of
	 * these would be in one page.
	 */
	const unsigned page_bits = probe->unit_bits ? 0 : probe->page_bits;

	if (look->stars)
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"one number per line, with '*' between sections");
	if (page_bits && page_bits < 12 && look->largest >> page_bits)
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"one number per line; pages of page numbers are larger than --page-size");
	if (look->prefixed)
		return bel_probe_say(probe, small ? BEL_PROBE_LIKELY : BEL_PROBE_POSSIBLE,
			"one hexadecimal number per line");
	return bel_probe_say(probe,
		small || probe->unit_bits ? BEL_PROBE_CERTAIN : BEL_PROBE_LIKELY,
		"one decimal number per line%s",
		small ? ", each below 4096" : "; for byte addresses use --from addresses");
}

/* One line: a table of one row would have an address or a time in it, except ARC's. */
static enum bel_probe_verdict judge_row(struct bel_probe *probe, const struct bel_text_look *look)
{
	const bool small = look->largest < BEL_TEXT_SMALL && !look->prefixed;
	const unsigned many = 5; /* fewer numbers may be a row of a table */
	enum { ARC_COLUMNS = 4 };

	if (small && (look->commas || look->words != ARC_COLUMNS))
		return bel_probe_say(probe, BEL_PROBE_CERTAIN,
			"one line of %u numbers, each below 4096", look->words);
	return bel_probe_say(probe,
		look->words < many ? small || look->commas ? BEL_PROBE_LIKELY : BEL_PROBE_POSSIBLE
		: look->prefixed   ? BEL_PROBE_LIKELY
				   : BEL_PROBE_CERTAIN,
		"one line of %u numbers", look->words);
}

/* Several lines of several numbers: a list with line breaks, or a table. */
static enum bel_probe_verdict judge_lines(struct bel_probe *probe, const struct bel_text_look *look)
{
	enum { WIDE = 6 }; /* columns; few tables have so many, with some missing */

	if (look->continued_lines + 1 >= look->lines && look->continued_lines)
		return bel_probe_say(probe, BEL_PROBE_LIKELY,
			"numbers separated by commas, also at the ends of lines");
	if (bel_text_look_is_table(look))
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"a table of numbers in %u columns; name them with --columns and "
			"--separator",
			look->columns_max);
	if (look->columns_least >= WIDE && look->largest < BEL_TEXT_SMALL)
		return bel_probe_say(probe, BEL_PROBE_LIKELY,
			"lines of %u to %u numbers below 4096", look->columns_min,
			look->columns_max);
	return bel_probe_say(probe, BEL_PROBE_POSSIBLE, "lines of %u to %u numbers",
		look->columns_min, look->columns_max);
}

enum bel_probe_verdict bel_pages_probe(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, BEL_TEXT_ALL_COLUMNS);
	const unsigned numbers = bel_text_look_numbers(&look);
	const unsigned good = numbers + look.marks + look.stars;
	enum bel_probe_verdict verdict;

	if (!numbers || good * 4 < look.words * 3)
		return bel_probe_say(probe, BEL_PROBE_NO, "%u of %u words are page numbers",
			numbers, look.words);
	if (look.marks + look.attached)
		verdict = judge_marked(probe, &look);
	else if (look.columns_max == 1)
		verdict = judge_column(probe, &look);
	else if (look.lines == 1)
		verdict = judge_row(probe, &look);
	else
		verdict = judge_lines(probe, &look);
	if (good < look.words && verdict > BEL_PROBE_LIKELY)
		return bel_probe_say(probe, BEL_PROBE_LIKELY, "%u of %u words are page numbers",
			good, look.words);
	return verdict;
}

enum bel_probe_verdict bel_letters_probe(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, BEL_TEXT_ALL_COLUMNS);
	const unsigned good = look.letters + look.marks;

	if (!look.letters || good * 4 < look.words * 3)
		return bel_probe_say(
			probe, BEL_PROBE_NO, "%u of %u words are letters", good, look.words);
	if (look.columns_max > 1 && look.lines > 1)
		return bel_probe_say(probe, good == look.words ? BEL_PROBE_POSSIBLE : BEL_PROBE_NO,
			"lines of up to %u letters", look.columns_max);
	return bel_probe_say(probe,
		good == look.words && good > 2 ? BEL_PROBE_CERTAIN : BEL_PROBE_LIKELY,
		"%u of %u words are letters", good, look.words);
}
