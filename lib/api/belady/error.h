/* SPDX-License-Identifier: MIT */
/*
 * error.h: why a call failed.
 *
 * A function that can fail returns 0 (or a count) on success and a negative enum bel_code on
 * failure, and then fills the struct bel_err that its caller owns. The text is lower-case, names
 * the subject first (file, then position) and has no full stop: "ls.bel: byte 8192: block checksum
 * mismatch". To learn why a system call failed, look at `error` and not at the text: the text has
 * file names, and a file may be called "Broken pipe". The structure is part of the ABI and does
 * not change.
 */
#ifndef BELADY_ERROR_H
#define BELADY_ERROR_H

enum bel_code {
	BEL_OK = 0,
	BEL_NO = -1,    /* the answer is no: a comparison or verification failed */
	BEL_USAGE = -2, /* the request is invalid: wrong arguments */
	BEL_FAIL = -3,  /* bad input, or the system refused */
};

struct bel_err {
	int code; /* a negative enum bel_code once set */
	/*
	 * The errno of the system call that failed. EOVERFLOW: a limit of this library was reached;
	 * the input may be good. 0: neither.
	 */
	int error;
	char text[600]; /* always terminated; long texts are cut */
};

#endif
