#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# No key is left in the memory of a command when it ends, and no command
# leaves a core file. The sanitizers keep what is freed, handle SIGSEGV, and
# forbid core files: tests/run leaves this file out there.

load lib
load ../helpers/process

teardown() { end_all; }

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
	sed '1,2d;$d' "$1" | perl -lne 'print unpack "H*", substr $_, 0, 32'
	openssl pkey -in "$1" -noout -text |
		awk '/^[a-zA-Z]/ { p = /^(priv|prime1|prime2|exponent1)/; if (p) print "" }
			/^ / && p { gsub(/[ :]/, ""); printf "%s", $0 } END { print "" }' |
		grep . | sed 's/^00//' | cut -c1-48 |
		perl -lne 'print; print reverse /..?/g'
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

# ---- all of a command's memory, from outside

# announced FILE...: the keys of SDP in these, for probe.py.
announced() {
	grep -aoh 'inline:[A-Za-z0-9+/=]\{38,\}' "$@" | cut -d: -f2 | sort -u |
		while read -r k; do
			base64 -di <<<"$k=" 2>/dev/null | head -c 30 |
				od -An -v -tx1 | tr -d ' \n'
			echo
		done
}

# logged FILE: the secrets of a TLS key log.
logged() { awk '!/^#/ && NF == 3 { print $3 }' "$1" | sort -u; }

# probed STATUS COMMAND...: what was seen at each end is $errors; the secrets
# are in $T/secrets.
probed() {
	local want=$1
	shift
	[ -s "$T/secrets" ]
	gs "$want" "$GS_TOP/tests/helpers/probe.py" "$T/secrets" "$@"
	[[ $errors == *exit\ [1-9]* ]]
	if [[ $errors == *"secret "* ]]; then
		echo "$*"
		grep secret <<<"$errors"
		return 1
	fi
}

