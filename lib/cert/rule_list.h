/* SPDX-License-Identifier: MIT */
/* The rules of this wing, each GS_RULE(X_Y, "x-y", severity, reference, what is
 * wrong, why it matters, what to do). rules.h makes the enum of them, and
 * rules.c the table. */
GS_RULE(CERT_EXPIRED, "cert-expired", GS_ERROR, "RFC 5280 4.1.2.5",
    "the certificate has expired", "Phones and browsers refuse it.",
    "Renew it. If it was signed elsewhere, its issuer must renew it.")
GS_RULE(CERT_NOT_YET_VALID, "cert-not-yet-valid", GS_ERROR, "RFC 5280 4.1.2.5",
    "the certificate is not valid yet",
    "Clients refuse it until it becomes valid.",
    "If this host's clock is wrong, set it. Otherwise renew the certificate, "
    "or wait.")
GS_RULE(CERT_EXPIRES_SOON, "cert-expires-soon", GS_WARNING, "RFC 5280 4.1.2.5",
    "the certificate expires soon",
    "After that, clients can no longer connect.",
    "Renew it. If it was signed elsewhere, its issuer must renew it.")
GS_RULE(CERT_STAGING, "cert-staging", GS_WARNING, "-",
    "a test CA signed the certificate",
    "Staging CAs, such as that of Let's Encrypt, sign certificates for tests "
    "only. No phone trusts them.",
    "Request the certificate again without the test option (--staging or "
    "--test-cert).")
GS_RULE(NAME_MISSING, "name-missing", GS_ERROR, "RFC 6125 6.4",
    "the certificate lacks a name that clients use",
    "A client that verifies the server compares the name it connects to with "
    "the certificate's alternative names, and refuses the connection.",
    "Renew the certificate with this name. If it was signed elsewhere, make a "
    "new request (--csr).")
GS_RULE(NAME_MANY, "name-many", GS_ERROR, "-",
    "the certificate has more than 100 alternative names",
    "gs-certgen reads only the first 100 and cannot tell whether the others "
    "include the name that clients use. Phones have limits of their own.",
    "Use a certificate with fewer names.")
GS_RULE(NAME_WILDCARD, "name-wildcard", GS_WARNING, "RFC 5922 7.2",
    "only a wildcard covers the name that clients use",
    "SIP clients must not match wildcards, and some phones do not.",
    "Use a certificate that has the name itself.")
GS_RULE(ADDRESS_MISSING, "address-missing", GS_NOTE, "RFC 5280 4.2.1.6",
    "the certificate lacks an address of this host",
    "Phones that are configured with this address refuse the certificate.",
    "If phones use this address, add it with --san.")
GS_RULE(DIGEST_WEAK, "digest-weak", GS_ERROR, "RFC 8446 4.2.3",
    "the certificate is signed with a weak digest",
    "SHA-1 and MD5 signatures can be forged. Current TLS libraries refuse "
    "them.",
    "Have the certificate signed again, with SHA-256.")
GS_RULE(KEY_WEAK, "key-weak", GS_ERROR, "RFC 7525 4.3", "the key is too short",
    "Current TLS libraries refuse RSA keys below 2048 bits.",
    "Make a new key, or import a certificate for a longer one.")
GS_RULE(KEY_LARGE, "key-large", GS_WARNING, "-",
    "the key is too large for old phones",
    "Old phones need seconds for each handshake, or give up.",
    "Use rsa:2048. It is sufficient.")
GS_RULE(KEY_EC, "key-ec", GS_NOTE, "FreeSWITCH 1.2 tport_tls.c",
    "the key is an elliptic curve key",
    "FreeSWITCH 1.2 and Snom 3xx and 8xx phones do not support it.",
    "If you use FreeSWITCH 1.2 or such phones, make a new key with --new-key "
    "--key rsa:2048.")
GS_RULE(KEY_UNUSABLE, "key-unusable", GS_ERROR, "RFC 8446 4.2.3",
    "TLS clients do not support this kind of key",
    "Clients support RSA, and elliptic curve keys on P-256, P-384 and P-521. "
    "No handshake succeeds with another curve or with DSA.",
    "Make a new key, or import a certificate for a different kind of key.")
