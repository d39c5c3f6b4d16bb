"""What makes applications alike: the telling words of name and purpose, indexed inside each government."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("inventory", "0002_saved_views"),
    ]

    operations = [
        BtreeGinExtension(),
        migrations.AddField(
            model_name="application",
            name="name_core",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    django.db.models.functions.comparison.NullIf(
                        django.db.models.functions.text.Trim(
                            models.Func(
                                models.Func(
                                    django.db.models.functions.text.Lower(models.F("name")),
                                    models.Value(
                                        "[^[:alnum:]]+|\\m(aplikasi|sistem|informasi|manajemen|layanan|pelayanan|berbasis|web|website|online|daring|elektronik|digital|terpadu|terintegrasi|portal|mobile|android|versi|e|si|dan|untuk|pada|di|dari|yang|kota|kabupaten|provinsi|pemerintah|daerah|dinas|badan)\\M"
                                    ),
                                    models.Value(" "),
                                    models.Value("g"),
                                    function="regexp_replace",
                                    output_field=models.TextField(),
                                ),
                                models.Value(" +"),
                                models.Value(" "),
                                models.Value("g"),
                                function="regexp_replace",
                                output_field=models.TextField(),
                            )
                        ),
                        models.Value(""),
                    ),
                    django.db.models.functions.text.Lower(models.F("name")),
                    output_field=models.CharField(),
                ),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="purpose_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Left(
                    django.db.models.functions.text.Trim(
                        models.Func(
                            models.Func(
                                django.db.models.functions.text.Lower(
                                    django.db.models.functions.text.Concat(
                                        models.F("functions"),
                                        models.Value(" "),
                                        models.F("services_supported"),
                                        output_field=models.TextField(),
                                    )
                                ),
                                models.Value(
                                    "[^[:alnum:]]+|\\m(aplikasi|sistem|informasi|manajemen|layanan|pelayanan|berbasis|web|website|online|daring|elektronik|digital|terpadu|terintegrasi|portal|mobile|android|versi|e|si|dan|untuk|pada|di|dari|yang|kota|kabupaten|provinsi|pemerintah|daerah|dinas|badan|mencatat|mengolah|menyajikan|mengelola|pengelolaan|melakukan|menampilkan|memberikan|membantu|pencatatan|pengolahan|penyajian|data|secara|dengan|oleh)\\M"
                                ),
                                models.Value(" "),
                                models.Value("g"),
                                function="regexp_replace",
                                output_field=models.TextField(),
                            ),
                            models.Value(" +"),
                            models.Value(" "),
                            models.Value("g"),
                            function="regexp_replace",
                            output_field=models.TextField(),
                        )
                    ),
                    400,
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["government", "name_core", "purpose_key"],
                name="application_likeness",
                opclasses=["int8_ops", "gin_trgm_ops", "gin_trgm_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("ownership", "central")),
                fields=["name_core"],
                name="application_national_likeness",
                opclasses=["gin_trgm_ops"],
            ),
        ),
    ]
