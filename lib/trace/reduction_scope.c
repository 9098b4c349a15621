/* SPDX-License-Identifier: MIT */
/* reduction_scope.c: the policies and memory sizes for which a reduced trace is valid. */
#include "reduction_scope.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int bel_reduction_scope_parse(const char *text, uint64_t *min_frames, const char **valid_policies)
{
	char *end;

	if (*text < '1' || *text > '9')
		return BEL_FAIL;
	*min_frames = strtoull(text, &end, 10);
	if (*end != ' ' || !end[1])
		return BEL_FAIL;
	*valid_policies = end + 1;
	return BEL_OK;
}

static bool listed(const char *list, const char *name)
{
	const size_t length = strlen(name);

	while (*list) {
		const size_t n = strcspn(list, ",");

		if (n == length && !memcmp(list, name, n))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

int bel_reduction_scope_check(
	const struct bel_trace_info *info, const char *policy, uint64_t frames, struct bel_err *err)
{
	if (!info->valid_policies)
		return BEL_OK;
	if (!listed(info->valid_policies, policy))
		return bel_fail(err, "%s: the trace is reduced and valid only for %s", policy,
			info->valid_policies);
	if (frames < info->min_frames)
		return bel_fail(err,
			"%s: the trace is reduced and valid at %llu frames or more, not at %llu",
			policy, (unsigned long long)info->min_frames, (unsigned long long)frames);
	return BEL_OK;
}
