#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The files that gs-srtpdump writes: who can read them, when they are there,
# and what stays when a run fails or is ended.

load lib
load ../helpers/process

setup() {
	pcma=$GS_TOP/tests/fixtures/calls/call-pcma-udp.pcap
	two=$GS_TOP/tests/fixtures/freeswitch/tls-tls
	out=$GS_OUT/outputs/$BATS_TEST_NUMBER
	mkdir -p "$out"
	cd "$BATS_TEST_TMPDIR"
	cp "$pcma" call.pcap
	mkdir run
	cd run
	call=../call.pcap
}

teardown() { end_all; }

# inside: skips what needs namespaces of its own.
inside() { [ "$GS_RUN" = inside ] || skip "no namespace of its own"; }

# unchanged COMMAND...: must end with status 2.
unchanged() {
	before=$(state)
	gs 2 "$@"
	diff <(echo "$before") <(state)
}

modes() { stat -c '%a %n' "$@" | sort | paste -sd' '; }

# frames CAPTURE: how many Wireshark reads; none of one that is cut or damaged.
frames() {
	local n
	n=$(packets_in "$1" 2>../capinfos)
	[ -s ../capinfos ] || echo "$n"
}

@test "what is decrypted is made for its owner alone" {
	umask 0
	mkdir d
	gs 0 gs-srtpdump -w w.pcap -a a.wav -A d -g g.svg $call
	[ -z "$errors" ]
	[ "$(modes w.pcap a.wav g.svg)" = "600 a.wav 600 g.svg 600 w.pcap" ]
	[ "$(stat -c %a d/* | sort | uniq -c | tr -s ' ')" = " 4 600" ]
	# At no moment were they wider: there is no time between.
	[ "$(ls -A)" = $'a.wav\nd\ng.svg\nw.pcap' ]
}

@test "a file that was there keeps its mode; one that others can read is said" {
	umask 022
	for f in w.pcap a.wav g.svg; do : >$f; done
	chmod 640 w.pcap
	chmod 604 a.wav
	gs 0 gs-srtpdump -q -w w.pcap -a a.wav -g g.svg $call
	[ "$(modes w.pcap a.wav g.svg)" = "604 a.wav 640 w.pcap 644 g.svg" ]
	[[ $(sort <<<"$errors") == "gs-srtpdump: a.wav: "*"(0604): "*$'\n'"gs-srtpdump: w.pcap: "*"(0640): "* ]]
	chmod 600 w.pcap
	gs 0 gs-srtpdump -q -w w.pcap $call
	[ -z "$errors" ]
	# A file that the shell has made.
	for o in '-w -' -x '-a -'; do
		gs 0 bash -c "gs-srtpdump -q $o $call >shell"
		[[ $errors == "gs-srtpdump: standard output "*" 0644: "* ]]
		[ "$(wc -l <<<"$errors")" = 1 ]
		gs 0 bash -c "umask 077; gs-srtpdump -q $o $call >narrow"
		[ -z "$errors" ]
		rm narrow
	done
	gs 0 bash -c "gs-srtpdump -w wide.pcap $call >shell"
	[ -z "$errors" ]
	# A picture makes no sound.
	gs 0 bash -c "gs-srtpdump -q -g - $call >shell"
	[ -z "$errors" ]
}

@test "a missing folder is named, before anything is written" {
	: >file
	for o in '-w no/x -a a.wav' '-a no/x -w w.pcap' '-g no/x -w w.pcap'; do
		# shellcheck disable=SC2086 # several words
		unchanged gs-srtpdump $o $call
		[ "$errors" = "gs-srtpdump: no/x: cannot create: folder no: No such file or directory" ]
	done
	unchanged gs-srtpdump -w w.pcap -A no $call
	[ "$errors" = "gs-srtpdump: folder no: No such file or directory" ]
	unchanged gs-srtpdump -w w.pcap -A file $call
	[ "$errors" = "gs-srtpdump: file: Not a directory" ]
	unchanged gs-srtpdump -w file/x $call
	[[ $errors == *"Not a directory" ]]
	unchanged gs-srtpdump -w . $call
	[[ $errors == *"Is a directory" ]]
	# The other commands, the same.
	unchanged gs-certgen --root . --der /no/ca.der pbx.example.com
	[[ $errors == *"/no: No such file or directory" ]]
	unchanged gs-certgen --root . --csr no/csr pbx.example.com
	[[ $errors == *"folder no: No such file or directory" ]]
	unchanged gs-snomcfg -s base_url=https://gs5.example -o no /dev/null
	[[ $errors == *"folder no: No such file or directory" ]]
}