GS_RULE(LEAF_IS_CA, "leaf-is-ca", GS_ERROR, "RFC 5280 4.2.1.9",
    "the server's certificate is a CA certificate",
    "Anyone who obtains the server's key can issue certificates that all "
    "phones trust.",
    "Replace it with a server certificate.")
GS_RULE(USAGE_SERVER, "usage-server", GS_ERROR, "RFC 5280 4.2.1.12",
    "the certificate is not valid for a TLS server",
    "Clients check keyUsage and extendedKeyUsage and refuse the certificate.",
    "Replace it with a server certificate (serverAuth).")
GS_RULE(SHARED_KEY, "shared-key", GS_ERROR, "-", "the private key is public",
    "Gemeinschaft 4 was distributed with this key.", "Make a new key.")
GS_RULE(CHAIN_INCOMPLETE, "chain-incomplete", GS_ERROR, "RFC 5280 6.1",
    "an issuer's certificate is missing",
    "FreeSWITCH sends the certificates in cafile.pem. Clients refuse the "
    "connection if an intermediate is missing. If only the root may be "
    "missing, clients may have it: for a set in service this is a warning.",
    "Pass the missing certificates with --chain. The root is not needed if it "
    "is in the system's store or in the file given with --trust.")
GS_RULE(CHAIN_UNUSED, "chain-unused", GS_NOTE, "-",
    "a certificate is not part of the chain",
    "Clients do not need it, so FreeSWITCH does not send it.",
    "No action is needed.")
GS_RULE(CHAIN_NOT_CA, "chain-not-ca", GS_ERROR, "RFC 5280 4.2.1.9",
    "an issuer is not a CA", "Clients refuse this chain.",
    "Ask the CA for the right intermediate.")
GS_RULE(CHAIN_WEAK, "chain-weak", GS_ERROR, "RFC 8446 4.2.3",
    "an issuer has a weak key or digest",
    "Current TLS libraries refuse this chain.",
    "Ask the CA for a newer intermediate.")
GS_RULE(CHAIN_UNTRUSTED, "chain-untrusted", GS_ERROR, "RFC 5280 6.1",
    "the chain leads to none of the trusted roots",
    "With --trust, clients trust only the certificates given there, whatever "
    "root the set has.",
    "Import a chain that leads to one of these roots, or add its root to the "
    "file given with --trust.")
GS_RULE(CHAIN_REFUSED, "chain-refused", GS_ERROR, "RFC 5280 6.1",
    "clients refuse the chain for another reason",
    "The chain violates a path length, a name constraint or a similar "
    "restriction.",
    "Ask the CA for the right intermediate. If it is the local CA, make a new "
    "one with --new-ca.")
GS_RULE(CHAIN_EXPIRED, "chain-expired", GS_ERROR, "RFC 5280 4.1.2.5",
    "an issuer is expired or not valid yet", "Clients refuse this chain.",
    "Ask the CA for a newer intermediate. If it is the local CA, renew it with "
    "--new-ca and give its DER file to the phones.")
GS_RULE(CHAIN_EXPIRES_SOON, "chain-expires-soon", GS_WARNING,
    "RFC 5280 4.1.2.5", "an issuer expires soon",
    "After that, clients can no longer connect. Phones need the new CA before "
    "then.",
    "Plan the change. Ask the CA for a newer intermediate. If it is the local "
    "CA, renew it with --new-ca and give its DER file to the phones.")
GS_RULE(IMPORT_NO_CERTIFICATE, "import-no-certificate", GS_ERROR, "RFC 7468",
    "the file contains no certificate", "There is nothing to put into service.",
    "Pass the signed certificate as PEM, DER, PKCS #7 or PKCS #12.")
GS_RULE(IMPORT_DAMAGED, "import-damaged", GS_ERROR, "RFC 7468",
    "part of the file cannot be read",
    "If a certificate was cut off, it would be missing from the chain.",
    "Download or copy the file again.")
GS_RULE(IMPORT_KEY_INSIDE, "import-key-inside", GS_ERROR, "-",
    "the file contains a private key",
    "Certificate files are passed around. A key that was passed around is no "
    "longer secret.",
    "To import this key as well, also give the file with --with-key. Otherwise "
    "remove the key from the file. If others may have seen it, make a new key "
    "(--csr --new-key).")
