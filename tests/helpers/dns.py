#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# dns.py PORT: a name server on loopback to which every name is 127.0.0.1.
import socket
import struct
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    query, client = server.recvfrom(512)
    end = query.index(b"\0", 12) + 5
    kind = struct.unpack("!H", query[end - 4:end - 2])[0]
    answer = b""
    if kind == 1:
        answer = (b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4)
                  + bytes([127, 0, 0, 1]))
    head = query[:2] + struct.pack("!HHHHH", 0x8580, 1, bool(answer), 0, 0)
    server.sendto(head + query[12:end] + answer, client)
