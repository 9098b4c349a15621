/* SPDX-License-Identifier: MIT */
/* native_head.c: writes and reads the head of a trace and its fields. */
#include <stdio.h>
#include <stdlib.h>

#include "native_reader.h"
#include "reduction_scope.h"

static void put_field(struct bel_bytes *bytes, unsigned tag, const char *text)
{
	uint8_t head[8] = {0};
	size_t length = text ? strlen(text) : 0;

	if (!text)
		return;
	if (length > BEL_NATIVE_FIELDS / 4)
		length = BEL_NATIVE_FIELDS / 4;
	put_le(head, tag, 2);
	put_le(head + 4, length, 4);
	bel_bytes_put(bytes, head, sizeof(head));
	bel_bytes_put(bytes, text, length);
}

/* The fields that are numbers in text. */
static void put_numbers(struct bel_bytes *bytes, const struct bel_trace_info *info)
{
	char text[256];

	if (info->near_pages) {
		snprintf(text, sizeof(text), "%u %u", info->near_pages, info->near_bits);
		put_field(bytes, BEL_FIELD_STACKS, text);
		put_field(bytes, BEL_FIELD_RENEWED, info->near_renewed ? "" : NULL);
	}
	if (info->part) {
		snprintf(text, sizeof(text), "%u %llu %016llx", info->part,
			(unsigned long long)info->part_events,
			(unsigned long long)info->part_after);
		put_field(bytes, BEL_FIELD_PART, text);
	}
	if (info->slice) {
		snprintf(text, sizeof(text), "%llu %llu %016llx",
			(unsigned long long)info->slice_from, (unsigned long long)info->slice_to,
			(unsigned long long)info->slice_of);
		put_field(bytes, BEL_FIELD_SLICE, text);
	}
	if (info->valid_policies) {
		snprintf(text, sizeof(text), "%llu %s", (unsigned long long)info->min_frames,
			info->valid_policies);
		put_field(bytes, BEL_FIELD_REDUCED, text);
	}
}

int bel_head_encode(struct bel_bytes *bytes, const struct bel_trace_info *info, struct bel_err *err)
{
	static const uint8_t empty[BEL_NATIVE_HEAD];
	uint8_t *head;
	size_t fields;

	bel_bytes_put(bytes, empty, sizeof(empty));
	put_field(bytes, BEL_FIELD_COMMAND, info->command);
	put_field(bytes, BEL_FIELD_TOOL, info->tool);
	put_field(bytes, BEL_FIELD_NAME, info->name);
	if (info->kernel)
		put_field(bytes, BEL_FIELD_KERNEL, "");
	if (info->phrases)
		put_field(bytes, BEL_FIELD_PHRASES, "");
	put_numbers(bytes, info);
	if (bytes->failed)
		return bel_err_memory(err, "the trace's head");
	head = bytes->data;
	fields = bytes->size - BEL_NATIVE_HEAD;
	memcpy(head, BEL_NATIVE_MAGIC, 8);
	head[8] = BEL_NATIVE_MAJOR;
	head[9] = info->near_pages
			  ? info->near_renewed ? BEL_NATIVE_MINOR_RENEWED : BEL_NATIVE_MINOR_STACKS
		  : info->phrases ? BEL_NATIVE_MINOR_PHRASES
		  : info->kernel  ? BEL_NATIVE_MINOR_KERNEL
				  : 0;
	head[10] = (uint8_t)info->granule_bits;
	head[11] = (uint8_t)info->unit_bits;
	head[12] = (uint8_t)(info->address_bits ? info->address_bits : 64);
	head[13] = 1; /* byte order of the traced machine: little-endian */
	put_le(head + 14, info->first_byte ? 1 : 0, 2);
	put_le(head + 16, fields, 4);
	put_le(head + 24, bel_native_checksum(head, 24, head + BEL_NATIVE_HEAD, fields), 8);
	return BEL_OK;
}

/* "K BITS" in decimal digits: near_pages and near_bits. */
static bool read_near(struct bel_trace_info *info, const char *text)
{
	int end = 0;

	return sscanf(text, "%7u %2u%n", &info->near_pages, &info->near_bits, &end) == 2 &&
	       !text[end] && info->near_pages > 0 && info->near_pages <= BEL_NATIVE_NEAR &&
	       info->near_bits <= 63;
}

/* "K EVENTS CHECKSUM": part and part_events in decimal digits, part_after in 16 hexadecimal ones. */
static bool read_part(struct bel_trace_info *info, const char *text)
{
	unsigned long long events, after;
	int end = 0;

	if (sscanf(text, "%9u %18llu %16llx%n", &info->part, &events, &after, &end) != 3)
		return false;
	info->part_events = events;
	info->part_after = after;
	return !text[end] && info->part > 0;
}

