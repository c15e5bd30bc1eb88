"""Official papers: one description of a paper, laid out as .docx and as PDF (GB/T 9704-2012)."""
