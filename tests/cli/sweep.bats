#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-sweep: the results of a sweep are those of bel-sim on each trace, whoever runs the jobs, and
# however often they are killed.

bats_require_minimum_version 1.5.0
load ../support/records

# The traces of every test, and the results of plan_200 that nothing has disturbed.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	command -v jq >/dev/null || return 0
	mkdir t
	for seed in 1 2 3 4 5; do
		bel-gen zipf -n 3000 --pages 100 --seed $seed -o "t/$seed.bel"
	done
	plan_200 -o good
	[ "$(wc -l <good/plan)" -eq 200 ]
	bel-sweep run -q good
	bel-sweep collect -q -o want_200 good
	[ "$(wc -l <want_200)" -eq 500 ]
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	command -v jq >/dev/null || skip 'no jq'
	cp -pr "$BATS_FILE_TMPDIR/t" t
	want_200=$BATS_FILE_TMPDIR/want_200
}

# direct POLICIES FRAMES SIZE... <TRACES: what bel-sim prints, one trace and page size after the other.
direct() {
	local policies=$1 frames=$2 trace size
	shift 2
	for trace in t/*; do
		for size; do
			bel-sim -q -j 1 --format jsonl -p "$policies" -f "$frames" --page-size "$size" -- "$trace"
		done
	done
}

# 200 jobs: 5 traces, 2 page sizes, 5 seeds, 4 policies.
plan_200() {
	bel-sweep plan -q -p lru,random,arc,ws:tau=100 -f 4,16,64 --page-size 4K,8K --seed 1,2,3,4,5 \
		--chunk 1 "$@" t/*.bel
}

# A bel-sim that dies the first time in every second job: itself, or the shell that called it, or
# in the middle of its work.
write_flaky() {
	mkdir marks
	cat >flaky <<-END
		#!/bin/bash
		job=\$(cksum <<<"\$*")
		job=\${job%% *}
		if [ \$((job % 2)) -eq 0 ] && mkdir "$PWD/marks/\$job" 2>/dev/null; then
			case \$((job / 2 % 3)) in
			0) kill -KILL \$\$ ;;
			1) kill -KILL \$PPID ;;
			2) exec timeout -s KILL 0.003 "$BEL_BIN/bel-sim" "\$@" ;;
			esac
		fi
		exec "$BEL_BIN/bel-sim" "\$@"
	END
	chmod +x flaky
}

@test "without an environment: the tools of its own folder" {
	env -i "$BEL_BIN/bel-sweep" plan -q -p lru -f 4 -o bare t/*
	bel-sweep plan -q -p lru -f 4 -o full t/*
	[ "$(sed s/bare/full/g bare/plan)" = "$(<full/plan)" ]
}

@test "a sweep has the bytes of bel-sim, for any chunk and number of jobs" {
	direct lru,opt,ws:tau=100,ws:tau=1000,arc 4:64:*2 4K 8K >want
	for chunk in 1 2 8; do
		bel-sweep plan -q -o s$chunk --chunk $chunk -p 'lru,opt,ws:tau=100|1000' -p arc -f '4:64:*2' \
			--page-size 4K,8K t/*.bel
		[ "$(wc -l <s$chunk/plan)" -eq $((10 * ((5 + chunk - 1) / chunk))) ]
		bel-sweep run -q -j $chunk s$chunk
		bel-sweep collect -q -o got s$chunk
		cmp want got
	done
}

@test "--split: every pair of policy and frames once, variable space once" {
	direct lru,ws,arc 1:9 4K | sort >want
	bel-sweep plan -q -o s --split 4 -p lru,ws,arc -f 1:9 --page-size 4K t/*.bel
	# 9 counts are three parts.
	[ "$(wc -l <s/plan)" -eq 15 ]
	bel-sweep run s 2>words
	! grep -v '15 of 15' words
	bel-sweep collect -q s | sort | cmp want -
}

@test "lines are complete commands: any shell, any directory, twice at a time" {
	bel-sweep plan -q -o s -p lru,fifo -f 4,8 --chunk 1 t/*.bel
	direct lru,fifo 4,8 4K >want
	cd /
	cat "$OLDPWD/s/plan" "$OLDPWD/s/plan" | xargs -d '\n' -n 1 -P 4 sh -c
	cd - >/dev/null
	bel-sweep collect -q s | cmp want -
	[ "$(find s/results -name '.*' -type f | wc -l)" -eq 0 ]
}

@test "a job's name depends on what its result depends on, and on nothing else" {
	names() { sed 1d s/jobs | cut -f 1; }
	bel-sweep plan -q -o s -p lru,arc -f '4:16:*2' t/1.bel
	names >first
	# Other spellings, and what changes no result.
	bel-sweep plan -q -o s -p LRU,arc:integer=0 -f 4,8,16 --from bel -j 1 t/1.bel
	names | cmp first -
	for other in '-p lru,arc:integer=1' '-f 4,8,17' '--seed 2' '--page-size 8K'; do
		bel-sweep plan -q -o s -p lru -f '4:16:*2' $other t/1.bel
		! names | grep -qxFf first
	done
	bel-gen zipf -n 3000 --pages 100 --seed 9 -o t/1.bel
	bel-sweep plan -q -o s -p lru,arc -f '4:16:*2' t/1.bel
	! names | grep -qxFf first
}

# bats test_tags=slow
@test "jobs that die on the way: run again, the same bytes" {
	write_flaky
	plan_200 -o s --sim "$PWD/flaky"
	run bel-sweep run -q s
	[ "$status" -eq 3 ]
	[[ $output = *"of 200 jobs are complete; 'bel-sweep run' makes the others"* ]]
	run bel-sweep status s
	[ "$status" -eq 1 ]
	missing=$(awk '$1 == "missing" {print $2}' <<<"$output")
	[ "$missing" -gt 0 ]
	run --separate-stderr bel-sweep collect s
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	# What is there has the order of the plan.
	bel-sweep collect -q --partial s >part
	[ "$(wc -l <part)" -lt 500 ]
	diff part "$want_200" | grep -c '^<' | grep -x 0
	bel-sweep run -q s
	bel-sweep collect -q -o got s
	cmp "$want_200" got
}

@test "a result or a host that was deleted: the job is done again" {
	bel-sweep plan -q -o s -p lru,fifo -f 4 --chunk 1 t/1.bel t/2.bel
	bel-sweep run -q s
	bel-sweep collect -q -o want s
	first=$(sed -n '2s/\t.*//p' s/jobs) last=$(sed -n '$s/\t.*//p' s/jobs)
	rm "s/results/$first.jsonl" "s/results/$last.host"
	run bel-sweep plan -o s -p lru,fifo -f 4 --chunk 1 t/1.bel t/2.bel
	[ "$output" = 'bel-sweep: jobs: 4 (2 complete already): s/plan' ]
	run -1 bel-sweep status -q s
	bel-sweep run -q s
	bel-sweep collect -q -o got s
	cmp want got
}

