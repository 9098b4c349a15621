#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Foreign formats through the tools: recognised, read whole, from files, pipes and
# compressed; refused where they could be two things. What each format holds is in
# tests/unit/test_format_*.c, faults on the public traces in oracles.bats.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
}

# counts ARGS...: references and pages of a trace, as bel-sim sees them.
counts() {
	bel-sim -q --first-byte --format jsonl -p fifo -f 1 "$@" |
		jq -r '"\(.trace.references) \(.trace.pages)"'
}

# is WANTED ARGS...
is() {
	run --separate-stderr counts "${@:2}"
	echo "$*: status $status, stdout '$output', stderr '$stderr'"
	[ "$output" = "$1" ]
	[ -z "$stderr" ]
}

# The second column was counted with a few lines of Python, not by this project.
@test "the public traces: recognised, references and pages" {
	[ -d "${BEL_SHARED:-}/traces" ] || skip "no ../shared beside the source"
	while read -r file wanted; do
		is "$wanted" "$BEL_SHARED/traces/$file"
	done <<-'TRACES'
		arc-P3.lis.xz 3912296 762543
		cache2k-web12.u32be.xz 95607 13756
		cloudphysics-io.oracleGeneral.xz 113872 48974
		course-trace1.txt 12 6
		course-trace2.txt 20 10
		course-trace3.txt 201 26
		dinero-cc1-partial.din 9141 60
		lackey-ls.lackey.xz 766387 242
		lirs-2_pools.trc.xz 100000 9939
		lirs-cpp.trc.xz 9047 1223
		lirs-cs.trc.xz 6781 1409
		lirs-loop.trc.xz 505500 1011
		lirs-multi1.trc.xz 15858 2606
		spec1m-bzip.trace.xz 1000000 317
	TRACES
}

@test "the public traces from a pipe, where no suffix helps" {
	[ -d "${BEL_SHARED:-}/traces" ] || skip "no ../shared beside the source"
	for file in arc-P3.lis cloudphysics-io.oracleGeneral lackey-ls.lackey lirs-2_pools.trc \
		lirs-cs.trc lirs-loop.trc spec1m-bzip.trace; do
		xz -dc "$BEL_SHARED/traces/$file.xz" >plain
		is "$(counts "$BEL_SHARED/traces/$file.xz")" <plain
		is "$(counts "$BEL_SHARED/traces/$file.xz")" - <plain
	done
	xz -dc "$BEL_SHARED/traces/cache2k-web12.u32be.xz" >plain
	run -3 --separate-stderr bel-sim <plain
	[ "$stderr" = \
		'bel-sim: standard input: not a trace in any known format (--from names one)' ]
	is '95607 13756' --from u32be <plain
}

@test "the write-backs of Dinero and hexaddress traces are known" {
	printf '1 1000\n0 2000\n0 3000\nff\n' | sed 's/ff/1 f000/' >t.din
	printf '1000 W\n2000 R\n3000 R\nf000 W\n' >t.hexrw
	printf '1w,2,3,15 w\n' >t.pages
	for file in t.din t.hexrw t.pages; do
		run -0 bash -c 'bel-sim --format jsonl -p lru -f 1 '$file' |
			jq -r "\"\(.faults) \(.writebacks) \(.dirty_at_end)\""'
		[ "$output" = '4 1 1' ]
	done
}

@test "gzip, xz and zstd, by content and not by name, also in pieces one after the other" {
	seq 1 5000 >numbers
	for tool in 'gzip -c' 'xz -c' 'zstd -qc'; do
		$tool numbers >packed
		is '5000 5000' packed
		is '5000 5000' <packed
		cat packed packed >twice
		is '10000 5000' twice
	done
}

@test "the same records from a file, a pipe and compressed" {
	awk 'BEGIN {for (i = 0; i < 30000; i++) printf "%x %s\n", i * i % 65521 * 512, i % 3 ? "R" : "W"}' >t
	bel-sim --format jsonl -p lru,clock -f 8,64 - <t >plain
	for tool in 'gzip -c' 'xz -c' 'zstd -qc' cat; do
		$tool t | bel-sim --format jsonl -p lru,clock -f 8,64 | cmp - plain
	done
}

