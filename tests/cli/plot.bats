#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-plot: what is drawn, where it goes, and what is said when it cannot be.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	unset COLUMNS NO_COLOR
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	{
		sweep fifo '{}' 400 300 120
		sweep lru '{}' 380 250 90
		sweep opt '{}' 300 150 60
		run_record ls ws '{"tau":1000}' null 11.5 200
	} >ls.jsonl
}

# run_record TRACE POLICY PARAMS FRAMES MEAN FAULTS (of 1000 references)
run_record() {
	printf '{"schema":"belady.run/1","trace":{"name":"%s","digest":"%s","references":1000,' \
		"$1" 0123456789abcdef
	printf '"pages":50,"page_bytes":4096},"policy":"%s","params":%s,"frames":%s,' "$2" "$3" "$4"
	printf '"seed":1,"references":1000,"faults":%s,"fault_ratio":%d.%03d,' "$6" $(($6 / 1000)) $(($6 % 1000))
	printf '"mean_resident_pages":%s}\n' "$5"
}

# sweep POLICY PARAMS FAULTS...: at 4, 8, 16 frames
sweep() {
	local frames=4 policy=$1 params=$2 faults
	shift 2
	for faults; do
		run_record ls "$policy" "$params" $frames $frames "$faults"
		frames=$((frames * 2))
	done
}

fails() {
	local want=$1 message=$2
	shift 2
	run --separate-stderr "$@"
	[ "$status" -eq "$want" ] || { echo "status $status: $stderr"; return 1; }
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "bel-plot: $message" ] || { echo "$stderr"; return 1; }
}

@test "endings choose the terminal" {
	for type in svg png pdf; do
		run --separate-stderr bel-plot -o out.$type ls.jsonl
		[ "$status" -eq 0 ]
		[ -z "$output$stderr" ] || { echo "$stderr"; false; }
	done
	grep -q '<svg' out.svg
	[ "$(head -c 4 out.png | tail -c 3)" = PNG ]
	[ "$(head -c 5 out.pdf)" = %PDF- ]
	bel-plot --format png -o out.data ls.jsonl
	cmp out.png out.data
}

@test "SVG shows every policy, title and units" {
	bel-plot ls.jsonl >out.svg
	for text in '>fifo<' '>lru<' '>opt<' '>ws tau=1000<' '>ls<' '>frames (4 KiB pages)<' \
		'>fault ratio (faults / reference)<'; do
		grep -q "$text" out.svg || { echo "no $text"; return 1; }
	done
	bel-plot --title 'mine' ls.jsonl | grep -q '>mine<'
	# Ticks at the powers of two that were simulated, and no other between.
	[ "$(grep -o '>\(4\|8\|16\|10\|12\)<' out.svg | LC_ALL=C sort -u | tr -d '\n')" = '>16<>4<>8<' ]
	bel-plot --linear ls.jsonl | grep -q '>10<'
}

@test "standard input, files and - are the same; so are two runs" {
	bel-plot ls.jsonl >a.svg
	bel-plot <ls.jsonl >b.svg
	head -n 3 ls.jsonl >first.jsonl
	tail -n +4 ls.jsonl | bel-plot -o c.svg first.jsonl -
	cmp a.svg b.svg
	cmp a.svg c.svg
}

@test "a record given twice counts once" {
	bel-plot ls.jsonl >a.svg
	bel-plot ls.jsonl ls.jsonl >b.svg
	cmp a.svg b.svg
}

@test "--print gives a script that gnuplot alone draws the same with" {
	bel-plot -o a.svg ls.jsonl
	bel-plot --print -o b.svg ls.jsonl >b.gp
	[ ! -e b.svg ]
	gnuplot -d b.gp
	cmp a.svg b.svg
	bel-plot --print ls.jsonl | gnuplot -d | cmp - a.svg
	grep -qx '4 0.4' b.gp
	grep -qx '11.5 0.2' b.gp
}

# bats test_tags=slow
@test "every kind draws; --kind list tells them" {
	bel-plot -k list >kinds
	[ "$(sed 's/ .*//' kinds | tr '\n' ' ')" = "$(
		cd "$BEL_TOP/plots" && LC_ALL=C && grep -l '^# figure:' *.gp | sed 's/.gp$//' | tr '\n' ' ')" ]
	bel-plot -k faults ls.jsonl | grep -q '>faults<'
	for policy in lru ws; do
		for i in 0 1 2; do
			run_record ls $policy '{}' "$([ $policy = lru ] && echo 8 || echo null)" \
				$((i + 4)).5 $((i * 100)) |
				jq -c ".schema = \"belady.interval/1\" | .interval = $i |
					.start_reference = $((i * 1000000)) | .references = 1000000"
		done
	done >over.jsonl
	for kind in faults-over-time working-set; do
		run --separate-stderr bel-plot -k $kind -o out.svg over.jsonl
		[ "$status" -eq 0 ]
		[ -z "$stderr" ] || { echo "$stderr"; false; }
		grep -q '>lru, 8 frames<' out.svg
		grep -q '>time (million references)<' out.svg
	done
	bel-plot -k working-set --print over.jsonl | grep -qx '3000000 6.5'
}

@test "a variable-space policy without a curve is a point, also in the legend" {
	LC_ALL=C bel-plot --format dumb --size 80x23 ls.jsonl >out.txt
	grep -qE '[^ ][A-Z][^ ]+lru *$' out.txt
	grep -qE ' [A-Z] +ws tau=1000 *$' out.txt
}

