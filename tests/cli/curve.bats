#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-curve: what bel-sim counts size by size, in one reading; records, options, errors.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR
	printf '%s\n' 1 2 3 4 1 2 5 1 2 3 4 5 >belady.txt
}

# A made-up trace with locality and writes: page lists, one a line.
make_trace() {
	awk -v n="$1" 'BEGIN {
		s = 42
		for (i = 0; i < n; i++) {
			s = (s * 1103515245 + 12345) % 2147483648
			p = int(s / 65536) % 200
			if (i % 3) p = int(p * p / 400)
			print p + 1 (s % 7 == 0 ? "w" : "")
		}
	}'
}

# The points of curves, one a line: policy, size, faults.
points() {
	jq -r '.policy as $p | [(.frames // .tau), .faults] | transpose[] | "\($p) \(.[0]) \(.[1])"'
}

# The same from bel-sim's records.
runs() {
	jq -r '"\(.policy) \(.frames // .params.tau) \(.faults)"'
}

@test "Belady's string, counted by hand" {
	run -0 --separate-stderr bel-curve -p fifo,lru,opt belady.txt
	[ -z "$stderr" ]
	[ "$(jq -c '[.policy, .frames, .faults]' <<<"$output")" = \
'["fifo",[1,2,3,4,5],[12,12,9,10,5]]
["lru",[1,2,3,4,5],[12,12,10,8,5]]
["opt",[1,2,3,4,5],[12,9,7,6,5]]' ]
}

@test "the members of a curve record, in order" {
	run -0 bel-curve -p lru belady.txt
	[ "$(jq -r 'keys_unsorted | join(" ")' <<<"$output")" = "schema tool version trace policy \
params spec algorithm exact partial compulsory_faults frames faults writebacks knee \
min_space_time" ]
	run -0 bel-curve -p ws belady.txt
	[ "$(jq -r 'keys_unsorted | join(" ")' <<<"$output")" = "schema tool version trace policy \
params spec algorithm exact partial compulsory_faults tau faults mean_resident_pages knee \
min_space_time" ]
}

# bats test_tags=slow
@test "lru, opt, fifo, clock: the figures of bel-sim at 64 sizes" {
	make_trace 60000 >t
	bel-sim -p lru,opt,fifo,clock,clock:bit=0 -f 1:190:3 t >sim
	bel-curve -p lru,opt,fifo,clock,clock:bit=0 -f 1:190:3 t >curve
	diff <(runs <sim) <(points <curve)
	# Write-backs, which OPT's curve does not have.
	diff <(jq -r 'select(.policy != "opt") | .writebacks' sim) \
		<(jq -r 'select(.policy != "opt") | .writebacks[]' curve)
	[ "$(wc -l <sim)" -eq 320 ]
}

@test "all: every size of lru and opt" {
	make_trace 30000 >t
	bel-sim -p lru,opt -f all t >sim
	bel-curve -p lru,opt t >curve
	diff <(runs <sim) <(points <curve)
	[ "$(jq -c '[(.frames | length), .trace.pages]' curve | sort -u)" = "[200,200]" ]
}

# bats test_tags=slow
@test "portable and vector paths, threads, memory: the same figures" {
	make_trace 60000 >t
	bel-curve -p lru,opt,fifo,clock,ws,vmin t | jq -c 'del(.algorithm)' >one
	for more in --portable '-j 1' '-j 5' '--trace-memory 0' '--trace-memory 0 --portable -j 3'; do
		bel-curve -p lru,opt,fifo,clock,ws,vmin $more t | jq -c 'del(.algorithm)' >other
		cmp one other
	done
	[ "$(wc -l <one)" -eq 6 ]
	[ -z "$(ls | grep belady-)" ]
}

@test "pipe, file and native file: the same bytes" {
	make_trace 30000 >t
	for sizes in all 10% 3,70; do
		bel-curve -p lru,opt,fifo,ws -f $sizes t | jq -c 'del(.trace.name, .trace.file)' >file
		bel-curve -p lru,opt,fifo,ws -f $sizes <t | jq -c 'del(.trace.name, .trace.file)' >pipe
		bel-convert -o t.bel t
		bel-curve -p lru,opt,fifo,ws -f $sizes t.bel | jq -c 'del(.trace.name, .trace.file)' >native
		cmp file pipe
		# A native file tells its pages, so that another algorithm may do.
		cmp <(jq -c 'del(.algorithm)' file) <(jq -c 'del(.algorithm)' native)
		jq -r 'select(.policy == "opt").algorithm' pipe native >>chosen
	done
	[ "$(head -n 2 chosen | paste -sd/)" = 'numerals, one pass/next-use stack in two passes' ]
}

@test "opt at every size from a pipe: nothing is kept" {
	make_trace 20000 >t
	TMPDIR=/nonexistent bel-curve -p opt --trace-memory 0 <t | points >pipe
	diff <(bel-sim -p opt -f all t | runs) pipe
	[ "$(wc -l <pipe)" -eq 200 ]
}

# bats test_tags=slow
@test "working set: the faults and mean sizes of bel-sim, window by window" {
	make_trace 20000 >t
	bel-sim -p ws:tau=1,ws:tau=7,ws:tau=100,ws:tau=5000,ws:tau=70000 t >sim
	bel-curve -p ws --tau 1,7,100,5000,70000 t >curve
	diff <(runs <sim) <(points <curve)
	jq -se '.[0].mean_resident_pages as $c | [.[1:][].mean_resident_pages] as $s
		| ($c | length) == 5 and all(range(5); ($c[.] - $s[.] | fabs) < 1e-9)' curve sim
	# A window in the policy's own words is that window alone.
	bel-curve -p ws:tau=100 t | jq -e '.tau == [100] and .params == {}'
	diff <(bel-curve -p ws:tau=100 t | points) <(grep '^ws 100 ' <(points <curve))
}

# bats test_tags=slow
@test "adaptive sizes: no step above --step, and each point is exact" {
	make_trace 60000 >t
	bel-curve -p fifo --step 2 t >curve
	jq -e '.frames as $x | .faults as $f | ((($f | max) - ($f | min)) * 0.02) as $most
		| $x[0] == 1 and $x[-1] == 200
		and all(range($x | length - 1); $x[. + 1] - $x[.] == 1
			or ($f[.] - $f[. + 1] | fabs) <= $most)' curve
	bel-sim -p fifo -f "$(jq -r '.frames | join(",")' curve)" t >sim
	diff <(runs <sim) <(points <curve)
	[ "$(jq '.frames | length' curve)" -lt 200 ]
}

# bats test_tags=slow
@test "opt of many pages, file and pipe" {
	bel-gen uniform -n 400000 --pages 110000 --seed 5 -o u.bel
	bel-curve -p opt --step 5 u.bel >file
	[ "$(jq -r .algorithm file | cut -d, -f1)" = 'distance classes' ]
	bel-curve -p opt --step 5 <u.bel | jq -c 'del(.trace.file)' | cmp - <(jq -c 'del(.trace.file)' file)
	# From a pipe every point is exact: 1 to 64 frames, and 32 an octave.
	cat u.bel | bel-curve -p opt >pipe
	jq -e '.exact and (.frames | .[:66] == [range(1; 65), 66, 68] and length > 390)
		and .frames[-1] == .trace.pages and .faults[-1] == .compulsory_faults' pipe
	points <pipe >exact
	[ "$(grep -cFxf <(bel-sim -p opt -f 3,64,78,1312,53248,98304 u.bel | runs) exact)" -eq 6 ]
	# Bounds that meet are exact sizes; all others lie between.
	bel-sim -p opt -f "$(jq -r '[.frames[0, 9, 30, 45, -1]] | join(",")' file)" u.bel >sim
	jq -se '.[0] as $c | .[1:] | length == 5 and all(.[]; . as $run
		| ($c.frames | index($run.frames)) as $i
		| $c.faults_low[$i] <= $run.faults and $run.faults <= $c.faults_high[$i])' file sim
	jq -e '[.faults_low, .faults, .faults_high] | transpose
		| all(.[]; .[0] <= .[1] and .[1] <= .[2]) and any(.[]; .[0] < .[2])
		and ([.[] | select(.[0] == .[2])] | length) > 20' file
	[ "$(jq .exact file)" = false ]
	bel-curve -p opt -f 5,900,50% u.bel >file
	bel-curve -p opt -f 5,900,50% <u.bel | jq -c 'del(.trace.file)' | cmp - <(jq -c 'del(.trace.file)' file)
	diff <(bel-sim -p opt -f 5,900,50% u.bel | runs) <(points <file)
}

