/* SPDX-License-Identifier: MIT */
/*
 * format_hash_ids.c: requests to a language model, as lists of the blocks of its key-value cache
 * that they use. One JSON object per line (Mooncake's traces and similar ones):
 *
 *	{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2, 3]}
 *
 * Equal ids are the same block, also in different requests. Each id is a reference to the page
 * of that number, in the order of the list. Other members are ignored; a line without hash_ids
 * is an error. Lines may have any length, because they are not kept in memory. Ids before an
 * error in the same line count. If the options ask for it, a mark (BEL_REQUEST_MARK) is before the
 * first id of each list.
 *
 * Source: FAST25-release/README.md of github.com/kvcache-ai/Mooncake.
 */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "json_scan.h"

static const char member[] = "hash_ids";

enum { QUOTED = 64 }; /* more bytes of a line than a message shows */

/* The position in a line. */
struct place {
	struct bel_json_scan json;
	bool object; /* the line's value is an object */
	bool in_list, seen;
	uint64_t ids;
};

/* One byte of a line. Returns NULL or what is wrong; *is_id: json.number is an id. */
static const char *step(struct place *place, uint8_t c, bool *is_id)
{
	struct bel_json_scan *const json = &place->json;
	const bool in_list = place->in_list;
	enum bel_json_event event;
	const char *why = bel_json_step(json, c, &event);

	*is_id = false;
	if (why)
		return why;
	if (json->depth == 1 && event == BEL_JSON_BEGIN && c == '{')
		place->object = true;
	if (!place->object && (json->depth || json->token || json->done))
		return json->failed = "the line is not a JSON object";
	if (in_list && event == BEL_JSON_BEGIN)
		return json->failed = "hash_ids contains something that is not a number";
	if (in_list && event == BEL_JSON_NUMBER) {
		if (!json->whole)
			return json->failed = "hash_ids contains a number that is fractional, "
					      "negative or above 64 bits";
		place->ids++;
		*is_id = true;
	}
	if (in_list && json->depth == 1)
		place->in_list = false;
	if (event == BEL_JSON_BEGIN && c == '[' && json->depth == 2 &&
		json->key_length == sizeof(member) - 1 &&
		!memcmp(json->key, member, sizeof(member) - 1)) {
		if (place->seen)
			return json->failed = "hash_ids twice in one object";
		place->in_list = place->seen = true;
	}
	return NULL;
}

/* What is wrong with a line that ends here; NULL: nothing. An empty line is valid. */
static const char *end_of_line(const struct place *place)
{
	if (place->json.failed)
		return place->json.failed;
	if (!bel_json_idle(&place->json))
		return "the line ends within its JSON object";
	return place->json.done && !place->seen ? "the object has no list hash_ids" : NULL;
}

struct hash_ids {
	struct bel_input *input; /* the caller's */
	struct bel_format_options options;
	struct bel_format_tally tally;
	struct place place;
	uint64_t line;
	bool begun;    /* the line has a byte that is not blank */
	bool skipping; /* inside a comment or after an error */
};

static void *open_hash_ids(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct hash_ids *const reader = calloc(1, sizeof(*reader));

	if (!reader) {
		bel_err_memory(err, "a reader of hash_ids");
		return NULL;
	}
	reader->input = input;
	reader->options = *options;
	reader->line = 1;
	return reader;
}

/* The bytes from p on are wrong: skips the line, or fails and does not move. */
static int refuse(struct hash_ids *reader, const char *why, size_t at, struct bel_err *err)
{
	struct bel_input *const input = reader->input;
	const uint8_t *p, *newline;

	/* Fill the window, so the message does not depend on how the bytes arrived. The end of the
	 * input is not an error here. */
	bel_input_fill(input, at + QUOTED, NULL);
	p = input->data + at;
	newline = memchr(p, '\n', input->have - at);
	reader->skipping = true;
	if (bel_format_bad(&reader->tally, &reader->options, input, reader->line, why, p,
		    newline ? (size_t)(newline - p) : input->have - at, err) < 0) {
		reader->skipping = false;
		return BEL_FAIL;
	}
	return BEL_OK;
}

