#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What others wrote, in records, names and options, is text wherever it comes out: gnuplot, SVG,
# HTML, LaTeX, a terminal. Whatever it says, nothing runs, and no file but the asked one is there.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	unset COLUMNS NO_COLOR
	mkdir empty
}

# Texts that are commands, or the ends of strings, to one reader or another.
texts() {
	cat <<-'END'
		1\nEND\nsystem('touch BAD')\n$z << END\n
		'tis it''s ''' '' '
		\"\"\" \" \\\" \\
		`touch BAD` \\`touch BAD`
		$(touch BAD) ${IFS}touch BAD
		@curves @bands_under @title
		|touch BAD
		<touch BAD
		\u001b]0;BAD\u0007\u001b[31m
		\u009b31m \u202eDAB\u2066
		<script>alert(1)</script>&#60;b&lt; <b onload=x>
		{/Bold x}^2_3 ~a{b} &{c} \\U+263A
		%s%n%d%x %%n 50% % %1$s
		\\047\\140 \\0 \\n \\'
		1 2 3\n\n\n4 5 6
		# comment ; system 'touch BAD'
		', system('touch BAD'), '
		\", system(\"touch BAD\"), \"
		\u00e9\u65e5\u672c\ud83d\ude00
	END
}

# records_of KIND TEXT: records that the figure draws, with the text wherever one may stand.
records_of() {
	jq -cn --argjson text "\"$2\"" --arg kind "$1" '
		{schema: "belady.run/1", trace: {name: $text, digest: $text, references: 9,
			page_bytes: 4096}, policy: $text, params: {($text): $text, k: 1}, spec: $text}
		as $r | if $kind == "heat" then
			$r + {schema: "belady.compare-trace/1", faults_over_opt: 1.5},
			$r + {schema: "belady.compare-trace/1", faults_over_opt: 2, policy: "b"}
		elif $kind == "wins" then
			$r + {schema: "belady.compare-pair/1", against_spec: $text, win_share: 0.5},
			$r + {schema: "belady.compare-pair/1", against_spec: "b", win_share: 0.25}
		elif $kind == "vm-faults" then
			$r + {schema: "belady.vm-interval/1", start_reference: (0, 10), references: 10,
				frames: (1, 2), zero_fill_faults: 1, in_frame_faults: 1,
				copy_on_write_faults: 1, protection_faults: 0, file_read_faults: 0,
				swap_read_faults: 0, no_region_faults: 0, no_permission_faults: 0,
				writebacks: 0}
		else
			$r + {frames: 3, fault_ratio: 0.5, faults: 4},
			$r + {mean_resident_pages: (2, 3), fault_ratio: 0.25, faults: 5,
				params: {($text): ($text, "x")}}
		end'
}

# draw ARGS...: in the empty folder; a picture and nothing else, or a sentence of ours.
draw() {
	(cd empty && env -i PATH="$PATH" bel-plot "$@") >picture 2>words
	local status=$?
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || { echo "status $status"; return 1; }
	[ -z "$(ls -A empty)" ] || { echo "left behind: $(ls -A empty)"; return 1; }
	if grep -q gnuplot words || { [ "$status" -eq 0 ] && [ -s words ]; }; then
		cat words
		return 1
	fi
	return "$status"
}

# An SVG is XML, and of gnuplot's elements alone; the texts are its text nodes.
# svg_is_plain FILE TEXT...: each TEXT stands in it.
svg_is_plain() {
	python3 - "$@" <<-'END'
		import sys, xml.etree.ElementTree as tree
		root = tree.parse(sys.argv[1]).getroot()
		seen = [''.join(element.itertext()).strip() for element in root.iter()]
		for text in sys.argv[2:]:
		    assert text in seen, text
	END
}

svgs_are_plain() {
	python3 - "$@" <<-'END'
		import sys, xml.etree.ElementTree as tree
		known = {'svg', 'g', 'rect', 'path', 'text', 'tspan', 'title', 'desc', 'defs', 'use',
		         'circle', 'polygon', 'pattern', 'stop', 'filter', 'feFlood', 'feComposite',
		         'feColorMatrix', 'linearGradient', 'image', 'clipPath'}
		for path in sys.argv[1:]:
		    for element in tree.parse(path).getroot().iter():
		        assert element.tag.split('}')[1] in known, (path, element.tag)
		        bad = [name for name in element.attrib if name.startswith('on')]
		        assert not bad, (path, bad)
	END
}

