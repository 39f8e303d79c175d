"""记一条: few keys beside the text, saved once, nothing lost, questions that never block."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.core.messages import fault
from app.diary.codes import Activity, Medium
from app.diary.drafts import PromiseDraft, RecordDraft, draft_uuid
from app.diary.open_items import open_events, open_promises
from app.diary.phrases import phrases
from app.diary.queries import record
from app.diary.rules import form_fields
from app.diary.service_events import report_event
from app.diary.service_phrases import add_phrase
from app.pairing.codes import Guidance
from app.school.service import change_staff
from app.storage.store import Store
from app.tasks.diary import save_record
from app.todo.codes_on_paper import spaced
from app.todo.forms import paper_forms
from app.todo.queries import due_items
from app.todo.rules import DueKind
from app.todo.service_forms import FormDraft, void_forms
from app.todo.settling import begun_with
from tests.printed_forms import print_forms
from ui.drafts import Form
from ui.pages.diary.entry_fields import PHRASES_HINT
from ui.theme import Breakpoint
from ui.widgets import Text
from ui.widgets.form import Reason

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
MOST_KEYS = 25
MOST_KEYS_PAPER = 30


class Keys:
    """Presses keys where the keyboard is, and counts them; text typed with the input method costs none."""

    def __init__(self, qtbot, types):
        self.qtbot = qtbot
        self.types = types
        self.count = 0

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier, times=1):
        for _ in range(times):
            self.qtbot.keyClick(QApplication.focusWidget(), key, modifier)
            self.count += 1

    def write(self, text):
        self.types(QApplication.focusWidget(), text)


@pytest.fixture
def keys(qtbot, types):
    return Keys(qtbot, types)


def said(widget):
    return " ".join(label.text() for label in widget.findChildren(Text) if label.isVisibleTo(widget))


def test_from_a_due_item_a_record_takes_few_keys_beside_its_text(
    ledger, page, opened, keys, kids, on_file, asked, settled
):
    child = kids[0].uuid
    asked(report_event, child_uuid=child, rule_code="low_spirits", happened_on="2026-11-19", note="上课哭了")
    event = asked(open_events, child_uuid=child)[0]
    opened(child=child, kind="home_visit", event=event.uuid, why="五必访：11月19日「情绪不好」")
    uuid = page.form.uuid
    keys.write("奶奶腿疼，挑水由他做。门口路灯坏了，已告知村组。")
    keys.press(Qt.Key.Key_1, ALT)
    keys.press(Qt.Key.Key_2, ALT)
    keys.press(Qt.Key.Key_F8)
    keys.write("期末前去看奶奶的腿")
    keys.press(Qt.Key.Key_Tab)
    for key in "1220":
        keys.press(Qt.Key[f"Key_{key}"])
    keys.press(Qt.Key.Key_Return, CTRL)
    settled()
    assert ledger.dialogs.asked == []
    line = next(one for one in on_file(child) if one.uuid == uuid)
    assert (line.kind, line.happened_on, line.medium) == (Activity.HOME_VISIT, "2026-11-21", Medium.DOOR)
    assert line.guidances == {Guidance.MIND, Guidance.LIFE}
    assert "挑水由他做" in line.text
    promise = asked(open_promises, child_uuid=child)[0]
    assert (promise.content, promise.due_on) == ("期末前去看奶奶的腿", "2026-12-20")
    assert asked(open_events, child_uuid=child) == ()
    assert keys.count + 1 <= MOST_KEYS, "the one more is Enter on the due item"
    assert ledger.navigation.backs == 1
    assert ledger.navigation.toasts[-1][1] is not None


def test_after_the_last_field_comes_saving(page, opened, keys, kids):
    opened(child=kids[0].uuid, kind="talk")
    page.form.pictures.add.setFocus()
    keys.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() in (page.save_next, page.save)


def test_whoever_it_is_about_is_found_by_initials_and_several_are_one_occasion(
    ledger, page, opened, keys, kids, on_file, settled
):
    opened()
    assert QApplication.focusWidget() is page.form.whom.field
    settled()
    for child in kids[:2]:
        for letter in child.initials.split()[0]:
            keys.press(Qt.Key[f"Key_{letter.upper()}"])
        found = [page.form.whom._list.item(n).text() for n in range(page.form.whom._list.count())]
        keys.press(Qt.Key.Key_Down, times=next(n for n, text in enumerate(found) if child.name in text))
        keys.press(Qt.Key.Key_Return)
        settled()
        if child is kids[0]:
            assert QApplication.focusWidget() is page.form.fields.first_text()
            page.form.whom.field.setFocus()
    page.form.fields.first_text().setPlainText("两个人一起说的")
    uuid = page.form.uuid
    page.ask_save(go_on=False)
    settled()
    occasions = [{line.occasion for line in on_file(child.uuid)} - {None} for child in kids[:2]]
    assert uuid in occasions[0] & occasions[1]


def test_pressed_twice_it_is_one_record(ledger, page, opened, kids, on_file, settled):
    child = kids[0].uuid
    before = len(on_file(child))
    opened(child=child)
    page.form.fields.first_text().setPlainText("说了一件小事")
    page.save.click()
    page.save.click()
    page.ask_save(go_on=False)
    settled()
    assert len(on_file(child)) == before + 1


def test_what_is_written_on_while_it_is_being_saved_is_not_lost(ledger, page, opened, kids, on_file, settled):
    """The form stays with it, says so, and the next save makes the same record of it."""
    child = kids[0].uuid
    before = len(on_file(child))
    opened(child=child)
    text = page.form.fields.first_text()
    text.setPlainText("说了一件小事")
    page.save.click()
    text.setPlainText("说了一件小事，后来又说了一件大事")
    settled()
    assert page.form is not None
    assert "还没有存" in page.foot._lead.text()
    assert len(on_file(child)) == before + 1
    page.save.click()
    settled()
    assert page.form is None
    assert [line.text for line in on_file(child)].count("说了一件小事，后来又说了一件大事") == 1
    assert len(on_file(child)) == before + 1


def test_questions_are_asked_once_and_never_block(ledger, page, opened, kids, on_file, settled):
    child, other = kids[0], kids[1]
    before = len(on_file(child.uuid))
    form = opened(child=child.uuid)
    form.fields.first_text().setPlainText(f"{other.name}打了他，电话13812345678")
    settled()
    page.form._look()
    settled()
    assert other.name in said(page.questions)
    page.save.click()
    settled()
    _, lines, verbs = ledger.dialogs.asked[-1]
    assert any("号码" in line or "电话" in line for line in lines)
    assert verbs == ("回去看看", "就这样存")
    assert len(on_file(child.uuid)) == before, "the safe answer goes back to the text"
    ledger.dialogs.choices.append("save")
    page.save.click()
    settled()
    assert len(on_file(child.uuid)) == before + 1


def test_an_empty_record_is_not_stored_and_says_so(ledger, page, opened, kids, on_file, settled):
    child = kids[0].uuid
    before = len(on_file(child))
    form = opened(child=child)
    page.save.click()
    settled()
    assert len(on_file(child)) == before
    assert ledger.dialogs.asked == []
    assert page.foot._lead.text() == "还没有写内容。"
    assert (
        form.fields.first_text().isAncestorOf(QApplication.focusWidget())
        or form.fields.first_text().hasFocus()
    )
    form.fields.first_text().setPlainText("写了一句")
    assert page.foot._lead.text().startswith("还没有存，谈话人："), (
        "what was in the way is not said of what stands there now"
    )


def test_a_day_long_ago_says_beforehand_that_it_will_be_marked(page, opened, kids, on_file, settled):
    child = kids[0].uuid
    form = opened(child=child, happened_on="2026-11-02")
    assert form.fields._rows["day"]._note.text() == "补录（19 天）"
    form.fields.first_text().setPlainText("当时没来得及记")
    uuid = form.uuid
    page.save.click()
    settled()
    assert {line.uuid: line.late_words for line in on_file(child)}[uuid] == "补录（19 天）"


def test_a_day_that_is_none_is_refused_in_its_place_and_nothing_is_lost(page, opened, kids, on_file, settled):
    child = kids[0].uuid
    before = len(on_file(child))
    form = opened(child=child)
    form.fields.first_text().setPlainText("写了一段")
    form.fields.day.setText("2026-11")
    page.save.click()
    settled()
    assert form.fields.day.finding is not None
    assert form.fields.first_text().toPlainText() == "写了一段"
    form.fields.day.setText("2026.11.20")
    page.save.click()
    settled()
    assert len(on_file(child)) == before + 1
    assert "2026-11-20" in [line.happened_on for line in on_file(child)]


def test_a_promise_whose_day_cannot_be_read_is_said_at_the_field_and_at_the_foot(page, opened, kids, settled):
    form = opened(child=kids[0].uuid)
    form.fields.first_text().setPlainText("写了一段")
    what, due = form.fields.promises[0]
    what.setText("带他打视频")
    due.setText("IMG_002.jpg")
    page.save.click()
    settled()
    reasons = [one for one in form.fields.findChildren(Reason) if not one.isHidden()]
    assert len(reasons) == 1
    assert "标红的那一处" in page.foot._lead.text()


def test_a_record_is_read_again_changed_and_its_promise_kept_by_the_next_one(
    ledger, page, opened, asked, kids, on_file, settled
):
    child = kids[0].uuid
    draft = RecordDraft(
        uuid=draft_uuid(),
        children=(child,),
        kind=Activity.TALK,
        happened_on="2026-11-20",
        content="说夜里想妈妈",
        reaction="愿意说了",
        guidances=frozenset({Guidance.MIND}),
        promises=(PromiseDraft(content="带一双手套"),),
    )
    asked(save_record, draft=draft)
    form = opened(uuid=draft.uuid)
    assert form.fields.texts["reaction"].toPlainText() == "愿意说了"
    assert form.fields.promises[0][0].text() == "带一双手套"
    assert page.may_leave(), "only looked at"
    form.fields.texts["reaction"].setPlainText("愿意说了，还笑了")
    page.save.click()
    settled()
    facts = asked(record, draft.uuid)
    assert facts.draft.reaction == "愿意说了，还笑了"
    assert [one.content for one in facts.promises] == ["带一双手套"]
    promise = asked(open_promises, child_uuid=child)[0]
    form = opened(child=child, promise=promise.uuid)
    assert form.side.kept == (promise.uuid,)
    form.fields.first_text().setPlainText("手套带到了")
    page.save.click()
    settled()
    assert promise.uuid not in [one.uuid for one in asked(open_promises, child_uuid=child)]
    ledger.undo(ledger.done[-1])
    settled()
    assert promise.uuid in [one.uuid for one in asked(open_promises, child_uuid=child)]


def test_to_the_bin_counts_what_goes_along(ledger, page, opened, asked, kids, on_file, settled):
    child = kids[0].uuid
    draft = RecordDraft(
        uuid=draft_uuid(),
        children=(child,),
        kind=Activity.TALK,
        happened_on="2026-11-20",
        content="说夜里想妈妈",
        promises=(PromiseDraft(content="带一双手套"),),
    )
    asked(save_record, draft=draft)
    opened(uuid=draft.uuid)
    ledger.dialogs.choices.append("remove")
    page.remove.click()
    settled()
    _, lines, verbs = ledger.dialogs.asked[-1]
    assert verbs[0] == "先不动"
    assert any("承诺" in line for line in lines)
    assert draft.uuid not in [line.uuid for line in on_file(child)]
    assert ledger.navigation.backs == 1


def test_the_next_child_of_the_list_comes_by_one_key(page, opened, kids, on_file, settled, qtbot):
    among = tuple(child.uuid for child in kids[:2])
    form = opened(child=among[0], kind="tutoring", among=among)
    form.fields.first_text().setPlainText("背到七的口诀")
    qtbot.keyClick(form.fields.first_text(), Qt.Key.Key_Return, CTRL | SHIFT)
    settled()
    assert "背到七的口诀" in [line.text for line in on_file(among[0]) if line.kind is Activity.TUTORING]
    assert page.form.whom.uuids == (among[1],)
    assert page.form.fields.kind_of is Activity.TUTORING
    assert page.save_next.isHidden(), "the last one of the list"


def test_the_next_child_begins_with_its_own_due_item(page, opened, kids, asked, settled, qtbot, ledger):
    """Its reason, its event and its printed form: not those of the child before it, and not none."""
    mine = [child.uuid for child in kids[:2]]
    for child in mine:
        asked(report_event, child_uuid=child, rule_code="quarrel", happened_on="2026-11-16", note="抢凳子")
    asked(print_forms, drafts=[FormDraft(child_uuid=child, activity="home_visit") for child in mine])
    found = asked(due_items).items
    among = {
        child: next(item for item in found if item.kind is DueKind.EVENT and item.child_uuid == child)
        for child in mine
    }
    assert all(item.form for item in among.values())
    form = opened(**begun_with(among[mine[0]]), among=among)
    assert "的纸单算交回" in said(form.side)
    for child in mine:
        page.form.fields.first_text().setPlainText("和好了")
        ledger.dialogs.choices.append("save")
        assert page.form.whom.uuids == (child,)
        assert among[child].subject_uuid in page.form.side.closes
        page.ask_save(go_on=True)
        settled()
    # A child may have had an event before this one.
    assert not {item.subject_uuid for item in among.values()} & {one.uuid for one in asked(open_events)}
    assert not [one for one in asked(paper_forms) if one.child_uuid in mine and one.activity == "home_visit"]


def test_a_form_declared_void_meanwhile_is_let_go_and_the_words_are_saved(
    page, opened, kids, asked, settled, on_file, ledger
):
    """A paper is void while its record is written: told why it is not saved, and saved without the code on demand."""
    whose = kids[0].uuid
    (form,) = asked(print_forms, drafts=[FormDraft(child_uuid=whose, activity="talk")]).forms
    entry = opened(child=whose, kind="talk", paper=form.code, why="每周谈心一次")
    entry.fields.first_text().setPlainText("说了说家里的事")
    asked(void_forms, uuids=[form.uuid], reason="儿童请假")
    ledger.dialogs.choices.append("stay")
    page.ask_save(go_on=False)
    settled()
    question, lines, _verbs = ledger.dialogs.asked[-1]
    assert question == f"单号 {spaced(form.code)} 已经作废：儿童请假"
    assert any("写的内容都还在" in line for line in lines)
    assert page.form is entry
    assert "说了说家里的事" not in [line.text for line in on_file(whose)]
    ledger.dialogs.choices.append("save")
    page.ask_save(go_on=False)
    settled()
    assert "说了说家里的事" in [line.text for line in on_file(whose)]
    assert page.form is None


def test_a_record_about_another_child_gives_no_paper_back(
    page, opened, kids, asked, settled, on_file, ledger
):
    """She took a line, and wrote about somebody else: saved, and the paper is still out."""
    whose, other = kids[0].uuid, kids[1].uuid
    (form,) = asked(print_forms, drafts=[FormDraft(child_uuid=whose, activity="talk")]).forms
    entry = opened(child=whose, kind="talk", paper=form.code, why="每周谈心一次")
    assert "的纸单算交回" in said(entry.side)
    entry.children_changed.emit((other,))
    settled()
    assert "的纸单算交回" not in said(entry.side)
    entry.fields.first_text().setPlainText("是他来找的我")
    ledger.dialogs.choices.append("save")
    page.ask_save(go_on=False)
    settled()
    assert "是他来找的我" in [line.text for line in on_file(other)]
    assert form.code in [one.code for one in asked(paper_forms)]


def test_a_record_of_another_kind_gives_no_paper_back(page, opened, kids, asked, settled, on_file, ledger):
    """The paper asks for a talk, and she was at the child's home: the talk and its paper are still out."""
    whose = kids[0].uuid
    (form,) = asked(print_forms, drafts=[FormDraft(child_uuid=whose, activity="talk")]).forms
    entry = opened(child=whose, kind="talk", paper=form.code, why="每周谈心一次")
    assert "的纸单算交回" in said(entry.side)
    entry.fields.kind.set_value(Activity.HOME_VISIT)
    settled()
    assert "的纸单算交回" not in said(entry.side)
    entry.fields.first_text().setPlainText("去看了看")
    ledger.dialogs.choices.append("save")
    page.ask_save(go_on=False)
    settled()
    assert Activity.HOME_VISIT in [line.kind for line in on_file(whose)]
    assert form.code in [one.code for one in asked(paper_forms)]


