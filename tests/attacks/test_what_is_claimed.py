"""What the table of docs/security.md claims and no other test would miss, if it were not so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from hotspot.access import accounts as rules
from hotspot.access.actor import UserRole
from hotspot.access.sessions import SessionPolicy, SignInStage, new_token
from hotspot.errors import InputError, SignInRefusedError
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.workspace.folder import Workspace
from hotspot.store.accounts import use_code
from hotspot.store.unit_of_work import keeping_time
from tests.helpers import PASSWORD, SHELL, add_person
from tests.intake.cases import read
from tests.services.people.signing_in import NEW, Clock, with_factor

ROOT = Path(__file__).resolve().parents[2]
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "hotspot").rglob("*.py"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(workspace: Workspace, clock: Clock) -> Doorkeeper:
    return Doorkeeper(workspace, clock)


def calls_in(path: Path) -> list[tuple[str, ast.Call]]:
    """The calls of a module, by the full name that is called as far as it can be read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(ast.unparse(one.func), one) for one in ast.walk(tree) if isinstance(one, ast.Call)]


def test_no_command_of_the_machine_is_made_from_what_is_typed() -> None:
    """Two programs are started, each from a list without a shell."""
    starts = []
    for path in MODULES:
        for name, call in calls_in(path):
            assert not re.match(r"os\.(system|popen|exec|spawn|posix_spawn)", name), path
            assert name not in {"eval", "exec", "compile"}, path
            if name.startswith("subprocess."):
                starts.append(path.name)
                assert "shell" not in {word.arg for word in call.keywords}, path
    assert sorted(starts) == ["pdf.py", "serving.py"]


def test_xml_is_read_by_defusedxml_alone() -> None:
    parsers = {"parse", "iterparse", "fromstring", "XMLParser", "XML"}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("xml", "lxml")):
                assert not parsers & {one.name for one in node.names}, path
            if isinstance(node, ast.Import):
                assert not [n for n in node.names if n.name.split(".")[0] in {"xml", "lxml"}], path


@pytest.mark.parametrize(
    ("source", "name"),
    [("food-hygiene", "f.xml"), ("places", "f.osm"), ("sensitive-sites", "f.kml")],
)
def test_an_entity_of_entities_is_refused(tmp_path: Path, source: str, name: str) -> None:
    content = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(InputError, match="readable"):
        read(tmp_path, content, source, name)


def test_the_guide_tells_how_guessing_is_limited_and_sessions_end() -> None:
    """The figures of the code stand in the guide, so that one is not changed without the other."""
    words = {3: "Three", 10: "tenth"}
    for said in (
        f"{words[rules.FREE_FAILURES]} failures in a row are free",
        f"from the {words[rules.LOCKED_AFTER]} on",
        f"locks for {rules.LOCKED_FOR.seconds // 60} minutes",
        f"{rules.MIN_LENGTH} to {rules.MAX_LENGTH} characters",
        f"after {SessionPolicy().idle.seconds // 60} minutes without use",
        f"after {SessionPolicy().longest.seconds // 3600} hours",
    ):
        assert said in " ".join(SECURITY.split()), said


def test_nobody_is_let_in_but_by_the_ways_that_are_named() -> None:
    """A session begins in the doorkeeper (account, demonstration) or by single sign-on."""
    ways = {p.name for p in MODULES for name, _ in calls_in(p) if name.endswith(".admit")}
    made = {p.name for p in MODULES for name, _ in calls_in(p) if name.endswith("add_session")}
    assert ways == {"doorkeeper.py", "sign_on.py"}
    assert made == {"session_book.py"}


def test_a_new_password_from_the_administrator_goes_not_around_the_second_factor(
    door: Doorkeeper, clock: Clock, workspace: Workspace
) -> None:
    name, app = with_factor(door, clock, UserRole.ADMINISTRATOR)
    known = accounts.find_account(workspace, SHELL, name)
    accounts.set_password(workspace, SHELL, known, NEW)
    entered = door.sign_in(name, NEW, "")
    assert entered.session.stage is SignInStage.NEEDS_CODE
    with pytest.raises(SignInRefusedError):
        door.give_code(entered.token, "000000", "")
    clock.on(minutes=1)
    given = door.give_code(entered.token, app.at(clock.now), "")
    assert given.session.stage is not SignInStage.NEEDS_CODE


def test_secrets_are_long_and_from_the_operating_system() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) * 6 >= 256
    assert len(rules.new_second_factor()) * 5 >= 160
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(import random|from random)", text, re.MULTILINE), path


def test_no_hash_and_no_cipher_is_weak_or_our_own() -> None:
    weak = {"hashlib.md5", "hashlib.sha1", "hashlib.new"}
    for path in MODULES:
        names = {name for name, _ in calls_in(path)}
        assert not names & weak, path
        assert not {name.rpartition(".")[2] for name in names} & {"ARC4", "DES", "ECB", "Cipher"}
    hashed = rules.hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$")


def test_a_code_that_comes_twice_at_once_is_taken_once(workspace: Workspace) -> None:
    """Two requests may both have read that it was not used: the database lets one of them."""
    name = add_person(workspace, UserRole.ANALYST)
    number = accounts.find_account(workspace, SHELL, name).account_id
    with keeping_time(workspace.engine) as connection:
        assert [use_code(connection, number, step) for step in (7, 7, 6, 8)] == [
            True,
            False,
            False,
            True,
        ]
