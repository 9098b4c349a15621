/* SPDX-License-Identifier: MIT */
/*
 * initial_mappings.c: the mappings that exec makes, from ELF files and /proc/PID/maps; and the
 * growth of the stack.
 */
#include "initial_mappings.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE 4096ull
#define STACK_MOST (16ull << 20) /* the largest main stack that Valgrind gives */

enum { SEGMENTS = 64 }; /* segments read from a file, at most */

bool bel_initial_mappings_look(struct bel_initial_mappings *image, pid_t pid)
{
	char path[40], *text = NULL, *grown;
	size_t have = 0, capacity = 0, n;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	do {
		if (capacity - have < 4096) {
			capacity = capacity ? capacity * 2 : 16384;
			grown = realloc(text, capacity);
			if (!grown)
				break;
			text = grown;
		}
		n = fread(text + have, 1, capacity - have - 1, file);
		have += n;
	} while (n > 0);
	fclose(file);
	if (have == 0) {
		free(text);
		return false;
	}
	text[have] = '\0';
	free(image->maps);
	image->maps = text;
	return true;
}

struct mapping {
	uint64_t start, end, offset;
	const char *name; /* not terminated */
	size_t length;
};

/* Reads the mapping in a line of maps. Returns the next line, or NULL at the end. */
static const char *read_mapping(const char *line, struct mapping *map)
{
	const char *end = strchr(line, '\n');
	int name = 0;

	memset(map, 0, sizeof(*map));
	if (!end)
		return NULL;
	if (sscanf(line, "%lx-%lx %*s %lx %*s %*s%n", &map->start, &map->end, &map->offset, &name) <
		3)
		return end + 1;
	map->name = line + name;
	while (map->name < end && *map->name == ' ')
		map->name++;
	map->length = (size_t)(end - map->name);
	return end + 1;
}

/*
 * Finds where a file is mapped from its start. With an empty path: the lowest file of all; its
 * name is written to path.
 */
static bool find_file(const char *maps, char *path, size_t size, uint64_t *start)
{
	struct mapping map;

	while ((maps = read_mapping(maps, &map)) != NULL) {
		if (map.length == 0 || map.length >= size || map.name[0] != '/' || map.offset != 0)
			continue;
		if (path[0] != '\0' &&
			(strlen(path) != map.length || memcmp(path, map.name, map.length) != 0))
			continue;
		memcpy(path, map.name, map.length);
		path[map.length] = '\0';
		*start = map.start;
		return true;
	}
	return false;
}

static int add_map(struct bel_events *events, struct bel_event *event, uint64_t start, uint64_t end,
	struct bel_err *err)
{
	event->start = start & ~(PAGE - 1);
	event->length = ((end + PAGE - 1) & ~(PAGE - 1)) - event->start;
	return event->length ? bel_events_add(events, event, err) : 0;
}

/* Adds one loadable segment: the part in the file, then the rest (bss). */
static int add_segment(const Elf64_Phdr *segment, uint64_t bias, const char *path,
	struct bel_events *events, struct bel_event event, struct bel_err *err)
{
	const uint64_t start = bias + segment->p_vaddr, end = start + segment->p_filesz;
	const uint64_t paged = (end + PAGE - 1) & ~(PAGE - 1);
	int r;

	event.type = BEL_EVENT_MAP;
	event.region = segment->p_flags & PF_W ? BEL_REGION_DATA : BEL_REGION_TEXT;
	event.flags = (uint16_t)((segment->p_flags & PF_R ? BEL_MAP_READ : 0) |
				 (segment->p_flags & PF_W ? BEL_MAP_WRITE : 0) |
				 (segment->p_flags & PF_X ? BEL_MAP_EXEC : 0) | BEL_MAP_FILE);
	event.offset = segment->p_offset & ~(PAGE - 1);
	event.name = path;
	r = segment->p_filesz ? add_map(events, &event, start, end, err) : 0;
	if (r < 0 || start + segment->p_memsz <= paged)
		return r;
	event.flags &= (uint16_t)~BEL_MAP_FILE;
	event.offset = 0;
	event.name = NULL;
	return add_map(
		events, &event, segment->p_filesz ? paged : start, start + segment->p_memsz, err);
}

/* Reads the program headers of a 64-bit or 32-bit ELF file; 0 if it is not one. */
static unsigned read_segments(int fd, Elf64_Phdr segment[SEGMENTS])
{
	Elf32_Phdr narrow[SEGMENTS];
	Elf64_Ehdr head;
	Elf32_Ehdr small;

	if (pread(fd, &head, sizeof(head), 0) == sizeof(head) &&
		memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 &&
		head.e_ident[EI_CLASS] == ELFCLASS64 && head.e_phentsize == sizeof(*segment) &&
		head.e_phnum <= SEGMENTS &&
		pread(fd, segment, head.e_phnum * sizeof(*segment), (off_t)head.e_phoff) ==
			(ssize_t)(head.e_phnum * sizeof(*segment)))
		return head.e_phnum;
	if (pread(fd, &small, sizeof(small), 0) != sizeof(small) ||
		memcmp(small.e_ident, ELFMAG, SELFMAG) != 0 ||
		small.e_ident[EI_CLASS] != ELFCLASS32 || small.e_phentsize != sizeof(*narrow) ||
		small.e_phnum > SEGMENTS ||
		pread(fd, narrow, small.e_phnum * sizeof(*narrow), (off_t)small.e_phoff) !=
			(ssize_t)(small.e_phnum * sizeof(*narrow)))
		return 0;
	for (unsigned i = 0; i < small.e_phnum; i++)
		segment[i] = (Elf64_Phdr){.p_type = narrow[i].p_type,
			.p_flags = narrow[i].p_flags,
			.p_offset = narrow[i].p_offset,
			.p_vaddr = narrow[i].p_vaddr,
			.p_filesz = narrow[i].p_filesz,
			.p_memsz = narrow[i].p_memsz};
	return small.e_phnum;
}

