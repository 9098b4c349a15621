/* SPDX-License-Identifier: MIT */
/* library_machine.c: virtual-memory machines, described by options of bel-vm as text. */
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "machine_options.h"
#include "vm_record.h"

#define BLANKS " \t\n"

static const struct bel_option *find_row(const struct bel_option *rows, const char *word)
{
	const size_t length = strcspn(word, "=");

	for (const struct bel_option *row = rows; row->name; row++) {
		const bool is_long = !strncmp(word, "--", 2) && length == strlen(row->name) + 2 &&
				     !strncmp(word + 2, row->name, length - 2);

		if (is_long ||
			(row->letter && word[0] == '-' && word[1] == row->letter && !word[2]))
			return row;
	}
	return NULL;
}

/*
 * Parses "-p lru --frames=64 --strict". getopt_long() cannot be used: it has one state for the
 * whole process and reads the environment.
 */
static int parse(const struct bel_option *rows, char *text, struct bel_err *err)
{
	char *rest = text, *word;
	int r = BEL_OK;

	while (r == BEL_OK && (word = strtok_r(rest, BLANKS, &rest))) {
		const struct bel_option *const row = find_row(rows, word);
		const char *value = strchr(word, '=');

		if (!row)
			return bel_usage(
				err, "'%s' is not an option of a machine; see bel-vm(1)", word);
		if (!row->argument && value)
			return bel_usage(err, "option '--%s' takes no value", row->name);
		value = !row->argument ? NULL : value ? value + 1 : strtok_r(rest, BLANKS, &rest);
		if (row->argument && !value)
			return bel_usage(err, "option '--%s' requires a value", row->name);
		r = bel_option_set(row, value, err);
	}
	return r;
}

static int emit_machines(
	const struct bel_machines *machines, bel_record_taker take, void *host, struct bel_err *err)
{
	struct bel_emit *emit;
	int r = bel_emit_open_taker(&emit, take, host, err);

	if (r == BEL_OK)
		r = bel_vm_records_emit(machines, LIBRARY_NAME, emit, err);
	bel_emit_close(emit, NULL);
	return r;
}

/* The setup is complete, except for the page size if the options have none. */
static int run(struct bel_trace *trace, const struct bel_machines_setup *setup,
	bel_record_taker take, void *host, struct bel_err *err)
{
	struct bel_machines_setup own = *setup;
	struct bel_source *const source =
		bel_library_take(trace, own.page_count ? own.page_bits[0] : 0, false, err);
	struct bel_machines *machines = NULL;
	unsigned bits;
	int r = BEL_OK;

	if (!source)
		return err->code;
	bits = bel_source_page_bits(source);
	if (!own.page_count) {
		own.page_bits = &bits;
		own.page_count = 1;
	}
	if (bel_source_info(source)->valid_policies)
		r = bel_fail(err,
			"%s: the trace was reduced, so a machine cannot run it; use it for "
			"simulation and curves",
			bel_source_title(source));
	if (r == BEL_OK) {
		machines = bel_machines_new(&own, &source, 1, err);
		r = machines ? emit_machines(machines, take, host, err) : err->code;
	}
	bel_machines_free(machines);
	bel_library_give_back(trace, source, true);
	return r;
}

int bel_machine_records(struct bel_trace *trace, const char *options,
	const struct bel_settings *settings, bel_record_taker take, void *host, struct bel_err *err)
{
	struct vm_options vm = VM_OPTIONS_INIT;
	const struct bel_option rows[] = {VM_OPTIONS(vm), {.name = NULL}};
	struct bel_machines_setup setup = {.specs = NULL};
	struct bel_policy_spec *specs = NULL;
	struct bel_settings all;
	struct bel_err ignored;
	char *text = strdup(options ? options : "");
	int r;

	err = err ? err : &ignored;
	r = text ? bel_library_settings(&all, settings, err) : bel_err_memory(err, "options");
	if (r == BEL_OK) {
		vm.seed = all.seed;
		vm.machine.interval = all.interval;
		vm.jobs = vm.memory = 0;
		r = parse(rows, text, err);
	}
	if (r == BEL_OK && (vm.mix || vm.degree || vm.jobs || vm.memory))
		r = bel_usage(
			err, "--mix, --degree, --jobs and --trace-memory work only in bel-vm(1)");
	if (r == BEL_OK)
		r = bel_specs_parse_own(vm.policies, all.policies, &specs, &setup.spec_count, err);
	setup.specs = specs;
	if (r == BEL_OK)
		r = bel_machines_setup_fill(&setup, &vm, err);
	if (r == BEL_OK) {
		setup.pass = bel_library_pass(&all);
		setup.pass.interval = 0; /* machines count intervals themselves */
		r = run(trace, &setup, take, host, err);
	}
	bel_machines_setup_release(&setup);
	free(text);
	return r;
}