def test_who_did_it_is_said_beside_the_button_that_saves(page, opened, kids, qtbot):
    """Also a guess is seen before it is saved, wherever she has scrolled to."""
    form = opened(child=kids[0].uuid)
    assert form.fields.supporter.value
    assert page.foot._lead.text() == f"还没有存，谈话人：{form.fields.supporter.currentText()}"
    form.fields.supporter.set_value(None)
    qtbot.waitUntil(lambda: page.foot._lead.text() == "还没有存，谈话人：还没有选")
    form.fields.kind.set_value(Activity.TUTORING)
    assert "辅导教师" in page.foot._lead.text()


def test_the_line_of_somebody_who_has_left_proposes_who_answers_now(ledger, opened, kids, asked):
    """The pair is not handed over yet: whom the line names is not there to be chosen, and nobody is no proposal."""
    item = next(
        one
        for one in asked(due_items).items
        if one.kind is DueKind.CADENCE and one.supporter_uuid and one.class_uuid
    )
    (staff,) = asked(
        Store.one,
        "SELECT t.uuid FROM supporter s JOIN staff t ON t.id = s.staff_id WHERE s.uuid = ?",
        (item.supporter_uuid,),
    )
    asked(change_staff, uuid=staff, left_on="2026-11-10")
    form = opened(**begun_with(item))
    assert form.fields.supporter.value == form.hand.supporter != ""


