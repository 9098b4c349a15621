/* SPDX-License-Identifier: MIT */
/*
 * read_refs.c: runs a foreign reader to its end, for unit tests and fuzzers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "input_codec.h"
#include "read_refs.h"

#define ABORT(...) (fprintf(stderr, __VA_ARGS__), fputc('\n', stderr), abort())

/* A limit for fuzzing, because a range makes very many references from a few bytes. */
#define REFS_MAX ((size_t)1 << 14)

static void append(struct read_refs *refs, const struct bel_accesses *batch)
{
	if (refs->count + batch->count > refs->capacity) {
		refs->capacity = 2 * refs->capacity + batch->count;
		refs->access = realloc(refs->access, refs->capacity * sizeof(*refs->access));
		if (!refs->access)
			ABORT("out of memory");
	}
	for (size_t i = 0; i < batch->events.count; i++)
		if (batch->events.event[i].type == BEL_EVENT_MARK)
			refs->marks =
				refs->marks * 31 + refs->count + batch->events.event[i].at + 1;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *const access = &batch->access[i];

		if (!access->size || access->kind >= BEL_KINDS)
			ABORT("reference %zu: size %u, kind %u", refs->count, access->size,
				access->kind);
		refs->access[refs->count++] = *access;
	}
}

/* Stops after the batch that reaches `limit` references. */
static void read_some(struct read_refs *refs, const struct bel_format *format,
	struct bel_input *input, const struct bel_format_options *options, size_t batch,
	size_t limit)
{
	struct bel_accesses out = {.capacity = batch};
	void *reader;
	int r = 0;

	*refs = (struct read_refs){.code = 0};
	/* No more than `capacity`, so that a sanitizer notices a reference too many. */
	out.access = malloc(batch * sizeof(*out.access));
	if (!out.access)
		ABORT("out of memory");
	reader = format->open(input, options, &refs->err);
	if (!reader)
		r = refs->err.code;
	while (reader && refs->count < limit) {
		bel_events_clear(&out.events);
		r = format->read(reader, &out, &refs->err);
		if (r <= 0)
			break;
		if (out.count > batch || (!out.count && !out.events.count))
			ABORT("a batch of %zu references", out.count);
		append(refs, &out);
	}
	refs->code = r < 0 ? r : 0;
	if (r < 0 && (refs->err.code != r || !*refs->err.text))
		ABORT("failed with %d and said %d '%s'", r, refs->err.code, refs->err.text);
	if (reader && format->tally)
		format->tally(reader, &refs->tally);
	if (reader)
		format->close(reader);
	bel_events_release(&out.events);
	bel_input_close(input);
	free(out.access);
}

void read_refs(struct read_refs *refs, const struct bel_format *format, struct bel_input *input,
	const struct bel_format_options *options, size_t batch)
{
	read_some(refs, format, input, options, batch, SIZE_MAX);
}

void read_refs_release(struct read_refs *refs)
{
	free(refs->access);
	*refs = (struct read_refs){.code = 0};
}

bool read_refs_equal(const struct read_refs *a, const struct read_refs *b, bool kinds, bool sizes)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct bel_access x = a->access[i], y = b->access[i];

		if (x.address != y.address || (kinds && x.kind != y.kind) ||
			(sizes && x.size != y.size))
			return false;
	}
	return true;
}

void read_refs_compare(const struct read_refs *a, const struct read_refs *b)
{
	if (a->code != b->code || strcmp(a->err.text, b->err.text) != 0)
		ABORT("%d '%s' against %d '%s'", a->code, a->err.text, b->code, b->err.text);
	if (a->tally.noise != b->tally.noise || a->tally.bad != b->tally.bad)
		ABORT("the tallies differ");
	if (a->marks != b->marks)
		ABORT("the marks differ");
	if (!read_refs_equal(a, b, true, true))
		ABORT("the references differ (%zu and %zu)", a->count, b->count);
}

struct bel_input *read_refs_memory(const void *data, size_t size)
{
	struct bel_input *input;
	struct bel_err err;

	if (bel_input_open_memory(&input, "memory", data, size, &err) < 0)
		return NULL;
	return input;
}

struct bel_input *read_refs_pieces(const void *data, size_t size, size_t piece)
{
	const char *const bytes = data;
	struct bel_input *input;
	struct bel_err err;
	int pair[2], capacity = 1 << 20;

