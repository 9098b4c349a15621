/* SPDX-License-Identifier: MIT */
/* pages_probe.h: the probes of the formats pages and letters. Private to lib/formats. */
#ifndef BEL_PAGES_PROBE_H
#define BEL_PAGES_PROBE_H

#include "format.h"

enum bel_probe_verdict bel_pages_probe(struct bel_probe *probe);
enum bel_probe_verdict bel_letters_probe(struct bel_probe *probe);

#endif
