#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-compare-policies: sweeps that can be stopped and go on.

bats_require_minimum_version 1.5.0
load ../support/missing

# Two traces, and a whole comparison of them.
setup_file() {
	command -v gnuplot >/dev/null || missing 'no gnuplot' || return 0
	cd "$BATS_FILE_TMPDIR"
	mkdir t
	"$BEL_BIN"/bel-gen uniform -n 5000 --pages 50 --seed 1 -o t/u.bel
	"$BEL_BIN"/bel-gen zipf -n 5000 --pages 80 --seed 1 -o "t/z f.bel"
	echo remarks >t/README.md
	"$BEL_BIN"/bel-compare-policies -q -j 1 -p lru,opt -f 4,8 -o whole t >/dev/null
}

setup() {
	skip_missing
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	compare=$BEL_BIN/bel-compare-policies whole=$BATS_FILE_TMPDIR/whole
	cp -a "$BATS_FILE_TMPDIR/t" t
}

# When and with which bytes each trace's result and figure were made.
state() {
	find out/sweep/results out/figures out/runs ! -type d -printf '%p %T@ ' -exec cksum {} \; | sort
}

# forget NAME: removes the result of the trace with this name.
forget() {
	local result
	result=$(readlink -f "out/runs/$1.jsonl")
	rm "${result%.jsonl}".*
}

@test "a folder: records, figures, summary" {
	run --separate-stderr "$compare" -o out -p lru,opt,ws:tau=100 -f 4,8 t
	[ "$status" -eq 0 ]
	[ "$output" = "$(cat out/summary.txt)" ]
	[ "$(jq -r '[.policy, .frames] | join("-")' out/results.jsonl | tr '\n' ' ')" = \
		'lru-4 lru-8 opt-4 opt-8 ws- lru-4 lru-8 opt-4 opt-8 ws- ' ]
	grep -q '<svg' out/figures/u.bel.svg
	grep -q '<svg' 'out/figures/z f.bel.svg'
	[ "$(find out/figures -type f | wc -l)" -eq 2 ]
	[ "$(awk '$1 == "opt" {print $3}' out/comparison.txt)" = 1.000 ]
	# The summary's figures are the records'.
	faults=$(jq -r 'select(.policy == "opt" and .frames == 8) | .faults' out/results.jsonl | head -n 1)
	[ "$(awk '$(NF - 3) == 8 { print $(NF - 1); exit }' out/summary.txt)" = "$faults" ]
	[ "$(awk '{ print length }' out/summary.txt | sort -u | wc -l)" -eq 1 ]
	[ "$(head -n 1 out/summary.txt | tr -s ' ')" = 'trace pages frames lru opt ws:tau=100' ]
}

@test "what is whole is not made again, what lacks is" {
	cp -a "$whole" out
	state >before
	"$compare" -o out -p lru,opt -f 4,8 t
	[ "$(wc -l <before)" -eq 8 ] # a result, its host, a link and a figure for each
	state | diff before -
	forget u.bel
	run --separate-stderr "$compare" -o out -p lru,opt -f 4,8 t
	[ "$status" -eq 0 ]
	[[ $stderr == *'simulating t/u.bel'* ]]
	[[ $stderr != *'simulating t/z f.bel'* ]]
	cmp "$whole/results.jsonl" out/results.jsonl
	touch 't/z f.bel'
	run --separate-stderr "$compare" -o out -p lru,opt -f 4,8 t
	[[ $stderr == *'simulating t/z f.bel'* ]]
}

@test "the number of jobs changes no byte" {
	"$compare" -o out -j 4 -p lru,opt -f 4,8 t
	cmp "$whole/results.jsonl" out/results.jsonl
	cmp "$whole/summary.txt" out/summary.txt
	cmp "$whole/figures/u.bel.svg" out/figures/u.bel.svg
}

# bats test_tags=slow
@test "a full disk at the start: the file is named, and the same comparison can be made later" {
	mkdir out
	ln -s /dev/full out/settings.part
	run --separate-stderr -3 "$compare" -o out -p lru -f 4 t
	[ "$stderr" = 'bel-compare-policies: out/settings: cannot write: No space left on device' ]
	[ ! -e out/settings ]
	run --separate-stderr -0 "$compare" -o out -p lru -f 4 t
}

@test "other settings do not mix with what is there" {
	cp -a "$whole" out
	run --separate-stderr "$compare" -o out -p lru,opt -f 4,16 t
	[ "$status" -eq 2 ]
	[[ $stderr == *'out was made with other settings'*'bel-compare joins the results.jsonl of both' ]]
	jq -e -s 'map(select(.frames == 16)) == []' out/results.jsonl
}