# bats test_tags=slow
@test "several page sizes from one reading: as each by itself" {
	bel-gen phases -n 60000 --pages 600 --seed 3 -o p.bel
	bel-curve -p lru,opt,fifo,ws -f 1,5,20,90 --page-size 2M,4k,16k p.bel >all
	[ "$(jq -r .trace.page_bytes all | uniq | paste -sd,)" = 4096,16384,2097152 ]
	for size in 4k 16k 2M; do
		bel-curve -p lru,opt,fifo,ws -f 1,5,20,90 --page-size $size p.bel
	done >each
	cmp all each
	bel-sim -p lru,opt -f 5 --page-size 16k p.bel | jq -c '[.trace.digest, .faults]' >sim
	jq -c 'select(.trace.page_bytes == 16384 and (.policy | test("lru|opt")))
		| [.trace.digest, .faults[1]]' all | diff - sim
}

# bats test_tags=slow
@test "phases: the intervals of bel-sim, at every size" {
	make_trace 10000 >t
	for sizes in 5,20,90 1:190:2; do
		bel-sim -p lru,fifo,clock,opt -f $sizes --interval 3000 t >sim
		bel-curve -p lru,fifo,clock,opt -f $sizes --interval 3000 t >curve
		diff <(jq -r 'select(.schema == "belady.interval/1")
				| "\(.policy) \(.frames) \(.start_reference) \(.references) \(.faults)"' sim |
				sort) \
			<(jq -r 'select(.interval != null)
				| "\(.start_reference) \(.references)" as $at | .policy as $p
				| [.frames, .faults] | transpose[] | "\($p) \(.[0]) \($at) \(.[1])"' curve |
				sort)
		# Write-backs happen in the phase in which the page leaves.
		diff <(jq -r 'select(.schema == "belady.interval/1" and .policy != "opt")
				| "\(.policy) \(.start_reference) \(.frames) \(.writebacks)"' sim | sort) \
			<(jq -r 'select(.interval != null and .policy != "opt")
				| .start_reference as $at | .policy as $p
				| [.frames, .writebacks] | transpose[] | "\($p) \($at) \(.[0]) \(.[1])"' curve |
				sort)
	done
	# Every size, and windows: the phases add up.
	bel-curve -p lru,opt,ws --interval 3000 t | jq -se 'group_by(.policy)[]
		| (.[0].faults | length) as $n | .[0].faults[-1] == ([.[1:][].faults[-1]] | add)
		and .[0].faults[0] == ([.[1:][].faults[0]] | add) and length == 5'
	diff <(bel-sim -p opt -f 1:200 --interval 3000 t |
			jq -r 'select(.schema == "belady.interval/1")
				| "\(.start_reference) \(.frames) \(.faults)"' | sort) \
		<(bel-curve -p opt --interval 3000 t | jq -r 'select(.interval != null)
				| .start_reference as $at
				| [.frames, .faults] | transpose[] | "\($at) \(.[0]) \(.[1])"' | sort) |
		tee differ | head -n 5
	[ ! -s differ ]
	run -2 --separate-stderr bel-curve -p lru,fifo --interval 3000 t
	[[ "$stderr" == 'bel-curve: fifo: --interval needs frame counts '* ]]
}

@test "records are what the schema says, in every shape" {
	make_trace 5000 >t
	printf '' >empty
	{
		bel-curve -p lru,opt,fifo,clock:bit=0,ws,vmin t
		bel-curve -p lru,opt,fifo,ws -f 8,10% --page-size 4k,8k t
		bel-curve -p lru,fifo,ws -f 3 --interval 2000 t
	} >r.jsonl
	validate <r.jsonl
	[ "$(wc -l <r.jsonl)" -eq 26 ]
}

@test "a trace without references" {
	bel-gen uniform -n 0 >none.bel
	run -3 --separate-stderr bel-curve -p lru,opt,fifo,ws,vmin none.bel
	[ "$stderr" = 'bel-curve: none.bel: no references in the trace' ]
	run -3 --separate-stderr bel-curve -p lru -f 50% none.bel
	[ "$stderr" = 'bel-curve: none.bel: no references in the trace' ]
}

@test "a plug-in goes through the engine" {
	make_trace 5000 >t
	plugin=$BEL_BUILD/plugins/lru.so
	diff <(bel-curve -p "$plugin" -f 3,50 t | jq -c '[.frames, .faults, .writebacks]') \
		<(bel-curve -p lru -f 3,50 t | jq -c '[.frames, .faults, .writebacks]')
	[ "$(bel-curve -p "$plugin" -f 3 t | jq -r .algorithm)" = 'each size by itself' ]
}

@test "^C: what was read so far, exact and marked partial" {
	make_trace 50000 >t
	mkfifo pipe
	# Not a plain `&`: a job in the background of a script ignores SIGINT.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' bel-curve -p lru,opt,ws -o out pipe 2>err &
	curve=$!
	exec 9>pipe
	cat t >&9
	# It has read all of it; the rest of what it reads are its libraries.
	until [ "$(awk '/^rchar/ {print $2}' /proc/$curve/io)" -ge "$(stat -c %s t)" ]; do sleep 0.05; done
	kill -INT $curve
	# The reader may be waiting for more: it sees the flag with the next data.
	cat t >&9 || true
	exec 9>&-
	wait $curve
	jq -se 'length == 3 and all(.[]; .partial)' out
	grep -q '^bel-curve: interrupted: the curves cover the first [0-9]* references$' err
	n=$(jq -r .trace.references out | sort -u)
	cat t t | head -n "$n" | bel-curve -p lru,opt,ws | jq -c '[.policy, .faults]' |
		diff - <(jq -c '[.policy, .faults]' out)
}

@test "a picture straight from the pipe" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	make_trace 20000 | bel-curve -p lru,opt,fifo,clock,ws | bel-plot -o c.svg
	grep -q '<svg' c.svg
	grep -q fifo c.svg
}

