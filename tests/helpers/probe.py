#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Looks in all memory of a command, and of what it starts, for secrets.

probe.py [--mid FILE] SECRETS COMMAND...

SECRETS has one in hexadecimal on each line; each is looked for as it is, in
base64 and in hexadecimal. It is looked when a process is about to end, while
its memory is still there; with --mid also when it has read the first half of
FILE from its standard input, and waits for the rest. Prints "mid" or "exit",
the number of bytes that were read, and what was found where. Ends with the
command's status. For root.
"""
import base64
import ctypes
import fcntl
import functools
import os
import pathlib
import re
import struct
import sys
import termios
import threading
import time

TRACEME, CONT, SETOPTIONS = 0, 7, 0x4200
FORKS, EXEC, AT_EXIT, KILL = 2 | 4 | 8, 0x10, 0x40, 0x100000
EVENT_EXIT, WALL = 6, 0x40000000
SIGTRAP, SIGSTOP = 5, 19
LEAST = 12  # octets of a secret, or of its text, that are its own
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4


def ptrace(what, pid, data=0):
    if libc.ptrace(what, pid, 0, data) == -1:
        raise OSError(ctypes.get_errno(), f"ptrace {what}")


def forms(secret):
    """(name, pattern) of each way to write it. What surrounds it moves the
    letters of base64: those that are the same anywhere count."""
    yield "raw", secret
    yield "hex", secret.hex().encode()
    yield "HEX", secret.hex().upper().encode()
    for skip in range(3):
        text = base64.b64encode(bytes(skip) + secret)
        yield "base64", text[(0, 2, 3)[skip]:len(text) // 4 * 4 - 4]


@functools.cache
def library(path):
    """What is in the file of a shared library; nothing of other files."""
    if not re.search(r"\.so(\.|$)", path):
        return b""
    try:
        return pathlib.Path(path).read_bytes()
    except OSError:
        return b""


def look(pid, patterns, when):
    total, found = 0, {}
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            begin, end, mode, at = re.match(
                r"(\w+)-(\w+) (\S+) (\w+)", line).groups()
            where = line[73:].strip() or "memory"
            if mode[0] != "r" or where.startswith(("[vvar", "[vsys")):
                continue
            try:
                mem.seek(int(begin, 16))
                data = mem.read(int(end, 16) - int(begin, 16))
            except OSError:
                continue
            total += len(data)
            # Nobody has written to what is as it is in its library.
            at = int(at, 16)
            if data == library(where)[at:at + len(data)]:
                continue
            for name, pattern in patterns:
                n = data.count(pattern)
                if n:
                    key = f"{name} in {where}"
                    found[key] = found.get(key, 0) + n
    print(f"{when} {total}", *(f"{k}: {n};" for k, n in found.items()),
          file=sys.stderr, flush=True)


def waits(pid, fd):
    """Whether pid sleeps, and has read all that fd was given."""
    left = struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, bytes(4)))[0]
    with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
        return left == 0 and f.read().rpartition(")")[2].split()[0] == "S"


def feed(pid, fd, data, patterns):
    """Gives the halves of data, and looks between them."""
    half = len(data) // 2
    try:
        with open(fd, "wb", 0) as pipe:
            pipe.write(data[:half])
            calm = 0
            while calm < 5:
                calm = calm + 1 if waits(pid, fd) else 0
                time.sleep(0.02)
            look(pid, patterns, "mid")
            pipe.write(data[half:])
    except (BrokenPipeError, FileNotFoundError, ProcessLookupError):
        print("mid: it has ended", file=sys.stderr)


def watch(first, patterns):
    """Lets all run to their ends, and looks there; the status of the first."""
    status = None
    while True:
        try:
            pid, how = os.waitpid(-1, WALL)
        except ChildProcessError:
            return status
        if os.WIFEXITED(how) or os.WIFSIGNALED(how):
            if pid == first:
                status = os.waitstatus_to_exitcode(how)
            continue
        event, signal = how >> 16, os.WSTOPSIG(how)
        if event == EVENT_EXIT:
            look(pid, patterns, "exit")
        # A new process begins with a stop.
        ptrace(CONT, pid, 0 if event or signal in (SIGTRAP, SIGSTOP)
               else signal)


def main():
    args, middle = sys.argv[1:], None
    if args[0] == "--mid":
        middle = pathlib.Path(args[1]).read_bytes()
        args = args[2:]
    secrets = [bytes.fromhex(line)
               for line in pathlib.Path(args[0]).read_text().split()]
    patterns = [(f"secret {i} {name}", p) for i, s in enumerate(secrets)
                for name, p in forms(s) if len(p) >= LEAST]
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        if middle is not None:
            os.dup2(out, 0)
        os.close(out)
        os.close(into)
        ptrace(TRACEME, 0)
        os.execvp(args[1], args[1:])
    os.close(out)
    os.waitpid(pid, 0)
    ptrace(SETOPTIONS, pid, FORKS | EXEC | AT_EXIT | KILL)
    ptrace(CONT, pid)
    if middle is not None:
        threading.Thread(target=feed, daemon=True,
                         args=(pid, into, middle, patterns)).start()
    status = watch(pid, patterns)
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
