#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# pagegrind sees what lackey sees: the same references in the same runs, folded and exact, the
# same counts by kind, the same faults of every policy, for real programs and for ours.
#
# Small ones in `make check`; `make check-long` takes the rest, some of which lackey needs
# minutes for.

bats_require_minimum_version 1.5.0

setup() {
	[ -z "$BEL_RUN" ] || skip 'captures under another tool say nothing'
	command -v valgrind >/dev/null || skip 'no valgrind'
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
	programs=$BEL_BUILD/tests/programs
	# The same environment for both, so that their stacks begin at the same address.
	export LC_ALL=C TMPDIR=$BATS_TEST_TMPDIR PYTHONHASHSEED=0
	bel-capture --with pagegrind -o try.bel -- /bin/true 2>why ||
		skip "no pagegrind: $(head -n 1 why)"
}

long() {
	[ -n "${BEL_LONG:-}" ] || skip 'long: make check-long'
}

# captured TOOL OPTIONS... -- PROGRAM...: the trace is TOOL.bel, status and output are kept.
captured() {
	local tool=$1
	shift
	status=0
	bel-capture --with "$tool" -o "$tool.bel" "$@" >"$tool.out" 2>"$tool.err" || status=$?
	echo "$status" >"$tool.status"
	bel-info --verify "$tool.bel"
}

# counts TRACE: by kind and process, what cannot depend on events.
counts() {
	bel-info --format jsonl "$1" | jq -c '[.references, .fetches, .loads, .stores, .modifies,
		.crossings, .pages, .ended_early, [.processes[] | [.references, .pages]]]'
}

# same PROGRAM...: with both tools, at the granule in $granule (a page).
same() {
	captured lackey --page-size "${granule:-4k}" -- "$@"
	captured pagegrind --page-size "${granule:-4k}" -- "$@"
	diff lackey.status pagegrind.status
	cmp lackey.out pagegrind.out
	diff <(counts lackey.bel) <(counts pagegrind.bel)
	"$BEL_BUILD/tests/helpers/plain_runs" lackey.bel >lackey.runs
	"$BEL_BUILD/tests/helpers/plain_runs" pagegrind.bel >pagegrind.runs
	[ -s lackey.runs ]
	diff lackey.runs pagegrind.runs
}

# faults TRACE PAGE: of every policy at some sizes.
faults() {
	local page=$2
	bel-sim --format jsonl --page-size "$page" -p fifo,lru,opt,clock,sieve -f 4,16,64,200 "$1" |
		jq -c '[.policy, .frames, .references, .faults, .writebacks, .dirty_at_end]'
	bel-sim --format jsonl --page-size "$page" -p ws:tau=10000 "$1" |
		jq -c '[.faults, .writebacks, .peak_resident_pages]'
}

# same_faults [PAGE]: in the traces of the last `same` policies see no difference either.
same_faults() {
	faults lackey.bel "${1:-4k}" >lackey.faults
	faults pagegrind.bel "${1:-4k}" >pagegrind.faults
	[ "$(wc -l <lackey.faults)" -eq 21 ]
	diff lackey.faults pagegrind.faults
}

@test "ls -l" {
	mkdir some
	touch some/one some/two some/three
	same ls -l some
	same_faults
}

# bats test_tags=slow
@test "gzip" {
	seq 2000 >numbers
	same gzip -c numbers
	same_faults
}

# bats test_tags=slow
@test "a program that survives one fault and dies of the next" {
	same "$programs/crash"
	[ "$(cat pagegrind.status)" -eq 139 ]
	same_faults
	granule=1 same "$programs/crash"
}

# bats test_tags=slow
@test "one that forks and executes" {
	same "$programs/family" /bin/true
	[ "$(wc -l <pagegrind.runs)" -eq 4 ]
	[ "$(bel-info --format jsonl pagegrind.bel | jq '.processes | length')" -eq 4 ]
	# One that tells more than any pipe and window hold, while its parent waits for it.
	seq 5000 >numbers
	same "$programs/family" /usr/bin/gzip -c numbers
}

