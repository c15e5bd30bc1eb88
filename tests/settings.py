"""The house's settings for tests: owner account (it makes the test database), a database that may
forget, quick password hashing. Without DATABASE_URL the cluster in var/test is used and left running."""

import os
from pathlib import Path

from huiyin.boot.instance import ROOT, Instance

if not os.environ.get("DATABASE_URL"):
    os.environ.setdefault("HUIYIN_DATA", os.environ.get("HUIYIN_TEST_DATA") or str(ROOT / "var" / "test"))
    _instance = Instance(Path(os.environ["HUIYIN_DATA"]).resolve(), relaxed=True)
    _instance.cluster.start()
    os.environ.update(_instance.exports() | {"DJANGO_SETTINGS_MODULE": "tests.settings"})
os.environ["HUIYIN_DB_ACCOUNT"] = "owner"
os.environ["HUIYIN_NO_POOL"] = "1"

from huiyin.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
