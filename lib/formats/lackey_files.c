/* SPDX-License-Identifier: MIT */
/* lackey_files.c: finds the process of each log, orders the logs, and reads the top one. */
#include "lackey_files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lackey_log.h"

#define LOOK ((size_t)64 << 10)

enum turn { WAITING, READING, DONE };

struct file {
	const char *path;     /* the caller's; NULL: the first file, which is already open */
	uint32_t pid, parent; /* 0: not known */
	bool named;           /* its log has the banner's "Command:" */
	enum turn turn;
};

/* An open log; below it is the log of the process that forked this one. */
struct level {
	struct bel_input *input; /* owned, unless it is the first */
	struct bel_lackey *log;
	size_t want; /* bytes that the window needs for one more line */
	size_t file;
};

struct bel_lackey_files {
	struct bel_format_options options;
	uint32_t spaces;
	struct bel_input *first; /* the caller's */
	struct file *file;       /* [0] belongs to `first` */
	size_t files;
	struct level *level;
	size_t levels;
	struct bel_format_tally done; /* of logs read to their ends */
	uint32_t forked;              /* process forked in the last batch of the top log; 0: none */
};

/* What all logs, finished and open, have skipped so far. */
void bel_lackey_files_tally(const struct bel_lackey_files *files, struct bel_format_tally *tally)
{
	*tally = files->done;
	for (size_t i = 0; i < files->levels; i++) {
		const struct bel_format_tally *const open = &files->level[i].log->tally;

		tally->noise += open->noise;
		tally->bad += open->bad;
		tally->mixed = tally->mixed || open->mixed;
	}
}

static void pop(struct bel_lackey_files *files)
{
	struct level *const top = &files->level[files->levels - 1];

	/* All logs together share the limit of bad lines. */
	if (files->levels > 1)
		top[-1].log->options.max_bad -= top->log->tally.bad;
	files->done.noise += top->log->tally.noise;
	files->done.bad += top->log->tally.bad;
	files->done.mixed = files->done.mixed || top->log->tally.mixed;
	files->file[top->file].turn = DONE;
	bel_lackey_free(top->log);
	if (top->input != files->first)
		bel_input_close(top->input);
	files->levels--;
}

void bel_lackey_files_free(struct bel_lackey_files *files)
{
	if (!files)
		return;
	while (files->levels)
		pop(files);
	free(files->level);
	free(files->file);
	free(files);
}

struct bel_lackey_files *bel_lackey_files_new(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct bel_lackey_files *const files = calloc(1, sizeof(*files));

	if (files)
		files->file = calloc(1, sizeof(*files->file));
	if (!files || !files->file) {
		free(files);
		bel_err_memory(err, "lackey reader");
		return NULL;
	}
	files->options = *options;
	files->first = input;
	files->files = 1;
	return files;
}

/* The number at the end of a name, before the suffix of a compression; 0: there is none. */
static uint32_t number_of_name(const char *path)
{
	const char *end = path + strlen(path);
	const char *const dot = strrchr(path, '.');
	uint64_t number = 0, unit = 1;

	if (dot && dot[1] >= 'a' && dot[1] <= 'z')
		end = dot;
	while (end > path && end[-1] >= '0' && end[-1] <= '9' && unit <= UINT32_MAX) {
		number += (uint64_t)(*--end - '0') * unit;
		unit *= 10;
	}
	return number <= UINT32_MAX ? (uint32_t)number : 0;
}

/* The number after `words` in [text, end); 0: the words are not found. */
static uint32_t number_behind(const char *text, const char *end, const char *words)
{
	const char *p = memmem(text, (size_t)(end - text), words, strlen(words));
	uint64_t number = 0;

	if (!p)
		return 0;
	for (p += strlen(words); p < end && *p >= '0' && *p <= '9' && number <= UINT32_MAX; p++)
		number = number * 10 + (uint64_t)(*p - '0');
	return number <= UINT32_MAX ? (uint32_t)number : 0;
}

/* Finds the process of a log from the first bytes of the file. */
static int look(struct file *file, struct bel_input *input, struct bel_err *err)
{
	const struct bel_format *const lackey = bel_format_find("lackey", err);
	struct bel_probe probe = {.data = input->data};
	const int r = bel_input_fill(input, LOOK, err);
	const char *text, *end;

	if (r < 0 || !lackey)
		return BEL_FAIL;
	probe.data = input->data;
	probe.have = input->have < LOOK ? input->have : LOOK;
	probe.whole = input->ended && input->have <= LOOK;
	if (!lackey->probe(&probe))
		return bel_fail(err, "%s: not a lackey log: %s", input->name, probe.reason);
	text = (const char *)input->data;
	end = text + probe.have;
	file->pid = bel_lackey_speaker(text, end);
	file->parent = number_behind(text, end, "== Parent PID: ");
	file->named = memmem(text, (size_t)(end - text), "== Command: ", 12);
	if (!file->pid)
		file->pid = number_of_name(input->name);
	if (!file->pid)
		return bel_fail(err,
			"%s: process not known: no ==PID== line, and no number at the end of the "
			"file's name",
			input->name);
	return 0;
}

static int look_into(struct bel_lackey_files *files, const char *path, struct bel_err *err)
{
	struct file *const file = &files->file[files->files];
	struct bel_input *input;
	int r;

	*file = (struct file){.path = path};
	if (!strcmp(path, "-"))
		return bel_usage(err, "only the first of several logs can be standard input");
	if (bel_input_open(&input, path, err) < 0)
		return BEL_FAIL;
	r = look(file, input, err);
	bel_input_close(input);
	for (size_t i = 0; !r && i < files->files; i++)
		if (files->file[i].pid == file->pid)
			r = bel_fail(err, "%s: log of process %" PRIu32 ", but so is %s", path,
				file->pid, i ? files->file[i].path : files->first->name);
	files->files += !r;
	return r;
}

