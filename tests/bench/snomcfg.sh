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
# row WORK FILE NAME FILE [OF]: against a peer of this name; OF is what a run
# does so many of.
row() {
	awk -v w="$1" -v p="$3" -v n="${5:-$PHONES phones}" '
		function rate(s) {
			split(n, of, " ")
			if (of[2] == "phones")
				return sprintf("%.0f /ms", of[1] / 1e3 / s)
			return sprintf("%.0f MB/s", of[1] / 1e6 / s)
		}
		NR == FNR { a = $2; m = $3; next }
		{ printf "%s\t%s\t%s %s\t%.2f\t%.1f\n", w, rate(a), p,
			rate($2), a / $2, m / 1024 }' "$2" "$4"
}

fresh
"$bin/gs-snomcfg" "${args[@]}" -b base.xml -o "$out" rows
bytes=$(du -sb --apparent-size "$out" | cut -f1)
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
row "render phones" r.nowhere "write, rename" r.bare
row "render phones, 138 keys" r.keys "write, rename" r.bare
row "render phones to a folder" r.first "write, rename" r.bare
row "the same, unchanged" r.second "write, rename" r.bare

some=$(find "$out" -name '*.xml' | sort | head -500)
# shellcheck disable=SC2086 # a list of names
for _ in 1 2 3; do once r.lint xmllint --noout $some; done; best r.lint
# shellcheck disable=SC2086
for _ in 1 2 3; do once r.check "$bin/gs-snomcfg" -q --check $some; done; best r.check
size=$(cat $some | wc -c)
row "check phones" r.check xmllint r.lint "$size bytes"
one=$(find "$out" -name '*.xml' | head -1)
# The same phone with a large phone book.
{ sed '$d' "$one"; echo '<tbook e="2">'
  seq 48000 | awk '{ printf "<item context=\"active\" index=\"%d\"><first_name>Anna</first_name><last_name>Muster %d</last_name><number>030%d</number></item>\n", $1, $1, $1 }'
  echo '</tbook></settings>'; } >big.xml
for _ in 1 2 3; do once r.lint1 xmllint --noout big.xml; done; best r.lint1
for _ in 1 2 3; do once r.harden "$bin/gs-snomcfg" -q --harden big.xml; done; best r.harden
row "harden a phone book" r.harden xmllint r.lint1 "$(stat -c %s big.xml) bytes"
loop() { for f in $some; do "$@" "$f"; done; }
export -f loop
export some
for _ in 1 2 3; do once r.lint2 bash -c 'loop xmllint --noout'; done; best r.lint2
for _ in 1 2 3; do once r.harden2 bash -c "loop $bin/gs-snomcfg -q --harden"; done; best r.harden2
row "harden phones one by one" r.harden2 xmllint r.lint2 "$size bytes"
