/* SPDX-License-Identifier: MIT */
/*
 * lackey_parse.h: turns one lackey log (a stream of text) into references and events.
 *
 * lackey_scan.h reads plain records, lackey_record.h those in another spacing. Every
 * other line is parsed here:
 *
 *	==PID== Command: ls -l        begins a process, or (execve) a new space of it
 *	==PID== Process terminating with default action of signal 11 (SIGSEGV)
 *	==PID== ..., --PID-- ...      noise, except
 *	--PID--   SCHED[2]:  acquired lock ...     thread 2 runs
 *	SYSCALL[PID,TID](9) sys_mmap ...           events (syscall_tracker.h)
 *	SB ADDR                       noise
 *	...anything...I  04950b42,3   a record glued to the text before it
 *	I  04950b42,3==PID== ...      or to the text after it
 *
 * Other lines of text are output of the program: also noise. A line is bad
 * (struct bel_format_options.max_bad) if it is nearly a record, or if it has control
 * characters.
 *
 *	log = bel_lackey_new(&options, &spaces, input, &err);
 *	r = bel_lackey_parse(log, text, length, false, &batch, &taken, &err);
 *
 * Ownership: the log owns its processes; the caller keeps input and *spaces. One
 * thread at a time.
 */
#ifndef BEL_LACKEY_PARSE_H
#define BEL_LACKEY_PARSE_H

#include <stdbool.h>

#include "format.h"
#include "syscall_tracker.h"
#include "trace.h"

/* A longer line is refused: lackey never prints one. */
#define BEL_LACKEY_LINE_MAX ((size_t)1 << 20)

struct bel_lackey;

/*
 * *spaces is the number of the next new space; all logs of a capture share it.
 * Only the name of `input` is used, for messages.
 */
struct bel_lackey *bel_lackey_new(const struct bel_format_options *options, uint32_t *spaces,
	const struct bel_input *input, struct bel_err *err);

/* The log of process `pid`. NULL if `parent` has no FORK event of that process. */
struct bel_lackey *bel_lackey_new_child(
	const struct bel_lackey *parent, uint32_t pid, struct bel_err *err);

/*
 * Takes whole lines from text (64 readable bytes before and after it) and appends
 * to out; the caller has cleared its count and events. Everything appended is of
 * one space. `last`: no text follows, and the last line may lack its newline.
 * Returns 0 if all whole lines were taken, or 1: call again with the text after
 * *taken.
 */
int bel_lackey_parse(struct bel_lackey *log, const uint8_t *text, size_t length, bool last,
	struct bel_accesses *out, size_t *taken, struct bel_err *err);

/*
 * From now on, `line` gets each of Valgrind's own lines, without its "==PID== ". The caller must
 * then end processes that a signal kills: Valgrind's line about the signal adds no EXIT event.
 */
void bel_lackey_listen(struct bel_lackey *log,
	void (*line)(void *context, const char *text, size_t length), void *context);

/* The process that makes the log's references. */
struct bel_syscall_tracker *bel_lackey_current(struct bel_lackey *log);

/* Valgrind's version from the banner ("3.19.0"); "" before the banner. */
const char *bel_lackey_version(const struct bel_lackey *log);

void bel_lackey_tally(const struct bel_lackey *log, struct bel_format_tally *tally);

/* Whether a record or one of Valgrind's own lines was seen. If not, it is not lackey text. */
bool bel_lackey_seen(const struct bel_lackey *log);

void bel_lackey_free(struct bel_lackey *log);

#endif
