/* SPDX-License-Identifier: MIT */
/*
 * spec.h: finds policies by name (bel_policy_at() is in belady.h), loads plug-ins, and parses
 * parameters.
 *
 * A list such as "fifo,clock:bit=0,lru-k:k=3,./mine.so:x=1" becomes an array of specs. Every error
 * names the policy and what is valid for it.
 */
#ifndef BEL_SPEC_H
#define BEL_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "belady.h"
#include "err.h"
#include "plugin.h"
#include "policy.h"

#define BEL_PARAMS_MAX 16

struct bel_policy_spec {
	const struct bel_policy *policy; /* static, or inside `plugin` */
	double param[BEL_PARAMS_MAX];    /* defaults, then what the user gave */
	uint32_t given;                  /* bit i: the user gave param[i] */
	struct bel_plugin *plugin;       /* NULL when built in */
};

/*
 * Whether a descriptor has the member and it is not NULL. The descriptor may be from an older
 * header.
 */
#define bel_policy_has(policy, member)                                                             \
	((policy)->size >= offsetof(struct bel_policy, member) + sizeof((policy)->member) &&       \
		(policy)->member)

/* The registered policy with exactly this name, or NULL. */
const struct bel_policy *bel_policy_find(const char *name);

/*
 * Finds a registered policy by its name or one of its other names, with tolerance for spelling
 * (policy.h). BEL_USAGE, with the most similar names, if there is none, or if several match.
 */
int bel_policy_resolve(const char *name, const struct bel_policy **policy, struct bel_err *err);

/* "optimal, Belady", or NULL. Works for older descriptors, too. */
const char *bel_policy_aliases(const struct bel_policy *policy);

/* Whether an element of a list, without its parameters, names a file and not a registered policy. */
bool bel_spec_is_plugin(const char *name);

/*
 * Parses a list. *specs is an array of *count elements; the caller frees it with bel_specs_free().
 */
int bel_specs_parse(
	const char *text, struct bel_policy_spec **specs, size_t *count, struct bel_err *err);

/*
 * The same, but a plug-in that cannot be used is left out and reported to refuse(). It is an error
 * if no policy is left.
 */
int bel_specs_parse_usable(const char *text, struct bel_policy_spec **specs, size_t *count,
	void (*refuse)(void *host, const struct bel_err *why), void *host, struct bel_err *err);

/* The same, all or nothing; `own`, NULL behind the last or NULL, are found before all others. */
int bel_specs_parse_own(const char *text, const struct bel_policy *const *own,
	struct bel_policy_spec **specs, size_t *count, struct bel_err *err);

void bel_specs_free(struct bel_policy_spec *specs, size_t count);

/* Whether all policies are variable-space policies, which ignore frame counts. */
bool bel_specs_variable(const struct bel_policy_spec *specs, size_t count);

/* The number of a policy's parameters. */
size_t bel_policy_params(const struct bel_policy *policy);

/* Whether this host can use a descriptor; otherwise BEL_FAIL with the reason. */
int bel_policy_check(const struct bel_policy *policy, struct bel_err *err);

#endif
