/* SPDX-License-Identifier: MIT */
/*
 * spec.h: policies by name: registry (bel_policy_at() of belady.h), plug-ins, parameters.
 *
 * A list such as "fifo,clock:bit=0,lru-k:k=3,./mine.so:x=1" becomes an array
 * of specs. Every error names the policy and what it would have taken.
 */
#ifndef BEL_SPEC_H
#define BEL_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "belady.h"
#include "err.h"
#include "policy.h"

#define BEL_PARAMS_MAX 16

struct bel_policy_spec {
	const struct bel_policy *policy; /* static, or inside `plugin` */
	double param[BEL_PARAMS_MAX];    /* defaults, then what the user gave */
	uint32_t given;                  /* bit i: param[i] is the user's */
	void *plugin;                    /* dlopen handle; NULL when built in */
};

/* Whether a descriptor, which may be of an older header, has the member, and it is not NULL. */
#define bel_policy_has(policy, member)                                                             \
	((policy)->size >= offsetof(struct bel_policy, member) + sizeof((policy)->member) &&       \
		(policy)->member)

/* The registered policy of that very name, or NULL. */
const struct bel_policy *bel_policy_find(const char *name);

/*
 * The registered policy that people mean: by its name or one of its other names, however they are
 * spelt (policy.h). BEL_USAGE if there is none, with the nearest, or if there are several.
 */
int bel_policy_resolve(const char *name, const struct bel_policy **policy, struct bel_err *err);

/* "optimal, Belady", or NULL; of descriptors that are older than these, too. */
const char *bel_policy_aliases(const struct bel_policy *policy);

/* Parses a list; *specs is an array of *count owned by the caller, freed with bel_specs_free(). */
int bel_specs_parse(
	const char *text, struct bel_policy_spec **specs, size_t *count, struct bel_err *err);

/*
 * The same, but plug-ins that cannot be used are left out, each told to refuse(): the others
 * stand. If none is left it is an error.
 */
int bel_specs_parse_usable(const char *text, struct bel_policy_spec **specs, size_t *count,
	void (*refuse)(void *host, const struct bel_err *why), void *host, struct bel_err *err);

/* The same, all or nothing; `own`, NULL behind the last or NULL, are found before all others. */
int bel_specs_parse_own(const char *text, const struct bel_policy *const *own,
	struct bel_policy_spec **specs, size_t *count, struct bel_err *err);

void bel_specs_free(struct bel_policy_spec *specs, size_t count);

/* Whether all of them size their resident sets themselves, so that frame counts say nothing. */
bool bel_specs_variable(const struct bel_policy_spec *specs, size_t count);

/* Number of parameters of a policy. */
size_t bel_policy_params(const struct bel_policy *policy);

/* Whether a descriptor's figures can be read by this host; else BEL_FAIL with the reason. */
int bel_policy_check(const struct bel_policy *policy, struct bel_err *err);

#endif
