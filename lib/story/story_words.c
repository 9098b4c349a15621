/* SPDX-License-Identifier: MIT */
/* story_words.c: steps and events of a machine as sentences. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "story.h"
#include "vm_state.h"

#define BITS_TEXT 100

/* Writes "valid, writable, dirty" into text. */
static const char *bits_text(uint64_t bits, char text[BITS_TEXT])
{
	static const char *const name[] = {
		"valid", "writable", "dirty", "accessed", "in swap", "copy on write", "shared"};
	size_t at = 0;

	text[0] = 0;
	for (unsigned i = 0; i < sizeof(name) / sizeof(*name); i++)
		if (bits >> i & 1 && at < BITS_TEXT)
			at += (size_t)snprintf(
				text + at, BITS_TEXT - at, "%s%s", at ? ", " : "", name[i]);
	return at ? text : "none";
}

static const struct bel_vm_config *config_of(const struct bel_vm_step *step)
{
	return bel_vm_config(step->vm);
}

static uint32_t process_of(const struct bel_vm_step *step)
{
	return bel_vm_space_process(step->vm, step->space);
}

static const char *verb(uint64_t info)
{
	if (info & BEL_RUN_WRITE)
		return "writes";
	return info & BEL_RUN_DATA ? "reads" : "fetches from";
}

static int reference_text(const struct bel_vm_step *step, char *text, size_t size)
{
	const struct bel_vm_config *const config = config_of(step);
	const unsigned bits = config->tables.page_bits, split = step->info & BEL_RUN_SPLIT;
	const uint64_t start = step->vpn << bits, last = start + ((uint64_t)1 << bits) - 1;
	const unsigned kind = bel_vm_region_kind(step->vm, step->space, step->address);
	const char *const region = kind < BEL_REGIONS ? bel_region_name(kind) : NULL;

	if (config->addresses)
		return snprintf(text, size,
			"reference %" PRIu64 ": process %u %s %s0x%" PRIx64 " = page 0x%" PRIx64
			" + offset 0x%" PRIx64 "%s%s",
			step->now, process_of(step), verb(step->info), split ? "the rest, at " : "",
			step->address, step->vpn, step->address - start,
			region ? ", in region " : "", region ? region : "");
	return snprintf(text, size,
		"reference %" PRIu64 ": process %u %s page 0x%" PRIx64 " = 0x%" PRIx64
		" to 0x%" PRIx64 "%s%s",
		step->now, process_of(step), verb(step->info), step->vpn, start, last,
		region ? ", in region " : "", region ? region : "");
}

/* The index into the table of each level: the bits of the page number, from the top. */
static int walk_text(const struct bel_vm_step *step, char *text, size_t size)
{
	const struct bel_vm_table_shape *const shape = &config_of(step)->tables;
	unsigned left = shape->address_bits - shape->page_bits;
	int at = snprintf(text, size, "page table walk: %" PRIu64 " memory reference%s", step->info,
		step->info == 1 ? "" : "s");

	if (shape->kind == BEL_VM_TABLE_INVERTED)
		return at + snprintf(text + at, size - (size_t)at, " in the chain of its hash");
	at += snprintf(
		text + at, size - (size_t)at, "; %s ", shape->levels == 1 ? "index" : "indexes");
	for (unsigned i = 0; i < shape->levels; i++) {
		left -= shape->bits[i];
		at += snprintf(text + at, size - (size_t)at, "%s0x%" PRIx64, i ? ", " : "",
			step->vpn >> left & ((UINT64_C(1) << shape->bits[i]) - 1));
	}
	return at;
}

static const char *class_text(uint64_t class)
{
	static const char *const text[] = {
		"minor fault: first touch of an anonymous page; no I/O",
		"minor fault: the page is in a frame already; only the entry is missing",
		"minor fault: write to a page that is copied on write",
		"minor fault: only the rights in the entry change; the page stays where it is",
		"major fault: the page is in a file and must be read",
		"major fault: the page is in swap and must be read",
		"invalid: the address lies in no region",
		"invalid: the region does not allow this access",
	};

	return class < BEL_VM_FAULTS ? text[class] : "unknown";
}

static int load_text(const struct bel_vm_step *step, char *text, size_t size)
{
	switch (step->info) {
	case BEL_VM_ZERO_FILL:
		return snprintf(text, size, "frame %u is filled with zeros", step->frame);
	case BEL_VM_COPY:
		return snprintf(text, size, "the page is copied to frame %u", step->frame);
	case BEL_VM_FILE_READ:
		return snprintf(
			text, size, "the page is read from its file into frame %u", step->frame);
	default:
		return snprintf(
			text, size, "the page is read from swap into frame %u", step->frame);
	}
}

