/* SPDX-License-Identifier: MIT */
/* story_state.c: what the machine holds after a reference or an event, one line for each part. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "story.h"
#include "vm_state.h"

static const char *const names[] = {"tlb", "table", "frames", "swap"};

int bel_story_state_parse(const char *text, unsigned *state, struct bel_err *err)
{
	*state = 0;
	while (*text) {
		const size_t length = strcspn(text, ",");
		unsigned i = 0;

		while (i < 4 &&
			(strlen(names[i]) != length || strncmp(names[i], text, length) != 0))
			i++;
		if (i == 4)
			return bel_usage(err, "--state: '%.*s' is none of tlb, table, frames, swap",
				(int)length, text);
		*state |= 1u << i;
		text += length;
		text += *text == ',' && text[1];
	}
	return *state ? 0 : bel_usage(err, "--state: give some of tlb, table, frames, swap");
}

struct part {
	FILE *file;
	unsigned kind;
	bool any;
};

static void page_words(const struct part *part, const struct bel_vm_view *view)
{
	if (view->file)
		fprintf(part->file, ", file %s", view->file);
	if (view->mappings > 1)
		fprintf(part->file, ", mapped %u times", view->mappings);
}

static void show(void *host, const struct bel_vm_view *view)
{
	struct part *const part = host;
	FILE *const file = part->file;

	fputs(part->any ? "; " : "", file);
	part->any = true;
	switch (part->kind) {
	case BEL_STORY_TLB:
		fprintf(file, "level %u%s: page 0x%" PRIx64 " of process %u in frame %u",
			view->number, view->fetch ? " (fetches)" : "", view->vpn, view->process,
			view->frame);
		break;
	case BEL_STORY_TABLE:
		fprintf(file, "page 0x%" PRIx64 " ", view->vpn);
		if (view->bits & BEL_VM_VALID)
			fprintf(file, "valid, frame %u%s%s%s", view->frame,
				view->bits & BEL_VM_WRITABLE ? ", writable" : "",
				view->bits & BEL_VM_ON_WRITE ? ", copy on write" : "",
				view->bits & BEL_VM_DIRTY ? ", dirty" : "");
		else if (view->slot)
			fprintf(file, "not valid, swap slot %u", view->slot);
		else
			fprintf(file, "not valid");
		break;
	case BEL_STORY_FRAMES:
		fprintf(file, "%u: page 0x%" PRIx64 " of process %u%s", view->number, view->vpn,
			view->process, view->bits & BEL_VM_DIRTY ? ", dirty" : "");
		page_words(part, view);
		break;
	default:
		fprintf(file, "%u: page 0x%" PRIx64 " of process %u", view->number, view->vpn,
			view->process);
		page_words(part, view);
		break;
	}
}

static void add_part(struct bel_story *story, unsigned kind)
{
	const uint32_t process = bel_vm_space_process(story->vm, story->space);
	char *text = NULL;
	size_t size;
	struct part part = {.file = open_memstream(&text, &size), .kind = kind};
	int r = 0;

	if (!part.file) {
		bel_err_memory(&story->err, "the story");
		return;
	}
	if (kind == BEL_STORY_TLB) {
		fprintf(part.file, "TLB: ");
		bel_vm_each_tlb(story->vm, show, &part);
	} else if (kind == BEL_STORY_TABLE && process != UINT32_MAX) {
		fprintf(part.file, "page table of process %u: ", process);
		r = bel_vm_each_entry(story->vm, process, show, &part, &story->err);
	} else if (kind == BEL_STORY_FRAMES) {
		fprintf(part.file, "frames: ");
		bel_vm_each_frame(story->vm, show, &part);
	} else if (kind == BEL_STORY_SWAP) {
		fprintf(part.file, "swap slots: ");
		bel_vm_each_slot(story->vm, show, &part);
	}
	if (!part.any)
		fprintf(part.file, "empty");
	if (fclose(part.file) || r < 0) {
		free(text);
		bel_err_memory(&story->err, "the story");
		return;
	}
	bel_story_add(story, text, true);
}

void bel_story_state_add(struct bel_story *story)
{
	for (unsigned kind = BEL_STORY_TLB; kind <= BEL_STORY_SWAP; kind *= 2)
		if (story->state & kind && !story->err.code)
			add_part(story, kind);
}
