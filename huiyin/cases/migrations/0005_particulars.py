from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_early_sign_once")]

    operations = [
        migrations.AddField("case", "particulars", models.JSONField(default=dict, verbose_name="要素")),
    ]
