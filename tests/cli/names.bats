#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What traces are called in records, tables, summaries and figures, where several have one name.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	PATH=$BEL_BIN:$PATH
	printf '1 2 3 1 2 3\n' >t.pages
	printf '1 2 1 2 1 3 4\n' >u.pages
	mkdir -p all/old all/new
	# Two programs of one name, as a program and its next version are.
	bel-convert -q --name ./prog -o before.bel t.pages
	bel-convert -q --name ./prog -o after.bel u.pages
	cp before.bel all/old/t.bel
	cp after.bel all/new/t.bel
	bel-sim -q -p lru,opt,fifo -f 2,3 --format jsonl before.bel after.bel >r.jsonl
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	PATH=$BEL_BIN:$PATH
}

# labels TOOL ARGS...: the different words in the first column of its tables, but for heads.
labels() {
	"$@" | awk 'NF && $1 != "trace" {print $1}' | sort -u | paste -sd' '
}

@test "a record has the trace's name and its file" {
	[ "$(jq -c '[.trace.name, .trace.file]' r.jsonl | sort -u | paste -sd' ')" = \
		'["./prog","after.bel"] ["./prog","before.bel"]' ]
	file() {
		jq -c '[.trace.name, .trace.file]' | sort -u
	}
	[ "$(bel-sim -f 2 --format jsonl t.pages | file)" = '["t.pages","t.pages"]' ]
	[ "$(bel-sim -f 2 --format jsonl ./all/../t.pages | file)" = '["t.pages","./all/../t.pages"]' ]
	[ "$(bel-sim -f 2 --format jsonl <t.pages | file)" = '["standard input",null]' ]
	[ "$(bel-sim -f 2 --format jsonl <before.bel | file)" = '["./prog",null]' ]
	[ "$(bel-curve --format jsonl - <before.bel | file)" = '["./prog",null]' ]
	[ "$(bel-vm -f 2 --format jsonl before.bel | file)" = '["./prog","before.bel"]' ]
	[ "$(bel-info --format jsonl before.bel | file)" = '["./prog","before.bel"]' ]
}

@test "--name names a trace, for one reading or for good" {
	name() {
		jq -r .trace.name | sort -u
	}
	for tool in 'bel-sim -f 2' bel-curve 'bel-vm -f 2' bel-info; do
		[ "$($tool --name 'my trace' --format jsonl before.bel | name)" = 'my trace' ]
	done
	bel-convert -q --name second before.bel -o named.bel
	[ "$(bel-info --format jsonl named.bel | name)" = second ]
	[ "$(bel-info --format jsonl <named.bel | name)" = second ]
	# It goes on through conversions and reductions, but a part is not called as the whole.
	[ "$(bel-convert -q named.bel | bel-info --format jsonl | name)" = second ]
	[ "$(bel-reduce -q -f 1 named.bel 2>/dev/null | bel-info --format jsonl | name)" = second ]
	[ "$(bel-convert -q -n 3 named.bel | bel-info --format jsonl | name)" != second ]
	[ "$(bel-convert -q -n 3 --name part named.bel | bel-info --format jsonl | name)" = part ]
	# What was run is still known.
	bel-gen zipf -n 5 --pages 3 --seed 1 -o g.bel
	[ "$(bel-convert -q --name gen g.bel | bel-info --format jsonl | jq -r .command)" = \
		"$(bel-info --format jsonl g.bel | jq -r .command)" ]
	run -2 --separate-stderr bel-sim --name x before.bel after.bel
	[[ ${stderr_lines[0]} = *'--name: names one trace; give one trace only' ]]
	run -2 bel-sim --name '' before.bel
	run -2 bel-vm --name x --mix before.bel,after.bel
}

