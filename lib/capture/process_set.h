/* SPDX-License-Identifier: MIT */
/*
 * process_set.h: the processes of a capture: each one's pipe and log, and how they are joined to
 * one trace.
 *
 * The contents of a pipe depend on the Valgrind tool: lackey's text (backend_lackey.c) or
 * pagegrind's tokens (backend_pagegrind.c).
 */
#ifndef BEL_PROCESS_SET_H
#define BEL_PROCESS_SET_H

#include <stdbool.h>
#include <sys/types.h>

#include "diagnosis.h"
#include "initial_mappings.h"
#include "input.h"
#include "lackey_parse.h"
#include "log_pipe.h"
#include "recorder.h"
#include "run_builder.h"
#include "token_log.h"

#define BEL_PROCESS_SET_TURN ((size_t)4 << 20) /* bytes read from one process per turn */

struct bel_traced_process {
	pid_t pid;
	struct bel_log_pipe stream;
	/*
	 * One of them is owned, the other is NULL. Both are NULL until the parent's log reports
	 * the fork.
	 */
	struct bel_lackey *lackey;
	struct bel_token_log *tokens;
	struct bel_initial_mappings image; /* for lackey, whose log does not report them */
	bool ended;
	int status; /* as from waitpid(2), once it has ended */

	/* Why it ends. */
	struct bel_diagnosis diagnosis;
	bool failed,
		failed_write; /* the last failed access was at failed_address; it was a store */
	uint64_t failed_address;
	bool sanitized;
	char obstacle[320]; /* "PROGRAM: it is ...", a possible reason for its death; or "" */
};

struct bel_process_set;

/* The functions of a Valgrind tool. They return 0, or negative with err. */
struct bel_capture_backend {
	const char *name;
	bool says_why; /* it prints itself why the end of a process is missing */
	int (*init)(struct bel_process_set *set, struct bel_err *err);
	/* The process's log starts without a fork. */
	int (*begin)(struct bel_process_set *set, struct bel_traced_process *process,
		struct bel_err *err);
	/* The log starts with a fork, which the parent reported in `event`. */
	int (*fork)(struct bel_process_set *set, struct bel_traced_process *child,
		const struct bel_traced_process *parent, const struct bel_event *event,
		struct bel_err *err);
	/* Parses complete items in the window. */
	int (*parse)(struct bel_process_set *set, struct bel_traced_process *process,
		struct bel_err *err);
	/* The process has ended and its pipe is empty: parses the rest. */
	int (*last)(struct bel_process_set *set, struct bel_traced_process *process,
		struct bel_err *err);
	/* Whether, after last(), a part of the process's trace is missing. */
	bool (*lost)(const struct bel_process_set *set, const struct bel_traced_process *process);
	/* Adds *fault, for the process's space, and the access that failed. */
	int (*fault)(struct bel_process_set *set, struct bel_traced_process *process,
		const struct bel_event *fault, const struct bel_access *access,
		struct bel_err *err);
	/* Adds its EXIT with `value` (trace.h). */
	int (*end)(struct bel_process_set *set, struct bel_traced_process *process, uint64_t value,
		struct bel_err *err);
};

extern const struct bel_capture_backend bel_backend_lackey, bel_backend_pagegrind;

struct bel_process_set {
	const struct bel_capture_backend *kind;
	struct bel_traced_process **process; /* owned, in order of start */
	size_t count;
	const char *directory;         /* directory of the pipes; the caller's */
	const char *tool;              /* for the trace header; the caller's */
	bool children;                 /* forks are followed */
	struct bel_recorder *recorder; /* the caller's */
	uint32_t spaces;
	uint64_t bad;     /* lines not understood in closed logs */
	uint64_t limited; /* the limit of references that was reached, or 0 */
	bool all;         /* all references are recorded, so a failed one can be added */
	char version[24]; /* Valgrind's */
	char loss[512];   /* what is missing from the trace and why; "": nothing */
	char advice[160]; /* more about it, for people; "": nothing to add, and already reported */
	struct bel_input input;            /* gives a name for messages */
	struct bel_accesses batch;         /* owned */
	struct bel_events extra;           /* owned: events that lackey's log does not report */
	struct bel_run_builder builder;    /* owned: for folded tokens */
	struct bel_region_tracker regions; /* owned: for tokens, if not all regions are wanted */
	struct bel_call_tree calls;        /* owned: for tokens with call stacks */
	struct bel_token_join join;
	uint32_t wanted_regions; /* 1 << enum bel_region_kind; 0: all */
	size_t looked_at;        /* events of the builder that have been looked at */
};

/* The caller has set kind, directory, tool, children and recorder. */
int bel_process_set_init(struct bel_process_set *set, struct bel_err *err);
void bel_process_set_release(struct bel_process_set *set);

/* The process with this number that has not ended, or NULL. */
struct bel_traced_process *bel_process_set_find(const struct bel_process_set *set, pid_t pid);

/* The latest process with this number, even if it has ended, or NULL. */
struct bel_traced_process *bel_process_set_latest(const struct bel_process_set *set, pid_t pid);

/*
 * The process is about to end: collects what only /proc knows of it. `status` as from waitpid(2).
 */
void bel_process_set_ending(
	struct bel_process_set *set, struct bel_traced_process *process, int status);

/* Adds a process and makes its pipe. `first`: its log starts without a fork. */
int bel_process_set_add(struct bel_process_set *set, pid_t pid, bool first, struct bel_err *err);

/*
 * Reads a process's pipe until it is empty, or one turn's worth. Adds the number of bytes to
 * *bytes.
 */
int bel_process_set_drain(struct bel_process_set *set, struct bel_traced_process *process,
	size_t *bytes, struct bel_err *err);

/*
 * Drains all processes, the youngest first. Removes processes that have ended and are completely
 * read.
 */
int bel_process_set_drain_all(struct bel_process_set *set, size_t *bytes, struct bel_err *err);

/* For the backends: */

/* Whether the process's log may be read. */
static inline bool bel_process_set_ready(const struct bel_traced_process *process)
{
	return process->lackey || process->tokens;
}

/* Called when a log reports a fork. */
int bel_process_set_forked(struct bel_process_set *set, struct bel_traced_process *parent,
	const struct bel_event *event, struct bel_err *err);

/* Called when the first program starts: the trace header can be written. */
void bel_process_set_start(struct bel_process_set *set, const char *version);

#endif
