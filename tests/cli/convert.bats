#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-convert: formats, granules, parts, and what it refuses.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	printf '%s\n' 'I  04000000,3' 'I  04000003,2' ' S 04000ffc,8' ' M 04001000,4' \
		' L 04000010,8' >hand.lackey
}

# refused TEXT ARGS...: bel-convert ends with 2 and that line, and makes no file.
refused() {
	local text=$1
	shift
	rm -f out
	run --separate-stderr bel-convert -o out "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "bel-convert: $text" ]
	[ ! -e out ]
}

digest() {
	bel-info --format jsonl "$@" | jq -r .trace.digest
}

@test "exact and back: not a reference changes" {
	bel-convert hand.lackey --page-size 1 -o exact.bel
	run --separate-stderr bel-convert exact.bel --to lackey
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep -v '^==' <<<"$output")" = "$(cat hand.lackey)" ]
}

# bats test_tags=slow
@test "through every format that holds addresses and sizes" {
	expected=$(digest hand.lackey)
	for format in lackey csv; do
		bel-convert hand.lackey --to $format -o x.$format
		[ "$(digest --from $format x.$format)" = "$expected" ]
	done
}

@test "what a format has no place for is told" {
	run --separate-stderr bel-convert hand.lackey --to din
	[ "$status" -eq 0 ]
	[ "$stderr" = "bel-convert: 1 references cross a 4 KiB boundary, and format din has no sizes: \
only their first pages are written" ]
	[ "$output" = $'2 4000000\n2 4000003\n1 4000ffc\n1 4001000\n0 4000010' ]
	run --separate-stderr bel-convert hand.lackey --to din --first-byte
	[ -z "$stderr" ]
}

@test "lists of pages hold every page that is touched" {
	[ "$(bel-convert hand.lackey --to pages | paste -sd ' ')" = \
		"16384 16384 16384 w 16385 w 16385 w 16384" ]
	[ "$(bel-convert hand.lackey --to pages --page-size 8k | paste -sd ' ')" = \
		"8192 8192 8192 w 8192 w 8192" ]
	[ "$(bel-convert hand.lackey --to lirs --first-byte | paste -sd ' ')" = \
		"16384 16384 16384 16385 16384" ]
}

@test "larger pages: folded at once = folded twice" {
	bel-gen zipf -n 20000 --write-ratio 0.2 --pages 500 -o a.bel
	bel-convert a.bel --page-size 16k -o b.bel
	[ "$(digest b.bel)" = "$(digest --page-size 16k a.bel)" ]
	bel-convert hand.lackey --page-size 8k -o c.bel
	[ "$(digest c.bel)" = "$(digest --page-size 8k hand.lackey)" ]
}

@test "a window by reference number" {
	[ "$(bel-convert hand.lackey --skip 1 --limit 2 --to din --first-byte | paste -sd ' ')" = \
		"2 4000003 1 4000ffc" ]
	bel-gen zipf -n 5000 -o z.bel
	bel-gen zipf -n 5000 --to pages | sed -n 1001,3000p >expected
	bel-convert z.bel --skip 1000 --limit 2000 --to pages -o got
	cmp expected got
	[ "$(bel-convert z.bel --skip 1000 -n 5 | bel-info --format jsonl | jq -r .command)" = \
		"bel-gen zipf -n 5000 --pages 1000 --alpha 1 --seed 1 | bel-convert --skip 1000 --limit 5" ]
	[ "$(bel-convert z.bel --skip 1000 -n 5 | bel-info --format jsonl | jq .references)" = 5 ]
}