@test "tables tell traces of one name by their files" {
	for tool in 'bel-sim -f 2' 'bel-curve' 'bel-vm -f 2'; do
		[ "$(labels $tool -p lru --format table before.bel after.bel)" = 'after.bel before.bel' ]
		[ "$(labels $tool -p lru --format table all/old/t.bel all/new/t.bel)" = \
			'new/t.bel old/t.bel' ]
		[ "$(labels $tool -p lru --format table before.bel t.pages)" = './prog t.pages' ]
	done
	[ "$(labels bel-compare --show sizes,traces --format table r.jsonl)" = 'after.bel before.bel' ]
	# A file that was made anew between two runs: digests are what is left.
	cp before.bel same.bel
	bel-sim -p lru -f 2 --format jsonl same.bel >anew.jsonl
	cp after.bel same.bel
	bel-sim -p lru -f 2 --format jsonl same.bel >>anew.jsonl
	[ "$(bel-compare --show sizes --format table anew.jsonl | grep -cE '^\./prog #[0-9a-f]{6}  ')" = 2 ]
	# Both from pipes.
	{ bel-sim -p lru -f 2 --format jsonl <t.pages; bel-sim -p lru -f 2 --format jsonl <u.pages; } |
		bel-compare --show sizes --format table >table
	[ "$(grep -cE '^standard input #[0-9a-f]{6}  ' table)" = 2 ]
	# One trace at two page sizes is one trace.
	[ "$(labels bel-curve -p lru --page-size 4k,8k --format table t.pages u.pages)" = 't.pages u.pages' ]
}

@test "a mix of traces of one name tells them" {
	bel-vm -f 2 --mix before.bel,after.bel --format jsonl |
		jq -e '.trace.name == "before.bel+after.bel" and .trace.file == null'
}

@test "a gate holds each trace against the one of its file" {
	# Before: 2 traces of one name; after: the same in another folder, in another order.
	bel-sim -p lru -f 2 --format jsonl before.bel after.bel >one.jsonl
	mkdir -p moved
	cp before.bel after.bel moved
	bel-sim -p lru -f 2 --format jsonl moved/after.bel moved/before.bel >two.jsonl
	run -0 bel-compare --max-faults-increase 0% one.jsonl two.jsonl
	# By hand, LRU with 2 frames: 123123 faults 6 times, 1212134 4 times. Exchanged, one grew.
	[ "$(jq -c '[.trace.file, .faults]' one.jsonl | paste -sd' ')" = '["before.bel",6] ["after.bel",4]' ]
	cp after.bel moved/before.bel
	cp before.bel moved/after.bel
	bel-sim -p lru -f 2 --format jsonl moved/after.bel moved/before.bel >two.jsonl
	run -1 bel-compare --max-faults-increase 0% --format jsonl one.jsonl two.jsonl
	[ "$(jq -c '[.trace.file, .faults_before, .faults_after]' <<<"$output")" = '["after.bel",4,6]' ]
}

# bats test_tags=slow
@test "summaries of sweeps" {
	rm -rf folder out
	mkdir folder
	cp before.bel after.bel t.pages folder
	"$BEL_BIN/bel-compare-policies" -p lru,ws -f 2 -o out folder 2>/dev/null
	[ "$(labels cat out/summary.txt)" = 'after.bel before.bel t.pages' ]
	grep -q '^after.bel .*  lru ' out/comparison.txt
	# Long names are cut in the middle, but not where that would make them the same.
	rm -rf folder out
	mkdir folder
	long=a-program-with-many-options-that-differ-late
	bel-convert -q --name "$long -1" -o folder/1.bel t.pages
	bel-convert -q --name "$long -2" -o folder/2.bel u.pages
	"$BEL_BIN/bel-compare-policies" -p lru -f 2 -o out folder 2>/dev/null
	grep -q '^a-program-with-man\.\.\.that-differ-late -1 ' out/summary.txt
	grep -q '^a-program-with-man\.\.\.that-differ-late -2 ' out/summary.txt
	rm -rf folder out
	mkdir folder
	bel-convert -q --name "a-program-with-many-options 1 of them and more of the same" -o folder/1.bel t.pages
	bel-convert -q --name "a-program-with-many-options 2 of them and more of the same" -o folder/2.bel u.pages
	"$BEL_BIN/bel-compare-policies" -p lru -f 2 -o out folder 2>/dev/null
	grep -q '^a-program-with-many-options 1 of them and more of the same ' out/summary.txt
	grep -q '^a-program-with-many-options 2 of them and more of the same ' out/summary.txt
}

# bats test_tags=slow
@test "pictures tell traces of one name by their files" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	bel-plot -o faults.svg r.jsonl
	# Each trace has a panel with its name.
	grep -q '>before.bel<' faults.svg
	grep -q '>after.bel<' faults.svg
	bel-compare --format jsonl r.jsonl | bel-plot -k heat -o heat.svg
	grep -q '>before.bel<' heat.svg
	grep -q '>after.bel<' heat.svg
}
