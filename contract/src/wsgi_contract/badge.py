"""The score as a small picture, SVG, such as stands at the top of a README."""
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from wsgi_contract.contract_run import ContractRun

ALL_KEPT, MUST_KEPT, OTHERWISE, NOTHING = "#2c7a3f", "#8a6d00", "#a33a2c", "#666666"
LETTER, MARGIN, HEIGHT = 6.6, 8, 20  # width of a character, and of the room beside a text, in pixels
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" role="img" aria-label="{label}: {text}">
<title>{label}: {text}</title>
<rect width="{width:.0f}" height="{height}" rx="3" fill="{colour}"/>
<path d="M3 0H{left:.0f}V{height}H3A3 3 0 0 1 0 17V3A3 3 0 0 1 3 0Z" fill="#444444"/>
<g fill="#ffffff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{label_at:.1f}" y="14">{label}</text>
<text x="{text_at:.1f}" y="14">{text}</text>
</g>
</svg>
"""


def badge(run: "ContractRun") -> str:
    """Return the picture."""
    text, colour = "no score" if run.void else score_of(run), colour_of(run)
    left, right = (LETTER * len(words) + 2 * MARGIN for words in (run.standard, text))
    return SVG.format(width=left + right, height=HEIGHT, left=left, colour=colour, text=escape(text),
                      label=run.standard, label_at=left / 2, text_at=left + right / 2)


def score_of(run: "ContractRun") -> str:
    """Return the score of all clauses, or of all checks where clauses are not counted."""
    return str(next(iter(run.scores().values())))


def colour_of(run: "ContractRun") -> str:
    """Return the colour: green if all is kept, yellow if what says MUST is, grey if nothing is known."""
    if run.void:
        return NOTHING
    score = list(run.scores().values())
    complete = [one.kept == one.all for one in score]
    return ALL_KEPT if complete[0] else MUST_KEPT if all(complete[1:2]) and len(complete) > 1 else OTHERWISE
