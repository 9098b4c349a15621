#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The classic policies on short strings that were worked by hand: who leaves at which
# reference, as the comment above each tells. A page counts from its loading on; time
# counts references from 0.

load ../support/by_hand

# 4 finds 3 referenced last; 5 finds 2; 2 finds 1; 3 finds 2. Then 4 and 5 are still there.
@test "mru: the page of the reference before" {
	leaves mru 3 '1 2 3 4 1 2 5 1 2 3 4 5' '- - - 3 - - 2 - 1 2 - -'
}

# Counts before each victim, the last use behind: 7:1@0 0:1@1 1:1@2; 1:1@2 2:1@3 0:2;
# 2:1@3 3:1@5 0:3; 3:1@5 4:1@7 0:3; 4:1@7 2:1@8 0:3; 3:2@11 2:2@12 0:4; 1:2 2:3 0:5; 7:1 2:3 0:6.
@test "lfu: the fewest references, of those the page unused longest" {
	leaves lfu 3 '7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1' \
		'- - - 7 - 1 - 2 3 4 - - - 3 - - - 1 - 7'
}

# 1:2@0,3 2:2@1,2: 2 is unused longer, 1 was loaded first.
@test "lfu: of equal counts by last use, or by loading" {
	leaves lfu 2 '1 2 2 1 3' '- - - - 2'
	leaves lfu:fifo=on 2 '1 2 2 1 3' '- - - - 1'
}

# 3 pushes 2 (1 to 2) out; 2 pushes 3; with counts kept 2 then has 2, as 1 has, whose last
# use is older, so that 4 pushes out 1, else 2.
@test "lfu: counts kept while away" {
	leaves lfu 2 '1 1 2 3 2 4' '- - - 2 3 2'
	leaves lfu:keep=on 2 '1 1 2 3 2 4' '- - - 2 3 1'
}

# 7:1@0 goes first, all alike; 0:2; 1:1@2; 2:1@3; 3:1@5; 0:1@6; 4:1@7; 3:2@11 and 2:2@12; 2:3.
@test "mfu: the most references, of those the page unused longest" {
	leaves mfu 3 '7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1' \
		'- - - 7 - 0 1 2 3 0 4 - - 3 - - - 2 - -'
}

# At 4 all bits are cleared and 1 is the oldest again: 2 3 4* stay. At 5: 2 was referenced and
# joins anew, 3 leaves: 4* 2 5*. At 6: 4 joins anew, 2 leaves.
@test "second-chance: the victims of a clock as long as nothing is dropped" {
	for s in '2 3 2 1 5 2 4 5 3 2 5 2' '7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1'; do
		run -0 bel-explain --brief -p clock -f 3 "$s"
		clock=$(sed -n 's/^leaves *| *//p' <<<"$output" | xargs)
		leaves second-chance 3 "$s" "$clock"
	done
	leaves second-chance 3 '1 2 3 4 2 5 6' '- - - 1 - 3 2'
	leaves second-chance:bit=0 3 '1 2 3 1 4 5' '- - - - 2 3'
}

# 1 has 3 chances, 2 and 3 one each. 4: the hand leaves them 2 0 0, then 1, and takes 2;
# 5 takes 3. With a bit 4 takes 1, 5 takes 2, 1 takes 3.
@test "clock: a counter in place of the bit" {
	leaves clock:bits=2 3 '1 1 1 2 3 4 5 1' '- - - - - 2 3 -'
	leaves clock 3 '1 1 1 2 3 4 5 1' '- - - - - 1 2 3'
	# Loaded with 0: 1 has 2 chances of at most 3, or of at most 1, when 4 comes.
	leaves clock:bits=2:bit=0 3 '1 1 1 2 3 4 5 1' '- - - - - 2 3 -'
}

# The bits are cleared after time 3 and 7. At 5: 1 neither (0), 2 written (1), 3 referenced (2).
# At 6: 2 (1), 3 and 4 (2). At 8: 3, 4, 1 all (0), 3 the oldest.
@test "nru: the oldest page of the lowest class" {
	leaves nru:interval=4:random=off 3 '1 2w 3 1 3 4 1 3 2' '- - - - - 1 2w - 3'
}