GS_RULE(IMPORT_NO_KEY, "import-no-key", GS_ERROR, "-",
    "there is no key for this certificate",
    "A server needs the key as well as the certificate. gs-certgen takes a key "
    "from elsewhere only from the file given with --with-key.",
    "Give the file with the key with --with-key, or make a request first "
    "(--csr).")
GS_RULE(IMPORT_KEY_MISMATCH, "import-key-mismatch", GS_ERROR, "-",
    "no certificate in the file belongs to the key",
    "The server could not use these certificates.",
    "Import the answer to the latest --csr, with the host name of that "
    "request, or make a new request. If the key was made elsewhere, give its "
    "file with --with-key.")
GS_RULE(SET_MISSING, "set-missing", GS_ERROR, "-", "a file is missing",
    "Servers that read it do not start, or start without TLS.",
    "Create what is missing: gs-certgen FQDN makes a set or completes it.")
GS_RULE(PAIR_MISMATCH, "pair-mismatch", GS_ERROR, "-",
    "key and certificate do not match", "No handshake can succeed.",
    "Restore the right file, or make a new key and certificate.")
GS_RULE(KEY_LOCKED, "key-locked", GS_ERROR, "-", "the private key is encrypted",
    "FreeSWITCH and Apache start unattended and cannot ask for a pass phrase.",
    "Provide the pass phrase once, with --pass-file.")
GS_RULE(KEY_DAMAGED, "key-damaged", GS_ERROR, "-",
    "the private key is damaged or incomplete", "No server can use it.",
    "Restore the right file, or make a new key.")
GS_RULE(CERT_DAMAGED, "cert-damaged", GS_ERROR, "-",
    "a file has no certificate that servers can load",
    "Servers read only PEM, with each BEGIN and END on a line of its own.",
    "Recreate the file with gs-certgen. If the certificate was signed "
    "elsewhere and is in no other file, import it again.")
GS_RULE(MODE_WIDE, "mode-wide", GS_ERROR, "-",
    "others can read a file with a private key",
    "Every user of this host can impersonate the server.",
    "Restrict the mode. If others may have read the file, make a new key.")
GS_RULE(KEY_PUBLIC, "key-public", GS_ERROR, "-",
    "a file for certificates contains a private key",
    "cafile.pem, certificates and DER files are public.",
    "Rewrite the file with gs-certgen. If others may have read it, make a new "
    "key.")
GS_RULE(KEY_EXPOSED, "key-exposed", GS_WARNING, "-",
    "everyone can or could read the key",
    "Anyone who has read the key can impersonate the server. The files of the "
    "set are protected now, other files are not.",
    "Unless you are the only user of this host, make a new key: with "
    "--new-key, or with the program that requested the certificate.")
GS_RULE(COPY_DIFFERS, "copy-differs", GS_ERROR, "-",
    "FreeSWITCH's certificate is not the one in service",
    "After a manual renewal, one of the two is outdated.",
    "Make FreeSWITCH and the web server use the same certificate.")
GS_RULE(CAFILE_DIFFERS, "cafile-differs", GS_ERROR, "sofia-sip tport_tls.c",
    "cafile.pem does not match the certificate",
    "FreeSWITCH sends exactly the intermediates that are in cafile.pem.",
    "Rewrite the file with gs-certgen.")
GS_RULE(LINK_WRONG, "link-wrong", GS_ERROR, "-",
    "a link is missing or points to the wrong file",
    "The server reads a file that is never renewed.",
    "Set the link with gs-certgen.")
GS_RULE(LINK_BROKEN, "link-broken", GS_ERROR, "-",
    "a link points to a missing file",
    "Servers that read it do not start, or start without TLS.",
    "Set the link with gs-certgen.")
GS_RULE(PLACE_IS_FOLDER, "place-is-folder", GS_ERROR, "-",
    "a folder or device is in the place of a file or link",
    "gs-certgen replaces only files and links.", "Move it away.")
GS_RULE(UNREADABLE, "unreadable", GS_ERROR, "sofia-sip tport_type_tls.c",
    "FreeSWITCH's user cannot read its files",
    "FreeSWITCH 1.2 then listens without a certificate; newer versions "
    "generate their own.",
    "Give the files to this user (--owner) or to one of its groups "
    "(--key-group). If the folder already existed, grant access to it with "
    "chown or chmod.")
