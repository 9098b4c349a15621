#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-explain for a class: sheets with a string for each student, and their grading.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

# FIFO with two frames on 1w 2 3, by hand: 3 takes the frame of 1, which is written back.
by_hand() {
	cat <<-'END'
		Name: Ann Lee

		fifo, 2 frames

		time    | 0 1 2
		page    | 1w 2 3
		frame 0 | 1 1 3
		frame 1 | - 2 2
		fault   | F F F
		leaves  | - - 1w
	END
}

grade() { bel-explain -p fifo -f 2 --grade "$1" '1w 2 3'; }

@test "a sheet and a key for each student number, each with its own string" {
	run -0 bel-explain --sheets 1001:1003,7 -p lru,opt -f 3 -o exam
	[ "${lines[0]}" = '4 sheets in exam/sheets, the answers in exam/keys' ]
	[ "${lines[1]}" = 'grade them with: bel-explain -p lru,opt -f 3 --grade answers/*' ]
	[ "$(cd exam && find . -type f | sort | xargs)" = "$(printf './%s.txt ' keys/{1001,1002,1003,7} \
		sheets/{1001,1002,1003,7} | sed 's/ $//')" ]
	for n in 1001 1002 1003 7; do
		[ "$(head -n 2 exam/sheets/$n.txt | cut -d_ -f1 | xargs)" = "Name: Student number: $n" ]
		[ "$(grep -c '^[lo][a-z]*, 3 frames$' exam/sheets/$n.txt)" -eq 2 ]
		diff <(grep -E '^(Student|String|time|page)' exam/sheets/$n.txt) \
			<(grep -E '^(Student|String|time|page)' exam/keys/$n.txt)
		run -1 grep -E '^(frame|fault|leaves).*\| .*[0-9FH-]' exam/sheets/$n.txt
	done
	[ "$(grep -h '^String: [0-9a-f]\{8\}$' exam/sheets/* | sort -u | wc -l)" -eq 4 ]
	[ "$(grep -h '^page' exam/sheets/* | sort -u | wc -l)" -eq 4 ]
}

@test "a student number always gives the same sheet: that of bel-gen with this seed" {
	bel-explain --sheets 1001:1003 -p lru -o exam zipf -n 15 --pages 8 --write-ratio 0.3
	bel-explain --sheets 1002 -p lru -o again zipf -n 15 --pages 8 --write-ratio 0.3
	cmp exam/sheets/1002.txt again/sheets/1002.txt
	cmp exam/keys/1002.txt again/keys/1002.txt
	bel-gen zipf -n 15 --pages 8 --write-ratio 0.3 --seed 1002 --to pages >pages
	[ "$(sed 's/ w/w/' pages | xargs)" = "$(sed -n 's/^page *| *//p' exam/sheets/1002.txt | xargs)" ]
	bel-explain -p lru --seed 1002 zipf -n 15 --pages 8 --write-ratio 0.3 >table
	diff <(tail -n +4 exam/keys/1002.txt) table
}

@test "the command that --sheets prints grades its sheets" {
	run -0 bel-explain --sheets 1:3 -p lru,ws:tau=3 -f 2:4:*2 zipf -n 15 --pages 8 --alpha 0.7 \
		--write-ratio 0.3 -o exam
	[ "${lines[1]}" = "grade them with: bel-explain -p lru,ws:tau=3 -f 2:4:*2 -n 15 --pages 8 --alpha 0.7\
 --write-ratio 0.3 zipf --grade answers/*" ]
	cp -r exam/keys answers
	run -0 sh -c "${lines[1]#*: }"
	[ "$(grep -c '165 of 165\|cells are right' <<<"$output")" -ge 3 ]
	run -0 bel-explain --sheets 1:3 -p lru --format latex -o paper
	[ "${#lines[@]}" -eq 1 ]
}

