#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-sim: options, records, errors. (Figures: textbook.bats and oracles.bats.)

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR
	belady='1 2 3 4 1 2 5 1 2 3 4 5'
	printf '%s\n' $belady >belady.txt
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

@test "Belady's anomaly, as JSON Lines" {
	run --separate-stderr bel-sim -p fifo -f 3,4 belady.txt
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(jq -c '[.schema, .policy, .frames, .faults, .hits, .references]' <<<"$output")" = \
'["belady.run/1","fifo",3,9,3,12]
["belady.run/1","fifo",4,10,2,12]' ]
}

@test "the members of a run record, in order" {
	run --separate-stderr bel-sim -p lru -f 3 belady.txt
	[ "$status" -eq 0 ]
	[ "$(jq -r 'keys_unsorted | join(" ")' <<<"$output")" = "schema tool version trace policy \
params spec frames seed references hits faults compulsory_faults evictions writebacks dirty_at_end \
fault_ratio mean_resident_pages peak_resident_pages" ]
	[ "$(jq -r '.trace | keys_unsorted | join(" ")' <<<"$output")" = \
		"name digest references pages page_bytes file" ]
	[ "$(jq -c '[.trace.references, .trace.pages, .trace.page_bytes, .seed, .params]' \
		<<<"$output")" = '[12,5,4096,1,{}]' ]
}

@test "records come in the order of policies as given, frames ascending" {
	run --separate-stderr bel-sim -p opt,ws:tau=4,fifo -f 4,2,3 belady.txt
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.policy, .frames]' <<<"$output" | tr -d '\n')" = \
		'["opt",2]["opt",3]["opt",4]["ws",null]["fifo",2]["fifo",3]["fifo",4]' ]
	[ "$(jq -c 'select(.policy == "ws") | .params' <<<"$output")" = '{"tau":4}' ]
}

@test "the defaults are fifo,lru,opt,clock at 4:256:*2" {
	bel-sim belady.txt >default
	bel-sim -p fifo,lru,opt,clock -f 4,8,16,32,64,128,256 belady.txt >spelt
	cmp default spelt
	[ "$(wc -l <default)" -eq 28 ]
}

@test "threads, hooks and memory change nothing" {
	make_trace 300000 >t
	args='-p fifo,lru,opt,clock,clock:bit=0,ws:tau=300 -f 1,2,50%,7,120 --interval 12345'
	bel-sim $args -j 1 t >one
	for more in '-j 2' '-j 7' --generic '--trace-memory 0' '--trace-memory 1M -j 3' ''; do
		bel-sim $args $more t >other
		cmp one other
	done
	[ "$(jq -s 'map(select(.schema == "belady.run/1")) | length' one)" -eq 26 ]
	bel-sim ${args/50%/100} -j 2 t >known
	cmp one known
	[ -z "$(ls | grep belady-)" ]
}

@test "numbers of frames that are simulated together have the records of separate runs" {
	make_trace 60000 >t
	for trace in t "$BEL_TOP/traces/sh.bel"; do
		for policy in fifo lru clock clock:bit=0 clock:bits=3 sieve; do
			for frames in 1 2 3 7 50 120 300; do
				bel-sim -p $policy -f $frames -j 1 "$trace"
			done >separate
			[ "$(wc -l <separate)" -eq 7 ]
			for more in '-j 1' '-j 3' --generic; do
				bel-sim -p $policy -f 1,2,3,7,50,120,300 $more "$trace" >together
				cmp separate together
			done
		done
	done
}

@test "more numbers of frames than one pass takes" {
	make_trace 20000 >t
	bel-sim -p fifo,clock,sieve,lru -f 1:150 -j 2 t >together
	bel-sim -p fifo,clock,sieve,lru -f 1:150 --generic t | cmp - together
	bel-sim -p fifo,clock,sieve,lru -f all --anomalies -q t >together
	bel-sim -p fifo,clock,sieve,lru -f all --anomalies -q --generic t | cmp - together
}

@test "standard input, - and a file give the same bytes" {
	bel-sim -p lru,opt -f 2:4 <belady.txt >in
	bel-sim -p lru,opt -f 2:4 - <belady.txt >dash
	cat belady.txt | bel-sim -p lru,opt -f 2:4 >pipe
	cmp in dash
	cmp in pipe
	bel-sim -p lru,opt -f 2:4 belady.txt | jq -c 'del(.trace.name, .trace.file)' >file
	jq -c 'del(.trace.name, .trace.file)' in | cmp - file
}

