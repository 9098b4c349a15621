/* SPDX-License-Identifier: MIT */
/*
 * plots.c: finds the figures in a folder.
 */
#include "plots.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figure_spec.h"

static char *join(const char *folder, const char *name, const char *suffix)
{
	char *path;

	return asprintf(&path, "%s/%s%s", folder, name, suffix) < 0 ? NULL : path;
}

static int is_figure(const struct dirent *entry)
{
	const size_t n = strlen(entry->d_name);

	return n > 3 && entry->d_name[0] != '.' && !strcmp(entry->d_name + n - 3, ".gp") &&
	       strcmp(entry->d_name, "look.gp") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_kind(struct bel_plots *plots, const char *file, struct bel_err *err)
{
	char *path = join(plots->folder, file, "");
	struct bel_figure_spec spec;
	int status;

	if (!path)
		return bel_err_memory(err, "the list of figures");
	status = bel_figure_spec_read(&spec, path, err);
	free(path);
	if (status < 0)
		return status;
	plots->kind[plots->count].name = strndup(file, strlen(file) - 3);
	plots->kind[plots->count].purpose = strdup(spec.purpose);
	plots->kind[plots->count].records = spec.records;
	spec.records = (struct bel_figure_spec_text){.word = {NULL}};
	bel_figure_spec_release(&spec);
	if (!plots->kind[plots->count].name || !plots->kind[plots->count].purpose)
		status = bel_err_memory(err, "the list of figures");
	plots->count++;
	return status;
}

static int read_kinds(struct bel_plots *plots, struct bel_err *err)
{
	struct dirent **entry;
	const int n = scandir(plots->folder, &entry, is_figure, by_name);
	int status = 0;

	if (n < 0)
		return bel_fail_errno(err, errno, "%s: cannot read", plots->folder);
	plots->kind = calloc((size_t)n + 1, sizeof(*plots->kind));
	if (!plots->kind)
		status = bel_err_memory(err, "the list of figures");
	for (int i = 0; i < n; i++) {
		if (status == 0)
			status = add_kind(plots, entry[i]->d_name, err);
		free(entry[i]);
	}
	free(entry);
	return status;
}

int bel_plots_scan(struct bel_plots *plots, const char *const *folders, struct bel_err *err)
{
	char *path = NULL;
	int status;

	memset(plots, 0, sizeof(*plots));
	for (; *folders; folders++) {
		free(path);
		path = join(*folders, "look.gp", "");
		if (!path)
			return bel_err_memory(err, "the list of figures");
		if (access(path, R_OK) == 0)
			break;
	}
	if (!*folders) {
		status = bel_fail_open(err, path ? path : "look.gp");
		free(path);
		return status;
	}
	plots->folder = strdup(*folders);
	plots->look = bel_text_read(path, err);
	free(path);
	status = plots->folder && plots->look ? read_kinds(plots, err) : BEL_FAIL;
	if (!plots->folder)
		status = bel_err_memory(err, "the list of figures");
	if (status < 0)
		bel_plots_release(plots);
	return status;
}

int bel_plots_find(struct bel_plots *plots, const char *configured, struct bel_err *err)
{
	char self[PATH_MAX], built[PATH_MAX + 32], installed[PATH_MAX + 32];
	const char *const folders[] = {built, installed, configured, NULL};
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = 0;
	slash = strrchr(self, '/');
	if (slash)
		*slash = 0;
	snprintf(built, sizeof(built), "%s/../../../plots", self);
	snprintf(installed, sizeof(installed), "%s/../share/belady/plots", self);
	return bel_plots_scan(plots, folders, err);
}

void bel_plots_release(struct bel_plots *plots)
{
	for (size_t i = 0; i < plots->count; i++) {
		free(plots->kind[i].name);
		free(plots->kind[i].purpose);
		for (size_t k = 0; plots->kind[i].records.word[k]; k++)
			free(plots->kind[i].records.word[k]);
	}
	free(plots->kind);
	free(plots->folder);
	free(plots->look);
	memset(plots, 0, sizeof(*plots));
}

char *bel_plots_path(const struct bel_plots *plots, const char *kind, struct bel_err *err)
{
	char names[256] = "";
	char *path;

	for (size_t i = 0; i < plots->count; i++) {
		const size_t used = strlen(names);

		if (!strcmp(plots->kind[i].name, kind)) {
			path = join(plots->folder, kind, ".gp");
			if (!path)
				bel_err_memory(err, "the list of figures");
			return path;
		}
		snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
			plots->kind[i].name);
	}
	bel_usage(err, "'%s' is not a kind of figure (%s)", kind, names);
	return NULL;
}

void bel_plots_drawing(
	const struct bel_plots *plots, const char *schema, char *text, size_t capacity)
{
	size_t used = 0;

	*text = 0;
	for (size_t i = 0; i < plots->count; i++)
		for (char *const *word = plots->kind[i].records.word; *word; word++)
			if (!strcmp(*word, schema) && used < capacity)
				used += (size_t)snprintf(text + used, capacity - used, "%s%s",
					used ? ", " : "", plots->kind[i].name);
}
