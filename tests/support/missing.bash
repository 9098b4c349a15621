# SPDX-License-Identifier: MIT
#
# For test files of which no test can run without something: load ../support/missing
# bats 1.8 cannot skip in setup_file, so setup_file notes the reason, and setup skips each test:
#
#	setup_file() {
#		command -v valgrind >/dev/null || missing 'no valgrind' || return 0
#	}
#	setup() {
#		skip_missing
#	}

# missing REASON: notes it, and fails, so that the caller returns.
missing() {
	export MISSING=$1
	return 1
}

skip_missing() {
	[ -z "${MISSING-}" ] || skip "$MISSING"
}
