#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# No output is an input: each option that writes with each that reads, on one
# file, by every way that leads to it.

load lib
load ../helpers/testca.bash

setup() {
	pcma=$GS_TOP/tests/fixtures/calls/call-pcma-udp.pcap
	example=$GS_TOP/tests/fixtures/example
	N=pbx.example.com
	cd "$BATS_TEST_TMPDIR"
	mkdir run
	cd run
}

# All options of the commands that name a file or a folder. "place" is a
# folder of the set of certificates, which is no input or output by itself;
# "known" is read or, with --write-baseline, written.
table() {
	cat <<-'END'
	gs-srtpdump -K in
	gs-srtpdump --pass-file in
	gs-srtpdump -w out
	gs-srtpdump -a out
	gs-srtpdump -g out
	gs-srtpdump -A folder
	gs-srtpdump --baseline known
	gs-sdpcheck --baseline known
	gs-snomcfg --baseline known
	gs-certgen --baseline known
	gs-sdpcheck -K in
	gs-sdpcheck --pass-file in
	gs-sdpcheck --offer in
	gs-sdpcheck --answer in
	gs-snomcfg -p in
	gs-snomcfg -b in
	gs-snomcfg -k in
	gs-snomcfg -o folder
	gs-certgen --import in
	gs-certgen --chain in
	gs-certgen --with-key in
	gs-certgen --trust in
	gs-certgen --pass-file in
	gs-certgen --csr out
	gs-certgen --der out
	gs-certgen --root place
	gs-certgen --ssl-dir place
	gs-certgen --freeswitch-dir place
	END
}

# options COMMAND KIND: of the table.
options() { table | awk -v c="$1" -v k="$2" '$1 == c && $3 == k { print $2 }'; }

@test "each option that names a file or a folder has a row" {
	for c in gs-srtpdump gs-sdpcheck gs-snomcfg gs-certgen; do
		"$c" --completion fish | grep -e ' -r -F' -e complete_directories |
			sed -nE "s/^complete -c ($c) (-s (.) )?(-l ([a-z-]+) )?.*/\1 \3 \5/p" |
			awk '{ print $1, length($2) == 1 ? "-" $2 : "--" $2 }'
	done | sort >have
	table | cut -d ' ' -f 1,2 | sort >want
	diff want have
}

