#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# libbelady(3): installed, linked as a shared library and into the program, from C and C++. Its numbers
# are those of the tools; what fails says so and leaves the process alone.

bats_require_minimum_version 1.5.0
load ../support/missing
load ../support/records

setup_file() {
	[ -z "$BEL_RUN" ] || missing 'this run says nothing about the library' || return 0
	[ -e "$BEL_BUILD/lib/libbelady.so" ] || missing 'this configuration has no library' || return 0
	command -v pkg-config >/dev/null || missing 'no pkg-config' || return 0
	local lib=$BATS_FILE_TMPDIR/lib
	export HERE=$BATS_FILE_TMPDIR PKG_CONFIG_PATH=$lib/pkgconfig
	mkdir -p "$lib/pkgconfig" "$HERE/include"
	# As `make install` leaves it; install.bats sees to that.
	ln -s "$BEL_TOP/lib/api/belady" "$HERE/include/belady"
	ln -s "$BEL_BUILD"/lib/libbelady* "$lib"
	sed "s|@PREFIX@|$HERE|; s|@INCLUDEDIR@|\${prefix}/include|; s|@LIBDIR@|\${prefix}/lib|
		s|@LIBS@|-pthread -ljansson -lzstd -lz -lbz2 -llzma -lxxhash -lm -ldl|; s|@VERSION@|0|" \
		"$BEL_TOP/scripts/belady.pc.in" >"$PKG_CONFIG_PATH/belady.pc"
	export LD_LIBRARY_PATH=$lib
	compile "$HERE/calls" "$BEL_TOP/tests/cli/library_calls.c"
}

setup() {
	skip_missing
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$HERE:$PATH
	cp "$BEL_TOP/traces/ls.bel" "$BEL_TOP/traces/zipf.bel" .
}

# compile PROGRAM SOURCE: as libbelady(3) says.
compile() {
	# shellcheck disable=SC2046
	$BEL_CC -std=c11 -Wall -Wextra -Werror $(pkg-config --cflags belady) -o "$1" "$2" \
		$(pkg-config --libs belady)
}

# The same, with the library in the program.
compile_static() {
	# shellcheck disable=SC2046
	$BEL_CC -std=c11 -Wall -Wextra -Werror $(pkg-config --cflags belady) -o "$1" "$2" \
		$(pkg-config --variable=static_libs belady)
}

# same_records TOOL_RECORDS LIBRARY_RECORDS: but for who made them.
same_records() {
	[ -s "$1" ]
	diff <(jq -cS 'del(.tool)' "$1") <(jq -cS 'del(.tool)' "$2")
}

@test "it exports the functions of belady.h and nothing else" {
	local declared exported
	declared=$(grep -o '^BEL_API [^(]*(' "$BEL_TOP/lib/api/belady/belady.h" |
		grep -o 'bel_[a-z_]*($' | tr -d '(' | sort)
	exported=$(nm -D --defined-only "$BEL_BUILD/lib/libbelady.so.0" | grep -v ' A ' |
		awk '{print $3}' | sed 's/@.*//' | sort)
	[ "$(wc -l <<<"$declared")" -gt 20 ]
	diff <(echo "$declared") <(echo "$exported")
	# In the archive everything else is the object's own.
	diff <(echo "$declared") <(nm --defined-only -g "$BEL_BUILD/lib/libbelady.a" |
		awk 'NF == 3 {print $3}' | sort)
	readelf -d "$BEL_BUILD/lib/libbelady.so.0" | grep -q 'SONAME.*\[libbelady.so.0\]'
}

@test "every function has its place in libbelady(3)" {
	local name
	for name in $(nm -D --defined-only "$BEL_BUILD/lib/libbelady.so.0" | grep -o 'bel_[a-z_]*'); do
		grep -qE "^\.F[no] $name( |\$)" "$BEL_TOP/lib/library/libbelady.3" || {
			echo "not in the page: $name"
			return 1
		}
	done
}

