#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Lets what a command asks of the system fail once, and judges what it does.

faults.py memory|calls|interrupts|room RUNS [SEED] [CASE...]

memory       one allocation fails (shim_allocation.so)
calls        one call of the kernel fails: read, write, close, rename ...
interrupts   every second read or write is interrupted by a signal (EINTR)
room         the address space ends (ulimit -v) somewhere

Each case is run RUNS times, spread over all places; 0: at every place. A run
must end with 2 and a reason, and leave each file as it was or as it should
become; or all is as in a run without a fault.
"""
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("GS_BIN") or
                   TOP / os.environ.get("BUILD", "build")).resolve()
FIXTURES = TOP / "tests/fixtures"
SHIM = BIN / "tests/helpers/shim_allocation.so"
HOST = "pbx.example.com"
ROWS = (b"mac_address\tmodel\tauth_name\tpassword\tcaller_name\thost\n"
        b"000413260001\tSnom 370\ta\tGeh3imNr7Fest\tAda\tgs5.example\n"
        b"000413260002\tSnom 821\tb\tZw3iterAnschluss\tBob\tgs5.example\n")
SETS = ["--root=root", "--no-auto-san", "--key=ec:P-256", "--trust=trust"]
FILTER = {"REQUEST_METHOD": "GET", "REMOTE_ADDR": "192.0.2.7",
          "REQUEST_URI": "/settings-000413260001.xml",
          "GSPROV_SITE": "site.conf"}
# Calls that a command can meet an error of.
# Some have other names where addresses have 32 bits.
CALLS = ("read write close rename renameat fsync openat ftruncate fchmod "
         "flock unlinkat mkdirat symlinkat fstat newfstatat lseek "
         "getrandom socket connect sendto recvfrom poll getsockopt "
         "setgroups setresgid setresuid setgid setuid prctl seccomp "
         "ftruncate64 fstat64 fstatat64 statx _llseek setgroups32 "
         "setresgid32 setresuid32 setgid32 setuid32").split()
CLOCK = 120
# Crashes in libraries of others, by what stands above our own functions, and
# the package. shim_allocation.c names those that are spared.
KNOWN = {
    "libcrypto.so.3(CRYPTO_THREAD_read_lock": "libssl3 3.0: EVP_CIPHER_fetch() "
    "reads the lock of a store that could not be made",
    "libnss3.so(NSS_InitContext": "libnss3 3.87: looks up functions of a "
    "module that could not be loaded",
}


class Case:
    """A command line, and the files that it finds: what it writes may differ
    from run to run when it makes keys. What it prints without a fault begins
    with begins."""

    def __init__(self, name, argv, files, same=True, env=None, begins=b""):
        self.name, self.files, self.same = name, files, same
        self.begins = begins
        self.argv = [str(BIN / argv[0])] + argv[1:]
        self.env = env or {}

    def folder(self, to):
        to.mkdir()
        for name, source in self.files.items():
            if source is None:
                (to / name).mkdir()
            elif isinstance(source, bytes):
                (to / name).write_bytes(source)
                (to / name).chmod(0o600)
            elif source.is_dir():
                shutil.copytree(source, to / name, symlinks=True)
            else:
                shutil.copy(source, to / name)

    def run(self, where, before=(), env=None, **more):
        out, err = open(where + ".out", "w+b"), open(where + ".err", "w+b")
        os.chmod(where + ".out", 0o600)
        with out, err:
            try:
                status = subprocess.run(
                    [*before, *self.argv], cwd=where, stdin=subprocess.DEVNULL,
                    stdout=out, stderr=err, timeout=CLOCK, check=False,
                    env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                         **self.env, **(env or {})}, **more).returncode
            except subprocess.TimeoutExpired:
                status = "waits"
            texts = []
            for f in (out, err):
                f.seek(0)
                texts.append(f.read())
        return status, *texts, tree(where)


def tree(where):
    """Every file and link below: what is in it, or where it leads to."""
    found = {}
    for f in sorted(pathlib.Path(where).rglob("*")):
        # What is kept has the time in its name.
        name = re.sub(r"\d{8}T\d{6}Z", "TIME", str(f.relative_to(where)))
        if f.is_symlink():
            found[name] = os.readlink(f)
        elif f.is_file():
            found[name] = f.read_bytes()
    return found


def cut(path, packets):
    """The first packets of a capture."""
    data = path.read_bytes()
    order = "little" if data[0] == 0xd4 else "big"
    at = 24
    for _ in range(packets):
        at += 16 + int.from_bytes(data[at + 8:at + 12], order)
    return data[:at]


def cases(made):
    """made: what sets() made."""
    call = cut(FIXTURES / "calls/call-g722.pcap", 60)
    return [
        Case("sip", ["gs-sdpcheck", "a.sip"],
             {"a.sip": FIXTURES / "example/invite.sip"}),
        Case("log", ["gs-sdpcheck", "-j", "a.log"],
             {"a.log": FIXTURES / "freeswitch/avpcrypto.nouuid.log"}),
        Case("flow", ["gs-sdpcheck", "--flow=svg", "a.log"],
             {"a.log": FIXTURES / "freeswitch/avpcrypto.nouuid.log"}),
        Case("capture", ["gs-sdpcheck", "-f", "sarif", "a.pcap"],
             {"a.pcap": cut(FIXTURES / "freeswitch/avpcrypto.pcap", 30)}),
        Case("tls", ["gs-sdpcheck", "-K", "keys", "a.pcap"],
             {"a.pcap": cut(FIXTURES / "example/tls-call.pcap", 60),
              "keys": FIXTURES / "example/agent.pem"},
             begins=b"1 call, 1 encrypted"),
        # libsrtp2, which takes half of such a run, is in "hex".
        Case("dump", ["gs-srtpdump", "--engine=libcrypto", "-w", "w.pcap", "-a",
                      "a.wav", "-A", "dir", "-g", "g.svg", "in.pcap"],
             {"in.pcap": call, "w.pcap": b"old", "a.wav": b"old", "dir": None}),
        Case("hex", ["gs-srtpdump", "-x", "-K", "keys", "in.pcap"],
             {"in.pcap": cut(FIXTURES / "example/tls-call.pcap", 60),
              "keys": FIXTURES / "example/agent.pem"}),
        Case("merge", ["gs-srtpdump", "--merge", "a", "b"],
             {"a": made["report"], "b": made["report"]}),
        Case("check", ["gs-snomcfg", "--check", "a.xml"],
             {"a.xml": FIXTURES / "example/settings.xml"}),
        Case("harden", ["gs-snomcfg", "-s", "base_url=https://h.example",
                        "--harden", "a.xml"],
             {"a.xml": FIXTURES / "example/settings.xml"}),
        Case("phones", ["gs-snomcfg", "-s", "base_url=https://h.example", "-o",
                        "out", "rows"], {"rows": ROWS, "out": None}),
        Case("ensure", ["gs-certgen", *SETS, HOST],
             {"root": None, "trust": made["trust"]}, same=False),
        Case("renew", ["gs-certgen", *SETS, "--new-key", HOST],
             {"root": made["self"], "trust": made["trust"]}, same=False),
        Case("set", ["gs-certgen", *SETS, "--check", HOST],
             {"root": made["self"], "trust": made["trust"]}),
        Case("request", ["gs-certgen", *SETS, "--csr=csr", HOST],
             {"root": made["self"], "trust": made["trust"]}, same=False),
        Case("filter", ["gsprov-filter"], {"site.conf": site(1)}, env=FILTER),
        Case("answer", ["gsprov-filter"], {"site.conf": site(rails())},
             env=FILTER, begins=b"Status: 200 "),
    ]


def sets(folder):
    """What cases start from."""
    root, trust = folder / "self", folder / "trust"
    root.mkdir()

    def said(*args):
        return subprocess.run([str(a) for a in args], cwd=folder, check=True,
                              stdout=subprocess.PIPE).stdout
    said(BIN / "gs-certgen", "-q", "--root", root, *SETS[1:3], HOST)
    trust.write_bytes((root / f"etc/ssl/certs/{HOST}.crt").read_bytes())
    report = folder / "report"
    report.write_bytes(said(BIN / "gs-srtpdump", "-j",
                            FIXTURES / "calls/call-g722.pcap"))
    return {"self": root, "trust": trust, "report": report}


def site(port):
    """gsprov-filter's configuration, with Rails at this port."""
    text = (TOP / "cmd/site/site.conf").read_bytes()
    return re.sub(rb"\nupstream *=.*",
                  b"\nupstream = http://127.0.0.1:%d" % port, text)


