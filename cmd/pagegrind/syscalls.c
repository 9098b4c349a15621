/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syscalls.c: converts events other than references to tokens: the image that a program starts
 * with, system calls that change its memory, threads, forks, execs.
 */
#include "mark.h"
#include "pub_tool_aspacehl.h"
#include "pub_tool_aspacemgr.h"
#include "pub_tool_libcfile.h"
#include "pub_tool_libcproc.h"
#include "pub_tool_machine.h"
#include "pub_tool_threadstate.h"
#include "pub_tool_vki.h"
#include "pub_tool_vkiscnums.h"
#include "tracer.h"

/* In Valgrind's library, but not in its headers for tools: the start of the heap, file names. */
extern Addr VG_(brk_base);
extern Bool VG_(resolve_filename)(Int fd, const HChar **name);

static void tell(UInt token, ULong number)
{
	catch_up();
	wire_byte(token);
	wire_number(number);
}

/* ---- the image ---- */

static void report_mapping(const NSegment *mapping, Bool stack)
{
	const HChar *const name = mapping->kind == SkFileC ? VG_(am_get_filename)(mapping) : NULL;
	const Bool heap = mapping->start == VG_PGROUNDUP(VG_(brk_base));

	wire_byte(BEL_TOKEN_IMAGE);
	wire_number(mapping->start);
	wire_number(mapping->end + 1 - mapping->start);
	wire_number((mapping->hasR ? BEL_TOKEN_READ : 0) | (mapping->hasW ? BEL_TOKEN_WRITE : 0) |
		    (mapping->hasX ? BEL_TOKEN_EXECUTE : 0) | (name ? BEL_TOKEN_FILE : 0) |
		    (stack ? BEL_TOKEN_STACK : 0) | (heap ? BEL_TOKEN_BREAK : 0));
	wire_number(mapping->offset);
	wire_text(name ? name : "");
}

static void report_initial_mappings(ThreadId thread)
{
	const Addr stack = VG_(get_SP)(thread);
	Addr *starts;
	Int count;

	starts = VG_(get_segment_starts)(SkFileC | SkAnonC | SkShmC, &count);
	for (Int i = 0; i < count; i++) {
		const NSegment *const mapping = VG_(am_find_nsegment)(starts[i]);

		if (mapping)
			report_mapping(mapping, mapping->start <= stack && stack <= mapping->end);
	}
	VG_(free)(starts);
}

/* The program's first instruction is about to run. */
void syscalls_start(ThreadId thread)
{
	report_initial_mappings(thread);
}

/* ---- system calls ---- */

static void report_call(UInt call, const UWord *arguments, UWord result, const HChar *file)
{
	tell(BEL_TOKEN_CALL, call);
	for (UInt i = 0; i < 6; i++)
		wire_number(arguments[i]);
	wire_number(result);
	wire_text(file);
}

static void report_mmap(const UWord *arguments, UWord result)
{
	const HChar *file = "";

	if (!(arguments[3] & VKI_MAP_ANONYMOUS) && !VG_(resolve_filename)((Int)arguments[4], &file))
		file = "";
	report_call(BEL_TOKEN_MMAP, arguments, result, file);
}

/* The size of a System V shared memory segment; it is reported as a mapping. */
static SizeT shared_bytes(Addr address)
{
	const NSegment *const mapping = VG_(am_find_nsegment)(address);

	return mapping && mapping->kind == SkShmC ? mapping->end + 1 - mapping->start : 0;
}

static void report_shmat(const UWord *arguments, UWord result)
{
	const UWord prot = VKI_PROT_READ | (arguments[2] & VKI_SHM_RDONLY ? 0 : VKI_PROT_WRITE);
	const UWord mmap[6] = {0, shared_bytes(result), prot, VKI_MAP_SHARED | VKI_MAP_ANONYMOUS};

	report_call(BEL_TOKEN_MMAP, mmap, result, "");
}

static UWord detached[6]; /* address and length of the shmdt in progress */

/*
 * A system call may block for long, so the reader should get what there is; but not at every call.
 */
static void flush_now_and_then(void)
{
	static UInt flushed_ms;
	const UInt now_ms = VG_(read_millisecond_timer)();

	if (now_ms - flushed_ms < 100)
		return;
	flushed_ms = now_ms;
	catch_up();
	wire_flush();
}

static void before_call(ThreadId thread, UInt number, UWord *arguments, UInt count)
{
	(void)thread;
	(void)count;
	flush_now_and_then();
	if (number == __NR_shmdt) {
		detached[0] = arguments[0];
		detached[1] = shared_bytes(arguments[0]);
	}
	if (number != __NR_execve && number != __NR_execveat)
		return;
	/* If it succeeds, this tool is gone. */
	tell(BEL_TOKEN_END, BEL_TOKEN_EXECUTES);
	wire_number(0);
	wire_flush();
}

