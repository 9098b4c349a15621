#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Policies of the last decades on short strings that were worked by hand: who leaves at
# which reference, as the comment above each tells. Time counts references from 0; [1 2] is a
# list with its oldest page first.

load ../support/by_hand

@test "lifo: the page loaded last" {
	leaves lifo 3 '1 2 3 4 1 2 5' '- - - 3 - - 4'
}

# All three in the window: 1 is dirty, 2 is the oldest clean one, then 3, 4, 6 (1 and 5 are
# dirty). A window of floor(1.5) = 1 page: the oldest, dirty or not.
@test "cflru: clean pages of the window first" {
	leaves cflru:window=1 3 '1w 2 3 4 5w 6 7' '- - - 2 3 4 6'
	leaves cflru 3 '1w 2 3 4 5w 6 7' '- - - 1w 2 3 4'
	leaves cflru:window=1 2 '1w 2w 3w' '- - 1w'
}

# 4: 1 is dirty and becomes cold, [2 3 1], 2 leaves. 5: 3. 6: 1 is cold. With a hit on 1
# before: [3 4 1], 5: 3, 6: 4, 7: 1 becomes cold again, [5 6 1], 5 leaves.
@test "lru-wsr: a dirty page has a second chance, and another after a hit" {
	leaves lru-wsr 3 '1w 2 3 4 5 6' '- - - 2 3 1w'
	leaves lru-wsr 3 '1w 2 3 4 1 5 6 7' '- - - 2 - 3 4 5'
}

# Small 1 page, main 2, ghosts 2. 4: small is [1 2 3], 1 was hit twice and moves to main, 2
# leaves. 2: a ghost; 3 leaves, main [1 2]. 5: 4 leaves, ghosts [3 4]. 3: a ghost; 5 leaves,
# main [1 2 3], small is empty. 6: so 1 leaves.
@test "s3-fifo: through the small queue, the ghosts, and main" {
	leaves s3-fifo 3 '1 1 1 2 3 4 2 5 3 6' '- - - - - 2 3 4 5 1'
	leaves s3-fifo 3 '1 1 2 3 4' '- - - - 1'
	leaves s3-fifo:threshold=1 3 '1 1 2 3 4' '- - - - 2'
}

# fill=on: 2 and 3 enter main, as small has its page. 4: small's 1 leaves; 5: 4 does.
@test "s3-fifo: main fills before the first eviction" {
	leaves s3-fifo:fill=on 3 '1 2 3 4 5' '- - - 1 4'
	leaves s3-fifo 3 '1 2 3 4 5' '- - - 1 2'
}

# Small 1 page, clock 2, ghosts 2. 4: small is [1 2 3], 1 moves to the clock, 2 leaves. 2: a
# ghost, the clock has 1 page; 3 leaves. 5: 4 leaves. 3: a ghost; the clock is full, 1 leaves.
@test "qd-lp-fifo: one hit is enough, and ghosts push out pages of the clock" {
	leaves qd-lp-fifo 3 '1 1 2 3 4 2 5 3' '- - - - 2 3 4 1'
}

# 2 and 3 enter the clock, as small has its page; so nobody entered small since 1, whose hits
# count for nothing. 4: 1 leaves. 1: a ghost; 4 leaves, the clock is [2 3 1]. 5: 2 leaves.
# Without a window 1's hits count: 4: it enters the clock, [2 3 1], whose 2 leaves.
@test "clock2q-plus: hits soon after loading do not count" {
	leaves clock2q-plus 3 '1 1 2 1 3 4 1 5' '- - - - - 1 4 2'
	leaves clock2q-plus:window=0 3 '1 1 2 1 3 4' '- - - - - 2'
}

# Small 1 page, clock 3. 5 to 7: 1, 5 and 6 leave small as ghosts, of which there are 2, or 3. So 1
# enters small, and leaves for 8; or, a ghost, it enters the clock, whose 2 leaves.
@test "clock2q-plus: half the frames are ghosts" {
	leaves clock2q-plus 4 '1 2 3 4 5 6 7 1 8' '- - - - 1 5 6 7 1'
	leaves clock2q-plus:ghost=0.9 4 '1 2 3 4 5 6 7 1 8' '- - - - 1 5 6 7 2'
}

# Window 1 page, main 2, protected 1. 4: 3 (1 reference) does not beat 1 (2). 1 is protected.
# 5: 4 against 2, 1 each: 4 leaves. 4: 5 against 2: 5. 5: 4 (2 references) beats 2.
@test "w-tinylfu: the more frequent page stays" {
	leaves w-tinylfu 3 '1 1 2 3 4 1 5 4 5' '- - - - 3 - 4 5 2'
}