# A copy from another machine may be cut: what is not whole is not collected.
@test "a result that is cut, or no file, is not collected; clean and run make it again" {
	bel-sweep plan -q -p lru,fifo -f 2,3 -o s t/*
	bel-sweep run -q s
	bel-sweep collect -q -o want s
	local files=(s/results/*.jsonl)
	head -c 100 "${files[0]}" >x && mv x "${files[0]}"          # in the first line
	head -c -1 "${files[1]}" >x && mv x "${files[1]}"           # without its last byte
	run -1 --separate-stderr bel-sweep collect -o got s
	[[ $stderr == *'2 results end in the middle of a line, the first is s/results/'* ]]
	[ ! -e got ]
	run -1 bel-sweep status s
	[[ $output == *'not as planned   2'* ]]
	bel-sweep clean -q s
	rm -f "${files[2]}"
	mkdir "${files[2]}"
	run -1 --separate-stderr bel-sweep collect -o got s
	[[ $stderr != *unbound* ]]
	rmdir "${files[2]}"
	bel-sweep run -q s
	bel-sweep collect -q -o got s
	cmp want got
}

@test "a trace without references is refused by the plan" {
	bel-gen loop -n 0 -q -o none.bel
	run -3 --separate-stderr bel-sweep plan -o s t/1.bel none.bel
	[ "$stderr" = 'bel-sweep: none.bel: no references in the trace' ]
	[ ! -e s/plan ]
}

@test "a full disk: the file is named, status 3, what was there stays" {
	bel-sweep plan -q -p lru -f 4 -o s t/*
	bel-sweep run -q s
	bel-sweep collect -q -o all s
	cp -r s before
	cp all all.before
	for file in plan jobs; do
		ln -s /dev/full "s/$file.part"
		run --separate-stderr -3 bel-sweep plan -q -p fifo -f 8 -o s t/*
		[ "$stderr" = "bel-sweep: s/$file: cannot write: No space left on device" ]
		rm -f s/*.part
		diff -r s before
	done
	for file in s/provenance.jsonl all; do
		ln -s /dev/full "$file.part"
		run --separate-stderr -3 bel-sweep collect -q -o all s
		[ "$stderr" = "bel-sweep: $file: cannot write: No space left on device" ]
		[ ! -L "$file.part" ]
	done
	diff -r s before
	cmp all all.before
}

@test "a reader of the results that has read enough is no error" {
	# More than a pipe holds.
	bel-sweep plan -q -p fifo,lru,opt -f 1:100 -o s t/*
	bel-sweep run -q s
	[ "$(bel-sweep collect -q s | wc -c)" -gt 100000 ]
	{ bel-sweep collect -q s; echo $? >status; } 2>words | sed q >first
	[ "$(<status)" -eq 0 ]
	[ ! -s words ] || { cat words; false; }
}

@test "provenance is apart from the results: a record for each job" {
	bel-sweep plan -q -o s -p lru -f 4 t/1.bel t/2.bel
	bel-sweep run -q s
	bel-sweep collect -q -o got s
	validate 2 <s/provenance.jsonl
	version=$(bel-sim --version | awk 'NR == 1 {print $3}')
	jq -se --arg host "$(uname -n)" --arg version "$version" 'map([.position, .host, .simulated_by]) ==
		[[1, $host, $version], [2, $host, $version]]' s/provenance.jsonl
	jq -r .trace.digest got | cmp - <(jq -r .trace_digest s/provenance.jsonl)
	[ "$(grep -c node1 got)" -eq 0 ]
	# A host that names itself badly is text.
	printf '"\033[31m\\x\n' >"s/results/$(sed -n '2s/\t.*//p' s/jobs).host"
	rm "s/results/$(sed -n '3s/\t.*//p' s/jobs)".*
	bel-sweep collect -q --partial -o got s || :
	validate 2 <s/provenance.jsonl
	jq -se --arg version "$version" \
		'map([.host, .simulated_by]) == [["31mx", $version], [null, null]]' s/provenance.jsonl
}

