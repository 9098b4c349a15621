/* SPDX-License-Identifier: MIT */
/*
 * format_vscsi.c: the binary block traces of virtual SCSI disks (CloudPhysics), in the layout that
 * libCacheSim reads, little-endian:
 *
 *	version 1, 32 bytes: u32 serial, u32 length, u32 segments, u16 command, u16 version,
 *	                     u64 block, u64 time
 *	version 2, 40 bytes: u16 command, u16 version, u32 serial, u32 length, u32 segments,
 *	                     u64 block, u64 time, u64 response time
 *
 * In every record, the high byte of the version is 1 or 2. The command is a SCSI operation code. A
 * read or write command is a request for `length` bytes from `block` on; a block has 512 bytes.
 * Other commands are noise.
 *
 * Source: libCacheSim, traceReader/customizedReader/vscsi.h.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

enum { SECTOR_BITS = 9, PROBE_RECORDS = 1000, RECORDS_CERTAIN = 4 };

static const size_t record_bytes[] = {0, 32, 40};

struct request {
	unsigned version;
	uint16_t command;
	uint32_t length;
	uint64_t block;
};

static uint16_t get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return le16toh(v);
}

static struct request decode(const uint8_t *p, unsigned version)
{
	struct request request;
	uint32_t length;
	uint64_t block;

	memcpy(&length, p + (version == 1 ? 4 : 8), sizeof(length));
	memcpy(&block, p + 16, sizeof(block));
	request.command = get16(p + (version == 1 ? 12 : 0));
	request.version = get16(p + (version == 1 ? 14 : 2)) >> 8;
	request.length = le32toh(length);
	request.block = le64toh(block);
	return request;
}

/* BEL_LOAD or BEL_STORE for READ and WRITE of 6, 10, 12 and 16 bytes; -1 for other commands. */
static int kind_of(uint16_t command)
{
	switch (command) {
	case 0x08:
	case 0x28:
	case 0xa8:
	case 0x88:
		return BEL_LOAD;
	case 0x0a:
	case 0x2a:
	case 0xaa:
	case 0x8a:
		return BEL_STORE;
	default:
		return -1;
	}
}

static bool is_sound(struct request request, unsigned version)
{
	return request.version == version && request.command <= 0xff &&
	       request.block <= UINT64_MAX >> SECTOR_BITS &&
	       (kind_of(request.command) < 0 || request.length % (1 << SECTOR_BITS) == 0);
}

/* *version: that of all the first records; 0: none fits. Returns the number of records. */
static size_t find_version(const uint8_t *data, size_t have, unsigned *version)
{
	for (*version = 2; *version; --*version) {
		const size_t bytes = record_bytes[*version];
		size_t count = have / bytes < PROBE_RECORDS ? have / bytes : PROBE_RECORDS, i = 0;

		while (i < count && is_sound(decode(data + i * bytes, *version), *version))
			i++;
		if (count && i == count)
			return count;
	}
	return 0;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	unsigned version;
	const size_t count = find_version(probe->data, probe->have, &version);

	if (!count)
		return bel_probe_say(
			probe, BEL_PROBE_NO, "the records are not SCSI commands of version 1 or 2");
	return bel_probe_say(probe, count >= RECORDS_CERTAIN ? BEL_PROBE_CERTAIN : BEL_PROBE_LIKELY,
		"%zu records are SCSI commands of version %u", count, version);
}

struct vscsi {
	struct bel_input *input; /* the caller's */
	struct bel_format_tally tally;
	unsigned version; /* 0: not known yet */
};

static void *open_vscsi(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct vscsi *const vscsi = calloc(1, sizeof(*vscsi));

	(void)options;
	if (vscsi)
		vscsi->input = input;
	else
		bel_err_memory(err, "a reader of vscsi");
	return vscsi;
}

/* Looks only at the first two records: later ones may be damaged, and the rest still be read. */
static int learn_version(struct vscsi *vscsi, struct bel_err *err)
{
	struct bel_input *const input = vscsi->input;
	const int r = bel_input_fill(input, 2 * record_bytes[2], err);
	const size_t two = 2 * record_bytes[2];

	if (r <= 0)
		return r;
	find_version(input->data, input->have < two ? input->have : two, &vscsi->version);
	if (!vscsi->version)
		return bel_fail(err, "%s: byte %" PRIu64 ": not a record of vscsi version 1 or 2",
			input->name, input->offset);
	return 1;
}

/* One request: 1 if it is a reference, 0 if it is noise. */
static int take(struct vscsi *vscsi, struct bel_access *access, struct bel_err *err)
{
	struct bel_input *const input = vscsi->input;
	const struct request request = decode(input->data, vscsi->version);
	const int kind = kind_of(request.command);
	const uint64_t start = request.block << SECTOR_BITS;

	if (request.version != vscsi->version)
		return bel_fail(err,
			"%s: byte %" PRIu64 ": a record of version %u among those of version %u",
			input->name, input->offset, request.version, vscsi->version);
	if (kind >= 0 &&
		(start >> SECTOR_BITS != request.block || start > UINT64_MAX - request.length))
		return bel_fail(err,
			"%s: byte %" PRIu64 ": block %" PRIu64 " is past the last address",
			input->name, input->offset, request.block);
	if (kind < 0 || !request.length) {
		vscsi->tally.noise++;
		return 0;
	}
	*access = (struct bel_access){start, request.length, (uint8_t)kind};
	return 1;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct vscsi *const vscsi = reader;
	struct bel_input *const input = vscsi->input;
	int r = vscsi->version ? 1 : learn_version(vscsi, err);

	out->count = 0;
	out->space = 0;
	while (r >= 0 && out->count < out->capacity) {
		const size_t bytes = record_bytes[vscsi->version];

		if (!vscsi->version || (input->have < bytes && out->count))
			break;
		if (input->have < bytes && (r = bel_input_fill(input, bytes, err)) <= 0)
			break;
		if (input->have < bytes) {
			r = bel_fail(err,
				"%s: byte %" PRIu64 ": %zu bytes left, but a record has %zu",
				input->name, input->offset, input->have, bytes);
			break;
		}
		/* Return what was found first; the next call fails again. */
		r = take(vscsi, &out->access[out->count], out->count ? NULL : err);
		if (r < 0)
			break;
		out->count += (size_t)r;
		bel_input_take(input, bytes);
	}
	return out->count ? 1 : r;
}

static void tally_of(const void *reader, struct bel_format_tally *tally)
{
	*tally = ((const struct vscsi *)reader)->tally;
}

static const struct bel_format vscsi_format = {
	.name = "vscsi",
	.title = "virtual SCSI disk (CloudPhysics): binary records, versions 1 and 2",
	.suffixes = ".vscsi .vscsitrace",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_BINARY,
	.probe = probe,
	.open = open_vscsi,
	.read = read_batch,
	.tally = tally_of,
	.close = free,
};
BEL_FORMAT(vscsi_format);
