/* SPDX-License-Identifier: MIT */
/* The rules of this wing, each GS_RULE(X_Y, "x-y", severity, reference, what is
 * wrong, why it matters, what to do). rules.h makes the enum of them, and
 * rules.c the table. */
GS_RULE(PROV_SCHEME_PORT, "prov-scheme-port", GS_ERROR, "thread of 2013-05-17",
    "a URL whose scheme and port contradict each other",
    "A web server that speaks TLS on a port cannot answer plain HTTP there, "
    "and vice versa. GS5 renders http://host:443/ when TLS ends in front of "
    "Rails. The phone tries three times and gives up, for every URL in the "
    "file.",
    "Write https without a port, or run --harden with base_url set.")
GS_RULE(PROV_PLAIN, "prov-plain", GS_WARNING, "RFC 2818",
    "a URL that is fetched without encryption",
    "Anyone on the network path can read and change what is fetched. For "
    "setting_server and setting-files this includes the SIP passwords and "
    "every security setting, so there it is an error.",
    "Use https. gs-snomcfg makes every URL from base_url.")
GS_RULE(PROV_URL, "prov-url", GS_ERROR, "RFC 3986 section 3",
    "a URL that cannot be read",
    "The phone fetches nothing if the host is missing, the port is invalid, "
    "the URL contains a space, or an IPv6 address has no brackets.",
    "Write scheme://host[:port]/path, with IPv6 addresses in brackets.")
GS_RULE(PROV_CREDENTIALS, "prov-credentials", GS_WARNING,
    "RFC 3986 section 3.2.1", "a user name or password inside a URL",
    "URLs are shown in the phone's menus and written to logs.",
    "Use http_client_user and http_client_pass.")
GS_RULE(PROV_NO_SERVER, "prov-no-server", GS_NOTE,
    "service.snom.com: Auto Provisioning", "setting_server is not set",
    "The phone keeps the address it already has, which may be an old one or "
    "the manufacturer's. With perm=\"!\" it keeps any address that a user "
    "chose, and this is a warning.",
    "Set setting_server to an https URL.")
GS_RULE(PROV_PNP, "prov-pnp", GS_WARNING, "service.snom.com: Auto Provisioning",
    "the phone accepts settings over SIP",
    "With pnp_config or subscribe_config, any machine that answers can "
    "redirect the phone. With allow_sip_settings, a SIP message can change its "
    "settings.",
    "Set them to off.")
GS_RULE(PROV_NOTIFY, "prov-notify", GS_NOTE, "believed, no source found",
    "reboot and check-sync are accepted without a challenge",
    "Anyone can send a NOTIFY that makes the phone reboot or reload its "
    "settings.",
    "If the PBX answers challenges, set challenge_reboot and "
    "challenge_checksync to on.")
GS_RULE(URL_FOREIGN, "url-foreign", GS_WARNING, "GS5 config_snom_controller.rb",
    "a host outside this site",
    "Whoever runs the foreign host controls a phone that fetches settings, "
    "firmware or certificates there, or registers there: this is an error. A "
    "host after ;maddr= counts as well. Elsewhere, such as on a function key, "
    "the foreign host learns what the phone does.",
    "If the host is yours, name it with trusted_host in site.conf. base_url, "
    "sip_host, ntp_server, certificate_url and firmware_url name hosts of the "
    "site as well.")
GS_RULE(SIP_NOT_TLS, "sip-not-tls", GS_WARNING, "RFC 3261 section 26.2",
    "signalling is not encrypted",
    "Phone numbers, names and the digest of the password can be read. SRTP "
    "keys must not be exchanged over this connection.",
    "Set user_outbound to host:5061;transport=tls.")
GS_RULE(SIP_TRANSPORT, "sip-transport", GS_ERROR,
    "service.snom.com; Wazo base.tpl", "the phone does not know this transport",
    "Snom phones know udp, tcp and tls.", "Write ;transport=tls.")
GS_RULE(SIP_TRANSPORT_MISSING, "sip-transport-missing", GS_ERROR,
    "thread of 2013-05-17", "port 5061 without transport=tls",
    "The phone sends UDP to the TLS port and never registers.",
    "Write host:5061;transport=tls.")
