/* SPDX-License-Identifier: MIT */
/* registry.c: the registered policies, and checks of a descriptor. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "spec.h"

/*
 * The bounds of the section that BEL_POLICY() fills. The linker defines them if the section
 * exists.
 */
extern const struct bel_policy *const __start_bel_policies[] __attribute__((weak));
extern const struct bel_policy *const __stop_bel_policies[] __attribute__((weak));

const struct bel_policy *bel_policy_at(size_t index)
{
	const struct bel_policy *const *start = __start_bel_policies;
	const struct bel_policy *const *stop = __stop_bel_policies;

	/* Does not depend on link order: finds the policy with `index` names before it. */
	for (const struct bel_policy *const *at = start; at < stop; at++) {
		size_t before = 0;

		for (const struct bel_policy *const *other = start; other < stop; other++) {
			const int order = strcmp((*other)->name, (*at)->name);

			/* Two policies may have the same name, for example if a file was copied. */
			before += order < 0 || (order == 0 && other < at);
		}
		if (before == index)
			return *at;
	}
	return NULL;
}

const char *bel_policy_name(const struct bel_policy *policy)
{
	return policy->name;
}

const char *bel_policy_title(const struct bel_policy *policy)
{
	return policy->title;
}

const struct bel_policy *bel_policy_find(const char *name)
{
	const struct bel_policy *policy;

	for (size_t i = 0; (policy = bel_policy_at(i)); i++)
		if (!strcmp(policy->name, name))
			return policy;
	return NULL;
}

const char *bel_policy_aliases(const struct bel_policy *policy)
{
	return bel_policy_has(policy, aliases) ? policy->aliases : NULL;
}

size_t bel_policy_params(const struct bel_policy *policy)
{
	size_t count = 0;

	if (policy->params)
		while (policy->params[count].name)
			count++;
	return count;
}

static bool name_sound(const char *name)
{
	return name && *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

/*
 * Whether other names have only printable characters that do not separate policies or parameters.
 */
static bool aliases_sound(const char *aliases)
{
	for (const char *c = aliases; c && *c; c++)
		if (*c < ' ' || *c > '~' || strchr(":=/", *c))
			return false;
	return true;
}

static int check_params(const struct bel_policy *policy, struct bel_err *err)
{
	if (bel_policy_params(policy) > BEL_PARAMS_MAX)
		return bel_fail(
			err, "%s: has more than %d parameters", policy->name, BEL_PARAMS_MAX);
	for (size_t i = 0; i < bel_policy_params(policy); i++) {
		const struct bel_param *param = &policy->params[i];

		if (!(param->min <= param->value && param->value <= param->max))
			return bel_fail(
				err, "%s: %s: default is out of range", policy->name, param->name);
		if (!param->unit || !param->help)
			return bel_fail(
				err, "%s: %s: unit or help is missing", policy->name, param->name);
	}
	return 0;
}

/* Checks who creates and frees an instance: the engine if there is init(), otherwise the policy. */
static int check_instance(const struct bel_policy *policy, struct bel_err *err)
{
	if (bel_policy_has(policy, init)) {
		if (policy->create)
			return bel_fail(err, "%s: has both create and init", policy->name);
		if (!policy->instance_bytes)
			return bel_fail(err, "%s: instance_bytes is missing", policy->name);
	} else if (!policy->create || !policy->destroy) {
		return bel_fail(err, "%s: create or destroy is missing", policy->name);
	}
	return 0;
}

int bel_policy_check(const struct bel_policy *policy, struct bel_err *err)
{
	/* Only size and abi may be read before these two are checked. */
	if (policy->abi != BEL_ABI)
		return bel_fail(
			err, "policy was built for interface %u, this is %d", policy->abi, BEL_ABI);
	/* Members from `show` on were added later; a descriptor may lack them. */
	if (policy->size < offsetof(struct bel_policy, show))
		return bel_fail(err, "policy descriptor has %u bytes, not %zu", policy->size,
			sizeof(*policy));
	if (!name_sound(policy->name))
		return bel_fail(
			err, "policy name must have only lower-case letters, digits and '-'");
	if (!policy->title || !policy->source)
		return bel_fail(err, "%s: title or source is missing", policy->name);
	if (check_instance(policy, err) < 0)
		return BEL_FAIL;
	if (!policy->hooks || !policy->hooks->fault || !policy->hooks->drop)
		return bel_fail(err, "%s: hook fault or drop is missing", policy->name);
	if (!aliases_sound(bel_policy_aliases(policy)))
		return bel_fail(err, "%s: other names hold more than letters, digits and blanks",
			policy->name);
	return check_params(policy, err);
}
