/* SPDX-License-Identifier: MIT */
/* syscall_tracker.c: turns the system calls of one process into events. */
#include "syscall_tracker.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define DESCRIPTORS 65536 /* higher descriptors get no names */
#define PAGE 4096ull

void bel_syscall_tracker_init(struct bel_syscall_tracker *process, uint32_t pid, uint32_t space)
{
	memset(process, 0, sizeof(*process));
	process->pid = pid;
	process->space = space;
}

void bel_syscall_tracker_release(struct bel_syscall_tracker *process)
{
	for (size_t i = 0; i < process->files; i++)
		free(process->file[i]);
	free(process->file);
	for (size_t i = 0; i < sizeof(process->opening) / sizeof(process->opening[0]); i++)
		free(process->opening[i].path);
	bel_lackey_shared_release(&process->shared);
	free(process->command);
	memset(process, 0, sizeof(*process));
}

/* Names descriptor `fd`; `name` is copied (NULL: closed). */
static int name_descriptor(
	struct bel_syscall_tracker *process, uint64_t fd, const char *name, struct bel_err *err)
{
	char *copy = NULL;

	if (fd >= DESCRIPTORS || (!name && fd >= process->files))
		return 0;
	if (fd >= process->files) {
		const size_t wanted = (fd + 64) & ~(size_t)63;
		char **grown = realloc(process->file, wanted * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "names of descriptors");
		memset(grown + process->files, 0, (wanted - process->files) * sizeof(*grown));
		process->file = grown;
		process->files = wanted;
	}
	if (name && !(copy = strdup(name)))
		return bel_err_memory(err, "name of a descriptor");
	free(process->file[fd]);
	process->file[fd] = copy;
	return 0;
}

static const char *descriptor_name(const struct bel_syscall_tracker *process, uint64_t fd)
{
	return fd < process->files ? process->file[fd] : NULL;
}

int bel_syscall_tracker_fork(struct bel_syscall_tracker *child,
	const struct bel_syscall_tracker *parent, uint32_t pid, uint32_t space, struct bel_err *err)
{
	bel_syscall_tracker_init(child, pid, space);
	child->forked = true;
	child->heap = parent->heap;
	child->top = parent->top;
	if (parent->command && !(child->command = strdup(parent->command)))
		return bel_err_memory(err, "a command");
	if (bel_lackey_shared_fork(&child->shared, &parent->shared, err) < 0) {
		bel_syscall_tracker_release(child);
		return BEL_FAIL;
	}
	for (size_t fd = 0; fd < parent->files; fd++) {
		if (parent->file[fd] && name_descriptor(child, fd, parent->file[fd], err) < 0) {
			bel_syscall_tracker_release(child);
			return BEL_FAIL;
		}
	}
	return 0;
}

void bel_syscall_tracker_exec(struct bel_syscall_tracker *process, uint32_t space)
{
	process->space = space;
	process->thread = 0;
	process->executing = false;
	process->heap = process->top = process->data_end = 0;
	bel_lackey_shared_exec(&process->shared);
}

static int open_done(struct bel_syscall_tracker *process, uint64_t fd, const char *path,
	size_t length, struct bel_err *err)
{
	char *name = strndup(path, length);
	int r = name ? name_descriptor(process, fd, name, err)
		     : bel_err_memory(err, "a file's name");

	free(name);
	return r;
}

/* Keeps the path of an asynchronous open until the second half of the call. */
static int open_waits(struct bel_syscall_tracker *process, const struct bel_lackey_call *call,
	struct bel_err *err)
{
	size_t slot = 0;

	for (size_t i = 0; i < sizeof(process->opening) / sizeof(process->opening[0]); i++) {
		if (!process->opening[i].path || process->opening[i].thread == call->tid)
			slot = i;
	}
	free(process->opening[slot].path);
	process->opening[slot].thread = call->tid;
	process->opening[slot].path = strndup(call->path, call->path_length);
	return process->opening[slot].path ? 0 : bel_err_memory(err, "a file's name");
}

static int open_resumes(struct bel_syscall_tracker *process, const struct bel_lackey_call *call,
	struct bel_err *err)
{
	int r = 0;

	for (size_t i = 0; i < sizeof(process->opening) / sizeof(process->opening[0]); i++) {
		if (!process->opening[i].path || process->opening[i].thread != call->tid)
			continue;
		if (call->success)
			r = name_descriptor(process, call->result, process->opening[i].path, err);
		free(process->opening[i].path);
		process->opening[i].path = NULL;
	}
	return r;
}

static uint16_t protection(uint64_t prot)
{
	return (uint16_t)((prot & PROT_READ ? BEL_MAP_READ : 0) |
			  (prot & PROT_WRITE ? BEL_MAP_WRITE : 0) |
			  (prot & PROT_EXEC ? BEL_MAP_EXEC : 0));
}

static void map_event(struct bel_syscall_tracker *process, const struct bel_lackey_call *call,
	struct bel_event *event)
{
	const uint64_t prot = call->arg[2], flags = call->arg[3];
	const bool file = !(flags & MAP_ANONYMOUS);

