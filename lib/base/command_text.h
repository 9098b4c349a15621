/* SPDX-License-Identifier: MIT */
/* command_text.h: a command line as one text. */
#ifndef BEL_COMMAND_TEXT_H
#define BEL_COMMAND_TEXT_H

/* The words of a command, NULL at the end, quoted for a shell. free(); NULL: out of memory. */
char *bel_command_text(char *const *argv);

#endif
