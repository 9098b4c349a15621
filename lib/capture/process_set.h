/* SPDX-License-Identifier: MIT */
/*
 * process_set.h: the processes under capture: each one's pipe and log, and what joins them
 * to one trace.
 *
 * What comes through the pipe depends on the Valgrind tool: lackey's text
 * (backend_lackey.c) or pagegrind's tokens (backend_pagegrind.c).
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

#define BEL_PROCESS_SET_TURN ((size_t)4 << 20) /* bytes that are read of a process at a time */

struct bel_traced_process {
	pid_t pid;
	struct bel_log_pipe stream;
	/* One of them is owned, the other NULL; both before the parent's log tells of the fork. */
	struct bel_lackey *lackey;
	struct bel_token_log *tokens;
	struct bel_initial_mappings image; /* lackey's words do not tell it */
	bool ended;
	int status; /* as from waitpid(2), once ended */

	/* Why it ends. */
	struct bel_diagnosis diagnosis;
	bool failed, failed_write; /* an access to memory at failed_address failed last */
	uint64_t failed_address;
	bool sanitized;
	char obstacle[320]; /* "PROGRAM: it is ...", if it ends badly and that may be why; "" */
};

struct bel_process_set;

/* What is different from tool to tool. Negative with err, else 0. */
struct bel_capture_backend {
	const char *name;
	bool says_why; /* it prints itself why the end of a process is missing */
	int (*init)(struct bel_process_set *set, struct bel_err *err);
	/* The process's log begins by itself. */
	int (*begin)(struct bel_process_set *set, struct bel_traced_process *process,
		struct bel_err *err);
	/* It begins with a fork of the parent, which has told of it in `event`. */
	int (*fork)(struct bel_process_set *set, struct bel_traced_process *child,
		const struct bel_traced_process *parent, const struct bel_event *event,
		struct bel_err *err);
	/* Takes from the window what is whole. */
	int (*parse)(struct bel_process_set *set, struct bel_traced_process *process,
		struct bel_err *err);
	/* It has ended and is read empty: its last words. */
	int (*last)(struct bel_process_set *set, struct bel_traced_process *process,
		struct bel_err *err);
	/* Whether, after its last words, a part of it is missing. */
	bool (*lost)(const struct bel_process_set *set, const struct bel_traced_process *process);
	/* *fault, of its space, and the access that failed. */
	int (*fault)(struct bel_process_set *set, struct bel_traced_process *process,
		const struct bel_event *fault, const struct bel_access *access,
		struct bel_err *err);
	/* Its EXIT of `value` (trace.h). */
	int (*end)(struct bel_process_set *set, struct bel_traced_process *process, uint64_t value,
		struct bel_err *err);
};

extern const struct bel_capture_backend bel_backend_lackey, bel_backend_pagegrind;

struct bel_process_set {
	const struct bel_capture_backend *kind;
	struct bel_traced_process **process; /* owned, in order of start */
	size_t count;
	const char *directory;         /* of pipes; the caller's */
	const char *tool;              /* for the head of the trace; the caller's */
	bool children;                 /* forks are followed */
	struct bel_recorder *recorder; /* the caller's */
	uint32_t spaces;
	uint64_t bad;              /* lines not understood, of logs that are closed */
	uint64_t limited;          /* the limit of references that a process has reached, or 0 */
	bool all;                  /* all references are recorded, so that one can be added */
	char version[24];          /* Valgrind's */
	char loss[512];            /* what is missing in the trace and why; "": nothing */
	char advice[160];          /* more of it, for people; "": it is all said, and was told */
	struct bel_input input;    /* a name for messages */
	struct bel_accesses batch; /* owned */
	struct bel_events extra;   /* owned: events that lackey's log does not tell */
	struct bel_run_builder builder;    /* owned: of tokens, folded */
	struct bel_region_tracker regions; /* owned: of tokens, where not all are wanted */
	struct bel_token_join join;
	uint32_t wanted_regions; /* 1 << enum bel_region_kind; 0: all */
};

/* kind, directory, tool, children and recorder are set. */
int bel_process_set_init(struct bel_process_set *set, struct bel_err *err);
void bel_process_set_release(struct bel_process_set *set);

/* The process of that number that has not ended, or NULL. */
struct bel_traced_process *bel_process_set_find(const struct bel_process_set *set, pid_t pid);

/* The latest process of that number, also one that has ended, or NULL. */
struct bel_traced_process *bel_process_set_latest(const struct bel_process_set *set, pid_t pid);

/* The process is about to end: what only /proc tells of it. `status` as from waitpid(2). */
void bel_process_set_ending(
	struct bel_process_set *set, struct bel_traced_process *process, int status);

/* Adds a process and makes its pipe; `first`: its log begins by itself, not with a fork. */
int bel_process_set_add(struct bel_process_set *set, pid_t pid, bool first, struct bel_err *err);

/* Reads a process's pipe empty, or a turn's worth; *bytes grows by what was read. */
int bel_process_set_drain(struct bel_process_set *set, struct bel_traced_process *process,
	size_t *bytes, struct bel_err *err);

/* Drains all, the youngest first, and drops those that have ended and been read to the end. */
int bel_process_set_drain_all(struct bel_process_set *set, size_t *bytes, struct bel_err *err);

/* For the tools: */

/* Whether the process's log may be read. */
static inline bool bel_process_set_ready(const struct bel_traced_process *process)
{
	return process->lackey || process->tokens;
}

/* A log has told of a fork. */
int bel_process_set_forked(struct bel_process_set *set, struct bel_traced_process *parent,
	const struct bel_event *event, struct bel_err *err);

/* The first program starts: the trace's head can be written. */
void bel_process_set_start(struct bel_process_set *set, const char *version);

#endif