# files COMMAND [OPTION]: an input for it, "in", and other names of that.
files() {
	rm -rf ./* .[!.]*
	mkdir d deep
	case $1:${2:-} in
	gs-srtpdump:*) cp "$pcma" in ;;
	gs-sdpcheck:*) cp "$example/refused.log" in ;;
	gs-snomcfg:-p) echo 'base_url = https://gs5.example' >in ;;
	gs-snomcfg:*) cp "$example/settings.xml" in ;;
	gs-certgen:*) echo secret >in ;;
	esac
	ln in hard
	ln -s in soft
	ln -s ../soft deep/soft
}

# call COMMAND OPTION IN: sets $cmd to a command that reads IN by OPTION: one
# of the table, "operand" or "stdin".
call() {
	local c=$1 o=$2 in=$3
	cmd=("$c")
	case $c:$o in
	gs-srtpdump:-K | gs-srtpdump:--pass-file) cmd+=("$o" "$in" "$pcma") ;;
	gs-sdpcheck:-K | gs-sdpcheck:--pass-file)
		cmd+=("$o" "$in" "$example/refused.log")
		;;
	gs-sdpcheck:--offer) cmd+=(--offer "$in" --answer "$example/invite.sip") ;;
	gs-sdpcheck:--answer) cmd+=(--answer "$in" --offer "$example/invite.sip") ;;
	gs-snomcfg:-?) cmd+=("$o" "$in" --phone 000413262AFE /dev/null) ;;
	gs-snomcfg:operand) cmd+=(-s profile=encrypt --check "$in") ;;
	gs-snomcfg:stdin) cmd+=(--check -) ;;
	gs-certgen:--import) cmd+=(--root . --import "$in" "$N") ;;
	gs-certgen:--chain) cmd+=(--root . --import /dev/null --chain "$in" "$N") ;;
	gs-certgen:--with-key)
		cmd+=(--root . --import /dev/null --with-key "$in" "$N")
		;;
	gs-certgen:--trust) cmd+=(--root . --trust "$in" "$N") ;;
	gs-certgen:--pass-file) cmd+=(--root . --pass-file "$in" "$N") ;;
	*:operand) cmd+=("$in") ;;
	*:stdin) cmd+=(-) ;;
	esac
}

# inputs COMMAND: all ways to give it one.
inputs() {
	options "$1" in
	[ "$1" = gs-certgen ] || printf '%s\n' operand stdin
}

# refused COMMAND...: with standard input from in; nothing has changed, since
# $whole if that is set.
refused() {
	local before=${whole:-$(state)} status=0
	"$@" <in >/dev/null 2>../said || status=$?
	[ "$status" -eq 2 ] && [ "$(state)" = "$before" ] &&
		grep -q 'are the same \|would be the same \|is an input' ../said ||
		{
			echo "status $status: $*"
			cat ../said
			diff <(echo "$before") <(state)
			return 1
		}
}

@test "a baseline is not where the report goes" {
	echo '# gsprov baseline 1' >known
	for call in "gs-srtpdump --baseline known $pcma" \
		"gs-sdpcheck --baseline known $example/invite.sip" \
		"gs-snomcfg --check --baseline known $example/settings.xml" \
		"gs-certgen --root . --check --baseline known $N"; do
		for more in "" --write-baseline; do
			status=0
			# shellcheck disable=SC2086 # words
			$call $more >>known 2>../said || status=$?
			cat ../said
			[ "$status" -eq 2 ]
			[ "$(cat known)" = '# gsprov baseline 1' ]
		done
	done
}

@test "files: the same, by hard link, link, links and folders, descriptor" {
	for c in gs-srtpdump gs-certgen; do
		for in in $(inputs $c); do
			files $c "$in"
			whole=$(state)
			for out in $(options $c out); do
				# Different jobs; they cannot meet.
				case $out:$in in --csr:--import | --csr:--chain | --csr:--with-key) continue ;; esac
				for pair in in:in in:./in in:hard in:soft in:deep/soft \
					in:/dev/fd/7 in:/proc/self/fd/7 \
					hard:in soft:in deep/soft:hard /dev/fd/7:in; do
					# --der lies below --root.
					case $out:$pair in --der:*:/*) continue ;; esac
					call $c "$in" "${pair%%:*}"
					cmd+=("$out" "${pair#*:}")
					refused "${cmd[@]}" 7<>in
				done
			done
		done
	done
}

# A name that the command may give to a file in a folder, as "WAY FILE".
names() {
	case $1 in
	gs-srtpdump)
		echo "-A d d/001-0badcafe.wav"
		echo "-A d/ d/1234-0badcafe.rtpdump"
		echo "-a d/call.wav d/call-2.wav"
		echo "-a d/call d/call-17"
		;;
	gs-snomcfg)
		echo "-o d d/settings-000413262AFE.xml"
		echo "-o d d/.settings-000413262AFE.xml.0123456789abcdef"
		echo "-o d d/.gs-snomcfg"
		echo "-o d d/.gs-snomcfg.new"
		echo "-o d d/.gs-snomcfg.tmp"
		echo "--links -o d d/snom-a9170af083fed2bae9bb92df.xml"
		echo "--prune -o d d/snom-a9170af083fed2bae9bb92df.xml"
		;;
	esac
}

@test "files that a command names itself: in a folder, and of later calls" {
	for c in gs-srtpdump gs-snomcfg; do
		for in in $(inputs $c); do
			names $c >../names
			while read -r -a way; do
				name=${way[-1]}
				unset 'way[-1]'
				for kind in it hard soft; do
					files $c "$in"
					call $c "$in" in
					case $kind in
					it) cp in "$name" && call $c "$in" "$name" ;;
					hard) ln in "$name" ;;
					soft) ln -s ../in "$name" ;;
					esac
					[ "$kind:$in" != it:stdin ] || continue
					# Render, where the table has --phone or --check.
					[ $c != gs-snomcfg ] || case $in in
					-?) cmd=("$c" "$in" "${cmd[2]}" /dev/null) ;;
					*) cmd=("$c" "${cmd[-1]}") ;;
					esac
					refused "${cmd[0]}" "${way[@]}" "${cmd[@]:1}"
				done
			done <../names
		done
	done
}

@test "standard output and standard error: a report appended to what it is about" {
	for c in gs-srtpdump gs-sdpcheck gs-snomcfg gs-certgen; do
		for in in $(inputs $c); do
			files $c "$in"
			before=$(state)
			call $c "$in" in
			for to in '>>in' '1<>in' '>>soft' '2>>in' '2>>hard >/dev/null' \
				'>>in 2>&1'; do
				status=0
				eval '"${cmd[@]}" <in >../out 2>../said '"$to" || status=$?
				[ "$status" -eq 2 ] || { echo "$to: ${cmd[*]}"; return 1; }
				[ "$(state)" = "$before" ] ||
					diff <(echo "$before") <(state)
			done
		done
	done
	# The decrypted capture, and its report to standard error.
	for o in '-w - in' '-q -w - - <in' '-x in'; do
		files gs-srtpdump
		before=$(state)
		gs 2 bash -c "gs-srtpdump $o >>in"
		[ "$errors" != "" ]
		diff <(echo "$before") <(state)
	done
	# Nothing comes from there.
	files gs-srtpdump
	gs 0 bash -c 'gs-srtpdump -q in >>in'
	# Reports as inputs of --merge.
	gs-srtpdump -j in >report
	cp report copy
	gs 2 bash -c 'gs-srtpdump --merge report >>report'
	cmp report copy
}

@test "two outputs: one file, one name that is not there yet, one pipe" {
	for pair in '-w x -a x' '-w x -a ./x' '-w x -g d/../x' '-a x -g x' \
		'-w x -g nowhere' '-w hard -g other' '-w call-2.wav -a call.wav' \
		'-g d/003-0badcafe.wav -A d' '-w pipe -a pipe'; do
		files gs-srtpdump
		ln -s x nowhere
		ln hard other
		mkfifo pipe
		# shellcheck disable=SC2086 # several words
		refused gs-srtpdump $pair "$pcma"
	done
	files gs-srtpdump
	before=$(state)
	gs 2 bash -c 'gs-srtpdump -w soft "$1" >>hard' _ "$pcma"
	diff <(echo "$before") <(state)
	# The set in service is no place for what is made of it.
	files gs-certgen
	gs-certgen -q --root . --no-auto-san --key ec:P-256 "$N"
	for f in etc/ssl/private/$N.key etc/ssl/certs/$N.crt etc/ssl/gemeinschaft.pem; do
		refused gs-certgen --root . --csr $f "$N"
		before=$(state)
		gs 2 gs-certgen --root . --force --der /$f "$N"
		diff <(echo "$before") <(state)
		gs 2 bash -c 'gs-certgen --root . --show "$1" >>"$2"' _ "$N" $f
		diff <(echo "$before") <(state)
	done
}

@test "one pipe as input and output is refused; devices and sockets are not" {
	files gs-srtpdump
	mkfifo pipe
	refused timeout 60 gs-srtpdump -w pipe pipe
	refused timeout 60 gs-srtpdump -w pipe -K pipe in
	refused timeout 60 gs-srtpdump -w /dev/stdin -K - pipe
	gs 0 gs-srtpdump -q -w /dev/null -a /dev/null -g /dev/null -K /dev/null in </dev/null
	# A service behind a socket: it reads and writes one.
	cat >service.py <<-'END'
	import socket, subprocess, sys, threading
	ours, theirs = socket.socketpair()
	p = subprocess.Popen(['gs-srtpdump', '-q', '-w', '-', '-'],
	    stdin=theirs, stdout=theirs)
	theirs.close()
	def send():
	    ours.sendall(open('in', 'rb').read())
	    ours.shutdown(socket.SHUT_WR)
	threading.Thread(target=send).start()
	while chunk := ours.recv(65536):
	    sys.stdout.buffer.write(chunk)
	sys.exit(p.wait())
	END
	/usr/bin/python3 service.py >out.pcap
	gs-srtpdump -q -w want.pcap in
	[ "$(packets_in out.pcap)" -eq "$(packets_in want.pcap)" ]
}

@test "a file of the set that is imported stays, or gets the same bytes" {
	gs-certgen -q --root . --no-auto-san --key ec:P-256 "$N"
	crt=etc/ssl/certs/$N.crt
	cp $crt copy
	gs 0 gs-certgen --root . --no-auto-san --import $crt "$N"
	cmp $crt copy
	# The answer of a CA, put where it will be: with its chain it is longer.
	gs-certgen -q --root . --no-auto-san --csr csr "$N"
	testca_make ca
	testca_sign ca csr leaf.crt
	cat ca/int.crt ca/root.crt >chain
	cp leaf.crt $crt
	before=$(state)
	gs 2 gs-certgen --root . --no-auto-san --force --import $crt --chain chain "$N"
	[[ $errors == *"$crt is an input, "* ]]
	diff <(echo "$before") <(state)
	gs 0 gs-certgen --root . --no-auto-san --force --import leaf.crt --chain chain "$N"
	cmp <(cat leaf.crt ca/int.crt) $crt
}

@test "a device is no place for a certificate" {
	gs-certgen -q --root . --no-auto-san --key ec:P-256 "$N"
	mkfifo pipe
	ln -s /dev/null null
	for f in pipe null; do
		before=$(state)
		gs 2 gs-certgen --root . --csr $f "$N"
		[[ $errors == *"not a regular file; --csr - writes to standard output" ]]
		gs 2 gs-certgen --root . --force --der /$f "$N"
		[[ $errors == *"not a regular file" ]]
		diff <(echo "$before") <(state)
	done
}
