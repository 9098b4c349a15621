/* SPDX-License-Identifier: MIT */
/*
 * plot_terminal.h: the size of a figure that is drawn with letters.
 */
#ifndef BEL_PLOT_TERMINAL_H
#define BEL_PLOT_TERMINAL_H

#include "script.h"

/*
 * Sets the script's size to that of the terminal. Without a terminal, uses the width in COLUMNS or
 * keeps the script's default.
 */
void plot_fit_terminal(struct bel_script *script);

#endif
