# SPDX-License-Identifier: MIT
# What texts tell gs-srtpdump of keys, addresses and codecs. The inputs are
# those that golden/announced.txt names. GOLDEN=write tests/run cli/announced
# writes it anew: read the difference.

@test "keys, addresses and codecs of every text are the ones known" {
	golden=$GS_TOP/tests/golden/announced.txt
	cd "$GS_TOP/tests"
	while read -r _ file how; do
		# How is -p or nothing.
		# shellcheck disable=SC2086
		said=$("$GS_BIN/tests/helpers/announced" $how "$file")
		echo "== $file${how:+ $how}"
		[ -z "$said" ] || LC_ALL=C sort <<<"$said"
	done < <(grep '^== ' "$golden") >"$BATS_TEST_TMPDIR/said"
	if [ "${GOLDEN:-}" = write ]; then
		cp "$BATS_TEST_TMPDIR/said" "$golden"
	fi
	diff -u "$golden" "$BATS_TEST_TMPDIR/said"
}
