/* SPDX-License-Identifier: MIT */
/*
 * format.c: finds the linked foreign formats by name. Their descriptors are in a linker section,
 * in any order.
 */
#include <stdarg.h>
#include <string.h>

#include "format.h"

/* The linker defines these two from the section's name; weak: there may be no format at all. */
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
	char known[1000] = "bel";

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

const char *bel_probe_verdict_name(enum bel_probe_verdict verdict)
{
	static const char *const names[] = {"no", "possible", "likely", "certain"};

	return names[verdict];
}

enum bel_probe_verdict bel_probe_say(
	struct bel_probe *probe, enum bel_probe_verdict verdict, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(probe->reason, sizeof(probe->reason), format, args);
	va_end(args);
	return verdict;
}

void bel_format_quote(char *shown, size_t capacity, const uint8_t *text, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		char piece[8];

		if (text[i] == '\t' || text[i] == '\r')
			snprintf(piece, sizeof(piece), text[i] == '\t' ? "\\t" : "\\r");
		else if (text[i] >= 0x20 && text[i] < 0x7f)
			snprintf(piece, sizeof(piece), "%c", text[i]);
		else
			snprintf(piece, sizeof(piece), "\\x%02x", text[i]);
		/* Leave room for the "...". */
		if (used + strlen(piece) + 4 > capacity) {
			strcpy(shown + used, "...");
			return;
		}
		strcpy(shown + used, piece);
		used += strlen(piece);
	}
	shown[used] = '\0';
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
	bel_format_quote(shown, sizeof(shown), text, length);
	return bel_fail(
		err, "%s: line %llu: %s: '%s'", input->name, (unsigned long long)line, what, shown);
}
