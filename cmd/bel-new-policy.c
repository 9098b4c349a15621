/* SPDX-License-Identifier: MIT */
/* bel-new-policy.c: a name in, a file NAME.c out that is a policy, works and wants changing. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy_template.h"
#include "tool.h"

static const char *output;

static const struct bel_option options[] = {
	{"output", 'o', "FILE", "write to FILE (default: NAME.c here; - is standard output)",
		BEL_OPT_TEXT, &output},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-new-policy",
	.synopsis = "[OPTION...] NAME",
	.purpose = "Writes a page-replacement policy to begin with: commented, and sound.",
	.options = options,
	.examples = "  bel-new-policy mine\n"
		    "  cc -O2 -fPIC -shared -DBEL_PLUGIN $(pkg-config --cflags belady) \\\n"
		    "      -o mine.so mine.c\n"
		    "  bel-sim --audit -p ./mine.so\n",
};

/* A file that is there is somebody's work: it is never written over. */
static int write_file(const char *path, const char *name, struct bel_err *err)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	int error;

	if (!file)
		return bel_fail_errno(err, errno, "%s: cannot create", path);
	policy_template_write(name, file);
	error = fflush(file) || ferror(file) ? errno : 0;
	if (fclose(file) && !error)
		error = errno;
	if (!error)
		return 0;
	unlink(path);
	return bel_fail_errno(err, error, "%s: cannot write", path);
}

int main(int argc, char **argv)
{
	struct tool tool;
	char *path = NULL;
	int r;

	tool_start(&tool, &command, argc, argv);
	if (tool.count != 1)
		r = bel_usage(&tool.err, "one name is needed");
	else
		r = policy_template_check_name(tool.operands[0], &tool.err);
	if (r == 0 && asprintf(&path, "%s.c", tool.operands[0]) < 0)
		r = bel_err_memory(&tool.err, "policy");
	if (r == 0 && output && !strcmp(output, "-"))
		policy_template_write(tool.operands[0], stdout);
	else if (r == 0)
		r = write_file(output ? output : path, tool.operands[0], &tool.err);
	if (r < 0)
		tool_die(&tool);
	free(path);
	return tool_finish(&tool, 0);
}
