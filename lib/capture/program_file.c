/* SPDX-License-Identifier: MIT */
/* program_file.c: examines a program's file: ELF header, dynamic section, a script's first line. */
#include "program_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#define OUR_OTHER EM_386
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#define OUR_OTHER EM_ARM
#else
#define OUR_MACHINE EM_NONE
#define OUR_OTHER EM_NONE
#endif

/* A file on the disk; only bytes within its size are read. */
struct file {
	const uint8_t *data; /* NULL: the file cannot be read */
	size_t size;
};

static struct file open_file(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct file file = {0};
	struct stat st;
	void *data;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (data != MAP_FAILED)
			file = (struct file){data, (size_t)st.st_size};
	}
	if (fd >= 0)
		close(fd);
	return file;
}

static void close_file(struct file *file)
{
	if (file->data)
		munmap((void *)(uintptr_t)file->data, file->size);
}

static bool read_at(const struct file *file, uint64_t at, void *to, size_t bytes)
{
	if (at > file->size || bytes > file->size - at)
		return false;
	memcpy(to, file->data + at, bytes);
	return true;
}

static bool is_elf(const struct file *file)
{
	return file->data && file->size > EI_CLASS && memcmp(file->data, ELFMAG, SELFMAG) == 0;
}

/* A terminated text within the file; NULL: none. */
static const char *text_at(const struct file *file, uint64_t at)
{
	if (at >= file->size || !memchr(file->data + at, '\0', file->size - at))
		return NULL;
	return (const char *)file->data + at;
}

bool bel_program_file_is_narrow(const char *path)
{
	struct file file = open_file(path);
	const bool narrow = is_elf(&file) && file.data[EI_CLASS] == ELFCLASS32;

	close_file(&file);
	return narrow;
}

/* Whether one of the dynamic symbols starts a sanitizer. */
static bool has_sanitizer(const struct file *file, const Elf64_Shdr *symbols, uint64_t names)
{
	static const char *const begins[] = {
		"__asan_init", "__hwasan_init", "__tsan_init", "__msan_init"};
	Elf64_Sym symbol;

	for (uint64_t i = 0; i < symbols->sh_size / sizeof(symbol); i++) {
		const char *name;

		if (!read_at(
			    file, symbols->sh_offset + i * sizeof(symbol), &symbol, sizeof(symbol)))
			return false;
		/* A weak undefined symbol means that the sanitizer is optional. */
		if (ELF64_ST_BIND(symbol.st_info) == STB_WEAK && symbol.st_shndx == SHN_UNDEF)
			continue;
		name = text_at(file, names + symbol.st_name);
		for (size_t j = 0; name && j < sizeof(begins) / sizeof(*begins); j++) {
			if (strcmp(name, begins[j]) == 0)
				return true;
		}
	}
	return false;
}

bool bel_program_file_is_sanitized(const char *path)
{
	struct file file = open_file(path);
	Elf64_Shdr section, names;
	bool found = false;
	Elf64_Ehdr head;

	if (is_elf(&file) && file.data[EI_CLASS] == ELFCLASS64 &&
		read_at(&file, 0, &head, sizeof(head)) && head.e_shentsize == sizeof(section)) {
		for (unsigned i = 0; i < head.e_shnum && !found; i++) {
			found = read_at(&file, head.e_shoff + i * sizeof(section), &section,
					sizeof(section)) &&
				section.sh_type == SHT_DYNSYM && section.sh_link < head.e_shnum &&
				read_at(&file, head.e_shoff + section.sh_link * sizeof(names),
					&names, sizeof(names)) &&
				has_sanitizer(&file, &section, names.sh_offset);
		}
	}
	close_file(&file);
	return found;
}

/* The interpreter that a script or a dynamic program names; false: none. */
static bool interpreter_of(const struct file *file, char path[PATH_MAX])
{
	Elf64_Ehdr head;
	Elf64_Phdr part;
	const char *name;

	if (file->size > 2 && memcmp(file->data, "#!", 2) == 0) {
		char line[PATH_MAX];
		const size_t most =
			file->size - 2 < sizeof(line) - 1 ? file->size - 2 : sizeof(line) - 1;

		memcpy(line, file->data + 2, most);
		line[most] = '\0';
		line[strcspn(line, "\n")] = '\0';
		return sscanf(line, "%4095s", path) == 1;
	}
	if (!is_elf(file) || file->data[EI_CLASS] != ELFCLASS64 ||
		!read_at(file, 0, &head, sizeof(head)) || head.e_phentsize != sizeof(part))
		return false;
	for (unsigned i = 0; i < head.e_phnum; i++) {
		if (!read_at(file, head.e_phoff + i * sizeof(part), &part, sizeof(part)))
			return false;
		if (part.p_type != PT_INTERP)
			continue;
		name = text_at(file, part.p_offset);
		if (!name || strlen(name) >= PATH_MAX)
			return false;
		memcpy(path, name, strlen(name) + 1);
		return true;
	}
	return false;
}

static bool other_machine(const struct file *file, char *text, size_t size)
{
	Elf64_Half machine;

	if (!read_at(file, offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine)) ||
		machine == OUR_MACHINE || machine == OUR_OTHER || OUR_MACHINE == EM_NONE)
		return false;
	snprintf(text, size, "it is a program for another processor (machine %u of ELF)", machine);
	return true;
}

bool bel_program_file_obstacle(const char *path, char *text, size_t size)
{
	struct file file = open_file(path);
	char interpreter[PATH_MAX];
	struct stat st;
	bool found = true;

	if (stat(path, &st) < 0)
		snprintf(text, size, "it cannot be found: %s", strerror(errno));
	else if ((st.st_mode & S_ISUID && st.st_uid != geteuid()) ||
		 (st.st_mode & S_ISGID && st.st_gid != getegid()))
		snprintf(text, size,
			"it is set-user-ID or set-group-ID: valgrind cannot give it those rights");
	else if (is_elf(&file) && other_machine(&file, text, size))
		found = true;
	else if (file.data && interpreter_of(&file, interpreter) && access(interpreter, X_OK) < 0)
		snprintf(text, size, "its interpreter %.200s cannot be run: %s", interpreter,
			strerror(errno));
	else if (bel_program_file_is_sanitized(path))
		snprintf(text, size,
			"it is built with a sanitizer, which needs addresses that Valgrind uses");
	else
		found = false;
	close_file(&file);
	return found;
}
