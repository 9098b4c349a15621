/* SPDX-License-Identifier: MIT */
/*
 * format_oracle_general.c: libCacheSim's oracleGeneral: records of 24 bytes,
 * little-endian: u32 time, u64 object, u32 size, i64 next: the number (from 1) of
 * the record with the object's next access (-1 or INT64_MAX: none).
 *
 * Each record is one reference to the page with the object's number, whatever the
 * object's size is. The writer writes time 0 and size 1; it gets the next accesses
 * from its caller (BEL_FORMAT_NEXT).
 */
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

#define RECORD 24
#define PROBE_RECORDS 1000
#define SANE_SIZE (UINT32_C(1) << 28) /* four characters of text would be a larger number */
#define SANE_NEXT (INT64_C(1) << 40)

struct record {
	uint32_t time, size;
	uint64_t object;
	int64_t next;
};

static struct record decode(const uint8_t *data)
{
	struct record record;
	uint64_t next;

	memcpy(&record.time, data, 4);
	memcpy(&record.object, data + 4, 8);
	memcpy(&record.size, data + 12, 4);
	memcpy(&next, data + 16, 8);
	record.time = le32toh(record.time);
	record.object = le64toh(record.object);
	record.size = le32toh(record.size);
	record.next = (int64_t)le64toh(next);
	return record;
}

/* There is no magic number: time must not go back, sizes and next accesses must be plausible. */
static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const size_t have = probe->have;
	const size_t count = have / RECORD < PROBE_RECORDS ? have / RECORD : PROBE_RECORDS;
	uint32_t time = 0;

	for (size_t i = 0; i < count; i++) {
		const struct record record = decode(probe->data + i * RECORD);
		const bool last = record.next == -1 || record.next == INT64_MAX;

		if (record.time < time || record.size > SANE_SIZE)
			return bel_probe_say(probe, BEL_PROBE_NO,
				"record %zu: time goes back, or the size is not plausible", i);
		if (!last && (record.next <= (int64_t)i || record.next > SANE_NEXT))
			return bel_probe_say(probe, BEL_PROBE_NO,
				"record %zu: its next access is not possible", i);
		time = record.time;
	}
	if (!count)
		return bel_probe_say(probe, BEL_PROBE_NO, "shorter than a record of 24 bytes");
	return bel_probe_say(probe, BEL_PROBE_LIKELY,
		"%zu records have plausible times, sizes and next accesses", count);
}

struct oracle {
	struct bel_input *input; /* the caller's */
};

static void *open_oracle(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct oracle *const oracle = malloc(sizeof(*oracle));

	(void)options;
	if (oracle)
		oracle->input = input;
	else
		bel_err_memory(err, "a reader of oracleGeneral");
	return oracle;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_input *const input = ((struct oracle *)reader)->input;
	int r = bel_input_fill(input, RECORD, err);
	size_t count;

	out->count = 0;
	out->space = 0;
	if (r <= 0)
		return r;
	if (input->have < RECORD)
		return bel_fail(err, "%s: byte %" PRIu64 ": %zu bytes left, but a record has %d",
			input->name, input->offset, input->have, RECORD);
	count = input->have / RECORD;
	if (count > out->capacity)
		count = out->capacity;
	for (size_t i = 0; i < count; i++)
		out->access[i] =
			(struct bel_access){decode(input->data + i * RECORD).object, 1, BEL_LOAD};
	bel_input_take(input, count * RECORD);
	out->count = count;
	return 1;
}

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	(void)err;
	for (size_t i = 0; i < batch->count; i++) {
		const uint64_t object = htole64(batch->access[i].address);
		uint64_t next = UINT64_MAX; /* -1: none */
		uint8_t record[RECORD] = {[12] = 1};

		/* The format counts records from 1. */
		if (batch->next && batch->next[i] != UINT64_MAX)
			next = htole64(batch->next[i] + 1);
		memcpy(record + 4, &object, 8);
		memcpy(record + 16, &next, 8);
		fwrite(record, sizeof(record), 1, file);
	}
	return 0;
}

static const struct bel_format oracle_general = {
	.name = "oracle-general",
	.title = "libCacheSim oracleGeneral: records of time, object, size, next access",
	.suffixes = ".oracleGeneral .oracleGeneral.bin",
	.caps = BEL_FORMAT_PAGE_NUMBERS | BEL_FORMAT_BINARY | BEL_FORMAT_NEXT,
	.probe = probe,
	.open = open_oracle,
	.read = read_batch,
	.close = free,
	.write = write_batch,
};
BEL_FORMAT(oracle_general);
