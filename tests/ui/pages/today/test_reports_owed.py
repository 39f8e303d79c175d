"""An incident with 强制报告 that no authority was told of stands first on 今日, without the child's name, until one is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from app.children.queries import load_facts
from app.diary.codes import IncidentKind, ReportBody
from app.diary.incidents import IncidentDraft, ReportDraft, remove_incident, save_incident
from ui.pages.today.lines import REPORTS
from ui.pages.today.page import TodayPage
from ui.theme import Tone

WAIT = 10_000


@pytest.fixture
def page(ledger, qtbot):
    made = TodayPage(ledger)
    qtbot.addWidget(made)
    made.badges = []
    made.counted.connect(made.badges.append)
    made.resize(1222, 656)
    qtbot.show(made)
    qtbot.waitUntil(lambda: made._children is not None and bool(made.listed.due.keys), timeout=WAIT)
    return made


def in_all(page):
    return page.listed.filters._chips[0][2]


def reports_shown(page, qtbot, number):
    qtbot.waitUntil(
        lambda: sum(key.startswith(("report:", "incident:")) for key in page.listed.due.keys) == number,
        timeout=WAIT,
    )


def incident(asked, ledger, **more):
    child = asked(load_facts, ledger.clock.today())[0]
    return child, IncidentDraft(
        child_uuid=child.uuid,
        kind=IncidentKind.ABUSE,
        found_at="2026-11-21T08:10",
        must_report=True,
        **more,
    )


def test_it_stands_first_counts_and_leads_to_its_form_until_an_authority_is_told(page, ledger, asked, qtbot):
    before, badge = in_all(page), page.badges[-1]
    child, draft = incident(asked, ledger)
    ledger.write(save_incident, draft=draft)
    reports_shown(page, qtbot, 1)

    group = page.listed.lines.groups[0]
    first = group.rows[0]
    assert (group.title, group.tone) == ("要紧的", Tone.RED)
    assert (first.kind, first.head) == ("强制报告", "突发事件 2026-001")
    assert first.reason == "今天 08:10 发现，还没有报告公安、民政或教育部门：强制报告要立即做"
    assert child.name not in f"{first.head}{first.aside}{first.reason}{first.who}"
    assert page.listed.due.current == first.key, "nobody chose another line"
    assert (in_all(page), page.badges[-1]) == (before + 1, badge + 1)
    assert page.listed.filters._chips[1] == (REPORTS, "强制报告", 1)
    page._go(first.key)
    assert ledger.navigation.opened[-1] == ("diary", {"part": "incidents", "uuid": draft.uuid})

    page.listed.filters._choose(REPORTS)
    assert page.listed.due.keys == [first.key]
    page.listed.filters._choose("all")

    report = ReportDraft(reported_at="2026-11-21T08:30", body=ReportBody.EDUCATION, reporter="周秀兰")
    _, told = incident(asked, ledger, uuid=draft.uuid, reports=(report,))
    ledger.write(save_incident, draft=told)
    reports_shown(page, qtbot, 0)
    assert (in_all(page), page.badges[-1]) == (before, badge)


def test_two_are_two_lines_and_closing_one_or_telling_the_town_is_no_report(page, ledger, asked, qtbot):
    town = ReportDraft(reported_at="2026-11-21T08:30", body=ReportBody.GOVERNMENT, reporter="周秀兰")
    _, first = incident(asked, ledger, closed_on="2026-11-21")
    _, second = incident(asked, ledger, reports=(town,))
    for draft in (first, second):
        ledger.write(save_incident, draft=draft)
    reports_shown(page, qtbot, 2)
    assert page.listed.due.keys[:2] == [f"report:{first.uuid}", f"report:{second.uuid}"]

    ledger.write(remove_incident, uuid=first.uuid)
    reports_shown(page, qtbot, 1)


def test_taken_back_the_ring_is_on_the_line_that_says_so_and_takes_it_back_in_turn(
    page, ledger, asked, qtbot
):
    """And not on 看备份, where Qt put it as the link went from under it."""
    _, draft = incident(asked, ledger)
    ledger.write(save_incident, draft=draft)
    reports_shown(page, qtbot, 1)
    qtbot.bring(page)
    undos = page.summary._undos
    first = next(iter(undos.values()))
    first.setFocus()
    qtbot.waitUntil(first.hasFocus, timeout=WAIT)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    reports_shown(page, qtbot, 0)
    newest = next(iter(page.summary._undos.values()))
    assert newest.text() == "取消撤销"
    assert newest.hasFocus()

    page.summary.show_work(page._work)  # whatever is read next leaves it there
    again = next(iter(page.summary._undos.values()))
    assert again is not newest
    assert again.hasFocus()


def test_a_reported_one_with_steps_overdue_stays_without_a_name_until_it_is_closed(
    page, ledger, asked, qtbot
):
    before = in_all(page)
    police = ReportDraft(reported_at="2026-11-21T08:30", body=ReportBody.POLICE, reporter="周秀兰")
    child, draft = incident(asked, ledger, reports=(police,))
    draft = replace(draft, kind=IncidentKind.MISSING, found_at="2026-11-21T05:10")
    ledger.write(save_incident, draft=draft)
    reports_shown(page, qtbot, 1)
    first = page.listed.lines.groups[0].rows[0]
    assert (first.kind, first.head, first.tone) == ("突发事件", "突发事件 2026-001", Tone.RED)
    assert first.reason == "今天 05:10 发现，没有了结：告知监护人、告知父母、上报教育办或政府超时还没有"
    assert child.name not in f"{first.head}{first.aside}{first.reason}{first.who}"
    assert in_all(page) == before + 1
    assert page.listed.filters._chips[1] == (REPORTS, "突发事件", 1)
    page._go(first.key)
    assert ledger.navigation.opened[-1] == ("diary", {"part": "incidents", "uuid": draft.uuid})

    ledger.write(save_incident, draft=replace(draft, closed_on="2026-11-21"))
    reports_shown(page, qtbot, 0)
    assert in_all(page) == before