GS_RULE(SIP_SPELLING, "sip-spelling", GS_WARNING, "thread of 2013-05-14",
    "unusual spelling of the transport",
    "Only host:5061;transport=tls, in lower case and without spaces, is known "
    "to work. Spaces before or after the whole value are a note.",
    "Use exactly that form.")
GS_RULE(SIP_PORT, "sip-port", GS_ERROR, "RFC 3261 section 19.1.2",
    "the port does not match the transport",
    "5060 is the port for UDP and TCP: with transport=tls the phone waits for "
    "a handshake that never comes. 5061 is the port for TLS. Other ports must "
    "be 1 to 65535.",
    "Use the port of the PBX's TLS listener, usually 5061.")
GS_RULE(SIP_PORT_MISSING, "sip-port-missing", GS_NOTE,
    "RFC 3261 section 19.1.2", "TLS without a port",
    "The phone uses 5061 or asks DNS.",
    "If the PBX has no SRV records, add the port.")
GS_RULE(SIP_LIST, "sip-list", GS_NOTE, "FusionPBX D785; meaning believed",
    "the outbound proxy is a list",
    "FusionPBX writes a comma-separated list for failover. If the first proxy "
    "has transport=tls and a later one does not, this is a warning: after a "
    "failover, calls are unencrypted.",
    "If the firmware supports lists, give each proxy transport=tls.")
GS_RULE(SIP_FAILOVER, "sip-failover", GS_WARNING, "Wazo base.tpl",
    "the backup identity uses the same proxy",
    "user_failover_identity names an identity with another registrar but with "
    "the same proxy. If the proxy fails, both identities fail.",
    "Give the backup identity the proxy of its own registrar.")
GS_RULE(SIP_PREFIX, "sip-prefix", GS_NOTE, "seen in the field; sips: believed",
    "the outbound proxy begins with a URI scheme",
    "sip: is accepted. What the phone does with sips: is not documented, so in "
    "user_outbound sips: is a warning, and TLS is not proven.",
    "Remove the scheme.")
GS_RULE(SIP_NO_HOST, "sip-no-host", GS_ERROR, "thread of 2013-05-14",
    "the outbound proxy has no host",
    "A template wrote the port after an empty host name. The identity cannot "
    "register.",
    "Set the host, or deactivate the identity.")
GS_RULE(SIP_HOST, "sip-host", GS_ERROR, "RFC 1123 section 2.1",
    "neither a host name nor an address",
    "The host cannot be resolved. It may be a placeholder that a template did "
    "not replace. The name of an SRV record (_sips._tcp) is a warning.",
    "Correct user_host or user_outbound.")
GS_RULE(SIP_REGISTRAR, "sip-registrar", GS_WARNING,
    "GS5 config_snom_controller.rb", "an active identity without a registrar",
    "user_host is empty. If the identity has a user name, this is an error. "
    "GS5 empties user_host from the second identity onwards when a parameter "
    "row is named host.",
    "Set user_host, or set user_active to off.")
GS_RULE(SIP_HOST_TRANSPORT, "sip-host-transport", GS_WARNING,
    "thread of 2013-05-17", "user_host contains a port or transport",
    "They belong in user_outbound, the form that is known to work on the 370 "
    "and 870. In user_host they become part of the domain. If both settings "
    "name a transport, they may contradict each other. A port alone is a note.",
    "Set user_host to the domain only.")
GS_RULE(SIP_UNLOCKED, "sip-unlocked", GS_WARNING,
    "service.snom.com: Permission Flags", "the user can change the proxy",
    "user_outbound can be changed on the phone until the next provisioning. "
    "Without ;transport=tls everything is unencrypted. With perm=\"!\" the "
    "phone keeps the user's value even then, so TLS is not proven.",
    "Use perm=\"R\".")
GS_RULE(SIP_FILTER, "sip-filter", GS_NOTE, "sipXecs phone.xml; effect believed",
    "the phone accepts SIP from anyone",
    "With filter_registrar off, any machine can make the phone ring.",
    "Set filter_registrar to on.")
