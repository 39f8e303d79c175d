"""按周登记: one line per child of a class or of a supporter, with a spreadsheet's keys, saved as one action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.core.changes import Changes
from app.core.errors import UserError
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.week import WeekRow
from app.school.calendar import monday_of
from app.storage.drafts import Draft, Json
from app.tasks.diary import save_records
from ui.context import Context
from ui.drafts import Form, refusal_words
from ui.drafts.grid import GridDraft
from ui.pages.diary.segment import Segment
from ui.pages.diary.week_bar import Chosen, Group, WeekBar
from ui.pages.diary.week_facts import WeekFacts, read_week_facts, week_questions, who_did
from ui.pages.diary.week_rows import WeekChild, WeekRead, read_week, week_columns
from ui.pages.diary.words import who_words
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import (
    Button,
    EmptyState,
    FooterBar,
    Kind,
    Sheet,
    Verb,
)
from ui.widgets.grid import EntryGrid, GridColumn

HINT = "可以从 Excel 整块粘贴，带姓名列的会自己对上。Ctrl+D 照抄上一行，Alt+↓ 列出可选的。"
_SAMPLES = {
    "day": "周三 11-18 ",
    "tags": "心理、学习",
    "contacted": "父母联系过孩子",
    "promise": "下次带一双棉手套给他",
}
MARK = "已记 11-18"
"""The room for the mark of a row, kept before there is one; several days do not need more."""
_SAMPLE = "说夜里想妈妈，睡不着，约好下周"


class WeekSegment(Segment):
    """Rows stay, here and in their draft, until they are saved or given up."""

    def __init__(self, context: Context, host: Page) -> None:
        super().__init__(context, host)
        self._seed = draft_uuid()
        self._rows: tuple[WeekRow, ...] = ()
        self._read_rows = WeekRead({}, {})
        self._sent = False
        self._wants_keyboard = False
        self._row = -1
        self._laid: tuple[Chosen, tuple[str, ...]] | None = None
        self._notice = ""
        self._wanted: Callable[[], object] | None = None
        self._reading = context.jobs.latest(self)
        self.grid: EntryGrid | None = None
        self.kept: GridDraft | None = None
        today = context.clock.today()
        self.bar = WeekBar(monday_of(today), today)
        self.bar.asked.connect(self._change)
        self.bar.usual.currentIndexChanged.connect(self._usual_changed)
        self.bar.who_changed.connect(self._who_changed)
        context.entering.changed.connect(self._who_changed)
        self.give_up = Button("都不要了…", self._ask_give_up)
        self.save = Button("存下", self.ask_save, kind=Kind.FILLED, note="Ctrl+Enter")
        self.foot = FooterBar(self.give_up, self.save)
        self.empty = EmptyState()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.sheet = Sheet(self.bar, self.stack, self.foot)
        self.sheet.box.setStretchFactor(self.stack, 1)
        self.box.addWidget(self.sheet, 1)
        self.saves_with(self.ask_save)
        self._say()

    # ---- read

    @override
    def load(self) -> None:
        self._read(self.bar.chosen)

    def _read(self, chosen: Chosen) -> None:
        today = self.context.clock.today()
        self._reading.run(read_week_facts, self.context.store, today, chosen, on_done=self._show)

    def _show(self, found: WeekFacts) -> None:
        self.bar.show_people(found.people)
        self.bar.show_chosen(found.chosen, found.choices, found.week)
        laid = (found.chosen, tuple(row.child_uuid for row in found.rows))
        if self.grid is not None and laid == self._laid and (self._filled() or self._wanted is None):
            # The same grid: what is typed, and the cell the keyboard is in, stay where they are.
            self._rows = found.rows
            self.grid.cells.set_marks([self._mark(row) for row in found.rows])
            self._say()
            return
        if self._filled():
            return  # what is typed stays where it is
        self._rows, self._laid = found.rows, laid
        self._lay_grid()
        if self._wanted is not None:
            fill, self._wanted = self._wanted, None
            fill()

    def _mark(self, row: WeekRow) -> str:
        """Whether the child has one already, in no more room than ``MARK``."""
        lines = row.cells.get(self.bar.chosen.kind, ())
        if len(lines) > 1:
            return f"已记 {len(lines)} 次"
        return f"已记 {lines[0].happened_on[5:]}" if lines else ""

    def _lay_grid(self) -> None:
        """A grid of these columns and children."""
        had_keyboard = self._wants_keyboard or (self.grid is not None and self.grid.hasFocus())
        self._wants_keyboard = False
        if self.kept is not None:
            self.context.drafts.closed(self.kept)
            self.kept.deleteLater()
        if self.grid is not None:
            self.stack.removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
        chosen = self.bar.chosen
        columns = week_columns(chosen.kind, chosen.monday)
        grid = EntryGrid(
            [GridColumn(one.key, one.head, _SAMPLES.get(one.key, _SAMPLE), one.choices) for one in columns]
        )
        self.grid = grid
        grid.set_names(
            [row.child_name for row in self._rows], [self._mark(row) for row in self._rows], room=MARK
        )
        grid.setEnabled(not self.context.read_only)
        grid.cells.changed.connect(self._typed)
        grid.current_moved.connect(self._moved)
        grid.noticed.connect(self._notices)
        self.kept = GridDraft(
            self.context.drafts,
            grid,
            Form.WEEK,
            words=self._draft_words,
            how=self._how,
            keys=self._keys,
            parent=self,
        )
        self.stack.addWidget(grid)
        self.stack.setCurrentWidget(grid if self._rows else self.empty)
        group = chosen.group.words if chosen.group is not None else ""
        self.empty.set_words(
            "这一周这里没有在册的儿童", f"看的是：{group}，{chosen.monday} 起的一周。可以换一个班，或换一周。"
        )
        self._read_rows = WeekRead({}, {})
        if had_keyboard:
            grid.setFocus()
        self._say()
        self.say_fact()

    # ---- its draft

    def _draft_words(self, count: int) -> str:
        return f"按周登记 {self.bar.chosen.words} {count} 名"

    def _how(self) -> dict[str, Json]:
        chosen = self.bar.chosen
        group = chosen.group or Group()
        return {
            "kind": chosen.kind.value,
            "monday": chosen.monday.isoformat(),
            "usual": self.bar.usual_day,
            "class": group.class_uuid,
            "supporter": group.supporter_uuid,
            "group": group.words,
            "who": self.bar.done_by,
            "who_words": self.bar.done_words,
            "seed": self._seed,
        }

    def _keys(self) -> tuple[str, ...]:
        return tuple(row.child_uuid for row in self._rows)

    def _resume(self) -> None:
        draft = self.context.drafts.take_wanted(Form.WEEK)
        if draft is None:
            return
        how = {key: str(value) for key, value in draft.how.items()}
        group = Group(how["class"], how["supporter"], how["group"])
        chosen = Chosen(date.fromisoformat(how["monday"]), Activity(how["kind"]), group)
        self._wanted = partial(self._fill, draft)
        self._read(chosen)

    def _fill(self, draft: Draft) -> None:
        self._seed = str(draft.how["seed"])
        self.bar.usual.set_value(str(draft.how["usual"]))
        self.bar.show_who(str(draft.how.get("who") or ""), str(draft.how.get("who_words") or ""))
        if self.kept is not None:
            self.kept.fill(draft)

    # ---- another grid

    def _change(self, chosen: Chosen) -> None:
        """Another grid is wanted; what stands in this one is asked about first."""
        if not self._filled():
            self._read(chosen)
            return
        lasts = "关掉守望也还在，下次打开会问您" if self.context.drafts.flush() else "上面会有一条提醒"
        self.context.dialogs.ask(
            f"表里的 {self._filled()} 名还没有存",
            [f"先放着：写的留底，{lasts}。", "已经存下的记录没有动。"],
            [Verb("stay", "接着填"), Verb("keep", "先放着，换一张表"), Verb("drop", "都不要了", Kind.DANGER)],
            partial(self._put_by, chosen),
        )

    def _usual_changed(self, _place: int) -> None:
        if self._filled():
            self._look()

    def _who_changed(self, _name: str = "") -> None:
        if self._filled():
            self._look()
            self.context.drafts.touched()
        else:
            self._say()

    def _put_by(self, chosen: Chosen, key: str) -> None:
        if key == "stay":
            self.focus_first()
            return
        if key == "keep" and self.kept is not None:
            self.context.drafts.leave(self.kept)
            self.kept.deleteLater()
            self.kept = None
        self._empty()
        self._read(chosen)

    def _empty(self) -> None:
        self._seed = draft_uuid()
        if self.grid is not None:
            row, column = self.grid.place()
            self.grid.cells.empty_out()
            self.grid.go(max(row, 0), max(column, 0))
        if self.kept is not None:
            self.kept.emptied()
        self._say()

    # ---- typed

    def _filled(self) -> int:
        return len(self.grid.cells.filled) if self.grid is not None else 0

    def _typed(self) -> None:
        self._notice = ""
        self._look()

    def _look(self, *, to_save: bool = False) -> None:
        """Read what stands there; while she is in a row it may still be only begun, unless it is to be saved."""
        if self.grid is None:
            return
        self._read_rows = self._as_read(None if to_save else self.grid.place()[0])
        self.grid.cells.set_findings(self._read_rows.findings)
        self._say()

    def _as_read(self, begun: int | None = None) -> WeekRead:
        children = [
            WeekChild(row.child_uuid, row.child_name, self._who(row)[0] or None) for row in self._rows
        ]
        chosen = self.bar.chosen
        filled = self.grid.cells.filled if self.grid is not None else []
        return read_week(
            chosen.kind,
            chosen.monday,
            self.bar.usual_day,
            self._seed,
            children,
            filled,
            begun=begun,
        )

    def _moved(self, row: int, _column: int) -> None:
        if row != self._row and self._filled():
            self._look()
        else:
            self._say()
        self._row = row

    def _who(self, row: WeekRow) -> tuple[str, str]:
        """Who is put down as having done it, by key and in words."""
        return who_did(row, self.bar, self.context.entering.name)

    def _notices(self, words: str) -> None:
        self._notice = words
        self._say()

    def _say(self) -> None:
        if self.grid is not None:
            self.grid.hold(self._sent)
        filled = self._filled()
        done = sum(1 for row in self._rows if row.cells.get(self.bar.chosen.kind))
        detail = self._notice
        if self.grid is not None and not detail:
            row, column = self.grid.place()
            found = self.grid.cells.finding(row, column) if row >= 0 else None
            if 0 <= row < len(self._rows):
                of, who = self._rows[row], who_words(self.bar.chosen.kind)
                detail = f"{of.child_name}：{found.reason if found else f'{who} {self._who(of)[1]}'}"
        of_all = f"这一周已有 {done} 名，共 {len(self._rows)} 名" if self._rows else ""
        self.foot.set_words(f"填了 {filled} 名，还没有存" if filled else of_all, detail)
        self.save.set_text(f"存下 {filled} 条" if filled else "存下")
        self.save.setEnabled(filled > 0 and not self._sent and not self.context.read_only)
        self.give_up.setEnabled(filled > 0)

    # ---- saved

    def ask_save(self) -> None:
        """Read once more; then the questions are asked, once for all rows; then all rows are one action."""
        if self._sent or not self._filled():
            return
        self._look(to_save=True)
        if self._read_rows.blocked and self.grid is not None:
            self._notice = ""  # what stops it is said, not what was pasted before
            self._row, column = min(self._read_rows.blocked)
            self.grid.go(self._row, column)
            self.grid.setFocus()
            self._say()
            return
        drafts = tuple(self._read_rows.drafts.values())
        self._sent = True
        self._say()
        self.context.read(
            week_questions, drafts, on_done=partial(self._asked, drafts), on_error=self._not_written
        )

    def _asked(self, drafts: tuple[RecordDraft, ...], lines: list[str]) -> None:
        if not lines:
            self._write(drafts)
            return
        verbs = [Verb("back", "回去看看"), Verb("save", f"就这样存 {len(drafts)} 条", Kind.FILLED)]
        self.context.dialogs.ask("存之前再看一眼", lines, verbs, partial(self._answered, drafts))

    def _answered(self, drafts: tuple[RecordDraft, ...], key: str) -> None:
        if key == "save":
            self._write(drafts)
        else:
            self._sent = False
            self._say()
            self.focus_first()

    def _write(self, drafts: Sequence[RecordDraft]) -> None:
        self.context.write(
            save_records, drafts=tuple(drafts), on_done=self._written, on_error=self._not_written
        )

    def _not_written(self, error: BaseException) -> None:
        self._sent = False
        if self.kept is not None:
            self.kept.keep_now()
        self._say()
        if isinstance(error, UserError):
            self.foot.set_words("没有存上，写的都还在。", refusal_words(error))
        else:
            self.context.errors.show(error)

    def _written(self, changes: Changes) -> None:
        self._sent = False
        self._empty()
        self.load()
        self.context.navigation.toast(changes.words, partial(self.context.undo, changes.action_uuid))
        self.focus_first()

    def _ask_give_up(self) -> None:
        self.context.dialogs.ask(
            f"表里的 {self._filled()} 名都不要了？",
            ["只清空这张表，已经存下的记录没有动。"],
            [Verb("stay", "先不动"), Verb("drop", "都不要了", Kind.DANGER)],
            self._gave_up,
        )

    def _gave_up(self, key: str) -> None:
        if key == "drop":
            self._empty()
        self.focus_first()

    # ---- window

    @override
    def may_leave(self) -> bool:
        """The rows stay where they are: she comes back to them; their draft outlives the program."""
        return True

    @override
    def focus_first(self) -> None:
        self._resume()
        self._wants_keyboard = self.grid is None
        if self.grid is not None:
            self.grid.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.bar.kind, self.grid) if self.grid is not None else (self.bar.kind,)

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.bar.set_narrow(narrow=breakpoint_ is Breakpoint.NARROW)

    @override
    def foot_height(self) -> int:
        return self.foot.height()
