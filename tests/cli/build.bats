#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The Makefile's promises: rebuilds when a setting changes and only then, finds
# new files by itself, and lets no folder include what it must not.

load ../support/missing

# A copy of the sources without anything built, so that a test may add files.
setup_file() {
	[ -z "$BEL_RUN" ] || missing 'says nothing about the build' || return 0
	export TREE=$BATS_FILE_TMPDIR/tree
	mkdir "$TREE"
	(cd "$BEL_TOP" && tar cf - --exclude='*.swp' Makefile lib cmd policies plots scripts tests) |
		tar xf - -C "$TREE"
}

setup() {
	skip_missing
}

# Only objects are compiled, with the cheapest flags: this is about rules, not code.
build() {
	env -u WERROR make -C "$TREE" --no-print-directory -s CFLAGS=-O0 BUILD=b "$@"
}

# Sets a point in time that file dates can be compared with.
mark() {
	sleep 0.02
	touch "$TREE/b/mark"
	sleep 0.02
}

is_older() {
	[ "$TREE/b/mark" -nt "$TREE/b/obj/$1" ]
}

is_newer() {
	[ "$TREE/b/obj/$1" -nt "$TREE/b/mark" ]
}

# bats test_tags=slow
@test "an object is built once" {
	build b/obj/lib/base/err.o
	mark
	build b/obj/lib/base/err.o
	is_older lib/base/err.o
}

# bats test_tags=slow
@test "other flags rebuild, the same flags do not" {
	build b/obj/lib/base/err.o
	mark
	build CFLAGS=-O1 b/obj/lib/base/err.o
	is_newer lib/base/err.o
	mark
	build CFLAGS=-O1 b/obj/lib/base/err.o
	is_older lib/base/err.o
}

# bats test_tags=slow
@test "another PREFIX rebuilds cmd, not lib" {
	build b/obj/cmd/bel-sim.o b/obj/lib/base/err.o
	mark
	build PREFIX=/elsewhere b/obj/cmd/bel-sim.o b/obj/lib/base/err.o
	is_older lib/base/err.o
	is_newer cmd/bel-sim.o
}

# bats test_tags=slow
@test "a changed header rebuilds what includes it" {
	build b/obj/lib/base/err.o
	mark
	touch "$TREE/lib/base/err.h"
	build b/obj/lib/base/err.o
	is_newer lib/base/err.o
}

# bats test_tags=slow
@test "a header in another folder rebuilds what includes it, also through an older header" {
	printf '#include "probe_moved.h"\n' >"$TREE/lib/base/probe_includes.h"
	printf '#include "probe_includes.h"\nint probe_value = PROBE;\n' >"$TREE/lib/model/probe_user.c"
	printf '#define PROBE 1\n' >"$TREE/lib/model/probe_moved.h"
	build b/obj/lib/model/probe_user.o
	mark
	mv "$TREE/lib/model/probe_moved.h" "$TREE/lib/base"
	touch -d '1 hour ago' "$TREE/lib/base/probe_moved.h"
	build b/obj/lib/model/probe_user.o
	rm "$TREE"/lib/base/probe_*.h "$TREE/lib/model/probe_user.c"
	is_newer lib/model/probe_user.o
}

# bats test_tags=slow
@test "WERROR rebuilds nothing, and makes warnings errors" {
	build b/obj/lib/base/err.o
	mark
	build WERROR=1 b/obj/lib/base/err.o
	is_older lib/base/err.o
	printf 'static int unused;\n' >"$TREE/lib/base/probe_warned.c"
	build b/obj/lib/base/probe_warned.o 2>/dev/null
	rm "$TREE/b/obj/lib/base/probe_warned.o"
	run build WERROR=1 b/obj/lib/base/probe_warned.o
	rm "$TREE/lib/base/probe_warned.c"
	[ "$status" -eq 2 ]
}

@test "an unknown configuration is named" {
	run build CONFIG=fast all
	[ "$status" -eq 2 ]
	[[ $output == *"CONFIG=fast is none of release, debug, sanitize, cov"* ]]
}

