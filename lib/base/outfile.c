/* SPDX-License-Identifier: MIT */
/*
 * outfile.c: output files that are complete or absent.
 */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_TRIES 100
#define NAME_KEPT 200 /* bytes of a name in its hidden name, which NAME_MAX limits, too */
#define LINKS_MAX 40  /* the kernel's limit, too */

static int fail(const struct bel_outfile *out, const char *verb, struct bel_err *err)
{
	return bel_fail_errno(err, errno, "%s: cannot %s", bel_outfile_name(out), verb);
}

const char *bel_outfile_name(const struct bel_outfile *out)
{
	return out->path ? out->path : "standard output";
}

/*
 * The target of a symbolic link, relative to the link's folder. NULL: not a link, or out of
 * memory.
 */
static char *link_target(const char *path)
{
	const char *const slash = strrchr(path, '/');
	char text[PATH_MAX], *target;
	const ssize_t n = readlink(path, text, sizeof(text) - 1);

	if (n < 0)
		return NULL;
	text[n] = 0;
	if (text[0] == '/' || !slash)
		return strdup(text);
	return asprintf(&target, "%.*s%s", (int)(slash - path) + 1, path, text) < 0 ? NULL : target;
}

/*
 * The real place of the file. A symbolic link is kept and its target replaced, or created if it
 * does not exist, as a shell's redirection does.
 */
static char *real_place(const char *path)
{
	char *place = realpath(path, NULL), *target;

	if (place)
		return place;
	place = strdup(path);
	for (int n = 0; place && n < LINKS_MAX && (target = link_target(place)); n++) {
		free(place);
		place = target;
	}
	return place;
}

/* The n-th hidden name in the folder of `place`: a dot, its name, ...; the caller frees it. */
static char *hidden_name(const char *place, int n)
{
	const char *const slash = strrchr(place, '/');
	const int folder = slash ? (int)(slash - place) + 1 : 0;
	char *name;

	if (asprintf(&name, "%.*s.%.*s.%ld.%d~", folder, place, NAME_KEPT, place + folder,
		    (long)getpid(), n) < 0)
		return NULL;
	return name;
}

/* Clears the hidden name, which a signal handler may read, before it is freed. */
static void forget_hidden(struct bel_outfile *out)
{
	char *const temp = out->temp;

	out->temp = NULL;
	free(temp);
}

/* Opens a new file under a hidden name. Returns the descriptor or -1. */
static int open_hidden(struct bel_outfile *out, const char *place)
{
	for (int n = 0; n < NAME_TRIES; n++) {
		int fd;

		out->temp = hidden_name(place, n);
		if (!out->temp)
			return -1;
		fd = open(out->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		forget_hidden(out);
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

static int open_unnamed(const char *place)
{
	const char *const slash = strrchr(place, '/');
	char *const folder = slash ? strndup(place, (size_t)(slash - place) + 1) : strdup(".");
	int fd = -1;

	if (folder)
		fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
	free(folder);
	return fd;
}

/* Opens the new file in the same folder, with the permissions of the file that it replaces. */
static int open_beside(struct bel_outfile *out, const struct stat *old)
{
	char *const place = real_place(out->path);
	int fd = -1;

	if (place) {
		fd = open_unnamed(place);
		if (fd < 0)
			fd = open_hidden(out, place);
	}
	free(place);
	if (fd >= 0 && old && fchmod(fd, old->st_mode & 0777) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_named(struct bel_outfile *out, const char *path, struct bel_err *err)
{
	struct stat old;
	bool exists;
	int fd;

	if (!strcmp(path, "-")) {
		out->file = stdout;
		return 0;
	}
	if (!*path)
		return bel_fail(err, "the name of the output file is empty");
	out->path = strdup(path);
	if (!out->path)
		return bel_err_memory(err, "a file name");
	exists = (out->fresh ? lstat(path, &old) : stat(path, &old)) == 0;
	if (exists && out->fresh) {
		errno = EEXIST;
		fd = -1;
	} else if (!exists && errno != ENOENT) {
		fd = -1; /* a cycle of links, or a file where a folder should be */
	} else if (exists && S_ISDIR(old.st_mode)) {
		errno = EISDIR;
		fd = -1;
	} else if (exists && (!S_ISREG(old.st_mode) || !strncmp(path, "/dev/", 5))) {
		/* "/dev/stdout" may lead to a regular file, which must not be replaced. */
		fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	} else if (exists && access(path, W_OK) < 0) {
		fd = -1;
	} else {
		out->direct = 0;
		fd = open_beside(out, exists ? &old : NULL);
	}
	out->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out->file) {
		const int r = fail(out, out->fresh ? "create" : "write", err);

		if (fd >= 0)
			close(fd);
		bel_outfile_abandon(out);
		return r;
	}
	return 0;
}

int bel_outfile_open(struct bel_outfile *out, const char *path, struct bel_err *err)
{
	*out = (struct bel_outfile){.direct = 1};
	return open_named(out, path, err);
}

int bel_outfile_create(struct bel_outfile *out, const char *path, struct bel_err *err)
{
	*out = (struct bel_outfile){.direct = 1, .fresh = 1};
	return open_named(out, path, err);
}

/* Gives an unnamed file a hidden name, because only rename() replaces a file; link() fails. */
static int link_hidden(struct bel_outfile *out, int fd, const char *place)
{
	char self[64];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	for (int n = 0; n < NAME_TRIES; n++) {
		out->temp = hidden_name(place, n);
		if (!out->temp)
			return -1;
		if (!linkat(AT_FDCWD, self, AT_FDCWD, out->temp, AT_SYMLINK_FOLLOW))
			return 0;
		forget_hidden(out);
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* Gives its name to the file, which `fd` has open. */
static int take_name(struct bel_outfile *out, int fd)
{
	char *const place = real_place(out->path);
	int r = place ? 0 : -1;

	if (!r && !out->temp)
		r = link_hidden(out, fd, place);
	if (!r && out->fresh)
		r = link(out->temp, place);
	else if (!r)
		r = rename(out->temp, place);
	if (!r && out->fresh)
		unlink(out->temp);
	if (!r)
		forget_hidden(out);
	free(place);
	return r;
}

/* Writes what is left and closes the file. The failed write may be long ago: errno is lost then. */
static int finish(struct bel_outfile *out)
{
	FILE *const file = out->file;
	bool failed;

	errno = 0;
	failed = fflush(file) || ferror(file);
	if (failed && !errno)
		errno = EIO;
	if (failed)
		return -1;
	out->file = NULL;
	return file != stdout && fclose(file) ? -1 : 0;
}

int bel_outfile_commit(struct bel_outfile *out, struct bel_err *err)
{
	/*
	 * The file gets its name after it was closed, because some file systems report a full disk
	 * only then. An unnamed file would be lost: the second descriptor keeps it.
	 */
	const int fd = out->direct ? -1 : fcntl(fileno(out->file), F_DUPFD_CLOEXEC, 0);
	int r = 0;

	if ((!out->direct && fd < 0) || finish(out) < 0)
		r = fail(out, "write", err);
	else if (!out->direct && take_name(out, fd) < 0)
		r = fail(out, "create", err);
	if (fd >= 0)
		close(fd);
	bel_outfile_abandon(out);
	return r;
}

void bel_outfile_abandon(struct bel_outfile *out)
{
	if (out->file && out->file != stdout)
		fclose(out->file);
	out->file = NULL;
	if (out->temp)
		unlink(out->temp);
	forget_hidden(out);
	free(out->path);
	out->path = NULL;
}