GS_RULE(SIP_STRAY, "sip-stray", GS_WARNING, "FusionPBX 3xx",
    "a name contains a port and transport",
    "A template put them into user_realname. Other people see them, and the "
    "proxy may lack them.",
    "Write them into user_outbound only.")
GS_RULE(SIP_INACTIVE, "sip-inactive", GS_NOTE, "GS5 snom_phone.xml.haml",
    "inactive identities have an outbound proxy without a host",
    "This is harmless while they are inactive. It shows that the proxy was "
    "rendered from an empty account.",
    "Leave the proxy of inactive identities empty.")
GS_RULE(SIP_ACTIVE, "sip-active", GS_WARNING, "wiki.snom.com: Identities/Login",
    "user_active is neither on nor off",
    "The default is on, so the identity is checked as active.",
    "Write on or off.")
GS_RULE(SIP_NO_IDENTITY, "sip-no-identity", GS_WARNING,
    "service.snom.com: Auto Provisioning",
    "the file says nothing about identities",
    "The phone keeps the accounts that it has, and nothing shows whether they "
    "use TLS and SRTP.",
    "Set the identities, and set user_active to off for unused ones. If they "
    "are in another file of the phone, check that file as well, and this one "
    "with --require provisioning,trust,hygiene.")
GS_RULE(SIP_IDLE_TEXT, "sip-idle-text", GS_NOTE,
    "GS5 config_snom_controller.rb", "an active identity without an idle text",
    "GS5 loses it from the second identity onwards.", "Set user_idle_text.")
GS_RULE(MEDIA_VALUE, "media-value", GS_ERROR, "sipXecs types.xml: rtp_savp",
    "invalid value",
    "user_srtp and user_auth_tag are on or off. user_savp is off, optional or "
    "mandatory, in lower case. What the phone does with other values, such as "
    "'on' for user_savp, depends on the firmware.",
    "Use one of the listed values.")
GS_RULE(MEDIA_BLANK, "media-blank", GS_NOTE, "seen in the field",
    "spaces around a value",
    "It is not documented whether the phone removes them.",
    "Remove the spaces.")
GS_RULE(MEDIA_SAVP_OFF, "media-savp-off", GS_ERROR,
    "RFC 3711 section 12; FreeSWITCH switch_core_media.c",
    "a=crypto would be offered in RTP/AVP",
    "With user_srtp on and user_savp off (its default) the phone offers "
    "a=crypto in RTP/AVP. FreeSWITCH refuses that call: \"a=crypto in RTP/AVP, "
    "refer to rfc3711\".",
    "Set user_savp to mandatory. Calls to the phone then require "
    "rtp_secure_media (sip_secure_media before 1.4) in the dialplan.")
GS_RULE(MEDIA_OPTIONAL, "media-optional", GS_NOTE, "believed, no source found",
    "encryption of the media is optional",
    "The phone's exact behaviour is not documented. A call may fall back to "
    "unencrypted RTP.",
    "If every peer can encrypt, use mandatory.")
GS_RULE(MEDIA_SAVP_NO_EFFECT, "media-savp-no-effect", GS_WARNING,
    "sipXecs line.properties", "user_savp has no effect",
    "user_savp works only when user_srtp is on. This media is not encrypted.",
    "Set user_srtp to on.")
GS_RULE(MEDIA_NOT_ENCRYPTED, "media-not-encrypted", GS_WARNING, "RFC 3711",
    "the media is not encrypted",
    "user_srtp is off. Anyone on the network path can listen.",
    "Set user_srtp to on and user_savp to mandatory, and use TLS.")
GS_RULE(MEDIA_UNSET, "media-unset", GS_WARNING,
    "firmware dump 8.7.3; sipXecs line.xml", "user_srtp is not set",
    "The default is on in some firmware and off in other firmware.",
    "Set user_srtp.")
