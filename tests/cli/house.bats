#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each guard of tests/house passes over a small house in order, and fails when
# just that is broken what it guards.
load lib

setup() {
	T=$BATS_TEST_TMPDIR/house
	mkdir -p "$T"/{lib/{base,sdp,net,cert,srtp},cmd,man} \
		"$T"/tests/{helpers,unit,cli,golden/x} "$T"/build/{lib,cmd,man}
	cd "$T" || return 1
	cp "$GS_TOP/tests/house" tests
	cp "$GS_TOP"/tests/helpers/{graph,twice}.py tests/helpers
	cp "$GS_TOP/man/diagnostics" man
	local spdx='/* SPDX-License-Identifier: MIT */'
	for f in lib/base/{buf,file}.{c,h} lib/base/report.h lib/sdp/sdp.{c,h} lib/net/live.{c,h} \
		lib/cert/{x509,serve}.c lib/srtp/cipher.c cmd/gs-x.c \
		tests/unit/test_x.c; do
		echo "$spdx" >"$f"
	done
	for f in tests/cli/x.bats tests/run Makefile; do
		echo '# SPDX-License-Identifier: MIT' >"$f"
	done
	echo Read >README.md
	echo 'int gs_buf(void);' >>lib/base/buf.h
	code lib/base/buf.c '#include "base/buf.h"' 'int gs_buf(void) { return 1; }'
	mkdir -p lib/api
	printf '%s\n' 'GSPROV_0 {' global: 'gsprov_x;' 'local: *;' '};' >lib/api/gsprov.map
	code lib/net/live.c '#include "base/buf.h"' '#include "net/live.h"' \
		'int gs_net_live(void) { return gs_buf(); }'
	cat >build/gs-x <<-'X'
	#!/bin/sh
	case $1 in
	--rules) echo 'bad-thing   error    a=crypto is bad' ;;
	--explain)
		printf '%s\n' 'bad-thing (error): a=crypto is bad' \
			'Reference: RFC 1' '' 'Why it matters' \
			'  One two three four five six seven eight. Nine ten.' \
			'' 'What to do' '  One two three four five six seven.'
		;;
	--completion)
		for o in "-s o -l out" "-l in" "-s q" "-s h -l help"; do
			echo "complete -c gs-x $o -d 'as -s z -l not'"
		done ;;
	esac
	X
	chmod +x build/gs-x
	printf '%s\n' '.Dd January 1, 2026' '.Dt GS-X 1' .Os '.Sh OPTIONS' \
		'.Bl -tag' '.It Fl o , Fl -out Ar FILE' '.It Fl -in' \
		'.It Fl q' '.It Fl h , Fl -help' .El '.Sh DIAGNOSTICS' \
		'.\" RULES' >man/gs-x.1
	man/diagnostics build/gs-x <man/gs-x.1 >build/man/gs-x.1
	echo '{"rule":"bad-thing"}' >tests/golden/x/bad.json
}

# code FILE LINE...: appends lines.
code() {
	local file=$1
	shift
	printf '%s\n' "$@" >>"$file"
}
# build: objects, the shared library and a command, as the guards read them.
build() {
	local f
	for f in lib/*/*.c cmd/*.c; do
		mkdir -p "build/${f%/*}"
		cc -fPIC -Ilib -c -o "build/${f%.c}.o" "$f"
	done
	cc -shared -Wl,--version-script=lib/api/gsprov.map \
		-o build/libgsprov.so.0 build/lib/*/*.o
	echo 'int main(void) { return 0; }' |
		cc -x c -o build/gs-sdpcheck - "$@"
}
# guard NAME: what the guards of this name say.
guard() { BUILD=build SAN='' tests/house "$1"; }
passes() {
	output=$(guard "$1")
	echo "$output"
	grep -q '^ok' <<<"$output" && ! grep -q '^not ok' <<<"$output"
}
# fails NAME WORDS: one of them does, and says so.
fails() {
	output=$(guard "$1")
	echo "$output"
	[ "$(grep -c '^not ok' <<<"$output")" -eq 1 ] &&
		grep -q "^# .*$2" <<<"$output"
}

@test "house: a name at the top" {
	passes 'at the top'
	touch stray
	fails 'at the top' stray
}

@test "house: a file with the place of the tree" {
	passes 'place of this tree'
	mkdir -p tests/fuzz/corpus/x
	printf '\0%s/tests/fixtures/a.pcap' "$PWD" >tests/fuzz/corpus/x/0
	fails 'place of this tree' tests/fuzz/corpus/x/0
}

