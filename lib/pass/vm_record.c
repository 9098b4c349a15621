/* SPDX-License-Identifier: MIT */
/* vm_record.c: the results of a machine as records. */
#include <math.h>
#include <stdio.h>

#include "policy_record.h"
#include "version.h"
#include "vm_record.h"

/* The values that all records of a machine begin with. */
struct vm_head {
	const char *tool;
	struct bel_trace_identity trace;
	uint64_t seed, quantum;
	unsigned traces; /* number of interleaved traces */
};

static double ratio(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

/* The members that all three records begin with. */
static struct bel_record *new_record(const char *schema, const struct vm_head *head,
	const struct bel_policy_spec *spec, const struct bel_vm *vm)
{
	const struct bel_vm_config *const config = bel_vm_config(vm);
	struct bel_record *r = bel_record_new(schema);

	bel_record_text(r, "tool", head->tool);
	bel_record_text(r, "version", BEL_VERSION);
	bel_trace_record(r, &head->trace);
	bel_record_count(r, "traces", head->traces);
	bel_record_count_or_null(r, "quantum", head->quantum, head->traces > 1);
	bel_policy_record(r, spec, NULL);
	bel_record_count_or_null(r, "frames", config->frames, config->frames);
	bel_record_text(r, "replacement", bel_vm_allocation_name(config->allocation));
	bel_record_count(r, "seed", head->seed);
	return r;
}

/* Faults by class, and their sums. */
static void add_faults(struct bel_record *r, const uint64_t faults[BEL_VM_FAULTS])
{
	const uint64_t minor = bel_vm_minor(faults), major = bel_vm_major(faults);
	char key[40];

	bel_record_count(r, "faults", minor + major + bel_vm_invalid(faults));
	bel_record_count(r, "minor_faults", minor);
	bel_record_count(r, "major_faults", major);
	bel_record_count(r, "invalid_faults", bel_vm_invalid(faults));
	for (int f = 0; f < BEL_VM_FAULTS; f++) {
		snprintf(key, sizeof(key), "%s_faults", bel_vm_fault_name(f));
		bel_record_count(r, key, faults[f]);
	}
}

static void add_tlb(struct bel_record *r, const struct bel_vm *vm)
{
	static const char *const part_name[] = {"data", "fetch", "second_level"};
	const struct bel_vm_tlb *const tlb = bel_vm_tlb(vm);
	const struct bel_vm_tally *const tally = bel_vm_tally(vm);
	uint64_t reach = 0;

	bel_record_open(r, "tlb");
	bel_record_text(r, "replacement", bel_vm_tlb_order_name(tlb->order));
	bel_record_flag(r, "asid", tlb->asid);
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++) {
		const struct bel_vm_tlb_buffer *const part = &tlb->part[i];

		reach += part->entries;
		bel_record_open(r, part_name[i]);
		bel_record_count(r, "entries", part->entries);
		bel_record_count(r, "ways", part->ways);
		bel_record_count(r, "misses", part->misses);
		bel_record_count(r, "fills", part->fills);
		bel_record_count(r, "shootdowns", part->shootdowns);
		bel_record_close(r);
	}
	bel_record_count(r, "misses", tally->lookups_missed);
	bel_record_real(r, "miss_ratio", ratio(tally->lookups_missed, tally->references));
	bel_record_count(r, "second_level_hits", tally->l2_hits);
	bel_record_count(r, "walks", tally->walks);
	bel_record_count(r, "walk_references", tally->walk_references);
	bel_record_count(r, "restarts", tally->restarts);
	bel_record_count(r, "flushes", tlb->flushes);
	bel_record_count(r, "entries_flushed", tlb->flushed);
	bel_record_count(r, "reach_bytes", reach << bel_vm_config(vm)->tables.page_bits);
	bel_record_close(r);
}

