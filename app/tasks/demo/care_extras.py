"""Meetings, an absence, help plans and an individual plan of the demo school."""

from collections.abc import Sequence
from datetime import timedelta

from app.diary.tables import Absence, Attendance, Meeting, ReturnPersuasion
from app.pairing.tables import HelpMeasure, HelpPlan, HelpStage, IndividualPlan
from app.school.calendar import Term
from app.storage.action import Action
from app.storage.store import Store
from app.tasks.demo.care_rows import CareKid, CareRows
from app.tasks.demo.invent import Invent, words

_MEASURES = (("放学后辅导半小时", "每周二、四"), ("和父母视频时说进步", "每周日"))


def write_meetings(rows: CareRows, kids: Sequence[CareKid], term: Term, host: int | None) -> None:
    """Write the parents' meeting in the middle of the term and one of the proxy parents, with who came."""
    middle = term.starts_on + timedelta(weeks=9)
    if middle > rows.times.today:
        return
    for kind, topic, content in words()["meetings"]:
        key = rows.action.insert(
            Meeting,
            uuid=rows.invent.uuid(),
            kind=kind,
            happened_on=middle.isoformat(),
            entered_on=middle.isoformat(),
            started="14:30",
            ended="16:00",
            place="阶梯教室",
            topic=topic,
            content=content,
            host=host,
        )
        for kid in kids[: 40 if kind == "parents" else 8]:
            came = rows.invent.chance(80) and bool(kid.carer)
            rows.row(
                Attendance,
                child=kid.id,
                meeting=int(key),
                came=int(came),
                person=kid.carer_id if came else None,
                attendee=(kid.carer or None) if came else None,
                relation=(kid.relation or None) if came else None,
            )


def write_absence(rows: CareRows, kids: Sequence[CareKid]) -> None:
    """One child stayed away in October and came back after the second 劝返."""
    if len(kids) < 12:
        return
    away = max(rows.times.today - timedelta(days=40), kids[10].since)
    key = rows.action.insert(
        Absence,
        uuid=rows.invent.uuid(),
        child=kids[10].id,
        happened_on=away.isoformat(),
        entered_on=away.isoformat(),
        reason="tired_of_school",
        found_by="班主任",
        suspected_on=(away + timedelta(days=3)).isoformat(),
        reported_on=(away + timedelta(days=4)).isoformat(),
        reported_to="镇教育办",
        returned_on=(away + timedelta(days=9)).isoformat(),
        closed_on=(away + timedelta(days=9)).isoformat(),
        closed_reason="returned",
    )
    for days, result in ((4, "promised"), (8, "returned")):
        day = (away + timedelta(days=days)).isoformat()
        rows.row(
            ReturnPersuasion,
            child=kids[10].id,
            absence=int(key),
            happened_on=day,
            entered_on=day,
            persons="班主任、村文书",
            medium="door",
            course="和爷爷一起谈，孩子说跟不上，答应给他补课。",
            result=result,
        )


def write_individual_plan(store: Store, action: Action, invent: Invent, term: Term) -> None:
    """The child that stayed away has an individual plan; in an action of its own, for a copy for the town leaves it out."""
    child, supporter = store.rows(
        "SELECT a.child_id, max(p.supporter_id) FROM absence a LEFT JOIN pairing p ON p.child_id = a.child_id"
        " AND p.valid_to IS NULL GROUP BY a.child_id ORDER BY a.child_id LIMIT 1"
    )[0]
    action.insert(
        IndividualPlan,
        uuid=invent.uuid(),
        child=child,
        term=term.id,
        supporter=supporter,
        situation="跟不上课，十月里有九天没有来；爷爷管不住，手机玩到半夜。",
        aims="天天来上学；数学补到能跟上。",
        measures="班主任每天早上点名后给爷爷回话；放学补半小时数学；手机周末才用，写在家里的约定上。",
        course="头一周缺了一天，家访后没有再缺。",
    )


def write_plans(rows: CareRows, kids: Sequence[CareKid], term: Term) -> None:
    """Every eleventh child has a help plan with two measures and the first stage."""
    for number, kid in enumerate(kids):
        if number % 11 == 1:
            situation, aim = words()["plans"][number % 2]
            key = rows.action.insert(
                HelpPlan,
                uuid=rows.invent.uuid(),
                child=kid.id,
                term=term.id,
                supporter=kid.teacher_id,
                situation=situation,
                aim_study=aim if number % 2 == 0 else None,
                aim_mind=aim if number % 2 else None,
            )
            for position, (content, when) in enumerate(_MEASURES):
                rows.row(
                    HelpMeasure,
                    child=kid.id,
                    help_plan=int(key),
                    position=position,
                    guidance="study",
                    content=content,
                    planned_for=when,
                )
            day = min(max(term.starts_on + timedelta(weeks=4), kid.since), rows.times.today).isoformat()
            rows.row(
                HelpStage,
                child=kid.id,
                help_plan=int(key),
                happened_on=day,
                entered_on=day,
                content="第一阶段：摸清哪里不会，从乘法口诀补起。",
                reaction="愿意来",
                effect="口诀熟了",
            )
