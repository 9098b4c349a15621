/* SPDX-License-Identifier: MIT */
/* plot_terminal.c: the size of the terminal, for figures drawn with letters. */
#include "plot_terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

void plot_fit_terminal(struct bel_script *script)
{
	const char *columns = getenv("COLUMNS");
	const int wide = columns ? atoi(columns) : 0;
	struct winsize size = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 40 && size.ws_row > 12) {
		script->width = size.ws_col - 1U;
		script->height = size.ws_row - 2U;
	} else if (wide > 40 && wide <= 1000) {
		script->width = (unsigned)wide - 1U;
		script->height = script->width * 3 / 10;
	}
}
