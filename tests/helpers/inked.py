# SPDX-License-Identifier: MIT
# inked.py PNG LEFT RIGHT TOP BOTTOM...: how many pixels of this part are not
# white, and of further ones, a line for each. For what rsvg-convert writes:
# eight bits, not interlaced.
import struct
import sys
import zlib


def rows(png):
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    size = {2: 3, 6: 4}[kind]
    assert png[:4] == b"\x89PNG" and depth == 8 and png[28] == 0
    data, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        if name == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    data, above = zlib.decompress(data), bytearray(width * size)
    for y in range(height):
        start = y * (1 + width * size)
        line = bytearray(data[start + 1 : start + 1 + width * size])
        for i in range(len(line)):
            left = line[i - size] if i >= size else 0
            up = above[i]
            corner = above[i - size] if i >= size else 0
            near = min((abs(up - corner), 0, left),
                       (abs(left - corner), 1, up),
                       (abs(left + up - 2 * corner), 2, corner))[2]
            guess = (0, left, up, (left + up) // 2, near)[data[start]]
            line[i] = (line[i] + guess) & 255
        yield [line[i : i + 3] for i in range(0, len(line), size)]
        above = line


picture = list(rows(open(sys.argv[1], "rb").read()))
for at in range(2, len(sys.argv), 4):
    left, right, top, bottom = map(int, sys.argv[at:at + 4])
    print(sum(p != b"\xff\xff\xff" for row in picture[top:bottom]
              for p in row[left:right]))
