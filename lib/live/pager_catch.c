/* SPDX-License-Identifier: MIT */
/* pager_catch.c: the signal handler of the back ends whose traps are signals. */
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "pager_memory.h"

#define STACK_BYTES ((size_t)1 << 20)

/*
 * The handler has a stack of its own. The address of the memory is at the lowest address of this
 * stack, because a handler gets no argument of ours. The touch is one instruction of ours outside
 * any library, so the handler may call any function.
 */
static void on_signal(int number, siginfo_t *info, void *context)
{
	const ucontext_t *const at = context;
	struct bel_pager_memory *const memory = *(struct bel_pager_memory **)at->uc_stack.ss_sp;
	const uintptr_t address = (uintptr_t)info->si_addr, base = (uintptr_t)memory->base;

	if (address < base || (address - base) / memory->page_bytes >= memory->pages)
		signal(number, SIG_DFL); /* not a touch: the process ends when it runs on */
	else
		memory->trap(memory->host, (uint32_t)((address - base) / memory->page_bytes));
}

int bel_pager_catch(struct bel_pager_memory *memory, int number, struct bel_err *err)
{
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	stack_t stack = {.ss_size = STACK_BYTES};

	stack.ss_sp =
		mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED)
		return bel_err_memory(err, "the stack of the signal handler");
	*(struct bel_pager_memory **)stack.ss_sp = memory;
	if (sigaltstack(&stack, NULL) < 0 || sigaction(number, &action, NULL) < 0)
		return bel_fail_errno(err, errno, "cannot catch signal %d", number);
	return 0;
}
