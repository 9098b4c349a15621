/* SPDX-License-Identifier: MIT */
/* blame_timeline.c: faults by key in parts of the trace that grow with it. */
#include "blame_timeline.h"

#include <stdlib.h>
#include <string.h>

void bel_blame_timeline_release(struct bel_blame_timeline *line)
{
	free(line->sample);
	free(line->faults);
	free(line->used);
	*line = (struct bel_blame_timeline){.width = 1};
}

static int need_key(struct bel_blame_timeline *line, uint32_t key, struct bel_err *err)
{
	const uint32_t keys = key + key / 2 + 16;
	uint64_t *faults;
	uint32_t *used;

	if (key < line->keys)
		return BEL_OK;
	faults = reallocarray(line->faults, keys, sizeof(*faults));
	if (faults)
		line->faults = faults;
	used = faults ? reallocarray(line->used, keys, sizeof(*used)) : NULL;
	if (!used)
		return bel_err_memory(err, "faults over time");
	memset(faults + line->keys, 0, (keys - line->keys) * sizeof(*faults));
	line->used = used;
	line->keys = keys;
	return BEL_OK;
}

/* Appends the counts of the present part. */
static int flush(struct bel_blame_timeline *line, struct bel_err *err)
{
	if (line->samples + line->used_count > line->capacity) {
		const size_t capacity = 2 * (line->samples + line->used_count);
		struct bel_blame_sample *const grown =
			reallocarray(line->sample, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "faults over time");
		line->sample = grown;
		line->capacity = capacity;
	}
	for (uint32_t i = 0; i < line->used_count; i++) {
		const uint32_t key = line->used[i];

		line->sample[line->samples++] =
			(struct bel_blame_sample){line->bin, key, line->faults[key]};
		line->faults[key] = 0;
	}
	line->used_count = 0;
	return BEL_OK;
}

static int count(struct bel_blame_timeline *line, uint32_t bin, uint32_t key, uint64_t faults,
	struct bel_err *err)
{
	if (bin != line->bin && flush(line, err) < 0)
		return BEL_FAIL;
	line->bin = bin;
	if (!line->faults[key])
		line->used[line->used_count++] = key;
	line->faults[key] += faults;
	return BEL_OK;
}

/* Makes one part of each two. The new samples are no more than the old, and overwrite them. */
static int halve(struct bel_blame_timeline *line, struct bel_err *err)
{
	size_t samples;

	if (flush(line, err) < 0)
		return BEL_FAIL;
	samples = line->samples;
	line->samples = 0;
	line->bin = 0;
	line->width *= 2;
	for (size_t i = 0; i < samples; i++) {
		const struct bel_blame_sample one = line->sample[i];

		if (count(line, one.bin / 2, one.key, one.faults, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

int bel_blame_timeline_add(
	struct bel_blame_timeline *line, uint32_t key, uint64_t now, struct bel_err *err)
{
	if (need_key(line, key, err) < 0)
		return BEL_FAIL;
	while (now / line->width >= BEL_BLAME_BINS)
		if (halve(line, err) < 0)
			return BEL_FAIL;
	return count(line, (uint32_t)(now / line->width), key, 1, err);
}

int bel_blame_timeline_end(struct bel_blame_timeline *line, struct bel_err *err)
{
	return flush(line, err);
}