@test "between marks, exact or folded" {
	# Kinds mixed in one page, so that a folded part is counted by whole blocks or not at all.
	{
		printf 'I  04000000,3\n L 04000010,8\n'
		printf '**9** belady mark: phase 2\n'
		printf ' S 04000020,8\nI  04000003,3\n L 04000ffc,8\n'
		printf '**9** belady mark: end\nI  04000006,3\n'
		printf '**9** belady mark: phase 2\n L 04000010,8\n'
	} >marked.lackey
	bel-convert --page-size 1 marked.lackey -o exact.bel
	bel-convert marked.lackey -o folded.bel
	bel-convert --page-size 16k marked.lackey -o folded16.bel
	for trace in marked.lackey exact.bel folded.bel "--page-size 16k folded.bel" folded16.bel; do
		bel-convert --from-mark 'phase 2' --to-mark end $trace -o part.bel
		bel-info --verify part.bel
		[ "$(bel-info --format jsonl part.bel | jq -c '[.fetches,.loads,.stores,.modifies]')" = \
			'[1,1,1,0]' ]
		bel-convert --from-mark 'phase 2' $trace -o rest.bel
		[ "$(bel-info --format jsonl rest.bel | jq -c '[.fetches,.loads,.stores,(.marks | length)]')" = \
			'[2,2,1,3]' ]
		bel-convert --to-mark end $trace -o start.bel
		[ "$(bel-info --format jsonl start.bel | jq -c '[.fetches,.loads,.stores]')" = '[2,2,1]' ]
	done
	[ "$(digest start.bel)" = "$(bel-convert -n 5 marked.lackey --page-size 16k | bel-info | jq -r .trace.digest)" ]
	# Numbers count from the mark.
	[ "$(bel-convert --from-mark end --skip 1 -n 1 marked.lackey --to din)" = '0 4000010' ]
	[ "$(bel-info --format jsonl part.bel | jq -r .command | sed 's/.*|/|/')" = \
		"| bel-convert --from-mark 'phase 2' --to-mark 'end'" ]
	refused "the trace has no mark 'phase 3'" --from-mark 'phase 3' folded.bel
	refused "the trace has no mark 'phase 1'" --to-mark 'phase 1' folded.bel
	refused "the trace has no mark 'phase 1' after the first" --from-mark end --to-mark 'phase 1' exact.bel
}

@test "the kernel's references: kept, told apart, left out" {
	# 10,000 bytes read and written, 4096 at a time: three of each.
	kernel=$BEL_TOP/traces/kernel.bel
	bel-convert "$kernel" -o folded.bel
	for trace in "$kernel" folded.bel; do
		bel-info --verify $trace
		[ "$(bel-info --format jsonl $trace | jq -c '[.kernel_loads,.kernel_stores]')" = '[3,3]' ]
	done
	[ "$(digest folded.bel)" = "$(digest "$kernel")" ]
	bel-convert --only kernel "$kernel" -o part.bel
	[ "$(bel-info --format jsonl part.bel | jq -c '[.references - .crossings,.fetches,.kernel_loads]')" = \
		'[6,0,3]' ]
	[ "$(bel-convert --only kernel-store --from-mark copy --to-mark 'done' "$kernel" \
		--first-byte --to hexrw | cut -d ' ' -f 2 | paste -sd ' ')" = 'W W W' ]
	[ "$(bel-convert --only kernel "$kernel" --first-byte --to pages | cut -d ' ' -f 2 | grep -c w)" -eq 3 ]
	refused "din cannot hold kernel references; leave them out with --only \
fetch,load,store,modify" --to din "$kernel"
	bel-convert --only fetch,load,store,modify --to din "$kernel" >/dev/null
	refused "the trace is folded: its runs mix references of several kinds; cut a trace captured with --page-size 1" \
		--only kernel folded.bel
}

@test "by kind" {
	[ "$(bel-convert hand.lackey --only store,modify --to din --first-byte | paste -sd ' ')" = \
		"1 4000ffc 1 4001000" ]
	bel-convert hand.lackey --only fetch -o f.bel
	[ "$(bel-info --format jsonl f.bel | jq -c '[.references,.fetches,.pages]')" = '[2,2,1]' ]
}

