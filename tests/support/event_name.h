/* SPDX-License-Identifier: MIT */
/* event_name.h: the names that tests have for types of events: "start", "thread-exit". */
#ifndef BEL_EVENT_NAME_H
#define BEL_EVENT_NAME_H

#include "event.h"

const char *event_name(enum bel_event_type type); /* static; "unknown" for any other number */

#endif
