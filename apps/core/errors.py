"""Refusals every door answers alike. Order of asking: 401, 404, 403, 428/412, 409, 400."""

STALE = "Data ini sudah diubah orang lain sejak Anda membukanya. Periksa keadaan terbaru, lalu ulangi bila masih perlu."


class RuleViolation(Exception):
    """The act does not fit the state of things (HTTP 409); the message says in Indonesian what to do."""

    def __init__(self, message: str, code: str = "rule") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class StaleVersion(Exception):
    """The row changed since the person read it (HTTP 412); of several rows `changed` names those that did."""

    def __init__(self, changed: tuple[str, ...] = ()) -> None:
        super().__init__(*changed)
        self.changed = changed


class VersionMissing(Exception):
    """A write to an existing row came without saying which version was read (HTTP 428)."""
