#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Codecs: what is heard of each against ffmpeg's decoders, and what is written
# for players.

setup_file() {
	load lib
	mkdir "$BATS_FILE_TMPDIR/c"
	cd "$BATS_FILE_TMPDIR/c" || return
	"$GS_TOP/tests/helpers/codecs.py" make >list
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

# hears NAME CAPTURE: the left side of its call, in NAME.own.
hears() {
	gs 2 gs-srtpdump -q -a "$1.wav" "$2" # not encrypted
	ffmpeg -nostdin -v error -y -i "$1.wav" -af 'pan=mono|c0=c0' \
		-f s16le "$1.own"
}

# at_least A B: numbers, one of which may be inf.
at_least() { awk -v a="$1" -v b="$2" 'BEGIN {
	exit !(a == "inf" || (b != "inf" && a + 0 >= b + 0)) }'; }

@test "each codec sounds as ffmpeg decodes it" {
	local name want skip got rate
	while read -r name want skip; do
		hears "$name" "$name.pcap"
		rate=$(ffprobe -v error -show_entries stream=sample_rate \
			-of csv=p=0 "$name.wav")
		read -ra args <"$name.args"
		ffmpeg -nostdin -v error -y "${args[@]}" -i "$name.ref" -ac 1 \
			-ar "$rate" -f s16le "$name.s16"
		got=$("$GS_TOP/tests/helpers/codecs.py" snr "$name.s16" \
			"$name.own" "$skip")
		at_least "$got" "$want" || {
			echo "$name: $got dB, not $want"
			return 1
		}
	done <list
}

@test "a loss is concealed as the codec does it" {
	local name each got
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
	got=$("$GS_TOP/tests/helpers/codecs.py" snr opus-speech-lost.s16 \
		opus-speech.own)
	[ "$got" = inf ]
}
