/* SPDX-License-Identifier: MIT */
/*
 * format_guess.c: which format a stream is of.
 *
 * Each format's probe judges the first 64 KiB. A format that is certain is taken; where none is,
 * the file's suffix chooses among those that are possible at all; then the only likely one is
 * taken. Anything else is refused with the candidates.
 */
#include <string.h>

#include "encoding.h"
#include "format.h"

#define PROBE_BYTES ((size_t)64 << 10)
#define CANDIDATES_MAX 64

/* A format that does not say no, and why. */
struct candidate {
	const struct bel_format *format;
	enum bel_probe_verdict verdict;
	bool suffix; /* the file's name ends in one of the format's suffixes */
	char reason[160];
};

/* The length of a name without the suffix of its compression. */
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

/* Asks every format; returns how many did not say no or have the file's suffix. */
static size_t ask_all(
	struct candidate *candidate, struct bel_probe *probe, const struct bel_input *input)
{
	const size_t mark = bel_encoding_mark(probe->data, probe->have);
	const struct bel_probe bytes = *probe;
	const struct bel_format *format;
	size_t count = 0;

	for (size_t i = 0; (format = bel_format_at(i)) && count < CANDIDATES_MAX; i++) {
		struct candidate *const c = &candidate[count];
		const size_t skip = format->caps & BEL_FORMAT_BINARY ? 0 : mark;

		if (!format->open)
			continue;
		*c = (struct candidate){.format = format};
		probe->data = bytes.data + skip;
		probe->have = bytes.have - skip;
		*probe->reason = '\0';
		c->suffix = suffix_matches(format, input->name);
		c->verdict = format->probe ? format->probe(probe) : BEL_PROBE_NO;
		memcpy(c->reason, probe->reason, sizeof(c->reason));
		count += c->suffix || c->verdict != BEL_PROBE_NO;
	}
	return count;
}

/* The one candidate that is at least so sure, and has the suffix if that is asked for. */
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

/* A suffix alone: bare integers before all, then what nothing speaks against more than for. */
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

/* "may be A, B or C: --from tells which": the likely ones, or where there are none the possible. */
static int refuse(const struct candidate *candidate, size_t count, const struct bel_input *input,
	struct bel_err *err)
{
	const enum bel_probe_verdict least =
		any(candidate, count, BEL_PROBE_CERTAIN)  ? BEL_PROBE_CERTAIN
		: any(candidate, count, BEL_PROBE_LIKELY) ? BEL_PROBE_LIKELY
							  : BEL_PROBE_POSSIBLE;
	size_t left = 0, used = 0;
	char names[400] = "";

	for (size_t i = 0; i < count; i++)
		left += candidate[i].verdict >= least;
	if (!left)
		return bel_fail(
			err, "%s: not a trace in any known format (--from names one)", input->name);
	for (size_t i = 0; i < count; i++) {
		if (candidate[i].verdict < least || used + 40 > sizeof(names))
			continue;
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
			candidate[i].format->name,
			left > 2   ? ", "
			: left > 1 ? " or "
				   : "");
		left--;
	}
	return bel_fail(err, "%s: may be %s: --from tells which", input->name, names);
}

int bel_format_guess(
	struct bel_guess *guess, struct bel_input *input, unsigned page_bits, struct bel_err *err)
{
	struct candidate candidate[CANDIDATES_MAX];
	struct bel_probe probe = {.page_bits = page_bits};
	const struct candidate *chosen;
	bool by_suffix;
	size_t count;
	int r = bel_input_fill(input, PROBE_BYTES, err);

	*guess = (struct bel_guess){.format = NULL};
	if (r < 0)
		return r;
	if (!r)
		return bel_fail(err, "%s: empty: no trace", input->name);
	probe.data = input->data;
	probe.have = input->have < PROBE_BYTES ? input->have : PROBE_BYTES;
	probe.whole = input->ended && input->have <= PROBE_BYTES;
	count = ask_all(candidate, &probe, input);
	chosen = choose(candidate, count, &by_suffix);
	/* Of text in UTF-16 no format could make anything: that is told first. */
	if (!chosen && (r = bel_encoding_begin(input, err)) < 0)
		return r;
	if (!chosen)
		return refuse(candidate, count, input, err);
	guess->format = chosen->format;
	guess->verdict = by_suffix ? BEL_PROBE_CERTAIN : chosen->verdict;
	if (by_suffix)
		snprintf(guess->reason, sizeof(guess->reason), "the name's suffix is one of %s",
			chosen->format->suffixes);
	else
		memcpy(guess->reason, chosen->reason, sizeof(guess->reason));
	return BEL_OK;
}
