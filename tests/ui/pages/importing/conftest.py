"""The import page over the demo school, and rosters as real files."""

from __future__ import annotations

import pytest
from openpyxl import Workbook
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.children.codes import Sex
from app.children.drafts import ChildDraft
from app.children.queries import load_facts
from app.children.service import add_children
from app.school.codes import Stage
from app.school.rules import ClassRef
from ui.pages.importing.page import CHECK, FILE, ImportPage

HEADER = ["姓名", "性别", "身份证号", "班级", "父亲姓名", "父亲电话", "留守类型", "备注"]


@pytest.fixture
def page(ledger, qtbot):
    """The page, shown, no file chosen yet."""
    made = ImportPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 632)
    qtbot.show(made)
    return made


@pytest.fixture
def settled(qtbot, jobs):
    """Wait until everything asked for is answered and shown."""

    def wait():
        qtbot.waitUntil(lambda: not jobs.busy, timeout=15_000)
        QApplication.sendPostedEvents()

    return wait


@pytest.fixture
def roster(tmp_path):
    """`roster(rows, …)` writes a workbook: a title, the header, the rows, a total."""

    def write(*rows, header=HEADER, name="花名册.xlsx", sheet="三年级", **sheets):
        book = Workbook()
        first = book.active
        first.title = sheet
        first.append(["青石坪镇中心小学留守儿童花名册"])
        for row in (header, *rows):
            first.append(row)
        first.append(["合计", len(rows)])
        for title, lines in sheets.items():
            other = book.create_sheet(title)
            for line in lines:
                other.append(line)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def checked(page, settled):
    """`checked(path)` goes through the first two steps as they are proposed and stands on 核对."""

    def go(path):
        page.open_file(path)
        settled()
        assert page.step == FILE
        page.file.next.click()
        page.columns.next.click()
        settled()
        assert page.step == CHECK
        return page

    return go


@pytest.fixture
def numberless(ledger, settled):
    """A child of 三（2）班 without any number."""
    draft = ChildDraft(name="欧阳慕容晓桐", sex=Sex.FEMALE, class_ref=ClassRef(Stage.PRIMARY, 2024, 2))
    ledger.write(add_children, drafts=(draft,))
    settled()
    return draft


@pytest.fixture
def by_name(asked, ledger):
    """The ledger by name."""

    def read():
        return {child.name: child for child in asked(load_facts, ledger.clock.today())}

    return read


def type_chinese(field, text):
    """Type over what stands in a field as the input method does, and leave by Enter."""
    field.setFocus()
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)
    field.leave()
