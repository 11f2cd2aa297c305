#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The examples of the README and of the manual pages, run as they stand in
# a folder with the files that they name.
load lib

setup() {
	cp -rL "$GS_TOP/tests/fixtures/example" "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	# What has no end on a real machine ends here.
	mkdir ../stub
	printf '#!/bin/sh\nexec cat "${2##*/}"\n' >../stub/tail
	# The hosts of an example are this one.
	cat >../stub/parallel <<-'S'
	#!/bin/bash
	args=()
	while [ $# -gt 0 ]; do
		case $1 in
		--sshlogin | --workdir | --retries) shift 2 ;;
		*) args+=("$1"); shift ;;
		esac
	done
	exec /usr/bin/parallel "${args[@]}"
	S
	chmod +x ../stub/tail ../stub/parallel
	PATH=$BATS_TEST_TMPDIR/stub:$PATH
}

@test "README: each command prints what stands under it" {
	awk '/^```console$/ { on = 1; next } /^```$/ { on = 0 } on' \
		"$GS_TOP/README.md" >../want
	grep -c '^\$ ' ../want
	: >../got
	while IFS= read -r line; do
		[[ $line == '$ '* ]] || continue
		printf '%s\n' "$line" >>../got
		bash -c "${line#??}" >>../got 2>&1 || true
	done <../want
	mkdir -p "$GS_OUT/cli"
	cp ../got "$GS_OUT/cli/readme"
	diff -u ../want ../got
}

@test "the demo shows all commands at work" {
	# The tree may be somebody else's.
	tar -C "$GS_TOP" -c tests/demo tests/fixtures | tar -x
	mkdir bin
	for c in "$GS_TOP"/cmd/gs-*.c; do
		c=$(basename "$c" .c)
		ln -s "$GS_BIN/$c" "bin/$c"
	done
	BUILD=bin gs 0 tests/demo
	for c in bin/gs-*; do
		grep -q "^\$ ${c#bin/} " <<<"$output"
	done
	for f in call.wav call.pcap call.svg settings.xml; do
		[ -s "bin/demo/$f" ]
	done
	# README shows this picture.
	cmp bin/demo/call.svg "$GS_TOP/man/call.svg"
}

# commands: of the examples, a line each.
commands() {
	for m in "$GS_BIN"/man/*.[17]; do
		sed -e ':join' -e '/\\e$/{N' -e 's/\\e\n *//' -e 'b join' -e '}' "$m" |
			sed -n 's/^\.Dl \$ //p;s/^\$ //p' | sed 's/\\\\/\\/g;s/\\(aq/'"'"'/g'
	done
}

@test "manual pages: each command runs without trouble" {
	commands >../commands
	[ -s ../commands ]
	while IFS= read -r line; do
		echo "$line"
		rc=0
		bash -o pipefail -c "$line" >../out 2>../err </dev/null || rc=$?
		cat ../out ../err >>"$GS_OUT/cli/manuals"
		cat ../err
		[ $rc -le 1 ]
		[ -s ../out ]
	done <../commands
}

@test "manual pages and README: all is ASCII under LC_ALL=C, and tables have 80 columns" {
	{
		commands
		sed -n '/^```console$/,/^```$/s/^\$ //p' "$GS_TOP/README.md"
	} >../commands
	[ "$(wc -l <../commands)" -gt 30 ]
	while IFS= read -r line; do
		echo "$line"
		LC_ALL=C COLUMNS=80 bash -c "$line" >../out 2>../err </dev/null ||
			true
		fits ../out ../err
	done <../commands
}
