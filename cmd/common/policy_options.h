/* SPDX-License-Identifier: MIT */
/*
 * policy_options.h: what a tool does with -p: prints what "list" and "NAME:help" ask for, parses
 * the others, and goes on without plug-ins that cannot be used.
 *
 * As everything in cmd/common, this prints and exits.
 */
#ifndef BEL_POLICY_OPTIONS_H
#define BEL_POLICY_OPTIONS_H

#include "spec.h"
#include "tool.h"

/*
 * The policies that `text` names, NULL: all that are built in. Returns how many plug-ins were
 * left out, each told on stderr; the tool's status is then 3. *specs as bel_specs_parse().
 */
size_t policies_parse(
	struct tool *tool, const char *text, struct bel_policy_spec **specs, size_t *count);

#endif