static void add_tables(struct bel_record *r, const struct bel_vm *vm)
{
	const struct bel_vm_table *const table = bel_vm_table(vm);
	const struct bel_vm_table_shape *const shape = &table->shape;
	char text[40] = "", key[16];
	int at = 0;

	bel_record_open(r, "tables");
	bel_record_text(r, "kind", bel_vm_table_name(shape->kind));
	bel_record_count(r, "address_bits", shape->address_bits);
	bel_record_count(r, "levels", shape->levels);
	for (int i = 0; i < shape->levels; i++)
		at += snprintf(
			text + at, sizeof(text) - (size_t)at, "%s%u", i ? "," : "", shape->bits[i]);
	bel_record_text(r, "level_bits", text);
	bel_record_count(r, "entry_bytes", shape->entry_bytes);
	bel_record_open(r, "peak_tables");
	for (int i = 0; i < shape->levels; i++) {
		snprintf(key, sizeof(key), "level%d", shape->levels - i);
		bel_record_count(r, key, table->peak[i]);
	}
	bel_record_close(r);
	bel_record_count(r, "bytes_at_end", table->bytes);
	bel_record_count(r, "peak_bytes", table->peak_bytes);
	bel_record_real(r, "flat_table_bytes", bel_vm_table_flat_bytes(shape));
	bel_record_close(r);
}

static void add_swap(struct bel_record *r, const struct bel_vm *vm)
{
	const struct bel_vm_swap *const swap = bel_vm_swap(vm);
	const struct bel_vm_tally *const tally = bel_vm_tally(vm);

	bel_record_open(r, "swap");
	bel_record_count_or_null(r, "slots", swap->limit, swap->limit != BEL_VM_UNBOUNDED);
	bel_record_count(r, "ins", swap->ins);
	bel_record_count(r, "outs", swap->outs);
	bel_record_count(r, "slots_used_at_end", swap->used);
	bel_record_count(r, "peak_slots", swap->peak);
	bel_record_count(r, "times_full", tally->out_of_memory);
	bel_record_close(r);
}

static void add_fragmentation(
	struct bel_record *r, const struct bel_vm_fragmentation fragmentation[BEL_REGIONS])
{
	uint64_t bytes = 0, lost = 0;

	bel_record_open(r, "fragmentation");
	for (int k = 0; k < BEL_REGIONS; k++) {
		bytes += fragmentation[k].bytes;
		lost += fragmentation[k].internal_fragmentation_bytes;
		if (!fragmentation[k].regions)
			continue;
		bel_record_open(r, bel_region_name((enum bel_region_kind)k));
		bel_record_count(r, "regions", fragmentation[k].regions);
		bel_record_count(r, "bytes", fragmentation[k].bytes);
		bel_record_count(r, "pages", fragmentation[k].pages);
		bel_record_count(r, "internal_fragmentation_bytes",
			fragmentation[k].internal_fragmentation_bytes);
		bel_record_close(r);
	}
	bel_record_count(r, "region_bytes", bytes);
	bel_record_count(r, "internal_fragmentation_bytes", lost);
	bel_record_close(r);
}

/* The cost model with its assumptions and results. */
static void add_cost(struct bel_record *r, const struct vm_head *head, const struct bel_vm *vm)
{
	const struct bel_vm_config *const config = bel_vm_config(vm);
	const struct bel_vm_work work = bel_vm_work(vm);
	const struct bel_vm_time time = bel_vm_time_of(&config->cost, config->device, &work);
	const unsigned n = head->traces;
	double value, rate, used;
	const char *name;

	bel_record_open(r, "cost");
	bel_record_text(r, "device", config->device->name);
	bel_record_open(r, "assumed_ns");
	for (unsigned i = 0; (name = bel_vm_cost_item(&config->cost, i, &value)); i++)
		bel_record_real(r, name, value);
	bel_record_real(r, "device_read", time.read_ns);
	bel_record_real(r, "device_write", time.write_ns);
	bel_record_close(r);
	bel_record_real(r, "cpu_ns", time.cpu_ns);
	bel_record_real(r, "io_ns", time.io_ns);
	bel_record_real(r, "effective_access_ns", time.access_ns);
	bel_record_real(r, "cpu_share_alone", time.cpu_share);
	used = bel_vm_utilisation(time.cpu_ns / n, time.io_ns / n, n, &rate);
	bel_record_count(r, "multiprogramming", n);
	bel_record_real(r, "cpu_utilisation", used);
	bel_record_real(r, "programs_per_s", rate);
	bel_record_real(r, "references_per_s", rate * (double)work.references / n);
	bel_record_close(r);
}

