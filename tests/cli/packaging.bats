#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What packages and forges need: one version everywhere, a tarball, packages' files, HTML pages.

setup() {
	cd "$BEL_TOP" || return
	version=$(sed -n 's/^#define BEL_VERSION "\(.*\)"/\1/p' lib/base/version.h)
}

@test "the version is the same in all files" {
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ "$(sed -n 's/^version: //p' CITATION.cff)" = "$version" ]
	[ "$(sed -n 's/^## \([0-9.]*\).*/\1/p' NEWS.md | head -n 1)" = "$version" ]
	[ "$(sed -n '1s/^belady (\(.*\)) .*/\1/p' scripts/packaging/debian/changelog)" = "$version" ]
	[ "$(sed -n 's/^(*  *(version "\(.*\)")/\1/p' scripts/packaging/guix/belady.scm)" = "$version" ]
	grep -q "version(\"$version\", tag=\"v$version\")" scripts/packaging/spack/package.py
}

@test "the package of the library is named after its soname" {
	soname=$(sed -n 's/^BELADY_\([0-9]*\) .*/\1/p' lib/library/belady.map | head -n 1)
	grep -qx "Package: libbelady$soname" scripts/packaging/debian/control
	[ -f "scripts/packaging/debian/libbelady$soname.install" ]
	# A program that uses a function of a later node needs the version that brought it.
	nodes=$(sed -n 's/^\(BELADY_[0-9.]*\) .*/\1/p' lib/library/belady.map)
	[ "$(sed -n 's/^ (symver)\([^ ]*\) .*/\1/p' "scripts/packaging/debian/libbelady$soname.symbols")" = "$nodes" ]
}

@test "the recipes for Spack and Guix set only variables that the Makefile has" {
	cd scripts/packaging
	python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' spack/package.py
	names=$(grep -oh '"[A-Za-z_]*=' spack/package.py guix/belady.scm | tr -d '"=' | sort -u)
	[ "$(echo "$names" | grep -c '^pg_')" -eq 2 ]
	for name in $names; do
		grep -q "^$name [:?]=" "$BEL_TOP/Makefile" || { echo "no $name"; false; }
	done
}

@test "the forge runs the steps of .ci/run, and no other" {
	steps=$(sed -n 's/^step_\([a-z0-9]*\)().*/\1/p' .ci/run | grep -vx packages | sort)
	[ -n "$steps" ]
	# The steps of the matrix, with "packages" before each.
	[ "$(sed -n 's/^ *step: \[\(.*\)\]/\1/p' .github/workflows/check.yml | tr -d ' ' | tr , '\n' |
		sort)" = "$steps" ]
	grep -q 'bash .ci/run packages \${{ matrix.step }}' .github/workflows/check.yml
	python3 -c 'import yaml' 2>/dev/null || return 0
	python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' .github/workflows/check.yml
}

@test "make dist: the same bytes twice, with debian/ and without the history" {
	git rev-parse HEAD >/dev/null 2>&1 || skip 'this is no git repository'
	for n in 1 2; do
		scripts/packaging/dist "$version" "$BATS_TEST_TMPDIR/$n"
	done
	cmp "$BATS_TEST_TMPDIR"/[12]/"belady-$version.tar.xz"
	[ "$(ls "$BATS_TEST_TMPDIR/1")" = "belady-$version.tar.xz" ]
	tar -tf "$BATS_TEST_TMPDIR/1/belady-$version.tar.xz" >"$BATS_TEST_TMPDIR/files"
	grep -qx "belady-$version/debian/control" "$BATS_TEST_TMPDIR/files"
	grep -qx "belady-$version/Makefile" "$BATS_TEST_TMPDIR/files"
	[ "$(grep -c -v "^belady-$version/" "$BATS_TEST_TMPDIR/files")" -eq 0 ]
	[ "$(grep -c '/\.git/' "$BATS_TEST_TMPDIR/files")" -eq 0 ]
}

@test "make dist outside a repository says why not" {
	mkdir -p "$BATS_TEST_TMPDIR/tree/scripts/packaging"
	cp scripts/packaging/dist "$BATS_TEST_TMPDIR/tree/scripts/packaging"
	run "$BATS_TEST_TMPDIR/tree/scripts/packaging/dist" 1.0.0 "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq 3 ]
	[[ $output = *'this is no git repository'* ]]
	[ ! -e "$BATS_TEST_TMPDIR/out" ]
}

@test "make doc: a page for each man page, and every link leads to a file" {
	command -v mandoc >/dev/null || skip 'mandoc is not installed'
	command -v cmark-gfm >/dev/null || skip 'cmark-gfm is not installed'
	scripts/doc "$BATS_TEST_TMPDIR/doc"
	for page in cmd/*.[1-8] lib/*/*.[1-8]; do
		[ -s "$BATS_TEST_TMPDIR/doc/$(basename "$page").html" ]
		grep -q "href=\"$(basename "$page").html\"" "$BATS_TEST_TMPDIR/doc/index.html"
	done
	# The pages name each other, and pages of others are not here.
	grep -q 'href="bel-terms.7.html"' "$BATS_TEST_TMPDIR/doc/bel-sim.1.html"
	grep -q 'href="https://manpages.debian.org/valgrind.1.en.html"' \
		"$BATS_TEST_TMPDIR/doc/bel-capture.1.html"
	# So do the texts; a table of tools has names without a section.
	grep -q '<a href="bel-lecture.7.html">bel-lecture(7)</a>' "$BATS_TEST_TMPDIR/doc/README.html"
	grep -q '<td><a href="bel-sim.1.html">bel-sim</a></td>' "$BATS_TEST_TMPDIR/doc/README.html"
}