@test "by process and region, of a captured family" {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	[ -x "$BEL_BIN/bel-capture" ] || skip "bel-capture is not built"
	bel-capture --page-size 1 -o sh.bel -- /bin/sh -c '/bin/true; :'
	bel-info --format jsonl sh.bel >record
	sum=0
	for pid in $(jq -r '[.processes[].pid] | unique[]' record); do
		bel-convert --process "$pid" sh.bel -o one.bel
		bel-info --verify one.bel
		n=$(bel-info --format jsonl one.bel | jq .references)
		[ "$n" = "$(jq "[.processes[] | select(.pid == $pid).references] | add" record)" ]
		sum=$((sum + n))
	done
	[ "$sum" = "$(jq .references record)" ]
	bel-convert --only-region stack --page-size 1 sh.bel -o stack.bel
	[ "$(bel-info --format jsonl stack.bel | jq '.references > 100 and .fetches == 0')" = true ]
	# The folded trace gives the same process as the exact one.
	pid=$(jq -r '.processes[-1].pid' record)
	bel-convert sh.bel -o folded.bel
	bel-convert --process "$pid" folded.bel -o a.bel
	bel-convert --process "$pid" sh.bel -o b.bel
	[ "$(digest a.bel)" = "$(digest b.bel)" ]
	[ "$(bel-info --format jsonl a.bel | jq -c '[.fetches,.loads,.stores,.modifies]')" = \
		"$(bel-info --format jsonl b.bel | jq -c '[.fetches,.loads,.stores,.modifies]')" ]
	if [ "$(jq '[.processes[].pid] | unique | length' record)" -gt 1 ]; then
		refused "din cannot distinguish processes, and the trace has more than one; choose one \
with --process" --to din sh.bel
	fi
}

@test "what a folded trace cannot answer is refused" {
	bel-convert hand.lackey -o folded.bel
	refused "the trace is folded to granules of 4096 bytes: exact addresses are gone" --page-size 1 folded.bel
	refused "folded.bel: pages of 1024 bytes are smaller than the trace's units of 4096" --page-size 1k folded.bel
	refused "din holds addresses, but the trace is folded to granules of 4096 bytes; convert a trace captured with --page-size 1" \
		--to din folded.bel
	refused "the trace is folded: it is not known which of the 3 references of a run write, and pages needs that" \
		--to pages folded.bel
	refused "the trace is folded: its runs mix references of several kinds; cut a trace captured with --page-size 1" \
		--only load folded.bel
	refused "the trace is folded: the numbers of references by kind are not known for this part \
(--slice does without them); cut a trace captured with --page-size 1" -n 4 folded.bel
}

@test "what is not there is refused" {
	refused "the trace has no process 1" --process 1 hand.lackey
	refused "the trace has no thread 1" --thread 1 hand.lackey
	refused "the trace has no regions" --only-region heap hand.lackey
	refused "--only: 'read' is not one of fetch, load, store, modify, kernel-load, kernel-store" \
		--only read hand.lackey
	bel-convert hand.lackey -o a.bel
	refused "a.bel: is not the first part of a capture (bel-capture --split), nor a slice \
(bel-reduce --slice), so 'a.bel' cannot follow it" a.bel a.bel
	refused "--level: must be 1 to 19" --level 0 hand.lackey
	refused "--first-byte has no effect at page size 1; use it when the trace is folded" \
		--page-size 1 --first-byte hand.lackey
	run --separate-stderr bel-convert --to nothing hand.lackey
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} = "bel-convert: unknown trace format 'nothing' (known: bel, "* ]]
}

@test "bad input fails, and the old file stays" {
	bel-gen zipf -n 100000 -o a.bel
	head -c 50000 a.bel >short.bel
	echo old >out
	run --separate-stderr bel-convert short.bel -o out
	[ "$status" -eq 3 ]
	[[ $stderr = "bel-convert: short.bel: "* ]]
	[ "$(cat out)" = old ]
	run --separate-stderr bel-convert --salvage short.bel -o out
	[ "$status" -eq 0 ]
	[[ $stderr = *"bel-convert: the trace is incomplete: "* ]]
	[ "$(bel-info --format jsonl out 2>/dev/null | jq '.ended_early | length > 0')" = true ]
}