def test_another_kind_keeps_what_is_written_in_sight(page, opened, kids, qtbot):
    form = opened(child=kids[0].uuid, kind="home_visit")
    form.fields.texts["economy"].setPlainText("种地，养两头猪")
    form.fields.kind.set_value(Activity.TALK)
    assert form.fields.texts["economy"].isVisible()
    assert not form.fields.texts["family"].isVisible()
    assert form.draft().economy == "种地，养两头猪"


def test_esc_in_a_text_and_leaving_lose_nothing(ledger, page, opened, kids, qtbot):
    form = opened(child=kids[0].uuid)
    area = form.fields.first_text()
    area.setPlainText("写了一半")
    qtbot.keyClick(area, Qt.Key.Key_Escape)
    assert area.toPlainText() == "写了一半"
    assert not page.may_leave()
    assert ledger.dialogs.asked[-1][2] == ("接着写", "先放着，离开", "不要了")
    assert page.form is form
    assert ledger.navigation.let_go == 0


@pytest.mark.parametrize("answer", ["keep", "drop"])
def test_leaving_with_something_unsaved_goes_on_to_where_she_wanted(ledger, page, opened, kids, answer):
    opened(child=kids[0].uuid).fields.first_text().setPlainText("写了一半")
    ledger.dialogs.choices.append(answer)
    assert not page.may_leave()
    assert (ledger.navigation.let_go, ledger.navigation.backs) == (1, 0)
    assert page.form is None
    assert page.may_leave()


