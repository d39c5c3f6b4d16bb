"""One polite question to a declared address, and what its answer means; touches no table."""

from dataclasses import dataclass
from datetime import datetime

from apps.core.outbound import Answer, Policy, Reason, Refused, Unanswered, fetch
from apps.inventory.models import Address
from apps.monitoring.models import Probe

# The counter snippets leave out whatever carries this word (monitoring/snippets).
AGENT = "PortofolioSPBE-Probe/1.0"
SMALL = 16 * 1024
NOT_THERE = {404, 410}
# Servers that do not know HEAD, or answer it otherwise than a browser's question.
HEAD_TELLS_NOTHING = {400, 401, 403, 404, 405, 406, 410, 411, 429}
# What may as well be wrong on our own side.
OF_THE_NETWORK = {Probe.Why.NAME_GONE, Probe.Why.CONNECT, Probe.Why.TIMEOUT, Probe.Why.NAME_UNANSWERED}


@dataclass(frozen=True)
class Result:
    """What one question learned."""

    outcome: str
    why: str = ""
    status_code: int | None = None
    latency_ms: int | None = None
    redirected_to: str = ""
    certificate_ends: datetime | None = None
    etag: str = ""

    @property
    def may_be_our_fault(self) -> bool:
        return self.why in OF_THE_NETWORK


def ask(url: str, kind: str, etag: str = "") -> Result:
    """Whether `url` opens: a HEAD, and a small GET where HEAD says nothing; inner addresses only where allowed."""
    policy = _policy(kind)
    try:
        answer, certificate_holds = _answer(url, policy, etag)
    except Refused as refusal:
        return _refused(refusal.reason, kind)
    except Unanswered as failure:
        return Result(Probe.Outcome.UNREACHED, Probe.Why(failure.kind))
    return _result(url, answer, certificate_holds)


def _policy(kind: str) -> Policy:
    policy = Policy.of_installation()
    ports = frozenset() if kind == Address.Kind.INTERNAL else policy.ports
    return Policy(ports=ports, allowed=policy.allowed, largest=SMALL)


def _answer(url: str, policy: Policy, etag: str) -> tuple[Answer, bool]:
    """The answer, and whether the certificate holds; a bad one is noted, the application still opens."""
    try:
        return _head_then_get(url, policy, etag, trusting=False), True
    except Unanswered as failure:
        if failure.kind not in ("certificate", "tls"):
            raise
    return _head_then_get(url, policy, etag, trusting=True), False


def _head_then_get(url: str, policy: Policy, etag: str, *, trusting: bool) -> Answer:
    known = {"If-None-Match": etag} if etag else {}
    try:
        answer = fetch(url, policy, method="HEAD", headers=known, agent=AGENT, trusting=trusting)
        if answer.status < 500 and answer.status not in HEAD_TELLS_NOTHING:
            return answer
    except Unanswered as failure:
        if failure.kind != "protocol":
            raise
    return fetch(url, policy, headers={"Range": "bytes=0-1023", **known}, agent=AGENT, trusting=trusting)


def _refused(reason: Reason, kind: str) -> Result:
    """A name that is gone is a finding; one nobody answered for may be found tomorrow; the rest we do not ask."""
    if kind == Address.Kind.INTERNAL and reason == Reason.PORT:
        reason = Reason.ADDRESS  # no allowed place has this port, and nothing else is open to an inner address
    outcomes = {Reason.NAME_GONE: Probe.Outcome.UNREACHED, Reason.NAME_UNANSWERED: Probe.Outcome.SKIPPED}
    return Result(outcomes.get(reason, Probe.Outcome.REFUSED), Probe.Why(reason.value))


def _result(url: str, answer: Answer, certificate_holds: bool) -> Result:
    opens = answer.status < 500 and answer.status not in NOT_THERE
    why = "" if certificate_holds else Probe.Why.CERTIFICATE
    return Result(
        outcome=Probe.Outcome.REACHED if opens else Probe.Outcome.UNREACHED,
        why=why if opens else Probe.Why.STATUS,
        status_code=answer.status,
        latency_ms=answer.milliseconds,
        redirected_to=answer.url if len(answer.hops) > 1 else "",
        certificate_ends=answer.certificate_ends,
        etag=answer.headers.get("etag", "")[:200],
    )
