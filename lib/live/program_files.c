/* SPDX-License-Identifier: MIT */
/* program_files.c: the files that a trace maps, and their pages that it references. */
#include "program_files.h"

#include <stdlib.h>
#include <string.h>

#include "granule_map.h"
#include "region_tracker.h"

/* One reading of a trace. */
struct reading {
	struct bel_program_files *files;
	struct bel_region_tracker tracker;
	struct bel_granule_map seen; /* pages of files: the file as space, the page in it */
	uint32_t *file_of; /* by mapping: the number of its file, plus 1; 0: not known yet */
	uint32_t mappings;
	uint32_t pages; /* of the trace, seen so far */
	unsigned page_bits;
};

/* The number of a path; a new one gets an element of `file`. */
static int number_of(
	struct bel_program_files *files, const char *name, uint32_t *number, struct bel_err *err)
{
	const int r = bel_names_number(&files->names, name, strlen(name), number, err);

	if (r <= 0)
		return r;
	if (*number == files->capacity) {
		const uint32_t capacity = files->capacity ? 2 * files->capacity : 64;
		struct bel_program_file *const grown =
			reallocarray(files->file, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the files of a program");
		files->file = grown;
		files->capacity = capacity;
	}
	files->file[*number] = (struct bel_program_file){.pages = 0};
	return 0;
}

static int take_event(struct reading *reading, const struct bel_event *event, struct bel_err *err)
{
	const unsigned written = BEL_MAP_FILE | BEL_MAP_SHARED | BEL_MAP_WRITE;
	uint32_t file;

	if (event->type == BEL_EVENT_MAP && event->name && event->flags & BEL_MAP_FILE) {
		if (number_of(reading->files, event->name, &file, err) < 0)
			return BEL_FAIL;
		reading->files->file[file].shared |= (event->flags & written) == written;
	}
	return bel_region_tracker_event(&reading->tracker, event, err);
}

/* The file of a mapping that has a name. */
static int file_of_mapping(
	struct reading *reading, uint32_t mapping, uint32_t *file, struct bel_err *err)
{
	if (mapping >= reading->mappings) {
		const uint32_t now = reading->tracker.mappings;
		uint32_t *const grown = reallocarray(reading->file_of, now, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the files of a program");
		memset(grown + reading->mappings, 0, (now - reading->mappings) * sizeof(*grown));
		reading->file_of = grown;
		reading->mappings = now;
	}
	if (!reading->file_of[mapping]) {
		if (number_of(reading->files, reading->tracker.mapping[mapping].name, file, err) <
			0)
			return BEL_FAIL;
		reading->file_of[mapping] = *file + 1;
	}
	*file = reading->file_of[mapping] - 1;
	return 0;
}

/* The first reference to a page of the trace: counts the page of a file, if it is one. */
static int take_page(struct reading *reading, struct bel_granule page, struct bel_err *err)
{
	const uint64_t address = page.number << reading->page_bits,
		       bytes = (uint64_t)1 << reading->page_bits;
	const struct bel_region *const region =
		bel_region_tracker_region(&reading->tracker, page.space, address, bytes);
	uint64_t number;
	uint32_t file;

	if (!region || !(region->flags & BEL_MAP_FILE) ||
		!reading->tracker.mapping[region->backing].name)
		return 0;
	if (file_of_mapping(reading, region->backing, &file, err) < 0)
		return BEL_FAIL;
	number = (region->offset + (address > region->start ? address - region->start : 0)) >>
		 reading->page_bits;
	if (bel_granule_find(&reading->seen, file, number) != BEL_GRANULE_NONE)
		return 0;
	if (bel_granule_add(&reading->seen, file, number, err) == BEL_GRANULE_NONE)
		return BEL_FAIL;
	reading->files->file[file].pages++;
	return 0;
}

static int take_chunk(struct reading *reading, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err)
{
	size_t event = 0;

	for (size_t i = 0; i <= chunk->count; i++) {
		for (; event < chunk->event_count && chunk->events[event].at <= i; event++)
			if (take_event(reading, &chunk->events[event], err) < 0)
				return BEL_FAIL;
		if (i == chunk->count || chunk->runs[i].page < reading->pages)
			continue;
		reading->pages = chunk->runs[i].page + 1;
		if (take_page(reading, pages.granule[chunk->runs[i].page], err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_program_files_read(
	struct bel_program_files *files, struct bel_source *source, struct bel_err *err)
{
	struct reading reading = {.files = files, .page_bits = bel_source_page_bits(source)};
	struct bel_chunk chunk;
	int r = bel_granule_map_init(&reading.seen, err);

	while (r >= 0 && (r = bel_source_next(source, &chunk, err)) > 0)
		r = take_chunk(&reading, &chunk, bel_source_pages(source), err);
	bel_granule_map_release(&reading.seen);
	bel_region_tracker_release(&reading.tracker);
	free(reading.file_of);
	return r;
}

int bel_program_files_choose(
	struct bel_program_files *files, struct bel_copies *copies, struct bel_err *err)
{
	files->pages = 0;
	for (uint32_t i = 0; i < files->names.count; i++) {
		int r;

		if (files->file[i].shared)
			continue;
		r = bel_copies_add(copies, files->names.name[i].text, err);
		if (r < 0 && r != BEL_NO)
			return BEL_FAIL;
		files->pages += r == 0 ? files->file[i].pages : 0;
	}
	if (!copies->count)
		return bel_fail(err,
			"the trace names no file that is here: copies need a trace that "
			"bel-capture made on this machine");
	return 0;
}

void bel_program_files_release(struct bel_program_files *files)
{
	bel_names_release(&files->names);
	free(files->file);
	*files = (struct bel_program_files){.pages = 0};
}
