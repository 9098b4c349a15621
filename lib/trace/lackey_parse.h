/* SPDX-License-Identifier: MIT */
/*
 * lackey_parse.h: one lackey log (one stream of text) to references and events.
 *
 * Plain records go through lackey_scan.h, records in another spacing through
 * lackey_record.h; every other line is looked at here:
 *
 *	==PID== Command: ls -l        begins a process, or (execve) a new space of it
 *	==PID== Process terminating with default action of signal 11 (SIGSEGV)
 *	==PID== ..., --PID-- ...      noise, but for
 *	--PID--   SCHED[2]:  acquired lock ...     thread 2 runs
 *	SYSCALL[PID,TID](9) sys_mmap ...           events (syscall_tracker.h)
 *	SB ADDR                       noise
 *	...anything...I  04950b42,3   a record glued to what was printed before it
 *	I  04950b42,3==PID== ...      or behind it
 *
 * Other lines of text are what the program printed: noise too. A line that was
 * probably meant as a record and is none, or that holds control characters, is
 * garbage (struct bel_format_options.max_bad).
 *
 *	log = bel_lackey_new(&options, &spaces, input, &err);
 *	r = bel_lackey_parse(log, text, length, false, &batch, &taken, &err);
 *
 * Owner: the log owns its processes; input and *spaces stay the caller's. One
 * thread at a time.
 */
#ifndef BEL_LACKEY_PARSE_H
#define BEL_LACKEY_PARSE_H

#include <stdbool.h>

#include "format.h"
#include "syscall_tracker.h"
#include "trace.h"

/* A longer line is refused: no program under lackey makes one by itself. */
#define BEL_LACKEY_LINE_MAX ((size_t)1 << 20)

struct bel_lackey;

/*
 * *spaces is the number of the next space to begin, shared by the logs of one
 * capture. Of `input` only the name is used, in messages.
 */
struct bel_lackey *bel_lackey_new(const struct bel_format_options *options, uint32_t *spaces,
	const struct bel_input *input, struct bel_err *err);

/* The log of process `pid`, whose fork `parent` has told (FORK event). NULL if it has not. */
struct bel_lackey *bel_lackey_new_child(
	const struct bel_lackey *parent, uint32_t pid, struct bel_err *err);

/*
 * Takes whole lines from text (64 readable bytes before and after it) and
 * appends to out, whose count and events the caller has cleared; all that is
 * given is of one space. `last`: nothing follows, a last line may lack its
 * newline. Returns 1 to be called again, with what follows *taken, or 0: all
 * whole lines are taken.
 */
int bel_lackey_parse(struct bel_lackey *log, const uint8_t *text, size_t length, bool last,
	struct bel_accesses *out, size_t *taken, struct bel_err *err);

/*
 * From now on each of Valgrind's own lines goes to `line`, without its "==PID== " if it
 * has one, and the owner ends the processes that a signal kills: no EXIT comes of the line that
 * tells of it.
 */
void bel_lackey_listen(struct bel_lackey *log,
	void (*line)(void *context, const char *text, size_t length), void *context);

/* The process that the log's references are from. */
struct bel_syscall_tracker *bel_lackey_current(struct bel_lackey *log);

/* The version that the banner names ("3.19.0"), "" before. */
const char *bel_lackey_version(const struct bel_lackey *log);

void bel_lackey_tally(const struct bel_lackey *log, struct bel_format_tally *tally);

/* Whether a record or one of Valgrind's own lines was seen: if not, it is no lackey text. */
bool bel_lackey_seen(const struct bel_lackey *log);

void bel_lackey_free(struct bel_lackey *log);

#endif
