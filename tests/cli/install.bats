#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What "make install" leaves works without this tree, and goes away again.
load lib

setup_file() {
	export P=$BATS_FILE_TMPDIR/usr
	cd "$GS_TOP"
	make -s BUILD="$BUILD" PREFIX="$P" SAN="${SAN:-}" \
		${SAN:+CFLAGS='-O1 -g'} install
}

@test "a ten-line program compiles, links and runs against it" {
	cat >"$BATS_TEST_TMPDIR/count.c" <<-'C'
	#include <gsprov/calls/dialog.h>
	#include <gsprov/sdp/rules.h>
	#include <gsprov/text/textsrc.h>
	#include <stdio.h>
	static void on(void *n, const struct gs_calls_result *r) { *(int *)n += r->kind == GS_RESULT_BLOCK; }
	int main(void) {
		int n = 0; struct gs_diags d; gs_diags_init(&d, gs_sdp_rules, NULL, 100);
		struct gs_calls_dialogs *t = gs_calls_dialogs_new(0, &d, on, &n);
		struct gs_text_sink s = gs_calls_dialogs_sink(t); struct gs_text_reader *x = gs_text_reader_new(GS_TEXT_AUTO, &s);
		if (gs_text_reader_feed(x, GS_LIT("v=0\r\nm=audio 9 RTP/SAVP 0\r\n")) || gs_text_reader_end(x)) return 1;
		printf("%d SDP, %d errors\n", n, (int)d.total[GS_ERROR]);
		gs_text_reader_free(x); gs_calls_dialogs_free(t); gs_diags_free(&d); return 0; }
	C
	flags=$(PKG_CONFIG_PATH=$P/lib/pkgconfig pkg-config --cflags --libs gsprov)
	# shellcheck disable=SC2086
	cc -std=c11 -Wall -Werror ${SAN:+-fsanitize=address,undefined} \
		-o "$BATS_TEST_TMPDIR/count" "$BATS_TEST_TMPDIR/count.c" $flags
	LD_LIBRARY_PATH=$P/lib gs 0 "$BATS_TEST_TMPDIR/count"
	[ "$output" = "1 SDP, 2 errors" ]
	readelf -d "$BATS_TEST_TMPDIR/count" | grep -q 'libgsprov.so.0'
}

@test "every public header can be included alone" {
	cd "$P/include/gsprov"
	for h in */*.h; do
		echo "#include <gsprov/$h>" |
			cc -std=c11 -Wall -Werror -fsyntax-only \
				-I"$P/include" -x c -
	done
}

@test "the manual pages are there and readable" {
	for m in "$P"/share/man/man1/gs-*.1 "$P/share/man/man7/gsprov.7"; do
		mandoc -Tmarkdown "$m" | grep -q '^# NAME'
	done
}

@test "the shells find their completions where they look" {
	for c in "$P"/bin/*; do
		c=${c##*/}
		[ -s "$P/share/bash-completion/completions/$c" ]
		[ -s "$P/share/zsh/site-functions/_$c" ]
		[ -s "$P/share/fish/vendor_completions.d/$c.fish" ]
	done
}

@test "uninstall leaves no file" {
	make -s -C "$GS_TOP" BUILD="$BUILD" PREFIX="$P" uninstall
	[ -z "$(find "$P" -type f -o -type l)" ]
}
