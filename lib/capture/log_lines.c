/* SPDX-License-Identifier: MIT */
/* log_lines.c: passes "==PID== ..." lines to the process's diagnosis. */
#include "log_lines.h"

#include <stdlib.h>
#include <string.h>

static void take_line(struct bel_process_set *set, const char *line, size_t length)
{
	struct bel_traced_process *process;
	char head[16] = "", *end;
	long pid;

	memcpy(head, line, length < sizeof(head) - 1 ? length : sizeof(head) - 1);
	if (!strchr("=-*", head[0]) || head[1] != head[0])
		return;
	pid = strtol(head + 2, &end, 10);
	if (end == head + 2 || end[0] != head[0] || end[1] != head[0])
		return;
	process = bel_process_set_latest(set, (pid_t)pid);
	if (process)
		bel_diagnosis_line(&process->diagnosis, line + (end + 2 - head),
			length - (size_t)(end + 2 - head));
}

int bel_log_lines_read(struct bel_log_pipe *log, struct bel_process_set *set, struct bel_err *err)
{
	int r = 0;

	while (log->memory && (r = bel_log_pipe_read(log, err)) > 0) {
		const uint8_t *end;

		while ((end = memchr(log->data, '\n', log->have)) != NULL) {
			take_line(set, (const char *)log->data, (size_t)(end - log->data));
			bel_log_pipe_take(log, (size_t)(end + 1 - log->data));
		}
		/* No line is that long: counts as not understood. */
		if (log->have == BEL_LOG_PIPE_WINDOW)
			bel_log_pipe_take(log, log->have);
	}
	return r;
}
