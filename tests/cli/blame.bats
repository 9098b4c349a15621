#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-blame: faults, evictions and regret by key, worked by hand; sums; two runs; pictures.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$BEL_BUILD/tests/helpers:$PATH
	traces=$BEL_TOP/traces
}

# Belady's string: pages 1 and 2 are the heap, 3 (written once) and 4 a library, 5 the stack.
belady() {
	event_trace belady.bel <<-'END'
		start 4711 prog -x
		map heap 1 2
		map data 3 2 /usr/lib/libx.so.1
		map stack 5 1
		r 1 2
		w 3
		r 4 1 2 5 1 2 3 4 5
	END
}

# The members of all records, in the order of their keys.
rows() {
	jq -c "[.spec, .frames, $1]" | sort
}

# Stacks of far pages: K is 1, so all but repeated references are far.
stacks() {
	event_trace stacks.bel <<-'END'
		near 1
		start 100 prog
		frame 0 main|m.c:1|/bin/prog
		frame 1 f|m.c:9|/bin/prog
		frame 1 ||/usr/lib/lib.so.1+0x40
		stack 2
		r 10 11
		stack 3
		r 12 10
		stack 2
		r 13 11 13
	END
}

@test "faults and regret by region, by hand: Belady's string, three sizes, three policies" {
	belady
	bel-blame -p fifo,lru,opt -f 3,4,5 --by region belady.bel |
		rows '.region, .references, .faults, .compulsory_faults, .opt_faults, .regret' >got
	cat >want <<-'END'
		["fifo",3,"data",4,4,2,4,0]
		["fifo",3,"heap",6,4,2,2,2]
		["fifo",3,"stack",2,1,1,1,0]
		["fifo",4,"data",4,4,2,3,1]
		["fifo",4,"heap",6,4,2,2,2]
		["fifo",4,"stack",2,2,1,1,1]
		["fifo",5,"data",4,2,2,2,0]
		["fifo",5,"heap",6,2,2,2,0]
		["fifo",5,"stack",2,1,1,1,0]
		["lru",3,"data",4,4,2,4,0]
		["lru",3,"heap",6,4,2,2,2]
		["lru",3,"stack",2,2,1,1,1]
		["lru",4,"data",4,4,2,3,1]
		["lru",4,"heap",6,2,2,2,0]
		["lru",4,"stack",2,2,1,1,1]
		["lru",5,"data",4,2,2,2,0]
		["lru",5,"heap",6,2,2,2,0]
		["lru",5,"stack",2,1,1,1,0]
		["opt",3,"data",4,4,2,4,0]
		["opt",3,"heap",6,2,2,2,0]
		["opt",3,"stack",2,1,1,1,0]
		["opt",4,"data",4,3,2,3,0]
		["opt",4,"heap",6,2,2,2,0]
		["opt",4,"stack",2,1,1,1,0]
		["opt",5,"data",4,2,2,2,0]
		["opt",5,"heap",6,2,2,2,0]
		["opt",5,"stack",2,1,1,1,0]
	END
	diff want got
}

@test "evictions, those of pages that are needed again, and write-backs, by hand" {
	belady
	# LRU, 3 frames: 4 evicts 1, 1 evicts 2, 2 evicts 3 (dirty), 5 evicts 4, 3 evicts 5, 4
	# evicts 1, 5 evicts 2; the last two are not referenced again.
	bel-blame -p fifo,lru -f 3 --by mapping belady.bel |
		rows '.mapping, .evictions, .needed_evictions, .writebacks' >got
	cat >want <<-'END'
		["fifo",3,"/usr/lib/libx.so.1",3,1,0]
		["fifo",3,"[heap]",2,2,1]
		["fifo",3,"[stack]",1,1,0]
		["lru",3,"/usr/lib/libx.so.1",3,2,0]
		["lru",3,"[heap]",2,2,1]
		["lru",3,"[stack]",2,1,0]
	END
	diff want got
	bel-blame -p lru -f 3 --by page belady.bel | rows '.page, .faults' | sed -n '5p' >got
	[ "$(cat got)" = '["lru",3,"0x5000 of 4711",2]' ]
	[ "$(bel-blame -p lru -f 3 --by library,process belady.bel | jq -r '.library' | sort |
		xargs)" = '[heap] [stack] libx.so.1' ]
}