static void after_call(ThreadId thread, UInt number, UWord *arguments, UInt count, SysRes result)
{
	static const struct {
		UInt number, call;
	} calls[] = {
		{__NR_munmap, BEL_TOKEN_MUNMAP},
		{__NR_mprotect, BEL_TOKEN_MPROTECT},
		{__NR_mremap, BEL_TOKEN_MREMAP},
		{__NR_brk, BEL_TOKEN_BRK},
		{__NR_madvise, BEL_TOKEN_MADVISE},
	};

	(void)thread;
	renew_translations();
	if (sr_isError(result) || count < 6)
		return;
	if (number == __NR_mmap)
		report_mmap(arguments, sr_Res(result));
	if (number == __NR_shmat)
		report_shmat(arguments, sr_Res(result));
	if (number == __NR_shmdt)
		report_call(BEL_TOKEN_MUNMAP, detached, 0, "");
	for (UInt i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (calls[i].number == number)
			report_call(calls[i].call, arguments, sr_Res(result), "");
	}
	if (sr_Res(result) != 0 && ((number == __NR_clone && !(arguments[0] & VKI_CLONE_THREAD))
#ifdef __NR_fork
					   || number == __NR_fork || number == __NR_vfork
#endif
					   )) {
		tell(BEL_TOKEN_FORK, sr_Res(result));
		/*
		 * The child's pipe is not read before this is read, and we may wait for the child.
		 */
		wire_flush();
	}
}

/* ---- threads ---- */

static void thread_begins(ThreadId thread)
{
	shadow_thread(thread);
	if (thread > 1)
		tell(BEL_TOKEN_THREAD_START, thread);
}

static void thread_ends(ThreadId thread)
{
	if (thread > 1)
		tell(BEL_TOKEN_THREAD_EXIT, thread);
}

/* ---- forks ---- */

/* The parent reports everything before the fork, for both processes. */
static void before_fork(ThreadId thread)
{
	(void)thread;
	catch_up();
	wire_flush();
}

static void in_child(ThreadId thread)
{
	(void)thread;
	wire_close();
	blocks_forget();
	drain_forget();
	places_forget();
	shadow_forget();
	if (settings.children)
		wire_open(True);
	drain_tell();
}

/* ---- the kernel's own references ---- */

static void kernel(Bool writes, CorePart part, Addr address, SizeT bytes)
{
	if (part != Vg_CoreSysCall || bytes == 0)
		return;
	catch_up();
	if (!drain_one())
		return;
	wire_byte(BEL_TOKEN_KERNEL);
	wire_number(writes);
	wire_number(address);
	wire_number(bytes);
}

static void kernel_reads(
	CorePart part, ThreadId thread, const HChar *what, Addr address, SizeT bytes)
{
	(void)thread;
	(void)what;
	kernel(False, part, address, bytes);
}

static void kernel_reads_text(CorePart part, ThreadId thread, const HChar *what, Addr address)
{
	(void)thread;
	(void)what;
	/* A bad pointer is the program's error; the kernel reports it. */
	if (VG_(am_is_valid_for_client)(address, 1, VKI_PROT_READ))
		kernel(False, part, address, VG_(strlen)((const HChar *)address) + 1);
}

static void kernel_wrote(CorePart part, ThreadId thread, Addr address, SizeT bytes)
{
	(void)thread;
	kernel(True, part, address, bytes);
}

/* ---- marks ---- */

#define NAME_MOST 4096 /* bytes; a longer text is not a name */

static const HChar **mark_name; /* by thread: the name of a mark that is not yet placed */

static Bool request(ThreadId thread, UWord *arguments, UWord *result)
{
	const HChar *name;

	if (arguments[0] == VG_USERREQ__BEL_MARK) {
		mark_name[thread] = (const HChar *)arguments[1];
		*result = 1;
		return True;
	}
	if (arguments[0] != VG_USERREQ__BEL_MARK_HERE)
		return False;
	*result = 0;
	name = mark_name[thread];
	if (!name)
		return True;
	mark_name[thread] = NULL;
	if (!VG_(am_is_valid_for_client)((Addr)name, 1, VKI_PROT_READ) ||
		VG_(strlen)(name) > NAME_MOST)
		return True;
	catch_up();
	wire_byte(BEL_TOKEN_MARK);
	wire_text(name);
	drain_mark(name);
	renew_translations();
	return True;
}

void syscalls_init(void)
{
	VG_(needs_syscall_wrapper)(before_call, after_call);
	VG_(needs_client_requests)(request);
	VG_(track_pre_thread_first_insn)(thread_begins);
	VG_(track_pre_thread_ll_exit)(thread_ends);
	VG_(atfork)(before_fork, NULL, in_child);
}

/*
 * Called when options are known: installs the callbacks for the kernel's references only if
 * needed.
 */
void syscalls_options(void)
{
	mark_name = VG_(calloc)("pagegrind.marks", VG_N_THREADS, sizeof(*mark_name));
	if (!settings.kernel)
		return;
	VG_(track_pre_mem_read)(kernel_reads);
	VG_(track_pre_mem_read_asciiz)(kernel_reads_text);
	VG_(track_post_mem_write)(kernel_wrote);
}
