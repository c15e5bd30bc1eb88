"""Official papers: one description of a paper, laid out as .docx and as PDF (GB/T 9704-2012).

    from huiyin.papers import docx, pdf
    from huiyin.papers.blocks import A4, POSTER_A3, Banner, Code, Columns, Grid, Heading, Paper, Paragraph, Span, …

    paper = Paper("标题", blocks=(…), head=Head("document" | "letter", mark, number), day="2026-11-22")
    pdf.render(paper) -> bytes     # 0.1–0.3 s, safe from many threads, same paper = same bytes
    docx.render(paper) -> bytes
    content.dump(paper) / content.load(text)          JSON to keep; content.without_identity(paper) masks persons
    fonts.substitution_note(), fonts.without_type(text)   what to say on the screen

Wherever a block takes words: a str, a Span, or a tuple of both; text is data, never markup. A poster is a Paper
with page=POSTER_A3 made of Banner, Columns (blocks side by side), Paragraph(size_pt=…, face=…, color=…), Grid,
Picture (base64 PNG or JPEG) and Code (QR of an address).
"""
