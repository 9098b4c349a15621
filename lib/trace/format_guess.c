/* SPDX-License-Identifier: MIT */
/*
 * format_guess.c: recognises the format of a stream.
 *
 * Each format's probe judges the first 64 KiB. The order of choice:
 *	1. the format that is certain (of several, the one with the file's suffix);
 *	2. of the formats that are at least possible, the one with the file's suffix;
 *	3. the only likely format.
 * Otherwise the stream is refused, and the message lists the candidates.
 */
#include <string.h>

#include "encoding.h"
#include "format_nearest.h"
#include "input_codec.h"

#define PROBE_BYTES ((size_t)64 << 10)
#define CANDIDATES_MAX 64

/* A format whose verdict is not NO, with its reason. */
struct candidate {
	const struct bel_format *format;
	enum bel_probe_verdict verdict;
	bool suffix; /* the file's name ends in one of the format's suffixes */
	char reason[160];
};

/* The length of a name without the suffix of a compression. */
static size_t stem_length(const char *name)
{
	static const char *const packed[] = {".gz", ".xz", ".zst", ".zstd", ".bz2"};
	const size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(packed) / sizeof(*packed); i++) {
		const size_t n = strlen(packed[i]);

		if (length > n && !strcmp(name + length - n, packed[i]))
			return length - n;
	}
	return length;
}

static bool suffix_matches(const struct bel_format *format, const char *name)
{
	const size_t length = stem_length(name);
	const char *suffix = format->suffixes;

	while (suffix && *suffix) {
		const size_t n = strcspn(suffix, " ");

		if (n && length > n && !memcmp(name + length - n, suffix, n))
			return true;
		suffix += n;
		suffix += strspn(suffix, " ");
	}
	return false;
}

/* Asks every format. Returns the number of formats whose verdict is not NO, or with the suffix. */
static size_t ask_all(
	struct candidate *candidate, struct bel_probe *probe, const struct bel_input *input)
{
	const struct bel_format *format;
	size_t count = 0;

	for (size_t i = 0; (format = bel_format_at(i)) && count < CANDIDATES_MAX; i++) {
		struct candidate *const c = &candidate[count];

		if (!format->open)
			continue;
		*c = (struct candidate){.format = format};
		*probe->reason = '\0';
		c->suffix = suffix_matches(format, input->name);
		c->verdict = format->probe ? format->probe(probe) : BEL_PROBE_NO;
		memcpy(c->reason, probe->reason, sizeof(c->reason));
		count += c->suffix || c->verdict != BEL_PROBE_NO;
	}
	return count;
}

/* A head line that csv can read may be that of a specific format, which reads more of it. */
static void yield_to_layouts(struct candidate *candidate, size_t count)
{
	bool layout = false;

	for (size_t i = 0; i < count; i++)
		layout |= candidate[i].verdict == BEL_PROBE_CERTAIN &&
			  !(candidate[i].format->caps & BEL_FORMAT_GENERAL);
	for (size_t i = 0; layout && i < count; i++)
		if (candidate[i].format->caps & BEL_FORMAT_GENERAL)
			candidate[i].verdict = BEL_PROBE_NO;
}

/* The only candidate with at least this verdict and, if wanted, with the suffix; else NULL. */
static const struct candidate *only(
	const struct candidate *candidate, size_t count, enum bel_probe_verdict least, bool suffix)
{
	const struct candidate *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (candidate[i].verdict < least || (suffix && !candidate[i].suffix))
			continue;
		if (found)
			return NULL;
		found = &candidate[i];
	}
	return found;
}

static bool any(const struct candidate *candidate, size_t count, enum bel_probe_verdict least)
{
	for (size_t i = 0; i < count; i++)
		if (candidate[i].verdict >= least)
			return true;
	return false;
}

/*
 * Chooses by suffix only: a format of bare integers, or, if all verdicts are NO, the only format
 * with the suffix.
 */
static const struct candidate *by_suffix_alone(const struct candidate *candidate, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (candidate[i].suffix && !candidate[i].format->probe)
			return &candidate[i];
	return any(candidate, count, BEL_PROBE_POSSIBLE)
		       ? NULL
		       : only(candidate, count, BEL_PROBE_NO, true);
}

static const struct candidate *choose(
	const struct candidate *candidate, size_t count, bool *by_suffix)
{
	const struct candidate *c;

	*by_suffix = false;
	if (any(candidate, count, BEL_PROBE_CERTAIN)) {
		c = only(candidate, count, BEL_PROBE_CERTAIN, false);
		return c ? c : only(candidate, count, BEL_PROBE_CERTAIN, true);
	}
	c = only(candidate, count, BEL_PROBE_POSSIBLE, true);
	if (!c)
		c = by_suffix_alone(candidate, count);
	*by_suffix = c;
	return c ? c : only(candidate, count, BEL_PROBE_LIKELY, false);
}

/* The first line that is neither blank nor a comment. */
struct first_line {
	const uint8_t *text;
	size_t length;
	unsigned long number;
	char quoted[64];
};

static void find_first_line(struct first_line *line, const struct bel_probe *probe)
{
	const uint8_t *p = probe->data;
	const uint8_t *const stop = p + probe->have;
	unsigned long number = 0;

	*line = (struct first_line){.text = p};
	while (p < stop) {
		const uint8_t *const newline = memchr(p, '\n', (size_t)(stop - p));
		const uint8_t *end = newline ? newline : stop;

		number++;
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		while (end > p && (end[-1] == '\r' || end[-1] == ' ' || end[-1] == '\t'))
			end--;
		if (p < end && *p != '#' && !(*p == '/' && end - p > 1 && p[1] == '/')) {
			*line = (struct first_line){p, (size_t)(end - p), number, ""};
			break;
		}
		p = newline ? newline + 1 : stop;
	}
	bel_format_quote(line->quoted, sizeof(line->quoted), line->text, line->length);
}

