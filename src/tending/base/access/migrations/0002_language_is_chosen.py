"""Until now every account said "en" and nobody had chosen it: nothing is chosen, the browser's language is spoken."""

from django.db import migrations, models


def nothing_was_chosen(apps, schema_editor):
    apps.get_model("access", "Account").objects.filter(language="en").update(language="")


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.AlterField("account", "language", models.CharField(blank=True, default="", max_length=10)),
        migrations.RunPython(nothing_was_chosen, migrations.RunPython.noop),
    ]
