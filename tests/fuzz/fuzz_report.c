/* SPDX-License-Identifier: MIT */
/*
 * fuzz_report.c: records with anything in them against the page that is made of them. Whatever they
 * hold, the page has only our elements, none of which loads anything or runs anything but our one
 * script, and no character that controls a terminal.
 *
 * The input is JSON, as a file of records is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const elements[] = {"html", "head", "meta", "title", "style", "body", "header",
	"main", "footer", "section", "h1", "h2", "h3", "p", "b", "small", "span", "code", "pre",
	"div", "dl", "dt", "dd", "figure", "figcaption", "button", "svg", "path", "rect", "text",
	"g", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "script", NULL};

static _Noreturn void stop(const char *why, const char *at)
{
	fprintf(stderr, "fuzz_report: %s: %.80s\n", why, at);
	abort();
}

/* Behind the '<'. Returns the end of the tag. */
static const char *check_tag(const char *at)
{
	const char *const name = at + (*at == '/');
	const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz123");
	size_t i = 0;

	while (elements[i] &&
		(strlen(elements[i]) != length || memcmp(elements[i], name, length) != 0))
		i++;
	if (!elements[i])
		stop("not one of our elements", at);
	for (at = name + length; *at && *at != '>'; at++) {
		if (!strncmp(at, " on", 3) || !strncmp(at, " src", 4) || !strncmp(at, " href", 5))
			stop("an attribute that runs or loads", at);
		if (*at == '"' && !(at = strchr(at + 1, '"')))
			stop("a text is not closed", name);
		if (*at == '<')
			stop("a tag in a tag", name);
	}
	return at;
}

static void check(const char *page)
{
	static const char head[] = "<!DOCTYPE html>\n";
	unsigned scripts = 0;

	if (strncmp(page, head, sizeof(head) - 1) != 0)
		stop("does not begin as a page does", page);
	for (const char *at = page + sizeof(head) - 1; *at; at++) {
		if ((unsigned char)*at < ' ' && *at != '\n')
			stop("a control character", at);
		if (*at != '<')
			continue;
		if (!strncmp(at, "<script", 7) || !strncmp(at, "<style", 6)) {
			const char *const end = strstr(at, at[2] == 'c' ? "</script>" : "</style>");

			scripts += at[2] == 'c';
			if (!end)
				stop("a script is not closed", at);
			at = end;
		}
		at = check_tag(at + 1);
	}
	if (scripts != 2) /* the records, and the script */
		stop("not our scripts", page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bel_err err = {.code = BEL_OK};
	struct bel_report *const report = bel_report_new(&err);
	FILE *const file = size ? fmemopen((void *)data, size, "r") : NULL;
	char *page = NULL;
	size_t length;
	FILE *out;

	if (report && file && bel_report_read_file(report, file, "fuzz", &err) == BEL_OK) {
		out = open_memstream(&page, &length);
		if (!out)
			abort();
		if (bel_report_write(report, out, &err) == BEL_OK) {
			fclose(out);
			check(page);
		} else {
			fclose(out);
		}
	}
	if (file)
		fclose(file);
	free(page);
	bel_report_free(report);
	return 0;
}
