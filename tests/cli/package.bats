#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The tarball builds alone; the Debian package goes in and out again.
load lib

setup_file() {
	cd "$GS_TOP"
	make -s BUILD="$BUILD" dist >"$BATS_FILE_TMPDIR/log" 2>&1
	make -s BUILD="$BUILD" SAN="${SAN:-}" ${SAN:+CFLAGS='-O1 -g'} deb \
		>>"$BATS_FILE_TMPDIR/log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/log" >&2
		return 1
	}
	export TARBALL=$BUILD/gsprov-*.tar.gz DEB=$BUILD/gsprov_*.deb
}
setup() {
	cd "$GS_TOP"
	# shellcheck disable=SC2086 # to have the '*' of each expanded
	TARBALL=$(realpath $TARBALL) DEB=$(realpath $DEB)
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "the tarball builds alone, and what it builds works" {
	tar -xf "$TARBALL"
	cd gsprov-*/
	make -s -j2 BUILD=out CFLAGS=-O0 all
	for c in cmd/gs-*.c; do
		c=$(basename "$c" .c)
		gs 0 "out/$c" --version
		[[ $output == "$c (gsprov) "* ]]
	done
	gs 0 out/gs-sdpcheck --require savp tests/fixtures/example/phone.log
	[[ $output == *"encrypted, 0 errors"* ]]
}

@test "a tarball can be made from the tarball, also inside a repository" {
	git init -q .
	tar -xf "$TARBALL"
	cd gsprov-*/
	mkdir build
	touch build/left-over
	make -s BUILD=build dist
	mkdir ../again
	tar -C ../again -xf build/gsprov-*.tar.gz
	rm -r build
	diff -r . ../again/gsprov-*/
}

@test "the package depends on what its programs are linked with" {
	dpkg-deb -f "$DEB" Depends | tr ',' '\n' | sed 's/^ *//;s/ .*//' |
		sort >depends
	cat depends
	for f in "$GS_BIN"/gs-* "$GS_BIN/libgsprov.so.0"; do
		[ -f "$f" ] && [ -x "$f" ] || continue
		for so in $(readelf -d "$f" |
			sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p'); do
			dpkg -S "*/$so" | sed 's/:.*//' |
				grep -qxFf depends
		done
	done
}

@test "all of the package belongs to root and may be read" {
	dpkg-deb -c "$DEB" >list
	not grep -v ' root/root ' list
	not grep -vE '^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) ' list
	dpkg-deb --fsys-tarfile "$DEB" | tar -x -C "$BATS_TEST_TMPDIR"
	# Where it was built is nobody's business.
	[ -n "${SAN:-}" ] || ! grep -rl "$GS_TOP" usr
}

@test "the package is installed, works, and is removed without a trace" {
	root=$PWD/root
	as=()
	[ "$(id -u)" -eq 0 ] || as=(unshare -r)
	mkdir -p root/var/lib/dpkg/{info,updates,triggers}
	touch root/var/lib/dpkg/{status,available}
	dpkg() {
		PATH=$PATH:/usr/sbin:/sbin "${as[@]}" "$(type -P dpkg)" \
			--root="$root" --log="$PWD/log" --force-depends "$@"
	}
	dpkg -i "$DEB"
	dpkg -s gsprov | grep -x 'Status: install ok installed'
	for f in "$GS_BIN"/gs-*; do
		c=${f##*/}
		[ -f "$f" ] && [ -x "$f" ] || continue
		gs 0 "root/usr/bin/$c" --version
		zcat "root/usr/share/man/man1/$c.1.gz" | mandoc -Tmarkdown |
			grep -q '^# NAME'
		[ -s "root/usr/share/zsh/vendor-completions/_$c" ]
	done
	grep -q 'Permission is hereby granted' \
		root/usr/share/doc/gsprov/copyright
	(cd root && md5sum -c --quiet var/lib/dpkg/info/gsprov.md5sums)
	PKG_CONFIG_SYSROOT_DIR=$root \
		PKG_CONFIG_PATH=$(echo root/usr/lib/*/pkgconfig) \
		pkg-config --libs gsprov
	dpkg -r gsprov
	dpkg -P gsprov 2>/dev/null || true
	[ -z "$(find root -path root/var/lib/dpkg -prune -o \
		! -type d -print)" ]
	[ ! -e root/usr ]
}
