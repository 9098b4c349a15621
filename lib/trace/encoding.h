/* SPDX-License-Identifier: MIT */
/*
 * encoding.h: in what encoding a text trace comes: UTF-8 and ASCII are read, a
 * byte order mark in front of UTF-8 is passed over, UTF-16 is refused by name.
 *
 * Private to lib/trace. Probes and readers of text see neither the mark nor
 * UTF-16: recognising a format and opening a trace see to it.
 */
#ifndef BEL_ENCODING_H
#define BEL_ENCODING_H

#include "input.h"

/* Bytes of the byte order mark of UTF-8 that the window begins with: 3 or 0. */
size_t bel_encoding_mark(const struct bel_input *input);

/*
 * At the start of a text: drops the mark of UTF-8. BEL_FAIL for UTF-16, with
 * the remedy. Does nothing elsewhere in the input, so that it may be called twice.
 */
int bel_encoding_begin(struct bel_input *input, struct bel_err *err);

#endif
