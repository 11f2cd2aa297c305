#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Codecs: what is heard of each against ffmpeg's decoders, and what is written
# for players.

setup_file() {
	load lib
	mkdir "$BATS_FILE_TMPDIR/c"
	cd "$BATS_FILE_TMPDIR/c" || return
	"$GS_TOP/tests/helpers/codecs.py" make >list
	"$GS_TOP/tests/helpers/codecs.py" talk
}

setup() {
	load lib
	cd "$BATS_FILE_TMPDIR/c" || return
}

# pcm FILE [OPTION...]: as one channel of 16-bit samples.
pcm() {
	local file=$1
	shift
	ffmpeg -nostdin -v error "$@" -i "$file" -f s16le -
}

# decode TO INPUT...: has decoded write it to TO as pcm does, at $rate if that is
# set. ffmpeg takes longer to start than to decode.
decode() {
	into+=(-map "${#from[@]}" -ac 1 ${rate:+-ar "$rate"} -f s16le "$1")
	shift
	from+=("$*")
}
decoded() {
	local each input=()
	for each in "${from[@]}"; do input+=($each); done
	ffmpeg -nostdin -v error -y "${input[@]}" "${into[@]}"
}

# hears NAME CAPTURE: the left side of its call, in NAME.own.
hears() {
	gs 2 gs-srtpdump -q -a "$1.wav" "$2" # not encrypted
	sox -D "$1.wav" -t raw "$1.own" remix 1
}

# alike: of the files that standard input names; see codecs.py.
alike() { "$GS_TOP/tests/helpers/codecs.py" snr; }

@test "each codec sounds as ffmpeg decodes it" {
	local name want skip rate from=() into=()
	: >pairs
	while read -r name want skip; do
		hears "$name" "$name.pcap"
		rate=$(soxi -r "$name.wav")
		decode "$name.s16" "$(cat "$name.args")" -i "$name.ref"
		echo "$name $name.s16 $name.own $want $skip" >>pairs
	done <list
	decoded
	alike <pairs
}

@test "a loss is concealed as the codec does it" {
	local name each
	# Packets 50 to 53 are lost: at 1 s, for 80 ms.
	for name in opus opus-speech speex speex-wb amr amr-wb g729; do
		hears "$name" "$name.pcap"
		mv "$name.own" "$name.whole"
		hears "$name" "$name-lost.pcap"
		[ "$(stat -c %s "$name.own")" = "$(stat -c %s "$name.whole")" ]
		each=$(($(stat -c %s "$name.own") / 2 / 3))
		case $name in opus*) each=48000 ;; esac
		# The last packets before it go on.
		tail -c +$((each * 2 + 1)) "$name.own" | head -c $((each / 10)) |
			od -An -td2 -v | tr -s ' ' '\n' | awk '
			$1 > 200 || $1 < -200 { loud++ }
			END { exit !(loud > 50) }'
	done
	# As libopus does it when it is asked directly, with what the packet
	# behind the loss repeats.
	hears opus-speech opus-speech-lost.pcap
	alike <<<'opus-speech opus-speech-lost.s16 opus-speech.own inf'
	# So do the others, also when more is lost than one gap is filled with.
	"$GS_TOP/tests/helpers/codecs.py" losses >losses
	while read -r name; do
		hears "$name" "$name.pcap"
		echo "$name $name.s16 $name.own inf"
	done <losses >pairs
	alike <pairs
}

@test "a pause without packets sounds as the codec makes it, and keeps its length" {
	local name rate
	"$GS_TOP/tests/helpers/codecs.py" pauses >pauses
	while read -r name rate; do
		hears "$name" "$name.pcap"
		echo "$name $name.s16 $name.own inf" >>pauses.pairs
		# Packets at the end that were not sent may be missing.
		[ "$(stat -c %s "$name.own")" -gt $((rate * 2 * 49 / 10)) ]
	done <pauses
	alike <pauses.pairs
}

