"""Every attribute of an application has a class and a home."""

import pytest
from django.db import models

from apps.accounts.actor import Actor
from apps.inventory import fields
from apps.inventory.models import Application

# The 21 attributes of the national domain and what real registers add, by hand.
NEVER_PUBLIC = {"servers", "programming_languages", "frameworks", "databases", "business_contact", "technical_contact"}


class Grown(models.Model):
    name = models.CharField(max_length=10)
    secret_address = models.CharField(max_length=10)

    class Meta:
        app_label = "tests"


def test_every_field_of_the_model_has_a_class():
    assert fields.unclassed() == set()


def test_a_new_field_without_a_class_is_found():
    assert fields.unclassed(Grown) == {"secret_address"}


def test_servers_stack_and_contacts_are_never_public():
    shown = {attribute.name for attribute in fields.readable_by(Actor.anonymous())}
    assert shown.isdisjoint(NEVER_PUBLIC)
    assert shown >= {"code", "name", "owner", "status"}


@pytest.mark.parametrize("attribute", fields.ATTRIBUTES, ids=lambda attribute: attribute.name)
def test_every_attribute_is_named_in_indonesian(attribute):
    assert str(attribute.label)


def test_every_editable_field_is_typed_in_a_step():
    written = {
        field.name
        for field in Application._meta.get_fields()
        if getattr(field, "editable", False) and not field.auto_created
    }
    assert written - {attribute.name for attribute in fields.TYPED} - fields.MACHINERY == {"owner"}
