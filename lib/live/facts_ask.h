/* SPDX-License-Identifier: MIT */
/* facts_ask.h: the questions; private to facts.c and facts_calls.c. */
#ifndef BEL_FACTS_ASK_H
#define BEL_FACTS_ASK_H

#include "facts.h"
#include "kernel_file.h"

/* Each answers through `available`, `detail` and `remedy`, which are false, "" and NULL before. */
void bel_ask_userfaultfd(const char *root, struct bel_fact *fact);
void bel_ask_huge_pages(const char *root, struct bel_fact *fact);
void bel_ask_pagemap_scan(const char *root, struct bel_fact *fact);
void bel_ask_soft_dirty(const char *root, struct bel_fact *fact);
void bel_ask_perf_faults(const char *root, struct bel_fact *fact);

#define bel_fact_detail(FACT, ...) snprintf((FACT)->detail, sizeof((FACT)->detail), __VA_ARGS__)

#endif
