# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# MariaDB, apache2 and Kamailio for chain.bats, all in the folder $D and on
# loopback.

# ports: a number from which on 200 ports are free, for TCP and UDP.
ports() {
	/usr/bin/python3 - <<-'EOF'
	import random, socket
	def free(port):
	    for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
	        s = socket.socket(socket.AF_INET, kind)
	        try:
	            s.bind(("127.0.0.1", port))
	        except OSError:
	            return False
	        finally:
	            s.close()
	    return True
	while True:
	    base = random.randrange(20000, 32000, 200)
	    if all(free(base + n) for n in range(200)):
	        print(base)
	        break
	EOF
}

# sql [OPTION...]: on standard input, as mysql --batch.
sql() {
	mariadb --defaults-file="$D/my.cnf" --batch "$@"
}

start_mariadb() {
	mkdir "$D/db"
	printf '%s\n' '[client]' user=root "socket=$D/sock" \
		default-character-set=utf8mb4 >"$D/my.cnf"
	# Without grants it needs no system tables, which take long to make.
	start mariadbd --no-defaults --user="$(id -un)" --datadir="$D/db" \
		--socket="$D/sock" --pid-file="$D/db.pid" --skip-grant-tables \
		--skip-networking --skip-log-bin --innodb-buffer-pool-size=8M \
		--innodb-log-file-size=4M --innodb-fast-shutdown=2 \
		>"$D/db.log" 2>&1
	until_true sql -e 'SELECT 1'
	sql -e 'CREATE DATABASE gemeinschaft'
	sql gemeinschaft <"$GS_TOP/tests/fixtures/snom/gs5.sql"
}

# start_apache PORT CERTIFICATE KEY DOCUMENTS [NAME]: with the configuration of
# NAME, if any, from standard input.
start_apache() {
	local m=/usr/lib/apache2/modules name=${5:-apache} user group
	user=$(id -un) group=$(id -gn)
	# It refuses to serve as root.
	[ "$user" != root ] || user=nobody group=nogroup
	cat >"$D/$name.conf" <<-EOF
	ServerRoot $D
	PidFile $D/$name.pid
	ErrorLog $D/$name.log
	ServerName gs5.lan
	Listen 127.0.0.1:$1
	LoadModule mpm_prefork_module $m/mod_mpm_prefork.so
	LoadModule authz_core_module $m/mod_authz_core.so
	LoadModule authz_host_module $m/mod_authz_host.so
	LoadModule alias_module $m/mod_alias.so
	LoadModule mime_module $m/mod_mime.so
	LoadModule ssl_module $m/mod_ssl.so
	User $user
	Group $group
	StartServers 1
	TypesConfig /dev/null
	AddType application/xml .xml
	DocumentRoot $4
	SSLEngine on
	SSLCertificateFile $2
	SSLCertificateKeyFile $3
	SSLSessionCache none
	<Directory $4>
	    Require all granted
	    Options +FollowSymLinks
	</Directory>
	EOF
	[ -z "${5:-}" ] || cat >>"$D/$name.conf"
	start apache2 -f "$D/$name.conf" -X
	until_true listens "$1"
}

# start_kamailio UDP-PORT TLS-PORT FOLDER: a registrar and proxy for the
# accounts of the database, with the agent.pem and cafile.pem of FOLDER.
# It reaches phones over the connections that they opened.
start_kamailio() {
	cat >"$D/kamailio.cfg" <<-EOF
	#!KAMAILIO
	debug=1
	log_stderror=yes
	children=1
	tcp_children=1
	enable_tls=yes
	tcp_connection_lifetime=600
	listen=udp:127.0.0.1:$1
	listen=tls:127.0.0.1:$2
	alias="gs5.lan"
	mpath="$(dirname "$(find /usr/lib -path '*kamailio/modules/tls.so')")/"
	loadmodule "tls.so"
	loadmodule "tm.so"
	loadmodule "sl.so"
	loadmodule "rr.so"
	loadmodule "pv.so"
	loadmodule "xlog.so"
	loadmodule "siputils.so"
	loadmodule "textops.so"
	loadmodule "nathelper.so"
	loadmodule "usrloc.so"
	loadmodule "registrar.so"
	loadmodule "auth.so"
	loadmodule "htable.so"
	modparam("tls", "tls_method", "TLSv1.2+")
	modparam("tls", "certificate", "$3/agent.pem")
	modparam("tls", "private_key", "$3/agent.pem")
	modparam("tls", "ca_list", "$3/cafile.pem")
	modparam("nathelper|registrar", "received_avp", "\$avp(received)")
	modparam("htable", "htable", "password=>size=4;")
	event_route[htable:mod-init] {
	$(sql -N gemeinschaft -e "SELECT CONCAT('\$sht(password=>', auth_name,
		') = \"', password, '\";') FROM sip_accounts WHERE sip_domain_id = 1")
	}
	request_route {
		route(TRACE);
		force_rport();
		if (has_totag()) {
			loose_route();
			handle_ruri_alias();
			t_relay();
			exit;
		}
		if (is_method("CANCEL")) {
			t_relay();
			exit;
		}
		if (is_method("REGISTER")) {
			if (\$au == \$null ||
			    !pv_www_authenticate("\$td", "\$sht(password=>\$au)", "0")) {
				www_challenge("\$td", "0");
				exit;
			}
			fix_nated_register();
			# Instead of what a phone left that was cut off.
			save("location", "0x04");
			exit;
		}
		if (!is_method("ACK") &&
		    (\$au == \$null ||
		    !pv_proxy_authenticate("\$fd", "\$sht(password=>\$au)", "0"))) {
			proxy_challenge("\$fd", "0");
			exit;
		}
		record_route();
		add_contact_alias();
		if (!lookup("location")) {
			sl_send_reply("404", "Not here");
			exit;
		}
		t_on_reply("ANSWER");
		t_relay();
	}
	onreply_route[ANSWER] {
		route(TRACE);
		add_contact_alias();
	}
	route[TRACE] {
		xlog("L_ALERT", "\$proto:\$si:\$sp\n\$mb");
	}
	EOF
	start kamailio -DD -E -f "$D/kamailio.cfg" -Y "$D" -P "$D/kamailio.pid" \
		-m 32 -M 4 >"$D/kamailio.log" 2>&1
	until_true listens "$2"
}