/*
 * Adds the segments of the ELF file mapped at `start`, and copies the name of its interpreter, if
 * any. A file that cannot be read (removed, or not ELF) gives no events.
 */
static int add_file(const char *path, uint64_t start, char interpreter[PATH_MAX],
	struct bel_events *events, const struct bel_event *event, struct bel_err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf64_Phdr segment[SEGMENTS];
	const unsigned segments = fd < 0 ? 0 : read_segments(fd, segment);
	uint64_t bias = 0;
	bool first = true;
	int r = 0;

	interpreter[0] = '\0';
	for (unsigned i = 0; i < segments && r == 0; i++) {
		if (segment[i].p_type == PT_INTERP && segment[i].p_filesz < PATH_MAX) {
			const ssize_t n = pread(
				fd, interpreter, segment[i].p_filesz, (off_t)segment[i].p_offset);

			interpreter[n > 0 ? n : 0] = '\0';
		}
		if (segment[i].p_type != PT_LOAD)
			continue;
		if (first)
			bias = start - (segment[i].p_vaddr & ~(PAGE - 1));
		first = false;
		r = add_segment(&segment[i], bias, path, events, *event, err);
	}
	if (fd >= 0)
		close(fd);
	return r;
}

int bel_initial_mappings_start(struct bel_initial_mappings *image, uint32_t space, uint64_t at,
	struct bel_events *events, struct bel_err *err)
{
	const struct bel_event event = {.space = space, .at = at};
	char path[PATH_MAX] = "", interpreter[PATH_MAX], real[PATH_MAX], none[PATH_MAX];
	uint64_t start;
	int r;

	image->starting = true;
	image->low = image->high = 0;
	/* The program has the lowest address: Valgrind itself is at 0x38000000 or 0x58000000. */
	if (!image->maps || !find_file(image->maps, path, sizeof(path), &start))
		return 0;
	r = add_file(path, start, interpreter, events, &event, err);
	if (r < 0 || interpreter[0] == '\0' || !realpath(interpreter, real) ||
		!find_file(image->maps, real, sizeof(real), &start))
		return r;
	return add_file(real, start, none, events, &event, err);
}

/* The first store shows where the stack is. */
static int find_stack(struct bel_initial_mappings *image, uint64_t pointer, struct bel_event *event,
	struct bel_events *events, struct bel_err *err)
{
	const char *line = image->maps;
	struct mapping map;

	image->starting = false;
	image->low = pointer & ~(PAGE - 1);
	image->high = image->low + PAGE;
	while (line && (line = read_mapping(line, &map)) != NULL) {
		if (map.start <= pointer && pointer < map.end)
			image->high = map.end;
	}
	free(image->maps);
	image->maps = NULL;
	event->type = BEL_EVENT_MAP;
	event->region = BEL_REGION_STACK;
	event->flags = BEL_MAP_READ | BEL_MAP_WRITE;
	return add_map(events, event, image->low, image->high, err);
}

int bel_initial_mappings_watch(struct bel_initial_mappings *image, const struct bel_accesses *batch,
	struct bel_events *events, struct bel_err *err)
{
	struct bel_event event = {.space = batch->space};
	uint64_t extent;
	size_t i = 0;
	int r = 0;

	for (; image->starting && i < batch->count; i++) {
		if (batch->access[i].kind != BEL_STORE)
			continue;
		event.at = i;
		r = find_stack(image, batch->access[i].address, &event, events, err);
	}
	for (; image->low && i < batch->count && r == 0; i++) {
		const uint64_t below = image->low - batch->access[i].address - 1;

		/* Above the stack the difference wraps around and is huge. */
		extent = image->high - image->low;
		if (extent >= STACK_MOST || below >= STACK_MOST - extent)
			continue;
		image->low = batch->access[i].address & ~(PAGE - 1);
		event.type = BEL_EVENT_GROW;
		event.region = BEL_REGION_STACK;
		event.flags = 0;
		event.at = i;
		r = add_map(events, &event, image->low, image->high, err);
	}
	return r;
}

void bel_initial_mappings_fork(
	struct bel_initial_mappings *child, const struct bel_initial_mappings *parent)
{
	memset(child, 0, sizeof(*child));
	child->low = parent->low;
	child->high = parent->high;
}

void bel_initial_mappings_release(struct bel_initial_mappings *image)
{
	free(image->maps);
	memset(image, 0, sizeof(*image));
}