# old NAME...: files that are there, and are to stay.
old() { for f; do echo old >"$f" && chmod 600 "$f"; done; }

@test "inputs that cannot be opened leave what was there, and nothing new" {
	mkdir d
	old w.pcap a.wav g.svg
	ln -s a.wav link
	echo text >../text
	head -c 10 $call >../short
	head -c 24 $call >../header
	head -c 100 $call >../in-first
	: >../empty
	for in in ../none.pcap "$call ../none.pcap" ../text ../empty ../short \
		../in-first "-K ../none.keys $call" '-i nolink0'; do
		for w in '-w w.pcap -a link -A d -g g.svg' \
			'-w new.pcap -a new.wav -A d -g new.svg'; do
			# shellcheck disable=SC2086 # several words
			unchanged gs-srtpdump $w $in
			[ -n "$errors" ]
		done
	done
	# No packet at all: what was there stays, too.
	unchanged gs-srtpdump -w w.pcap -a link -A d -g g.svg ../header
	gs 2 gs-srtpdump -w new.pcap ../header
	cmp new.pcap ../header
}

# tiny KIB: a file system of that size on "tiny".
tiny() {
	inside
	mkdir tiny
	mount -t tmpfs -o size="$1"k,mode=700 tmpfs tiny
}

@test "a full disk is named with its file, and leaves what was there" {
	tiny 64
	mkdir tiny/d
	old tiny/w.pcap tiny/a.wav tiny/g.svg
	for o in '-w tiny/w.pcap' '-w tiny/new.pcap' '-a tiny/a.wav' \
		'-a tiny/new.wav' '-A tiny/d' '-w w.pcap -a tiny/new.wav' \
		'-w tiny/w.pcap -g g.svg'; do
		# shellcheck disable=SC2086 # several words
		unchanged gs-srtpdump $o $call
		[[ $errors =~ ^"gs-srtpdump: tiny/"[a-z/0-9.-]*": "(.*": ")?"No space left on device"$ ]]
	done
	# Where not even a picture fits.
	head -c 61440 /dev/zero >tiny/fill || true
	for o in '-g tiny/g.svg' '-w tiny/w.pcap -g tiny/new.svg'; do
		# shellcheck disable=SC2086 # several words
		unchanged gs-srtpdump $o $call
		[[ $errors == *"No space left on device" ]]
	done
	umount tiny
	# Into a stream: what is in it is in it.
	mkdir d
	for o in -w -a -g; do
		unchanged gs-srtpdump -A d $o /dev/full $call
		[ "$(grep -c "^gs-srtpdump: /dev/full: .*No space left on device$" <<<"$errors")" -eq 1 ]
	done
	for o in '' -j -x; do
		gs 2 bash -c "gs-srtpdump $o $call >/dev/full"
		[ "$errors" = "gs-srtpdump: standard output: No space left on device" ] ||
			[[ $o == -x && $errors == *"gs-srtpdump: standard output: No space left on device" ]]
	done
	gs 2 bash -c "gs-srtpdump -q -w - $call >/dev/full"
	[ "$errors" = "gs-srtpdump: standard output: cannot write the capture: No space left on device" ]
}

@test "reports of the other commands on a full disk" {
	gs 2 bash -c 'gs-sdpcheck "$1" >/dev/full' _ "$GS_TOP/tests/fixtures/example/refused.log"
	[[ $errors == *"standard output: No space left on device" ]]
	gs 2 bash -c 'gs-snomcfg --check "$1" >/dev/full' _ "$GS_TOP/tests/fixtures/example/settings.xml"
	[[ $errors == *"standard output: No space left on device" ]]
	gs 2 bash -c 'gs-certgen --root . --check >/dev/full'
	[[ $errors == *"standard output: No space left on device" ]]
	LC_ALL=C gs 2 bash -c 'gs-sdpcheck "$1" >/dev/full' _ "$GS_TOP/tests/fixtures/example/refused.log"
	[[ $errors == *"standard output: No space left on device" ]]
}