@test "processes, commands, threads and marks" {
	event_trace p.bel <<-'END'
		start 10 make all
		r 1
		space 1
		fork 11 0
		r 1
		mark compile
		r 2
		space 2
		exec 11 1 cc -c
		r 1
		thread 2
		r 2
		space 0
		r 2
	END
	bel-blame -f 9 --by process,command,thread,mark p.bel |
		jq -c '[.process, .command, .thread, .mark, .faults]' | sort >got
	cat >want <<-'END'
		["10 make all","make all","(not known) of 10","(before the first mark)",1]
		["10 make all","make all","(not known) of 10","compile",1]
		["11 cc -c","cc -c","(not known) of 11","compile",1]
		["11 cc -c","cc -c","2 of 11","compile",1]
		["11 make all","make all","(not known) of 11","(before the first mark)",1]
		["11 make all","make all","(not known) of 11","compile",1]
	END
	diff want got
}

@test "events behind the last reference; two processes beside OPT" {
	event_trace t.bel <<-'END'
		start 10 sh
		r 1 2 3 1 2 3
		space 1
		fork 11 0
		r 1 2 3 4
		mark end
	END
	# LRU, 2 frames: all of 1 2 3 1 2 3 fault. OPT evicts 2 for 3, and 1 for 2: four faults. In the
	# second process nothing comes again.
	[ "$(bel-blame -f 2 --by process t.bel | jq -c '[.process, .faults, .regret]' | sort | xargs -d '\n')" = \
		'["10 sh",6,2] ["11 sh",4,0]' ]
}

@test "a trace without events: one space, no region" {
	printf '1\n2\n1\n' | bel-blame -f 1 --by process,region,mapping,mark >got
	[ "$(jq -c '[.process, .region, .mapping, .mark, .faults, .references]' got)" = \
		'["space 0","unknown","(no region)","(before the first mark)",3,3]' ]
}