# draws KIND TEXT...: of the machine's records on standard input; all TEXT stands in the picture.
draws() {
	local kind=$1 text
	shift
	jq -c 'select(.schema != "belady.vm-process/1")' >"$kind.jsonl"
	[ "$kind" = vm-faults ] && sed -i '/"belady.vm.1"/d' "$kind.jsonl"
	run --separate-stderr bel-plot -k "$kind" -o "$kind.svg" "$kind.jsonl"
	[ "$status" -eq 0 ] && [ -z "$output$stderr" ] || { echo "$kind: $stderr"; return 1; }
	for text; do
		grep -qF ">$text<" "$kind.svg" || { echo "$kind: no $text"; return 1; }
	done
}

# bats test_tags=slow
@test "pictures of the machine: fault classes, thrashing, TLB, page sizes" {
	local trace=$BEL_TOP/traces/sh.bel
	machine() { bel-vm -q --format jsonl "$@" "$trace"; }
	machine -p fifo,lru -f 64,2048 --interval 50k | draws vm-faults 'fifo, 64 frames' \
		'lru, 2048 frames' 'copy on write' 'read from swap' 'pages written back' \
		'faults in 51 thousand references'
	machine -p opt -f 64 --interval 50k | draws vm-faults 'zero fill'
	machine -p fifo,lru -f 400 --quantum 2000 --degree 1:3 | draws vm-thrashing \
		'fifo, 400 frames' 'lru, 400 frames' 'programs at a time' 'CPU utilisation'
	for entries in 16 64 256; do machine --tlb $entries:4; done | draws vm-tlb \
		'TLB entries, all levels (4 KiB pages)' 16 64 256
	machine -m 64M --page-size 4k,16k,2M | draws vm-page-size 'lost in last pages' \
		'page tables, peak' '4 KiB' '2 MiB'
	# The last tick is the last page size; the y axis has no 8 KiB.
	machine -m 64M --page-size 4k,8k | draws vm-page-size '8 KiB'
}

@test "the machine's data: columns follow x and y, a mix is one line" {
	bel-vm -q --format jsonl -f 64 --interval 500k "$BEL_TOP/traces/sh.bel" >vm.jsonl
	jq -r 'select(.interval == 0) | [.start_reference, .zero_fill_faults, .in_frame_faults,
		.copy_on_write_faults, .protection_faults, .file_read_faults, .swap_read_faults,
		.no_region_faults, .no_permission_faults, .writebacks] | map(tostring) | join(" ")' vm.jsonl >want
	bel-plot -k vm-faults --print vm.jsonl 2>/dev/null | grep -qxF "$(cat want)"
	bel-gen zipf -n 3000 --pages 60 --seed 3 -o a.bel
	bel-gen loop -n 3000 --pages 50 -o b.bel
	bel-vm -q --format jsonl --mix a.bel,b.bel --degree 1:4 -f 64 --quantum 100 |
		bel-plot -k vm-thrashing --print 2>/dev/null >mix.gp
	grep -qx 'lines = 1' mix.gp
	[ "$(sed -n '/^\$series << END/,/^END/p' mix.gp | grep -c '^[1-4] ')" -eq 4 ]
}

# machine_intervals COUNT FAULTS...: intervals of 1000 references, the first with these zero-fill
# faults and the others with one each.
machine_intervals() {
	local count=$1
	shift
	jq -cn --argjson n "$count" '$ARGS.positional as $first | range($n) as $i | {schema:
		"belady.vm-interval/1", trace: {name: "t", digest: "0", references: ($n * 1000),
		pages: 9, page_bytes: 4096}, policy: "lru", params: {}, spec: "lru", frames: 4,
		start_reference: ($i * 1000), references: 1000,
		zero_fill_faults: (if $i < ($first | length) then $first[$i] else 1 end),
		in_frame_faults: 0, copy_on_write_faults: 0, protection_faults: 0,
		file_read_faults: 0, swap_read_faults: 2, no_region_faults: 0,
		no_permission_faults: 0, writebacks: 1}' --jsonargs "$@"
}

@test "the machine's bars: many intervals are joined, few very high bars are cut" {
	machine_intervals 3600 >many.jsonl
	bel-plot -k vm-faults --print many.jsonl >many.gp
	# 900 pixels are 180 bars of 20 intervals: 20 zero fills, 40 swap reads and 20 write-backs in each.
	grep -qx 'bar = 20000' many.gp
	[ "$(sed -n '/^\$series/,/^END/p' many.gp | grep -c '^[0-9]* 20 0 0 0 0 40 0 0 20$')" -eq 360 ]
	bel-plot -k vm-faults -o many.svg many.jsonl
	[ "$(wc -c <many.svg)" -lt 100000 ]
	grep -q '>faults in 20 thousand references<' many.svg
	! grep -q '>cut: ' many.svg
	machine_intervals 100 900 >high.jsonl
	bel-plot -k vm-faults high.jsonl | grep -q '>cut: up to 902<'
	# 3 faults in each interval; at a width of 80 letters, too, the axis has its numbers.
	machine_intervals 5 | LC_ALL=C bel-plot -k vm-faults --format dumb --size 80x23 |
		grep -qE '^ +3 \+'
	run bel-plot -k vm-faults --log-y high.jsonl
	grep -q '>100<' <<<"$output"
	! grep -q '>cut: ' <<<"$output"
}

@test "curve records draw as run records do" {
	jq -cs '[.[] | select(.policy == "lru")] | .[0] * {schema: "belady.curve/1",
		frames: map(.frames), faults: map(.faults)} | del(.fault_ratio)' ls.jsonl >curve.jsonl
	grep '"lru"' ls.jsonl | bel-plot >a.svg
	bel-plot curve.jsonl >b.svg
	cmp a.svg b.svg
}

