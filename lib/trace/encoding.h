/* SPDX-License-Identifier: MIT */
/*
 * encoding.h: the encoding of a text trace. UTF-8 and ASCII are read, and a byte
 * order mark before UTF-8 is skipped. UTF-16 is refused.
 *
 * Private to lib/trace. format_guess.c and source.c call it, so probes and readers
 * of text see neither the mark nor UTF-16.
 */
#ifndef BEL_ENCODING_H
#define BEL_ENCODING_H

#include "input.h"

/* Length of the UTF-8 byte order mark at the start of the window: 3, or 0 if there is none. */
size_t bel_encoding_mark(const struct bel_input *input);

/*
 * At the start of a text: drops the UTF-8 mark. BEL_FAIL for UTF-16; the message
 * says how to convert it. Elsewhere it does nothing, so it may be called twice.
 */
int bel_encoding_begin(struct bel_input *input, struct bel_err *err);

#endif
