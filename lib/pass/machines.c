/* SPDX-License-Identifier: MIT */
/* machines.c: machines as consumers of one pass. */
#include "machines.h"

#include <stdio.h>
#include <stdlib.h>

#include "label.h"
#include "mix.h"

/* A page size, and the machine that finds the next uses of its physical pages. */
struct size {
	struct bel_stream *stream;
	struct bel_machine footprint; /* vm is NULL if no policy needs it */
	struct bel_next_uses *next_uses;
};

struct bel_machines {
	const struct bel_machines_setup *how;
	struct bel_mix *mix;
	struct bel_pass *pass;
	struct size *size;
	size_t sizes;
	struct bel_machine *machine;
	size_t count;
	bool read; /* the sources have been read */
	struct bel_marked_input marked;
	struct bel_machines_trace trace;
};

/* ---- the consumers ---- */

static int feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	return bel_vm_feed(((struct bel_machine *)self)->vm, chunk, pages, err);
}

static int finish(void *self, struct bel_err *err)
{
	return bel_vm_finish(((struct bel_machine *)self)->vm, err);
}

static const struct bel_consumer plain = {
	.caps = BEL_CONSUMER_EVENTS, .feed = feed, .finish = finish};
static const struct bel_consumer knows_future = {
	.caps = BEL_CONSUMER_EVENTS | BEL_CONSUMER_NEXT_USE, .feed = feed, .finish = finish};

static int attach(struct bel_machines *machines, const struct size *size,
	struct bel_machine *machine, const struct bel_vm_config *config, struct bel_err *err)
{
	const bool future = machine->spec && machine->spec->policy->caps & BEL_POLICY_FUTURE;

	machine->vm = bel_vm_new(config, err);
	if (!machine->vm)
		return err->code;
	return bel_pass_attach(machines->pass, size->stream, future ? &knows_future : &plain,
		machine, &machine->err, err);
}

/* Records the physical pages of the footprint machine's runs. */
static int record(void *host, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	return bel_next_uses_add(((struct size *)host)->next_uses, runs, count, err);
}

static int add_footprint(struct bel_machines *machines, struct size *size,
	struct bel_vm_config config, struct bel_err *err)
{
	struct bel_next_uses_setup setup = machines->how->pass.keep;

	setup.memory /= 2;
	config.policy = NULL;
	config.frames = 0;
	config.low = 0;
	config.high = 0;
	config.interval = 0;
	config.swap_slots = BEL_VM_UNBOUNDED;
	config.step = NULL;
	config.record = record;
	config.host = size;
	/* To find the physical pages, it needs no page tables and only a small TLB. */
	config.tlb = (struct bel_vm_tlb_config){.part[BEL_VM_TLB_DATA] = {4096, 8}, .asid = true};
	if (config.tables.kind == BEL_VM_TABLE_INVERTED)
		config.tables.kind = BEL_VM_TABLE_FLAT;
	size->next_uses = bel_next_uses_new(&setup, err);
	if (!size->next_uses)
		return BEL_FAIL;
	bel_pass_next_uses(size->stream, size->next_uses);
	return attach(machines, size, &size->footprint, &config, err);
}

/* Adds all frame counts of one policy at one page size. */
static int add_policy(struct bel_machines *machines, struct size *size,
	const struct bel_policy_spec *spec, struct bel_vm_config config, struct bel_err *err)
{
	const struct bel_machines_setup *const how = machines->how;
	const bool variable = spec->policy->caps & BEL_POLICY_VARIABLE;
	const unsigned shift = how->in_bytes ? config.tables.page_bits : 0;
	const size_t count = variable ? 1 : how->frame_count;

	config.policy = spec;
	for (size_t i = 0; i < count; i++) {
		struct bel_machine *const machine = &machines->machine[machines->count++];

		machine->spec = spec;
		config.frames = variable ? 0 : how->frames[i] >> shift;
		if (attach(machines, size, machine, &config, err) < 0)
			return err->code;
	}
	if (spec->policy->caps & BEL_POLICY_FUTURE && !size->footprint.vm)
		return add_footprint(machines, size, config, err);
	return 0;
}

static int add_size(struct bel_machines *machines, unsigned bits, struct bel_err *err)
{
	const struct bel_machines_setup *const how = machines->how;
	struct size *const size = &machines->size[machines->sizes++];
	struct bel_stream *const all = bel_pass_input(machines->pass);
	struct bel_vm_config config;

	size->stream =
		bits == how->page_bits[0] ? all : bel_pass_coarsen(machines->pass, all, bits, err);
	if (!size->stream || bel_vm_configure(&how->machine, bits, &config, err) < 0)
		return err->code;
	if (how->in_bytes && !(how->frames[0] >> bits))
		return bel_usage(err, "--ram: %llu bytes are less than one page of %llu bytes",
			(unsigned long long)how->frames[0], 1ULL << bits);
	config.seed = how->seed;
	config.generic = how->generic;
	config.addresses = how->addresses;
	config.step = how->step;
	config.host = how->step_host;
	for (size_t s = 0; s < how->spec_count; s++)
		if (add_policy(machines, size, &how->specs[s], config, err) < 0)
			return err->code;
	return 0;
}

/* After the first reading, gives the other machines what the footprint machines found. */
static int between(void *host, struct bel_err *err)
{
	struct bel_machines *const machines = host;

	for (size_t s = 0; s < machines->sizes && !machines->read; s++) {
		struct size *const size = &machines->size[s];

		if (!size->footprint.vm)
			continue;
		if (size->footprint.err.code) {
			*err = size->footprint.err;
			return err->code;
		}
		if (bel_next_uses_compute(size->next_uses, err) < 0)
			return BEL_FAIL;
	}
	machines->read = true;
	return 0;
}