def test_who_is_proposed_for_the_child_is_nothing_typed(page, opened, kids, settled):
    opened()
    page.form.children_changed.emit((next(kid.uuid for kid in kids if kid.school_class),))
    settled()
    assert page.form.fields.supporter.value
    assert not page.form.is_touched
    assert page.form.keeping.draft() is None
    page.form.fields.supporter.set_value(None)
    assert page.form.is_touched, "whom she chose herself is kept"


def test_what_is_put_by_is_offered_for_the_same_child_and_stays_the_same_record(
    ledger, page, opened, kids, settled, tmp_path
):
    child = kids[0].uuid
    form = opened(child=child)
    form.fields.first_text().setPlainText("写了一半就打铃了")
    uuid = form.uuid
    draft = form.keeping.draft()
    assert draft.form == Form.RECORD
    assert draft.where["children"] == child
    again = opened(child=child)
    again.resume(draft)
    assert again.uuid == uuid, "saving it twice stays one record"
    assert again.fields.first_text().toPlainText() == "写了一半就打铃了"


def test_what_could_not_be_stored_stays_in_the_form(ledger, page, opened, kids, settled, monkeypatch):
    def full(*_args, **_kwargs):
        raise fault("memory.short")

    form = opened(child=kids[0].uuid)
    form.fields.first_text().setPlainText("硬盘满的时候写的")
    monkeypatch.setattr("ui.pages.diary.entry_page.save_record", full)
    page.save.click()
    settled()
    assert ledger.dialogs.faults
    assert page.form is form
    assert form.fields.first_text().toPlainText() == "硬盘满的时候写的"
    assert page.save.isEnabled()


