/* SPDX-License-Identifier: MIT */
/*
 * fuzz_native_smart.c: sound traces with wrong contents. The mutator takes a native trace apart,
 * changes heads and unpacked payloads, and puts it together again with what follows from them
 * put right: counts of references, order, totals, checksums, compression. What is read then goes
 * through the summary, larger pages, one simulation and back into a writer, whose trace must
 * say the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "native_layout.h"
#include "sim.h"
#include "source.h"
#include "summary.h"
#include "writer.h"

#define BLOCKS 64                 /* of one input */
#define PAYLOAD ((size_t)1 << 20) /* most bytes of one */
#define WORK (UINT64_C(1) << 19)  /* runs and events after which we have seen enough */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct part {
	uint8_t head[BEL_NATIVE_BLOCK];
	uint8_t *payload; /* PAYLOAD + 16 bytes */
	size_t size;
};

struct parts {
	struct part part[BLOCKS];
	size_t count, head_size; /* head_size: of the trace's own head */
	bool exact, kernel;
	uint64_t random;
};

static void stop(const char *why)
{
	fprintf(stderr, "fuzz_native_smart: %s\n", why);
	abort();
}

static uint32_t draw(struct parts *p, uint32_t below)
{
	p->random = p->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(p->random >> 33) % below;
}

static void drop_parts(struct parts *p)
{
	while (p->count)
		free(p->part[--p->count].payload);
}

static bool unpack(struct part *part, const uint8_t *stored, size_t size)
{
	part->size = get_le(part->head + 12, 4);
	part->payload = part->size <= PAYLOAD ? calloc(1, PAYLOAD + 16) : NULL;
	if (!part->payload)
		return false;
	if (size == part->size) {
		memcpy(part->payload, stored, size);
		return true;
	}
	if (ZSTD_decompress(part->payload, PAYLOAD, stored, size) == part->size)
		return true;
	free(part->payload);
	return false;
}

/* Whether it is a trace that can be taken apart, at least up to its first block. */
static bool take_apart(struct parts *p, const uint8_t *data, size_t size)
{
	size_t at = BEL_NATIVE_HEAD;

	if (size < at || !bel_native_probe(data, size) || get_le(data + 16, 4) > size - at)
		return false;
	at += get_le(data + 16, 4);
	p->head_size = at;
	while (p->count < BLOCKS && size - at >= BEL_NATIVE_BLOCK) {
		struct part *const part = &p->part[p->count];
		const size_t stored = get_le(data + at + 8, 4);

		memcpy(part->head, data + at, BEL_NATIVE_BLOCK);
		at += BEL_NATIVE_BLOCK;
		if (memcmp(part->head, "BLK\n", 4) != 0 || stored > size - at ||
			!unpack(part, data + at, stored))
			break;
		p->count++;
		at += stored;
	}
	return p->count > 0;
}

static uint64_t extreme(struct parts *p)
{
	static const uint64_t limit[] = {0, 1, 2, 31, 32, 127, 128, 4095, 65535, 65536,
		(1 << 24) - 1, (1 << 28) - 1, 1 << 28, (1 << 29) - 1, INT32_MAX, UINT32_MAX - 1,
		UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 52, INT64_MAX, UINT64_MAX - 1,
		UINT64_MAX};

	return limit[draw(p, sizeof(limit) / sizeof(*limit))];
}

/* A number of the head: {offset, bytes}. */
static void change_head(struct parts *p, struct part *part)
{
	static const uint8_t field[][2] = {{16, 4}, {20, 4}, {24, 4}, {28, 4}, {32, 4}, {36, 4},
		{40, 8}, {48, 8}, {56, 8}, {64, 8}, {72, 8}, {80, 8}, {88, 8}, {4, 1}, {5, 1}};
	const uint8_t *const f = field[draw(p, sizeof(field) / sizeof(*field))];
	const uint64_t old = get_le(part->head + f[0], f[1]);

	put_le(part->head + f[0], draw(p, 2) ? extreme(p) : old + draw(p, 7) - 3, f[1]);
}

/* A varint of that value over what is there. */
static void change_number(struct parts *p, struct part *part)
{
	size_t at = part->size ? draw(p, (uint32_t)part->size) : 0;
	uint64_t value = extreme(p);

	for (; value >= 0x80 && at + 1 < part->size; value >>= 7)
		part->payload[at++] = (uint8_t)(value | 0x80);
	if (at < part->size)
		part->payload[at] = (uint8_t)(value & 0x7f);
}

