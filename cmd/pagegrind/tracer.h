/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer.h: the parts of pagegrind and their interfaces.
 *
 *	instrument.c  superblocks: generated code writes raw records to a buffer
 *	block.c       the meaning of a raw record: the table of blocks
 *	place.c       places in the code: function, file and line, object
 *	shadow.c      the call stacks of threads
 *	drain.c       raw records to cached blocks of the stream; skip, limit, windows
 *	syscalls.c    mappings, threads, forks and system calls to tokens
 *	wire.c        bytes to the pipe
 *	pagegrind.c   options; connects the parts to Valgrind's core
 *
 * A raw record is a head, then the address of each data reference of a block. The head is the
 * block's number * 16 + its number of data references: so drain() knows where the next record is
 * without waiting for the block's description. With --stacks, a record of a call, a return or an
 * indirect jump is a head (enum record_kind) and the stack pointer behind it. Threads
 * run one at a time, so one buffer is enough. The pointer to its end is where generated code can
 * read and write it in one instruction: in the first shadow of the guest state, which core and VEX
 * leave to tools.
 */
#ifndef BEL_TRACER_H
#define BEL_TRACER_H

#include "pub_tool_basics.h"
#include "pub_tool_libcassert.h"
#include "pub_tool_libcbase.h"
#include "pub_tool_libcprint.h"
#include "pub_tool_mallocfree.h"
#include "pub_tool_options.h"
#include "pub_tool_tooliface.h"

#include "token.h"

/* Options; they do not change once the program runs. */
struct settings {
	const HChar *stream;   /* the pipe's name, with %p */
	const HChar *log_pipe; /* the pipe for Valgrind's own messages, of all processes; or NULL */
	const HChar *program;  /* not used here: the launcher reads it to resolve /proc/self/exe */
	Int granule_bits;
	Bool first_byte, kernel, children, stacks;
	UInt kinds; /* 1 << enum bel_token_item for each kind recorded */
	ULong skip, limit, window, period;
	const HChar *from_mark, *to_mark, *from_function;
};
extern struct settings settings;

/* ---- wire.c ---- */

void wire_open(Bool forked);
Int wire_log(void);    /* opens the pipe for Valgrind's messages; -1: there is none */
void wire_close(void); /* later output is dropped */
void wire_flush(void);
void wire_byte(UInt byte);
void wire_number(ULong number);
void wire_signed(Long number); /* zigzagged */
void wire_text(const HChar *text);
/* Where to put the next bytes: there is room for this number of cached blocks. */
UChar *wire_begin(UInt blocks);
void wire_end(const UChar *end); /* bytes have been put up to here */
Bool wire_live(void);

/* ---- block.c ---- */

struct item {
	UInt type;     /* enum bel_token_item */
	UInt number;   /* number of fetches, or of bytes */
	ULong granule; /* FETCH */
};

/* What drain() needs for each record; one cache line holds two. */
struct block {
	UInt references;
	UInt sent;  /* the stream in which it was described, if any */
	UInt shape; /* the index of its items, for block_items() */
	UShort items;
	UChar operands;                     /* data references */
	Bool conditional;                   /* one of its data references has a condition */
	UShort further[BEL_TOKEN_OPERANDS]; /* size - 1 of each; 0 if crossings are not counted */
};

/* In the place of the number of data references. */
enum record_kind {
	RECORD_CALL = BEL_TOKEN_OPERANDS + 1, /* its block is the place of the call */
	RECORD_RETURN,
	RECORD_JUMP,
	RECORD_BEGIN, /* one word: the function of --from-fn is called */
};

extern struct block *blocks;

static inline UInt record_block(const ULong *record)
{
	return *record >> 4;
}

static inline UInt record_operands(const ULong *record)
{
	return *record & 15;
}

/* The number of the block with these items. Equal blocks at one place have the same number. */
UInt block_number(const struct item *items, UInt count, Bool conditional, UInt place);
const struct item *block_items(const struct block *block);
/* Describes a block in the stream, unless that has been done. */
void block_report(UInt number);
void blocks_init(void);
void blocks_forget(void); /* a new stream begins */

/* ---- place.c ---- */

/* The number of an address's place, from 1; 0 without --stacks. */
UInt place_number(Addr address);
/* Describes a place in the stream, unless that has been done. */
void place_report(UInt number);
Bool place_known(UInt number); /* it has been described */
void places_init(void);
void places_forget(void); /* a new stream begins */

/* ---- shadow.c ---- */

/* Follows a record of a call, a return or an indirect jump. */
void shadow_follow(const ULong *record);
/* The same while references are recorded: also tells the reader. Returns where bytes go next. */
UChar *shadow_record(const ULong *record, UChar *to);
/* Tells the reader what it does not know of the running thread's stack. */
void shadow_tell(void);
void shadow_switch(ThreadId thread); /* it runs; the reader has been told */
void shadow_thread(ThreadId thread); /* it begins */
void shadow_forget(void);            /* a new stream begins */
void shadow_init(void);

/* ---- drain.c ---- */

#define RAW_WORDS 8192
#define RAW_MARGIN 16384 /* the most that one superblock writes */
extern ULong raw[RAW_WORDS + RAW_MARGIN];

/* Processes all records up to `end`. */
void drain(const ULong *end);
/* Processes only the first `events` references of a record: a fault ended it. */
void drain_piece(const ULong *record, UInt events);
void drain_forget(void); /* a new stream begins */
void drain_init(void);
void drain_end(void);
void drain_mark(const HChar *name);
void drain_tell(void); /* calls shadow_tell() if references are recorded */
Bool drain_interested(void);
Bool drain_one(void);

/* ---- instrument.c ---- */

IRSB *instrument(VgCallbackClosure *closure, IRSB *in, const VexGuestLayout *layout,
	const VexGuestExtents *extents, const VexArchInfo *host, IRType guest_word,
	IRType host_word);

/* ---- pagegrind.c ---- */

/* Sends everything up to this moment: call it before reporting anything else. */
void catch_up(void);

/*
 * Makes sure that code is instrumented if and only if references are wanted. Call it where
 * Valgrind itself discards translations: around system calls and client requests.
 */
void renew_translations(void);

/* ---- syscalls.c ---- */

void syscalls_start(ThreadId thread);
void syscalls_init(void);
void syscalls_options(void);

#endif