# bats test_tags=slow
@test "records that are commands are drawn as text, by every figure that shows names" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	local n=0
	while IFS= read -r text; do
		for kind in fault-rate heat wins vm-faults; do
			records_of $kind "$text" >>$kind.jsonl
		done
		# Each is a title once; here the trace's name, below --title.
		((n++ % 4)) || {
			records_of fault-rate "$text" >records.jsonl
			draw --format svg ../records.jsonl || { echo "$text"; return 1; }
			mv picture "$n.svg"
		}
	done < <(texts)
	for kind in fault-rate heat wins vm-faults; do
		draw -q -k $kind --format svg ../$kind.jsonl || { echo "$kind"; return 1; }
		mv picture $kind.svg
		draw -q -k $kind --format dumb ../$kind.jsonl || { echo "$kind"; return 1; }
		run -1 grep -q "$(printf '\033\|\302\233')" picture
	done
	svgs_are_plain ./*.svg
	# As it was written, the title says it.
	records_of fault-rate "'tis it''s" >records.jsonl
	draw --format svg ../records.jsonl
	svg_is_plain picture "'tis it''s"
	records_of fault-rate '<b>%d</b>\u001b' >records.jsonl
	draw --format svg ../records.jsonl
	svg_is_plain picture '<b>%d</b>\x1b'
	records_of heat '50% &amp;' >records.jsonl
	draw -k heat --format svg ../records.jsonl
	svg_is_plain picture '50% &amp;'
}

# bats test_tags=slow
@test "titles and output names are text, too" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	local n=0
	records_of fault-rate t >records.jsonl
	while IFS= read -r text; do
		text=$(jq -rn --argjson text "\"$text\"" '$text')
		draw --format svg --title "$text" ../records.jsonl || { echo "$text"; return 1; }
		mv picture "$((n += 1)).svg"
		# A file of that name, which gnuplot alone writes.
		case $text in */*) continue ;; esac
		mkdir -p named
		(cd named && bel-plot --print --format svg -o "$text" ../records.jsonl >../script)
		(cd named && LC_ALL=C.UTF-8 gnuplot -d ../script 2>../words) || { echo "$text"; return 1; }
		[ ! -s words ]
		[ "$(ls -A named | wc -l)" -gt 0 ] && [ -s "named/$text" ]
		rm -r named
	done < <(texts)
	[ ! -e BAD ]
	svgs_are_plain ./*.svg
}

# bats test_tags=slow
@test "mutated records: no side effect, whatever they hold" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	local rounds=8 seed
	[ -z "${BEL_LONG:-}" ] || rounds=2000
	python3 - $rounds <<-'END'
		import json, random, sys
		pieces = ["'", '"', '`', '\\', '@curves', '\nEND\n', "system('touch BAD')", '$(touch BAD)',
		          '|', '<', '%d', '%', '{', '}', '\x1b[1m', '\x9b', '\u202e', '#', ';', 'a', ' ',
		          '0', '7', '\\n', '\t', '&', '<b>', 'é', '日', '$x', '!touch BAD\n']
		def text():
		    return ''.join(random.choice(pieces) for _ in range(random.randrange(9)))
		def number():
		    return random.choice([0, 1, 2, 3, 8, 0.5, 1e18, 1e-18, 7, 100, 4, 5, 6, 1e308, None])
		for seed in range(1, int(sys.argv[1]) + 1):
		    random.seed(seed)
		    name = text()
		    with open('records.%d' % seed, 'w') as out:
		        for _ in range(random.randrange(1, 6)):
		            print(json.dumps({'schema': 'belady.run/1', 'policy':
		                random.choice(['lru', 'opt', 'ws', text()]), 'trace': {'name': name,
		                'references': 9, 'page_bytes': random.choice([4096, 1, 0, 2**62, 1000])},
		                'params': {text(): text()}, 'frames': number(), 'faults': number(),
		                'mean_resident_pages': number(), 'fault_ratio': number(), 'seed': 1}),
		                file=out)
	END
	local options=('' --log-y --log '--format dumb')
	for ((seed = 1; seed <= rounds; seed++)); do
		status=0
		draw --format svg ${options[seed % 4]} ../records.$seed || status=$?
		[ "$status" -ne 1 ] || { echo "seed $seed ${options[seed % 4]}"; return 1; }
	done
}

# bats test_tags=slow
@test "a picture or a sentence of ours: one point, flat, zeros, any axis" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	local points
	for points in '[[8,3]]' '[[0,0]]' '[[1,5],[2,5],[3,5]]' '[[0,0],[1,7],[2,0]]' \
		'[[1,1],[1000000000,1000000000000000]]'; do
		jq -cn --argjson points "$points" '$points[] as [$x, $y] | {trace: {name: "t",
			digest: "0", references: 100, page_bytes: 4096}, policy: "lru", params: {}, frames: $x}
			+ ({schema: "belady.run/1", mean_resident_pages: $x, faults: $y, fault_ratio: ($y / 1e18)},
			{schema: "belady.compare/1", faults_over_opt: $y},
			{schema: "belady.compare-trace/1", faults_over_opt: $y,
				trace: {name: "t\($x)", digest: "\($x)", page_bytes: 4096}},
			{schema: "belady.compare-prediction/1", spec: "lru", predicted_major_faults: $y,
				measured_major_faults: $y, measured_least: 0, measured_most: $y},
			{schema: "belady.compare-pair/1", against_spec: "p\($x)", win_share: 0.5},
			{schema: "belady.interval/1", frames: 8, start_reference: $x, references: 0,
				fault_ratio: ($y / 1e18), mean_resident_pages: $y},
			{schema: "belady.map/1", name: "row \($x)", what: "references", start_reference: $x,
				counts: $y, column_references: 1, references: 1, hole_bytes: $x, space: $y},
			{schema: "belady.vm-interval/1", frames: 8, start_reference: $x, references: 0,
				zero_fill_faults: $y, in_frame_faults: 0, copy_on_write_faults: 0,
				protection_faults: 0, file_read_faults: 0, swap_read_faults: $y,
				no_region_faults: 0, no_permission_faults: 0, writebacks: 0},
			{schema: "belady.vm/1", frames: 8, trace: {name: "t", page_bytes: $x},
				traces: $x, cost: {cpu_utilisation: ($y / 1e18)}, fragmentation: {internal_fragmentation_bytes: $y},
				tables: {peak_bytes: $y}, tlb: {reach_bytes: ($x * $x), miss_ratio: ($y / 1e18)}})
			' >records.jsonl
		jq -cs '{schema: "belady.curve/1", trace: .[0].trace, params: {}} +
			({policy: "lru", frames: map(select(.schema == "belady.run/1").frames),
				faults: map(select(.schema == "belady.run/1").faults)},
			{policy: "ws", tau: map(select(.schema == "belady.run/1").frames),
				mean_resident_pages: map(select(.schema == "belady.run/1").faults)})' \
			records.jsonl >curves.jsonl
		for kind in $(bel-plot -k list | sed 's/ .*//'); do
			case $kind in
			reuse-distance) file=only.jsonl && grep '"lru"' curves.jsonl >only.jsonl ;;
			working-set-curve) file=only.jsonl && grep '"ws"' curves.jsonl >only.jsonl ;;
			*) file=only.jsonl
				schema=$(sed -n 's/^# records: \([^ ]*\).*/\1/p' "$BEL_TOP/plots/$kind.gp")
				jq -c --arg schema "$schema" 'select(.schema == $schema)' records.jsonl >only.jsonl ;;
			esac
			for options in '' '--log-y --log'; do
				# Logarithmic axes are particular about zeros and large numbers.
				case $options$points in
				--*[[,]0[],]* | --*0000* | '['*) ;;
				*) continue ;;
				esac
				status=0
				# shellcheck disable=SC2086 # words
				draw -k "$kind" --format dumb $options ../$file || status=$?
				[ "$status" -ne 1 ] || { echo "$kind $options $points"; return 1; }
				# Without a logarithmic axis, only what is no number cannot be drawn.
				[ "$status" -eq 0 ] || [ -n "$options" ] || grep -q -e ' is 0$' -e ': nothing was measured' words ||
					{ cat words; echo "$kind $points"; return 1; }
			done
		done
	done
}

