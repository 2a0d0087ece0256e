"""A sheet to draw on, measured in pixels from its upper left corner, in light or dark.

The colours are Okabe and Ito's, which nearly everybody can tell apart; whatever they say, a shape or
a word says too.
"""

from dataclasses import dataclass
from io import BytesIO

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

WIDTH = 1080
DPI = 100
TITLE, HEADING, BODY, SMALL, TINY = 50, 38, 33, 29, 26
"""Sizes of letters in pixels: on a phone 29 are as large as a chat's own small print."""


@dataclass(frozen=True, slots=True)
class Palette:
    """What each colour is for; `heat`: few to many."""

    paper: str
    ink: str
    faint: str
    grid: str
    zone: str
    main: str
    second: str
    good: str
    heat: tuple[str, str, str, str, str]


LIGHT = Palette(
    paper="#FFFFFF",
    ink="#16191D",
    faint="#565E68",
    grid="#C9CED6",
    zone="#E3F3EC",
    main="#0072B2",
    second="#D55E00",
    good="#00795A",
    heat=("#EDEFF2", "#A9D3EC", "#56B4E9", "#0072B2", "#00436B"),
)
DARK = Palette(
    paper="#14171C",
    ink="#F3F4F6",
    faint="#AEB5BF",
    grid="#4A525D",
    zone="#17332B",
    main="#56B4E9",
    second="#E69F00",
    good="#2FC79A",
    heat=("#262B33", "#1C4A68", "#0072B2", "#56B4E9", "#D3ECFA"),
)


class Sheet:
    """A picture of `WIDTH` by `height` pixels."""

    def __init__(self, height: int, *, dark: bool) -> None:
        mpl.rcParams["font.family"] = "DejaVu Sans"  # comes with matplotlib: alike everywhere
        mpl.rcParams["text.parse_math"] = False  # two dollar signs are two dollar signs
        self.height = height
        self.palette = DARK if dark else LIGHT
        self._figure = Figure((WIDTH / DPI, height / DPI), DPI, facecolor=self.palette.paper)
        self._canvas = FigureCanvasAgg(self._figure)

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: int = BODY,
        *,
        colour: str | None = None,
        bold: bool = False,
        align: str = "left",
    ) -> None:
        """Words whose first line has its middle at this height."""
        self._figure.text(
            at[0] / WIDTH,
            1 - at[1] / self.height,
            words,
            fontsize=size * 72 / DPI,
            color=colour or self.palette.ink,
            fontweight="bold" if bold else "normal",
            horizontalalignment=align,
            verticalalignment="center",
        )

    def fitted(
        self, words: str, size: int, width: float, lines: int, *, bold: bool = False
    ) -> list[str]:
        """The words in so many lines of this width at most; what does not fit ends on an ellipsis."""
        rest, made = words.split(), list[str]()
        while rest and len(made) < lines:
            line = ""
            while rest and self.width(f"{line} {rest[0]}".strip(), size, bold) <= width:
                line = f"{line} {rest.pop(0)}".strip()
            if not line:  # one word that is wider than all there is
                line, rest = self._cut(rest[0], size, width, bold), rest[1:]
            made.append(line)
        if rest and made:
            made[-1] = self._cut(f"{made[-1]} {rest[0]}", size, width, bold)
        return made

    def _cut(self, words: str, size: int, width: float, bold: bool) -> str:
        while words and self.width(f"{words}…", size, bold) > width:
            shorter = words.rpartition(" ")[0]
            words = shorter or words[:-1]
        return f"{words.rstrip(',;:.')}…"

    def width(self, words: str, size: int, bold: bool = False) -> float:
        """How wide the words are, in pixels."""
        prop = FontProperties(weight="bold" if bold else "normal", size=size * 72 / DPI)
        renderer = self._canvas.get_renderer()  # type: ignore[no-untyped-call]
        return float(renderer.get_text_width_height_descent(words, prop, False)[0])

    def box(self, at: tuple[float, float], size: tuple[float, float], colour: str) -> None:
        """A filled box with its upper left corner there."""
        corner = (at[0] / WIDTH, 1 - (at[1] + size[1]) / self.height)
        extent = size[0] / WIDTH, size[1] / self.height
        # Below all axes, so that what stands on a box is seen.
        self._figure.add_artist(Rectangle(corner, *extent, facecolor=colour, lw=0, zorder=-1))

    def axes(self, at: tuple[float, float], size: tuple[float, float]) -> Axes:
        """Axes with their upper left corner there, bare but for their background."""
        left, bottom = at[0] / WIDTH, 1 - (at[1] + size[1]) / self.height
        axes = self._figure.add_axes((left, bottom, size[0] / WIDTH, size[1] / self.height))
        axes.set_facecolor("none")
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        return axes

    def png(self) -> bytes:
        """The sheet as a PNG, the same bytes for the same drawing."""
        made = BytesIO()
        self._figure.savefig(made, format="png", dpi=DPI, metadata={"Software": None})
        return made.getvalue()