@test "as a table and as CSV, a row a point" {
	run -0 bel-curve -p lru,ws --tau 4 --format table belady.txt
	[ "${#lines[@]}" -eq 7 ]
	run -0 bel-curve -p lru --format csv belady.txt
	[ "${#lines[@]}" -eq 6 ]
}

@test "list and help, as of bel-sim" {
	run -0 bel-curve -p list
	grep -q '^vmin ' <<<"$output"
	grep -q '^lru ' <<<"$output"
	run -0 bel-curve -p clock:help
	grep -q bit <<<"$output"
	run -0 bel-curve -p vmin:help
	grep -q '^source: .*Prieve' <<<"$output"
	run -2 --separate-stderr bel-curve -p nosuch:help
}

@test "wrong usage" {
	while IFS='|' read -r args message; do
		eval "run -2 --separate-stderr bel-curve $args belady.txt"
		[ "${stderr_lines[0]}" = "bel-curve: $message" ] ||
			{ echo "$args: ${stderr_lines[0]}"; return 1; }
		[ -z "$output" ]
	done <<-'END'
		-f 0|--frames: 0 frames cannot hold a page; at least 1 is needed
		--tau 0|--tau: 0 is too few; at least 1 is needed
		--tau 1k,10%|--tau: '10%' is not a whole number
		--tau all|--tau: 'all' is not a whole number
		--step 0|--step: must be above 0 and at most 100
		--page-size 3k|--page-size: '3k' is not a power of two
	END
}