@test "it asks the system for nothing that ends, prints or looks around" {
	nm -D --undefined-only "$BEL_BUILD/lib/libbelady.so.0" | awk '{print $2}' | sed 's/@.*//' >needs
	grep -qx malloc needs
	! grep -xE '_?_?exit|abort|secure_getenv|getenv|signal|sigaction|pthread_sigmask|(__)?v?printf(_chk)?|puts|perror|fork|execve|setlocale|getopt_long|json_set_alloc_funcs' \
		needs
}

@test "the samples, with the shared library and with the archive" {
	local way
	for way in compile compile_static; do
		$way curve "$BEL_TOP/lib/api/samples/curve.c"
		$way compare_opt "$BEL_TOP/lib/api/samples/compare_opt.c"
		./curve ls.bel >out
		diff out <(bel-curve -q -p lru --format jsonl ls.bel |
			jq -r '[.frames, .faults] | transpose[] | "\(.[0]) \(.[1])"')
		./compare_opt clock 16 ls.bel >out
		[ "$(cat out)" = "$(bel-sim -q -p clock,opt -f 16 --format jsonl ls.bel |
			jq -sr '"clock \(.[0].faults) opt \(.[1].faults) more \(.[0].faults - .[1].faults)"')" ]
		# 1 2 3: cold; then 1, and 2 evicts it, and so on: the last one always leaves.
		printf '1 2 3 1 2 3\n' >own.txt
		[ "$(./compare_opt newest 2 own.txt)" = 'newest 5 opt 4 more 1' ]
		run ! ./compare_opt no-such 2 own.txt
		[[ $output == "compare_opt: unknown policy 'no-such'"* ]]
	done
	ldd ./curve >out
	! grep libbelady out
}

@test "the program of libbelady(3)" {
	sed -n '/^#include <belady/,/^\.Ed/{/^\.Ed/d;s/\\e/\\/g;p}' "$BEL_TOP/lib/library/libbelady.3" >page.c
	compile page page.c
	./page >out
	# Silberschatz's string up to its 13th reference: 9 faults of LRU and 7 of OPT.
	[ "$(tail -n 1 out)" = 'lru: 9 faults' ]
	[ "$(head -n 2 out | jq -c '[.policy, .faults]' | xargs)" = '[lru,9] [opt,7]' ]
}

@test "C++: the headers, and a program" {
	command -v g++ >/dev/null || skip 'no g++'
	printf '#include <belady/%s>\n' belady.h mark.h run.h error.h >plus.cc
	cat >>plus.cc <<-'END'
		int main()
		{
			BEL_MARK("here");
			return bel_version()[0] >= '0' && bel_version()[0] <= '9' ? 0 : 1;
		}
	END
	# shellcheck disable=SC2046
	g++ -std=c++11 -Wall -Wextra -Werror $(pkg-config --cflags belady) -o plus plus.cc \
		$(pkg-config --libs belady)
	./plus
}

@test "simulation: the records and counts of bel-sim" {
	bel-sim -q -p fifo,lru,opt,clock:bit=0,ws:tau=500 -f 4,10% --format jsonl ls.bel >tool
	calls simulate ls.bel fifo,lru,opt,clock:bit=0,ws:tau=500 4,10% >library
	same_records tool library
	[ "$(jq -r .tool library | sort -u)" = libbelady ]
	calls one zipf.bel lru 16 >library
	diff <(jq -cS . library) <(bel-sim -q -p lru -f 16 --format jsonl zipf.bel | jq -cS '{references,
		hits, faults, compulsory_faults, evictions, writebacks, dirty_at_end, peak_resident_pages}')
	# A policy of variable space needs no frames.
	calls one zipf.bel ws:tau=500 0 >library
	[ "$(jq .faults library)" = "$(bel-sim -q -p ws:tau=500 --format jsonl zipf.bel | jq .faults)" ]
}