@test "one output that fails takes the others with it" {
	tiny 64
	mkdir d
	old w.pcap
	unchanged gs-srtpdump -w w.pcap -g g.svg -A d -a tiny/x.wav $call
	# The second WAV, when the first is done.
	unchanged gs-srtpdump -a tiny/x.wav -K "$two.uuid.log" "$two.pcap"
	umount tiny
	mkdir call-2.wav
	unchanged gs-srtpdump -a call.wav -K "$two.uuid.log" "$two.pcap"
	[[ $errors == *"call-2.wav: "*"Is a directory" ]]
}

@test "a capture that ends early: what was read is there, and that it is not all" {
	head -c 100000 $call >../cut.pcap
	old w.pcap a.wav
	gs 2 gs-srtpdump -w w.pcap -a a.wav -g g.svg ../cut.pcap
	[[ $errors == *"cut short: "*"; the outputs "* ]]
	[ "$(frames w.pcap)" -gt 350 ]
	[ "$(soxi -s a.wav)" -gt 20000 ]
	xmllint --noout g.svg
	# The same from a pipe.
	gs 2 bash -c 'gs-srtpdump -w w2.pcap - <../cut.pcap'
	cmp w.pcap w2.pcap
}

# feeding OPTION...: a run that has read a part of a call from a pipe which
# stays open; $pid is it.
feeding() {
	[ -p in ] || mkfifo in
	gs-srtpdump "$@" - <in >report 2>err 3>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
	exec 4>in
	head -c 100000 $call >&4
	until_true drained
}

# Whether the pipe at descriptor 4 is empty, and its reader waits.
drained() {
	/usr/bin/python3 -c 'import fcntl, sys, termios
sys.exit(any(fcntl.ioctl(4, termios.FIONREAD, bytes(4))))' &&
		grep -q '^State:.*S' "/proc/$pid/status"
}

@test "SIGINT, SIGTERM, SIGHUP: the files hold what came before, and that is said" {
	for sig in INT TERM HUP; do
		old w.pcap
		feeding -w w.pcap -a a.wav -g g.svg
		grep -q old w.pcap
		kill -$sig "$pid"
		# One that came right before a read began is not seen there.
		for i in {1..50}; do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
			kill -$sig "$pid" 2>/dev/null || true
		done
		status=0
		wait "$pid" || status=$?
		exec 4>&-
		[ "$status" -eq 0 ]
		[[ $(<err) =~ ^"gs-srtpdump: ended by SIG$sig after "[0-9]+" packets: "[a-z\ ]*$ ]]
		[ "$(frames w.pcap)" -gt 350 ]
		[ "$(soxi -s a.wav)" -gt 20000 ]
		xmllint --noout g.svg
		grep -q decrypted report
		[ "$(ls -A)" = $'a.wav\nerr\ng.svg\nin\nreport\nw.pcap' ]
		rm w.pcap a.wav g.svg
	done
}

@test "under nohup SIGHUP does not end a run" {
	trap '' HUP
	feeding -w w.pcap
	trap - HUP
	kill -HUP "$pid"
	until_true drained
	tail -c +100001 $call >&4
	exec 4>&-
	wait "$pid"
	gs-srtpdump -q -w want.pcap $call
	cmp w.pcap want.pcap
	[ ! -s err ]
}

# hung COMMAND: is ended by SIGHUP as by SIGTERM, while it reads in.
hung() {
	mkfifo in
	"$@" <in >report 2>err 3>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
	exec 4>in
	until_true grep -q '^State:.*S' "/proc/$pid/status"
	kill -HUP "$pid"
	status=0
	wait "$pid" || status=$?
	exec 4>&-
	rm in
	[ "$status" -eq 129 ]
}

@test "SIGHUP ends the other commands" {
	hung gs-sdpcheck --follow
	hung gs-snomcfg -s base_url=https://gs5.example -o .
	hung gs-certgen --root . --pass-file - pbx.example.com
	rm report err
	[ -z "$(ls -A)" ]
}

# What a run had hidden is removed by the process that wrote it for the run.
only_old() { [ "$(ls -A)" = "$(printf '%s\n' err in report w.pcap)" ]; }