static int victim_text(const struct bel_vm_step *step, char *text, size_t size)
{
	const struct bel_vm_config *const config = config_of(step);
	const char *why = "no frame is free";

	if (config->allocation)
		why = "the process has no free frame";
	else if (!config->frames)
		why = "the resident set shrinks";
	else if (config->high)
		why = "few frames are free";
	return snprintf(text, size,
		"%s: the victim is page 0x%" PRIx64 " of process %u in frame %u; its valid bit is "
		"cleared (entries: %" PRIu64 "), and it leaves the TLBs",
		why, step->vpn, process_of(step), step->frame, step->info);
}

static int frame_text(const struct bel_vm_step *step, char *text, size_t size)
{
	const struct bel_vm_config *const config = config_of(step);
	const unsigned bits = config->tables.page_bits;
	const uint64_t start = (uint64_t)step->frame << bits, mask = (UINT64_C(1) << bits) - 1;
	const uint64_t offset = step->address & mask;

	if (config->addresses)
		return snprintf(text, size,
			"physical address 0x%" PRIx64 " = frame %u + offset 0x%" PRIx64,
			start + offset, step->frame, offset);
	return snprintf(text, size, "physical addresses 0x%" PRIx64 " to 0x%" PRIx64 " = frame %u",
		start, start + mask, step->frame);
}

static bool any_lives(const struct bel_vm *vm)
{
	const struct bel_vm_process *process;

	for (uint32_t i = 0; (process = bel_vm_process(vm, i)); i++)
		if (process->end == BEL_VM_LIVES)
			return true;
	return false;
}

static int returned_text(const struct bel_vm_step *step, char *text, size_t size)
{
	const char *const frames = step->frames == 1 ? "" : "s";
	const char *const slots = step->slots == 1 ? "" : "s";

	if (step->info)
		return snprintf(text, size,
			"process %" PRIu64 " is dead; free again: %" PRIu64 " frame%s, %" PRIu64
			" swap slot%s%s",
			step->info - 1, step->frames, frames, step->slots, slots,
			any_lives(step->vm) ? "; the other processes go on" : "");
	return snprintf(text, size, "free again: %" PRIu64 " frame%s, %" PRIu64 " swap slot%s",
		step->frames, frames, step->slots, slots);
}

static int fault_words(const struct bel_vm_step *step, char *text, size_t size)
{
	char bits[BITS_TEXT];

	switch (step->type) {
	case BEL_VM_STEP_INVALID:
		return snprintf(text, size, "the valid bit of the entry is clear (bits: %s)",
			bits_text(step->info, bits));
	case BEL_VM_STEP_DENIED:
		return snprintf(text, size, "the entry does not allow the write (bits: %s)",
			bits_text(step->info, bits));
	case BEL_VM_STEP_TRAP:
		return snprintf(
			text, size, "page fault: trap into the kernel, which saves the registers");
	case BEL_VM_STEP_SEGV:
		return snprintf(text, size, "%s: segmentation fault, the process is killed",
			class_text(step->info));
	case BEL_VM_STEP_UNKNOWN:
		return snprintf(text, size,
			"the address lies in no known region, but the program survived it: mapped");
	case BEL_VM_STEP_CLASS:
		return snprintf(text, size, "%s", class_text(step->info));
	case BEL_VM_STEP_VICTIM:
		return victim_text(step, text, size);
	case BEL_VM_STEP_SWAP_OUT:
		return snprintf(
			text, size, "it is dirty: written to swap slot %" PRIu64, step->info);
	case BEL_VM_STEP_FILE_WRITE:
		return snprintf(text, size, "it is dirty: written to its file");
	case BEL_VM_STEP_CLEAN_DROP:
		return snprintf(text, size, "it is clean: dropped without a write");
	case BEL_VM_STEP_OOM:
		return snprintf(text, size,
			"swap is full: process %" PRIu64 ", the largest, is killed", step->info);
	case BEL_VM_STEP_FREE:
		return snprintf(text, size, "frame %u is free", step->frame);
	case BEL_VM_STEP_LOAD:
		return load_text(step, text, size);
	default:
		return snprintf(text, size, "the entry is set: frame %u, bits %s", step->frame,
			bits_text(step->info, bits));
	}
}

