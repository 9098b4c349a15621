/* SPDX-License-Identifier: MIT */
/* blame_by.c: names of the parts of a key, and lists of them. */
#include "blame_by.h"

#include <string.h>

static const char *const names[BEL_BLAME_PARTS] = {
	[BEL_BLAME_PROCESS] = "process",
	[BEL_BLAME_COMMAND] = "command",
	[BEL_BLAME_THREAD] = "thread",
	[BEL_BLAME_MARK] = "mark",
	[BEL_BLAME_FUNCTION] = "function",
	[BEL_BLAME_LINE] = "line",
	[BEL_BLAME_OBJECT] = "object",
	[BEL_BLAME_STACK] = "stack",
	[BEL_BLAME_REGION] = "region",
	[BEL_BLAME_MAPPING] = "mapping",
	[BEL_BLAME_LIBRARY] = "library",
	[BEL_BLAME_PAGE] = "page",
};

const char *bel_blame_part_name(enum bel_blame_part part)
{
	return names[part];
}

static int refuse(const char *text, size_t length, const char *why, struct bel_err *err)
{
	char known[160] = "";

	for (int i = 0; i < BEL_BLAME_PARTS; i++) {
		strcat(known, i ? ", " : "");
		strcat(known, names[i]);
	}
	return bel_usage(err, "--by: '%.*s' %s; give a list of %s",
		(int)(length < 60 ? length : 60), text, why, known);
}

int bel_blame_by_parse(const char *text, struct bel_blame_by *by, struct bel_err *err)
{
	*by = (struct bel_blame_by){.count = 0};
	for (;;) {
		const size_t length = strcspn(text, ",");
		unsigned part = 0;

		while (part < BEL_BLAME_PARTS &&
			(strlen(names[part]) != length || strncmp(names[part], text, length) != 0))
			part++;
		if (part == BEL_BLAME_PARTS)
			return refuse(text, length, "is not known", err);
		if (by->set >> part & 1)
			return refuse(text, length, "is there twice", err);
		by->set |= 1u << part;
		by->part[by->count++] = (unsigned char)part;
		strcat(by->text, *by->text ? "," : "");
		strcat(by->text, names[part]);
		if (!text[length])
			return BEL_OK;
		text += length + 1;
	}
}
