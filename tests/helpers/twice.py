#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""twice.py FILE...: each run of code that stands twice in the files, as
"LINES A.c:FROM-TO B.c:FROM-TO", the longest first.

What counts: a run is at least 6 lines that are the same, in order, in both
places. Before they are compared, comments go, and white space is folded to
one blank. Passed over, as if they were not there, are blank lines, lines of
punctuation alone ("}", ");") and #include lines. A run that stands in three
places is two rows. The two places of a run do not overlap."""
import collections
import re
import sys

LEAST = 6


def lines(name):
    """The lines that count, each with its number."""
    text = open(name).read()
    text = re.sub(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/',
                  lambda m: m[0] if m[0][0] == '"' else
                  '\n' * m[0].count('\n') + ' ', text, flags=re.S)
    for n, line in enumerate(text.split('\n'), 1):
        line = ' '.join(line.split())
        if re.search(r'\w', line) and not line.startswith('#include'):
            yield n, line


def main():
    code = []  # (file, number, line); a file ends with (None, 0, None)
    for name in sys.argv[1:]:
        code += [(name, n, line) for n, line in lines(name)]
        code.append((None, 0, None))
    places = collections.defaultdict(list)
    for i in range(len(code) - LEAST + 1):
        window = tuple(line for _, _, line in code[i:i + LEAST])
        if None not in window:
            places[window].append(i)
    runs = []
    for found in places.values():
        for a, b in zip(found, found[1:]):
            if a > 0 and code[a - 1][2] == code[b - 1][2] is not None:
                continue  # inside a longer one
            n = LEAST
            while b + n < len(code) and a + n < b and \
                    code[a + n][2] == code[b + n][2] is not None:
                n += 1
            if a + n <= b:
                runs.append((n, a, b))
    for n, a, b in sorted(runs, key=lambda r: (-r[0], r[1], r[2])):
        print(n, *('%s:%d-%d' % (code[i][0], code[i][1], code[i + n - 1][1])
                   for i in (a, b)))


main()
