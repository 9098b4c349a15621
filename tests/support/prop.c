/* SPDX-License-Identifier: MIT */
/*
 * prop.c: chooses the seed and the rounds of a property program, and reports the result as one test
 * in TAP.
 */
#include "prop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t number_of(const struct prop *p, const char *text)
{
	char *end;
	uint64_t value = strtoull(text ? text : "", &end, 0);

	if (!text || end == text || *end) {
		fprintf(stderr, "%s: a number is needed, not '%s'\n", p->name, text ? text : "");
		exit(2);
	}
	return value;
}

void prop_start(struct prop *p, int argc, char **argv, uint64_t rounds, uint64_t long_rounds)
{
	const char *slash = strrchr(argv[0], '/');

	memset(p, 0, sizeof(*p));
	p->name = slash ? slash + 1 : argv[0];
	p->first = 1;
	p->rounds = rounds;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--long")) {
			p->rounds = long_rounds;
		} else if (!strcmp(argv[i], "--seed")) {
			p->first = number_of(p, argv[++i]);
		} else if (!strcmp(argv[i], "--rounds")) {
			p->rounds = number_of(p, argv[++i]);
		} else {
			fprintf(stderr, "usage: %s [--long] [--seed N] [--rounds N]\n", p->name);
			exit(2);
		}
	}
	if (getenv("BEL_PROP_PERCENT"))
		p->rounds = p->rounds * number_of(p, getenv("BEL_PROP_PERCENT")) / 100 + 1;
	printf("1..1\n# %s: seed %" PRIu64 ", %" PRIu64 " rounds\n", p->name, p->first, p->rounds);
	fflush(stdout);
}

bool prop_round(struct prop *p)
{
	if (p->done == p->rounds)
		return false;
	p->seed = p->first + p->done++;
	bel_rng_seed(&p->rng, p->seed);
	return true;
}

int prop_failed(const struct prop *p)
{
	printf("not ok 1 - %s: failed in round %" PRIu64 "; again: %s --seed %" PRIu64
	       " --rounds 1\n",
		p->name, p->done, p->name, p->seed);
	return 1;
}

int prop_passed(const struct prop *p)
{
	printf("ok 1 - %s: %" PRIu64 " rounds hold\n", p->name, p->done);
	return fclose(stdout) ? 3 : 0;
}