@test "--title stands on each sheet and key, as text, and does not disturb grading" {
	title=$'OS <b> \033[31m, sheet 4'
	for format in text html; do
		run -0 bel-explain --sheets 1:2 -p lru --title "$title" --format $format -o $format
	done
	[ "$(head -n 1 text/sheets/2.txt)" = 'OS <b> \x1b[31m, sheet 4' ]
	[ "$(head -n 1 text/keys/2.txt)" = 'OS <b> \x1b[31m, sheet 4' ]
	[ "$(sed -n 3p text/sheets/2.txt | cut -d: -f 1)" = Name ]
	grep -qF '<h2>OS &lt;b&gt; \x1b[31m, sheet 4</h2>' html/sheets/1.html
	run -0 bel-explain -p lru --grade text/keys/1.txt text/keys/2.txt
	run -0 bel-explain -p lru -f 2 --brief --title 'My table' '1 2 3'
	[ "${lines[0]}" = 'My table' ]
	for wrong in 'Student number: 7' 'Name: me' 'String: abc'; do
		run -2 bel-explain -p lru --title "$wrong" '1 2'
	done
	run -2 bel-explain -p lru --title x --grade text/keys/1.txt
}

@test "sheets are graded for the string of their student number" {
	bel-explain --sheets 1:3 -p lru,random -o exam -n 12
	run -0 bel-explain -p lru,random -n 12 --grade exam/keys/1.txt exam/keys/{2,3}.txt
	[ "$(grep -c ': 120 of 120 cells are right$' <<<"$output")" -eq 3 ]
	run -0 bel-explain -p lru,random -n 12 --grade exam/keys/3.txt
	[ "${lines[0]}" = '120 of 120 cells are right' ]
	run -0 bel-explain -p lru,random -n 12 --grade exam/keys/1.txt uniform exam/keys/2.txt
	for format in markdown latex html; do
		bel-explain --sheets 5 -p lru -o $format --format $format
	done
	run -0 bel-explain -p lru --grade markdown/keys/5.md
	[ "$output" = '100 of 100 cells are right' ]
}

@test "the sheet of another student or string is refused" {
	bel-explain --sheets 1:2 -p lru -o exam
	sed 's/^Student number: 1/Student number: 2/' exam/keys/1.txt >copied.txt
	digest() { sed -n 's/^String: //p' "exam/keys/$1.txt"; }
	run -3 bel-explain -p lru --grade copied.txt
	[ "$output" = "bel-explain: copied.txt: is for the string $(digest 1), but 'uniform' with the seed 2 gives the string $(digest 2); give --grade the model and the options that --sheets had" ]
	sed -i /^String/d copied.txt
	run -3 bel-explain -p lru --grade copied.txt
	[[ $output == 'bel-explain: copied.txt: line '*': the page at time '*" is '"*"', but in the string that is graded it is '"*"'; this sheet is for another string" ]]
	# Without a number: 1w 2 3 against 1w 2 4.
	by_hand >ann.txt
	run -3 bel-explain -p fifo -f 2 --grade ann.txt '1w 2 4'
	[ "$output" = "bel-explain: ann.txt: line 6: the page at time 2 is '3', but in the string that is graded it is '4'; this sheet is for another string" ]
	run -3 bel-explain -p fifo -f 2 --grade ann.txt '1w 2 3 1'
	[[ $output == *'ann.txt: has no page at time 3; without the whole row'* ]]
	by_hand | sed /^page/d >nameless
	run -3 grade nameless
	[[ $output == *'has no page at time 0; '* ]]
}

@test "f and h, spaces in cells and 3W are understood" {
	by_hand | sed 's/F F F/f f F/; s/1w$/1 w/; s/- - 1/-   -  1/' >a
	run -0 grade a
	[ "$output" = '12 of 12 cells are right' ]
	by_hand | sed 's/- - 1w/- - 1W/' >a
	run -0 grade a
	# Two pages that leave the working set of 1 at once, and Clock's hand and bit.
	printf '%s\n' 'clock, 2 frames' 'time | 0 1 2' 'page | 1 2 1' 'frame 0 | > 1 * >1* >1 *' \
		'frame 1 | - 2* 2 *' 'fault | F F H' 'leaves | - - -' >c
	bel-explain -p clock -f 2 --brief '1 2 1' >table
	run -0 bel-explain -p clock -f 2 --grade c '1 2 1'
}

