/* SPDX-License-Identifier: MIT */
/*
 * policy_options.h: the option -p. It prints the list of policies ("list") or help on one
 * ("NAME:help"), or parses policies. Plug-ins that cannot be used are left out.
 *
 * Like all code in cmd, this prints and exits.
 */
#ifndef BEL_POLICY_OPTIONS_H
#define BEL_POLICY_OPTIONS_H

#include "spec.h"
#include "tool.h"

/*
 * Parses the policies in `text`; NULL: all built-in policies. Returns the number of plug-ins that
 * were left out, each with a message on stderr; the tool should then end with status 3. *specs is
 * as from bel_specs_parse().
 */
size_t policies_parse(
	struct tool *tool, const char *text, struct bel_policy_spec **specs, size_t *count);

#endif
