#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-explain: tables, formats, quizzes and marks, refusals. (Tables by hand: test_explain.c.)

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	silberschatz='7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1'
}

@test "the whole output for a string worked by hand" {
	run -0 --separate-stderr bel-explain -p fifo -f 2 '1 2w 1 3 2'
	[ -z "$stderr" ]
	diff - <(printf '%s\n' "$output") <<-'END'
		fifo, 2 frames

		time    |  0  1  2  3  4
		page    |  1 2w  1  3  2
		frame 0 |  1  1  1  3  3
		frame 1 |  -  2  2  2  2
		fault   |  F  F  H  F  H
		leaves  |  -  -  -  1  -
		next    |  1  1  1  2  2
		next 2  |  -  2  2  3  3

		3 faults, 2 hits, 1 page replaced, 0 written back

		at 3: 1 was loaded longest ago, at 0; 3 takes frame 0

		F fault, H hit, - nothing, w after a page: written to, or written back, next:
		the page that would leave first.
	END
}

@test "the counts of the books: 15, 12, 9 and 14 faults" {
	run -0 bel-explain -p fifo,lru,opt,clock -f 3 --brief -t "$silberschatz"
	[ "$(grep -o '[a-z]*, 3 frames: [0-9]* faults' <<<"$output" | xargs)" = \
		'fifo, 3 frames: 15 faults lru, 3 frames: 12 faults opt, 3 frames: 9 faults clock, 3 frames: 14 faults' ]
	run -0 bel-explain -p fifo -f 3,4 --brief belady
	[ "$(grep -o '^[0-9]* faults' <<<"$output" | xargs)" = '9 faults 10 faults' ]
}

@test "a string of letters is the string of their numbers" {
	run -0 --separate-stderr bel-explain -p lru -f 3 --brief 'A B C D A B E A B C D E'
	[ -z "$stderr" ]
	[ "$(grep -E '^(page|frame 0|fault|leaves)' <<<"$output" | tr -s ' ')" = "\
page | A B C D A B E A B C D E
frame 0 | A A A D D D E E E C C C
fault | F F F F F F F H H F F F
leaves | - - - A B C D - - E A B" ]
	run -0 bel-explain -p lru -f 2 --brief 'X,Y,Z,X'
	[ "$(grep '^leaves' <<<"$output")" = 'leaves  | - - X Y' ]
	bel-explain -p fifo -f 2 --quiz 'A B A C' >quiz.txt
	bel-explain -p fifo -f 2 --brief 'A B A C' >key.txt
	run -0 bel-explain -p fifo -f 2 --grade key.txt 'A B A C'
	run -1 bel-explain -p fifo -f 2 --grade quiz.txt 'A B A C'
	# Four references, two frames, faults and victims: 16 cells, of which the quiz has none.
	[ "$(bel-explain -p fifo -f 2 --brief --grade quiz.txt 'A B A C')" = '0 of 16 cells are right' ]
	[ "$(bel-explain -p fifo -f 2 --grade quiz.txt 'A B A C' | wc -l)" -eq 17 ]
	[ "$(bel-vm --explain --brief -f 2 'A B A' | awk '/^[0-9]/ { print $4 }' | xargs)" = '0x41 0x42 0x41' ]
}

@test "together: below the tables, each policy has one heading, its faults and its reasons" {
	# LRU: page 2 was not used since 1, page 1 was used at 2. FIFO: page 1 came first.
	[ "$(bel-explain -t -p lru,fifo -f 2 '1 2 1 3' | sed '1,/^next 2.*2 2 3$/d' | grep .)" = 'lru, 2 frames
3 faults, 1 hit, 1 page replaced, 0 written back
at 3: 2 was used longest ago, at 1; 3 takes frame 1
fifo, 2 frames
3 faults, 1 hit, 1 page replaced, 0 written back
at 3: 1 was loaded longest ago, at 0; 3 takes frame 0
F fault, H hit, - nothing, next: the page that would leave first.' ]
	# Without reasons, a line each.
	[ "$(bel-explain -t -p lru,fifo -f 2 --brief '1 2 1 3' | grep -c 'frames: 3 faults, 1 hit, ')" -eq 2 ]
	[ "$(bel-explain -t -p lru -f 3 '1 2 1 3' | grep -c 'lru, 3 frames: 3 faults, 1 hit, ')" -eq 1 ]
}

@test "what is no string, model or file: what could be given" {
	says() {
		run --separate-stderr "${@:3}"
		[ "$status" -eq "$1" ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} == $2 ]] || { echo "$stderr"; return 1; }
	}
	says 3 "bel-explain: bellady: cannot open: No such file or directory, similar to the model belady; a string has page numbers or single\
 letters ('7 0 1w 2', 'A B A'); 'bel-gen list' prints the models" bel-explain bellady
	says 3 "bel-explain: 1 foo: cannot open: No such file or directory; a string *" bel-explain '1 foo'
	says 3 "bel-vm: x 0x3000: cannot open: No such file or directory; a string * a script has statements ('r 0x1000; w 0x2000'); *" \
		bel-vm --explain 'x 0x3000'
	mkdir answers
	says 3 'bel-explain: answers/*.txt: cannot open: No such file or directory' \
		bel-explain -p lru --grade 'answers/*.txt'
	says 2 'bel-explain: --grade: answers is a folder: give its files, answers/*' \
		bel-explain --grade answers -n 12
	command -v script >/dev/null || skip 'no script(1)'
	bel-explain -p fifo -f 2 --quiz '1 2 1' >quiz.txt
	[[ $(script -qec bel-explain /dev/null) == *'no string given: '*"'7 0 1 2 0 3'"* ]]
	[[ $(script -qec 'bel-explain --grade quiz.txt' /dev/null) == *'quiz.txt has no student number: give the string'* ]]
}

