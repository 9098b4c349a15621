/* SPDX-License-Identifier: MIT */
/* story.c: gathers the steps of a reference or an event, filters them and prints them. */
#include "story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "style.h"
#include "vm_state.h"

#define WIDTH BEL_STORY_WIDTH
#define INDENT "    "

static void put(const struct bel_story *story, const char *text)
{
	if (text)
		fputs(text, story->file);
}

/* A line under a heading; text is indented and wrapped. */
static void put_line(const struct bel_story *story, const char *line)
{
	const struct bel_style *const style = story->style;
	const bool text = style == &bel_style_text;
	const struct bel_step_table table = {.file = story->file,
		.width = (story->width ? story->width : WIDTH) - (text ? sizeof(INDENT) - 1 : 0)};

	put(story, text ? INDENT : style->item.before);
	style->text(&table, line, 2 * (sizeof(INDENT) - 1));
	put(story, style->item.after);
}

static void put_heading(const struct bel_story *story, const char *heading)
{
	const struct bel_style *const style = story->style;
	const struct bel_step_table table = {
		.file = story->file, .width = story->width ? story->width : WIDTH};

	put(story, style->paragraph.before);
	style->text(&table, heading, 2 * (sizeof(INDENT) - 1));
	put(story, style == &bel_style_text ? "\n" : style->paragraph.after);
}

static void print_group(struct bel_story *story)
{
	const struct bel_style *const style = story->style;
	const bool text = style == &bel_style_text;

	if (!story->begun)
		put(story, style->begin);
	story->begun = true;
	put_heading(story, story->heading);
	if (story->lines && !text)
		put(story, style->list.before);
	for (size_t i = 0; i < story->lines; i++)
		put_line(story, story->line[i].text);
	if (story->lines && !text)
		put(story, style->list.after);
}

static bool is_wanted(const struct bel_story *story)
{
	if (story->now < story->from || story->now > story->to)
		return false;
	if (story->faults_only && story->about_reference && !story->faulted)
		return false;
	return story->concerns_process && story->concerns_page;
}

static void end_group(struct bel_story *story)
{
	if (story->open && story->heading && !story->err.code && is_wanted(story)) {
		if (story->count > 1) {
			char more[80];

			snprintf(more, sizeof(more),
				"the next %u reference%s to this page: TLB hit%s", story->count - 1,
				story->count > 2 ? "s" : "", story->count > 2 ? "s" : "");
			bel_story_add(story, strdup(more), false);
		}
		if (story->state && (story->about_reference || story->moved))
			bel_story_state_add(story);
		if (story->table)
			bel_story_row_keep(story);
		else
			print_group(story);
		story->told = true;
	}
	for (size_t i = 0; i < story->lines; i++)
		free(story->line[i].text);
	story->lines = 0;
	free(story->heading);
	story->heading = NULL;
	story->open = false;
}

static void begin_group(struct bel_story *story, const struct bel_vm_step *step)
{
	end_group(story);
	story->open = true;
	story->about_reference =
		step->type == BEL_VM_STEP_REFERENCE || step->type == BEL_VM_STEP_DEAD;
	story->faulted = false;
	story->concerns_process = story->process == UINT64_MAX;
	story->concerns_page = story->page == UINT64_MAX || !story->about_reference;
	story->now = step->now;
	story->space = step->space;
	story->count = 0;
	story->moved = false;
	story->event = NULL;
	story->vm = step->vm;
}

/* Whether the page that the filter wants lies in the range of the event. */
static bool event_has_page(const struct bel_story *story, const struct bel_event *event)
{
	const unsigned bits = bel_vm_config(story->vm)->tables.page_bits;

	return !event->length || (event->start >> bits <= story->page &&
					 (event->start + event->length - 1) >> bits >= story->page);
}

/* What the group is about, for the filters. */
static void note(struct bel_story *story, const struct bel_vm_step *step)
{
	const bool about_page = step->type == BEL_VM_STEP_REFERENCE ||
				step->type == BEL_VM_STEP_DEAD || step->type == BEL_VM_STEP_VICTIM;

	if (bel_vm_space_process(step->vm, step->space) == story->process ||
		(step->type == BEL_VM_STEP_RETURNED && step->info == story->process + 1))
		story->concerns_process = true;
	if (about_page && step->vpn == story->page)
		story->concerns_page = true;
	story->faulted |= step->type == BEL_VM_STEP_TRAP || step->type == BEL_VM_STEP_SEGV;
	if (step->type == BEL_VM_STEP_REFERENCE)
		story->count = (uint32_t)(step->info >> BEL_RUN_COUNT_SHIFT);
}

