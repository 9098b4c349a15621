/* SPDX-License-Identifier: MIT */
/* spec.c: parses "clock:bit=0,./mine.so:x=1" into policies with their parameters. */
#include "spec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* "fifo, lru, opt": for messages; cut if too long. */
struct words {
	char text[400];
	size_t length;
};

static void words_add(struct words *list, const char *word)
{
	const size_t capacity = sizeof(list->text) - list->length;
	const int n = snprintf(
		list->text + list->length, capacity, "%s%s", list->length ? ", " : "", word);

	if (n > 0)
		list->length += (size_t)n < capacity ? (size_t)n : capacity - 1;
}

static int unknown_param(const struct bel_policy *policy, const char *key, struct bel_err *err)
{
	struct words list = {.length = 0};

	if (!bel_policy_params(policy))
		return bel_usage(err, "%s: unknown parameter '%s'; it has none", policy->name, key);
	for (size_t i = 0; i < bel_policy_params(policy); i++)
		words_add(&list, policy->params[i].name);
	return bel_usage(
		err, "%s: unknown parameter '%s'; it has: %s", policy->name, key, list.text);
}

/* Parses a value; does not check the range. */
static int parse_value(const struct bel_param *param, const char *text, const char *what,
	double *value, struct bel_err *err)
{
	const char *digits = *text == '-' ? text + 1 : text;
	uint64_t number;
	char *end;

	if (param->type == BEL_PARAM_SWITCH && (!strcmp(text, "on") || !strcmp(text, "off"))) {
		*value = !strcmp(text, "on");
		return 0;
	}
	if (param->type == BEL_PARAM_REAL) {
		*value = strtod(text, &end);
		if (end == text || *end || !isfinite(*value))
			return bel_usage(err, "%s: '%s' is not a number", what, text);
		return 0;
	}
	if (bel_parse_number(digits, what, &number, err) < 0)
		return BEL_USAGE;
	*value = digits == text ? (double)number : -(double)number;
	return 0;
}

static int parse_param(struct bel_policy_spec *spec, char *text, struct bel_err *err)
{
	const struct bel_policy *policy = spec->policy;
	char *equals = strchr(text, '=');
	const size_t count = bel_policy_params(policy);
	const struct bel_param *param;
	char what[128];
	size_t i = 0;
	double value;

	if (!equals)
		return bel_usage(err, "%s: '%s' is not KEY=VALUE; -p %s:help prints the keys",
			policy->name, text, policy->name);
	*equals = 0;
	while (i < count && strcmp(policy->params[i].name, text) != 0)
		i++;
	if (i == count)
		return unknown_param(policy, text, err);
	if (spec->given & 1u << i)
		return bel_usage(err, "%s: %s: is given twice", policy->name, text);
	spec->given |= 1u << i;
	param = &policy->params[i];
	snprintf(what, sizeof(what), "%s: %s", policy->name, param->name);
	if (parse_value(param, equals + 1, what, &value, err) < 0)
		return BEL_USAGE;
	if (value < param->min || value > param->max)
		return bel_usage(err, "%s: %s is not in %.16g..%.16g", what, equals + 1, param->min,
			param->max);
	spec->param[i] = value;
	return 0;
}

/* The policy with exactly this name in a list that ends with NULL; NULL: there is none. */
static const struct bel_policy *find_own(const struct bel_policy *const *own, const char *name)
{
	for (; own && *own; own++)
		if ((*own)->name && !strcmp((*own)->name, name))
			return *own;
	return NULL;
}

bool bel_spec_is_plugin(const char *name)
{
	const size_t length = strlen(name);

	return strchr(name, '/') || (length > 3 && !strcmp(name + length - 3, ".so"));
}

/* Parses one element of the list; modifies the text. */
static int parse_one(struct bel_policy_spec *spec, const struct bel_policy *const *own, char *text,
	struct bel_err *err)
{
	char *rest = text;
	const char *name = strsep(&rest, ":");

	if (!*name)
		return bel_usage(err, "the list of policies has an empty name");
	if (bel_spec_is_plugin(name)) {
		spec->plugin = bel_plugin_open(name, err);
		if (!spec->plugin)
			return BEL_FAIL;
		spec->policy = spec->plugin->policy;
	} else {
		int r = BEL_OK;

		spec->policy = find_own(own, name);
		if (!spec->policy)
			r = bel_policy_resolve(name, &spec->policy, err);
		if (r < 0)
			return r;
		if (bel_policy_check(spec->policy, err) < 0)
			return BEL_FAIL;
	}
	for (size_t i = 0; i < bel_policy_params(spec->policy); i++)
		spec->param[i] = spec->policy->params[i].value;
	while (rest) {
		int r = parse_param(spec, strsep(&rest, ":"), err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int parse_list(const char *text, const struct bel_policy *const *own,
	struct bel_policy_spec **specs, size_t *count,
	void (*refuse)(void *host, const struct bel_err *why), void *host, struct bel_err *err)
{
	struct bel_policy_spec *list = NULL;
	char *copy = strdup(text), *rest = copy;
	size_t n = 0;
	int r = 0;

	if (!copy)
		return bel_err_memory(err, "policies");
	while (rest && r == 0) {
		struct bel_policy_spec *more = reallocarray(list, n + 1, sizeof(*list));

		if (!more) {
			r = bel_err_memory(err, "policies");
			break;
		}
		list = more;
		memset(&list[n], 0, sizeof(*list));
		r = parse_one(&list[n++], own, strsep(&rest, ","), err);
		/*
		 * A plug-in that was not loaded does not affect the others, but at least one
		 * policy must remain.
		 */
		if (r == BEL_FAIL && refuse && (rest || n > 1)) {
			refuse(host, err);
			n--;
			r = 0;
		}
	}
	free(copy);
	if (r < 0) {
		bel_specs_free(list, n);
		return r;
	}
	*specs = list;
	*count = n;
	return 0;
}

int bel_specs_parse_usable(const char *text, struct bel_policy_spec **specs, size_t *count,
	void (*refuse)(void *host, const struct bel_err *why), void *host, struct bel_err *err)
{
	return parse_list(text, NULL, specs, count, refuse, host, err);
}

int bel_specs_parse_own(const char *text, const struct bel_policy *const *own,
	struct bel_policy_spec **specs, size_t *count, struct bel_err *err)
{
	return parse_list(text, own, specs, count, NULL, NULL, err);
}

int bel_specs_parse(
	const char *text, struct bel_policy_spec **specs, size_t *count, struct bel_err *err)
{
	return parse_list(text, NULL, specs, count, NULL, NULL, err);
}

bool bel_specs_variable(const struct bel_policy_spec *specs, size_t count)
{
	bool variable = true;

	for (size_t i = 0; i < count; i++)
		variable &= (specs[i].policy->caps & BEL_POLICY_VARIABLE) != 0;
	return variable;
}

void bel_specs_free(struct bel_policy_spec *specs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bel_plugin_close(specs[i].plugin);
	free(specs);
}