@test "at its end no key is anywhere in a command's memory" {
	needs_root
	F=$GS_TOP/tests/fixtures
	cd "$T"
	call=$F/calls/call-pcma-udp.pcap
	mkdir files bare
	announced "$call" >secrets
	[ "$(wc -l <secrets)" -eq 2 ]
	probed 0 gs-srtpdump "$call"
	probed 0 gs-srtpdump -v -j "$call"
	probed 0 gs-srtpdump -w w.pcap -a a.wav -A files -g g.svg "$call"
	probed 0 gs-srtpdump -w k.pcap --keep-sip "$call"
	probed 0 gs-srtpdump -x -q "$call"
	probed 2 gs-srtpdump -w nosuch/w.pcap "$call"
	probed 0 gs-srtpdump -q --engine libsrtp2 "$call"
	head -c 30000 "$call" >cut.pcap
	probed 2 gs-srtpdump cut.pcap
	probed 0 gs-sdpcheck "$call"
	probed 0 gs-sdpcheck --blocks "$call"
	probed 0 gs-sdpcheck --flow "$call"
	probed 0 gs-sdpcheck -j "$call"
	# Keys of texts, packed ones too.
	log=$F/freeswitch/optional.uuid.log
	announced "$log" >secrets
	probed 0 gs-sdpcheck "$log"
	probed 0 gs-sdpcheck --blocks -v "$log"
	probed 0 gs-srtpdump -q -K "$log" "$F/freeswitch/optional.pcap"
	gzip -c "$log" >log.gz
	xz -c "$log" >log.xz
	for f in log.gz log.xz; do
		probed 0 gs-srtpdump -q -K "$f" "$F/freeswitch/optional.pcap"
	done
	# Secrets of TLS, and the key of a server.
	tls=$F/example/tls-call.pcap
	logged "$F/example/tls.keys" >secrets
	probed 0 gs-srtpdump -q -K "$F/example/tls.keys" "$F/example/sips.pcap"
	probed 0 gs-sdpcheck -K "$F/example/tls.keys" "$F/example/sips.pcap"
	secrets "$F/example/agent.pem" >secrets
	probed 0 gs-srtpdump -q -K "$F/example/agent.pem" "$tls"
	probed 0 gs-sdpcheck -K "$F/example/agent.pem" "$tls"
	probed 2 gs-sdpcheck -K "$F/example/agent.pem" nosuch
	openssl pkcs8 -topk8 -nocrypt -in "$F/example/agent.pem" -outform DER \
		-out agent.der
	echo "a phrase" >phrase
	openssl pkcs8 -topk8 -in "$F/example/agent.pem" -outform DER \
		-passout file:phrase -out locked.der
	chmod 600 ./*.der
	probed 0 gs-srtpdump -q -K agent.der "$tls"
	probed 0 gs-srtpdump -q -K locked.der --pass-file phrase "$tls"
	probed 0 gs-srtpdump -q -K agent.der --tls -w t.pcap "$tls"
	probed 0 gs-srtpdump -q -K agent.der -a a.wav -g g.svg "$tls"
	probed 0 gs-srtpdump -j -v --add-sdp -w a.pcapng -K agent.der "$tls"
	probed 0 gs-sdpcheck -K agent.der --flow "$tls"
	probed 0 gs-sdpcheck -K agent.der -f sarif "$tls"
	# Those of DTLS, from a log and from the capture.
	for k in baresip-12 firefox-13; do
		install -m 600 "$F/dtls/$k.keys" dtls.keys
		logged dtls.keys >secrets
		probed 0 gs-srtpdump -q -K dtls.keys "$F/dtls/$k.pcap"
		editcap --inject-secrets tls,dtls.keys "$F/dtls/$k.pcap" dsb.pcapng
		probed 0 gs-srtpdump -q dsb.pcapng
		probed 0 gs-srtpdump -q -w w.pcapng -g g.svg dsb.pcapng
	done
	install -m 600 "$F/example/tls.keys" tls.keys
	logged tls.keys >secrets
	editcap --inject-secrets tls,tls.keys "$F/example/sips.pcap" dsb.pcapng
	probed 0 gs-sdpcheck dsb.pcapng
	probed 0 gs-srtpdump -q --add-sdp -w w.pcapng dsb.pcapng
	# Keys as programs write them.
	head -n 1 "$F/srtp/keys.txt" | sed 's/.*inline://' >secrets
	for f in url-octets python-bytes-wrapped dump-od-x verilog-octets \
		base64-blanks rust-hex; do
		install -m 600 "$F/keytexts/$f" text
		probed 0 gs-srtpdump -q --no-sip -K text "$F/srtp/gst-cm128-80.pcap"
	done
	set_up rsa:2048
	for o in "" --check --show --force; do
		probed 0 gs-certgen --root "$R" --no-auto-san $o $N
	done
}

@test "at its end no password of a phone is anywhere in a command's memory" {
	needs_root
	cd "$T"
	local pass=Geh3imNr7Fest has_secrets=yes
	{
		printf %s $pass | od -An -v -tx1 | tr -d ' \n'
		echo
	} >secrets
	mkdir out
	printf '%s\n' $'mac_address\tmodel\tauth_name\tpassword\tcaller_name\thost' \
		$'000413260002\tSnom 370\tada1\t'$pass$'\tAda\tgs5.example' >rows
	# What answers as Rails, behind the filter.
	start /usr/bin/python3 -B -c "import sys, time
sys.path.insert(0, '$GS_TOP/tests/helpers')
import faults
sys.stdout.buffer.write(faults.site(faults.rails()))
sys.stdout.flush()
time.sleep(1800)" >site.conf
	until_true test -s site.conf
	chmod 640 rows site.conf
	probed 0 gs-snomcfg -p site.conf -o out rows
	probed 0 gs-snomcfg -p site.conf --phone 000413260002 rows
	probed 0 gs-snomcfg --check out
	probed 0 gs-snomcfg -p site.conf --harden out/*-000413260002.xml
	probed 0 env "GSPROV_SITE=$T/site.conf" REQUEST_METHOD=GET \
		REMOTE_ADDR=192.0.2.7 REQUEST_URI=/settings-000413260002.xml \
		gsprov-filter
	[[ $output == "Status: 200 "*$pass* ]]
}

@test "in mid-run keys are where they are used, and what looks for them sees them" {
	needs_root
	F=$GS_TOP/tests/fixtures
	cd "$T"
	call=$F/calls/call-pcma-udp.pcap
	announced "$call" >secrets
	gs 0 "$GS_TOP/tests/helpers/probe.py" --mid "$call" "$T/secrets" \
		gs-srtpdump -q -w w.pcap -
	[[ $errors == *"mid "*"secret "* ]]
	[[ $errors != *"exit "*"secret "* ]]
	# One that keeps what it reads.
	keep=(perl -MPOSIX -0777 -e '$x = <>; POSIX::_exit(0)')
	gs 0 "$GS_TOP/tests/helpers/probe.py" "$T/secrets" "${keep[@]}" "$call"
	[[ $errors == *"exit "*"secret 0 base64"* ]]
	# Each form of a secret.
	head -n 1 secrets >one
	for form in raw hex HEX base64; do
		perl -ne 'print pack "H*", $_ =~ s/\s//gr' one >plain
		case $form in
		raw) cp plain planted ;;
		hex) cp one planted ;;
		HEX) tr a-f A-F <one >planted ;;
		base64) base64 plain >planted ;;
		esac
		gs 0 "$GS_TOP/tests/helpers/probe.py" one "${keep[@]}" planted
		[[ $errors == *"exit "*"secret 0 $form"* ]]
	done
}