# bats test_tags=slow
@test "new tools and policies are found without an edit" {
	printf 'int main(void)\n{\n\treturn 0;\n}\n' >"$TREE/cmd/bel-brandnew.c"
	printf 'static const int x;\nconst int *y(void);\nconst int *y(void) { return &x; }\n' \
		>"$TREE/policies/brandnew.c"
	run build --dry-run V=1 all
	rm "$TREE/cmd/bel-brandnew.c" "$TREE/policies/brandnew.c"
	[ "$status" -eq 0 ]
	[[ $output == *b/bin/bel-brandnew* ]]
	[[ $output == *b/obj/policies/brandnew.o* ]]
}

# $1 = folder, $2 = header that files there must not see, $3 = one that they may.
refuses() {
	printf '#include "%s"\n' "$3" >"$TREE/$1/probe_include.c"
	build "b/obj/$1/probe_include.o" || return
	rm "$TREE/b/obj/$1/probe_include.o"
	printf '#include "%s"\n' "$2" >"$TREE/$1/probe_include.c"
	run build "b/obj/$1/probe_include.o"
	rm "$TREE/$1/probe_include.c"
	[ "$status" -eq 2 ]
	[[ $output == *"$2: No such file"* ]]
}

@test "no folder sees a header that its row in CONTRIBUTING does not name" {
	refuses policies option.h policy.h
	refuses lib/api number.h belady/policy.h
	refuses lib/base policy.h number.h
	refuses lib/model sim.h number.h
	refuses lib/trace sim.h chunk.h
	refuses lib/trace text.h chunk.h
	refuses lib/formats sim.h trace.h
	refuses lib/reduce text.h trace.h
	refuses lib/sim trace.h policy.h
	refuses lib/curve trace.h sim.h
	refuses lib/vm trace.h sim.h
	refuses lib/emit trace.h err.h
	refuses cmd/common live_command.h tool.h
	refuses cmd/explain live_command.h tool.h
	refuses lib/gen sim.h trace.h
	refuses lib/convert sim.h trace.h
	refuses lib/info sim.h trace.h
	refuses lib/capture sim.h trace.h
	refuses lib/plot trace.h emit.h
	refuses lib/explain trace.h sim.h
	refuses lib/audit trace.h sim.h
	refuses lib/compare trace.h emit.h
	refuses lib/pass tool.h vm.h
	refuses lib/library tool.h sweep.h
}

@test "files of lib call each other in one direction" {
	cd "$BEL_BUILD/obj/lib"
	nm -A -P */*.o >"$BATS_TEST_TMPDIR/symbols" || skip "nm does not read these objects"
	cd "$BATS_TEST_TMPDIR"
	awk '
		{ file = $1; sub(/:.*/, "", file) }
		$3 ~ /^[TDBR]$/ { home[$2] = file }
		$3 == "U" { user[++n] = file; used[n] = $2 }
		END {
			for (i = 1; i <= n; i++)
				if (used[i] in home && home[used[i]] != user[i])
					print user[i], home[used[i]]
		}' symbols | sort -u >calls
	[ "$(wc -l <calls)" -gt 100 ]
	tsort calls >order # names the files of a circle on stderr
}

@test "every folder of lib has a row that says what it sees" {
	local folder
	for folder in "$BEL_TOP"/lib/*/; do
		folder=$(basename "$folder")
		grep -q "^| \`lib/$folder/\` |" "$BEL_TOP/CONTRIBUTING.md"
		[ "$folder" != python ] || continue # no C
		grep -q "^see_$folder := .*\b$folder\b" "$BEL_TOP/Makefile"
	done
}

# bats test_tags=slow
@test "policies that no symbol names are linked in, and gone where none asks" {
	local name
	for name in "$BEL_TOP"/policies/*.c; do
		name=${name##*/}
		"$BEL_BIN"/bel-sim -p list | grep -qE "^ *${name%.c}\b" || {
			echo "not registered: ${name%.c}"
			return 1
		}
	done
}

@test "make help lists every target of make check and make install" {
	run make -C "$BEL_TOP" --no-print-directory help
	[ "$status" -eq 0 ]
	local target
	for target in all check check-long bench fuzz lint format install uninstall clean help; do
		grep -qE "^$target +[a-z]" <<<"$output" || { echo "missing $target"; return 1; }
	done
}

