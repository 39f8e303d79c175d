"""A school with a room phone and a video computer, a duty roster, and six children; made once, copied per test.

谭晓东 and 谭小兰 are brother and sister: their mother 田秀莲 works away and has a number, the grandmother 向妹 speaks only
dialect and stands first in the order. 罗诗涵 has a father with a number, 向阳 a mother without one, 冉小燕 nobody, 张伟 a
mother whose number is stopped. The phone is open Monday to Friday 12:20–13:00 for 10 minutes each, the computer on
Wednesday 16:20–17:00 for 20.
"""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from app.calls.codes import LineKind
from app.calls.service_lines import LineDraft, OpeningDraft, save_line, set_openings
from app.children.codes import AwayState, PhoneResult, Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_child
from app.children.service_family import ContactEntry, change_person_field, confirm_phone, order_contacts
from app.core.clock import FixedClock
from app.core.errors import UserError
from app.school.codes import Stage
from app.school.duty_service import TurnDraft, save_turn
from app.school.rules import ClassRef
from app.school.service import add_staff, init_school
from app.school.service_classes import ensure_classes
from app.storage.store import Store
from tests.ledgers import copy_ledger

BEGIN = date(2026, 9, 1)
TEACHERS = ("李国平", "王秀芬", "周晓燕")
CHILDREN = ("谭晓东", "谭小兰", "罗诗涵", "向阳", "冉小燕", "张伟")


@pytest.fixture(scope="session")
def calls_school(tmp_path_factory):
    """Return the closed file and who is who in it."""
    path = tmp_path_factory.mktemp("calls") / "守望.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 9, 1, 9))) as store:
        init_school(store, name="青石坪镇中心小学")
        with store.action("开设班级", kind="class.open") as action:
            refs = [ClassRef(Stage.PRIMARY, 2024, number) for number in (1, 2)]
            classes = list(ensure_classes(store, action, refs, BEGIN).values())
        for name in TEACHERS:
            add_staff(store, name=name)
        _people(store, [cls.uuid for cls in classes])
        _lines(store)
        _duty(store)
        known = {
            table: dict(store.rows(f"SELECT name, uuid FROM {table}"))  # our own names
            for table in ("staff", "child", "person", "call_line")
        }
        class_ids = [cls.id for cls in classes]
    return SimpleNamespace(
        path=path,
        staff=known["staff"],
        children=known["child"],
        people=known["person"],
        lines=known["call_line"],
        classes=[cls.uuid for cls in classes],
        class_ids=class_ids,
    )


@pytest.fixture
def store(calls_school, tmp_path, clock):
    """Return the school, open for writing, on 21 November 2026 (a Saturday in the 12th week of the term)."""
    path = tmp_path / "守望.db"
    copy_ledger(calls_school.path, path)
    with Store.open(path, clock=clock, verify=False) as opened:
        yield opened


@pytest.fixture
def who(calls_school):
    """Return staff, children, people and lines by name → uuid."""
    return calls_school


def refused(key):
    """Return the check that a UserError of that key is raised."""
    return pytest.raises(UserError, check=lambda error: error.key == key)


def _people(store, classes):
    for place, name in enumerate(CHILDREN):
        draft = ChildDraft(
            name=name,
            sex=Sex.FEMALE if name in {"谭小兰", "罗诗涵", "冉小燕"} else Sex.MALE,
            class_uuid=classes[place % 2],
            since=BEGIN.isoformat(),
            people=tuple(_parents(store, name)),
        )
        add_child(store, draft=draft)
    people = dict(store.rows("SELECT name, uuid FROM person"))
    change_person_field(store, person_uuid=people["向妹"], field="dialect_only", value=True)
    row = store.one("SELECT uuid FROM phone WHERE number = '13600000003'")
    confirm_phone(store, phone_uuid=row[0], result=PhoneResult.STOPPED)
    children = dict(store.rows("SELECT name, uuid FROM child"))
    for name in ("谭晓东", "谭小兰"):
        chain = [ContactEntry(person_uuid=people[one]) for one in ("向妹", "田秀莲")]
        order_contacts(store, child_uuid=children[name], chain=chain)


def _parents(store, name):
    known = dict(store.rows("SELECT name, uuid FROM person"))
    out = {"away": AwayState.OUT, "place": "广东省东莞市", "since": "2025-02"}
    if name in {"谭晓东", "谭小兰"}:
        if known:
            yield PersonDraft(relation=Relation.MOTHER, person_uuid=known["田秀莲"])
            yield PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, person_uuid=known["向妹"])
        else:
            yield PersonDraft(relation=Relation.MOTHER, name="田秀莲", phones=("13600000001",), **out)
            yield PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="向妹", phones=("0743-1234567",))
    elif name == "罗诗涵":
        yield PersonDraft(relation=Relation.FATHER, name="罗大勇", phones=("13600000002",), **out)
    elif name == "向阳":
        yield PersonDraft(relation=Relation.MOTHER, name="向母", **out)
    elif name == "张伟":
        yield PersonDraft(relation=Relation.MOTHER, name="张母", phones=("13600000003",), **out)


def _lines(store):
    phone = LineDraft(name="活动室座机", kind=LineKind.ROOM_PHONE, number="0743-7654321", place="活动室")
    video = LineDraft(name="视频电脑", kind=LineKind.VIDEO_COMPUTER, place="机房")
    for draft in (phone, video):
        save_line(store, draft=draft, since=BEGIN)
    noon = [OpeningDraft(weekday=day, starts="12:20", ends="13:00", slot_minutes=10) for day in range(1, 6)]
    set_openings(store, line_uuid=phone.uuid, openings=noon, since=BEGIN)
    after = OpeningDraft(weekday=3, starts="16:20", ends="17:00", slot_minutes=20)
    set_openings(store, line_uuid=video.uuid, openings=[after], since=BEGIN)


def _duty(store):
    staff = dict(store.rows("SELECT name, uuid FROM staff"))
    for weekday in range(1, 6):
        name = TEACHERS[weekday % 2]
        save_turn(store, draft=TurnDraft(staff_uuid=staff[name], weekday=weekday), since=BEGIN)
