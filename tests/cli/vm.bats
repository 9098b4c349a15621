#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bel-vm: textbook counts, agreement with bel-sim, interleaving, stories, wrong usage.

bats_require_minimum_version 1.5.0

load ../support/records

vm() { "$BEL_BIN/bel-vm" -q --invariants --format jsonl "$@"; }
faults='select(.schema == "belady.vm/1") | [.frames, .faults, .writebacks]'

@test "Belady's anomaly under FIFO: 9 faults in 3 frames, 10 in 4" {
	run bash -c '"$BEL_BIN/bel-gen" belady | "$BEL_BIN/bel-vm" -q -p fifo -f 3,4 --format jsonl |
		jq -r "select(.schema == \"belady.vm/1\") | .faults" | xargs'
	[ "$output" = "9 10" ]
}

# bats test_tags=slow
@test "every class of faults adds up, and the process records to the run's" {
	"$BEL_BIN/bel-gen" zipf -n 3000 --pages 60 --seed 3 -o "$BATS_TEST_TMPDIR/z.bel"
	vm -f 16 "$BATS_TEST_TMPDIR/z.bel" >"$BATS_TEST_TMPDIR/out"
	run jq -s -e '.[0].faults == .[0].minor_faults + .[0].major_faults + .[0].invalid_faults and
		.[0].faults == ([.[1:][].faults] | add)' "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq 0 ]
}

# bats test_tags=slow
@test "the same counts as bel-sim" {
	"$BEL_BIN/bel-gen" zipf -n 3000 --pages 60 --seed 3 -o "$BATS_TEST_TMPDIR/z.bel"
	"$BEL_BIN/bel-sim" -q -p fifo,lru,opt,clock -f 5,20 --format jsonl "$BATS_TEST_TMPDIR/z.bel" |
		jq -c '[.frames, .faults, .writebacks]' >"$BATS_TEST_TMPDIR/sim"
	vm -p fifo,lru,opt,clock -f 5,20 "$BATS_TEST_TMPDIR/z.bel" | jq -c "$faults" >"$BATS_TEST_TMPDIR/vm"
	diff "$BATS_TEST_TMPDIR/sim" "$BATS_TEST_TMPDIR/vm"
}

