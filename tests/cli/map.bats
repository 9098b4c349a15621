#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-map: counts by address and time, idle memory, and their figure.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	# Ten references: 0-2 to page 0x4000, 3-4 to page 0x4001, 5-9 to page 0x4000.
	printf '%s\n' ' L 04000000,4' ' L 04000008,4' ' L 04000010,4' ' S 04001000,4' ' L 04001008,4' \
		' L 04000000,4' ' L 04000000,4' ' L 04000000,4' ' L 04000000,4' ' L 04000000,4' >hand.lackey
	cat >run.lackey <<-'END'
		==7== Command: ./prog
		SYSCALL[7,1](9) sys_mmap ( 0x5000000, 8192, 3, 34, 4294967295, 0 ) --> [pre-success] Success(0x5000000)
		I  05000000,4
		**7** belady mark: one 100%
		 S 05001ff0,4
		 L 09000000,4
	END
}

# rows FILTER OPTION...: the rows of a map through jq.
rows() {
	local filter=$1
	shift
	bel-map --format jsonl "$@" | jq -c "select(.schema == \"belady.map/1\") | $filter"
}

@test "a map counted by hand" {
	run --separate-stderr rows '[.start,.bytes,.pages,.sum,.column_references,.start_reference,.counts]' \
		--rows 2 --time-columns 4 hand.lackey
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = '["0x4000000",4096,1,8,4,[0,4,8],[3,3,2]]
["0x4001000",4096,1,2,4,[0,4,8],[1,1,0]]' ]
	# The page size joins both pages.
	[ "$(rows '[.bytes,.counts]' --page-size 8k --time-columns 4 hand.lackey)" = '[8192,[4,4,2]]' ]
}

