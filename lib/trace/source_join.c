/* SPDX-License-Identifier: MIT */
/* source_join.c: further files of the same trace, or the reason why they are refused. */
#include "source_join.h"

int bel_source_join(const struct bel_source_options *options, const struct bel_format *format,
	void *reader, struct bel_err *err)
{
	if (!options->more_count)
		return 0;
	if (!format->join)
		return bel_usage(err,
			"one trace at a time: '%s' is one too many (only lackey logs, one for each "
			"process, and the parts of a capture can be read together)",
			options->more[0]);
	return format->join(reader, options->more, options->more_count, err);
}
