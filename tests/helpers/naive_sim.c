/* SPDX-License-Identifier: MIT */
/*
 * naive_sim.c: the list-scanning simulator as a filter, for the command-line tests.
 *
 *	grep -E '^(I | [LSM]) ' trace.lackey | naive_sim PAGE_BYTES POLICY NUMBER...
 *
 * Reads references as Valgrind's lackey prints them (`I  04001000,3`, ` S 1ffe,8`) and
 * nothing else; one that crosses into further pages references each of them. Prints a
 * line for each NUMBER (frames, or tau of ws): NUMBER references pages faults compulsory
 * evictions writebacks dirty-at-end peak-resident sum-of-resident. POLICY is fifo, lru,
 * opt, clock, clock:bit=0 or ws.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "naive.h"

static const struct {
	const char *name;
	struct naive_setup setup;
} known[] = {
	{"fifo", {.policy = NAIVE_FIFO}},
	{"lru", {.policy = NAIVE_LRU}},
	{"opt", {.policy = NAIVE_OPT}},
	{"clock", {.policy = NAIVE_CLOCK}},
	{"clock:bit=0", {.policy = NAIVE_CLOCK, .loads_cleared = true}},
	{"ws", {.policy = NAIVE_WS}},
};

static void die(const char *what, const char *text)
{
	fprintf(stderr, "naive_sim: %s: '%s'\n", what, text);
	exit(2);
}

static struct naive_setup setup_of(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (!strcmp(known[i].name, name))
			return known[i].setup;
	}
	die("not a policy", name);
	return known[0].setup;
}

struct list {
	struct naive_ref *ref;
	size_t count, capacity;
};

static void append(struct list *list, uint64_t page, bool write)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? 2 * list->capacity : 4096;
		list->ref = realloc(list->ref, list->capacity * sizeof(*list->ref));
		if (!list->ref)
			die("out of memory", "references");
	}
	list->ref[list->count++] = (struct naive_ref){page, write};
}

static void read_refs(struct list *list, uint64_t page_bytes)
{
	char line[80], kind;
	uint64_t address, size;
	int end;

	while (fgets(line, sizeof(line), stdin)) {
		end = 0;
		if (sscanf(line, " %c %" SCNx64 ",%" SCNu64 "%n", &kind, &address, &size, &end) <
				3 ||
			line[end] != '\n' || !size || !strchr("ILSM", kind))
			die("not a reference", line);
		for (uint64_t page = address / page_bytes;
			page <= (address + size - 1) / page_bytes; page++)
			append(list, page, kind == 'S' || kind == 'M');
	}
}

int main(int argc, char **argv)
{
	uint64_t page_bytes = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	struct naive_setup setup = setup_of(argc > 2 ? argv[2] : "");
	struct list list = {0};

	if (!page_bytes)
		die("not a page size", argv[1]);
	read_refs(&list, page_bytes);
	for (int i = 3; i < argc; i++) {
		struct naive *n;
		const struct naive_counts *c;

		setup.frames = setup.tau = strtoull(argv[i], NULL, 10);
		if (!setup.frames)
			die("not a count", argv[i]);
		n = naive_new(&setup, list.ref, list.count);
		while (naive_step(n))
			;
		c = naive_now(n);
		printf("%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		       " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
			argv[i], c->references, naive_pages(n), c->faults, c->compulsory,
			c->evictions, c->writebacks, c->dirty, c->peak,
			c->resident_page_references);
		naive_free(n);
	}
	free(list.ref);
	return fclose(stdout) ? 3 : 0;
}