@test "writes, faults, and a part of the trace" {
	[ "$(rows '[.what,.start,.counts]' --what writes --time-columns 4 hand.lackey)" = \
		'["writes","0x4001000",[1,0,0]]' ]
	# With one frame, the references 0, 3 and 5 fault.
	[ "$(rows '[.what,.spec,.frames,.counts]' -p fifo -f 1 --time-columns 4 hand.lackey)" = \
		'["faults","fifo",1,[1,1,0]]
["faults","fifo",1,[1,0,0]]' ]
	[ "$(rows '[.references,.start_reference,.counts]' --skip 2 --limit 5 hand.lackey)" = \
		'[5,[2,3,4,5,6],[1,0,0,1,1]]
[5,[2,3,4,5,6],[0,1,1,0,0]]' ]
}

@test "names of processes and regions, holes, marks" {
	run --separate-stderr rows '[.name,.pid,.process,.region,.mapping,.start,.hole_bytes,.sum]' run.lackey
	[ "$status" -eq 0 ]
	[ "$output" = '["mmap",7,"./prog","mmap",null,"0x5000000",0,1]
["mmap",7,"./prog","mmap",null,"0x5001000",0,1]
["unknown",7,"./prog","unknown",null,"0x9000000",67100672,1]' ]
	[ "$(bel-map --format jsonl run.lackey | jq -c 'select(.schema == "belady.mark/1") |
		[.reference,.name,.pid,.process]')" = '[1,"one 100%",7,"./prog"]' ]
	[ "$(rows .start --region mmap run.lackey | wc -l)" -eq 2 ]
	[ "$(rows .start --process 7 --region unknown run.lackey)" = '"0x9000000"' ]
	[ "$(rows '[.start,.start_reference]' --from-mark 'one 100%' --limit 1 run.lackey)" = \
		'["0x5001000",[1]]' ]
	# A gap of exactly so many pages is no hole, but another mapping begins there.
	[ "$(rows .hole_bytes --hole 16382 run.lackey | tail -n 1)" = 0 ]
	[ "$(rows .hole_bytes --hole 16381 run.lackey | tail -n 1)" = 67100672 ]
}

@test "sums are those of bel-info and bel-sim, with any shape" {
	bel-gen phases -n 50000 --pages 3000 --write-ratio 0.2 -o p.bel
	writes=$(bel-info --format jsonl p.bel | jq .writing_runs)
	faults=$(bel-sim -p clock -f 40 --format jsonl p.bel | jq .faults)
	future=$(bel-sim -p opt -f 40 --format jsonl p.bel | jq .faults)
	window=$(bel-sim -p ws:tau=300 --format jsonl p.bel | jq .faults)
	for shape in '--rows 1 --time-columns 1' '--rows 7 --time-columns 1024 --hole 0' \
		'--rows 1024 --time-columns 3' '--rows 64 -j1'; do
		[ "$(rows .sum $shape p.bel | jq -s add)" -eq 50000 ]
		[ "$(rows '.counts[]' $shape p.bel | jq -s add)" -eq 50000 ]
		[ "$(rows .sum $shape --what writes p.bel | jq -s add)" -eq "$writes" ]
		[ "$(rows .sum $shape -p clock -f 40 p.bel | jq -s add)" -eq "$faults" ]
		[ "$(rows .sum $shape -p opt -f 40 --trace-memory 10k p.bel | jq -s add)" -eq "$future" ]
		[ "$(rows .sum $shape -p ws:tau=300 p.bel | jq -s add)" -eq "$window" ]
	done
	[ "$(rows .share p.bel | jq -s 'add * 1000 | round')" -eq 1000 ]
}

@test "idle memory is what the working set leaves" {
	bel-gen phases -n 50000 --pages 3000 -o p.bel
	bel-map --format jsonl --idle 100,5000 p.bel | jq -c 'select(.schema == "belady.idle/1")' >idle
	validate 2 <idle
	for tau in 100 5000; do
		bel-sim -p ws:tau=$tau --format jsonl p.bel >ws
		jq -se --argjson tau $tau '(.[] | select(.policy)) as $ws |
			(.[] | select(.idle_references == $tau)) |
			.refaults == $ws.faults - $ws.compulsory_faults and
			((.mean_touched_bytes - .mean_idle_bytes) / 4096 - $ws.mean_resident_pages | fabs) < 1e-6' \
			idle ws
	done
	# The same trace waits 25.6 times as long for zram as 3 us, and as 80 us for nvme.
	wait_of() { bel-map --format jsonl --idle 100 "$@" p.bel | jq 'select(.refaults) |
		.wait_ns_per_reference * 50000 / .refaults | round'; }
	[ "$(wait_of)" -eq 80000 ]
	[ "$(wait_of --device zram)" -eq 3000 ]
}

@test "records follow their schemas; CSV has a row for each cell" {
	bel-map --format jsonl --idle 2 run.lackey >all
	validate 5 <all
	bel-map --format jsonl -p lru -f 2 run.lackey | validate
	bel-map --format csv --rows 2 --time-columns 4 hand.lackey >map.csv
	[ "$(wc -l <map.csv)" -eq 7 ]
	[ "$(sed -n 's/.*,\([0-9]*,[0-9]*\)$/\1/p' map.csv | tr '\n' ' ')" = '0,3 4,3 8,2 0,1 4,1 8,0 ' ]
	for kind in map mark idle; do
		bel-convert --records $kind all >$kind.csv
		[ "$(head -n 1 $kind.csv | cut -d, -f1)" = schema ]
		[ "$(grep -c "^belady.$kind/1," $kind.csv)" -ge 1 ]
	done
}

@test "a table: the hottest and the coldest rows, then idle memory" {
	bel-gen zipf -n 20000 --pages 500 --seed 3 -o z.bel
	bel-map --format table --rows 30 --hottest 2 --idle 1k z.bel >table 2>notes
	rows=$(bel-map --format jsonl --rows 30 z.bel | grep -c '"belady.map/1"')
	[ "$(cat notes)" = "bel-map: 4 of $rows rows are shown, the hottest and the coldest; --hottest 0 shows all" ]
	# All rows, or --quiet, or records: no note.
	[ -z "$(bel-map --format table --rows 30 --hottest 0 z.bel 2>&1 >/dev/null)" ]
	[ -z "$(bel-map --format table --rows 30 --hottest $(((rows + 1) / 2)) z.bel 2>&1 >/dev/null)" ]
	[ -z "$(bel-map -q --format table --rows 30 --hottest 2 z.bel 2>&1 >/dev/null)" ]
	[ -z "$(bel-map --format jsonl --rows 30 --hottest 2 z.bel 2>&1 >/dev/null)" ]
	[ "$(sed -n '1,/^$/p' table | grep -c '^memory')" -eq 4 ]
	[ "$(sed -n 's/^memory .* \([0-9]*\)  0[.].*/\1/p' table | sort -rnc && echo sorted)" = sorted ]
	grep -q '^idle *touched' table
	awk 'length > 80 {exit 1}' table
	[ "$(bel-map --format table --rows 30 --hottest 0 z.bel | grep -c '^memory')" -ge 30 ]
}

@test "a pipe, any number of threads and any storage give the same records" {
	bel-gen stack -n 300000 -o s.bel
	bel-map --format jsonl --idle 1k -j1 s.bel | jq -c 'del(.trace.file)' >expected
	bel-map --format jsonl --idle 1k -j3 <s.bel | jq -c 'del(.trace.file)' | cmp - expected
	bel-convert --to pages s.bel | bel-map --format jsonl --idle 1k --name "$(jq -rn \
		'input | .trace.name' expected)" | jq -c 'del(.trace.file)' | cmp - expected
}

@test "hostile names stay text" {
	name=$(printf '/tmp/a\033[31m<b>"\\$(x)`y`@1')
	printf '==7== Command: ./p\nSYSCALL[7,1](257) sys_openat ( -100, 0x1(%s), 0 ) --> [async] ... \nSYSCALL[7,1](257) ... [async] --> Success(0x3)\nSYSCALL[7,1](9) sys_mmap ( 0x5000000, 8192, 3, 2, 3, 0 ) --> [pre-success] Success(0x5000000)\nI  05000000,4\n**7** belady mark: %s\nI  05000000,4\n' \
		"$name" "$name" >hostile.lackey
	bel-map --format jsonl hostile.lackey >records
	validate <records
	bel-map --format table hostile.lackey >table
	! grep -q "$(printf '\033')" table
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	for format in svg dumb; do
		run --separate-stderr bel-plot -k map --format $format records
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		! grep -q "$(printf '\033')\[31m" <<<"$output"
		[ $format = dumb ] || ! grep -q '<b>' <<<"$output"
	done
}

@test "the figure: names, marks, several traces" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	bel-map --format jsonl run.lackey >run.jsonl
	bel-map --format jsonl -p lru -f 1 hand.lackey >hand.jsonl
	bel-plot -k map --format svg run.jsonl >run.svg
	grep -q 'one 100%' run.svg
	grep -q '>.*unknown' run.svg
	grep -q 'references / cell' run.svg
	run --separate-stderr bel-plot -k map --format dumb --size 80x60 run.jsonl hand.jsonl
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output = *'faults (lru, 1 frame)'* && $output = *'unknown'* && $output = *'one 100%'* ]]
	# Marks alone are no map; they are drawn in other figures over time.
	grep belady.mark/1 run.jsonl >marks.jsonl
	run --separate-stderr bel-plot -k map marks.jsonl
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-plot: map draws belady.map/1; the input has none, but 1 of belady.mark/1' ]
	bel-sim -p lru -f 1 --interval 1 run.lackey >lru.jsonl
	bel-plot -k faults-over-time --format svg lru.jsonl >lru.svg
	[ "$(grep -c 'one 100%' lru.svg)" -eq 1 ]
	# The marks of both tools are the same, and each is drawn once.
	diff <(jq -c 'select(.schema == "belady.mark/1") | del(.tool)' lru.jsonl) \
		<(jq -c 'del(.tool)' marks.jsonl)
	bel-plot -k faults-over-time --format svg lru.jsonl marks.jsonl | cmp - lru.svg
	bel-plot -k working-set --format svg lru.jsonl | grep -q 'one 100%'
	bel-vm -q -p lru -f 1 --interval 1 run.lackey >vm.jsonl
	bel-plot -k vm-faults --format svg vm.jsonl | grep -q 'one 100%'
	# A mark in the middle of the time is where the title is, in the middle of the plot, also if the
	# axis is in thousands of references and does not end at a whole thousand.
	awk 'BEGIN {
		print "==7== Command: ./prog"
		for (i = 0; i < 2700; i++) {
			if (i == 1350) print "**7** belady mark: half"
			printf " L %08x,4\n", 67108864 + i % 8 * 4096
		}
	}' >half.lackey
	bel-sim -p lru -f 4 --interval 100 --name title half.lackey |
		bel-plot -q -k faults-over-time --format svg >half.svg
	at() { grep -B 1 "<text>$1<" half.svg | sed -n 's/.*translate(\([0-9.]*\),.*/\1/p'; }
	[ -n "$(at half)" ]
	[ "$(at half)" = "$(at title)" ]
}

@test "wrong usage, and parts that a trace does not have" {
	run -2 bel-map --region nothing run.lackey
	[[ $output == "bel-map: --region: 'nothing' is not one of unknown, text, "* ]]
	refuses() {
		local words=$1
		shift
		run --separate-stderr bel-map "$@"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${stderr_lines[0]}" = "bel-map: $words" ] || { echo "$stderr"; return 1; }
	}
	refuses "--what: 'x' is none of references, writes, faults" --what x
	refuses '--what faults: give the policy with -p, and its frames with -f' --what faults
	refuses '--what writes and --policy exclude each other' --what writes -p lru -f 3
	refuses '--policy lru: give its frames with -f' -p lru
	refuses '--frames: give the policy with -p' -f 3
	refuses '--policy: give one policy, not 2' -p lru,fifo -f 3
	refuses '--rows and --time-columns: at most 1024' --rows 1025
	refuses '--rows and --time-columns: at most 1024' --time-columns 1025
	refuses '--idle: 0 is too few; at least 1 is needed' --idle 0
	refuses "unknown device 'x'; use hdd, sata-ssd, nvme or zram" --device x
	refuses 'the trace has no process 8' --process 8 run.lackey
	refuses "the trace has no mark 'two'" --from-mark two run.lackey
	refuses 'the trace has no regions' --region heap hand.lackey
}

@test "no references in a part of a trace: no rows, and a warning" {
	run --separate-stderr bel-map --format jsonl --skip 10 hand.lackey
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr = 'bel-map: '*': no references in this part of the trace' ]]
	# Of several traces, a bad one does not stop the others.
	run --separate-stderr bel-map --format jsonl missing.bel hand.lackey
	[ "$status" -eq 3 ]
	[ "$(jq -s length <<<"$output")" -eq 2 ]
}
