/* SPDX-License-Identifier: MIT */
/* vm_run.c: machines over one reading of traces. */
#include "vm_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "label.h"
#include "lookahead.h"
#include "progress.h"
#include "vm_trace.h"

/* A page size: its view, and who finds out the future of its physical pages. */
struct size {
	struct vm_view view;
	struct bel_vm *recorder; /* NULL: nobody asks */
	struct bel_lookahead *future;
	struct bel_batch batch; /* of the future, read up to `at` */
	size_t at;
	uint64_t *next;
	size_t next_room;
};

struct member {
	struct bel_vm *vm;
	const struct bel_policy_spec *spec;
	size_t size;
};

struct vm_run {
	const struct vm_run_setup *how;
	struct vm_trace *trace;
	struct bel_spool_budget budget; /* what is left to keep runs in memory */
	struct vm_keep *keep;
	struct size *size;
	size_t sizes;
	struct member *member;
	size_t members;
	char *name, *digest; /* of all traces, joined with "+" */
	const char *file;    /* of the one trace, its source's; NULL: several */
	size_t traces;
};

static bool knows_future(const struct member *member)
{
	return member->spec && member->spec->policy->caps & BEL_POLICY_FUTURE;
}

static int member_add(struct vm_run *run, const struct bel_vm_config *config,
	const struct bel_policy_spec *spec, size_t size, struct bel_err *err)
{
	struct member *const member = &run->member[run->members];

	member->vm = bel_vm_new(config, err);
	member->spec = spec;
	member->size = size;
	if (!member->vm)
		return err->code;
	run->members++;
	return 0;
}

/* The physical pages of the recorder's runs go to the look-ahead. */
static int record(void *host, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	return bel_lookahead_add(((struct size *)host)->future, runs, count, err);
}

static int recorder_add(
	struct vm_run *run, size_t at, struct bel_vm_config config, struct bel_err *err)
{
	const struct bel_lookahead_setup setup = {
		.memory = run->how->keep.memory / 2, .dir = run->how->keep.dir};
	struct size *const size = &run->size[at];

	config.policy = NULL;
	config.frames = 0;
	config.low = 0;
	config.high = 0;
	config.interval = 0;
	config.swap_slots = BEL_VM_UNBOUNDED;
	config.step = NULL;
	config.record = record;
	config.host = size;
	/* It needs no tables and no TLB of its own to know which page is which. */
	config.tlb = (struct bel_vm_tlb_config){.part[BEL_VM_TLB_DATA] = {4096, 8}, .asid = true};
	if (config.tables.kind == BEL_VM_TABLE_INVERTED)
		config.tables.kind = BEL_VM_TABLE_FLAT;
	size->future = bel_lookahead_new(&setup, err);
	size->recorder = size->future ? bel_vm_new(&config, err) : NULL;
	return size->recorder ? 0 : err->code;
}

static int members_of(struct vm_run *run, size_t size, struct bel_err *err)
{
	const struct vm_run_setup *const how = run->how;
	const unsigned bits = how->page_bits[size];
	const uint64_t ram = how->ram_bytes >> bits;
	const size_t count = how->ram_bytes ? 1 : how->frame_count;
	struct bel_vm_config config;

	run->size[size].view.shift = bits - how->page_bits[0];
	if (bel_vm_configure(&how->machine, bits, &config, err) < 0)
		return err->code;
	if (how->ram_bytes && !ram)
		return bel_usage(err, "--ram: less than one page");
	config.seed = how->seed;
	config.generic = how->generic;
	config.step = how->step;
	config.host = how->host;
	for (size_t s = 0; s < how->spec_count; s++) {
		const struct bel_policy_spec *const spec = &how->specs[s];
		const uint32_t caps = spec->policy->caps;

		config.policy = spec;
		for (size_t f = 0; f < (caps & BEL_POLICY_VARIABLE ? 1 : count); f++) {
			config.frames = how->ram_bytes ? ram : how->frames[f];
			if (caps & BEL_POLICY_VARIABLE)
				config.frames = 0;
			if (member_add(run, &config, spec, size, err) < 0)
				return err->code;
		}
		if (caps & BEL_POLICY_FUTURE && !run->size[size].recorder &&
			recorder_add(run, size, config, err) < 0)
			return err->code;
	}
	return 0;
}

