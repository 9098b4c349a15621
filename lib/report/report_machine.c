/* SPDX-License-Identifier: MIT */
/* report_machine.c: a machine that reads the trace with the rest of a report. */
#include "report_machine.h"

#include "vm_config.h"
#include "vm_record.h"

static int feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	return bel_vm_feed(((struct bel_report_machine *)self)->vm, chunk, pages, err);
}

static int finish(void *self, struct bel_err *err)
{
	return bel_vm_finish(((struct bel_report_machine *)self)->vm, err);
}

/* A policy that needs the future would need the trace twice, by physical pages. */
static const struct bel_policy_spec *choose(const struct bel_report_machine *machine)
{
	for (size_t i = 0; i < machine->spec_count; i++)
		if (!(machine->specs[i].policy->caps & BEL_POLICY_FUTURE))
			return &machine->specs[i];
	return NULL;
}

int bel_report_machine_attach(struct bel_report_machine *machine, struct bel_pass *pass,
	uint64_t frames, bool addresses, struct bel_err *err)
{
	static const struct bel_consumer consumer = {
		.caps = BEL_CONSUMER_EVENTS, .feed = feed, .finish = finish};
	const struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	struct bel_stream *const input = bel_pass_input(pass);
	const unsigned bits = (unsigned)__builtin_ctzll(bel_stream_page_bytes(input));
	struct bel_vm_config config;

	machine->spec = choose(machine);
	if (!machine->spec)
		return BEL_OK;
	if (bel_vm_configure(&options, bits, &config, &machine->err) < 0)
		return BEL_OK;
	config.policy = machine->spec;
	config.frames = machine->spec->policy->caps & BEL_POLICY_VARIABLE ? 0 : frames;
	config.seed = machine->seed;
	config.addresses = addresses;
	machine->vm = bel_vm_new(&config, &machine->err);
	return machine->vm ? bel_pass_attach(pass, input, &consumer, machine, &machine->err, err)
			   : BEL_OK;
}

int bel_report_machine_emit(const struct bel_report_machine *machine, struct bel_emit *emit,
	const char *tool, const struct bel_trace_identity *trace, struct bel_err *failed,
	struct bel_err *err)
{
	/* BEL_USAGE: a machine does not exist for this policy or page size. */
	if (machine->err.code && machine->err.code != BEL_USAGE && !failed->code)
		*failed = machine->err;
	if (machine->err.code || !machine->vm)
		return BEL_OK;
	return bel_vm_record_emit(
		emit, tool, trace, machine->seed, machine->spec, machine->vm, err);
}

void bel_report_machine_release(struct bel_report_machine *machine)
{
	bel_vm_free(machine->vm);
	machine->vm = NULL;
}
