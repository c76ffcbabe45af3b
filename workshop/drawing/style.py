"""The look of all pictures: one style sheet for light and dark.

A picture brings its own ground, because the page around it may be dark where the system is light. Rules begin with a
class and names with `w-`, because a picture may stand inside a page that has rules and names of its own.
"""
SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif'
MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace'
SIZES = {"text": 15, "small": 14, "name": 16, "code": 14}  # px

COLOURS = {  # light and dark: of the ground, its frame, text, quiet text, what is invisible, lines, lifelines
    "paper": ("#ffffff", "#15191e"),
    "frame": ("#d5dbe1", "#3a434d"),
    "ink": ("#1f2933", "#e8ebee"),
    "quiet": ("#47535f", "#b9c3cd"),
    "mark": ("#a3195b", "#ff9dc9"),
    "line": ("#52606d", "#9aa5b1"),
    "life": ("#87929e", "#6f7b87"),
}
KINDS = {  # fill and stroke, light and dark: who or what a box stands for
    "client": (("#eef1f4", "#52606d"), ("#262d35", "#9aa5b1")),
    "server": (("#e6f0fb", "#2b6cb0"), ("#16324f", "#63a4e0")),
    "middleware": (("#efe9fc", "#6b46c1"), ("#2f2552", "#a78bfa")),
    "application": (("#fdf2d9", "#a86a12"), ("#3d2f10", "#d9a441")),
    "bytes": (("#e1f4ea", "#1d7a4d"), ("#12382a", "#5cc795")),
    "error": (("#fdeaea", "#b42318"), ("#4a1a17", "#f08a80")),
}


def colours(scheme: int) -> list[str]:
    """Return the CSS rules of the colours of a scheme, 0 for light and 1 for dark."""
    colour = {name: pair[scheme] for name, pair in COLOURS.items()}
    rules = [
        f".w-paper{{fill:{colour['paper']};stroke:{colour['frame']}}}", f"text{{fill:{colour['ink']}}}",
        f".w-small{{fill:{colour['quiet']}}}", f".w-mark{{fill:{colour['mark']}}}",
        f".w-line{{stroke:{colour['line']}}}", f".w-tip{{fill:{colour['line']}}}",
        f".w-card{{fill:{colour['paper']};stroke:{colour['line']}}}", f".w-life{{stroke:{colour['life']}}}",
    ]
    for kind, pair in KINDS.items():
        fill, stroke = pair[scheme]
        rules += [f".w-{kind}{{fill:{fill};stroke:{stroke}}}", f".w-tip.w-{kind}{{fill:{stroke}}}"]
    return rules


def shapes() -> list[str]:
    """Return the CSS rules of all that is not colour."""
    return [
        f"text{{font-family:{SANS}}}",
        f".w-code{{font-family:{MONO}}}",
        *(f".w-{name}{{font-size:{size}px}}" for name, size in SIZES.items()),
        ".w-name{font-weight:600}",
        ".w-line{fill:none;stroke-width:1.5}",
        ".w-dashed{stroke-dasharray:5 4}",
        ".w-tip,.wsgi-picture .w-bare{stroke:none}",
    ]


def style() -> str:
    """Return the style sheet that all pictures share. Shapes come last: they take some of the colours back."""
    light, dark, rest = ("\n".join(f".wsgi-picture {rule}" for rule in rules) for rules in
                         (colours(0), colours(1), shapes()))
    return (f".wsgi-picture{{max-width:100%;height:auto}}\n{light}\n"
            f"@media (prefers-color-scheme:dark){{\n{dark}\n}}\n{rest}")
