/* SPDX-License-Identifier: MIT */
/*
 * plugin_guard.h: says which plug-ins are loaded if one of them crashes, or ends the tool.
 *
 * A plug-in is code in the tool's own process. When it crashes, the tool is killed by the signal as
 * without a guard, but prints a message first. When it calls exit(), the tool ends with status 3, so
 * that nobody takes the records before that for all records.
 */
#ifndef BEL_PLUGIN_GUARD_H
#define BEL_PLUGIN_GUARD_H

/*
 * Call it before the policies in the list `text` are loaded. It does nothing if none of them is a
 * plug-in. `name` is the tool's. Child processes are not guarded.
 */
void plugin_guard_start(const char *name, const char *text);

/* From here on, exit() is the tool's own. */
void plugin_guard_end(void);

#endif