# bats test_tags=slow
@test "a trace that fails leaves the others, and status 3" {
	echo garbage >t/bad.bin
	run --separate-stderr "$compare" -o out -f 4 t
	[ "$status" -eq 3 ]
	[[ $stderr == *'bel-sim: t/bad.bin: '* ]]
	[[ $stderr == *'1 of 3 traces failed'* ]]
	[[ $stderr == *'2 of 3 traces (2 simulated now, 0 were up to date): '* ]]
	[ "$(jq -r .trace.pages out/results.jsonl | sort -u | wc -l)" -eq 2 ]
	[ ! -e out/runs/bad.bin.jsonl ]
}

# bats test_tags=slow
@test "a list of commands, with LF or CR LF and blank lines, is captured once" {
	command -v valgrind >/dev/null || skip 'no valgrind'
	printf '# programs\r\n\r\n  \r\necho "a  b"\r\n\nfalse\n' >list
	run --separate-stderr "$compare" -o out -p lru -f 8 list
	[ "$status" -eq 0 ]
	[ "$(find out/traces -name '*.bel' | wc -l)" -eq 2 ]
	[ "$(jq -r .trace.name out/results.jsonl | paste -sd ,)" = "echo 'a  b',false" ]
	run --separate-stderr "$compare" -o out -p lru -f 8 list
	[[ $stderr != *capturing* ]]
	echo no-such-program >>list
	run --separate-stderr "$compare" -o out -p lru -f 8 list
	[ "$status" -eq 3 ]
	[[ $stderr == *'no-such-program: capture failed'* ]]
	[ "$(find out/traces -type f | wc -l)" -eq 2 ]
}

# The pages of each trace tell which of them is where.
# bats test_tags=slow
@test "odd names, a leading dash of folders: every trace is counted, none reaches the terminal raw" {
	local odd
	mkdir ./-odd
	odd=(a -dash ' blank ' $'new\nline' $'cr\r' $'esc\e[31m' "q'uo\"te" '$(touch x)' '%s%n' ü)
	for i in "${!odd[@]}"; do
		seq $((i + 1)) | tr '\n' ' ' >"./-odd/${odd[i]}.pages"
	done
	run --separate-stderr "$compare" -o -out -p lru -f 2 -- -odd
	[ "$status" -eq 0 ]
	[ "$(jq -s 'map(.trace.pages) | sort == [range(1; 11)]' ./-out/results.jsonl)" = true ]
	[ ! -e x ]
	[[ $output$stderr != *$'\e'* ]]
	[[ $output$stderr != *$'\r'* ]]
	[[ $stderr == *'simulating ./-odd/esc\x1b[31m.pages'* ]]
	[ "$(wc -l <./-out/summary.txt)" -eq 11 ]
	[ "$(find ./-out/figures -name '*.svg' -printf . | wc -c)" -eq 10 ]
}

# bats test_tags=slow
@test "a trace is not a list of commands: nothing of it is run" {
	echo '1 2 3' >pages.txt
	printf 'touch ran\n\1\n' >binary.txt
	cp t/u.bel u.bel
	gzip -c t/u.bel >u.gz
	for list in u.bel u.gz binary.txt; do
		run --separate-stderr "$compare" -o out -p lru -f 4 "$list"
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[ "$stderr" = "bel-compare-policies: $list: is not a list of commands: it has bytes\
 that are not text; give the folder of the traces" ]
	done
	run --separate-stderr "$compare" -o out -p lru -f 4 pages.txt
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-compare-policies: pages.txt: is a trace, not a list of commands;'\
' give the folder of the traces' ]
	[ ! -e ran ]
	[ ! -e out ]
}

@test "-q says nothing but errors; --format csv is a table for programs" {
	run --separate-stderr "$compare" -q --format csv -o out -p lru,opt -f 4,8 t
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${lines[0]}" = '"trace","pages","frames","lru","opt"' ]
	[ "${#lines[@]}" -eq 5 ]
	# The second trace with 8 frames: the same faults as its records say.
	want=$(jq -r 'select(.frames == 8) | .faults' out/results.jsonl | tail -n 2 | paste -sd ' ')
	[ "$(awk -F, 'END {gsub("\"", ""); print $(NF - 1), $NF}' <<<"$output")" = "$want" ]
	echo garbage >t/bad.bin
	run --separate-stderr "$compare" -q -o out -p lru,opt -f 4,8 t
	[ "$status" -eq 3 ]
	[[ $stderr == *'bel-sim: t/bad.bin: '* ]]
	[[ $stderr == *'1 of 3 traces failed'* ]]
}