# curve POLICY MORE...: a curve at 1 to 8 frames, with further members.
curve() {
	printf '{"schema":"belady.curve/1","trace":{"name":"ls","digest":"0123456789abcdef",'
	printf '"references":1000,"pages":8,"page_bytes":4096},"policy":"%s","params":{},' "$1"
	printf '"frames":[1,2,4,8],"faults":[800,400,50,8]%s}\n' "${2:-}"
}

@test "whole ticks, and bytes above" {
	for policy in fifo opt; do
		jq -c "select(.policy == \"$policy\") | .frames = .frames / 4 + 2" ls.jsonl
	done >few.jsonl
	bel-plot --linear few.jsonl >few.svg
	# Frames 3 to 6: no 3.5 among the ticks, and pages of 4 KiB in steps of a power of two.
	for text in '>3<' '>4<' '>5<' '>6<' '>12 KiB<' '>24 KiB<'; do
		grep -q "$text" few.svg || { echo "no $text"; return 1; }
	done
	! bel-plot --linear few.jsonl | grep -q '>3\.5<'
	bel-plot ls.jsonl >log.svg
	for text in '>16 KiB<' '>64 KiB<'; do grep -q "$text" log.svg; done
	# Pages of two sizes have no bytes in common.
	jq -c '.trace.page_bytes = 8192' ls.jsonl | cat - ls.jsonl | bel-plot >two.svg
	! grep -q '>16 KiB<' two.svg
}

@test "large counts are in millions; the y axis ends at its last tick" {
	# The most faults are 400: 4 million in steps of half a million, and 400 in steps of 50.
	jq -c '.faults *= 10000' ls.jsonl >many.jsonl
	bel-plot -k faults many.jsonl >many.svg
	for text in 'faults (million)' 0.5 3.5 4; do
		grep -qF ">$text<" many.svg || { echo "no $text"; return 1; }
	done
	bel-plot -k faults ls.jsonl >few.svg
	for text in faults ' 50' ' 350' ' 400'; do
		grep -qF ">$text<" few.svg || { echo "no $text"; return 1; }
	done
	! grep -q '> 450<' few.svg
}

@test "estimates are drawn over exact curves, in their band" {
	curve lru >exact.jsonl
	curve lru ',"faults_low":[700,390,45,8],"faults_high":[900,420,60,8],"sample":
		{"rate":0.01,"mean_pages":2,"seeds":8,"seed":1}' | tr -d '\n\t' >sampled.jsonl
	run --separate-stderr bel-plot -o both.svg exact.jsonl sampled.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ]
	grep -q '>lru, sample of 1%<' both.svg
	grep -q "fill-opacity = '0.25" both.svg
	bel-plot --print exact.jsonl sampled.jsonl >both.gp
	grep -qx 'bands = 1' both.gp
	grep -qx '4 0.045 0.06' both.gp
	grep -q '^array band_of\[1\] = \[2\]' both.gp
	# Letters have no shades, and the exact curve alone has no band.
	bel-plot --format dumb exact.jsonl sampled.jsonl >both.txt
	bel-plot --print exact.jsonl | grep -qx 'bands = 0'
	bel-plot -k faults-by-resident --print sampled.jsonl | grep -qx '1 700 900'
	# Of fewer faults, more references lie between two.
	bel-plot -k lifetime --print sampled.jsonl | grep -qx '8 125 125'
}

@test "lifetime with its knee; reuse distances of lru alone" {
	curve lru ',"knee":{"frames":8,"memory_pages":8.0,"faults":8,"lifetime":125.0}' >lru.jsonl
	{ cat lru.jsonl; curve fifo; } >two.jsonl
	run --separate-stderr bel-plot -k lifetime -o life.svg two.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ]
	grep -q '>knee<' life.svg
	bel-plot -k lifetime --print two.jsonl >life.gp
	grep -qx 'marks = 1' life.gp
	[ "$(sed -n '/^\$marks/,/^END/p' life.gp | sed -n 2p)" = '8 125' ]
	bel-plot -k reuse-distance -o reuse.svg two.jsonl
	grep -q '>share of references up to d<' reuse.svg
	grep -q '>lru<' reuse.svg
	! grep -q '>fifo<' reuse.svg
	fails 3 'reuse-distance draws belady.curve/1 of lru; the input has none, but 1 of belady.curve/1' \
		sh -c "sed 1d two.jsonl | bel-plot -k reuse-distance"
}

@test "curves of variable and fixed space are lines of one picture" {
	curve lru >lru.jsonl
	curve ws ',"mean_resident_pages":[1.0,1.5,3.25,7.5]' | sed 's/frames/tau/' >ws.jsonl
	for kind in fault-rate faults-by-resident lifetime; do
		bel-plot -k $kind --print lru.jsonl ws.jsonl >$kind.gp
		grep -qx 'lines = 2' $kind.gp
		grep -q '^3.25 ' $kind.gp
		bel-plot -k $kind lru.jsonl ws.jsonl | grep -q '>ws<'
	done
	bel-plot -k working-set-curve --print ws.jsonl | grep -qx '4 3.25'
}

