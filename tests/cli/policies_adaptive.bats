#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The adaptive policies on short strings that were worked by hand from their papers: who leaves
# at which reference, as the comment above each tells. Lists are written oldest first.

load ../support/by_hand

# HIST(2), with times from 1: at 4, of 1: 1, of 2: unknown; at 5, of 3: unknown; at 6 (2 has come
# back with its history), of 1: 1, of 2: 3.
@test "lru-k: the second last reference" {
	leaves lru-k 2 '1 1 2 3 2 3' '- - - 2 3 1'
}

# The second 1 is correlated, and at 4 so is 2, whose last reference was at 3.
# With retain=1 page 2 comes back at 5 without its history of 3, and leaves at 6.
@test "lru-k: correlated references, and history forgotten" {
	leaves lru-k:crp=1 2 '1 1 2 3' '- - - 1'
	leaves lru-k:retain=1 2 '1 1 2 3 2 3' '- - - 2 3 2'
}

# Kin 1, Kout 2. A1in 1 2 3; 2 3 4, out 1; 1 to Am, in 3 4, out 2; in 4 5, out 2 3; 2 to Am, in 5,
# out 3 4 and the place of 2: 3 is forgotten, so that it comes in A1in, for 1 of Am; 5 leaves.
# early=on: 3 is still in A1out, comes in Am, and 6 takes the place of 2 there.
@test "2q: twice through A1out, and what it forgets" {
	leaves 2q:kin=34:kout=67 3 '1 2 3 4 1 5 1 2 3 6' '- - - 1 2 3 - 4 1 5'
	leaves 2q:kin=34:kout=67:early=on 3 '1 2 3 4 1 5 1 2 3 6' '- - - 1 2 3 - 4 1 2'
}

# T1 1, T2 2; 3: B1 1, T1 3; 1: p 1, B2 2, T2 1; 2: p 0, B1 3, T2 1 2; 3: p 1, B2 1, T2 2 3;
# 4: B2 1 2, T1 4; 5: B2 forgets 1, gets 3, T1 4 5; 6: T1 is all memory, 4 is not remembered;
# so that it is new again.
@test "arc: the target follows the ghosts" {
	leaves arc 2 '1 2 2 3 1 2 3 4 5 6 4' '- - - 1 2 3 1 2 3 4 5'
}

# 3: 1 with its bit to T2, 2 to B1; 2: 3 to B1, p 1, T2 1 2; 4: 1 to B2; 1: 4 to B1, p 0,
# T2 2 1; 5: 2 with its bit behind 1, 1 to B2, B1 forgets 3; so that it is new for 5 in T1.
@test "car: two hands" {
	leaves car 2 '1 2 1 3 2 2 4 1 5 3' '- - - 2 3 - 1 4 1 5'
}

# 3: 1 behind 2, long now, 2 to B1; 2: 1 to T2, 3 to B1, p 1, 2 long in T1; 4: 2 to T2, T1 is
# empty, 1 to B2, 4 short; 1: 4 to B1, p 0.
@test "cart: pages of long use go to T2" {
	leaves cart 2 '1 2 1 3 2 4 1' '- - - 2 3 1 4'
}

# New, middle and old section of one page each: 3 2 1; 1 is counted when old, not when new;
# 1 3 2, 2 leaves; 4 1 3, 3 is counted; 3 4 1: only 1 is old. With two old pages, of which none
# is middle, 4 (once) leaves before 1 (twice).
@test "fbr: the least count among the old" {
	leaves fbr:new=34:old=34 3 '1 2 3 1 1 4 3 5' '- - - - - 2 - 1'
	leaves fbr:new=34:old=67 3 '1 2 3 1 1 4 3 5' '- - - - - 2 - 4'
}

# At the fault 1 was used 4, 3 and 2 references ago, 2 the one before. 0: 3 > 1; 0.5: 0.25 +
# 0.354 + 0.5 > 0.707; 0.9: 0.082 + 0.154 + 0.287 < 0.536; 1: 0.0625 + 0.125 + 0.25 < 0.5.
@test "lrfu: from least frequently to least recently used" {
	leaves lrfu:lambda=0 2 '1 1 1 2 3' '- - - - 2'
	leaves lrfu:lambda=0.5 2 '1 1 1 2 3' '- - - - 2'
	leaves lrfu:lambda=0.9 2 '1 1 1 2 3' '- - - - 1'
	leaves lrfu:lambda=1 2 '1 1 1 2 3' '- - - - 1'
}

# Q1 1, Q0 2; 3 for 2; 2 comes back with its count, to Q1, for 3, and 3 likewise for 1, the oldest
# of Q1. Without Qout 2 begins anew in Q0, and 3 takes its place.
# With a lifetime of 1 page 1 expires at 2, goes behind 2 in Q0, and is the oldest there at 4.
@test "mq: queues by counts, counts remembered, pages that expire" {
	leaves mq 2 '1 1 2 3 2 3' '- - - 2 3 1'
	leaves mq:out=0 2 '1 1 2 3 2 3' '- - - 2 3 2'
	leaves mq:lifetime=1 2 '1 1 2 3 2 3' '- - - 2 1 -'
}