@test "bootstrap: a wrong word is wrong usage" {
	run "$BEL_TOP"/scripts/bootstrap nonsense
	[ "$status" -eq 2 ]
	[[ $output == usage:* ]]
	run "$BEL_TOP"/scripts/bootstrap build check
	[ "$status" -eq 2 ]
	run "$BEL_TOP"/scripts/bootstrap --help
	[ "$status" -eq 0 ]
	[[ $output == usage:* ]]
}

@test "bootstrap: without a network it shows what apt-get said, and stops" {
	cd "$BATS_TEST_TMPDIR"
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	printf '#!/bin/sh\necho 0\n' >bin/id
	printf '#!/bin/sh\necho "E: no such host"\nexit 100\n' >bin/apt-get
	chmod +x bin/*
	run env PATH="$PWD/bin:$PATH" sh "$BEL_TOP"/scripts/bootstrap build
	[ "$status" -eq 3 ]
	[[ $output == *'E: no such host'*'Is there a network?'*'by hand: apt-get install --no-install-recommends make gcc'* ]]
}

@test "bootstrap: elsewhere than on Debian it says what is needed and stops" {
	local word
	mkdir "$BATS_TEST_TMPDIR/bin"
	for word in sh dirname grep printf cat; do
		ln -s "$(command -v "$word")" "$BATS_TEST_TMPDIR/bin/"
	done
	run env PATH="$BATS_TEST_TMPDIR/bin" sh "$BEL_TOP"/scripts/bootstrap demo
	[ "$status" -eq 3 ]
	[[ $output == *'not Debian'* ]]
	[[ $output == *gnuplot-nox* ]]
	[[ $output != *libcmocka* ]]
}

@test "bootstrap: neither root nor sudo: says what to type, exit 3" {
	local word
	mkdir "$BATS_TEST_TMPDIR/bin"
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/bin"
	for word in sh dirname grep printf cat cut tr apt-get id; do
		ln -s "$(command -v "$word")" "$BATS_TEST_TMPDIR/bin/"
	done
	# A dpkg-query that knows of no package.
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/dpkg-query"
	printf '#!/bin/sh\necho 1000\n' >"$BATS_TEST_TMPDIR/id"
	chmod +x "$BATS_TEST_TMPDIR/bin/dpkg-query" "$BATS_TEST_TMPDIR/id"
	mv -f "$BATS_TEST_TMPDIR/id" "$BATS_TEST_TMPDIR/bin/id"
	run env PATH="$BATS_TEST_TMPDIR/bin" sh "$BEL_TOP"/scripts/bootstrap build
	[ "$status" -eq 3 ]
	[[ $output == *'as root: apt-get install --no-install-recommends make gcc'* ]]
}

@test "release tools are hardened: PIE, full RELRO, stack protector, checked calls" {
	local tool checked=0
	grep -q -- '-D_FORTIFY_SOURCE=2' "$BEL_BUILD/flags" || skip 'not a release build'
	command -v readelf >/dev/null || skip 'no readelf'
	cd "$BATS_TEST_TMPDIR"
	for tool in "$BEL_BUILD"/bin/bel-* "$BEL_BUILD"/libexec/belady/pagegrind; do
		[ -e "$tool" ] || continue
		[ "$(head -c 2 "$tool")" != '#!' ] || continue
		readelf -dW "$tool" >dynamic
		readelf -lW "$tool" >segments
		grep -q 'FLAGS_1.* PIE' dynamic
		grep -q 'BIND_NOW' dynamic
		grep -q 'GNU_RELRO' segments
		# A stack that can be executed would have an E here.
		grep -qE 'GNU_STACK .* RW ' segments
		case $tool in */bel-*) ;; *) continue ;; esac
		readelf -sW "$tool" >symbols
		grep -q '__stack_chk_fail' symbols
		grep -qE '__[a-z]+_chk' <(grep -v __stack_chk_fail symbols)
		checked=$((checked + 1))
	done
	[ "$checked" -ge 12 ]
}