@test "files of editors on Windows are understood" {
	{ printf '\xef\xbb\xbf' && by_hand | sed '1,2d; s/$/\r/'; } >a
	run -0 grade a
	bel-explain -p fifo -f 2 --format markdown --brief '1w 2 3' | sed 's/$/\r/' >a.md
	run -0 grade a.md
}

@test "every wrong cell is listed: policy, row, time, given, right" {
	by_hand | sed 's/| - 2 2/| 2 2 _/; s/F F F/F H F/' >a
	run -1 grade a
	[ "$output" = "9 of 12 cells are right
fifo, 2 frames: frame 1 at time 0: '2', should be '-'
fifo, 2 frames: fault at time 1: 'H', should be 'F'
fifo, 2 frames: frame 1 at time 2: no answer, should be '2'" ]
}

@test "several tables have their points" {
	bel-explain -p fifo,lru -f 2 --brief '1w 2 3' | sed '0,/F/s/F/H/' >a
	run -1 bel-explain -p fifo,lru -f 2 --grade a '1w 2 3'
	[ "$output" = "23 of 24 cells are right
  fifo, 2 frames   11 of 12
  lru, 2 frames    12 of 12
fifo, 2 frames: fault at time 0: 'H', should be 'F'" ]
	# One row of references for all policies, in several blocks.
	bel-explain -p fifo,lru -f 2 --brief -t --width 20 '1w 2 3 4 5' >a
	run -0 bel-explain -p fifo,lru -f 2 --grade a '1w 2 3 4 5'
}

@test "an empty cell of Markdown is one missing answer; a short row of text is refused" {
	bel-explain -p fifo -f 2 --format markdown --brief '1w 2 3' | sed '/^| frame 1/s/| 2 |/| |/' >a.md
	run -1 grade a.md
	[ "$output" = "11 of 12 cells are right
fifo, 2 frames: frame 1 at time 2: no answer, should be '2'" ]
	by_hand | sed 's/| - 2 2/| - 2/' >a
	run -3 grade a
	[ "$output" = 'bel-explain: a: line 8: 2 cells below 3 times; write _ in each cell without an answer' ]
	by_hand | sed 's/| - 2 2/| - 2 2 2/' >a
	run -3 grade a
	[ "$output" = 'bel-explain: a: line 8: more cells than the 3 times above' ]
}

@test "a class as CSV: one row for each file, also for one that is refused" {
	by_hand >ann.txt
	by_hand | sed 's/Ann Lee/=Bo "B", Jr/; s/^Name.*/&\nStudent number: 12/; s/F F F/F H F/' >bo.txt
	echo nothing >cy.txt
	run -3 --separate-stderr bel-explain -p fifo -f 2 --grade ann.txt bo.txt cy.txt '1w 2 3' --format csv
	[ "$stderr" = "bel-explain: cy.txt: has no table 'fifo, 2 frames'" ]
	diff - <(echo "$output") <<-'END'
		number,name,points,of,wrong,file,error
		,"Ann Lee",12,12,"","ann.txt",""
		12,"'=Bo ""B"", Jr",11,12,"fifo, 2 frames: fault at time 1: 'H', should be 'F'","bo.txt",""
		,"",,,"","cy.txt","cy.txt: has no table 'fifo, 2 frames'"
	END
	run -1 bel-explain -p fifo -f 2 --grade ann.txt bo.txt '1w 2 3'
	[ "$output" = "ann.txt, Ann Lee: 12 of 12 cells are right
bo.txt, 12, =Bo \"B\", Jr: 11 of 12 cells are right
fifo, 2 frames: fault at time 1: 'H', should be 'F'" ]
}

@test "Gradescope's results.json" {
	bel-explain -p fifo,lru -f 2 --brief '1w 2 3' | sed '0,/1w$/s/1w$/\x01"\\/' >a
	run -1 bel-explain -p fifo,lru -f 2 --grade a --format gradescope -o results.json '1w 2 3'
	diff - <(jq -c . results.json) <<-'END'
		{"score":23,"output":"23 of 24 cells are right","tests":[{"score":11,"max_score":12,"name":"fifo, 2 frames","output":"leaves at time 2: '\\x01\"', should be '1w'"},{"score":12,"max_score":12,"name":"lru, 2 frames","output":""}]}
	END
}

@test "Gradescope's results.json of a refused file" {
	echo nothing >a
	run -3 bel-explain -p fifo -f 2 --grade a --format gradescope -o results.json '1w 2 3'
	[ "$(jq -c . results.json)" = "{\"score\":0,\"output\":\"a: has no table 'fifo, 2 frames'\",\"tests\":[]}" ]
	run -2 bel-explain -p fifo --grade a a --format gradescope '1w 2 3'
	[[ $output == *'has the results of one file; 2 are given'* ]]
}

@test "a trace can be what a quiz is graded for" {
	by_hand >ann.txt
	printf '1w\n2\n3\n' >trace.txt
	run -0 bel-explain -p fifo -f 2 --grade ann.txt --from pages trace.txt
	run -0 bel-explain -p fifo -f 2 --grade ann.txt --from pages ann.txt trace.txt
	[ "${#lines[@]}" -eq 2 ]
	run -0 bel-explain -p fifo -f 2 --grade ann.txt --from pages ann.txt - <trace.txt
	[ "${#lines[@]}" -eq 2 ]
}

@test "an HTML quiz has a field for each answer, and no answers" {
	bel-explain --sheets 9 -p lru -o exam --format html
	[ "$(grep -o '<td><input' exam/sheets/9.html | wc -l)" -eq 100 ]
	run -1 grep -E '<td>[FH-]</td>|faults' exam/sheets/9.html
	run -3 bel-explain -p lru --grade exam/sheets/9.html
	[[ $output == *'9.html: is HTML, which does not have what was filled in; grade the text file that its button'* ]]
}

@test "what a browser saves from an HTML quiz is graded" {
	command -v chromium >/dev/null || skip 'chromium is not installed'
	bel-explain -p fifo -f 2 --format html --quiz '1w 2 3' |
		sed 's|<body>|&<p class="field">Student number: 77</p>|' >quiz.html
	# The answers by hand, row by row; two cells stay empty, one has a space.
	sed 's|</body>|<script>const a = ["1", "1", "3", "-", "", "2", "f", "F", "F", "", "-", "1 w"];\
		document.querySelectorAll("td input").forEach((e, i) => e.value = a[i]);\
		HTMLAnchorElement.prototype.click = function () { document.title = this.download; };\
		document.getElementById("save").click();\
		const text = answers(); document.body.innerHTML = "<pre></pre>";\
		document.querySelector("pre").textContent = text;</script></body>|' quiz.html >filled.html
	# Its socket needs a short path.
	TMPDIR=/tmp timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" \
		--dump-dom "file://$PWD/filled.html" 2>chromium.log >dom || { tail -3 chromium.log; return 1; }
	sed -n '/<pre>/,/<\/pre>/p' dom | sed 's/.*<pre>//; /<\/pre>/d' >saved.txt
	[ -s saved.txt ]
	grep -q '<title>77.txt</title>' dom
	run -1 grade saved.txt
	[ "$output" = "10 of 12 cells are right
fifo, 2 frames: leaves at time 0: no answer, should be '-'
fifo, 2 frames: frame 1 at time 1: no answer, should be '2'" ]
}

# browse FILE SCRIPT: what the page has become after the script.
browse() {
	sed "s|</body>|<script>$2</script></body>|" "$1" >browsed.html
	# Its socket needs a short path.
	TMPDIR=/tmp timeout 60 chromium --headless --no-sandbox --disable-gpu --no-first-run \
		--disable-background-networking --user-data-dir="$PWD/profile" \
		--dump-dom "file://$PWD/browsed.html" 2>chromium.log || { tail -3 chromium.log; return 1; }
}

@test "a page that checks itself says which cells are right, and shows no answer" {
	bel-explain -p fifo -f 2 --format html --quiz --self-check '1w 2 3' >quiz.html
	run -1 grep -E '>[FH-]<|network|https?:' quiz.html
	# FNV-1a of "fault at time 0|f", worked by a program of its own.
	want=$(python3 -c 'h = 2166136261
for b in b"fault at time 0|f": h = (h ^ b) * 16777619 % 2**32
print("i%08x" % h)')
	grep -q "fault at time 0\" data-code=\"$want\"" quiz.html
	# Pages a and A differ, so case counts.
	printf 'a\nA\n' | bel-explain -p fifo -f 2 --format html --quiz --self-check --from letters - |
		grep -q 'frame 0 at time 0" data-code="c'
	bel-explain --sheets 9 -p lru -o exam --format html --self-check
	[ "$(grep -o 'data-code="[ic][0-9a-f]\{8\}"' exam/sheets/9.html | wc -l)" -eq 100 ]
	run -1 grep data-code exam/keys/9.html
	run -2 bel-explain --self-check --quiz 1
	[[ $output == *'--self-check: needs --format html, and --quiz or --sheets'* ]]
	run -2 bel-explain --self-check --format html 1
	command -v chromium >/dev/null || skip 'chromium is not installed'
	# By hand: frame 0 is 1 1 3, frame 1 is - 2 2, all are faults, and 1w leaves at 2. One cell is
	# empty, two are wrong.
	browse quiz.html 'const a = ["1", "1", "4", "-", "", "2", "f", "F", "F", "-", "3", " 1 w"];\
		document.querySelectorAll("td input").forEach((e, i) => e.value = a[i]);\
		document.getElementById("check").click();' >dom
	grep -qF '>9 of 12 cells are right, 2 wrong, 1 empty<' dom
	[ "$(grep -o 'class="right"' dom | wc -l)" -eq 9 ]
	[ "$(grep -o 'class="wrong"[^>]*aria-invalid="true"' dom | wc -l)" -eq 2 ]
}

@test "LaTeX sheets and keys are documents that fit the page" {
	command -v pdflatex >/dev/null || skip 'pdflatex is not installed'
	bel-explain --sheets 1:2 -o exam -p clock,opt,ws:tau=4 -f 3,4 --format latex -n 40 --pages 300 --write-ratio 0.5
	for part in sheets keys; do
		(cd exam/$part && timeout 100 pdflatex -interaction=nonstopmode -halt-on-error $part.tex >log)
		run -1 grep Overfull exam/$part/log
	done
}

@test "no sheet is ever replaced" {
	bel-explain --sheets 4 -p lru -o exam
	echo 'filled in' >exam/sheets/4.txt
	run -3 bel-explain --sheets 4 -p lru -o exam
	[[ $output == 'bel-explain: exam/sheets/4.txt: '* ]]
	[ "$(cat exam/sheets/4.txt)" = 'filled in' ]
}

@test "a model draws 20 references to 6 pages; its options are for models only" {
	run -0 bel-explain -p lru --quiz uniform
	[ "$(grep '^page' <<<"$output" | wc -w)" -eq 22 ]
	run -0 bel-explain -p lru --seed 3 --brief uniform
	[ "$(grep '^page' <<<"$output" | cut -d'|' -f2 | xargs -n1 | sort -u | xargs)" = '0 1 2 3 4 5' ]
	run -2 bel-explain -n 5 belady
	[[ ${lines[0]} == "bel-explain: model 'belady' does not use -n" ]]
	printf '1\n2\n' >p.txt
	run -2 bel-explain -n 5 p.txt
	[[ ${lines[0]} == 'bel-explain: p.txt: is a trace; -n, --pages, '*' are for models'* ]]
}

@test "wrong usage of --sheets and --grade" {
	run -2 bel-explain --sheets 1:3
	[ "${lines[0]}" = 'bel-explain: --sheets: needs a folder for the sheets: -o FOLDER' ]
	run -2 bel-explain --sheets 1:3 -o exam belady
	[[ ${lines[0]} == "bel-explain: --sheets: 'belady' is one string for all students; "* ]]
	run -2 bel-explain --sheets 1:3 -o exam loop
	run -2 bel-explain --sheets 1:3 -o exam some.bel
	run -2 bel-explain --sheets 3:1 -o exam
	run -2 bel-explain --sheets x -o exam
	run -2 bel-explain --sheets 1:20000 -o exam
	run -2 bel-explain --sheets 1:3 -o exam --quiz
	run -2 bel-explain --grade a --format html belady
	run -2 bel-explain --format csv belady
	[ ! -e exam ]
	: >file
	run -3 bel-explain --sheets 1:3 -o file
}
