/* SPDX-License-Identifier: MIT */
/*
 * token.h: the protocol between pagegrind, our Valgrind tool, and bel-capture.
 *
 * Each process has one stream, through a named pipe. The protocol is private to one version of
 * belady: a reader refuses any other version. Numbers are unsigned LEB128 ("varint"); signed
 * differences are zigzag-encoded first; a text is its length and its bytes.
 *
 * Repeated code is encoded in two bytes. The tool cuts translated code into blocks: pieces without
 * a branch out. A block is described once (BLOCK): its instruction fetches and, between them, its
 * data references without their addresses. A block together with the operand pages of its data
 * references is a cached block. A cached block is sent once, with the number of a cache entry that
 * will hold it (CACHE_BLOCK, which also executes it). From then on only the cache entry is sent,
 * in two bytes. Writer and reader have the same BEL_TOKEN_CACHE_ENTRIES entries; a later cached
 * block replaces the earlier one in its entry.
 *
 *	even byte b0, byte b1     the cached block in cache entry (b0 | b1 << 8) >> 1 is executed
 *	odd byte                  enum bel_token, and its numbers
 *
 * References are counted as lackey counts them: each fetch, load, store or modify is one, even if
 * it crosses a granule boundary. A block contains nothing else, so counts by kind are exact.
 *
 * A place is a granule number times 16, plus the number of further granules that the reference
 * crosses into. With granule bits 0 it is the address. It is sent as one plus the zigzag-encoded
 * difference to the place sent before it (0 at first). 0 means: not made, because the reference's
 * condition was false.
 *
 * Plain C99: a program and a Valgrind tool (without a C library) both include it.
 */
#ifndef BEL_TOKEN_H
#define BEL_TOKEN_H

#include <stdint.h>

#define BEL_TOKEN_VERSION 1

/*
 * A stream begins with this magic. So does each further program of the process (execve);
 * everything described before is then void. After the magic come one byte each: version, granule
 * bits, enum bel_token_head; then varints: process id, address bits; then texts: version of
 * Valgrind, command line as in Valgrind's banner.
 */
#define BEL_TOKEN_MAGIC                                                                            \
	"\xff"                                                                                     \
	"BELTOK\n"
#define BEL_TOKEN_MAGIC_BYTES 8

enum bel_token_head {
	BEL_TOKEN_FIRST_BYTE = 0x1, /* only a reference's first byte counts: no further granules */
	BEL_TOKEN_FORKED = 0x2,     /* a child of fork; the parent's stream has its FORK */
	BEL_TOKEN_STACKS = 0x4,     /* with call stacks: blocks have places */
};

#define BEL_TOKEN_GRANULE_LEAST 6 /* minimum granule bits, except 0 */
#define BEL_TOKEN_CACHE_ENTRIES 32768
#define BEL_TOKEN_OPERANDS 8        /* data references per block, at most */
#define BEL_TOKEN_ABSENT UINT64_MAX /* the place of a reference that was not made */

enum bel_token {
	/*
	 * A block: its number, with call stacks its place, number of items, items. An item is a varint, enum
	 * bel_token_item | its number << 3. For FETCH follows the zigzag-encoded difference of its
	 * granule (granule bits 0: address) to that of the FETCH sent before it.
	 */
	BEL_TOKEN_BLOCK = 0x01,
	/* Cache entry, block, a place for each data item. Executes it. */
	BEL_TOKEN_CACHE_BLOCK = 0x03,
	/*
	 * Block, from, to, a place for each data item. Only its references [from, to), in order,
	 * are executed: a fault ended the block, or a limit lies within it. Places of other
	 * references are absent.
	 */
	BEL_TOKEN_PIECE = 0x05,
	/* A reference by the kernel for the program: 0 read, 1 write; address, size. */
	BEL_TOKEN_KERNEL = 0x07,
	/* A number of references that were made here and not recorded. */
	BEL_TOKEN_SKIPPED = 0x09,

	/*
	 * The call stack, if the head announces it. It is the running thread's: empty at first, and
	 * after THREAD. PLACE describes a place in the code before its first use: number, address,
	 * text ("FUNCTION\tFILE:LINE\tOBJECT"). ENTER: something is called from this place.
	 * RETURN: the last call returns. RETURNS: that number of calls return.
	 */
	BEL_TOKEN_PLACE = 0x0b,
	BEL_TOKEN_ENTER = 0x0d,
	BEL_TOKEN_RETURN = 0x0f,
	BEL_TOKEN_RETURNS = 0x11,

	/* A system call that succeeded: enum bel_token_call, six arguments, result; text: a file.
	 */
	BEL_TOKEN_CALL = 0x21,
	/* A mapping the program starts with: start, length, enum bel_token_map, offset; text: file.
	 */
	BEL_TOKEN_IMAGE = 0x23,
	BEL_TOKEN_FORK = 0x25,         /* process id of the child */
	BEL_TOKEN_THREAD = 0x27,       /* what follows belongs to this thread */
	BEL_TOKEN_THREAD_START = 0x29, /* thread */
	BEL_TOKEN_THREAD_EXIT = 0x2b,  /* thread */
	BEL_TOKEN_MARK = 0x2d,         /* text: the user's (mark.h) */

	BEL_TOKEN_BEGIN = 0xff, /* the magic's first byte */

	/*
	 * enum bel_token_end and a value. Nothing follows, or, after EXECUTES, perhaps another
	 * header.
	 */
	BEL_TOKEN_END = 0x3f,
};

enum bel_token_item {
	BEL_TOKEN_FETCH,   /* number of fetches; granule bits 0: one fetch, number of bytes */
	BEL_TOKEN_FURTHER, /* number of further granules that the fetch before it crosses into */
	BEL_TOKEN_LOAD,    /* number of bytes, as in the next two */
	BEL_TOKEN_STORE,
	BEL_TOKEN_MODIFY,
	BEL_TOKEN_ITEMS,
};

/* Arguments are those of the system call. shmat and shmdt are sent as mmap and munmap. */
enum bel_token_call {
	BEL_TOKEN_MMAP, /* the text is the descriptor's file, "" if none; offset in bytes */
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
	BEL_TOKEN_FILE = 0x8, /* otherwise anonymous */
	BEL_TOKEN_STACK = 0x10,
	BEL_TOKEN_VDSO = 0x20,
	BEL_TOKEN_BREAK = 0x40, /* where the heap begins */
};

enum bel_token_end {
	BEL_TOKEN_EXITED,   /* the process ends; value: none */
	BEL_TOKEN_EXECUTES, /* execve is called; if it fails, tokens continue */
	BEL_TOKEN_LIMITED,  /* the limit is reached; the program continues unrecorded */
};

#endif
