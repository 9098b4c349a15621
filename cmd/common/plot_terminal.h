/* SPDX-License-Identifier: MIT */
/*
 * plot_terminal.h: how large a picture of letters is.
 */
#ifndef BEL_PLOT_TERMINAL_H
#define BEL_PLOT_TERMINAL_H

#include "script.h"

/* Letters fill the terminal that they go to, else what COLUMNS says, else the script's default. */
void plot_fit_terminal(struct bel_script *script);

#endif