@test "what is written for a player plays by the line that is printed" {
	local name want skip line file rate='' from=() into=()
	: >pairs
	while read -r name want skip; do
		mkdir -p "files/$name"
		gs 2 gs-srtpdump -A "files/$name" "$name.pcap"
		case $name in
		pcma | pcmu | l16*)
			[ -s "files/$name"/*.wav ]
			continue
			;;
		esac
		line=$(sed -n "s/^files[^:]*: ffplay/ffplay/p" <<<"$output")
		[ -n "$line" ]
		# The player without a screen: the same options, the file behind
		# -i.
		eval "set -- $line"
		shift
		file=${!#}
		set -- "${@:1:$(($# - 1))}"
		read -ra args <"$name.args"
		case ${args[0]} in -c:a) set -- "$@" "${args[@]}" ;; esac
		decode "$name.played" "$@" -i "$file"
		case $name in *g726-40*) continue ;; esac
		decode "$name.full" "${args[@]}" -i "$name.ref"
		echo "$name $name.full $name.played 60 $skip" >>pairs
	done <list
	decoded 2>said
	[ ! -s said ]
	alike <pairs
}

# packets FILE [OPTION...]: how many ffmpeg finds, and when the last one begins.
packets() {
	ffprobe -v error "${@:2}" -show_entries packet=pts_time -of csv=p=0 "$1" |
		awk 'NF { n++; at = $1 } END { print n, at + 0 }'
}

@test "a file keeps the time of what was lost" {
	local name
	for name in opus speex amr amr-wb g729; do
		rm -rf whole lost
		mkdir whole lost
		gs 2 gs-srtpdump -A whole "$name.pcap"
		gs 2 gs-srtpdump -A lost "$name-lost.pcap"
		rm */*.rtpdump
		args=()
		[ $name != g729 ] || args=(-f g729)
		read -r n at <<<"$(packets whole/* "${args[@]}")"
		read -r m end <<<"$(packets lost/* "${args[@]}")"
		[ "$at" = "$end" ]
		# In Ogg the times say it, elsewhere frames stand for it.
		case $name in opus | speex) m=$((m + 4)) ;; esac
		[ "$n" -eq "$m" ]
	done
}

@test "--dtmf lets digits sound, where and as long as they were pressed" {
	local from tones
	gs 2 gs-srtpdump -q -a talk.wav talk.pcap
	gs 2 gs-srtpdump -q --dtmf -a tones.wav talk.pcap
	# 697 and 1209 Hz; what stands around them is the same.
	for from in 1.0 1.3; do
		[ "$(sox talk.wav -n remix 1 trim $from 0.16 stat 2>&1 |
			awk '/RMS.*amplitude/ { print ($3 < 0.001) }')" = 1 ]
		sox tones.wav -n remix 1 trim $from 0.16 stat 2>&1 |
			awk '/RMS.*amplitude/ { exit !($3 > 0.15) }'
	done
	sox tones.wav one.wav remix 1 trim 1.01 0.14 sinc 650-740
	sox one.wav -n stat 2>&1 | awk '/Rough/ { exit !($3 > 660 && $3 < 740) }'
	cmp <(sox talk.wav -t raw - trim 1.6) <(sox tones.wav -t raw - trim 1.6)
	cmp <(sox talk.wav -t raw - trim 0 1) <(sox tones.wav -t raw - trim 0 1)
	# Also where SDP does not say what they are.
	gs 2 gs-srtpdump --dtmf -a unsaid.wav unsaid.pcap
	[[ $output == *"DTMF 1 at 1.00 s"* && $output != *"cannot be decoded"* ]]
	cmp tones.wav unsaid.wav
}

@test "cipher text is no sound, though SDP says that it is none" {
	gs 1 gs-srtpdump -a noise.wav noise.pcap
	[[ $output == *" no key"*"encrypted, although"*RTP/AVP* ]]
	[ ! -e noise.wav ]
}

