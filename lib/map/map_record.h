/* SPDX-License-Identifier: MIT */
/*
 * map_record.h: a map and idle memory as records belady.map/1, belady.mark/1 and belady.idle/1.
 * lib/emit/schema gives their members.
 */
#ifndef BEL_MAP_RECORD_H
#define BEL_MAP_RECORD_H

#include "emit.h"
#include "idle.h"
#include "map.h"
#include "trace_record.h"
#include "vm_swap.h"

struct bel_map_about {
	const char *tool; /* "bel-map" */
	const struct bel_trace_identity *trace;
	const struct bel_policy_spec *spec; /* the engine's; NULL: faults are not counted */
	uint64_t frames, seed;              /* of the engine; frames 0: a variable-space policy */
};

/*
 * Writes a record for each mark and then for each row. In a table, there are only rows, without
 * their columns: the `hottest` rows with the largest sums, and as many of the smallest; 0: all.
 */
int bel_map_emit(struct bel_emit *emit, const struct bel_map *map,
	const struct bel_map_about *about, size_t hottest, struct bel_err *err);

/* Writes a record for each threshold. */
int bel_idle_emit(struct bel_emit *emit, const struct bel_idle *idle,
	const struct bel_map_about *about, const struct bel_vm_device *device, struct bel_err *err);

#endif
