/* SPDX-License-Identifier: MIT */
/*
 * process_end.c: explains the end of a process from its status, Valgrind's messages and /proc; and
 * makes its last reference.
 */
#include "process_end.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "proc.h"
#include "program_file.h"

/* Finds why Valgrind cannot run the program of a process, if so. */
static void find_obstacle(struct bel_traced_process *process)
{
	char program[PATH_MAX], path[PATH_MAX + 64], why[240];

	if (!bel_proc_program(process->pid, program, sizeof(program)) || !strchr(program, '/'))
		return;
	/* /proc/self/exe is the file of the process that asks: here, Valgrind. */
	if (strcmp(program, "/proc/self/exe") == 0) {
		snprintf(process->obstacle, sizeof(process->obstacle),
			"/proc/self/exe: under lackey it is Valgrind itself (pagegrind runs it)");
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/%s/%s", (int)process->pid,
		program[0] == '/' ? "root" : "cwd", program);
	if (!bel_program_file_obstacle(path, why, sizeof(why)))
		return;
	process->sanitized = bel_program_file_is_sanitized(path);
	snprintf(process->obstacle, sizeof(process->obstacle), "%.60s%s: %s", program,
		strlen(program) > 60 ? "..." : "", why);
}

void bel_process_set_ending(
	struct bel_process_set *set, struct bel_traced_process *process, int status)
{
	struct bel_diagnosis *const diagnosis = &process->diagnosis;
	uint8_t code[4096]; /* more than Valgrind translates at once */

	(void)set;
	if (status == 0)
		return;
	if (diagnosis->block)
		bel_diagnosis_find(diagnosis, code,
			bel_proc_read(process->pid, diagnosis->block, code, sizeof(code)));
	if (diagnosis->instruction)
		bel_proc_object(process->pid, diagnosis->instruction, diagnosis->object,
			sizeof(diagnosis->object));
	find_obstacle(process);
}

void bel_process_end_judge(struct bel_process_set *set, const struct bel_traced_process *process)
{
	const int pid = (int)process->pid;
	const size_t size = sizeof(set->loss);
	char cause[512];

	if (set->loss[0])
		return;
	if (bel_diagnosis_tell(&process->diagnosis, set->version, cause, sizeof(cause))) {
		snprintf(set->loss, size, "process %d was ended by %.400s", pid, cause);
		snprintf(set->advice, sizeof(set->advice), " ");
	} else if (!set->kind->lost(set, process)) {
		/* Its trace is complete, but differs from that of a normal run. */
		if (process->sanitized && process->status != 0) {
			snprintf(set->loss, size, "process %d ended: Valgrind cannot run %s", pid,
				process->obstacle);
			snprintf(set->advice, sizeof(set->advice), " ");
		}
	} else if (WIFSIGNALED(process->status)) {
		snprintf(set->loss, size, "process %d was ended by SIG%s", pid,
			sigabbrev_np(WTERMSIG(process->status)));
		if (WTERMSIG(process->status) == SIGKILL)
			snprintf(set->advice, sizeof(set->advice),
				", perhaps by kill(1), a CPU time limit or a lack of memory; "
				"its last references are missing");
	} else if (process->obstacle[0]) {
		snprintf(set->loss, size, "process %d ended: Valgrind cannot run %s", pid,
			process->obstacle);
		snprintf(set->advice, sizeof(set->advice), " ");
	} else {
		snprintf(set->loss, size, "the end of process %d is missing", pid);
		if (!set->kind->says_why)
			snprintf(set->advice, sizeof(set->advice),
				": it could not open its log, or Valgrind could not run its "
				"program");
	}
}

bool bel_process_end_fault(const struct bel_process_set *set,
	const struct bel_traced_process *process, struct bel_event *fault,
	struct bel_access *access)
{
	const struct bel_diagnosis *const diagnosis = &process->diagnosis;
	uint16_t right = BEL_MAP_READ;

	if (!set->all || !WIFSIGNALED(process->status) || !diagnosis->has_address ||
		diagnosis->signal != WTERMSIG(process->status) ||
		(diagnosis->signal != SIGSEGV && diagnosis->signal != SIGBUS))
		return false;
	*access = (struct bel_access){diagnosis->address, 1, BEL_LOAD};
	if (diagnosis->has_code && diagnosis->code == diagnosis->address) {
		access->kind = BEL_FETCH;
		right = BEL_MAP_EXEC;
	} else if (process->failed && process->failed_write &&
		   process->failed_address == diagnosis->address) {
		access->kind = BEL_STORE;
		right = BEL_MAP_WRITE;
	}
	*fault = (struct bel_event){.type = BEL_EVENT_FAULT,
		.flags = right,
		.start = diagnosis->address,
		.value = (uint64_t)diagnosis->signal};
	return true;
}
