from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grids", "0001_initial")]

    operations = [
        migrations.AddField(
            "noticeposting", "photo", models.CharField("照片", max_length=120, blank=True, default=""),
            preserve_default=False,
        )
    ]  # fmt: skip
