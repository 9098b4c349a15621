/* SPDX-License-Identifier: MIT */
/*
 * traced.h: the processes under capture: each one's pipe, log and memory image,
 * and what joins them to one trace.
 */
#ifndef BEL_TRACED_H
#define BEL_TRACED_H

#include <stdbool.h>
#include <sys/types.h>

#include "image.h"
#include "input.h"
#include "lackey_parse.h"
#include "recorder.h"
#include "stream.h"

struct bel_traced {
	pid_t pid;
	struct bel_stream stream;
	struct bel_lackey *log; /* owned; NULL until the parent's log tells of the fork */
	struct bel_image image;
	bool ended;
	int status; /* as from waitpid(2), once ended */
};

struct bel_traced_set {
	struct bel_traced **process; /* owned, in order of start */
	size_t count;
	const char *directory;         /* of pipes; the caller's */
	const char *tool;              /* for the head of the trace; the caller's */
	bool children;                 /* forks are followed */
	struct bel_recorder *recorder; /* the caller's */
	uint32_t spaces;
	uint64_t bad;              /* lines not understood, of logs that are closed */
	struct bel_input input;    /* a name for messages */
	struct bel_accesses batch; /* owned */
	struct bel_events extra;   /* owned: events that the log does not tell */
};

int bel_traced_init(struct bel_traced_set *set, struct bel_err *err);
void bel_traced_release(struct bel_traced_set *set);

/* The process of that number that has not ended, or NULL. */
struct bel_traced *bel_traced_find(const struct bel_traced_set *set, pid_t pid);

/* Adds a process and makes its pipe; `first`: its log begins by itself, not with a fork. */
int bel_traced_add(struct bel_traced_set *set, pid_t pid, bool first, struct bel_err *err);

/* Reads a process's pipe empty; *bytes grows by what was read. */
int bel_traced_drain(
	struct bel_traced_set *set, struct bel_traced *process, size_t *bytes, struct bel_err *err);

/* Drains all, the youngest first, and drops those that have ended and been read to the end. */
int bel_traced_drain_all(struct bel_traced_set *set, size_t *bytes, struct bel_err *err);

#endif
