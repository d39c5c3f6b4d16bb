"""A client that mirrors the catalogue by its feed, and random work that commits out of order; it knows the tables only."""

import json
from random import Random

import psycopg2
from django.db import connection

PUBLIC = ("registered", "retiring", "retired")
NOW = """SELECT a.code, a.name, a.status, o.name AS owner_name,
  coalesce((SELECT array_agg(x.url ORDER BY x.id) FROM inventory_address x
            WHERE x.application_id = a.id AND x.kind = 'public'), '{}') AS urls
FROM inventory_application a JOIN accounts_organization o ON o.id = a.owner_id WHERE a.status IN %s"""


class Mirror:
    """What a client keeps: a document by code, the codes that went, and how far it has read."""

    def __init__(self, client, path="/api/v1/changes/?page_size=3"):
        self.client, self.path, self.after = client, path, 0
        self.kept, self.gone = {}, {}

    def read_page(self):
        answer = self.client.get(f"{self.path}&after={self.after}")
        assert answer.status_code == 200, answer.content
        page = json.loads(answer.content)
        for change in page["results"]:
            if change["change"] == "put":
                self.kept[change["code"]] = change["application"]
                self.gone.pop(change["code"], None)
            else:
                self.kept.pop(change["code"], None)
                self.gone[change["code"]] = change["merged_into"]
        self.after = page["after"]
        return page["more"]

    def read_all(self):
        while self.read_page():
            pass

    def says(self):
        """Each record as the register's tables would say it."""
        return {
            code: (one["name"], one["status"], one["owner_name"], [address["url"] for address in one["addresses"]])
            for code, one in self.kept.items()
        }


def register():
    """The public part of the register, straight from its tables."""
    with connection.cursor() as cursor:
        cursor.execute(NOW, [PUBLIC])
        return {code: (name, status, owner, urls) for code, name, status, owner, urls in cursor.fetchall()}


class History:
    """Several transactions open at once; no two write the same record, so that none waits for another."""

    OPEN_AT_ONCE = 4

    def __init__(self, seed, applications, offices, prepare=""):
        self.random = Random(seed)
        parameters = connection.get_connection_params()
        reach = {
            name: parameters[name] for name in ("dbname", "user", "host", "port", "password") if parameters.get(name)
        }
        self.sessions = [psycopg2.connect(**reach) for _ in range(self.OPEN_AT_ONCE)]
        self.rows = {session: set() for session in self.sessions}
        self.applications, self.offices, self.prepare, self.words = applications, offices, prepare, 0

    def close(self):
        for session in self.sessions:
            session.close()

    def step(self):
        """Something is written in one of the transactions, or one of them ends."""
        session = self.random.choice(self.sessions)
        act = self.random.choice([self._edit, self._edit, self._place, self._rename, self._leave, self._end, self._end])
        act(session)

    def finish(self):
        for session in self.sessions:
            self._end(session)

    def _write(self, session, row, sql, *values):
        held = set().union(*(rows for other, rows in self.rows.items() if other is not session))
        if row in held:
            return
        with session.cursor() as cursor:
            if not self.rows[session]:
                cursor.execute(self.prepare or "SELECT 1")
            self.rows[session].add(row)
            cursor.execute(sql, values)

    def _word(self):
        self.words += 1
        return f"Kata {self.words}"

    def _edit(self, session):
        pk = self.random.choice(self.applications)
        self._write(session, ("a", pk), "UPDATE inventory_application SET name = %s WHERE id = %s", self._word(), pk)

    def _place(self, session):
        pk = self.random.choice(self.applications)
        url = f"https://{self._word().replace(' ', '-').lower()}.example"
        sql = "INSERT INTO inventory_address (application_id, url, kind) VALUES (%s, %s, 'public')"
        self._write(session, ("a", pk), sql, pk, url)

    def _rename(self, session):
        if not self.offices:
            return
        pk = self.random.choice(self.offices)
        self._write(session, ("o", pk), "UPDATE accounts_organization SET name = %s WHERE id = %s", self._word(), pk)

    def _leave(self, session):
        pk, into = self.random.sample(self.applications, 2)
        sql = "UPDATE inventory_application SET status = 'merged', merged_into_id = %s WHERE id = %s"
        self._write(session, ("a", pk), sql, into, pk)

    def _end(self, session):
        session.rollback() if self.random.random() < 0.25 else session.commit()
        self.rows[session] = set()
