/* SPDX-License-Identifier: MIT */
/*
 * compare_opt.c: how many faults more than OPT a policy takes: one of belady's, or the one below,
 * which evicts the page that was loaded last ("newest").
 *
 *	cc $(pkg-config --cflags belady) -o compare_opt compare_opt.c $(pkg-config --libs belady)
 *	./compare_opt newest 64 ls.bel
 */
#include <belady/belady.h>
#include <belady/policy.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct newest {
	uint64_t frames;
	uint32_t page; /* loaded last; BEL_NO_PAGE: it has left */
};

static void newest_init(void *self, const struct bel_env *env)
{
	*(struct newest *)self = (struct newest){env->frames, BEL_NO_PAGE};
}

static void newest_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct newest *newest = self;

	(void)now;
	if (bel_resident(out) == newest->frames)
		bel_evict(out, newest->page);
	newest->page = ref.page;
}

/* The machines of belady.h may take a page away, simulation never does. */
static void newest_drop(void *self, uint32_t page)
{
	struct newest *newest = self;

	if (newest->page == page)
		newest->page = BEL_NO_PAGE;
}

static const struct bel_hooks newest_hooks = {.fault = newest_fault, .drop = newest_drop};
BEL_RUN(newest, newest_hooks, 0)
static const struct bel_policy newest_policy = {
	BEL_POLICY_BASE(newest, struct newest),
	.name = "newest",
	.title = "the page that was loaded last",
	.source = "a sample program of belady",
};

int main(int argc, char **argv)
{
	const struct bel_policy *const own[] = {&newest_policy, NULL};
	const struct bel_settings settings = {.size = sizeof(settings), .policies = own};
	struct bel_counts policy = {.size = sizeof(policy)}, opt = {.size = sizeof(opt)};
	struct bel_trace *trace = NULL;
	struct bel_err err;
	uint64_t frames;

	if (argc != 4) {
		fprintf(stderr, "usage: compare_opt POLICY FRAMES TRACE\n");
		return 2;
	}
	frames = strtoull(argv[2], NULL, 10);
	if (bel_trace_open(&trace, argv[3], NULL, &err) < 0 ||
		bel_simulate(trace, argv[1], frames, &settings, &policy, &err) < 0 ||
		bel_simulate(trace, "opt", frames, NULL, &opt, &err) < 0) {
		fprintf(stderr, "compare_opt: %s\n", err.text);
		bel_trace_close(trace);
		return 1;
	}
	bel_trace_close(trace);
	printf("%s %" PRIu64 " opt %" PRIu64 " more %" PRIu64 "\n", argv[1], policy.faults,
		opt.faults, policy.faults - opt.faults);
	return 0;
}