# LIP: 3 is at the old end, 4 after it; 5 is hit and moves to the other, [2 1 5].
@test "dip: insertion at the old end, or as LRU" {
	leaves dip:duel=off:epsilon=0 3 '1 2 3 4 5 5 6' '- - - 3 4 - 2'
	leaves dip:duel=off:epsilon=1 3 '1 2 3 4 1 2 5' '- - - 1 2 3 4'
}

# A counter of 0 or 1, at first 0. 1, 2, 3 fault in both directories, which then hold [2 3] (LRU)
# and [3 1] (BIP); 3 is inserted by LRU: [2 3]. 1 faults in LRU's alone: 1, BIP inserts, [1 3].
# 2 faults in both: 0, LRU inserts, [3 2]; 3 is there.
@test "dip: the directory with fewer faults says who inserts" {
	leaves dip:epsilon=0:psel=1 2 '1 2 3 1 2 3' '- - 1 2 1 -'
}

# Values: 1 is at 0, 2 and 3 at 2. 4: all up by 1, 2 leaves; 5: 3. 6: up again, 4; 7: 5.
# 8: 1, 6, 7 are all at 2, and at 3 then; 1's value was set first.
@test "drrip: SRRIP" {
	leaves drrip:duel=off:epsilon=1 3 '1 1 2 3 4 5 6 7 8' '- - - - 2 3 4 5 1'
}

# 1 has 3/4 at time 4, 2 has 1/1. At 5 2 has 1/2, 3 1/1.
@test "hyperbolic: references over time since loading" {
	leaves hyperbolic:sample=0 2 '1 1 1 2 3 4' '- - - - 1 2'
}

# Before the first figures: 1/3 against 1/2; then 1 was hit at age 1, which makes it class 12,
# and has 13/3.
@test "lhd: densities to begin with" {
	leaves lhd:sample=0 2 '1 2 3' '- - 1'
	leaves lhd:sample=0 2 '1 1 2 3' '- - - 2'
}

# Both experts mean 1. At 4 LRU means 2, LFU 3: chance decides.
@test "lecar: experts that agree, and that do not" {
	leaves lecar 2 '1 2 2 3' '- - - 1'
	for seed in {1..20}; do
		bel-explain --brief --seed "$seed" -p lecar -f 2 '1 2 2 3 4' |
			sed -n 's/^leaves *| *//p' | xargs
	done | sort -u >got
	diff got - <<<$'- - - 1 2\n- - - 1 3'
}

# S [1], Q [2]; the hit moves 2 to S and 1 to Q. 3: both mean 1. 3 goes to Q, and 2, as S has
# its size, Q is [3 2]. 4: both mean 3.
@test "cacheus: from queue to queue" {
	leaves cacheus 2 '1 2 2 3 4' '- - - 1 3'
}

# Batches of 1 page (5 frames); lists from the oldest, * for a bit that is set. Below 6 pages only
# priority 0 scans.
#   6: all lose their bits and are marked, then 1 leaves. 3, 4, 5 are hit.   [2 3* 4* 5* 6*] []
#   7: 2 leaves.                                                          [3* 4* 5* 6* 7*] []
#   8: 3, 4, 5 are activated, 6 and 7 marked; 3 > 2: 3 is deactivated; 6 leaves at 5.
#                                                                          [7 3 8*] [4 5]
#   6: 7 leaves; 6 left 7 - 5 = 2 ago, 2 are active: it is a refault.         [3 8*] [4 5 6*]
#   9: 3 > 2: 4 is deactivated. 3 leaves. After a refault 5 is deactivated, too.
#                                                                      [8* 4 5 9*] [6*]
#  10: 8 is marked, 4 leaves. 11: 5 leaves.
# deactivate=off: 5 stays active; 11: 9 is marked, 8 leaves.
# refault=off: 6 is not active, [8* 6* 9*] [4 5] after 9; 10: three are marked, 8 leaves; 11: 6.
@test "linux: two lists, refaults, deactivation after a refault" {
	local string='1 2 3 4 5 6 3 4 5 7 8 6 9 10 11'
	leaves linux 5 "$string" '- - - - - 1 - - - 2 6 7 3 4 5'
	leaves linux:deactivate=off 5 "$string" '- - - - - 1 - - - 2 6 7 3 4 8'
	leaves linux:refault=off 5 "$string" '- - - - - 1 - - - 2 6 7 3 8 6'
}

