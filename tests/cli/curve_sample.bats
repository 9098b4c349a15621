#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-curve --sample: estimates near the exact curve, their band, what is said of them, refusals.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR
}

zipf() {
	bel-gen zipf -n 1000000 --pages 120000 --alpha 0.8 --seed 4 -o z.bel
}

@test "all pages are the trace: the exact records" {
	bel-gen phases -n 50000 --pages 12000 --seed 3 -o p.bel
	bel-curve -p lru,opt,fifo,clock,sieve --step 2 p.bel | jq -c 'del(.sample)' >exact
	run -0 --separate-stderr bel-curve -p lru,opt,fifo,clock,sieve --step 2 --sample 1 p.bel
	[ -z "$stderr" ]
	jq -c 'del(.sample)' <<<"$output" | cmp - exact
	[ "$(jq -c '[.sample.rate, .sample.seeds]' <<<"$output" | uniq)" = '[1,1]' ]
	# As many pages as there are: no page has to go.
	pages=$(jq .trace.pages exact | uniq)
	bel-curve -p lru -f 3,70,900,10% p.bel | jq -c '[.exact, .frames, .faults]' >want
	bel-curve -p lru -f 3,70,900,10% --sample "$pages" p.bel |
		jq -c '[.exact, .frames, .faults]' | diff want -
}

# bats test_tags=slow
@test "estimates of every policy lie near the exact curve, and so does the band" {
	zipf
	bel-curve -p lru,opt,fifo,clock,sieve --step 1 -f 2000:110000:*1.3 z.bel >exact
	for sample in 2% 6k; do
		policies=lru
		[ $sample = 2% ] && policies=lru,opt,fifo,clock,sieve # the sizes are 40 frames or more
		run -0 --separate-stderr bel-curve -p $policies -f 2000:110000:*1.3 --sample $sample z.bel
		[ -z "$stderr" ]
		echo "$output" >sampled
		jq -se --slurpfile exact exact 'all(.[]; .policy as $p
			| ($exact[] | select(.policy == $p)) as $e | .trace.references as $n
			| [range(.faults | length) as $i | (.faults[$i] - $e.faults[$i]) / $n | fabs]
			| max < 0.05 and add / length < 0.015)' sampled
		jq -se 'all(.[]; [.faults_low, .faults, .faults_high] | transpose
			| all(.[]; .[0] <= .[1] and .[1] <= .[2]) and any(.[]; .[0] < .[2]))' sampled
		[ "$(jq .exact sampled | uniq)" = false ]
	done
	jq -e '.sample | .max_pages == 6144 and .mean_pages <= 6144 and .rate > 0.03 and .rate < 0.08' \
		sampled
}

# bats test_tags=slow
@test "same seed, same bytes: file, pipe, threads, portable; another seed, another estimate" {
	zipf
	for sample in 0.01 1000; do
		policies=lru
		[ $sample = 0.01 ] && policies=lru,opt,fifo
		bel-curve -p $policies --step 2 --sample $sample z.bel >one
		bel-curve -p $policies --step 2 --sample $sample <z.bel | jq -c 'del(.trace.file)' |
			cmp - <(jq -c 'del(.trace.file)' one)
		for more in '-j 1' '-j 5' --portable '--trace-memory 0'; do
			bel-curve -p $policies --step 2 --sample $sample $more z.bel | jq -c 'del(.algorithm)' |
				cmp - <(jq -c 'del(.algorithm)' one)
		done
		bel-curve -p $policies --step 2 --sample $sample --seed 2 z.bel >two
		! cmp -s one two
	done
	bel-curve -p lru --sample 1000 --seeds 1 z.bel | jq -e '.faults_low == null and .sample.seeds == 1'
}

@test "sizes are those that the sample can tell; windows are not sampled" {
	zipf
	bel-curve -p lru,fifo -f 50,149,151,1000,1049 --sample 0.01 z.bel >r
	[ "$(jq -c .frames r | uniq)" = '[100,200,1000]' ]
	run -3 --separate-stderr bel-curve -p lru -f 49,1000 --sample 1% z.bel
	[ "$stderr" = 'bel-curve: 49 frames are too few for a sample of 0.01: give at least 50' ]
	# A share of the footprint is that of the whole, from a pipe too.
	bel-curve -p lru -f 10% --sample 0.01 z.bel >r
	jq -e '.frames[0] - .trace.pages / 10 | fabs <= 100' r
	bel-curve -p lru -f 10% --sample 0.01 <z.bel | jq -c 'del(.trace.file)' | cmp - <(jq -c 'del(.trace.file)' r)
	bel-curve -p ws,vmin --sample 0.01 z.bel >sampled
	bel-curve -p ws,vmin z.bel | cmp - sampled
}

