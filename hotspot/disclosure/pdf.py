"""Turn a Word document into PDF, where the machine has LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from hotspot.errors import StoreError

_LONGEST_S = 120


def can_write_pdf() -> bool:
    """Tell whether this machine can turn Word into PDF."""
    return shutil.which("soffice") is not None


def pdf_of(document: bytes) -> bytes:
    """Turn a Word document into PDF, in a folder and a profile of its own that go afterwards.

    Raises
    ------
    StoreError
        The machine has no LibreOffice, or it could not do it.
    """
    office = shutil.which("soffice")
    if office is None:
        message = "This machine has no LibreOffice to make a PDF with; save it as Word instead."
        raise StoreError(message)
    with tempfile.TemporaryDirectory(prefix="hotspot-pdf-") as name:
        folder = Path(name)
        source = folder / "document.docx"
        source.write_bytes(document)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--norestore", "--convert-to", "pdf"]
        try:
            subprocess.run(  # noqa: S603 - a program of this machine, and files made here
                [*command, "--outdir", str(folder), str(source)],
                check=True,
                capture_output=True,
                timeout=_LONGEST_S,
            )
            return (folder / "document.pdf").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            message = "The PDF could not be made; save the document as Word instead."
            raise StoreError(message) from error
