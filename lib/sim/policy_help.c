/* SPDX-License-Identifier: MIT */
/* policy_help.c: prints the policies' descriptors for people. */
#include "policy_help.h"

#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* What a policy sees of references that hit. */
static const char *sight(const struct bel_policy *policy)
{
	if (policy->caps & BEL_POLICY_FUTURE)
		return "future";
	if (policy->caps & BEL_POLICY_BITS)
		return "bits";
	return policy->hooks->hit ? "references" : "faults";
}

/*
 * One line for each registered policy: name, what it sees (bel-policies(7)), its space, title,
 * other names.
 */
static void print_list(FILE *stream)
{
	const struct bel_policy *policy;
	int width = 0;

	for (size_t i = 0; (policy = bel_policy_at(i)); i++)
		if ((int)strlen(policy->name) > width)
			width = (int)strlen(policy->name);
	for (size_t i = 0; (policy = bel_policy_at(i)); i++) {
		const char *aliases = bel_policy_aliases(policy);

		fprintf(stream, "%-*s  %-10s  %-8s  %s%s%s%s\n", width, policy->name, sight(policy),
			policy->caps & BEL_POLICY_VARIABLE ? "variable" : "fixed", policy->title,
			aliases ? " (also: " : "", aliases ? aliases : "", aliases ? ")" : "");
	}
}

/* Prints "tau=10000" in a column of `width`. Returns its own width. */
static int print_default(const struct bel_param *param, int width, FILE *stream)
{
	char text[100];
	int length;

	if (param->type == BEL_PARAM_SWITCH)
		length = snprintf(
			text, sizeof(text), "%s=%s", param->name, param->value != 0 ? "on" : "off");
	else
		length = snprintf(text, sizeof(text), "%s=%.16g", param->name, param->value);
	if (stream)
		fprintf(stream, "  %-*s  ", width, text);
	return length;
}

static void print_param(const struct bel_param *param, int width, FILE *stream)
{
	print_default(param, width, stream);
	if (param->type == BEL_PARAM_SWITCH)
		fprintf(stream, "%s (on or off)\n", param->help);
	else
		fprintf(stream, "%s (%.16g..%.16g%s%s)\n", param->help, param->min, param->max,
			*param->unit ? " " : "", param->unit);
}

static void print_memory(const struct bel_policy *policy, FILE *stream)
{
	struct bel_policy_spec spec = {.policy = policy};
	struct bel_sim_setup setup = {.spec = &spec};
	struct bel_err err;
	struct bel_sim *sim;

	for (size_t i = 0; i < bel_policy_params(policy); i++)
		spec.param[i] = policy->params[i].value;
	setup.frames = policy->caps & BEL_POLICY_VARIABLE ? 0 : 1;
	sim = bel_sim_new(&setup, &err);
	if (sim)
		fprintf(stream, "memory: %zu bytes a page\n", bel_sim_page_bytes(sim));
	bel_sim_free(sim);
}

/* Title, source, properties, and each parameter with its unit, default and range. */
static void print_help(const struct bel_policy *policy, FILE *stream)
{
	const size_t params = bel_policy_params(policy);
	int width = 0;

	fprintf(stream, "%s: %s\n", policy->name, policy->title);
	if (bel_policy_aliases(policy))
		fprintf(stream, "other names: %s\n", bel_policy_aliases(policy));
	fprintf(stream, "source: %s\n", policy->source);
	fprintf(stream, "space: %s\n",
		policy->caps & BEL_POLICY_VARIABLE ? "variable; takes no frames" : "fixed");
	fprintf(stream, "sees: %s\n", sight(policy));
	print_memory(policy, stream);
	if (policy->caps & BEL_POLICY_FUTURE)
		fprintf(stream, "needs the future: the trace is read and kept before it starts\n");
	if (policy->caps & BEL_POLICY_STACK)
		fprintf(stream, "inclusion: more frames never give more faults\n");
	if (policy->caps & BEL_POLICY_OPTIMAL)
		fprintf(stream, "optimal: no fixed-space policy has fewer faults\n");
	fprintf(stream, params ? "parameters, with defaults:\n" : "parameters: none\n");
	for (size_t i = 0; i < params; i++) {
		const int length = print_default(&policy->params[i], 0, NULL);

		width = length > width ? length : width;
	}
	for (size_t i = 0; i < params; i++)
		print_param(&policy->params[i], width, stream);
}

int bel_policy_describe(const char *text, FILE *stream, struct bel_err *err)
{
	const size_t length = strlen(text), help = strlen(":help");
	struct bel_policy_spec *specs;
	size_t count;
	char *names;
	int r;

	if (!strcmp(text, "list")) {
		print_list(stream);
		return 1;
	}
	if (length <= help || strcmp(text + length - help, ":help") != 0)
		return 0;
	names = strndup(text, length - help);
	if (!names)
		return bel_err_memory(err, "policies");
	r = bel_specs_parse(names, &specs, &count, err);
	free(names);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		print_help(specs[i].policy, stream);
	bel_specs_free(specs, count);
	return 1;
}