# bats test_tags=slow
@test "several page sizes, each sampled by itself" {
	zipf
	bel-curve -p lru,ws --sample 0.05 --page-size 4k,8k z.bel >both
	[ "$(jq -c '[.trace.page_bytes, .policy, .sample != null]' both | paste -sd' ')" = \
'[4096,"lru",true] [4096,"ws",false] [8192,"lru",true] [8192,"ws",false]' ]
	for size in 4k 8k; do bel-curve -p lru,ws --sample 0.05 --page-size $size z.bel; done | cmp - both
}

@test "where a sample has no band: null, the reason, and an empty place in the table" {
	zipf
	run -0 --separate-stderr bel-curve -p lru,s3-fifo,arc -f 3100,3200,6300,6400 --sample 1% z.bel
	[ "$(jq -c '[.policy, [.faults_low[]? == null], [.faults_high[]? == null],
		.sample.band_from_frames, (.sample.no_band | type)]' <<<"$output" | paste -sd' ')" = \
'["lru",[true,false,false,false],[true,false,false,false],3200,"string"] '\
'["s3-fifo",[true,true,true,false],[true,true,true,false],6400,"string"] '\
'["arc",[],[],null,"string"]' ]
	[ "$stderr" = 'bel-curve: lru: no band below 3200 frames: a sample has fewer than 32 of them
bel-curve: s3-fifo: no band below 6400 frames: a sample has fewer than 64 of them
bel-curve: arc: no band: the error of its samples has not been measured' ]
	# Sizes that all have one need no reason; one seed has none.
	run -0 --separate-stderr bel-curve -p lru -f 3200 --sample 1% z.bel
	[ -z "$stderr" ]
	jq -e '.sample | has("no_band") or has("band_from_frames") | not' <<<"$output"
	run -0 --separate-stderr bel-curve -p lru -f 3200 --sample 1% --seeds 1 z.bel
	[ "$stderr" = 'bel-curve: lru: no band: one sample gives no band; give --seeds 2 or more' ]
	run -0 --separate-stderr bel-curve -p lru -f 100,3200 --sample 1% --format table z.bel
	[[ "${lines[1]}" =~ \ -\ +-\  && "${lines[2]}" =~ [0-9]\ +[0-9]+\ +[0-9] ]]
	# bel-plot draws the band from where there is one.
	bel-curve -p lru -f 1600,3200,6400,12800 --sample 1% z.bel >part 2>/dev/null
	bel-plot --print part >part.gp
	grep -qx 'bands = 1' part.gp
	[ "$(sed -n '/^\$bands/,/^END/p' part.gp | grep -c '^[0-9]')" -eq 3 ]
	bel-plot -o part.svg part
	bel-curve -p lru -f 1600,3000 --sample 1% z.bel 2>/dev/null | bel-plot --print | grep -qx 'bands = 0'
}

# bats test_tags=slow
@test "bands hold the truth" {
	bel-gen zipf -n 300k --pages 40k --alpha 0.9 --seed 31 -o skewed
	bel-gen phases -n 300k --pages 60k --locality 3000 --phase 20k --seed 32 -o phases
	BENCH_GROUPS=2 BENCH_RATES='10% 3%' run -0 "$BEL_TOP"/tests/bench/bench_sample skewed phases
	# A line for each policy and rate. Sizes of one trace and sample err together, so that a line of
	# few cases may fall below 95%; all together may not.
	[ "${#lines[@]}" -eq 13 ]
	awk 'NR > 1 { n += $3; held += $3 * $4 / 100 }
		NR > 1 && !($3 >= 10 && $4 >= 90 && $5 < 10) { print; bad = 1 }
		END { print held, n; exit bad || held < 0.95 * n }' <<<"$output"
}

@test "few pages: a warning" {
	bel-gen loop -n 90000 --pages 9999 -o few.bel
	run -0 --separate-stderr bel-curve -p lru -f 500 --sample 0.1 few.bel
	[ "$stderr" = \
		'bel-curve: sampled from 9999 pages: samples of fewer than 10000 pages are not reliable' ]
	bel-gen loop -n 120000 --pages 10000 -o enough.bel
	run -0 --separate-stderr bel-curve -p lru -f 500 --sample 0.1 enough.bel
	[ -z "$stderr" ]
	run -0 --separate-stderr bel-curve -p ws --sample 0.1 few.bel
	[ -z "$stderr" ]
}

@test "records are what the schema says" {
	zipf
	{
		bel-curve -p lru,fifo,ws --step 4 --sample 0.01 z.bel
		bel-curve -p lru --sample 500 z.bel
	} >r.jsonl
	validate <r.jsonl
	[ "$(wc -l <r.jsonl)" -eq 4 ]
	run -0 bel-curve -p lru -f 4000,8000 --sample 0.01 --format table z.bel
	[[ "${lines[0]}" == *sample*faults*faults_low*faults_high* ]]
}

@test "knee and space-time product, counted by hand" {
	# 12 references; at 1 to 5 frames LRU has 12, 12, 10, 8, 5 faults.
	printf '%s\n' 1 2 3 4 1 2 5 1 2 3 4 5 >belady.txt
	bel-curve -p lru belady.txt | jq -c '[.knee, .min_space_time]' | sed 's/\.0\b//g' >got
	# faults x frames: 12, 24, 30, 32, 25. With 100000 a fault the product is least there too.
	[ "$(cat got)" = '[{"frames":1,"memory_pages":1,"faults":12,"lifetime":1},'\
'{"frames":1,"memory_pages":1,"faults":12,"fault_references":100000,"page_references":1200012}]' ]
	# a a b b ... : with 2 frames only the first touches fault.
	yes 'a
b' | head -n 1000 | sed 's/a/1/;s/b/2/' >two.txt
	bel-curve -p lru --fault-time 7 two.txt | jq -c '[.knee, .min_space_time]' |
		sed 's/\.0\b//g' >got
	[ "$(cat got)" = '[{"frames":2,"memory_pages":2,"faults":2,"lifetime":500},'\
'{"frames":2,"memory_pages":2,"faults":2,"fault_references":7,"page_references":2028}]' ]
	# A window of 2 holds both pages from the second reference on: 1 + 999 x 2 pages over 1000.
	bel-curve -p ws --tau 1:3 two.txt | jq -e '.knee
		| .tau == 2 and .faults == 2 and .memory_pages == 1.999 and .lifetime == 500'
}

@test "refusals" {
	bel-gen uniform -n 9000 --pages 300 -o u.bel
	while IFS='|' read -r args message; do
		eval "run -2 --separate-stderr bel-curve $args u.bel"
		[ "${stderr_lines[0]}" = "bel-curve: $message" ] ||
			{ echo "$args: ${stderr_lines[0]}"; return 1; }
		[ -z "$output" ]
	done <<-'END'
		-p lru --sample 0.0|--sample: '0.0' is not a share from 1e-06 to 1
		-p lru --sample 101%|--sample: '101%' is not a share from 1e-06 to 1
		-p lru --sample 0.5x|--sample: '0.5x' is not a share from 1e-06 to 1
		-p lru --sample nan%|--sample: 'nan%' is not a share from 1e-06 to 1
		-p lru --sample many|--sample: 'many': give a share of the pages, such as 0.01 or 1%, or a number of pages from 16 to 1073741824
		-p lru --sample 15|--sample: '15': give a share of the pages, such as 0.01 or 1%, or a number of pages from 16 to 1073741824
		-p ws,opt --sample 8k|opt: a sample of a number of pages is only for lru: give a share, such as 0.01
		-p lru --sample 0.1 --seeds 0|--seeds: must be 1 to 64
		-p lru --sample 0.1 --interval 10|--sample and --interval exclude each other
	END
	bel-reduce --min-frames 8 -o less.bel u.bel
	run -3 --separate-stderr bel-curve -p lru -f 100 --sample 0.1 less.bel
	[ "$stderr" = \
'bel-curve: a reduced trace cannot be sampled: it lacks references that the sample would need' ]
}
