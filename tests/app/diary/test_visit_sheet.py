"""The sheet of a visit tells what its paper form asks about the child (domain.md §5.13), masked like every number."""

import subprocess
from datetime import date

import pytest

from app.children.codes import Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_child
from app.diary.codes import Activity, Medium
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.service import save_record
from app.diary.service_events import report_event
from app.school.codes import Profile
from app.tasks.registers.making import Wanted, print_sheets


@pytest.fixture
def visited(store):
    """Return the child whom a visit of 20 November answers an event of the 18th; it turned nine in between."""
    mother = PersonDraft(relation=Relation.MOTHER, name="田秀莲", phones=("13800006217",))
    known = {"sex": Sex.FEMALE, "birth_date": "2017-11-19", "since": "2026-09-01", "people": (mother,)}
    draft = ChildDraft(name="覃䶮", village="白水沟村", address="白水沟村三组12号", **known)
    add_child(store, draft=draft)
    event = draft_uuid()
    report_event(store, child_uuid=draft.uuid, rule_code="unwell", happened_on="2026-11-18", uuid=event)
    visit = {"kind": Activity.HOME_VISIT, "medium": Medium.DOOR, "children": (draft.uuid,)}
    save_record(
        store, draft=RecordDraft(uuid=draft_uuid(), happened_on="2026-11-17", content="先去过", **visit)
    )
    answer = RecordDraft(
        uuid=draft_uuid(), happened_on="2026-11-20", content="好些了", closes=(event,), **visit
    )
    save_record(store, draft=answer)
    return draft.uuid


@pytest.mark.parametrize("profile", list(Profile))
def test_a_visit_tells_age_address_number_and_what_it_answers(store, visited, tmp_path, reader, profile):
    out = tmp_path / "家访.pdf"
    print_sheets(store, out, Wanted(date(2026, 11, 1), date(2026, 11, 21)), profile=profile)
    raw = subprocess.run([reader("pdftotext"), "-raw", out, "-"], capture_output=True, check=True).stdout
    first, second = "".join(raw.decode().split()).split("家访记录表")[1:3]
    assert "女8岁" in first
    assert "女9岁" in second, "as old as on the day of the visit"
    assert "身体不佳（2026-11-18）" in second
    assert "触发事件" not in first
    whole = profile is Profile.FULL
    assert ("13800006217" in second, "138****6217" in second) == (whole, not whole)
    assert ("三组12号" in second, "白水沟村" in second) == (whole, True)
