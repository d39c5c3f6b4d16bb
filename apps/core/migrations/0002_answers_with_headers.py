from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers are kept with their headers; nothing was kept before, so no row lacks a status."""

    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.AddField("idempotentanswer", "headers", models.JSONField(default=dict)),
        migrations.AlterField("idempotentanswer", "status_code", models.PositiveSmallIntegerField()),
    ]
