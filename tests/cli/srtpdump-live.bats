#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-srtpdump on loopback: keys that come while it captures, interrupts, and
# what the kernel had to drop.

load lib
load ../helpers/process

setup_file() {
	export pcma=$GS_TOP/tests/fixtures/calls/call-pcma-udp.pcap
	cd "$BATS_FILE_TMPDIR" || return
	mkdir call
	cd call || return
	# The two directions of the call, and their keys.
	tshark -r "$pcma" -T fields -e udp.dstport -e udp.payload \
		-e sdp.media_attr 2>/dev/null >all
	awk '$1 == 20038 { print $2 }' all >left
	awk '$1 == 30030 { print $2 }' all >right
	grep -o 'AES_CM_128_HMAC_SHA1_80 inline:[^,]*' all >both
	sed -n 1p both >offered
	sed -n 2p both >answered
}

setup() {
	needs_root
	out=$GS_OUT/srtpdump-live/$BATS_TEST_NUMBER
	mkdir -p "$out"
	cd "$BATS_TEST_TMPDIR"
	cp "$BATS_FILE_TMPDIR"/call/* .
	mkfifo keys
}

teardown() { end_all; }

# live OPTION...: gs-srtpdump captures, its keys come from descriptor 4; $pid is
# it.
live() {
	gs-srtpdump -i "${link:-lo}" -F 'udp dst port 47391' -K - -w "$out/live.pcap" "$@" \
		<keys >report 2>err 3>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
	exec 4>keys
	until_true captures
}

# interrupt STATUS: it ends with that, also when it was stopped.
interrupt() {
	local status=0
	kill -INT "$pid"
	kill -CONT "$pid" 2>/dev/null || true # it may have gone
	wait "$pid" || status=$?
	exec 4>&-
	cat err
	[ "$status" -eq "$1" ]
}

# send FILE LINES PORT...: these packets, from that port, or from each of the
# ports in turn; all at once, because what waits for a key for five seconds by
# the clock of the packets is let go.
send() {
	sed -n "$2" "$1" | perl -MSocket -e '
		my @from = map {
			socket my $s, PF_INET, SOCK_DGRAM, 0 or die;
			bind $s, pack_sockaddr_in($_, INADDR_LOOPBACK) or die;
			$s;
		} @ARGV;
		while (<STDIN>) {
			chomp;
			send $from[0], pack("H*", $_), 0, pack_sockaddr_in(47391, INADDR_LOOPBACK);
			push @from, shift @from;
		}
	' "${@:3}"
}

# Whether the pipe of keys, descriptor 4, is empty.
taken() {
	/usr/bin/python3 -c 'import fcntl, sys, termios
sys.exit(any(fcntl.ioctl(4, termios.FIONREAD, bytes(4))))'
}

# Whether somebody captures by now, and has written so many.
captures() { awk '$6 == 1' /proc/net/packet | grep .; }
packets() { tcpdump -nr "$out/live.pcap" 2>/dev/null | wc -l; }
written() { [ "$(packets)" -eq "$1" ]; }

# halt: waits until it has waited for packets several times, so that it has
# read all that were there, and stops it. Packets that wait for a key are let
# go after five seconds of its own time: now they wait as long as a test takes.
halt() {
	perl -e '
		my $pid = shift;
		sub waits {
			open my $f, "<", "/proc/$pid/status" or die;
			join("", <$f>) =~ /^voluntary_ctxt_switches:\s*(\d+)/m;
			$1;
		}
		my $enough = waits() + 5;
		select undef, undef, undef, 0.01 while waits() < $enough;
		kill "STOP", $pid;
	' "$pid"
}

# What was written holds a SIP message in clear.
reads_sip() { tshark -r "$out/live.pcap" -Y sip.Method 2>/dev/null | grep -q OPTIONS; }

@test "live: packets on loopback, keys from a pipe that grows" {
	live -j
	send left 1,60p 47390
	halt
	cat both >&4
	kill -CONT "$pid"
	# They waited for the key, and go with the first one that comes behind.
	until_true taken
	send left 61,120p 47390
	until_true written 120
	interrupt 0
	[ "$(jq .decrypted report)" -eq 120 ]
}

@test "live: what was captured before its key, then silence" {
	live -j
	# One stream has its key, the other does not: both wait, in order.
	cat offered >&4
	until_true taken
	paste -d '\n' left right | head -n 60 >sent
	send sent 1,60p 47390 47392
	halt
	written 0
	# No packet follows.
	cat answered >&4
	kill -CONT "$pid"
	until_true written 60
	# As a run over the file opens them.
	gs-srtpdump -q --only-rtp -w whole.pcap "$pcma"
	for side in left:20038 right:30030; do
		tshark -r whole.pcap -Y "udp.dstport==${side#*:}" -T fields -e udp.payload 2>/dev/null >"${side%:*}.plain"
	done
	for i in {1..30}; do
		sed -n "${i}p" left.plain
		sed -n "${i}p" right.plain
	done >want
	tshark -r "$out/live.pcap" -T fields -e udp.payload 2>/dev/null >got
	cmp want got
	not cmp -s sent got
	interrupt 0
	[ "$(jq -r '[.packets,.decrypted,.verdict]|@tsv' report | sort -u)" = $'30\t30\tdecrypted' ]
}

@test "live: interrupted while packets wait, all of them are written and reported" {
	live -j -a "$out/live.wav"
	cat offered >&4
	until_true taken
	send left 1,60p 47390
	halt
	written 0
	interrupt 1
	written 60
	[ "$(jq -r '[.packets,.decrypted,.no_key,.verdict]|@tsv' report)" = $'60\t0\t60\tno key' ]
	tshark -r "$out/live.pcap" -T fields -e udp.payload 2>/dev/null >got
	cmp <(head -60 left) got
}

@test "live: the key comes too late for some, and opens the rest" {
	live
	send left 1,20p 47390
	# Five seconds of silence: they are let go.
	until_true written 20
	cat both >&4
	until_true taken
	send left 21,80p 47390
	until_true written 80
	interrupt 1
	grep -q ' partly' report
	cmp <(head -20 left) <(tshark -r "$out/live.pcap" -T fields -e udp.payload 2>/dev/null | head -20)
}

# overflow: more packets than the kernel has room for, to $to; then it ends.
overflow() {
	cat both >&4
	until_true taken
	kill -STOP "$pid"
	perl -MSocket -e '
		socket S, PF_INET, SOCK_DGRAM, 0 or die;
		setsockopt S, SOL_SOCKET, SO_SNDBUF, 1 << 22 or die;
		my $to = pack_sockaddr_in(47391, inet_aton(shift));
		for (1 .. 40000) { send S, "x" x 1000, 0, $to or die }
	' "$to"
	kill -CONT "$pid"
	halt
	interrupt 2
	dropped=$(sed -n 's/^gs-srtpdump: .*kernel: \([0-9]*\) packets$/\1/p' err)
	[ "$dropped" -gt 0 ]
	# All that were sent are accounted for, once each.
	seen=$(packets)
	[ $((seen + dropped)) -eq 40000 ]
	grep -q "^gs-srtpdump: $seen packets, " err
}

@test "live: packets that the kernel dropped are counted and said" {
	ip neigh add 192.0.2.99 lladdr 02:00:00:00:00:99 dev host0
	link=host0 live -v
	to=192.0.2.99 overflow
}

@test "live: what is dropped on loopback is counted once" {
	live -v
	to=127.0.0.1 overflow
}

@test "live: the same on all interfaces" {
	link=any live -v
	to=127.0.0.1 overflow
}

@test "live: nothing dropped, nothing said about it" {
	live -v
	cat both >&4
	send left 1,60p 47390
	until_true written 60
	interrupt 0
	grep -q '^gs-srtpdump: 60 packets, ' err
	not grep -q dropped err
}

@test "live: a key log that grows opens SIP in TLS, which is written" {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out crt.pem \
		-subj /CN=pbx.example.com 2>/dev/null
	printf '%s\r\n' 'OPTIONS sip:b@pbx.example.com SIP/2.0' \
		'Call-ID: grows@example.com' 'CSeq: 1 OPTIONS' \
		'Content-Length: 0' '' >client.sip
	# As OpenSSL begins it: no key yet.
	echo '# SSL/TLS secrets log file, generated by OpenSSL' >tls.keys
	chmod 600 tls.keys
	mkfifo server.in client.in
	exec 5<>server.in 6<>client.in
	openssl s_server -quiet -accept 127.0.0.1:5061 -cert crt.pem -key key.pem \
		<&5 >/dev/null 2>&1 3>&- &
	echo $! >>"$BATS_FILE_TMPDIR/pids"
	gs-srtpdump -i lo -F 'tcp port 5061' -K tls.keys --tls -w "$out/live.pcap" \
		>report 2>err 3>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
	until_true captures
	until_true listens 5061
	openssl s_client -quiet -connect 127.0.0.1:5061 -keylogfile tls.keys \
		<&6 >/dev/null 2>&1 3>&- &
	echo $! >>"$BATS_FILE_TMPDIR/pids"
	until_true grep -q SERVER_TRAFFIC tls.keys
	cat client.sip >&6
	until_true reads_sip
	interrupt 2
	[[ $(cat err) == *' TLS secrets ('*' used)'* ]]
	# One with nothing but a comment lacks nothing yet.
	not grep 'no key found' err
}

@test "live: keys that never end do not keep it from packets" {
	live -j
	cat both >&4
	perl -e 'my $log = "AES_CM_128_HMAC_SHA1_80 inline:EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywt\n" x 900; syswrite STDOUT, $log while 1' >&4 3>&- &
	echo $! >>"$BATS_FILE_TMPDIR/pids"
	send left 1,60p 47390
	until_true written 60
	interrupt 0
}
