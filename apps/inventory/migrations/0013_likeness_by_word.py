"""The words that make applications alike, taken out word by word: what the columns say stays, writing them is cheaper."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import F

from apps.inventory.models.likeness import core_of, purpose_of

LIKENESS = django.contrib.postgres.indexes.GinIndex(
    fields=["government", "name_core", "purpose_key"],
    opclasses=["int8_ops", "gin_trgm_ops", "gin_trgm_ops"],
    name="application_likeness",
)
NATIONAL = django.contrib.postgres.indexes.GinIndex(
    fields=["name_core"],
    opclasses=["gin_trgm_ops"],
    condition=models.Q(ownership="central"),
    name="application_national_likeness",
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0012_document_classes")]

    operations = [
        migrations.RemoveIndex("application", "application_likeness"),
        migrations.RemoveIndex("application", "application_national_likeness"),
        migrations.RemoveField("application", "name_core"),
        migrations.RemoveField("application", "purpose_key"),
        migrations.AddField(
            "application",
            "name_core",
            models.GeneratedField(
                expression=core_of(F("name")), output_field=models.CharField(max_length=200), db_persist=True
            ),
        ),
        migrations.AddField(
            "application",
            "purpose_key",
            models.GeneratedField(
                expression=purpose_of(F("functions"), F("services_supported")),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex("application", LIKENESS),
        migrations.AddIndex("application", NATIONAL),
    ]
