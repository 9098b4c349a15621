/* SPDX-License-Identifier: MIT */
/*
 * format_lackey.c: the output of `valgrind --tool=lackey --trace-mem=yes`.
 *
 *	I  04001090,3	fetch of 3 bytes
 *	 L 1ffeffe7e,8	load; " S" store; " M" modify: a load and a store of one address
 *
 * Other spacing is also read (lackey_record.h). lackey_parse.h describes the other
 * lines that may be between the records.
 *
 * The writer writes records and, when a process begins, its "==PID== Command:" line.
 * In lackey text a record does not name its process, so concurrent processes must be
 * split into separate traces first.
 */
#include <string.h>

#include "format.h"
#include "lackey_files.h"
#include "lackey_parse.h"
#include "lackey_record.h"
#include "text.h"

/* Judges by lackey's banner, or by the share of records among the first lines. */
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

		/* A cut last line is ignored. */
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

static void *open_reader(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lackey_files_new(input, options, err);
}

static int join_reader(void *reader, const char *const *paths, size_t count, struct bel_err *err)
{
	return bel_lackey_files_join(reader, paths, count, err);
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_lackey_files_read(reader, out, err);
}

static void tally_reader(const void *reader, struct bel_format_tally *tally)
{
	bel_lackey_files_tally(reader, tally);
}

static void close_reader(void *reader)
{
	bel_lackey_files_free(reader);
}

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	static const char *const heads[] = {"I  ", " L ", " S ", " M "};
	struct bel_text_buffer buffer = {.file = file};
	size_t next = 0;

	(void)err;
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
	.join = join_reader,
	.read = read_batch,
	.tally = tally_reader,
	.close = close_reader,
	.write = write_batch,
};
BEL_FORMAT(lackey);