@test "numbers that gnuplot could not place are refused by us" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	for value in 1e308 -1 1e-300 9223372036854775807; do
		records_of fault-rate t | sed "s/\"frames\":3/\"frames\":$value/" >records.jsonl
		run -3 draw ../records.jsonl
		grep -q "^bel-plot: ../records.jsonl: line 1: frames is .*: must be 0, or from" words
	done
	bel-gen belady | bel-sim -p fifo,lru,opt -f 3,4 >records.jsonl
	draw ../records.jsonl
	draw --format dumb ../records.jsonl
	grep -q '| *opt ' picture || grep -q 'opt' picture
}

@test "png and pdf in a bare environment" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	records_of fault-rate "'tis" >records.jsonl
	draw --format png ../records.jsonl
	draw --format pdf ../records.jsonl
}

@test "temporary files go where TMPDIR says" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	records_of fault-rate t >records.jsonl
	run -3 env TMPDIR=/nowhere bel-plot -o out.svg records.jsonl
	[ "$output" = 'bel-plot: /nowhere: temporary file (TMPDIR chooses the folder): No such file or directory' ]
	mkdir here
	TMPDIR=$PWD/here bel-plot -o out.svg records.jsonl
	[ -s out.svg ] && [ -z "$(ls -A here)" ]
}

