/* SPDX-License-Identifier: MIT */
/*
 * terminal_width.h: how wide a terminal is.
 *
 *	const size_t width = bel_terminal_columns(stderr);   80; 0: stderr is no terminal
 *
 * Any thread may call it. It cannot fail.
 */
#ifndef BEL_TERMINAL_WIDTH_H
#define BEL_TERMINAL_WIDTH_H

#include <stddef.h>
#include <stdio.h>

/* Columns of the terminal that the file is, 80 if it does not say; 0: the file is no terminal. */
size_t bel_terminal_columns(FILE *file);

#endif
