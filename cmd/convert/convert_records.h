/* SPDX-License-Identifier: MIT */
/*
 * convert_records.h: stored records as CSV, for bel-convert --records.
 *
 * `kind` is a schema without "belady." and "/1": run, curve, vm-process. Reads the operands, or
 * standard input, and writes the records of that kind as one table. Prints and exits, like all
 * code in cmd; returns the exit status.
 */
#ifndef BEL_CONVERT_RECORDS_H
#define BEL_CONVERT_RECORDS_H

#include "tool.h"

int convert_records(struct tool *tool, const char *kind, const char *output);

#endif