@test "a policy has one style in all figures, in any order; opt is black" {
	bel-plot --print ls.jsonl >a.gp
	tac ls.jsonl | bel-plot --print >b.gp
	# fifo, lru, ws, opt; and lru, fifo, ws, opt: lru is 0, fifo 1, ws 5, opt 53.
	grep -qx 'array style_of\[4\] = \[1, 0, 5, 53\]' a.gp
	grep -qx 'array style_of\[4\] = \[0, 1, 5, 53\]' b.gp
	# A policy with parameters: its colour (the same number modulo 8), another number.
	{ sweep lru '{}' 380 250 90; sweep lru '{"x":2}' 390 260 95; } | bel-plot --print |
		grep -qx 'array style_of\[2\] = \[0, 88\]'
}

@test "equal lines are named; the best lines are on top" {
	{ cat ls.jsonl; sweep sieve '{}' 400 300 120; } >two.jsonl
	bel-plot two.jsonl | grep -q '>sieve (= fifo)<'
	bel-plot --top 1 ls.jsonl >top.svg
	grep -q '>lru<' top.svg
	grep -q '>opt<' top.svg
	! grep -q '>fifo<\|>ws' top.svg
	run bel-plot --top 0 ls.jsonl
	[ "$status" -eq 2 ]
}

@test "a panel for each trace, with one legend" {
	{ cat ls.jsonl; sed 's/"ls"/"gzip"/; s/0123456789abcdef/1123456789abcdef/' ls.jsonl; } >two.jsonl
	run --separate-stderr bel-plot -o two.svg two.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ]
	grep -q '>ls<' two.svg
	grep -q '>gzip<' two.svg
	bel-plot --print two.jsonl >two.gp
	[ "$(grep -c '^panels = 2$' two.gp)" -eq 2 ]
	# The panels share the names of their axes.
	bel-plot two.jsonl >two.svg
	[ "$(grep -c '>frames (4 KiB pages)<' two.svg)" -eq 1 ]
	[ "$(grep -c '>fault ratio (faults / reference)<' two.svg)" -eq 1 ]
	bel-plot --format dumb --size 79x40 two.jsonl | grep -qF 'frames (4 KiB pages); y: fault ratio'
	# fifo, lru, ws and opt stand in the legend once.
	[ "$(grep -c '^keys = 4$' two.gp)" -eq 2 ]
	! grep -q 'lru, gzip' two.gp
}

# traces NAME...: the records of ls.jsonl for traces of these names.
traces() {
	local i=0 name
	for name; do
		i=$((i + 1))
		jq -c --arg name "$name" --arg digest "$i" \
			'.trace.name = $name | .trace.digest = $digest' ls.jsonl
	done
}

@test "a map shows whole names; where there is no room, what they have in common is cut" {
	local one='/home/ann/measurements/first/sort --big' two='/home/ann/measurements/second/sort --big'
	jq -cn --arg one "$one" --arg two "$two" '{schema: "belady.compare-trace/1", references: 9,
		policy: ("a", "b"), params: {}, faults_over_opt: 1.5} as $r | ($one, $two) |
		$r + {trace: {name: ., digest: ., references: 9, pages: 9, page_bytes: 4096}}' >map.jsonl
	bel-plot -k heat -o map.svg map.jsonl
	grep -qF ">$one<" map.svg
	grep -qF ">$two<" map.svg
	bel-plot -q -k heat --size 300x200 -o low.svg map.jsonl
	[ "$(grep -c '>/home[^<]*\.\.\.[^<]*<' low.svg)" -eq 2 ]
	[ "$(grep -o '>/home[^<]*<' low.svg | sort -u | wc -l)" -eq 2 ]
	bel-plot -k heat --format dumb map.jsonl | grep -qF "$two"
}

@test "a map says how high it must be for the names of its rows" {
	jq -cn '{schema: "belady.compare-trace/1", params: {}, faults_over_opt: 1.5,
		trace: {name: "t", digest: "t", references: 9, pages: 9, page_bytes: 4096}} as $r |
		range(40) | $r + {policy: "p\(.)"}' >rows.jsonl
	run --separate-stderr bel-plot -k heat --size 400x200 -o map.svg rows.jsonl
	[[ $stderr = 'bel-plot: 40 rows are too low to be read: use --size 400x'*', or --top' ]]
	bel-plot -k heat --size "$(grep -o '400x[0-9]*' <<<"$stderr")" -o map.svg rows.jsonl 2>err
	[ ! -s err ]
	export LC_ALL=C
	run --separate-stderr bel-plot -k heat --format dumb --size 80x20 rows.jsonl
	# 40 rows, a title or a line above them, and one or two below, in steps of 10.
	[ "$stderr" = 'bel-plot: 40 rows are too low to be read: use --size 80x50, or --top' ]
	bel-plot -k heat --format dumb --size 80x50 rows.jsonl >map.txt 2>err
	[ ! -s err ]
	[ "$(grep -cE '^ *p[0-9]+ .* 1[.]50 *$' map.txt)" -eq 40 ]
}

@test "two panels in a small picture have smaller letters and fit; three say that they do not" {
	traces ls gzip >two.jsonl
	run --separate-stderr bel-plot --size 400x250 -o two.svg two.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ] || { echo "$stderr"; false; }
	# 10.5 points are 14 pixels; 0.85 of them are 11.9.
	grep -q 'font-size="11.9' two.svg
	! grep -q 'font-size="14' two.svg
	traces ls gzip sort >three.jsonl
	run --separate-stderr bel-plot --size 400x250 -o three.svg three.jsonl
	# Letters of 0.7: a line has 12.25 pixels. Two rows of 9 lines, 1.5 lines for the name of the x axis
	# and 3.25 for the legend, in two rows, are 278.7.
	[ "$stderr" = 'bel-plot: 3 panels are too low to be read: use --size 400x280, or fewer traces' ]
	run --separate-stderr bel-plot --size 400x280 -o three.svg three.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ] || { echo "$stderr"; false; }
	# The letters that were asked for stay.
	bel-plot -q --size 400x250 --font ,10.5 two.jsonl | grep -q 'font-size="14'
}

