/* SPDX-License-Identifier: MIT */
/* vm_step.c: reports the machine's steps to its host, and describes them in sentences. */
#include "vm_step.h"

#include <inttypes.h>
#include <stdio.h>

#include "vm_machine.h"

void bel_vm_tell_host(struct bel_vm *vm, uint8_t type, const struct bel_vm_entry *entry,
	uint32_t frame, uint64_t info)
{
	const struct bel_vm_step step = {
		.type = type,
		.space = entry ? entry->space : vm->current,
		.frame = frame ? frame - 1 : 0,
		.vpn = entry ? bel_vm_vpn(entry) : 0,
		.info = info,
		.now = vm->now,
		.page_bits = vm->config.tables.page_bits,
		.levels = vm->config.tables.levels,
	};

	vm->config.step(vm->config.host, &step);
}

/* Writes "valid, writable, dirty" into text. */
static const char *bits_text(uint64_t bits, char *text, size_t size)
{
	static const char *const name[] = {
		"valid", "writable", "dirty", "accessed", "in swap", "copy on write", "shared"};
	size_t at = 0;

	text[0] = 0;
	for (unsigned i = 0; i < sizeof(name) / sizeof(*name); i++)
		if (bits >> i & 1 && at < size)
			at += (size_t)snprintf(
				text + at, size - at, "%s%s", at ? ", " : "", name[i]);
	return at ? text : "none";
}

static const char *class_text(uint64_t class)
{
	static const char *const text[] = {
		"minor fault: first touch of an anonymous page, a frame is filled with zeroes",
		"minor fault: the page is in a frame already, only the entry was missing",
		"minor fault: copy on write, the page is copied to a frame of its own",
		"minor fault: the entry's protection changes, the page stays where it is",
		"major fault: the page is read from its file",
		"major fault: the page is read back from swap",
		"invalid: the address lies in no region",
		"invalid: the region does not allow it",
	};

	return class < BEL_VM_FAULTS ? text[class] : "unknown";
}

static const char *verb(uint64_t info)
{
	if (info & BEL_RUN_WRITE)
		return "write";
	return info & BEL_RUN_DATA ? "read" : "fetch";
}

static int address_text(const struct bel_vm_step *step, char *text, size_t size)
{
	const uint64_t start = step->vpn << step->page_bits;

	return snprintf(text, size,
		"reference %" PRIu64 ": process in space %u: %s in 0x%" PRIx64 "-0x%" PRIx64
		" = page 0x%" PRIx64 ", offset 0-0x%" PRIx64,
		step->now, step->space, verb(step->info), start,
		start + ((uint64_t)1 << step->page_bits) - 1, step->vpn,
		((uint64_t)1 << step->page_bits) - 1);
}

static int fault_text(const struct bel_vm_step *step, char *text, size_t size)
{
	char bits[100];

	switch (step->type) {
	case BEL_VM_STEP_INVALID:
		return snprintf(text, size, "the entry's valid bit is clear (bits: %s)",
			bits_text(step->info, bits, sizeof(bits)));
	case BEL_VM_STEP_DENIED:
		return snprintf(text, size, "the entry does not allow the write (bits: %s)",
			bits_text(step->info, bits, sizeof(bits)));
	case BEL_VM_STEP_TRAP:
		return snprintf(text, size, "page fault: trap into the kernel");
	case BEL_VM_STEP_SEGV:
		return snprintf(text, size, "%s: segmentation fault, the process is killed",
			class_text(step->info));
	case BEL_VM_STEP_UNKNOWN:
		return snprintf(text, size,
			"the address lies in no known region, but the program "
			"survived it: mapped");
	case BEL_VM_STEP_CLASS:
		return snprintf(text, size, "%s", class_text(step->info));
	default:
		return snprintf(text, size, "the page is in frame %u now", step->frame);
	}
}

static int victim_text(const struct bel_vm_step *step, char *text, size_t size)
{
	switch (step->type) {
	case BEL_VM_STEP_VICTIM:
		return snprintf(text, size,
			"no free frame: the policy's victim is page 0x%" PRIx64
			" of space %u in frame %u (%" PRIu64
			" entr%s made invalid, TLBs shot down)",
			step->vpn, step->space, step->frame, step->info,
			step->info == 1 ? "y" : "ies");
	case BEL_VM_STEP_SWAP_OUT:
		return snprintf(
			text, size, "it is dirty: written to swap slot %" PRIu64, step->info);
	case BEL_VM_STEP_FILE_WRITE:
		return snprintf(text, size, "it is dirty: written to its file");
	case BEL_VM_STEP_CLEAN_DROP:
		return snprintf(text, size, "it is clean: dropped without a write");
	default:
		return snprintf(text, size,
			"swap is full: process %" PRIu64 ", the largest, is killed", step->info);
	}
}

int bel_vm_step_text(const struct bel_vm_step *step, char *text, size_t size)
{
	char bits[100];

	switch (step->type) {
	case BEL_VM_STEP_REFERENCE:
		return address_text(step, text, size);
	case BEL_VM_STEP_TLB_HIT:
		return snprintf(text, size, "TLB, level %" PRIu64 ": hit", step->info);
	case BEL_VM_STEP_TLB_MISS:
		return snprintf(text, size, "TLB: miss");
	case BEL_VM_STEP_WALK:
		return snprintf(text, size,
			"page table walk: %" PRIu64 " memory reference%s in %u level%s", step->info,
			step->info == 1 ? "" : "s", step->levels, step->levels == 1 ? "" : "s");
	case BEL_VM_STEP_INVALID:
	case BEL_VM_STEP_DENIED:
	case BEL_VM_STEP_TRAP:
	case BEL_VM_STEP_SEGV:
	case BEL_VM_STEP_UNKNOWN:
	case BEL_VM_STEP_CLASS:
	case BEL_VM_STEP_LOAD:
		return fault_text(step, text, size);
	case BEL_VM_STEP_VICTIM:
	case BEL_VM_STEP_SWAP_OUT:
	case BEL_VM_STEP_FILE_WRITE:
	case BEL_VM_STEP_CLEAN_DROP:
	case BEL_VM_STEP_OOM:
		return victim_text(step, text, size);
	case BEL_VM_STEP_ENTRY:
		return snprintf(text, size, "the entry is set: frame %u, bits %s", step->frame,
			bits_text(step->info, bits, sizeof(bits)));
	case BEL_VM_STEP_RESTART:
		return snprintf(text, size, "the instruction is restarted");
	case BEL_VM_STEP_FRAME:
		return snprintf(text, size, "physical: frame %u, 0x%" PRIx64 " and the offset",
			step->frame, (uint64_t)step->frame << step->page_bits);
	case BEL_VM_STEP_FLUSH:
		return snprintf(text, size, "switch to space %" PRIu64 ": the TLBs are emptied",
			step->info);
	default:
		return snprintf(text, size, "unknown step %u", step->type);
	}
}