@test "no such policy, no such file, a full disk" {
	run -2 --separate-stderr bel-curve -p nosuch belady.txt
	[[ "$stderr" == "bel-curve: unknown policy 'nosuch'"* ]]
	run -3 --separate-stderr bel-curve nosuch.bel
	[[ "$stderr" == 'bel-curve: nosuch.bel: '* ]]
	run -3 --separate-stderr bash -c 'bel-curve belady.txt >/dev/full'
	[[ "$stderr" == 'bel-curve: standard output: cannot write: '* ]]
}

# oracle TRACE POLICY VARIANT: number faults, ascending.
oracle() {
	awk -F, -v trace="$1" -v policy="$2" -v variant="$3" '
		$1 == trace && $2 == policy && $3 == variant {print $4, $6}' \
		"$BEL_SHARED/oracles/faults.csv" | sort -u | sort -n
}

# agrees TRACE POLICY VARIANT SPEC FILE OPTIONS...: the curve at the oracle's numbers.
agrees() {
	local numbers
	oracle "$1" "$2" "$3" >want
	[ -s want ] || return 0
	numbers=$(cut -d' ' -f1 want | paste -sd,)
	bel-curve --first-byte -p "$4" -f "$numbers" --tau "$numbers" "${@:6}" \
		"$BEL_SHARED/traces/$5" |
		jq -r '[.frames // .tau, .faults] | transpose[] | "\(.[0]) \(.[1])"' | diff want -
	wc -l <want >>rows
}