@test "intervals add up to the run" {
	make_trace 10000 >t
	bel-sim -p lru,ws:tau=50 -f 20 --interval 3000 t >out
	jq -se '
		map(select(.schema == "belady.run/1")) as $runs
		| map(select(.schema == "belady.interval/1")) as $parts
		| ($runs | length) == 2 and ($parts | length) == 8
		and all($runs[]; . as $run
			| [$parts[] | select(.policy == $run.policy)] as $p
			| ($p | map(.interval)) == [0, 1, 2, 3]
			and ($p | map(.start_reference)) == [0, 3000, 6000, 9000]
			and ($p | map(.references)) == [3000, 3000, 3000, 1000]
			and ($p | map(.faults) | add) == $run.faults
			and ($p | map(.writebacks) | add) == $run.writebacks
			and ($p[3].fault_ratio == ($p[3].faults / 1000)))' out
	[ "$(jq -r 'select(.interval == 0 and .policy == "lru") | keys_unsorted | join(" ")' out)" = \
"schema tool version trace policy params spec frames seed interval start_reference references faults \
writebacks fault_ratio mean_resident_pages resident_pages_at_end" ]
}

# The marks of two processes: before all references, after 3, at the end.
@test "with intervals, the marks of the trace are records, too, once for all policies" {
	"$BEL_BUILD/tests/helpers/event_trace" marks.bel <<-'END'
		start 7 prog
		mark begin
		r 1 2
		space 1
		fork 8 0
		r 3
		mark in the "child"
		r 1 1
		space 0
		mark end
	END
	bel-sim -p fifo,lru,opt -f 1,2,50% --interval 2 --format jsonl marks.bel >all
	validate <all
	[ "$(jq -c 'select(.schema == "belady.mark/1") | [.tool,.reference,.name,.space,.pid,.process]' all)" = \
		'["bel-sim",0,"begin",0,7,"prog"]
["bel-sim",3,"in the \"child\"",1,8,"prog"]
["bel-sim",5,"end",0,7,"prog"]' ]
	# The other records are the same as those of a trace without the marks.
	[ "$(jq -r .schema all | uniq | head -n 3 | xargs)" = 'belady.mark/1 belady.run/1 belady.interval/1' ]
	bel-sim -p fifo,lru,opt -f 1,2,50% --interval 2 --format csv marks.bel >table
	[ "$(cut -d , -f 1 table | sort -u | xargs)" = 'belady.interval/1 schema' ]
	run ! grep -q belady.mark <(bel-sim -p lru -f 2 --format jsonl marks.bel)
	run ! grep -q 'child' <(bel-sim -p lru -f 2 --interval 2 --format table marks.bel)
}

@test "shares of the footprint and all" {
	run --separate-stderr bel-sim -p lru -f 40%,100% belady.txt
	[ "$status" -eq 0 ]
	[ "$(jq -c .frames <<<"$output" | tr '\n' ' ')" = '2 5 ' ]
	run --separate-stderr bel-sim -p lru,opt -f all belady.txt
	[ "$(jq -c '[.frames, .faults]' <<<"$output" | tr -d '\n')" = \
		'[1,12][2,12][3,10][4,8][5,5][1,12][2,9][3,7][4,6][5,5]' ]
}

@test "several traces, one after the other, as a table" {
	printf '%s\n' 1 2 1 >small.txt
	run --separate-stderr bel-sim -p lru -f 2 --format table belady.txt small.txt
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[1]} == belady.txt*lru*2*12* ]]
	[[ ${lines[2]} == small.txt*lru*2*3*2* ]]
}

@test "-o writes a whole file or none" {
	run --separate-stderr bel-sim -p lru -f 3 -o out belady.txt
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(jq .faults out)" = 10 ]
	run --separate-stderr bel-sim -p lru -f 3 -o gone missing.txt
	[ "$status" -eq 3 ]
	[ ! -e gone ]
}

