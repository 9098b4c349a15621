/* SPDX-License-Identifier: MIT */
/*
 * mark.h: puts a named mark into the trace that bel-capture(1) makes of a program.
 *
 *	#include <belady/mark.h>
 *
 *	BEL_MARK("phase 2");
 *
 * The mark becomes an event of the trace, between the references before it and those after it.
 * bel-convert --from-mark and --to-mark cut there. The name is copied at once. Any thread may set
 * marks. Without Valgrind, and on machines other than x86-64 and arm64, a mark is about twenty
 * instructions without an effect. Compiling it needs no file of Valgrind; C and C++ both work.
 *
 * How it works: Valgrind recognises a sequence of instructions that together change nothing, and
 * takes it for a request to the tool that runs. (The sequences and the numbers of requests are from
 * valgrind.h, by Julian Seward.) A mark makes two requests. pagegrind answers the first one with 1;
 * then the second one says that the mark is here. Under any other tool the second request prints
 * the name to Valgrind's log, where bel-capture finds it with lackey. The same instructions run in
 * both cases, so both tools see the same references, with the mark at the same place.
 */
#ifndef BELADY_MARK_H
#define BELADY_MARK_H

#include <stdarg.h>
#include <stdint.h>

enum bel_mark_request {
	VG_USERREQ__BEL_MARK = 0x424c0001,      /* 'B' 'L' 1; then the name */
	VG_USERREQ__BEL_MARK_HERE = 0x424c0002, /* the mark of this thread is here */
};

/* How a mark begins in lackey's log, after "**PID** ". */
#define BEL_MARK_LINE "belady mark: "

#define BEL_MARK(NAME) bel_mark(NAME)

/* The answer to a request; without Valgrind, `otherwise`. */
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