@test "house: a room that README's map lacks" {
	printf '%s\n' '## The tree' 'buf file sdp live x509 serve cipher' \
		Includes >README.md
	passes 'every room'
	code lib/base/attic.c '/* New. */'
	fails 'every room' lib/base/attic.c
	code lib/base/report.h '	F(ATTIC, attic)                 \'
	passes 'every room'
	mkdir lib/text
	code lib/text/atext.c '/* New. */'
	passes 'every room'
	code lib/text/attic2.c '/* New. */'
	fails 'every room' lib/text/attic2.c
}

@test "house: a recipe that names what is not there, or too many files" {
	page() {
		printf '%s\n' '.Sh A RULE' '.It Pa lib/base/buf.c' \
			'.Fn gs_buf' '.It Pa lib/base/mine.c Pq new' "$@" \
			>man/gsprov-hacking.7
	}
	page
	passes recipes
	page '.It Pa lib/base/attic.c'
	fails recipes 'attic.c: is not there'
	page '.It Pa lib/base/file.c Pq new'
	fails recipes 'file.c: is there'
	page '.Va attic'
	fails recipes 'A RULE: no attic'
	page '.It Pa lib/base/file.c' '.It Pa lib/base/buf.h' \
		'.It Pa lib/base/file.h'
	fails recipes 'A RULE: 5 files'
	page 'make && tests/run cli-attic'
	fails recipes 'cli-attic: no such test'
}

@test "house: another licence than README's" {
	printf '%s\n' MIT as-is >man/copyright
	cat man/copyright >>README.md
	passes 'licence ends'
	echo more >>README.md
	fails 'licence ends' more
}

@test "house: an SPDX line that is missing" {
	passes SPDX
	for f in lib/net/live.h tests/cli/x.bats tests/helpers/twice.py \
		man/diagnostics; do
		cp "$f" was
		sed -i /SPDX/d "$f"
		fails SPDX "$f"
		cp was "$f"
	done
	passes SPDX
}

@test "house: a command of more than 300 lines" {
	seq -f '/* %g */' 299 >>cmd/gs-x.c
	passes '300 lines'
	echo >>cmd/gs-x.c
	fails '300 lines' 'cmd/gs-x.c has 301 lines'
	echo 'gs-x 301' >tests/house.known
	passes '300 lines'
}

@test "house: a function of 7 parameters" {
	code lib/base/buf.c int 'gs_six(int a, int b, void (*c)(int x, int y), int d,' \
		'    int e, const char *fmt, ...)' '{' '	return f(a, b, c, d, e, 1, 2);' '}'
	passes parameters
	code lib/base/file.c int 'gs_seven(int a, int b, void (*c)(int x, int y), int d,' \
		'    int e, int f, int g)' '{' '}'
	fails parameters 'lib/base/file.c: gs_seven() has 7'
}

@test "house: a run of 6 lines that stands twice" {
	code lib/sdp/sdp.c 'a = 1;' 'b = 2;' 'c = 3;' 'd = 4;' 'e = 5;' 'f = 6;'
	code lib/base/file.c 'a = 1;' 'b = 2;' 'c = 3;' 'd = 4;' 'e = 5;' 'g = 6;'
	passes twice
	# Layout, comments and what is passed over do not hide it.
	code cmd/gs-x.c 'x();' 'a  = 1; /* why' 'and how */' '	b = 2;' '}' '' \
		'#include <c.h>' 'c = 3;' 'd = 4;' 'e = 5;' '/* f */ f = 6;'
	fails twice '6 lib/sdp/sdp.c:2-7 cmd/gs-x.c:3-12'
	sed -i 's/e = 5/e = 6/' cmd/gs-x.c
	passes twice
	# So it is within one file.
	seq -f 'call(%g);' 6 >>lib/net/live.c
	passes twice
	seq -f 'call(%g);' 6 >>lib/net/live.c
	fails twice '6 lib/net/live.c'
}

@test "house: an include by another path" {
	passes 'wing and file'
	code lib/net/live.c '#include "../base/file.h"'
	fails 'wing and file' ../base/file.h
	sed -i '$d' lib/net/live.c
	passes 'wing and file'
	code lib/net/live.c '#include "live.h"'
	fails 'wing and file' live.h
}

@test "house: include lines in a circle" {
	code lib/base/buf.h '#include "file.h"'
	passes 'include lines'
	code lib/base/file.h '#include "../base/buf.h"'
	fails 'include lines' 'base/buf.h'
}