GS_RULE(UNFINISHED, "unfinished", GS_WARNING, "-", "a run was interrupted",
    "The set in service works, but a change is incomplete.",
    "Finish the change with gs-certgen.")
GS_RULE(CSR_PENDING, "csr-pending", GS_NOTE, "-",
    "a request is waiting for its certificate",
    "Its key is kept until the signed certificate arrives.",
    "Import the answer with --import.")
GS_RULE(CSR_KEY_NEEDED, "csr-key-needed", GS_ERROR, "-",
    "a request for this key is waiting for its certificate",
    "With a new key, the answer to the request would be useless.",
    "Import the answer first, or use --force.")
GS_RULE(CSR_PRIVATE, "csr-private", GS_NOTE, "CA/B Forum BR 7.1.4.2",
    "a request contains no private names or addresses",
    "Public CAs must not sign private addresses or names without a dot, and "
    "would refuse the request.",
    "If your own CA signs the request, add --private.")
GS_RULE(CSR_FOUND, "csr-found", GS_NOTE, "-",
    "the answer belongs to the request of another set",
    "The key says which request a certificate answers.", "No action is needed.")
GS_RULE(OWNER_UNKNOWN, "owner-unknown", GS_ERROR, "-",
    "the user or group does not exist",
    "The files remain owned by root and protected, so FreeSWITCH cannot read "
    "them.",
    "Create the user, or name a different one.")
GS_RULE(OWNER_DENIED, "owner-denied", GS_ERROR, "-",
    "only root can change the owner of files",
    "The files remain yours and protected, so FreeSWITCH cannot read them.",
    "Run as root.")
GS_RULE(SIGNED_BY_OTHERS, "signed-by-others", GS_ERROR, "-",
    "the certificate was signed elsewhere and is not replaced",
    "gs-certgen does not discard a certificate that somebody may have paid "
    "for. As a note, the rule only says that the certificate remains in "
    "service and that its issuer renews it.",
    "Request a new one from its issuer (--csr), or replace it with --force.")
GS_RULE(CA_KEY_MISSING, "ca-key-missing", GS_ERROR, "-",
    "the local CA's key is missing", "The CA can no longer sign anything.",
    "Restore the key. Or make a new CA with --new-ca; all phones then need its "
    "DER file.")
GS_RULE(CA_MISMATCH, "ca-mismatch", GS_ERROR, "-",
    "the local CA's key and certificate do not match",
    "Nothing signed with this key could be verified.",
    "Restore the right file. Or make a new CA with --new-ca; all phones then "
    "need its DER file.")
GS_RULE(TRUST_CHANGED, "trust-changed", GS_NOTE, "-",
    "phones must trust a different certificate",
    "Phones that verify the server accept only what they were told to trust.",
    "Give the new certificate to the phones (--der).")
GS_RULE(CLOCK_WRONG, "clock-wrong", GS_ERROR, "-", "the clock is wrong",
    "The certificate would be valid in the wrong years.",
    "Set the clock first (NTP).")
GS_RULE(DTLS_KEY_SHORT, "dtls-key-short", GS_WARNING,
    "FreeSWITCH switch_core_cert.c",
    "FreeSWITCH requires 4096 bits in dtls-srtp.pem",
    "FreeSWITCH renames a file with a shorter key and generates its own.",
    "gs-certgen --dtls-pem makes a file with a key of its own.")
GS_RULE(OTHER_NAME, "other-name", GS_ERROR, "-", "another set is in service",
    "A mistyped name would take the set that phones know out of service.",
    "To put this name into service, add --switch.")
GS_RULE(LINKS_DISAGREE, "links-disagree", GS_ERROR, "-",
    "the links point to files of different names",
    "FreeSWITCH and the web server use different certificates, and gs-certgen "
    "cannot know which one is right.",
    "Run --switch with the name that should be in service.")
GS_RULE(NOT_ADOPTED, "not-adopted", GS_NOTE, "-",
    "the files in service were made by another program",
    "They are checked like any other. Once adopted, gs-certgen maintains the "
    "copies and links.",
    "Adopt these files. The key and the certificate stay the same.")