# bats test_tags=slow
@test "memory that moves, and every other kind of mapping" {
	same "$programs/remap"
	for trace in lackey pagegrind; do
		bel-info --format jsonl $trace.bel | jq -e '.known_ratio >= 0.95'
	done
	# This one has a thread: not the same twice.
	captured pagegrind -- "$programs/maps"
	bel-info --format jsonl pagegrind.bel | jq -e '.known_ratio >= 0.95'
}

# bats test_tags=slow
@test "threads" {
	# Who runs when is not the same twice, and how often a runtime looks at a lock neither.
	captured pagegrind -- "$programs/threads"
	captured lackey -- "$programs/threads"
	for trace in lackey pagegrind; do
		bel-info --format jsonl $trace.bel >$trace.info
		jq -c '[.pages, .threads, .regions.data.pages]' $trace.info >$trace.pages
	done
	diff lackey.pages pagegrind.pages
	jq -e -s '(.[0].references - .[1].references | fabs) / .[0].references < 0.005' \
		lackey.info pagegrind.info
}

@test "marks stand at the same references" {
	same "$programs/marks"
	for trace in lackey pagegrind; do
		bel-info --format jsonl $trace.bel | jq -c '[.marks[] | [.name, .reference]]' >$trace.marks
	done
	[ "$(jq -c 'map(.[0])' pagegrind.marks)" = '["phase 1","phase 2","100% done"]' ]
	diff lackey.marks pagegrind.marks
	# What is between two of them is the same, folded or not: 1 MiB is written in phase 1.
	bel-convert --from-mark 'phase 1' --to-mark 'phase 2' pagegrind.bel -o one.bel
	bel-convert --from-mark 'phase 1' --to-mark 'phase 2' lackey.bel -o two.bel
	diff <("$BEL_BUILD/tests/helpers/plain_runs" one.bel) \
		<("$BEL_BUILD/tests/helpers/plain_runs" two.bel)
	[ "$(bel-info --format jsonl one.bel | jq '.pages >= 257 and .pages < 300')" = true ]
}

# bats test_tags=slow
@test "byte by byte: every address, size and kind, in order, and at other granules" {
	local flags=
	[ "$(uname -m)" != aarch64 ] || flags=-mno-outline-atomics
	"${BEL_CC:-cc}" -DBARE -nostdlib -static -O1 $flags -o kinds "$BEL_TOP/tests/programs/kinds.c"
	granule=1 same ./kinds
	for trace in lackey pagegrind; do
		bel-convert --page-size 1 --to csv $trace.bel >$trace.csv
	done
	[ "$(wc -l <pagegrind.csv)" -gt 5000 ]
	cmp lackey.csv pagegrind.csv
	for granule in 64 16k 2M; do
		same ./kinds
	done
	same_faults 2M
}

# bats test_tags=slow
@test "long: ls -l /usr/bin" {
	long
	same ls -l /usr/bin
	same_faults
}

# bats test_tags=slow
@test "long: gzip of a larger file" {
	long
	seq 20000 >numbers
	same gzip -9 -c numbers
	same_faults
}

# bats test_tags=slow
@test "long: sort" {
	long
	seq 5000 | rev >numbers
	# Its buffer is measured by the memory that is free, if nothing is said.
	same sort --parallel=1 -S 1M numbers
	same_faults
}

# bats test_tags=slow
@test "long: sqlite3" {
	long
	command -v sqlite3 >/dev/null || skip 'no sqlite3'
	same sqlite3 :memory: "create table t(a integer primary key, b text);
		with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
		insert into t select i, 'row ' || i from n; select count(*), sum(a) from t
		where b like '%7%';"
	same_faults
}

# bats test_tags=slow
@test "long: python3 -c" {
	long
	# What is in PATH may be a script that only looks for it.
	local python=/usr/bin/python3
	[ -x "$python" ] || skip 'no python3'
	same "$python" -S -c 'print(sum(x * x for x in range(10000)))'
	same_faults
}

# bats test_tags=slow
@test "long: cc1" {
	long
	local cc1
	cc1=$("${BEL_CC:-cc}" -print-prog-name=cc1)
	[ -x "$cc1" ] || skip 'no cc1'
	printf 'int main(int n, char **v)\n{\n\treturn v[0][n];\n}\n' >small.c
	same "$cc1" -quiet -O1 small.c -o /dev/null
	same_faults
}
