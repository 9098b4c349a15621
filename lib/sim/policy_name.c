/* SPDX-License-Identifier: MIT */
/* policy_name.c: finds policies by any of their names. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distance.h"
#include "spec.h"

enum { NAME_MAX_BYTES = 64, LISTED_MAX = 8 };

/* "fifo, random": for messages. */
struct candidates {
	const struct bel_policy *policy[LISTED_MAX];
	size_t count;
};

static void add(struct candidates *found, const struct bel_policy *policy)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->policy[i] == policy)
			return;
	if (found->count < LISTED_MAX)
		found->policy[found->count++] = policy;
}

static void print_candidates(const struct candidates *found, char *text, size_t size)
{
	size_t used = 0;

	*text = 0;
	for (size_t i = 0; i < found->count && used < size; i++)
		used += (size_t)snprintf(
			text + used, size - used, "%s%s", i ? ", " : "", found->policy[i]->name);
}

/* A name without what spelling may vary: "s3fifo" for "S3-FIFO". */
struct plain {
	char text[NAME_MAX_BYTES]; /* "": no such characters, or too long */
};

static struct plain plain_of(const char *name, size_t length)
{
	struct plain plain = {""};
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		const char c = name[i];

		if (used + 5 > sizeof(plain.text))
			return (struct plain){""};
		if (strchr(" -_.'", c))
			continue;
		if (c == '+')
			used = (size_t)(stpcpy(plain.text + used, "plus") - plain.text);
		else
			plain.text[used++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	plain.text[used] = 0;
	return plain;
}

/* The next name of a list and its length; NULL: none. */
static const char *next_alias(const char **rest, size_t *length)
{
	const char *alias = *rest;

	if (!alias)
		return NULL;
	alias += strspn(alias, " ");
	*length = strcspn(alias, ",");
	*rest = alias[*length] ? alias + *length + 1 : NULL;
	return alias;
}

static bool has_alias(const struct bel_policy *policy, const struct plain *name)
{
	const char *rest = bel_policy_aliases(policy), *alias;
	size_t length;

	while ((alias = next_alias(&rest, &length)))
		if (!strcmp(plain_of(alias, length).text, name->text))
			return true;
	return false;
}

/* The distance from the nearest of a policy's names. */
static size_t distance_to(const struct bel_policy *policy, const struct plain *name)
{
	const char *rest = bel_policy_aliases(policy), *alias;
	size_t least = bel_distance(plain_of(policy->name, strlen(policy->name)).text, name->text);
	size_t length;

	while ((alias = next_alias(&rest, &length))) {
		const size_t d = bel_distance(plain_of(alias, length).text, name->text);

		least = d < least ? d : least;
	}
	return least;
}

/* Whether "mine" is mine.so in this folder, which is given as ./mine.so. */
static bool is_file(const char *name)
{
	char *file = NULL;
	const bool there = asprintf(&file, "%s.so", name) >= 0 && access(file, F_OK) == 0;

	free(file);
	return there;
}

static int unknown_policy(const char *name, const struct plain *plain, struct bel_err *err)
{
	const struct bel_policy *policy;
	struct candidates near = {.count = 0};
	size_t most = 1 + strlen(plain->text) / 6;
	char text[200];

	if (is_file(name))
		return bel_usage(err, "unknown policy '%s'; the file is -p ./%s.so", name, name);
	for (size_t i = 0; *plain->text && (policy = bel_policy_at(i)); i++) {
		const size_t d = distance_to(policy, plain);

		if (d < most)
			near.count = 0;
		if (d <= most) {
			add(&near, policy);
			most = d;
		}
	}
	print_candidates(&near, text, sizeof(text));
	return bel_usage(err, "unknown policy '%s'%s%s; -p list shows all policies", name,
		near.count ? ", similar to " : "", text);
}

int bel_policy_resolve(const char *name, const struct bel_policy **policy, struct bel_err *err)
{
	const struct plain plain = plain_of(name, strlen(name));
	struct candidates found = {.count = 0};
	char text[200];

	*policy = bel_policy_find(name);
	if (*policy)
		return BEL_OK;
	/* A policy's own name, in any spelling, takes precedence over other names. */
	for (size_t i = 0; *plain.text && (*policy = bel_policy_at(i)); i++)
		if (!strcmp(plain_of((*policy)->name, strlen((*policy)->name)).text, plain.text))
			return BEL_OK;
	for (size_t i = 0; *plain.text && (*policy = bel_policy_at(i)); i++)
		if (has_alias(*policy, &plain))
			add(&found, *policy);
	if (!found.count)
		return unknown_policy(name, &plain, err);
	*policy = found.policy[0];
	if (found.count == 1)
		return BEL_OK;
	print_candidates(&found, text, sizeof(text));
	return bel_usage(err, "'%s' means several policies: %s; give one of these", name, text);
}
