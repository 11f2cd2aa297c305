#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every command as somebody meets it who has never seen it: mistakes are
# named, with the place and what to do.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	commands=$(basename -s .c "$GS_TOP"/cmd/gs-*.c)
	F=$GS_TOP/tests/fixtures/example
	ROOT=(--root root --no-auto-san)
}

# reads COMMAND FILE: has COMMAND read FILE in each of its ways.
reads() {
	case $1 in
	gs-certgen)
		echo "gs-certgen ${ROOT[*]} --import $2 pbx.example.com"
		;;
	gs-snomcfg)
		echo "gs-snomcfg --check $2"
		echo "gs-snomcfg -s base_url=https://gs5.example -o . $2"
		echo "gs-snomcfg -p $2 -o ."
		;;
	gs-sdpcheck)
		echo "gs-sdpcheck $2"
		echo "gs-sdpcheck --offer $2 --answer $2"
		;;
	gs-srtpdump)
		echo "gs-srtpdump $2"
		echo "gs-srtpdump --merge $2"
		echo "gs-srtpdump -K $2 $F/call.pcap"
		;;
	esac
}

# What a command says that does something.
says() {
	case $1 in
	gs-certgen) echo "gs-certgen ${ROOT[*]} --check pbx.example.com" ;;
	gs-snomcfg) echo "gs-snomcfg --check $F/settings.xml" ;;
	gs-sdpcheck) echo "gs-sdpcheck $F/phone.log" ;;
	gs-srtpdump) echo "gs-srtpdump $F/call.pcap" ;;
	esac
}

@test "the help fits a terminal and shows two examples" {
	for c in $commands; do
		gs 0 "$c" -h
		[ "$(wc -l <<<"$output")" -le 24 ]
		[ "$(wc -L <<<"$output")" -le 80 ]
		[ "$(sed '1,/^examples:/d' <<<"$output" | grep -c "$c ")" -ge 2 ]
		help=$output
		gs 0 "$c" --help
		[ "$output" = "$help" ]
	done
}

