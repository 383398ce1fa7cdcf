"""What each role's day begins with, on the demonstration with its story."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from hotspot.access.actor import Actor, UserRole
from hotspot.services.hotspots import lineages, runs
from hotspot.services.premises import assessments
from hotspot.services.premises.book import Place
from hotspot.services.records import quality
from hotspot.services.upkeep.demo_story import tell_story
from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import OpenApp, open_app  # noqa: F401 - a fixture
from tests.helpers import actor_of_role


@pytest.fixture
def told(demo: Workspace) -> Workspace:
    assert tell_story(demo)
    return demo


def words_of(app: object) -> str:
    shown = [*app.markdown, *app.caption, *app.info]  # type: ignore[attr-defined]
    return "\n".join(part.value.replace("\\", "") for part in shown)


def open_today(open_app: OpenApp, told: Workspace, person: str) -> tuple[str, pd.DataFrame]:  # noqa: F811
    app = open_app(told, person).switch_page("start/today_page.py").run()
    assert not app.exception
    tables = [table.value for table in app.table]
    return words_of(app), tables[0] if tables else pd.DataFrame()


def test_an_analyst_reads_what_changed_why_and_what_not_to_believe(
    told: Workspace,
    analyst: Actor,
    open_app: OpenApp,  # noqa: F811
) -> None:
    quality.mark_change(told, analyst, "incidents", date(2026, 3, 1), "A new system")
    words, _ = open_today(open_app, told, "asha")
    assert "In 2026-10 against 2026-09" in words
    assert "No hotspot is new, gone, split or merged, and none grew or shrank." in words
    assert "H-07: one child's records drive it. Do not brief it." in words
    assert "H-05: nothing recorded since 23 August 2026; it may be over." in words
    assert "Recording changed on 01 March 2026: A new system" in words
    newest = runs.newest_days(told)["missing"]
    assert f"Missing episodes: newest record of {newest:%d %B %Y}, " in words


def test_a_licensing_officer_sees_the_next_deadline_and_what_may_be_shown_at_the_door(
    told: Workspace,
    open_app: OpenApp,  # noqa: F811
) -> None:
    words, table = open_today(open_app, told, "lee")
    assert "What I can show at the door" in words
    assert "early warning letter: Plan agreed: cameras, training, refusals log" in words
    assert table["What is due"].iloc[0] == "Look again, as agreed"
    assert "21DA" not in words
    assert "What changed" not in words


def test_a_chair_sees_late_actions_first(told: Workspace, open_app: OpenApp) -> None:  # noqa: F811
    words, table = open_today(open_app, told, "drew")
    assert "The last was MACE, last month" in words
    assert table["Late"].tolist()[:2] == ["late", "late"]
    assert set(table["Late"].tolist()[2:]) == {""}
    assert "What not to believe" not in words


def test_a_hotspots_page_shows_where_it_lies_and_what_became_of_it(
    told: Workspace,
    open_app: OpenApp,  # noqa: F811
) -> None:
    app = open_app(told, "asha").switch_page("hotspots/hotspot_page.py").run()
    assert not app.exception
    words = words_of(app)
    assert "HS-0001: new in 2026-09, continued in 2026-10." in words
    assert "1 not signed by a second analyst yet." in words
    assert "What could be wrong about it" in words
    assert any('alt="Outline of H-01 on the ground"' in part.proto.body for part in app.get("html"))
    lead_sees = words_of(open_app(told, "drew").switch_page("hotspots/hotspot_page.py").run())
    assert "None is signed yet." in lead_sees
    assert "What could be wrong about it" not in lead_sees


LINEAGE = pd.DataFrame(
    [
        (1, "2026-09", 1, "new", 40.0, 9.0, None, ""),
        (1, "2026-09", 2, "new", 30.0, None, None, ""),
        (1, "2026-09", 3, "new", 20.0, 5.0, None, ""),
        (2, "2026-10", 1, "continued", 40.0, 9.0, None, ""),
        (2, "2026-10", 2, "grew", 31.0, None, None, "The same rank"),
        (2, "2026-10", 3, "dormant", None, None, None, ""),
        (2, "2026-10", 4, "split", 12.0, 4.0, 1.0, ""),
    ],
    columns=[
        "snapshot_id",
        "snapshot",
        "hotspot_id",
        "event",
        "events",
        "children",
        "related_id",
        "why",
    ],
).assign(hotspot=lambda t: [f"HS-{n:04}" for n in t["hotspot_id"]], name="")


def test_what_is_news_comes_first_in_words_and_nothing_unknown_is_counted() -> None:
    changed = lineages.last_changes(LINEAGE)
    assert changed["event"].tolist() == ["split", "grew", "dormant", "continued"]
    assert changed["said"].tolist() == [
        "with HS-0001",
        "31 records (30 before); an analyst's word: The same rank",
        "",
        "as many records and children as before",
    ]
    assert lineages.last_changes(LINEAGE.head(3))["said"].tolist() == ["", "", ""]
    assert lineages.last_changes(LINEAGE.head(0)).empty


def test_nothing_of_incidents_is_for_the_door(told: Workspace) -> None:
    officer = actor_of_role(UserRole.POLICE_LICENSING)
    first = assessments.list_assessments(told, officer).iloc[0]
    place: Place = (first["source"], first["premises_ref"])
    card = assessments.card_of(told, officer, place)
    assert card.incidents
    said = assessments.at_the_door(card)
    assert said[0].startswith(f"Licensing register {first['premises_ref']}; ")
    assert [line[:11] for line in said[1:]] == [
        f"{date.today() - timedelta(days=days):%d %b %Y}"  # noqa: DTZ011
        for days in (30, 70)
    ]
    assert not any("Alcohol sold to a child" in line for line in said)
