# SPDX-License-Identifier: MIT
# Servers and phones for certgen.bats, run inside a network namespace. All
# end with the shell that started them.
# shellcheck shell=bash

FS=$PWD/root/var/opt/GS5/freeswitch/conf/ssl
export PIDS=$PWD/pids
. "$GS_TOP/tests/helpers/process.bash"
trap end_all EXIT

# baresip wants an address besides that of loopback.
ip link set lo up
ip link add host0 type veth peer name peer0
ip addr add 192.0.2.10/24 dev host0
ip link set host0 up
ip link set peer0 up

phone() { # phone NAME PORT RTP CERT CAFILE ACCOUNT
	mkdir -p "$1"
	cat >"$1/config" <<-EOF
	poll_method epoll
	audio_buffer 20-160
	module_path /usr/lib/baresip/modules
	module stdio.so
	module g711.so
	module aufile.so
	module_tmp uuid.so
	module_tmp account.so
	module_app menu.so
	rtp_ports $3-$(($3 + 100))
	sip_listen 127.0.0.1:$2
	sip_certificate $4
	sip_cafile $5
	dns_server 127.0.0.1:5353
	audio_source aufile,$PWD/tone.wav
	audio_alert aufile,$PWD/$1.alert.wav
	EOF
	: >"$1/contacts"
	echo "$6" >"$1/accounts"
}

names_and_tone() {
	start /usr/bin/python3 dns.py 5353
	sox -n -r 8000 -c 1 -b 16 tone.wav synth 60 sine 300:3000 gain -6
	until_true bound 5353
}

# dial HOST PORT CAFILE: a call of some seconds by way of HOST, which the phone
# verifies; prints what it saw. bob is asked for by the address that he listens
# at: baresip 1.1 answers to nothing else.
dial() {
	phone a 5070 20000 "$FS/agent.pem" "$3" \
		"<sip:alice@127.0.0.1:5070;transport=tls>;regint=0;outbound=\"sip:$1:$2;transport=tls\""
	GS_VERIFY_HOST=$1 LD_PRELOAD=$GS_BIN/tests/helpers/shim_sipverify.so \
		start baresip -f a -e "/dial sip:bob@127.0.0.1:$2;transport=tls" \
		>a.log 2>&1
	until_true grep -qa -e 'Call established' -e 'session closed' a.log
	# Some sound, when there is a call.
	! grep -qa 'Call established' a.log ||
		until_true grep -qa 'incoming rtp' a.log
	end $!
	grep -a -e established -e closed -e failed -e tls a.log | grep -av /dial
}

direct() { # direct HOST CAFILE: phone to phone, the called one has the set
	names_and_tone
	phone b 5080 30000 "$FS/agent.pem" "$PWD/ca.pem" \
		'<sip:bob@127.0.0.1:5080;transport=tls>;regint=0;answermode=auto'
	start baresip -f b >b.log 2>&1
	until_true listens 5081
	dial "$1" 5081 "$PWD/$2"
}

# kamailio_with FOLDER: serves it on port 5091; the rest of its configuration
# is standard input.
kamailio_with() {
	cat >kamailio.cfg <<-EOF
	#!KAMAILIO
	debug=1
	log_stderror=yes
	children=1
	tcp_children=1
	enable_tls=yes
	listen=tls:127.0.0.1:5091
	mpath="$(dirname "$(find /usr/lib -path '*kamailio/modules/tls.so')")/"
	loadmodule "tls.so"
	modparam("tls", "tls_method", "TLSv1.2+")
	modparam("tls", "certificate", "$1/agent.pem")
	modparam("tls", "private_key", "$1/agent.pem")
	$(cat)
	EOF
	start kamailio -DD -E -f kamailio.cfg -Y "$PWD" -m 32 -M 4 >kam.log 2>&1
	until_true listens 5091
}

through_kamailio() { # through_kamailio HOST CAFILE: Kamailio has the set
	names_and_tone
	phone b 5080 30000 "$FS/agent.pem" "$PWD/ca.pem" \
		'<sip:bob@127.0.0.1:5080>;regint=0;answermode=auto'
	start baresip -f b >b.log 2>&1
	kamailio_with "$FS" <<-EOF
	listen=udp:127.0.0.1:5090
	alias="pbx.example.com"
	loadmodule "tm.so"
	loadmodule "sl.so"
	loadmodule "rr.so"
	loadmodule "pv.so"
	loadmodule "siputils.so"
	loadmodule "textops.so"
	modparam("tls", "ca_list", "$FS/cafile.pem")
	modparam("rr", "enable_double_rr", 1)
	request_route {
		if (has_totag()) {
			loose_route();
			t_relay();
			exit;
		}
		if (is_method("CANCEL")) {
			t_relay();
			exit;
		}
		record_route();
		\$ru = "sip:bob@127.0.0.1:5080";
		t_relay();
	}
	EOF
	dial "$1" 5091 "$PWD/$2"
}

