"""What python-docx has no words for: fonts per script, the character grid, borders, fields, fixed files."""

import io
import zipfile
from datetime import datetime

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from huiyin.papers.fonts import FACES

ALT_NAMES = {
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "方正小标宋简体": "华文中宋",
    "黑体": "SimHei",
    "宋体": "SimSun",
}


def element(name: str, **attributes):
    """<w:name w:attribute="…"/>; an attribute may carry its own prefix as `r_id`."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def set_fonts(properties, face: str):
    """The face in every script's slot of run properties; quotation marks count as East Asian."""
    name = FACES[face][0]
    fonts = properties.get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), name)
    fonts.set(qn("w:hint"), "eastAsia")


# The order in which Word's schema wants children: readers that check refuse any other.
_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
}
_ORDER = {parent: [qn(f"w:{name}") for name in names.split(" ")] for parent, names in _ORDER.items()}


def put(properties, *children):
    """Put each child into w:pPr, w:rPr or w:tblPr where the schema expects it, in place of one of its name."""
    order = _ORDER[properties.tag.rpartition("}")[2]]
    for child in children:
        for old in properties.findall(child.tag):
            properties.remove(old)
        later = set(order[order.index(child.tag) + 1 :])
        place = next((at for at, other in enumerate(properties) if other.tag in later), len(properties))
        properties.insert(place, child)


def border(paragraph, side: str, *, kind="single", eighths=8, color="000000", space=1):
    """A line above or below a paragraph; `space` in points."""
    properties = paragraph._p.get_or_add_pPr()
    box = properties.find(qn("w:pBdr"))
    if box is None:
        box = element("pBdr")
        put(properties, box)
    box.append(element(side, val=kind, sz=eighths, space=space, color=color))


def field(paragraph, code: str, face: str, size_pt: float):
    """A field such as PAGE, in one face."""
    for part in ("begin", None, "separate", "1", "end"):
        run = paragraph.add_run()
        properties = run._r.get_or_add_rPr()
        set_fonts(properties, face)
        put(properties, element("sz", val=round(size_pt * 2)))
        if part is None:
            text = element("instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._r.append(text)
        elif part == "1":
            run.text = "1"
        else:
            run._r.append(element("fldChar", fldCharType=part))


def grid_of(section, page):
    """`linesAndChars`: so many lines and characters to the page, as Word's own page set-up writes it."""
    old = section._sectPr.find(qn("w:docGrid"))
    if old is not None:
        section._sectPr.remove(old)
    if page.characters:
        advance = page.text_width_mm / 25.4 * 72 / page.characters
        section._sectPr.append(
            element(
                "docGrid",
                type="linesAndChars",
                linePitch=round(page.pitch_pt * 20),
                charSpace=round((advance - page.size_pt) * 4096),
            )
        )


def tidy_template(document):
    """Of python-docx's own template: no picture of another paper, Chinese as language, stand-ins for fonts."""
    for part in (document.part.package, document.part):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/stylesWithEffects")):
                del part.rels[key]
    language = document.settings.element.find(qn("w:themeFontLang"))
    if language is not None:
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in ALT_NAMES.items()
    )
    table = etree.tostring(
        parse_xml(f"<w:fonts {nsdecls('w')}>{rows}</w:fonts>"),
        xml_declaration=True, encoding="UTF-8", standalone=True,
    )  # fmt: skip
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = table


def fixed_file(document, day: datetime) -> bytes:
    """The file, with every date in it that of the paper: the same paper gives the same bytes."""
    made = io.BytesIO()
    document.save(made)
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    result = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            entry = zipfile.ZipInfo(item.filename, stamp)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0, 3
            new.writestr(entry, old.read(item.filename))
    return result.getvalue()