# In each class but one page, which chance cannot miss.
@test "nru: chance has no say over the only page of a class" {
	leaves nru:interval=4 3 '1 2w 3 1 3 4 1' '- - - - - 1 2w'
}

# At 3 all are referenced: pass 1 finds none, 2 clears 1 2 3, pass 3 passes 1 (dirty) and takes
# 2. At 4: 3. At 5: passes 1 and 2 from 1 on; pass 2 takes 1. At 6: 4 5 2 cleared, 4 taken.
@test "enhanced-clock: clean and unreferenced, else dirty and unreferenced, else round again" {
	leaves enhanced-clock 3 '1w 2 3 4 5 2 1' '- - - 2 3 1w 4'
}

# Registers after time 1: 1, 2 = 1000 0000; after 3: 1 1100, 2 0100, 3 1000, so that 4 pushes 2
# out; after 5: 1 1110, 3 0100, 4 1000: out with 3. At 7 the counters are 1 1110, 4 1000, 2 0;
# counting the bits of the moment, 2 is referenced, 4 is not.
@test "aging: the lowest register, with and without the bits of the moment" {
	leaves aging:interval=2 3 '1 2 3 1 4 1 2 5 2' '- - - - 2 - 3 2 4'
	leaves aging:interval=2:current=on 3 '1 2 3 1 4 1 2 5 2' '- - - - 2 - 3 4 -'
}

# Counters after time 1: 1:1 2:1; after 3: 1:2 2:1 3:1, 2 the older; after 5: 1:3 3:1 4:1; at 7:
# 1:3 4:1 2:0, or with 2's old 1 kept, 4 before it.
@test "nfu: the lowest counter, begun anew or kept" {
	leaves nfu:interval=2 3 '1 2 3 1 4 1 2 5 2' '- - - - 2 - 3 2 4'
	leaves nfu:interval=2:keep=on 3 '1 2 3 1 4 1 2 5 2' '- - - - 2 - 3 4 -'
}

# Two and two frames. At 4 the queues are [3 4] [1 2]; 1 is rescued: [4 1] [2 3]; 5: [1 5] [3 4]
# without 2; 1 is not looked at; 2: [5 2] [4 1] without 3.
@test "sfifo: a second queue to be rescued from" {
	leaves sfifo:p=50 4 '1 2 3 4 1 5 1 2' '- - - - - 2 - 3'
}

# Two protected frames. 1 was hit, and 2 3 4 were not. Then: 3 protected pushes 1 back.
@test "slru: pages hit are protected, as many as have room" {
	leaves slru:protected=50 4 '1 1 2 3 4 5 6 1' '- - - - - 2 3 -'
	leaves slru:protected=50 4 '1 1 2 2 3 3 4 5 6 7 2' '- - - - - - - 1 4 5 -'
}

# Next uses when someone has to leave: 1@4 2@5 3@9; 2@5 3@9 4@10; 1@7 3@9 4@10; 2@8 3@9 4@10;
# 3@9 4@10 5@11; 4@10 5@11; 5@11; none but never: 1, the lowest, and then 2.
@test "pessimal: the next one wanted" {
	leaves pessimal 3 '1 2 3 4 1 2 5 1 2 3 4 5' '- - - 1 2 1 2 3 4 5 1 2'
}

# 2 at 1 is wanted 5 later, 3 at 4 and 1 at 5 never: they leave after the next reference.
@test "vmin: stays what is wanted within tau" {
	leaves vmin:tau=3 3 '1 2 1 3 3 1 2' '- - 2 - - 3 1'
}

# At 4 all are referenced, nobody is old: the first clean page from the hand on. At 7 from 2 on:
# 2 has its bit cleared at 4, is older than 2 and dirty: noted; 3 is clean. At 8: 4 was
# referenced; 2, noted and still idle, leaves. At 9: nobody is old; 5 is clean.
@test "wsclock: older than tau and clean, or found again" {
	leaves wsclock:tau=2 3 '1 2w 3 1 4 4 4 5 6 2' '- - - - 1 - - 3 2w 5'
}