static void change_order(struct parts *p)
{
	const size_t i = draw(p, (uint32_t)p->count);
	struct part copy = p->part[i];

	if (draw(p, 2) && p->count > 1) {
		free(copy.payload);
		memmove(&p->part[i], &p->part[i + 1], (p->count - i - 1) * sizeof(copy));
		p->count--;
	} else if (p->count < BLOCKS && (copy.payload = malloc(PAYLOAD + 16))) {
		memcpy(copy.payload, p->part[i].payload, PAYLOAD + 16);
		memmove(&p->part[i + 1], &p->part[i], (p->count - i) * sizeof(copy));
		p->part[i] = copy;
		p->count++;
	}
}

static void change(struct parts *p, uint8_t *head)
{
	struct part *const part = &p->part[draw(p, (uint32_t)p->count)];
	const size_t capacity = part->size + 64 < PAYLOAD ? part->size + 64 : PAYLOAD;

	switch (draw(p, 8)) {
	case 0:
		change_head(p, part);
		break;
	case 1:
	case 2:
		change_number(p, part);
		break;
	case 3:
		change_order(p);
		break;
	case 4: /* granule, unit, address bits, flags */
		head[(const uint8_t[]){10, 11, 12, 14}[draw(p, 4)]] = (uint8_t)draw(p, 64);
		break;
	case 5:
		put_le(part->head + 24, draw(p, 2) ? draw(p, 4) : extreme(p), 4);
		break;
	default:
		part->size = LLVMFuzzerMutate(part->payload, part->size, capacity);
		break;
	}
}

/* What the records of a block come to; granules that are not dense become so. */
static void mend_records(struct parts *p, struct part *part, uint32_t granules)
{
	uint8_t *const head = part->head;
	const unsigned bytes = head[5] < 2 || head[5] > 4 ? 4 : head[5];
	struct bel_view view = {part->payload, part->payload + part->size, false};
	uint64_t references = 0;
	uint32_t fresh = granules, records = (uint32_t)get_le(head + 16, 4);
	uint8_t *record;

	for (int k = 0; k < 2 && p->kernel; k++)
		bel_view_varint(&view);
	record = part->payload + (view.data - part->payload);
	if (records > BEL_NATIVE_RECORDS)
		records = BEL_NATIVE_RECORDS;
	if (records > (size_t)(view.end - view.data) / (bytes + 1))
		records = (uint32_t)((size_t)(view.end - view.data) / (bytes + 1));
	bel_view_take(&view, records * (size_t)(bytes + 1));
	for (uint32_t i = 0; i < records; i++, record += bytes + 1) {
		uint32_t number = (uint32_t)get_le(record, bytes);

		if (number > fresh)
			put_le(record, number = number % (fresh + 1), bytes);
		fresh += number == fresh;
		references += p->exact             ? 1
			      : record[bytes] >> 3 ? record[bytes] >> 3
						   : bel_view_varint(&view);
	}
	head[5] = (uint8_t)bytes;
	put_le(head + 16, records, 4);
	put_le(head + 32, fresh - granules, 4);
	put_le(head + 48, references, 8);
}

/* The end's payload, from what was put together. */
static void mend_end(struct part *part, const struct bel_native_totals *t, uint64_t index_at)
{
	struct bel_bytes bytes = {0};

	put_le(part->head + 48, t->references, 8);
	for (int k = 0; k < BEL_NATIVE_KINDS; k++)
		put_le(part->head + 56 + 8 * k, t->kinds[k], 8);
	put_le(part->head + 88, t->crossings, 8);
	bel_bytes_varint(&bytes, t->runs);
	bel_bytes_varint(&bytes, t->blocks);
	bel_bytes_varint(&bytes, t->events);
	bel_bytes_varint(&bytes, t->granules);
	bel_bytes_varint(&bytes, t->spaces);
	bel_bytes_varint(&bytes, index_at);
	bel_bytes_varint(&bytes, 0);
	if (!bytes.failed && bytes.size <= PAYLOAD) {
		memcpy(part->payload, bytes.data, bytes.size);
		part->size = bytes.size;
	}
	free(bytes.data);
}

