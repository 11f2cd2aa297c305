# SPDX-License-Identifier: MIT
# SIP in TLS, opened by the keys that people hold: gs-srtpdump and gs-sdpcheck
# on captures that tests/helpers/tls_call makes of two ends of libssl.

load lib
load ../helpers/process

# One key for all calls: to make it takes ten times as long as a call.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=pbx.example.com \
		-keyout key.pem -out own.pem 2>/dev/null
	cat key.pem >>own.pem
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	media=$GS_TOP/tests/fixtures/srtp/gst-cm128-80.pcap
	key=$(head -n 1 "$GS_TOP/tests/fixtures/srtp/keys.txt" |
		sed 's/.*inline://' | tr a-f A-F | basenc --base16 -d | base64)
	message "$key" 'INVITE sip:b@pbx.example.com SIP/2.0' >client.sip
	message AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDD 'SIP/2.0 200 OK' \
		>server.sip
}

message() { # KEY START-LINE
	local body
	body=$(printf '%s\r\n' v=0 'o=- 1 1 IN IP4 127.0.0.1' s=- \
		'c=IN IP4 127.0.0.1' 't=0 0' 'm=audio 49546 RTP/SAVP 8' \
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$1" .)
	body=${body%.}
	shift
	printf '%s\r\n' "$1" 'Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1' \
		'From: <sip:a@pbx.example.com>;tag=f' \
		'To: <sip:b@pbx.example.com>;tag=t' 'Call-ID: tls@example.com' \
		'CSeq: 1 INVITE' 'Content-Type: application/sdp' \
		"Content-Length: ${#body}" ''
	printf %s "$body"
}

# between CLIENT SERVER NAME=VALUE...: sip.pcap with what both files say, and
# sip.keys; sip.pem is the server's unless another one is named.
between() {
	install -m 600 "$BATS_FILE_TMPDIR/own.pem" sip.pem
	"$GS_BIN/tests/helpers/tls_call" sip "$1" "$2" pem=sip.pem "${@:3}"
	chmod 600 sip.keys
}

# call NAME=VALUE...: sip.pcap with sip.keys and sip.pem, and call.pcap, which
# has the media, too.
call() {
	between client.sip server.sip "$@"
	mergecap -F pcap -a -w call.pcap sip.pcap "$media"
}

# No secret of the key log or the private key is in what was said or written.
no_secrets() { # FILE...
	{
		awk '{ print $3 }' sip.keys
		grep -v '^-' sip.pem | grep ....................
	} >secrets
	printf '%s\n' "$output" "$errors" >said
	not grep -aqiFf secrets said "$@"
}

# opened KEYS...: with them the call is decrypted, and proven good.
opened() {
	gs 0 gs-srtpdump "$@" -w plain.pcap call.pcap
	[[ $output == *' decrypted'* ]]
	no_secrets plain.pcap
	gs 0 gs-sdpcheck --blocks --require savp --require tls "$@" sip.pcap
	[[ $output == *'INVITE of tls@example.com: audio RTP/SAVP AES_CM_128_HMAC_SHA1_80'* ]]
	[[ $output == *'200 OK of tls@example.com'* ]]
	no_secrets
}

# shut REASON KEYS...: they do not open it, and why is said.
shut() {
	local why=$1
	shift
	gs 1 gs-srtpdump "$@" call.pcap
	[[ $errors == *"$why"* ]]
	gs 2 gs-sdpcheck "$@" sip.pcap
	[[ $output == *"warning: TLS"*"$why"*"[unread]"* ]]
	gs 2 gs-sdpcheck --require savp "$@" sip.pcap
	[[ $output == *"error: TLS"*"$why"*"[unproven]"* ]]
	gs 2 gs-sdpcheck --require tls "$@" sip.pcap
	[[ $output == *"warning: TLS"* ]]
}

@test "a key log opens every version, any port, any segments" {
	for how in version=1.3 version=1.2 version=1.1 version=1.0 \
		'version=1.3 port=8443 size=7' 'version=1.2 shuffle=1 size=100' \
		'version=1.2 suites=ECDHE-RSA-CHACHA20-POLY1305' \
		'version=1.2 suites=AES256-SHA ems=0 etm=0' 'version=1.3 resume=1'; do
		echo "$how"
		# shellcheck disable=SC2086 # several words
		call $how
		opened -K sip.keys
		[[ $errors == *' TLS secret'*' used)'* ]]
	done
}

@test "the server's RSA key opens what was encrypted for it" {
	for how in 'version=1.2 suites=AES128-SHA' \
		'version=1.0 suites=AES256-SHA ems=0 etm=0' \
		'version=1.2 suites=AES128-GCM-SHA256' \
		'version=1.2 suites=AES128-SHA resume=1'; do
		echo "$how"
		# shellcheck disable=SC2086 # several words
		call $how
		opened -K sip.pem
		[[ $errors == *'0 SDES keys, 1 RSA key, 0 TLS secrets (0 used)'* ]]
	done
	openssl pkey -in sip.pem -outform DER -out pkcs1.der
	openssl pkcs8 -topk8 -nocrypt -in sip.pem -outform DER -out pkcs8.der
	openssl pkcs8 -topk8 -in sip.pem -passout pass:secret -out locked.pem
	{ cat sip.keys; echo; sed 's/$/\r/' sip.pem; } | sed 1d >crlf.pem
	chmod 600 ./*.der ./*.pem
	opened -K pkcs1.der
	opened -K pkcs8.der
	opened -K crlf.pem
	echo secret >pass
	opened --pass-file pass -K locked.pem
	gs 2 gs-srtpdump -K locked.pem call.pcap
	[[ $errors == *'locked.pem: '*--pass-file* ]]
	echo wrong >pass
	gs 2 gs-sdpcheck --pass-file pass -K locked.pem sip.pcap
	[[ $errors == *'locked.pem: '*'pass phrase'* ]]
}

@test "agent.pem as gs-certgen makes it opens a call" {
	gs 0 gs-certgen -q --root pbx --ca pbx.example.com
	pem=$(find pbx -name agent.pem)
	call suites=AES256-SHA256 "pem=$PWD/$pem"
	cp "$pem" sip.pem
	opened -K "$pem"
}

@test "what a key cannot open is said, and what can" {
	call suites=ECDHE-RSA-AES128-SHA
	shut 'a TLS key log of this connection opens it (-K FILE)'
	shut 'its keys are ephemeral (Diffie-Hellman): a key log opens it' -K sip.pem
	call version=1.3
	shut 'TLS 1.3 has ephemeral keys: a key log opens it' -K sip.pem
	call suites=AES128-SHA
	shut "the server's private key (agent.pem) or a key log opens it (-K FILE)"
	openssl genrsa -out other.pem 2048 2>/dev/null
	shut "the private key belongs to another server" -K other.pem
	sed 's/[0-9a-f]\{64\}/0&/; s/ 0\(.\{63\}\)./ 0\1/' sip.keys >other.keys
	shut 'the key log has no secrets of this connection' -K other.keys
	call start=5 version=1.3
	shut 'the capture must contain the handshake of this connection' -K sip.keys
	# A key opens a session that is resumed where it was begun.
	call version=1.2 suites=AES128-SHA resume=1
	tcpdump -r sip.pcap -w late.pcap 'not port 40001' 2>/dev/null
	mv late.pcap sip.pcap
	mergecap -F pcap -a -w call.pcap sip.pcap "$media"
	shut 'it resumes a session whose first handshake is not in the capture' -K sip.pem
}

# said KEYS NAME=VALUE...: what is read of such a connection is what was said.
said() {
	echo "$*"
	local keys=$1
	shift
	between client.sip server.sip "$@"
	[ "$keys" != keys ] || {
		"$GS_BIN/tests/helpers/tls_said" sip.pcap sip.keys >our.said
		cmp sip.said our.said
		return
	}
	gs 0 gs-sdpcheck --blocks --require savp -K sip.pem sip.pcap
	[ "$(grep -c 'of tls@example.com: audio RTP/SAVP' <<<"$output")" -eq 2 ]
}

@test "what no end of libssl negotiates, as mbedTLS has it" {
	# HMAC of 10 octets (RFC 6066 section 7); ECDH keys of the certificate.
	for how in truncated ecdh; do
		echo "$how"
		cp "$GS_TOP/tests/fixtures/tls/mbedtls-$how".* .
		chmod 600 "mbedtls-$how.keys"
		gs 0 gs-sdpcheck --blocks --require tls -K "mbedtls-$how.keys" \
			"mbedtls-$how.pcap"
		[[ $output == *'INVITE of tls@example.com: audio RTP/SAVP'*'200 OK of tls@example.com'* ]]
		[[ $output != *'not opened'* ]]
	done
	install -m 600 "$BATS_FILE_TMPDIR/own.pem" own.pem
	gs 2 gs-sdpcheck -K own.pem mbedtls-ecdh.pcap
	[[ $output == *'its key exchange (ECDH) uses no RSA key: a key log opens it'* ]]
}

@test "every turn that a connection may take" {
	openssl dsaparam -genkey 1024 >dsa.key 2>/dev/null
	openssl req -x509 -new -key dsa.key -out dsa.pem -subj /CN=x
	cat dsa.key >>dsa.pem
	for version in 1.0 1.1 1.2 1.3; do
		for how in resume=1 'resume=2 tickets=0' 'resume=1 reuse=1' \
			client=1 groups=P-521 psk=1 size=1 most=512 padding=256 \
			ems=0 etm=0 'shuffle=1 size=20' 'shuffle=1 size=80'; do
			# shellcheck disable=SC2086 # several words
			said keys version=$version $how
		done
	done
	for how in middlebox=0 'groups=P-384 client=1 size=100' update=1 \
		update=2 'resume=1 psk=1' 'resume=1 early=1' \
		'resume=1 early=1 middlebox=0 update=2 size=50'; do
		# shellcheck disable=SC2086 # several words
		said keys version=1.3 $how
	done
	for how in again=1 again=2 'again=1 client=1' 'again=2 resume=1 tickets=0' \
		'again=1 ems=0 size=60' 'shuffle=1 size=80'; do
		# shellcheck disable=SC2086 # several words
		said keys version=1.2 $how
		# shellcheck disable=SC2086 # several words
		said pem version=1.2 suites=AES256-SHA $how
	done
	for suite in NULL-MD5 ADH-CAMELLIA128-SHA256; do
		said keys suites=$suite
	done
	for suite in AES256-GCM-SHA384 ARIA256-GCM-SHA384 CAMELLIA128-SHA256; do
		said keys suites=DHE-DSS-$suite pem=dsa.pem
	done
	for suite in PSK-NULL-SHA384 PSK-AES256-CCM8 RSA-PSK-CAMELLIA128-SHA256 \
		DHE-PSK-AES256-CBC-SHA384 ECDHE-PSK-NULL-SHA256 \
		ECDHE-PSK-CHACHA20-POLY1305; do
		said keys suites=$suite psk=1
	done
}

# written COMMAND...: it writes what was opened to plain.pcap, and a reader of
# SIP finds it there, behind the frames it was in.
written() {
	gs 0 "$@"
	tshark -r plain.pcap -o tcp.check_checksum:TRUE -Y 'tcp.port == 5060' \
		-T fields -e tcp.flags -e tcp.checksum.status -e tcp.seq \
		-e tcp.analysis.flags -e sip.Method -e sip.Status-Code \
		-e sdp.media.proto 2>/dev/null >clear
	cmp clear - <<-'END'
		0x0002	1	0				
		0x0012	1	0				
		0x0018	1	1		INVITE		RTP/AVP
		0x0018	1	1			200	RTP/AVP
	END
	no_secrets plain.pcap
	not grep -aq "$key" plain.pcap
}

@test "-w --tls writes what was opened, for those who read SIP" {
	for how in version=1.3 'version=1.2 size=100' 'version=1.0 ipv6=1' \
		'ipv6=1 vlan=7' 'ws=100 vlan=9'; do
		echo "$how"
		# shellcheck disable=SC2086 # several words
		call $how
		written gs-srtpdump --tls -K sip.keys -w plain.pcap call.pcap
	done
	# From a pipe, with secrets that come behind, in one pass.
	written gs-srtpdump --tls -K sip.keys -w plain.pcap - <call.pcap
	editcap --inject-secrets tls,sip.keys call.pcap in.pcapng
	written gs-srtpdump --tls -w plain.pcap in.pcapng
	not grep -aq CLIENT_RANDOM plain.pcap
	# Nothing is opened, and nothing written but what was there.
	gs 1 gs-srtpdump --tls -w plain.pcap call.pcap
	cmp plain.pcap call.pcap
	gs 2 gs-srtpdump --tls call.pcap
	[[ $errors == *'--tls requires -w'* ]]
	# Connections of one port are two.
	call version=1.2 resume=1 reuse=1
	written gs-srtpdump --tls -K sip.keys -w plain.pcap call.pcap
}

@test "what is shut counts when its server speaks SIP later" {
	call version=1.3 port=8443 resume=1
	gs 0 gs-sdpcheck --require savp -K sip.keys sip.pcap
	# The first connection, which was closed before, is not opened.
	sed -i "/ $(awk 'NR == 1 { print $2 }' sip.keys) /d" sip.keys
	gs 1 gs-sdpcheck --require savp -K sip.keys sip.pcap
	[[ $output == *':8443 '*'[unproven]'* ]]
	# The same when the capture begins in the middle of the first one.
	editcap sip.pcap late.pcap 1-5
	gs 1 gs-sdpcheck --require savp -K sip.keys late.pcap
	[[ $output == *'192.0.2.1:40001 was not opened: the capture must contain the handshake '*'[unproven]'* ]]
}

@test "a connection on another port is SIP only for who gives its keys" {
	call version=1.3 port=443
	gs 2 gs-sdpcheck --require savp sip.pcap
	[[ $output != *TLS* ]]
	shut 'TLS 1.3 has ephemeral keys: a key log opens it' -K sip.pem
	sed 's/[0-9a-f]\{64\}/0&/; s/ 0\(.\{63\}\)./ 0\1/' sip.keys >other.keys
	chmod 600 other.keys
	shut 'the key log has no secrets of this connection' -K other.keys
	# Beside SIP it is something else.
	mergecap -F pcap -a -w both.pcap sip.pcap \
		"$GS_TOP/tests/fixtures/calls/call-g722.pcap"
	gs 0 gs-sdpcheck --require savp -K other.keys both.pcap
	[[ $output != *'TLS 1.3'* ]]
	gs 0 gs-srtpdump -K other.keys both.pcap
	[[ $errors != *'was not opened'* ]]
}

@test "secrets in the capture open it, wherever they stand, and are not copied" {
	call version=1.3
	editcap --inject-secrets tls,sip.keys sip.pcap front.pcapng
	editcap -F pcapng sip.pcap bare.pcapng
	gs 0 gs-sdpcheck --require savp --require tls front.pcapng
	# Behind the packets: the block is cut out of the file and put there.
	/usr/bin/python3 - <<-'END'
		import struct
		b, at, rest, dsb = open("front.pcapng", "rb").read(), 0, b"", b""
		while at < len(b):
		    kind, n = struct.unpack_from("<II", b, at)
		    if kind == 10:
		        dsb += b[at:at + n]
		    else:
		        rest += b[at:at + n]
		    at += n
		assert dsb
		open("behind.pcapng", "wb").write(rest + dsb)
	END
	gs 0 gs-sdpcheck --require savp --require tls behind.pcapng
	for order in front behind; do
		gs 0 gs-srtpdump -w plain.pcapng "$order.pcapng" "$media"
		[[ $output == *' decrypted'* ]]
		[[ $errors == *'TLS secrets (4 used)'* ]]
		no_secrets plain.pcapng
		not grep -aq TRAFFIC plain.pcapng
	done
}

@test "what follows a lost segment is opened, and the gap is said" {
	for version in 1.2 1.3; do
		cat client.sip client.sip client.sip >three.sip
		between three.sip server.sip version=$version size=600 lose=2
		gs 1 gs-sdpcheck --blocks --require savp -K sip.keys sip.pcap
		[[ $output == *'200 OK of tls@example.com'* ]]
		[[ $output == *'was not opened completely'*'[unproven]'* ]]
	done
}

@test "a lost segment of a handshake hides nothing that others tell" {
	for how in '1.0 6 7' '1.1 6 7' '1.2 6 7' '1.3 6 7' \
		'1.2 suites=AES128-SHA 6 7' '1.3 groups=P-384 5 6 8 9'; do
		read -r version how <<<"$how"
		frames=${how#*=* }
		how=${how%"$frames"}
		# shellcheck disable=SC2086 # perhaps none
		between client.sip server.sip size=9000 version=$version $how
		for frame in $frames; do
			echo "$version $how: $frame"
			editcap sip.pcap cut.pcap "$frame"
			"$GS_BIN/tests/helpers/tls_said" cut.pcap sip.keys >our.said
			# The message behind the gap comes last.
			[ "$(wc -c <our.said)" -eq "$(wc -c <sip.said)" ]
			grep -q 'INVITE sip' our.said
			[ "$version" != 1.2 ] ||
				gs 0 gs-sdpcheck --require savp -K sip.keys cut.pcap
		done
	done
	# Nobody says anything under the keys of a handshake.
	sed -i /_HANDSHAKE_/d sip.keys
	chmod 600 sip.keys
	gs 0 gs-sdpcheck --require savp -K sip.keys sip.pcap
	sed -i /SERVER/d sip.keys
	gs 1 gs-sdpcheck --require savp -K sip.keys sip.pcap
}

@test "what is not encrypted by TLS counts as clear" {
	for suites in NULL-SHA256 ADH-AES128-SHA; do
		call "suites=$suites"
		gs 0 gs-srtpdump -K sip.keys call.pcap
		[[ $output == *' decrypted'* ]]
		gs 1 gs-sdpcheck --require tls -K sip.keys sip.pcap
		[[ $output == *'[crypto-cleartext-signalling]'* ]]
	done
	# Without encryption no key is needed, either.
	call suites=NULL-SHA256 size=100
	gs 0 gs-srtpdump call.pcap
	[[ $output == *' decrypted'* && $errors != *'not opened'* ]]
	gs 1 gs-sdpcheck --require tls sip.pcap
	[[ $output == *'[crypto-cleartext-signalling]'* ]]
	# Nor with TLS 1.3 (RFC 9150), as wolfSSL has it, with KeyUpdate.
	for hash in sha256 sha384; do
		gs 1 gs-sdpcheck --blocks --require tls \
			"$GS_TOP/tests/fixtures/tls/wolfssl-$hash.pcap"
		[ "$(grep -c '\[crypto-cleartext-signalling\]' <<<"$output")" -eq 2 ]
		[[ $output != *'not opened'* ]]
	done
	# A server that nobody can know is not proven to be in TLS.
	call suites=ADH-AES128-SHA
	gs 2 gs-sdpcheck --require tls sip.pcap
	[[ $output == *'error: TLS 1.2 '*' was not opened: '*'[unproven]'* ]]
	# Nor is it when it is one more than what is told one by one.
	mv sip.pcap anonymous.pcap
	call version=1.3
	# shellcheck disable=SC2094 # two files
	{ again 4096 <sip.pcap && again 1 5 <anonymous.pcap | tail -c +25; } >many.pcap
	gs 2 gs-sdpcheck -q --require tls many.pcap
	[[ $output == *'error: more connections that were not opened: 1 [unproven]'* ]]
	again 4097 <sip.pcap >many.pcap
	gs 2 gs-sdpcheck -q --require tls many.pcap
	[[ $output != *'[unproven]'* ]]
}

# again TIMES [PORT]: the connection of the capture on standard input, so many
# times, each from another port.
again() {
	/usr/bin/python3 -c 'import struct, sys
times, port = int(sys.argv[1]), int(sys.argv[2])
data = sys.stdin.buffer.read()
out = sys.stdout.buffer
out.write(data[:24])
for i in range(times):
    at = 24
    while at < len(data):
        n = struct.unpack_from("<I", data, at + 8)[0]
        p = bytearray(data[at:at + 16 + n])
        for k in 50, 52:
            if p[k:k + 2] == struct.pack(">H", 40001):
                p[k:k + 2] = struct.pack(">H", port + i)
        out.write(p)
        at += 16 + n' "$1" "${2:-40001}"
}

@test "keys come in several files, in any order; what was found is told" {
	call version=1.3
	sed -n 'p;n' sip.keys | sed '1s/^/\xef\xbb\xbf/; 1i# comment' >one
	sed -n 'n;p' sip.keys | head -c -1 >two
	sed 's/[0-9a-f]*$/\U&/' two >upper
	sed 's/[0-9a-f]$//' sip.keys >nothing
	cp "$GS_TOP/tests/fixtures/srtp/keys.txt" text
	chmod 600 one two upper nothing text
	opened -K text -K one -K upper -K sip.pem
	[ "$errors" = 'gs-sdpcheck: 9 SDES keys, 1 RSA key, 5 TLS secrets (4 used)' ]
	gs 1 gs-srtpdump -K nothing call.pcap
	[[ $errors == *'nothing: no key '*' TLS key log '*'cut off'*CLIENT_RANDOM* ]]
	[[ $errors == *' 0 TLS secrets (0 used), 5 damaged'* ]]
	head -n 4 nothing | cat - sip.keys >partly
	chmod 600 partly
	opened -K partly
	[[ $errors == *' 5 TLS secrets (4 used), 4 damaged' ]]
	echo 'CLIENT_RANDOM is the label' >nothing
	gs 1 gs-srtpdump -K nothing call.pcap
	[[ $errors == *'nothing: no key '*' text '*CLIENT_RANDOM* ]]
	: >empty
	openssl ecparam -genkey -name prime256v1 -out ec.pem 2>/dev/null
	sed '/PRIVATE/,$d' sip.pem >certificate.pem
	gzip -c sip.keys | gzip -c >twice.gz
	{ printf '\x1f\x8b\n' && seq -s '' 70 | head -c 60; } | gzip -c >chance.gz
	for file in empty:'an empty file' ec.pem:'a private key that is not RSA' \
		certificate.pem:'a certificate without its private key' \
		twice.gz:'a compressed file' chance.gz:'a compressed file' \
		sip.pcap:'a capture'; do
		gs 2 gs-sdpcheck -K "${file%%:*}" sip.pcap
		[[ $errors == *"${file%%:*}: "*"${file#*:}"* ]]
	done
}

@test "a key log is read as it is pasted" {
	call version=1.3
	grep -v '^#' sip.keys >log
	jq -R . log >lines.json
	jq -Rs '{keylog: .}' log >text.json
	jq -Rc '{log: (. + "\n"), stream: "stderr"}' log >docker.json
	sed 's/^/> /' log >mail
	sed 's/^/Nov 29 12:00:00 pbx kamailio[4711]: DEBUG: /' log >syslog
	tr '\n' ' ' <log >line
	tr '\n' '\r' <log >mac
	tr ' ' ',' <log >csv
	sed 's/^/key.log:7:/; s/$/ # copied/' log >grep
	for text in *.json mail syslog line mac csv grep; do
		chmod 600 "$text"
		opened -K "$text"
		[[ $errors == *' 5 TLS secrets (4 used)' ]]
	done
}

@test "gzip, xz and UTF-16 are read, with keys of any kind" {
	call version=1.3
	for pack in 'gzip -c' 'xz -c' 'iconv -t UTF-16LE' 'iconv -t UTF-16'; do
		$pack <sip.keys >packed
		chmod 600 packed
		opened -K packed
	done
	iconv -t UTF-16 sip.keys | gzip -c >packed
	opened -K packed
	call version=1.2 suites=AES128-SHA
	gzip -c sip.pem >packed
	opened -K packed
	xz -c "$GS_TOP/tests/fixtures/srtp/keys.txt" >packed
	gs 0 gs-srtpdump -K packed "$media"
	[[ $output == *' decrypted'* ]]
	gzip -c sip.pem | head -c 100 >packed
	for tool in gs-srtpdump gs-sdpcheck; do
		gs 2 $tool -K packed sip.pcap
		[[ $errors == *'packed: the gzip data ends too early'* ]]
	done
	head -c 68000000 /dev/zero | gzip -c >packed
	gs 2 gs-srtpdump -K packed call.pcap
	[[ $errors == *'packed: '*'64 MiB'* ]]
}

@test "SIP over secure WebSocket, in frames that go on" {
	for how in 'ws=4000 port=7443' 'ws=100 port=443' \
		'ws=64 size=50 version=1.3'; do
		echo "$how"
		# shellcheck disable=SC2086 # several words
		call $how
		opened -K sip.keys
		gs 0 gs-sdpcheck --blocks -j -K sip.keys sip.pcap
		[ "$(jq -r 'select(.type == "block") | .transport' <<<"$output")" = \
			$'WSS\nWSS' ]
	done
	call ws=100 suites=NULL-SHA256
	gs 1 gs-sdpcheck --require tls -K sip.keys sip.pcap
	[[ $output == *'sent over SIP/WS,'* ]]
}

# hep FILE [6]: its message in HEP version 3, between addresses of IPv4 or IPv6.
hep() {
	/usr/bin/python3 - "$@" <<-'END'
		import socket, struct, sys
		text = open(sys.argv[1], "rb").read()
		ends = [(3, bytes((10, 0, 0, 1))), (4, bytes((10, 0, 0, 2)))]
		if len(sys.argv) > 2:
		    ends = [(5, socket.inet_pton(10, "2001:db8::1")),
		        (6, socket.inet_pton(10, "2001:db8::2"))]
		chunks = ((1, b"\2" if len(sys.argv) < 3 else b"\n"), (2, b"\6"),
		    *ends, (7, b"\x13\xc4"),
		    (8, b"\x13\xc4"), (11, b"\1"), (15, text))
		body = b"".join(struct.pack(">HHH", 0, t, 6 + len(v)) + v
		    for t, v in chunks)
		sys.stdout.buffer.write(b"HEP3" +
		    struct.pack(">H", 6 + len(body)) + body)
	END
}

# clear FILE...: clear.pcap, in which each is a segment of one TCP connection,
# whose begin is not there.
clear() {
	cat "$@" | od -Ax -tx1 -v |
		text2pcap -q -4 192.0.2.1,192.0.2.2 -T 40000,9060 - clear.pcap
}

@test "HEP over TLS and TCP, WebSocket in clear" {
	hep client.sip >client.hep
	hep server.sip >server.hep
	for how in version=1.3 'version=1.2 size=40'; do
		# shellcheck disable=SC2086 # several words
		between client.hep server.hep $how
		gs 0 gs-sdpcheck --blocks -K sip.keys sip.pcap
		[[ $output == *'INVITE of tls@example.com: audio RTP/SAVP'*'200 OK of tls@example.com'* ]]
		# What is in it is written, between the addresses that it names.
		mergecap -F pcap -a -w call.pcap sip.pcap "$media"
		gs 0 gs-srtpdump --tls -K sip.keys -w plain.pcap call.pcap
		tshark -r plain.pcap -o udp.check_checksum:TRUE -Y sip -T fields \
			-e ip.src -e udp.srcport -e udp.dstport \
			-e udp.checksum.status -e ip.len -e sip.Method \
			-e sip.Status-Code -e sdp.media.proto 2>/dev/null >clear
		cmp clear - <<-END
			10.0.0.1	5060	5060	1	$(($(wc -c <client.sip) + 28))	INVITE		RTP/AVP
			10.0.0.1	5060	5060	1	$(($(wc -c <server.sip) + 28))		200	RTP/AVP
		END
		no_secrets plain.pcap
		not grep -aq "$key" plain.pcap
	done
	# Also those of the other version of IP.
	hep client.sip 6 >six.hep
	between six.hep server.hep version=1.3 vlan=7
	mergecap -F pcap -a -w call.pcap sip.pcap "$media"
	gs 0 gs-srtpdump --tls -K sip.keys -w plain.pcap call.pcap
	tshark -r plain.pcap -o udp.check_checksum:TRUE -Y 'sip && ipv6' -T fields \
		-e ipv6.src -e ipv6.dst -e udp.checksum.status -e ipv6.plen \
		-e sip.Method 2>/dev/null >clear
	cmp clear - <<-END
		2001:db8::1	2001:db8::2	1	$(($(wc -c <client.sip) + 8))	INVITE
	END
	not grep -aq "$key" plain.pcap
	between client.hep server.hep version=1.3 ipv6=1
	gs 0 gs-srtpdump --tls -K sip.keys -w plain.pcap sip.pcap "$media"
	tshark -r plain.pcap -o ip.check_checksum:TRUE -Y 'sip && ip' -T fields \
		-e ip.src -e ip.checksum.status 2>/dev/null >clear
	cmp clear - <<<$'10.0.0.1\t1\n10.0.0.1\t1'
	# Without a link layer that names the version they are counted.
	editcap -F pcap -C 14 -L -T rawip sip.pcap raw.pcap
	gs 2 gs-srtpdump --tls -K sip.keys -w plain.pcap raw.pcap
	[[ $errors == *'--tls: SIP messages in HEP that were not written'*': 2'$'\n'* ]]
	[ -z "$(tshark -r plain.pcap -Y 'sip && ip' 2>/dev/null)" ]
	clear client.hep server.hep
	gs 0 gs-sdpcheck --blocks clear.pcap
	[[ $output == *'INVITE of tls@example.com: audio RTP/SAVP'*'200 OK of tls@example.com'* ]]
	{
		printf 'GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'
		printf '\x81\x7e'
		printf "\\x$(printf %x $(($(wc -c <client.sip) / 256)))\\x$(printf %x $(($(wc -c <client.sip) % 256)))"
		cat client.sip
	} >client.ws
	clear client.ws
	gs 0 gs-sdpcheck --blocks clear.pcap
	[[ $output == *'INVITE of tls@example.com: audio RTP/SAVP'* ]]
}

@test "plaintext is that of tshark, byte for byte" {
	for how in version=1.3 'version=1.2 suites=AES128-SHA' version=1.0; do
		echo "$how"
		# shellcheck disable=SC2086 # several words
		call $how
		tshark -r sip.pcap -o tls.keylog_file:sip.keys -q \
			-z follow,tls,raw,0 2>/dev/null | tr -d '\t' |
			grep -xE '([0-9a-f]{2})+' | tr -d '\n' | tr a-f A-F |
			basenc --base16 -d >tshark.said
		[ -s tshark.said ]
		cmp sip.said tshark.said
		"$GS_BIN/tests/helpers/tls_said" sip.pcap sip.keys >our.said
		cmp sip.said our.said
	done
}

@test "GnuTLS says what OpenSSL says" {
	needs_root
	printf 'HTTP/1.0 200 OK\r\n\r\n' >answer
	certtool --generate-privkey --no-text --outfile key.pem 2>/dev/null
	printf 'cn = pbx.example.com\nexpiration_days = 9\n' >template
	certtool --generate-self-signed --load-privkey key.pem --no-text \
		--template template --outfile cert.pem 2>/dev/null
	chmod 600 key.pem
	for how in NORMAL:-VERS-ALL:+VERS-TLS1.3 NORMAL:-VERS-ALL:+VERS-TLS1.2 \
		NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_ETM:%NO_SESSION_HASH:-KX-ALL:+RSA:-CIPHER-ALL:+AES-128-CBC \
		NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-256-CBC \
		NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+CHACHA20-POLY1305; do
		echo "$how"
		rm -f sip.keys sip.pcap
		: >echoed
		tcpdump -q --immediate-mode -i lo -U -w sip.pcap tcp port 5061 2>tcpdump.err &
		dump=$!
		until_true grep listening tcpdump.err
		gnutls-serv -q --echo -p 5061 --x509keyfile key.pem \
			--x509certfile cert.pem --priority "$how" \
			>/dev/null 2>&1 &
		serv=$!
		until_true listens 5061
		{ cat client.sip; until_true grep INVITE echoed; } |
			SSLKEYLOGFILE=$PWD/sip.keys gnutls-cli --insecure \
				-p 5061 --priority "$how" 127.0.0.1 >echoed 2>&1 || true
		chmod 600 sip.keys
		until_true gs-sdpcheck -K sip.keys sip.pcap
		kill $serv $dump
		wait $dump || true
		gs 0 gs-sdpcheck --blocks --require tls -K sip.keys sip.pcap
		[[ $output == *'INVITE of tls@example.com: audio RTP/SAVP AES_CM_128_HMAC_SHA1_80'* ]]
		[[ $output != *'was not opened'* ]]
		[[ $how != *RSA* ]] || {
			gs 0 gs-sdpcheck --blocks --require tls -K key.pem sip.pcap
			[[ $output == *'INVITE of tls@example.com: audio'* ]]
		}
	done
}
