#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a run over captures may still do: it is confined before it reads one,
# and all that it is for works so. Builds with sanitizers are not confined.

load lib
load ../helpers/process

setup() {
	cd "$BATS_TEST_TMPDIR"
	pcma=$GS_TOP/tests/fixtures/calls/call-pcma-udp.pcap
	srtp=$GS_TOP/tests/fixtures/srtp
	cp "$srtp/keys.txt" keys.txt
	chmod 600 keys.txt
}

teardown() { end_all; }

unless_sanitized() { [ -z "${SAN:-}" ] || skip "built with sanitizers"; }

# behind COMMAND...: it runs in the background, as $pid, said what it writes.
behind() {
	"$@" >report 2>said 3>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
}

# has NAME VALUE: what the kernel says of the process.
has() { grep -qE "^$1:[[:blank:]]*$2$" "/proc/$pid/status"; }

# after NAME VALUE...: waits for the first, the others are so then.
after() {
	until_true has "$1" "$2"
	while [ $# -gt 0 ]; do
		has "$1" "$2" || { cat "/proc/$pid/status"; return 1; }
		shift 2
	done
}

@test "captures and reports are read by a process that is confined" {
	unless_sanitized
	mkfifo in
	gs-srtpdump -j "$pcma" >json
	for c in 'gs-srtpdump -v' 'gs-srtpdump -v -w out.pcap' \
		'gs-sdpcheck -v -t pcap' 'gs-srtpdump -v --merge'; do
		echo "$c"
		# shellcheck disable=SC2086 # several words
		behind $c in
		exec 4>in
		after Seccomp 2 NoNewPrivs 1
		case $c in
		*merge) cat json >&4 ;;
		*) cat "$pcma" >&4 ;;
		esac
		exec 4>&-
		wait "$pid"
		not grep -E 'kernel|Landlock' said
	done
}

@test "what the kernel refuses is said with -v, and the run goes on" {
	unless_sanitized
	refuse=$GS_BIN/tests/helpers/shim_refuse.so
	gs 0 env LD_PRELOAD="$refuse" gs-srtpdump "$pcma"
	[ -z "$errors" ]
	for c in gs-srtpdump gs-sdpcheck; do
		gs 0 env LD_PRELOAD="$refuse" $c -v "$pcma"
		grep -xF -e "$c: the kernel has no Landlock: any file of this user may be read" \
			-e "$c: the kernel refuses a filter of system calls: captures are read with all rights of this user" \
			<<<"$errors" | wc -l | grep -qx 2
	done
}

@test "texts are read without libseccomp, as fast as before" {
	# Leaks cannot be looked for in a program that is traced.
	calls=$(ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
		strace -f -e trace=openat,seccomp gs-sdpcheck \
		"$GS_TOP/tests/fixtures/example/phone.log" 2>&1)
	[[ $calls == *phone.log* && $calls != *seccomp* ]]
}

# decrypts OPTION...: the stream is opened, and nothing was refused.
decrypts() {
	echo "$*"
	gs 0 gs-srtpdump -v "$@" "$srtp/gst-cm128-80.pcap"
	[[ $output == *' decrypted'* && $output == *' confirmed'* ]]
	[[ $errors != *kernel* && $errors != *Landlock* ]]
}

@test "every form of a text with keys opens a stream" {
	gzip -k keys.txt
	xz -k keys.txt
	iconv -f UTF-8 -t UTF-16 keys.txt >keys.utf16
	iconv -f UTF-8 -t UTF-16BE keys.txt | gzip >keys.utf16.gz
	iconv -f UTF-8 -t UTF-32BE keys.txt | xz >keys.utf32.xz
	sed '1s/^/\xef\xbb\xbf/; s/$/\r/' keys.txt >keys.bom
	cp "$GS_TOP/tests/fixtures/keytexts/exporter-hex" exporter
	cp "$GS_TOP/tests/fixtures/keytexts/dump-hexdump-plain" dump
	cp "$GS_TOP/tests/fixtures/keytexts/rtpengine" rtpengine
	cp "$GS_TOP/tests/fixtures/keytexts/sdp-base64-wrapped" base64
	chmod 600 keys.* exporter dump rtpengine base64
	mkfifo pipe
	for f in keys.* exporter dump rtpengine base64; do
		decrypts -K "$f"
		decrypts -K - <"$f"
		decrypts -K <(cat "$f")
		cat "$f" >pipe &
		decrypts -K pipe
	done
}