@test "small sizes run by themselves beside a shared pass, with equal counts" {
	local policies=s3-fifo,second-chance,enhanced-clock,qd-lp-fifo,car,cart,clock-pro,2q,lirs,arc
	make_trace 20000 >trace.txt
	for sizes in 1:7 1:8 1:20 5,9; do
		bel-sim -p $policies -f $sizes --generic --format jsonl trace.txt |
			jq -r '"\(.policy) \(.frames) \(.faults) \(.writebacks)"' >want
		bel-curve -p $policies -f $sizes trace.txt | jq -r '.policy as $p
			| [.frames, .faults, .writebacks] | transpose[] | "\($p) \(map(tostring) | join(" "))"' |
			diff want -
	done
	[ "$(wc -l <want)" -eq 20 ]
	bel-curve -p 2q -f 1:7 trace.txt | jq -e '.algorithm == "each size by itself"'
	bel-curve -p 2q -f 5,9,10 trace.txt | jq -e '.algorithm == "recency log, 512 sizes"'
}

# bats test_tags=slow
@test "oracles: counts that this project did not compute" {
	[ -n "${BEL_SHARED:-}" ] && [ -e "$BEL_SHARED/oracles/faults.csv" ] ||
		skip 'no ../shared beside the source'
	while read -r trace file options; do
		for policy in LRU FIFO OPT SIEVE; do
			agrees "$trace" $policy textbook ${policy,,} "$file" $options
		done
		agrees "$trace" CLOCK insert-ref=1 clock "$file" $options
		agrees "$trace" CLOCK insert-ref=0 clock:bit=0 "$file" $options
		agrees "$trace" WS tau ws "$file" $options
	done <<-'END'
		arc-P3 arc-P3.lis.xz
		cache2k-web12 cache2k-web12.u32be.xz --from u32be
		dinero-cc1p-4k dinero-cc1-partial.din
		lackey-ls-4k lackey-ls.lackey.xz
		lackey-ls-16k lackey-ls.lackey.xz --page-size 16k
		lirs-2_pools lirs-2_pools.trc.xz
		lirs-cs lirs-cs.trc.xz
		lirs-loop lirs-loop.trc.xz
		lirs-multi1 lirs-multi1.trc.xz
		spec1m-bzip spec1m-bzip.trace.xz
	END
	awk '{n += $1} END {exit n < 900}' rows
}
