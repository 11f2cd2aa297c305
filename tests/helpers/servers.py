#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""servers.py LIST NAME...: TLS servers on loopback.

Each line of LIST is one: PORT FILE VERSION ASKS OTHER. FILE has its key, its
certificate and what it sends with it; VERSION is one of ssl.TLSVersion, or
"any"; ASKS is "cert" when clients must have a certificate. OTHER, unless "-", is
for those who ask for none of NAME. "ready" is printed when all listen.
"""
import socket
import ssl
import sys
import threading


def context(file, version, asks):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers("ALL:@SECLEVEL=0")
    if version == "any":
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    else:
        made.minimum_version = made.maximum_version = ssl.TLSVersion[version]
    if asks == "cert":
        made.verify_mode = ssl.CERT_REQUIRED
    made.load_cert_chain(file)
    return made


def choose(names, right):
    def chosen(link, name, _):
        if name in names:
            link.context = right
    return chosen


def serve(listener, made):
    while True:
        link = listener.accept()[0]
        link.settimeout(60)
        try:
            with made.wrap_socket(link, server_side=True) as tls:
                tls.recv(1)
        except OSError:
            link.close()


for line in open(sys.argv[1], encoding="ascii"):
    port, file, version, asks, other = line.split()
    first = right = context(file, version, asks)
    if other != "-":
        first = context(other, version, asks)
        first.sni_callback = choose(sys.argv[2:], right)
    threading.Thread(target=serve, daemon=True, args=(
        socket.create_server(("127.0.0.1", int(port))), first)).start()
print("ready", flush=True)
threading.Event().wait()
