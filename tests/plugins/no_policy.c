/* SPDX-License-Identifier: MIT */
/* no_policy.c: a shared object that is no policy. */
int no_policy;
