/* SPDX-License-Identifier: MIT */
/* program.h: what a program file is, and why Valgrind cannot run it. */
#ifndef BEL_PROGRAM_H
#define BEL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the program is one of 32 bits, which only lackey runs. */
bool bel_program_is_narrow(const char *path);

/* Whether it is built with a sanitizer that needs the addresses that Valgrind has. */
bool bel_program_is_sanitized(const char *path);

/* Why Valgrind cannot run it, "it is ..."; false if nothing speaks against it. */
bool bel_program_obstacle(const char *path, char *text, size_t size);

#endif
