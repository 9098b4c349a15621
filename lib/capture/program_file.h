/* SPDX-License-Identifier: MIT */
/* program_file.h: examines a program file: what it is, and why Valgrind cannot run it. */
#ifndef BEL_PROGRAM_FILE_H
#define BEL_PROGRAM_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether it is a 32-bit program, which only lackey can run. */
bool bel_program_file_is_narrow(const char *path);

/* Whether it is built with a sanitizer that needs the addresses that Valgrind uses. */
bool bel_program_file_is_sanitized(const char *path);

/* Why Valgrind cannot run it, as "it is ..."; false if no reason was found. */
bool bel_program_file_obstacle(const char *path, char *text, size_t size);

#endif
