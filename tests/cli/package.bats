# SPDX-License-Identifier: MIT
# The tarball builds alone, in a folder whose name has a blank; the package
# that this makes is the same each time, and goes in and out again.
load lib

# spare: what was compiled from the very same sources is not compiled again, but
# for one object by each rule. One whose sources are not all here is, too.
spare() {
	local f
	for f in Makefile cmd lib; do
		diff -rq "$f" "$GS_TOP/$f" || return 0
	done
	# Not what another state of them left.
	make -s -q -C "$GS_TOP" BUILD="$BUILD" all || return 0
	mkdir build
	cp -r "$GS_BIN"/{cmd,lib} build
	rm build/cmd/cli.o build/lib/base/buf.o
}

setup_file() {
	cd "$GS_TOP"
	make -s BUILD="$BUILD" dist >"$BATS_FILE_TMPDIR/log" 2>&1
	export TARBALL TREE DEB
	TARBALL=$(realpath "$BUILD"/gsprov-*.tar.gz)
	mkdir "$BATS_FILE_TMPDIR/a folder"
	cd "$BATS_FILE_TMPDIR/a folder"
	tar -xf "$TARBALL"
	cd gsprov-*/
	TREE=$PWD
	spare
	# How small it is does not matter.
	export DPKG_DEB_COMPRESSOR_LEVEL=1
	make -s -j2 CFLAGS=-O0 deb >>"$BATS_FILE_TMPDIR/log" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/log" >&2
		return 1
	}
	DEB=$(realpath build/gsprov_*.deb)
}
setup() { cd "$BATS_TEST_TMPDIR"; }

# in_tree OPTION...: make, in the tree of the tarball.
in_tree() { make -s -C "$TREE" CFLAGS=-O0 "$@"; }

@test "what the tarball builds works" {
	cd "$TREE"
	for c in cmd/gs-*.c; do
		c=$(basename "$c" .c)
		gs 0 "build/$c" --version
		[[ $output == "$c (gsprov) "* ]]
	done
	gs 0 build/gs-sdpcheck --require savp tests/fixtures/example/phone.log
	[[ $output == *"encrypted, 0 errors"* ]]
}

@test "the tarball is the same each time" {
	cp "$TARBALL" first
	(umask 077; TZ=Asia/Tokyo make -s -C "$GS_TOP" BUILD="$BUILD" dist)
	cmp "$TARBALL" first
}

@test "a tarball is made from the tarball, inside a repository, too" {
	mkdir "two words"
	cd "two words"
	git init -q .
	tar -xf "$TARBALL"
	cd gsprov-*/
	mkdir build
	touch build/left-over
	make -s BUILD=build dist
	cp build/gsprov-*.tar.gz ../first
	find . -exec touch {} +
	chmod 640 Makefile
	make -s BUILD=build dist
	cmp build/gsprov-*.tar.gz ../first
	mkdir ../again
	tar -C ../again -xf build/gsprov-*.tar.gz
	rm -r build
	diff -r . ../again/gsprov-*/
}

@test "an object is the same wherever it is compiled" {
	mkdir other
	cp -a "$TREE"/{Makefile,.release,cmd,lib,man,tests} other
	for o in base/buf cert/rules; do
		make -s -C other CFLAGS='-O0 -g' "build/lib/$o.o"
		make -s -C "$TREE" BUILD=with-g CFLAGS='-O0 -g' \
			"with-g/lib/$o.o"
		cmp "other/build/lib/$o.o" "$TREE/with-g/lib/$o.o"
	done
}

@test "the package is the same each time" {
	cp "$DEB" first
	touch "$TREE/man/copyright" "$TREE/tests/fixtures/example/keys"
	(umask 077; TZ=Asia/Tokyo in_tree deb)
	cmp "$DEB" first
	dpkg-deb -c "$DEB" >list
	day=$(date -u -d "@$(cut -d ' ' -f 1 "$TREE/.release")" '+%F %H:%M')
	not grep -v -- " $day " list
}