# bats test_tags=slow
@test "a job that is killed is counted as failed, and made the next time" {
	mkdir bin
	printf '#!/bin/sh\ncase $* in *u.bel*) kill -KILL $PPID ;; esac\nexec "%s" "$@"\n' \
		"$BEL_BIN/bel-sim" >bin/bel-sim
	chmod +x bin/bel-sim
	ln -s "$BEL_BIN"/bel-compare "$BEL_BIN"/bel-plot "$BEL_BIN"/bel-sweep bin/
	cp "$compare" bin/
	run --separate-stderr bin/bel-compare-policies -j 1 -o out -p lru -f 4 t
	[ "$status" -eq 3 ]
	[[ $stderr == *'traces failed'* || $stderr == *'no trace could be simulated'* ]]
	run --separate-stderr "$compare" -j 1 -o out -p lru -f 4 t
	[ "$status" -eq 0 ]
	[ "$(wc -l <out/results.jsonl)" -eq 2 ]
}

@test "wrong usage" {
	run --separate-stderr "$compare"
	[ "$status" -eq 2 ]
	run --separate-stderr "$compare" -x t
	[ "$status" -eq 2 ]
	run --separate-stderr "$compare" -j 0 t
	[ "$status" -eq 2 ]
	run --separate-stderr "$compare" no-such-folder
	[ "$status" -eq 3 ]
	mkdir empty
	run --separate-stderr "$compare" -o out empty
	[ "$status" -eq 3 ]
	[[ $stderr == *'empty: no traces'* ]]
	run --separate-stderr "$compare" -q -o both --ssh : --slurm -p lru -f 4 t
	[ "$status" -eq 2 ]
	[ "${stderr_lines[0]}" = 'bel-compare-policies: --ssh and --slurm exclude each other' ]
	[ ! -e both ]
	"$compare" --help | grep -q '^usage:'
}

@test "wrong policies or frames are told once, before anything is made" {
	for wrong in "-p lru,nonsense" "-f 3x" "-p list"; do
		run --separate-stderr "$compare" -o never $wrong t
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = "bel-compare-policies: "*[a-z]* ]]
		[ "$(grep -c nonsense <<<"$stderr")" -le 1 ]
		[ ! -e never ]
	done
	run --separate-stderr "$compare" -o never -p ./none.so t
	[ "$status" -eq 3 ]
	[[ $stderr = "bel-compare-policies: "*none.so* ]]
	[ ! -e never ]
}

@test "progress counts, and the last line says what was made now" {
	run --separate-stderr "$compare" -o out -j 1 --policies=lru --frames=4,8 t
	[ "$status" -eq 0 ]
	[ "${stderr_lines[0]}" = 'bel-compare-policies: 1 of 2: simulating t/u.bel' ]
	[ "${stderr_lines[1]}" = 'bel-compare-policies: 2 of 2: simulating t/z f.bel' ]
	[[ ${stderr_lines[-1]} = 'bel-compare-policies: 2 of 2 traces (2 simulated now, 0 were up to date): '* ]]
	forget 'z f.bel'
	run --separate-stderr "$compare" -o out -j 1 -p lru -f 4,8 t
	[[ ${stderr_lines[-1]} = 'bel-compare-policies: 2 of 2 traces (1 simulated now, 1 were up to date): '* ]]
	run --separate-stderr "$compare" -q -o out -p lru -f 4,8 t
	[ -z "$stderr" ]
}

@test "if several jobs begin at once, each trace has its own number" {
	for k in 3 4 5 6 7 8 9; do cp t/u.bel t/u$k.bel; done
	run --separate-stderr "$compare" -o many -j 4 -f 4 -p lru t
	[ "$(sed -n 's/.*: \([0-9]*\) of 9: simulating.*/\1/p' <<<"$stderr" | sort)" = "$(seq 9)" ]
}

@test "a full disk is status 3, also for the summary" {
	for format in table csv; do
		run -3 --separate-stderr bash -c '"$1" -q -o full -f 4 -p lru --format "$2" t >/dev/full' - \
			"$compare" $format
		[ "$stderr" = 'bel-compare-policies: standard output: No space left on device' ]
	done
}

