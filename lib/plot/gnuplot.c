/* SPDX-License-Identifier: MIT */
/*
 * gnuplot.c: a child process that reads a script and writes a picture.
 *
 * The script is a file and the child's messages go to a file. So the picture is the only pipe, and
 * no deadlock is possible.
 */
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tempfile.h"

extern char **environ; /* for the child */

/* The environment with a UTF-8 locale; NULL: out of memory. */
static const char **environment(void)
{
	size_t count = 0, n = 0;
	const char **copy;

	while (environ[count])
		count++;
	copy = calloc(count + 2, sizeof(*copy));
	if (!copy)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (strncmp(environ[i], "LC_ALL=", strlen("LC_ALL=")) != 0)
			copy[n++] = environ[i];
	copy[n] = "LC_ALL=C.UTF-8";
	return copy;
}

static int spawn(const char *program, int in, int out, int words, pid_t *pid)
{
	/*
	 * -d: no start-up files. gnuplot stops at the first error of a named file, but not of a
	 * pipe.
	 */
	const char *const argv[] = {program, "-d", "/dev/stdin", NULL};
	posix_spawn_file_actions_t actions;
	const char **const with = environment();
	int error = with ? posix_spawn_file_actions_init(&actions) : ENOMEM;

	if (error) {
		free(with);
		return error;
	}
	error = posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, words, 2);
	if (!error)
		error = posix_spawnp(
			pid, program, &actions, NULL, (char *const *)argv, (char *const *)with);
	posix_spawn_file_actions_destroy(&actions);
	free(with);
	return error;
}

/* Warnings that the picture has too little room for its text. */
static bool is_about_room(const char *line)
{
	return strstr(line, "difficulty fitting plot titles into key") ||
	       strstr(line, "difficulty making room for") ||
	       strstr(line, "Terminal canvas area too small") ||
	       strstr(line, "Check plot boundary and font sizes");
}

/* All values of an axis are equal, or nearly: gnuplot draws it a little wider. */
static bool is_about_range(const char *line)
{
	return strstr(line, "Warning: empty ") && strstr(line, " range [") &&
	       strstr(line, ", adjusting to [");
}

/*
 * gnuplot looks for markup also in a text that it draws as it is, when it finds the text's width. A
 * lone brace or backslash in the name of a trace is no error.
 */
static bool is_about_markup(const char *line)
{
	return strstr(line, "warning: enhanced text ") ||
	       strstr(line, "warning: bad syntax in enhanced text string");
}

/*
 * The child's messages as one line, without the caret lines under its quotations. Warnings about
 * room only set *crowded; warnings about empty ranges and about markup are left out.
 */
static void gather_words(FILE *said, char *words, size_t capacity, bool *crowded)
{
	char line[256];
	size_t used = 0;

	*crowded = false;

	words[0] = 0;
	rewind(said);
	while (fgets(line, sizeof(line), said) && used + 2 < capacity) {
		const char *text = line + strspn(line, " \t\r\n^");
		const size_t n = strcspn(text, "\r\n");

		if (is_about_room(line))
			*crowded = true;
		else if (n && !is_about_range(line) && !is_about_markup(line))
			used += (size_t)snprintf(words + used, capacity - used, "%s%.*s",
				used ? "; " : "", (int)n, text);
	}
}

/*
 * Returns the child's wait status. *error is the errno of writing the picture, or 0. After an
 * error the rest of the picture is still read.
 */
static int copy_picture(int from, FILE *picture, pid_t pid, int *error)
{
	char bytes[16384];
	ssize_t n;
	bool first = true;
	int status = -1;

	*error = 0;
	while ((n = read(from, bytes, sizeof(bytes))) > 0 || (n < 0 && errno == EINTR)) {
		/* The dumb terminal begins with a form feed, meant for printers. */
		const ssize_t skip = first && n > 0 && bytes[0] == '\f';

		if (n > skip && !*error && !fwrite(bytes + skip, (size_t)(n - skip), 1, picture))
			*error = errno;
		first = first && n < 0;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

int bel_gnuplot_run(const struct bel_gnuplot *gnuplot, FILE *script, FILE *picture,
	const char *name, struct bel_gnuplot_words *words, struct bel_err *err)
{
	const char *const program = gnuplot->program;
	FILE *const said = bel_tempfile_stream(gnuplot->folder, err);
	int pipe_end[2] = {-1, -1}, error, unwritten = 0, status = 0;
	pid_t pid;

	*words = (struct bel_gnuplot_words){.crowded = false};
	if (!said)
		return BEL_FAIL;
	if (fflush(script) != 0 || lseek(fileno(script), 0, SEEK_SET) < 0 ||
		pipe2(pipe_end, O_CLOEXEC) < 0) {
		bel_fail_errno(err, errno, "cannot prepare to run %s", program);
		fclose(said);
		return BEL_FAIL;
	}
	error = spawn(program, fileno(script), pipe_end[1], fileno(said), &pid);
	close(pipe_end[1]);
	if (!error)
		status = copy_picture(pipe_end[0], picture, pid, &unwritten);
	close(pipe_end[0]);
	gather_words(said, words->text, sizeof(words->text), &words->crowded);
	fclose(said);
	words->no_terminal = strstr(words->text, "unknown or ambiguous terminal type");
	if (error)
		return bel_fail_errno(err, error, "cannot run %s%s", program,
			error == ENOENT ? " (is it installed?)" : "");
	if (WIFSIGNALED(status))
		return bel_fail(err, "%s was ended by signal %d%s%s", program, WTERMSIG(status),
			words->text[0] ? ": " : "", words->text);
	if (status != 0)
		return bel_fail(err, "%s failed: %s", program,
			words->text[0] ? words->text : "it gave no reason");
	if (unwritten)
		return bel_fail_errno(err, unwritten, "%s: cannot write", name);
	return 0;
}
