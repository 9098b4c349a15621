/* SPDX-License-Identifier: MIT */
/* log_lines.h: passes each line of Valgrind's own messages to the process that it is about. */
#ifndef BEL_LOG_LINES_H
#define BEL_LOG_LINES_H

#include "process_set.h"

/* Reads the available lines. A stream that is not open has none. */
int bel_log_lines_read(struct bel_log_pipe *log, struct bel_process_set *set, struct bel_err *err);

#endif