def test_a_photo_goes_in_with_the_record_and_a_broken_one_is_said(
    ledger, page, opened, asked, kids, settled, tmp_path, qtbot
):
    good, bad = tmp_path / "IMG.jpg", tmp_path / "x.jpg"
    Image.effect_noise((1800, 1400), 90).convert("RGB").save(good, quality=95)
    bad.write_bytes(b"MZ not a picture")
    form = opened(child=kids[0].uuid, kind="home_visit")
    form.fields.first_text().setPlainText("门口的路")
    ledger.dialogs.files.append(bad)
    form.pictures.add.click()
    settled()
    assert ledger.dialogs.faults
    assert form.pictures.added == ()
    ledger.dialogs.files.append([bad, good, bad, good])
    form.pictures.add.click()
    qtbot.waitUntil(form.pictures.add.isEnabled, timeout=10_000)
    assert ledger.dialogs.asked[-1][0] == "4 个里有 2 个没有放进来"
    assert len(form.pictures.added) == 2
    form.pictures._drop(form.pictures.added[-1].uuid)
    settled()
    assert "存上时一起存" in said(form.pictures)
    uuid = form.uuid
    page.save.click()
    settled()
    kept = asked(record, uuid).attachments
    assert len(kept) == 1
    assert kept[0].size <= 200 * 1024


