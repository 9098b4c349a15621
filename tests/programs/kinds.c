/* SPDX-License-Identifier: MIT */
/*
 * kinds.c: references of every sort that a tracer has to tell apart: plain ones and ones
 * across pages, read and write in one instruction, atomics, whole blocks, loads
 * that happen only sometimes, and what Valgrind leaves to helpers.
 *
 *	kinds       exits 0
 *
 * With -DBARE -nostdlib -static it has no C library, whose start-up is not quite the same in
 * every run (it looks at random bytes).
 */
#include <stddef.h>
#include <stdint.h>

enum { PAGE = 4096, PAGES = 8 };

static unsigned char memory[PAGES * PAGE] __attribute__((aligned(PAGE)));
static volatile uint64_t sink;

static void across_pages(void)
{
	for (size_t page = 1; page < PAGES; page++) {
		for (size_t back = 1; back < 8; back++) {
			volatile uint64_t *const p = (void *)(memory + page * PAGE - back);

			*p = page;
			*p += back;
			sink = *p;
		}
	}
}

static void atomics(void)
{
	uint64_t *const word = (void *)(memory + 128);
	uint64_t expected = 1;

	__atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(word, 2, __ATOMIC_SEQ_CST);
	__atomic_compare_exchange_n(word, &expected, 4, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	expected = 3;
	__atomic_compare_exchange_n(word, &expected, 4, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	sink = __atomic_exchange_n(word, 5, __ATOMIC_SEQ_CST);
}

/* Loads that a condition guards, one in three of which is made. */
static void conditional(void)
{
	for (size_t i = 0; i < 300; i++) {
		const volatile unsigned char *const p = &memory[i * 16];

		if (i % 3 == 0)
			sink += *p;
	}
}

#if defined(__x86_64__)

static void machine(void)
{
	unsigned char state[512] __attribute__((aligned(16)));
	void *from = memory, *to = memory + 3 * PAGE - 5;
	size_t count = PAGE / 2;
	uint64_t number = 7, quotient;
	uint32_t a = 0, d = 0;

	__asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count) : : "memory");
	to = memory + PAGE;
	count = 64;
	__asm__ volatile("rep stosq" : "+D"(to), "+c"(count) : "a"(number) : "memory");
	from = memory + PAGE;
	count = 1000;
	__asm__ volatile("repe scasq" : "+D"(from), "+c"(count) : "a"(number) : "cc", "memory");
	__asm__ volatile("fxsave %0" : "=m"(state));
	__asm__ volatile("fxrstor %0" : : "m"(state));
	__asm__ volatile("fldl %0\n\tfstpl %0" : "+m"(*(double *)(memory + 256)));
	__asm__ volatile("fldt %0\n\tfstpt %0" : "+m"(*(long double *)(memory + 512)));
	__asm__ volatile("movdqu %0, %%xmm0\n\tmovdqu %%xmm0, %0"
			 : "+m"(*(struct { char byte[16]; } *)(memory + PAGE - 7))
			 :
			 : "xmm0");
	__asm__ volatile("lock cmpxchg16b %0"
			 : "+m"(*(struct { char byte[16]; } *)(memory + 1024)), "+a"(a), "+d"(d)
			 : "b"(1L), "c"(2L)
			 : "cc");
	__asm__ volatile("incb %0\n\tnegb %0\n\tbtsl $3, %0" : "+m"(memory[77]) : : "cc");
	__asm__ volatile("pushq %1\n\tpopq %0" : "=r"(quotient) : "m"(memory[64]));
	__asm__ volatile("cmpq $0, %1\n\tcmovneq %1, %0" : "+r"(quotient) : "m"(number) : "cc");
	__asm__ volatile("xchgq %0, %1" : "+r"(quotient), "+m"(number));
	sink = quotient + number;
}

#else

static void machine(void)
{
	volatile struct {
		uint64_t word[2];
	} *const pair = (void *)(memory + PAGE - 8);

	pair->word[0] = pair->word[1] + 1;
}

#endif

int main(void)
{
	for (int round = 0; round < 3; round++) {
		across_pages();
		atomics();
		conditional();
		machine();
	}
	return 0;
}

#ifdef BARE

__attribute__((noreturn)) static void leave(long status)
{
#if defined(__x86_64__)
	__asm__ volatile("syscall" : : "a"(231L), "D"(status) : "rcx", "r11");
#elif defined(__aarch64__)
	register long number __asm__("x8") = 94, value __asm__("x0") = status;

	__asm__ volatile("svc 0" : : "r"(number), "r"(value));
#endif
	__builtin_unreachable();
}

void _start(void);

#if defined(__x86_64__)
__attribute__((force_align_arg_pointer))
#endif
void _start(void)
{
	leave(main());
}

#endif