	event->type = BEL_EVENT_MAP;
	event->start = call->result;
	event->length = (call->arg[1] + PAGE - 1) & ~(PAGE - 1);
	event->flags = protection(prot);
	event->region = BEL_REGION_MMAP;
	if (flags & MAP_SHARED)
		event->flags |= BEL_MAP_SHARED;
	if (file) {
		event->flags |= BEL_MAP_FILE;
		/* mmap2 (32-bit programs) has the offset in pages. */
		event->offset = call->arg[5] * (strcmp(call->name, "mmap2") == 0 ? PAGE : 1);
		event->name = descriptor_name(process, call->arg[4]);
	}
	if (flags & MAP_STACK)
		event->region = BEL_REGION_STACK;
	else if (file && !(flags & MAP_SHARED) && !(prot & PROT_WRITE) &&
		 (prot & PROT_EXEC || flags & MAP_DENYWRITE))
		event->region = BEL_REGION_TEXT;
	else if ((file && (prot & PROT_WRITE) && !(flags & MAP_SHARED)) ||
		 (!file && (flags & MAP_FIXED) && event->start == process->data_end))
		event->region = BEL_REGION_DATA;
	if (event->region == BEL_REGION_DATA)
		process->data_end = event->start + event->length;
}

/* brk: the first value is the start of the heap. True if *event is to be added. */
static bool brk_event(struct bel_syscall_tracker *process, const struct bel_lackey_call *call,
	struct bel_event *event)
{
	const uint64_t old = process->top;

	if (!process->heap)
		process->heap = process->top = call->result;
	if (call->result < process->heap)
		return false;
	process->top = call->result;
	event->type = BEL_EVENT_GROW;
	event->region = BEL_REGION_HEAP;
	event->start = process->heap;
	event->length = process->top - process->heap;
	return old != process->top && call->arg[0] != 0;
}

/* Calls that change memory: true if *event is to be added. */
static bool memory_event(struct bel_syscall_tracker *process, const struct bel_lackey_call *call,
	struct bel_event *event)
{
	const char *const name = call->name;

	event->start = call->arg[0];
	event->length = (call->arg[1] + PAGE - 1) & ~(PAGE - 1);
	if (strcmp(name, "mmap") == 0 || strcmp(name, "mmap2") == 0) {
		map_event(process, call, event);
	} else if (strcmp(name, "munmap") == 0) {
		event->type = BEL_EVENT_UNMAP;
	} else if (strcmp(name, "mprotect") == 0) {
		event->type = BEL_EVENT_PROTECT;
		event->flags = protection(call->arg[2]);
	} else if (strcmp(name, "mremap") == 0) {
		event->type = BEL_EVENT_REMAP;
		event->start = call->result;
		event->length = (call->arg[2] + PAGE - 1) & ~(PAGE - 1);
		event->value = call->arg[0];
		event->offset = (call->arg[1] + PAGE - 1) & ~(PAGE - 1);
	} else if (strcmp(name, "brk") == 0) {
		return brk_event(process, call, event);
	} else {
		return false;
	}
	return true;
}

static int descriptor_call(struct bel_syscall_tracker *process, const struct bel_lackey_call *call,
	struct bel_err *err)
{
	const char *const name = call->name;

	if (strcmp(name, "close") == 0)
		return name_descriptor(process, call->arg[0], NULL, err);
	if (strncmp(name, "open", 4) == 0 && call->path)
		return open_done(process, call->result, call->path, call->path_length, err);
	if (strcmp(name, "dup") == 0 || strcmp(name, "dup2") == 0 || strcmp(name, "dup3") == 0 ||
		(strcmp(name, "fcntl") == 0 &&
			(call->arg[1] == F_DUPFD || call->arg[1] == F_DUPFD_CLOEXEC))) {
		const char *old = descriptor_name(process, call->arg[0]);

		return call->arg[0] == call->result
			       ? 0
			       : name_descriptor(process, call->result, old, err);
	}
	return 0;
}

int bel_syscall_tracker_call(struct bel_syscall_tracker *process,
	const struct bel_lackey_call *call, struct bel_events *events, uint64_t at,
	struct bel_err *err)
{
	struct bel_event event = {.space = process->space, .at = at};
	const char *const name = call->name;
	int r;

	if (strcmp(name, "execve") == 0)
		process->executing = !call->finished || call->success;
	/* madvise is asynchronous and its range is in the first half; it is assumed to succeed. */
	if (strcmp(name, "madvise") == 0 && call->arg[2] == MADV_DONTNEED) {
		event.type = BEL_EVENT_DISCARD;
		event.start = call->arg[0];
		event.length = (call->arg[1] + PAGE - 1) & ~(PAGE - 1);
		return bel_events_add(events, &event, err);
	}
	if (call->waits)
		return strncmp(name, "open", 4) == 0 && call->path ? open_waits(process, call, err)
								   : 0;
	if (name[0] == '\0')
		return open_resumes(process, call, err);
	if (strcmp(name, "exit_group") == 0)
		return bel_syscall_tracker_end(process, call->arg[0] & 0xff, events, at, err);
	if (!call->success)
		return 0;
	r = bel_lackey_shared_call(&process->shared, call, &event, err);
	if (r > 0 || (r == 0 && memory_event(process, call, &event)))
		return bel_events_add(events, &event, err);
	return r < 0 ? r : descriptor_call(process, call, err);
}

int bel_syscall_tracker_end(struct bel_syscall_tracker *process, uint64_t value,
	struct bel_events *events, uint64_t at, struct bel_err *err)
{
	struct bel_event event = {
		.type = BEL_EVENT_EXIT, .space = process->space, .at = at, .value = value};

	if (process->ended)
		return 0;
	process->ended = true;
	return bel_events_add(events, &event, err);
}