# LIR 1 2, Q 3; 4 for 3, S 1 2 3 4; 3 for 4 is LIR, 1 goes to Q; 1 to the top of S, S 2 4 3 1;
# 2: S 3 1 2; 1 is LIR, 3 goes to Q; 4 for 3, which is in S no more; 3 for 4.
@test "lirs: ghosts in the stack become LIR" {
	leaves lirs:least=1 3 '1 2 3 4 3 1 2 1 4 3' '- - - 3 4 - - - 3 4'
}

# If it counts that 3 is referenced twice in a row, it is LIR, and 1 goes to Q.
@test "lirs: references in a row" {
	leaves lirs:least=1 3 '1 2 3 3 4' '- - - - 3'
	leaves lirs:least=1:repeats=on 3 '1 2 3 3 4' '- - - - 1'
}

# LIR 1 2, Q 3; 4 for 3. With a ghost entry, 3 comes back as LIR, 1 goes to Q and leaves for 5. A
# tenth of three frames is not one page, so no ghost entry stays: 3 is HIR and leaves for 5.
@test "lirs: a stack of few entries forgets" {
	leaves lirs:least=1 3 '1 2 3 4 3 5' '- - - 3 4 1'
	leaves lirs:least=1:stack=10 3 '1 2 3 4 3 5' '- - - 3 4 3'
}

# LIR 1 2, Q 3; 4 for 3. When 3 comes back, only its last reference is in S. So is 4's. The third time 3 has
# an earlier one in S: it is LIR, and 1, whose earlier reference is at the bottom, goes to Q.
@test "lirs2: it takes three references" {
	leaves lirs2:least=1 3 '1 2 3 4 3 4 3 5' '- - - 3 4 3 4 1'
}

# S may hold 6 entries, 4 of which are 1's and 2's. 4: both of 3 go, so that when 3 comes back it
# is in S once; so it goes on, and neither 3 nor 4 has an earlier reference in S: 3 leaves for 5.
@test "lirs2: a stack of few entries forgets" {
	leaves lirs2:least=1:stack=200 3 '1 2 3 4 3 4 3 5' '- - - 3 4 3 4 3'
	leaves lirs2:least=1:stack=1000 3 '1 2 3 4 3 4 3 5' '- - - 3 4 3 4 1'
}

# 1 is hot, 2 and 3 are cold and in test. 4: 2, referenced twice in a row, changes places with 1,
# and 3 leaves; or its second reference set no bit, and 2 leaves.
@test "clock-pro, clock-pro-plus: references in a row" {
	for policy in clock-pro clock-pro-plus; do
		leaves $policy 3 '1 2 2 3 4' '- - - - 3'
		leaves $policy:repeats=off 3 '1 2 2 3 4' '- - - - 2'
		# One that is not in a row counts.
		leaves $policy:repeats=off 3 '1 2 3 2 4' '- - - - 3'
	done
}

# One hot page. 1 hot, 2 3; 2 leaves as a ghost; 3 likewise, 2 is hot for 1, which is cold and
# not in test; 4 leaves. When 1, its bit set, is looked at, it is spared and 5 leaves; or it leaves.
@test "clock-pro: a ghost changes places with a hot page" {
	leaves clock-pro 3 '1 2 3 4 2 5 1 6' '- - - 2 3 4 - 5'
	leaves clock-pro:spare=off 3 '1 2 3 4 2 5 1 6' '- - - 2 3 4 - 1'
}

# The same, as there can be but two cold frames: 1, demoted and wanted after all, is spared.
@test "clock-pro-plus: a demoted page that is wanted" {
	leaves clock-pro-plus 3 '1 2 3 4 2 5 1 6' '- - - 2 3 4 - 5'
}

@test "parameters out of their range are refused" {
	refused lru-k:k=0 "lru-k: k"
	refused lru-k:k=17 "lru-k: k"
	refused 2q:kin=101 "2q: kin"
	refused arc:integer=2 "arc: integer"
	refused fbr:amax=1 "fbr: amax"
	refused lrfu:lambda=1.5 "lrfu: lambda"
	refused mq:queues=33 "mq: queues"
	refused mq:lifetime=0 "mq: lifetime"
	refused lirs:hir=-1 "lirs: hir"
	refused lirs2:least=0 "lirs2: least"
	refused lirs2:stack=-1 "lirs2: stack"
	refused clock-pro:repeats=2 "clock-pro: repeats"
	refused clock-pro:cold=200 "clock-pro: cold"
	refused clock-pro-plus:ghosts=-5 "clock-pro-plus: ghosts"
	refused car:p=1 "car: unknown parameter 'p'; it has none"
}
