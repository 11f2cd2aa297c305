#!/bin/bash
# SPDX-License-Identifier: MIT
# gs-snomcfg with a fleet (PHONES, 10000) of 12 identities and 138 keys each:
# to nowhere, to a folder, again unchanged, beside a loop that only writes
# and renames; --check and --harden beside xmllint --noout. CPU is user and
# system time, which other work on the machine disturbs least; the best of
# five runs, or three of the short ones, counts.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
PHONES=${PHONES:-10000}
make -s BUILD="$BUILD" all "$BUILD/tests/helpers/snom_rows" \
	"$BUILD/tests/helpers/snom_bare" >/dev/null
bin=$PWD/$BUILD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
"$bin/tests/helpers/snom_rows" accounts "$PHONES" 12 >rows
"$bin/tests/helpers/snom_rows" keys "$PHONES" 138 >keys.tsv
mkdir none
args=(-q -s base_url=https://gs5.example -s certificate_url=ca.der)
cat >base.xml <<-'EOF'
	<settings><phone-settings><dim_timer perm="RW">30</dim_timer></phone-settings>
	<functionKeys><fkey idx="0" context="active" label="" perm="RW">line </fkey></functionKeys></settings>
EOF

# once FILE COMMAND...: appends "wall cpu kB" of one run to FILE.
once() {
	local out=$1
	shift
	/usr/bin/env time -f '%e %U %S %M' -o t "$@" >/dev/null 2>&1 || true
	tail -1 t | awk '{ printf "%.3f %.3f %d\n", $1, $2 + $3, $4 }' >>"$out"
}
# best FILE: only its best line stays.
best() {
	sort -n -k 2 "$1" | head -1 >t
	cp t "$1"
}
# A new folder each time: ext4 is slow for a while where much was deleted.
fresh() { out=out.$((++folders)); mkdir "$out"; }
folders=0
say() { # say TEXT FILE BYTES
	awk -v t="$1" -v n="$PHONES" -v b="${3:-0}" '{ printf "%-34s %7.3f s  cpu %7.3f s  %7.0f phones/s  %6.0f MB/s  %5.1f MB RSS\n",
		t, $1, $2, n / $2, b / $2 / 1e6, $3 / 1024 }' "$2"
}
ratio() { # ratio TEXT FILE FILE LIMIT
	awk -v t="$1" -v l="$4" 'NR == FNR { a = $2; next } { printf "  %-50s %5.2f  (to reach: %s)\n", t, a / $2, l }' "$2" "$3"
}

fresh
"$bin/gs-snomcfg" "${args[@]}" -b base.xml -o "$out" rows
bytes=$(du -sb --apparent-size "$out" | cut -f1)
echo "$PHONES phones, $((bytes / PHONES)) bytes each"
# Taking turns: what else the machine does meets all of them.
for _ in 1 2 3 4 5; do
	once r.nowhere "$bin/gs-snomcfg" "${args[@]}" -b base.xml -n -o none rows
	once r.keys "$bin/gs-snomcfg" "${args[@]}" -k keys.tsv -n -o none rows
	fresh
	once r.bare "$bin/tests/helpers/snom_bare" "$out" "$PHONES" $((bytes / PHONES))
	fresh
	once r.first "$bin/gs-snomcfg" "${args[@]}" -b base.xml -o "$out" rows
	once r.second "$bin/gs-snomcfg" "${args[@]}" -b base.xml -o "$out" rows
done
for r in nowhere keys bare first second; do best r.$r; done
say "render to nowhere" r.nowhere "$bytes"
say "to nowhere, keys from a table" r.keys "$bytes"
say "write and rename only" r.bare "$bytes"
say "render to a folder" r.first "$bytes"
say "again, unchanged" r.second "$bytes"
ratio "folder against write and rename" r.first r.bare "<= 1.5"
ratio "first run against the unchanged one" r.first r.second ">= 3"

some=$(find "$out" -name '*.xml' | sort | head -500)
# shellcheck disable=SC2086 # a list of names
for _ in 1 2 3; do once r.lint xmllint --noout $some; done; best r.lint
# shellcheck disable=SC2086
for _ in 1 2 3; do once r.check "$bin/gs-snomcfg" -q --check $some; done; best r.check
echo "500 files: xmllint $(cut -d' ' -f2 r.lint) s, --check $(cut -d' ' -f2 r.check) s"
ratio "--check against xmllint" r.check r.lint "<= 1.5"
one=$(find "$out" -name '*.xml' | head -1)
# The same phone with a large phone book.
{ sed '$d' "$one"; echo '<tbook e="2">'
  seq 48000 | awk '{ printf "<item context=\"active\" index=\"%d\"><first_name>Anna</first_name><last_name>Muster %d</last_name><number>030%d</number></item>\n", $1, $1, $1 }'
  echo '</tbook></settings>'; } >big.xml
for _ in 1 2 3; do once r.lint1 xmllint --noout big.xml; done; best r.lint1
for _ in 1 2 3; do once r.harden "$bin/gs-snomcfg" -q --harden big.xml; done; best r.harden
echo "a file of $(stat -c %s big.xml) bytes: xmllint $(cut -d' ' -f2 r.lint1) s, --harden $(cut -d' ' -f2 r.harden) s"
ratio "--harden against xmllint" r.harden r.lint1 "<= 2"
loop() { for f in $some; do "$@" "$f"; done; }
export -f loop
export some
for _ in 1 2 3; do once r.lint2 bash -c 'loop xmllint --noout'; done; best r.lint2
for _ in 1 2 3; do once r.harden2 bash -c "loop $bin/gs-snomcfg -q --harden"; done; best r.harden2
ratio "--harden against xmllint, 500 single files" r.harden2 r.lint2 "<= 2"
