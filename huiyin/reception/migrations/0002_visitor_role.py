from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reception", "0001_initial")]

    operations = [
        migrations.AddField(
            "outreachvisit", "role", models.CharField(blank=True, default="", max_length=24, verbose_name="以什么身份"),
            preserve_default=False,
        ),
    ]