@test "kill -9 leaves no file of work; the next run has the same bytes" {
	mkdir bin
	# The second simulation kills the whole comparison.
	printf '#!/bin/sh\ncase $* in *"z f"*) kill -KILL 0 ;; esac\nexec "%s" "$@"\n' \
		"$BEL_BIN/bel-sim" >bin/bel-sim
	chmod +x bin/bel-sim
	ln -s "$BEL_BIN"/bel-{compare,plot,sweep} bin/
	cp "$compare" bin/
	run setsid -w bin/bel-compare-policies -q -j 1 -o out -p lru,opt -f 4,8 t
	[ "$status" -eq 137 ]
	[ "$(cd out && find . -maxdepth 1 | sort | paste -sd ' ')" = '. ./figures ./runs ./settings ./sweep ./traces' ]
	[ "$(find out/sweep/results -name "*.host" | wc -l)" -eq 1 ]
	run --separate-stderr "$compare" -o out -p lru,opt -f 4,8 t
	[ "$status" -eq 0 ]
	[[ ${stderr_lines[-1]} = *'2 of 2 traces (1 simulated now, 1 were up to date): '* ]]
	cmp "$whole/results.jsonl" out/results.jsonl
	cmp "$whole/summary.txt" out/summary.txt
	diff <(cd "$whole" && find . -name '.?*') <(cd out && find . -name '.?*')
}

@test "a trace that fails after a change leaves neither records nor figure" {
	cp -a "$whole" out
	[ -s out/figures/u.bel.svg ]
	echo garbage >t/u.bel
	run --separate-stderr "$compare" -o out -p lru,opt -f 4,8 t
	[ "$status" -eq 3 ]
	[[ $stderr = *'bel-sim: t/u.bel: '*'1 of 2 traces failed, see above' ]]
	# How many jobs of the sweep are complete is not said: this tool counts traces.
	[[ $stderr != *jobs* ]]
	[ "$(ls out/runs out/figures | grep -c u.bel)" -eq 0 ]
	[ "$(wc -l <out/results.jsonl)" -eq 4 ]
}

@test "an older trace of the same name is another trace" {
	cp -a "$whole" out
	bel-gen uniform -n 4000 --pages 30 --seed 2 -o t/u.bel
	"$compare" -q -o out -p lru,opt -f 4,8 t >/dev/null
	! cmp -s out/figures/u.bel.svg "$whole/figures/u.bel.svg"
	cp -p "$BATS_FILE_TMPDIR/t/u.bel" t/u.bel
	run --separate-stderr "$compare" -o out -p lru,opt -f 4,8 t
	# Its result is still there; only the figure is drawn again.
	[[ ${stderr_lines[-1]} = *'(0 simulated now, 2 were up to date): '* ]]
	cmp out/figures/u.bel.svg "$whole/figures/u.bel.svg"
}

# In a namespace, because they need daemons of their own.
cluster() {
	local said=0
	"$BEL_TOP/tests/helpers/with_cluster" "$PWD/node" "$@" >words 2>&1 </dev/null || said=$?
	cat words
	[ "$said" -ne 77 ] || skip "$(tail -n 1 words)"
	return "$said"
}

# bats test_tags=slow
@test "--ssh: the same bytes, simulated on another host" {
	cluster ssh "$compare" -q --ssh node1 -o out -p lru,opt -f 4,8 t
	cmp "$whole"/results.jsonl out/results.jsonl
	cmp "$whole"/summary.txt out/summary.txt
	[ "$(jq -r .host out/sweep/provenance.jsonl | sort | uniq -c | tr -s ' ')" = ' 2 node1' ]
}

# bats test_tags=slow
@test "--slurm: submits and ends; the next run compares" {
	cluster slurm bash -c '
		bel-compare-policies --slurm --sbatch=--nice=1 -o out -p lru,opt -f 4,8 t || exit
		[ ! -e out/results.jsonl ] || exit 4
		for _ in {1..180}; do [ -n "$(squeue -h)" ] || break; sleep 1; done'
	grep -q '^bel-compare-policies: Slurm has job 1 (2 tasks of 1 lines)' words
	grep -qx 'bel-compare-policies: when these jobs have ended, run the same command without --slurm' words
	run --separate-stderr "$compare" -o out -p lru,opt -f 4,8 t
	[ "$status" -eq 0 ]
	[[ ${stderr_lines[-1]} = *'2 of 2 traces (0 simulated now, 2 were up to date): '* ]]
	cmp "$whole"/results.jsonl out/results.jsonl
	[ "$(jq -r .host out/sweep/provenance.jsonl | sort -u)" = node1 ]
}
