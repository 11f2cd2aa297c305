#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""graph.py calls BUILD | depth [MOST] | reach: the house as arrows between
files.

calls: circles of calls between the objects of the library and the commands,
as nm(1) sees them: a line for each, with the calls that close it. A .c file is
a room.
depth: the longest chain of our own includes below each .c file, a line for
each that is longer than MOST (5).
reach: "FOLDER FILE", a line for each .c file and each folder of third-party
headers (or header) that the file includes, itself or through our own."""
import collections
import glob
import os
import re
import subprocess
import sys

MOST = 5


def calls(build):
    defined, wanted = {}, collections.defaultdict(set)
    objects = [build + '/' + f[:-1] + 'o' for f in
               sorted(glob.glob('lib/*/*.c') + glob.glob('cmd/*.c'))]
    out = subprocess.run(['nm', '-A'] + objects, stdout=subprocess.PIPE,
                         check=True)
    for line in out.stdout.decode().splitlines():
        o, rest = line.split(':', 1)
        room = o[len(build) + 1:-2]
        kind, name = rest.split()[-2:]
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


def reach():
    graph = includes()
    for f in sorted(graph.keys() | set(glob.glob('lib/*/*.c'))):
        todo, seen, found = [f], {f}, set()
        while f.endswith('.c') and todo:
            one = todo.pop()
            found.update(re.findall(r'^#include <([^/.>]+)',
                                    open(one).read(), re.M))
            todo.extend(graph[one] - seen)
            seen |= graph[one]
        for folder in sorted(found):
            print(folder, f)


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
    elif sys.argv[1] == 'reach':
        reach()
    else:
        most = int(sys.argv[2]) if len(sys.argv) > 2 else MOST
        graph, known = includes(), {}
        for f in sorted(graph):
            if f.endswith('.c'):
                c = chain(graph, f, known)[1:]
                if len(c) > most:
                    print('%d: %s' % (len(c), ' '.join([f] + c)))


main()
