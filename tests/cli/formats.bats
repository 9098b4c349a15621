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

# is WANTED ARGS...: taken without a word.
is() {
	run --separate-stderr counts "${@:2}"
	echo "$*: status $status, stdout '$output', stderr '$stderr'"
	[ "$output" = "$1" ]
	[ -z "$stderr" ]
}

# is_likely WANTED FORMAT ARGS...: the same, and one line that says what it was taken for.
is_likely() {
	run --separate-stderr counts "${@:3}"
	echo "$*: status $status, stdout '$output', stderr '$stderr'"
	[ "$output" = "$1" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *": taken for format $2 ("*"); --from chooses another format"* ]]
}

# refused FORMATS ARGS...: with the candidates.
refused() {
	run -3 --separate-stderr bel-sim -q -p fifo -f 1 "${@:2}"
	echo "$*: stdout '$output', stderr '$stderr'"
	[ -z "$output" ]
	[[ $stderr == "bel-sim: "*": line "*": may be $1: choose with --from ("*")" ]]
}

# The second column was counted with a few lines of Python, not by this project.
# bats test_tags=slow
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

# bats test_tags=slow
@test "the public traces from a pipe, where no suffix helps" {
	[ -d "${BEL_SHARED:-}/traces" ] || skip "no ../shared beside the source"
	for file in arc-P3.lis cloudphysics-io.oracleGeneral lackey-ls.lackey lirs-2_pools.trc \
		lirs-cs.trc lirs-loop.trc spec1m-bzip.trace; do
		xz -dc "$BEL_SHARED/traces/$file.xz" >plain
		wanted=$(counts "$BEL_SHARED/traces/$file.xz")
		[ "$(counts <plain 2>words)" = "$wanted" ]
		[ "$(counts - <plain 2>words)" = "$wanted" ]
	done
	xz -dc "$BEL_SHARED/traces/cache2k-web12.u32be.xz" >plain
	run -3 --separate-stderr bel-sim <plain
	[[ $stderr == 'bel-sim: standard input: not a trace in any known format, and not text; '* ]]
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

# bats test_tags=slow
@test "gzip, xz and zstd, by content and not by name, also in pieces one after the other" {
	cat <(seq 1 4000) <(seq 1 1000) >numbers
	for tool in 'gzip -c' 'xz -c' 'zstd -qc'; do
		$tool numbers >packed
		is '5000 4000' packed
		is '5000 4000' <packed
		cat packed packed >twice
		is '10000 4000' twice
	done
}

@test "what is compressed twice is said to be" {
	seq 1 4000 | gzip | zstd -q >packed
	run -3 --separate-stderr bel-info packed
	[ "$stderr" = 'bel-info: packed: is compressed twice: unpacked, it is gzip data again; unpack it once before' ]
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
	[[ $stderr == "bel-sim: two: line 1 \"0 1\": may be din or pages: choose with --from (din: \
lines are 'label number', but no number is surely hexadecimal; pages: a table of numbers in 2 columns"* ]]
	is '4 4' --from pages two
	is '2 1' --from din two
	cp two two.din
	is '2 1' two.din
}

@test "a table of numbers is no page list, unless one says so" {
	refused pages < <(printf '0x1000 0\n0x2000 1\n0x1000 0\n')
	refused pages < <(printf '0x401000, 0x7ffe10\n0x401004, 0x7ffe18\n')
	refused 'pages or ramulator' < <(printf '12 4096\n13 8192\n12 12288\n')
	refused pages < <(printf '1 1001 2048\n2 1002 512\n3 1001 2048\n')
	refused 'arc or pages' < <(printf '12 4096 8 100\n13 8192 8 101\n')
	is '6 4' --from pages < <(printf '12 4096\n13 8192\n12 4096\n')
}

@test "what was taken, how surely and why stands in the record; a doubt is told even with -q" {
	taken() {
		bel-info -q --format jsonl "$@" 2>words |
			jq -r '"\(.stored_format) \(.stored_format_verdict) \(.stored_format_reason)"'
	}
	printf '7 0 1 2 0 3\n' >t
	[ "$(taken t)" = 'pages certain one line of 6 numbers, each below 4096' ]
	[ ! -s words ]
	printf '16916\n16917\n' >t
	[ "$(taken t)" = \
		'pages likely one decimal number per line; for byte addresses use --from addresses' ]
	[ "$(cat words)" = "bel-info: t: taken for format pages (one decimal number per line; for \
byte addresses use --from addresses); --from chooses another format or confirms this one" ]
	[ "$(taken --from addresses t)" = 'addresses given chosen by the options' ]
	[ ! -s words ]
	mv t t.pages
	[ "$(taken t.pages)" = "pages certain the name's suffix (.pages)" ]
	[ ! -s words ]
	bel-gen uniform -n 5 -o t.bel
	[ "$(taken t.bel)" = 'bel certain its magic number' ]
}

@test "a program in place of its trace" {
	run -3 --separate-stderr bel-sim -p lru -f 1 "$BEL_BIN/bel-sim"
	[ "$stderr" = "bel-sim: $BEL_BIN/bel-sim: is a program or a library, not a trace; bel-capture "\
"-o TRACE.bel -- PROGRAM records one" ]
}

@test "no format reads it: the first line and what is nearest, control characters escaped" {
	run -3 --separate-stderr bel-sim < <(printf '\n# c\n\033[31mred\007\n')
	[ "$stderr" = 'bel-sim: standard input: line 3 "\x1b[31mred\x07": not a trace in any '\
'known format; list: --from list; for a table: --columns address=2' ]
	run -3 --separate-stderr bel-sim < <(printf 'q 0x1000 8\n')
	[[ $stderr == *'; nearest: kind ("R 0x7ffe1000 8", --from kind), '*'; list: --from list; for a table: --columns address=2' ]]
}

# bats test_tags=slow
@test "a trace without a reference is an error, whatever it is" {
	none() {
		run -3 --separate-stderr bel-sim -p fifo -f 1 "$@"
		echo "$*: '$stderr'"
		[ -z "$output" ]
		[[ $stderr == *"no references"* ]]
	}
	printf '# a\n\n// b\n' >comments
	none comments
	none <comments
	for format in pages letters addresses hexrw din xdin lirs arc kind; do
		none --from $format comments
	done
	gzip -c comments >comments.gz
	none comments.gz
	printf 'what\n' >bad
	none --from pages --max-bad 5 bad
	bel-gen uniform -n 0 -o none.bel
	none none.bel
	none <none.bel
	# What is in it can still be asked, and it can be copied, both with a word.
	run -0 --separate-stderr bel-info --format jsonl none.bel
	[ "$(jq .references <<<"$output")" = 0 ]
	[ "$stderr" = 'bel-info: none.bel: no references in the trace' ]
	run -0 --separate-stderr bel-convert none.bel -o copy.bel
	[ "$stderr" = \
		'bel-convert: copy.bel: no references were written: the trace, or the part of it, is empty' ]
	printf '7 0 1 2 0\n' >t.pages
	run -0 --separate-stderr bel-convert --skip 5 t.pages -o part.bel
	[[ $stderr == *': no references were written'* ]]
}

@test "a page list that students type: commas, blanks, lines, hexadecimal, CRLF, comments" {
	is '20 6' < <(echo 7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1)
	is '20 6' < <(echo 7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1)
	is '20 6' < <(printf '%s\n' 7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1)
	is '20 6' < <(printf '%s\r\n' 7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1)
	is '5 4' < <(printf '\xef\xbb\xbf# a BOM\r\n// and comments\r\n\t7\t0 1  2 0 \t \r\n')
	is '3 2' < <(printf '0x10, 0x11w\n0x10')
	is '1 1' < <(printf 7)
	is_likely '9 6' pages < <(printf '7, 0, 1, 2,\n0, 3, 0, 4,\n2\n')
	is '3 3' --from pages < <(printf '3 0 18446744073709551615\n')
}

@test "pages with R or W, and letters" {
	writes() { # writes WANTED ARGS...: loads, stores, pages
		run jq -r '"\(.loads) \(.stores) \(.pages)"' \
			<(bel-info -q --format jsonl "${@:2}" 2>words)
		echo "$*: '$output'"
		[ "$output" = "$1" ]
	}
	printf '1R 2W 1r 3w' >t
	is '4 3' t
	writes '2 2 3' t
	printf '1 R\n2 W\n3 R\n1 R\n2 R\n' >t
	is_likely '5 3' pages t
	writes '4 1 3' t
	is '5 1' --from hexrw t
	printf '16916 R\n17 W\n' >t
	refused 'hexrw or pages' t
	writes '1 1 2' --from pages t
	# 0x16916 and 0x17
	writes '1 1 2' --from hexrw t
	printf 'A B C D A Bw E\n' >t
	is_likely '7 5' letters t
	writes '6 1 5' --from letters t
	is '5 3' < <(printf 'a, b, c, a, b')
	# A letter's page is its character code: A is 65.
	bel-convert --to pages --from letters t | cmp - <(printf '%s\n' 65 66 67 68 65 '66 w' 69)
	bel-explain -p fifo -f 2 --from letters t | grep -q '^page  *|  *A  *B  *C'
}

@test "addresses, one a line: any page size from 16 bytes on" {
	printf '16916\n16917\n17000\n62493\n' >t.addr
	is '4 2' t.addr
	is '4 2' --page-size 256 t.addr
	# 16916 and 16917 are in page 1057, 17000 in 1062, 62493 in 3905
	is '4 3' --page-size 16 t.addr
	cp t.addr t
	is_likely '4 4' pages t
	is_likely '4 2' addresses --page-size 256 t
	is '4 4' --unit 256 --page-size 256 t
	printf '0x0041f7a0\n0x0041f7a4\n0x0041f7b8\n' >t
	is_likely '3 1' addresses t
	is '3 3' --from pages t
	is_likely '3 2' addresses --page-size 16 t
	is '2 2' < <(printf '0041f7a0\n00420000\n')
	is '2 2' --from hex-addresses < <(printf '10000\n0x20000\n')
	run -3 --separate-stderr bel-sim --from addresses < <(printf '16\nf7a0\n')
	[ "$stderr" = "bel-sim: standard input: line 2: not an address, decimal or 0x: 'f7a0'" ]
}

@test "the kind first, in any of the ways there are" {
	for kinds in 'R W' 'r w' 'l s' 'L S' 'LD ST' 'load store' 'Read Write' 'RD WR' 'r: w:' \
		'R, W,'; do
		read -r load store <<<"$kinds"
		printf '%s 0x1000\n%s 0x2fff 2\n' "$load" "$store" >t
		is '2 2' t
		run jq -r '"\(.loads) \(.stores) \(.crossings)"' <(bel-info --format jsonl t)
		[ "$output" = '1 1 1' ]
	done
	is '3 2' < <(printf 'I: 0x400000\nM 0x1000,8\nifetch 0x400004\n')
	is_likely '2 1' kind < <(printf 'R 20734016 64\nW 20734080 64\n')
	is_likely '2 2' kind-hex < <(printf 'LD 7ffe10\nST 400000\n')
	is_likely '3 2' kind-pages < <(printf 'R 5\nW 6\nR 5\n')
	refused 'kind, kind-hex, kind-pages or xdin' < <(printf 'R 5000\nW 6\n')
	run -3 --separate-stderr bel-sim --from kind < <(printf 'R 0x10\nR 0x10 0\n')
	[ "$stderr" = "bel-sim: standard input: line 2: not 'kind address' or 'kind address size': \
'R 0x10 0'" ]
}

@test "ARC's requests, whatever the third column holds" {
	printf '1936993 8 0 0\n793041 16 0 1\n1494305 8 10 15\n1782849 24 10 16\n' >t
	is '56 56' t
	is_likely '32 32' arc < <(tail -n 2 t)
}

@test "Dinero's labels with 0x, and Dinero IV's letters" {
	is_likely '3 2' din < <(printf '2 0x408ed4\n0 0x408ed8\n1 0x10019d94\n')
	is '2 2' < <(printf 'i 408ed4 4\nc 0 0\nm 0x10019d94 10\nv 0 0\n')
}

@test "what a page number stands for" {
	is '8 8' < <(seq 0 7)
	is '8 2' --unit 1k --page-size 4k < <(seq 0 7)
	is '8 8' --unit 1k --page-size 1k < <(seq 0 7)
	run -2 --separate-stderr bel-sim --page-size 1k < <(seq 0 7)
	[[ $stderr == 'bel-sim: standard input: '*smaller* ]]
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
		"bel-sim: --columns: 'kind=2' must name either an address, a page or a key" ]
	run -3 --separate-stderr bel-sim --from csv < <(printf 'a,b\n1,2\n')
	[ "$stderr" = 'bel-sim: standard input: line 1 "a,b": no column is called address, page or key; '"\
name it with --columns, as in --columns address=2" ]
}