static void add_memory(struct bel_record *r, const struct bel_vm *vm)
{
	const struct bel_vm_config *const config = bel_vm_config(vm);
	const struct bel_vm_tally *const tally = bel_vm_tally(vm);
	uint64_t shared, idle;

	bel_vm_sharing(vm, &shared, &idle);
	bel_record_count(r, "evictions", tally->evictions);
	bel_record_count(r, "background_evictions", tally->background);
	bel_record_count_or_null(r, "low_watermark", config->low, config->high);
	bel_record_count_or_null(r, "high_watermark", config->high, config->high);
	bel_record_count(r, "writebacks", tally->writebacks);
	bel_record_count(r, "clean_drops", tally->clean_drops);
	bel_record_count(r, "file_reads", tally->file_reads);
	bel_record_count(r, "file_writes", tally->file_writes);
	bel_record_count(r, "dirty_at_end", bel_vm_dirty(vm));
	bel_record_count(r, "copies", tally->copies);
	bel_record_count(r, "unknown_region", tally->unknown_region);
	bel_record_count(r, "frames_at_end", tally->frames_used);
	bel_record_count(r, "peak_frames", tally->frames_peak);
	bel_record_count(r, "resident_pages_at_end", tally->valid);
	bel_record_count(r, "shared_pages_at_end", shared);
	bel_record_count(r, "idle_frames_at_end", idle);
	bel_record_count(r, "rebalances", tally->rebalances);
}

static int emit_machine(struct bel_emit *emit, const struct vm_head *head,
	const struct bel_policy_spec *spec, const struct bel_vm *vm, struct bel_err *err)
{
	const struct bel_vm_tally *const tally = bel_vm_tally(vm);
	struct bel_record *r = new_record("belady.vm/1", head, spec, vm);
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS];
	uint32_t processes = 0;

	while (bel_vm_process(vm, processes))
		processes++;
	bel_record_count(r, "references", tally->references);
	bel_record_count(r, "dead_process_references", tally->dead_process_references);
	add_faults(r, tally->faults);
	bel_record_real(r, "fault_ratio",
		ratio(bel_vm_minor(tally->faults) + bel_vm_major(tally->faults) +
				bel_vm_invalid(tally->faults),
			tally->references));
	add_memory(r, vm);
	bel_record_count(r, "processes", processes);
	bel_record_count(r, "killed_by_fault", tally->killed_fault);
	bel_record_count(r, "killed_for_memory", tally->killed_memory);
	bel_record_count(r, "failed_forks", tally->failed_forks);
	bel_record_count(r, "switches", tally->switches);
	add_tlb(r, vm);
	add_tables(r, vm);
	add_swap(r, vm);
	bel_vm_fragmentation(vm, fragmentation);
	add_fragmentation(r, fragmentation);
	add_cost(r, head, vm);
	return bel_emit(emit, r, err);
}

static int emit_process(struct bel_emit *emit, const struct vm_head *head,
	const struct bel_policy_spec *spec, const struct bel_vm *vm, uint32_t index,
	struct bel_err *err)
{
	static const char *const outcomes[] = {
		"running", "exit", "segmentation-fault", "out-of-memory", "fork-failed"};
	const struct bel_vm_process *const p = bel_vm_process(vm, index);
	struct bel_record *r = new_record("belady.vm-process/1", head, spec, vm);
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS];

	bel_record_count(r, "process", index);
	bel_record_count(r, "pid", p->pid);
	bel_record_count_or_null(r, "parent", p->parent, p->parent != UINT32_MAX);
	bel_record_text(r, "name", p->name);
	bel_record_text(r, "outcome", outcomes[p->end]);
	bel_record_count_or_null(r, "status", p->status, p->end == BEL_VM_EXITED);
	bel_record_count(r, "address_spaces", p->spaces);
	bel_record_count(r, "references", p->references);
	add_faults(r, p->faults);
	bel_record_count(r, "copies", p->copies);
	bel_record_count(r, "unknown_region", p->unknown_region);
	bel_record_count(r, "tlb_misses", p->tlb_misses);
	bel_record_count(r, "evicted_pages", p->evicted);
	bel_record_count(r, "pages_at_end", p->pages);
	bel_record_count(r, "resident_pages_at_end", p->valid);
	bel_record_count(r, "peak_resident_pages", p->peak_valid);
	bel_record_count(r, "shared_pages", p->shared);
	bel_record_count_or_null(
		r, "allocated_frames", p->allocated_frames, bel_vm_config(vm)->allocation);
	bel_vm_process_fragmentation(vm, p, fragmentation);
	add_fragmentation(r, fragmentation);
	if (p->end == BEL_VM_SEGV)
		bel_record_address(r, "fatal_address", p->fatal_address);
	else
		bel_record_null(r, "fatal_address");
	bel_record_text(r, "fatal_region",
		p->end != BEL_VM_SEGV ? NULL
		: p->fatal_region == BEL_REGIONS
			? "no region"
			: bel_region_name((enum bel_region_kind)p->fatal_region));
	return bel_emit(emit, r, err);
}