/* ---- the traces ---- */

/* "a+b" of labels, to distinguish traces with the same name. NULL: out of memory. */
static char *joined_labels(struct bel_source *const *sources, size_t count)
{
	struct bel_label_key *key = calloc(count, sizeof(*key));
	char(*digest)[17] = calloc(count, sizeof(*digest));
	char *text = NULL, **label;
	size_t size = 0;
	FILE *file;

	for (size_t i = 0; key && digest && i < count; i++) {
		bel_source_digest(sources[i], digest[i]);
		key[i] = (struct bel_label_key){
			.name = bel_source_title(sources[i]),
			.file = bel_source_file(sources[i]),
			.digest = digest[i],
		};
	}
	label = key && digest ? bel_labels_new(key, count) : NULL;
	file = label ? open_memstream(&text, &size) : NULL;
	for (size_t i = 0; file && i < count; i++)
		fprintf(file, "%s%s", i ? "+" : "", label[i]);
	if (file && fclose(file)) {
		free(text);
		text = NULL;
	}
	bel_labels_free(label, count);
	free(digest);
	free(key);
	return text;
}

/* "a+b" of digests. */
static char *joined_digests(struct bel_source *const *sources, size_t count)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		char digest[17];

		bel_source_digest(sources[i], digest);
		fprintf(file, "%s%s", i ? "+" : "", digest);
	}
	return fclose(file) ? NULL : text;
}

static int prepare(struct bel_machines *machines, struct bel_source *const *sources, size_t count,
	struct bel_err *err)
{
	const struct bel_machines_setup *const how = machines->how;
	struct bel_pass_setup setup = how->pass;
	struct bel_pass_input input;

	machines->mix = bel_mix_new(sources, count, how->quantum, err);
	if (!machines->mix)
		return err->code;
	input = bel_mix_input(machines->mix);
	if (how->machine.interval) {
		const struct bel_pass_input unmarked = input;

		input = bel_marks_input(&machines->marked, &unmarked);
	}
	setup.between = between;
	setup.host = machines;
	machines->pass = bel_pass_new(&setup, &input, err);
	if (!machines->pass)
		return BEL_FAIL;
	machines->size = calloc(how->page_count, sizeof(*machines->size));
	machines->machine = calloc(how->page_count * how->spec_count * (how->frame_count + 1),
		sizeof(*machines->machine));
	if (!machines->size || !machines->machine)
		return bel_err_memory(err, "machines");
	for (size_t s = 0; s < how->page_count; s++)
		if (add_size(machines, how->page_bits[s], err) < 0)
			return err->code;
	return 0;
}

/*
 * All machines are required: if one fails, the call fails. A machine does not know which trace it
 * runs.
 */
static int run(struct bel_machines *machines, struct bel_source *const *sources, size_t count,
	struct bel_err *err)
{
	const char *const file = bel_source_file(sources[0]);

	if (bel_pass_run(machines->pass, err) < 0)
		return err->code;
	for (size_t i = 0; i < machines->count; i++) {
		const struct bel_err *const why = &machines->machine[i].err;

		if (!why->code)
			continue;
		bel_fail(err, "%s%s: %s", file ? file : bel_source_title(sources[0]),
			count > 1 ? " and others" : "", why->text);
		err->error = why->error;
		return err->code = why->code;
	}
	return 0;
}

struct bel_machines *bel_machines_new(const struct bel_machines_setup *setup,
	struct bel_source *const *sources, size_t count, struct bel_err *err)
{
	struct bel_machines *const machines = calloc(1, sizeof(*machines));

	if (!machines) {
		bel_err_memory(err, "machines");
		return NULL;
	}
	machines->how = setup;
	if (prepare(machines, sources, count, err) == 0 &&
		run(machines, sources, count, err) == 0) {
		machines->trace = (struct bel_machines_trace){
			.name = joined_labels(sources, count),
			.digest = joined_digests(sources, count),
			.file = count == 1 ? bel_source_file(sources[0]) : NULL,
			.count = count,
		};
		if (machines->trace.name && machines->trace.digest)
			return machines;
		bel_err_memory(err, "machines");
	}
	bel_machines_free(machines);
	return NULL;
}

void bel_machines_free(struct bel_machines *machines)
{
	if (!machines)
		return;
	bel_pass_free(machines->pass);
	for (size_t i = 0; machines->machine && i < machines->count; i++)
		bel_vm_free(machines->machine[i].vm);
	for (size_t s = 0; machines->size && s < machines->sizes; s++) {
		bel_vm_free(machines->size[s].footprint.vm);
		bel_next_uses_free(machines->size[s].next_uses);
	}
	bel_mix_free(machines->mix);
	bel_marks_release(&machines->marked.marks);
	free(machines->machine);
	free(machines->size);
	free(machines->trace.name);
	free(machines->trace.digest);
	free(machines);
}

const struct bel_machine *bel_machines_at(const struct bel_machines *machines, size_t index)
{
	return index < machines->count ? &machines->machine[index] : NULL;
}

const struct bel_machines_setup *bel_machines_setup(const struct bel_machines *machines)
{
	return machines->how;
}

const struct bel_machines_trace *bel_machines_trace(const struct bel_machines *machines)
{
	return &machines->trace;
}

const struct bel_marks *bel_machines_marks(const struct bel_machines *machines)
{
	return &machines->marked.marks;
}