int bel_lackey_files_join(
	struct bel_lackey_files *files, const char *const *paths, size_t count, struct bel_err *err)
{
	struct file *const grown =
		realloc(files->file, (files->files + count) * sizeof(*files->file));

	if (!grown)
		return bel_err_memory(err, "lackey logs");
	files->file = grown;
	if (look(&files->file[0], files->first, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++) {
		const int r = look_into(files, paths[i], err);

		if (r < 0)
			return r;
	}
	return 0;
}

static bool waits(const struct bel_lackey_files *files, uint32_t pid)
{
	for (size_t i = 0; i < files->files; i++)
		if (files->file[i].pid == pid)
			return files->file[i].turn == WAITING;
	return false;
}

/* The next log when none is open: the first whose parent is not waiting, or else the first. */
static size_t next_root(const struct bel_lackey_files *files)
{
	size_t first = files->files;

	for (size_t i = 0; i < files->files; i++) {
		if (files->file[i].turn != WAITING)
			continue;
		if (!waits(files, files->file[i].parent))
			return i;
		if (first == files->files)
			first = i;
	}
	return first;
}

/* A parser for a log; `parent`: the log of the process that forked it, or NULL. */
static struct bel_lackey *new_log(struct bel_lackey_files *files, const struct file *file,
	struct bel_input *input, const struct bel_lackey *parent, struct bel_err *err)
{
	struct bel_format_options options = files->options;
	struct bel_format_tally tally;
	struct bel_lackey *log;

	bel_lackey_files_tally(files, &tally);
	options.max_bad -= tally.bad;
	log = parent ? bel_lackey_new_child(parent, file->pid, err)
		     : bel_lackey_new(&options, &files->spaces, input, err);
	if (!log)
		return NULL;
	log->input = input;
	log->options = options;
	if (files->files > 1)
		log->only = file->pid;
	return log;
}

/* Opens a log on top; `out` gets a START event if the log does not have a "Command:". */
static int begin(struct bel_lackey_files *files, size_t index, const struct bel_lackey *parent,
	struct bel_accesses *out, struct bel_err *err)
{
	struct file *const file = &files->file[index];
	struct level *const grown =
		realloc(files->level, (files->levels + 1) * sizeof(*files->level));
	struct bel_input *input = files->first;
	struct bel_lackey *log;

	if (!grown)
		return bel_err_memory(err, "lackey logs");
	files->level = grown;
	if (file->path && bel_input_open(&input, file->path, err) < 0)
		return BEL_FAIL;
	log = new_log(files, file, input, parent, err);
	if (!log) {
		if (input != files->first)
			bel_input_close(input);
		return BEL_FAIL;
	}
	file->turn = READING;
	grown[files->levels++] =
		(struct level){.input = input, .log = log, .want = 1, .file = index};
	if (files->files == 1 || parent || file->named)
		return 0;
	return bel_lackey_begin(log, file->pid, out, err);
}

/* Opens the next log if it is its turn: 1, or 0 if all logs were read. */
static int next_log(struct bel_lackey_files *files, struct bel_accesses *out, struct bel_err *err)
{
	const uint32_t child = files->forked;
	size_t index = 0;

	files->forked = 0;
	if (files->levels) {
		while (index < files->files &&
			(files->file[index].pid != child || files->file[index].turn != WAITING))
			index++;
		if (!child || index == files->files)
			return 1;
		return begin(files, index, files->level[files->levels - 1].log, out, err) < 0
			       ? BEL_FAIL
			       : 1;
	}
	index = next_root(files);
	if (index == files->files)
		return 0;
	return begin(files, index, NULL, out, err) < 0 ? BEL_FAIL : 1;
}

static int check_seen(const struct level *top, struct bel_err *err)
{
	if (!bel_lackey_seen(top->log) && top->log->tally.noise > 0)
		return bel_fail(err, "%s: not lackey text: no record in %" PRIu64 " lines",
			top->input->name, top->log->tally.noise);
	return 0;
}

/* One step with the top log: 1 to go on (`out` may be empty), 0 at its end. */
static int read_top(struct level *top, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_input *const input = top->input;
	int r = bel_input_fill(input, top->want, err);
	size_t taken;

	if (r < 0)
		return r;
	r = bel_lackey_parse(top->log, input->data, input->have, input->ended, out, &taken, err);
	if (r < 0)
		return r;
	bel_input_take(input, taken);
	top->want = 1;
	if (r > 0 || out->count || out->events.count)
		return 1;
	if (input->ended)
		return check_seen(top, err);
	if (input->have > BEL_LACKEY_LINE_MAX)
		return bel_fail(err, "%s: byte %" PRIu64 ": a line of more than %zu bytes",
			input->name, input->offset, BEL_LACKEY_LINE_MAX);
	top->want = input->have + 1;
	return 1;
}

int bel_lackey_files_read(
	struct bel_lackey_files *files, struct bel_accesses *out, struct bel_err *err)
{
	int r;

	out->count = 0;
	while ((r = next_log(files, out, err)) > 0) {
		if (out->events.count)
			return 1;
		r = read_top(&files->level[files->levels - 1], out, err);
		if (r < 0)
			return r;
		if (r == 0)
			pop(files);
		for (size_t i = 0; i < out->events.count; i++)
			if (out->events.event[i].type == BEL_EVENT_FORK)
				files->forked = out->events.event[i].pid;
		if (out->count || out->events.count)
			return 1;
	}
	return r;
}
