"""What is drawn looks as it did: each picture is compared with a small one that is kept.

Both are brought to a quarter of their width, 270 pixels, and the root of the mean squared difference of
their colours is taken, of 255. Another build of the same letters comes to about 1; a panel that is
missing comes to 10, the other colours to 200. To keep new ones after looking at them:
`python -m tests.charts.test_pictures`.
"""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from bot.charts.chart import Chart, encode
from bot.charts.studio import CHILD, HOME
from tests.charts import examples

REFERENCES = Path(__file__).parent / "references"
WIDTH = 270
MOST = 2.0
MOST_BYTES = 40_000
PICTURES: dict[str, Chart] = {
    "practised-light": examples.practised(),
    "practised-dark": examples.practised(dark=True),
    "begun-light": examples.begun(),
    "interview-dark": examples.interview(dark=True),
}


def drawn(chart: Chart, folder: Path) -> Image.Image:
    """The picture of a chart."""
    environment = {"MPLCONFIGDIR": str(folder)}
    done = subprocess.run(
        CHILD, input=encode(chart), capture_output=True, cwd=HOME, env=environment, check=True
    )
    place = folder / "drawn.png"
    place.write_bytes(done.stdout)
    with Image.open(place) as image:
        return image.convert("RGB")


def small(image: Image.Image) -> Image.Image:
    """It at a quarter of its width."""
    assert image.width == 4 * WIDTH
    return image.resize((WIDTH, image.height // 4), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are apart, 0 to 255."""
    apart = np.asarray(ImageChops.difference(one, other), dtype=float)
    return float(np.sqrt(np.mean(apart**2)))


def kept(name: str) -> Image.Image:
    """The picture that is kept."""
    with Image.open(REFERENCES / f"{name}.png") as image:
        return image.convert("RGB")


@pytest.mark.parametrize("name", PICTURES)
def test_as_it_was(tmp_path: Path, name: str) -> None:
    """The picture is as wide as a phone, and looks as it did."""
    now = small(drawn(PICTURES[name], tmp_path))
    assert now.size == kept(name).size
    assert difference(now, kept(name)) < MOST


def test_a_difference_is_noticed() -> None:
    """A panel that is missing and the other colours are told from what is kept."""
    picture = kept("practised-light")
    blank = picture.copy()
    blank.paste("white", (0, 150, WIDTH // 3, 210))
    assert difference(picture, blank) > 2 * MOST
    assert difference(picture, kept("practised-dark")) > 100


@pytest.mark.parametrize("name", PICTURES)
def test_small_enough_to_keep(name: str) -> None:
    """What is kept stays small."""
    assert (REFERENCES / f"{name}.png").stat().st_size <= MOST_BYTES


def keep(folder: Path) -> None:
    """Keep the pictures as they are drawn now."""
    for name, chart in PICTURES.items():
        image = small(drawn(chart, folder)).quantize(256, dither=Image.Dither.NONE)
        image.save(REFERENCES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    keep(Path("/tmp"))
