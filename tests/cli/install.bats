#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=slow
#
# What `make install` leaves in a scratch DESTDIR, that it works from there, and
# that `make uninstall` takes all of it away.

bats_require_minimum_version 1.5.0
load ../support/missing

setup_file() {
	[ -z "$BEL_RUN" ] || missing 'says nothing about the installation' || return 0
	export STAGE=$BATS_FILE_TMPDIR/stage
	export USR=$STAGE/opt/belady
	# Built apart: the commands hold the PREFIX, and the tools under test must not be rebuilt. What
	# does not hold it is the same if the flags are, and is not compiled again.
	local build=$BATS_FILE_TMPDIR/build
	mkdir -p "$build/obj"
	cp -a "$BEL_BUILD"/obj/{lib,policies,cmd} "$build/obj"
	cp -a "$BEL_BUILD"/{flags,parts} "$build"
	export DO="make -C $BEL_TOP --no-print-directory -s -j2 CC=$BEL_CC
		BUILD=$build PREFIX=/opt/belady DESTDIR=$STAGE"
	(umask 077 && $DO install) >"$BATS_FILE_TMPDIR/log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/log"
		return 1
	}
}

setup() {
	skip_missing
}

@test "every tool is there, with its man page" {
	local tool
	for tool in "$BEL_TOP"/cmd/*.c; do
		tool=$(basename "$tool" .c)
		[ -x "$USR/bin/$tool" ]
		[ -f "$USR/share/man/man1/$tool.1" ]
	done
	for tool in "$BEL_TOP"/cmd/*.7; do
		[ -f "$USR/share/man/man7/${tool##*/}" ]
	done
	[ -f "$USR/share/man/man3/libbelady.3" ]
	[ -f "$USR/share/man/man7/belady-python.7" ]
}

@test "headers, figures, schemas" {
	[ -f "$USR/include/belady/policy.h" ]
	[ -f "$USR/include/belady/run.h" ]
	[ "$(ls "$USR/include/belady" | wc -l)" -eq "$(ls "$BEL_TOP"/lib/api/belady/*.h | wc -l)" ]
	[ "$(ls "$USR/share/belady/plots")" = "$(cd "$BEL_TOP"/plots && ls *.gp)" ]
	[ "$(ls "$USR/share/belady/schema")" = "$(cd "$BEL_TOP"/lib/emit/schema && ls *.json)" ]
}

@test "the library: pkg-config builds a program with the shared one and with the archive" {
	command -v pkg-config >/dev/null || skip 'no pkg-config'
	[ -e "$USR/lib/libbelady.so.0" ] || skip 'this configuration has no library'
	export PKG_CONFIG_PATH=$USR/lib/pkgconfig
	local head=(pkg-config --define-variable=prefix="$USR") libs
	cd "$BATS_TEST_TMPDIR"
	[ "$(readlink "$USR/lib/libbelady.so")" = libbelady.so.0 ]
	for libs in --libs --variable=static_libs; do
		# shellcheck disable=SC2046
		$BEL_CC $("${head[@]}" --cflags belady) -o curve "$BEL_TOP/lib/api/samples/curve.c" \
			$("${head[@]}" $libs belady)
		LD_LIBRARY_PATH=$USR/lib ./curve "$BEL_TOP/traces/zipf.bel" >out
		diff out <("$USR"/bin/bel-curve -q -p lru --format jsonl "$BEL_TOP/traces/zipf.bel" |
			jq -r '[.frames, .faults] | transpose[] | "\(.[0]) \(.[1])"')
	done
	# Nothing with a common name is on the include path.
	printf '#include <list.h>\n' >list.c
	# shellcheck disable=SC2046
	run ! "$BEL_CC" $("${head[@]}" --cflags belady) -c list.c
}

@test "folders one by one; the Python package knows where the library is" {
	# But DATADIR, which the commands hold: they would be built again.
	local dirs="BINDIR=/opt/belady/b LIBDIR=/opt/belady/l64 INCLUDEDIR=/opt/belady/i
		MANDIR=/opt/belady/m PYTHONDIR=/opt/belady/py"
	local do=${DO/DESTDIR=$STAGE/DESTDIR=$BATS_TEST_TMPDIR/apart} at=$BATS_TEST_TMPDIR/apart/opt/belady
	cd "$BATS_TEST_TMPDIR"
	# shellcheck disable=SC2086
	$do $dirs install install-python >log 2>&1 || { cat log; return 1; }
	[ -x "$at/b/bel-sim" ] && [ -f "$at/i/belady/belady.h" ] && [ -f "$at/m/man1/bel-sim.1" ]
	[ -f "$at/l64/libbelady.so.0" ]
	[ "$(ls -I libexec "$at" | xargs)" = 'b i l64 m py share' ]
	grep -qx 'libdir=${prefix}/l64' "$at/l64/pkgconfig/belady.pc"
	grep -q '^FOLDER = "/opt/belady/l64"' "$at/py/belady/_library.py"
	if command -v python3 >/dev/null; then
		[ "$(PYTHONPATH=$at/py BELADY_LIBRARY=$at/l64/libbelady.so.0 PYTHONDONTWRITEBYTECODE=1 \
			python3 -c 'import belady; print(belady.simulate([1, 2, 1], "lru", 1)[0]["faults"])')" = 3 ]
	fi
	# shellcheck disable=SC2086
	$do $dirs uninstall
	[ -z "$(find "$at" -mindepth 1)" ]
}

