# SPDX-License-Identifier: MIT
# gs-snomcfg --check and --harden: verdicts about settings files.

setup() {
	load "$GS_TOP/tests/helpers/snom.bash"
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "check: a clean file has no finding but what it must" {
	settings "$(identity "$TLS" on mandatory)" >x.xml
	run gs-snomcfg --check x.xml
	[ "$status" -eq 0 ]
	[[ $output == *'signalling: good, TLS on 1 of 1 identities'* ]]
	[[ $output == *'media: good, SRTP on 1 of 1 identities'* ]]
	rules -W warning <x.xml
	[ "$(cat said)" = 'note trust-host' ]
}

@test "check: S12 scheme against port in every URL" {
	for where in 'setting_server:U' 'dkey_redial:url U' 'idle_ok_key_action:url U' \
		'firmware_status:U' 'vision_provisioning_url:U' 'action_dnd_on_url:U'; do
		name=${where%%:*}
		settings "<$name perm=\"R\">${where#*:}</$name>" | sed "s|>\(url \)\{0,1\}U<|>\1http://h.example:443/x<|" >x.xml
		rules <x.xml
		has 'error prov-scheme-port'
	done
	wrap() { settings | sed "s|<certificates>|$1<certificates>|"; }
	wrap '<functionKeys><fkey idx="0" perm="R">url http://h:443/</fkey></functionKeys>' | rules; has 'error prov-scheme-port'
	wrap '<functionKeys><fkey idx="0" perm="R"><action><url target="http://h:443/\&amp;x" when="on press"/></action></fkey></functionKeys>' | rules; has 'error prov-scheme-port'
	wrap '<uploads><file url="https://h:80/x" type="t"/></uploads>' | rules; has 'error prov-scheme-port'
	settings '<a_url perm="R">https://h:443/ https://h:8443/ https://[2001:db8::1]:443/</a_url>' | rules
	hasnt prov-
	settings '<a_url perm="R">&#104;ttp:&#47;/h:443/</a_url>' | rules
	has 'error prov-scheme-port'
	settings '<a_url perm="R">http&#58;//h&#x3a;443/</a_url>' | rules
	has 'error prov-scheme-port'
	settings '<a_url perm="R"><![CDATA[http://h:443/]]></a_url>' | rules
	has 'error prov-scheme-port'
	# Between elements, in a list, in a sentence; not in a comment.
	settings '<fkey idx="0" perm="RW">url http://h:443/<x/></fkey>' | rules; has 'error prov-scheme-port'
	settings '<fkey idx="0" perm="RW"><x/>http://h:443/</fkey>' | rules; has 'error prov-scheme-port'
	settings '<a_url perm="R">https://h:443,http://h:443</a_url>' | rules; has 'error prov-scheme-port'; hasnt prov-url
	settings '<a_url perm="R">(https://h:8443), https://h:443;</a_url>' | rules; hasnt prov-
	settings '<a_url perm="R"><!-- http://h:443/ -->x</a_url>' | rules; hasnt prov-
}

@test "check: URLs that cannot be read, or are not encrypted" {
	settings '<a_url perm="R">https:///x</a_url>' | rules; has 'error prov-url'
	settings '<a_url perm="R">https://h:0/x</a_url>' | rules; has 'error prov-url'
	settings '<a_url perm="R">https://2001:db8::1/</a_url>' | rules; has 'error prov-url'
	settings '<a_url perm="R">http://h/x</a_url>' | rules; has 'warning prov-plain'
	settings | sed s/https:..gs5/http:\\/\\/gs5/ | rules; has 'error prov-plain'
	settings | sed s/https:..gs5/tftp:\\/\\/gs5/ | rules; has 'error prov-plain'
	settings | sed 's|https://gs5|gs5|' | rules; has 'error prov-url'
	settings | sed 's|gs5.example/|gs5.example/a b|' | rules; has 'error prov-url'
	settings | sed 's|ca.example/|ca.example/a b|' | rules; has 'error prov-url'
	settings | sed '/setting_server/d' | rules; has 'note prov-no-server'
}

@test "check: S13 S16 credentials and keys in URLs are masked" {
	settings '<a_url perm="R">https://ada:Geh3imNr7Fest@h/snom-a9170af083fed2bae9bb92df.xml?t=Zw3iterAnschluss</a_url>' >x.xml
	run gs-snomcfg --check x.xml
	[[ $output == *'https://***@h/snom-***.xml?***'*prov-credentials* ]]
	settings | sed 's|https://gs5.example/settings|http://gs5.example:443/a9170af083fed2bae9bb92df|' | run gs-snomcfg --check
	[[ $output != *a9170af083* ]]
}

@test "check: S17 to S20 srtp, savp and the transport" {
	v() { settings "$(identity "$1" "$2" "$3")" | rules; }
	v "$TLS" on off; has 'error media-savp-off'
	jq -e 'select(.rule == "media-savp-off")' found
	v "$TLS" on -; has 'error media-savp-off'
	v "$TLS" on optional; has 'note media-optional'; hasnt error
	v "$TLS" on on; has 'error media-value'; grep -q mandatory found; hasnt media-savp-off
	v "$TLS" on Mandatory; has 'error media-value'
	v "$TLS" on ' mandatory '; has 'note media-blank'; hasnt error
	v "$TLS" yes mandatory; has 'error media-value'
	v "$TLS" off mandatory; has 'warning media-savp-no-effect'
	v "$TLS" off off; has 'warning media-not-encrypted'
	v "$TLS" - mandatory; has 'warning media-unset'
	v 'gs5.example;transport=udp' on mandatory; has 'error media-key-clear'; has 'warning sip-not-tls'
	v gs5.example on mandatory; has 'error media-key-clear'
	v - on mandatory; has 'warning media-key-clear'
	# DNS is not asked about an address.
	for address in 192.168.0.253 '[2001:db8::1]'; do
		settings "$(identity - on mandatory "$address")" | rules; has 'error media-key-clear'
	done
	v _sips._tcp.gs5.example on mandatory; has 'warning media-key-clear'; has 'warning sip-host'; hasnt error
	settings "$(identity "$TLS" on mandatory)" | sed 's/<user_auth_tag.*off/<user_auth_tag idx="1" perm="R">on/' | rules
	has 'warning media-tag-32'
	settings "$(identity "$TLS" on mandatory)" | sed '/user_auth_tag/d' | rules
	has 'warning media-tag-32'
	settings "$(identity "$TLS" on mandatory)" | sed '/user_s/s/perm="R"/perm="RW"/' | rules
	has 'warning media-unlocked'
}

@test "check: S21 every way to write the proxy has its verdict" {
	v() { settings "$(identity "$1" on mandatory)" | rules; }
	v 'h.lan:5061;transport=TLS'; has 'warning sip-spelling'; hasnt error
	v 'h.lan:5061; transport=tls'; has 'warning sip-spelling'; hasnt error
	v 'h.lan:5061'; has 'error sip-transport-missing'
	v 'h.lan;transport=tls'; has 'note sip-port-missing'; hasnt error
	v 'h.lan:5060;transport=tls'; has 'error sip-port'
	v 'h.lan:70000;transport=tls'; has 'error sip-port'
	v 'h.lan:5061;transport=tls,'; has 'note sip-list'; hasnt error
	v 'a.lan:5061;transport=tls,b.lan:5061;transport=tls'; has 'note sip-list'; hasnt error
	v 'sip:h.lan:5061;transport=tls'; has 'note sip-prefix'; hasnt error
	v 'sips:h.lan:5061'; has 'warning sip-prefix'; hasnt error
	v ':5061;transport=tls'; has 'error sip-no-host'
	v 'h.lan:5061;transport=quic'; has 'error sip-transport'
	v '[2001:db8::1]:5061;transport=tls'; hasnt error; hasnt warning
	v '2001:db8::1:5061;transport=tls'; has 'error sip-port'
	v 'h.lan:5061;transport=udp'; has 'error sip-port'
	v 'h.lan:5061;transport='; has 'error sip-transport'; hasnt sip-port
	v 'h.lan:5061;Transport=tls'; has 'warning sip-spelling'; hasnt error
	v ' h.lan:5061;transport=tls '; has 'note sip-spelling'; hasnt error
	v 'a.lan:5061;transport=tls,b.lan:5060'; has 'warning sip-list'; hasnt error
	for h in '{host}' '1.2.3' 'a@h.lan' '[2001:db8::g]' 'm&#252;ller.lan'; do
		v "$h:5061;transport=tls"; has 'error sip-host'
	done
	for o in 'h.lan:5061;lr;transport=tls' 'h.lan:5061;transport=tls;' 'h.lan:443;transport=tls' \
		'<![CDATA[h.lan:5061;transport=tls]]>' '<!-- c -->h.lan:5061;transport=tls' 'h.lan&#58;5061&#x3b;transport=tls'; do
		v "$o"; hasnt sip-
	done
	settings "$(identity "$TLS" on mandatory | sed '/outbound/s/"R"/""/')" | rules; has 'warning sip-unlocked'
	settings "$(identity "$TLS" on mandatory | sed '/outbound/s/"R"/"R\&#87;"/; s/idx="1"/idx="\&#x31;"/')" | rules; has 'warning sip-unlocked'
}

@test "check: user_host against user_outbound, empty hosts" {
	v() { settings "$(identity "$1" on mandatory "$2")" | rules; }
	v - 'h.lan:5061;transport=tls'; has 'warning sip-host-transport'; hasnt error
	v "$TLS" 'h.lan:5061'; has 'note sip-host-transport'
	v "$TLS" 'h.lan;transport=udp'; has 'warning sip-host-transport'
	v "$TLS" ' '; has 'error sip-registrar'
	v "$TLS" 'h.lan:99999'; has 'error sip-port'
	v "$TLS" '2001:db8::1'; has 'error sip-port'
	v "$TLS" '[2001:db8::1]'; hasnt sip-
	v "$TLS" '{sip_domain}'; has 'error sip-host'
	v "$TLS" 'sip:h.lan'; has 'note sip-prefix'
	v "$TLS" ' h.lan'; has 'note sip-spelling'
	v "$TLS" 'h lan'; has 'warning sip-spelling'
	settings "$(identity "$TLS" on mandatory ' ' | sed /user_name/d)" | rules; has 'warning sip-registrar'
	settings "$(identity "$TLS" on mandatory)" '<user_idle_text idx="1" perm="R"/>' | rules; has 'note sip-idle-text'
}

@test "check: S22 an inactive identity has no finding of its own" {
	settings '<user_active idx="2" perm="R">off</user_active>' '<user_srtp idx="2" perm="R">on</user_srtp>' \
		'<user_savp idx="2" perm="R">on</user_savp>' '<user_outbound idx="2" perm="R">h:5061</user_outbound>' | rules
	[ "$(cat said)" = 'note trust-host' ]
	settings '<user_active idx="2" perm="R">off</user_active>' '<user_outbound idx="2" perm="R">:5061;transport=tls</user_outbound>' \
		'<user_active idx="3" perm="R">off</user_active>' '<user_outbound idx="3" perm="R">:5061;transport=tls</user_outbound>' | rules
	has 'note sip-inactive'
	[ "$(grep -c sip-inactive found)" = 1 ]
}

@test "check: an identity is active unless it says off" {
	a() { settings "$(identity 'h.lan' on off | sed "s/<user_active.*/$1/")" | rules; }
	for off in off OFF false no 0; do
		a "<user_active idx=\"1\" perm=\"R\">$off<\/user_active>"; hasnt error
	done
	for on in on On true; do
		a "<user_active idx=\"1\" perm=\"R\">$on<\/user_active>"; has 'error media-savp-off'; hasnt sip-active
	done
	a '<user_active idx="1" perm="R"\/>'; has 'error media-savp-off'; hasnt sip-active
	a ''; has 'error media-savp-off'
	a '<user_active idx="1" perm="R">yes<\/user_active>'; has 'error media-savp-off'; has 'warning sip-active'
	# A file of media settings alone.
	settings '<user_srtp idx="1" perm="R">on</user_srtp>' '<user_savp idx="1" perm="R">off</user_savp>' | rules
	has 'error media-savp-off'; hasnt sip-; hasnt key-clear
	settings '<user_srtp idx="1" perm="R">off</user_srtp>' '<user_savp idx="1" perm="R">mandatory</user_savp>' | rules
	[ "$(cat said)" = $'note trust-host\nwarning sip-no-identity' ]
}

# verdict WANT RC [LINE...]: of signalling and media of these settings.
verdict() {
	local want=$1 rc=$2
	shift 2
	printf '%s\n' '<settings><phone-settings>' "$@" '</phone-settings></settings>' >v.xml
	gs "$rc" gs-snomcfg -j --check v.xml
	[ "$(jq -r 'select(.link == "signalling" or .link == "media").verdict' <<<"$output" |
		sort -u)" = "$want" ]
}

@test "check: what no identity proves" {
	for none in '<language perm="RW">English</language>' '<user_idle_text idx="1" perm="R">x</user_idle_text>' \
		'<user_active perm="R">off</user_active>' '<user_active idx="0">off</user_active>' \
		'<user_active idx="13">off</user_active>' '<user_srtp idx="1" perm="R">off</user_srtp>'; do
		verdict unproven 1 "$none"
		jq -e 'select(.rule == "sip-no-identity").severity == "warning"' <<<"$output"
		gs 1 gs-snomcfg -q --require media --check v.xml
		[[ $output == *file-index* ]] || gs 0 gs-snomcfg -q --require none --check v.xml
		# Nor does hardening make it good.
		gs 1 gs-snomcfg -q --harden v.xml
		[[ $errors == *'[sip-no-identity]'* || $errors == *'[file-index]'* ]]
	done
	verdict unproven 1 '<user_active idx="1">off</user_active><user_srtp idx="2">off</user_srtp>'
	# A proxy that takes over is one that is used.
	list=$(identity 'a.lan:5061;transport=tls,b.lan:5060' on mandatory)
	settings "$list" >v.xml
	gs 1 gs-snomcfg -j --check v.xml
	jq -e 'select(.link == "signalling") | .secured == 0 and .active == 1' <<<"$output"
	settings "${list/b.lan:5060/b.lan:5061;transport=tls}" >v.xml
	gs 0 gs-snomcfg -q --check v.xml
	# What GS5 renders for a phone without accounts.
	verdict 'no active identity' 0 '<user_active idx="1" perm="R">off</user_active>'
	verdict 'no active identity' 0 '<user_active idx="1" perm="R">off</user_active><user_srtp idx="1">off</user_srtp>'
	verdict 'no active identity' 0 '<user_host idx="1" perm="R"/><user_srtp idx="1">off</user_srtp>'
	echo '<settings><sip_account><idx id="1"/></sip_account></settings>' >v.xml
	gs 1 gs-snomcfg -q --check v.xml
	# Files for something else are not asked, if there is a phone.
	settings >good.xml
	for other in '<functionKeys/>' '<settings><global><a perm="$">1</a></global></settings>' \
		'<setting-files><file url="https://h/b.xml"/></setting-files>'; do
		echo "$other" >v.xml
		gs 1 gs-snomcfg -q --check v.xml
		[[ $errors == *'no phone settings'* ]]
		gs 0 gs-snomcfg --check good.xml v.xml
		[[ $output == *'1 phone: 1 good; 1 other files'* ]]
		gs 0 gs-snomcfg -q --require hygiene,provisioning -W error --check good.xml
	done
}

@test "check: DECT bases have servers and many handsets" {
	d() { printf '%s\n' '<settings><phone-settings><subscr_sip_hs_idx idx="1" perm="R">1</subscr_sip_hs_idx>' "$@" '</phone-settings></settings>' | rules; }
	d '<user_host idx="1" perm="R">h.lan</user_host>' '<srv_sip_transport idx="1" perm="R">TLS</srv_sip_transport>' \
		'<user_srtp idx="1" perm="R">enabled</user_srtp>' '<user_name idx="200" perm="R">u</user_name>' '<user_active idx="200" perm="R">on</user_active>'
	hasnt error; hasnt sip-; hasnt media-
	d '<user_host idx="1" perm="R">h.lan</user_host>' '<user_srtp idx="1" perm="R">on</user_srtp>'
	has 'error media-key-clear'; has 'warning sip-not-tls'
	echo '<settings><global><setting_server>https://h/</setting_server></global><server><srv_sip_transport idx="1">udp</srv_sip_transport><user_host idx="1">h</user_host></server></settings>' >x.xml
	run gs-snomcfg --check x.xml
	[[ $output == *'signalling: weak, TLS on 0 of 1 servers'* ]]
	echo '<settings><sip_account><idx id="1"/></sip_account></settings>' >x.xml
	run gs-snomcfg --check x.xml
	[[ $output == *'a base M100 or M500'*file-dialect* ]]
	[[ $output == *'signalling: not judged'* ]]
	# Their URLs alone can be hardened.
	echo '<settings><phone-settings><srv_sip_transport idx="1">tls</srv_sip_transport><user_host idx="1">h</user_host><user_srtp idx="1">on</user_srtp><setting_server>http://h:443/</setting_server></phone-settings></settings>' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	sed 's|http://h:443|https://h|' x.xml | cmp - y.xml
}

@test "check: S23 perm" {
	for bad in rw x RWX '!!'; do
		settings "<dim_timer perm=\"$bad\">1</dim_timer>" | rules; has 'warning file-perm'
	done
	for good in R RW '&amp;' '$' '!' V RV VR ' ' ''; do
		settings "<dim_timer perm=\"$good\">1</dim_timer>" | rules; hasnt file-perm
	done
	settings '<dim_timer>1</dim_timer>' | rules; has 'note file-perm-missing'
	# One blank is read only.
	settings "$(identity "$TLS" on mandatory | sed 's/perm="R"/perm=" "/')" | rules; hasnt unlocked
}

@test "check: what the file leaves to the phone or its user is not proven" {
	local n link id p weak
	id=$(identity "$TLS" on mandatory)
	settings "$id" >all.xml
	gs 0 gs-snomcfg --require signalling,media,trust,provisioning --check all.xml
	for n in user_outbound:signalling user_srtp:media user_savp:media \
		tls_server_authentication:trust check_fqdn_against_server_cert:trust \
		setting_server:provisioning pnp_config:provisioning webserver_type:hygiene; do
		link=${n#*:} n=${n%:*}
		for p in '!' '!V' 'V!'; do
			sed "s/\(<$n .*perm=\)\"RW*\"/\1\"$p\"/" all.xml >x.xml
			not cmp -s all.xml x.xml
			gs 1 gs-snomcfg --require "$link" --check x.xml
		done
		# The phone that takes the first, and the one that takes the last.
		[ "$link" != hygiene ] || continue
		for weak in '' off http://h.example/; do
			sed "s|\(.*<$n .*>\).*\(</.*\)|&\1$weak\2|" all.xml >last.xml
			sed "s|\(.*<$n .*>\).*\(</.*\)|\1$weak\2&|" all.xml >first.xml
			case $n:$weak in
			pnp_config:off | setting_server:off) continue ;;
			setting_server:) gs 1 gs-snomcfg --require "$link" --check last.xml ;;
			*)
				gs 1 gs-snomcfg --require "$link" --check first.xml
				gs 1 gs-snomcfg --require "$link" --check last.xml
				;;
			esac
		done
		# The same twice is no doubt.
		sed "s|.*<$n .*|&&|" all.xml >x.xml
		gs 0 gs-snomcfg --require "$link" --check x.xml
	done
	# Whether such an identity is off is not known, either.
	settings "$(identity h.lan off off | sed 's/\(user_active.*\)"R">on/\1"!">off/')" >x.xml
	gs 1 gs-snomcfg --check x.xml
	sed 's/"!">off/"R">off/' x.xml >off.xml
	gs 0 gs-snomcfg --check off.xml
	# Nor whether one is used whose host is set twice, or kept.
	for p in '' '<user_host idx="2" perm="R">h.lan</user_host><user_host idx="2" perm="R"/>' \
		'<user_host idx="2" perm="!"/>' '<user_name idx="2" perm="R">x</user_name><user_name idx="2" perm="R"/>'; do
		settings "$(identity "$TLS" on mandatory)" "$p" >x.xml
		gs "$([ -z "$p" ] && echo 0 || echo 1)" gs-snomcfg --check x.xml
	done
	# What a phone does with sips: is not documented.
	settings "$(identity sips:gs5.example on mandatory)" >x.xml
	gs 1 gs-snomcfg --check x.xml
	# Hardening takes the perm away.
	sed 's/perm="R"/perm="!"/' all.xml >x.xml
	has_secrets=yes gs 0 gs-snomcfg -q -s base_url=https://gs5.example \
		-s pnp=off -s trusted_host=ca.example --harden x.xml
	gs 0 gs-snomcfg --require signalling,media,trust,provisioning --check - <<<"$output"
}