@test "-p list and -p NAME:help" {
	run --separate-stderr bel-sim -p list
	[ "$status" -eq 0 ]
	for policy in clock fifo lru opt ws; do
		[[ $output == *"$policy "* ]]
	done
	run --separate-stderr bel-sim -p clock:help
	[ "$status" -eq 0 ]
	[[ $output == *'bit=1   reference bit of a page when it is loaded (0..1)'* ]]
	run --separate-stderr bel-sim -p nobody:help
	[ "$status" -eq 2 ]
}

# $1: what stderr's first line must be, the rest: arguments.
refused() {
	local want=$1
	shift
	run --separate-stderr bel-sim "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == $want ]]
	[ "${stderr_lines[1]}" = "try 'bel-sim --help'" ]
}

@test "a reference string is no file: how to make a trace of it" {
	run --separate-stderr bel-sim -p lru -f 3 '7 0 1 2'
	[ "$status" -eq 3 ]
	[ "$stderr" = "bel-sim: 7 0 1 2: cannot open: No such file or directory; a reference string is made with bel-gen string '7 0 1 2'" ]
}

@test "wrong usage is told before anything is read" {
	refused "bel-sim: unknown policy 'lfuu', similar to lfu; -p list shows all policies" -p lfuu missing.txt
	refused "bel-sim: clock: bit: 3 is not in 0..1" -p clock:bit=3 missing.txt
	refused "bel-sim: lhd: sample: 4097 is not in 0..4096" -p lhd:sample=4097 missing.txt
	refused "bel-sim: hyperbolic: sample: 5120 is not in 0..4096" -p hyperbolic:sample=5120 missing.txt
	refused "bel-sim: clock: unknown parameter 'bats'; it has: bit*" -p clock:bats=1 missing.txt
	refused "bel-sim: lru: unknown parameter 'k'; it has none" -p lru:k=1 missing.txt
	refused "bel-sim: --frames: 0 *" -f 0 missing.txt
	refused "bel-sim: *frames*" -f 3x missing.txt
	refused "bel-sim: *xml*" --format xml missing.txt
	refused "bel-sim: --jobs: must be 1 to 4096" -j 5000 missing.txt
	refused "bel-sim: --jobs: must be 1 to 4096" -j 0 missing.txt
	refused "bel-sim: --interval: must be at least 1" --interval 0 missing.txt
	refused "bel-sim: unknown trace format 'nothing' *" --from nothing missing.txt
}

@test "what the trace is to blame for is no reason to look into --help" {
	bel-gen zipf -n 1000 -o z.bel
	run --separate-stderr bel-sim --page-size 1k z.bel
	[ "$status" -eq 2 ]
	[ "$stderr" = "bel-sim: z.bel: pages of 1024 bytes are smaller than the trace's units of 4096" ]
	run --separate-stderr bel-convert --process 7 z.bel -o out.bel
	[ "$status" -eq 2 ]
	[ "$stderr" = "bel-convert: the trace has no process 7" ]
}

@test "tables are for terminals of 80 characters" {
	ls=$BEL_TOP/traces/ls.bel
	bel-sim --format table -p lru,clock,ws -f 64,128 "$ls" >sim.txt
	bel-sim --format table -p lru -f 64 --interval 100k "$ls" >>sim.txt
	bel-vm --format table -p lru,fifo -f 64,128 --interval 500k "$ls" >>sim.txt
	[ "$(wc -l <sim.txt)" -gt 30 ]
	[ "$(awk 'length > 80' sim.txt | wc -l)" -eq 0 ]
}

@test "a plug-in gives the built-in's figures under its name" {
	bel-sim -p clock:bit=0,opt -f 3,4 belady.txt >in
	bel-sim -p "$BEL_BUILD/plugins/clock.so:bit=0,$BEL_BUILD/plugins/opt.so" -f 3,4 belady.txt >out
	jq -c "del(.plugin)" out | diff <(jq -c . in) -
	cp "$BEL_BUILD/plugins/lru.so" mine.so
	[ "$(bel-sim -p mine.so -f 3 belady.txt | jq .faults)" = 10 ]
}

