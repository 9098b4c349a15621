/* SPDX-License-Identifier: MIT */
/*
 * fail_io.c: the nth system call that moves data fails (fault.h): reads with EIO,
 * writes with ENOSPC. With BEL_FAULT_SHORT set none fails, but each moves
 * at most that many bytes, and every third one is interrupted: which must
 * change no result.
 *
 * stdio inside libc does not come by here: tests limit the file size for that.
 */
#undef _FILE_OFFSET_BITS /* pread and pread64 are two functions here */
#include <dlfcn.h>
#include <sys/types.h>

#include "fault.h"

/* What to do with a call: the number of bytes to ask for, or -1 with errno set. */
static ssize_t allowed(size_t bytes, int error)
{
	static __thread unsigned turn;
	const char *most = getenv("BEL_FAULT_SHORT");

	if (fault_now()) {
		errno = error;
		return -1;
	}
	if (!most || !fault_armed)
		return (ssize_t)bytes;
	if (++turn % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	return bytes < strtoul(most, NULL, 10) ? (ssize_t)bytes : atol(most);
}

#define REAL(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

ssize_t read(int fd, void *to, size_t bytes)
{
	const ssize_t n = allowed(bytes, EIO);

	return n < 0 ? n : REAL(read)(fd, to, (size_t)n);
}

ssize_t pread(int fd, void *to, size_t bytes, off_t offset)
{
	const ssize_t n = allowed(bytes, EIO);

	return n < 0 ? n : REAL(pread)(fd, to, (size_t)n, offset);
}

ssize_t pread64(int fd, void *to, size_t bytes, off64_t offset)
{
	const ssize_t n = allowed(bytes, EIO);

	return n < 0 ? n : REAL(pread64)(fd, to, (size_t)n, offset);
}

ssize_t write(int fd, const void *from, size_t bytes)
{
	const ssize_t n = allowed(bytes, ENOSPC);

	return n < 0 ? n : REAL(write)(fd, from, (size_t)n);
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t offset)
{
	const ssize_t n = allowed(bytes, ENOSPC);

	return n < 0 ? n : REAL(pwrite)(fd, from, (size_t)n, offset);
}

ssize_t pwrite64(int fd, const void *from, size_t bytes, off64_t offset)
{
	const ssize_t n = allowed(bytes, ENOSPC);

	return n < 0 ? n : REAL(pwrite64)(fd, from, (size_t)n, offset);
}