@test "check: a setting that is near its place is not there" {
	local n form
	settings "$(identity "$TLS" on mandatory)" >all.xml
	for n in pnp_config webserver_type tls_server_authentication setting_server; do
		for form in ' idx=""' ' idx="1"' ' idx="x"'; do
			sed "s/<$n /<$n$form /" all.xml >x.xml
			gs 1 gs-snomcfg -W warning --require provisioning,trust,hygiene --check x.xml
		done
	done
	# In a section that stands in a section.
	settings "$(identity "$TLS" on - )" '<phone-settings><user_savp idx="1" perm="R">mandatory</user_savp></phone-settings>' |
		sed 's/<.*settings>//; s/<certificates.*//' >body
	printf '<phone-settings>\n%s\n</phone-settings>\n' "$(cat body)" >x.xml
	gs 1 gs-snomcfg --check x.xml
}

@test "check: S24 certificates and keys" {
	c() { settings | sed "s|<certificates>.*|<certificates>$1</certificates>|" | rules; }
	c '<certificate_url>https://h/x.der</certificate_url>'; has 'error trust-element'
	c '<certificate>https://h/x.der</certificate>'; has 'error trust-element'
	c '<certificate url="https://ca.example/x.pem"/>'; has 'warning trust-format'
	c '<certificate url="https://ca.example/x.CRT"/>'; has 'warning trust-format'
	c '<certificate url="https://ca.example/x.DER?v=1"/>'; hasnt trust-format
	c '<certificate url="http://ca.example/x.der"/>'; has 'warning trust-plain'
	c '<certificate url="x.der"/>'; has 'error prov-url'
	c "<certificate type=\"base64\">$(openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=ca -keyout k.pem -outform DER 2>/dev/null | base64 -w0)</certificate>"; hasnt error; hasnt trust-no-rollout
	c '<certificate type="base64"></certificate>'; has 'error trust-element'; has 'warning trust-no-rollout'
	c '<certificate url=""/>'; has 'error prov-url'; has 'warning trust-no-rollout'
	c '<Certificate url="https://h/x.der"/>'; has 'error trust-element'
	c 'https://h/x.der'; has 'error trust-element'
	settings '<certificate url="https://h/x.der" perm="R"/>' | rules; has 'error trust-element'
	settings '<certificate_url perm="R">https://h/x.der</certificate_url>' | rules; has 'error trust-element'
	settings '<webserver_cert perm="R">-----BEGIN RSA PRIVATE KEY-----' 'MIIE' '-----END RSA PRIVATE KEY-----</webserver_cert>' | rules
	has 'error file-private-key'
	[ "$(grep -c file-private-key found)" = 1 ]
}

