/* SPDX-License-Identifier: MIT */
/*
 * mark.h: names a place in a program for the trace that bel-capture(1) makes of it.
 *
 *	#include <belady/mark.h>
 *
 *	BEL_MARK("phase 2");
 *
 * The mark becomes an event of the trace, between the references before it and those
 * behind it; bel-convert --from-mark and --to-mark cut there. The name is read at once
 * and stays the caller's. Any thread may call it. Outside of Valgrind a mark is some
 * twenty instructions without an effect, and so it is on a machine that is neither
 * x86-64 nor arm64. Nothing of Valgrind's is needed to compile it; C and C++ both do.
 *
 * How it works: Valgrind's translator knows a few instructions in a row that together
 * change nothing, and takes them for a request to whatever tool runs (the sequences and
 * the numbers of requests are from valgrind.h, by Julian Seward). pagegrind answers ours
 * with 1, and the second one is the mark's place. Under any other tool that prints the name to
 * Valgrind's log, which is where bel-capture finds it with lackey. The same instructions run
 * in both cases, so that both see the same references, and the mark between the same two.
 */
#ifndef BELADY_MARK_H
#define BELADY_MARK_H

#include <stdarg.h>
#include <stdint.h>

enum bel_mark_request {
	VG_USERREQ__BEL_MARK = 0x424c0001,      /* 'B' 'L' 1; then the name */
	VG_USERREQ__BEL_MARK_HERE = 0x424c0002, /* the thread's mark is at this place */
};

/* What lackey's log holds of a mark, behind "**PID** ". */
#define BEL_MARK_LINE "belady mark: "

#define BEL_MARK(NAME) bel_mark(NAME)

/* The answer to a request; `otherwise` where no Valgrind listens. */
static inline uintptr_t bel_mark_ask(uintptr_t otherwise, const volatile uintptr_t request[6])
{
#if defined(__x86_64__)
	__asm__ volatile("rolq $3, %%rdi\n\trolq $13, %%rdi\n\t"
			 "rolq $61, %%rdi\n\trolq $51, %%rdi\n\t"
			 "xchgq %%rbx, %%rbx"
			 : "+d"(otherwise)
			 : "a"(request)
			 : "cc", "memory");
#elif defined(__aarch64__)
	__asm__ volatile("mov x3, %0\n\tmov x4, %1\n\t"
			 "ror x12, x12, #3\n\tror x12, x12, #13\n\t"
			 "ror x12, x12, #51\n\tror x12, x12, #61\n\t"
			 "orr x10, x10, x10\n\t"
			 "mov %0, x3"
			 : "+r"(otherwise)
			 : "r"(request)
			 : "cc", "memory", "x3", "x4");
#else
	(void)request;
#endif
	return otherwise;
}

/* Prints to Valgrind's log: its request takes a format and a va_list by reference. */
static inline void bel_mark_print(uintptr_t code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	{
		const volatile uintptr_t request[6] = {
			code, (uintptr_t)format, (uintptr_t)&arguments, 0, 0, 0};

		bel_mark_ask(0, request);
	}
	va_end(arguments);
}

static inline void bel_mark(const char *name)
{
	const uintptr_t here = VG_USERREQ__BEL_MARK_HERE, print = 0x1403; /* Valgrind's own */
	const volatile uintptr_t request[6] = {VG_USERREQ__BEL_MARK, (uintptr_t)name, 0, 0, 0, 0};
	const uintptr_t known = bel_mark_ask(0, request);

	bel_mark_print(print + known * (here - print), BEL_MARK_LINE "%s\n", name);
}

#endif
