#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-compare: gaps, ranks, means and pairs by hand, and the gate for scripts.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

# result TRACE POLICY FRAMES FAULTS: a run record, as bel-sim writes it.
result() {
	printf '{"schema":"belady.run/1","tool":"bel-sim","version":"0.1.0","trace":{"name":"%s",' "$1"
	printf '"digest":"%016x","references":2000000000,"pages":50,"page_bytes":4096},' \
		"$(cksum <<<"$1" | cut -d ' ' -f 1)"
	printf '"policy":"%s","params":{},"spec":"%s","frames":%s,"seed":1,' "$2" "$2" "$3"
	printf '"references":2000000000,'
	printf '"faults":%s}\n' "$4"
}

# Belady's string, by the books: LRU 10 and 8 faults, FIFO 9 and 10, OPT 7 and 6.
belady() {
	printf '1 2 3 4 1 2 5 1 2 3 4 5\n' | bel-sim -p lru,fifo,opt -f 3,4 --format jsonl
}

@test "the gap to the optimum at each size, best first" {
	run --separate-stderr bash -c "$(declare -f belady); belady | bel-compare --show sizes"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	# At 3 frames FIFO closes (10 - 9) / (10 - 7); at 4 it is (8 - 10) / (8 - 6).
	[ "$(jq -c '[.frames, .policy, .faults, .opt_faults, .baseline_faults,
		(.gap_closed_percent | round), .rank, .policies]' <<<"$output")" = \
'[3,"opt",7,7,10,100,null,2]
[3,"fifo",9,7,10,33,1,2]
[3,"lru",10,7,10,0,2,2]
[4,"opt",6,6,8,100,null,2]
[4,"lru",8,6,8,0,1,2]
[4,"fifo",10,6,8,-100,2,2]' ]
	[ "$(jq -c 'select(.policy == "lru" and .frames == 4) | [.baseline, .memory_bytes,
		.faults_over_baseline, (.faults_over_opt * 1000 | round)]' <<<"$output")" = \
		'["lru",16384,1,1333]' ]
}

@test "over a trace: geometric means, the gap of the sums, mean ranks" {
	belady | bel-compare --show traces >out
	# FIFO: sqrt(9/7 * 10/6) = 1.46385, (18 - 19) / (18 - 13); LRU: sqrt(10/7 * 8/6) = 1.38013.
	[ "$(jq -c '[.policy, (.faults_over_opt * 100000 | round), .gap_closed_percent, .mean_rank,
		.first_places, .rank, .sizes]' out)" = \
'["opt",100000,100,null,0,null,2]
["lru",138013,0,1.5,1,1,2]
["fifo",146385,-20,1.5,1,2,2]' ]
}

@test "over all traces: each trace counts once" {
	{
		# a has three sizes at which p needs twice opt's faults, b one at eight times.
		for frames in 1 2 3; do
			result a p $frames 200
			result a q $frames 400
			result a opt $frames 100
		done
		result b p 1 800
		result b q 1 400
		result b opt 1 100
	} | bel-compare -b q --show policies >out
	[ "$(jq -c 'select(.policy == "p") | [.traces, .sizes, (.faults_over_opt * 1000 | round),
		(.faults_over_baseline * 1000 | round), .mean_rank, .first_places, .rank]' out)" = \
		'[2,4,4000,1000,1.5,3,1]' ]
	# (400 - 200) / (400 - 100) on a, (400 - 800) / (400 - 100) on b, and their mean.
	[ "$(jq -c 'select(.policy == "p") | .gap_closed_percent * 100 | round' out)" = -3333 ]
	[ "$(jq -r 'select(.policy == "q") | .rank' out)" = 1 ]
}

