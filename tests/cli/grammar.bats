#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One grammar: the options that all commands have, in the help, the manual,
# the completion, and when they are misspelt; and what every text keeps to.
load lib

setup() {
	commands=$(basename -s .c "$GS_TOP"/cmd/gs-*.c)
	F=$GS_TOP/tests/fixtures/example
	cd "$BATS_TEST_TMPDIR" || return 1
	unset COLUMNS NO_COLOR FORCE_COLOR
}

# table COMMAND: its options, a line for each: letter, name, argument, words,
# help, whose it is, the option that it goes with.
table() { "$1" --completion table; }

# Those that all commands have: LETTER NAME ARGUMENT.
common() {
	cat <<-'END'
	f format FORMAT
	j json -
	W warn LEVEL
	- disable RULE
	- baseline FILE
	- write-baseline -
	q quiet -
	v verbose -
	- color [=WHEN]
	- rules -
	- explain RULE
	h help -
	V version -
	- completion SHELL
	END
	case $1 in gs-certgen | gs-snomcfg) echo n dry-run - ;; esac
}

# changed WORD: it with one letter more.
changed() { echo "${1:0:2}x${1:2}"; }

@test "every command has every common option, and means the same by it" {
	for c in $commands; do
		common "$c" | sort >want
		table "$c" | awk -F '\t' '$6 == "common" { print $1, $2, $3 }' |
			sort >got
		diff want got
	done
	for c in $commands; do
		table "$c" | awk -F '\t' '$6 == "common" && $2 != "format"' |
			grep -v dry-run
	done | sort | uniq -c | awk '$1 != 4 { print; bad = 1 }
		END { exit bad }'
}

@test "every option has a long name, and no letter two meanings" {
	for c in $commands; do
		table "$c" | awk -F '\t' '$2 !~ /^[a-z][a-z-]+$/ { exit 1 }'
		[ -z "$(table "$c" | cut -f 2 | sort | uniq -d)" ]
		table "$c"
	done | awk -F '\t' '$1 != "-" {
		if ($1 in name && name[$1] != $2) { print $1, $2; bad = 1 }
		name[$1] = $2
	} END { exit bad }'
	# A packet filter is -F, whatever command has one.
	gs-srtpdump --completion table | grep -q '^F	filter	'
}

@test "help names every common option, with its argument and words" {
	for c in $commands; do
		COLUMNS=9999 gs 0 "$c" -h
		while read -r letter name arg; do
			want="--$name"
			[ "$letter" = - ] || want="-$letter, $want"
			words=$(table "$c" | awk -F '\t' -v n="$name" \
				'$2 == n { gsub(/ /, "|", $4); print $4 }')
			[ "$words" != - ] || words=$arg
			case $arg in
			-) ;;
			\[=*) want+="[=$words]" ;;
			*) want+=" $words" ;;
			esac
			grep -qF -- "$want" <<<"$output" || {
				echo "$c: no $want"
				return 1
			}
		done < <(common "$c")
	done
}

@test "the manual has every option, with its argument and words" {
	for c in $commands; do
		m=$GS_BIN/man/$c.1
		while IFS=$'\t' read -r letter name arg words _; do
			head=$(grep -E "^\.It (.* )?Fl -$name( |$)" "$m")
			[ "$(wc -l <<<"$head")" -eq 1 ]
			[ "$letter" = - ] || [[ $head == *"Fl $letter , "* ]]
			case $arg in
			-) ;;
			\[=*) [[ $head == *"Ns Op = Ns Ar "* ]] ;;
			*) [[ $head == *" Ar $arg"* ]] ;;
			esac
			[ "$words" != - ] || continue
			entry=$(sed -n "/^\.It .*Fl -$name\( .*\)\?$/,/^\.It Fl/p" "$m")
			for w in $words; do
				grep -qE "^\.(It )?Cm (.* )?$w( |$)" <<<"$entry"
			done
		done < <(table "$c")
	done
}