static void count(struct bel_native_totals *t, const uint8_t *head)
{
	const uint32_t space = (uint32_t)get_le(head + 24, 4);

	t->blocks++;
	t->runs += get_le(head + 16, 4);
	t->events += get_le(head + 20, 4);
	t->granules += (uint32_t)get_le(head + 32, 4);
	t->references += get_le(head + 48, 8);
	for (int k = 0; k < BEL_NATIVE_KINDS; k++)
		t->kinds[k] += get_le(head + 56 + 8 * k, 8);
	t->crossings += get_le(head + 88, 8);
	if (space >= t->spaces)
		t->spaces = space + 1;
}

/* Appends a block; the new size, or 0 if there is no room. */
static size_t append(struct parts *p, struct part *part, uint8_t *out, size_t at, size_t capacity)
{
	uint8_t *const stored = out + at + BEL_NATIVE_BLOCK;
	const size_t left = capacity < at + BEL_NATIVE_BLOCK ? 0 : capacity - at - BEL_NATIVE_BLOCK;
	size_t size = part->size;

	if (left < BEL_NATIVE_TAIL)
		return 0;
	if (draw(p, 3))
		size = ZSTD_compress(stored, left - BEL_NATIVE_TAIL, part->payload, part->size, 1);
	if (ZSTD_isError(size) || size >= part->size) {
		size = part->size;
		if (size > left - BEL_NATIVE_TAIL)
			return 0;
		memcpy(stored, part->payload, size);
	}
	put_le(part->head + 8, size, 4);
	put_le(part->head + 12, part->size, 4);
	put_le(part->head + 96, bel_native_checksum(part->head, 96, stored, size), 8);
	memcpy(out + at, part->head, BEL_NATIVE_BLOCK);
	return at + BEL_NATIVE_BLOCK + size;
}

/* Writes the trace anew, mostly with everything that follows put right; its size. */
static size_t put_together(struct parts *p, uint8_t *out, size_t capacity)
{
	const bool mend = draw(p, 8) != 0;
	struct bel_native_totals t = {0};
	size_t at = p->head_size, next;
	uint64_t index_at = 0;

	put_le(out + 24, bel_native_checksum(out, 24, out + 32, p->head_size - 32), 8);
	for (size_t i = 0; i < p->count; i++, at = next) {
		struct part *const part = &p->part[i];
		uint8_t *const head = part->head;
		const bool phrases = head[4] == BEL_BLOCK_PHRASES;
		const bool records = head[4] <= BEL_BLOCK_ACCESSES || phrases;

		if (mend && records) {
			if (!phrases)
				head[4] = p->exact ? BEL_BLOCK_ACCESSES : BEL_BLOCK_RUNS;
			put_le(head + 28, t.granules, 4);
			put_le(head + 36, t.blocks, 4);
			put_le(head + 40, t.references, 8);
			if (!phrases)
				mend_records(p, part, t.granules);
		}
		if (mend && head[4] == BEL_BLOCK_END)
			mend_end(part, &t, index_at);
		if (head[4] == BEL_BLOCK_INDEX)
			index_at = at;
		next = append(p, part, out, at, capacity);
		if (!next)
			break;
		if (records)
			count(&t, head);
		if (head[4] == BEL_BLOCK_END) {
			put_le(out + next, at, 8);
			memcpy(out + next + 8, BEL_NATIVE_TRAILER, 8);
			return next + BEL_NATIVE_TAIL;
		}
	}
	return at;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
	struct parts p = {.random = seed};

	if (!LLVMFuzzerMutate)
		return size;
	if (!take_apart(&p, data, size)) {
		drop_parts(&p);
		return LLVMFuzzerMutate(data, size, capacity);
	}
	for (unsigned times = 1 + draw(&p, 4); times; times--)
		change(&p, data);
	p.exact = !data[10];
	p.kernel = data[9] != 0;
	size = put_together(&p, data, capacity);
	drop_parts(&p);
	return size;
}

static struct bel_source *open_source(const uint8_t *data, size_t size, unsigned page_bits)
{
	const struct bel_source_options options = {
		.format = "bel", .page_bits = page_bits, .salvage = true, .reduced = true};
	struct bel_input *input;
	struct bel_source *source;
	struct bel_err err;

	if (bel_input_open_memory(&input, "memory", data, size, &err) < 0 ||
		bel_source_open_input(&source, input, &options, &err) < 0)
		return NULL;
	return source;
}