@test "curves: the records of bel-curve" {
	bel-curve -q -p lru,opt,fifo,ws -f 4:64:*2 --format jsonl zipf.bel >tool
	calls curve zipf.bel lru,opt,fifo,ws 4:64:*2 >library
	same_records tool library
	bel-curve -q -p lru,opt --format jsonl ls.bel >tool
	calls curve ls.bel lru,opt all >library
	same_records tool library
}

@test "machines: the records of bel-vm" {
	bel-vm -q -p lru,opt -f 16,64 --page-size 4k,64k --tlb 64:4 --strict --format jsonl ls.bel >tool
	calls machine ls.bel '-p lru,opt --frames=16,64  --page-size 4k,64k --tlb 64:4 --strict' >library
	same_records tool library
	bel-vm -q --format jsonl zipf.bel >tool
	calls machine zipf.bel '' >library
	same_records tool library
	for options in '--mix a' '-j 2' 'lru' '--nonsense' '--frames' '--strict=1' '-f 10%' '--ram 4M -f 3'; do
		run -2 calls machine zipf.bel "$options"
		[[ $output == '-2 0 '* ]]
	done
}

@test "what is in a trace: the record of bel-info, counts, runs" {
	bel-info -q --format jsonl ls.bel >tool
	calls info ls.bel >library
	same_records tool library
	calls count ls.bel >counts
	[ "$(jq -c '[.references, .pages, .writes, .page_bytes]' counts)" = \
		"$(jq -c '[.references, .pages, .stores + .modifies, 4096]' tool)" ]
	[ "$(calls runs ls.bel)" = "$(jq -r '"\(.references) \(.writing_runs) \(.pages)"' tool)" ]
}

@test "records are as their schemas say" {
	{
		calls simulate zipf.bel lru,ws 4,8
		calls curve zipf.bel lru,opt 4:64:*2
		calls machine zipf.bel '-f 16 --interval 5000'
		calls info ls.bel
	} >records
	[ "$(jq -r .tool records | sort -u)" = libbelady ]
	validate <records
}

@test "a pipe is read once, a file as often as one likes" {
	[ "$(calls twice zipf.bel | sort -u | wc -l)" -eq 1 ]
	calls count - <zipf.bel >piped
	diff piped <(calls count zipf.bel)
	run -2 --separate-stderr calls twice - <zipf.bel
	[[ $stderr == '-2 0 -: is not a regular file, and was read already' ]]
	calls one <(cat zipf.bel) lru 16 >piped
	diff piped <(calls one zipf.bel lru 16)
}

@test "errors have a code, an errno and a text; nothing else is printed" {
	run -3 calls count nowhere.bel
	[ "$output" = '-3 2 nowhere.bel: cannot open: No such file or directory' ]
	run -2 calls one zipf.bel lru 0
	[[ $output == '-2 0 lru: needs at least one frame'* ]]
	run -2 calls one zipf.bel lru,fifo 4
	[[ $output == "-2 0 'lru,fifo': more than one policy"* ]]
	run -2 calls simulate zipf.bel lru nonsense
	run -3 calls one zipf.bel ./nowhere.so 4
	# Damage: no answer, and no process that is gone.
	head -c 3000 zipf.bel >cut.bel
	run -3 --separate-stderr calls simulate cut.bel lru 4
	[ -z "$output" ]
	[[ $stderr == '-3 0 cut.bel: '* ]]
	# Without a struct bel_err there is the code.
	run -2 calls no-err zipf.bel
}

@test "a policy that fails leaves the others their records" {
	run -3 --separate-stderr calls simulate zipf.bel "lru,$BEL_BUILD/tests/plugins/faulty.so:how=1" 4
	[ "$(jq -r .policy <<<"$output")" = lru ]
	[[ $stderr == '-3 0 '* ]]
}