static int emit_interval(struct bel_emit *emit, const struct vm_head *head,
	const struct bel_policy_spec *spec, const struct bel_vm *vm, size_t index,
	struct bel_err *err)
{
	static const struct bel_vm_mark zero = {.now = 0};
	size_t count;
	const struct bel_vm_mark *const to = &bel_vm_marks(vm, &count)[index];
	const struct bel_vm_mark *const from = index ? to - 1 : &zero;
	struct bel_record *r = new_record("belady.vm-interval/1", head, spec, vm);
	uint64_t faults[BEL_VM_FAULTS];

	for (int f = 0; f < BEL_VM_FAULTS; f++)
		faults[f] = to->faults[f] - from->faults[f];
	bel_record_count(r, "interval", index);
	bel_record_count(r, "start_reference", from->now);
	bel_record_count(r, "references", to->references - from->references);
	add_faults(r, faults);
	bel_record_count(r, "tlb_misses", to->tlb_misses - from->tlb_misses);
	bel_record_count(r, "walks", to->walks - from->walks);
	bel_record_count(r, "writebacks", to->writebacks - from->writebacks);
	bel_record_count(r, "swap_ins", to->swap_ins - from->swap_ins);
	bel_record_count(r, "swap_outs", to->swap_outs - from->swap_outs);
	bel_record_count(r, "frames_at_end", to->frames_used);
	bel_record_count(r, "resident_pages_at_end", to->valid);
	bel_record_count(r, "swap_slots_at_end", to->swap_used);
	bel_record_count(r, "processes_at_end", to->processes);
	return bel_emit(emit, r, err);
}

static int emit_all(struct bel_emit *emit, const struct vm_head *head,
	const struct bel_policy_spec *spec, const struct bel_vm *vm, struct bel_err *err)
{
	size_t marks;
	int r = emit_machine(emit, head, spec, vm, err);

	for (uint32_t p = 0; r == 0 && bel_vm_process(vm, p); p++)
		r = emit_process(emit, head, spec, vm, p, err);
	bel_vm_marks(vm, &marks);
	for (size_t i = 0; r == 0 && i < marks; i++)
		r = emit_interval(emit, head, spec, vm, i, err);
	return r;
}

int bel_vm_record_emit(struct bel_emit *emit, const char *tool,
	const struct bel_trace_identity *trace, uint64_t seed, const struct bel_policy_spec *spec,
	const struct bel_vm *vm, struct bel_err *err)
{
	const struct vm_head head = {.tool = tool, .trace = *trace, .seed = seed, .traces = 1};

	return emit_machine(emit, &head, spec, vm, err);
}

static struct vm_head head_of(
	const struct bel_machines *machines, const char *tool, const struct bel_vm *vm)
{
	const struct bel_machines_trace *const trace = bel_machines_trace(machines);
	const struct bel_machines_setup *const how = bel_machines_setup(machines);
	const struct bel_vm_tally *const tally = bel_vm_tally(vm);

	return (struct vm_head){
		.tool = tool,
		.trace =
			{
				.name = trace->name,
				.file = trace->file,
				.digest = trace->digest,
				.references = tally->references + tally->dead_process_references,
				.pages = bel_vm_pages(vm),
				.page_bytes = (uint64_t)1 << bel_vm_config(vm)->tables.page_bits,
			},
		.seed = how->seed,
		.quantum = trace->count > 1 ? how->quantum : 0,
		.traces = (unsigned)trace->count,
	};
}

int bel_vm_records_emit(const struct bel_machines *machines, const char *tool,
	struct bel_emit *emit, struct bel_err *err)
{
	const struct bel_machine *machine;
	int r = 0;

	for (size_t i = 0; r == 0 && (machine = bel_machines_at(machines, i)); i++) {
		const struct vm_head head = head_of(machines, tool, machine->vm);

		if (i == 0)
			r = bel_marks_emit(
				emit, bel_machines_marks(machines), tool, &head.trace, err);
		if (r == 0)
			r = emit_all(emit, &head, machine->spec, machine->vm, err);
	}
	return r;
}