GS_RULE(RESTART_OWED, "restart-owed", GS_WARNING, "sofia-sip tport_tls.c",
    "FreeSWITCH still has to be restarted",
    "FreeSWITCH still serves the certificate that it read at its last start. "
    "Calls kept --run-when-idle from running its command, or the command "
    "failed.",
    "Run gs-certgen with --run-when-idle again. If you have restarted "
    "FreeSWITCH yourself, remove private/NAME.owed.")
GS_RULE(SERVED, "served", GS_NOTE, "-",
    "the certificate, TLS version and cipher of a server",
    "With --connect, gs-certgen reports what a client sees.",
    "No action is needed.")
GS_RULE(SERVED_UNREACHABLE, "served-unreachable", GS_ERROR, "-",
    "a server cannot be reached",
    "Phones cannot reach it either, unless a firewall lets only them pass.",
    "Start the server, or open the port.")
GS_RULE(SERVED_HANDSHAKE, "served-handshake", GS_ERROR, "RFC 8446 4",
    "the TLS handshake with a server fails",
    "The server has no certificate, does not speak TLS on this port, or offers "
    "only old versions or ciphers.",
    "Check that the port speaks TLS and that the server found its certificate. "
    "With FreeSWITCH, tls-version and tls-ciphers must allow TLS 1.2.")
GS_RULE(SERVED_CLIENT, "served-client", GS_ERROR, "RFC 8446 4.3.2",
    "a server requires a certificate of its clients",
    "Phones have no client certificate, or one of their manufacturer that the "
    "server does not know. The server's own certificate is verified all the "
    "same.",
    "With FreeSWITCH, remove \"in\" and \"all\" from tls-verify-policy. With "
    "Kamailio, set require_certificate = no. With Apache, set SSLVerifyClient "
    "none.")
GS_RULE(SERVED_DIFFERS, "served-differs", GS_ERROR, "-",
    "a server does not serve the certificate in place",
    "Servers read their files when they start. After a renewal they serve the "
    "old certificate until then.",
    "Reload the server. FreeSWITCH reads the files when its profile is "
    "restarted, which ends calls: restart the profile when no call is active "
    "(--run-when-idle).")
GS_RULE(SERVED_NAME, "served-name", GS_ERROR, "RFC 6125 6.4",
    "a server's certificate lacks the name that clients use",
    "Clients that verify the server refuse the connection.",
    "Renew the certificate with this name, or connect to a name that it has.")
GS_RULE(SERVED_CHAIN_INCOMPLETE, "served-chain-incomplete", GS_ERROR,
    "RFC 8446 4.4.2", "a server does not send all intermediates",
    "Phones have only roots. Browsers fetch missing intermediates; phones do "
    "not.",
    "FreeSWITCH sends the intermediates in cafile.pem, Apache those in its "
    "certificate file. Restart the server after a change.")
GS_RULE(SERVED_UNTRUSTED, "served-untrusted", GS_ERROR, "RFC 5280 6.1",
    "clients do not know a server's root",
    "It is neither the root of the set nor in the system's store.",
    "Give the root to the phones (--der), or add it with --trust.")
GS_RULE(SERVED_REFUSED, "served-refused", GS_ERROR, "RFC 5280 6.1",
    "clients refuse a server's certificate",
    "The certificate is expired or weak, or violates a restriction of an "
    "issuer.",
    "Renew the certificate, and reload the server.")
GS_RULE(SERVED_EXPIRES_SOON, "served-expires-soon", GS_WARNING,
    "RFC 5280 4.1.2.5", "a server's certificate expires soon",
    "After that, clients can no longer connect.",
    "Renew the certificate, and reload the server.")
GS_RULE(SERVED_PHONE, "served-phone", GS_ERROR, "FreeSWITCH sofia.c",
    "a phone of this model cannot connect",
    "Server and phone have no version or cipher in common, or the phone does "
    "not support the key.",
    "With FreeSWITCH, allow its version in tls-version and its ciphers in "
    "tls-ciphers. TLS 1.0 and 1.1 require @SECLEVEL=0 in tls-ciphers, which "
    "weakens the connections of all phones: give old phones a profile of their "
    "own.")