@test "check: S25 verification and its rollout" {
	settings | sed '/<certificates>/d' | rules; has 'warning trust-no-rollout'
	settings | sed 's/ca.example/gs5.example/' | rules; has 'note trust-two-stages'
	settings | sed '/ntp_server/d' | rules; has 'note trust-clock'
	settings | sed '/tls_server/s/on/off/2' | sed 's/>on</>off</' | rules; has 'warning trust-unverified'
	settings | sed '/tls_server/d' | rules; has 'warning trust-unverified'
	settings | sed '/tls_server/d' | rules --profile encrypt; has 'note trust-unverified'
	settings | sed 's/>on</>yes</' | rules; has 'error trust-value'
}

@test "check: S26 ill-formed files: line, column, and what could be read" {
	settings "$(identity "$TLS" on off)" '<!-- sip account 1: Lager -- Halle 2, on -->' >x.xml
	run gs-snomcfg --check x.xml
	[ "$status" -eq 1 ]
	n=$(grep -n 'Halle' x.xml | cut -d: -f1)
	[[ $output == *"x.xml:$n:27: error: "*"[file-xml]"* ]]
	[[ $output == *'(partial: '*') [media-savp-off]'* ]]
	[[ $output == *'media: broken'*'(partial)'* ]]
	xmllint --noout x.xml 2>&1 | grep -q "^x.xml:$n:"
	# Hardening sets apart what a name must not say in a comment.
	gs-snomcfg -q --harden x.xml >y.xml
	grep -qF '<!-- sip account 1: Lager - - Halle 2, on -->' y.xml
	sed 's/<user_savp/<user_savp </' x.xml | tr -d '/' >z.xml
	run gs-snomcfg --harden z.xml
	[ "$status" -eq 2 ]
	for bad in '<settings>' '<settings><a></b></settings>' '<settings a=x/>' '<settings/><settings/>' '<settings>&undefined;</settings>' '<settings>'$'\xff''</settings>'; do
		printf '%s' "$bad" | rules
		has 'error file-xml'
	done
}

# same HOST URL-HOST: the site's host is written so; HARDENED is its URL then.
same() {
	settings "$(identity "$2:5061;transport=tls" on mandatory "$2")" \
		"<dkey_menu perm=\"R\">url http://$2/x</dkey_menu>" |
		sed "s|https://gs5.example/settings|http://$2/settings|; /<certificates>/d" >x.xml
	gs "$3" gs-snomcfg -q -s "base_url=https://$1" -s builtin_root=on --harden x.xml
}

