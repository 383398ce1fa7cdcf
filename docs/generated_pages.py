"""Write the reference pages that are data in the code: measures, permissions and commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
from typer.main import get_command

from hotspot.access.actor import ROLE_LABELS, UserRole
from hotspot.access.permissions import PERMISSIONS, Scope
from hotspot.cli.common import app
from hotspot.disruption.clocks import words_of
from hotspot.disruption.measures import OBJECTIVES, SUBJECTS, Measure, load_catalogue

SCOPES = {Scope.ALL: "all", Scope.OWN_DISTRICTS: "own districts", Scope.OWN_WORK: "own work"}
CO_OPERATION = {"not_needed": "not needed", "helps": "helps", "needed": "needed"}


def write_pages(folder: Path) -> None:
    """Write all pages; one that has not changed is left alone, so that Sphinx need not read it."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"measures": measures_page, "permissions": permissions_page, "commands": commands_page}
    for name, make in pages.items():
        path, text = folder / f"{name}.md", "\n".join(make()) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def measures_page() -> Iterator[str]:
    """Yield the catalogue of measures, one section a measure."""
    catalogue = load_catalogue()
    yield "# Measures"
    yield ""
    yield (
        f"The {len(catalogue)} measures that come with Hotspot, as data. No advice: a force's "
        "legal team reads each against the law before it is used, and lays its own file "
        "over the catalogue."
    )
    yield ""
    yield from _table(
        ("code", "measure", "serves"),
        (
            (f"[{code}](#{_anchor(code)})", measure.name, OBJECTIVES[measure.objective])
            for code, measure in catalogue.items()
        ),
    )
    for code, measure in catalogue.items():
        yield from _measure(code, measure)


def _measure(code: str, measure: Measure) -> Iterator[str]:
    yield f"({_anchor(code)})="
    yield f"## {code} {_plain(measure.name)}"
    yield ""
    facts = {
        "Basis": measure.basis,
        "Applied for by": measure.applied_for_by,
        "Decided by": measure.decided_by,
        "Directed at": ", ".join(SUBJECTS[name].lower() for name in measure.subject),
        "The child's co-operation": CO_OPERATION[measure.victim_cooperation],
        "Led by": measure.lead,
        "Ends as": ", ".join(measure.outcomes),
        "If broken": measure.breach,
        "Not settled": measure.doubt,
        "Source": measure.source,
        "Checked": f"{measure.checked_on} by {measure.checked_by}"
        if measure.checked_on
        else "not yet checked by your legal team",
    }
    yield from _table(("", ""), ((name, said) for name, said in facts.items() if said))
    if measure.clock:
        yield from _table(
            ("deadline", "counted", "source"),
            ((step.says, step.within.words(step.after), step.source) for step in measure.clock),
        )
    if measure.gates:
        yield from _table(("gate", "rule"), ((gate.level, gate.words) for gate in measure.gates))
    if measure.stages:
        yield f"Its ladder: {_plain(', '.join(words_of(stage.name) for stage in measure.stages))}."
        yield ""


def permissions_page() -> Iterator[str]:
    """Yield the table of what each role may do, and how each operation is logged."""
    yield "# What each role may do"
    yield ""
    yield (
        "Every service asks this table before it reads or writes "
        "(`hotspot/access/permissions.py`). An empty field is a refusal; of several roles the "
        "widest scope counts."
    )
    yield ""
    titles = ("operation", *(ROLE_LABELS[role] for role in UserRole), "logged as", "reason asked")
    yield from _table(
        titles,
        (
            (
                operation.value,
                *(SCOPES[rule.grants[role]] if role in rule.grants else "" for role in UserRole),
                rule.category.value,
                rule.reason.value if rule.reason else "",
            )
            for operation, rule in PERMISSIONS.items()
        ),
    )


def commands_page() -> Iterator[str]:
    """Yield the commands with their arguments and options, as `--help` has them."""
    yield "# Commands"
    yield ""
    yield (
        "What `hotspot COMMAND --help` says. Errors are one line and exit status 2; `--json` "
        "prints results for other programs."
    )
    yield ""
    yield from _commands(get_command(app), ("hotspot",))


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    children = getattr(command, "commands", None)
    if children is not None:
        for name, child in sorted(children.items()):
            yield from _commands(child, (*path, name))
        return
    yield f"## {' '.join(path)}"
    yield ""
    yield _plain((command.help or "").partition("\n\n")[0])
    yield ""
    with click.Context(command, info_name=" ".join(path)) as context:
        records = [
            record
            for param in command.get_params(context)
            if param.name != "help" and (record := _described(param, context))
        ]
    if records:
        yield from _table(("", ""), records)


def _described(param: click.Parameter, context: click.Context) -> tuple[str, str]:
    record = param.get_help_record(context)
    if record is None:
        return (f"`{param.make_metavar(context)}`", str(getattr(param, "help", "") or ""))
    return (f"`{record[0].strip()}`", record[1].replace("[", "(").replace("]", ")"))


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(_plain(cell) for cell in row)} |"
    yield ""


def _anchor(code: str) -> str:
    return f"measure-{code.lower()}"


def _plain(text: str) -> str:
    """Return text for a field of a table: one line, no mark of a column, markup only as code."""
    parts = " ".join(str(text).split()).replace("|", "\\|").split("`")
    return "`".join(part if at % 2 else part.replace("<", "&lt;") for at, part in enumerate(parts))
