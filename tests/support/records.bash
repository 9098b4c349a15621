# SPDX-License-Identifier: MIT
#
# For tests that hold records to their schemas: load ../support/records

# validate [NUMBER] <RECORDS: so many records, at least one, and all as their schemas say.
validate() {
	local status=0 said
	said=$("$BEL_TOP/tests/helpers/validate_records" 2>&1) || status=$?
	[ "$status" -ne 77 ] || skip 'no python3-jsonschema'
	echo "$said"
	[ "$status" -eq 0 ]
	[ -z "${1-}" ] || [ "$said" = "$1 records" ]
}

# refused_all FILE: no line of it is a valid record.
refused_all() {
	local status=0 said
	said=$("$BEL_TOP/tests/helpers/validate_records" <"$1" 2>&1) || status=$?
	[ "$status" -ne 77 ] || skip 'no python3-jsonschema'
	echo "$said"
	[ "$status" -eq 1 ]
	[ "$(sed -n 's/^line \([0-9]*\):.*/\1/p' <<<"$said" | sort -u | wc -l)" -eq "$(wc -l <"$1")" ]
}
