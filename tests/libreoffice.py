"""LibreOffice and poppler as a second opinion on the files the pipeline writes.

LibreOffice opens each workbook and document on its own terms: it recalculates the formulas
and lays out the pages. Nothing here is used by the pipeline, only by its tests.

A test that needs a program carries `needs_soffice` or `needs_pdftotext`; the fixtures behind
those marks are `libreoffice` and `pdftotext`, to be imported by conftest.py. Without the
program the test is skipped on a desk and fails where the environment says CI=true.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import openpyxl
import pytest
from lxml import etree, html

from pipeline.documents.word import impaginatore

SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WRONG_VALUE = -999  # a figure no workbook of ours contains

# Where the installers put LibreOffice when it is not on the PATH.
USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)

# 0 = always recalculate on load. The factory setting trusts the values kept in the file,
# so a wrong one written by us would come back looking confirmed.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

PATIENCE = 40
"""Seconds for a file, before one that is open is taken for dead: it may be, and nothing says so."""

CellValues = dict[str, dict[str, object]]  # sheet name -> cell address -> value


class ConversionError(RuntimeError):
    """LibreOffice did not produce the file asked for."""


# --- the programs, and what a test does without them


def soffice() -> str | None:
    """Return the path of the LibreOffice binary, or None when it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in USUAL_PLACES if Path(place).is_file()), None)


def stop_without(program: str, in_ci: bool) -> NoReturn:
    """Skip the running test for want of `program`; in CI fail it, so that no check vanishes."""
    reason = f"{program} is not installed: this check needs it"
    if in_ci:
        pytest.fail(f"{reason}, and with CI=true it may not be skipped")
    pytest.skip(reason)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


@pytest.fixture(scope="session")
def libreoffice() -> Iterator[str]:
    """Path of the LibreOffice binary; without it the test is skipped, or fails in CI."""
    yield soffice() or stop_without("LibreOffice (soffice)", _in_ci())
    _close()


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """Path of poppler's pdftotext; without it the test is skipped, or fails in CI."""
    return shutil.which("pdftotext") or stop_without("poppler (pdftotext)", _in_ci())


needs_soffice = pytest.mark.usefixtures("libreoffice")
needs_pdftotext = pytest.mark.usefixtures("libreoffice", "pdftotext")


# --- conversion


def convert(
    source: Path,
    target_dir: Path,
    format: str,  # noqa: A002 - LibreOffice's own word for it
    *,
    recalculate: bool = False,
    timeout: float = 120,
) -> Path:
    """Convert `source` with LibreOffice and return the file written in `target_dir`.

    `format` is what --convert-to takes: "pdf", "xlsx", or "ext:Filter name". With
    `recalculate` every formula is computed anew on load. The profile is ours alone, so that an
    open desktop LibreOffice, or the tests of another process, are never in the way.
    Raises ConversionError when the file does not come out or the time is up.
    """
    return convert_all([source], target_dir, format, recalculate=recalculate, timeout=timeout)[0]


def convert_all(
    sources: list[Path],
    target_dir: Path,
    format: str,  # noqa: A002
    *,
    recalculate: bool = False,
    timeout: float = 120,
) -> list[Path]:
    """Convert several files as `convert` does, all in one go.

    The files must have different names; `timeout` is what each may take.
    """
    binary = soffice()
    if binary is None:
        raise ConversionError("LibreOffice (soffice) is not installed")
    targets = [target_dir / f"{source.stem}.{format.split(':')[0]}" for source in sources]
    if len(set(targets)) < len(targets):
        raise ValueError("a conversion would overwrite another")
    for source, target in zip(sources, targets, strict=True):
        if target.resolve() == source.resolve():
            raise ValueError(f"the conversion would overwrite its own source: {source}")
        target.unlink(missing_ok=True)  # a file left by an earlier run must not pass for this one
    target_dir.mkdir(parents=True, exist_ok=True)
    arguments = ["--convert-to", format, "--outdir", str(target_dir), *map(str, sources)]
    timeout *= len(sources)
    if profile := _open_one(binary, recalculate):
        with suppress(ConversionError):
            _run(_command(binary, profile, *arguments), min(timeout, PATIENCE * len(sources)))
            if all(map(_written, targets)):
                return targets
        _close()  # whatever the cause, one that has just been started has the last word
        for target in targets:
            target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _make_profile(Path(folder), recalculate)
        code, output = _run(_command(binary, Path(folder), *arguments), timeout)
    for target in targets:
        if not _written(target):  # soffice exits 0 all the same
            raise ConversionError(f"no {target.name} (exit {code})\n{output}")
    return targets


def _written(target: Path) -> bool:
    return target.is_file() and target.stat().st_size > 0


def _make_profile(folder: Path, recalculate: bool) -> None:
    if recalculate:
        settings = folder / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(ALWAYS_RECALCULATE, encoding="utf-8")