# objects FILE: object and next access of each record, in decimal.
objects() {
	od -An -v -w24 -td8 "$1" | awk '{print $3}' >o3
	od -An -v -w24 -tu4 "$1" | awk '{print $2 + 4294967296 * $3}' >o2
	paste -d ' ' o2 o3
}

# bats test_tags=slow
@test "oracle-general tells next accesses, counted from 1: by hand, in a pipe, from a file" {
	# Records 1 to 7; 7 comes again as record 4 and then 5, 0 as record 7, the others never.
	echo '7 0 1 7 7 2 0' | bel-convert --to oracle-general >o.bin
	[ "$(objects o.bin | paste -sd ,)" = '7 4,0 7,1 -1,7 5,7 -1,2 -1,0 -1' ]
	# A reference that crosses a boundary is a record in each page: 1, 2, 2, 1.
	printf ' L 00001ffc,8\n S 00002000,4\n L 00001000,4\n' >cross.lackey
	bel-convert --to oracle-general cross.lackey -o c.bin
	[ "$(objects c.bin | paste -sd ,)" = '1 4,2 3,2 -1,1 -1' ]
	# From a folded trace, whose runs are several references.
	bel-convert cross.lackey | bel-convert --to oracle-general >f.bin
	cmp c.bin f.bin
	# Far more than is held in memory; awk looks ahead in its own way.
	bel-gen uniform -n 300000 --pages 5000 --seed 3 --to pages >u.pages
	bel-convert --trace-memory 4k --to oracle-general <u.pages >u.bin
	objects u.bin >got
	tac u.pages | awk -v n=300001 '{n--; print $1, $1 in seen ? seen[$1] : -1; seen[$1] = n}' |
		tac >want
	cmp want got
	bel-gen uniform -n 300000 --pages 5000 --seed 3 --to oracle-general | cmp - u.bin
}

# bats test_tags=slow
@test "oracle-general: next accesses equal those of a public trace" {
	file=${BEL_SHARED:-}/traces/cloudphysics-io.oracleGeneral.xz
	[ -e "$file" ] || skip "no ../shared beside the source"
	xz -dc "$file" >public.bin
	bel-convert --to oracle-general "$file" -o ours.bin
	objects public.bin >want
	objects ours.bin >got
	cmp want got
	[ "$(wc -l <got)" = 113872 ]
}

# bats test_tags=slow
@test "oracle-general: a place for what is kept that is none is an error" {
	bel-gen uniform -n 3000000 --pages 5 --to pages >u.pages
	TMPDIR=$PWD/nowhere run -3 --separate-stderr bel-convert --trace-memory 0 --to oracle-general \
		-o x.bin u.pages
	[[ $stderr == *nowhere* ]]
	[ ! -e x.bin ]
}

# log PID PARENT COMMAND: the banner of a log of its own, with its records from standard input.
log() {
	printf '==%s== Lackey, an example Valgrind tool\n==%s== Command: %s\n' "$1" "$1" "$3"
	printf '==%s== Parent PID: %s\n==%s== \n' "$1" "$2" "$1"
	cat
	printf '==%s== \n==%s== Exit code:       0\n' "$1" "$1"
}

# processes FILE: space, pid, name, references and pages of each.
processes() {
	bel-info --format jsonl "$@" | jq -c '[.processes[] | [.space, .pid, .name, .references, .pages]]'
}

@test "logs of several processes are one trace: parents first, then as they are given" {
	# The children are given first. One address in three processes is three pages.
	printf 'I  04000000,3\n L 00001000,8\n' | log 10 1 sh >log.10
	printf 'I  04000000,3\n' | log 11 10 ./a >log.11
	printf 'I  04000000,3\r\n S 00001000,8\r\n S 00002000,8\r\n' | log 12 10 ./b | xz >log.12.xz
	bel-convert -o x.bel log.12.xz log.11 log.10
	[ "$(processes x.bel)" = \
		'[[0,10,"sh",2,2],[1,12,"./b",3,3],[2,11,"./a",1,1]]' ]
	# Each alone has the same references.
	[ "$(processes log.12.xz)" = '[[0,12,"./b",3,3]]' ]
	# To lackey one after the other, and back: the same pages.
	bel-convert --page-size 1 log.10 log.11 -o exact.bel
	bel-convert --to lackey exact.bel -o again.lackey
	[ "$(processes again.lackey 2>/dev/null)" = "$(processes exact.bel)" ]
}

