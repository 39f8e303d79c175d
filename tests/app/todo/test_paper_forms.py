"""Printed forms and the code that brings them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.children.codes import RegistrationEnd
from app.children.service_status import leave
from app.core.errors import UserError
from app.diary.tables import CareRecord
from app.tasks.today import work
from app.todo import service_forms
from app.todo.codes_on_paper import ALPHABET, code_from, fits, looks_like_code, spaced, tidy
from app.todo.forms import FormState, form_of_code, open_form, paper_forms
from app.todo.service_forms import FormDraft, plan_forms, void_forms, write_return
from tests.app.todo.conftest import record
from tests.printed_forms import print_forms

NUMBERS = st.integers(0, 31**7 - 1)


@given(NUMBERS, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(number, place, other):
    code = code_from(number)
    typo = code[:place] + other + code[place + 1 :]
    assert fits(typo) == (typo == code)


@given(NUMBERS, st.integers(0, 7), st.integers(0, 7))
def test_two_characters_that_changed_places_are_always_noticed(number, first, second):
    chars = list(code_from(number))
    chars[first], chars[second] = chars[second], chars[first]
    assert fits("".join(chars)) == ("".join(chars) == code_from(number))


@given(NUMBERS)
def test_a_code_is_easy_to_type_and_like_nothing_else(number):
    code = code_from(number)
    assert not set(code) & set("0O1IL")
    assert any(char.isdigit() for char in code)
    assert any(char.isalpha() for char in code)
    assert tidy(f" {spaced(code).lower()} ") == code
    assert fits("".join(chr(ord(char) + 0xFEE0) for char in code)), "typed in full width"


@pytest.mark.parametrize("text", ["wangfang", "13800138", "zx", "ABCD234", "ABCD2341"])
def test_names_and_numbers_are_no_codes(text):
    assert not looks_like_code(text)


def uuid_of(store, name):
    return store.one("SELECT uuid FROM child WHERE name = ?", (name,))[0]


def printed(store, *names):
    return print_forms(
        store, drafts=[FormDraft(child_uuid=uuid_of(store, name), activity="talk") for name in names]
    )


def test_the_count_of_the_first_page_is_that_of_the_list_it_opens(store):
    """Also with the form of a child who is on the ledger no more: the paper is still out there."""
    first, _ = printed(store, "龙婷", "覃龑").forms
    leave(store, child_uuid=uuid_of(store, "覃龑"), reason=RegistrationEnd.TRANSFERRED_OUT, on="2026-11-17")
    assert work(store).forms == len(paper_forms(store)) == 2
    void_forms(store, uuids=[first.uuid], reason="请假")
    assert work(store).forms == len(paper_forms(store)) == 1


def test_a_form_is_out_until_its_record_is_there_and_again_when_that_goes(store):
    (form,) = printed(store, "龙婷").forms
    assert (form.child_name, form.class_words, form.state) == ("龙婷", "三（1）班", FormState.OPEN)
    done = record(store, "龙婷", "2026-11-18")
    with store.action("交回一张周纸单", kind="form.return") as action:
        write_return(store, action, form.code.lower(), done)
    assert open_form(store, form.code).record_uuid == done.uuid
    assert paper_forms(store) == ()
    with store.action("移到回收站", kind="bin") as action:
        action.soft_delete(CareRecord, done.uuid)
    assert [found.code for found in paper_forms(store)] == [form.code]


def test_a_form_that_is_out_is_printed_again_with_its_code(store):
    first = printed(store, "龙婷")
    again = printed(store, "龙婷", "覃龑")
    assert again.forms[0].code == first.forms[0].code
    assert [form.is_out for form in again.planned] == [True, False]
    assert len({form.code for form in again.forms}) == 2
    assert not printed(store, "龙婷").changes


def test_what_was_only_planned_is_not_out_and_its_code_is_nobody_s(store):
    """The page can be looked at with its code on it; written down twice it is one form."""
    draft = FormDraft(child_uuid=uuid_of(store, "龙婷"), activity="talk", why="每周谈心一次")
    (planned,) = plan_forms(store, drafts=[draft, draft])
    assert paper_forms(store) == ()
    assert form_of_code(store, planned.code) is None
    service_forms.print_forms(store, forms=[planned])
    (form,) = paper_forms(store)
    assert (form.code, form.printed_on, form.why) == (planned.code, "2026-11-18", "每周谈心一次")
    assert [form.code for form in plan_forms(store, drafts=[draft])] == [planned.code]


def test_a_void_form_is_not_out_and_says_why(store):
    (form,) = printed(store, "龙婷").forms
    with pytest.raises(UserError) as refused:
        void_forms(store, uuids=[form.uuid], reason=" ")
    assert refused.value.key == "todo.void_reason"
    void_forms(store, uuids=[form.uuid], reason="纸丢了")
    assert paper_forms(store) == ()
    assert form_of_code(store, form.code).void_reason == "纸丢了"
    with pytest.raises(UserError) as refused:
        open_form(store, form.code)
    assert refused.value.key == "todo.code_void"


def test_codes_that_are_wrong_or_foreign_are_told_apart(store):
    with pytest.raises(UserError) as refused:
        open_form(store, "ABCD2345")
    assert refused.value.key == "todo.code_wrong"
    with pytest.raises(UserError) as refused:
        open_form(store, code_from(12345))
    assert refused.value.key == "todo.code_unknown"
    with pytest.raises(UserError) as refused:
        print_forms(store, drafts=[])
    assert refused.value.key == "todo.nothing_to_print"
