/* SPDX-License-Identifier: MIT */
/* zram.c: the machine's swap areas, and our own on a zram device. */
#include "zram.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <time.h>
#include <unistd.h>

#define CONTROL "/sys/class/zram-control"
#define ATTEMPTS 100 /* to remove a device that udev may have open, 10 ms apart */

/* The head of a swap area, as mkswap(8) writes it; the magic text is at the end of its page. */
struct head {
	char boot[1024];
	uint32_t version, last_page, bad_pages;
	uint8_t uuid[16];
	char label[16];
};

int bel_swap_find(struct bel_swap_area *area, const char *root, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT], *save = NULL, *line;

	*area = (struct bel_swap_area){.count = 0};
	bel_kernel_path(path, root, "/proc/swaps");
	if (bel_kernel_read(path, text, sizeof(text), err) < 0)
		return BEL_FAIL;
	line = strtok_r(text, "\n", &save); /* the names of the columns */
	while (line && (line = strtok_r(NULL, "\n", &save))) {
		char name[256], type[32];
		uint64_t size, used;

		if (sscanf(line, "%255s %31s %" SCNu64 " %" SCNu64, name, type, &size, &used) !=
				4 ||
			used > size || size > UINT64_MAX >> 10)
			continue;
		area->count++;
		if (!area->name[0] || (size - used) << 10 > area->free_bytes) {
			memcpy(area->name, name, sizeof(name));
			area->free_bytes = (size - used) << 10;
		}
	}
	return 0;
}

bool bel_zram_can_add(const char *root)
{
	char path[BEL_KERNEL_PATH];

	/* Reading this file would add a device. */
	return !access(bel_kernel_path(path, root, CONTROL "/hot_add"), F_OK);
}

unsigned bel_zram_next(const char *root)
{
	char path[BEL_KERNEL_PATH];
	unsigned number = 0;

	while (!access(bel_kernel_path(path, root, "/sys/block/zram%u", number), F_OK))
		number++;
	return number;
}

int bel_zram_add(const char *root, unsigned *number, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];
	uint64_t value;

	bel_kernel_path(path, root, CONTROL "/hot_add");
	if (bel_kernel_read_number(path, &value, err) < 0)
		return BEL_FAIL;
	if (value > INT32_MAX)
		return bel_fail(err, "%s: zram%" PRIu64 " is no device number", path, value);
	*number = (unsigned)value;
	return 0;
}

static int write_head(const char *device, uint64_t bytes, struct bel_err *err)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *const text = calloc(1, page);
	const struct head head = {
		.version = 1,
		.last_page = (uint32_t)(bytes / page - 1),
		.label = BEL_ZRAM_LABEL,
	};
	int fd = -1, r = 0;

	if (!text)
		return bel_err_memory(err, "the head of a swap area");
	memcpy(text, &head, sizeof(head));
	memcpy(text + page - 10, "SWAPSPACE2", 10);
	fd = open(device, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || write(fd, text, page) != (ssize_t)page || fsync(fd))
		r = bel_fail_errno(err, errno, "%s: cannot write a swap area", device);
	if (fd >= 0)
		close(fd);
	free(text);
	return r;
}

static int set(
	const char *root, unsigned number, const char *name, uint64_t value, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[24];

	bel_kernel_path(path, root, "/sys/block/zram%u/%s", number, name);
	snprintf(text, sizeof(text), "%" PRIu64, value);
	return bel_kernel_write(path, text, err);
}

int bel_zram_swapon(const char *root, unsigned number, uint64_t bytes, uint64_t store_bytes,
	struct bel_err *err)
{
	char device[BEL_KERNEL_PATH];

	bel_kernel_path(device, root, "/dev/zram%u", number);
	if (set(root, number, "disksize", bytes, err) < 0 ||
		set(root, number, "mem_limit", store_bytes, err) < 0 ||
		write_head(device, bytes, err) < 0)
		return BEL_FAIL;
	if (swapon(device, 0))
		return bel_fail_errno(err, errno, "%s: cannot swap to it", device);
	return 0;
}

bool bel_zram_is_empty(const char *root, unsigned number)
{
	char path[BEL_KERNEL_PATH], text[256];
	uint64_t bytes;

	bel_kernel_path(path, root, "/sys/block/zram%u/disksize", number);
	if (bel_kernel_read_number(path, &bytes, NULL) == 0 && bytes == 0)
		return true;
	/* The first number of mm_stat counts the bytes that are stored. */
	bel_kernel_path(path, root, "/sys/block/zram%u/mm_stat", number);
	return bel_kernel_read(path, text, sizeof(text), NULL) >= 0 &&
	       sscanf(text, " %" SCNu64 " ", &bytes) == 1 && bytes == 0;
}

/* Whether the device has our label. */
static bool is_ours(const char *device)
{
	struct head head;
	int fd;
	bool ours;

	fd = open(device, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	ours = read(fd, &head, sizeof(head)) == (ssize_t)sizeof(head) &&
	       !strncmp(head.label, BEL_ZRAM_LABEL, sizeof(head.label));
	close(fd);
	return ours;
}

/* Whether the kernel swaps to the device; swapoff() may be refused even if it does not. */
static bool is_swap(const char *root, unsigned number)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT], device[32];

	snprintf(device, sizeof(device), "/dev/zram%u", number);
	bel_kernel_path(path, root, "/proc/swaps");
	/* If the file cannot be read, swapoff() says what is wrong. */
	return bel_kernel_read(path, text, sizeof(text), NULL) < 0 ||
	       bel_kernel_has_word(text, device);
}

int bel_zram_remove(const char *root, unsigned number, struct bel_err *err)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	char device[BEL_KERNEL_PATH], path[BEL_KERNEL_PATH], text[24];
	struct bel_err why = {.error = EBUSY};
	int r = BEL_FAIL;

	bel_kernel_path(path, root, "/sys/block/zram%u", number);
	if (access(path, F_OK))
		return 0;
	bel_kernel_path(device, root, "/dev/zram%u", number);
	/* It is empty if we were killed before its head was written. */
	if (!bel_zram_is_empty(root, number)) {
		if (!is_ours(device))
			return bel_err_set(err, BEL_NO,
				"%s has contents that are not bel-live's: it is left as it is",
				device);
		if (is_swap(root, number) && swapoff(device))
			return bel_fail_errno(err, errno, "%s: cannot end swapping to it", device);
	}
	bel_kernel_path(path, root, CONTROL "/hot_remove");
	snprintf(text, sizeof(text), "%u", number);
	for (int i = 0; i < ATTEMPTS && r < 0 && why.error == EBUSY; i++) {
		if (i)
			nanosleep(&pause, NULL);
		r = bel_kernel_write(path, text, &why);
	}
	return r < 0 ? bel_fail(err, "%s", why.text) : 0;
}