tls_server() { # tls_server FOLDER [s_client option...]
	local dir=$1
	shift
	start openssl s_server -accept 127.0.0.1:5061 -cert "$dir/agent.pem" \
		-key "$dir/agent.pem" -CAfile "$dir/cafile.pem" -www \
		>/dev/null 2>&1
	until_true listens 5061
	openssl s_client -connect 127.0.0.1:5061 -verify_return_error "$@" \
		</dev/null 2>&1
}

# apache FOLDER [FOLDER]: serves it on port 8443, and the second one to those who
# ask for $N.
apache() {
	local name=default.invalid folder
	cat >apache.conf <<-EOF
	ServerRoot /usr/lib/apache2
	DefaultRuntimeDir $PWD
	PidFile $PWD/apache.pid
	ErrorLog $PWD/apache.log
	ServerName localhost
	LoadModule mpm_event_module modules/mod_mpm_event.so
	LoadModule authz_core_module modules/mod_authz_core.so
	LoadModule ssl_module modules/mod_ssl.so
	Mutex pthread
	SSLSessionCache none
	Listen 127.0.0.1:8443
	EOF
	for folder; do
		cat >>apache.conf <<-EOF
		<VirtualHost *:8443>
		ServerName $name
		SSLEngine on
		SSLCertificateFile $folder/agent.pem
		SSLCertificateKeyFile $folder/agent.pem
		</VirtualHost>
		EOF
		name=$N
	done
	start /usr/sbin/apache2 -D FOREGROUND -f "$PWD/apache.conf"
	until_true listens 8443
}

kamailio_tls() { # kamailio_tls FOLDER: serves it and answers nothing
	kamailio_with "$1" <<<'request_route { exit; }'
}

# check WORD ENDPOINT: prints it with the rules of what --connect finds.
check() {
	echo "$1: $(gs-certgen --root "$PWD/root" --no-auto-san --check \
		--connect "$2" | grep -o 'error.*\[served-[a-z-]*\]$' |
		grep -o '\[.*' | sort -u | tr '\n' ' ')"
}

# by_name NAME ENDPOINT: Apache has the set for NAME alone, or for all others.
by_name() {
	local N=$1
	cp -rL "$FS" live
	apache "$PWD/other" "$PWD/live"
	check right "$2"
	end $!
	apache "$PWD/live" "$PWD/other"
	check wrong "$2"
}

# judged SERVER ENDPOINT: with the set, after a renewal, with another set, and
# without the intermediates.
judged() {
	local server=$1 pid
	cp -rL "$FS" live
	"$server" "$PWD/live"
	pid=$!
	check right "$2"
	gs-certgen -q --root "$PWD/root" --no-auto-san --import "$PWD/next.crt" \
		--chain "$PWD/chain" >&2
	check old "$2"
	end $pid
	"$server" "$PWD/other"
	pid=$!
	check wrong "$2"
	end $pid
	mkdir leaf
	openssl x509 -in "$FS/agent.pem" -out leaf/agent.pem
	openssl pkey -in "$FS/agent.pem" >>leaf/agent.pem
	"$server" "$PWD/leaf"
	check incomplete "$2"
}

# behind_holes COMMAND...: beside a server at 192.0.2.10, which two addresses
# by IPv6 precede that answer nothing.
behind_holes() {
	local i
	ip -6 addr add 2001:db8::1/64 dev host0 nodad
	for i in 2 3; do
		ip -6 neigh add 2001:db8::$i lladdr 02:00:00:00:00:0$i dev host0
		echo "2001:db8::$i both"
	done >hosts
	echo "192.0.2.10 both" >>hosts
	mount --bind hosts /etc/hosts
	start openssl s_server -accept 5061 -4 -www -cert "$FS/agent.pem" \
		-key "$FS/agent.pem" >/dev/null 2>&1
	until_true listens 5061
	"$@"
}
