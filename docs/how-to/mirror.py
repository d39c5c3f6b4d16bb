#!/usr/bin/env python3
"""Mirror the public catalogue of a Portofolio SPBE into SQLite, and keep the mirror true.

    python3 mirror.py https://portofolio.example.go.id katalog.sqlite3 [--government KODE]

Run it from cron as often as you like. Each page of changes and the position after it are written in one transaction: ended
at any moment, even by a power cut, the next run goes on where the last whole page ended and misses nothing.
Python 3.11 or newer, nothing to install.
"""

import argparse
import gzip
import json
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PAGE_SIZE = 500
TRIES = 5
TABLES = """
CREATE TABLE IF NOT EXISTS applications (code TEXT PRIMARY KEY, name TEXT, owner TEXT, status TEXT, application TEXT);
CREATE TABLE IF NOT EXISTS gone (code TEXT PRIMARY KEY, merged_into TEXT);
CREATE TABLE IF NOT EXISTS source (only INTEGER PRIMARY KEY CHECK (only = 1), address TEXT, position TEXT);
"""


def main() -> None:
    """Follow the feed to its present end."""
    asked = arguments()
    link = sqlite3.connect(asked.database, timeout=60)
    with link:
        position = begin(link, source_of(asked))
    more, seen = True, 0
    while more:
        page = read(feed(asked, position))
        with link:
            position = keep(link, page, position) if page else forget(link)
        more, seen = page is None or page["more"], seen + len(page["results"] if page else [])
    (held,) = link.execute("SELECT count(*) FROM applications").fetchone()
    print(f"{seen} changes taken in, {held} applications, position {position}")


def arguments() -> argparse.Namespace:
    """Where from, where to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="for example https://portofolio.example.go.id")
    parser.add_argument("database", help="the SQLite file, made when it is not there")
    parser.add_argument("--government", default="", help="only this local government, by its code")
    parser.add_argument("--page-size", type=int, default=PAGE_SIZE, help="changes a page, at most 500")
    return parser.parse_args()


def source_of(asked: argparse.Namespace) -> str:
    """What the mirror is a mirror of."""
    return f"{asked.address.rstrip('/')} {asked.government}".strip()


def feed(asked: argparse.Namespace, position: str) -> str:
    """The address of the page after `position`."""
    query = {"after": position, "page_size": asked.page_size}
    if asked.government:
        query["government"] = asked.government
    return f"{asked.address.rstrip('/')}/api/v1/changes/?{urllib.parse.urlencode(query)}"


def begin(link: sqlite3.Connection, source: str) -> str:
    """Make the tables once; the position reached so far as the register words it, 0 in a new mirror."""
    for statement in filter(str.strip, TABLES.split(";")):
        link.execute(statement)
    link.execute("INSERT OR IGNORE INTO source VALUES (1, ?, '0')", [source])
    known, position = link.execute("SELECT address, position FROM source").fetchone()
    if known != source:
        sys.exit(f"this file mirrors {known}; choose another file")
    return position


def keep(link: sqlite3.Connection, page: dict, position: str) -> str:
    """Write a page and the position after it, which is handed back; the caller's transaction holds both."""
    moved = link.execute("UPDATE source SET position = ? WHERE position = ?", [page["after"], position])
    if moved.rowcount != 1:
        sys.exit("another mirror is writing to this file")
    for change in page["results"]:
        link.execute("DELETE FROM gone WHERE code = ?", [change["code"]])
        link.execute("DELETE FROM applications WHERE code = ?", [change["code"]])
        if change["change"] == "put":
            said = change["application"]
            row = [change["code"], said["name"], said["owner"], said["status"], json.dumps(said, ensure_ascii=False)]
            link.execute("INSERT INTO applications VALUES (?, ?, ?, ?, ?)", row)
        else:
            link.execute("INSERT INTO gone VALUES (?, ?)", [change["code"], change["merged_into"]])
    return page["after"]


def forget(link: sqlite3.Connection) -> str:
    """Begin anew, because the register was restored from a copy that is older than this mirror."""
    for statement in ("DELETE FROM applications", "DELETE FROM gone", "UPDATE source SET position = '0'"):
        link.execute(statement)
    return "0"


def read(address: str) -> dict | None:
    """The answer as JSON, None when the register has lost what was read up to here (410).

    Waits as often as it is asked to (429), and tries again a few times when the line or the server fails.
    """
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "User-Agent": "mirror.py"})
    failures = 0
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = answer.read()
                packed = answer.headers.get("Content-Encoding") == "gzip"
            return json.loads(gzip.decompress(body) if packed else body)
        except urllib.error.HTTPError as refusal:
            if refusal.code == 410:
                return None
            if refusal.code == 429:
                time.sleep(int(refusal.headers.get("Retry-After") or 1))
                continue
            failures += 1
            if failures == TRIES or refusal.code < 500:
                sys.exit(f"{address} answered {refusal.code}: {refusal.read()[:300].decode(errors='replace')}")
        except OSError as failure:
            failures += 1
            if failures == TRIES:
                sys.exit(f"{address} cannot be read: {failure}")
        time.sleep(2**failures)


if __name__ == "__main__":
    main()
