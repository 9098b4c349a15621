/* SPDX-License-Identifier: MIT */
/*
 * policy_template.c: the text of a new policy, and the names it may have. In the text, % is the
 * policy's name and @ a C identifier made of it.
 */
#include "policy_template.h"

#include <ctype.h>
#include <string.h>

#include "spec.h"

#define NAME_MAX_LENGTH 32

/* clang-format off: one line here is one line of the policy */
static const char template[] =
	"/*\n"
	" * %.c: first in, first out, until you change it:\n"
	" * the page that was loaded longest ago leaves.\n"
	" *\n"
	" * Build it, have it checked, run it (bel-policy(7) is the manual):\n"
	" *\n"
	" *\tcc -O2 -fPIC -shared -DBEL_PLUGIN $(pkg-config --cflags belady) -o %.so %.c\n"
	" *\tbel-sim --audit -p ./%.so\n"
	" *\tbel-sim -p lru,./%.so,opt -f 4:256:*2 TRACE\n"
	" *\n"
	" * Or put it into policies/ of belady's source: then all tools have it, by its name;\n"
	" * CONTRIBUTING.md says what else it needs there.\n"
	" */\n"
	"#include <belady/list.h>\n"
	"\n"
	"/*\n"
	" * An instance: one policy with one number of frames. Several run at once, in several "
	"threads,\n"
	" * so whatever the policy remembers is in here.\n"
	" */\n"
	"struct @_state {\n"
	"\tuint64_t frames;\n"
	"\tint newest; /* the parameter of this name */\n"
	"\t/*\n"
	"\t * Pages are numbered 0, 1, 2, ... and index arrays that the engine allocates, clears,\n"
	"\t * grows and frees. Here: the links of a list of the resident pages, newest at the "
	"head.\n"
	"\t */\n"
	"\tstruct bel_link *link;\n"
	"\tstruct bel_list resident;\n"
	"};\n"
	"\n"
	"/* The engine has allocated the instance, all zero, and frees it. */\n"
	"static void @_init(void *self, const struct bel_env *env)\n"
	"{\n"
	"\tstruct @_state *my = self;\n"
	"\n"
	"\tmy->frames = env->frames;\n"
	"\tmy->newest = env->param[0] != 0; /* in the order of the table below, checked */\n"
	"\tbel_list_init(&my->resident);\n"
	"\tenv->page_array(env->host, &my->link, sizeof(*my->link));\n"
	"}\n"
	"\n"
	"/*\n"
	" * What the policy is about: who leaves when a page needs a frame and none is free? The "
	"tools\n"
	" * also ask this between references, so it must change nothing. BEL_NO_PAGE: no page is\n"
	" * resident, as head and tail say of an empty list.\n"
	" */\n"
	"static uint32_t @_victim(void *self, uint64_t now, const struct bel_decision *out)\n"
	"{\n"
	"\tconst struct @_state *my = self;\n"
	"\n"
	"\t(void)now; /* virtual time, for policies that look at it */\n"
	"\t(void)out; /* for bel_accessed(out, page) and bel_dirty(out, page) */\n"
	"\treturn my->newest ? my->resident.head : my->resident.tail;\n"
	"}\n"
	"\n"
	"/* Evicts that page: on a fault, or because bel-vm frees frames ahead of need. */\n"
	"static void @_evict(void *self, uint64_t now, struct bel_decision *out)\n"
	"{\n"
	"\tstruct @_state *my = self;\n"
	"\tconst uint32_t page = @_victim(my, now, out);\n"
	"\n"
	"\tbel_list_remove(&my->resident, my->link, page);\n"
	"\tbel_evict(out, page);\n"
	"}\n"
	"\n"
	"/*\n"
	" * The page is not resident, and is when this returns. `now` counts references from 0; "
	"the call\n"
	" * stands for bel_count(ref) references to the page in a row. The engine knows how many "
	"pages\n"
	" * are resident or dirty, and counts the faults.\n"
	" */\n"
	"static void @_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision "
	"*out)\n"
	"{\n"
	"\tstruct @_state *my = self;\n"
	"\n"
	"\tif (bel_resident(out) == my->frames)\n"
	"\t\t@_evict(my, now, out);\n"
	"\tbel_list_push(&my->resident, my->link, ref.page);\n"
	"}\n"
	"\n"
	"/* The page left for another reason, as when it was unmapped: forget it. */\n"
	"static void @_drop(void *self, uint32_t page)\n"
	"{\n"
	"\tstruct @_state *my = self;\n"
	"\n"
	"\tbel_list_remove(&my->resident, my->link, page);\n"
	"}\n"
	"\n"
	"/*\n"
	" * A FIFO does not look at hits. A policy that does has one more hook here, .hit = "
	"@_hit:\n"
	" *\n"
	" *\tstatic void @_hit(void *self, uint64_t now, struct bel_ref ref)\n"
	" *\t{\n"
	" *\t\tstruct @_state *my = self;\n"
	" *\n"
	" *\t\t(void)now;\n"
	" *\t\tbel_list_to_head(&my->resident, my->link, ref.page);\n"
	" *\t}\n"
	" *\n"
	" * With these lines it is LRU. If a second reference moves a page to another list, do "
	"that in\n"
	" * @_fault(), too, if bel_count(ref) > 1: see Runs in bel-policy(7).\n"
	" */\n"
	"static const struct bel_hooks @_hooks = {\n"
	"\t.fault = @_fault,\n"
	"\t.drop = @_drop,\n"
	"};\n"
	"\n"
	"/* What `-p ./%.so:newest=on` may set: name, unit, type, default, least, most, help. */\n"
	"static const struct bel_param @_params[] = {\n"
	"\t{\"newest\", \"\", BEL_PARAM_SWITCH, 0, 0, 1, \"the newest page leaves, not the "
	"oldest\"},\n"
	"\t{.name = NULL},\n"
	"};\n"
	"\n"
	"/*\n"
	" * Compiles the engine's loop once more for these very hooks: same results, quicker. 0: "
	"it claims\n"
	" * nothing, as BEL_POLICY_STACK would; the audit checks claims.\n"
	" */\n"
	"BEL_RUN(@, @_hooks, 0)\n"
	"\n"
	"static const struct bel_policy @_policy = {\n"
	"\t/* What is the same in all policies, and @_init and @_hooks. */\n"
	"\tBEL_POLICY_BASE(@, struct @_state),\n"
	"\t.name = \"%\",\n"
	"\t.title = \"the page that was loaded longest ago\",\n"
	"\t.source = \"where the idea is from: a paper, a book, you\",\n"
	"\t.params = @_params,\n"
	"\t.victim = @_victim,\n"
	"\t.evict = @_evict,\n"
	"};\n"
	"\n"
	"BEL_POLICY(@_policy);\n";