@test "everybody may read what root installed with umask 077" {
	[ -f "$USR/lib/pkgconfig/belady.pc" ]
	[ -z "$(find "$USR" -type d ! -perm -005)" ]
	[ -z "$(find "$USR" -type f ! -perm -004)" ]
	[ -z "$(find "$USR/bin" "$USR/libexec" -type f ! -perm -005)" ]
}

@test "a folder whose name has a blank is refused, but DESTDIR may have one" {
	for setting in 'PREFIX=/opt/a b' 'MANDIR=/opt/the man'; do
		for goal in install uninstall; do
			run $DO "$setting" $goal
			[ "$status" -eq 2 ]
			[[ $output == *"DIR is '${setting#*=}"*' a blank'* ]]
		done
	done
	run ! ls /opt/a "$STAGE/opt/a"
	$DO DESTDIR="$BATS_TEST_TMPDIR/a b" install >/dev/null
	[ "$(cd "$BATS_TEST_TMPDIR/a b/opt/belady" && find . | sort)" = "$(cd "$USR" && find . | sort)" ]
	$DO DESTDIR="$BATS_TEST_TMPDIR/a b" uninstall
	[ -z "$(find "$BATS_TEST_TMPDIR/a b/opt/belady" -mindepth 1)" ]
}

@test "nothing is installed outside of PREFIX" {
	[ "$(find "$STAGE" ! -type d ! -path "$USR/*" | wc -l)" -eq 0 ]
}

@test "an installed tool runs" {
	run "$USR"/bin/bel-sim --version
	[ "$status" -eq 0 ]
	[[ $output == "bel-sim (belady) "* ]]
	printf '7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1\n' |
		"$USR"/bin/bel-sim -p fifo -f 3 --format jsonl | jq -e '.faults == 15'
}

@test "no tool needs libpcap, X or a network library" {
	local tool
	for tool in "$USR"/bin/*; do
		[ "$(head -c 2 "$tool")" != '#!' ] || continue
		ldd "$tool" >"$BATS_TEST_TMPDIR/libs"
		! grep -E 'not found' "$BATS_TEST_TMPDIR/libs"
		# Whatever is not on this list has to be argued for.
		! grep -vE 'linux-vdso|ld-linux|libc\.so|libm\.so|libjansson|libzstd|libz\.so|libbz2|liblzma|libxxhash|lib[alu]+san|libgcc_s' \
			"$BATS_TEST_TMPDIR/libs"
	done
}

@test "pkg-config: an outside policy builds against the installed headers and runs" {
	command -v pkg-config >/dev/null || skip 'no pkg-config'
	export PKG_CONFIG_PATH=$USR/lib/pkgconfig
	local head=(pkg-config --define-variable=prefix="$USR")
	[ "$(pkg-config --modversion belady)" = "$("$USR"/bin/bel-sim --version | awk 'NR == 1 {print $3}')" ]
	cp "$BEL_TOP"/policies/fifo.c "$BATS_TEST_TMPDIR/mine.c"
	cd "$BATS_TEST_TMPDIR"
	${BEL_CC} $("${head[@]}" --variable=plugin_cflags belady) $("${head[@]}" --cflags belady) \
		-o mine.so mine.c
	printf '1 2 3 4 1 2 5 1 2 3 4 5\n' >belady.txt
	"$USR"/bin/bel-sim -p ./mine.so -f 3,4 --format jsonl belady.txt | jq -r .faults >faults
	[ "$(cat faults)" = $'9\n10' ]
}

@test "pkg-config: a program names its phases with the installed header" {
	command -v pkg-config >/dev/null || skip 'no pkg-config'
	export PKG_CONFIG_PATH=$USR/lib/pkgconfig
	cd "$BATS_TEST_TMPDIR"
	cp "$BEL_TOP/tests/programs/marks.c" marks.c
	# Nothing but the header: no warning in C or in C++ where there is a compiler for it.
	${BEL_CC} -std=c99 -Wall -Wextra -Werror \
		$(pkg-config --define-variable=prefix="$USR" --cflags belady) -o marks marks.c
	./marks
	command -v valgrind >/dev/null || skip 'no valgrind'
	"$USR"/bin/bel-capture -o marks.bel -- ./marks
	[ "$("$USR"/bin/bel-info --format jsonl marks.bel | jq -c '[.marks[].name]')" = \
		'["phase 1","phase 2","100% done"]' ]
}

# Everything in the page's literal blocks is a command: `.Bd -literal` to `.Ed`.
tutorial() {
	sed -n '/^\.Sh TUTORIAL/,/^\.Sh REFERENCE/p' "$USR/share/man/man7/bel-policy.7" |
		sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/!p}' | sed 's/\\e/\\/g'
}

@test "the tutorial of bel-policy(7), word by word" {
	local tool
	for tool in pkg-config gnuplot cc; do
		command -v $tool >/dev/null || skip "no $tool"
	done
	cd "$BATS_TEST_TMPDIR"
	tutorial >commands
	[ "$(grep -c '^cc ' commands)" -eq 3 ]
	# The stage stands for the root of a system that belady is installed on.
	PATH=$USR/bin:$PATH PKG_CONFIG_PATH=$USR/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$STAGE \
		PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 bash -e commands >out 2>words
	# Two audits passed; the last one found the mistake.
	[ "$(grep -c '^mine .* yes$' out)" -eq 2 ]
	grep -qx 'it is not sound' out
	grep -q '^bel-sim: mine: .*(contract, ' words
	# What the page says of it: second chance is Clock.
	[ "$(jq -c 'select(.policy == "mine") | [.frames, .faults]' results.jsonl)" = \
		"$(jq -c 'select(.policy == "clock") | [.frames, .faults]' results.jsonl)" ]
	[ "$(jq -r 'select(.policy == "mine") | .frames' results.jsonl | wc -l)" -gt 10 ]
	grep -q '<svg' mine.svg
}

@test "bash completion offers a tool's own options and policies" {
	run bash -c "PATH=$USR/bin:\$PATH
		source $USR/share/bash-completion/completions/bel-sim
		complete -p bel-sim >/dev/null || exit 9
		compopt() { :; }
		COMP_WORDS=(bel-sim --pol) COMP_CWORD=1
		_belady
		echo \"\${COMPREPLY[@]}\"
		COMP_WORDS=(bel-sim -p fifo,l) COMP_CWORD=2
		_belady
		echo \"\${COMPREPLY[@]}\""
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = --policies ]
	[[ ${lines[1]} == *fifo,lru* ]]
}

@test "bash completion offers the values of options, models, and programs" {
	completed() {
		run bash -c "PATH=$USR/bin:\$PATH
			source $USR/share/bash-completion/completions/$1
			compopt() { :; }
			COMP_WORDS=(\"\$@\") COMP_CWORD=\$((\$# - 1))
			_belady
			echo \"\${COMPREPLY[@]}\"" bash "$@"
		[ "$status" -eq 0 ]
	}
	completed bel-vm --device ''
	[ "$output" = 'hdd sata-ssd nvme zram' ]
	completed bel-vm --tables = ''
	[ "$output" = 'flat two-level radix4 radix5 inverted' ]
	completed bel-plot --format p
	[ "$output" = 'png pdf' ]
	completed bel-plot -k vm-t
	[ "$output" = 'vm-thrashing vm-tlb' ]
	completed bel-gen zi
	[ "$output" = zipf ]
	# The help text of bel-plot names this option of bel-sim.
	completed bel-plot --inte
	[ -z "$output" ]
	completed bel-live --
	[ "$output" = '--help --version' ]
	completed bel-live calibrate --l
	[ "$output" = --line ]
	completed bel-sweep c
	[ "$output" = 'collect clean' ]
	completed bel-sweep plan -p fifo,lr
	[[ " $output " == *" fifo,lru "* ]]
	completed bel-sweep plan --from lack
	[ "$output" = lackey ]
	completed bel-compare-policies --ss
	[ "$output" = --ssh ]
	HOSTFILE=$BATS_TEST_TMPDIR/hosts
	echo '10.0.0.1 belnode1 belnode2' >"$HOSTFILE"
	HOSTFILE=$HOSTFILE completed bel-sweep run --ssh :,belnode
	[ "$output" = ':,belnode1 :,belnode2' ]
	completed bel-live re
	[ "$output" = replay ]
	completed bel-compare --show sizes,p
	[ "$output" = 'sizes,policies sizes,pairs' ]
	completed bel-blame --by region,p
	[ "$output" = 'region,process region,page' ]
	completed bel-capture -- bel-reduc
	[[ $output = bel-reduce* ]]
}

@test "uninstall leaves no file and no empty folder, and what is not ours where it was" {
	mkdir -p "$USR/share/man/man1"
	echo theirs >"$USR/share/man/man1/theirs.1"
	$DO uninstall
	[ "$(cd "$USR" && find . | sort | xargs)" = \
		'. ./share ./share/man ./share/man/man1 ./share/man/man1/theirs.1' ]
	rm "$USR/share/man/man1/theirs.1"
	$DO uninstall
	[ -z "$(ls -A "$USR")" ]
	$DO install
}