@test "a run that is killed leaves the file that was there, and no other" {
	old w.pcap
	feeding -w w.pcap -a a.wav
	kill -KILL "$pid"
	wait "$pid" || true
	exec 4>&-
	until_true only_old
	[ "$(<w.pcap)" = old ]
}

@test "into a pipe the header goes out at once, also by name" {
	mkfifo in to
	for way in '-w to' '-w /dev/stdout' '-w -'; do
		# shellcheck disable=SC2086 # several words
		case $way in
		'-w to') gs-srtpdump -q $way - <in 3>&- & ;;
		*) gs-srtpdump -q $way - <in >to 3>&- & ;;
		esac
		pid=$!
		echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
		exec 4>in
		head -c 24 $call >&4
		head -c 24 to >head
		cmp head <(head -c 24 $call)
		exec 4>&-
		wait "$pid" || [ $? -eq 2 ]
		[ -p to ]
	done
}

@test "live: the capture is at its place with its header, and stays" {
	needs_root
	old live.pcap
	gs-srtpdump -q -i lo -F 'udp port 47391' -w live.pcap 2>err 3>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
	until_true eval '[ "$(stat -c %s live.pcap)" -eq 24 ]'
	[ "$(modes live.pcap)" = "600 live.pcap" ]
	[ -z "$(find . -name '.live*')" ]
	until_true eval "awk '\$6 == 1' /proc/net/packet | grep -q ."
	echo x >/dev/udp/127.0.0.1/47391 || true
	until_true eval '[ "$(packets_in live.pcap)" -ge 1 ]'
	kill -HUP "$pid"
	wait "$pid" || [ $? -eq 2 ]
	grep -q '^gs-srtpdump: ended by SIGHUP after ' err
	[ "$(frames live.pcap)" -ge 1 ]
}

@test "live: a full disk leaves whole packets" {
	tiny 64
	gs-srtpdump -q -i lo -F 'udp port 47391' -w tiny/live.pcap 2>err 3>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
	until_true eval "awk '\$6 == 1' /proc/net/packet | grep -q ."
	until_true eval 'perl -e "print qq(x) x 1000" >/dev/udp/127.0.0.1/47391; ! kill -0 $pid'
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 2 ]
	[[ $(head -n 1 err) == "gs-srtpdump: tiny/live.pcap: "*"No space left on device" ]]
	[ "$(frames tiny/live.pcap)" -gt 20 ]
	umount tiny
}

@test "a wait for keys or reports ends at a signal, and nothing is left" {
	mkfifo keys
	for o in "-K keys -w w.pcap $call" '--merge keys'; do
		# shellcheck disable=SC2086 # several words
		gs-srtpdump $o </dev/null 2>err 3>&- &
		pid=$!
		echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
		exec 4>keys
		until_true grep -q '^State:.*S' "/proc/$pid/status"
		until_true eval "kill -HUP $pid; sleep 0.1; ! kill -0 $pid"
		status=0
		wait "$pid" || status=$?
		exec 4>&-
		[ "$status" -eq 2 ] && grep -q Interrupted err || [ "$status" -eq 129 ]
	done
	[ "$(ls -A | paste -sd' ')" = "err keys" ]
}

@test "of a link the file behind it is replaced" {
	mkdir d
	old d/w.pcap
	ln -s d/w.pcap link
	ln -s link link2
	ln -s d/new.wav none
	gs 0 gs-srtpdump -q -w link2 -a none $call
	[ -L link ] && [ -L link2 ] && [ -L none ]
	[ "$(frames d/w.pcap)" -gt 1000 ]
	soxi d/new.wav >/dev/null
	[ "$(ls -A d | paste -sd' ')" = "new.wav w.pcap" ]
}

# shared: a folder as /tmp is, in which somebody else has put links.
shared() {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir d
	old d/victim
	mkdir -m 1777 tmp
	for f in x.pcap call-2.wav 001-47429625.rtpdump 002-71a38b55.wav; do
		ln -s ../d/victim tmp/$f
		chown -h 12345:12345 tmp/$f
	done
	ln -s ../d tmp/way
	chown -h 12345:12345 tmp/way
	: >tmp/theirs
	chmod 666 tmp/theirs
	chown 12345:12345 tmp/theirs
}