GS_RULE(MEDIA_TAG_32, "media-tag-32", GS_WARNING,
    "RFC 3711 section 5.2; sipXecs line.properties",
    "SRTP with the short authentication tag",
    "user_auth_tag is on by default and selects AES_CM_128_HMAC_SHA1_32.",
    "Set user_auth_tag to off to use 80 bits.")
GS_RULE(MEDIA_KEY_CLEAR, "media-key-clear", GS_ERROR, "RFC 4568 section 7",
    "the SRTP key is sent unencrypted",
    "The SDP contains the key. Without TLS for SIP, anyone on the network path "
    "can read it. If only a domain is given, DNS may select TLS, and this is a "
    "warning.",
    "Set user_outbound to host:5061;transport=tls.")
GS_RULE(MEDIA_UNLOCKED, "media-unlocked", GS_WARNING,
    "service.snom.com: Permission Flags", "the user can switch encryption off",
    "This setting can be changed on the phone. With perm=\"!\" the phone keeps "
    "the user's value even when it fetches its settings again, so SRTP is not "
    "proven.",
    "Use perm=\"R\".")
GS_RULE(TRUST_ELEMENT, "trust-element", GS_ERROR, "thread of 2013-05-12",
    "a certificate in an element that the phone ignores",
    "Only <certificates><certificate url=\"...\"/></certificates> works. "
    "<certificate_url> has no effect.",
    "Use that form.")
GS_RULE(TRUST_FORMAT, "trust-format", GS_WARNING,
    "thread of 2013-05-17; PEM believed not read",
    "the certificate may not be in DER format",
    "DER is known to work. It is not documented whether phones read PEM.",
    "Provide the CA certificate as a .der file.")
GS_RULE(TRUST_PLAIN, "trust-plain", GS_WARNING, "RFC 5280 section 6.2",
    "the certificate is fetched without encryption",
    "Anyone on the network path can give the phone a different CA, at the "
    "first contact or any later one.",
    "Use https, or roll the certificate out in a network you trust.")
GS_RULE(TRUST_HOST, "trust-host", GS_NOTE, "-",
    "certificate and settings come from different hosts",
    "Both hosts must be reachable while phones are rolled out.",
    "If this is intended, ignore this note.")
GS_RULE(TRUST_UNVERIFIED, "trust-unverified", GS_WARNING,
    "phone log: Certificate verification omitted",
    "the phone does not verify the server",
    "tls_server_authentication is off by default. TLS then keeps eavesdroppers "
    "out, but not a machine that impersonates the server. With --profile "
    "encrypt this is expected and only a note.",
    "Roll out the CA certificate, then set tls_server_authentication to on.")
GS_RULE(TRUST_NO_ROLLOUT, "trust-no-rollout", GS_WARNING,
    "thread of 2013-05-17", "no CA certificate is rolled out",
    "With verification on and no certificate, the phone trusts only the CAs "
    "that its manufacturer built in years ago. If you use a CA of your own, "
    "the phone can no longer reach anything. With verification off, this is a "
    "note.",
    "Use two stages: first <certificates> with verification off, then switch "
    "verification on.")
GS_RULE(TRUST_TWO_STAGES, "trust-two-stages", GS_NOTE,
    "inferred from the phone log",
    "the certificate is fetched over the connection that it should verify",
    "Certificates are fetched after the settings. While verification is on, a "
    "phone that never had the CA cannot fetch it by https from the same "
    "server.",
    "Use two stages: let every phone fetch the certificate once before you "
    "switch verification on.")
GS_RULE(TRUST_CLOCK, "trust-clock", GS_NOTE, "inferred from the phone log",
    "verification without a time server",
    "The phone's clock starts in 1970, before any certificate is valid.",
    "Set ntp_server or DHCP option 42.")
GS_RULE(TRUST_VALUE, "trust-value", GS_ERROR, "firmware dump 8.7.3",
    "invalid value of tls_server_authentication", "It can only be on or off.",
    "Set it to on or off.")