@test "bel-vm says that a number alone is a page, not an address" {
	run -0 --separate-stderr bel-vm --explain --brief 0x401234
	[ "$stderr" = "bel-vm: a number without r, w or i is a page number; for an address write 'r 0x401234'" ]
	for string in 'r 0x401234' '0x7 0xa' '7 0 1234567'; do
		run -0 --separate-stderr bel-vm --explain --brief "$string"
		[ -z "$stderr" ]
	done
}

# bats test_tags=slow
@test "faults agree with bel-sim for every policy, on a generated trace" {
	bel-gen zipf -n 300 --pages 20 --write-ratio 0.3 --seed 4 -o z.bel
	for policy in $(bel-sim -p list | awk '/^[a-z]/ { print $1 }'); do
		bel-explain -p "$policy" -f 5 --brief z.bel >table.txt
		want=$(bel-sim -p "$policy" -f 5 --format jsonl z.bel |
			jq -r '"\(.faults) \(.evictions) \(.writebacks)"')
		got=$(sed -En 's/^([0-9]+) faults?, .* ([0-9]+) pages? replaced, ([0-9]+) wri.*/\1 \2 \3/p' table.txt)
		marks=$(grep '^fault' table.txt | grep -o F | wc -l)
		[ "$got" = "$want" ] && [ "$marks" = "${want%% *}" ] ||
			{ echo "$policy: bel-explain $got ($marks), bel-sim $want"; return 1; }
	done
}

@test "a string, its name, a file and a pipe are explained alike" {
	bel-explain -p lru '1 2 3 4 1 2 5 1 2 3 4 5' >string
	bel-explain -p lru 1,2,3,4,1,2,5,1,2,3,4,5 | cmp string
	bel-explain -p lru belady | cmp string
	bel-gen belady -o b.bel
	bel-explain -p lru b.bel | cmp string
	bel-gen belady --to pages | bel-explain -p lru | cmp string
}

@test "which of several references in a row wrote is kept where the trace tells" {
	printf '1 1w 1\n' >p.txt
	run -0 bel-explain -p lru -f 1 --brief p.txt
	[[ $output == *'page    |  1 1w  1'* ]]
}

@test "no line of text is wider than asked for" {
	bel-explain --width 40 -p fifo,lru,opt,clock "$silberschatz" >t
	[ "$(awk 'length($0) > 40' t | wc -l)" -eq 0 ]
	[ "$(grep -c '^frame 0' t)" -eq 12 ]
	bel-explain -p opt,clock -f 4 "$silberschatz $silberschatz" >t
	[ "$(awk 'length($0) > 80' t | wc -l)" -eq 0 ]
}

@test "a pipe gets no colour" {
	bel-explain belady >t
	run -1 grep -q "$(printf '\033')" t
}

@test "Markdown has a table with as many cells in every line" {
	bel-explain -p clock --format markdown -t belady >t.md
	# 12 references and a label, between bars: 13 cells, 15 fields.
	[ "$(grep '^|' t.md | awk -F'|' '{ print NF }' | sort -u)" = 15 ]
	grep -qF '| **\>1\*** |' t.md
}