@test "house: a chain of six includes" {
	code lib/sdp/sdp.c '#include "sdp/sdp.h"'
	code lib/sdp/sdp.h '#include "h1.h"'
	for i in 1 2 3 4 5; do
		passes deep
		code "lib/sdp/h$i.h" "#include \"h$((i + 1)).h\""
	done
	: >lib/sdp/h6.h
	fails deep '7: lib/sdp/sdp.c.*lib/sdp/h6.h'
}

@test "house: an arrow that points up or aside" {
	passes arrows
	code lib/base/buf.c '#include "net/live.h"'
	fails arrows 'base/buf.c includes net/live.h'
	sed -i /live/d lib/base/buf.c
	code lib/sdp/sdp.h '#include "../net/live.h"'
	fails arrows 'sdp/sdp.h includes net/live.h'
	sed -i /live/d lib/sdp/sdp.h
	code lib/srtp/cipher.c '#include "net/live.h"' '#include "sdp/sdp.h"'
	passes arrows
}

@test "house: a private header abroad" {
	touch lib/net/live_priv.h
	code lib/net/live.c '#include "live_priv.h"'
	passes private
	code lib/srtp/cipher.c '#include "net/live_priv.h"'
	fails private 'srtp/cipher.c includes net/live_priv.h'
}

@test "house: a third-party library that enters by a second file" {
	code lib/net/live.c '#include <pcap.h>'
	code lib/cert/x509.c '#include <openssl/x509.h>'
	code lib/cert/serve.c '#include <openssl/ssl.h>'
	code lib/srtp/cipher.c '#include <openssl/evp.h>'
	passes third-party
	# Through two headers of ours.
	code lib/net/live.h '#include "deep.h"'
	code lib/net/deep.h '#include <pcap/pcap.h>'
	passes third-party
	code lib/base/file.c '#include "net/live.h"'
	fails third-party 'pcap lib: lib/base/file.c lib/net/live.c'
	sed -i /live/d lib/base/file.c
	code cmd/gs-x.c '#include "net/live.h"'
	fails third-party 'pcap cmd: cmd/gs-x.c'
	sed -i /live/d cmd/gs-x.c
	code lib/base/buf.c '#include <zlib.h>'
	passes third-party
	code lib/net/live.c '#include <zlib.h>'
	fails third-party 'zlib lib: lib/base/buf.c lib/net/live.c'
	sed -i /zlib/d lib/net/live.c
	for f in lib/cert/third.c lib/net/frame.c lib/srtp/keys.c; do
		code "$f" '#include <openssl/bio.h>'
		fails third-party "openssl ${f%/*}: .*$f"
		rm "$f"
	done
	passes third-party
}

@test "house: calls in a circle" {
	build
	passes 'calls between'
	# No header says so.
	code lib/base/buf.c 'int gs_net_live(void);' \
		'int gs_more(void) { return gs_net_live(); }'
	build
	passes 'include lines'
	fails 'calls between' 'circle: lib/base/buf lib/net/live'
	echo 'circles 1' >tests/house.known
	passes 'calls between'
}

@test "house: a library that prints, exits or asks the environment" {
	build
	passes prints
	for call in 'puts("x")' 'exit(1)' 'getenv("x")' 'time(0)'; do
		echo "#include <stdio.h>
#include <stdlib.h>
#include <time.h>
void gs_file(void) { (void)$call; }" >lib/base/file.c
		build
		fails prints "lib/base/file.o: ${call%%(*}"
	done
}

@test "house: a call of an unsafe function" {
	build
	passes unsafe
	code cmd/gs-x.c '#include <string.h>' \
		'void x(char *to, const char *from) { strcpy(to, from); }'
	build
	fails unsafe 'cmd/gs-x.o: strcpy'
}

@test "house: a foreign name in the shared library" {
	build
	passes 'gsprov_ names only'
	code lib/base/file.c 'void helper(void) {}'
	sed -i 's/^global:/&\n\thelper;/' lib/api/gsprov.map
	build
	fails 'gsprov_ names only' helper
}

@test "house: a prefix that is not the wing's" {
	build
	sed -i 's/^\(	\)# result/\1result/' tests/house
	passes prefix
	code lib/net/live.c 'int gs_live_more;'
	build
	fails prefix 'lib/net/live.o: gs_live_more'
	sed -i 's/int gs_live_more/static &/' lib/net/live.c
	build
	passes prefix
}

