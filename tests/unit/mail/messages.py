# SPDX-License-Identifier: EUPL-1.2
"""Messages with invented people in them; every number is from the range for tests."""

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

BSNS = ["999990019", "999990020", "999990032", "999990044"]


def message(text: str = "Beste,", **attached: bytes) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "m.devries@gemeente.example", "piet@example.org", "Stukken"
    made.set_content(text)
    for name, content in attached.items():
        stem, _, ending = name.rpartition("_")
        made.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=f"{stem}.{ending}"
        )
    return made.as_bytes()


def html(text: str) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"] = "m.devries@gemeente.example"
    made.set_content("zie html")
    made.add_alternative(text, subtype="html")
    return made.as_bytes()


def xlsx(numbers: list[str], *, shared: bool = True) -> bytes:
    """Make a workbook: numbers as shared strings, or as numbers in the cells."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = "".join(f"<si><t>{number}</t></si>" for number in numbers)
    cells = "".join(
        f'<row><c t="s"><v>{at}</v></c></row>' if shared else f"<row><c><v>{number}</v></c></row>"
        for at, number in enumerate(numbers)
    )
    parts = {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
    return zipped(parts)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()