/* clang-format on */

int policy_template_check_name(const char *name, struct bel_err *err)
{
	const size_t length = strlen(name);
	const struct bel_policy *policy;
	struct bel_err ignored;

	if (!length || length > NAME_MAX_LENGTH ||
		name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] || name[0] == '-' ||
		name[length - 1] == '-')
		return bel_usage(err,
			"'%s': a policy's name must be 1 to %d lower-case letters, digits and "
			"'-', which neither begins nor ends it",
			name, NAME_MAX_LENGTH);
	if (bel_policy_resolve(name, &policy, &ignored) == BEL_OK)
		return bel_usage(err, "%s: a built-in policy has this name%s%s; choose another",
			name, strcmp(name, policy->name) ? ": " : "",
			strcmp(name, policy->name) ? policy->name : "");
	return 0;
}

/*
 * "2q-b" becomes policy_2q_b, since a C identifier cannot begin with a digit, and "bel" becomes
 * policy_bel, since identifiers that begin with bel_ are belady's own (bel_evict()).
 */
static void write_identifier(const char *name, FILE *file)
{
	if (isdigit((unsigned char)*name) || !strcmp(name, "bel") || !strncmp(name, "bel-", 4))
		fputs("policy_", file);
	for (; *name; name++)
		putc(*name == '-' ? '_' : *name, file);
}

void policy_template_write(const char *name, FILE *file)
{
	for (const char *at = template; *at; at++) {
		if (*at == '%')
			fputs(name, file);
		else if (*at == '@')
			write_identifier(name, file);
		else
			putc(*at, file);
	}
}
