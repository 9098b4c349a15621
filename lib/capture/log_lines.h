/* SPDX-License-Identifier: MIT */
/* log_lines.h: Valgrind's own words, of all processes of a capture, line by line to each. */
#ifndef BEL_LOG_LINES_H
#define BEL_LOG_LINES_H

#include "process_set.h"

/* Takes what there is; a stream that was not opened has nothing. */
int bel_log_lines_read(struct bel_log_pipe *log, struct bel_process_set *set, struct bel_err *err);

#endif
