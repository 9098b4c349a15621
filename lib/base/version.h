/* SPDX-License-Identifier: MIT */
/* version.h: which belady this is. The Makefile reads it here, too. */
#ifndef BEL_VERSION_H
#define BEL_VERSION_H

#define BEL_VERSION "1.0.0"

#endif