GS_RULE(TRUST_NAME, "trust-name", GS_WARNING,
    "service.snom.com: check_fqdn_against_server_cert",
    "the name in the certificate is not checked",
    "Anyone who has a certificate from the same CA, for any name, can "
    "impersonate the server. Firmware 10 checks the name by default; firmware "
    "8 does not.",
    "Set check_fqdn_against_server_cert to on.")
GS_RULE(TRUST_UNLOCKED, "trust-unlocked", GS_WARNING,
    "service.snom.com: Permission Flags",
    "the user can switch verification off",
    "tls_server_authentication can be changed on the phone.", "Use perm=\"R\".")
GS_RULE(FILE_XML, "file-xml", GS_ERROR, "XML 1.0",
    "the file is not well-formed XML",
    "The phone ignores the whole file. Known causes: GS5 writes names into "
    "comments, where -- is not allowed, and Wazo closes <context_key> with "
    "</gui_fkey1>.",
    "Fix the place named in the message. The other findings cover only the "
    "part that could be read.")
GS_RULE(FILE_DIALECT, "file-dialect", GS_WARNING,
    "service.snom.com: Auto Provisioning",
    "the file contains no phone settings",
    "It has another format that the phone reads. Its URLs are checked, but the "
    "other links cannot be judged.",
    "Check the settings files as well.")
GS_RULE(FILE_SECTION, "file-section", GS_WARNING,
    "service.snom.com; FusionPBX 820", "unknown section",
    "The phone ignores its contents. FusionPBX writes <function-keys>; the "
    "phone reads <functionKeys>. <setting-files> is documented as a file of "
    "its own. Inside other settings it may make the phone load files that "
    "were not checked, so no verdict is complete.",
    "Correct the section's name. Put <setting-files> into a file of its own, "
    "and check the files that it names.")
GS_RULE(FILE_DOCTYPE, "file-doctype", GS_ERROR, "XML 1.0 section 2.8",
    "document type declaration",
    "Entities can make a phone load other files or run out of memory. "
    "gs-snomcfg does not read the declaration.",
    "Remove the declaration.")
GS_RULE(FILE_ENCODING, "file-encoding", GS_ERROR, "XML 1.0 section 4.3.3",
    "unsupported encoding",
    "Only encodings that contain ASCII are supported (UTF-8, ISO-8859-x, "
    "windows-125x).",
    "Write UTF-8.")
GS_RULE(FILE_PRIVATE_KEY, "file-private-key", GS_ERROR, "RFC 7468 section 10",
    "the settings contain a private key",
    "Anyone who can fetch the settings has the key.",
    "Remove it. Let each phone generate its own key.")
GS_RULE(FILE_PASSWORD, "file-password", GS_WARNING, "FusionPBX, sipXecs: 0000",
    "the password is empty or a default",
    "Anyone can view and change everything in the phone's web interface.",
    "Set a unique password.")
GS_RULE(FILE_PASSWORD_SAME, "file-password-same", GS_WARNING,
    "seen in the field", "one password for two purposes",
    "The user's password also opens the administrator's pages.",
    "Use two different passwords.")
GS_RULE(FILE_PERM, "file-perm", GS_WARNING,
    "service.snom.com: Permission Flags", "unknown perm",
    "The known values are R, RW, &, $, !, V, empty and a single space.",
    "Use one of them.")
GS_RULE(FILE_PERM_MISSING, "file-perm-missing", GS_NOTE,
    "believed, no source found", "perm is missing",
    "What the phone does without perm in XML is not documented.",
    "Write perm=\"R\" or perm=\"RW\".")
GS_RULE(FILE_PERM_KEPT, "file-perm-kept", GS_WARNING,
    "service.snom.com: Permission Flags",
    "credentials that can no longer be changed",
    "With perm=\"!\" the phone keeps the value it has, so a new password never "
    "reaches it.",
    "Use perm=\"R\".")
GS_RULE(FILE_DUPLICATE, "file-duplicate", GS_WARNING, "-", "duplicate setting",
    "It is not documented which one the phone uses. The last one is judged, "
    "except for TLS, SRTP and verification: they count only if all duplicates "
    "agree on them.",
    "Remove the duplicates.")