@test "what is installed is the same each time, and all of it goes again" {
	for d in "one $USER" two; do
		in_tree PREFIX=/usr DESTDIR="$PWD/$d" install
	done
	diff -r "one $USER" two
	cmp <(cd two && find . -printf '%p %m %l\n' | sort) \
		<(cd "one $USER" && find . -printf '%p %m %l\n' | sort)
	cmp "$TREE/man/copyright" two/usr/share/doc/gsprov/copyright
	diff -r "$TREE/tests/fixtures/example" two/usr/share/doc/gsprov/examples
	diff -r "$TREE/man/schema" two/usr/share/gsprov/schema
	in_tree PREFIX=/usr DESTDIR="$PWD/one $USER" uninstall
	[ -z "$(find "one $USER" ! -type d)" ]
	in_tree PREFIX="$PWD/a prefix" install
	PKG_CONFIG_PATH="$PWD/a prefix/lib/pkgconfig" pkg-config --libs gsprov |
		grep -xF -e "-L$PWD/a\\ prefix/lib -lgsprov "
}

@test "lintian has nothing to say" {
	run lintian --allow-root --fail-on error,warning "$DEB"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# said OPTION...: maintainer and date of the package that this would make.
said() { in_tree "$@" -n deb | grep -oE "'Maintainer: .*>'|@[0-9]+\\)"; }

@test "the package is by whom the environment says, or the last commit" {
	read -r seconds who <"$TREE/.release"
	[[ $seconds =~ ^[0-9]+$ && $who == *" <"*@*">" ]]
	[ "$(dpkg-deb -f "$DEB" Maintainer)" = "$who" ]
	dpkg-deb --fsys-tarfile "$DEB" |
		tar -xO ./usr/share/doc/gsprov/changelog.gz | zcat |
		grep -qxF " -- $who  $(date -uRd "@$seconds")"
	export DEBFULLNAME="Any One" DEBEMAIL=any@one.example
	export SOURCE_DATE_EPOCH=86400
	[ "$(said)" = "@86400)
'Maintainer: Any One <any@one.example>'" ]
	said DEB_MAINTAINER='Other <o@one.example>' | grep -q ': Other <o@'
	# In a repository it is the last commit's author.
	unset DEBFULLNAME DEBEMAIL SOURCE_DATE_EPOCH
	cp -a "$TREE"/{Makefile,cmd,lib,man} .
	git init -q .
	git add Makefile
	git -c user.name=Git -c user.email=git@one.example commit -q -m x \
		--date=@7 --no-gpg-sign
	make -n deb | grep -q "'Maintainer: Git <git@one.example>'"
}

@test "the package depends on what its programs are linked with" {
	dpkg-deb -f "$DEB" Depends | tr ',' '\n' | sed 's/^ *//;s/ .*//' |
		sort >depends
	cat depends
	for f in "$TREE"/build/gs-* "$TREE/build/libgsprov.so.0"; do
		[ -f "$f" ] && [ -x "$f" ] || continue
		readelf -d "$f" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p'
	done | sort -u >needed
	[ "$(wc -l <needed)" -ge 7 ]
	sed 's,^,*/,' needed | xargs dpkg -S >owners
	while read -r so; do
		grep -F "/$so" owners | sed 's/:.*//' | grep -qxFf depends
	done <needed
}

@test "the package names what its programs load by name" {
	dpkg-deb -f "$DEB" Depends Recommends Suggests | tr ',' '\n' |
		sed 's/^[A-Za-z]*://;s/^ *//;s/ .*//' >named
	grep -rhoE '"lib[a-z0-9-]+\.so\.[0-9]+"' "$TREE"/lib | tr -d '"' |
		sort -u >loaded
	[ "$(wc -l <loaded)" -ge 9 ]
	sed 's,^,*/,' loaded | xargs dpkg -S >owners
	while read -r so; do
		# Under its own name, or under one that it provides, as packages do
		# that were renamed for a time_t of 64 bits.
		dpkg-query -W -f '${Package}\n${Provides}\n' \
			"$(grep -F "/$so" owners | sed 's/:.*//;q')" |
			tr ',' '\n' | sed 's/^ *//;s/ .*//' | grep -xFf named
	done <loaded
}

@test "all of the package belongs to root and may be read" {
	dpkg-deb -c "$DEB" >list
	not grep -v ' root/root ' list
	not grep -vE '^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxrwxrwx) ' list
	dpkg-deb --fsys-tarfile "$DEB" | tar -x -C "$BATS_TEST_TMPDIR"
	# Where it was built is nobody's business.
	not grep -rl -e "$TREE" -e "$GS_TOP" usr
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
	for f in "$TREE"/build/gs-*; do
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