# call: call.pcap, with SIP in TLS as sip.pcap has it, and the media that its SDP
# announces; sip.keys and sip.pem open it.
call() {
	local key body
	key=$(head -n 1 keys.txt | sed 's/.*inline://' | tr a-f A-F |
		basenc --base16 -d | base64)
	body=$(printf '%s\r\n' v=0 'o=- 1 1 IN IP4 127.0.0.1' s=- \
		'c=IN IP4 127.0.0.1' 't=0 0' 'm=audio 49546 RTP/SAVP 8' \
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$key" .)
	body=${body%.}
	{
		printf '%s\r\n' 'INVITE sip:b@pbx.example.com SIP/2.0' \
			'Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1' \
			'From: <sip:a@pbx.example.com>;tag=f' \
			'To: <sip:b@pbx.example.com>;tag=t' 'Call-ID: tls' \
			'CSeq: 1 INVITE' 'Content-Type: application/sdp' \
			"Content-Length: ${#body}" ''
		printf %s "$body"
	} >client.sip
	: >server.sip
	"$GS_BIN/tests/helpers/tls_call" sip client.sip server.sip version=1.2 \
		suites=AES256-SHA ems=0 etm=0
	mergecap -F pcap -a -w call.pcap sip.pcap "$srtp/gst-cm128-80.pcap"
	chmod 600 sip.*
}

@test "every form of keys of TLS opens a call" {
	call
	editcap --inject-secrets tls,sip.keys sip.pcap dsb.pcapng
	mergecap -a -w whole.pcapng dsb.pcapng "$srtp/gst-cm128-80.pcap"
	echo "a phrase" >phrase
	openssl pkey -in sip.pem -aes256 -passout file:phrase -out locked.pem
	openssl pkcs8 -topk8 -in sip.pem -v1 PBE-SHA1-3DES \
		-passout file:phrase -out old.pem
	gzip -k sip.pem
	xz -k sip.keys
	iconv -t UTF-16 sip.keys >wide.keys
	openssl pkey -in sip.pem -outform DER -out one.der
	openssl pkcs8 -topk8 -nocrypt -in sip.pem -outform DER -out eight.der
	openssl pkcs8 -topk8 -in sip.pem -outform DER -passout file:phrase \
		-out locked.der
	openssl rsa -in sip.pem -traditional -aes128 -passout file:phrase \
		-out traditional.pem
	chmod 600 sip.* wide.keys ./*.der locked.pem old.pem traditional.pem
	for k in sip.keys sip.keys.xz wide.keys sip.pem sip.pem.gz one.der \
		eight.der 'locked.der --pass-file phrase' \
		'locked.pem --pass-file phrase' 'old.pem --pass-file phrase' \
		'traditional.pem --pass-file phrase' \
		'sip.keys -K locked.pem --pass-file phrase'; do
		echo "$k"
		# shellcheck disable=SC2086 # several words
		gs 0 gs-srtpdump -K $k call.pcap
		[[ $output == *' decrypted'* ]]
		# shellcheck disable=SC2086 # several words
		gs 0 gs-sdpcheck --blocks -K $k sip.pcap
		[[ $output == *'INVITE of tls'* ]]
	done
	gs 0 gs-sdpcheck --blocks dsb.pcapng
	[[ $output == *'INVITE of tls'* ]]
	gs 0 gs-srtpdump -v whole.pcapng
	[[ $output == *' decrypted'* && $errors != *kernel* ]]
	for k in baresip-12 firefox-13; do
		install -m 600 "$GS_TOP/tests/fixtures/dtls/$k.keys" dtls.keys
		gs 0 gs-srtpdump -v -K dtls.keys \
			"$GS_TOP/tests/fixtures/dtls/$k.pcap"
		[[ $output == *' decrypted'* && $errors != *kernel* ]]
	done
}

@test "every output is written, with its findings left out" {
	mkdir all
	gs 0 gs-srtpdump -v -F 'udp and (host 192.0.2.2 or host localhost)' \
		-w all/w.pcap -a all/a.wav -A all -g all/g.svg -j \
		--baseline all/base --write-baseline "$pcma"
	[[ $errors != *kernel* && $errors != *Landlock* ]]
	(cd all && [ "$(ls -A | tr '\n' ' ')" = "001-47429625.rtpdump 001-47429625.wav 002-71a38b55.rtpdump 002-71a38b55.wav a.wav base g.svg w.pcap " ])
	gs 0 gs-srtpdump -x "$pcma"
	[[ $output == *"SSRC 47429625"* ]]
	gs 0 gs-srtpdump -w - "$pcma"
	gs-sdpcheck -q --baseline known --write-baseline "$pcma" "$pcma"
	grep -q crypto-cleartext-signalling known
}

@test "an input that is a folder, is missing or may not be read is said" {
	gs 2 gs-srtpdump "$PWD"
	[[ $errors == *"$PWD: Is a directory" ]]
	gs 2 gs-srtpdump none.pcap
	[[ $errors == *"none.pcap: No such file or directory" ]]
	cp "$pcma" here.pcap
	gs 2 gs-srtpdump here.pcap none.pcap
	gs 2 gs-sdpcheck here.pcap none.pcap
	[[ $errors == *"none.pcap: No such file or directory"* ]]
}

# live OPTION...: a run on loopback, as another user than the one who started
# it.
live() {
	behind gs-srtpdump -i lo -F 'udp dst port 47391' "$@"
	until_true captures
}
captures() { awk '$6 == 1' /proc/net/packet | grep .; }

# send FROM LINES: payloads of the call to one port.
send() {
	tshark -r "$pcma" -Y "udp.srcport==$1" -T fields -e udp.payload 2>/dev/null |
		sed -n "$2" | perl -MSocket -e '
		socket my $s, PF_INET, SOCK_DGRAM, 0 or die;
		bind $s, pack_sockaddr_in(shift, INADDR_LOOPBACK) or die;
		while (<STDIN>) {
			chomp;
			send $s, pack("H*", $_), 0, pack_sockaddr_in(47391, INADDR_LOOPBACK);
		}' "$1"
}
interrupt() {
	kill -INT "$pid"
	wait "$pid"
}
# deep_keys: a folder of root's alone, with the keys of $pcma.
deep_keys() {
	mkdir -m 700 deep
	tshark -r "$pcma" -Y sdp -T fields -e sdp.media_attr 2>/dev/null |
		grep -o 'AES_CM_128_HMAC_SHA1_80 inline:[^,]*' >deep/keys
	chmod 600 deep/keys
}
written() { [ "$(packets_in "$1")" -eq "$2" ]; }

@test "live: root goes before the first packet, outputs still come to root's place" {
	needs_root
	unless_sanitized
	deep_keys
	live -v -K deep/keys -w deep/w.pcap -a deep/call.wav -A deep -g deep/g.svg
	id=$(id -u tcpdump)
	after Seccomp 2 Uid "$id	$id	$id	$id" CapEff 0+ CapPrm 0+ CapBnd 0+
	[ "$(stat -c '%a %U' deep/w.pcap)" = "600 root" ]
	# What libsrtp2 loads late was loaded before.
	srtp=$(grep -o -m 1 '/.*/libsrtp2\.so.*' "/proc/$pid/maps")
	if ldd "$srtp" | grep -q libnss3; then
		grep -q libsoftokn3 "/proc/$pid/maps"
	fi
	send 30030 1,60p
	until_true written deep/w.pcap 60
	interrupt
	not grep -E 'kernel|Landlock|taken' said
	[ "$(stat -c '%a %U' deep/* | sort -u)" = "600 root" ]
	[ "$(soxi -s deep/call.wav)" -gt 0 ]
	(cd deep && ls -A | grep -c '^001-.*rtpdump$\|^001-.*wav$\|^g.svg$') | grep -qx 3
}

# inside COMMAND...: in the network of the process.
inside() { nsenter --target "$pid" --net "$@"; }
any_captures() { inside awk '$4 == "0003" && $5 == 0 && $6 == 1' /proc/net/packet | grep .; }

@test "live: all interfaces of a network, and audio in a folder of root's alone" {
	needs_root
	unless_sanitized
	deep_keys
	behind unshare --net sh -c 'ip link set lo up
		exec gs-srtpdump -j -i any -F udp -K deep/keys \
			-w deep/w.pcap -a deep/call.wav'
	id=$(id -u tcpdump)
	after Seccomp 2 Uid "$id	$id	$id	$id" CapEff 0+
	until_true any_captures
	inside bash -c "$(declare -f send); pcma=$pcma; send 30030 1,60p"
	until_true written deep/w.pcap 60
	interrupt
	[ "$(jq -r '[.packets,.verdict]|@tsv' report)" = $'60\tdecrypted' ]
	[ "$(stat -c '%a %U' deep/call.wav)" = "600 root" ]
	[ "$(soxi -s deep/call.wav)" -gt 0 ]
}

# replay FILE: its frames, on host0.
replay() {
	/usr/bin/python3 -c 'import socket, struct, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("host0", 0))
f = open(sys.argv[1], "rb")
f.read(24)
while head := f.read(16):
    s.send(f.read(struct.unpack("<IIII", head)[2]))' "$1"
}

@test "live: a key log that grows where only root can read it" {
	needs_root
	call
	mkdir -m 700 deep
	: >deep/log
	chmod 600 deep/log
	# The kernel looks for neighbours by IPv6 now and then.
	behind gs-srtpdump -i host0 -F ip -j -K deep/log \
		-w deep/w.pcap
	until_true captures
	until_true test -s deep/w.pcap
	cat sip.keys >>deep/log
	replay call.pcap
	until_true written deep/w.pcap "$(packets_in call.pcap)"
	interrupt
	[ "$(jq -r '[.packets,.decrypted,.verdict]|@tsv' report)" = $'256\t256\tdecrypted' ]
}

@test "live: --user names who it becomes" {
	needs_root
	unless_sanitized
	live --user nobody
	after Seccomp 2 Uid '65534	65534	65534	65534'
	interrupt || true
	gs 2 gs-srtpdump -i lo --user nobody-at-all
	[[ $errors == *nobody-at-all ]]
	gs 2 gs-srtpdump --user nobody "$pcma"
	[[ $errors == *"--user requires -i"* ]]
}

@test "live: where no other user is, capabilities go all the same" {
	needs_root
	unless_sanitized
	alone='unshare --user --map-root-user --net'
	ways=('setpriv --bounding-set -setgid,-setuid')
	# In a chroot the kernel allows no user namespace.
	! $alone true || ways+=("$alone")
	for w in "${ways[@]}"; do
		echo "$w"
		# shellcheck disable=SC2086 # several words
		behind $w sh -c 'ip link set lo up; exec gs-srtpdump -v -i lo'
		after Seccomp 2 Uid '0	0	0	0' CapEff 0+ CapPrm 0+ CapBnd 0+
		interrupt || true
		grep -q '^gs-srtpdump: .*user tcpdump .*capabilities' said
	done
}
