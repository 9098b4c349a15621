/* SPDX-License-Identifier: MIT */
/* event_name.c: names of event types. */
#include "event_name.h"

const char *event_name(enum bel_event_type type)
{
	static const char *const name[BEL_EVENT_TYPES] = {
		[BEL_EVENT_START] = "start",
		[BEL_EVENT_FORK] = "fork",
		[BEL_EVENT_EXEC] = "exec",
		[BEL_EVENT_EXIT] = "exit",
		[BEL_EVENT_THREAD] = "thread",
		[BEL_EVENT_THREAD_START] = "thread-start",
		[BEL_EVENT_THREAD_EXIT] = "thread-exit",
		[BEL_EVENT_MAP] = "map",
		[BEL_EVENT_UNMAP] = "unmap",
		[BEL_EVENT_PROTECT] = "protect",
		[BEL_EVENT_GROW] = "grow",
		[BEL_EVENT_REMAP] = "remap",
		[BEL_EVENT_DISCARD] = "discard",
		[BEL_EVENT_MARK] = "mark",
		[BEL_EVENT_FAULT] = "fault",
		[BEL_EVENT_FRAME] = "frame",
		[BEL_EVENT_STACK] = "stack",
	};

	return (unsigned)type < BEL_EVENT_TYPES ? name[type] : "unknown";
}