/* An event has happened: its processes have their numbers now. */
static void end_event(struct bel_story *story, const struct bel_vm_step *step)
{
	const struct bel_event *const event = story->event;
	char text[200];

	story->event = NULL;
	story->heading = bel_story_event(step->vm, event);
	if (!story->heading)
		bel_err_memory(&story->err, "the story");
	if (event->type == BEL_EVENT_FORK &&
		bel_vm_space_process(step->vm, event->other) == story->process)
		story->concerns_process = true;
	if (story->page != UINT64_MAX && !event_has_page(story, event))
		story->concerns_page = false;
	story->moved = step->frames || step->slots || event->type == BEL_EVENT_EXIT ||
		       event->type == BEL_EVENT_FORK;
	if (!story->moved || event->type == BEL_EVENT_FORK)
		return;
	bel_story_words(step, text, sizeof(text));
	bel_story_add(story, strdup(text), true);
}

/* Events that tell nothing: of threads; of a failing reference, which tells itself. */
static bool is_silent(const struct bel_event *event)
{
	return event->type == BEL_EVENT_THREAD || event->type == BEL_EVENT_THREAD_START ||
	       event->type == BEL_EVENT_THREAD_EXIT || event->type == BEL_EVENT_FAULT ||
	       (event->type == BEL_EVENT_START && !event->name);
}

void bel_story_step(void *host, const struct bel_vm_step *step)
{
	struct bel_story *const story = host;
	const bool begins = step->type == BEL_VM_STEP_REFERENCE || step->type == BEL_VM_STEP_DEAD ||
			    step->type == BEL_VM_STEP_SWITCH || step->type == BEL_VM_STEP_EVENT;
	char text[400];

	if (story->err.code)
		return;
	if (step->type == BEL_VM_STEP_OVER) {
		end_group(story);
		return;
	}
	if (begins || !story->open)
		begin_group(story, step);
	note(story, step);
	if (step->type == BEL_VM_STEP_EVENT) {
		story->open = !is_silent(step->event);
		story->event = step->event;
		return;
	}
	if (step->type == BEL_VM_STEP_RETURNED && story->event && !step->info) {
		if (story->open)
			end_event(story, step);
		story->event = NULL;
		return;
	}
	/* After an exec, the same process goes on. */
	if (step->type == BEL_VM_STEP_SWITCH &&
		bel_vm_space_process(step->vm, step->space) ==
			bel_vm_space_process(step->vm, (uint32_t)step->info)) {
		story->open = false;
		return;
	}
	bel_story_words(step, text, sizeof(text));
	if (story->table)
		bel_story_row_step(story, step);
	if (!begins) {
		bel_story_add(story, strdup(text),
			step->type == BEL_VM_STEP_OOM || step->type == BEL_VM_STEP_RETURNED);
		return;
	}
	story->heading = strdup(text);
	if (!story->heading)
		bel_err_memory(&story->err, "the story");
}

void bel_story_trace(struct bel_story *story, const char *title)
{
	const struct bel_vm_step step = {.type = BEL_VM_STEP_EVENT};
	char *text;

	begin_group(story, &step);
	if (asprintf(&text, "trace %s", title) < 0) {
		bel_err_memory(&story->err, "the story");
		return;
	}
	story->heading = text;
	story->now = story->from;
	story->concerns_process = true;
	end_group(story);
}

int bel_story_end(struct bel_story *story, struct bel_err *err)
{
	/* After a failure of the machine, a group is open; the machine may be gone. */
	story->state = 0;
	end_group(story);
	if (!story->err.code && story->table)
		bel_story_table_print(story);
	else if (story->begun)
		put(story, story->style->end);
	for (size_t i = 0; i < story->row_count; i++)
		free(story->rows[i].event);
	free(story->rows);
	free(story->line);
	story->rows = NULL;
	story->line = NULL;
	story->row_count = 0;
	if (story->err.code)
		*err = story->err;
	return story->err.code;
}