GS_RULE(FILE_INDEX, "file-index", GS_ERROR, "GS5 snom_phone.xml.haml",
    "invalid idx", "Identities are numbered 1 to 12, function keys 0 to 137.",
    "Correct the idx.")
GS_RULE(FILE_KEY_LOCKED, "file-key-locked", GS_NOTE, "Wazo pull request 279",
    "function keys are read-only",
    "Phones need to write the icons of their keys, and log every failed "
    "attempt.",
    "Use perm=\"RW\" for function keys.")
GS_RULE(FILE_VALUE, "file-value", GS_WARNING,
    "sipXecs phone.xml; service.snom.com", "invalid value",
    "What the phone does with this value is not documented. http_scheme is not "
    "a URL scheme: on means digest, off means basic authentication.",
    "Use one of the listed values.")
GS_RULE(FILE_NAME, "file-name", GS_WARNING, "firmware dump 8.7.3",
    "a name that resembles a security setting",
    "The phone ignores settings that it does not know. The security setting "
    "that was meant keeps its default.",
    "Correct the name of the setting.")
GS_RULE(FILE_E, "file-e", GS_WARNING, "wiki.snom.com",
    "a character reference that requires e=\"2\"",
    "The phone reads references to characters above 255 only in a section with "
    "e=\"2\". The attribute e does not name an encoding.",
    "Write e=\"2\" on the section, or write the character itself in UTF-8.")
GS_RULE(FILE_PHONE_TYPE, "file-phone-type", GS_WARNING,
    "FreePBX issue tracker 680", "phone_type is provisioned",
    "New firmware uses it in the name of its settings URL. An empty value "
    "makes that URL \".htm-MAC\".",
    "Remove it.")
GS_RULE(FILE_WEB_PLAIN, "file-web-plain", GS_WARNING,
    "service.snom.com: Securing Snom phones",
    "the phone serves its web pages over http",
    "The administrator's password crosses the network unencrypted.",
    "Set webserver_type to https or off. GS5 can then no longer resync "
    "unregistered phones, because it uses http.")
GS_RULE(FILE_QUIET, "file-quiet", GS_NOTE, "believed, no source found",
    "the phone's security warnings are switched off",
    "ignore_security_warning hides missing passwords.", "Set it to off.")
GS_RULE(FILE_INJECTED, "file-injected", GS_ERROR, "GS5 snom_phone.xml.haml",
    "settings that GS5's view did not write",
    "GS5 writes the name of a caller into a comment without escaping it. A "
    "name with --> ends the comment, and the text after it becomes settings of "
    "the phone. A security setting that appears twice is refused as well.",
    "Correct the name of the caller in GS5.")
GS_RULE(FILE_PARAMETER, "file-parameter", GS_NOTE, "-",
    "a setting follows a parameter of the site",
    "--harden applies the parameters that are set, such as web_access or "
    "language, to settings that another program rendered. Some parameters only "
    "make sense when gs-snomcfg renders.",
    "No action is needed.")
GS_RULE(DATA_ROW, "data-row", GS_ERROR, "mysql --batch",
    "the row does not match the header",
    "It has too many or too few cells, or no newline. With --raw, a newline in "
    "a value breaks the row. A last row without a newline was cut off.",
    "Use mysql --batch without --raw, and find out why it ended early.")
GS_RULE(DATA_BYTES, "data-bytes", GS_ERROR, "XML 1.0 section 2.2",
    "bytes that XML cannot represent",
    "The value is not UTF-8 or contains a control byte. The phone's file is "
    "not written.",
    "Correct the value in the database. Use --default-character-set=utf8mb4.")
GS_RULE(DATA_CR, "data-cr", GS_WARNING, "mysql --batch", "a line ends with CR",
    "mysql does not escape CR, so it is part of a value or was added by a "
    "conversion. It is removed.",
    "Correct the value in the database.")
GS_RULE(DATA_MAC, "data-mac", GS_ERROR, "-", "not a MAC address",
    "The MAC address determines the name of a phone's file. It has twelve "
    "hexadecimal digits, with or without separators.",
    "Correct the mac_address in the PBX.")
