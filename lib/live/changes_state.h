/* SPDX-License-Identifier: MIT */
/* changes_state.h: where the state file is; private to changes.c and changes_undo.c. */
#ifndef BEL_CHANGES_STATE_H
#define BEL_CHANGES_STATE_H

#define BEL_CHANGES_FOLDER "/run/belady"
#define BEL_CHANGES_STATE BEL_CHANGES_FOLDER "/state"
#define BEL_CHANGES_HEAD "belady.live-state/1"

#endif