@test "records are JSON values: over lines, in arrays, behind a byte order mark" {
	printf '1 2 3 1 2 3\n' >t.pages
	bel-sim -p lru,opt -f 2,3 t.pages >r.jsonl
	for tool in 'bel-plot --print' 'bel-compare --format jsonl'; do
		$tool r.jsonl >want
		jq . r.jsonl | $tool | cmp - want
		jq -s . r.jsonl | $tool | cmp - want
		jq -cs . r.jsonl | $tool | cmp - want
		{ printf '\357\273\277'; cat r.jsonl; } | $tool | cmp - want
		tr -d '\n' <r.jsonl | $tool | cmp - want
	done
	printf '[\n {"schema": "a"}\n {"schema": "b"}]' >bad
	run -3 bel-plot bad
	[ "$output" = "bel-plot: bad: line 3, column 2: '{' where a comma or ] should follow a record" ]
}

@test "messages show control characters, and nothing steers the terminal" {
	local odd=$'a\033[31m\007\302\233\342\200\256\377b' shown='a\x1b[31m\x07\xc2\x9b\xe2\x80\xae\xffb'
	# The operand of each tool that reads a file, as its message shows it.
	for tool in bel-info 'bel-sim -p lru -f 2' 'bel-curve -p lru' bel-convert bel-plot bel-compare \
		bel-explain bel-vm 'bel-reduce -f 4'; do
		# shellcheck disable=SC2086 # words
		run $tool "$odd"
		[ "$status" -ge 2 ]
		run -1 grep -q "$(printf '\033\|\007\|\302\233\|\377')" <<<"$output"
	done
	for option in "-p $odd" "--kind=$odd" "--$odd" "--show=$odd" "-f $odd"; do
		for tool in bel-sim bel-plot bel-compare bel-gen; do
			run "$tool" "$option"
			[ "$status" -ge 2 ]
			run -1 grep -q "$(printf '\033\|\007\|\302\233\|\377')" <<<"$output"
		done
	done
	run -3 bel-plot "$odd"
	[ "$output" = "bel-plot: $shown: cannot open: No such file or directory" ]
	run -3 bel-plot 'naïve 日本.jsonl'
	[ "$output" = 'bel-plot: naïve 日本.jsonl: cannot open: No such file or directory' ]
}

@test "tables: control characters as bytes, columns by what is seen" {
	for name in 'e\u001b[1m' '\u65e5\u672c' 'plain'; do
		jq -cn --argjson name "\"$name\"" '{schema: "belady.run/1", trace: {name: $name,
			digest: $name, references: 9, pages: 3, page_bytes: 4096}, spec: ("opt", "lru"),
			policy: ("opt", "lru"), params: {}, frames: 2, references: 9, faults: (3)}'
	done >r.jsonl
	bel-compare --show traces --format table r.jsonl >table 2>words
	grep -qF 'e\x1b[1m' table
	run -1 grep -q "$(printf '\033')" table
	# The second column begins at one place: 日本 takes four columns of a terminal, and 6 bytes.
	grep -q '^日本      *[ol]' table
	python3 - table <<-'END'
		import sys, unicodedata
		def width(text):
		    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)
		starts = set()
		for line in open(sys.argv[1], encoding='utf-8'):
		    word = line.split()[1]
		    starts.add(width(line[:line.index(word, len(line.split()[0]))]))
		assert len(starts) == 1, starts
	END
}

@test "whole numbers are written whole" {
	bel-gen belady | bel-sim -p lru -f 12 --format jsonl >r.jsonl
	grep -q '"mean_resident_pages":4,' r.jsonl
	bel-gen loop -n 12 --pages 12 | bel-sim -p lru -f 3 --format jsonl | grep -q '"fault_ratio":1,'
	run -1 grep -E '[0-9]\.0[,}]' r.jsonl
}