/* All machines of one size see a piece, or those that know the future do. */
static int feed(
	struct vm_run *run, size_t size, struct vm_piece *piece, bool future, struct bel_err *err)
{
	for (size_t i = 0; i < run->members; i++) {
		const struct member *const member = &run->member[i];

		if (member->size == size && knows_future(member) == future &&
			bel_vm_feed(member->vm, &piece->chunk, piece->pages, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

static int first_reading(struct vm_run *run, const struct vm_piece *piece, struct bel_err *err)
{
	if (run->keep && vm_keep_add(run->keep, piece, err) < 0)
		return BEL_FAIL;
	for (size_t s = 0; s < run->sizes; s++) {
		struct size *const size = &run->size[s];
		struct vm_piece view = *piece;

		if (size->view.shift && vm_view_of(&size->view, piece, &view, err) < 0)
			return BEL_FAIL;
		if (feed(run, s, &view, false, err) < 0)
			return BEL_FAIL;
		if (size->recorder && bel_vm_feed(size->recorder, &view.chunk, view.pages, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

/* The next references of so many runs' physical pages. */
static int foresee(struct size *size, size_t count, struct bel_err *err)
{
	if (count > size->next_room) {
		uint64_t *next = reallocarray(size->next, count, sizeof(*next));

		if (!next)
			return bel_err_memory(err, "the future");
		size->next = next;
		size->next_room = count;
	}
	for (size_t have = 0; have < count;) {
		const size_t left = size->batch.count - size->at;
		const size_t n = left < count - have ? left : count - have;

		if (!left) {
			const int r = bel_lookahead_read(size->future, &size->batch, err);

			if (r <= 0)
				return r < 0 ? r : bel_fail(err, "the future ends too early");
			size->at = 0;
			continue;
		}
		memcpy(size->next + have, size->batch.next + size->at, n * sizeof(*size->next));
		size->at += n;
		have += n;
	}
	return 0;
}

static int second_reading(struct vm_run *run, const struct vm_piece *piece, struct bel_err *err)
{
	for (size_t s = 0; s < run->sizes; s++) {
		struct size *const size = &run->size[s];
		struct vm_piece view = *piece;

		if (!size->recorder)
			continue;
		if (size->view.shift && vm_view_of(&size->view, piece, &view, err) < 0)
			return BEL_FAIL;
		if (foresee(size, view.chunk.count, err) < 0)
			return BEL_FAIL;
		view.chunk.next = size->next;
		if (feed(run, s, &view, true, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

/* Between the readings: the recorders have seen all. */
static int turn(struct vm_run *run, struct bel_err *err)
{
	for (size_t s = 0; s < run->sizes; s++) {
		struct size *const size = &run->size[s];

		if (!size->recorder)
			continue;
		if (bel_vm_finish(size->recorder, err) < 0 ||
			bel_lookahead_turn(size->future, err) < 0)
			return BEL_FAIL;
		size->view.references = 0;
	}
	return 0;
}

static int read_all(struct vm_run *run, struct bel_err *err)
{
	struct bel_progress progress;
	struct vm_piece piece;
	int r;

	bel_progress_start(&progress, stderr, run->how->progress, run->how->progress != NULL);
	while ((r = vm_trace_next(run->trace, &piece, err)) > 0) {
		r = first_reading(run, &piece, err);
		if (r < 0)
			break;
		bel_progress_update(&progress, vm_trace_references(run->trace), -1);
	}
	if (r == 0 && run->keep) {
		r = turn(run, err);
		while (r == 0 && (r = vm_keep_next(run->keep, &piece, err)) > 0)
			r = second_reading(run, &piece, err);
	}
	bel_progress_end(&progress);
	for (size_t i = 0; i < run->members && r == 0; i++)
		r = bel_vm_finish(run->member[i].vm, err);
	return r;
}

/* "a+b" of labels, so that traces of one name are told apart. NULL: out of memory. */
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

static int run_init(
	struct vm_run *run, struct bel_source *const *sources, size_t count, struct bel_err *err)
{
	const struct vm_run_setup *const how = run->how;
	bool future = false;

	run->trace = vm_trace_new(sources, count, how->quantum, err);
	run->size = calloc(how->page_count, sizeof(*run->size));
	run->member = calloc(
		how->page_count * how->spec_count * (how->frame_count + 1), sizeof(*run->member));
	if (!run->trace)
		return err->code;
	if (!run->size || !run->member)
		return bel_err_memory(err, "machines");
	for (; run->sizes < how->page_count; run->sizes++)
		if (members_of(run, run->sizes, err) < 0)
			return run->sizes++, err->code;
	for (size_t i = 0; i < run->members; i++)
		future |= knows_future(&run->member[i]);
	if (future) {
		run->budget = how->keep;
		run->keep = vm_keep_new(&run->budget, err);
		if (!run->keep)
			return err->code;
	}
	return 0;
}

struct vm_run *vm_run_new(const struct vm_run_setup *setup, struct bel_source *const *sources,
	size_t count, struct bel_err *err)
{
	struct vm_run *run = calloc(1, sizeof(*run));

	if (!run) {
		bel_err_memory(err, "machines");
		return NULL;
	}
	run->how = setup;
	run->traces = count;
	if (run_init(run, sources, count, err) == 0 && read_all(run, err) == 0) {
		run->name = joined_labels(sources, count);
		run->digest = joined_digests(sources, count);
		run->file = count == 1 ? bel_source_file(sources[0]) : NULL;
		if (run->name && run->digest)
			return run;
		bel_err_memory(err, "machines");
	}
	vm_run_free(run);
	return NULL;
}

int vm_run_emit(
	const struct vm_run *run, const char *tool, struct bel_emit *emit, struct bel_err *err)
{
	int r = 0;

	for (size_t i = 0; i < run->members && r == 0; i++) {
		const struct bel_vm *const vm = run->member[i].vm;
		const struct bel_vm_tally *const tally = bel_vm_tally(vm);
		const struct vm_head head = {
			.tool = tool,
			.trace =
				{
					.name = run->name,
					.file = run->file,
					.digest = run->digest,
					.references = tally->references + tally->void_references,
					.pages = bel_vm_pages(vm),
					.page_bytes = (uint64_t)1
						      << bel_vm_config(vm)->tables.page_bits,
				},
			.seed = run->how->seed,
			.quantum = run->traces > 1 ? run->how->quantum : 0,
			.traces = (unsigned)run->traces,
		};

		r = vm_record_emit(emit, &head, run->member[i].spec, vm, err);
	}
	return r;
}

void vm_run_free(struct vm_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; i < run->members; i++)
		bel_vm_free(run->member[i].vm);
	for (size_t s = 0; s < run->sizes; s++) {
		bel_vm_free(run->size[s].recorder);
		bel_lookahead_free(run->size[s].future);
		vm_view_release(&run->size[s].view);
		free(run->size[s].next);
	}
	vm_trace_free(run->trace);
	vm_keep_free(run->keep);
	free(run->member);
	free(run->size);
	free(run->name);
	free(run->digest);
	free(run);
}