@test "CSV: a first line without a head is data, or an error as any other line" {
	printf 'u,20480,64,3,77\nr,4096,64,3,5\nw,8192,64,3,9\n' >gem5.csv
	run -3 --separate-stderr bel-sim --columns kind=1,address=2,size=3 gem5.csv
	[ "$stderr" = 'bel-sim: gem5.csv: line 1, column 1 "u": not a kind of reference '"\
(read, write, ...); map it with --kinds u=read" ]
	is '3 3' --columns kind=1,address=2,size=3 --kinds u=read gem5.csv
	printf 'ff00\n1300\n1400\n' >hex.csv
	run -3 --separate-stderr bel-sim --columns address=1 hex.csv
	[[ $stderr == 'bel-sim: hex.csv: line 1, column 1 "ff00": not a decimal number; '* ]]
	is '3 2' --columns address=1:hex hex.csv
	# Columns by number: the separator with which the first line has them, with a head line or without.
	printf 'when;virtual addr;op\n1;1000;RD\n2;2000;WR\n3;1000;RD\n' >odd.csv
	is '3 2' --columns address=2:hex,kind=3 odd.csv
	is '3 2' --columns address=2:hex,kind=3 < <(tail -n +2 odd.csv | tr ';' '\t')
	is '3 2' --columns address=2:hex,kind=3 < <(tail -n +2 odd.csv | tr ';' '|')
	is '3 2' --columns address=2:hex,kind=3 < <(tail -n +2 odd.csv | tr ';' ' ')
	printf 'time address  rw\n1 0x1000 r\n2 0x2000\tw\n' >blank
	run -3 --separate-stderr bel-sim blank
	[[ $stderr == 'bel-sim: blank: line 1 "time address  rw": not a trace in any known format; '*'--columns address=2' ]]
	is '2 2' --columns address=2,kind=3 blank
	# A comma comes first: the second column is "2000;9".
	run -3 --separate-stderr bel-sim --columns address=2 < <(printf '1,2000;9\n')
	[[ $stderr == *'line 1, column 2 "2000;9": not a number'* ]]
	# An open quote would hide the names after it: all references would be loads of a byte.
	printf 'address,"kind,size\n4096,W,8\n' >t.csv
	run -3 --separate-stderr bel-info --from csv t.csv
	[ "$stderr" = 'bel-info: t.csv: line 1, column 2: its quote is not closed on this line' ]
}