@test "HTML is well-formed and LaTeX escapes what it must" {
	bel-explain -p clock,fifo --format html '1 2w 3 4' >t.html
	python3 - t.html <<-'END'
		import sys
		from html.parser import HTMLParser
		open_tags = []
		class Check(HTMLParser):
		    def handle_starttag(self, tag, attrs):
		        if tag != "meta": open_tags.append(tag)
		    def handle_endtag(self, tag):
		        assert open_tags.pop() == tag, tag
		Check().feed(open(sys.argv[1]).read())
		assert not open_tags
	END
	grep -q '<td class="fault">&gt;1\*</td>' t.html
	bel-explain -p clock --format latex '1 2w 3 4' >t.tex
	grep -qF '$>$1*' t.tex
	bel-explain -p clock --format latex --quiz '1 2w 3 4' >t.tex
	grep -qF '\underline' t.tex
	[ "$(grep -cE '[^\\]_' t.tex)" -eq 0 ]
	[ "$(grep -c '\\begin{tabular}' t.tex)" -eq "$(grep -c '\\end{tabular}' t.tex)" ]
}

@test "a quiz shows no answer, and its own answers pass" {
	for format in text markdown; do
		bel-explain -p fifo,clock,ws:tau=3 --format $format --quiz belady >quiz
		grep -E '^(\| )?(frame|fault|leaves)' quiz | sed 's/frame [0-9]//' >blank
		[ -s blank ]
		run -1 grep '[0-9FH*]' blank
		run -1 bel-explain -p fifo,clock,ws:tau=3 --grade quiz belady
		[[ ${lines[0]} == '0 of '*' cells are right' ]]
		[ "${lines[4]}" = "fifo, 3 frames: frame 0 at time 0: no answer, should be '1'" ]
		bel-explain -p fifo,clock,ws:tau=3,lru --format $format --width 30 belady >answers
		run -0 bel-explain -p fifo,clock,ws:tau=3 --grade answers belady
		[ "${#lines[@]}" -eq 4 ] # all cells, and those of each table
	done
}

@test "wrong cells, in order of time" {
	bel-explain -p lru --brief belady >answers
	sed -i '/^frame 2/s/3/9/; /^fault/s/H/F/' answers
	run -1 bel-explain -p lru --grade answers belady
	[ "${lines[0]}" = '58 of 60 cells are right' ]
	[ "${lines[1]}" = "lru, 3 frames: frame 2 at time 2: '9', should be '3'" ]
	[[ ${lines[2]} == "lru, 3 frames: fault at time "*": 'F', should be 'H'" ]]
	[ "${#lines[@]}" -eq 3 ]
}

@test "answers that cannot be marked" {
	echo nothing >none
	run -3 bel-explain -p lru --grade none belady
	[ "$output" = "bel-explain: none: has no table 'lru, 3 frames'" ]
	printf 'lru, 3 frames\nfault | F F F F F F F F F F F F F\n' >long
	run -3 bel-explain -p lru --grade long belady
	[ "$output" = 'bel-explain: long: line 2: more cells than the 12 references' ]
	run -3 bel-explain -p lru --grade missing belady
	[[ $output == 'bel-explain: missing: cannot open: '* ]]
	: >empty
	run -3 bel-explain -p lru --grade empty belady
}

@test "what is too long is refused with the reason" {
	bel-gen uniform -n 10001 --pages 5 -o u.bel
	run -2 bel-explain u.bel
	[[ $output == *'more than 10000 references'*'bel-convert'* ]]
	bel-gen uniform -n 10000 --pages 5 -o u.bel
	run -0 bel-explain -p lru --brief u.bel
	run -2 bel-explain -p lru -f 500 -n 10000 --pages 1000 uniform
	bel-gen uniform -n 9000 --pages 900 -o u.bel
	run -2 bel-explain -p lru -f 800 u.bel
	[[ $output == *'9000 references in 800 frames'* ]]
}

@test "wrong usage" {
	run -2 bel-explain --format pdf belady
	run -2 bel-explain --quiz --grade x belady
	run -2 bel-explain -p nonesuch belady
	run -2 bel-explain -f 0 belady
	run -2 bel-explain --tlb none belady
	run -2 bel-explain belady belady
	run -3 bel-explain no-such-file
}

@test "a closed pipe ends it quietly, a full disk does not" {
	bel-explain "$silberschatz" | head -n 1
	run -3 bash -c 'bel-explain belady >/dev/full'
}

@test "a string that is not quoted" {
	run "$BEL_BIN/bel-explain" -f 3 1 2 3
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "bel-explain: unexpected operand '2' (a string is one word: quote it)" ]]
}
