/* SPDX-License-Identifier: MIT */
/*
 * prop_damage.c: a damaged native trace is an error, never another trace: each
 * byte of a small one is flipped, each shorter length is tried, bytes are
 * appended, blocks are left out, doubled and swapped. What is salvaged is a
 * beginning of the trace, and the damage is told.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "flat.h"
#include "prop.h"
#include "random_trace.h"

static char complaint[1000];

struct original {
	char *data;
	size_t size;
	struct flat flat; /* as the undamaged bytes read */
	unsigned page_bits;
};

static int read_as(struct flat *f, const char *data, size_t size, unsigned page_bits, bool salvage,
	bool *told, struct bel_err *err)
{
	struct bel_source_options options = {
		.allow_empty = true, .format = "bel", .page_bits = page_bits, .salvage = salvage};
	struct bel_source *source = NULL;
	struct bel_input *input;
	int r = bel_input_open_memory(&input, "memory", data, size, err);

	if (r == 0)
		r = bel_source_open_input(&source, input, &options, err);
	if (r == 0)
		r = flat_source(f, source, err);
	*told = source && bel_source_damage(source);
	bel_source_close(source);
	return r;
}

/* The totals that a seekable file's end tells: an error, or those of the undamaged trace. */
static bool peek_is_safe(const struct original *o, const char *data, size_t size)
{
	struct bel_source_options options = {.format = "bel", .allow_empty = true};
	struct bel_source *source = NULL;
	struct bel_input *input;
	struct bel_err err = {0};
	uint64_t pages = 0, wanted = 0;
	int fd = memfd_create("trace", 0), r;

	if (write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		abort();
	r = bel_input_open_fd(&input, fd, "t", &err);
	if (r == 0)
		r = bel_source_open_input(&source, input, &options, &err);
	if (r == 0)
		r = bel_source_footprint(source, &pages, &err);
	bel_source_close(source);
	for (size_t i = 0; i < o->flat.count; i++) {
		if (o->flat.item[i].what == 'r' && o->flat.item[i].page >= wanted)
			wanted = o->flat.item[i].page + 1;
	}
	return r <= 0 || pages == wanted;
}

/*
 * What happens to damaged bytes; `what` and `at` say how they were damaged. Where blocks are
 * whole, but elsewhere, the references before the error may be another's.
 */
static bool is_noticed(const struct original *o, const char *data, size_t size, const char *what,
	size_t at, bool moved)
{
	struct flat got = {0}, salvaged = {0};
	struct bel_err err = {0};
	const char *wrong = NULL;
	bool told;

	if (read_as(&got, data, size, o->page_bits, false, &told, &err) == 0)
		wrong = "read without an error";
	else if (!err.text[0] || err.code == 0)
		wrong = "an error without a message";
	else if (!moved && !flat_is_start(&got, &o->flat))
		wrong = "wrong references before the error";
	else if (read_as(&salvaged, data, size, o->page_bits, true, &told, &err) == 0 && !told)
		wrong = "salvaged, and the damage not told";
	else if (!moved && !flat_is_start(&salvaged, &o->flat))
		wrong = "wrong references salvaged";
	else if (!peek_is_safe(o, data, size))
		wrong = "wrong totals from the end of the file";
	if (wrong)
		snprintf(complaint, sizeof(complaint), "%s at %zu of %zu: %s (%s)", what, at,
			o->size, wrong, err.text);
	flat_clear(&got);
	flat_clear(&salvaged);
	return !wrong;
}

static bool flips_are_noticed(const struct original *o, char *copy, struct bel_rng *rng)
{
	size_t step = o->size / 3000 + 1;

	for (size_t at = bel_rng_below(rng, step); at < o->size; at += step) {
		memcpy(copy, o->data, o->size);
		copy[at] ^= bel_rng_below(rng, 2) ? 1 << bel_rng_below(rng, 8)
						  : (int)(1 + bel_rng_below(rng, 255));
		if (!is_noticed(o, copy, o->size, "a flipped byte", at, false))
			return false;
	}
	return true;
}

static bool cuts_are_noticed(const struct original *o, char *copy, struct bel_rng *rng)
{
	size_t step = o->size / 1500 + 1;

	memcpy(copy, o->data, o->size);
	for (size_t size = bel_rng_below(rng, step); size < o->size; size += step) {
		if (!is_noticed(o, copy, size, "a cut", size, false))
			return false;
	}
	copy[o->size] = bel_rng_next(rng);
	return is_noticed(o, copy, o->size + 1, "one byte more", o->size, false);
}

/*
 * Where the blocks of references begin, from the lengths in the heads (traces/FORMAT.md);
 * their number. offset[number] is where the last one ends, if no other stands between them.
 */
static size_t find_blocks(const struct original *o, size_t offset[], size_t most)
{
	const uint8_t *data = (const uint8_t *)o->data;
	uint32_t length, records;
	size_t at, count = 0;

	memcpy(&length, data + 16, 4);
	for (at = 32 + length; at + 16 < o->size && count + 1 < most; at += 104 + length) {
		memcpy(&records, data + at + 16, 4);
		if (!records)
			break;
		offset[count++] = at;
		memcpy(&length, data + at + 8, 4);
	}
	offset[count] = at;
	return count;
}

/* A block of references is missing, twice there, or has changed places with the next. */
static bool moves_are_noticed(const struct original *o, char *copy)
{
	size_t offset[64];
	size_t blocks = find_blocks(o, offset, 64);

	for (size_t b = 0; b < blocks; b++) {
		size_t from = offset[b], to = offset[b + 1], length = to - from, next;

		memcpy(copy, o->data, from);
		memcpy(copy + from, o->data + to, o->size - to);
		if (!is_noticed(o, copy, o->size - length, "a missing block", from, true))
			return false;
		memcpy(copy, o->data, to);
		memcpy(copy + to, o->data + from, o->size - from);
		if (!is_noticed(o, copy, o->size + length, "a block twice", from, true))
			return false;
		if (b + 1 == blocks)
			break;
		next = offset[b + 2] - to;
		memcpy(copy, o->data, from);
		memcpy(copy + from, o->data + to, next);
		memcpy(copy + from + next, o->data + from, length);
		memcpy(copy + offset[b + 2], o->data + offset[b + 2], o->size - offset[b + 2]);
		if (!is_noticed(o, copy, o->size, "swapped blocks", from, true))
			return false;
	}
	return true;
}

static bool round_holds(struct prop *p)
{
	struct random_stream s;
	struct original o = {0};
	struct bel_err err = {0};
	bool told, fine;
	char *copy;

	random_stream_make(&s, &p->rng, p->seed % 8 ? 60 : 2000);
	o.page_bits = 12;
	switch (bel_rng_below(&p->rng, 3)) {
	case 0:
		native_of_folded(&s, 12, false, 0, &o.data, &o.size);
		break;
	case 1:
		native_of_phrases(&s, 12, false, 0, p->seed, &o.data, &o.size);
		break;
	default:
		native_of_exact(&s, 0, &o.data, &o.size);
	}
	copy = test_alloc(2 * o.size + 1, 1);
	fine = read_as(&o.flat, o.data, o.size, o.page_bits, false, &told, &err) == 0;
	if (!fine)
		snprintf(complaint, sizeof(complaint), "undamaged: %s", err.text);
	fine = fine && flips_are_noticed(&o, copy, &p->rng) &&
	       cuts_are_noticed(&o, copy, &p->rng) && moves_are_noticed(&o, copy);
	free(copy);
	flat_clear(&o.flat);
	free(o.data);
	random_stream_release(&s);
	return fine;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 16, 800);
	while (prop_round(&p)) {
		if (!round_holds(&p)) {
			printf("%s\n", complaint);
			return prop_failed(&p);
		}
	}
	return prop_passed(&p);
}