# bats test_tags=slow
@test "CSV: separators, sizes in units, keys, 64-bit pages, processes" {
	# 0x1000 and 8 KiB behind it are pages 1 and 2, and page 1 again.
	printf 'op;addr;len\nr;4096;8K\nw;0x1fff;1B\n' | xz >t.csv.xz
	[ "$(bel-info --format jsonl t.csv.xz | jq -c '[.references,.pages,.crossings]')" = '[3,2,1]' ]
	printf '/etc/passwd\t1\n/bin/ls\t2\n/etc/passwd\t3\n' >keys
	is '3 2' --separator tab --columns key=1 keys
	printf 'obj_id\n18446744073709551615\n0\n18446744073709551615\n' >ids.csv
	is '3 2' ids.csv
	[ "$(timeout 10 bel-convert --to pages ids.csv | paste -sd ' ')" = \
		'18446744073709551615 0 18446744073709551615' ]
	# One address in two processes is two pages.
	printf 'pid,addr\n7,64\n9,64\n7,64\n' >two.csv
	is '3 2' two.csv
	[ "$(bel-convert --process 9 two.csv --to din)" = '0 40' ]
	run -2 --separate-stderr bel-sim --separator ab --columns key=1 keys
	[[ ${stderr_lines[0]} == "bel-sim: --separator: 'ab' is not a separator of columns"* ]]
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

# These formats read the first columns of a line: without LF, all references but the first would be lost.
@test "a carriage return is the end of a line only before LF" {
	local what="a carriage return in the line; lines end with LF or CR LF (tr '\\r' '\\n' converts)"
	local line format first second
	for line in 'din:0 1000:1 2000' 'xdin:r 1000 4:w 2000 4' 'hexrw:1000 R:2000 W'; do
		IFS=: read -r format first second <<<"$line"
		printf '%s\r\n%s\r\r\n' "$first" "$second" >t
		[ "$(bel-info -q --from "$format" t | jq -r '"\(.references) \(.pages)"')" = '2 2' ]
		printf '%s\n%s\r%s\r%s\n%s\n' "$first" "$first" "$second" "$first" "$second" >t
		run -3 --separate-stderr bel-info -q --from "$format" t
		[[ $stderr == "bel-info: t: line 2: $what: '$first"* ]]
		run -0 --separate-stderr bel-info -q --max-bad 1 --from "$format" t
		[ "$(jq -r '"\(.references) \(.bad_lines) \(.pages)"' <<<"$output")" = '2 1 2' ]
		printf '%s\r%s\r' "$first" "$second" >t
		run -3 --separate-stderr bel-info -q --from "$format" t
		[[ $stderr == "bel-info: t: line 1: $what: "* ]]
	done
	printf '1,R\r2,W\r' >t
	run -3 --separate-stderr bel-info -q --columns page=1 t
	[[ $stderr == "bel-info: t: line 1: $what: "* ]]
	# In lists, it is a blank.
	printf '7\r0\r1\r' >t
	[ "$(bel-convert -q --to pages t | tr '\n' ' ')" = '7 0 1 ' ]
}

# bats test_tags=slow
@test "numbers beyond 64 bits are garbage, numbers of 64 bits are not" {
	is_likely '2 2' pages < <(printf '18446744073709551615\n18446744073709551614\n')
	run -3 --separate-stderr bel-sim < <(printf '1\n2\n3\n18446744073709551616\n')
	[ "$stderr" = \
		"bel-sim: standard input: line 4: not a page number: '18446744073709551616'" ]
}

@test "records that end early name their byte" {
	head -c 10 /dev/zero >t.u32le
	run -3 --separate-stderr bel-sim t.u32le
	[ "$stderr" = 'bel-sim: t.u32le: byte 8: 2 bytes left, but a number has 4' ]
}

# bats test_tags=slow
@test "every format that can be written reads back as it was" {
	awk 'BEGIN {for (i = 0; i < 3000; i++) print i * i % 1009 (i % 5 ? "" : "w")}' >t.pages
	wanted=$(counts t.pages)
	for format in arc din xdin hexrw lackey lirs oracle-general pages csv addresses \
		hex-addresses kind kind-hex kind-pages u32le u32be u64le u64be; do
		bel-convert --to $format -o t.$format.new t.pages
		is "$wanted" --from $format t.$format.new
	done
	for format in din xdin hexrw lackey csv kind kind-hex kind-pages; do
		cmp <(bel-sim --format jsonl -p lru -f 100 t.pages | jq .writebacks) \
			<(bel-sim --format jsonl -p lru -f 100 --from $format t.$format.new |
				jq .writebacks)
	done
}