@test "a trace that was changed after the plan is not collected" {
	bel-sweep plan -q -o s -p lru -f 4 t/1.bel t/2.bel
	cp t/3.bel t/1.bel
	run bel-sweep run s
	[ "$status" -eq 3 ]
	[[ $output = *'1 results are not as planned, the first is s/results/'* ]]
	run bel-sweep collect s
	[ "$status" -eq 1 ]
	bel-sweep plan -q -o s -p lru -f 4 t/1.bel t/2.bel
	bel-sweep run -q s
	bel-sweep clean s
	[ "$(find s/results -name '*.jsonl' | wc -l)" -eq 2 ]
	bel-sim -q -p lru -f 4 --format jsonl t/1.bel t/2.bel | cmp - <(bel-sweep collect -q s)
}

@test "--by-time: no trace is read for the plan; the same results; a changed trace has a new job" {
	bel-sweep plan -q -o read -p lru,ws -f 4,8 --seed 1,2 --page-size 4K,8K t/*.bel
	bel-sweep run -q read
	bel-sweep collect -q -o want read
	# A bel-info that fails shows that plan does not read.
	mkdir bin
	ln -s "$BEL_BIN"/bel-s{im,weep} bin/
	printf '#!/bin/sh\nexit 9\n' >bin/bel-info
	chmod +x bin/bel-info
	plan_by_time() {
		bin/bel-sweep plan -q --by-time -o s -p lru,ws -f 4,8 --seed 1,2 --page-size 4K,8K t/*.bel
	}
	plan_by_time
	bel-sweep collect -q --partial s 2>words
	jq -se 'map([.trace_digest, .simulated_by]) == [range(20) | [null, null]]' s/provenance.jsonl
	validate 20 <s/provenance.jsonl
	bel-sweep run -q s
	bel-sweep collect -q s | cmp want -
	# The digests are those of the results.
	jq -r .trace_digest s/provenance.jsonl | cmp - <(jq -r .trace_digest read/provenance.jsonl)
	sleep 0.02
	touch t/2.bel
	plan_by_time
	# 2 page sizes and 2 seeds of one trace.
	bel-sweep status s >words || [ $? -eq 1 ]
	[ "$(awk '$1 == "complete" || $1 == "missing" {print $2}' words | paste -sd ' ')" = '16 4' ]
	bel-sweep run -q s
	bel-sweep collect -q s | cmp want -
}

@test "--by-time: a bad trace fails alone; a missing one is refused; memory at an own page size" {
	echo garbage >t/bad.bin
	bel-sweep plan -q --by-time -o s -p lru -f 4 t/1.bel t/bad.bin t/2.bel
	run bel-sweep run s
	[ "$status" -eq 3 ]
	[[ $output = *'bel-sim: t/bad.bin: '* ]]
	bel-sweep collect -q --partial s 2>/dev/null | cmp - <(bel-sim -q -p lru -f 4 --format jsonl t/1.bel t/2.bel)
	run bel-sweep plan -q --by-time -o never -p lru -f 4 t/1.bel t/none.bel
	[ "$status" -eq 3 ]
	[ "$output" = 'bel-sweep: t/none.bel: cannot open: No such file or directory' ]
	[ ! -e never ]
	# 8 KiB are two pages of t/1.bel, but one page of this one. The frame counts are not of the key.
	bel-convert -q --page-size 8K -o t/8k.bel t/3.bel
	bel-sweep plan -q --by-time -o m -p lru -m 8K t/1.bel t/8k.bel
	bel-sweep run -q m
	[ "$(bel-sweep collect -q m | jq .frames | paste -sd ' ')" = '2 1' ]
	cut -f 1 m/jobs >before
	bel-sweep plan -q --by-time -o m -p lru -m 8193 t/1.bel t/8k.bel
	! sed 1d m/jobs | cut -f 1 | grep -qxFf before
}

@test "run --verbose names each trace; jobs use the cores that are left" {
	cat >spy <<-END
		#!/bin/sh
		for word; do [ "\$last" != -j ] || echo "\$word" >>"$PWD/threads"; last=\$word; done
		exec "$BEL_BIN/bel-sim" "\$@"
	END
	chmod +x spy
	cp t/2.bel $'t/b\033\\n.bel'
	bel-sweep plan -q -o s --sim "$PWD/spy" -p lru -f 4 t/1.bel $'t/b\033\\n.bel' t/2.bel
	bel-sweep run -v -j 7 s 2>words
	# 7 jobs at a time for 3 missing ones; by hand, 7 / 3 is 2.
	[ "$(paste -sd ' ' threads)" = '2 2 2' ]
	[ "$(LC_ALL=C sort words)" = 'bel-sweep: 1 of 3: simulating t/1.bel
bel-sweep: 2 of 3: simulating t/b\x1b\n.bel
bel-sweep: 3 of 3 jobs are complete
bel-sweep: 3 of 3: simulating t/2.bel' ]
	rm threads "s/results/$(sed -n '3s/\t.*//p' s/jobs)".*
	bel-sweep run -v -j 7 s 2>words
	[ "$(cat threads)" = 7 ]
	[ "$(wc -l <words)" -eq 2 ]
	rm threads s/results/*
	bel-sweep run -q -j 2 s
	[ "$(paste -sd ' ' threads)" = '1 1 1' ]
}

@test "clean keeps what the plan names; --all leaves only files of others" {
	bel-sweep plan -q -o s -p lru,fifo -f 4 --chunk 1 t/1.bel
	bel-sweep run -q s
	bel-sweep plan -q -o s -p lru -f 4 --chunk 1 t/1.bel
	bel-sweep clean s
	[ "$(find s/results -type f | wc -l)" -eq 2 ]
	bel-sweep status s | grep -qx 'complete  *1'
	echo mine >s/notes
	bel-sweep clean --all s
	[ "$(find s)" = "$(printf 's\ns/notes')" ]
}

@test "odd names: quoted in the plan, never raw on the terminal" {
	local odd
	rm t/*
	odd=(-dash ' blank ' $'new\nline' $'cr\r' $'esc\e[31m' "q'uo\"te" '$(touch x)' '%s%n' ü '{}' '&&'
		'back\slash' $'\xff')
	for i in "${!odd[@]}"; do
		seq $((i + 1)) >"t/${odd[i]}.pages"
	done
	bel-sweep plan -o $'-s \n\e' -p lru -f 2 t/* 2>words
	[ "$(wc -l <$'./-s \n\e/plan')" -eq 13 ]
	bel-sweep run -- $'-s \n\e' 2>>words
	bel-sweep collect -- $'-s \n\e' >got 2>>words
	direct lru 2 4K | cmp - got
	[ "$(jq -s 'map(.trace.pages) | sort == [range(1; 14)]' got)" = true ]
	[ ! -e x ]
	! grep -q $'\e' words
}

@test "--spec: options from a file" {
	printf '# a sweep\npolicies=lru,opt\r\nframes=4,8\n\npage-size=8K\ntrace=t/1.bel\ntrace=t/2.bel' >sweep.txt
	bel-sweep plan -q -o s --spec sweep.txt t/3.bel
	bel-sweep run -q s
	bel-sim -q -p lru,opt -f 4,8 --page-size 8K --format jsonl t/1.bel t/2.bel t/3.bel |
		cmp - <(bel-sweep collect -q s)
	for bad in policies 'spec=sweep.txt' 'colour=red' 'lines=3'; do
		echo "$bad" >bad.txt
		run bel-sweep plan -o never --spec bad.txt t/1.bel
		[ "$status" -eq 2 ]
		[ ! -e never ]
	done
}

@test "memory in bytes follows each page size; shares follow each trace" {
	bel-sweep plan -q -o s -p lru -m 64K,32K --page-size 4K,8K t/1.bel
	bel-sweep run -q s
	# 32 KiB and 64 KiB are 8 and 16 pages of 4 KiB, 4 and 8 of 8 KiB.
	[ "$(bel-sweep collect -q s | jq .frames | paste -sd ' ')" = '8 16 4 8' ]
	bel-sweep plan -q -o s -p lru -f 10% --page-size 4K t/*.bel
	bel-sweep run -q s
	bel-sim -q -p lru -f 10% --format jsonl t/*.bel | cmp - <(bel-sweep collect -q s)
}

@test "wrong usage and failures: said once, before anything is made" {
	while IFS='|' read -r want arguments; do
		run --separate-stderr bel-sweep plan -o never $arguments
		[ "$status" -eq "$want" ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} = bel-sweep:* || ${stderr_lines[0]} = bel-info:* ]]
		[ ! -e never ]
	done <<-'END'
		2|
		2|-
		2|-p nonsense t/1.bel
		2|-p list t/1.bel
		2|-f 3x t/1.bel
		2|-f 3 -m 4K t/1.bel
		2|-f all --split 2 t/1.bel
		2|--page-size 3K t/1.bel
		2|--seed x t/1.bel
		2|--chunk 0 t/1.bel
		2|--slurm t/1.bel
		2|--quiet=1 t/1.bel
		3|nope.bel
		3|-p ./none.so t/1.bel
	END
	run bel-sweep run never
	[ "$status" -eq 3 ]
	[[ $output = *'never: no sweep is planned here'* ]]
	run bel-sweep sprint
	[ "$status" -eq 2 ]
	echo garbage >t/bad.bin
	run bel-sweep plan -q -o s t/1.bel t/bad.bin
	[ "$status" -eq 3 ]
	[[ $output = *'bel-sweep: t/bad.bin: '* ]]
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
@test "GNU parallel over ssh: jobs die on the way, the same bytes" {
	write_flaky
	plan_200 -o s --sim "$PWD/flaky"
	cluster ssh bash -c '
		bel-sweep run -q -j 8 --ssh node1 s
		[ $? -eq 3 ] || exit 4
		bel-sweep run -q -j 8 --ssh node1 s'
	bel-sweep collect -q -o got s
	cmp "$want_200" got
	[ "$(find marks -mindepth 1 | wc -l)" -gt 50 ]
	[ "$(jq -r .host s/provenance.jsonl | sort | uniq -c | tr -s ' ')" = ' 200 node1' ]
}

# bats test_tags=slow
@test "Slurm: jobs die and a task is cancelled on the way, the same bytes" {
	write_flaky
	plan_200 -o s --sim "$PWD/flaky"
	cluster slurm bash -c '
		set -e
		finish() { for _ in {1..180}; do [ -n "$(squeue -h)" ] || return 0; sleep 1; done; squeue; return 5; }
		bel-sweep run --slurm --lines 20 s
		scancel 1_9
		finish
		grep -h "of 200 jobs are complete; " s/slurm/*/collect.log
		[ ! -e s/results.jsonl ] || exit 4
		# The jobs of the cancelled task begin only now, and die once.
		for _ in 1 2; do
			bel-sweep run --slurm --lines 20 --sbatch=--nice=1 s
			finish
		done'
	cmp "$want_200" s/results.jsonl
	[ "$(jq -r .host s/provenance.jsonl | sort -u)" = node1 ]
}
