/* SPDX-License-Identifier: MIT */
/* cgroup.c: memory cgroups of version 1 and 2 behind one interface. */
#include "cgroup.h"

#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Attempts to remove a group, 10 ms apart: processes that were killed need time to end. */
#define ATTEMPTS 500

/*
 * Parses a line of mountinfo: "36 25 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw". Points at the
 * mount point, the type and the options of the file system; the line is cut into words.
 */
static bool parse_mount(char *line, char **where, char **type, char **options)
{
	char *save = NULL, *word = strtok_r(line, " ", &save);

	for (int i = 0; word && i < 4; i++)
		word = strtok_r(NULL, " ", &save);
	*where = word;
	while (word && strcmp(word, "-") != 0)
		word = strtok_r(NULL, " ", &save);
	*type = word ? strtok_r(NULL, " ", &save) : NULL;
	*options = *type && strtok_r(NULL, " ", &save) ? strtok_r(NULL, " ", &save) : NULL;
	return *options != NULL;
}

/* Whether the options "rw,memory" include the memory controller. */
static bool has_memory(char *options)
{
	char *save = NULL;

	for (char *o = strtok_r(options, ",", &save); o; o = strtok_r(NULL, ",", &save))
		if (!strcmp(o, "memory"))
			return true;
	return false;
}

/* 0: it is usable; 1: not a memory controller; BEL_FAIL: it is not enabled for groups. */
static int try_v2(
	struct bel_cgroup_host *host, const char *root, const char *where, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT];

	bel_kernel_path(path, root, "%s/cgroup.controllers", where);
	if (bel_kernel_read(path, text, sizeof(text), NULL) < 0 ||
		!bel_kernel_has_word(text, "memory"))
		return 1;
	bel_kernel_path(path, root, "%s/cgroup.subtree_control", where);
	if (bel_kernel_read(path, text, sizeof(text), NULL) < 0 ||
		!bel_kernel_has_word(text, "memory"))
		return bel_fail(err,
			"%s: the memory controller is not enabled for groups: as root, write "
			"+memory to it; in a container, run bel-live on the host instead",
			path);
	host->version = 2;
	bel_kernel_path(host->path, root, "%s", where);
	return 0;
}

int bel_cgroup_find(struct bel_cgroup_host *host, const char *root, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], *line = NULL, *where, *type, *options;
	size_t size = 0;
	FILE *mounts;
	int r = 1;

	*host = (struct bel_cgroup_host){.version = 0};
	mounts = fopen(bel_kernel_path(path, root, "/proc/self/mountinfo"), "re");
	if (!mounts)
		return bel_fail_open(err, path);
	while (r > 0 && getline(&line, &size, mounts) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (!parse_mount(line, &where, &type, &options))
			continue;
		if (!strcmp(type, "cgroup2"))
			r = try_v2(host, root, where, err);
		else if (!strcmp(type, "cgroup") && !host->version && has_memory(options)) {
			host->version = 1;
			bel_kernel_path(host->path, root, "%s", where);
		}
	}
	free(line);
	fclose(mounts);
	if (host->version)
		return 0;
	return r < 0 ? r
		     : bel_fail(err, "no memory cgroup controller is mounted: use a kernel with "
				     "CONFIG_MEMCG that is not booted with "
				     "cgroup_disable=memory, and mount cgroup2 at /sys/fs/cgroup");
}

int bel_cgroup_name(struct bel_cgroup *group, const struct bel_cgroup_host *host, const char *name,
	struct bel_err *err)
{
	group->version = host->version;
	/* The files of a group have names of less than 64 bytes. */
	if (strlen(host->path) + strlen(name) + 64 > BEL_KERNEL_PATH)
		return bel_fail(err, "%s: the path is too long", host->path);
	bel_kernel_path(group->path, host->path, "/%s", name);
	return 0;
}

static const char *file_of(
	const struct bel_cgroup *group, char path[static BEL_KERNEL_PATH], const char *name)
{
	return bel_kernel_path(path, group->path, "/%s", name);
}

int bel_cgroup_make(const struct bel_cgroup *group, struct bel_err *err)
{
	if (mkdir(group->path, 0755))
		return bel_fail_errno(
			err, errno, "%s: cannot create the memory cgroup", group->path);
	return 0;
}

int bel_cgroup_enter(const struct bel_cgroup *group, pid_t pid, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[24];

	/*
	 * zswap would keep the pages that are swapped out compressed in memory, and charge that to
	 * the group: fewer frames would be left. Only version 2 charges it.
	 */
	if (group->version == 2 && !access(file_of(group, path, "memory.zswap.max"), F_OK) &&
		bel_kernel_write(path, "0", err) < 0)
		return BEL_FAIL;
	snprintf(text, sizeof(text), "%ld", (long)pid);
	return bel_kernel_write(file_of(group, path, "cgroup.procs"), text, err);
}

int bel_cgroup_limit(const struct bel_cgroup *group, uint64_t bytes, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[24];

	snprintf(text, sizeof(text), "%" PRIu64, bytes);
	file_of(group, path, group->version == 2 ? "memory.max" : "memory.limit_in_bytes");
	return bel_kernel_write(path, text, err);
}

