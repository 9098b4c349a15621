/* SPDX-License-Identifier: MIT */
/* curve_spec.c: the policies whose curves are requested, and the choice of an algorithm. */
#include "curve_spec.h"

#include <stdlib.h>
#include <string.h>

static const struct bel_curve_algorithm *algorithm_of(const char *policy)
{
	const struct bel_curve_algorithm *a;

	for (size_t i = 0; (a = bel_curve_at(i)); i++)
		if (!strcmp(a->policy, policy))
			return a;
	return NULL;
}

/* The value of a policy's parameter; false if it has no such parameter. */
static bool param_value(const struct bel_policy_spec *spec, const char *name, double *value)
{
	for (size_t i = 0; i < bel_policy_params(spec->policy); i++)
		if (!strcmp(spec->policy->params[i].name, name)) {
			*value = spec->param[i];
			return true;
		}
	return false;
}

/* Whether the algorithm supports these parameters; fills its own. */
static bool takes_params(
	const struct bel_curve_algorithm *a, const struct bel_policy_spec *spec, double param[8])
{
	size_t n = 0;

	for (; a->params && a->params[n].name && n < 8; n++)
		if (!param_value(spec, a->params[n].name, &param[n]))
			param[n] = a->params[n].value;
	for (size_t i = 0; i < bel_policy_params(spec->policy); i++) {
		const struct bel_param *p = &spec->policy->params[i];
		bool known = a->caps & BEL_CURVE_WINDOWS && !strcmp(p->name, "tau");

		for (size_t k = 0; k < n; k++)
			known |= !strcmp(a->params[k].name, p->name);
		if (!known && spec->param[i] != p->value)
			return false;
	}
	return true;
}

const struct bel_curve_algorithm *bel_curve_choose(
	const struct bel_curve_spec *spec, uint64_t pages, uint32_t caps, double param[8])
{
	const struct bel_curve_algorithm *a;

	if (spec->spec->plugin) /* a plug-in may have any name */
		return NULL;
	for (size_t i = 0; (a = bel_curve_at(i)); i++)
		if (!strcmp(a->policy, spec->name) && (!a->max_pages || pages <= a->max_pages) &&
			(a->caps & caps) == caps && !(a->caps & ~caps & BEL_CURVE_REQUESTS) &&
			takes_params(a, spec->spec, param))
			return a;
	return NULL;
}

size_t bel_curve_left_to_engines(
	const struct bel_curve_algorithm *algorithm, const uint64_t *frames, size_t count)
{
	size_t first = 0;

	while (first < count && frames[first] < algorithm->least_frames)
		first++;
	return count - first < algorithm->least_sizes ? count : first;
}

static bool is_given(const struct bel_policy_spec *spec, const char *name)
{
	for (size_t i = 0; i < bel_policy_params(spec->policy); i++)
		if (!strcmp(spec->policy->params[i].name, name))
			return spec->given >> i & 1;
	return false;
}

static int make_spec(
	struct bel_curve_spec *of, const struct bel_policy_spec *spec, struct bel_err *err)
{
	double tau;

	*of = (struct bel_curve_spec){.name = spec->policy->name, .spec = spec};
	if (!(spec->policy->caps & BEL_POLICY_VARIABLE))
		return BEL_OK;
	if (spec->plugin || !algorithm_of(of->name))
		return bel_usage(err,
			"%s: is a variable-space policy without a curve algorithm; "
			"see bel-sim",
			of->name);
	if (is_given(spec, "tau") && param_value(spec, "tau", &tau))
		of->tau = (uint64_t)tau;
	return BEL_OK;
}

int bel_curve_specs_make(const struct bel_policy_spec *specs, size_t count,
	struct bel_curve_spec **made, struct bel_err *err)
{
	struct bel_curve_spec *list = calloc(count, sizeof(*list));
	int r = list ? BEL_OK : bel_err_memory(err, "policies");

	for (size_t i = 0; r == BEL_OK && i < count; i++)
		r = make_spec(&list[i], &specs[i], err);
	if (r < 0) {
		free(list);
		return r;
	}
	*made = list;
	return BEL_OK;
}
