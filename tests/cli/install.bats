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

# programs: the ones of gsprov(3), as the files 1.c, 2.c and so on.
programs() {
	awk '/^\.Bd -literal/ { n++; next } /^\.Ed/ { close(n ".c"); on = 0 }
		/^#include <gsprov.h>/ { on = 1 }
		on { gsub(/\\e/, "\\"); print > (n ".c") }' \
		"$GS_TOP/man/gsprov.3"
}

# build COMPILER OPTION...: makes N of each N.c against what is installed.
build() {
	local flags c
	flags=$(PKG_CONFIG_PATH=$P/lib/pkgconfig pkg-config \
		--cflags --libs gsprov)
	for c in [1-9].c; do
		# shellcheck disable=SC2086
		"$@" -Wall -Wextra -Werror ${SAN:+-fsanitize=address,undefined} \
			-o "${c%.c}" "$c" -x none $flags
	done
}

# try: the programs do what the manual says.
try() {
	local fixtures=$GS_TOP/tests/fixtures
	export LD_LIBRARY_PATH=$P/lib
	printf 'v=0\r\nm=audio 9 RTP/AVP 0\r\n' >plain.sdp
	gs 1 ./1 plain.sdp
	[[ $output == *'[media-plain]'* ]]
	gs 2 ./1 /nowhere
	[[ $errors == */nowhere* ]]
	# An SRTP packet: 12 octets of header, 160 of audio, 10 of tag.
	tshark -r "$fixtures/example/call.pcap" -Y 'udp.length == 190' \
		-T fields -e udp.payload 2>tshark.err | head -1 |
		/usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(
			bytes.fromhex(sys.stdin.read()))' >packet
	key=$(tshark -r "$fixtures/example/call.pcap" -Y sdp -T fields \
		-e sdp.media_attr 2>tshark.err | grep -o 'crypto:1 [^ ]* inline:[A-Za-z0-9+/=]*' | head -2)
	# One of the two keys is that of the packet's direction.
	sed 's/^/a=/;1q' <<<"$key" | ./2 packet >plain ||
		sed -n 's/^/a=/;2p' <<<"$key" | ./2 packet >plain
	[ "$(stat -c %s plain)" = 172 ]
	gs 1 ./2 packet <<<"no key"
	gs 0 ./3 "$fixtures/example/call.pcap"
	[[ $output == *' packets opened'*' octets' ]]
	gs 0 ./3 "$fixtures/example/tls-call.pcap" "$fixtures/example/agent.pem"
	[[ $output =~ ' '([1-9][0-9]*)' of '([0-9]+)' packets opened' ]]
	[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]
	gs 0 ./3 "$fixtures/example/tls-call.pcap"
	[[ $output == *': 0 of '* ]]
	# It holds the phone's passwords.
	./4 <"$fixtures/example/settings.xml" >hard.xml
	grep -q 'transport=tls' hard.xml
	mkdir root
	gs 0 "$GS_BIN/gs-certgen" --root "$PWD/root" -q pbx.example.com
	gs 0 ./5 "$PWD/root"
	[[ $output == *'82'[0-9]' days left'* ]]
	rm -r root
}

@test "the programs of gsprov(3) compile, link and run, in C" {
	cd "$BATS_TEST_TMPDIR"
	programs
	[ "$(ls [1-9].c)" = "$(seq -f %g.c 5)" ]
	build cc -std=c11
	try
	readelf -d 1 | grep -q 'libgsprov.so.0'
}

@test "the same programs, in C++" {
	cd "$BATS_TEST_TMPDIR"
	programs
	build g++ -std=c++17 -Wno-error=missing-field-initializers -x c++
	try
}

@test "one header is installed, and its functions are all that is exported" {
	cd "$BATS_TEST_TMPDIR"
	[ "$(find "$P/include" -type f)" = "$P/include/gsprov.h" ]
	echo '#include <gsprov.h>' |
		cc -std=c11 -Wall -Werror -fsyntax-only -I"$P/include" -x c -
	grep -oE '\bgsprov_[a-z_]+\(' "$P/include/gsprov.h" | tr -d '(' |
		grep -vx gsprov_packet | sort -u >want
	nm -D --defined-only "$P/lib/libgsprov.so.0" |
		sed -n 's/.* T \(.*\)@@GSPROV_0/\1/p' | sort >got
	diff want got
	[ "$(nm -D --defined-only "$P/lib/libgsprov.so.0" | grep -vc @@)" = 1 ]
	grep -oE '\.Fn gsprov_[a-z_]+' "$GS_TOP/man/gsprov.3" |
		sed 's/^.Fn //' | sort -u | diff want -
}

@test "the manual pages are there and readable" {
	for m in "$P"/share/man/man1/gs-*.1 "$P"/share/man/man7/gsprov*.7; do
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

@test "the units and cron lines are good where they are installed" {
	local e=$P/share/gsprov/examples
	[ -z "$(grep -rh '@[A-Z]*@' "$e")" ]
	run systemd-analyze verify --man=no "$e"/*.service "$e"/*.socket "$e"/*.timer
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# cron's own PATH has neither sbin nor what lies below a prefix.
	for f in gsprov-hook gs-certgen; do
		path=$(sed -n 's/^PATH=//p' "$e/$f.cron")
		for c in gs-certgen gs-snomcfg; do
			[ "$(env -i PATH="$path" sh -c "command -v $c")" = "$P/bin/$c" ]
		done
	done
	path=$(sed -n 's/^PATH=//p' "$e/gsprov-hook.cron")
	env -i PATH="$path" sh -c 'command -v service flock chgrp find'
}

@test "uninstall leaves no file" {
	make -s -C "$GS_TOP" BUILD="$BUILD" PREFIX="$P" uninstall
	[ -z "$(find "$P" -type f -o -type l)" ]
}
