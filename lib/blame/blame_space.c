/* SPDX-License-Identifier: MIT */
/* blame_space.c: what a trace says about the process and the thread in an address space. */
#include "blame_space.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_TEXT = UINT32_MAX };

int bel_blame_text_number(
	struct bel_blame_keys *keys, const char *text, uint32_t *number, struct bel_err *err)
{
	const size_t bytes = strlen(text) + 1;
	const int r = bel_names_number(&keys->text, text, bytes, number, err);

	if (r == 1)
		keys->text_bytes += bytes;
	if (keys->text_bytes > BEL_BLAME_NAMES_MAX)
		return bel_too_much(err,
			"more than %u bytes of names of processes, files and marks",
			BEL_BLAME_NAMES_MAX);
	return r < 0 ? r : BEL_OK;
}

const char *bel_blame_space_who(
	const struct bel_blame_space *space, char text[static BEL_BLAME_WHO])
{
	snprintf(text, BEL_BLAME_WHO, space->known ? "%u" : "space %u",
		space->known ? space->pid : space->number);
	return text;
}

static int name_thread(struct bel_blame_keys *keys, struct bel_blame_space *space,
	const uint64_t *thread, struct bel_err *err)
{
	char text[2 * BEL_BLAME_WHO + 16], of[BEL_BLAME_WHO];

	if (thread)
		snprintf(text, sizeof(text), "%llu of %s", (unsigned long long)*thread,
			bel_blame_space_who(space, of));
	else
		snprintf(text, sizeof(text), "(not known) of %s", bel_blame_space_who(space, of));
	return bel_blame_text_number(keys, text, &space->thread, err);
}

/* The texts of a process whose command is known (a number of a text) or not (NO_TEXT). */
static int name_process(struct bel_blame_keys *keys, struct bel_blame_space *space,
	uint32_t command, struct bel_err *err)
{
	const char *const known = command == NO_TEXT ? NULL : keys->text.name[command].text;
	char of[BEL_BLAME_WHO], *text;
	int r;

	bel_blame_space_who(space, of);
	if (asprintf(&text, known ? "%s %s" : "%s", of, known) < 0)
		return bel_err_memory(err, "names of processes");
	r = bel_blame_text_number(keys, text, &space->process, err);
	free(text);
	space->command = command;
	if (r == 0 && !known)
		r = bel_blame_text_number(keys, "(not known)", &space->command, err);
	return r == 0 ? name_thread(keys, space, NULL, err) : r;
}

int bel_blame_space_need(
	struct bel_blame_keys *keys, uint32_t number, uint32_t *dense, struct bel_err *err)
{
	const uint32_t known = bel_space_count(&keys->numbers);
	struct bel_blame_space *grown;

	*dense = bel_space_number(&keys->numbers, number, err);
	if (*dense == BEL_SPACE_NONE)
		return BEL_FAIL;
	if (*dense < known)
		return BEL_OK;
	if (*dense >= keys->space_capacity) {
		grown = reallocarray(keys->space, (size_t)2 * *dense + 4, sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "processes");
		keys->space = grown;
		keys->space_capacity = 2 * *dense + 4;
	}
	keys->space[*dense] = (struct bel_blame_space){.number = number};
	return name_process(keys, &keys->space[*dense], NO_TEXT, err);
}

/* A process begins: with a command of its own, or that of its parent. */
static int begin(struct bel_blame_keys *keys, const struct bel_event *event, uint32_t dense,
	struct bel_err *err)
{
	uint32_t command = NO_TEXT, other;

	if (event->name) {
		if (bel_blame_text_number(keys, event->name, &command, err) < 0)
			return BEL_FAIL;
	} else if (event->type != BEL_EVENT_START) {
		other = bel_space_find(&keys->numbers, event->other);
		if (other != BEL_SPACE_NONE && keys->space[other].known)
			command = keys->space[other].command;
	}
	keys->space[dense].known = true;
	keys->space[dense].pid = event->pid;
	return name_process(keys, &keys->space[dense], command, err);
}

int bel_blame_space_event(struct bel_blame_keys *keys, const struct bel_event *event,
	uint32_t dense, struct bel_err *err)
{
	if (event->type == BEL_EVENT_THREAD)
		return name_thread(keys, &keys->space[dense], &event->value, err);
	return begin(keys, event, dense, err);
}
