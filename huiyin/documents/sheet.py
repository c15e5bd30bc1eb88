"""A paper as the templates draw it on the screen: the same words and numbers, without a PDF viewer."""

from huiyin.papers import blocks
from huiyin.papers.layout import Numbering, title_lines


def shown(paper: blocks.Paper) -> dict:
    """{head, blocks, imprint}; each block is a dict with `is` in small letters, headings already numbered."""
    numbering = Numbering()
    return {
        "head": paper.head,
        "blocks": [_shown(item, paper, numbering) for item in paper.blocks],
        "imprint": paper.imprint,
    }


def _shown(item, paper, numbering) -> dict:
    row = {"is": type(item).__name__.lower(), **vars(item)}
    if isinstance(item, blocks.Title):
        row["lines"] = title_lines(item, paper.page)
    elif isinstance(item, blocks.Heading):
        row["number"] = numbering.label(item)
    elif isinstance(item, blocks.Paragraph):
        row["is_small"] = item.size_pt < paper.page.size_pt
    elif isinstance(item, blocks.Grid):
        total = sum(item.widths_mm)
        row["percents"] = [round(width / total * 100) for width in item.widths_mm]
    elif isinstance(item, blocks.Columns):
        row["parts"] = [[_shown(inner, paper, numbering) for inner in part] for part in item.parts]
    elif isinstance(item, blocks.Annex):
        row["blocks"] = [_shown(inner, paper, numbering) for inner in item.blocks]
    return row
