"""九 类别与登记: categories with their basis, on and off the ledger, the file's number, the recycle bin."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile
from app.dossier.service_bin import BinPreview, bin_preview, move_to_bin
from ui import theme
from ui.pages.child import forms
from ui.pages.child.clerk import Clerk
from ui.pages.child.leave_panel import LeavePanel, RegisterPanel, ReturnPanel
from ui.pages.child.rows import OPTIONAL, BoundRows
from ui.pages.child.section import FactLine, Facts, Section, present_first, sub_head
from ui.pages.child.words import category_words, registration_words, reported_words
from ui.theme import Tone, Type
from ui.widgets import Fact, FactList, FormGrid, Kind, Link, Text, Verb

_BIN = "bin"


class Register(Section):
    """Categories are findings of several; leaving ends a period and deletes nobody."""

    key = "register"
    words = "类别与登记"
    short = "类别登记"
    doubt_fields = ("categories", "category", "registration", "archive_no", "note", "status")

    def __init__(self, clerk: Clerk, number: str) -> None:
        self._bin = Link("移到回收站…", self._ask_bin, kind=Type.SMALL, tone=Tone.RED)
        super().__init__(clerk, number, self._bin)
        m = theme.metrics()
        self._categories, self._registrations = Facts(clerk, threaded=False), Facts(clerk)
        self._none = Text("没有记过类别。", tone=Tone.INK3)
        self._reported = FactList()
        self._reported.setAccessibleName("名册上报")
        self._add = Link("加一类…", self._ask_category, kind=Type.SMALL)
        self._leave = Link("退出台账…", self._ask_leave, kind=Type.SMALL)
        self._return = Link("回到台账…", self._ask_return, kind=Type.SMALL)
        self._register = Link("登记到台账…", self._ask_register, kind=Type.SMALL)
        self._rows = BoundRows(clerk.child_value, clerk.fields, "child", clerk.child_uuid)
        self.box.addWidget(sub_head("类别", self._add))
        self.box.addWidget(self._categories)
        self.box.addWidget(self._none)
        verbs = (self._leave, self._return, self._register)
        self.box.addWidget(sub_head("台账登记", *verbs))
        self.box.addWidget(self._registrations)
        self.box.addWidget(self._reported)
        self.box.addSpacing(m.s4)
        grid = FormGrid()
        grid.pair(
            self._rows.text("archive_no", "档案号", hint=OPTIONAL),
            self._rows.near_date("archive_opened_on", "建档日期", clerk.context.clock),
        )
        grid.full(self._rows.area("note", "备注", hint=OPTIONAL))
        self.box.addWidget(grid)

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        facts = file.facts
        today = self.clerk.context.clock.today()
        categories = [FactLine(forms.CATEGORY, one, category_words(one)) for one in file.categories]
        self._categories.show_rows(present_first(categories, today))
        self._none.setVisible(not categories)
        registrations = [
            FactLine(forms.REGISTRATION, one, registration_words(one)) for one in file.registrations
        ]
        self._registrations.show_rows(present_first(registrations, today))
        reported = [Fact("", "名册上报", reported_words(one), in_force=False) for one in file.reported]
        self._reported.set_facts(reported)
        self._reported.setVisible(bool(reported))
        self._rows.show(partial(getattr, facts), fresh=fresh)
        on = self.clerk.editable
        self._rows.enable(on)
        registered = facts.registration is not None
        was_there = bool(file.registrations)
        self._leave.setVisible(on and (registered or facts.enrolment is not None))
        self._return.setVisible(on and not registered and was_there)
        self._register.setVisible(on and not (not registered and was_there))
        self._add.setVisible(on)
        self._bin.setVisible(on)

    def first_field(self) -> QWidget:
        return self._add

    def gap_target(self, field: str) -> QWidget | None:
        return self._rows.fields.get(field)

    # ---- done

    def _ask_category(self) -> None:
        self.clerk.change(forms.CATEGORY, self.clerk.facts.uuid, "")

    def _ask_leave(self) -> None:
        self.clerk.open_panel(LeavePanel(self.clerk))

    def _ask_return(self) -> None:
        self.clerk.open_panel(ReturnPanel(self.clerk))

    def _ask_register(self) -> None:
        self.clerk.open_panel(RegisterPanel(self.clerk))

    def _ask_bin(self) -> None:
        self.clerk.context.read(bin_preview, (self.clerk.facts.uuid,), on_done=self._count_shown)

    def _count_shown(self, preview: BinPreview) -> None:
        facts = self.clerk.facts
        where = "，".join(
            part
            for part in (facts.school_class.name if facts.school_class else "", (facts.birth_date or "")[:7])
            if part
        )
        counted = "、".join(f"{words} {count} 条" for words, count in preview.counts if count)
        lines = [f"一起移走：{counted}。" if counted else "没有别的记录。"]
        lines.append("家人不会移走，兄弟姐妹可能还要用。什么都不会丢，可以从回收站整个取回。")
        lines.append("离开学校、退出台账请用「退出台账…」，不要用回收站。")
        self.clerk.context.dialogs.ask(
            f"把 {facts.name}{f'（{where}）' if where else ''}移到回收站？",
            lines,
            [Verb("stay", "先不动"), Verb(_BIN, "移到回收站", Kind.DANGER)],
            self._bin_answered,
        )

    def _bin_answered(self, key: str) -> None:
        if key == _BIN:
            self.clerk.context.write(
                move_to_bin, uuids=(self.clerk.facts.uuid,), toast=True, on_done=self._binned
            )

    def _binned(self, _changes: object) -> None:
        self.clerk.context.navigation.back()
