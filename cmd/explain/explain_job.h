/* SPDX-License-Identifier: MIT */
/*
 * explain_job.h: explains a reference string with several policies; makes and grades the sheets of
 * a class.
 *
 *	struct explain_job job = {.operand = "uniform", .specs = specs, ...};
 *	struct explained explained;
 *
 *	explain_open(&tool, &job, 1001, &explained);
 *	... explained.all[0] to explained.all[explained.count - 1] ...
 *	explain_close(&explained);
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_EXPLAIN_JOB_H
#define BEL_EXPLAIN_JOB_H

#include "explain_string.h"
#include "step_table.h"

struct explain_job {
	const char *operand; /* string, model or trace, as for explain_string_open() */
	struct bel_gen_setup model;
	const struct bel_source_options *trace;
	const char *policies; /* text of the specs, for --sheets */
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const char *frames; /* text for bel_parse_frames() */
	const char *ram;    /* instead: text for bel_parse_memory(); NULL: use frames */
};

/* Explanations point at the string, so this must not be copied or moved. */
struct explained {
	struct bel_string string;
	struct bel_explain *all; /* for each policy with each number of frames; only one for a
				    variable-space policy */
	size_t count;
};

/* The seed is that of a model that draws, and of policies that draw. */
void explain_open(struct tool *tool, const struct explain_job *job, uint64_t seed,
	struct explained *explained);
void explain_close(struct explained *explained);

/*
 * Writes a sheet and its answers for each student number of the list `numbers` ("1001:1040"):
 * FOLDER/sheets/1001.txt, FOLDER/keys/1001.txt. Existing files are never replaced. `table` has the
 * style and the options of the tables.
 */
void explain_sheets(struct tool *tool, const struct explain_job *job, const char *numbers,
	const char *folder, const struct bel_step_table *table);

/* NULL unless it is "text", "csv" or "gradescope". */
const char *explain_grade_format(const char *format);

/*
 * Grades the file `first` and those among the operands; the string is the other operand. A sheet
 * with a student number is graded for the string of that number. `brief`: text without the wrong
 * cells. Returns the exit status: 0; 1 for a wrong answer; 3 if a file cannot be graded (the others
 * are, all the same).
 */
int explain_grade(struct tool *tool, const struct explain_job *job, uint64_t seed,
	const char *first, const char *format, bool brief, FILE *out);

#endif