@test "a wrong option names the near one, and where help is" {
	for c in $commands; do
		gs 2 "$c" --versoin
		[ "$errors" = "$c: unknown option '--versoin'; did you mean '--version'?
Try '$c -h'." ]
		gs 2 "$c" --zzzzzz
		[ "$errors" = "$c: unknown option '--zzzzzz'
Try '$c -h'." ]
		gs 2 "$c" -Z
		[[ $errors == "$c: unknown option '-Z'"* ]]
		gs 2 "$c" --help=yes
		[[ $errors == "$c: option '--help' takes no argument"* ]]
		gs 2 "$c" --version=1
		[[ $errors == "$c: option '--version' takes no argument"* ]]
		gs 2 "$c" --completion
		[[ $errors == "$c: option '--completion' requires an argument"* ]]
	done
}

@test "a file that is missing, and a folder: the name and the reason" {
	mkdir folder
	for c in $commands; do
		while read -r -a line; do
			gs 2 "${line[@]//PATH/missing}"
			[[ $errors == *"$c: missing: No such file or directory"* ]]
			gs 2 "${line[@]//PATH/folder}"
			# Where several files make sense, it is read.
			[[ $errors == *"$c: folder: Is a directory"* ||
				$errors == *"$c: folder: no file to read in this folder"* ]]
		done < <(reads "$c" PATH)
	done
	[ ! -e root ]
}

@test "an empty name is shown" {
	for c in $commands; do
		while read -r -a line; do
			gs 2 "${line[@]//PATH/}"
			[[ $errors == "$c: "*"''"* ]]
		done < <(reads "$c" PATH)
	done
}

@test "an empty file is never fine" {
	: >empty
	for f in "gs-snomcfg --check" gs-sdpcheck gs-srtpdump \
		"gs-srtpdump --merge" "gs-snomcfg -s base_url=https://h -o ."; do
		gs 2 $f empty
		[[ $errors == *empty* || $errors == *" no streams"* ]]
		gs 2 $f <empty
	done
	gs 1 gs-certgen "${ROOT[@]}" --import empty pbx.example.com
	[[ $output == *"empty: error: "*"[import-no-certificate]"* ]]
}

@test "files from Windows: CR LF and UTF-16 are read, or UTF-16 is named" {
	for f in phone.log settings.xml; do
		sed 's/\r*$/\r/' "$F/$f" >"crlf.$f"
		iconv -t UTF-16 "$F/$f" >"utf16.$f"
	done
	gs 0 gs-sdpcheck --require savp crlf.phone.log
	gs 0 gs-sdpcheck --require savp utf16.phone.log
	gs 1 gs-snomcfg --check crlf.settings.xml
	[[ $output == *"[media-savp-off]"* ]]
	gs 2 gs-snomcfg --check utf16.settings.xml
	[[ $errors == *"utf16.settings.xml: UTF-16"* ]]
}

@test "a full disk is trouble, whatever is written" {
	for c in $commands; do
		while read -r line; do
			gs 2 bash -c "$line >/dev/full"
			[[ $errors == *"$c: standard output: No space left"* ]]
		done < <(says "$c"; printf "$c %s\n" -h -V '--completion zsh')
	done
}

@test "a reader that goes away is no complaint" {
	for c in $commands; do
		while read -r line; do
			# Everything is written behind its back.
			bash -c "{ $line || true; } 2>errors | exec <&-"
			[ ! -s errors ]
		done < <(says "$c"; printf "$c %s\n" -h -V '--completion zsh')
	done
}

@test "the same for all that gs-srtpdump writes to standard output" {
	# A pipe whose reader has gone before.
	mkfifo pipe
	: <pipe &
	exec 4>pipe
	wait $!
	for o in '-a -' '-w -' '-g -' -x; do
		line="gs-srtpdump -q $o $F/call.pcap"
		status=0
		$line >&4 2>errors || status=$?
		[ ! -s errors ]
		[ "$status" -eq 2 ] || [ "$o" = -x ]
		gs 2 bash -c "$line >/dev/full"
		[[ $errors == "gs-srtpdump: standard output: "*"No space left"* ]]
	done
}

@test "a command that waits for a terminal says for what, and not with -q" {
	tty_run() { printf '\004' | script -qec "$1" /dev/null; }
	while IFS='|' read -r c what; do
		run tty_run "$c"
		[[ $output == *"${c%% *}: reading $what from standard input; end with Ctrl-D"* ]]
		run tty_run "$c -q"
		[[ $output != *"from standard input"* ]]
		run bash -c "$c </dev/null"
		[[ $output != *"from standard input"* ]]
	done <<-'END'
		gs-sdpcheck|an SDP, SIP, a log or a capture
		gs-sdpcheck -|an SDP, SIP, a log or a capture
		gs-snomcfg --check|settings
		gs-snomcfg --harden|settings
		gs-snomcfg -s base_url=https://h --phone 000413262AFE|rows of accounts
		gs-srtpdump -|a capture
		gs-srtpdump --merge -|a report
		gs-srtpdump -K - x.pcap|-K
		gs-certgen --root . --import - a.example|--import
	END
}

@test "every command lists its rules and explains each" {
	for c in $commands; do
		gs 0 "$c" --rules
		[ "$(wc -l <<<"$output")" -ge 7 ]
		last=$(tail -n 1 <<<"$output" | cut -d " " -f 1)
		while read -r id severity brief; do
			case $severity in note | warning | error) ;; *) false ;; esac
			gs 0 "$c" --explain "$id"
			[ "$(head -n 1 <<<"$output")" = "$id ($severity): $brief" ]
			[[ $output == *"Why it matters"*"What to do"* ]]
			[ -z "$errors" ]
		done <<<"$output"
		gs 2 "$c" --explain "${last}x"
		[[ $errors == *"did you mean '$last'?"*"--rules lists them"* ]]
	done
}
