#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The schemas of the records, and the page bel-records(5) that is made of them.

schema=$BEL_TOP/lib/emit/schema

@test "the examples of bel-records(5) are what the tools print" {
	cd "$BATS_TEST_TMPDIR" && PATH=$BEL_BIN:$PATH || return
	# Two blocks: a command of one line, and one of two.
	sed '1,/^\.Sh EXAMPLES/d' "$BEL_TOP/cmd/bel-records.5" >examples
	sed -n '/^\.Bd/,/^\.Ed/{/^\./!p}' examples >page
	sed -n '1s/^\$ //p' page | bash >first
	[ "$(wc -l <first)" -eq 27 ]
	sed -n '2,/^}/p' page | diff - first
	sed -n '/fifo,opt/{s/^\$ //;N;p}' page | bash >second
	[ "$(wc -l <second)" -eq 4 ]
	tail -n 4 page | diff - second
}

@test "bel-records(5) is what scripts/records-page makes of the schemas" {
	"$BEL_TOP/scripts/records-page" | diff "$BEL_TOP/cmd/bel-records.5" - || {
		echo "make records-page brings it up to date"
		return 1
	}
}

@test "every member of every record says what it is, and when it may be null" {
	run jq -r '
		def nullable: if has("enum") then any(.enum[]; . == null)
			elif has("oneOf") then any(.oneOf[]; nullable)
			else [.type] | flatten | any(. == "null") end;
		input_filename as $file | .. | objects | .properties? | objects | to_entries[] |
		select((.value.description // "") == "" or
			((.value.description | test("(^|[^a-z])null:|else null|null (if|for|with)")) and
				(.value.type | IN("array", "object") | not) and (.value | nullable | not))) |
		"\($file): \(.key): \(.value.description)"' "$schema"/*.json
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "the name of a file is that of its record, and the page has all of them" {
	for file in "$schema"/*.json; do
		name=$(jq -r '.properties.schema.const' "$file")
		[ "$(basename "$file")" = "${name%/*}-${name#*/}.json" ]
		[ "$(jq -r '."$id"' "$file")" = "${name%/*}-${name#*/}" ]
		grep -qx ".Ss $name" "$BEL_TOP/cmd/bel-records.5"
	done
}
