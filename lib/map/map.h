/* SPDX-License-Identifier: MIT */
/*
 * map.h: counts references, writing runs or faults by address and time: the map of a trace.
 *
 *	struct bel_map *map = bel_map_new(&setup, &err);
 *
 *	while (... chunk ...)
 *		bel_map_chunk(map, &chunk, pages, &err);
 *	bel_map_end(map, &err);                 makes the rows
 *	... map->row[r].count[c] ...
 *	bel_map_free(map);
 *
 * A column is a range of virtual time. All columns have one width, a power of two; it doubles when
 * all columns are in use, so the length of the trace need not be known. A row is a range of
 * addresses of one process. A page belongs to the mapping that it is in when it is first counted.
 *
 * Callers read the members; the map owns them. Units: references and pages. Threads: one thread at
 * a time uses a map. Memory: 4 bytes for each page, and 64 MiB for the counts (map_cells.h).
 */
#ifndef BEL_MAP_H
#define BEL_MAP_H

#include "map_cells.h"
#include "mark_list.h"
#include "region_tracker.h"
#include "sim.h"
#include "window.h"

#define BEL_MAP_COLUMNS_MAX 1024
#define BEL_MAP_ROWS_MAX 1024
#define BEL_MAP_SPACE_MAPPINGS_MAX (1u << 20) /* pairs of a process and a mapping */

enum bel_map_what {
	BEL_MAP_OF_REFERENCES,
	BEL_MAP_OF_WRITES, /* runs that write; a run is consecutive references to one page */
	BEL_MAP_OF_FAULTS, /* of the engine setup.sim */
};

/* "references", "writes", "faults". */
const char *bel_map_what_name(enum bel_map_what what);

/* As --what takes it. BEL_USAGE: there is no such name. */
int bel_map_what_parse(const char *text, enum bel_map_what *what, struct bel_err *err);

struct bel_map_setup {
	enum bel_map_what what;
	unsigned page_bits;
	size_t columns; /* 1 to BEL_MAP_COLUMNS_MAX: the most; at least half of them are used */
	size_t rows;    /* 1 to BEL_MAP_ROWS_MAX: about so many; a process has at least one */
	uint64_t hole_pages; /* a longer range that is not counted is a hole, which no row spans */
	struct bel_slice_options part; /* skip, limit, marks, process, regions; others: any */
	struct bel_sim *sim;           /* of the caller; for OF_FAULTS, else NULL */
};

struct bel_map_row {
	uint32_t space;
	const struct bel_mark_process *process;
	uint8_t region;       /* enum bel_region_kind */
	const char *mapping;  /* file; NULL: none, or not known */
	uint32_t mappings;    /* in this row; region and mapping are those of the largest */
	uint64_t first, last; /* page numbers */
	uint64_t pages;       /* that are counted */
	uint64_t hole_pages;  /* the hole before it; 0: none */
	uint64_t sum;
	uint64_t *count; /* owned; one for each column */
};

struct bel_map {
	struct bel_map_setup setup;
	/* After bel_map_end(): */
	struct bel_map_row *row; /* by process and address */
	size_t rows, columns;
	uint64_t width, origin; /* of a column; number of the first reference of the first one */
	uint64_t references;    /* in the part of the trace that the map shows */
	uint64_t sum;           /* of all rows */
	struct bel_marks marks; /* of this part, and all processes */
	uint32_t processes;     /* that have rows */

	/* Private members. */
	struct bel_map_cells cells;
	struct bel_region_tracker regions;
	struct bel_window window;
	struct bel_granule_map pairs; /* (space, mapping + 1, or 0) -> dense number */
	uint64_t faults;
	bool found_process, began;
};

struct bel_map *bel_map_new(const struct bel_map_setup *setup, struct bel_err *err);

/* Counts a chunk. It needs the events. */
int bel_map_chunk(struct bel_map *map, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err);

/* Makes the rows. BEL_USAGE: the trace has no such mark or process, or no regions. */
int bel_map_end(struct bel_map *map, struct bel_err *err);

void bel_map_free(struct bel_map *map); /* NULL is allowed */

#endif