@test "call stacks: function, line, object and stack of far pages; near pages have none" {
	stacks
	# LRU, 2 frames: 10 11 12 10 13 11 fault, and 13 does not. OPT keeps 10.
	[ "$(bel-blame -f 2 --by function,line,object,stack stacks.bel |
		jq -c '[.function, .line, .object, .stack, .faults, .regret]')" = \
		'["f","m.c:9","prog","main;f",4,0]
["lib.so.1+0x40","lib.so.1+0x40","lib.so.1","main;lib.so.1+0x40",2,1]' ]
	event_trace near.bel <<-'END'
		near 2
		r 10
		frame 0 main||prog
		stack 1
		r 11 10 12
	END
	run -0 --separate-stderr bel-blame -f 1 --by stack near.bel
	[ "$stderr" = 'bel-blame: lru, 1 frames: 50.00 % of 4 faults have a known call stack' ]
	# With one frame all fault. 10 is among the last 2 pages; before the first stack none is known.
	[ "$(bel-blame -f 1 --by stack near.bel | jq -c '[.stack, .faults]' | sort)" = \
		'["(near page, stack not recorded)",1]
["(stack not known)",1]
["main",2]' ]
	# Larger pages have stacks, too. 10 and 11 are one page, so 11 is near.
	[ "$(bel-blame -f 1 --page-size 8k --by stack near.bel | jq -c '[.stack, .faults]' | sort)" = \
		'["(stack not known)",1]
["main",1]' ]
	run -3 bel-blame -f 1 --by line "$traces/ls.bel"
	[[ $output == *'--by line: the trace has no call stacks; record it with bel-capture --stacks'* ]]
	run -3 bel-blame -f 1 --by stack --first-byte stacks.bel
	[[ $output == *'the trace has no call stacks'* ]]
}

# With one frame all fault. 10 and 11 are far; 11 was referenced since 10, so 10 is renewed; since 11
# was referenced no page was far.
@test "call stacks of references that renew near pages" {
	for renewed in '' ' renewed'; do
		event_trace near.bel <<-END
			near 2$renewed
			frame 0 main||prog
			stack 1
			r 10 11 10 11
		END
		bel-blame -q -f 1 --by stack near.bel | jq -r '"\(.stack) \(.faults)"' | sort
		bel-info near.bel | jq .more_stacks
	done >got
	diff - got <<-'END'
		(near page, stack not recorded) 2
		main 2
		false
		(near page, stack not recorded) 1
		main 3
		true
	END
}

# sums TRACE FRAMES BY: for every policy, the sums over all keys are what bel-sim counts.
sums() {
	local all opt
	all=$(bel-sim -p list | awk '$1 ~ /^[a-z0-9][a-z0-9-]*$/ {print $1}' | paste -sd,)
	bel-sim -p "$all" -f "$2" --format jsonl "$1" 2>/dev/null >sim
	jq -c '[.spec, .frames, .references, .faults, .compulsory_faults, .evictions, .writebacks]' \
		sim | sort >want
	bel-blame -p "$all" -f "$2" --by "$3" --top 5 --format jsonl "$1" 2>/dev/null >blame
	jq -sc 'group_by([.spec, .frames])[] | [.[0].spec, .[0].frames, (map(.references) | add),
		(map(.faults) | add), (map(.compulsory_faults) | add), (map(.evictions) | add),
		(map(.writebacks) | add)]' blame | sort >got
	[ "$(wc -l <want)" -ge 50 ]
	diff want got
	# Regret adds up to the faults that OPT does not have.
	jq -sc '(map(select(.spec == "opt")) | map({key: .frames | tostring, value: .faults}) |
		from_entries) as $opt | .[] | select(.frames) |
		[.spec, .frames, .faults - $opt[.frames | tostring]]' sim | sort >want
	jq -sc 'map(select(.frames)) | group_by([.spec, .frames])[] |
		[.[0].spec, .[0].frames, (map(.regret) | add)]' blame | sort >got
	diff want got
}

@test "sums over keys are bel-sim's counts, and regret adds up, for every policy" {
	sums "$traces/kernel.bel" 3,16 process,region,page
	sums "$traces/ls.bel" 24 mapping
}

# bats test_tags=slow
@test "the same on a trace of six processes, and on any number of threads" {
	sums "$traces/sh.bel" 16,64 process,mapping
	bel-blame -j 1 -p lru,opt,ws -f 16,10% "$traces/sh.bel" >one
	bel-blame -j 4 -p lru,opt,ws -f 16,10% "$traces/sh.bel" >four
	cmp one four
	bel-blame -j 2 -p lru,opt,ws -f 16,10% <"$traces/sh.bel" |
		jq -c 'del(.trace)' | cmp - <(jq -c 'del(.trace)' one)
}

