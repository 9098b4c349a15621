/* SPDX-License-Identifier: MIT */
/* run_record.c: the results of a sweep as records. */
#include "run_record.h"

#include <math.h>

#include "policy_record.h"
#include "version.h"

void bel_run_trace_identify(
	struct bel_run_trace *trace, const struct bel_source *source, uint64_t references)
{
	bel_source_digest(source, trace->digest);
	trace->identity = (struct bel_trace_identity){
		.name = bel_source_title(source),
		.file = bel_source_file(source),
		.digest = trace->digest,
		.references = references,
		.pages = bel_source_pages(source).count,
		.page_bytes = (uint64_t)1 << bel_source_page_bits(source),
	};
}

/* NaN (null in JSON) if `whole` is 0. */
static double ratio(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

struct bel_record *bel_run_record_new(const char *schema, const struct bel_run_trace *trace,
	const struct bel_policy_spec *spec, uint64_t frames)
{
	struct bel_record *r = bel_record_new(schema);

	bel_record_text(r, "tool", trace->tool);
	bel_record_text(r, "version", BEL_VERSION);
	bel_trace_record(r, &trace->identity);
	bel_policy_record(r, spec, NULL);
	bel_record_count_or_null(r, "frames", frames, frames != 0);
	bel_record_count(r, "seed", trace->seed);
	return r;
}

static struct bel_record *new_record(const char *schema, const struct bel_run_trace *trace,
	const struct bel_configuration *configuration)
{
	return bel_run_record_new(schema, trace, configuration->spec, configuration->frames);
}

static void sink_number(void *host, const char *name, double value)
{
	bel_record_real(host, name, value);
}

static void sink_count(void *host, const char *name, uint64_t value)
{
	bel_record_count(host, name, value);
}

static int emit_run(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, size_t index, struct bel_err *err)
{
	const struct bel_configuration *const configuration = bel_sweep_at(sweep, index);
	struct bel_record *r = new_record("belady.run/1", trace, configuration);
	const struct bel_tally tally = configuration->tally;

	bel_record_count(r, "references", tally.references);
	bel_record_count(r, "hits", tally.references - tally.faults);
	bel_record_count(r, "faults", tally.faults);
	bel_record_count(r, "compulsory_faults", tally.compulsory);
	bel_record_count(r, "evictions", tally.evictions);
	bel_record_count(r, "writebacks", tally.writebacks);
	bel_record_count(r, "dirty_at_end", configuration->dirty);
	bel_record_real(r, "fault_ratio", ratio(tally.faults, tally.references));
	bel_record_real(
		r, "mean_resident_pages", ratio(tally.resident_page_references, tally.references));
	bel_record_count(r, "peak_resident_pages", tally.peak);
	if (configuration->spec->policy->report) {
		struct bel_sink sink = {
			.size = sizeof(sink),
			.host = r,
			.number = sink_number,
			.count = sink_count,
		};

		bel_record_open(r, "extra");
		bel_sweep_report(sweep, index, &sink);
		bel_record_close(r);
	}
	return bel_emit(emit, r, err);
}

static int emit_interval(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_configuration *configuration, size_t index,
	const struct bel_interval *interval, struct bel_err *err)
{
	struct bel_record *r = new_record("belady.interval/1", trace, configuration);

	bel_record_count(r, "interval", index);
	bel_record_count(r, "start_reference", interval->start);
	bel_record_count(r, "references", interval->references);
	bel_record_count(r, "faults", interval->faults);
	bel_record_count(r, "writebacks", interval->writebacks);
	bel_record_real(r, "fault_ratio", ratio(interval->faults, interval->references));
	bel_record_real(r, "mean_resident_pages",
		ratio(interval->resident_page_references, interval->references));
	bel_record_count(r, "resident_pages_at_end", interval->resident);
	return bel_emit(emit, r, err);
}

int bel_run_marks_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, struct bel_err *err)
{
	return bel_marks_emit(emit, bel_sweep_marks(sweep), trace->tool, &trace->identity, err);
}

int bel_run_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, size_t configuration, struct bel_err *err)
{
	const struct bel_configuration *of = bel_sweep_at(sweep, configuration);
	struct bel_interval interval;
	int r = emit_run(emit, trace, sweep, configuration, err);

	for (size_t i = 0; r == 0 && bel_sweep_interval(sweep, configuration, i, &interval); i++)
		r = emit_interval(emit, trace, of, i, &interval, err);
	return r;
}

int bel_anomaly_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, size_t configuration, struct bel_err *err)
{
	const struct bel_configuration *few = bel_sweep_at(sweep, configuration);
	const struct bel_configuration *more = bel_sweep_at(sweep, configuration + 1);
	struct bel_tally fewer, after;
	struct bel_record *r;
	int result;

	if (!more || more->spec != few->spec || few->err.code || more->err.code)
		return 0;
	fewer = few->tally;
	after = more->tally;
	if (after.faults <= fewer.faults)
		return 0;
	r = new_record("belady.anomaly/1", trace, few);
	bel_record_count(r, "references", fewer.references);
	bel_record_count(r, "faults", fewer.faults);
	bel_record_count(r, "more_frames", more->frames);
	bel_record_count(r, "more_faults", after.faults);
	bel_record_count(r, "added_faults", after.faults - fewer.faults);
	result = bel_emit(emit, r, err);
	return result < 0 ? result : 1;
}