# bats test_tags=slow
@test "two copies of a program have twice the pages and two processes" {
	"$BEL_BIN/bel-gen" zipf -n 3000 --pages 60 --seed 3 -o "$BATS_TEST_TMPDIR/z.bel"
	run bash -c "'$BEL_BIN/bel-vm' -q --format jsonl --degree 1:2 --quantum 100 -f unlimited '$BATS_TEST_TMPDIR/z.bel' |
		jq -r 'select(.schema == \"belady.vm/1\") | [.processes, .peak_frames] | join(\" \")'"
	[ "${lines[1]%% *}" -eq 2 ]
	[ "${lines[1]##* }" -eq $((2 * ${lines[0]##* })) ]
}

# Walks: the first write 2, as every fault after a miss; then 1, as a fork leaves the page in its
# frame; 2 for page 2; the write hits, faults, and walks again; all that follows hits. The copy
# removes a translation as the fork does; a page that nobody else has keeps its frame.
@test "TLB: a write that faults after a hit walks once, and its translation is there again" {
	local counts='[.tlb.misses, .tlb.walks, .tlb.data.fills, .tlb.data.shootdowns,
		.copy_on_write_faults, .protection_faults]'

	local touch2='r 0x1000; r 0x2000; w 0x1000; r 0x2000; r 0x1000'
	[ "$(echo "w 0x1000; fork 1; process 1; $touch2" | vm --from script --tlb 4 -f 8 |
		head -n 1 | jq -c "$counts")" = '[3,6,4,2,1,0]' ]
	[ "$(echo "w 0x1000; fork 1; process 1; exit; process 0; $touch2" |
		vm --from script --tlb 4 -f 8 | head -n 1 | jq -c "$counts")" = '[3,6,4,1,0,1]' ]
	# The second level lost it, too.
	[ "$(echo "w 0x1000; fork 1; process 1; $touch2" |
		vm --from script --tlb 2,l2=4 -f 8 | head -n 1 |
		jq -c '[.tlb.second_level.fills, .tlb.second_level.shootdowns]')" = '[4,2]' ]
}

# What was written stays to be written when its entry goes: a page of a file whose region ends; a
# page that a fork shares and the writer then copies, 1 and its copy; a page without rights.
@test "unlimited frames: dirty pages and writes to files as with many frames" {
	local frames

	for frames in 8 unlimited; do
		[ "$(echo 'map 0x10000 4K rw-s mmap f; w 0x10000; unmap 0x10000 4K; r 0x30000' |
			vm --from script -f $frames | head -n 1 | jq -c '[.file_writes, .dirty_at_end]')" = '[1,0]' ]
		[ "$(echo 'w 0x1000; fork 1; w 0x1000; process 1; r 0x1000' |
			vm --from script -f $frames | head -n 1 | jq .dirty_at_end)" = 2 ]
		[ "$(echo 'map 0x10000 8K rw- heap; w 0x10000; protect 0x10000 4K ---; r 0x11000' |
			vm --from script -f $frames | head -n 1 | jq .dirty_at_end)" = 1 ]
	done
}

# 5 references until swap is full: 2 + 2 + 1; the last 6 are not made, in intervals of their own.
@test "intervals of a process that was killed" {
	local script='w 0x8000; r 0x5000; w 0x2000; r 0x7000; w 0x6000; r 0x4000; w 0x3000; w 0x4000
		r 0x3000; w 0x7000; r 0x9000'

	[ "$(vm --from script -f 2 --swap 4k --interval 2 <<<"$script" |
		jq -c 'select(.interval) // select(.interval == 0) | [.start_reference, .references, .faults]' |
		xargs)" = '[0,2,2] [2,2,2] [4,1,1] [6,0,0] [8,0,0] [10,0,0]' ]
	# The last interval ends with the trace, among references that are not made.
	[ "$(vm --from script --strict -f 2 --interval 3 <<<'map 0x1000 4K rw- heap; r 0x1000; r 0x2000
		r 0x1000' | jq -c 'select(.interval) // select(.interval == 0) |
		[.start_reference, .references, .faults, .no_region_faults]')" = '[0,2,2,1]' ]
}

# The parent fills both pages after the fork, the child finds them: in their frames; or with one
# frame in swap, each behind a write of the other. Not private memory, nor that of another process.
@test "shared memory that is touched after a fork" {
	local counts='[.zero_fill_faults, .in_frame_faults, .swap_read_faults, .peak_frames, .swap.outs]'
	local touch='w 0x10000; w 0x11000'

	shared() { echo "map 0x10000 8K rw-s mmap; $2" | vm --from script --strict -f "$1" |
		head -n 1 | jq -c "$counts"; }
	[ "$(shared 8 "fork 1; $touch; process 1; $touch")" = '[2,2,0,2,0]' ]
	[ "$(shared unlimited "fork 1; $touch; process 1; $touch")" = '[2,2,0,2,0]' ]
	[ "$(shared 1 "fork 1; $touch; process 1; $touch")" = '[2,0,2,1,3]' ]
	[ "$(shared 8 "process 1; map 0x10000 8K rw-s mmap; $touch; process 0; $touch")" = '[4,0,0,4,0]' ]
	[ "$(echo "map 0x10000 8K rw- mmap; fork 1; $touch; process 1; $touch" |
		vm --from script --strict -f 8 | head -n 1 | jq -c "$counts")" = '[4,0,0,4,0]' ]
}

# 0x10000 to 0x11388 and 0x11800 to 0x11864: of two pages of 4096 bytes 5100 are used, or of one of
# 65536. The second page is the heap's, in which it begins.
# 0x10800 100 bytes, 0x10900 100, 0x10a00 to 0x12940: 2048 + 156 + 156 in the first page, the heap's;
# 0x13000 - 0x12940 = 1728 behind.
@test "fragmentation: a page of several regions counts once" {
	fragmentation() { vm --from script -f 8 "$@" | head -n 1 | jq -c "[.fragmentation | .heap, .mmap |
		[.pages, .internal_fragmentation_bytes]] + [.fragmentation.internal_fragmentation_bytes]"; }

	two='map 0x10000 5000 rw- heap; map 0x11800 100 rw- mmap; w 0x10000'
	[ "$(fragmentation <<<"$two")" = '[[2,3092],[0,0],3092]' ]
	[ "$(fragmentation --page-size 64k <<<"$two")" = '[[1,60436],[0,0],60436]' ]
	[ "$(fragmentation <<<'map 0x10800 100 rw- heap; map 0x10900 100 rw- mmap
		map 0x10a00 8000 rw- mmap; w 0x10800')" = '[[1,2360],[2,1728],4088]' ]
}

@test "the end of the address space: regions, and the address that a process died of" {
	[ "$(vm --from script --strict -f 8 <<<'map 0xfffffffffffff000 4095 rw- heap
		w 0xfffffffffffff000; unmap 0xfffffffffffff800 20; r 0xffffffffffffe000
		r 0xfffffffffffff000' | jq -c '[.faults, .references, .fatal_address]')" = \
		'[2,2,null]
[2,2,"0xffffffffffffe000"]' ]
}

# The turns: 1 A 2 of the first, 5 6 of the second, 3 4, 7 B 8.
@test "with intervals, marks have their places in the mix" {
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
	printf '%s\n' 'start 7 a' 'r 1' 'mark A' 'r 2 3 4' |
		"$BEL_BUILD/tests/helpers/event_trace" a.bel
	printf '%s\n' 'start 9 b' 'r 5 6 7' 'mark B' 'r 8' |
		"$BEL_BUILD/tests/helpers/event_trace" b.bel
	bel-vm -q -p lru,fifo -f 4 --mix a.bel,b.bel --degree 2 --quantum 2 --interval 4 \
		--format jsonl >all
	validate <all
	[ "$(jq -c 'select(.schema == "belady.mark/1") | [.reference,.name,.pid,.process]' all)" = \
		'[1,"A",7,"a"]
[7,"B",9,"b"]' ]
	run ! grep -q belady.mark <(bel-vm -q -p lru -f 4 --format jsonl a.bel)
}

@test "no thrashing without I/O: a line says so" {
	cd "$BATS_TEST_TMPDIR"
	# Pages that are only read: a victim is dropped, and the next fault fills it with zeros.
	"$BEL_BIN/bel-gen" loop -n 300 --pages 30 -o read.bel
	"$BEL_BIN/bel-gen" loop -n 300 --pages 30 --write-ratio 0.5 -o written.bel
	run --separate-stderr "$BEL_BIN/bel-vm" --degree 1:2 -f 20 --format jsonl read.bel
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-vm: no fault waits for the device: a page that was never written is filled with zeros'\
' again; to read it, give --backing file' ]
	# I/O, no eviction, one program, --quiet: no line.
	for silent in '--degree 1:2 -f 20 written.bel' '--degree 1:2 -f 20 --backing file read.bel' \
		'--degree 1:2 -f 200 read.bel' '-f 20 read.bel' '-q --degree 1:2 -f 20 read.bel'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$BEL_BIN/bel-vm" --format jsonl $silent
		[ "$status" -eq 0 ]
		[ -z "$stderr" ] || { echo "$silent: $stderr"; return 1; }
	done
}

@test "an exercise in address translation for each student: as the page prints it" {
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
	sed -n '/^[$] for n in .(seq 1001 1040)/,/^  done/p' "$BEL_TOP/cmd/bel-vm.1" |
		sed 's/^[$] //; s/1040/1003/; s/\\e$/\\/' >loop.sh
	run -0 --separate-stderr bash loop.sh
	[ -z "$stderr" ]
	for n in 1001 1002 1003; do
		# The sheet has the questions of the key: kind and address; the answers are blank.
		diff <(awk '/^[0-5] / { print $1, $3, $4 }' sheet-$n.txt) <(awk '/^[0-5] / { print $1, $3, $4 }' key-$n.txt)
		[ "$(grep -c '^[0-5] .*[rwi] .*0x[0-9a-f]*  *_' sheet-$n.txt)" -eq 6 ]
		# page and offset are the digits of the address.
		awk '/^[0-5] / { sub("0x", "", $5); sub("0x", "", $6); a = substr($4, 3)
			while (length($6) < 3) $6 = "0" $6
			p = $5 $6; sub("^0*", "", p); if (p != a) exit 1 }' key-$n.txt
	done
	[ "$(cat sheet-100?.txt | awk '/^0 / { print $4 }' | sort -u | wc -l)" -eq 3 ]
}

@test "--explain tells a fault" {
	run bash -c '"$BEL_BIN/bel-gen" belady | "$BEL_BIN/bel-vm" -q -p fifo -f 3 --explain'
	[ "$status" -eq 0 ]
	[[ "$output" == *"page fault: trap into the kernel"* ]]
	[[ "$output" == *"it is clean: dropped without a write"* ]]
}

@test "an address that does not fit: its trace is named, the others have their records" {
	printf 'r 0x1000\nr 0x100000000\n' >"$BATS_TEST_TMPDIR/far"
	run -3 --separate-stderr "$BEL_BIN/bel-vm" -q --from script --tables two-level \
		"$BATS_TEST_TMPDIR/far" <(echo 'r 0x1000')
	[ "$stderr" = "bel-vm: $BATS_TEST_TMPDIR/far: address 0x100000000 does not fit in 32 bits: give --address-bits or other --tables" ]
	[ "$(grep -c '"belady.vm/1"' <<<"$output")" -eq 1 ]
}

@test "wrong usage ends with 2" {
	run -2 --separate-stderr "$BEL_BIN/bel-vm" --address-bits 70 "$BEL_TOP/traces/ls.bel"
	[ "$stderr" = 'bel-vm: addresses have 16 to 57 bits, not 70' ]
	for wrong in "--tlb 3:2" "--tables round" "--replacement local" "--swap x" "--page-size 3k" \
		"--watermarks 9:3" "--device tape" "--cost memory=-1" "-f 10%" "--quantum 0" "--interval 0" "-m 0" \
		"-m 1M -f 3" "-p ws -f 3" "-p ws -m 1M"; do
		run bash -c "'$BEL_BIN/bel-gen' belady | '$BEL_BIN/bel-vm' -q $wrong"
		[ "$status" -eq 2 ]
	done
}

@test "records are what their schemas say" {
	sh=$BEL_TOP/traces/sh.bel
	z=$BATS_TEST_TMPDIR/z.bel
	r=$BATS_TEST_TMPDIR/r.jsonl
	"$BEL_BIN/bel-gen" zipf -n 3000 --pages 60 --seed 3 -o "$z"
	while read -r arguments; do
		eval "vm $arguments" >"$r.part"
		[ -s "$r.part" ] || { echo "$arguments: no record"; return 1; }
		cat "$r.part" >>"$r"
	done <<-'END'
		-p fifo,clock:bit=0,opt,ws:tau=1000 -f 64 --interval 100k "$sh"
		--mix "$sh,$z" -f 100 --quantum 1000 --interval 100k --watermarks 4:16
		--degree 1:3 -f 300 --tlb 64:4,flush,random "$sh"
		--tlb none --tables inverted "$sh"
		--swap 200k -f 64 "$sh"
		--swap none -f 50 "$sh"
		--replacement local:equal -f 200 "$sh"
		--replacement local:pff=0.001:0.1 --rebalance 1000 -f 200 "$sh"
		-f unlimited --page-size 4k,2M "$z"
		--tables radix5 --device hdd --backing file --strict "$sh"
	END
	validate <"$r"
	# The sums that the man page has; and each member of the schemas is in some record.
	sums=$(sed -n '/^faults  /,/^\.Ed/{/^\.Ed/d;p}' "$BEL_TOP/cmd/bel-vm.1" |
		sed -E ':a;N;$!ba;s/\n +/ /g' | sed -E 's/[a-z_]+/.&/g; s/(.*) += (.*)/(\1 == \2)/' | paste -sd '&')
	[ "$(grep -o '==' <<<"$sums" | wc -l)" -eq 4 ]
	[ "$(jq "select(.schema != \"belady.mark/1\") | ${sums//&/ and }" "$r" | sort -u)" = true ]
	for schema in vm vm-process vm-interval; do
		jq -r '[paths(objects) | select(.[-2] == "properties") | map(select(. != "properties")) |
			select(all(type == "string"))] | .[] | join(".")' \
			"$BEL_TOP/lib/emit/schema/belady.$schema-1.json" | sort -u >"$r.members"
		[ "$(wc -l <"$r.members")" -gt 30 ]
		jq -r "select(.schema == \"belady.$schema/1\") | paths | map(strings) | join(\".\")" "$r" |
			sort -u | comm -23 "$r.members" - >"$r.missing"
		# sh.bel has no such regions, and tables for 48 bits no six levels.
		run grep -vE '^(plugin|fragmentation\.(unknown|vdso)|tables\.peak_tables\.level6)' "$r.missing"
		[ "$output" = '' ]
	done
	vm -f 64 --interval 1000 "$z" >"$r"
	for change in 'del(.major_faults)' '.more = 1' '.replacement = "none"' '.trace.digest = "x"' \
		'.frames = 0' '.traces = null'; do
		jq -c "$change" "$r"
	done >"$r.bad"
	refused_all "$r.bad"
}

# 5 frames, watermarks 1:3: with 1 frame free, the reclaimer evicts the two pages whose next use lies
# farthest ahead. All references write, so that every page that comes back is read from swap.
#	reference 4 (page 5): next uses 1 at 5, 2 at 6, 3 at 7, 4 at 8: 4 and 3 leave
#	7 (page 3): 2 frames are free
#	8 (page 4): 5 at 9, 1 at 10, 2 at 11, 3 at 12: 3 and 2 leave
#	11 (page 2): 2 frames are free
#	12 (page 3): 4 at 13, 5 at 14, 1 and 2 never: these leave
#	13 and 14: hits
@test "OPT with watermarks evicts the pages whose next use is farthest ahead" {
	printf '%sw ' 1 2 3 4 5 1 2 3 4 5 1 2 3 4 5 >"$BATS_TEST_TMPDIR/loop"
	run bash -c "'$BEL_BIN/bel-vm' -q --invariants --format jsonl --from pages -p opt -f 5 \
		--watermarks 1:3 '$BATS_TEST_TMPDIR/loop' | jq -c 'select(.schema == \"belady.vm/1\") |
		[.zero_fill_faults, .swap_read_faults, .evictions, .background_evictions, .writebacks]'"
	[ "$output" = "[5,4,6,6,6]" ]
}

@test "a policy that lets pages pass by has no place in a machine" {
	run bash -c '"$BEL_BIN/bel-gen" belady | "$BEL_BIN/bel-vm" -q -p opt:bypass=on -f 3'
	[ "$status" -eq 2 ]
	[[ $output = *"some pages bypass memory, which a machine cannot do; use bel-sim"* ]]
}