@test "--top adds up the other keys, and 0 shows all" {
	belady
	bel-blame -f 3 --by page --top 2 belady.bel >r
	[ "$(jq -c '[.page, .keys, .faults]' r)" = '["0x1000 of 4711",1,2]
["0x2000 of 4711",1,2]
[null,3,6]' ]
	[ "$(bel-blame -f 3 --by page --top 0 belady.bel | wc -l)" -eq 5 ]
	# 10 faults of LRU, less 2 and 2 of the first two pages.
	[ "$(bel-blame -f 3 --by page,region --top 2 --format table belady.bel |
		sed -n 's/^.*  \((other keys)\) *- *\([0-9]*\) .*/\1 \2/p')" = '(other keys) 6' ]
	[ "$(bel-blame --top 1 -f 2,3 --by page --format table belady.bel | grep -c '(other keys)')" -eq 2 ]
	# One key is not hidden behind a sum.
	[ "$(bel-blame -f 3 --by page --top 4 belady.bel | jq .keys | xargs)" = '1 1 1 1 1' ]
	[ "$(bel-blame -p fifo -f 4 --measure regret --by region belady.bel | jq -r .region |
		head -n 1)" = heap ]
}

@test "two inputs are compared by key: records, or traces" {
	belady
	bel-blame -p fifo -f 3 --by region belady.bel >before
	bel-blame -p lru -f 3 --by region belady.bel >after
	bel-blame before after >both
	[ "$(jq -c '[.before.spec, .after.spec, .region, .faults_before, .faults_after,
		.faults_change, .regret_before, .regret_after]' both)" = \
		'["fifo","lru","stack",1,2,1,0,1]
["fifo","lru","heap",4,4,0,2,2]
["fifo","lru","data",4,4,0,0,0]' ]
	validate 3 <both
	stacks
	bel-blame -f 2,3 --by region belady.bel stacks.bel >both
	validate <both
	# A key that is missing on one side has zeros there. Of 10 11 12 10 13 11 13, five fault.
	[ "$(jq -c 'select(.before.frames == 3 and .region == "unknown") |
		[.faults_before, .faults_after]' both)" = '[0,5]' ]
	[ "$(bel-blame --top 1 -f 3 --by region belady.bel stacks.bel |
		jq -c '[.keys, .faults_before, .faults_after]')" = '[1,0,5]
[3,10,0]' ]
	bel-blame -f 3 --by page belady.bel >pages
	run -2 bel-blame before pages
	[[ $output == *'before has counts by region, after by page: give both the same --by'* ]]
	bel-blame -p lru,fifo -f 4,5 --by region belady.bel >other
	run -3 bel-blame before other
	[[ $output == *'no policy with the same number of frames in common'* ]]
	run -2 bel-blame --format xml before
	[[ $output == "bel-blame: 'xml' is not a result format; use jsonl, csv, table, folded, callgrind, chrome or svg"* ]]
	run -2 bel-blame --format svg before after
	[[ $output == *'--format svg: shows one trace, not two'* ]]
	run -2 bel-blame before after other
}

@test "keys with equal changes are in order of their larger value" {
	# One frame: every reference here faults.
	printf '1 2 3 2 3 4 3 5\n' >before.pages
	printf '1 2 3 2 3 4 3 5 6 5 6 5 6 5\n' >after.pages
	bel-blame -f 1 --by page before.pages before.pages >both
	[ "$(jq -r '"\(.page[:6]) \(.faults_before) \(.faults_change)"' both | paste -sd,)" = \
		'0x3000 3 0,0x2000 2 0,0x1000 1 0,0x4000 1 0,0x5000 1 0' ]
	# Page 5 grows by 3, and so does page 6, from 0.
	bel-blame -f 1 --by page before.pages after.pages >both
	[ "$(jq -r '"\(.page[:6]) \(.faults_after) \(.faults_change)"' both | paste -sd,)" = \
		'0x5000 4 3,0x6000 3 3,0x3000 3 0,0x2000 2 0,0x1000 1 0,0x4000 1 0' ]
}

@test "records are as their schemas say, and come back from a file" {
	belady
	stacks
	for by in process,command,thread,mark region,mapping,library page; do
		bel-blame -p lru,ws,opt -f 2,3 --top 2 --by "$by" belady.bel | validate
	done
	bel-blame -f 2 --by function,line,object,stack stacks.bel | validate 2
	bel-blame -p fifo,ws -f 3,4 --top 1 belady.bel >r
	bel-blame --top 1 r | cmp - r
	bel-blame -p fifo,ws -f 3,4 --format csv belady.bel >r.csv
	[ "$(wc -l <r.csv)" -eq 10 ]
	[ "$(cut -d , -f 1 r.csv | sort -u | xargs)" = 'belady.blame/1 schema' ]
	echo '{"schema":"belady.blame/1","by":"nothing","spec":"lru","trace":{"digest":"1"},"keys":1}' >bad
	run -3 bel-blame bad
	[[ $output == *"bad: line 1: by: 'nothing' is not a list of parts of keys"* ]]
	sed 's/"faults":[0-9]*/"faults":1152921504606846976/' r >bad
	run -3 bel-blame bad
	[[ $output == *'bad: line 2: faults: the sum of all keys is too large'* ]]
	echo '{"schema":"belady.run/1"}' >bad
	run -3 bel-blame bad
	[[ $output == *'bad: no record belady.blame/1'* ]]
}

@test "folded stacks: paths, and the right total" {
	stacks
	[ "$(bel-blame -f 2 --by process,stack --format folded stacks.bel)" = \
		'100 prog;main;f 4
100 prog;main;lib.so.1+0x40 2' ]
	# speedscope takes lines of /^(.*) (\d+)$/ and leaves out all others; see speedscope.bats.
	bel-blame -f 16 --by process,mapping --format folded "$traces/sh.bel" >folded
	run ! grep -vE '^.+ [1-9][0-9]*$' folded
	[ "$(awk '{sum += $NF} END {print sum}' folded)" -eq \
		"$(bel-sim -p lru -f 16 "$traces/sh.bel" | jq .faults)" ]
	belady
	run -0 --separate-stderr bel-blame -p fifo -f 4 --by page --measure regret --format folded \
		belady.bel
	# FIFO faults twice on each page. OPT does so on page 4 only.
	[ "$(awk '{sum += $NF} END {print sum}' <<<"$output")" -eq 4 ]
	[ -z "$stderr" ]
	run -0 --separate-stderr bel-blame -p fifo -f 64 --by page --measure regret --format folded \
		"$traces/sh.bel"
	[[ $stderr == *'keys are not shown: their regret are below 0, -'* ]]
}

@test "callgrind_annotate reads callgrind's format, with the right total" {
	command -v callgrind_annotate >/dev/null || skip 'no callgrind_annotate'
	stacks
	bel-blame -f 2 --by stack --format callgrind stacks.bel >callgrind.out
	callgrind_annotate callgrind.out >table
	grep -q '^ *6 (100.0%) *5 (100.0%).*PROGRAM TOTALS' table
	grep -q '^ *4 (66.67%) .*???:f$' table
	callgrind_annotate --inclusive=yes callgrind.out >table
	grep -q '^ *6 (100.0%) .*???:main$' table
	bel-blame -f 16 --by process,mapping --format callgrind "$traces/sh.bel" >callgrind.out
	faults=$(bel-sim -p lru -f 16 "$traces/sh.bel" | jq .faults)
	[ "$(callgrind_annotate callgrind.out | sed -n 's/ (100.0%).*PROGRAM TOTALS//p' |
		tr -d ' ,')" = "$faults" ]
}

@test "Chrome's format: counters over time, which add up" {
	belady
	# 12 references, each by itself: 1 F, 2 F, 3 F, 4 F, 1 F, 2 F, 5 F, 1, 2, 3 F, 4 F, 5 F.
	bel-blame -f 3 --by region --format chrome belady.bel >c.json
	[ "$(jq -c '.traceEvents[] | select(.ph == "C") | select(.args | add > 0) |
		[.ts, (.args | to_entries[] | select(.value > 0) | .key)]' c.json | head -n 7)" = \
		'[0,"heap"]
[1,"heap"]
[2,"data"]
[3,"data"]
[4,"heap"]
[5,"heap"]
[6,"stack"]' ]
	# The grammar of Chrome's JSON object format: names of processes (M) and counters (C), in time.
	jq -e '(.displayTimeUnit | . == "ns" or . == "ms") and (.traceEvents | all(
			(.name | type == "string") and (.pid | type == "number") and
			if .ph == "M" then .name == "process_name" and (.args.name | type == "string")
			else .ph == "C" and (.ts | type == "number") and (.args | length == 3) and
				(.args | all(type == "number" and . >= 0)) end)) and
		([.traceEvents[] | select(.ph == "C").ts] | . == (unique))' c.json
	# Every counter ends at 0.
	[ "$(jq -c '.traceEvents[-1].args | add' c.json)" -eq 0 ]
	bel-blame -f 64 --by page --top 3 --format chrome "$traces/sh.bel" >c.json
	faults=$(bel-sim -p lru -f 64 "$traces/sh.bel" | jq .faults)
	[ "$(jq '[.traceEvents[] | select(.ph == "C").args[]] | add' c.json)" -eq "$faults" ]
	[ "$(jq '[.traceEvents[] | select(.ph == "C")] | length' c.json)" -le 1025 ]
	bel-blame -f 3 belady.bel >records
	run -2 bel-blame --format chrome records
	[[ $output == *'--format chrome needs a trace; records have no times'* ]]
	run -2 bel-blame --format chrome --measure regret -f 3 belady.bel
}

@test "the flame graph has every frame, with its share on hover, and no script" {
	stacks
	bel-blame -f 2 --by stack --format svg --name 'my <run>' stacks.bel >f.svg
	python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("f.svg")'
	grep -q '<title>f: 4 faults, 66.67 %</title>' f.svg
	grep -q '<title>main: 6 faults, 100.00 %</title>' f.svg
	grep -q 'my &lt;run&gt;' f.svg
	run ! grep -qi 'script' f.svg
	run -2 bel-blame -p lru,fifo -f 2 --format svg stacks.bel
	[[ $output == *'--format svg: shows one policy with one number of frames, not 2'* ]]
	run -2 bel-blame -p ws --measure regret --format svg stacks.bel
	[[ $output == *'ws has no number of frames, so it has no regret'* ]]
}

@test "hostile names stay text in every output" {
	printf '%s\n' 'near 1' $'start 1 a\e[31m"b\\;<script>' \
		$'map data 1 1 /x/<b>&"\\;(1) \e]0;x' $'frame 0 (1) f;<i>"\e[2J|x|y' 'stack 1' \
		'mark </title></svg>' 'r 1 2' | event_trace hostile.bel
	for format in table jsonl csv folded callgrind chrome svg; do
		bel-blame -f 1 --by process,mark,stack,mapping --format "$format" hostile.bel >out
		# CSV is for programs: it has the bytes of a name as they are.
		[ "$format" = csv ] || run ! grep -q $'\e' out
		[ -s out ]
		case $format in
		svg)
			python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("out")'
			run ! grep -q '<script\|<b>\|<i>' out
			;;
		chrome) jq -e '.traceEvents | length > 2' out ;;
		# Four frames: a process, a mark, a function, a mapping.
		folded) [ "$(sed 's/[^;]//g' out | sort -u)" = ';;;' ] ;;
		callgrind) grep -q '^cfn=([0-9]*) (1) f:<i>' out ;;
		esac
	done
}

@test "wrong usage is refused with what is right" {
	belady
	run -2 bel-blame --by nobody belady.bel
	[[ $output == *"--by: 'nobody' is not known; give a list of process, command,"* ]]
	run -2 bel-blame --by region,region belady.bel
	[[ $output == *"'region' is there twice"* ]]
	run -2 bel-blame --by '' belady.bel
	run -2 bel-blame --measure speed belady.bel
	[[ $output == *"--measure: 'speed' is none of faults, regret,"* ]]
	run -2 bel-blame -f 3 -m 1M belady.bel
	run -2 bel-blame --format pdf belady.bel
	run -3 bel-blame -f 3 missing.bel
	bel-reduce -q -f 2 belady.bel -o reduced.bel
	run -3 bel-blame -f 3 reduced.bel
}
