"""The register: applications and their facts."""

from apps.inventory.models.applications import Application, ApplicationQuerySet, new_reference
from apps.inventory.models.attestations import Attestation
from apps.inventory.models.costs import Contract, Cost
from apps.inventory.models.judging import ConfirmedFacts, Suspension
from apps.inventory.models.own_attributes import CustomAttribute, CustomAttributeQuerySet
from apps.inventory.models.publications import Publication, PublicationMark
from apps.inventory.models.record_documents import ExpiryReminder, RecordDocument
from apps.inventory.models.reference_codes import ReferenceCode
from apps.inventory.models.relations import Relation
from apps.inventory.models.reorganizing import Placement, Reorganization, ReorganizationQuerySet
from apps.inventory.models.rows import Address, ApplicationReference
from apps.inventory.models.saved_views import SavedView, SavedViewQuerySet
from apps.inventory.models.security import SecurityAssessment, SecurityForm, SecurityQuestion
from apps.inventory.models.sheets import SheetLayout
from apps.inventory.models.standing import Hold, Standing, Sunset
from apps.inventory.models.work import ColumnMemory, Draft, ImportJob, ImportJobQuerySet, ImportLine

__all__ = [
    "Address",
    "Application",
    "ApplicationQuerySet",
    "ApplicationReference",
    "Attestation",
    "ColumnMemory",
    "ConfirmedFacts",
    "Contract",
    "Cost",
    "CustomAttribute",
    "CustomAttributeQuerySet",
    "Draft",
    "ExpiryReminder",
    "Hold",
    "ImportJob",
    "ImportJobQuerySet",
    "Placement",
    "Publication",
    "PublicationMark",
    "RecordDocument",
    "ImportLine",
    "ReferenceCode",
    "Relation",
    "Reorganization",
    "ReorganizationQuerySet",
    "SavedView",
    "SavedViewQuerySet",
    "SecurityAssessment",
    "SecurityForm",
    "SecurityQuestion",
    "SheetLayout",
    "Standing",
    "Sunset",
    "Suspension",
    "new_reference",
]
