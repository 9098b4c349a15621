/* SPDX-License-Identifier: MIT */
/*
 * map_pass.h: reads a trace once for a map and for idle memory.
 *
 *	bel_map_pass(source, &setup, map, idle, &err);     either may be NULL
 */
#ifndef BEL_MAP_PASS_H
#define BEL_MAP_PASS_H

#include "idle.h"
#include "map.h"
#include "pass.h"

/* Ends both, too. If the map's engine needs the future, the trace is kept and read again. */
int bel_map_pass(struct bel_source *source, const struct bel_pass_setup *setup, struct bel_map *map,
	struct bel_idle *idle, bool future, struct bel_err *err);

#endif
