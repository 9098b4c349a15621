/* SPDX-License-Identifier: MIT */
/*
 * format.c: the foreign formats that are linked in, by name and by look.
 *
 * The descriptors stand in a linker section, in any order. Guessing asks each
 * for its confidence; where the best answer is a tie or a weak one, the file's
 * suffix decides, and where that does not either, the user must.
 */
#include <string.h>

#include "format.h"

#define PROBE_BYTES ((size_t)64 << 10)
/* From here on a probe's word stands against the suffix. */
#define SURE 50

/* The linker makes these two from the section's name; weak: without any format there is none. */
extern const struct bel_format *const __start_bel_formats[] __attribute__((weak));
extern const struct bel_format *const __stop_bel_formats[] __attribute__((weak));

static size_t format_count(void)
{
	return __start_bel_formats ? (size_t)(__stop_bel_formats - __start_bel_formats) : 0;
}

const struct bel_format *bel_format_at(size_t index)
{
	const size_t count = format_count();

	for (size_t i = 0; i < count; i++) {
		size_t before = 0;

		for (size_t j = 0; j < count; j++) {
			const int order =
				strcmp(__start_bel_formats[j]->name, __start_bel_formats[i]->name);

			before += order < 0 || (order == 0 && j < i);
		}
		if (before == index)
			return __start_bel_formats[i];
	}
	return NULL;
}

const struct bel_format *bel_format_find(const char *name, struct bel_err *err)
{
	const struct bel_format *format;
	char known[400] = "bel";

	for (size_t i = 0; (format = bel_format_at(i)); i++) {
		if (!strcmp(format->name, name))
			return format;
		if (strlen(known) + strlen(format->name) + 3 < sizeof(known)) {
			strcat(known, ", ");
			strcat(known, format->name);
		}
	}
	bel_usage(err, "unknown trace format '%s' (known: %s)", name, known);
	return NULL;
}

/* The length of a name without the suffix of its compression. */
static size_t stem_length(const char *name)
{
	static const char *const packed[] = {".gz", ".bz2", ".xz", ".zst", ".zstd"};
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

/* How sure a format is of the input's start. */
static int score_of(const struct bel_format *format, const struct bel_input *input)
{
	const bool whole = input->ended && input->have <= PROBE_BYTES;

	if (!format->open)
		return 0;
	return format->probe(
		input->data, input->have < PROBE_BYTES ? input->have : PROBE_BYTES, whole);
}

/* The one format with that suffix, among those that score at least `least`. */
static const struct bel_format *by_suffix(const struct bel_input *input, int least)
{
	const struct bel_format *found = NULL, *format;

	for (size_t i = 0; (format = bel_format_at(i)); i++) {
		if (!format->open || !suffix_matches(format, input->name))
			continue;
		if (least > 0 && score_of(format, input) < least)
			continue;
		if (found)
			return NULL;
		found = format;
	}
	return found;
}

const struct bel_format *bel_format_guess(struct bel_input *input, struct bel_err *err)
{
	const struct bel_format *best = NULL, *rival = NULL, *format;
	int most = 0;
	int r = bel_input_fill(input, PROBE_BYTES, err);

	if (r < 0)
		return NULL;
	if (!r) {
		bel_fail(err, "%s: empty: no trace", input->name);
		return NULL;
	}
	for (size_t i = 0; (format = bel_format_at(i)); i++) {
		const int score = score_of(format, input);

		if (score > most) {
			most = score;
			best = format;
			rival = NULL;
		} else if (score == most && score > 0) {
			rival = format;
		}
	}
	if (!best || rival || most < SURE) {
		format = by_suffix(input, rival && most >= SURE ? most : 0);
		if (format)
			return format;
	}
	if (!best)
		bel_fail(
			err, "%s: not a trace in any known format (--from names one)", input->name);
	else if (rival)
		bel_fail(err, "%s: may be %s or %s: --from tells which", input->name, best->name,
			rival->name);
	return rival ? NULL : best;
}

/* A line's start for a message: printable ASCII as it is, all else as '?'. */
static void show_text(char *shown, size_t room, const uint8_t *text, size_t length)
{
	const size_t n = length < room - 4 ? length : room - 4;

	for (size_t i = 0; i < n; i++)
		shown[i] = text[i] >= 0x20 && text[i] < 0x7f ? (char)text[i] : '?';
	strcpy(shown + n, n < length ? "..." : "");
}

int bel_format_bad(struct bel_format_tally *tally, const struct bel_format_options *options,
	const struct bel_input *input, uint64_t line, const char *what, const uint8_t *text,
	size_t length, struct bel_err *err)
{
	char shown[48];

	if (tally->bad < options->max_bad) {
		tally->bad++;
		return 0;
	}
	show_text(shown, sizeof(shown), text, length);
	return bel_fail(
		err, "%s: line %llu: %s: '%s'", input->name, (unsigned long long)line, what, shown);
}
