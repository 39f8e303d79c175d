"""A printed form comes back with its record, in one action, and is out again when the record goes."""

import pytest
from msgspec.structs import replace

from app.core.errors import UserError
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.queries import RecordFilters, records
from app.diary.service import remove_record
from app.tasks.diary import change_record, save_record, save_records
from app.todo.forms import FormState, form_of_code
from app.todo.service_forms import FormDraft, void_forms
from tests.printed_forms import print_forms


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


@pytest.fixture
def code(store, who):
    """Return the code of a form printed for a visit to 张小雨."""
    wanted = [FormDraft(child_uuid=who.rain, activity="home_visit", why="一月一次")]
    return print_forms(store, drafts=wanted).forms[0].code


@pytest.fixture
def draft(who, code):
    """Return the record on that form, its code typed small and with a gap."""
    return RecordDraft(
        uuid=draft_uuid(),
        children=(who.thunder, who.rain),
        kind=Activity.HOME_VISIT,
        happened_on="2026-11-20",
        content="都在家",
        paper_code=f" {code[:4].lower()} {code[4:]}",
    )


def test_the_form_comes_back_with_the_record_of_its_child(store, who, code, draft):
    assert form_of_code(store, code).state is FormState.OPEN
    save_record(store, draft=draft)
    assert not save_record(store, draft=draft), "a double click"
    form = form_of_code(store, code)
    (line,) = records(store, RecordFilters(child_uuid=who.rain))
    assert (form.state, form.record_uuid) == (FormState.RETURNED, line.uuid)
    remove_record(store, uuid=line.uuid)
    assert form_of_code(store, code).state is FormState.OPEN


def test_a_form_that_is_not_this_child_s_back_already_void_or_unknown_is_refused(store, who, code, draft):
    other = replace(draft, uuid=draft_uuid(), children=(who.chen,))
    with refused("diary.paper_child"):
        save_record(store, draft=other)
    with refused("todo.code_unknown"):
        save_record(store, draft=replace(draft, paper_code="ABCD2345"))
    save_record(store, draft=draft)
    with refused("diary.paper_returned"):
        save_records(store, drafts=(replace(draft, uuid=draft_uuid()),))
    assert len(records(store, RecordFilters())) == 2


def test_a_void_form_is_refused_and_a_code_can_be_added_later(store, who, code, draft):
    save_record(store, draft=replace(draft, children=(who.rain,), paper_code=None))
    void_forms(store, uuids=(form_of_code(store, code).uuid,), reason="弄丢了")
    with refused("todo.code_void"):
        change_record(store, uuid=draft.uuid, draft=replace(draft, children=(who.rain,)))
    wanted = [FormDraft(child_uuid=who.rain, activity="home_visit", why="再印一张")]
    again = print_forms(store, drafts=wanted).forms[0].code
    change_record(store, uuid=draft.uuid, draft=replace(draft, children=(who.rain,), paper_code=again))
    assert form_of_code(store, again).record_uuid == draft.uuid
