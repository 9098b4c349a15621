#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-capture --stacks: the stacks of references to far pages, in a program whose functions touch
# known arrays (tests/programs/calls.c); far pages are found by tests/helpers/far_stacks.c.

bats_require_minimum_version 1.5.0
load ../support/missing

setup_file() {
	local source=$BEL_TOP/tests/programs/calls.c flags='-g -O1 -foptimize-sibling-calls -no-pie'

	[ -z "$BEL_RUN" ] || missing 'captures under another tool say nothing' || return 0
	[ -x "$BEL_BUILD/libexec/belady/pagegrind" ] || missing 'pagegrind is not built' || return 0
	cd "$BATS_FILE_TMPDIR"
	# Debugging information that every Valgrind can read.
	"${BEL_CC:-cc}" $flags -gdwarf-4 -fPIC -shared -DLIBRARY -o libcalls.so "$source"
	"${BEL_CC:-cc}" $flags -gdwarf-4 -DUSE_LIBRARY -o calls "$source" -pthread -L. -lcalls \
		-Wl,-rpath,"$PWD"
	"$BEL_BIN/bel-capture" -q --stacks --near-pages 16 -o t.bel -- ./calls
	"$BEL_BUILD/tests/helpers/far_stacks" t.bel >far
}

setup() {
	skip_missing
	cd "$BATS_FILE_TMPDIR"
	PATH=$BEL_BIN:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR
}

# stacks ARRAY [FILE]: the stacks of the far references to it, without lines, from main or a thread
# on, and how often.
stacks() {
	local start
	start=$((0x$(nm calls | awk -v name="$1" '$3 == name {print $1}')))
	[ "$start" -gt 0 ]
	while read -r _ address stack; do
		[ $((address)) -lt "$start" ] || [ $((address)) -ge $((start + 40 * 4096)) ] || echo "$stack"
	done <"${2:-far}" | sed -E 's/:[0-9]+//g; s/^.*(;|^)(main|walk_first|walk_second)\b/\2/' | sort | uniq -c |
		sed 's/^ *//'
}

@test "calls: each touch of a far page has its stack" {
	[ "$(stacks direct)" = '120 main;outer;walk_direct' ]
}

@test "the line is that of the code that touches, in its file" {
	line=$(grep -n 'the line of walk_direct' "$BEL_TOP/tests/programs/calls.c" | cut -d : -f 1)
	[ "$(grep -c ";walk_direct:$line\$" far)" -ge 120 ]
}

@test "recursion" {
	[ "$(stacks recursed)" = '80 main;recurse;recurse;recurse;recurse' ]
}

@test "longjmp ends the calls that it leaves, before anything else is called" {
	[ "$(stacks caught)" = '80 main;catch_it' ]
}

@test "a signal's handler is called by what it interrupts, and returns to it" {
	stacks signalled >got
	[ "$(awk '{sum += $1} END {print sum}' got)" -eq 80 ]
	run ! grep -vE '^[0-9]+ main;(signals;)?interrupted;(.*;)?on_signal$' got
	[ "$(stacks resumed | sed 's/signals;//')" = '80 main;interrupted' ]
}

@test "siglongjmp out of a handler on another stack" {
	[ "$(stacks escaped | sed 's/signals;//')" = '80 main;crashes' ]
}

@test "threads have their own stacks" {
	run stacks first
	[ "$output" = '40 walk_first' ]
	run stacks second
	[ "$output" = '40 walk_second' ]
}

@test "a tail call stands in the place of its caller" {
	[ "$(stacks tail)" = '40 main;calls_jumps;walk_tail' ]
}

@test "a shared library" {
	[ "$(stacks shared)" = '80 main;library_walk' ]
}

@test "a forked child has its parent's calls, in its own space; exec begins anew" {
	[ "$(stacks forked)" = '40 main;walk_forked' ]
	[ "$(stacks executed)" = '40 main;walk_executed' ]
	start=$(nm calls | awk '$3 == "forked" {print $1}')
	[ "$(grep -c ' 0x'"$(printf '%x' $((0x$start)))"' ' far)" -ge 1 ]
	[ "$(grep ' 0x'"$(printf '%x' $((0x$start)))"' .*walk_forked' far | cut -d ' ' -f 1)" = 1 ]
	start=$(nm calls | awk '$3 == "executed" {print $1}')
	[ "$(grep ' 0x'"$(printf '%x' $((0x$start)))"' .*walk_executed' far | cut -d ' ' -f 1)" = 2 ]
}

@test "every far page has a stack" {
	[ "$(wc -l <far)" -gt 1000 ]
	run ! grep -q '?$' far
}

@test "stripped: object and offset, and as many frames" {
	strip -o stripped calls
	bel-capture -q --stacks --near-pages 16 -o s.bel -- ./stripped
	"$BEL_BUILD/tests/helpers/far_stacks" s.bel >s.far
	stacks direct s.far >got
	[ "$(awk '{sum += $1} END {print sum}' got)" -eq 120 ]
	run ! grep -vE ';stripped\+0x[0-9a-f]+;stripped\+0x[0-9a-f]+;stripped\+0x[0-9a-f]+$' got
	# The offset is the one that tools for object files use.
	offset=$(sed -n '1s/.*;stripped+//p' got)
	[ "$(addr2line -f -e calls "$offset" | head -n 1)" = walk_direct ]
}

