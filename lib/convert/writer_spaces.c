/* SPDX-License-Identifier: MIT */
/* writer_spaces.c: refuses traces of processes that a format cannot distinguish. */
#include "writer_spaces.h"

int bel_spaces_check(
	struct bel_spaces *spaces, const char *format, uint32_t space, struct bel_err *err)
{
	if (spaces->started && space != spaces->space)
		return bel_usage(err,
			"%s cannot distinguish processes, and the trace has more than one; "
			"choose one with --process",
			format);
	spaces->started = true;
	spaces->space = space;
	return 0;
}

int bel_spaces_check_begun(struct bel_spaces *spaces, const char *format,
	const struct bel_accesses *batch, struct bel_err *err)
{
	for (size_t i = 0; i <= batch->events.count; i++) {
		const struct bel_event *const event =
			i < batch->events.count ? &batch->events.event[i] : NULL;

		/* There are references between this event and the previous one. */
		if (batch->count && (!event || event->at > 0) &&
			(i == 0 || batch->events.event[i - 1].at <
					   (event ? event->at : batch->count))) {
			if (spaces->started && batch->space != spaces->space)
				return bel_usage(err,
					"%s cannot distinguish processes that run at the same "
					"time; choose one with --process",
					format);
			spaces->started = true;
			spaces->space = batch->space;
		}
		if (event && (event->type == BEL_EVENT_START || event->type == BEL_EVENT_EXEC)) {
			spaces->started = true;
			spaces->space = event->space;
		}
	}
	return 0;
}
