/* SPDX-License-Identifier: MIT */
/*
 * naive_sim.c: the list-scanning simulator as a filter, for the command-line tests.
 *
 *	awk '...' trace.lackey | naive_sim POLICY NUMBER...
 *
 * Reads one page a line, hexadecimal, `w` after it where it was written, and
 * prints a line for each NUMBER (frames, or tau of ws): NUMBER faults
 * compulsory evictions writebacks dirty-at-end peak page-time references pages.
 * POLICY is fifo, lru, opt, clock, clock:bit=0 or ws.
 */
#include <errno.h>
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

static struct naive_ref *read_refs(size_t *count)
{
	struct naive_ref *refs = NULL;
	size_t capacity = 0;
	char line[64], *end;

	*count = 0;
	while (fgets(line, sizeof(line), stdin)) {
		if (*count == capacity) {
			capacity = capacity ? 2 * capacity : 4096;
			refs = realloc(refs, capacity * sizeof(*refs));
			if (!refs)
				die("out of memory", line);
		}
		errno = 0;
		refs[*count].page = strtoull(line, &end, 16);
		refs[*count].write = *end == 'w';
		end += *end == 'w';
		if (errno || end == line || *end != '\n')
			die("not a page", line);
		++*count;
	}
	return refs;
}

int main(int argc, char **argv)
{
	struct naive_setup setup = setup_of(argc > 1 ? argv[1] : "");
	struct naive_ref *refs;
	size_t count;

	refs = read_refs(&count);
	for (int i = 2; i < argc; i++) {
		struct naive *n;
		const struct naive_counts *c;

		setup.frames = setup.tau = strtoull(argv[i], NULL, 10);
		if (!setup.frames)
			die("not a count", argv[i]);
		n = naive_new(&setup, refs, count);
		while (naive_step(n))
			;
		c = naive_now(n);
		printf("%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		       " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
			argv[i], c->faults, c->compulsory, c->evictions, c->writebacks, c->dirty,
			c->peak, c->page_time, c->references, naive_pages(n));
		naive_free(n);
	}
	free(refs);
	return fclose(stdout) ? 3 : 0;
}