@test "a plug-in of another interface is refused" {
	run --separate-stderr bel-sim -p "$BEL_BUILD/tests/plugins/wrong_abi.so" belady.txt
	[ "$status" -eq 3 ]
	[[ $stderr == *'wrong_abi.so: policy was built for interface 2, this is 1' ]]
	run --separate-stderr bel-sim -p ./none.so belady.txt
	[ "$status" -eq 3 ]
	[[ $stderr == *'none.so'* ]]
}

@test "a policy that breaks its contract is named, the others stand, exit 3" {
	run --separate-stderr bel-sim -p "fifo,$BEL_BUILD/tests/plugins/hoarder.so,lru" -f 3,9 belady.txt
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-sim: hoarder: held 4 pages in 3 frames at reference 3 (3 frames)' ]
	[ "$(jq -c '[.policy, .frames]' <<<"$output" | tr -d '\n')" = \
		'["fifo",3]["fifo",9]["hoarder",9]["lru",3]["lru",9]' ]
}

@test "a policy's own figures are under extra" {
	run --separate-stderr bel-sim -p "$BEL_BUILD/tests/plugins/hoarder.so" -f 9 belady.txt
	[ "$status" -eq 0 ]
	[ "$(jq -c .extra <<<"$output")" = '{"loads":5,"share":0.5}' ]
}

@test "a temporary directory that is not there is an error" {
	make_trace 300000 >t
	TMPDIR=/nowhere/at/all run --separate-stderr bel-sim -p opt -f 3 --trace-memory 0 t
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-sim: /nowhere/at/all: temporary file (TMPDIR chooses the folder): No such file or directory' ]
	[ -z "$output" ]
}

@test "the whole trace is kept for opt alone" {
	make_trace 300000 >t
	TMPDIR=/nowhere/at/all run --separate-stderr bel-sim -p lru,fifo,clock,ws -f 3 --trace-memory 0 t
	[ "$status" -eq 0 ]
}

@test "opt from 64 frames on keeps few runs of a trace with locality, and has the records of all" {
	bel-gen loop -n 1M --pages 60 --write-ratio 0.1 --seed 1 >t
	for frames in 63 64:70:3; do
		bel-sim -p opt -f "$frames" --generic t >all
		bel-sim -p opt -f "$frames" t | cmp - all
		bel-sim -p opt -f "$frames" <t | cmp - <(sed 's/"file":"[^"]*"/"file":null/' all)
	done
	bel-sim -p opt -f 64:256:*2 --generic "$BEL_TOP/traces/sh.bel" >all
	bel-sim -p opt -f 64:256:*2 "$BEL_TOP/traces/sh.bel" | cmp - all
	[ "$(jq -s '.[0].evictions > 0 and .[0].writebacks > 0' all)" = true ]
	TMPDIR=/nowhere/at/all bel-sim -p opt -f 64,80 --trace-memory 0 t >few
	[ "$(wc -l <few)" -eq 2 ]
	TMPDIR=/nowhere/at/all run bel-sim -p opt -f 63 --trace-memory 0 t
	[ "$status" -eq 3 ]
	# What a reduction adds to a run would count as its references.
	TMPDIR=/nowhere/at/all run bel-sim -p opt:bypass=on -f 64 --trace-memory 0 t
	[ "$status" -eq 3 ]
}

@test "the record of a plug-in names its file and the digest of the file; others do not" {
	cd "$BATS_TEST_TMPDIR"
	cp "$BEL_BUILD/plugins/fifo.so" mine.so
	bel-gen belady | bel-sim -p "./mine.so,$BEL_BUILD/plugins/fifo.so,$BEL_BUILD/plugins/lru.so,fifo" \
		-f 3 >records
	[ "$(jq -r '.plugin.file' records | sed 's|.*/||' | paste -sd ' ')" = 'mine.so fifo.so lru.so null' ]
	[ "$(jq -r '.plugin.digest' records | sort | uniq -c | awk '{print $1}' | sort | paste -sd ' ')" = '1 1 2' ]
	[ "$(jq -r 'has("plugin")' records | tail -n 1)" = false ]
	bel-curve -p ./mine.so -f 3 <(bel-gen belady) | jq -e '.plugin.file == "./mine.so"'
	bel-vm -p ./mine.so -f 3 <(bel-gen belady) | head -n 1 | jq -e '.plugin.file == "./mine.so"'
	bel-sim --audit -p ./mine.so | jq -e '.plugin.file == "./mine.so"'
}