@test "logs with system calls: a child is read at the point of its fork" {
	{
		echo ' L 00001000,8'
		echo 'SYSCALL[10,1](57) sys_fork ( )   fork: process 10 created child 11'
		echo ' --> [pre-success] Success(0xb) '
		echo ' L 00002000,8'
		echo 'SYSCALL[10,1](57) sys_fork ( )   fork: process 10 created child 12'
		echo ' --> [pre-success] Success(0xc) '
		echo ' L 00003000,8'
	} | log 10 1 sh >log.10
	# 11 has executed ./a since its fork, 12 has not, and forks 13 that has no log.
	printf ' S 00001000,8\n' | log 11 10 ./a >log.11
	{
		printf ' S 00002000,8\n'
		echo 'SYSCALL[12,1](57) sys_fork ( )   fork: process 12 created child 13'
		echo ' --> [pre-success] Success(0xd) '
		printf ' S 00003000,8\n'
	} | log 12 10 sh >log.12
	bel-convert --page-size 1 -o x.bel log.12 log.10 log.11
	[ "$(processes x.bel)" = '[[0,10,"sh",3,3],[1,11,null,0,0],[2,11,"./a",1,1],[3,12,null,2,2],[4,13,null,0,0]]' ]
	# The order: 10's load, 11's store, 10's load, 12's stores, 10's load.
	bel-convert --page-size 4k --process 10 --to pages x.bel | paste -sd ' ' | grep -qx '1 2 3'
	for skip in 0 1 2 3 4 5; do
		bel-convert --skip $skip -n 1 x.bel | bel-info --format jsonl |
			jq -r '.processes[] | select(.references == 1).pid'
	done | paste -sd ' ' | grep -qx '10 11 10 12 12 10'
}

@test "logs without banners go by their names; what is mixed or in doubt is refused" {
	printf ' L 00001000,8\n' >log.10
	printf ' L 00002000,8\n L 00003000,8\n' | gzip >log.11.gz
	bel-convert -o x.bel log.10 log.11.gz
	[ "$(processes x.bel)" = '[[0,10,null,1,1],[1,11,null,2,2]]' ]
	cp log.10 log
	run -3 --separate-stderr bel-convert -o x log.10 log
	[ "$stderr" = "bel-convert: log: process not known: no ==PID== line, and no number at the \
end of the file's name" ]
	cp log.10 other.10
	run -3 --separate-stderr bel-convert -o x log.10 other.10
	[ "$stderr" = 'bel-convert: other.10: log of process 10, but so is log.10' ]
	printf ' L 00001000,8\n==12== x\n==13== x\n L 00001000,8\n' >log.12
	run -3 --separate-stderr bel-convert -o x log.10 log.12
	[ "$stderr" = 'bel-convert: log.12: line 3: process 13 writes to the log of process 12; '"\
each log must be of one process (--log-file=NAME.%p)" ]
	echo 7,8,9 >pages.13
	run -3 --separate-stderr bel-convert -o x log.10 pages.13
	[[ $stderr == 'bel-convert: pages.13: not a lackey log: '* ]]
	run -2 --separate-stderr bel-convert -o x log.10 - <log.12
	[[ ${stderr_lines[0]} == 'bel-convert: only the first of several logs can be standard input' ]]
	# Bad lines are allowed for all logs together.
	printf ' L 00001000\n L 00001000,8\n' >log.14
	printf ' L 00001000\n L 00001000,8\n' >log.15
	bel-convert --from lackey --max-bad 2 -o x log.14 log.15 2>err
	[ "$(cat err)" = 'bel-convert: skipped 2 bad lines' ]
	run -3 --separate-stderr bel-convert --from lackey --max-bad 1 -o x log.14 log.15
	[[ $stderr == "bel-convert: log.15: line 1: nearly a lackey record"* ]]
}

