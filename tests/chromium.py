"""A page as a browser lays it out: Chromium without a window, and axe-core for its accessibility."""

import html
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parent.parent / ".ci/node_modules/axe-core/axe.min.js"
NOMI = ("chromium", "chromium-browser", "google-chrome")
CORNICE = """<!DOCTYPE html><html lang="it"><title>prova</title><body style="margin:0">
<pre id="detto"></pre>
<script>
const detti = [];
addEventListener("message", m => {{
  detti.push(m.data);
  document.getElementById("detto").textContent = JSON.stringify(detti);
}});
</script>
{riquadri}
</body></html>"""
PROVA = """<script src="{axe}"></script>
<script>
addEventListener("load", async () => {{
  const esito = await axe.run(document, {regole});
  parent.postMessage({{
    nome: {nome},
    regole: esito.passes.length,
    difetti: esito.violations.flatMap(v => v.nodes.map(n => `${{v.id}}: ${{n.html}}`)),
    largo: document.documentElement.scrollWidth,
    scuro: matchMedia("(prefers-color-scheme: dark)").matches,
    sfondo: getComputedStyle(document.body).backgroundColor,
  }}, "*");
}});
</script>"""


@dataclass(frozen=True)
class Vista:
    """What a browser says of a page so wide: the `difetti` that axe-core finds, how wide it became."""

    nome: str
    regole: int
    difetti: list[str]
    largo: int
    scuro: bool
    sfondo: str


def programma() -> str:
    """The browser. Skips where it or axe-core is not installed; fails there in CI."""
    trovato = next(filter(None, map(shutil.which, NOMI)), None)
    manca = "Chromium" if trovato is None else "" if AXE.exists() else "axe-core (npm ci --prefix .ci)"
    if manca and os.environ.get("CI") == "true":
        pytest.fail(f"manca {manca}")
    if manca:
        pytest.skip(f"manca {manca}")
    return trovato or ""


def guarda(pagine: list[Path], larghezze: list[int], scuro: bool, cartella: Path) -> dict[str, Vista]:
    """Every page at every width, by "name width": by all the rules, in the dark by those on colours."""
    browser, riquadri = programma(), []
    for pagina in pagine:
        for largo in larghezze:
            nome = f"{pagina.name} {largo}"
            copia = cartella / f"{nome.replace(' ', '_')}.html"
            copia.write_text(con_axe(pagina.read_text(encoding="utf-8"), nome, scuro), encoding="utf-8")
            riquadri.append(
                f'<iframe src="{copia.name}" style="border:0;width:{largo}px;height:1200px"></iframe>'
            )
    cornice = cartella / f"cornice{'_scura' * scuro}.html"
    cornice.write_text(CORNICE.format(riquadri="\n".join(riquadri)), encoding="utf-8")
    detto = avvia(browser, cornice, scuro)
    return {vista["nome"]: Vista(**vista) for vista in detto}


def con_axe(testo: str, nome: str, scuro: bool) -> str:
    """A copy of a page that judges itself: its own rule lets in no script."""
    senza = re.sub(r"<meta http-equiv=[^>]*>", "", testo)
    regole = json.dumps({"runOnly": ["cat.color"]} if scuro else {})
    prova = PROVA.format(axe=AXE.as_uri(), nome=json.dumps(nome), regole=regole)
    return senza.replace("</body>", f"{prova}</body>")


def avvia(browser: str, cornice: Path, scuro: bool) -> list[dict[str, Any]]:
    comando = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    comando += [
        "--virtual-time-budget=20000",
        f"--user-data-dir={cornice.parent / 'profilo'}",
        "--allow-file-access-from-files",
    ]
    comando += ["--force-dark-mode"] if scuro else []
    esito = subprocess.run(
        [*comando, "--window-size=1300,1300", "--dump-dom", cornice.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    trovato = re.search(r'<pre id="detto">(.*?)</pre>', esito.stdout, re.DOTALL)
    assert trovato and trovato[1], f"nessuna risposta da {browser}: {esito.stderr[-500:]}"
    detti: list[dict[str, Any]] = json.loads(html.unescape(trovato[1]))
    return detti
