/* SPDX-License-Identifier: MIT */
/* library_common.c: version, error texts, settings, structures with a size. */
#include <string.h>

#include "library.h"
#include "pool.h"
#include "version.h"

enum { THREADS_MAX = 4096 };

const char *bel_version(void)
{
	return BEL_VERSION;
}

const char *bel_strerror(int code)
{
	switch (code) {
	case BEL_NO:
		return "the answer is no";
	case BEL_USAGE:
		return "the request makes no sense";
	case BEL_FAIL:
		return "bad input, or the system refused";
	default:
		return code < 0 ? "unknown error" : "no error";
	}
}

uint64_t bel_out_resident(const struct bel_decision *out)
{
	return bel_resident(out);
}

uint8_t bel_out_evict(struct bel_decision *out, uint32_t page)
{
	return bel_evict(out, page);
}

int bel_library_copy(void *full, size_t size, size_t smallest, const void *given, const char *what,
	struct bel_err *err)
{
	uint32_t theirs;
	const uint32_t ours = (uint32_t)size;

	memset(full, 0, size);
	if (given) {
		memcpy(&theirs, given, sizeof(theirs));
		if (theirs < smallest)
			return bel_usage(err, "%s: its size is %u, not sizeof(struct %s)", what,
				theirs, what);
		for (size_t i = size; i < theirs; i++)
			if (((const char *)given)[i])
				return bel_usage(err,
					"%s: sets members that belady " BEL_VERSION
					" does not have",
					what);
		memcpy(full, given, theirs < size ? theirs : size);
	}
	memcpy(full, &ours, sizeof(ours));
	return BEL_OK;
}

void bel_library_answer(void *caller, const void *full, size_t size)
{
	uint32_t theirs;

	memcpy(&theirs, caller, sizeof(theirs));
	if (theirs > size)
		theirs = (uint32_t)size;
	if (theirs > sizeof(theirs))
		memcpy((char *)caller + sizeof(theirs), (const char *)full + sizeof(theirs),
			theirs - sizeof(theirs));
}

int bel_library_settings(
	struct bel_settings *full, const struct bel_settings *given, struct bel_err *err)
{
	if (bel_library_copy(full, sizeof(*full), sizeof(*full), given, "bel_settings", err) < 0)
		return BEL_USAGE;
	if (full->threads > THREADS_MAX)
		return bel_usage(err, "bel_settings: threads: at most %d", THREADS_MAX);
	if (full->seed > INT64_MAX)
		return bel_usage(err, "bel_settings: seed: at most 2^63 - 1");
	if (!full->threads)
		full->threads = bel_pool_processors();
	if (!full->seed)
		full->seed = 1;
	if (!full->memory_bytes)
		full->memory_bytes = (uint64_t)1 << 30;
	if (!full->temp_dir)
		full->temp_dir = "/var/tmp";
	return BEL_OK;
}

struct bel_pass_setup bel_library_pass(const struct bel_settings *settings)
{
	return (struct bel_pass_setup){
		.threads = settings->threads,
		.interval = settings->interval,
		.keep = {.memory = settings->memory_bytes, .dir = settings->temp_dir},
		.progress = settings->progress,
		.progress_host = settings->progress_host,
	};
}
