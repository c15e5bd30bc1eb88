"""What every kind of document has: a door (can it be issued?), a form, a builder."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms

from huiyin.cases.workflow import CENTRE, CHIEF
from huiyin.documents.facts import Facts, Missing
from huiyin.papers.blocks import Cell, Cut, Grid, Paper, Paragraph, Row, Span

NUMBER = "〔文号〕"  # stands in a draft where the number will be


@dataclass(frozen=True)
class Subject:
    """What in the matter the document is about; key '' for the matter itself."""

    key: str = ""
    label: str = ""
    row: object = None


@dataclass(frozen=True)
class Door:
    """Either the subjects that a document can be issued about now, or the reason why there are none."""

    subjects: tuple[Subject, ...] = ()
    reason: str = ""
    verb: str = ""  # the verb that opens it
    is_apt: bool = True  # False: this kind has no place in such a matter, it is not worth a line


class Extra(forms.Form):
    """What a clerk may add to a document; most kinds add nothing."""

    def __init__(self, *args, facts: Facts, **kwargs):
        self.facts = facts
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self):
        """Fill in what is known."""


@dataclass(frozen=True)
class Kind:
    """`build(facts, subject, extra, number, day)` gives the paper; gaps are noted in facts.missing.

    `in_form`: laid out as a form; `purpose`: for what a file of it is usually made.
    """

    code: str
    label: str
    door: Callable[[Facts], Door]
    build: Callable[..., Paper]
    form: type[Extra] = Extra
    roles: frozenset = CENTRE | CHIEF
    signers: frozenset = CHIEF
    own_number: bool = True
    purpose: str = "送达本人"


@dataclass
class Draft:
    paper: Paper
    missing: list[Missing] = field(default_factory=list)
    names_person: bool = False


def label_cell(words: str, **more) -> Cell:
    return Cell(words, is_label=True, **more)


def paragraphs(text: str) -> list[Paragraph]:
    """Typed text as body paragraphs, one a line."""
    return [Paragraph(line.strip()) for line in text.split("\n") if line.strip()]


def receipt(title: str, number: str, who: tuple[Span, ...]) -> list:
    """送达回执: to cut off, signed by whoever received the paper, brought back and filed."""
    return [
        Cut(f"送达回执　{title}　{number}"),
        Grid(
            (28, 50, 28, 50),
            (
                Row((label_cell("受送达人"), Cell(who), label_cell("收件人签字"), Cell("")), 10),
                Row((label_cell("送达方式"), Cell(""), label_cell("送达日期"), Cell("　　年　月　日")), 9),
                Row((label_cell("送达人"), Cell(""), label_cell("备　　注"), Cell("")), 9),
            ),
            is_whole=True,
        ),
    ]
