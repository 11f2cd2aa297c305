#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The shells themselves complete every command, from its own option table.
load lib

setup_file() {
	cd "$GS_TOP"
	commands=$(basename -s .c cmd/gs-*.c)
	export commands
}
setup() {
	C=$GS_BIN/completion
	cd "$BATS_TEST_TMPDIR" || return 1
	export HOME=$PWD
	unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
}

# bash_says LINE: the words that bash's own completion machinery gets, one
# on a line; "compopt -o default" stands for names of files.
bash_says() {
	local tool=${1%% *}
	bash --norc -c 'compopt() { echo "compopt $*"; }
		COMP_LINE=$1 COMP_POINT=${#1}; source "$2"; _${3//-/_}
		[ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' \
		_ "$1" "$C/$tool.bash" "$tool"
}
# shown TOOL: the long options that its help shows, and the common ones.
shown() {
	{
		"$1" -h | sed '/^examples:/,$d' | grep -oE -- '--[a-z][a-z0-9-]*'
		printf '%s\n' --help --version
	} | sort -u
}

@test "every shell parses its script of every command" {
	for c in $commands; do
		bash -n "$C/$c.bash"
		zsh -f -n "$C/$c.zsh"
		fish --no-config -n "$C/$c.fish"
	done
}

@test "every shell offers every option that the help shows" {
	mkdir site
	for c in $commands; do cp "$C/$c.zsh" "site/_$c"; done
	for c in $commands; do
		shown "$c" | sort >want
		bash_says "$c --" | sort >bash
		diff want bash
		fish --no-config -c "source $C/$c.fish; complete -C '$c --'" |
			cut -f 1 | sort >fish
		diff want fish
		grep -oE -- '--[a-z0-9-]+(=|'"'|\\})" "$C/$c.zsh" |
			tr -d "='}" | sort >zsh
		diff want zsh
	done
}

@test "bash completes words, rules, parts of words, files and folders" {
	[ "$(bash_says 'gs-sdpcheck --expla')" = --explain ]
	[ "$(bash_says 'gs-sdpcheck a.sdp -t s' | xargs)" = "sdp sip" ]
	[ "$(bash_says 'gs-sdpcheck --format=s')" = sarif ]
	[ "$(bash_says 'gs-sdpcheck --disable log-u')" = log-unprotect ]
	[ "$(bash_says 'gs-sdpcheck --explain ' | sort -u | wc -l)" -eq \
		"$(for c in $commands; do "$c" --rules; done |
			cut -d ' ' -f 1 | sort -u | wc -l)" ]
	[ "$(bash_says 'gs-sdpcheck --disable ' | wc -l)" -eq \
		"$(gs-sdpcheck --rules | wc -l)" ]
	[ "$(bash_says 'gs-sdpcheck --offer x')" = "compopt -o default" ]
	[ "$(bash_says 'gs-sdpcheck x')" = "compopt -o default" ]
	[ -z "$(bash_says 'gs-sdpcheck -t zzz')" ]
	# An argument that may be left out stands behind "=".
	[ "$(bash_says 'gs-snomcfg --prune=')" = all ]
	[ "$(bash_says 'gs-snomcfg --prune x')" = "compopt -o default" ]
}

# typed SHELL KEYS ARGUMENT...: what happens in an interactive shell on a
# terminal of its own when KEYS are typed.
typed() {
	local keys=$1
	shift
	printf '%b' "$keys" | TERM=dumb timeout 600 script -qec "$*" typescript
}

@test "bash on a terminal completes with the TAB key" {
	echo "source $C/gs-sdpcheck.bash" >rc
	typed 'gs-sdpcheck --expla\tlog-unp\t>out\nexit\n' \
		bash --noprofile --rcfile rc -i
	head -n 1 out | grep '^log-unprotect ('
}

@test "zsh on a terminal completes with the TAB key" {
	mkdir site
	cp "$C/gs-sdpcheck.zsh" site/_gs-sdpcheck
	cat >.zshrc <<-'Z'
	fpath=(./site $fpath)
	autoload -Uz compinit
	compinit -u -D
	Z
	export ZDOTDIR=$PWD
	typed 'gs-sdpcheck --expla\tlog-unp\t>out\nexit\n' zsh -d -i
	head -n 1 out | grep '^log-unprotect ('
}

@test "fish completes words and rules" {
	says() { fish --no-config -c "source $C/gs-sdpcheck.fish
		complete -C '$1'" | cut -f 1; }
	[ "$(says 'gs-sdpcheck -t s' | sort | xargs)" = "sdp sip" ]
	[ "$(says 'gs-sdpcheck --disable log-unp')" = log-unprotect ]
}

@test "every word that is offered is one that the command takes" {
	for c in $commands; do
		while IFS='|' read -r names words; do
			option=${names##* }
			for w in $words; do
				"$c" "$option" "$w" -h >out 2>err || {
					echo "$c $option $w: $(cat err)"
					return 1
				}
			done
		done < <(sed -nE "s/^\t(-[^)]*)\) words='(.*)' ;;/\1|\2/p" \
			"$C/$c.bash" | sed 's/ | / /')
	done
}

@test "--completion of an unknown shell is usage" {
	for c in $commands; do
		gs 2 "$c" --completion ksh
		[[ $errors == *"requires bash, zsh, fish or table, not 'ksh'"* ]]
	done
	gs 2 gs-sdpcheck --completion
}

# A library of the linker's list is named as it names itself.
named() {
	case $1 in
	libc.so* | libm.so* | ld-linux*) ;;
	libasan* | libubsan* | libgcc_s*) ;;
	libcrypto* | libssl*) echo OpenSSL ;;
	*) echo "${1%%.so*}" ;;
	esac
}

@test "--version names the libraries that are used, and no others" {
	for c in $commands; do
		"$c" --version >version
		head -n 1 version | grep -xE "$c \(gsprov\) [0-9.]+"
		for so in $(readelf -d "$GS_BIN/$c" |
			sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p'); do
			named "$so"
		done | sort -u >want
		# These are loaded when a packet opens, and for an interface.
		[ $c != gs-srtpdump ] || sort -o want want - <<<$'libpcap\nlibsrtp2'
		# Those that are loaded by name, codecs, are named so.
		sed -n '2,$s/ .*//p' version | grep -v '\.so\.' | sort >got
		diff want got
		# A name without a version would say nothing.
		[ -z "$(sed 1d version | grep -v '[0-9]')" ]
	done
	for so in spandsp.so.2 bcg729.so.0 opus.so.0 speex.so.1 \
		opencore-amrnb.so.0 opencore-amrwb.so.0; do
		grep "^lib$so" version
	done
}