int bel_story_words(const struct bel_vm_step *step, char *text, size_t size)
{
	switch (step->type) {
	case BEL_VM_STEP_REFERENCE:
		return reference_text(step, text, size);
	case BEL_VM_STEP_TLB_HIT:
		return snprintf(text, size, "TLB, level %" PRIu64 ": hit", step->info);
	case BEL_VM_STEP_TLB_MISS:
		return snprintf(text, size, "TLB, level 1: miss");
	case BEL_VM_STEP_WALK:
		return walk_text(step, text, size);
	case BEL_VM_STEP_FILL:
		return snprintf(text, size, "TLB, level %" PRIu64 ": filled", step->info);
	case BEL_VM_STEP_RESTART:
		return snprintf(text, size, "the process resumes: the instruction is restarted");
	case BEL_VM_STEP_FRAME:
		return frame_text(step, text, size);
	case BEL_VM_STEP_SWITCH:
		return snprintf(text, size, "switch from process %u to process %u",
			bel_vm_space_process(step->vm, (uint32_t)step->info), process_of(step));
	case BEL_VM_STEP_FLUSH:
		return snprintf(text, size, "the TLBs are emptied");
	case BEL_VM_STEP_RETURNED:
		return returned_text(step, text, size);
	case BEL_VM_STEP_DEAD:
		return snprintf(text, size,
			"reference %" PRIu64 ": process %u is dead: 0x%" PRIx64
			" is not referenced",
			step->now, process_of(step), step->address);
	default:
		return fault_words(step, text, size);
	}
}

static void range_words(FILE *file, const struct bel_event *event)
{
	fprintf(file, "0x%" PRIx64 " to 0x%" PRIx64, event->start,
		event->start + (event->length ? event->length - 1 : 0));
}

static void map_words(FILE *file, const struct bel_event *event)
{
	const unsigned flags = event->flags;

	range_words(file, event);
	fprintf(file, ", %c%c%c, %s, region %s", flags & BEL_MAP_READ ? 'r' : '-',
		flags & BEL_MAP_WRITE ? 'w' : '-', flags & BEL_MAP_EXEC ? 'x' : '-',
		flags & BEL_MAP_SHARED ? "shared" : "private", bel_region_name(event->region));
	if (event->name && flags & BEL_MAP_FILE)
		fprintf(file, ", from %s at 0x%" PRIx64, event->name, event->offset);
}

static void memory_words(FILE *file, const struct bel_event *event, uint32_t process)
{
	fprintf(file, "process %u ", process);
	switch (event->type) {
	case BEL_EVENT_MAP:
		fprintf(file, "maps ");
		map_words(file, event);
		return;
	case BEL_EVENT_UNMAP:
		fprintf(file, "unmaps ");
		break;
	case BEL_EVENT_PROTECT:
		fprintf(file, "sets the rights %c%c%c for ",
			event->flags & BEL_MAP_READ ? 'r' : '-',
			event->flags & BEL_MAP_WRITE ? 'w' : '-',
			event->flags & BEL_MAP_EXEC ? 'x' : '-');
		break;
	case BEL_EVENT_GROW:
		fprintf(file, "changes the size of its %s, which now is ",
			bel_region_name(event->region));
		break;
	case BEL_EVENT_REMAP:
		fprintf(file, "moves 0x%" PRIx64 " to ", event->value);
		break;
	default:
		fprintf(file, "discards the contents of ");
		break;
	}
	range_words(file, event);
}

static void process_words(FILE *file, const struct bel_vm *vm, const struct bel_event *event)
{
	const uint32_t process = bel_vm_space_process(vm, event->space);

	switch (event->type) {
	case BEL_EVENT_START:
		fprintf(file, "process %u starts%s%s", process, event->name ? ": " : "",
			event->name ? event->name : "");
		break;
	case BEL_EVENT_FORK:
		fprintf(file,
			"process %u forks process %u: both have the same pages; the first write to "
			"a page copies it",
			bel_vm_space_process(vm, event->other), process);
		break;
	case BEL_EVENT_EXEC:
		fprintf(file, "process %u executes %s in a new, empty address space", process,
			event->name ? event->name : "a program");
		break;
	case BEL_EVENT_EXIT:
		fprintf(file,
			event->value < 256 ? "process %u exits with status %" PRIu64
					   : "process %u is ended by signal %" PRIu64,
			process, event->value < 256 ? event->value : event->value - 256);
		break;
	case BEL_EVENT_MARK:
		fprintf(file, "mark: %s", event->name ? event->name : "");
		break;
	default:
		memory_words(file, event, process);
		break;
	}
}

char *bel_story_event(const struct bel_vm *vm, const struct bel_event *event)
{
	char *text = NULL;
	size_t size;
	FILE *const file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	process_words(file, vm, event);
	if (fclose(file)) {
		free(text);
		return NULL;
	}
	return text;
}