/* "FROM TO NUMBER": slice_from and slice_to in decimal digits, slice_of in 16 hexadecimal ones. */
static bool read_slice(struct bel_trace_info *info, const char *text)
{
	unsigned long long from, to, of;
	int end = 0;

	if (sscanf(text, "%20llu %20llu %16llx%n", &from, &to, &of, &end) != 3)
		return false;
	info->slice = 1;
	info->slice_from = from;
	info->slice_to = to;
	info->slice_of = of;
	return !text[end] && from <= to;
}

/* Reads a field that is numbers in text; others are not changed. */
static bool read_numbers(
	struct bel_trace_info *info, unsigned tag, const uint8_t *text, size_t length)
{
	char copy[80];

	if (tag != BEL_FIELD_STACKS && tag != BEL_FIELD_PART && tag != BEL_FIELD_SLICE)
		return true;
	if (length >= sizeof(copy) || memchr(text, '\0', length))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (strspn(copy, tag == BEL_FIELD_STACKS ? "0123456789 " : "0123456789abcdef ") != length)
		return false;
	return tag == BEL_FIELD_STACKS ? read_near(info, copy)
	       : tag == BEL_FIELD_PART ? read_part(info, copy)
				       : read_slice(info, copy);
}

static int read_fields(
	struct bel_native_reader *r, const uint8_t *data, size_t size, struct bel_err *err)
{
	struct bel_view view = {data, data + size, false};

	while (view.data < view.end) {
		const uint8_t *head = bel_view_take(&view, 8);
		unsigned tag = head ? (unsigned)get_le(head, 2) : 0;
		size_t length = head ? get_le(head + 4, 4) : 0;
		const uint8_t *text = head ? bel_view_take(&view, length) : NULL;
		char **field = tag == BEL_FIELD_COMMAND   ? &r->command
			       : tag == BEL_FIELD_TOOL    ? &r->tool
			       : tag == BEL_FIELD_NAME    ? &r->name
			       : tag == BEL_FIELD_REDUCED ? &r->reduced
							  : NULL;

		if (!text)
			return bel_reader_damaged(r, "bad field in the head", err);
		if (!read_numbers(&r->info, tag, text, length))
			return bel_reader_damaged(r, "bad field in the head", err);
		if (tag == BEL_FIELD_KERNEL) {
			r->info.kernel = 1;
		} else if (tag == BEL_FIELD_RENEWED) {
			r->info.near_renewed = 1;
		} else if (tag == BEL_FIELD_PHRASES) {
			r->phrases = true;
		} else if (field && !*field) {
			*field = strndup((const char *)text, length);
			if (!*field)
				return bel_err_memory(err, "the trace's head");
		} else if (!field && tag & BEL_FIELD_CRITICAL && tag != BEL_FIELD_STACKS) {
			return bel_reader_damaged(r,
				"the head has a critical field that this version does not know",
				err);
		}
	}
	if (r->reduced && bel_reduction_scope_parse(
				  r->reduced, &r->info.min_frames, &r->info.valid_policies) < 0)
		return bel_reader_damaged(r, "bad field in the head", err);
	r->info.command = r->command;
	r->info.name = r->name;
	r->info.tool = r->tool;
	return BEL_OK;
}

int bel_reader_head(struct bel_native_reader *r, struct bel_err *err)
{
	const uint8_t *head;
	uint32_t fields;
	int result;

	if (bel_reader_need(r, BEL_NATIVE_HEAD, err) < 0)
		return BEL_FAIL;
	head = r->input->data;
	if (!bel_native_probe(head, r->input->have))
		return bel_reader_damaged(r, "not a belady trace", err);
	if (head[8] != BEL_NATIVE_MAJOR)
		return bel_fail(err, "%s: format version %u.%u; this program reads %u.x",
			r->input->name, head[8], head[9], BEL_NATIVE_MAJOR);
	fields = (uint32_t)get_le(head + 16, 4);
	if (fields > BEL_NATIVE_FIELDS)
		return bel_reader_damaged(r, "bad size in the head", err);
	if (bel_reader_need(r, BEL_NATIVE_HEAD + (size_t)fields, err) < 0)
		return BEL_FAIL;
	head = r->input->data;
	if (get_le(head + 24, 8) != bel_native_checksum(head, 24, head + BEL_NATIVE_HEAD, fields))
		return bel_reader_damaged(r, "head checksum mismatch", err);
	if (head[10] > 63 || head[11] > 63 || (head[12] != 32 && head[12] != 64) || head[13] != 1)
		return bel_reader_damaged(r, "bad values in the head", err);
	r->info = (struct bel_trace_info){.granule_bits = head[10],
		.unit_bits = head[11],
		.address_bits = head[12],
		.first_byte = (int)(get_le(head + 14, 2) & 1),
		.format = "bel"};
	result = read_fields(r, head + BEL_NATIVE_HEAD, fields, err);
	if (result == BEL_OK)
		bel_input_take(r->input, BEL_NATIVE_HEAD + (size_t)fields);
	return result;
}
