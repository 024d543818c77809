"""A flame graph as one HTML page: callers above callees, width is what was spent. Nothing is loaded from anywhere.

What must hold: whatever names and texts a program has, they are shown as text (:func:`embedded`), and the page runs no script
but its own.
"""

from __future__ import annotations

import html
import json

from pagoda.tools.profile.flame_script import SCRIPT, STYLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagoda.tools.profile.contract import Profile, Tree

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{notes}<p class="bar">{switches}
<input id="search" type="search" placeholder="search (a part of a name or a text)" aria-label="search">
<button id="whole" type="button">show all</button> <span id="found"></span></p>
<div id="graph"></div>
<p id="details">Point at a call to see what it spent; click it to zoom in, click one above it to zoom out.</p>
<noscript><p>The graph is drawn by a script in this page.</p></noscript>
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def page(tree: Tree, profile: Profile, name: str, weight: int) -> str:
    """The page for a call tree. ``weight``: the number of the one that is shown first."""
    pieces: dict[str, int] = {}
    data = {
        "weights": list(profile.weights),
        "parent": list(tree.parent),
        "name": [pieces.setdefault(text, len(pieces)) for text in tree.name],
        "code": [pieces.setdefault(text, len(pieces)) for text in tree.code],
        "calls": list(tree.calls),
        # As texts: what JSON's readers make of numbers is not exact beyond 2^53.
        "own": [[str(own[number]) for own in tree.own] for number in range(len(profile.weights))],
        "all": [list(map(str, _sums(tree, number))) for number in range(len(profile.weights))],
    }
    switches = " ".join(
        f'<label><input type="radio" name="weight" value="{number}"{" checked" if number == weight else ""}> '
        f"{html.escape(what)} {total:,}</label>"
        for number, (what, total) in enumerate(zip(profile.weights, profile.totals, strict=True))
    )
    return _PAGE.format(
        title=html.escape(f"Profile of {name}"),
        style=STYLE,
        notes="".join(f"<p>{html.escape(note)}</p>\n" for note in profile.notes),
        switches=switches,
        data=embedded({**data, "texts": list(pieces)}),
        script=SCRIPT,
    )


def _sums(tree: Tree, weight: int) -> Sequence[int]:
    """What each node spent with all below it."""
    sums = [own[weight] for own in tree.own]
    for node in range(len(sums) - 1, 0, -1):
        sums[tree.parent[node]] += sums[node]
    return sums


def embedded(data: object) -> str:
    """Data as JSON that may stand in a script element: no sign in it can end the element or begin a comment."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
