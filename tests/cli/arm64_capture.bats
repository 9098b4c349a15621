#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# pagegrind for arm64: it sees what lackey for arm64 sees. Both run under qemu, so this needs no
# arm64 machine. BEL_ARM64 is a folder with Debian's package valgrind for arm64, unpacked; the CI
# step arm64 makes it.

setup() {
	[ -z "$BEL_RUN" ] || skip 'captures under another tool say nothing'
	[ -n "${BEL_ARM64-}" ] || skip 'BEL_ARM64 is not set: see this file'
	for tool in qemu-aarch64 aarch64-linux-gnu-gcc; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
	cd "$BATS_TEST_TMPDIR"
	core=$(echo "$BEL_ARM64"/usr/lib/*/valgrind/libcoregrind-arm64-linux.a)
	[ -f "$core" ] || skip "no $core"
	make -C "$BEL_TOP" --no-print-directory -s CROSS=aarch64-linux-gnu- BUILD="$PWD/b" pg_core="$core" \
		"$PWD/b/libexec/belady/pagegrind-arm64-linux"
	# bel-capture is this machine's; the tools are arm64's, each started by qemu.
	mkdir -p t/bin t/libexec/belady
	cp "$BEL_BIN/bel-capture" t/bin
	under_qemu t/libexec/belady/pagegrind "$PWD/b/libexec/belady/pagegrind-arm64-linux"
	under_qemu t/bin/valgrind.bin "$BEL_ARM64/usr/libexec/valgrind/lackey-arm64-linux"
	PATH=$PWD/t/bin:$BEL_BIN:$PATH
	export LC_ALL=C TMPDIR=$BATS_TEST_TMPDIR
}

# under_qemu FILE TOOL: makes FILE start TOOL. The hint is what bel-capture gives on arm64.
under_qemu() {
	cat >"$1" <<-END
		#!/bin/sh
		exec qemu-aarch64 -E VALGRIND_LAUNCHER=$BEL_ARM64/usr/bin/valgrind \\
			-E VALGRIND_LIB=$BEL_ARM64/usr/libexec/valgrind $2 --sim-hints=fallback-llsc "\$@"
	END
	chmod +x "$1"
}

# same PROGRAM GRANULE: the same runs with both tools.
same() {
	for tool in lackey pagegrind; do
		bel-capture -q --with "$tool" --page-size "$2" -o "$tool.bel" -- "$1"
		bel-info --verify "$tool.bel"
		"$BEL_BUILD/tests/helpers/plain_runs" "$tool.bel" >"$tool.runs"
	done
	[ -s lackey.runs ]
	cmp lackey.runs pagegrind.runs
	diff <(bel-info --format jsonl lackey.bel | jq '[.trace.digest, .references, .fetches, .loads, .stores, .modifies]') \
		<(bel-info --format jsonl pagegrind.bel | jq '[.trace.digest, .references, .fetches, .loads, .stores, .modifies]')
}

@test "every address, kind and size of a small program" {
	aarch64-linux-gnu-gcc -O1 -static -o loop -x c - <<-'END'
		int main(void)
		{
			volatile int sum = 0;

			for (int i = 0; i < 10; i++)
				sum += i;
			return sum != 45;
		}
	END
	same ./loop 1
}

@test "a program of millions of references, in pages" {
	aarch64-linux-gnu-gcc -O1 -static -o sorts -x c - <<-'END'
		#include <stdlib.h>

		enum { N = 10000 };

		static int compare(const void *a, const void *b)
		{
			return *(const int *)a - *(const int *)b;
		}

		int main(void)
		{
			int *const value = malloc(N * sizeof(*value));
			unsigned x = 1;

			for (int i = 0; i < N; i++) {
				x = x * 1103515245U + 12345U;
				value[i] = (int)(x >> 8);
			}
			qsort(value, N, sizeof(*value), compare);
			for (int i = 1; i < N; i++)
				if (value[i - 1] > value[i])
					return 1;
			free(value);
			return 0;
		}
	END
	same ./sorts 4k
	[ "$(bel-info --format jsonl pagegrind.bel | jq .references)" -gt 3000000 ]
}