@test "a lone brace in the names of traces is text" {
	traces 'a} b' 'c{ d' '$x^2$ & ~ {' >braces.jsonl
	run --separate-stderr bel-plot -o braces.svg braces.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ] || { echo "$stderr"; false; }
	grep -qF '>a} b<' braces.svg
	grep -qF '>c{ d<' braces.svg
	grep -qF '>$x^2$ &amp; ~ {<' braces.svg
}

@test "labels, legend, font, scale" {
	bel-plot --label 'ls=List,lru=LRU' --font 'Serif,12' ls.jsonl >out.svg
	grep -q '>List<' out.svg
	grep -q '>LRU<' out.svg
	# 12 points of 1/72 inch are 16 pixels of 1/96 inch; twice that is 32.
	grep -q 'font-family="Serif" font-size="16' out.svg
	bel-plot --font ,12 --scale 2 ls.jsonl | grep -q 'font-size="32'
	! bel-plot --legend none ls.jsonl | grep -q '>lru<'
	fails 2 "--label: nothing in the figure is called 'x'; --label has the names that the \
picture shows" bel-plot --label x=y ls.jsonl
	fails 2 "--label: 'x' is not NAME=TEXT" bel-plot --label x ls.jsonl
	fails 2 "--legend: 'up' is not right, below, none or auto" bel-plot --legend up ls.jsonl
	fails 2 "--font: 'a,b' is not NAME,SIZE" bel-plot --font a,b ls.jsonl
	fails 2 '--scale: 0 is not from 0.1 to 20' bel-plot --scale 0 ls.jsonl
	fails 2 '--scale: 50 is not from 0.1 to 20' bel-plot --scale 50 ls.jsonl
	bel-plot --size 300,200 ls.jsonl | grep -q 'width="300" height="200"'
}

@test "a legend without room says so" {
	for i in {1..90}; do sweep p$i '{}' 400 300 $((120 + i)); done >many.jsonl
	run --separate-stderr bel-plot --size 400x250 -o out.svg many.jsonl
	[ "$status" -eq 0 ]
	[[ $stderr == 'bel-plot: the legend has room for '*' of 90 lines: use --top '* ]]
	grep -q '>and [0-9]* more<' out.svg
}

# bats test_tags=slow
@test "LaTeX sets the text of a figure, whatever is in it" {
	jq -c '.trace.name = "a_b%$\\\\x{&#~^"' ls.jsonl >evil.jsonl
	run --separate-stderr bel-plot --size 420x260 -o fig.tex evil.jsonl
	[ "$status" -eq 0 ] && [ -z "$output$stderr" ]
	[ -s fig.tex ] && [ -s fig.pdf ]
	fails 2 'cairolatex writes two files: give -o FILE.tex; the other is FILE.pdf' \
		bel-plot --format cairolatex ls.jsonl
	command -v pdflatex >/dev/null || skip 'no pdflatex'
	printf '%s\n' '\documentclass{article}\usepackage{graphicx,color}\begin{document}' \
		'\input{fig}\end{document}' >doc.tex
	pdflatex -interaction=nonstopmode -halt-on-error doc.tex >doc.out || { cat doc.out; false; }
	[ -s doc.pdf ]
}

# bats test_tags=slow
@test "tikz is one file of LaTeX; a gnuplot without lua is told apart" {
	mkdir bin
	printf '#!/bin/sh\necho "line 2: unknown or ambiguous terminal type; type set terminal" >&2; exit 1\n' >bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$PWD/bin:$PATH fails 3 \
		'this gnuplot was built without the format tikz: use another --format' \
		bel-plot -o fig.tikz ls.jsonl
	fails 2 '--font: a tikz picture has the font of the document' \
		bel-plot --font ,12 -o fig.tikz ls.jsonl
	gnuplot -d -e 'set terminal tikz' 2>err || skip "this gnuplot has no tikz"
	jq -c '.trace.name = "a_b%$\\\\x{&#~^"' ls.jsonl >evil.jsonl
	run --separate-stderr bel-plot --size 420x260 -o fig.tikz evil.jsonl
	[ "$status" -eq 0 ] && [ -z "$output$stderr" ]
	grep -qF '\begin{tikzpicture}' fig.tikz
	grep -q 'lru' fig.tikz
	command -v pdflatex >/dev/null || skip 'no pdflatex'
	kpsewhich gnuplot-lua-tikz.sty tikz.sty xcolor.sty >found || skip 'LaTeX has no tikz'
	printf '%s\n' '\documentclass{article}\usepackage{gnuplot-lua-tikz}\begin{document}' \
		'\input{fig.tikz}\end{document}' >doc.tex
	pdflatex -interaction=nonstopmode -halt-on-error doc.tex >doc.out || { cat doc.out; false; }
	[ -s doc.pdf ]
}

@test "a short last interval is a part of the one before it" {
	printf '0 100 10\n100 100 20\n200 10 10\n' | while read -r start width faults; do
		jq -cn --argjson s "$start" --argjson w "$width" --argjson f "$faults" '{schema:
			"belady.interval/1", trace: {name: "t", digest: "0", references: 210, pages: 9,
			page_bytes: 4096}, policy: "lru", params: {}, spec: "lru:tau=1048576", frames: 4,
			start_reference: $s, references: $w, fault_ratio: ($f / $w)}'
	done >i.jsonl
	bel-plot -k faults-over-time --print i.jsonl >i.gp
	# 30 faults in the last 110 references.
	sed -n '/^\$series/,/^END/p' i.gp | grep -q '^100 0.272727'
	! grep -q '^200 ' i.gp
	grep -q 'lru:tau=1M' i.gp
}

