/* SPDX-License-Identifier: MIT */
/* html.c: text, numbers and sizes as text of HTML. */
#include "html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "markup.h"
#include "visible.h"

void bel_html_word(FILE *file, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789%+,-./:=@_";
	char letter[2] = {0};

	if (*text && !text[strspn(text, plain)]) {
		bel_markup_text(file, text);
		return;
	}
	fputs("&#39;", file);
	while (*text) {
		const size_t length = strcspn(text, "'");
		char piece[64];

		/* Whole characters; a long word is copied in pieces. */
		if (length) {
			size_t n = 0;

			while (n < length && n < sizeof(piece) - 5) {
				const size_t one = bel_utf8_length(text + n);

				n += one ? one : 1;
			}
			memcpy(piece, text, n);
			piece[n] = '\0';
			bel_markup_text(file, piece);
			text += n;
		} else {
			letter[0] = *text++;
			fputs("&#39;\\", file);
			bel_markup_text(file, letter);
			fputs("&#39;", file);
		}
	}
	fputs("&#39;", file);
}

void bel_html_count(FILE *file, uint64_t value)
{
	char digits[24];
	const int length = snprintf(digits, sizeof(digits), "%" PRIu64, value);

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			putc(',', file);
		putc(digits[i], file);
	}
}

const char *bel_html_real(char text[static BEL_HTML_SIZE], double value)
{
	const double size = fabs(value);
	const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;

	if (size >= 1e15 || (size > 0 && size < 0.0995))
		snprintf(text, BEL_HTML_SIZE, "%.3g", value);
	else
		snprintf(text, BEL_HTML_SIZE, "%.*f", decimals, value);
	/* 4.00 is 4. */
	if (strchr(text, '.') && !strchr(text, 'e')) {
		char *end = text + strlen(text) - 1;

		while (*end == '0')
			*end-- = '\0';
		if (*end == '.')
			*end = '\0';
	}
	return text;
}

/* A value in the largest unit that it has at least one of. */
static const char *in_units(
	char text[static BEL_HTML_SIZE], double value, const char *const *unit, const double *step)
{
	char number[BEL_HTML_SIZE];

	while (unit[1] && value >= *step)
		value /= *step++, unit++;
	snprintf(text, BEL_HTML_SIZE, "%.20s %.10s", bel_html_real(number, value), *unit);
	return text;
}

const char *bel_html_bytes(char text[static BEL_HTML_SIZE], double bytes)
{
	static const char *const unit[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", NULL};
	static const double step[] = {1024, 1024, 1024, 1024, 1024, 1024};

	return in_units(text, bytes, unit, step);
}

const char *bel_html_time(char text[static BEL_HTML_SIZE], double ns)
{
	static const char *const unit[] = {"ns", "us", "ms", "s", "minutes", "hours", "days", NULL};
	static const double step[] = {1000, 1000, 1000, 60, 60, 24};

	if (ns == 0)
		return strcpy(text, "0");
	return in_units(text, ns, unit, step);
}