GS_RULE(DATA_MAC_VENDOR, "data-mac-vendor", GS_NOTE, "Wazo dhcpd configuration",
    "not a MAC address of Snom",
    "Snom's addresses begin with 00:04:13, or with 00:08:7B for DECT. Unless "
    "the column model names a Snom model, the phone is omitted: it cannot use "
    "the settings, which would contain a password.",
    "No action is needed. To avoid the note, query Snom phones only.")
GS_RULE(DATA_MODEL, "data-model", GS_WARNING, "GS5 config_snom_controller.rb",
    "unknown model",
    "Neither the column model nor the MAC address identifies the model. The "
    "widest limits apply.",
    "Fill the column model, or set a model parameter.")
GS_RULE(DATA_VISION, "data-vision", GS_NOTE, "GS5 config_snom_controller.rb",
    "a Snom Vision, which has no accounts",
    "A Snom Vision shows the keys of a phone and reads settings in another "
    "format, so no file is written for it.",
    "Let GS5 render its settings, behind gsprov-filter, or remove the row.")
GS_RULE(DATA_HOST, "data-host", GS_ERROR, "RFC 1123 section 2.1",
    "neither a host name nor an address",
    "This value would be used in user_host and user_outbound. The name of "
    "an SRV record (_sips._tcp) has no address.",
    "Correct sip_domains.host, or set sip_host.")
GS_RULE(DATA_IDENTITIES, "data-identities", GS_ERROR, "GS5 snom_phone.xml.haml",
    "more than 12 accounts for one phone", "A phone has 12 identities.",
    "Remove accounts from the phone.")
GS_RULE(DATA_LIMIT, "data-limit", GS_WARNING, "limits believed; see --models",
    "more than this model supports", "The phone ignores the rest.",
    "If the limit is wrong, correct it with a model parameter.")
GS_RULE(DATA_ORDER, "data-order", GS_NOTE, "-",
    "the rows of a phone are not consecutive",
    "All of them are used, in the order of the input.",
    "End the query with ORDER BY p.id, ps.position.")
GS_RULE(DATA_EMPTY, "data-empty", GS_ERROR, "-",
    "account without a user name, password or host",
    "This account could never register.",
    "Correct the account, or set sip_host.")
GS_RULE(DATA_KEY, "data-key", GS_ERROR, "GS5 snom_phone.xml.haml",
    "invalid function key",
    "Positions are 0 to 137, the context is active or 1 to 12, and the "
    "function is one word. The column softkeys has one key on each line, and "
    "MySQL cuts it at group_concat_max_len.",
    "Correct the row.")
GS_RULE(DATA_KEY_DUPLICATE, "data-key-duplicate", GS_ERROR, "-",
    "two function keys have the same position",
    "The phone can have only one key at each position.",
    "Change the position of one row, or remove it.")
GS_RULE(DATA_PROVISIONING_KEY, "data-provisioning-key", GS_ERROR,
    "GS5 config_snom_controller.rb",
    "two phones have the same provisioning key",
    "The key identifies the settings of one phone. With --links, one phone "
    "would get the settings of the other.",
    "Give one of the phones a different key.")
GS_RULE(DATA_NO_KEYS, "data-no-keys", GS_NOTE, "-",
    "no function keys for a phone",
    "Its settings are written without function keys, so the phone keeps the "
    "keys it has.",
    "If this is not intended, add rows for the phone.")
GS_RULE(DATA_COLUMN, "data-column", GS_WARNING, "-", "missing column",
    "The setting is omitted or gets its default value.",
    "Use the query in the manual.")
GS_RULE(DATA_PARAMETER, "data-parameter", GS_WARNING,
    "GS5 config_snom_controller.rb", "unknown parameter row",
    "GS5 ignores it as well.",
    "Correct the name, or put phone. or user. before it.")
GS_RULE(DATA_COMMENT, "data-comment", GS_NOTE, "-", "comment after a value",
    "A space and # start a comment, so the rest of the line is not part of the "
    "value.",
    "If # belongs to the value, put the value in quotes.")