@test "a codec that nothing decodes: no WAV, and which side and codec" {
	gs 2 gs-srtpdump -a nameless.wav nameless.pcap
	[[ $output == *" 100 packets of PT 97 cannot be decoded: no SDP for its addresses names the codec"* ]]
	[ ! -e nameless.wav ]
	printf '%s\n' v=0 'o=- 1 1 IN IP4 192.0.2.1' s=- 'c=IN IP4 192.0.2.1' \
		't=0 0' 'm=audio 4000 RTP/AVP 97' 'a=rtpmap:97 AMR/8000' >amr.sdp
	gs 2 gs-srtpdump -K amr.sdp -a nameless.wav nameless.pcap
	[[ $output == *"nameless.wav: "* && $output != *"cannot be decoded"* ]]
	gs 2 gs-srtpdump -a strange.wav strange.pcap
	[[ $output == *"192.0.2.1:4000 > 192.0.2.2:4000: 100 packets of G7221 cannot be decoded: "*"; -A writes them to a file"* ]]
	[ ! -e strange.wav ]
}

@test "a stream that changes its codec has a file for each, which plays" {
	mkdir changes parts
	gs 2 gs-srtpdump -A changes changes.pcap
	[[ $output == *"changes/001-00000007.lbc: the packets of iLBC, the first of them at 0.0 s of the stream"* ]]
	[[ $output == *"changes/001-00000007-2.wav: the packets of PCMA, the first of them at 0.6 s of the stream"* ]]
	[ "$(stat -c %s changes/*.lbc)" -eq $((9 + 40 * 38)) ]
	[ "$(stat -c %s changes/*-2.wav)" -eq $((44 + 20 * 320)) ]
	[ "$(stat -c %s changes/*-3.raw)" -eq $((10 * 60)) ]
	# Each sounds as if the stream had been of this codec alone.
	gs 2 gs-srtpdump -A parts parts.pcap
	[ "$(find parts -name '001-00000007*' | wc -l)" -eq 4 ]
	cmp <(pcm parts/001-00000007.wav | head -c $((50 * 320))) <(head -c $((50 * 160)) pcma.ref |
		pcm - -f alaw -ar 8000 -ac 1)
	cmp parts/001-00000007-2.g722 <(head -c $((50 * 160)) g722.ref)
	cmp parts/001-00000007-3.gsm <(head -c $((100 * 33)) gsm.ref)
	[[ $output == *"parts/001-00000007-2.g722: ffplay -f g722 "* ]]
	# The files of another run are recognised.
	gs 2 gs-srtpdump -A parts parts.pcap
	# More than four: in the rtpdump, which is told.
	mkdir many
	gs 2 gs-srtpdump -A many many.pcap
	[[ $output == *"many/001-00000007.rtpdump: only here: 10 packets of speex"* ]]
	# A WAV holds all that is decoded.
	gs 2 gs-srtpdump -a changes.wav changes.pcap
	[[ $output == *"40 packets of iLBC cannot be decoded"* ]]
	[[ $output == *"10 packets of G7221 cannot be decoded"* ]]
	[[ $output != *PCMA* ]]
}

@test "a sequence that begins anew under another key is sound, not duplicates" {
	"$GS_BIN/tests/helpers/srtp_own" one AES_CM_128_HMAC_SHA1_80 0 100 150 0 7 0
	"$GS_BIN/tests/helpers/srtp_own" two AES_CM_128_HMAC_SHA1_80 0 100 100 0 7 4 \
		ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433
	mergecap -F pcap -w again.pcap one.pcap two.pcap
	mkdir again
	gs 0 gs-srtpdump -j -A again again.pcap
	[ "$(jq -r '[.packets, .duplicates, .late, .lost] | @tsv' <<<"$output")" = \
		$'250\t0\t0\t0' ]
	[ "$(jq '.jitter_max_ms < 1' <<<"$output")" = true ]
	# From 0 to 3 s and from 4 to 6 s.
	[ "$(stat -c %s again/*.wav)" -gt $((59 * 1600)) ]
}

