#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""graph.py calls BUILD | depth: the house as arrows between files.

calls: circles of calls between the objects of the library, as nm(1) sees
them: a line for each, with the calls that close it. A .c file is a room.
depth: the longest chain of our own includes below each command, a line for
each that is longer than 5."""
import collections
import glob
import os
import re
import subprocess
import sys

MOST = 5


def calls(build):
    defined, wanted = {}, collections.defaultdict(set)
    objects = sorted(glob.glob(build + '/lib/*/*.o'))
    for o in objects:
        room = o[len(build) + 5:-2]
        out = subprocess.run(['nm', o], stdout=subprocess.PIPE, check=True)
        for line in out.stdout.decode().splitlines():
            kind, name = line.split()[-2:]
            if kind == 'U':
                wanted[room].add(name)
            elif kind in 'TDRBC':
                defined[name] = room
    graph = collections.defaultdict(dict)
    for room, names in wanted.items():
        for name in sorted(names):
            to = defined.get(name)
            if to is not None and to != room:
                graph[room].setdefault(to, name)
    return graph


def circles(graph):
    """Strongly connected parts with more than one file (Tarjan)."""
    index, low, stack, on, parts = {}, {}, [], set(), []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        on.add(v)
        for w in graph.get(v, {}):
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in on:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            part = []
            while not part or part[-1] != v:
                part.append(stack.pop())
                on.discard(part[-1])
            if len(part) > 1:
                parts.append(sorted(part))
    for v in sorted(graph):
        if v not in index:
            visit(v)
    return parts


def includes():
    graph = collections.defaultdict(set)
    for f in glob.glob('lib/*/*.[ch]') + glob.glob('cmd/*.[ch]'):
        for i in re.findall(r'^#include "([^"]+)"', open(f).read(), re.M):
            for folder in (os.path.dirname(f), 'lib', 'cmd'):
                to = os.path.normpath(os.path.join(folder, i))
                if os.path.exists(to):
                    graph[f].add(to)
                    break
    return graph


def chain(graph, f, known):
    """The longest chain of includes that begins with f, without f.c."""
    if f not in known:
        known[f] = []
        longest = max((chain(graph, t, known) for t in sorted(graph[f])),
                      key=len, default=[])
        known[f] = [f] + longest
    return known[f]


def main():
    if sys.argv[1] == 'calls':
        graph = calls(sys.argv[2])
        for part in circles(graph):
            print('circle:', ' '.join(part))
            for a in part:
                for b in part:
                    if b in graph[a]:
                        print('  %s calls %s: %s' % (a, b, graph[a][b]))
    else:
        graph, known = includes(), {}
        for f in sorted(graph):
            if f.endswith('.c'):
                c = chain(graph, f, known)[1:]
                if len(c) > MOST:
                    print('%d: %s' % (len(c), ' '.join([f] + c)))


main()
