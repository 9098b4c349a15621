/* SPDX-License-Identifier: MIT */
/*
 * pager.h: a pager in user space: replays a trace on real memory, with a policy of ours.
 *
 *	bel_pager_check(&setup, &err);                       refuses what it would distort
 *	bel_pager_run(&setup, trace, &result, &err);
 *
 * Each page of the trace is a page of this machine, whatever its size in the trace. A process of
 * its own touches the pages. A touch of a page that is not mapped, and the first write to a page
 * that is mapped for reading, traps: the kernel stops the process, and the pager decides with the
 * engine of lib/sim. The engine knows a reference only if it trapped. So a page stays mapped as
 * long as its accessed bit is set, and is writable as long as its dirty bit is set: while it is
 * mapped, no reference can change its bits. References that do not trap only take time, and the
 * tick()s of the policy come at their times. Therefore a policy to which the bits suffice
 * (bel_sim_bits_suffice()) decides as in a simulation, reference by reference. With `exact`, at
 * most one page is mapped, for one run of references: then every run traps, and all policies decide
 * so, also those that need the future, because the trace has it.
 *
 * Pages that were never written back are filled with zeros at a fault, as anonymous memory is;
 * others are loaded from the backing store.
 *
 * Threads: bel_pager_run() forks, so the caller should be the only thread.
 */
#ifndef BEL_PAGER_H
#define BEL_PAGER_H

#include <stdbool.h>
#include <stdio.h>

#include "err.h"
#include "next_uses.h"
#include "spec.h"

/* How accesses are made to trap, and how the pager learns of it. */
enum bel_pager_backend {
	BEL_PAGER_UFFD_SIGBUS, /* userfaultfd(2), which sends SIGBUS */
	BEL_PAGER_MPROTECT,    /* mprotect(2) and SIGSEGV */
	BEL_PAGER_UFFD_THREAD, /* userfaultfd(2), read by a second thread */
	BEL_PAGER_BACKENDS,
};

const char *bel_pager_backend_name(enum bel_pager_backend backend);

/* Whether this machine has the back end; otherwise BEL_FAIL with the reason. */
int bel_pager_backend_probe(enum bel_pager_backend backend, struct bel_err *err);

/* "auto" or NULL is the first that this machine has. BEL_USAGE: no such name. */
int bel_pager_backend_parse(const char *text, enum bel_pager_backend *backend, struct bel_err *err);

struct bel_pager_setup {
	const struct bel_policy_spec *spec;
	uint64_t frames; /* 0 for a variable-space policy */
	uint64_t seed;
	uint32_t pages; /* of the trace */
	enum bel_pager_backend backend;
	bool exact;  /* at most one page is mapped */
	bool verify; /* check the contents of the pages */
	/*
	 * NULL: no list. The process writes a line for each event: "REFERENCE zero|load PAGE" for a
	 * fault and what it did, "REFERENCE clean|dirty PAGE" for an eviction. REFERENCE is the
	 * first of the run in which it happened, from 0.
	 */
	FILE *list;
};

/* Counted by the pager, not by the engine; the run fails if the two do not agree. */
struct bel_pager_result {
	uint64_t references, faults, traps, loads, zero_fills, evictions, writebacks, unmaps;
	uint64_t ticks;    /* times at which a tick() was due although no reference trapped */
	uint64_t verified; /* touches whose page's contents were checked */
	uint64_t resident, dirty; /* at the end */
	uint64_t cpu_ns;          /* of the whole replay, all threads */
};

/* BEL_USAGE: the policy would decide differently; the text has the remedy. */
int bel_pager_check(const struct bel_pager_setup *setup, struct bel_err *err);

/* `trace` is computed if the policy needs the future. It is read from the start. */
int bel_pager_run(const struct bel_pager_setup *setup, struct bel_next_uses *trace,
	struct bel_pager_result *result, struct bel_err *err);

#endif