	/* Each packet is one read(); all must fit in the socket, since nobody reads yet. */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair) < 0)
		ABORT("no socket");
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUFFORCE, &capacity, sizeof(capacity));
	for (size_t at = 0; at < size; at += piece) {
		const size_t n = size - at < piece ? size - at : piece;

		if (send(pair[1], bytes + at, n, 0) != (ssize_t)n)
			ABORT("%zu bytes in pieces of %zu are too many", size, piece);
	}
	close(pair[1]);
	/* "memory", so that messages are the same as from memory. */
	if (bel_input_open_fd(&input, pair[0], "memory", &err) < 0)
		return NULL;
	return input;
}

/* Checks that a format reads back what it wrote, except for what the format cannot hold. */
static void round_trip(const struct bel_format *format, const struct read_refs *refs)
{
	const struct bel_accesses batch = {.access = refs->access, .count = refs->count};
	const struct bel_trace_info info = {.address_bits = 64};
	const struct bel_format_options options = {.max_bad = 0};
	struct read_refs again;
	struct bel_err err;
	char *text = NULL;
	size_t size = 0;
	FILE *const file = open_memstream(&text, &size);

	if (!file)
		ABORT("out of memory");
	if ((format->write_head && format->write_head(file, &info, &err) < 0) ||
		format->write(file, &batch, &err) < 0) {
		fclose(file);
		free(text);
		return;
	}
	fclose(file);
	read_refs(&again, format, read_refs_memory(text, size), &options, 512);
	if (again.code || !read_refs_equal(refs, &again,
				  format->caps & (BEL_FORMAT_KINDS | BEL_FORMAT_WRITES),
				  format->caps & BEL_FORMAT_SIZES))
		ABORT("round trip: %s", again.code ? again.err.text : "other references");
	read_refs_release(&again);
	free(text);
}

/* Checks that a verdict has a reason. */
static void check_probe(const struct bel_format *format, const uint8_t *data, size_t size)
{
	for (int whole = 0; whole < 2; whole++) {
		struct bel_probe probe = {.data = data, .have = size, .whole = whole};

		if (format->probe(&probe) > BEL_PROBE_CERTAIN || !*probe.reason)
			ABORT("no verdict, or no reason");
	}
}

/*
 * The first byte chooses options. With any other bytes, the reader must end and obey format.h. It
 * must read the same references in any batches and pieces, and read back what it wrote.
 */
int read_refs_fuzz(const char *name, const uint8_t *data, size_t size)
{
	static const char *const columns[] = {NULL, "address=2,kind=1,size=3", "address=1:hex",
		"page=addr,kind=op,size=len", "key=2,process=1", "page=1,thread=2,size=3",
		"key=name", "process=pid,address=2"};
	static const char *const separators[] = {NULL, ";", "tab", "blank"};
	struct bel_format_options options = {.unit_bits = 0};
	const struct bel_format *format;
	struct read_refs refs, other;
	struct bel_err err;

	format = bel_format_find(name, &err);
	if (!format)
		ABORT("%s", err.text);
	if (size < 1)
		return 0;
	options.max_bad = data[0] & 1 ? UINT64_MAX : data[0] >> 1 & 3;
	options.columns = columns[data[0] >> 3 & 7];
	options.separator = separators[data[0] >> 6];
	options.request_marks = true; /* only hash-ids has requests */
	options.kinds = data[0] & 4 ? "2a=read,x=skip,r=write" : NULL;
	data++;
	size--;
	/* fuzz_input.c tests compressed input. */
	if (bel_codec_guess(data, size))
		return 0;
	if (format->probe)
		check_probe(format, data, size);
	read_some(&refs, format, read_refs_memory(data, size), &options, 509, REFS_MAX);
	read_some(&other, format, read_refs_memory(data, size), &options, 1, REFS_MAX);
	/* At the limit, reading ends after a whole batch, so other batches end elsewhere. */
	if (refs.count < REFS_MAX)
		read_refs_compare(&refs, &other);
	read_refs_release(&other);
	if (size <= 128) {
		read_some(&other, format, read_refs_pieces(data, size, 1 + size % 7), &options, 3,
			REFS_MAX);
		if (refs.count < REFS_MAX)
			read_refs_compare(&refs, &other);
		read_refs_release(&other);
	}
	if (format->write && refs.count && refs.count < REFS_MAX)
		round_trip(format, &refs);
	read_refs_release(&refs);
	return 0;
}