@test "harden: a host is the same however it is written, and no other" {
	has_secrets=yes
	for pair in 'gs5.example GS5.Example' 'gs5.example gs5.example.' 'gs5.example. gs5.example' \
		'192.0.2.253 192.0.2.253' '[2001:db8::1] [2001:DB8:0:0::1]'; do
		# shellcheck disable=SC2086 # two words
		same $pair 0
		[[ $output == *">https://${pair% *}/settings-{mac}.xml<"*">url https://${pair% *}/x<"* ]]
	done
	for foreign in gs5.example.evil.example gs5.example.. evil.example 198.51.100.1 '[2001:db8::2]'; do
		same gs5.example "$foreign" 1
		[[ $errors == *'[url-foreign]'* || $errors == *'[sip-host]'* ]]
	done
	# In URLs, addresses and names have more spellings.
	url() {
		settings "$(identity "$TLS" on mandatory)" "<dkey_menu perm=\"R\">url $1</dkey_menu>" >x.xml
		gs "$2" gs-snomcfg -q -s "base_url=https://$3" -s sip_host=gs5.example -s pnp=off -s trusted_host=ca.example --harden x.xml
	}
	for host in 3221226237 0xC00002FD 0300.0.02.0375 192.0.765 '[::ffff:192.0.2.253]' '192.0.2.253%2e'; do
		url "http://$host/x" 0 192.0.2.253
		[[ $output == *'>url https://192.0.2.253/x<'* ]]
	done
	url http://gs5%2Eexample/x 0 gs5.example
	# References in its beginning are not rewritten, and not let through.
	for url in 'http://&#103;s5.example/' 'http://gs5&#46;example/' 'http&#58;//gs5.example/' \
		'http://gs5&#x25;2Eexample/'; do
		url "$url" 1 gs5.example
		[[ $errors == *'[prov-plain]'* ]]
	done
	for bad in 'https://m&#252;ller.example/' 'https://gs5.example\@evil.example/' 'https://evil.example\/'; do
		url "$bad" 1 gs5.example
		[[ $errors == *'[prov-url]'* ]]
	done
	# A setting that a phone fetches, at a host that it fills in only in part.
	for bad in '{mac}.evil.example' '{mac}%2eevil.example' '$(a).evil.example'; do
		settings "<firmware_status perm=\"R\">https://$bad/f</firmware_status>" |
			rules -s base_url=https://gs5.example
		has 'error url-foreign'
	done
	settings "$(identity _sips._tcp.gs5.example on mandatory)" | rules -s base_url=https://gs5.example -s trusted_host=ca.example
	hasnt url-foreign
}

@test "check: maddr says where a proxy is" {
	to() {
		settings "$(identity "gs5.example:5061;$1" on mandatory "${2:-}")" |
			rules -s base_url=https://gs5.example -s trusted_host=ca.example
	}
	for own in 'transport=tls;maddr=gs5.example' 'maddr=GS5.example;transport=tls' 'transport=tls;maddr='; do
		to "$own"; hasnt url-foreign
	done
	for bad in 'transport=tls;maddr=evil.example' 'MAddr=evil.example;transport=tls' \
		'transport=tls; maddr = 198.51.100.1' 'transport=tls;maddr=[2001:db8::1]' \
		'transport=tls;m%61ddr=evil.example' 'maddr=gs5.example;transport=tls;maddr=evil.example' \
		'transport=tls,gs5.example:5061;transport=tls;maddr=evil.example'; do
		to "$bad"; has 'error url-foreign'
	done
	to transport=tls 'gs5.example;maddr=evil.example'; has 'error url-foreign'
	# The servers of a DECT base as well.
	for host in evil.example 'gs5.example;maddr=evil.example'; do
		echo "<settings><phone-settings><srv_sip_transport idx=\"1\">tls</srv_sip_transport><user_host idx=\"1\">$host</user_host></phone-settings></settings>" |
			rules -s base_url=https://gs5.example
		has 'error url-foreign'
	done
}

@test "check: setting-files inside other settings may change them" {
	has_secrets=yes
	settings "$(identity "$TLS" on mandatory)" >x.xml
	gs 0 gs-snomcfg --check x.xml
	for at in phone-settings settings; do
		sed "s|</$at>|<setting-files><file url=\"https://gs5.example/b.xml\"/></setting-files></$at>|" x.xml >y.xml
		gs 1 gs-snomcfg -j --check y.xml
		jq -se '[.[] | select(.rule == "file-section")] | length == 1' <<<"$output"
		jq -se 'all(.[] | select(.type == "link"); .partial)' <<<"$output"
		gs 1 gs-snomcfg -q -s base_url=https://gs5.example -s trusted_host=ca.example --harden y.xml
		[[ $errors == *'error: '*'[file-section]'* ]]
	done
}

@test "harden: in a menu, the site's own URLs, however they are written" {
	menu() {
		echo "<SnomIPPhoneMenu><MenuItem><URL>$1</URL></MenuItem></SnomIPPhoneMenu>" >m.xml
		gs "$2" gs-snomcfg -q -s base_url=https://gs5.example --harden m.xml
	}
	for host in GS5.example gs5.example. 'gs5%2Eexample' 'gs5.example:80'; do
		menu "http://$host/x" 0
		[[ $output == *'https://gs5.example'* && $output != *http:* ]]
	done
	menu 'http&#58;//gs5.example/x' 1
	menu 'http://gs5&#46;example/x' 1
	for host in evil.example gs5.example.evil.example 'm&#252;ller.example'; do
		menu "http://$host/x" 0
		[[ $output == *"http://$host/x"* ]]
	done
}

