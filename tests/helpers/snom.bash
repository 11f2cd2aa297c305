# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is used by tests
# What the tests of gs-snomcfg share; loaded by bats.

load "$GS_TOP/tests/helpers/trace.bash"
load "$GS_TOP/tests/helpers/json.bash"

HEAD=$'mac_address\tmodel\tprovisioning_key\thttp_user\thttp_password\tid\tauth_name\tpassword\tcaller_name\thost'

# row MAC NAME [HOST [AUTH]]: one account of a 370, as mysql prints it. Each
# phone has a provisioning key of its own.
row() {
	local key=a9170af083fed2bae9bb92df mac=${1//[^0-9A-Za-z]/}
	[ "${mac,,}" = 000413262afe ] || key=a9170af083fe$mac
	printf '%s\tSnom 370\t%s\tadmin\tW3bKennwort99\t1\t%s\tGeh3imNr7Fest\t%s\t%s\n' \
		"$1" "$key" "${4:-1c73f02c9114}" "$2" "${3:-192.168.0.253}"
}

# render ARGS...: one phone from standard input to x.xml, errors to err.
render() {
	gs-snomcfg -q -s base_url=https://gs5.example --phone 000413262AFE \
		"$@" >x.xml 2>err
}

# value XPATH [FILE]: what xmllint finds.
value() {
	xmllint --nonet --xpath "string($1)" "${2:-x.xml}"
}

# settings LINE...: an otherwise clean file with these phone settings, and its
# last identity off.
settings() {
	echo '<?xml version="1.0" encoding="utf-8"?>'
	echo '<settings><phone-settings>'
	echo '<setting_server perm="RW">https://gs5.example/settings-{mac}.xml</setting_server>'
	echo '<tls_server_authentication perm="R">on</tls_server_authentication>'
	echo '<ntp_server perm="R">10.0.0.1</ntp_server>'
	local each all="$*"
	for each in webserver_type=https pnp_config=off http_pass=W3bKennwort99 \
		admin_mode_password=Adm1nKennwort check_fqdn_against_server_cert=on; do
		[[ $all == *"<${each%=*}"[\ \>]* ]] ||
			echo "<${each%=*} perm=\"R\">${each#*=}</${each%=*}>"
	done
	printf '%s\n' "$@"
	echo '<user_active idx="12" perm="R">off</user_active>'
	echo '</phone-settings>'
	echo '<certificates><certificate url="https://ca.example/ca.der"/></certificates>'
	echo '</settings>'
}

# identity OUTBOUND SRTP SAVP [HOST]: a full identity 1; "-" leaves out.
identity() {
	echo '<user_active idx="1" perm="R">on</user_active>'
	echo '<user_name idx="1" perm="R">1c73</user_name>'
	echo "<user_host idx=\"1\" perm=\"R\">${4:-gs5.example}</user_host>"
	[ "$1" = - ] || echo "<user_outbound idx=\"1\" perm=\"R\">$1</user_outbound>"
	[ "$2" = - ] || echo "<user_srtp idx=\"1\" perm=\"R\">$2</user_srtp>"
	[ "$3" = - ] || echo "<user_savp idx=\"1\" perm=\"R\">$3</user_savp>"
	echo '<user_auth_tag idx="1" perm="R">off</user_auth_tag>'
}

# rules [ARGS]: "severity rule" of each finding in standard input, to said.
rules() {
	gs-snomcfg -j "$@" --check >found 2>err || true
	jq -r 'select(.type == "finding") | "\(.severity) \(.rule)"' found | sort -u >said
}

# has "severity rule": rules said so.
has() {
	local all
	mapfile -t all <said
	printf -v all '\n%s' "${all[@]}"
	[[ $all$'\n' == *$'\n'"$1"$'\n'* ]] || { cat said err; return 1; }
}

hasnt() {
	local all
	mapfile -t all <said
	[[ ${all[*]} != *"$1"* ]] || { cat said; return 1; }
}

# What user_outbound should be.
TLS='gs5.example:5061;transport=tls'

. "$GS_TOP/tests/cli/lib.bash"

# Servers are in /usr/sbin.
PATH=$PATH:/usr/sbin
