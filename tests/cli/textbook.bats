#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Faults of the reference strings that textbooks print, as the books count them
# (cold start, first touches included). Each line can be checked by hand: the
# string, the numbers of frames, and the faults at each of them.
#
# FIFO, LRU and OPT counts are the books' own where they give them; CLOCK loads
# pages with their bit set, and its counts were made with list-scanning code.

bats_require_minimum_version 1.5.0

# faults POLICY FRAMES STRING: one count for each number of frames, on one line.
faults() {
	printf '%s\n' "$3" | "$BEL_BIN/bel-sim" --from pages --format jsonl -p "$1" -f "$2" |
		jq -r .faults | xargs
}

# is POLICY FRAMES "COUNTS" STRING
is() {
	local got
	got=$(faults "$1" "$2" "$4")
	[ "$got" = "$3" ] || {
		echo "$1 at $2 frames: $got faults, the book has $3"
		return 1
	}
}

@test "Silberschatz, Galvin, Gagne, Operating System Concepts: the string of the paging chapter" {
	s='7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1'
	is fifo 3,4 '15 10' "$s"
	is lru 3,4 '12 8' "$s"
	is opt 3,4 '9 8' "$s"
	is clock 3,4 '14 9' "$s"
}

@test "Belady, Nelson, Shedler 1969: FIFO does worse with a fourth frame" {
	s='1 2 3 4 1 2 5 1 2 3 4 5'
	is fifo 3,4 '9 10' "$s"
	is lru 3,4 '10 8' "$s"
	is opt 3,4 '7 6' "$s"
	is clock 3,4 '9 10' "$s"
}

@test "Tanenbaum, Modern Operating Systems: Belady's anomaly" {
	s='0 1 2 3 0 1 4 0 1 2 3 4'
	is fifo 3,4 '9 10' "$s"
	is lru 3,4 '10 8' "$s"
	is opt 3,4 '7 6' "$s"
	is clock 3,4 '9 10' "$s"
}

@test "Stallings, Operating Systems: behaviour of four policies" {
	s='2 3 2 1 5 2 4 5 3 2 5 2'
	is fifo 3 9 "$s"
	is lru 3 7 "$s"
	is opt 3 6 "$s"
	is clock 3 8 "$s"
}

@test "Arpaci-Dusseau, Operating Systems: Three Easy Pieces: tracing a policy" {
	s='0 1 2 0 1 3 0 3 1 2 1'
	is fifo 3 7 "$s"
	is lru 3 5 "$s"
	is opt 3 5 "$s"
	is clock 3 7 "$s"
}

@test "Silberschatz, exercise: one to seven frames" {
	s='1 2 3 4 2 1 5 6 2 1 2 3 7 6 3 2 1 2 3 6'
	is fifo 1:7 '20 18 16 14 10 10 7' "$s"
	is lru 1:7 '20 18 15 10 8 7 7' "$s"
	is opt 1:7 '20 15 11 8 7 7 7' "$s"
	is clock 1:7 '20 18 16 14 9 8 7' "$s"
}

@test "Tanenbaum, the distance string: one to eight frames" {
	s='0 2 1 3 5 4 6 3 7 4 7 3 3 5 5 3 1 1 1 7 2 3 4 1'
	is fifo 1:8 '20 18 18 13 12 10 8 8' "$s"
	is lru 1:8 '20 18 17 13 11 9 8 8' "$s"
	is opt 1:8 '20 16 12 10 9 8 8 8' "$s"
	is clock 1:8 '20 18 18 14 12 10 8 8' "$s"
}

# After t the pages of the last ten references are {1,2,5,6,7}: five of them are resident.
@test "Silberschatz, the working-set model: five pages in a window of ten" {
	run -0 bash -c 'printf "2 6 1 5 7 7 7 7 5 1\n" | "$BEL_BIN/bel-sim" --from pages \
		--format jsonl -p ws:tau=10 | jq -r "[.faults, .evictions, .peak_resident_pages]|@csv"'
	[ "$output" = 5,0,5 ]
}

# By hand: 1 2 1 3 with a window of 2. After each reference {1} {1,2} {2,1} {1,3}; 1 returns as a
# hit, 2 leaves when 3 comes; resident 1 + 2 + 2 + 2 over 4 references.
@test "working set by hand" {
	run -0 bash -c 'printf "1 2w 1 3\n" | "$BEL_BIN/bel-sim" --from pages --format jsonl \
		-p ws:tau=2 | jq -c "[.faults, .evictions, .writebacks, .mean_resident_pages]"'
	[ "$output" = '[3,1,1,1.75]' ]
}

# By hand: one frame, pages 1w 2 1w 1 3: pages 1 (written) and 2 and 1 (written) leave, 3 stays clean.
@test "write-backs by hand: a dirty page that leaves, and one that stays" {
	for policy in fifo lru opt clock clock:bit=0; do
		run -0 bash -c 'printf "1w 2 1w 1 3 3w\n" | "$BEL_BIN/bel-sim" --from pages \
			--format jsonl -f 1 -p '"$policy"' |
			jq -c "[.faults, .evictions, .writebacks, .dirty_at_end]"'
		[ "$output" = '[4,3,2,1]' ]
	done
}