int bel_cgroup_kernel_bytes(const struct bel_cgroup *group, uint64_t *bytes, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT];

	if (group->version == 1)
		return bel_kernel_read_number(
			file_of(group, path, "memory.kmem.usage_in_bytes"), bytes, err);
	if (bel_kernel_read(file_of(group, path, "memory.stat"), text, sizeof(text), err) < 0)
		return BEL_FAIL;
	/* "kernel" is the sum of all kernel memory; it is there from Linux 5.18 on. */
	if (!bel_kernel_field(text, "kernel", bytes))
		return bel_fail(err, "%s: no line 'kernel': use Linux 5.18 or later", path);
	return 0;
}

int bel_cgroup_open_stat(const struct bel_cgroup *group, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];
	const int fd = open(file_of(group, path, "memory.stat"), O_RDONLY | O_CLOEXEC);

	return fd < 0 ? bel_fail_open(err, path) : fd;
}

void bel_cgroup_parse(
	const struct bel_cgroup *group, const char *stat, struct bel_cgroup_counts *counts)
{
	const bool v2 = group->version == 2;
	const struct {
		const char *name;
		uint64_t *value;
	} rows[] = {
		{v2 ? "anon" : "rss", &counts->anonymous},
		{v2 ? "file" : "cache", &counts->file},
		{"pgfault", &counts->faults},
		{"pgmajfault", &counts->major_faults},
		{"workingset_refault_anon", &counts->refaults},
		{"workingset_refault_file", &counts->file_refaults},
		{"pswpin", &counts->swapped_in},
		{"pswpout", &counts->swapped_out},
	};

	/* The counts of version 2 include the groups below; in version 1 those of "total_" do. */
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s", v2 ? "" : "total_", rows[i].name);
		if (!bel_kernel_field(stat, name, rows[i].value))
			*rows[i].value = UINT64_MAX;
	}
}

/* Kills the processes that a file cgroup.procs lists. */
static void kill_listed(const char *path)
{
	char text[BEL_KERNEL_TEXT], *save = NULL;

	if (bel_kernel_read(path, text, sizeof(text), NULL) <= 0)
		return;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		uint64_t pid;

		/* 0 is a process outside of our namespace, and would be our own process group. */
		if (bel_kernel_number(line, &pid) && pid > 1 && pid <= INT32_MAX)
			kill((pid_t)pid, SIGKILL);
	}
}

/* Calls each() for the group and all groups below it; a group comes after those below it. */
static void walk(const struct bel_cgroup *group,
	void (*each)(const struct bel_cgroup *of, int level, void *host), void *host)
{
	char path[BEL_KERNEL_PATH];
	char *const top[] = {strcpy(path, group->path), NULL};
	FTS *const tree = fts_open(top, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *at;

	while (tree && (at = fts_read(tree))) {
		struct bel_cgroup of = {.version = group->version};

		if (at->fts_info == FTS_DP && *bel_kernel_path(of.path, "", "%s", at->fts_path))
			each(&of, at->fts_level, host);
	}
	if (tree)
		fts_close(tree);
}

static void read_stat(const struct bel_cgroup *of, int level, void *host)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT];

	(void)host;
	if (level > 0)
		bel_kernel_read(file_of(of, path, "memory.stat"), text, sizeof(text), NULL);
}

void bel_cgroup_refresh_below(const struct bel_cgroup *group)
{
	struct stat st;

	/* Most programs make no groups: two links are the folder itself. */
	if (!stat(group->path, &st) && st.st_nlink > 2)
		walk(group, read_stat, NULL);
}

static void add_kills(const struct bel_cgroup *of, int level, void *host)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT];
	uint64_t kills;

	(void)level;
	file_of(of, path, of->version == 2 ? "memory.events" : "memory.oom_control");
	if (bel_kernel_read(path, text, sizeof(text), NULL) >= 0 &&
		bel_kernel_field(text, "oom_kill", &kills) && kills > 0)
		*(bool *)host = true;
}

bool bel_cgroup_out_of_memory(const struct bel_cgroup *group)
{
	bool killed = false;

	walk(group, add_kills, &killed);
	return killed;
}

/* A group below whose processes have not ended yet stays. */
static void empty(const struct bel_cgroup *of, int level, void *host)
{
	char path[BEL_KERNEL_PATH];

	(void)host;
	kill_listed(file_of(of, path, "cgroup.procs"));
	if (level > 0)
		rmdir(of->path);
}

int bel_cgroup_remove(const struct bel_cgroup *group, struct bel_err *err)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	for (int i = 0; i < ATTEMPTS; i++) {
		if (!rmdir(group->path) || errno == ENOENT)
			return 0;
		/* ENOTEMPTY: an ordinary folder, in tests. */
		if (errno != EBUSY && errno != ENOTEMPTY)
			break;
		walk(group, empty, NULL);
		nanosleep(&pause, NULL);
	}
	return bel_fail_errno(err, errno, "%s: cannot remove the memory cgroup", group->path);
}