# 16 frames: at most 2 pages a batch. Priority 1 scans 8 * 3 / 17 = 1 page.
#  17: priority 1 marks 1. Priority 0 marks 2 to 16, and 1 leaves, its bit clear: it was the last.
#  18: priority 1: 2 leaves. Priority 0: one is not enough, 3 and 4 leave together.
#  19: two frames are free: 19 and 1 take them. 20: 5, then 6 and 7.
# batch=1: one page at a time.
@test "linux: reclaim takes a batch of pages" {
	local string='1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 1 20'
	local none='- - - - - - - - - - - - - - - -'
	leaves linux 16 "$string" "$none 1 2,3,4 - - 5,6,7"
	leaves linux:batch=2 16 "$string" "$none 1 2,3,4 - - 5,6,7"
	leaves linux:batch=1 16 "$string" "$none 1 2 3 4 5"
}

# 4: the first aging clears all bits, and 1 leaves. 5: 2 has its bit, so it goes to the youngest
# generation, and the bit of 4 beside it is cleared; 3 leaves. 6: 4 leaves. With around=0 the bit of 4
# stays, and 2 leaves. With filter=off an aging clears it; with walk=off none clears any.
@test "mglru: generations, neighbours, scans" {
	leaves mglru 3 '1 2 3 4 2 5 6' '- - - 1 - 3 4'
	leaves mglru:around=0 3 '1 2 3 4 2 5 6' '- - - 1 - 3 2'
	leaves mglru:around=0:filter=off 3 '1 2 3 4 2 5 6' '- - - 1 - 3 4'
	leaves mglru:around=0:walk=off 3 '1 2 3 4 2 5 6' '- - - 1 - 3 2'
}

# A loop. 1 leaves while generation 5 is the oldest, and so it is when 1 comes back: 1 is spared. 2, 3
# and 4 come back later. When 4 does, 1 passes from generation 7 to 8, and from there to 10 with its bit
# cleared; 2 goes from 7 to 9. So 2 leaves before 1. With spare=off both go from 7 to 9, 1 first.
@test "mglru: a page that comes back soon is spared" {
	leaves mglru:around=0:walk=off 4 '1 2 3 4 5 1 2 3 4 5 1' '- - - - 1 2 3 4 5 2 -'
	leaves mglru:around=0:walk=off:spare=off 4 '1 2 3 4 5 1 2 3 4 5 1' '- - - - 1 2 3 4 5 1 2'
}

# An eighth of 16 frames is 2.
@test "mglru: a batch leaves at once" {
	local some='1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16' none='- - - - - - - - - - - - - - - -'

	leaves mglru 16 "$some 17 18 19" "$none 1,2 - 3,4"
	leaves mglru:batch=1 16 "$some 17 18 19" "$none 1 2 3"
}

# The sequence 1 ... 5 gives away the page behind its head. As long as it has no 20 pages: LRU.
@test "seq: from behind the head of a sequence" {
	leaves seq:length=3:skip=1:times=1 4 '1 2 3 4 5 6' '- - - - 4 5'
	leaves seq 4 '1 2 3 4 5 6' '- - - - 1 2'
}

# Early point 2, late points 8 and 12. 5: nothing counted, 1 leaves. 1 is at position 5: gain 1
# x 2/6; position 2 is 4's. 2 and 3 are hits at 5, too. 4: position 2 is 2's.
@test "eelru: a loop over one page too many" {
	leaves eelru:points=2 4 '1 2 3 4 5 1 2 3 4' '- - - - 1 4 - - 2'
}

# 2 LIR pages, 1 HIR. 4: 3 leaves, and stays in the stack. 3: lirs becomes 1, 1 and 2 are
# demoted, the queue is [4 1 2]. 5: the queue is [1 2].
@test "dlirs: a page that comes back takes a frame from the LIR pages" {
	leaves dlirs 3 '1 2 3 4 3 5' '- - - 3 4 1'
}

@test "parameters out of range, or unknown" {
	refused s3-fifo:threshold=4 "s3-fifo: threshold"
	refused s3-fifo:small=1.5 "s3-fifo: small"
	refused drrip:bits=9 "drrip: bits"
	refused eelru:points=1 "eelru: points"
	refused seq:times=17 "seq: times"
	refused mglru:batch=0 "mglru: batch"
	refused mglru:table=7 "mglru: table"
	refused mglru:interval=5 "mglru: unknown parameter 'interval'"
	refused linux:swappiness=60 "linux: unknown parameter 'swappiness'; it has: refault, ratio, batch, deactivate"
	refused linux:batch=0 "linux: batch"
	refused lhd:decay=2 "lhd: decay"
	refused cacheus:rate=0.5 "cacheus: unknown parameter 'rate'; it has none"
}
