#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""formats.py SCHEMAS COMMAND...: runs COMMAND -f FORMAT for each format. Each
report must obey its schema, and all must hold the same findings: what the
readers of these formats get out of them is compared with JSON Lines. Prints
how many findings there are."""
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import jsonschema

SCHEMAS, COMMAND = sys.argv[1], sys.argv[2:]
FORMATS = "text json sarif junit codequality github checkstyle".split()


def visible(name):
    """What a terminal may be shown of a file's name."""
    return "".join(c if c.isprintable() else
                   "".join("\\x%02x" % b for b in c.encode())
                   for c in name)


def run(form):
    done = subprocess.run(COMMAND + ["-f", form], capture_output=True)
    return done.returncode, done.stdout.decode()


def obeys(schema, text):
    """Checks a document against SCHEMA.json or SCHEMA.rng."""
    path = os.path.join(SCHEMAS, schema)
    if schema.endswith(".json"):
        with open(path) as f:
            jsonschema.Draft7Validator(json.load(f)).validate(
                json.loads(text))
        return
    done = subprocess.run(["xmllint", "--noout", "--relaxng", path, "-"],
                          input=text.encode(), capture_output=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode())


def from_json(text):
    lines = [json.loads(line) for line in text.splitlines()]
    return [(o["file"], o["line"], o["col"], o["severity"], o["rule"],
             o["message"]) for o in lines if o["type"] == "finding"]


def from_sarif(text):
    obeys("sarif.json", text)
    for r in json.loads(text)["runs"][0]["results"]:
        place = r["locations"][0]["physicalLocation"]
        region = place.get("region", {})
        yield (place["artifactLocation"]["uri"], region.get("startLine"),
               region.get("startColumn"), r["level"], r["ruleId"],
               r["message"]["text"])


def from_codequality(text):
    obeys("codequality.json", text)
    found = json.loads(text)
    prints = [o["fingerprint"] for o in found]
    assert len(prints) == len(set(prints)), "a fingerprint stands twice"
    back = {"info": "note", "minor": "warning", "major": "error"}
    for o in found:
        if o["check_name"] != "unchecked":
            yield (o["location"]["path"], o["location"]["lines"]["begin"],
                   back[o["severity"]], o["check_name"], o["description"])


def github_commands(text):
    """As the runner reads them: a command begins a line, its properties end
    with the first "::", and each is unescaped after it was split."""
    def plain(s, more):
        for code in ["%0D", "%0A"] + more + ["%25"]:
            s = s.replace(code, chr(int(code[1:], 16)))
        return s

    for line in text.split("\n")[:-1]:
        m = re.fullmatch(r"::(\w+)(?: ([^\r]*?))?::([^\r]*)", line)
        assert m, "no command: " + line
        pairs = [p.split("=", 1) for p in (m[2] or "").split(",")]
        yield (m[1], {k: plain(v, ["%3A", "%2C"]) for k, v in pairs},
               plain(m[3], []))


def from_github(text):
    back = {"notice": "note", "warning": "warning", "error": "error"}
    for name, p, message in github_commands(text):
        if p["title"].split()[1] in ("suppressed", "unchecked"):
            continue
        assert set(p) <= {"file", "line", "col", "title"}, p
        yield (p.get("file", "-"), int(p.get("line", 0)),
               int(p.get("col", 0)), back[name], p["title"].split()[1],
               message)


def from_checkstyle(text):
    obeys("checkstyle.rng", text)
    for f in ET.fromstring(text):
        for e in f:
            rule = e.get("source").split(".")[1]
            if rule != "unchecked":
                yield (f.get("name"), int(e.get("line")),
                       {"info": "note"}.get(e.get("severity"),
                                            e.get("severity")),
                       rule, e.get("message"))


def check_junit(text, found):
    obeys("junit.rng", text)
    suite = ET.fromstring(text)[0]
    cases = {}
    for c in suite.iter("testcase"):
        cases.setdefault(c.get("name"), []).append("".join(c.itertext()))
    failing = {c.get("name") for c in suite.iter("testcase")
               if c.find("failure") is not None}
    assert failing == {visible(f[0]) for f in found if f[3] == "error"}
    assert int(suite.get("failures")) == len(failing)
    assert int(suite.get("tests")) == sum(map(len, cases.values()))
    assert int(suite.get("errors")) == len(list(suite.iter("error")))
    for f in found:
        said = "%s: %s [%s]\n" % (f[3], f[5], f[4])
        assert any(said in text for text in cases[visible(f[0])]), said


def uri(name):
    name = "stdin" if name == "-" else name
    return "".join(chr(b) if chr(b) in "-._~/" or chr(b).isalnum() and b < 128
                   else "%%%02X" % b for b in name.encode())


def path(name):
    return "stdin" if name == "-" else visible(re.sub(r"^(\./+)+", "", name))


def same(form, got, want):
    got, want = list(got), list(want)
    for g, w in zip(got, want):
        assert g == w, "%s: %r is not %r" % (form, g, w)
    assert len(got) == len(want), "%s: %d findings, not %d" % (
        form, len(got), len(want))


def of_streams(text, sarif):
    """gs-srtpdump's JSON is about streams: SARIF has a finding for each that
    is not decrypted, and those about keys."""
    found = [(f[0], None, None) + f[3:] for f in from_sarif(sarif)]
    streams = [json.loads(line) for line in text.splitlines()]
    for verdict in "no key", "partly", "plain":
        rule = "stream-" + verdict.replace(" ", "-")
        want = sorted((s["file"], "%(src)s > %(dst)s %(ssrc)s: " % s +
                       "".join(s["notes"][:1]))
                      for s in streams if s["verdict"] == verdict)
        got = sorted((f[0], f[5]) for f in found if f[4] == rule)
        assert len(got) == len(want), (got, want)
        for g, w in zip(got, want):
            assert g[0] == w[0] and g[1].startswith(w[1]), (g, w)
    return found


def main():
    said = {form: run(form) for form in FORMATS}
    assert len({status for status, _ in said.values()}) == 1, said
    text = {form: said[form][1] for form in FORMATS}
    streams = COMMAND[0] == "gs-srtpdump"
    found = of_streams(text["json"], text["sarif"]) if streams else \
        from_json(text["json"])
    same("sarif", from_sarif(text["sarif"]),
         [(uri(f[0]),) + tuple(n or None for n in f[1:3]) + f[3:]
          for f in found])
    same("codequality", from_codequality(text["codequality"]),
         [(path(f[0]), f[1] or 1) + f[3:]
          for f in found])
    same("github", from_github(text["github"]),
         [(visible(f[0]), f[1] or 0, f[2] or 0) + f[3:] for f in found])
    same("checkstyle", from_checkstyle(text["checkstyle"]),
         [(visible(f[0]), f[1] or 1) + f[3:] for f in found])
    check_junit(text["junit"], found)
    lines = text["text"].splitlines()
    for f in found if not streams else []:
        place = "".join(":%d" % n for n in f[1:3] if n)
        line = "%s%s: %s: %s [%s]" % (visible(f[0]), place, f[3], f[5], f[4])
        assert line in lines, line
    print(len(found))


main()
