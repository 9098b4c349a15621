/* SPDX-License-Identifier: MIT */
/* kernel_file.c: reads and writes small files of the kernel. */
#include "kernel_file.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *bel_kernel_path(
	char path[static BEL_KERNEL_PATH], const char *root, const char *format, ...)
{
	const int start = snprintf(path, BEL_KERNEL_PATH, "%s", root);
	int rest = -1;
	va_list args;

	if (start >= 0 && start < BEL_KERNEL_PATH) {
		va_start(args, format);
		rest = vsnprintf(path + start, (size_t)(BEL_KERNEL_PATH - start), format, args);
		va_end(args);
	}
	if (rest < 0 || start + rest >= BEL_KERNEL_PATH)
		path[0] = 0;
	return path;
}

int bel_kernel_reread(int fd, char *text, size_t size)
{
	size_t length = 0;

	while (length < size - 1) {
		const ssize_t n = pread(fd, text + length, size - 1 - length, (off_t)length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		length += (size_t)n;
	}
	if (length == size - 1) {
		const char *const newline = memrchr(text, '\n', length);

		length = newline ? (size_t)(newline + 1 - text) : length;
	}
	text[length] = 0;
	return (int)length;
}

int bel_kernel_read(const char *path, char *text, size_t size, struct bel_err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	int length, error;

	text[0] = 0;
	if (fd < 0)
		return bel_fail_open(err, path);
	length = bel_kernel_reread(fd, text, size);
	error = errno;
	close(fd);
	if (length < 0)
		return bel_fail_errno(err, error, "%s: cannot read", path);
	return length;
}

int bel_kernel_write(const char *path, const char *text, struct bel_err *err)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;
	int error;

	if (fd < 0)
		return bel_fail_open(err, path);
	written = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	if (written < 0)
		return bel_fail_errno(err, error, "%s: cannot write '%s'", path, text);
	return 0;
}

/* Parses digits at `text`; *end is behind them. */
static bool digits(const char *text, uint64_t *value, const char **end)
{
	uint64_t sum = 0;

	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum))
			return false;
	*value = sum;
	*end = text;
	return true;
}

bool bel_kernel_number(const char *text, uint64_t *value)
{
	const char *end;
	uint64_t number;

	if (!digits(text, &number, &end) || (*end && strcmp(end, "\n") != 0))
		return false;
	*value = number;
	return true;
}

bool bel_kernel_field(const char *text, const char *name, uint64_t *value)
{
	const size_t length = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *rest, *end;
		uint64_t number;

		line += *line == '\n';
		if (strncmp(line, name, length) != 0)
			continue;
		rest = line + length + (line[length] == ':');
		if (*rest != ' ' && *rest != '\t')
			continue;
		rest += strspn(rest, " \t");
		if (!digits(rest, &number, &end) || !strchr(" \n", *end))
			continue;
		*value = number;
		return true;
	}
	return false;
}

int bel_kernel_read_number(const char *path, uint64_t *value, struct bel_err *err)
{
	char text[64];

	if (bel_kernel_read(path, text, sizeof(text), err) < 0)
		return BEL_FAIL;
	if (!bel_kernel_number(text, value))
		return bel_fail(err, "%s: expected a number, found '%s'", path, text);
	return 0;
}

int bel_kernel_memory(
	const char *root, uint64_t *total_bytes, uint64_t *available_bytes, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT];
	uint64_t total, available;

	bel_kernel_path(path, root, "/proc/meminfo");
	if (bel_kernel_read(path, text, sizeof(text), err) < 0)
		return BEL_FAIL;
	if (!bel_kernel_field(text, "MemTotal", &total) ||
		!bel_kernel_field(text, "MemAvailable", &available) || total > UINT64_MAX >> 10 ||
		available > total)
		return bel_fail(err, "%s: no MemTotal or MemAvailable", path);
	*total_bytes = total << 10;
	*available_bytes = available << 10;
	return 0;
}

int bel_kernel_swap_counts(const char *root, char text[static BEL_KERNEL_TEXT], uint64_t *in,
	uint64_t *out, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	bel_kernel_path(path, root, "/proc/vmstat");
	if (bel_kernel_read(path, text, BEL_KERNEL_TEXT, err) < 0)
		return BEL_FAIL;
	if (!bel_kernel_field(text, "pswpin", in) || !bel_kernel_field(text, "pswpout", out))
		return bel_fail(err, "%s: no pswpin or pswpout", path);
	return 0;
}

enum bel_kernel_mglru bel_kernel_mglru(const char *root, unsigned *bits)
{
	char path[BEL_KERNEL_PATH], text[32], *end;
	unsigned long value;

	if (bits)
		*bits = 0;
	bel_kernel_path(path, root, "/sys/kernel/mm/lru_gen/enabled");
	if (bel_kernel_read(path, text, sizeof(text), NULL) < 0 || strncmp(text, "0x", 2) != 0)
		return BEL_MGLRU_NONE;
	value = strtoul(text, &end, 16);
	if (end == text + 2 || (*end && strcmp(end, "\n") != 0) || value > UINT16_MAX)
		return BEL_MGLRU_NONE;
	if (bits)
		*bits = (unsigned)value;
	return value & 1 ? BEL_MGLRU_ON : BEL_MGLRU_OFF;
}

bool bel_kernel_has_word(const char *text, const char *word)
{
	const size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += length)
		if ((at == text || strchr(" \n", at[-1])) && strchr(" \n", at[length]))
			return true;
	return false;
}