static int take_newline(struct hash_ids *reader, size_t at, struct bel_err *err)
{
	const char *const why = reader->skipping ? NULL : end_of_line(&reader->place);

	if (why && refuse(reader, why, at, err) < 0)
		return BEL_FAIL;
	/* A request without blocks, or a comment. */
	reader->tally.noise +=
		!why && reader->begun && !reader->place.ids && !reader->place.json.failed;
	memset(&reader->place, 0, sizeof(reader->place));
	reader->begun = reader->skipping = false;
	reader->line++;
	return BEL_OK;
}

/* Adds an id; before the first one of a list, the mark of its request. */
static int add_id(struct hash_ids *reader, struct bel_accesses *out, struct bel_err *err)
{
	const struct bel_event mark = {
		.type = BEL_EVENT_MARK, .at = out->count, .name = BEL_REQUEST_MARK};

	if (reader->options.request_marks && reader->place.ids == 1 &&
		bel_events_add(&out->events, &mark, err) < 0)
		return BEL_FAIL;
	out->access[out->count++] = (struct bel_access){reader->place.json.number, 1, BEL_LOAD};
	return BEL_OK;
}

/* Takes bytes until the window ends, the batch is full, or there is an error. */
static int scan(struct hash_ids *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_input *const input = reader->input;
	size_t at = 0;
	int r = BEL_OK;

	for (; at < input->have && out->count < out->capacity; at++) {
		const uint8_t c = input->data[at];
		/* Return what was found first; the next call fails again. */
		struct bel_err *const now = out->count ? NULL : err;
		const char *why;
		bool is_id;

		if (c == '\n') {
			r = take_newline(reader, at, now);
			if (r < 0)
				break;
			continue;
		}
		if (reader->skipping)
			continue;
		if (!reader->begun && c == '#')
			reader->skipping = reader->begun = true;
		if (reader->skipping)
			continue;
		reader->begun |= c != ' ' && c != '\t' && c != '\r';
		why = step(&reader->place, c, &is_id);
		if (why && (r = refuse(reader, why, at, now)) < 0)
			break;
		if (is_id && (r = add_id(reader, out, err)) < 0)
			break;
	}
	bel_input_take(input, at);
	return r;
}

static int read_batch(void *data, struct bel_accesses *out, struct bel_err *err)
{
	struct hash_ids *const reader = data;
	struct bel_input *const input = reader->input;
	int r = BEL_OK;

	out->count = 0;
	out->space = 0;
	while (out->count < out->capacity && r >= 0) {
		if (input->have) {
			r = scan(reader, out, err);
			continue;
		}
		if (out->count || (r = bel_input_fill(input, 1, err)) < 0)
			break;
		if (!r)
			return reader->begun ? take_newline(reader, 0, err) : BEL_OK;
	}
	return out->count ? 1 : r;
}

static void tally_of(const void *reader, struct bel_format_tally *tally)
{
	*tally = ((const struct hash_ids *)reader)->tally;
}

/* Counts good and bad lines; of a cut line, only the existing bytes are judged. */
static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	struct place place = {.object = false};
	unsigned good = 0, bad = 0;
	bool begun = false;

	for (size_t i = 0; i <= probe->have; i++) {
		const bool end = i == probe->have;
		bool is_id;

		if (!end && probe->data[i] != '\n') {
			step(&place, probe->data[i], &is_id);
			begun |= probe->data[i] > ' ';
			continue;
		}
		if (!begun)
			continue;
		if (end && !probe->whole)
			good += place.seen && !place.json.failed;
		else if (end_of_line(&place))
			bad++;
		else
			good++;
		place = (struct place){.object = false};
		begun = false;
	}
	if (good && !bad)
		return bel_probe_say(
			probe, BEL_PROBE_CERTAIN, "every line is a JSON object with hash_ids");
	return bel_probe_say(probe, good && good >= 3 * bad ? BEL_PROBE_LIKELY : BEL_PROBE_NO,
		"%u of %u lines are JSON objects with hash_ids", good, good + bad);
}

static const struct bel_format hash_ids = {
	.name = "hash-ids",
	.title = "JSON Lines with hash_ids: cache blocks of language-model requests (Mooncake)",
	.example = "{\"timestamp\": 0, \"hash_ids\": [0, 1, 2]}",
	.suffixes = ".jsonl",
	.caps = BEL_FORMAT_PAGE_NUMBERS,
	.probe = probe,
	.open = open_hash_ids,
	.read = read_batch,
	.tally = tally_of,
	.close = free,
};
BEL_FORMAT(hash_ids);
