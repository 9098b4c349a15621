/* SPDX-License-Identifier: MIT */
/* info_record.c: makes a record belady.info/1 about the contents of a trace. */
#include "info_record.h"

#include <math.h>
#include <stdlib.h>

#include "version.h"

static void add_ratio(struct bel_record *r, const char *key, double part, uint64_t whole)
{
	bel_record_real(r, key, whole ? part / (double)whole : NAN);
}

/* The size of the file; null for pipes. */
static void add_stored(struct bel_record *r, uint64_t stored, uint64_t references)
{
	bel_record_count_or_null(r, "stored_bytes", stored, stored != 0);
	add_ratio(r, "stored_bytes_per_reference", (double)stored, stored ? references : 0);
	add_ratio(r, "stored_bits_per_reference", 8 * (double)stored, stored ? references : 0);
}

void bel_info_identify(struct bel_trace_identity *identity, char digest[17],
	const struct bel_source *source, const struct bel_summary *s)
{
	bel_source_digest(source, digest);
	*identity = (struct bel_trace_identity){
		.name = bel_source_title(source),
		.file = bel_source_file(source),
		.digest = digest,
		.references = s->references,
		.pages = s->pages,
		.page_bytes = UINT64_C(1) << bel_source_page_bits(source),
	};
}

static void add_trace(struct bel_record *r, struct bel_source *source, const struct bel_summary *s)
{
	struct bel_trace_identity identity;
	char digest[17];

	bel_info_identify(&identity, digest, source, s);
	bel_trace_record(r, &identity);
}

/* The properties in the trace's head. */
static void add_origin(struct bel_record *r, struct bel_source *source)
{
	const struct bel_trace_info *const info = bel_source_info(source);
	const struct bel_format_tally tally = bel_source_tally(source);

	bel_record_text(r, "stored_format", info->format);
	bel_record_text(r, "command", info->command);
	bel_record_text(r, "captured_by", info->tool);
	bel_record_count(r, "granule_bytes",
		UINT64_C(1) << (info->granule_bits ? info->granule_bits : info->unit_bits));
	bel_record_flag(r, "exact", !info->granule_bits);
	bel_record_count(r, "address_bits", info->address_bits);
	bel_record_flag(r, "first_byte", info->first_byte);
	bel_record_text(r, "ended_early", bel_source_damage(source));
	bel_record_count(r, "noise_lines", tally.noise);
	bel_record_count(r, "bad_lines", tally.bad);
}

/* References of a kind, null if the trace does not say how many. */
static void add_kind(
	struct bel_record *r, const char *key, const struct bel_summary *s, uint64_t count)
{
	if (bel_summary_knows_kinds(s))
		bel_record_count(r, key, count);
	else
		bel_record_text(r, key, NULL);
}

static void add_counts(struct bel_record *r, const struct bel_summary *s, unsigned page_bits)
{
	bel_record_count(r, "references", s->references);
	add_kind(r, "fetches", s, s->kinds[BEL_FETCH]);
	add_kind(r, "loads", s, s->kinds[BEL_LOAD]);
	add_kind(r, "stores", s, s->kinds[BEL_STORE]);
	add_kind(r, "modifies", s, s->kinds[BEL_MODIFY]);
	add_kind(r, "crossings", s, s->crossings);
	bel_record_count(r, "runs", s->runs);
	bel_record_count(r, "writing_runs", s->write_runs);
	add_ratio(r, "references_per_run", (double)s->references, s->runs);
	bel_record_count(r, "pages", s->pages);
	bel_record_count(r, "footprint_bytes", s->pages << page_bits);
	bel_record_count(r, "events", s->events);
	bel_record_count(r, "threads", s->threads);
}

static int by_number(const void *left, const void *right)
{
	const struct bel_summary_space *const *const a = left, *const *const b = right;

	return (*a)->number < (*b)->number ? -1 : (*a)->number > (*b)->number;
}

/* The processes to list, by number; the caller frees the list. NULL: out of memory. */
static const struct bel_summary_space **sort_spaces(const struct bel_summary *s, size_t *count)
{
	const struct bel_summary_space **const order = calloc(s->spaces + 1, sizeof(*order));

	*count = 0;
	if (!order)
		return NULL;
	for (uint32_t i = 0; i < s->spaces; i++) {
		if (bel_summary_lists(s, &s->space[i]))
			order[(*count)++] = &s->space[i];
	}
	qsort(order, *count, sizeof(*order), by_number);
	return order;
}

