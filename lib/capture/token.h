/* SPDX-License-Identifier: MIT */
/*
 * token.h: the wire between pagegrind, our Valgrind tool, and bel-capture.
 *
 * One stream for each process, through a named pipe. It is private to one version
 * of belady: a reader refuses every other. Numbers are unsigned LEB128 ("varint");
 * signed differences are zigzagged first; text is its length and its bytes.
 *
 * What programs do again and again they say in two bytes. The tool cuts translated
 * code into blocks: pieces without a branch out. A block is described once
 * (BLOCK): its instruction fetches, and between them its data references, whose
 * addresses are still open. A block with the operand pages that its data references went
 * to is a cached block; a cached block is told once, with a cache entry to keep it in
 * (CACHE_BLOCK, which also executes it), and from then on as two bytes, its cache entry. Writer
 * and reader keep the same BEL_TOKEN_CACHE_ENTRIES; a later cached block in a cache entry replaces
 * the earlier one.
 *
 *	even byte b0, byte b1     the cached block in cache entry (b0 | b1 << 8) >> 1 is executed
 *	odd byte                  enum bel_token, and its numbers
 *
 * References count as lackey counts them: each fetch, load, store or modify is one,
 * though it crosses a granule boundary. Nothing else is in a block, so that counts
 * by kind are exact.
 *
 * A place is a granule number times 16 plus how many further granules the reference
 * crosses into; with granule bits 0 it is the address itself. It is sent as one plus the
 * zigzagged difference to the place sent before it (0 at first), or as 0: not made, the
 * reference's condition was false.
 *
 * Plain C99: both a program and a Valgrind tool (no C library) include it.
 */
#ifndef BEL_TOKEN_H
#define BEL_TOKEN_H

#include <stdint.h>

#define BEL_TOKEN_VERSION 1

/*
 * A stream begins with this magic, and so does each program that the process goes on
 * with (execve): all that was described before is void then. It is followed by one byte
 * each of version, granule bits, enum bel_token_head; then varints: process id, address
 * bits; then texts: version of Valgrind, command line as Valgrind's banner has it.
 */
#define BEL_TOKEN_MAGIC                                                                            \
	"\xff"                                                                                     \
	"BELTOK\n"
#define BEL_TOKEN_MAGIC_BYTES 8

enum bel_token_head {
	BEL_TOKEN_FIRST_BYTE = 0x1, /* references count at their first byte: no further granules */
	BEL_TOKEN_FORKED = 0x2,     /* a child of fork, whose parent's stream has a FORK of it */
};

#define BEL_TOKEN_GRANULE_LEAST 6 /* granule bits: these and more, or 0 */
#define BEL_TOKEN_CACHE_ENTRIES 32768
#define BEL_TOKEN_OPERANDS 8        /* data references of a block, at most */
#define BEL_TOKEN_ABSENT UINT64_MAX /* the place of a reference that was not made */

enum bel_token {
	/*
	 * The next block, numbered from 0: number of items, items. An item is a varint,
	 * enum bel_token_item | its number << 3, and for FETCH the zigzagged difference of
	 * its granule (granule bits 0: address) to that of the FETCH sent before it.
	 */
	BEL_TOKEN_BLOCK = 0x01,
	/* Slot, block, a place for each data item. Executes it. */
	BEL_TOKEN_CACHE_BLOCK = 0x03,
	/*
	 * Segment, from, to, a place for each data item: only the references [from, to) of it,
	 * in order, are executed: a fault ended it, or a limit lies within. The operand pages
	 * of others are absent.
	 */
	BEL_TOKEN_PIECE = 0x05,
	/* A reference of the kernel, for the program: 0 it reads, 1 it writes; address, size. */
	BEL_TOKEN_KERNEL = 0x07,
	/* So many references were made here and left out. */
	BEL_TOKEN_SKIPPED = 0x09,

	/* A system call that succeeded: enum bel_token_call, six arguments, result; text: a file.
	 */
	BEL_TOKEN_CALL = 0x21,
	/* A mapping the program starts with: start, length, enum bel_token_map, offset; text: file.
	 */
	BEL_TOKEN_IMAGE = 0x23,
	BEL_TOKEN_FORK = 0x25,         /* process id of the child */
	BEL_TOKEN_THREAD = 0x27,       /* what follows is this thread's */
	BEL_TOKEN_THREAD_START = 0x29, /* thread */
	BEL_TOKEN_THREAD_EXIT = 0x2b,  /* thread */
	BEL_TOKEN_MARK = 0x2d,         /* text: the user's (mark.h) */

	BEL_TOKEN_BEGIN = 0xff, /* the magic's first byte */

	/* Nothing follows, or, after EXEC, another head: enum bel_token_end and a value. */
	BEL_TOKEN_END = 0x3f,
};

enum bel_token_item {
	BEL_TOKEN_FETCH, /* so many fetches in the granule; granule bits 0: one, of so many bytes */
	BEL_TOKEN_FURTHER, /* the fetch before it crosses into so many further granules */
	BEL_TOKEN_LOAD,    /* of so many bytes, as the next two */
	BEL_TOKEN_STORE,
	BEL_TOKEN_MODIFY,
	BEL_TOKEN_ITEMS,
};

/* Arguments are those of the system call. shmat and shmdt are told as mmap and munmap. */
enum bel_token_call {
	BEL_TOKEN_MMAP, /* the file is the descriptor's, "" where there is none; offset in bytes */
	BEL_TOKEN_MUNMAP,
	BEL_TOKEN_MPROTECT,
	BEL_TOKEN_MREMAP,
	BEL_TOKEN_BRK,
	BEL_TOKEN_MADVISE,
	BEL_TOKEN_CALLS,
};

enum bel_token_map {
	BEL_TOKEN_READ = 0x1,
	BEL_TOKEN_WRITE = 0x2,
	BEL_TOKEN_EXECUTE = 0x4,
	BEL_TOKEN_FILE = 0x8, /* else anonymous */
	BEL_TOKEN_STACK = 0x10,
	BEL_TOKEN_VDSO = 0x20,
	BEL_TOKEN_BREAK = 0x40, /* where the heap begins */
};

enum bel_token_end {
	BEL_TOKEN_EXITED,   /* the process ends; value: none */
	BEL_TOKEN_EXECUTES, /* execve is made; if it fails, tokens go on */
	BEL_TOKEN_LIMITED,  /* the limit is reached: the program runs on unseen */
};

#endif
