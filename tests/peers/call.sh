#!/bin/bash
# SPDX-License-Identifier: MIT
# call.sh DIR MEDIAENC [SECONDS [CODEC]]: two baresip phones call each other
# over loopback, SIP over UDP; DIR gets the capture call.pcap, with that many
# seconds of their call, and keys.log, the secrets of their DTLS. Everything that is started is ended by its own
# process id.
set -eu
here=$(dirname "$0")
dir=$1 enc=$2 seconds=${3:-1} codec=${4:-PCMA}
preload=${GS_BIN:-build}/tests/helpers/shim_keylog.so
rate=8000 top=3000 wide=
[ "$codec" = G722 ] && rate=16000 top=6000 wide='module g722.so'
mkdir -p "$dir/a" "$dir/b"
export PIDS=$dir/pids
. "$here/../helpers/process.bash"
. "$here/chain/call.bash"
trap end_all EXIT
sox -n -r "$rate" -c 1 -b 16 "$dir/tone.wav" \
	synth 10 sine "300:$top" gain -6 repeat 5
conf() { # name sip-port rtp-ports
	cat >"$dir/$1/config" <<-C
	poll_method epoll
	module_path /usr/lib/baresip/modules
	$wide
	module g711.so
	module aufile.so
	module $([ "$enc" = dtls_srtp ] && echo dtls_srtp || echo srtp).so
	module_tmp account.so
	module_tmp uuid.so
	module_app menu.so
	net_interface 127.0.0.1
	sip_listen 127.0.0.1:$2
	rtp_ports $3
	audio_source aufile,$dir/tone.wav
	audio_player aufile,$dir/$1/heard.wav
	audio_alert aufile,$dir/$1/alert.wav
	C
	touch "$dir/$1/contacts"
}
[ "$enc" = none ] && e='' || e=";mediaenc=$enc"
conf a 25170 26000-26100
conf b 25180 27000-27100
echo "<sip:alice@127.0.0.1:25170>;regint=0$e;audio_codecs=$codec" \
	>"$dir/a/accounts"
echo "<sip:bob@127.0.0.1:25180>;regint=0$e;audio_codecs=$codec;answermode=auto" \
	>"$dir/b/accounts"
export SSLKEYLOGFILE=$dir/keys.log

# once: a call; fails with what the phones said. A phone that crashes leaves
# DIR/crashed.
once() {
	local a b dump status=0
	heard() { holds "$dir/call.pcap" "$seconds" || gone "$a" || gone "$b"; }
	rm -f "$dir/crashed" "$dir/keys.log"
	start tcpdump -i lo -U -s 0 -w "$dir/call.pcap" \
		'udp port 25170 or udp port 25180 or udp portrange 26000-27100' \
		2>"$dir/tcpdump.err"
	dump=$!
	until_true grep -q 'listening on' "$dir/tcpdump.err" || return
	LD_PRELOAD=$preload start baresip -f "$dir/b" >"$dir/b/log" 2>&1
	b=$!
	until_true grep -q 'baresip is ready' "$dir/b/log" || return
	LD_PRELOAD=$preload start baresip -f "$dir/a" \
		-e "/dial sip:bob@127.0.0.1:25180" >"$dir/a/log" 2>&1
	a=$!
	until_true heard || true
	if ! holds "$dir/call.pcap" "$seconds"; then
		tail "$dir"/?/log
		! gone "$a" && ! gone "$b" || : >"$dir/crashed"
		status=1
	fi
	# The caller hangs up.
	end $a
	[ $status -eq 0 ] || end $b $dump
	return $status
}
# As in chain/call.bash: a crash says nothing about what is tested.
for _ in 1 2 3; do
	! once || exit 0
	[ -e "$dir/crashed" ] || exit 1
done
exit 1
