/* SPDX-License-Identifier: MIT */
/*
 * format_lackey.c: what `valgrind --tool=lackey --trace-mem=yes` prints.
 *
 *	I  04001090,3	fetch of 3 bytes
 *	 L 1ffeffe7e,8	load; " S" store; " M" modify: a load and a store of one address
 *
 * Other spacing is read as well (lackey_record.h). What else may stand between
 * these lines, and what becomes of it, is told in lackey_parse.h.
 *
 * The writer writes records and, where a process begins, the "==PID== Command:"
 * line by which the reader knows one; lackey text cannot say whose a record is,
 * so processes that ran side by side are to be split first.
 */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "lackey_parse.h"
#include "lackey_record.h"
#include "text.h"

struct reader {
	struct bel_input *input; /* the caller's */
	struct bel_lackey *log;
	uint32_t spaces;
	size_t want; /* bytes that the window needs for one more line */
};

/* How sure: by the share of records among the first lines, or by lackey's own name. */
static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	static const char banner[] = "== Lackey, an example Valgrind tool";
	const uint8_t *line = probe->data, *const stop = line + probe->have;
	struct bel_access access;
	size_t records = 0, lines = 0;

	if (memmem(line, probe->have < 4096 ? probe->have : 4096, banner, sizeof(banner) - 1))
		return bel_probe_say(probe, BEL_PROBE_CERTAIN, "lackey's banner");
	while (line < stop) {
		const uint8_t *end = memchr(line, '\n', (size_t)(stop - line));

		/* A last line that is cut says nothing. */
		if (!end && (!probe->whole || lines > 0))
			break;
		end = end ? end : stop;
		records += bel_lackey_record_alone(line, end, &access);
		lines += end > line && !(line[0] == '=' && end - line > 1 && line[1] == '=') &&
			 memcmp(line, "SB ", end - line < 3 ? (size_t)(end - line) : 3) != 0;
		line = end < stop ? end + 1 : stop;
	}
	return bel_probe_say(probe,
		records == 0               ? BEL_PROBE_NO
		: records * 4 >= lines * 3 ? BEL_PROBE_CERTAIN
		: records * 4 >= lines     ? BEL_PROBE_LIKELY
					   : BEL_PROBE_POSSIBLE,
		"%zu of %zu lines are lackey's records", records, lines);
}

static void close_reader(void *self)
{
	struct reader *reader = self;

	bel_lackey_free(reader->log);
	free(reader);
}

static void *open_reader(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct reader *reader = calloc(1, sizeof(*reader));

	if (!reader) {
		bel_err_memory(err, "lackey reader");
		return NULL;
	}
	reader->input = input;
	reader->want = 1;
	reader->log = bel_lackey_new(options, &reader->spaces, input, err);
	if (!reader->log) {
		free(reader);
		return NULL;
	}
	return reader;
}

static void tally_reader(const void *self, struct bel_format_tally *tally)
{
	const struct reader *reader = self;

	bel_lackey_tally(reader->log, tally);
}

static int at_end(struct reader *reader, struct bel_err *err)
{
	struct bel_format_tally tally;

	bel_lackey_tally(reader->log, &tally);
	if (!bel_lackey_seen(reader->log) && tally.noise > 0)
		return bel_fail(err, "%s: not lackey text: no record in %llu lines",
			reader->input->name, (unsigned long long)tally.noise);
	return 0;
}

static int read_batch(void *self, struct bel_accesses *out, struct bel_err *err)
{
	struct reader *reader = self;
	struct bel_input *input = reader->input;
	size_t taken;
	int r;

	out->count = 0;
	for (;;) {
		r = bel_input_fill(input, reader->want, err);
		if (r < 0)
			return r;
		r = bel_lackey_parse(
			reader->log, input->data, input->have, input->ended, out, &taken, err);
		if (r < 0)
			return r;
		bel_input_take(input, taken);
		reader->want = 1;
		if (out->count || out->events.count)
			return 1;
		if (r == 0 && input->ended)
			return at_end(reader, err);
		if (r == 0) {
			if (input->have > BEL_LACKEY_LINE_MAX)
				return bel_fail(err, "%s: byte %llu: a line of more than %zu bytes",
					input->name, (unsigned long long)input->offset,
					BEL_LACKEY_LINE_MAX);
			reader->want = input->have + 1;
		}
	}
}

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	static const char *const heads[] = {"I  ", " L ", " S ", " M "};
	struct bel_text_buffer buffer = {.file = file};
	size_t next = 0;

	for (size_t i = 0; i <= batch->count; i++) {
		for (; next < batch->events.count && batch->events.event[next].at <= i; next++) {
			const struct bel_event *const event = &batch->events.event[next];

			if (event->type != BEL_EVENT_START && event->type != BEL_EVENT_EXEC)
				continue;
			bel_text_flush(&buffer, true);
			fprintf(file, "==%u== Command: %s\n", event->pid,
				event->name ? event->name : "");
		}
		if (i == batch->count)
			break;
		if (batch->access[i].kind >= sizeof(heads) / sizeof(*heads))
			return bel_fail(err, "lackey's text has no references of the kernel");
		bel_text_put(&buffer, heads[batch->access[i].kind]);
		bel_text_put_hex(&buffer, batch->access[i].address, 8);
		bel_text_put(&buffer, ",");
		bel_text_put_decimal(&buffer, batch->access[i].size);
		bel_text_put(&buffer, "\n");
		bel_text_flush(&buffer, false);
	}
	bel_text_flush(&buffer, true);
	return 0;
}

static const struct bel_format lackey = {
	.name = "lackey",
	.title = "valgrind --tool=lackey --trace-mem=yes text",
	.suffixes = ".lackey",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_reader,
	.read = read_batch,
	.tally = tally_reader,
	.close = close_reader,
	.write = write_batch,
};
BEL_FORMAT(lackey);