def rails():
    """Starts what answers as Rails, and returns its port."""
    body = (FIXTURES / "example/settings.xml").read_bytes()
    body = body.replace(b"gs5.lan", b"gs5.example")
    answer = (b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
              b"Content-Length: %d\r\n\r\n" % len(body)) + body
    listener = socket.create_server(("127.0.0.1", 0))

    def loop():
        while True:
            link = listener.accept()[0]
            try:
                with link:
                    if link.recv(65536):
                        link.sendall(answer)
            except OSError:
                pass
    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


# ---- faults

def counted(case, where):
    """Allocations of a run."""
    case.run(where, env={"LD_PRELOAD": str(SHIM),
                         "GS_FAULT_COUNT": where + ".count"})
    return int(pathlib.Path(where + ".count").read_text())


def called(case, where):
    """(call, number) of every call of a run that can fail."""
    case.run(where, ["strace", "-f", "-qq", "-o", where + ".trace", "-e",
                     "trace=" + ",".join("?" + c for c in CALLS)])
    count = {}
    for line in pathlib.Path(where + ".trace").read_text(
            errors="replace").splitlines():
        name = re.match(r"\d+ +(\w+)\(", line)
        if name:
            count[name[1]] = count.get(name[1], 0) + 1
    return [(c, i + 1) for c, n in sorted(count.items()) for i in range(n)]