@test "a style of one's own; an unreadable one" {
	sed 's/fault ratio (/my ratio (/' "$BEL_TOP/plots/fault-rate.gp" >my.gp
	bel-plot --style my.gp ls.jsonl | grep -q '>my ratio (faults / reference)<'
	fails 3 "no.gp: cannot open: No such file or directory" bel-plot --style no.gp ls.jsonl
	echo plot >bad.gp
	fails 3 "bad.gp: not a figure: it must begin with comments figure:, records:, x:, y: and \
series:" bel-plot --style bad.gp ls.jsonl
}

@test "in letters, a lower bound has no mark, so it is not taken for a policy" {
	bel-gen uniform -n 2000 --pages 40 | bel-sim -p lru,fifo,opt -f 4:32:*2 >three.jsonl
	NO_COLOR=1 bel-plot --format dumb three.jsonl >three.txt
	grep -q 'A[^A-Za-z]*lru' three.txt
	grep -q 'B[^A-Za-z]*fifo' three.txt
	run ! grep -q '[A-Z][^A-Za-z]*opt' three.txt
	grep -q '[.][^A-Za-z.]*opt' three.txt
}

@test "letters: size, COLUMNS, no escape sequences" {
	bel-plot --format dumb --size 60x15 ls.jsonl >out.txt
	grep -q 'ws tau=1000' out.txt
	! grep -q "$(printf '\033')" out.txt
	[ "$(awk '{ if (length > n) n = length } END { print n }' out.txt)" -le 60 ]
	COLUMNS=120 bel-plot --format dumb ls.jsonl >wide.txt
	[ "$(awk '{ if (length > n) n = length } END { print n }' wide.txt)" -gt 80 ]
}

# bats test_tags=slow
@test "in a terminal it draws letters of the terminal's size" {
	command -v script >/dev/null || skip 'no script(1)'
	script -qec 'stty cols 60 rows 20; NO_COLOR=1 bel-plot ls.jsonl' /dev/null | tr -d '\r' >out.txt
	grep -q 'ws tau=1000' out.txt
	[ "$(awk '{ if (length > n) n = length } END { print n }' out.txt)" -le 60 ]
	! grep -q "$(printf '\033')" out.txt
	script -qec 'bel-plot --format png ls.jsonl; echo "status $?"' /dev/null | grep -q 'status 2'
}

@test "trace names are text, whatever is in them" {
	jq -c '.trace.name = "a'\''`touch x` $(touch x) \"\\ {/Bold b} _c ^d @e\n\u0007f"' \
		ls.jsonl >evil.jsonl
	bel-plot evil.jsonl >out.svg
	grep -qF "a'\`touch x\` \$(touch x) \"\\ {/Bold b} _c ^d @e\\x0a\\x07f" out.svg
	[ ! -e x ]
}

# bats test_tags=slow
@test "input that cannot be drawn" {
	fails 3 'standard input: no records' bel-plot
	fails 3 'no.jsonl: cannot open: No such file or directory' bel-plot no.jsonl
	fails 2 "--size: '0x0' is too small" bel-plot --size 0x0 no.jsonl
	fails 3 '.: cannot read: Is a directory' bel-plot .
	{ cat ls.jsonl; echo garbage; } >bad.jsonl
	fails 3 "bad.jsonl: line 11, column 1: 'g' where a JSON record should begin, {...}" bel-plot -o out.svg bad.jsonl
	[ ! -e out.svg ]
	echo '{"a":1}' >none.jsonl
	fails 3 'none.jsonl: line 1: not a result record: it has no "schema"' bel-plot none.jsonl
	echo '{"schema":"belady.info/1"}' >info.jsonl
	fails 3 'fault-rate draws belady.run/1; the input has none, but 1 of belady.info/1; no kind draws only these (--kind list)' \
		bel-plot info.jsonl
	# Records that other kinds draw: which.
	echo 'w 0x1000; r 0x2000' | bel-vm --format jsonl >vm.jsonl
	fails 3 "fault-rate draws belady.run/1; the input has none, but $(wc -l <vm.jsonl) of belady.vm/1; for these \
use --kind $(grep -l '^# records:.* belady.vm/1' "$BEL_TOP"/plots/*.gp | xargs -n 1 basename -s .gp | paste -sd, | sed 's/,/, /g')" \
		bel-plot vm.jsonl
	jq -c 'del(.policy)' ls.jsonl >lacks.jsonl
	fails 3 'lacks.jsonl: line 1: the belady.run/1 record has no text "policy"' \
		bel-plot lacks.jsonl
	{ cat ls.jsonl; run_record ls lru '{}' 8 8 251; } >two.jsonl
	fails 3 'two.jsonl: line 11: lru at frames 8 has a different fault_ratio than in two.jsonl, line 5' \
		bel-plot two.jsonl
}

@test "records of other schemas are passed over and counted" {
	{ cat ls.jsonl; echo '{"schema":"belady.info/1","tool":"bel-info"}'; } >mixed.jsonl
	run --separate-stderr bel-plot -o out.svg mixed.jsonl
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-plot: skipped 1 record that fault-rate does not draw (belady.info/1)' ]
	bel-plot ls.jsonl | cmp - out.svg
}

