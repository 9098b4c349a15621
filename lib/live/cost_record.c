/* SPDX-License-Identifier: MIT */
/* cost_record.c: measured costs as records. */
#include "cost_record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "version.h"

/* The name of the processor as /proc/cpuinfo has it; arm64 has none there. */
static void find_processor(char *name, size_t size)
{
	FILE *const file = fopen("/proc/cpuinfo", "re");
	char line[256], *value;

	*name = '\0';
	while (file && !*name && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "model name", 10) != 0 || !(value = strchr(line, ':')))
			continue;
		value += 1 + strspn(value + 1, " \t");
		value[strcspn(value, "\n")] = '\0';
		snprintf(name, size, "%s", value);
	}
	if (file)
		fclose(file);
}

static int emit_event(struct bel_emit *emit, const struct bel_cost_sample *sample,
	enum bel_cost_event event, const struct utsname *system, const char *processor,
	struct bel_err *err)
{
	struct bel_record *r = bel_record_new("belady.cost/1");

	bel_record_text(r, "tool", "bel-live");
	bel_record_text(r, "version", BEL_VERSION);
	bel_record_text(r, "processor", *processor ? processor : NULL);
	bel_record_text(r, "machine", system->machine);
	bel_record_text(r, "kernel", system->release);
	bel_record_count(r, "page_bytes", (uint64_t)sysconf(_SC_PAGESIZE));
	bel_record_text(r, "event", bel_cost_event_name(event));
	bel_record_text(r, "title", bel_cost_event_title(event));
	bel_record_real(r, "median_ns", sample->repetitions ? sample->median_ns : NAN);
	bel_record_real(r, "low_ns", sample->repetitions ? sample->low_ns : NAN);
	bel_record_real(r, "high_ns", sample->repetitions ? sample->high_ns : NAN);
	bel_record_count(r, "repetitions", sample->repetitions);
	bel_record_text(r, "why_not", sample->repetitions ? NULL : sample->why);
	return bel_emit(emit, r, err);
}

int bel_cost_records_emit(struct bel_emit *emit, const struct bel_cost *cost, struct bel_err *err)
{
	char processor[128];
	struct utsname system;
	int r = 0;

	if (uname(&system) < 0)
		return bel_fail_errno(err, errno, "uname");
	find_processor(processor, sizeof(processor));
	for (unsigned i = 0; i < BEL_COST_EVENTS && r == 0; i++)
		r = emit_event(emit, &cost->sample[i], i, &system, processor, err);
	return r;
}
