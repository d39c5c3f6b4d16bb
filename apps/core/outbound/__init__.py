"""Requests to addresses that people typed, through one client that reaches no place it must not (SSRF)."""

from apps.core.outbound.client import Answer, Unanswered, fetch
from apps.core.outbound.targets import Place, Policy, Reason, Refused, Target, examine

__all__ = ["Answer", "Place", "Policy", "Reason", "Refused", "Target", "Unanswered", "examine", "fetch"]