@test "a page that does not say what the table says is refused" {
	page=$GS_TOP/man/gs-sdpcheck.1
	options() { "$GS_TOP/man/options" gs-sdpcheck <page >out; }
	cp "$page" page
	gs 0 options
	grep -v 'OPTION peer' "$page" >page
	gs 1 options
	[[ $errors == *'--peer is not in the page'* ]]
	sed 's/OPTION peer/OPTION pear/' "$page" >page
	gs 1 options
	[[ $errors == *'no option --pear'* ]]
	sed 's/OPTION peer/OPTION type/' "$page" >page
	gs 1 options
	[[ $errors == *'--type stands twice'* ]]
	grep -v 'WORDS type' "$page" >page
	gs 1 options
	[[ $errors == *'--type lacks "sdp"'* ]]
	sed 's/WORDS type/WORDS follow/' "$page" >page
	gs 1 options
	[[ $errors == *'--follow has no words'* ]]
}

@test "every shell completes every common option, and its words" {
	for c in $commands; do
		while read -r letter name arg; do
			bash -c 'compopt() { :; }; COMP_LINE="$1 --" \
				COMP_POINT=${#COMP_LINE}
				source "$2"; _${1//-/_}
				printf "%s\n" "${COMPREPLY[@]}"' \
				_ "$c" "$GS_BIN/completion/$c.bash" |
				grep -qxF -- "--$name"
			grep -q -- "--$name[]=}'\\\\]" "$GS_BIN/completion/$c.zsh"
			grep -q -- " -l $name\( \|$\)" "$GS_BIN/completion/$c.fish"
			[ "$letter" = - ] ||
				grep -q -- " -s $letter -l $name\( \|$\)" \
					"$GS_BIN/completion/$c.fish"
			[ "$name" != explain ] || continue
			words=$(table "$c" | awk -F '\t' -v n="$name" \
				'$2 == n { print $4 }')
			[ "$words" = - ] ||
				grep -qF "words='$words'" "$GS_BIN/completion/$c.bash"
		done < <(common "$c")
	done
}

@test "a misspelt option names the one that is meant" {
	for c in $commands; do
		while read -r _ name _; do
			gs 2 "$c" "--$(changed "$name")"
			[[ $errors == *"did you mean '--$name'?"* ]]
		done < <(table "$c" | cut -f 1-3)
	done
}

@test "a wrong word names the right ones, wherever words are wanted" {
	for c in $commands; do
		while IFS=$'\t' read -r letter name arg words _; do
			[ "$words" != - ] || continue
			gs 2 "$c" "--$name=no-such-word"
			[[ $errors == *"--$name requires "*"${words##* }"*", not 'no-such-word'"* ]]
			for w in $words; do [[ $errors == *"$w"* ]]; done
		done < <(table "$c")
	done
}

@test "an option without its argument says what that is" {
	for c in $commands; do
		while IFS=$'\t' read -r letter name arg _; do
			case $arg in - | \[=*) continue ;; esac
			gs 2 "$c" "--$name"
			[[ $errors == *"option '--$name' requires an argument: $arg"* ]]
			[ "$letter" != - ] || continue
			gs 2 "$c" "-$letter"
			[[ $errors == *"option '-$letter' requires an argument: $arg"* ]]
		done < <(table "$c")
		gs 2 "$c" --json=yes
		[[ $errors == *"option '--json' takes no argument"* ]]
	done
}

@test "what an option meant before is refused, and the new one named" {
	for c in gs-snomcfg gs-sdpcheck gs-srtpdump; do
		gs 2 "$c" -f 'udp port 5060'
		[[ $errors == *"--format requires "*"a packet filter is -F, --filter"* ]]
	done
	gs 2 gs-certgen --check --warn 30
	[[ $errors == *"--warn requires error, warning or note, not '30'"*"--warn-days"* ]]
}

@test "gsprov(7) has every common option" {
	for c in $commands; do common "$c"; done | sort -u |
		while read -r letter name _; do
			head=$(grep -E "^\.It (.* )?Fl -$name( |$)" \
				"$GS_BIN/man/gsprov.7")
			[ "$letter" = - ] || [[ $head == *"Fl $letter , "* ]]
		done
}

@test "gsprov(7) has every format" {
	for word in $(table gs-sdpcheck | awk -F '\t' '$2 == "format" { print $4 }'); do
		sed -n '/^\.Sh FORMATS/,/^\.Ss Suppressed/p' "$GS_BIN/man/gsprov.7" |
			grep -qxF ".It Cm $word"
	done
}

@test "exit statuses are the same sentences in all manuals and the README" {
	for c in $commands; do
		sed -n '/^\.Sh EXIT STATUS/,/^\.El/p' "$GS_BIN/man/$c.1" >"$c.exit"
		cmp gs-certgen.exit "$c.exit"
	done
	[ "$(grep -c '^\.It [012]$' gs-certgen.exit)" -eq 3 ]
	sed -n '/^\.Ss Exit status/,/^\.El/p' "$GS_BIN/man/gsprov.7" |
		sed 1,2d | cmp - <(sed 1d gs-certgen.exit)
	for n in 0 1 2; do
		text=$(sed -n "/^\.It $n$/,/^\.\(It\|El\)/p" gs-certgen.exit |
			sed '/^\.\(It\|El\)/d; s/^\.Fl W/`-W`/' | xargs)
		grep -qxF "| $n | $text |" "$GS_TOP/README.md"
	done
}

@test "--explain of any command explains the rules of all, and says whose" {
	local -A own
	for c in $commands; do
		own[$c]=$'\n'$("$c" --rules | cut -d ' ' -f 1)$'\n'
	done
	for c in $commands; do
		for r in ${own[$c]}; do
			for other in $commands; do
				output=$("$other" --explain "$r")
				[[ $output$'\n' == *$'\n'"Rule of: $c"$'\n'* ||
					${own[$other]} == *$'\n'$r$'\n'* ]]
			done
		done
	done
	gs 0 gs-sdpcheck --explain media-savp-off
	[[ $output == *"Rule of: gs-snomcfg"*"Link: media"* ]]
	# The command's own rule goes first, and alone.
	gs 0 gs-srtpdump --explain key-weak
	[ "$(grep '^Rule of' <<<"$output")" = 'Rule of: gs-srtpdump' ]
	gs 0 gs-snomcfg --explain key-weak
	[ "$(grep '^Rule of' <<<"$output" | xargs)" = \
		'Rule of: gs-certgen Rule of: gs-srtpdump' ]
	gs 2 gs-certgen --explain media-savp-of
	[[ $errors == *"did you mean 'media-savp-off'?"* ]]
}

@test "the help fits the terminal, and 24 lines of 80 columns" {
	# An example is a line, to be copied: it needs 57 columns.
	wide() {
		"$@" | sed "$( ((COLUMNS > 56)) || echo '/^examples:/,$d')" | wc -L
	}
	for c in $commands; do
		[ "$("$c" -h | wc -l)" -le 24 ]
		[ "$("$c" -h | wc -L)" -le 80 ]
		for n in 40 57 60 79 100 132; do
			[ "$(COLUMNS=$n wide "$c" -h)" -le $n ]
			[ "$(COLUMNS=$n wide "$c" --rules)" -le $n ]
			script -qec "stty cols $n; $c -h" /dev/null </dev/null |
				tr -d '\r' >tty
			COLUMNS=$n "$c" -h | cmp - tty
		done
		# Too little is 40; nonsense is nothing.
		[ "$(COLUMNS=3 wide "$c" -h)" -le 40 ]
		cmp <("$c" -h) <(COLUMNS=x "$c" -h)
		# What is no terminal gets a rule a line.
		[ "$("$c" --rules | grep -c '^ ')" -eq 0 ]
		[ "$(COLUMNS=40 "$c" --rules | grep -c '^ ')" -gt 0 ]
	done
}

@test "color: the option, then NO_COLOR, FORCE_COLOR, TERM and the terminal" {
	colored() { [[ $1 == *$'\033['* ]]; }
	tty_run() { script -qec "$*" /dev/null </dev/null; }
	printf 'v=0\no=- 1 1 IN IP4 1.2.3.4\ns=-\nm=audio 4 RTP/AVP 0\n' >x.sdp
	cp "$F/settings.xml" .
	for c in 'gs-sdpcheck x.sdp' 'gs-snomcfg --check settings.xml' \
		'gs-certgen --root root --check pbx.example.com'; do
		says() { "$@" 2>&1 || true; }
		not colored "$(says $c)"
		colored "$(TERM=xterm says tty_run "$c")"
		not colored "$(TERM=dumb says tty_run "$c")"
		not colored "$(TERM=xterm NO_COLOR=1 says tty_run "$c")"
		not colored "$(TERM=xterm says tty_run "$c --color=never")"
		not colored "$(TERM=xterm FORCE_COLOR=0 says tty_run "$c")"
		colored "$(FORCE_COLOR=1 says $c)"
		not colored "$(FORCE_COLOR=1 NO_COLOR=1 says $c)"
		colored "$(says $c --color)"
		colored "$(NO_COLOR=1 says $c --color=always)"
		not colored "$(FORCE_COLOR=1 says $c --color=never)"
		not colored "$(says $c --color=auto)"
		# JSON never is.
		not colored "$(says $c --color=always -j)"
	done
}

@test "-W decides in every command what ends with status 1" {
	printf 'v=0\no=- 1 1 IN IP4 1.2.3.4\ns=-\nc=IN IP4 1.2.3.4\nt=0 0\nm=audio 4 RTP/AVP 0\n%s\n' \
		'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz' >x.sdp
	gs 0 gs-sdpcheck --peer asterisk x.sdp
	gs 1 gs-sdpcheck --peer asterisk --warn warning x.sdp
	gs 1 gs-sdpcheck --peer asterisk --warn=note x.sdp
	sed 's/user_savp[^>]*>off</user_savp idx="1" perm="R">mandatory</' \
		"$F/settings.xml" >settings.xml
	gs 0 gs-snomcfg --check settings.xml
	gs 1 gs-snomcfg --check -W warning settings.xml
	echo 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGw' >keys
	chmod 600 keys
	gs 0 gs-srtpdump -K keys "$F/call.pcap"
	gs 1 gs-srtpdump -K keys -W warning "$F/call.pcap"
}

@test "a caret stands under its column, whatever the terminal's width" {
	pad=$(printf 'x%.0s' {1..90})
	printf 'v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 4 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz %s\303\274%s=1\r\n' \
		"$pad" "$pad" >x.sdp
	gs 1 gs-sdpcheck -v x.sdp
	at=$(tail -n 1 <<<"$output")
	at=$((${#at} - 1))
	[ $at -gt 80 ]
	line=$(grep '^  a=crypto' <<<"$output" | sed 's/ü/u/')
	for n in 40 61 80 100; do
		script -qec "stty cols $n; gs-sdpcheck -v --color=never x.sdp" \
			/dev/null </dev/null | tr -d '\r' >tty || true
		# The pieces of the line, and in which of them the caret is.
		sed 's/ü/u/' tty | awk -v at="$at" -v n="$n" '
			/^  a=crypto/ { inside = 1 }
			!inside { next }
			/^ +\^$/ { col = seen - last + length - 2; next }
			{
				last = length - 2
				seen += last
				text = text substr($0, 3)
				if (length > n)
					exit 1
			}
			END { print col, at - 1; print text
				exit col != at - 1 }' >got &&
			[ "$(tail -n 1 got)" = "${line:2}" ] || {
			cat got
			cat tty
			return 1
		}
	done
}

# Each invocation a line; what it writes must be ASCII.
invocations() {
	for c in $commands; do
		printf "$c %s\n" -h -V --rules '--completion bash' \
			'--completion zsh' '--completion fish' \
			'--completion table' --frob '--explain zzz' -Z \
			'-f yaml' '--fo\303\274rmat' '-f \303\274' '-W'
		"$c" --rules | sed "s/ .*//; s/^/$c --explain /"
	done
	# Workflow commands of GitHub name files as they are.
	for f in $(gs-sdpcheck --completion table |
		awk -F '\t' '$2 == "format" { sub(/github/, "", $4); print $4 }'); do
		for args in u.sdp '-v u.sdp' '-v --require tls u.log' \
			'--peer pjsip u.sdp u.sip' 'missing-\303\274' \
			'--offer u.sdp --answer u.sip'; do
			echo "gs-sdpcheck -f $f $args"
		done
		for args in '--check u.xml' '-v --check u.xml u.sdp' \
			'--harden -n u.xml' \
			'-s base_url=https://\303\274.example -o out u.tsv' \
			'-v -s base_url=https://a.example -n -o out u.tsv' \
			'-s \303\274=1 -o out' '-p u.conf -o out u.tsv' '--models'; do
			echo "gs-snomcfg -f $f $args"
		done
	done
	for f in $(gs-srtpdump --completion table |
		awk -F '\t' '$2 == "format" { sub(/github/, "", $4); print $4 }'); do
		for args in '--root root --check \303\274.example.com' \
			'--root root --no-auto-san -n --key ec:P-256 --subject O=\303\274 pbx.example.com' \
			'--root root --show' '--root root --san dns:\303\274' \
			'--root root --import u.sdp pbx.example.com'; do
			echo "gs-certgen -f $f $args"
		done
		for args in "\303\274.pcap" "-v -K u.sdp $F/call.pcap" \
			"-K k\303\274 $F/call.pcap" 'u.sdp' "--merge u.json" \
			"-v --no-sip -K u.log $F/call.pcap"; do
			echo "gs-srtpdump -f $f $args"
		done
	done
}

@test "everything is ASCII under LC_ALL=C, and tables have 80 columns" {
	mkdir out
	printf 'v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=\303\274\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:kurz \303\274\342\202\254\r\na=\360\237\230\200=\377\r\n' >u.sdp
	{ printf 'INVITE sip:\303\274@h SIP/2.0\r\nCall-ID: \303\274\360\237\230\200\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n'
		cat u.sdp; } >u.sip
	sed 's/pcma/p\xc3\xbc/g; s/sofia/s\xc3\xb6fia/' "$F/phone.log" >u.log
	sed 's/user_realname/user_r\xc3\xbc/; s/media/\xc3\xbc/' \
		"$F/settings.xml" >u.xml
	printf '\303\274ber = 1\n\377 = 2\nbase_url = https://a.example\n' >u.conf
	printf 'mac_address\tauth_name\tpassword\tcaller_name\thost\n000413262AFE\tm\303\274\tp\tM\303\274ller\th.example\n00041326ZZZZ\t\303\274\tp\t\360\237\230\200\th\n' >u.tsv
	echo '{"type":"ü"}' >u.json
	cp "$F/call.pcap" ü.pcap
	mkdir text
	n=0
	while read -r line; do
		printf -v line '%b' "$line"
		n=$((n + 1))
		echo "$line" >>lines
		LC_ALL=C COLUMNS=80 $line </dev/null >text/$n 2>&1 || true
	done < <(invocations)
	[ "$n" -gt 200 ]
	fits text/* >why || {
		IFS=/: read -r _ n _ <why
		sed -n "${n}p" lines
		head -n 3 why | cat -v
		return 1
	}
	# It is the locale that decides, and JSON says the same in both.
	for l in C POSIX de_DE de_DE.ISO-8859-1 ''; do
		LC_ALL=$l LANG='' LC_CTYPE='' gs 0 gs-sdpcheck -q -W error u.sdp || true
		[[ $output != *ü* ]]
	done
	for l in C.UTF-8 de_DE.utf8; do
		[[ $(LC_ALL=$l gs-sdpcheck -v u.sdp) == *ü* ]]
		[[ $(LC_ALL='' LC_CTYPE='' LANG=$l gs-sdpcheck -v u.sdp) == *ü* ]]
		[[ $(LC_ALL=C LANG=$l gs-sdpcheck -v u.sdp) != *ü* ]]
	done
	cmp <(LC_ALL=C gs-sdpcheck -j u.sip | jq .) <(gs-sdpcheck -j u.sip | jq .)
	# Settings and captures are no text: they stay as they are.
	for o in '-w -' -x; do
		cmp <(LC_ALL=C gs-srtpdump -q $o "$F/call.pcap") \
			<(gs-srtpdump -q $o "$F/call.pcap")
	done
	LC_ALL=C gs-snomcfg -q -s base_url=https://a.example \
		--phone 000413262AFE <(head -n 2 u.tsv) | grep -q 'Müller'
}

@test "an option that goes with another one is refused without it" {
	local any=0 value
	for c in $commands; do
		while IFS=$'\t' read -r _ name arg words help _ with; do
			[ "$with" != - ] || continue
			any=$((any + 1))
			[[ $help == "with $with: "* ]]
			value=
			[ "$arg" = - ] || value="=${words%% *}"
			[ "$value" != =- ] || value==1
			gs 2 "$c" "--$name$value" </dev/null
			[[ $errors == *"--$name requires $with"$'\n'* ]]
			# The manual says it under the option's name.
			mandoc -T ascii -O width=200 "$GS_BIN/man/$c.1" |
				sed 's/.\x08//g' | tr -s ' \n' ' ' >page
			grep -qE -- "--$name[^.]* Requires $with\. " page
		done < <(table "$c")
	done
	[ "$any" -ge 10 ]
}

@test "an option that only some actions have names them" {
	gs 2 gs-certgen --private a.example
	[[ $errors == *": --private requires --csr"* ]]
}

@test "what a script gives to every action is taken by each" {
	site=(--root root --ca --days 90 --renew-before 30 --key ec:P-256
		--der ca.der --run true --san b.example --warn-days 9
		--crit-days 3 --subject O=a)
	gs 0 gs-certgen "${site[@]}" a.example
	gs 0 gs-certgen "${site[@]}" --check
	gs 0 gs-certgen "${site[@]}" --status
	gs 0 gs-certgen "${site[@]}" --show
	gs 0 gs-certgen "${site[@]}" --csr - a.example
}

@test "times that no call can match are refused" {
	for times in '2026-01-02 2026-01-01' '22:00 06:00' \
		'2026-01-01T10:00 2026-01-01T09:59'; do
		read -r from to <<<"$times"
		gs 2 gs-sdpcheck --since "$from" --until "$to" </dev/null
		[[ $errors == *"--since $from is later than --until $to"* ]]
	done
	for times in '2026-01-02 2026-01-02' '2026-01-01T10:00 2026-01-01' \
		'2026-01-01T22:00 06:00'; do
		read -r from to <<<"$times"
		gs 2 gs-sdpcheck --since "$from" --until "$to" </dev/null
		[[ $errors != *later* ]]
	done
	# A date alone is the beginning of its day, whatever argument follows.
	gs 2 gs-sdpcheck --until '2026-01-01 10:00' --since 2026-01-01 z
	[[ $errors != *later* ]]
}

@test "options that exclude each other are refused together" {
	local line command first
	while read -r line; do
		read -r command first _ <<<"$line"
		gs "$([[ $line == *--status* ]] && echo 3 || echo 2)" \
			$line </dev/null
		[ -z "$output" ]
		[[ $errors == *"cannot be combined"* ]]
		[[ $errors == *"${first%%=*}"*"Try '$command -h'." ]]
	done <<-'END'
		gs-sdpcheck --offer=a --answer=b c
		gs-sdpcheck --status -j
		gs-sdpcheck --status -f sarif
		gs-sdpcheck --status --blocks
		gs-sdpcheck --status --follow
		gs-sdpcheck --status --flow
		gs-sdpcheck --flow -j
		gs-sdpcheck --flow --blocks
		gs-sdpcheck --flow --follow
		gs-sdpcheck --follow a
		gs-srtpdump -i lo a
		gs-srtpdump --merge -K a b
		gs-srtpdump --merge -w a b
		gs-srtpdump --merge -a a b
		gs-srtpdump --merge -A a b
		gs-srtpdump --merge -g a b
		gs-srtpdump --merge -x b
		gs-srtpdump --merge -F a b
		gs-srtpdump --merge -i lo
		gs-snomcfg --harden -o a
		gs-snomcfg --check -k a
		gs-snomcfg --check --phone 000413262AFE
		gs-certgen --check --show
		gs-certgen --check --new-key
		gs-certgen --status --force
		gs-certgen --show --new-ca
		gs-certgen --auto --switch a.example
		gs-srtpdump --roc 1 --roc-max 5 a
		gs-certgen --auto a.example
		gs-certgen --switch --csr - a.example
		gs-certgen --self-signed --ca a
		gs-certgen --self-signed --new-ca a
		gs-certgen --show --write-baseline --baseline=a
		gs-certgen --import a --ca
		gs-certgen --import a --private
		gs-certgen --no-freeswitch --tls-pem
		gs-certgen --no-freeswitch --wss-pem
		gs-certgen --no-freeswitch --dtls-pem
		gs-srtpdump --merge --roc 1 a
		gs-srtpdump --merge --engine auto a
		gs-srtpdump --merge --no-sip a
		gs-srtpdump --only-rtp --tls -w a b
		gs-srtpdump --only-rtp --keep-sip -w a b
		gs-snomcfg --harden --require none
		gs-snomcfg --dhcp isc --require none
		gs-snomcfg --models -j
	END
}
