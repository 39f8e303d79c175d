"""十 附件: a photo and a PDF are put in with the child, seen, taken out, brought back; a record's stay with the record."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from app.diary.attachments import attachments
from app.diary.codes import Activity, AttachmentKind
from app.diary.drafts import PictureDraft, RecordDraft, draft_uuid
from app.storage.pictures import shrink
from app.tasks.diary import save_record
from tests.ui.pages.importing.conftest import type_chinese
from ui.pages.child.attachments import Attachments
from ui.shell.attachments import PagesPanel, PicturePanel
from ui.theme import Breakpoint
from ui.widgets import Link, Text
from ui.widgets.cuts import cuts_of


@pytest.fixture
def settled(settled):
    """Also until what was laid out anew is shown."""

    def wait():
        settled()
        QApplication.processEvents()

    return wait


@pytest.fixture
def child(children):
    return children[0]


@pytest.fixture
def page(opened, child):
    return opened(child)


@pytest.fixture
def section(page, settled):
    settled()
    return page.form.section(Attachments)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "户口本.jpg"
    Image.effect_noise((2400, 1600), 80).convert("RGB").save(path, quality=95)
    return path


@pytest.fixture
def scan(tmp_path):
    """Two pages as a scanner makes them."""
    path = tmp_path / "委托书.pdf"
    pages = [Image.new("L", (600, 850), 240) for _ in range(2)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


def said(section):
    return " ".join(label.text() for label in section.findChildren(Text) if label.isVisibleTo(section))


def links(section, words):
    return [link for link in section.findChildren(Link) if link.text() == words and link.isVisibleTo(section)]


def put_in(section, ledger, settled, path, title):
    ledger.dialogs.files.append(path)
    section._add.click()
    settled()
    panel = ledger.dialogs.panels[-1]
    type_chinese(panel.title, title)
    panel.buttons["save"].click()
    settled()
    return panel


def test_a_photo_is_put_in_seen_taken_out_and_brought_back(section, child, ledger, settled, asked, photo):
    assert "还没有附件。" in said(section)
    before = photo.read_bytes()
    panel = put_in(section, ledger, settled, photo, "户口本首页")
    assert panel.isHidden()
    (kept,) = asked(attachments, child_uuid=child.uuid)
    assert (kept.title, kept.kind, kept.record_uuid) == ("户口本首页", AttachmentKind.PHOTO, None)
    assert kept.size <= 200 * 1024
    assert photo.read_bytes() == before
    assert "户口本首页" in said(section)
    assert "1 个" in said(section)

    links(section, "看")[0].click()
    settled()
    assert isinstance(ledger.dialogs.panels[-1], PicturePanel)
    links(section, "拿掉")[0].click()
    settled()
    assert asked(attachments, child_uuid=child.uuid) == ()
    assert "还没有附件。" in said(section)
    ledger.navigation.toasts[-1][1]()
    settled()
    assert [one.uuid for one in asked(attachments, child_uuid=child.uuid)] == [kept.uuid]
    assert "户口本首页" in said(section)


def test_several_go_in_at_once_and_out_with_one_undo(
    section, child, ledger, settled, asked, photo, scan, tmp_path, qtbot
):
    """What cannot be kept among them is said, and keeps none of the others out."""
    broken = tmp_path / "坏的.jpg"
    broken.write_bytes(b"no picture at all")
    words = section._add.text()
    ledger.dialogs.files.append([photo, broken, scan])
    section._add.click()
    assert section._add.text() == "正在缩小 1 / 3…"
    qtbot.waitUntil(lambda: bool(ledger.dialogs.panels), timeout=10_000)
    assert (section._add.text(), section._add.isEnabled()) == (words, True)
    qtbot.waitUntil(lambda: len(ledger.dialogs.faults) == 1, timeout=10_000)
    panel = ledger.dialogs.panels[-1]
    assert panel.head.text() == "放进 2 个附件"
    assert f"放进{child.name}的档案" in said(panel)
    type_chinese(panel.title, "户口本")
    panel.buttons["save"].click()
    settled()
    kept = asked(attachments, child_uuid=child.uuid)
    assert {(one.title, one.kind) for one in kept} == {
        ("户口本 1", AttachmentKind.PHOTO),
        ("户口本 2", AttachmentKind.DOCUMENT),
    }
    assert "2 个" in said(section)
    assert ledger.undo_last()
    settled()
    assert asked(attachments, child_uuid=child.uuid) == ()


def test_the_pages_of_a_pdf_are_seen(section, ledger, settled, scan, qtbot):
    put_in(section, ledger, settled, scan, "委托照护书")
    links(section, "看")[0].click()
    settled()
    panel = ledger.dialogs.panels[-1]
    assert isinstance(panel, PagesPanel)
    qtbot.waitUntil(lambda: panel.preview.shown is not None, timeout=10_000)
    assert panel.preview.pages == 2


def test_a_day_that_has_not_come_is_said_before_it_is_stored(section, child, ledger, settled, asked, photo):
    ledger.dialogs.files.append(photo)
    section._add.click()
    settled()
    panel = ledger.dialogs.panels[-1]
    panel.taken.setText("2027-01-01")
    panel.taken.leave()
    panel.buttons["save"].click()
    settled()
    assert panel.isVisible()
    assert "还没有到" in said(panel) or "写着原因" in said(panel)
    assert asked(attachments, child_uuid=child.uuid) == ()


def test_what_is_no_picture_is_said_and_leaves_the_way_open(section, ledger, settled, tmp_path):
    other = tmp_path / "名单.jpg"
    other.write_bytes(b"no picture at all")
    ledger.dialogs.files.append(other)
    section._add.click()
    settled()
    assert ledger.dialogs.faults
    assert section._add.isEnabled()
    assert "还没有附件。" in said(section)


def test_the_pictures_of_a_record_are_counted_and_found_in_the_timeline(
    page, section, child, ledger, settled, asked, photo
):
    picture = PictureDraft(picture=shrink(photo))
    draft = RecordDraft(
        uuid=draft_uuid(),
        children=(child.uuid,),
        kind=Activity.HOME_VISIT,
        happened_on="2026-11-20",
        content="看了住处",
        attachments=(picture,),
    )
    ledger.write(save_record, draft=draft)
    settled()
    assert "有 1 个附在记录里" in said(section)
    assert links(section, "拿掉") == []
    (visit,) = (row for row in page.timeline.view.rows if row.text == "看了住处")
    assert visit.aside == "照片 1"
    page.timeline._narrow("photos", "有照片的")
    assert list(page.timeline.view.rows) == [visit]


def test_another_child_has_its_own(section, children, child, ledger, settled, opened, photo):
    put_in(section, ledger, settled, photo, "户口本首页")
    other = opened(children[1])
    settled()
    assert "户口本首页" not in said(other.form.section(Attachments))
    back = opened(child)
    settled()
    assert "户口本首页" in said(back.form.section(Attachments))
    back.set_breakpoint(Breakpoint.NARROW)
    back.resize(831, 388)
    settled()
    assert cuts_of(back) == []
