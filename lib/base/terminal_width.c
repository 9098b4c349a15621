/* SPDX-License-Identifier: MIT */
/* terminal_width.c: the width of a terminal. */
#include "terminal_width.h"

#include <sys/ioctl.h>
#include <unistd.h>

size_t bel_terminal_columns(FILE *file)
{
	struct winsize size;
	const int fd = fileno(file);

	if (fd < 0 || !isatty(fd))
		return 0;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}