/* "A, B or C: choose with --from (REASONS)": all candidates with at least verdict `least`. */
static void name_candidates(const struct candidate *candidate, size_t count,
	enum bel_probe_verdict least, char *names, size_t capacity)
{
	size_t left = 0, used = 0;
	char reasons[400] = "";

	for (size_t i = 0; i < count; i++)
		left += candidate[i].verdict >= least;
	for (size_t i = 0, n = 0; i < count; i++) {
		const struct candidate *const c = &candidate[i];

		if (c->verdict < least || used + 40 > capacity)
			continue;
		left--;
		used += (size_t)snprintf(names + used, capacity - used, "%s%s", c->format->name,
			left > 1   ? ", "
			: left > 0 ? " or "
				   : "");
		if (n + strlen(c->reason) + 40 < sizeof(reasons))
			n += (size_t)snprintf(reasons + n, sizeof(reasons) - n, "%s%s: %s",
				n ? "; " : "", c->format->name, c->reason);
	}
	snprintf(names + used, capacity - used, ": choose with --from (%s)", reasons);
}

static int refuse(const struct candidate *candidate, size_t count, const struct bel_probe *probe,
	const struct bel_input *input, struct bel_err *err)
{
	const enum bel_probe_verdict least =
		any(candidate, count, BEL_PROBE_CERTAIN)  ? BEL_PROBE_CERTAIN
		: any(candidate, count, BEL_PROBE_LIKELY) ? BEL_PROBE_LIKELY
							  : BEL_PROBE_POSSIBLE;
	const struct bel_codec *const codec = bel_codec_guess(probe->data, probe->have);
	struct first_line line;
	char text[500];

	if (codec)
		return bel_fail(err,
			"%s: is compressed twice: unpacked, it is %s data again; unpack it once "
			"before",
			input->name, codec->name);
	find_first_line(&line, probe);
	if (any(candidate, count, least)) {
		name_candidates(candidate, count, least, text, sizeof(text));
		return bel_fail(err, "%s: line %lu \"%s\": may be %s", input->name, line.number,
			line.quoted, text);
	}
	if (probe->have > 4 && !memcmp(probe->data, "\177ELF", 4))
		return bel_fail(err,
			"%s: is a program or a library, not a trace; bel-capture -o TRACE.bel -- "
			"PROGRAM records one",
			input->name);
	if (memchr(probe->data, '\0', probe->have))
		return bel_fail(err,
			"%s: not a trace in any known format, and not text; bare integers need "
			"--from "
			"u32le, u32be, u64le or u64be; list: --from list",
			input->name);
	if (!line.length && probe->whole)
		return bel_fail(
			err, "%s: no references: only blank lines and comments", input->name);
	if (!line.length)
		return bel_fail(err,
			"%s: the first 64 KiB are blank lines and comments; give the format with "
			"--from",
			input->name);
	bel_format_nearest(text, sizeof(text), line.text, line.length);
	return bel_fail(err,
		"%s: line %lu \"%s\": not a trace in any known format%s%s; list: --from list; "
		"for a table: --columns address=2",
		input->name, line.number, line.quoted, *text ? "; nearest: " : "", text);
}

int bel_format_guess(struct bel_guess *guess, struct bel_input *input, unsigned page_bits,
	unsigned unit_bits, struct bel_err *err)
{
	static const char records[] = "{\"schema\":\"belady.";
	struct candidate candidate[CANDIDATES_MAX];
	struct bel_probe probe = {.page_bits = page_bits, .unit_bits = unit_bits};
	const struct candidate *chosen;
	bool by_suffix;
	size_t count, mark;
	int r = bel_input_fill(input, PROBE_BYTES, err);

	*guess = (struct bel_guess){.format = NULL};
	if (r < 0)
		return r;
	if (!r)
		return bel_fail(err, "%s: empty: no trace", input->name);
	mark = bel_encoding_mark(input);
	probe.data = input->data + mark;
	probe.have = (input->have < PROBE_BYTES ? input->have : PROBE_BYTES) - mark;
	/* If the window is full, more bytes may follow; the verdict must not depend on that. */
	probe.whole = input->ended && input->have < PROBE_BYTES;
	if (probe.have > sizeof(records) && !memcmp(probe.data, records, sizeof(records) - 1))
		return bel_fail(err,
			"%s: has results, not a trace; bel-plot and bel-compare read results",
			input->name);
	count = ask_all(candidate, &probe, input);
	yield_to_layouts(candidate, count);
	chosen = choose(candidate, count, &by_suffix);
	if (!chosen && (r = bel_encoding_begin(input, err)) < 0)
		return r;
	if (!chosen)
		return refuse(candidate, count, &probe, input, err);
	guess->format = chosen->format;
	guess->verdict = by_suffix ? BEL_PROBE_CERTAIN : chosen->verdict;
	if (by_suffix)
		snprintf(guess->reason, sizeof(guess->reason), "the name's suffix (%s)",
			chosen->format->suffixes);
	else
		memcpy(guess->reason, chosen->reason, sizeof(guess->reason));
	return BEL_OK;
}