@test "harden: parameters without effect are named" {
	has_secrets=yes
	settings "$(identity "$TLS" on mandatory)" >x.xml
	sed 's/>on<\/tls_server/>off<\/tls_server/' x.xml >open.xml
	idle() {
		gs 0 gs-snomcfg -j -s trusted_host=ca.example -s base_url=https://gs5.example "$@"
		got=$(jq -r 'select(.rule == "file-parameter").message | select(startswith("no effect"))' <<<"$errors")
		got=${got##*: }
	}
	idle -s perm=R -s 'model=x A0 1 1' -s menus=off -s user.user_q=1 -s upstream=http://127.0.0.1:1 --harden x.xml
	[ "$got" = 'user.user_q, perm, menus, upstream, model' ]
	idle -s builtin_root=on --harden open.xml
	[ "$got" = builtin_root ]
	# It decides whether verifying without a certificate is an error.
	for verified in '--harden x.xml' '-s server_authentication=on --harden open.xml'; do
		# shellcheck disable=SC2086 # words
		idle -s builtin_root=on $verified
		[ "$got" = '' ]
	done
	idle -s language=Deutsch -s web_access=https -s savp=mandatory --harden x.xml
	[ "$got" = '' ]
	for i in {1..30}; do printf 'user.x%s = 1\n' "$i"; done >many
	idle -p many --harden x.xml
	[[ $got == 'user.x1, user.x2, '*', user.x10 and 20 more' ]]
}

@test "check: S27 other dialects are named, never clean" {
	say() { printf '%s\n' "$1" >f; run gs-snomcfg --check f; }
	say "HTTP/1.1 200 OK"$'\r\n\r\n'"$(settings "$(identity "$TLS" on mandatory)")"
	[ "$status" -eq 2 ]
	[[ $output == *HTTP* ]]
	say '<setting-files><file url="http://h:8667/a.xml"/><file url="https://h/b.xml"/></setting-files>'
	[ "$status" -eq 1 ]
	[[ $output == *'setting-files'*'[file-dialect]'* ]]
	[[ $output == *'signalling: not judged'* ]]
	for root in firmware-settings gui-languages web-languages certificates functionKeys tbook uploads dialplan; do
		say "<$root/>"
		[[ $output == *file-dialect* ]]
		[[ $output != *'signalling: good'* ]]
	done
	say '<firmware-settings><firmware>http://h:443/x.bin</firmware></firmware-settings>'
	[ "$status" -eq 1 ]
	say '<gui-languages><language url="http://h/x" name="D"/></gui-languages>'
	[[ $output == *prov-plain* ]]
	say '<certificates><certificate_url>https://h/x.der</certificate_url></certificates>'
	[ "$status" -eq 1 ]
	[[ $output == *'[trust-element]'*'trust: broken'* ]]
	say '<settings><certificates><certificate url="https://h/x.pem"/></certificates></settings>'
	[[ $output == *'[trust-format]'*'trust: weak'* ]]
	say '<settings><global><a perm="$">1</a></global></settings>'
	[[ $output == *'Snom Vision'*file-dialect* ]]
	say '<settings/>'
	[[ $output == *file-dialect* ]]
	for other in 'challenge_response!: off' '<html><pre>
user_host1: 10.0.0.5
</pre></html>' '<html><body>404</body></html>' '<SnomIPPhoneMenu/>' '<rss/>' '{}' ''; do
		say "$other"
		[ "$status" -eq 2 ]
		[[ $output == *'gs-snomcfg: f: '* ]]
		[[ $output != *good* ]]
	done
	say 'user_srtp1!: off'
	[[ $output == *'gs-snomcfg: f: '* ]]
	printf '\xff\xfe<\0s\0' >f; run gs-snomcfg --check f; [ "$status" -eq 2 ]; [[ $output == *UTF-16* ]]
	run gs-snomcfg --check /dev/null; [ "$status" -eq 2 ]
	run gs-snomcfg --check .; [ "$status" -eq 2 ]
	mkfifo p; settings >p & run gs-snomcfg --check p; [ "$status" -eq 0 ]
	# phone-settings may be the root.
	say '<phone-settings><setting_server perm="R">https://h/</setting_server></phone-settings>'
	[[ $output == *'signalling: unproven'* ]]
}

@test "check: S28 no entity, no network, caps" {
	echo secret-of-the-file >secret
	cat >x.xml <<-EOF
		<!DOCTYPE settings [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file://$PWD/secret"><!ENTITY n SYSTEM "http://127.0.0.1:9/x">]>
		<settings><phone-settings><a perm="R">&b;&x;&n;</a></phone-settings></settings>
	EOF
	run gs-snomcfg --check x.xml
	[ "$status" -eq 1 ]
	[[ $output == *'x.xml:1:1: error: '*'[file-doctype]'* ]]
	[[ $output != *secret-of* ]]
	run gs-snomcfg --harden x.xml
	[ "$status" -eq 2 ]
	head -c 17000000 /dev/zero | tr '\0' ' ' | run gs-snomcfg --check
	[ "$status" -eq 2 ]
	deep=$(printf '<a>%.0s' $(seq 300))
	echo "<settings><phone-settings>$deep" | rules; has 'error file-xml'
	# Beyond a cap nothing is hardened or merged, whatever follows.
	many=$(printf ' b%s=""' $(seq 65))
	echo "<settings><phone-settings><a$many/></phone-settings></settings>" >x.xml
	rules <x.xml; has 'error file-xml'
	run gs-snomcfg --harden x.xml
	[ "$status" -eq 2 ]
	[[ $output == *'x.xml: '* ]]
	{ echo "$HEAD"; row 00:04:13:26:2a:fe A; } >rows
	run gs-snomcfg -s base_url=https://h.lan -b x.xml --phone 000413262AFE rows
	[ "$status" -eq 2 ]
	[[ $output == *'x.xml: '* ]]
	# Only the first of many errors counts.
	{ printf '<settings><phone-settings><a b="'; head -c 3000000 /dev/zero | tr '\0' '<'; } | rules
	[ "$(grep -c file-xml found)" = 1 ]
	echo '<?xml version="1.0" encoding="utf-7"?><settings><phone-settings><a perm="R">1</a></phone-settings></settings>' | rules
	has 'error file-encoding'
}

@test "check: S29 S30 duplicates; nested elements are no settings" {
	settings "$(identity "$TLS" on off)" '<user_savp idx="1" perm="R">mandatory</user_savp>' >x.xml
	rules <x.xml
	has 'warning file-duplicate'; hasnt media-savp-off
	settings "$(identity "$TLS" on mandatory)" '</phone-settings><phone-settings>' '<user_savp idx="1" perm="R">off</user_savp>' | rules
	has 'warning file-duplicate'; has 'error media-savp-off'
	settings "$(identity "$TLS" on mandatory)" '<context_key idx="1" perm="R"><user_savp idx="1">off</user_savp></context_key>' \
		'<template><user_srtp idx="1">off</user_srtp></template>' | rules
	hasnt media; hasnt duplicate
	settings '<user_host idx="13" perm="R">h</user_host>' | rules; has 'error file-index'
	settings '<user_host perm="R">h</user_host>' | rules; has 'error file-index'
	settings | sed 's|<certificates>|<functionKeys><fkey idx="138" perm="R">x</fkey><fkey idx="1" perm="R">x</fkey><fkey idx="1" perm="R">x</fkey></functionKeys><certificates>|' | rules
	has 'error file-index'; has 'warning file-duplicate'
}

@test "check: hygiene" {
	h() { settings "<$1 perm=\"R\">$2</$1>" | rules; }
	h admin_mode_password 0000; has 'warning file-password'
	h admin_mode_password ''; has 'warning file-password'
	h http_pass W3bKennwort99; hasnt file-password
	h phone_type snom720; has 'warning file-phone-type'
	h webserver_type http_https; has 'warning file-web-plain'
	h webserver_type https; hasnt file-web
	h webserver_type off; hasnt file-web
	h ignore_security_warning on; has 'note file-quiet'
	h pnp_config on; has 'warning prov-pnp'
	h challenge_checksync off; has 'note prov-notify'
	h subscribe_config on; has 'warning prov-pnp'
	h allow_sip_settings on; has 'warning prov-pnp'
	h filter_registrar off; has 'note sip-filter'
	h http_scheme https; has 'warning file-value'
	h http_scheme on; hasnt file-value
	h webserver_type HTTPS; has 'warning file-value'
	h update_policy never_update_firm; hasnt file-value
	settings '<http_pass perm="!">W3bKennwort99</http_pass>' | rules; has 'warning file-perm-kept'
	settings '<dim_timer perm="!">1</dim_timer>' | rules; hasnt file-perm-kept
	settings '<admin_mode_password perm="R">W3bKennwort99</admin_mode_password>' '<http_pass perm="R">W3bKennwort99</http_pass>' | rules
	has 'warning file-password-same'
	not grep -q W3bKenn found
	settings "$(identity "$TLS" on mandatory)" '<user_pass idx="1" perm="R">1c73</user_pass>' | rules; has 'warning file-password'
}

@test "check: S35 several files, standard input, machine formats, thresholds" {
	settings >good.xml
	settings "$(identity "$TLS" on off)" >bad.xml
	run gs-snomcfg --check good.xml bad.xml; [ "$status" -eq 1 ]
	run gs-snomcfg --check good.xml missing.xml bad.xml; [ "$status" -eq 2 ]
	[[ $output == *missing.xml* ]]; [[ $output == *bad.xml:*media-savp-off* ]]
	run bash -c 'gs-snomcfg --check - <good.xml'; [ "$status" -eq 0 ]
	run gs-snomcfg --check -W note good.xml; [ "$status" -eq 1 ]
	run gs-snomcfg --check -W warning good.xml; [ "$status" -eq 0 ]
	gs-snomcfg -j --check bad.xml good.xml >out || true
	[ "$(wc -l <out)" -eq "$(jq -s length <out)" ]
	gs-snomcfg -f sarif --check bad.xml | jq -e '.runs[0].results[] | select(.ruleId == "media-savp-off") | .locations[0].physicalLocation.region.startLine > 1'
	gs-snomcfg -f sarif --check bad.xml | jq -e '.version == "2.1.0"'
	run bash -c 'gs-snomcfg --check bad.xml >/dev/full'; [ "$status" -eq 2 ]
}

@test "check: a setting that is missing is judged by the firmware" {
	lacks() { settings "${@:2}" | sed "/<$1 /d" | rules; }
	lacks webserver_type; has 'warning file-web-plain'
	lacks pnp_config; has 'warning prov-pnp'
	for name in http_pass admin_mode_password; do
		lacks $name; has 'warning file-password'
	done
	# Without pages nobody asks for the one; the phone's keys ask for the other.
	off='<webserver_type perm="R">off</webserver_type>'
	lacks http_pass "$off"; hasnt file-password
	lacks admin_mode_password "$off"; has 'warning file-password'
	lacks http_pass '<webserver_user_password perm="R">W3bKennwort99</webserver_user_password>'; hasnt file-password
	lacks check_fqdn_against_server_cert; has 'warning trust-name'
	new='<firmware perm="R">https://h.example/snomD785-10.1.198.14-SIP-r.bin</firmware>'
	lacks admin_mode_password "$new"; hasnt file-password
	lacks check_fqdn_against_server_cert "$new"; hasnt trust-name
	lacks webserver_type "$new"; has 'warning file-web-plain'
	# A phone that does not load it may have any other, and of two it is
	# not known which.
	for p in settings_only never_update ask_for_update; do
		lacks admin_mode_password "$new" "<update_policy perm=\"R\">$p</update_policy>"
		has 'warning file-password'
	done
	lacks admin_mode_password "$new" '<update_policy perm="R">auto_update</update_policy>'; hasnt file-password
	lacks admin_mode_password "$new" "${new/10.1.198/10.1.184}"; has 'warning file-password'
	lacks admin_mode_password "${new/10.1.198/10.1.184}" "$new"; has 'warning file-password'
	# Nor is it where the phone's user may have chosen another.
	for p in "${new/\"R\"/\"!\"}" "$new<update_policy perm=\"!\">auto_update</update_policy>" \
		"$new<update_policy perm=\"R\">never_update</update_policy><update_policy perm=\"R\">auto_update</update_policy>"; do
		lacks admin_mode_password "$p"; has 'warning file-password'
	done
	on='<webserver_type perm="R">https</webserver_type>'
	lacks http_pass "$off$on"; has 'warning file-password'
	lacks http_pass "$on$off"; has 'warning file-password'
	old=${new/10.1.198.14/8.7.5.35}
	lacks admin_mode_password "$old"; has 'warning file-password'
	lacks check_fqdn_against_server_cert "$old"; has 'warning trust-name'
	# 8.8.3 is the first that compares names, whatever the file says.
	settings "$old" | rules; has 'warning trust-name'
	settings "$old" | gs-snomcfg --check | grep -q 'trust: weak, the server is verified, any name$'
	settings "${new/10.1.198.14/8.8.3.26}" | rules; hasnt trust-name
	# The version is the file's, not the host's.
	lacks admin_mode_password "${old/h.example/fw-10.2.1.example}"; has 'warning file-password'
	settings | gs-snomcfg --check | grep -q 'trust: good, the server is verified$'
	settings | sed /check_fqdn/d | gs-snomcfg --check | grep -q 'trust: weak, the server is verified, any name$'
	settings "$(identity "$TLS" on mandatory)" '<user_pass idx="1" perm="R"/>' | rules; has 'warning file-password'
}

@test "check: TLS and SRTP are demanded of every active identity" {
	settings "$(identity "$TLS" on mandatory)" >good.xml
	settings "$(identity 'gs5.example' off off)" >clear.xml
	settings "$(identity "$TLS" off off)" >half.xml
	gs-snomcfg -q --check good.xml
	for bad in clear half; do
		run gs-snomcfg -q --check $bad.xml
		[ "$status" -eq 1 ]
		[[ $output != *error* ]]
	done
	run gs-snomcfg --check good.xml clear.xml half.xml good.xml
	[[ $output == *'4 phones: 2 good, 1 in the clear, 1 media not as required'* ]]
	# Of more than 20 files the findings are shown by rule.
	mkdir many
	for i in {1..19}; do cp good.xml "many/$i.xml"; done
	cp clear.xml many/clear.xml
	gs 1 gs-snomcfg --check many
	[[ $output == *'many/1.xml: media: good'* ]]
	cp clear.xml many/clear2.xml
	gs 1 gs-snomcfg --check many
	[[ $output != *'media: good'* ]]
	grep -qx '2 files: [a-z]*: .* \[sip-not-tls\], first many/clear.xml:[0-9]*:[0-9]*' <<<"$output"
	grep -q '^21 files: .*, first many/1.xml' <<<"$output"
	[ "$(cut -d: -f2 <<<"$output" | grep -E '^ (error|warning|note)$' | uniq | wc -l)" -le 3 ]
	n=$(sed -n 's/^by rule: \(.*\) errors, \(.*\) warnings, \(.*\) notes; -v lists each$/\1+\2+\3/p' \
		<<<"$output")
	n=$((n))
	[[ $output != *' files: 0 errors'* ]]
	gs 1 gs-snomcfg -v --check many
	[ "$(grep -c '\]$' <<<"$output")" = "$n" ]
	[[ $output == *'many/1.xml: media: good'*'21 phones: 19 good, 2 in the clear'* ]]
	gs 1 gs-snomcfg -q --check many
	[ "$(grep -c '\]$' <<<"$output")" = "$n" ]
	gs-snomcfg -q --require none --check clear.xml
	gs-snomcfg -q --require signalling --check half.xml
	run gs-snomcfg -q --require trust,media --check half.xml
	[ "$status" -eq 1 ]
	gs-snomcfg -q --require provisioning,signalling,media,trust,hygiene --check good.xml
	for bad in '' medium media,none none,media; do
		run gs-snomcfg -q --require "$bad" --check good.xml
		[ "$status" -eq 2 ]
	done
	# DNS may choose TLS where only a domain is given: not known is not yes.
	settings "$(identity - on mandatory)" >dns.xml
	run gs-snomcfg --check dns.xml
	[ "$status" -eq 1 ]
	[[ $output == *'warning: '*media-key-clear* ]]
}

@test "check: a certificate inside the file must be one" {
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=ca -days 9 -keyout k.pem -outform DER -out ca.der 2>/dev/null
	inline() { settings | sed "s|<certificate url.*/>|<certificate type=\"base64\">$1</certificate>|" | rules; }
	inline "$(base64 -w0 ca.der)"; hasnt trust-format; hasnt trust-no-rollout
	inline "$(base64 -w64 ca.der | sed 's/$/\\/' | sed '$s/.$//')"; hasnt trust-format
	openssl req -new -key k.pem -subj /CN=x -outform DER -out csr.der
	openssl pkey -in k.pem -pubout -outform DER -out pub.der
	cat ca.der ca.der >two.der
	{ head -c 8 ca.der; head -c "$(($(stat -c %s ca.der) - 8))" /dev/zero; } >zero.der
	openssl req -x509 -newkey ed25519 -nodes -subj /CN=c -days 9 -keyout e.pem -outform DER -out small.der 2>/dev/null
	inline "$(base64 -w0 small.der)"; hasnt trust-format
	for bad in csr pub two zero; do
		inline "$(base64 -w0 $bad.der)"; has 'warning trust-format'; has 'warning trust-no-rollout'
	done
	for bad in MIIB "$(head -c 400 ca.der | base64 -w0)" "$(base64 -w0 k.pem)" '!!!!'; do
		inline "$bad"; has 'warning trust-format'; has 'warning trust-no-rollout'
	done
}

@test "check: names that are nearly those of security settings" {
	n() { settings "<$1 ${2:-idx=\"1\"} perm=\"R\">x</$1>" | rules; }
	for bad in user_svap User_srtp user_strp tls_server_authentification webserver_typ settings_server; do
		n $bad; has 'warning file-name'
	done
	jq -e 'select(.rule == "file-name" and (.message | contains("setting_server")))' found
	for real in user_savp user_ringer http_client_hash pnp_server user_pname; do
		n $real; hasnt file-name
	done
}

@test "check: what e on a section means" {
	e() { settings "<user_idle_text idx=\"1\" perm=\"R\">$2</user_idle_text>" | sed "s/<phone-settings/& $1/" | rules; }
	for wide in '&#8364;' '&#x20ac;' 'a &amp; &#x20AC;'; do
		e '' "$wide"; has 'warning file-e'
		e 'e="2"' "$wide"; hasnt file-e
	done
	e '' '&#228; &amp; &'; hasnt file-e
	e 'e="1"' '&#228;'; hasnt file-e
	e 'e=""' x; hasnt file-e
	e 'e="utf-8"' x; has 'note file-e'
}

@test "harden: names of SRV records become domains" {
	settings "$(identity _sips._tcp.pbx.example.com on mandatory)" |
		gs-snomcfg -q --harden >h.xml
	grep -F '>pbx.example.com;transport=tls<' h.xml
	settings "$(identity - on mandatory _sips._tcp.pbx.example.com)" |
		gs-snomcfg -q --harden >h.xml
	grep '<user_outbound.*>pbx.example.com;transport=tls<' h.xml
	grep '<user_host.*>pbx.example.com<' h.xml
	rules <h.xml; hasnt error; hasnt sip-host
}

@test "harden: only parameters that can mend an error are named" {
	sed 's/ idx="1"//' >x.xml <<<"$(settings "$(identity "$TLS" on mandatory)")"
	run gs-snomcfg -s base_url=https://gs5.example -s pnp=off -s trusted_host=ca.example --harden x.xml
	[ "$status" -eq 1 ]
	[[ $output == *file-index* && $output != *'Set '* ]]
	settings "$(identity "$TLS" on mandatory ' ')" >x.xml
	run gs-snomcfg -s base_url=https://gs5.example --harden x.xml
	[[ $output == *'. Set sip_host and trusted_host.'* || $output == *'. Set sip_host.'* ]]
}

@test "harden: values change, everything else stays, twice is once" {
	cat >x.xml <<-'EOF'
		<?xml version='1.0' encoding='utf-8' ?>
		<settings>
		<phone-settings>
		  <setting_server perm='RW'>http://gs5.lan:443/snom-a9170af083fed2bae9bb92df.xml</setting_server>
		  <!-- sip account: Müller, on -->
		  <dkey_redial perm='RW'>url http://gs5.lan:443/call.xml?type=dialed&amp;x=1</dkey_redial>
		  <user_active idx='1' perm='R'>on</user_active>
		  <user_name idx='1' perm='R'>1c73</user_name>
		  <user_host idx='1' perm='R'>192.168.0.253</user_host>
		  <user_outbound idx='1' perm='R'/>
		  <user_srtp idx='1' perm='RW'>off</user_srtp>
		  <user_active idx='2' perm='R'>off</user_active>
		  <user_outbound idx='2' perm='R'>:5061;transport=tls</user_outbound>
		</phone-settings>
		<uploads><file url='http://gs5.lan:443/state.xml' type='x'></file></uploads>
		</settings>
	EOF
	gs-snomcfg --harden x.xml >y.xml 2>err
	diff x.xml y.xml >d || true
	cat >want <<-'EOF'
		4c4
		<   <setting_server perm='RW'>http://gs5.lan:443/snom-a9170af083fed2bae9bb92df.xml</setting_server>
		---
		>   <setting_server perm='RW'>https://gs5.lan/snom-a9170af083fed2bae9bb92df.xml</setting_server>
		6c6
		<   <dkey_redial perm='RW'>url http://gs5.lan:443/call.xml?type=dialed&amp;x=1</dkey_redial>
		---
		>   <dkey_redial perm='RW'>url https://gs5.lan/call.xml?type=dialed&amp;x=1</dkey_redial>
		10,11c10,13
		<   <user_outbound idx='1' perm='R'/>
		<   <user_srtp idx='1' perm='RW'>off</user_srtp>
		---
		>   <user_outbound idx='1' perm='R'>192.168.0.253:5061;transport=tls</user_outbound>
		>   <user_srtp idx='1' perm='R'>on</user_srtp>
		>   <user_savp idx='1' perm='R'>mandatory</user_savp>
		>   <user_auth_tag idx='1' perm='R'>off</user_auth_tag>
		15c17
		< <uploads><file url='http://gs5.lan:443/state.xml' type='x'></file></uploads>
		---
		> <uploads><file url='https://gs5.lan/state.xml' type='x'></file></uploads>
	EOF
	diff want d
	[ "$(grep -c ' note: ' err)" -eq 8 ]
	not grep -q a9170af083 err
	gs-snomcfg --harden y.xml >z.xml 2>err
	cmp y.xml z.xml
	[ ! -s err ]
	gs-snomcfg -q --check y.xml
	# Through a pipe, and saying only.
	gs-snomcfg -q --harden <x.xml | cmp - y.xml
	run gs-snomcfg -n --harden x.xml
	[[ $output != *'<settings>'* ]]
}

@test "harden: certificates, verification, the clock, base_url" {
	settings "$(identity "$TLS" on mandatory)" | sed '/<certificates>/d; /ntp_server/d; s/>on<\/tls/>off<\/tls/; s|https://gs5.example/|http://gs5.example:8080/|' >x.xml
	run gs-snomcfg --harden x.xml
	[ "$status" -eq 1 ]
	[[ $output == *base_url* ]]
	args=(-s base_url=https://gs5.example:8443/p -s certificate_url=ca.der -s server_authentication=on -s ntp_server=10.0.0.9)
	gs-snomcfg -q "${args[@]}" --harden x.xml >y.xml
	[ "$(value //setting_server y.xml)" = 'https://gs5.example:8443/settings-{mac}.xml' ]
	[ "$(value //certificate/@url y.xml)" = https://gs5.example:8443/p/ca.der ]
	[ "$(value //tls_server_authentication y.xml)" = on ]
	[ "$(value //ntp_server y.xml)" = 10.0.0.9 ]
	gs-snomcfg -q "${args[@]}" --harden y.xml | cmp - y.xml
	settings | sed 's|<certificate .*/>|<certificate_url>https://h/x.der</certificate_url>|' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	[ "$(value //certificates/certificate/@url y.xml)" = https://h/x.der ]
	settings '<certificate_url>https://h/y.der</certificate_url>' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	[ "$(value '//certificates/certificate[2]/@url' y.xml)" = https://h/y.der ]
	[ "$(value 'count(//certificate_url)' y.xml)" = 0 ]
}

@test "harden: nobody is locked out" {
	settings "$(identity "$TLS" on mandatory)" | sed '/<certificates>/d' >x.xml
	run gs-snomcfg -s base_url=https://gs5.example -s server_authentication=on --harden x.xml
	[ "$status" -eq 1 ]
	[[ $output == *'error: '*'[trust-no-rollout]'*'Set certificate_url.'* ]]
	# Only <settings> can contain one.
	sed 's|</*settings>||' x.xml >y.xml
	run gs-snomcfg -s base_url=https://gs5.example -s certificate_url=ca.der --harden y.xml
	[[ $status -eq 1 && $output == *'[trust-no-rollout]'* && $output != *'Set certificate_url'* ]]
	gs-snomcfg -q -s base_url=https://gs5.example -s server_authentication=on \
		-s builtin_root=on --harden x.xml >y.xml
	gs-snomcfg -q -s base_url=https://gs5.example -s server_authentication=on \
		-s certificate_url=ca.der --harden x.xml >y.xml
	# A file that nobody sends now is warned of.
	rules <x.xml; has 'warning trust-no-rollout'
}

@test "harden: a phone that would belong to another host is said" {
	settings "$(identity "$TLS" on mandatory)" >good.xml
	for u in https://evil.example/x http://evil.example:443/x https://gs5.example@evil.example/; do
		sed "s|https://gs5.example/settings-{mac}.xml|$u|" good.xml >x.xml
		run gs-snomcfg -s base_url=https://gs5.example -s pnp=off -s trusted_host=ca.example --harden x.xml
		[ "$status" -eq 1 ]
		[[ $output == *"host evil.example "*"[url-foreign]"* ]]
		# A trusted one may stay, by https.
		gs-snomcfg -q -s base_url=https://gs5.example -s trusted_host=ca.example \
			-s trusted_host=evil.example --harden x.xml >y.xml
		grep '<setting_server.*>https://' y.xml
	done
	for u in ftps://gs5.example/x sip://gs5.example httpss://gs5.example/; do
		sed "s|https://gs5.example/settings-{mac}.xml|$u|" good.xml | rules
		has 'error prov-url'
	done
	# IPv6 is one host in every spelling.
	sed 's/gs5.example/[2001:db8::1]/g' good.xml >x.xml
	gs-snomcfg -q -s 'base_url=https://[2001:DB8:0::1]' -s pnp=off -s trusted_host=ca.example --harden x.xml >y.xml
}

@test "harden: every spelling of the proxy ends as one that passes" {
	for o in 'h.lan:5061;transport=TLS' 'h.lan:5061; transport=tls' h.lan:5061 h.lan 'h.lan:5060;transport=tls' \
		'sip:h.lan' 'sips:h.lan:5061' ':5061;transport=tls' 'h.lan:5061;transport=quic' 'h.lan:99999' - ''; do
		for s in on off yes -; do
			settings "$(identity "$o" "$s" on)" >x.xml
			gs-snomcfg -q --harden x.xml >y.xml
			gs-snomcfg -q --check y.xml
			gs-snomcfg -q --harden y.xml | cmp - y.xml
		done
	done
	settings "$(identity 'h.lan:5060;transport=tls,b.lan:5060' on mandatory)" | gs-snomcfg -q --harden >y.xml || true
	[ "$(value '//user_outbound' y.xml)" = 'h.lan:5061;transport=tls,b.lan:5061;transport=tls' ]
	settings "$(identity 'h.lan:5061;transport=tls,b.lan:5071;transport=tls,,c.lan,' on mandatory)" | gs-snomcfg -q --harden >y.xml
	[ "$(value '//user_outbound' y.xml)" = 'h.lan:5061;transport=tls,b.lan:5071;transport=tls,,c.lan:5061;transport=tls,' ]
	# What stays as it is was not changed.
	settings "$(identity 'h.lan:5061;transport=tls,b lan' on mandatory)" >x.xml
	has_secrets=yes gs 1 gs-snomcfg --harden x.xml
	[[ $errors != *sip-not-tls* ]]
	settings "$(identity '{host}:5061;transport=tls' on mandatory '{host}')" >x.xml
	run gs-snomcfg -q --harden x.xml; [ "$status" -eq 1 ]
	gs-snomcfg -q -s sip_host=pbx.lan --harden x.xml >y.xml
	[ "$(value '//user_outbound' y.xml)" = 'pbx.lan:5061;transport=tls' ]
	[ "$(value '//user_host' y.xml)" = pbx.lan ]
	settings "$(identity "$TLS" on mandatory | sed 's/perm="R"/perm="$"/')" >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	for s in user_outbound user_srtp user_savp; do
		[ "$(value "//$s/@perm" y.xml)" = R ]
	done
	[ "$(value //user_name/@perm y.xml)" = '$' ]
	settings "$(identity 'h.lan:5071;transport=tls' on optional)" >x.xml
	gs-snomcfg -q --harden x.xml | cmp - x.xml
}

@test "harden: comments inside values, text between elements" {
	settings '<dkey_x perm="R"><!-- http://gs5.example:443/ -->url http://gs5.example:443/x<!-- y --></dkey_x>' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	sed 's|url http://gs5.example:443|url https://gs5.example|' x.xml | cmp - y.xml
	settings "$(identity "$TLS" '<!-- why -->off' '<!-- not <![CDATA[ -->off')" >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	sed 's|why -->off|why -->on|; s|\[ -->off|[ -->mandatory|' x.xml | cmp - y.xml
	settings '<fkey idx="0">url http://gs5.example:443/<x/> http://gs5.example:443/b</fkey>' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	sed 's|http://gs5.example:443|https://gs5.example|g' x.xml | cmp - y.xml
	# A value that is replaced as a whole may hold a URL.
	settings "$(identity "$TLS" http://h:443/ mandatory)" >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	[ "$(value '//user_srtp' y.xml)" = on ]
}

@test "harden: what it adds goes where it counts, or is not claimed" {
	echo '<settings><phone-settings><user_host idx="1">h</user_host></phone-settings></settings>' >x.xml
	gs-snomcfg -q -s ntp_server=10.0.0.1 -s server_authentication=on --harden x.xml >y.xml
	[ "$(value '/settings/phone-settings/ntp_server' y.xml)" = 10.0.0.1 ]
	[ "$(value '/settings/phone-settings/tls_server_authentication' y.xml)" = on ]
	# Certificates belong into <settings>; a URL is not lost elsewhere.
	echo '<phone-settings><a perm="R">1</a><certificate_url>https://h/x.der</certificate_url></phone-settings>' >x.xml
	run gs-snomcfg -s certificate_url=https://ca.lan/x.der --harden x.xml
	[ "$status" -eq 1 ]
	[[ $output != *"added the"* ]]
	[[ $output == *certificates* ]]
	[[ $output == *'<certificate_url>https://h/x.der</certificate_url>'* ]]
	settings '<certificates><certificate_url>https://h/z.der</certificate_url></certificates>' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	[ "$(value '/settings/certificates/certificate[2]/@url' y.xml)" = https://h/z.der ]
	settings | sed 's|<certificate .*/>|<certificate_url url="https://h/x.der"/>|' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	[ "$(value '/settings/certificates/certificate/@url' y.xml)" = https://h/x.der ]
	settings | sed 's/<tls\(.*\)perm="R"/<tls\1perm="RW"/' >x.xml
	gs-snomcfg -q --harden x.xml | cmp - <(settings)
	settings '<user_srtp idx="1" perm="R">on</user_srtp>' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	[ "$(value '//user_savp' y.xml)" = mandatory ]
	run gs-snomcfg -s certificate_url=ca.der --harden x.xml
	[ "$status" -eq 2 ]
	[[ $output == *base_url* ]]
	run gs-snomcfg -s certificate_url=https://ca.lan/ä.der --harden x.xml
	[ "$status" -eq 2 ]
	[[ $output == *percent* ]]
}

@test "harden: other encodings and line ends stay" {
	settings "$(identity h.lan off off)" '<user_idle_text idx="1" perm="R">Müller</user_idle_text>' |
		sed 's/utf-8/iso-8859-1/' | iconv -t latin1 | sed 's/$/\r/' >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	[ "$(grep -c $'\r$' y.xml)" -eq "$(wc -l <y.xml)" ]
	[ "$(iconv -f latin1 -t utf-8 y.xml | sed 's/iso-8859-1/utf-8/' | xmllint --xpath 'string(//user_idle_text)' -)" = Müller ]
	gs-snomcfg -q --check y.xml
	settings "$(identity h.lan off off | tr -d '\n')" >x.xml
	gs-snomcfg -q --harden x.xml >y.xml
	gs-snomcfg -q --check y.xml
}

@test "harden: what it is not for" {
	for f in '<html/>' '<tbook/>' '<settings>' ''; do
		printf '%s' "$f" >x.xml
		run gs-snomcfg --harden x.xml
		[ "$status" -eq 2 ]
	done
	settings >x.xml
	run gs-snomcfg --profile legacy --harden x.xml; [ "$status" -eq 2 ]
	run gs-snomcfg -s srtp=off -s transport=udp --harden x.xml; [ "$status" -eq 2 ]
	echo '<setting-files><file url="http://h:8667/a.xml"/></setting-files>' >x.xml
	gs-snomcfg -q -s base_url=https://pbx.lan --harden x.xml >y.xml
	[ "$(value //file/@url y.xml)" = https://pbx.lan/a.xml ]
}

@test "check: the verdict of each link is in JSON Lines, too" {
	settings "$(identity "$TLS" on off)" >x.xml
	gs 1 gs-snomcfg -j --check x.xml
	jq -e -s 'map(select(.type == "link")) | length == 5' <<<"$output"
	links() { jq -r 'select(.type == "link" and .file == "x.xml") | "\(.link): \(.verdict)"' <<<"$output"; }
	links >json
	jq -es 'any(.[]; .link == "media" and .verdict == "broken" and .errors > 0 and .active == 1 and .secured == 0 and .partial == false)' <<<"$output"
	jq -es 'any(.[]; .link == "signalling" and .secured == 1)' <<<"$output"
	jq -es 'any(.[]; .link == "trust" and .verified)' <<<"$output"
	gs 1 gs-snomcfg --check x.xml
	sed -n 's/^x.xml: \([a-z]*: [a-z ]*\).*/\1/p' <<<"$output" | diff - json
	gs 1 gs-snomcfg -q -j --check x.xml
	[[ $output != *'"link"'* ]]
}

@test "check: custom_ca_cert_url rolls a CA out as well" {
	settings '<custom_ca_cert_url perm="R">https://ca.example/ca.der</custom_ca_cert_url>' |
		sed '/<certificates>/d' | rules
	hasnt trust-no-rollout
	settings '<custom_ca_cert_url perm="R">http://ca.example/ca.der</custom_ca_cert_url>' | rules
	has 'warning trust-plain'
}

@test "check: hosts that are not the site's" {
	settings "$(identity "$TLS" on mandatory)" '<action_setup_url perm="R">https://spy.example/$mac</action_setup_url>' >x.xml
	printf 'base_url = https://gs5.example\ntrusted_host = ca.example\n' >site
	rules -p site <x.xml
	has 'warning url-foreign'
	# A host that the phone fills in is its own, a part of one is not.
	sed 's/spy.example/$mac.spy.example/' x.xml | rules -p site
	has 'warning url-foreign'
	sed 's/spy.example/$local_ip/' x.xml | rules -p site
	hasnt url-foreign
	sed -i 's/spy.example/gs5.example/' x.xml
	rules -p site <x.xml
	hasnt url-foreign
	sed 's/host idx="1" perm="R">gs5/host idx="1" perm="R">evil/' x.xml | rules -p site
	has 'error url-foreign'
	echo 'trusted_host = evil.example' >>site
	sed 's/host idx="1" perm="R">gs5/host idx="1" perm="R">evil/' x.xml | rules -p site
	hasnt url-foreign
	sed 's|https://gs5.example/settings|https://else.example/settings|' x.xml | rules -p site
	has 'error url-foreign'
	rules <x.xml
	hasnt url-foreign
}

@test "check: text that its encoding does not allow is told in our own words" {
	printf '%s<settings><phone-settings><a perm="">\xf4ing</a>%s' \
		'<?xml version="1.0" encoding="EUC-JP"?>' \
		'</phone-settings></settings>' >bad.xml
	gs 1 gs-snomcfg --check bad.xml
	[ -z "$errors" ] && [[ $output == *"[file-xml]"* ]]
}

@test "check: a phone with a link for its provisioning key is one phone" {
	mkdir -p d e
	settings "$(identity "$TLS" on mandatory)" >d/settings-000413000001.xml
	ln -s settings-000413000001.xml d/snom-0123456789abcdef.xml
	run gs-snomcfg --check d
	[ "$status" -eq 0 ]
	[[ $output != *0123456789abcdef* && $output != *phones* ]]
	# A link that leads elsewhere, or to a link, is read.
	ln -s ../d/settings-000413000001.xml e/one.xml
	ln -s one.xml e/two.xml
	run gs-snomcfg --check e
	[[ $output == *'2 phones: 2 good'* ]]
}