@test "house: a function that only its file or a test calls" {
	build
	code cmd/gs-x.c 'int gs_net_live(void);' \
		'int main(void) { return gs_net_live(); }'
	build
	passes 'taken by another'
	code tests/unit/test_x.c 'int x(void) { return gs_alone(); }'
	code lib/base/file.c 'int gs_alone(void) { return 1; }' \
		'static int gs_inside(void) { return 1; }' \
		'int gs_inner(void) { return gs_inside(); }'
	code lib/net/live.c 'int gs_inner(void);' \
		'static int here(void) { return gs_inner(); }' \
		'int gs_net_live2(void) { return here(); }'
	code cmd/gs-x.c 'int gs_net_live2(void);' \
		'int other(void) { return gs_net_live2(); }'
	build
	fails 'taken by another' 'lib/base/file.o: gs_alone'
	[[ $output != *gs_inner* && $output != *gs_inside* ]]
}

@test "house: a library that gs-sdpcheck needs" {
	build
	passes 'C library alone'
	build -Wl,--no-as-needed -lcrypto
	fails 'C library alone' libcrypto
}

@test "house: a library that is linked, and not loaded" {
	build
	passes 'that is loaded'
	build -Wl,--no-as-needed -lpcap
	fails 'that is loaded' libpcap
}

@test "house: an option that is not in the manual" {
	passes 'every option'
	for o in o -out -in q h -help; do
		cp build/man/gs-x.1 was
		# That it is named in the text is not enough.
		sed -i "s/ Fl $o\b/ Ar x/; \$a.Fl $o" build/man/gs-x.1
		fails 'every option' "gs-x -$o"
		cp was build/man/gs-x.1
	done
	passes 'every option'
	sed -i '/--completion/,/;;/d' build/gs-x
	sed -i 's/^\tesac/&/' build/gs-x
	fails 'every option' 'gs-x: no options'
}

@test "house: a rule that is not in the manual" {
	passes 'its manual'
	sed -i 's/ Po error/ Po note/' build/man/gs-x.1
	fails 'every rule .* its.manual' bad-thing
	sed -i '/^.It Ic bad-thing/d' build/man/gs-x.1
	fails 'every rule .* its.manual' bad-thing
}

@test "house: a rule that no golden file and no test has" {
	passes 'golden'
	echo '{"rule":"bad-thing-2"}' >tests/golden/x/bad.json
	fails golden bad-thing
	rm -r tests/golden/x
	code tests/cli/x.bats '# bad-thing' '[[ $output != *bad-thing* ]]' \
		'has a-bad-thing'
	fails golden bad-thing
	code tests/cli/x.bats 'has bad-thing'
	passes golden
}

@test "house: a rule that is not explained" {
	passes explained
	sed -i 's/One two.*seven\.//' build/gs-x
	fails explained bad-thing
}

@test "house: a command without --rules" {
	sed -i '/--rules)/d' build/gs-x
	for guard in 'every rule .* its.manual' golden explained; do
		fails "$guard" 'gs-x has no --rules'
	done
	run man/diagnostics build/gs-x <man/gs-x.1
	[ "$status" -ne 0 ]
}

@test "a manual gets its rules, with terms as they are spelled" {
	grep -qxF '.It Ic bad-thing Po error Pc : "a=crypto is bad"' \
		build/man/gs-x.1
	diff /dev/stdin <(mandoc -T ascii -O width=78 build/man/gs-x.1 2>/dev/null |
		sed 's/.\x08//g' | grep bad-thing) <<-'END'
	     bad-thing (error): a=crypto is bad
	END
	for c in gs-certgen gs-snomcfg gs-sdpcheck gs-srtpdump; do
		"$GS_TOP/man/options" "$GS_BIN/$c" <"$GS_TOP/man/$c.1" |
			"$GS_TOP/man/diagnostics" "$GS_BIN/$c" |
			diff - "$GS_BIN/man/$c.1"
		[ "$(grep -c '^\.It Ic .* Po ' "$GS_BIN/man/$c.1")" -eq \
			"$("$c" --rules | wc -l)" ]
		! grep -q 'RULES$' "$GS_BIN/man/$c.1"
	done
	grep -qF 'Pc : "a=crypto before' "$GS_BIN/man/gs-sdpcheck.1"
	grep -qF 'Pc : "cafile.pem does' "$GS_BIN/man/gs-certgen.1"
}