static int add_spaces(struct bel_record *r, const struct bel_summary *s, struct bel_err *err)
{
	size_t count;
	const struct bel_summary_space **const order = sort_spaces(s, &count);

	if (!order)
		return bel_err_memory(err, "processes");
	bel_record_open_array(r, "processes");
	for (size_t i = 0; i < count && i < BEL_INFO_MAX; i++) {
		const struct bel_summary_space *const space = order[i];
		const struct bel_mark_process *const process =
			bel_marks_process(&s->marks, space->number);

		bel_record_open(r, NULL);
		bel_record_count(r, "space", space->number);
		bel_record_count_or_null(
			r, "pid", process ? process->pid : 0, process && process->known);
		bel_record_text(r, "name", process && !process->inherited ? process->name : NULL);
		bel_record_count(r, "references", space->references);
		bel_record_count(r, "pages", space->pages);
		bel_record_close(r);
	}
	bel_record_close(r);
	free(order);
	return 0;
}

static void add_regions(struct bel_record *r, const struct bel_summary *s)
{
	bel_record_open(r, "regions");
	for (int i = 0; s->any_region && i <= BEL_REGIONS; i++) {
		const struct bel_summary_region *const region = &s->region[i];

		if (!region->mapped_bytes && !region->references)
			continue;
		bel_record_open(
			r, i < BEL_REGIONS ? bel_region_name((enum bel_region_kind)i) : "mixed");
		bel_record_count(r, "peak_mapped_bytes", region->mapped_bytes);
		bel_record_count(r, "references", region->references);
		bel_record_count(r, "pages", region->pages);
		bel_record_close(r);
	}
	bel_record_close(r);
}

/* The policies and memory sizes for which a reduced trace is valid. */
static void add_reduction_scope(struct bel_record *r, const struct bel_trace_info *info)
{
	bel_record_text(r, "valid_policies", info->valid_policies);
	bel_record_count_or_null(r, "min_frames", info->min_frames, info->valid_policies != NULL);
}

/* Which references have call stacks (trace.h). */
static void add_stacks(struct bel_record *r, const struct bel_trace_info *info)
{
	bel_record_count_or_null(r, "near_pages", info->near_pages, info->near_pages != 0);
	bel_record_count_or_null(
		r, "near_page_bytes", UINT64_C(1) << info->near_bits, info->near_pages != 0);
	bel_record_flag(r, "more_stacks", info->near_pages && info->near_renewed);
}

/* How the format was found, how certain it is, and the reason. */
static void add_recognition(struct bel_record *r, const struct bel_source_format format)
{
	bel_record_text(r, "stored_format_verdict",
		format.given ? "given" : bel_probe_verdict_name(format.verdict));
	bel_record_text(r, "stored_format_reason", format.reason);
}

struct bel_record *bel_info_record(const char *tool, struct bel_source *source,
	const struct bel_summary *summary, uint64_t stored_bytes, struct bel_err *err)
{
	struct bel_record *const r = bel_record_new("belady.info/1");

	if (!r) {
		bel_err_memory(err, "the record");
		return NULL;
	}
	bel_record_text(r, "tool", tool);
	bel_record_text(r, "version", BEL_VERSION);
	add_trace(r, source, summary);
	add_origin(r, source);
	add_counts(r, summary, bel_source_page_bits(source));
	add_stored(r, stored_bytes, summary->references);
	if (add_spaces(r, summary, err) < 0) {
		bel_record_free(r);
		return NULL;
	}
	add_regions(r, summary);
	add_kind(r, "kernel_loads", summary, summary->kinds[BEL_KERNEL_LOAD]);
	add_kind(r, "kernel_stores", summary, summary->kinds[BEL_KERNEL_STORE]);
	if (bel_info_add_regions(r, bel_source_pages(source), summary, err) < 0) {
		bel_record_free(r);
		return NULL;
	}
	add_reduction_scope(r, bel_source_info(source));
	add_recognition(r, bel_source_format(source));
	bel_info_add_totals(r, summary);
	add_stacks(r, bel_source_info(source));
	return r;
}
