"""R40, R41 in the real window: a child with sixty records goes and comes back, goes for good; two files become one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.children.codes import AwayState, CareGrade, CareKind, Category, Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_children
from app.children.service_facts import record_fact, record_past
from app.core.paths import private_folder
from app.diary.codes import Activity
from app.diary.drafts import PictureDraft, PromiseDraft, RecordDraft, draft_uuid
from app.diary.service_events import report_event
from app.dossier.merge import HANGING
from app.pairing.codes import Identity, PairingKind
from app.pairing.queries import supporters
from app.pairing.service_pairs import pair
from app.pairing.service_supporters import add_supporter
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.storage.backups import list_backups
from app.storage.pictures import Picture
from app.tasks.diary import save_records
from app.tasks.purge import destructions
from tests.app.tasks.rosters import id_number
from tests.ui.pages.importing.conftest import type_chinese
from ui.pages.children.merge_panel import MERGE, MergePanel
from ui.pages.safety.purge_panel import PURGE, TYPED, PurgePanel

VISITS, PLACES = 60, 3
NAME, NUMBER, PHONE = "牟销毁儿", id_number("20170911", 44), "13977665544"
KEPT_OUT = ("action", "change", "current_action", "meta")


def everything(store):
    """Every row of every table but the history, as it stands."""
    names = [
        name
        for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in KEPT_OUT and not name.startswith("sqlite")
    ]
    return {name: sorted(map(repr, store.rows(f'SELECT * FROM "{name}"'))) for name in names}


def lives(desk, uuid, address, places):
    """Where a child has lived: so many places one after the other, then an address since September."""
    for number in range(places):
        first = date(2019, 1, 1) + timedelta(days=30 * number)
        desk.context.write(
            record_past,
            table="residence",
            subject_uuid=uuid,
            values={"address": f"第 {number + 1} 处"},
            since=first.isoformat(),
            until=(first + timedelta(days=30)).isoformat(),
        )
    values = {"address": address}
    desk.context.write(record_fact, table="residence", subject_uuid=uuid, values=values, since="2026-09-01")
    desk.settles()


def cared_for(desk, uuid, visits):
    """Somebody looks after a child: so many visits, a promise, an answered event, an open one, and a photo with the last."""
    answered, waiting = draft_uuid(), draft_uuid()
    for event in (answered, waiting):
        desk.context.write(
            report_event, child_uuid=uuid, rule_code="unwell", happened_on="2026-11-10", uuid=event
        )
    desk.settles()
    last = {"promises": (PromiseDraft(content="带一双手套"),), "closes": (answered,)}
    last["attachments"] = (PictureDraft(picture=Picture(b"\xff\xd8\xffphoto", "image/jpeg", 8, 8)),)
    drafts = [
        RecordDraft(
            uuid=draft_uuid(),
            children=(uuid,),
            kind=Activity.HOME_VISIT,
            happened_on=(date(2026, 11, 20) - timedelta(days=visits - 1 - number)).isoformat(),
            content=f"第 {number + 1} 次家访",
            **(last if number == visits - 1 else {}),
        )
        for number in range(visits)
    ]
    desk.context.write(save_records, drafts=drafts)
    name = f"志愿者{uuid[:4]}"
    desk.context.write(add_supporter, name=name, identity=Identity.VOLUNTEER)
    desk.settles()
    key = next(one.key for one in desk.asks(supporters, desk.clock.today()) if one.name == name)
    values = {"child_uuid": uuid, "key": key, "unchecked_reason": "先结上"}
    desk.context.write(pair, kind=PairingKind.PROXY_PARENT, since="2026-09-01", **values)
    desk.settles()
    assert desk.told == []


CARE = {"care_record": None, "promise": 1, "trigger_event": 2, "attachment": 1, "pairing": 1}


def care_of(store, uuid):
    """How many rows of each table of the care work a child has."""
    return {
        table: store.rows(
            f"SELECT count(*) FROM {table} WHERE child_id = (SELECT id FROM child WHERE uuid = ?)"
            " AND deleted_at IS NULL",
            (uuid,),
        )[0][0]
        for table in CARE
    }


def aunt(name, phone):
    return PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name=name, phones=(phone,))


@pytest.fixture
def visited(desk):
    """A child with everything a file can hold: sixty visits, what they brought, who looks after it."""
    child = ChildDraft(
        name=NAME,
        sex=Sex.FEMALE,
        id_number=NUMBER,
        class_ref=ClassRef(Stage.PRIMARY, 2024, 1),
        people=(
            PersonDraft(
                relation=Relation.FATHER, name="牟国强", away=AwayState.OUT, place="浙江温州", phones=(PHONE,)
            ),
        ),
        carer=aunt("向桂香", "13977665533"),
        care_kind=CareKind.GRANDPARENTS,
        care_grade=CareGrade.FAIR,
        categories=(Category.FAMILY_HARDSHIP,),
    )
    desk.context.write(add_children, drafts=(child,))
    lives(desk, child.uuid, "大垭口村 3 组", PLACES)
    cared_for(desk, child.uuid, VISITS)
    assert desk.asks(care_of, child.uuid) == {**CARE, "care_record": VISITS}
    return child.uuid


def bins(desk, uuid):
    """Move the child to the bin as she does; return what was asked first."""
    desk.window.open_child(uuid)
    desk.settles()
    desk.program.dialogs.choices.append("bin")
    desk.page.register._ask_bin()
    desk.settles()
    desk.settles()
    return desk.program.dialogs.asked[-1]


def test_r40_everything_that_hung_on_a_child_comes_back(row, desk, visited, whole):
    before = desk.asks(everything)
    question, lines, verbs = bins(desk, visited)
    row.round(injected=1)
    if NAME not in question or f"{VISITS} 条" not in lines[0] or verbs[0] != "先不动":
        row.wrong(f"before it goes: {question} {lines[0]}")
    if NAME in desk.names():
        row.broken("it is still on file")
    desk.window._undo_last()
    desk.settles()
    row.round(acked=1)
    if desk.asks(everything) != before:
        row.lost("something that hung on the child did not come back by undo")
    bins(desk, visited)
    safety = desk.goes_to("safety", part="bin")
    assert [entry.what for entry in safety.bin.table.rows] == [NAME]
    safety.bin.table.set_ticked([safety.bin.table.rows[0].uuid])
    desk.presses(safety, "取回勾选的 1 项")
    row.round(injected=1, acked=1)
    if desk.asks(everything) != before:
        row.lost("something that hung on the child did not come back out of the bin")
    if desk.told:
        row.wrong(f"said {desk.told}")
    desk.leaves()
    whole(desk.program.path, [NAME])


def found_in(folder, text):
    """The files below a folder in which a text stands, as bytes."""
    wanted = text.encode()
    return [path.name for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]


def test_r40_gone_for_good_leaves_no_byte(row, desk, visited, folders, clock, whole):
    ledger, backups = folders
    clock.advance(hours=1)
    page = desk.opens_child(NAME)
    type_chinese(page.personal.field("student_no"), "44")
    desk.settles()
    old = {backup.path for backup in list_backups(backups)}
    assert found_in(backups / "日志", NUMBER), "the journal knows the child"
    bins(desk, visited)
    safety = desk.goes_to("safety", part="bin")
    safety.bin.table.set_ticked([safety.bin.table.rows[0].uuid])
    desk.presses(safety, "永久删除…")
    panel = desk.panel
    assert isinstance(panel, PurgePanel)
    said = desk.reads(panel)
    row.round(injected=1)
    if "不能撤销" not in said or "共 " not in said:
        row.wrong(f"before it goes for good: {said[:160]}")
    panel.reason.setText("家长书面申请，校长批准")
    if panel.buttons[PURGE].isEnabled():
        row.broken("the words need not be typed")
    panel.typed.setText(TYPED)
    clock.advance(minutes=1)
    panel.buttons[PURGE].click()
    desk.settles()
    desk.settles()
    asked = desk.program.dialogs.asked[-1]
    if "已从台账里永久删除" not in asked[0]:
        row.wrong(f"afterwards: {asked[:2]}")
    if desk.told:
        row.wrong(f"said {desk.told}")
    (entry,) = desk.asks(destructions)
    if entry.records < VISITS or NAME in repr(entry):
        row.wrong("the register of destructions does not count, or names the child")
    desk.leaves()
    new = [
        backup
        for backup in list_backups(backups)
        if backup.path not in old and backup.reason == "after_purge"
    ]
    if len(new) != 1 or not new[0].verified:
        row.broken(f"{len(new)} verified backups without the child")
    for text in (NAME, NUMBER, PHONE):
        places = [ledger.parent, backups / "日志", private_folder(), backups / "草稿"]
        left = [name for folder in places if folder.exists() for name in found_in(folder, text)]
        left += [one.path.name for one in new if text.encode() in one.path.read_bytes()]
        if left:
            row.lost(f"what was to go for good still stands in {left}")
    assert NAME not in whole(ledger, ["曾小雨"])


# ---- R41 ------------------------------------------------------------------------------------------------------------

FULL = ChildDraft(
    name="牟思远",
    sex=Sex.MALE,
    id_number=id_number("20170520", 33, girl=False),
    class_ref=ClassRef(Stage.PRIMARY, 2024, 1),
    people=(PersonDraft(relation=Relation.FATHER, name="牟国强", phones=("13955551111",)),),
    hobbies="下棋",
)
AGAIN = ChildDraft(
    name="牟思源",
    sex=Sex.MALE,
    birth_date="2017-05-20",
    class_ref=ClassRef(Stage.PRIMARY, 2024, 1),
    people=(PersonDraft(relation=Relation.FATHER, name="牟国强", phones=("13955552222",)),),
    carer=aunt("向桂香", "13955553333"),
    care_kind=CareKind.GRANDPARENTS,
    categories=(Category.FAMILY_HARDSHIP,),
    hobbies="画画",
)


def rows_of(store, uuid):
    """The uuids of everything that hangs on a child, by table, also what lies in the bin."""
    (child,) = store.rows("SELECT id FROM child WHERE uuid = ?", (uuid,))[0]
    found = {}
    for model in HANGING:
        table = model._meta.table_name
        if "child_id" in {one.column_name for one in model._meta.sorted_fields}:
            found[table] = {
                one for (one,) in store.rows(f"SELECT uuid FROM {table} WHERE child_id = ?", (child,))
            }
    return found


@pytest.mark.parametrize("pick", ["as proposed", "the other side"])
def test_r41_two_files_become_one_and_two_again(row, desk, whole, pick):
    desk.context.write(add_children, drafts=(FULL, AGAIN))
    lives(desk, FULL.uuid, "大垭口村 3 组", 0)
    lives(desk, AGAIN.uuid, "白水沟村 1 组", 5)
    cared_for(desk, FULL.uuid, 2)
    cared_for(desk, AGAIN.uuid, 4)
    before = desk.asks(everything)
    theirs = {uuid: desk.asks(rows_of, uuid) for uuid in (FULL.uuid, AGAIN.uuid)}
    ledger = desk.goes_to("ledger")
    ledger.table.set_ticked([FULL.uuid, AGAIN.uuid])
    ledger.selection.merge.click()
    desk.settles()
    panel = desk.panel
    assert isinstance(panel, MergePanel)
    said = desk.reads(panel)
    row.round(injected=1)
    for words in ("留下这一份", "并过来这一份", "下棋", "画画"):
        if words not in said:
            row.wrong(f"side by side does not show {words}")
    if pick == "the other side":
        panel.swap.click()
        desk.settles()
    kept, dropped = panel._preview.keep_uuid, panel._preview.drop_uuid
    panel.buttons[MERGE].click()
    desk.settles()
    desk.settles()
    if desk.told or panel.reason:
        row.wrong(f"said {desk.told} {panel.reason}")
    now = desk.asks(rows_of, kept)
    for table, uuids in theirs[dropped].items():
        stays = {uuid for uuid in uuids if desk.asks(is_binned, table, uuid)}
        gone = uuids - now[table] - stays
        if gone:
            row.lost(f"{len(gone)} rows of {table} belong to nobody and lie in no bin", len(gone))
    if desk.asks(care_of, kept) != {
        **{table: 2 * (of or 3) for table, of in CARE.items()},
        "trigger_event": 4,
    }:
        row.lost(f"of the care of both the one file has {desk.asks(care_of, kept)}")
    names = desk.names()
    if ("牟思远" in names) + ("牟思源" in names) != 1:
        row.broken("the two are not one")
    desk.window._undo_last()
    desk.settles()
    row.round(acked=1)
    if desk.asks(everything) != before:
        row.lost("undo did not give back the two files as they were")
    desk.leaves()
    whole(desk.program.path, ["牟思远", "牟思源"])


def is_binned(store, table, uuid):
    found = store.one(f"SELECT deleted_at FROM {table} WHERE uuid = ?", (uuid,))
    return found is not None and found[0] is not None