def test_a_record_is_not_saved_while_its_photos_are_still_made_small(
    ledger, page, opened, asked, kids, settled, tmp_path, qtbot
):
    """The form closes with the save: what was not ready was lost without a word."""
    for name in ("1.jpg", "2.jpg"):
        Image.new("RGB", (400, 300), "white").save(tmp_path / name)
    form = opened(child=kids[0].uuid, kind="home_visit")
    form.fields.first_text().setPlainText("门口的路")
    ledger.dialogs.files.append([tmp_path / "1.jpg", tmp_path / "2.jpg"])
    form.pictures.add.click()
    page.save.click()
    assert "照片还在缩小" in said(page.foot)
    assert page.form is form
    qtbot.waitUntil(form.pictures.add.isEnabled, timeout=10_000)
    page.save.click()
    settled()
    assert len(asked(record, form.uuid).attachments) == 2


def test_a_photo_chosen_while_the_record_is_saved_is_not_lost(
    ledger, page, opened, asked, kids, settled, tmp_path, qtbot
):
    Image.new("RGB", (400, 300), "white").save(tmp_path / "1.jpg")
    form = opened(child=kids[0].uuid, kind="home_visit")
    form.fields.first_text().setPlainText("门口的路")
    page.save.click()
    ledger.dialogs.files.append([tmp_path / "1.jpg"])
    form.pictures.add.click()  # the save is under way
    settled()
    qtbot.waitUntil(form.pictures.add.isEnabled, timeout=10_000)
    assert page.form is form
    assert "又选的还没有存" in said(page.foot)
    assert asked(record, form.uuid).attachments == ()
    page.save.click()
    settled()
    assert page.form is None
    assert len(asked(record, form.uuid).attachments) == 1


def test_phrases_stand_in_the_right_click_menu_and_the_empty_text_tells_of_them(
    page, opened, kids, asked, settled, qtbot
):
    """Who never pressed Alt+↓ finds them too; what a text's menu has anyway stays in it."""
    asked(add_phrase, field="content", content="已电话告知家长")
    form = opened(child=kids[0].uuid)
    area = form.fields.first_text()
    assert area.placeholderText() == PHRASES_HINT
    assert [one for one in form.fields.texts.values() if one.placeholderText()] == [area]
    settled()
    menu = form.phrases.offer_among(area, "content", area.rect().center())
    assert any(action.objectName() == "edit-paste" for action in menu.actions())
    (own,) = [action.menu() for action in menu.actions() if action.menu() is not None]
    assert own.title() == "常用语"
    own.actions()[0].trigger()
    menu.hide()
    assert area.toPlainText() == "已电话告知家长"


def test_phrases_are_put_in_by_a_digit_and_kept_from_the_text(
    ledger, page, opened, asked, kids, settled, qtbot
):
    asked(add_phrase, field="content", content="已电话告知家长")
    form = opened(child=kids[0].uuid)
    area = form.fields.first_text()
    area.setPlainText("肚子疼，")
    area.moveCursor(area.textCursor().MoveOperation.End)
    menu = form.phrases.offer(area, "content")
    qtbot.keyClick(menu, Qt.Key.Key_1)
    assert area.toPlainText() == "肚子疼，已电话告知家长"
    area.selectAll()
    menu = form.phrases.offer(area, "content")
    next(one for one in menu.actions() if one.text() == "把选中的字存成常用语").trigger()
    menu.close()
    settled()
    assert "肚子疼，已电话告知家长" in [one.content for one in asked(phrases)]


def test_every_kind_has_its_texts_in_the_papers_order(page, opened, kids):
    form = opened(child=kids[0].uuid)
    for kind in Activity:
        form.fields.kind.set_value(kind)
        box = form.fields._texts_box
        shown = [box.itemAt(n).widget().label.text() for n in range(box.count())]
        assert shown == [field.label for field in form_fields(kind)]


def test_in_a_small_window_the_side_is_the_second_part(page, opened, kids):
    page.set_breakpoint(Breakpoint.NARROW)
    opened(child=kids[0].uuid)
    assert page.parts.isVisible()
    assert not page._side.isVisible()
    page.parts.set_current("side")
    page._arrange()
    assert page._side.isVisible()
    assert not page.sheet.isVisible()
