/* SPDX-License-Identifier: MIT */
/* capture_parts.c: names, commits and opens the parts of a capture. */
#include "capture_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The caller frees it; NULL: out of memory. */
static char *name_of(const char *output, unsigned part)
{
	const char *const slash = strrchr(output, '/');
	const char *const dot = strrchr(slash ? slash : output, '.');
	const int stem = dot && !strcmp(dot, ".bel") ? (int)(dot - output) : (int)strlen(output);
	char *name = NULL;

	return asprintf(&name, "%.*s.%u.bel", stem, output, part) < 0 ? NULL : name;
}

void capture_parts_start(struct tool *tool, struct capture_parts *parts, const char *output)
{
	char *const name = name_of(output, 1);

	if (!strcmp(output, "-"))
		tool_usage(tool, "--split: the parts are files: give -o NAME.bel");
	if (!name)
		tool_no_memory(tool, "the name of a part");
	*parts = (struct capture_parts){output, output_trace(tool, name, NULL)};
	if (parts->out->direct)
		tool_usage(tool, "--split: %s is no regular file", name);
	free(name);
}

int capture_parts_next(void *data, unsigned part, FILE **file, struct bel_err *err)
{
	struct capture_parts *const parts = data;
	char *const name = name_of(parts->output, part);
	int r = name ? bel_outfile_commit(parts->out, err)
		     : bel_err_memory(err, "the name of a part");

	if (r == 0)
		r = bel_outfile_open(parts->out, name, err);
	free(name);
	*file = r == 0 ? parts->out->file : NULL;
	return r;
}
