"""Tables: migrations complete, one office for each row, history that cannot be rewritten."""

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from huiyin.base.models import AppendOnly
from huiyin.shell import grants

# Tables whose rows belong to no single office, each with the reason.
WITHOUT_OFFICE = {
    "Office": "is the office itself",
    "AreaFact": "a dated fact of an area; the area has the office, and city and district have none",
    "ApiToken": "belongs to a user, who belongs to an office",
    "Invitation": "of a user, who belongs to an office; the first one belongs to nobody yet",
}
# Tables where the office may be empty, each with the reason.
OFFICE_MAY_BE_EMPTY = {
    "User": "a post above the subdistrict (district, city) belongs to no office",
    "Area": "city and district are shared by several offices",
    "RuleSet": "rules that hold for every office",
    "AuditRecord": "a sign-in that failed belongs to no office yet",
}
# History that is written once, by room.
APPEND_ONLY = {"CaseEvent", "Rating", "Direction", "AuditRecord", "RuleTrial"}
APPEND_ONLY |= {"IssuedDocument", "DocumentStep"}
APPEND_ONLY |= {"CallBack"}
APPEND_ONLY |= {"MediationSession", "Fulfilment", "Netting", "NettingLine", "StatedTotal"}
APPEND_ONLY |= {"AdoptionStep"}
APPEND_ONLY |= {"IncidentReport", "SiteFact", "Briefing", "Release", "Damage", "Relief", "CleanUp"}


def own_models():
    rows = apps.get_models(include_auto_created=True)
    return [model for model in rows if model.__module__.startswith("huiyin.") and model._meta.managed]


def links() -> set[str]:
    """Link rows between two rows that both have an office."""
    return {model.__name__ for model in own_models() if model._meta.auto_created}


def test_migrations_are_complete():
    loader = MigrationLoader(None)
    with translation.override(None):
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(loader.graph)
    own = {label: [op.describe() for m in found for op in m.operations] for label, found in changes.items()}
    assert own == {}, "run: bin/huiyin makemigrations"
    assert loader.detect_conflicts() == {}


def test_every_row_has_an_office():
    fields = {model.__name__: {field.name: field for field in model._meta.fields} for model in own_models()}
    without = {name for name, own in fields.items() if "office" not in own} - links()
    assert without == set(WITHOUT_OFFICE)
    empty = {name for name, own in fields.items() if "office" in own and own["office"].null}
    assert empty == set(OFFICE_MAY_BE_EMPTY)


def test_keys_are_made_in_python():
    """UUIDv7 or a key made of columns; a counting key would be given out by one server only."""
    plain = (models.AutoField, models.BigAutoField, models.SmallAutoField)
    counting = {model.__name__ for model in own_models() if isinstance(model._meta.pk, plain)}
    assert counting <= links()


def test_history_is_written_once():
    assert {model.__name__ for model in own_models() if issubclass(model, AppendOnly)} == APPEND_ONLY
    tables = {model._meta.db_table for model in own_models() if model.__name__ in APPEND_ONLY}
    assert set(grants.append_only_tables()) == tables


def test_every_table_has_a_name_in_chinese():
    nameless = [model.__name__ for model in own_models() if model._meta.verbose_name.isascii()]
    assert [name for name in nameless if name not in WITHOUT_OFFICE] == []


def test_foreign_keys_do_not_sweep_history_away():
    """CASCADE only where the row means nothing without its parent."""
    found = set()
    for model in own_models():
        for field in model._meta.fields:
            if field.remote_field and field.remote_field.on_delete is models.CASCADE:
                found.add(f"{model.__name__}.{field.name}")
    meant = {
        "ApiToken.user",
        "Invitation.user",
        "Notice.to",
        "Reader.case",
        "Draft.user",
        "ConferenceItem.conference",
    }
    meant |= {"AreaFact.area", "Draft.joined"}
    found = {name for name in found if name.split(".")[0] not in links()}
    assert found <= meant, found - meant


def test_numbers_are_unique_together_with_the_office():
    """Every unique key of a domain table begins with office, or is a random code that is unique by itself."""
    alone = {"tracking_code", "digest", "username", "code"}
    for model in own_models():
        for field in model._meta.fields:
            assert not (field.unique and not field.primary_key and field.name not in alone), (
                f"{model.__name__}.{field.name}"
            )
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and model.__name__ not in WITHOUT_OFFICE:
                first = constraint.fields or [part.name for part in constraint.expressions]
                assert first[0] == "office", constraint.name