# without NAME COMMAND...: where no library of this name is installed.
without() {
	unshare -m bash -c 'set -e
		at=$(dirname "$(ldconfig -p | awk -v n="$1" "\$1 == n {
			print \$NF; exit }")")
		rm -rf links
		mkdir links
		# It may be read by one who has few rights, too.
		mount --bind "$at" /usr/local/lib
		ln -s /usr/local/lib/* links
		rm links/"$1"*
		mount --bind links "$at"
		shift
		"$@"' without "$@"
}

@test "a library that is missing is named; the version loads none for its name" {
	[[ $(gs-srtpdump --version) == *$'\nlibspandsp.so.2 (found; loaded by -a)\nlibbcg729.so.0 (found; loaded by -a)\n'* ]]
	LD_DEBUG=files gs-srtpdump --version >version 2>loads
	grep -q 'file=libopus' loads
	[ -z "$(grep 'file=lib\(spandsp\|bcg729\|opencore\)' loads)" ]
	[[ $(without libbcg729.so.0 gs-srtpdump --version) == \
		*$'\nlibspandsp.so.2 (found; loaded by -a)\nlibbcg729.so.0 is not installed\n'* ]]
	rm -f g729.wav
	gs 2 without libbcg729.so.0 gs-srtpdump -a g729.wav g729.pcap
	[[ $output == *" packets of G729 cannot be decoded: libbcg729.so.0 is not installed, or cannot be loaded (GPL-3; Debian's package libbcg729-0); -A writes them to a file that ffplay plays"* ]]
	[ ! -e g729.wav ]
}

@test "digits are listed, and the codec is that of most packets" {
	gs 2 gs-srtpdump -j talk.pcap
	[ "$(jq -r '[.codec,.payload_type]|@tsv' <<<"$output")" = $'PCMA\t8' ]
	[ "$(jq -r '.notes[]' <<<"$output")" = \
		"DTMF 1 at 1.00 s (160 ms), # at 1.30 s (160 ms)" ]
	gs 2 gs-srtpdump talk.pcap
	[[ $output == *"00000007: DTMF 1 at 1.00 s (160 ms), # at 1.30 s (160 ms)."* ]]
}

# named CAPTURE [FIELD...]: each SSRC and its codec as tshark names it, without
# options. Of each packet, the fields go to the file "fields".
named() {
	local each fields=()
	for each in "${@:2}"; do fields+=(-e "$each"); done
	[ $# -eq 1 ] || fields=(-T fields "${fields[@]}")
	tshark -r "$1" -z rtp,streams "${fields[@]}" 2>/dev/null >fields
	awk '/^=* RTP Streams =*$/ { below = 1 }
		below && $7 ~ /^0x/ { print tolower(substr($7, 3)), $8 }' fields |
		sort
	sed -i '/^=* RTP Streams =*$/,$d' fields
}

@test "--add-sdp: tshark names the codec of each stream, and never without it" {
	local n
	sort all.list >want
	n=$(wc -l <want)
	gs 2 gs-srtpdump --only-rtp -w bare.pcap all.pcap
	[ -z "$(named bare.pcap sap ip.dst)" ]
	grep -q '^	192' fields
	[ -z "$(grep -v '^	192' fields)" ]
	gs 2 gs-srtpdump --only-rtp --add-sdp -w told.pcap all.pcap
	# Types that are fixed have names of their own there.
	named told.pcap sap ip.dst udp.dstport sdp.session_name \
		frame.time_epoch sdp.media.port rtp.seq |
		sed 's/ 16-bit$/ L16/; s/ g721$/ G726-32/' >got
	diff want got
	[[ $output == *"SDP was added for $n streams (--add-sdp)."* ]]
	# Each stands before the first packet of its stream, at its time.
	awk -F '\t' '
		$1 != "" && $2 == "224.2.127.254" && $3 == 9875 &&
			$4 == "added by gsprov" { said++ }
		$6 != "" { at[$6] = $5 }
		$7 == 0 && at[$3] == $5 { n++ }
		END { exit said != '"$n"' || n != '"$n"' }' fields
	# In pcapng a comment says where it comes from.
	editcap -F pcapng all.pcap all.pcapng
	gs 2 gs-srtpdump -q --only-rtp --add-sdp -w told.pcapng all.pcapng
	named told.pcapng sap frame.comment >/dev/null
	awk -F '\t' '$1 != "" && $2 == "SDP added by gsprov" { said++ }
		$2 != "" { n++ }
		END { exit said != '"$n"' || n != '"$n"' }' fields
	# Streams with SDP of their own get none: those of fixed types have none.
	gs 2 gs-srtpdump --add-sdp -w kept.pcap all.pcap
	[[ $output == *"SDP was added for 4 streams "* ]]
}

@test "without SDP, the report ends with the line for Wireshark, which works" {
	local line
	gs 2 gs-srtpdump --only-rtp -w "it's.pcap" pcma.pcap
	line=$(tail -n 1 <<<"$output")
	[[ $line == *": wireshark --enable-heuristic rtp_udp -r "* ]]
	eval "set -- ${line##*: }"
	[ "$(tshark "${@:2}" -q -z rtp,streams 2>/dev/null | grep -c 0x00000007)" -eq 1 ]
	# The capture itself, if nothing in it is encrypted.
	gs 2 gs-srtpdump l16-static.pcap
	[[ $output == *"wireshark --enable-heuristic rtp_udp -r 'l16-static.pcap'" ]]
	gs 2 gs-srtpdump pcma.pcap
	[[ $output != *wireshark* ]]
}

@test "a sender that moves to another address stays on its side and in its file" {
	"$GS_TOP/tests/helpers/codecs.py" moved
	hears pcma pcma.pcap
	# The same sound as from one address.
	for name in moved-nat moved-sdp; do
		gs 2 gs-srtpdump -a $name.wav $name.pcap
		[[ $output == *"$name.wav: 192.0.2.1:4000, then 192.0.2.1:4100 left, 192.0.2.2:5000 right, 3.0 s "* ]]
		[ ! -e $name-2.wav ]
		sox -D $name.wav -t raw $name.own remix 1
		cmp pcma.own $name.own
	done
	sox -D moved-sdp.wav -t raw back.own remix 2
	cmp pcma.own back.own
	# What another call's SDP names is another call.
	gs 2 gs-srtpdump -a other.wav other.pcap
	[[ $output == *"other.wav: 192.0.2.1:4000 left, "*"other-2.wav: 192.0.2.1:4100 left, "* ]]
	# Those who go on after a long hold are still in the same.
	gs 2 gs-srtpdump -a held.wav held.pcap
	[ ! -e held-2.wav ]
	[[ $output == *"held.wav: 192.0.2.1:4000 left, 192.0.2.2:5000 right, 4.0 s at "* ]]
	[[ $output == *"held.wav: 1 pause without any packet, cut to a second"* ]]
}

@test "SDP with a private address behind a NAT names the codec by its port" {
	LC_ALL=C sed 's/c=IN IP4 192.0.2.1/c=IN IP4 10.0.0.99/' opus.pcap >nat.pcap
	cmp -s nat.pcap opus.pcap && return 1
	# Also the first packets, of which it is not certain at once whether
	# they are encrypted.
	hears opus opus.pcap
	mv opus.own direct.own
	hears opus nat.pcap
	cmp direct.own opus.own
	gs 2 gs-srtpdump -q --add-sdp -w told.pcap nat.pcap
	[ "$(named told.pcap)" = "00000007 opus" ]
}
