/* SPDX-License-Identifier: MIT */
/* policy_record.c: a policy and its parameters in a record. */
#include "policy_record.h"

#include <stdio.h>
#include <string.h>

static void add_param(struct bel_record *r, const struct bel_param *param, double value)
{
	if (param->type == BEL_PARAM_SWITCH)
		bel_record_flag(r, param->name, value != 0);
	else if (param->type == BEL_PARAM_INTEGER && value >= 0)
		bel_record_count(r, param->name, (uint64_t)value);
	else
		bel_record_real(r, param->name, value);
}

/* Appends ":key=value" to the text. */
static void append_param(char *text, size_t size, const struct bel_param *param, double value)
{
	const size_t length = strlen(text);

	if (param->type == BEL_PARAM_SWITCH)
		snprintf(text + length, size - length, ":%s=%s", param->name,
			value != 0 ? "on" : "off");
	else
		snprintf(text + length, size - length, ":%s=%.16g", param->name, value);
}

const char *bel_policy_text(
	char text[static BEL_POLICY_TEXT], const struct bel_policy_spec *spec, const char *except)
{
	const struct bel_policy *policy = spec->policy;

	snprintf(text, BEL_POLICY_TEXT, "%s", policy->name);
	for (size_t i = 0; i < bel_policy_params(policy); i++) {
		const struct bel_param *param = &policy->params[i];

		if ((!except || strcmp(param->name, except) != 0) && spec->param[i] != param->value)
			append_param(text, BEL_POLICY_TEXT, param, spec->param[i]);
	}
	return text;
}

void bel_policy_record(struct bel_record *r, const struct bel_policy_spec *spec, const char *except)
{
	const struct bel_policy *policy = spec->policy;
	char text[BEL_POLICY_TEXT];

	bel_record_text(r, "policy", policy->name);
	bel_record_open(r, "params");
	for (size_t i = 0; i < bel_policy_params(policy); i++) {
		const struct bel_param *param = &policy->params[i];

		if (except && !strcmp(param->name, except))
			continue;
		add_param(r, param, spec->param[i]);
	}
	bel_record_close(r);
	bel_record_text(r, "spec", bel_policy_text(text, spec, except));
	if (spec->plugin) {
		bel_record_open(r, "plugin");
		bel_record_text(r, "file", spec->plugin->file);
		bel_record_text(r, "digest", spec->plugin->digest);
		bel_record_close(r);
	}
}
