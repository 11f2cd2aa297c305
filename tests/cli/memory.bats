#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# No key is left in the memory of gs-certgen when it ends, and no command
# leaves a core file. The sanitizers keep what is freed, handle SIGSEGV, and
# forbid core files: tests/run leaves this file out there.

load lib

setup() {
	T=$BATS_TEST_TMPDIR
	R=$T/root
	N=pbx.example.com
	key=$R/etc/ssl/private/$N.key
	S=$GS_BIN/tests/helpers
}

# The secrets in a key file, for shim_memory.so: lines of its text (not the
# first, which all keys share), private numbers in both orders of bytes.
secrets() {
	sed '1,2d;$d' "$1" | while read -r line; do
		printf %.32s "$line" | od -An -v -tx1 | tr -d ' \n'
		echo
	done
	openssl pkey -in "$1" -noout -text |
		awk '/^[a-zA-Z]/ { p = /^(priv|prime1|prime2|exponent1)/; if (p) print "" }
			/^ / && p { gsub(/[ :]/, ""); printf "%s", $0 } END { print "" }' |
		grep . | sed 's/^00//' | cut -c1-48 | while read -r n; do
		echo "$n"
		fold -w2 <<<"$n" | tac | tr -d '\n'
		echo
	done
}

# set_up KIND: a set with a key of this kind and a request that waits.
set_up() {
	rm -rf "$R"
	mkdir "$R"
	gs 0 gs-certgen -q --root "$R" --no-auto-san --key "$1" --ca $N
	secrets "$key" >"$T/secrets"
	[ "$(wc -l <"$T/secrets")" -ge 3 ]
	gs 0 gs-certgen -q --root "$R" --no-auto-san --csr "$T/csr" $N
}

# looked SHIMS OPTION...: runs gs-certgen and looks in its memory; what was
# seen is $errors.
looked() {
	local shims=$1
	shift
	gs 0 env GS_SECRETS="$T/secrets" LD_PRELOAD="$shims" \
		gs-certgen --root "$R" --no-auto-san "$@" $N
	echo "$*: $errors"
	[[ $errors == *" maps, $(wc -l <"$T/secrets") secrets"* ]]
}

@test "no key is left in memory that was freed" {
	for kind in rsa:2048 ec:P-256; do
		set_up $kind
		for o in "" --force "--new-key --force" --check \
			"--csr $T/csr"; do
			looked "$S/shim_memory.so" --key $kind $o
			[[ $errors != *"in memory"* ]]
		done
	done
}

@test "no key that libcrypto left on the stack stays there" {
	for kind in rsa:2048 ec:P-256; do
		set_up $kind
		for o in --force "--csr $T/csr"; do
			looked "$S/shim_memory.so:$S/shim_residue.so" \
				--key $kind $o
			[[ $errors != *"in memory"* ]]
		done
	done
}

@test "what looks for keys in memory finds one" {
	set_up rsa:2048
	gs 0 env GS_SECRETS="$T/secrets" LD_PRELOAD="$S/shim_memory.so" \
		openssl pkey -in "$key" -noout
	[[ $errors == *"in memory"* ]]
}

# What a command does that reads FILE: reading COMMAND FILE.
reading() {
	case $1 in
	gs-certgen) echo "gs-certgen --root . --pass-file $2 --check x.example" ;;
	gs-snomcfg) echo "gs-snomcfg --check $2" ;;
	gs-sdpcheck) echo "gs-sdpcheck $2" ;;
	gs-srtpdump) echo "gs-srtpdump $2" ;;
	esac
}

@test "no command leaves a core file, so no key in one" {
	cd "$T"
	mkfifo in
	for c in "$GS_TOP"/cmd/gs-*.c; do
		c=$(basename "$c" .c)
		echo "$c"
		# Where the kernel writes no core files this shows nothing.
		[ "$(perl -e '
			alarm 120;
			my $p = fork;
			exec "bash", "-c", "ulimit -c unlimited; exec @ARGV" unless $p;
			# Opens as soon as the other end does, well after the start.
			open my $in, ">", "in";
			kill "SEGV", $p;
			waitpid $p, 0;
			print $? & 127, $? & 128 ? "core" : "none";
		' $(reading "$c" in))" = 11none ]
		# shellcheck disable=SC2046 # a list of words
		run env GS_SECRETS=/dev/null LD_PRELOAD="$S/shim_memory.so" \
			$(reading "$c" /dev/null)
		[[ $output == *", dumpable 0"* ]]
	done
}

@test "the command of --run may leave a core file" {
	mkdir "$R"
	(
		ulimit -c unlimited
		gs 0 gs-certgen -q --root "$R" --no-auto-san \
			--run "ulimit -c >'$T/limit'" $N
	)
	[ "$(cat "$T/limit")" = unlimited ]
}