@test "what may be two formats is refused with both names; --from or a suffix decides" {
	printf '0 1\n2 3\n' >two
	run -3 --separate-stderr bel-sim two
	[ -z "$output" ]
	[ "$stderr" = 'bel-sim: two: may be din or pages: --from tells which' ]
	is '4 4' --from pages two
	is '2 1' --from din two
	cp two two.din
	is '2 1' two.din
}

@test "a page list that students type: commas, blanks, lines, hexadecimal" {
	is '20 6' < <(echo 7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1)
	is '20 6' < <(echo 7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1)
	is '20 6' < <(printf '%s\n' 7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1)
	is '3 2' < <(printf '0x10, 0x11w\n0x10')
	is '1 1' < <(printf 7)
}

@test "what a page number stands for" {
	is '8 8' < <(seq 0 7)
	is '8 2' --unit 1k --page-size 4k < <(seq 0 7)
	is '8 8' --unit 1k --page-size 1k < <(seq 0 7)
	run -2 --separate-stderr bel-sim --page-size 1k < <(seq 0 7)
	[[ $stderr == 'bel-sim: standard input: '*finer* ]]
}

@test "CSV: columns by head line, by number, by name" {
	printf 'time,op,vaddr\n1,read,0x1000\n2,write,8192\n' >t.csv
	is '2 2' t.csv
	is '2 2' --from csv --columns address=3,kind=2 t.csv
	is '2 2' --from csv --columns address=vaddr t.csv
	is '2 1' --from csv --columns page=3:hex,kind=op < <(printf 'a,op,b\n1,r,ff\n2,w,ff\n')
	run -2 --separate-stderr bel-sim --from csv --columns address=nosuch t.csv
	[ "${stderr_lines[0]}" = "bel-sim: t.csv: --columns: no column is called 'nosuch'" ]
	run -2 --separate-stderr bel-sim --from csv --columns kind=2 t.csv
	[ "${stderr_lines[0]}" = \
		"bel-sim: --columns: 'kind=2' must name either an address or a page" ]
	run -3 --separate-stderr bel-sim --from csv < <(printf 'a,b\n1,2\n')
	[ "$stderr" = "bel-sim: standard input: line 1: no column is called address or page: \
--columns tells which it is" ]
}

@test "garbage lines: refused with file, number and start, or skipped up to --max-bad" {
	printf '1000 R\nwhat?\n2000 W\nworse\n3000 R\n' >t
	run -3 --separate-stderr bel-sim --from hexrw t
	[ -z "$output" ]
	[ "$stderr" = "bel-sim: t: line 2: not 'hexaddress R|W': 'what?'" ]
	run -3 --separate-stderr bel-sim --from hexrw --max-bad 1 t
	[ "$stderr" = "bel-sim: t: line 4: not 'hexaddress R|W': 'worse'" ]
	run -0 --separate-stderr bel-sim --from hexrw --max-bad 2 --format jsonl -p lru -f 1 t
	[ "$(jq .references <<<"$output")" = 3 ]
}

@test "numbers beyond 64 bits are garbage, numbers of 64 bits are not" {
	is '2 2' < <(printf '18446744073709551615\n18446744073709551614\n')
	run -3 --separate-stderr bel-sim < <(printf '1\n2\n3\n18446744073709551616\n')
	[ "$stderr" = \
		"bel-sim: standard input: line 4: not a page number: '18446744073709551616'" ]
}

@test "records that end early name their byte" {
	head -c 10 /dev/zero >t.u32le
	run -3 --separate-stderr bel-sim t.u32le
	[ "$stderr" = 'bel-sim: t.u32le: byte 8: 2 bytes where a number has 4' ]
}

@test "every format that can be written reads back as it was" {
	awk 'BEGIN {for (i = 0; i < 3000; i++) print i * i % 1009 (i % 5 ? "" : "w")}' >t.pages
	wanted=$(counts t.pages)
	for format in arc din hexrw lackey lirs oracle-general pages csv u32le u32be u64le u64be; do
		bel-convert --to $format -o t.$format.new t.pages
		is "$wanted" --from $format t.$format.new
	done
	for format in din hexrw lackey csv; do
		cmp <(bel-sim --format jsonl -p lru -f 100 t.pages | jq .writebacks) \
			<(bel-sim --format jsonl -p lru -f 100 --from $format t.$format.new |
				jq .writebacks)
	done
}