@test "processes in one log, side by side: a warning that names the remedy; one after the other: none" {
	printf ' L 00001000,8\n' | log 10 1 sh >one
	printf ' L 00001000,8\n' | log 11 1 sh >>one
	run -0 --separate-stderr bel-info one
	[ -z "$stderr" ]
	{
		printf '==10== Lackey, an example Valgrind tool\n==10== Command: sh\n'
		printf ' L 00001000,8\n' | log 11 10 ./a
		printf ' L 00001000,8\n==10== Exit code:       0\n'
	} >merged
	for tool in bel-info 'bel-sim -p lru -f 2' 'bel-convert -o x.bel' 'bel-curve -p lru'; do
		run -0 --separate-stderr $tool merged
		[[ $stderr == *"processes ran side by side"*"--log-file=NAME.%p"*"bel-capture"* ]]
	done
}

@test "processes that ran side by side are not written as lackey text" {
	printf 'pid,addr\n7,4096\n9,4096\n' >after.csv
	printf 'pid,addr\n7,4096\n9,4096\n7,4096\n' >mixed.csv
	bel-convert --to lackey after.csv -o after.lackey
	[ "$(grep -c Command after.lackey)" = 2 ]
	refused "lackey cannot distinguish processes that run at the same time; choose one with \
--process" --to lackey mixed.csv
	bel-convert --process 7 --to lackey mixed.csv -o seven.lackey
	[ "$(grep -c ' L 00001000,1' seven.lackey)" = 2 ]
}

@test "slices in files: joined they are the trace, summaries of them its curves" {
	for k in 1 2 3; do
		bel-convert -q --slice $k/3 -o $k.bel "$BEL_TOP/traces/ls.bel"
		bel-curve -q -p lru,ws --summary -o $k.sum - <$k.bel
	done
	bel-merge 3.sum 1.sum 2.sum | cmp - <(bel-curve -q -p lru,ws - <"$BEL_TOP/traces/ls.bel")
	bel-convert -q --joined -o j.bel 2.bel 3.bel 1.bel
	for p in lru opt fifo; do
		bel-sim -q -p $p -f 16,64 - <j.bel | cmp - <(bel-sim -q -p $p -f 16,64 - <"$BEL_TOP/traces/ls.bel")
	done
	# What a slice does not know is null, and what cannot use it says what to use.
	bel-info -q --format jsonl 2.bel | jq -e '.fetches == null and .kernel_loads == null and .references > 300000'
	for tool in info map blame vm report; do
		run -2 --separate-stderr bel-$tool --slice 1/2 "$BEL_TOP/traces/ls.bel"
		[[ ${stderr_lines[0]} = "bel-$tool: --slice: a slice lacks the "*"; use "*"--skip N --limit N" ]]
	done
	run -2 --separate-stderr bel-convert --slice 1/2 --skip 3 -o x "$BEL_TOP/traces/ls.bel"
	[[ ${stderr_lines[0]} = *'--slice: takes none of the options that choose references'* ]]
	run -2 --separate-stderr bel-convert --slice 1/2 --page-size 1 -o x "$BEL_TOP/traces/ls.bel"
	[[ ${stderr_lines[0]} = *'with --page-size 1 there are no runs' ]]
	[ ! -e x ]
}

# bats test_tags=slow
@test "five million distinct pages have an index: a slice is read from there on" {
	bel-gen sequential -n 5000000 -o s.bel
	bel-convert -q --slice 4999990: --to pages s.bel | paste -sd ' ' >last
	[ "$(cat last)" = '4999990 4999991 4999992 4999993 4999994 4999995 4999996 4999997 4999998 4999999' ]
	# With a byte of the first block damaged, a read from the front fails; the slice is not read from there.
	printf '\377' | dd of=s.bel bs=1 seek=1000 conv=notrunc status=none
	run -3 --separate-stderr bel-convert -q --to pages -o x s.bel
	bel-convert -q --slice 4999990: --to pages s.bel | paste -sd ' ' | cmp - last
}
