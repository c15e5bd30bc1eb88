"""An office's own version of a rule, put in force from a filled-in list."""

from datetime import date

from huiyin.rules import clock
from huiyin.rules.models import RuleSet, forget

# The shipped rules are examples: an office's first list takes their place for matters of earlier days too.
FROM_THE_START = date(2016, 1, 1)


def own(office, name: str) -> RuleSet | None:
    """The newest active version that is this office's own."""
    rows = RuleSet.objects.filter(office=office, name=name, activated_at__isnull=False)
    return rows.order_by("-valid_from", "-version").first()


def put_in_force(office, name: str, content: dict, *, source: str, valid_from: date | None = None) -> RuleSet:
    """A new active version. The first holds from the start, later ones from today unless `valid_from` says so."""
    last = RuleSet.objects.filter(office=office, name=name).order_by("-version").first()
    row = RuleSet.objects.create(
        office=office,
        name=name,
        version=last.version + 1 if last else 1,
        valid_from=valid_from or (clock.today() if last else FROM_THE_START),
        source=source,
        content=content,
        activated_at=clock.now(),
    )
    forget()
    return row