def inject(what):
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e",
            "trace=" + what.partition(":")[0], "-e", "inject=" + what]


def faults(kind, case, where, rng):
    """What run() is told for each fault of this kind."""
    if kind == "memory":
        return [{"env": {"LD_PRELOAD": str(SHIM), "GS_FAULT_AT": str(at + 1),
                         "GS_FAULT_LOG": where + ".log"}}
                for at in range(counted(case, where))]
    if kind == "calls":
        return [{"before": inject(
            f"{c}:error={rng.choice(('EIO', 'ENOSPC', 'EACCES'))}:when={at}")}
            for c, at in called(case, where)]
    if kind == "interrupts":
        return [{"before": inject(f"{c}:error=EINTR:when={first}+2")}
                for c in ("read", "write", "openat", "flock", "fsync", "close",
                          "connect", "sendto", "recvfrom", "poll")
                for first in (1, 2)]
    return [{"before": limit(k)} for k in range(*needed(case, where))]


def limit(pages):
    return ["prlimit", f"--as={pages * 4096}"]


def starts(case, pages):
    """Whether the program's image fits: the kernel ends one that does not."""
    return subprocess.run(
        [*limit(pages), case.argv[0], "--none"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=CLOCK,
        check=False).returncode != -11


def needed(case, where):
    """The last megabytes, in pages, of the least room for a whole run."""
    low, high = 0, 1 << 18
    clean = case.run(where)[0]
    while high - low > 4:
        middle = (low + high) // 2
        if case.run(where, limit(middle))[0] == clean:
            high = middle
        else:
            low = middle
    least = max(high - 512, 100)
    while not starts(case, least):
        least += 4
    return least, high, 4


# ---- what came of it

def is_known(log):
    """Whether a crash was in a library, as it is listed."""
    if not log.exists():
        return False
    stack = log.read_text(errors="replace").partition("crash\n")[2]
    ours = stack.find(str(BIN / "gs"))
    return any(0 <= stack.find(k) < ours for k in KNOWN)


def said(text):
    """A report without advice, which needs a look at more files. A library
    that cannot be loaded is said, too."""
    return re.sub(rb" Run: gs-certgen [^\[]*", b" ", text)


def judge(kind, case, clean, before, after):
    status, out, err, files = after
    # A web server is told so: the whole answer, and nothing of GS5's.
    if "gsprov-filter" in case.argv[0] and status == 0 and err and re.fullmatch(
            rb"Status: (5\d\d [^\r]*)\r\n(?:[A-Z][^\r]*\r\n)+\r\n\1\n", out):
        return None
    if status == clean[0] and status != 2:
        if case.same and (said(out), files) != (said(clean[1]), clean[3]) and (
                b"cannot be decoded" not in out):
            return "another result"
        if not case.same and set(files) != set(clean[3]):
            return "other files"
        return None
    # The loader of programs speaks for itself.
    if status == 127 and (b"error while loading shared libraries" in err or
                          b"cannot allocate TLS data" in err or
                          err == b"out of memory\n"):
        return None
    # The kernel ends a process whose stack cannot grow, which gs-certgen's
    # does most, when it wipes it; the next run completes what it began.
    if kind == "room" and status == -11 and "gs-certgen" in case.argv[0]:
        return None
    # glibc insists on the list of its name services (2.36).
    if kind == "memory" and status == -6 and b"nss_database_reload" in err:
        return None
    if status != 2:
        return f"status {status}"
    # What says why may be what was hit.
    if kind != "interrupts" and not re.search(rb"^[^:]+: .*\w", err, re.M):
        return "no reason"
    for name, now in files.items():
        # A list of what was written so far is a right one.
        if name in before and now == before[name] or name.endswith(
                (".gs-snomcfg", ".gs-snomcfg.new")):
            continue
        # What cannot be told to be a copy is kept.
        if name.endswith(".TIME") and now == before.get(name[:-5]):
            continue
        # What was read before the damage is written on purpose.
        if b"everything before" in err and name in clean[3]:
            continue
        if name not in clean[3]:
            return f"{name} is left over"
        if case.same and now != clean[3][name]:
            return f"{name} is half written"
    if set(before) - set(files):
        return "a file is gone"
    return None


def again(case, where):
    """After a failure the same command does its work."""
    if case.name in ("ensure", "renew", "request"):
        status, _, err, _ = case.run(where)
        if status != 0:
            return f"the next run ends with {status}: {err[-300:]}"
    return None


def work(args):
    """Name, runs, those that were refused, findings of one case."""
    kind, runs, seed, number, made = args
    rng = random.Random(f"{seed} {number}")
    bad, refused = [], 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        case = cases(made)[number]
        turn = iter(range(10 ** 9))

        def fresh():
            where = folder / f"run{next(turn)}"
            case.folder(where)
            return str(where)
        where = fresh()
        before = tree(where)
        clean = case.run(where)
        if not clean[1].startswith(case.begins):
            bad.append(f"{case.name}: not what it is for: {clean[1:3]!r}")
        list_ = faults(kind, case, where := fresh(), rng)
        log = pathlib.Path(where + ".log")
        places = range(len(list_))
        if runs and len(list_) > runs:
            step = len(list_) / runs
            places = [int((i + rng.random()) * step) for i in range(runs)]
            # With the last ones the result is put together.
            if kind == "memory":
                places += [i for i in range(len(list_) - 5, len(list_))
                           if i not in places]
        for i in places:
            where = fresh()
            after = case.run(where, **list_[i])
            what = judge(kind, case, clean, before, after) or (
                after[0] in (2, -11) and again(case, where)) or None
            refused += after[0] == 2 != clean[0]
            if after[0] == 139 and is_known(log):
                what = None
            # Linux closes a descriptor even if close() fails, and strace does
            # not when it lets that fail: who reads from the other end waits.
            if after[0] == "waits" and any(
                    a.startswith("inject=close:error")
                    for a in list_[i].get("before", ())):
                what = None
            if what:
                bad.append(f"{case.name}, {kind} {i + 1} of {len(list_)} "
                           f"{list_[i].get('before', '')}: {what}\n"
                           f"    {after[2][-1500:]!r}")
            for name in (where, where + ".out", where + ".err"):
                (shutil.rmtree if os.path.isdir(name) else os.unlink)(name)
    return case.name, len(places), refused, bad


def main():
    kind, runs = sys.argv[1], int(sys.argv[2])
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    total, refused, failed = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder, \
            multiprocessing.Pool(os.cpu_count()) as workers:
        made = sets(pathlib.Path(folder))
        chosen = [i for i, c in enumerate(cases(made))
                  if not sys.argv[4:] or c.name in sys.argv[4:]]
        for name, n, ended, bad in workers.imap_unordered(
                work, [(kind, runs, seed, i, made) for i in chosen]):
            print(f"{name}: {n} runs, {len(bad)} findings", flush=True)
            for text in bad[:20]:
                print("  " + text)
            total, refused = total + n, refused + ended
            failed += len(bad)
    print(f"{total} runs, {refused} refused, {failed} findings")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