def _command(binary: str, profile: Path, *arguments: str) -> list[str]:
    installation = f"-env:UserInstallation={profile.as_uri()}"
    return [binary, installation, "--headless", "--norestore", "--nologo", *arguments]


TIED = ("sh", "-c", impaginatore._CON_IL_FILO, "sh") if os.name == "posix" else ()
"""It ends with the process that has started it, however that ends."""


class Office(NamedTuple):
    """A LibreOffice that is kept open, its profile, and whether it computes every formula anew."""

    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]
    recalculate: bool


_kept: list[Office] = []  # one at most: it takes some hundred megabytes


def _open_one(binary: str, recalculate: bool) -> Path | None:
    """The profile of a LibreOffice kept open for the next conversions; None if it does not open.

    Starting it takes longer than most conversions. Whoever starts it again with the same profile only
    hands over the files and waits; it stays open as long as a document is open in it.
    """
    if _kept and (_kept[0].recalculate != recalculate or _kept[0].process.poll() is not None):
        _close()
    if not _kept:
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        document = Path(folder.name, "open.txt")
        document.write_text("open", encoding="utf-8")
        _make_profile(Path(folder.name), recalculate)
        process = subprocess.Popen(
            [*TIED, *_command(binary, Path(folder.name), str(document))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _kept.append(Office(process, folder, recalculate))
        if not _opens(process, document.with_name(".~lock.open.txt#")):
            _close()
            return None
    return Path(_kept[0].folder.name)


def _opens(process: subprocess.Popen[bytes], lock: Path, seconds: float = 60) -> bool:
    """Whether the document is open before long: then there is its lock beside it."""
    end = time.monotonic() + seconds
    while not lock.exists():
        if process.poll() is not None or time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _close() -> None:
    while _kept:
        office = _kept.pop()
        _kill(office.process)
        with suppress(BrokenPipeError), office.process:
            pass  # closes the pipe and waits for the end
        office.folder.cleanup()


def _kill(process: subprocess.Popen[Any]) -> None:
    """End a process and its children: soffice is a launcher, ending it alone is not enough."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _run(command: list[str], timeout: float) -> tuple[int, str]:
    """Run `command` and return exit code and output; when the time is up, end its children too:
    they would hold the output open, and the test would hang."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        _kill(process)
        process.communicate()
        raise ConversionError(f"not finished after {timeout} s: {' '.join(command)}") from None
    return process.returncode, output


# --- formulas and their values


def cached_values(xlsx: Path) -> CellValues:
    """Return the values kept in the file: sheet -> cell address -> value.

    Empty cells are left out, and so are formulas whose result is the empty text.
    """
    book = openpyxl.load_workbook(xlsx, data_only=True)
    return {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        for sheet in book.worksheets
    }


def recalculated_values(xlsx: Path, workdir: Path) -> CellValues:
    """Return the values after a true recalculation, in the same shape as cached_values."""
    return cached_values(convert(xlsx, workdir / "recalculated", "xlsx", recalculate=True))


def formula_cells(xlsx: Path) -> dict[str, set[str]]:
    """Return the addresses of the cells that hold a formula, by sheet (every sheet is there)."""
    book = openpyxl.load_workbook(xlsx)
    return {
        sheet.title: {
            cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
        }
        for sheet in book.worksheets
    }


def formula_differences(xlsx: Path, workdir: Path, tolerance: float = 1e-9) -> list[str]:
    """Compare each formula's kept value with the recalculated one; return what differs.

    `tolerance` is relative, and absolute near zero. Empty list: the file tells the truth.
    """
    return formula_differences_of([xlsx], workdir, tolerance)[0]


def formula_differences_of(
    sources: list[Path], workdir: Path, tolerance: float = 1e-9
) -> list[list[str]]:
    """The same of several workbooks of different names, with LibreOffice started once for all."""
    copies = convert_all(sources, workdir / "recalculated", "xlsx", recalculate=True)
    return [_differences(*pair, tolerance) for pair in zip(sources, copies, strict=True)]


def _differences(xlsx: Path, copy: Path, tolerance: float) -> list[str]:
    kept, recalculated = cached_values(xlsx), cached_values(copy)
    return [
        f"{sheet}!{address}: in the file {before!r}, recalculated {after!r}"
        for sheet, addresses in formula_cells(xlsx).items()
        for address in sorted(addresses)
        if not _same(
            before := kept[sheet].get(address),
            after := recalculated[sheet].get(address),
            tolerance,
        )
    ]


def _same(left: object, right: object, tolerance: float) -> bool:
    """Numbers are the same within the tolerance; everything else when equal and of one type."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance)
    return left == right


def with_wrong_cached_values(xlsx: Path, target: Path) -> Path:
    """Write in `target` a copy of the workbook whose every formula is kept as -999.

    It proves that a check recalculates: one that trusts the file sees -999 everywhere.
    """
    with zipfile.ZipFile(xlsx) as source, zipfile.ZipFile(target, "w") as copy:
        for item in source.infolist():
            content = source.read(item)
            if item.filename.startswith("xl/worksheets/") and item.filename.endswith(".xml"):
                content = _with_wrong_values(content)
            copy.writestr(item.filename, content, zipfile.ZIP_DEFLATED)
    return target


def _with_wrong_values(sheet_xml: bytes) -> bytes:
    """Return the sheet with -999 as the value of each formula cell, whatever its type was."""
    root = etree.fromstring(sheet_xml)
    for cell in root.iter(f"{{{SHEET_NS}}}c"):
        if cell.find(f"{{{SHEET_NS}}}f") is None:
            continue
        if "t" in cell.attrib:  # text, boolean or error: from now on a number
            del cell.attrib["t"]
        value = cell.find(f"{{{SHEET_NS}}}v")
        if value is None:
            value = etree.SubElement(cell, f"{{{SHEET_NS}}}v")
        value.text = str(WRONG_VALUE)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# --- pages


def pdf_pages(pdf: Path) -> list[str]:
    """Return the text of each page, laid out as on paper."""
    text = _pdftotext("-layout", "-enc", "UTF-8", str(pdf), "-")
    return text.split("\f")[:-1]  # one form feed closes every page


def empty_pages(pdf: Path, least_chars: int = 10, margin_lines: int = 3) -> list[int]:
    """Return the numbers, from 1, of the pages with nearly nothing beside header and footer.

    A running line is one found among the first or last `margin_lines` lines of more than half
    of the pages (numbers aside: "Pagina 2 di 9" runs too; a cover without header is allowed).
    A page is empty when fewer than `least_chars` characters are left. A page with a picture
    and no caption has no text, and is returned as well.
    """
    pages = [_lines(page) for page in pdf_pages(pdf)]
    margins = [_margin_lines(lines, margin_lines) for lines in pages]
    seen = [line for margin in margins for line in set(margin)]
    often = max(2, len(pages) // 2 + 1)
    running = {line for line in seen if seen.count(line) >= often}
    return [
        number
        for number, lines in enumerate(pages, start=1)
        if len("".join(_body_lines(lines, margin_lines, running))) < least_chars
    ]


def _lines(page: str) -> list[str]:
    """Return the lines of a page that are not blank, with single blanks between the words."""
    return [" ".join(line.split()) for line in page.splitlines() if line.strip()]


def _without_numbers(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _margin_lines(lines: list[str], count: int) -> list[str]:
    """Return the first and the last `count` lines of a page, with # for each number."""
    return [_without_numbers(line) for line in [*lines[:count], *lines[count:][-count:]]]


def _body_lines(lines: list[str], count: int, running: set[str]) -> list[str]:
    """Return the lines of a page but the running ones at its top and its bottom."""
    last = len(lines) - count
    return [
        line
        for place, line in enumerate(lines)
        if count <= place < last or _without_numbers(line) not in running
    ]


def pages_beyond_margin(pdf: Path, tolerance_pt: float = 1.0, margin_pt: float = 14.0) -> list[int]:
    """Return the numbers, from 1, of the pages with text outside the space it should keep to.

    Sideways a word must stay `margin_pt` away from the edge of the paper, less the tolerance:
    14 points are 5 mm, which nothing of ours comes near unless a table runs off the page; pass
    the document's own margin for a stricter check. Upwards and downwards, where header and
    footer are, only the edge of the paper counts. LibreOffice leaves out of the PDF the cells
    that lie wholly off the page, hence the look at the last ones still on it.
    """
    beyond = []
    for number, page in enumerate(_pages_with_boxes(pdf), start=1):
        width, height = float(page.get("width", 0)), float(page.get("height", 0))
        if any(
            left < margin_pt - tolerance_pt
            or right > width - margin_pt + tolerance_pt
            or top < -tolerance_pt
            or bottom > height + tolerance_pt
            for left, top, right, bottom in map(_box, page.iter("word"))
        ):
            beyond.append(number)
    return beyond


def _pages_with_boxes(pdf: Path) -> list[html.HtmlElement]:
    text = _pdftotext("-bbox", "-enc", "UTF-8", str(pdf), "-")
    return list(html.fromstring(text.encode("utf-8")).iter("page"))


def _box(word: html.HtmlElement) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom in points (lxml's HTML parser lowers attribute names)."""
    left, top, right, bottom = (float(word.get(k, 0)) for k in ("xmin", "ymin", "xmax", "ymax"))
    return left, top, right, bottom


def _pdftotext(*arguments: str) -> str:
    done = subprocess.run(
        ["pdftotext", *arguments], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    if done.returncode:
        raise ConversionError(f"pdftotext {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