@test "links and files of others in a shared folder are left alone" {
	shared
	for o in '-w tmp/x.pcap' '-a tmp/x.pcap' '-g tmp/x.pcap' '-w tmp/way/new' \
		'-A tmp' '-w tmp/theirs' '-a tmp/theirs' "-a tmp/call.wav -K $two.uuid.log $two.pcap"; do
		case $o in *-K*) in= ;; *) in=$call ;; esac
		# shellcheck disable=SC2086 # several words
		unchanged gs-srtpdump $o $in
		[[ $errors == *"not "*"another user"* ]]
	done
	# One's own are one's own.
	ln -s ../d/victim tmp/own
	gs 0 gs-srtpdump -q -w tmp/own $call
	[ "$(frames d/victim)" -gt 1000 ]
}

@test "in a folder that cannot be written a file is written in place" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
	mkdir locked
	head -c 500000 /dev/zero >locked/w.pcap
	chown 12345:12345 locked/w.pcap
	chmod 600 locked/w.pcap
	cp $call call.pcap
	chmod 644 call.pcap
	as() { setpriv --reuid 12345 --regid 12345 --clear-groups "$@"; }
	before=$(stat -c '%i %a %U' locked/w.pcap)
	gs 2 as gs-srtpdump -q -w locked/w.pcap ../none.pcap
	[ "$(stat -c %s locked/w.pcap)" -eq 500000 ]
	gs 0 as gs-srtpdump -q -w locked/w.pcap call.pcap
	[ "$(stat -c '%i %a %U' locked/w.pcap)" = "$before" ]
	gs-srtpdump -q -w want.pcap call.pcap
	cmp locked/w.pcap want.pcap
	gs 2 as gs-srtpdump -q -w locked/new.pcap call.pcap
	[[ $errors == *"locked/new.pcap: cannot create: Permission denied" ]]
}

@test "a file that is a mount point is written in place" {
	inside
	: >host
	: >guest
	mount --bind host guest
	gs 0 gs-srtpdump -q -w guest $call
	umount guest
	[ "$(frames host)" -gt 1000 ]
	[ ! -s guest ]
}

@test "descriptors and devices are written where they are" {
	gs-srtpdump -q -w want.pcap -a want.wav $call
	gs 0 bash -c "echo begin >log; gs-srtpdump -q -w /dev/fd/5 $call 5>>log"
	cmp <(echo begin; cat want.pcap) log
	gs 0 bash -c "gs-srtpdump -q -a /dev/stdout $call >direct.wav"
	cmp want.wav direct.wav
	# At the end of a file no header can be mended: its sizes are unknown.
	gs 0 bash -c "echo begin >log; gs-srtpdump -q -a /dev/stdout $call >>log"
	[ "$(tail -c +7 log | head -c 4)" = RIFF ]
	cmp <(tail -c +51 log) <(tail -c +45 want.wav)
	gs 0 bash -c "gs-srtpdump -a - $call 2>report >said.wav"
	cmp want.wav said.wav
	grep -q '^standard output: .* left, .* right' report
	gs 0 bash -c "gs-srtpdump -q -g - $call | xmllint --noout -"
	[ ! -e ./- ]
	# The last one counts.
	gs 0 bash -c "gs-srtpdump -a - -a last.wav $call >report"
	cmp want.wav last.wav
	grep -q '^last.wav: .* left, .* right' report
	# A disk that is full.
	gs 2 bash -c "gs-srtpdump -q -a - $call >/dev/full"
	[[ $errors == "gs-srtpdump: standard output: "*"No space left on device"* ]]
	for o in '-a - -x' '-a - -w -' '-a - -g -' '-g - -f sarif'; do
		gs 2 bash -c "gs-srtpdump $o $call >both"
		[[ $errors == *" are the same file: nothing was written" ]]
	done
	# A second call has no place there.
	gs 0 bash -c 'gs-srtpdump -a /dev/fd/5 -K "$1.uuid.log" "$1.pcap" 5>first.wav' _ "$two"
	[[ $output == *"/dev/fd/5: "*" more stream"* ]]
	soxi first.wav >/dev/null
	[ ! -e /dev/fd/5-2 ]
}