@test "what else a tool has written beside the records that are drawn is no noise" {
	local ls=$BEL_TOP/traces/ls.bel
	bel-sim -p lru -f 64 --interval 300k "$ls" >sim.jsonl
	run --separate-stderr bel-plot -k faults-over-time -o out.svg sim.jsonl
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	bel-vm -f 64 --interval 300k "$ls" >vm.jsonl
	[ "$(jq -r .schema vm.jsonl | sort -u | wc -l)" -eq 3 ]
	run --separate-stderr bel-plot -k vm-faults -o out.svg vm.jsonl
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "a size in centimetres, millimetres and inches is that of the picture" {
	# 96 pixels are an inch of 2.54 cm: 8.5 cm are 321.26 pixels, 6 cm are 226.8.
	for size in 8.5cmx6cm 8.5x6cm 85x60mm 85mm,6cm; do
		bel-plot --size $size ls.jsonl | grep -q 'width="321" height="227"'
	done
	bel-plot --size 3.5x2in ls.jsonl | grep -q 'width="336" height="192"'
}

@test "the list of kinds fits a terminal of 80 columns" {
	[ "$(bel-plot -k list | wc -L)" -le 80 ]
}

@test "records of another tool: the message names the tool that is missing" {
	fails 3 'gap draws belady.compare/1, which bel-compare writes; the input has none, but '"$(wc -l <ls.jsonl)"' of belady.run/1; for these use --kind fault-rate, faults-by-resident, faults, lifetime, truth' \
		bel-plot -k gap ls.jsonl
	fails 3 'faults-over-time draws belady.interval/1, which --interval of bel-sim writes; the input has none, but '"$(wc -l <ls.jsonl)"' of belady.run/1; for these use --kind fault-rate, faults-by-resident, faults, lifetime, truth' \
		bel-plot -k faults-over-time ls.jsonl
}

@test "wrong usage" {
	kinds=$(bel-plot -k list | sed 's/ .*//' | paste -sd, | sed 's/,/, /g')
	fails 2 "'pie' is not a kind of figure ($kinds)" \
		bel-plot -k pie ls.jsonl
	fails 2 "--format: 'gif' is not svg, png, pdf, cairolatex, tikz or dumb" bel-plot --format gif ls.jsonl
	fails 2 'out.gif: must end in .svg, .png, .pdf, .tex or .tikz, unless --format is given' bel-plot -o out.gif ls.jsonl
	for size in 9 9x 9.5x4 8cmx6 0x10x9 1e3x9 9x9x 8..5x6cm 9x9pt; do
		fails 2 "--size: '$size' is not WIDTHxHEIGHT; such as 900x540 (pixels), 8.5x6cm, 3.3x2in" \
			bel-plot --size $size ls.jsonl
	done
	fails 2 '--size: dumb pictures are measured in characters: 79x24' bel-plot --format dumb --size 8x6cm ls.jsonl
	fails 2 'svg pictures are 100x50 to 20000x20000, not 1000000000x9' bel-plot --size 99999999999x9 ls.jsonl
	fails 2 'svg pictures are 100x50 to 20000x20000, not 9x9' bel-plot --size 9x9 ls.jsonl
	fails 2 '--log and --linear exclude each other' bel-plot --log --linear ls.jsonl
}

# bats test_tags=slow
@test "gnuplot is missing, fails, or is killed: the old picture stays" {
	mkdir bin
	echo old >out.svg
	plot=$(command -v bel-plot)
	fails 3 'cannot run gnuplot (is it installed?): No such file or directory' \
		env PATH="$PWD/none" "$plot" -o out.svg ls.jsonl
	sed 's/^plot\|^if (spot/unknown_command\n&/' "$BEL_TOP/plots/fault-rate.gp" >broken.gp
	run --separate-stderr bel-plot --style broken.gp -o out.svg ls.jsonl
	[ "$status" -eq 3 ]
	[[ $stderr == 'bel-plot: gnuplot failed: '*'line '*'invalid command'* ]] || { echo "$stderr"; false; }
	printf '#!/bin/sh\necho half\nkill -9 $$\n' >bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$PWD/bin:$PATH fails 3 'gnuplot was ended by signal 9' bel-plot -o out.svg ls.jsonl
	[ "$(cat out.svg)" = old ]
	[ -z "$(find . -name '.out*')" ]
}

@test "outputs that cannot be written" {
	fails 3 'standard output: cannot write: No space left on device' \
		sh -c 'bel-plot ls.jsonl >/dev/full'
	fails 3 'standard output: cannot write: No space left on device' \
		sh -c 'bel-plot --print ls.jsonl >/dev/full'
	fails 3 '/dev/full: cannot write: No space left on device' bel-plot --format svg -o /dev/full ls.jsonl
	fails 3 'no/out.svg: cannot write: No such file or directory' bel-plot -o no/out.svg ls.jsonl
	run --separate-stderr bash -c 'bel-plot ls.jsonl | head -n 1'
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

# measured_record FRAMES FAULTS LEAST MOST: a replay of the trace of run_record in real memory
measured_record() {
	run_record ls lru '{}' "$1" "$1" "$2" | jq -c --argjson least "$3" --argjson most "$4" '
		{schema: "belady.live/1", trace, frames, faults, faults_least: $least,
		faults_most: $most, kernel: "6.1.0", reclaim: "lists"}'
}

# block NAME: the lines of a data block of the script, joined.
block() {
	sed -n "/^\$$1 << END\$/,/^END\$/{//!p}" script | paste -sd:
}

@test "predictions: a line for each policy, measured points with bars" {
	# prediction SPEC FRAMES PREDICTED MEASURED LEAST MOST
	prediction() {
		jq -cn --arg spec "$1" --argjson n "[$2, $3, $4, $5, $6]" '{schema:
			"belady.compare-prediction/1", trace: {name: "sort", digest: "0",
			references: 1000, pages: 50, page_bytes: 4096}, $spec, frames: $n[0],
			predicted_major_faults: $n[1], measured_major_faults: $n[2],
			measured_least: $n[3], measured_most: $n[4]}'
	}
	# With 16 frames there were no major faults.
	for spec in lru clock:bits=2; do
		prediction $spec 4 $((30 + ${#spec})) 40 35 42
		prediction $spec 8 9 12 12 12
		prediction $spec 16 0 0 0 0
	done >predictions.jsonl
	bel-plot -k predictions --print predictions.jsonl >script
	[ "$(block series)" = '4 33 40 35 42:8 9 12 12 12:16 0 0 0 0:::4 42 40 35 42:8 9 12 12 12:16 0 0 0 0' ]
	run --separate-stderr bel-plot -k predictions -o out.svg predictions.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ]
	for text in lru clock:bits=2 measured sort 'major faults' 'frames (4 KiB pages)'; do
		grep -qF ">$text<" out.svg || { echo "no $text"; false; }
	done
	LC_ALL=C bel-plot -k predictions --format dumb predictions.jsonl | grep -qF '@ measured'
}

@test "truth: measured points on simulated lines, and the errors of these" {
	# FIFO has 400, 300, 120 faults at 4, 8, 16 frames, LRU 380, 250, 90.
	{
		measured_record 4 400 380 440
		measured_record 16 100 100 100
	} >live.jsonl
	bel-plot -k truth --print ls.jsonl live.jsonl >script 2>err
	[ ! -s err ]
	# FIFO: 400 / 400 and 120 / 100. LRU: 380 / 400 and 90 / 100. OPT is a bound.
	[ "$(block errors)" = '4 0:16 20:::4 -5:16 -10' ]
	[ "$(block spreads)" = '4 -5 10:16 0 0' ]
	grep -qx 'error_least = -10' script
	grep -qx 'error_most = 20' script
	for format in svg png pdf tex tikz; do
		[ $format = tikz ] && ! gnuplot -e 'set terminal tikz' 2>/dev/null && continue
		run --separate-stderr bel-plot -k truth -o out.$format ls.jsonl live.jsonl
		[ "$status" -eq 0 ] && [ -z "$stderr" ] && [ -s out.$format ]
	done
	for text in lru fifo opt 'measured: Linux 6.1.0 (lists)' ls faults 'error (percent)' \
		'frames (4 KiB pages)'; do
		grep -qF ">$text<" out.svg || { echo "no $text"; false; }
	done
	LC_ALL=C bel-plot -k truth --format dumb ls.jsonl live.jsonl >out.txt
	grep -qF '@' out.txt
	# The measured points keep their place with --top, and several measurements are one point.
	bel-plot -k truth --top 1 --print ls.jsonl live.jsonl >script
	[ "$(block errors)" = '4 -5:16 -10' ]
	measured_record 16 102 101 104 >>live.jsonl
	bel-plot -k truth --print ls.jsonl live.jsonl >script
	[ "$(block spreads | cut -d: -f 2 | cut -d' ' -f 1)" = 16 ]
	grep -qx '16 101' script # the median of 100 and 102
	# Two kernels have errors each, in order of the lines.
	measured_record 8 200 200 200 | sed 's/6.1.0/6.12.0/' >>live.jsonl
	bel-plot -k truth --print ls.jsonl live.jsonl >script
	grep -qx 'measured = 2' script
	grep -qx 'errors = 4' script
	grep -qx 'error_of\[3\] = 2' script
}

@test "truth: a program's first references and major faults; what has no counterpart" {
	program() {
		measured_record 8 0 0 0 | jq -c --argjson major "$1" '
			{schema: "belady.live-program/1", trace, frames, $major, signal: null,
			major_faults: $major, kernel, reclaim}'
	}
	# 50 pages and 150, 250, 200 major faults: FIFO's 300 for 250 is +20%, LRU's 250 is right.
	{ program 150; program 250; program 200; } >live.jsonl
	bel-plot -k truth --print ls.jsonl live.jsonl >script
	[ "$(block errors)" = '8 20:::8 0' ]
	[ "$(block spreads)" = '8 -20 20' ]
	grep -qF 'program: Linux 6.1.0 (lists)' script
	measured_record 5 9 9 9 >>live.jsonl
	run --separate-stderr bel-plot -k truth -o out.svg ls.jsonl live.jsonl
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-plot: 1 measured point has no simulated result with the same frames, so no error' ]
	fails 3 'nothing was measured: give also records of bel-live (belady.live/1)' \
		bel-plot -k truth ls.jsonl
	measured_record 8 9 9 9 >live.jsonl
	fails 3 'no policy to compare with what was measured: give also records of bel-sim or bel-curve (belady.run/1)' \
		bel-plot -k truth live.jsonl
	# The name of a kernel is text.
	measured_record 8 9 9 9 | sed 's/6.1.0/<b>\\u001b[31m`id`/' >live.jsonl
	bel-plot -k truth -o out.svg ls.jsonl live.jsonl
	! grep -q $'\x1b\\|<b>\|uid=' out.svg
	grep -qF '&lt;b>' out.svg
}
