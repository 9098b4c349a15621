/* SPDX-License-Identifier: MIT */
/*
 * emit_json.h: writes a record as JSON, private to lib/emit.
 *
 * jansson writes everything but long arrays of counts (struct bel_series).
 */
#ifndef BEL_EMIT_JSON_H
#define BEL_EMIT_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include "emit_record.h"

/*
 * Writes a record without a newline; its whole reals become integers. False: out of memory, or
 * the file failed. So the file should be in memory.
 */
bool bel_json_write(const struct bel_record *record, FILE *file);

#endif