# At 5, 4 after the fault before: 1 was referenced, 2 loaded then. At 8, 3 after: 1, 2 were not.
@test "pff: a late fault lets go what was not referenced since the last" {
	leaves pff:interval=3 3 '1 2 1 1 1 3 3 3 4' '- - - - - - - - 1,2'
	leaves pff:interval=4 3 '1 2 1 1 1 3 3 3 4' '- - - - - - - - -'
	# Loading does not count as a reference.
	leaves pff:interval=3:bit=0 3 '1 2 1 1 1 3 3 3 4' '- - - - - 2 - - 1'
	# 2 was referenced before the fault at 3, which came early, not after.
	leaves pff:interval=3 3 '1 2 2 3 3 3 4' '- - - - - - 1,2'
	leaves pff:interval=3:clear=off 3 '1 2 2 3 3 3 4' '- - - - - - -'
}

# Two faults: a sample after time 1, when all were referenced. The next one 6 later: 2 was not.
@test "vsws: a sample after enough faults, or when max is over" {
	leaves vsws:min=2:max=6:faults=2 3 '1 2 1 1 3 1 1 1' '- - - - - - - 2'
	leaves vsws:min=2:max=6:faults=1 3 '1 2 1 1 3 1 1 1' '- - - - 2 - - -'
}

# Scans after time 2, 5 and 8: 2 is idle in the second and the third.
@test "sws: idle in one scan, or in two" {
	leaves sws:interval=3 3 '1 2 1 1 3 1 1 3 1' '- - - - - 2 - - -'
	leaves sws:interval=3:scans=2 3 '1 2 1 1 3 1 1 3 1' '- - - - - - - - 2'
}

# d = 3: at 3 page 1 was idle for 3, at 4 page 2. The plain working set lets go at 10 and 11.
@test "dws: a fault replaces the least recent page" {
	leaves dws:tau=10:damp=30 3 '1 2 3 4 5' '- - - 1 2'
	leaves dws:tau=10:damp=30 3 '1 2 3 4 3 5' '- - - 1 - 2'
	leaves dws:tau=10:damp=100 3 '1 2 3 3 3 3 3 3 3 3 3 3' '- - - - - - - - - - 1 2'
}

# With one frame there is no choice.
@test "random: its seed, and nothing else, decides" {
	seq 1 300 | awk '{print $1 % 7}' >loop.txt
	run -0 bel-sim -p random -f 1 --from pages --format jsonl loop.txt
	[ "$(jq .faults <<<"$output")" -eq 300 ]
	for seed in 1 1 2 3; do
		bel-sim -p random -f 5 --from pages --format jsonl --seed $seed loop.txt | jq .faults
	done >faults
	[ "$(sed -n 1p faults)" -eq "$(sed -n 2p faults)" ]
	[ "$(sort -u faults | wc -l)" -gt 1 ]
}

# A loop of 7 pages in 6 frames: at a fault each of the 6 other pages is evicted with the same
# chance, one of them is wanted next, one after that, ... The next fault comes when the victim is
# wanted: 1 to 6 references later, 3.5 on average. So 70000 / 3.5 faults, give or take 69 (the
# standard deviation).
@test "random: each page has the same chance" {
	seq 0 69999 | awk '{print $1 % 7}' >loop.txt
	run -0 bel-sim -p random -f 6 --from pages --format jsonl loop.txt
	faults=$(jq .faults <<<"$output")
	[ "$faults" -gt 19600 ] && [ "$faults" -lt 20400 ]
}

@test "parameters out of range are refused by name" {
	refused lfu:keep=2 "lfu: keep"
	refused clock:bits=9 "clock: bits"
	refused aging:bits=0 "aging: bits"
	refused nru:interval=0 "nru: interval"
	refused sfifo:p=101 "sfifo: p"
	refused slru:protected=x "slru"
	refused mru:x=1 "mru: unknown parameter 'x'; it has none"
	refused pff:tau=1 "pff: unknown parameter 'tau'; it has: interval, clear, bit"
}
