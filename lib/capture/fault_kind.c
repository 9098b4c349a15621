/* SPDX-License-Identifier: MIT */
/* fault_kind.c: the cause of a page fault in a signal's context, for x86-64 and arm64. */
#include "fault_kind.h"

#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <ucontext.h>

#if defined(__x86_64__)

bool bel_fault_writes(pid_t thread, bool *writes)
{
	const size_t at = offsetof(ucontext_t, uc_mcontext.gregs) + REG_ERR * sizeof(greg_t);
	struct user_regs_struct registers;
	long error;

	/* A 32-bit program has its arguments elsewhere. */
	if (ptrace(PTRACE_GETREGS, thread, NULL, &registers) < 0 || registers.cs == 0x23)
		return false;
	errno = 0;
	error = ptrace(PTRACE_PEEKDATA, thread, (void *)(uintptr_t)(registers.rdx + at), NULL);
	*writes = error & 2;
	return errno == 0;
}

#elif defined(__aarch64__)

#include <asm/sigcontext.h>

bool bel_fault_writes(pid_t thread, bool *writes)
{
	struct user_regs_struct registers;
	struct iovec set = {&registers, sizeof(registers)}, from, to;
	uint8_t records[4096];
	struct _aarch64_ctx head;

	if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &set) < 0)
		return false;
	from.iov_base = (void *)(uintptr_t)(registers.regs[2] +
					    offsetof(ucontext_t, uc_mcontext.__reserved));
	from.iov_len = to.iov_len = sizeof(records);
	to.iov_base = records;
	if (process_vm_readv(thread, &to, 1, &from, 1, 0) != sizeof(records))
		return false;
	for (size_t i = 0; i + sizeof(struct esr_context) <= sizeof(records); i += head.size) {
		struct esr_context cause;

		memcpy(&head, records + i, sizeof(head));
		memcpy(&cause, records + i, sizeof(cause));
		if (head.magic == ESR_MAGIC) {
			*writes = cause.esr >> 6 & 1;
			return true;
		}
		if (head.magic == 0 || head.size < sizeof(head) || head.size > sizeof(records))
			return false;
	}
	return false;
}

#else

bool bel_fault_writes(pid_t thread, bool *writes)
{
	(void)thread;
	*writes = false;
	return false;
}

#endif