static struct bel_sim *new_sim(void)
{
	static struct bel_policy_spec *specs;
	static size_t specs_count;
	struct bel_err err;

	if (!specs && bel_specs_parse("lru", &specs, &specs_count, &err) < 0)
		stop(err.text);
	return bel_sim_new(&(struct bel_sim_setup){.spec = specs, .frames = 3}, &err);
}

static void check_chunk(const struct bel_chunk *chunk, struct bel_granules pages, uint64_t now)
{
	uint64_t references = 0, at = 0;

	if (chunk->now != now)
		stop("time does not follow on");
	for (size_t i = 0; i < chunk->count; i++) {
		if (chunk->runs[i].page >= pages.count || !bel_run_count(chunk->runs[i]))
			stop("a run that cannot be");
		references += bel_run_count(chunk->runs[i]);
	}
	if (references != chunk->references)
		stop("a chunk's references are not those of its runs");
	for (size_t i = 0; i < chunk->event_count; i++) {
		if (chunk->events[i].at < at || chunk->events[i].at > chunk->count)
			stop("events are not in order");
		at = chunk->events[i].at;
	}
}

/* Everything that takes chunks, at one size of pages. */
static void read_chunks(const uint8_t *data, size_t size, unsigned page_bits)
{
	struct bel_source *const source = open_source(data, size, page_bits);
	struct bel_sim *const sim = source ? new_sim() : NULL;
	struct bel_summary *summary;
	struct bel_summary_gap *gap = NULL;
	struct bel_tally tally;
	struct bel_chunk chunk;
	struct bel_err err;
	uint64_t now = 0, work = 0;
	size_t gaps;
	int sound = 0;

	if (!source)
		return;
	summary = bel_summary_new(bel_source_page_bits(source), &err);
	if (!summary || !sim)
		stop("out of memory");
	while (work < WORK && bel_source_next(source, &chunk, &err) > 0) {
		const struct bel_granules pages = bel_source_pages(source);
		const struct bel_batch batch = {
			.runs = chunk.runs, .count = chunk.count, .now = chunk.now};

		check_chunk(&chunk, pages, now);
		now += chunk.references;
		work += chunk.count + chunk.event_count + 1;
		if (bel_sim_reserve(sim, pages.count, &err) < 0 ||
			bel_sim_feed(sim, &batch, &err) < 0)
			stop(err.text);
		if (!sound)
			sound = bel_summary_chunk(summary, &chunk, pages, &err);
	}
	bel_sim_tally(sim, &tally);
	if (tally.references != now || (!sound && summary->references != now))
		stop("references were lost");
	if (!sound && tally.compulsory != summary->pages)
		stop("as many first faults as pages");
	if (!sound && bel_summary_end(summary, true, &err) != BEL_FAIL &&
		bel_summary_gaps(summary, bel_source_pages(source), &gap, &gaps, &err) < 0)
		stop(err.text);
	free(gap);
	bel_summary_free(summary);
	bel_sim_free(sim);
	bel_source_close(source);
}

/* Exact references, folded once more by the writer on their way out. */
static void read_exact(const uint8_t *data, size_t size)
{
	struct bel_outfile out;
	const struct bel_writer_options options = {.out = &out, .granule_bits = 16};
	struct bel_source *const source = open_source(data, size, 0);
	const struct bel_accesses *batch;
	struct bel_writer *writer = NULL;
	struct bel_err err;
	uint64_t work = 0;

	if (bel_outfile_open(&out, "/dev/null", &err) < 0)
		stop(err.text);
	if (!source || bel_source_info(source)->granule_bits ||
		bel_writer_open(&writer, &options, bel_source_info(source), &err) < 0) {
		bel_outfile_abandon(&out);
		bel_source_close(source);
		return;
	}
	while (work < WORK && bel_source_next_exact(source, &batch, &err) > 0) {
		for (size_t i = 0; i < batch->count; i++)
			if (batch->access[i].kind >= BEL_KINDS || !batch->access[i].size)
				stop("a reference that cannot be");
		if (bel_writer_accesses(writer, batch, &err) < 0)
			break;
		work += batch->count + batch->events.count + 1;
	}
	bel_writer_free(writer);
	bel_outfile_abandon(&out);
	bel_source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_chunks(data, size, 0);
	read_chunks(data, size, 21);
	read_exact(data, size);
	return 0;
}