@test "a taker that wants no more; progress; an older structure; a doubtful format" {
	run -1 --separate-stderr calls stop zipf.bel lru,fifo 4,8
	[ "$(wc -l <<<"$output")" -eq 1 ]
	run -0 calls progress zipf.bel
	[ "${lines[1]}" = told ]
	[ "$(calls old zipf.bel lru 16)" = "$(calls one zipf.bel lru 16 | jq .faults) kept" ]
	# A structure of a later header is taken unless it asks for what nobody here knows.
	diff <(calls later zipf.bel 0) <(calls simulate zipf.bel lru 4)
	run -2 calls later zipf.bel 1
	[[ $output == '-2 0 bel_settings: sets members that belady '* ]]
	seq 1 100 >some
	run -0 --separate-stderr calls count some
	[ -z "$stderr" ] || [[ $stderr == 'warning: taken for format '* ]]
}

@test "several threads at once, each with its trace" {
	calls threads zipf.bel lru opt fifo clock s3-fifo lru random arc >out
	bel-sim -q -p lru,opt,fifo,clock,s3-fifo,random,arc -f 16 --format jsonl zipf.bel |
		jq -r '"\(.policy) \(.faults)"' >right
	[ "$(sed 6d out)" = "$(cat right)" ]
	[ "$(sed -n 1p out)" = "$(sed -n 6p out)" ]
	# The error of one is its own.
	run -2 --separate-stderr calls threads zipf.bel lru no-such fifo
	[ "$output" = "$(grep ^lru right)"$'\nno-such 0\n'"$(grep ^fifo right)" ]
	[[ $stderr == "-2 0 unknown policy 'no-such'"* ]]
}

# bats test_tags=slow
@test "no memory is lost or read that is not there" {
	command -v valgrind >/dev/null || skip 'no valgrind'
	local call status
	printf '%s\n' 'simulate zipf.bel lru,opt,ws 4,10%' 'curve zipf.bel lru,fifo,ws 4:64:*2' \
		'machine zipf.bel --frames=16' 'info zipf.bel' 'runs zipf.bel' 'twice zipf.bel' \
		'stop zipf.bel lru,fifo 4,8' 'machine zipf.bel --nonsense' 'one zipf.bel lru,fifo 4' \
		'simulate zipf.bel lru nonsense' 'count nowhere.bel' >list
	while read -r call; do
		status=0
		# shellcheck disable=SC2086
		valgrind -q --leak-check=full --errors-for-leak-kinds=all --error-exitcode=77 \
			"$HERE/calls" $call >out 2>err </dev/null || status=$?
		[ "$status" -lt 77 ] || { echo "$call"; cat err; return 1; }
	done <list
}

# The tools end when records lose a member for want of memory; the library has no such way out.
# bats test_tags=slow
@test "out of memory at any allocation: the right records or an error" {
	case $BEL_BUILD in *sanitize*) skip 'the address sanitizer has its own malloc' ;; esac
	local n=1 status failed=0 what
	for what in 'simulate own.txt lru,opt 2,3' 'curve own.txt lru all' 'machine own.txt -f=3' 'info own.txt'; do
		what=${what/-f=3/--frames=3}
		printf '1 2 3 1 2 3 4 1 2\n' >own.txt
		# shellcheck disable=SC2086
		calls $what >right 2>/dev/null
		for ((n = 1; n < 2000; n += n < 60 ? 1 : 1 + n / 20)); do
			status=0
			# shellcheck disable=SC2086
			LD_PRELOAD=$BEL_BUILD/tests/fault/fail_alloc.so BEL_FAULT_TOOL=calls BEL_FAULT_AT=$n \
				BEL_FAULT_COUNT=$PWD/counted calls $what >out 2>err || status=$?
			case $status in
			0) cmp out right || { echo "$what: allocation $n: other records"; return 1; } ;;
			3)
				# ENOMEM, or EAGAIN of a thread.
				grep -q '^-3 1[12] ' err || { echo "$what: allocation $n: no message"; return 1; }
				failed=$((failed + 1))
				;;
			*) echo "$what: allocation $n: status $status: $(cat err)"; return 1 ;;
			esac
			[ "$n" -le "$(cat counted)" ] || break # it was not reached
		done
		[ "$n" -gt 20 ]
	done
	[ "$failed" -gt 100 ]
}
