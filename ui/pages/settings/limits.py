"""期限: the numbers the school sets: after how many days, within how many minutes."""

from __future__ import annotations

from functools import partial

from msgspec import Struct

from app.school.limits import SHIPPED, Limit, limit, set_limit
from app.storage.drafts import Draft
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.drafts import SAVE, EntryPanel, Form
from ui.pages.settings.cadences import whole_number
from ui.pages.settings.section import Section
from ui.theme import Tone, Type
from ui.widgets import Cell, Column, DataTable, FormRow, NearDay, QuietField, Text


class LimitRow(Struct, frozen=True):
    """One limit as it stands today."""

    code: Limit
    number: int


class LimitPanel(EntryPanel):
    """Asks for a number and from when on it holds."""

    def __init__(self, section: Section, found: LimitRow) -> None:
        facts = SHIPPED[found.code]
        super().__init__(section, facts.words, self._save, verb="存上", safe="先不存")
        self._context = section.context
        self._found = found
        self.number = QuietField(quiet=False, hint="", check=partial(whole_number, facts.most))
        self.number.setFixedWidth(theme.metrics().field_small)
        self.number.set_value(str(found.number))
        self.since = NearDay(section.context.clock.today)
        self.since.show_day(section.context.clock.today())
        self.add(FormRow(f"几{facts.unit}", self.number, note=f"{facts.least} 到 {facts.most}"))
        self.add(FormRow("从哪天起", self.since))
        self.told = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.form.addWidget(self.told)
        for typed in (self.number, self.since):
            typed.textChanged.connect(self._changed)
        self._changed()
        self.number.setFocus()
        fields = {"number": self.number, "since": self.since}
        section.keep(self, Form.LIMIT, facts.words, fields, record=found.code.value)

    def _changed(self, *_: object) -> None:
        facts = SHIPPED[self._found.code]
        number, since = self.number.text().strip(), self.since.day
        is_whole = since is not None and whole_number(facts.most, number) is None
        self.buttons[SAVE].setEnabled(is_whole)
        if is_whole and since is not None:
            words = f"现在 {self._found.number} {facts.unit}；{since.month}月{since.day}日起 {number} {facts.unit}"
            self.told.setText(f"{words}，以前的照原来的算。")

    def _save(self, _key: str) -> None:
        since = self.since.day
        if since is not None:
            self._context.write(
                set_limit,
                code=self._found.code,
                number=int(self.number.text().strip()),
                since=since,
                toast=True,
                on_done=self._stored,
                on_error=self.refused,
            )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _in_force(store: Store) -> list[LimitRow]:
    return [LimitRow(code, limit(store, code)) for code in Limit]


class LimitsSection(Section):
    """A table of the numbers in force today."""

    key = "limits"

    def __init__(self, context: Context) -> None:
        super().__init__(context, "期限", "法律没有定死、各地不一样的天数和分钟数，照本校、本地的规定改。")
        self.table = DataTable(
            [
                Column("words", "期限", _words, "突发事件多少分钟内上报教育办和政府", frozen=True),
                Column("number", "现在", _number, "1440 分钟", number=True),
                Column("shipped", "随程序带来的", _shipped, "1440 分钟", number=True, essential=False),
                Column("change", "", lambda _: Cell("修改…", link=True), "修改…", link=True),
            ],
            key=_code,
        )
        self.table.link_pressed.connect(self._change)
        self.table.opened.connect(self._change)
        self.box.addWidget(self.table, 1)

    def load(self) -> None:
        self.context.read(_in_force, on_done=self.table.set_rows)

    def _change(self, found: LimitRow, *_: object) -> None:
        self.open_panel(LimitPanel(self, found))

    def resume(self, draft: Draft) -> None:
        self.context.read(_in_force, on_done=partial(self._resume, draft))

    def _resume(self, draft: Draft, rows: list[LimitRow]) -> None:
        found = next((one for one in rows if one.code.value == draft.record), None)
        if found is not None:
            self.open_panel(LimitPanel(self, found), draft)


def _code(found: LimitRow) -> str:
    return found.code.value


def _words(found: LimitRow) -> Cell:
    return Cell(SHIPPED[found.code].words, bold=True)


def _number(found: LimitRow) -> Cell:
    facts = SHIPPED[found.code]
    changed = found.number != facts.shipped
    return Cell(f"{found.number} {facts.unit}", Tone.INK if changed else Tone.INK2, bold=changed)


def _shipped(found: LimitRow) -> Cell:
    facts = SHIPPED[found.code]
    return Cell(f"{facts.shipped} {facts.unit}", Tone.INK3)
