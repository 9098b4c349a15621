/* SPDX-License-Identifier: MIT */
/* vm_cost.c: the cost model. */
#include "vm_cost.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	size_t at;
} items[] = {
	{"memory", offsetof(struct bel_vm_cost, memory)},
	{"l2", offsetof(struct bel_vm_cost, l2)},
	{"walk", offsetof(struct bel_vm_cost, walk)},
	{"trap", offsetof(struct bel_vm_cost, trap)},
	{"minor", offsetof(struct bel_vm_cost, minor)},
	{"major", offsetof(struct bel_vm_cost, major)},
	{"copy", offsetof(struct bel_vm_cost, copy)},
	{"switch", offsetof(struct bel_vm_cost, swtch)},
	{"shoot", offsetof(struct bel_vm_cost, shoot)},
};

#define ITEMS (sizeof(items) / sizeof(*items))

/* Costs that bel-live calibrate measured; what they do not say is as in BEL_VM_COST_DEFAULT. */
static const struct {
	const char *name;
	struct bel_vm_cost cost;
} presets[] = {
	{"zen5-vm-linux6.18",
		{
			.memory = 1,
			.l2 = 1.8,
			.walk = 41,
			.trap = 128,
			.minor = 1390,
			.major = 23000,
			.copy = 760,
			.swtch = 2160,
			.shoot = 100,
		}},
};

#define PRESETS "zen5-vm-linux6.18"

static bool parse_preset(struct bel_vm_cost *cost, const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(*presets); i++) {
		if (strlen(presets[i].name) != length || strncmp(presets[i].name, text, length))
			continue;
		*cost = presets[i].cost;
		return true;
	}
	return false;
}

static int parse_item(
	struct bel_vm_cost *cost, const char *text, size_t length, struct bel_err *err)
{
	const char *const equals = memchr(text, '=', length);
	double value;
	char *end;

	for (size_t i = 0; equals && i < ITEMS; i++) {
		const size_t n = (size_t)(equals - text);

		if (strlen(items[i].name) != n || strncmp(items[i].name, text, n) != 0)
			continue;
		value = strtod(equals + 1, &end);
		if (end != text + length || end == equals + 1 || !isfinite(value) || value < 0)
			return bel_usage(err, "--cost: '%.*s' is not a time in nanoseconds",
				(int)length, text);
		*(double *)((char *)cost + items[i].at) = value;
		return 0;
	}
	return bel_usage(err,
		"--cost: '%.*s' is not KEY=NS; keys: memory, l2, walk, trap, minor, major, copy, "
		"switch, shoot; the first item may be a machine: " PRESETS,
		(int)length, text);
}

int bel_vm_cost_parse(struct bel_vm_cost *cost, const char *text, struct bel_err *err)
{
	for (bool first = true;; first = false) {
		const size_t length = strcspn(text, ",");

		if (!(first && parse_preset(cost, text, length)) &&
			parse_item(cost, text, length, err) < 0)
			return BEL_USAGE;
		text += length;
		if (!*text++)
			return 0;
	}
}

const char *bel_vm_cost_item(const struct bel_vm_cost *cost, unsigned index, double *value)
{
	if (index >= ITEMS)
		return NULL;
	*value = *(const double *)((const char *)cost + items[index].at);
	return items[index].name;
}

struct bel_vm_time bel_vm_time_of(const struct bel_vm_cost *cost,
	const struct bel_vm_device *device, const struct bel_vm_work *work)
{
	const double pages = (double)work->page_bytes / 4096;
	struct bel_vm_time time;

	time.read_ns = bel_vm_device_ns(device, work->page_bytes, 0);
	time.write_ns = bel_vm_device_ns(device, work->page_bytes, 1);
	time.cpu_ns =
		(double)work->references * cost->memory + (double)work->l2_lookups * cost->l2 +
		(double)work->walk_references * cost->walk + (double)work->faults * cost->trap +
		(double)work->minor * cost->minor + (double)work->major * cost->major +
		(double)work->copies * cost->copy * pages + (double)work->switches * cost->swtch +
		(double)work->shootdowns * cost->shoot;
	time.io_ns = (double)work->reads * time.read_ns + (double)work->writes * time.write_ns;
	time.access_ns =
		work->references ? (time.cpu_ns + time.io_ns) / (double)work->references : NAN;
	time.cpu_share = time.cpu_ns / (time.cpu_ns + time.io_ns);
	return time;
}

double bel_vm_utilisation(double cpu_ns, double io_ns, unsigned processes, double *throughput)
{
	double cpu_queue = 0, io_queue = 0, rate = 0;

	for (unsigned n = 1; n <= processes; n++) {
		const double cpu = cpu_ns * (1 + cpu_queue), io = io_ns * (1 + io_queue);

		rate = (double)n / (cpu + io);
		cpu_queue = rate * cpu;
		io_queue = rate * io;
	}
	*throughput = rate * 1e9;
	return rate * cpu_ns;
}
