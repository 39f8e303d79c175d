"""成批记: after a session one line per child, with a spreadsheet's keys, saved as one action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.calls.codes import Mood, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.log_facts import TodayCall
from app.calls.service_log import save_calls
from app.core.changes import Changes
from app.core.errors import ShouwangError
from app.diary.drafts import draft_uuid
from app.storage.drafts import Draft, Json
from ui.context import Context
from ui.drafts import Form, refusal_words
from ui.drafts.grid import GridDraft
from ui.pages.calls.batch_bar import BatchBar
from ui.pages.calls.batch_rows import HEADS, MOOD, PARTY, RESULT, BatchRead, Usual, read_batch
from ui.pages.calls.loading import PLANNED, SessionFacts, ask_about, read_session
from ui.shell.day_watch import DayWatch
from ui.shell.page import Page
from ui.widgets import (
    Button,
    EmptyState,
    FooterBar,
    Kind,
    Sheet,
    Verb,
)
from ui.widgets.grid import EntryGrid, GridColumn

_SAMPLES = {"result": "语言不通", "party": "母亲 刘芳芳", "minutes": "分钟", "mood": "不说话", "at": "12:30"}
_SAMPLE = "期中考了 92 分，妈妈说过年回来"
_LOOKS_AFTER = 200
"""Milliseconds after the last key before the rows are read."""


class BatchPage(Page):
    """Rows stay, here and in their draft, until they are saved or given up."""

    areas = frozenset({"calls", "children", "school"})
    saved = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context, "成批记通话", back="亲情电话")
        self._seed = draft_uuid()
        self._watch = DayWatch(context, self)
        self._watch.passed.connect(self._day_passed)
        self._day = self._watch.today
        self._list = PLANNED
        self._facts: SessionFacts | None = None
        self._calls: tuple[TodayCall, ...] = ()
        self._read_rows = BatchRead({}, {})
        self._sent = False
        self._notice = ""
        self._with_done = False
        self._wanted: Draft | None = None
        self._reading = context.jobs.latest(self)
        self.bar = BatchBar()
        self.bar.stepped.connect(self._step)
        self.bar.list_chosen.connect(self._choose_list)
        self.bar.done_asked.connect(self._toggle_done)
        self.give_up = Button("都不要了…", self._ask_give_up)
        self.save = Button("存下", self.ask_save, kind=Kind.FILLED, note="Ctrl+Enter")
        self.foot = FooterBar(self.give_up, self.save)
        self.grid = self._make_grid()
        self.empty = EmptyState()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.empty)
        self.sheet = Sheet(self.bar, self.stack, self.foot)
        self.sheet.box.setStretchFactor(self.stack, 1)
        self.content.addWidget(self.sheet, 1)
        self.kept = GridDraft(
            context.drafts,
            self.grid,
            Form.CALL_BATCH,
            words=self._draft_words,
            how=self._how,
            keys=self._keys,
            parent=self,
        )
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_LOOKS_AFTER)
        self._pause.timeout.connect(self._look)
        self.key("Ctrl+Return", self.ask_save)
        self._say()

    def _make_grid(self) -> EntryGrid:
        choices: Mapping[str, tuple[str, ...]] = {
            RESULT: tuple(one.label for one in Outcome),
            MOOD: tuple(one.label for one in Mood),
        }
        columns = [
            GridColumn(key, head, _SAMPLES.get(key, _SAMPLE), choices.get(key, ()))
            for key, head in HEADS.items()
        ]
        grid = EntryGrid(columns)
        grid.setEnabled(not self.context.read_only)
        grid.cells.changed.connect(self._typed)
        grid.current_moved.connect(self._moved)
        grid.noticed.connect(self._notices)
        return grid

    # ---- read

    @override
    def load(self) -> None:
        self._reading.run(read_session, self.context.store, self._day, self._list, on_done=self._show)

    def _show(self, facts: SessionFacts) -> None:
        if self._filled() and self._facts is not None:
            return  # what is typed stays where it is
        self._facts, self._list = facts, facts.list_key
        self._calls = facts.calls if self._with_done else tuple(call for call in facts.calls if not call.done)
        self.header.set_fact(facts.duty_words)
        self.bar.show_session(facts, self.context.clock.today(), with_done=self._with_done)
        self.grid.set_names([call.child_name for call in self._calls], [_mark(call) for call in self._calls])
        self.stack.setCurrentWidget(self.grid if self._calls else self.empty)
        self._say_empty(facts)
        self._read_rows = BatchRead({}, {})
        if self._wanted is not None:
            draft, self._wanted = self._wanted, None
            self._seed = str(draft.how["seed"])
            self.kept.fill(draft)
        self._offer_parties(0)
        self._say()

    def _day_passed(self, before: date, today: date) -> None:
        """The empty list of the day goes on to the new day; what is typed stays on the day it was typed for."""
        if self._day == before and not self._filled() and not self._sent:
            self._day = today
            self.load()
        else:
            self.bar.say_day(self._day, today)

    def _say_empty(self, facts: SessionFacts) -> None:
        """All of them are written down, or nobody was to call: the day that is still open is one press away."""
        if facts.calls:
            self.empty.set_words(
                "这一天的都记完了", f"{len(facts.calls)} 名都有结果。要再看，按上面的「也列出来」。"
            )
            return
        sentence = "可以换一天，或在「名单」里选一个班，一名儿童一行。"
        if facts.open_day is None:
            self.empty.set_words("这一天没有排号", sentence)
            return
        link = f"{facts.open_day:%m-%d} 还有 {facts.open_count} 名没记，去记"
        go = partial(self._change, facts.open_day, PLANNED)
        self.empty.set_words("这一天没有排号", sentence, link=link, on_link=go)

    def _toggle_done(self) -> None:
        if self._filled():
            return  # what is typed stays where it is
        self._with_done = not self._with_done
        self.load()

    def _choose_list(self, key: str) -> None:
        self.bar.show_list()
        self._change(self._day, key)

    def _step(self, days: int) -> None:
        self._change(self._day + timedelta(days=days), self._list)

    # ---- another list

    def _change(self, day: date, key: str) -> None:
        """Another list is wanted; what stands in this one is asked about first."""
        if day > self.context.clock.today():
            return
        if not self._filled():
            self._day, self._list = day, key
            self.load()
            return
        self.context.dialogs.ask(
            f"表里的 {self._filled()} 名还没有存",
            ["先放着：写的留底，以后打开会问您。", "已经存下的通话没有动。"],
            [Verb("stay", "接着填"), Verb("keep", "先放着，换一张表"), Verb("drop", "都不要了", Kind.DANGER)],
            partial(self._put_by, day, key),
        )

    def _put_by(self, day: date, key: str, answer: str) -> None:
        if answer == "stay":
            self.grid.setFocus()
            return
        if answer == "keep":
            self.context.drafts.leave(self.kept)
            self.kept.deleteLater()
            self.kept = GridDraft(
                self.context.drafts,
                self.grid,
                Form.CALL_BATCH,
                words=self._draft_words,
                how=self._how,
                keys=self._keys,
                parent=self,
            )
        self._empty()
        self._day, self._list = day, key
        self.load()

    def _empty(self) -> None:
        self._seed = draft_uuid()
        self.grid.cells.empty_out()
        self.kept.emptied()
        self._say()

    # ---- its draft

    def _draft_words(self, count: int) -> str:
        return f"成批记通话 {self._day:%m-%d} {count} 名"

    def _how(self) -> dict[str, Json]:
        return {"day": self._day.isoformat(), "list": self._list, "seed": self._seed}

    def _keys(self) -> tuple[str, ...]:
        return tuple(call.planned_uuid or call.child_uuid for call in self._calls)

    def _resume(self) -> None:
        draft = self.context.drafts.take_wanted(Form.CALL_BATCH)
        if draft is None:
            return
        self._day = date.fromisoformat(str(draft.how["day"]))
        self._list = str(draft.how["list"])
        self._wanted = draft
        self.load()

    # ---- typed

    def _filled(self) -> int:
        return len(self.grid.cells.filled)

    def _typed(self) -> None:
        self._notice = ""
        self._pause.start()
        self._say()

    def _look(self) -> None:
        self._read_rows = read_batch(self._calls, self._usual(), self._seed, self.grid.cells.filled)
        self.grid.cells.set_findings(self._read_rows.findings)
        self._say()

    def _usual(self) -> Usual:
        facts = self._facts
        line = str(self.bar.line.value or "")
        known = facts.telephones if facts is not None else ()
        medium = next((one.medium for one in known if one.uuid == line), None)
        usual = Usual(self._day.isoformat(), line)
        return Usual(usual.day, line, medium) if medium is not None else usual

    def _moved(self, row: int, _column: int) -> None:
        self._offer_parties(row)
        self._say()

    def _offer_parties(self, row: int) -> None:
        """Alt+↓ in 打给 lists the grown-ups of this line's child."""
        dials = self._calls[row].dials if 0 <= row < len(self._calls) else ()
        self.grid.offer(PARTY, [f"{one.relation} {one.who}".strip() for one in dials])

    def _notices(self, words: str) -> None:
        self._notice = words
        self._say()

    def _say(self) -> None:
        self.grid.hold(self._sent)
        filled = self._filled()
        row, column = self.grid.place()
        detail = self._notice
        if not detail and 0 <= row < len(self._calls):
            call = self._calls[row]
            found = self.grid.cells.finding(row, column)
            dial = call.next or (call.dials[0] if call.dials else None)
            party = f"{call.child_name}：打给 {dial.relation} {dial.who}" if dial is not None else ""
            detail = f"{call.child_name}：{found.reason}" if found else party
        listed = self._facts.calls if self._facts is not None else ()
        known = f"{len(listed)} 名，已记 {sum(bool(call.entries) for call in listed)} 名"
        self.foot.set_words(f"填了 {filled} 名，还没有存" if filled else known, detail)
        self.save.set_text(f"存下 {filled} 条" if filled else "存下")
        self.save.setEnabled(filled > 0 and not self._sent and not self.context.read_only)
        self.give_up.setEnabled(filled > 0)

    # ---- saved

    def ask_save(self) -> None:
        """Read once more; then what should be looked at is asked, once for all rows; then all rows are one action."""
        if self._sent or not self._filled():
            return
        self._pause.stop()
        self._look()
        if self._read_rows.blocked:
            self.grid.go(*min(self._read_rows.blocked))
            self.grid.setFocus()
            self._say()
            return
        drafts = tuple(self._read_rows.drafts.values())
        self._sent = True
        self._say()
        self.context.read(ask_about, drafts, on_done=partial(self._asked, drafts), on_error=self._refused)

    def _asked(self, drafts: tuple[LogDraft, ...], lines: list[str]) -> None:
        if not lines:
            self._write(drafts)
            return
        verbs = [Verb("back", "回去看看"), Verb("save", f"就这样存 {len(drafts)} 条", Kind.FILLED)]
        self.context.dialogs.ask("存之前再看一眼", lines, verbs, partial(self._answered, drafts))

    def _answered(self, drafts: tuple[LogDraft, ...], key: str) -> None:
        if key == "save":
            self._write(drafts)
            return
        self._sent = False
        self._say()
        self.grid.setFocus()

    def _write(self, drafts: tuple[LogDraft, ...]) -> None:
        self.context.write(
            save_calls, drafts=drafts, on_done=self._written, on_error=self._refused, toast=True
        )

    def _written(self, _changes: Changes) -> None:
        self._sent = False
        self._empty()
        self.load()
        self.grid.setFocus()
        self.saved.emit()

    def _refused(self, error: BaseException) -> None:
        self._sent = False
        self.kept.keep_now()
        if isinstance(error, ShouwangError):
            self._notice = refusal_words(error)
        self._say()
        self.context.errors.show(error)

    def _ask_give_up(self) -> None:
        self.context.dialogs.ask(
            f"不要表里的 {self._filled()} 名了？",
            ["不要了就找不回来；已经存下的通话没有动。"],
            [Verb("stay", "接着填"), Verb("drop", "都不要了", Kind.DANGER)],
            self._gave_up,
        )

    def _gave_up(self, key: str) -> None:
        if key == "drop":
            self._empty()
        self.grid.setFocus()

    # ---- page

    @override
    def open_with(self, **params: Any) -> None:
        day = params.get("day")
        if day and not self._filled():
            self._day = min(date.fromisoformat(str(day)), self.context.clock.today())
            self.reload()

    @override
    def focus_first(self) -> None:
        self._resume()
        self.grid.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return self.bar.whose, self.grid

    @override
    def foot_height(self) -> int:
        return self.foot.height()


def _mark(call: TodayCall) -> str:
    """The hour, and what was written down already."""
    known = call.outcome.label if call.outcome is not None else ""
    return "，".join(part for part in (call.starts or "", f"已记 {known}" if known else "") if part)