@test "a trace without a gap has no part in the mean gap" {
	{
		result a p 1 200; result a lru 1 300; result a opt 1 100
		result b p 1 100; result b lru 1 100; result b opt 1 100
	} | bel-compare --show traces,policies >out
	[ "$(jq -c 'select(.policy == "p") | [.trace.name, .gap_closed_percent]' out)" = \
'["a",50]
["b",null]
[null,50]' ]
}

@test "pairs: wins, losses and ties, without opt" {
	{
		result a p 1 10
		result a q 1 20
		result a opt 1 5
		result a p 2 10
		result a q 2 10
		result a p 3 10
	} | bel-compare --show pairs >out 2>words
	[ "$(jq -c '[.policy, .against, .sizes, .wins, .losses, .ties, .win_share]' out)" = \
'["p","q",2,1,0,1,0.75]
["q","p",2,0,1,1,0.25]' ]
	grep -qx 'bel-compare: 2 of 3 sizes are left out of the means: not all policies were run there' words
	grep -qx 'bel-compare: no results of the baseline lru' words
}

@test "all records are as their schemas say, in every format" {
	bel-gen zipf -n 5000 --pages 200 --seed 3 -o z.bel
	bel-sim -p lru,fifo,clock:bit=0,opt,ws -f 4:64:*2 z.bel >r.jsonl
	run --separate-stderr bel-compare r.jsonl
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-compare: skipped 1 record of variable-space policies, which have no frame count' ]
	[ "$(jq -r .schema <<<"$output" | uniq -c | awk '{print $1 ":" $2}' | tr '\n' ' ')" = \
		'20:belady.compare/1 4:belady.compare-trace/1 4:belady.compare-policy/1 6:belady.compare-pair/1 ' ]
	validate <<<"$output"
	bel-compare --format table --show pairs r.jsonl 2>/dev/null | grep -q '^ *policy *against'
	bel-compare r.jsonl 2>/dev/null >a
	bel-compare - <r.jsonl 2>/dev/null | cmp a
}

@test "curves are read as runs are" {
	bel-gen zipf -n 5000 --pages 100 --seed 3 -o z.bel
	bel-sim -p lru,opt -f 4,8,16 z.bel | jq -c 'del(.seed)' >runs
	bel-curve -p lru,opt -f 4,8,16 z.bel >curves
	diff <(bel-compare runs) <(bel-compare curves)
	# Both together are no contradiction.
	diff <(bel-compare runs) <(bel-compare runs curves)
	# Estimates are not compared.
	bel-curve -p lru --sample 0.5 -f 4,8,16 z.bel >estimate 2>/dev/null
	run --separate-stderr bel-compare runs estimate
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-compare: skipped 1 record with estimated faults' ]
	jq 'del(.faults_low, .faults_high)' estimate >bandless
	diff <(bel-compare runs) <(bel-compare runs bandless 2>/dev/null)
	diff <(bel-compare runs) <(echo "$output")
}

@test "two results for the same are a contradiction" {
	result a p 1 10 >one
	result a p 1 11 >other
	run --separate-stderr bel-compare one other
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-compare: other: line 1: p with 1 frames has 11 faults, and 10 in one, line 1' ]
	bel-compare one one >/dev/null 2>&1
}

@test "the gate: what grew by more than allowed, and status 1" {
	{ result a p 1 1000; result a p 4 100; result b p 1 50; } >before
	{ result a p 1 1020; result a p 4 103; result b p 1 50; } >after
	run --separate-stderr bel-compare --max-faults-increase 2% before after
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	[ "$(jq -c '[.trace.name, .policy, .frames, .faults_before, .faults_after, .increase_percent,
		.limit_percent]' <<<"$output")" = '["a","p",4,100,103,3,2]' ]
	validate <<<"$output"
	run --separate-stderr bel-compare --max-faults-increase 3% before after
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	# Fewer faults are no failure.
	run bel-compare --max-faults-increase 0% after before
	[ "$status" -eq 0 ]
}

# 0.3% of 1000 is 3. 1000 times 1.003 in binary fractions is less than 1003.
@test "the gate: exactly as much as allowed is allowed" {
	local limit

	for limit in '0.3% 1000 1003' '0.1% 1000000 1001000' '2.5% 1000000 1025000' \
		'0.0000001% 1000000000 1000000001' '100% 0 0'; do
		set -- $limit
		result a p 1 "$2" >before
		result a p 1 "$3" >after
		bel-compare --max-faults-increase "$1" before after
		result a p 1 $(($3 + 1)) >after
		run -1 bel-compare --max-faults-increase "$1" before after
	done
}

@test "the gate at an amount of memory takes the largest size that fits" {
	{ result a p 1 1000; result a p 4 100; } >before
	{ result a p 1 2000; result a p 4 103; } >after
	bel-compare --max-faults-increase 5%@16k before after
	bel-compare --max-faults-increase 5%@1G before after
	run -1 bel-compare --max-faults-increase 5%@15k before after
	[ "$(jq .frames <<<"$output")" = 1 ]
	run -1 bel-compare --max-faults-increase 200%,2%@16k before after
	[ "$(jq -c '[.frames, .limit_percent]' <<<"$output")" = '[4,2]' ]
	run --separate-stderr bel-compare --max-faults-increase 5%@2k before after
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-compare: before and after have no common results at these sizes' ]
}

@test "the gate: single traces are matched whatever their names, else by name" {
	result old p 1 100 >before
	result new p 1 110 >after
	run -1 bel-compare --max-faults-increase 5% before after
	[ "$(jq -c '[.trace.name, .faults_after]' <<<"$output")" = '["old",110]' ]
	{ result old p 1 100; result x p 1 100; result x q 1 100; } >before
	{ result new p 1 110; result x p 1 100; } >after
	run --separate-stderr bel-compare --max-faults-increase 5% before after
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-compare: p on old: only in the first input
bel-compare: q on x: only in the first input' ]
}

@test "bel-plot draws gaps, heat maps and wins" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	{
		result a p 4 10; result a p 8 5; result a q 4 20; result a q 8 5
		result a opt 4 5; result a opt 8 5; result b p 4 40; result b q 4 10
		result b opt 4 10
	} | bel-compare -b q >c.jsonl
	for kind in gap heat wins; do
		run --separate-stderr bel-plot -k $kind -o $kind.svg c.jsonl
		[ "$status" -eq 0 ]
		[ -z "$stderr" ] || { echo "$stderr"; return 1; }
		grep -q '<svg' $kind.svg
	done
	# p has 2 and 1 times opt's faults on a, 4 times on b; q 4 and 1 times, and once.
	bel-plot -k heat --format dumb c.jsonl | grep -E '^ *(p|q) ' | tr -s ' ' >heat
	[ "$(cat heat)" = ' q + 2.00 1.00 
 p + 1.41 4.00 ' ] || { cat heat; return 1; }
	# p wins one size, ties one, loses one.
	bel-plot -k wins --format dumb c.jsonl | grep -E '^ *(p|q) \+' | tr -s ' ' >wins
	[ "$(cat wins)" = ' p + 0.50 
 q + 0.50 ' ] || { cat wins; return 1; }
	# A panel for each trace, with three policies.
	[ "$(bel-plot -k gap --print c.jsonl | grep -c '^array label.3. = ')" = 2 ]
}

@test "bad input and wrong usage" {
	run --separate-stderr bel-compare </dev/null
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-compare: standard input: no record with frames and faults' ]
	echo '{' >bad
	run --separate-stderr bel-compare bad
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-compare: bad: line 2, column 1: not a JSON record: the input ends in the middle of it' ]
	result a p 1 10 | jq -c 'del(.faults)' >bad
	run --separate-stderr bel-compare bad
	[ "$status" -eq 3 ]
	[[ $stderr == 'bel-compare: bad: line 1: '*faults* ]]
	for wrong in '.faults=-10' '.faults=10.5' '.faults=[10]' '.frames=[1]' '.frames=-1' '.frames=[1,2]|.faults=10' \
		'.frames=[1,2]|.faults=[10]' '.frames=[1,2]|.faults=[10,9,8]'; do
		result a p 1 10 | jq -c "$wrong" >bad
		run -3 --separate-stderr bel-compare bad
		[ "$stderr" = 'bel-compare: bad: line 1: "frames" and "faults" of the belady.run/1 record must be a count each, or two lists of as many counts' ]
	done
	result a p 1 2000000001 >bad
	run -3 --separate-stderr bel-compare bad
	[ "$stderr" = 'bel-compare: bad: line 1: more faults than trace.references' ]
	{ result a p 1 10; result a q 1 10 | jq -c '.trace.references=999'; } >bad
	run -3 --separate-stderr bel-compare bad
	[ "$stderr" = 'bel-compare: bad: line 2: trace.references is not 2000000000, as in another record of this digest' ]
	run --separate-stderr bel-compare nowhere
	[ "$status" -eq 3 ]
	run -2 bel-compare --show all bad
	run -2 bel-compare --max-faults-increase 2% bad
	run -2 bel-compare --max-faults-increase 2 bad bad
	run -2 bel-compare --max-faults-increase 2%@ bad bad
	run -2 bel-compare --max-faults-increase -1% bad bad
}

@test "the table of several traces tells them apart, also if they have one name" {
	run_of() {
		printf '{"schema":"belady.run/1","trace":{"name":"./prog","file":"%s","digest":"%s",' "$1" "$2"
		printf '"references":9,"pages":4,"page_bytes":4096},"policy":"%s","params":{},' "$3"
		printf '"spec":"%s","seed":1,"frames":2,"references":9,"faults":%s}\n' "$3" "$4"
	}
	{
		run_of before.bel 0a lru 6
		run_of before.bel 0a opt 5
		run_of after.bel 0b lru 8
		run_of after.bel 0b opt 5
	} >two.jsonl
	run --separate-stderr bel-compare --format table two.jsonl
	[ "$status" -eq 0 ] && [ -z "$stderr" ]
	# 6 / 5 and 8 / 5.
	[ "$(awk 'NR > 1 { print $1, $2, $4 }' <<<"$output" | sort | paste -sd,)" = \
		'after.bel lru 1.600,after.bel opt 1.000,before.bel lru 1.200,before.bel opt 1.000' ]
	# The size of a page is a column only if pages have several sizes.
	[[ ${lines[0]} != *page* ]]
	{ cat two.jsonl; sed 's/4096/65536/; s/"0/"1/' two.jsonl; } >sizes.jsonl
	[ "$(bel-compare -q --format table sizes.jsonl | awk 'NR > 1 { print $2 }' | sort | uniq -c | xargs)" = \
		'4 4096 4 65536' ]
	# CSV, JSON Lines and what --show says are as before.
	bel-compare --format table --show policies two.jsonl | grep -q '^policy '
	bel-compare --format csv two.jsonl | grep -q '^belady.compare-policy/1'
	[ "$(bel-compare --format jsonl two.jsonl | jq -r .schema | sort -u | wc -l)" -eq 3 ]
}

@test "a table and CSV are one table, that of the policies; --show gives others" {
	bel-gen zipf -n 5000 --pages 200 --seed 3 | bel-sim -p lru,fifo,opt -f 4,8 >r.jsonl
	run --separate-stderr bel-compare --format table r.jsonl
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ] # a head and three policies
	[[ ${lines[0]} = 'policy  sizes '* ]]
	[ "$output" = "$(bel-compare --show policies --format table r.jsonl)" ]
	[ "$(bel-compare --show sizes --format table r.jsonl | wc -l)" -eq 7 ] # two sizes
	[ "$(bel-compare --show sizes,policies --format table r.jsonl | wc -l)" -eq 12 ]
	[ "$(bel-compare --format csv r.jsonl | cut -d, -f 1 | uniq -c | tr -s ' ' | paste -sd:)" = \
		' 1 schema: 3 belady.compare-policy/1' ]
	[ "$(bel-compare --format csv --show pairs r.jsonl | wc -l)" -eq 3 ]
	run -2 --separate-stderr bel-compare --format csv --show sizes,pairs r.jsonl
	[ "${stderr_lines[0]}" = 'bel-compare: --format csv is one table: give --show one of '"\
"'sizes, traces, policies, pairs, errors, mean-errors, predictions' ]
}

# measured TRACE FRAMES FAULTS LEAST MOST: a replay in real memory, as bel-live writes it.
measured() {
	result "$1" lru "$2" "$3" | jq -c --argjson least "$4" --argjson most "$5" '
		{schema: "belady.live/1", tool: "bel-live", version: "1.0.0", trace, frames, faults,
		faults_least: $least, faults_most: $most, kernel: "6.1.0", reclaim: "lists"}'
}

# program TRACE FRAMES MAJOR [SIGNAL]: a run of the program of a trace of 50 pages.
program() {
	result "$1" lru "$2" "$3" | jq -c --argjson signal "${4-null}" '
		{schema: "belady.live-program/1", tool: "bel-live", version: "1.0.0", trace, frames,
		major_faults: .faults, $signal, kernel: "6.1.0", reclaim: "mglru"}'
}

# LRU: 150 for 200 is -25%, 110 for 100 is +10%. CLOCK: 210 and 80 are +5% and -20%.
two_measured() {
	measured t 4 200 190 210
	measured t 8 100 100 100
	result t lru 4 150
	result t lru 8 110
	result t clock 4 210
	result t clock 8 80
}

@test "errors against faults that were measured in real memory" {
	two_measured | bel-compare --show errors >out
	[ "$(jq -c '[.frames, .policy, .measured_faults, .measured_least, .measured_most,
		(.spread_percent * 1000 | round), .faults, (.error_percent * 1000 | round)]' out)" = \
'[4,"lru",200,190,210,10000,150,-25000]
[4,"clock",200,190,210,10000,210,5000]
[8,"lru",100,100,100,0,110,10000]
[8,"clock",100,100,100,0,80,-20000]' ]
	[ "$(jq -c 'select(.frames == 4 and .policy == "lru") |
		[.trace.name, .memory_bytes, .measured_by, .kernel, .reclaim]' out)" = \
		'["t",16384,"replay","6.1.0","lists"]' ]
	validate 4 <out
	# Means: (-25 + 10) / 2, (25 + 10) / 2; (5 - 20) / 2, (5 + 20) / 2.
	two_measured | bel-compare --show mean-errors >out
	[ "$(jq -c '[.policy, .traces, .sizes, (.mean_error_percent * 1000 | round),
		(.mean_absolute_error_percent * 1000 | round),
		(.largest_error_percent * 1000 | round)]' out)" = \
'["lru",1,2,-7500,17500,-25000]
["clock",1,2,-7500,12500,-20000]' ]
	validate 2 <out
	# A table shows both and nothing else; CSV the errors; JSON Lines also the rest.
	two_measured | bel-compare --format table >out
	[ "$(sed 's/^ *//; s/  */ /g' out)" = 'trace policy frames faults measured spread_% error_%
t lru 4 150 200 10.000 -25.000
t clock 4 210 200 10.000 5.000
t lru 8 110 100 0.000 10.000
t clock 8 80 100 0.000 -20.000

policy sizes mean_% absolute_% largest_%
lru 2 -7.500 17.500 -25.000
clock 2 -7.500 12.500 -20.000' ]
	[ "$(two_measured | bel-compare --format csv | wc -l)" -eq 5 ]
	[ "$(two_measured | bel-compare -q 2>/dev/null | jq -r .schema | sort -u | wc -l)" -eq 6 ]
}

@test "a program's faults are its first references and its major faults; repetitions are joined" {
	# 50 pages and 30, 50, 40 major faults: the median is 90, the spread 20 of 90. 99 is +10%.
	{
		program t 4 30
		program t 4 50
		program t 4 40
		result t lru 4 99
	} | bel-compare --show errors >out
	[ "$(jq -c '[.measured_by, .measured_faults, .measured_least, .measured_most,
		(.spread_percent * 1000 | round), (.error_percent * 1000 | round)]' out)" = \
		'["run",90,80,100,22222,10000]' ]
	# Of an even number the median is between two: 85.5 of 80 and 91, rounded to 86. 129 is +50%.
	{ program t 4 30; program t 4 41; result t lru 4 129; } | bel-compare --show errors >out
	[ "$(jq -c '[.measured_faults, (.error_percent | round)]' out)" = '[86,50]' ]
	validate 1 <out
}

# predicted FRAMES MAJOR LRU CLOCK [FILE_PAGES]: the run of a program with its predictions.
predicted() {
	program t "$1" "$2" | jq -c --argjson lru "$3" --argjson clock "$4" --argjson files "${5-null}" '
		. + {predicted_major_faults: {lru: $lru, "clock:bits=2": $clock}}
		+ if $files then {file_pages: $files, read_ahead_bytes: 0} else {} end'
}

@test "a program's predicted major faults, against those that it had" {
	# The median of 80, 120 and 100 is 100: 90 is -10%, 130 is +30%. With 8 frames 20 of 10 are +100%.
	{
		predicted 8 10 20 10
		predicted 4 80 90 130
		predicted 4 120 90 130
		predicted 4 100 90 130
	} >p.jsonl
	bel-compare p.jsonl >out
	[ "$(jq -c '[.spec, .frames, .memory_bytes, .repetitions, .measured_major_faults, .measured_least,
		.measured_most, (.spread_percent | round), .predicted_major_faults,
		(.error_percent | round), .file_pages, .reclaim]' out)" = \
'["lru",4,16384,3,100,80,120,40,90,-10,null,"mglru"]
["clock:bits=2",4,16384,3,100,80,120,40,130,30,null,"mglru"]
["lru",8,32768,1,10,10,10,0,20,100,null,"mglru"]
["clock:bits=2",8,32768,1,10,10,10,0,10,0,null,"mglru"]' ]
	validate 4 <out
	[ "$(bel-compare --format csv p.jsonl | wc -l)" -eq 5 ]
	bel-compare --format csv p.jsonl | head -n 1 | grep -q ',predicted_major_faults,error_percent$'
	[ "$(bel-compare --format table p.jsonl | sed 's/^ *//; s/  */ /g' | head -n 2)" = \
		'trace policy frames major predicted spread_% error_%
t lru 4 100 90 40.000 -10.000' ]
	# Runs of the policies beside them: errors of all faults, too.
	{ cat p.jsonl; result t lru 4 140; } | bel-compare -q >out 2>/dev/null
	[ "$(jq -c 'select(.schema == "belady.compare-truth/1") | [.measured_faults, .faults]' out)" = '[150,140]' ]
	[ "$(grep -c belady.compare-prediction/1 out)" -eq 4 ]
	# With copies of files, first references to their 30 pages are major faults: 100 and 20 others.
	predicted 4 100 100 100 30 >c.jsonl
	[ "$({ cat c.jsonl; result t lru 4 120; } | bel-compare --show errors | jq -c '[.measured_faults, .error_percent]')" = '[120,0]' ]
	# Measurements with and without copies are not joined.
	[ "$(cat c.jsonl p.jsonl | bel-compare --show predictions | jq -c 'select(.frames == 4 and .spec == "lru") |
		[.repetitions, .file_pages, .read_ahead_bytes]')" = '[1,30,0]
[3,null,null]' ]
	# No faults: no error.
	[ "$(predicted 4 0 5 0 | bel-compare | jq -c '[.spread_percent, .error_percent]' | sort -u)" = '[null,null]' ]
}

@test "what cannot be compared with measurements is named" {
	# Frames, trace and page size have to be the same.
	run --separate-stderr bel-compare --show mean-errors <<<"$(two_measured; measured t 5 1 1 1
		result t lru 16 9; measured u 16 3 3 3; measured t 16 10 10 10)"
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-compare: 2 of 5 measurements are left out: no policy was run with their trace, page size and frames
bel-compare: 1 of 5 measurements are left out of the mean errors: not all policies were run there' ]
	[ "$(jq -c .sizes <<<"$output" | sort -u)" = 2 ]
	# Different kernels have their own means.
	two_measured >a
	sed 's/"6.1.0"/"6.12.0"/; s/"faults":200/"faults":300/; s/"faults_most":210/"faults_most":300/' a >b
	[ "$(bel-compare --show mean-errors a b | jq -c '[.policy, .kernel,
		(.largest_error_percent | round)]')" = '["lru","6.1.0",-25]
["clock","6.1.0",-20]
["lru","6.12.0",-50]
["clock","6.12.0",-30]' ]
	fails() {
		run --separate-stderr bel-compare "${@:2}"
		[ "$status" -eq 3 ] && [ -z "$output" ] && [ "${stderr_lines[0]}" = "bel-compare: $1" ] ||
			{ echo "$status $stderr"; return 1; }
	}
	result t lru 4 10 >runs
	fails 'no measured faults: give records of bel-live replay or bel-live run' -s errors runs
	measured t 5 1 1 1 >m
	fails 'no policy was run with the trace, the page size and the frames of a measurement' \
		-s errors runs m
	measured t 5 1 2 3 >m
	fails 'm: line 1: faults is not from faults_least to faults_most' m
	program t 4 9 9 >m
	fails 'm: line 1: a signal ended the program, so its faults are not those of its trace: leave this record out' m
	program t 4 9 | jq -c 'del(.trace)' >m
	fails 'm: line 1: the run of a program has no trace to compare it with: use bel-live run --trace' m
	program t 4 9 >m
	fails 'm: no record with frames and faults' m
	cat m runs >both
	fails 'no predictions: give records of bel-live run --trace' -s predictions both
	predicted 4 9 9 9 >m
	fails 'm: no record with frames and faults' -s policies m
	predicted 4 9 9 9 51 >m
	fails "m: line 1: file_pages is larger than the trace's pages" m
	predicted 4 9 9 9 | jq -c '.predicted_major_faults.lru = "many"' >m
	fails "m: line 1: 'predicted_major_faults' has a member that is no count" m
	# A regression check takes no measurements.
	measured t 5 1 1 1 >>runs
	run --separate-stderr bel-compare --max-faults-increase 1% runs runs
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-compare: skipped 2 records of measurements, which have no policy' ]
	# A measurement without faults has no error.
	[ "$({ measured t 4 0 0 0; result t lru 4 0; } | bel-compare --show errors |
		jq -c '[.spread_percent, .error_percent]')" = '[null,null]' ]
}