@test "larger pages keep the stacks, the trace is the same without them" {
	"$BEL_BUILD/tests/helpers/far_stacks" 14 t.bel >far.14
	# Nine pages of 16 KiB at least are inside of the array.
	stacks caught far.14 >got
	awk '$2 == "main;catch_it" && $1 >= 9 {found = 1} END {exit !found}' got
	"$BEL_BUILD/tests/helpers/far_stacks" --strip bare.bel t.bel
	for bits in 4k 16k 2M; do
		bel-sim --format jsonl --page-size $bits -p lru -f 16 t.bel bare.bel |
			jq -c '[.trace.digest, .trace.references, .faults, .writebacks]' | uniq >both
		[ "$(wc -l <both)" -eq 1 ]
	done
	run ! "$BEL_BUILD/tests/helpers/far_stacks" bare.bel
}

@test "every address: stacks are those of pages of 4 KiB" {
	bel-capture -q --stacks --near-pages 16 --page-size 1 -o e.bel -- ./calls again
	"$BEL_BUILD/tests/helpers/far_stacks" 12 e.bel >e.far
	[ "$(stacks executed e.far)" = '40 main;walk_executed' ]
	run ! "$BEL_BUILD/tests/helpers/far_stacks" 8 e.bel
	[ "$output" = 'far_stacks: the trace has no call stacks at this page size' ]
}

@test "bel-convert keeps stacks in a process or a first part, and leaves them out of others" {
	pid=$(bel-info --format jsonl t.bel | jq '.processes[1].pid')
	bel-convert --process "$pid" -o p.bel t.bel
	"$BEL_BUILD/tests/helpers/far_stacks" p.bel >p.far
	[ "$(stacks forked p.far)" = '40 main;walk_forked' ]
	bel-convert --page-size 1 --to bel -o - e.bel >whole.bel
	bel-convert --limit 1000000 -o l.bel whole.bel
	"$BEL_BUILD/tests/helpers/far_stacks" 12 l.bel >l.far
	[ "$(stacks executed l.far)" = '40 main;walk_executed' ]
	bel-convert --skip 1000 -o k.bel whole.bel
	run ! "$BEL_BUILD/tests/helpers/far_stacks" 12 k.bel
	[ "$(bel-info --format jsonl t.bel | jq -c '[.near_pages, .near_page_bytes]')" = '[16,4096]' ]
	[ "$(bel-info --format jsonl k.bel | jq -c '[.near_pages, .near_page_bytes]')" = '[null,null]' ]
	bel-convert --page-size 16k -o large.bel t.bel
	cmp <("$BEL_BUILD/tests/helpers/far_stacks" large.bel) <("$BEL_BUILD/tests/helpers/far_stacks" 14 t.bel)
	bel-convert --first-byte -o f.bel t.bel
	bel-reduce --method sad -f 100 -o r.bel t.bel
	for trace in f r; do
		[ "$(bel-info --format jsonl $trace.bel | jq .near_pages)" = null ]
		bel-info --verify $trace.bel
	done
}

@test "stacks from where recording begins, with --skip and --from-fn" {
	bel-capture -q --stacks --near-pages 16 --from-fn walk_executed -o m.bel -- ./calls again
	"$BEL_BUILD/tests/helpers/far_stacks" m.bel >m.far
	[ "$(stacks executed m.far)" = '40 main;walk_executed' ]
	bel-capture -q --stacks --near-pages 16 --skip 50000 -o n.bel -- ./calls again
	"$BEL_BUILD/tests/helpers/far_stacks" n.bel >n.far
	[ "$(stacks executed n.far)" = '40 main;walk_executed' ]
}

@test "--more-stacks changes only the events of call stacks; bel-convert keeps them" {
	for more in '' --more-stacks; do
		bel-capture -q --stacks $more -o "a$more.bel" -- ./calls again
		"$BEL_BUILD/tests/helpers/far_stacks" "a$more.bel" >"far$more"
	done
	bel-sim --format jsonl -p lru -f 16 a.bel a--more-stacks.bel |
		jq -c '[.trace.digest, .trace.references, .faults, .writebacks]' | uniq >both
	[ "$(wc -l <both)" -eq 1 ]
	# Far pages have the same stacks.
	cmp far far--more-stacks
	bel-convert --page-size 16k -o larger.bel a--more-stacks.bel
	"$BEL_BUILD/tests/helpers/far_stacks" --strip none.bel a--more-stacks.bel
	for trace in a a--more-stacks larger none; do
		bel-info $trace.bel | jq -c '[.near_pages, .more_stacks]'
	done >got
	printf '%s\n' '[32,false]' '[32,true]' '[32,true]' '[null,false]' | diff - got
}

@test "wrong usage" {
	run --separate-stderr bel-capture --more-stacks -o x.bel -- true
	[ "$status" -eq 2 ]
	[[ $stderr == 'bel-capture: --more-stacks: needs --stacks'* ]]
	run --separate-stderr bel-capture --near-pages 16 -o x.bel -- true
	[ "$status" -eq 2 ]
	[[ $stderr == 'bel-capture: --near-pages: needs --stacks'* ]]
	run --separate-stderr bel-capture --with lackey --stacks -o x.bel -- true
	[ "$status" -eq 2 ]
	[[ $stderr == 'bel-capture: --stacks: lackey cannot do that; pagegrind can'* ]]
	run --separate-stderr bel-capture --stacks --near-pages 0 -o x.bel -- true
	[ "$status" -eq 2 ]
	[[ $stderr == 'bel-capture: --near-pages: must be at least 1'* ]]
	run --separate-stderr bel-capture --stacks --first-byte --page-size 1 -o x.bel -- true
	[ "$status" -eq 2 ]
	[[ $stderr == 'bel-capture: --stacks: with --first-byte, the page size must be at least 64'* ]]
}
