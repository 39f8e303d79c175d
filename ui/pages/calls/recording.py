"""Writing calls down one after the other: which is in the form, what becomes of what stands there, which comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from app.calls.codes import FAILED, CallMedium, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.log_facts import CallEntry
from app.calls.service_log import remove_call, remove_lines, save_calls
from app.core.errors import ShouwangError
from app.storage.drafts import Draft
from app.tasks.calls_log import show_numbers
from ui.context import Context
from ui.drafts import refusal_words
from ui.pages.calls.call_draft import CallDraft
from ui.pages.calls.loading import DayFacts, Telephone, ask_about, read_day, read_turn
from ui.pages.calls.log_side import LogSide
from ui.pages.calls.turns import Turn, Written, corrected, drafts_of, following, new_seed
from ui.shell.day_watch import DayWatch
from ui.widgets import Kind, Verb
from ui.wording import day_words

_NOT_YET = "还没到这一天，到时再记。"
_ONLY_LOOKED_AT = "现在只能看，不能记。"


class Recording(QObject):
    """Keeps the form of `side`. `now_changed(key)` when another call is in it; `day_shown(day)` when its list is another."""

    now_changed = Signal(str)

    def __init__(self, context: Context, side: LogSide, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.side = side
        self.watch = DayWatch(context, self)
        self.watch.passed.connect(self._day_passed)
        self.day = self.watch.today
        self.turns: tuple[Turn, ...] = ()
        self.turn: Turn | None = None
        self._corrected: CallEntry | None = None
        self._skipped: frozenset[str] = frozenset()
        self._telephones: tuple[Telephone, ...] = ()
        self._wanted = ""
        self._wants_focus = False
        self._after: Turn | None = None
        self._sent = False
        self.draft = CallDraft(context, side, self)
        self.draft.filled.connect(self._filled)
        self._reading = context.jobs.latest(self)
        self._finding = context.jobs.latest(self)
        side.save_asked.connect(self.save)
        side.skip_asked.connect(self.skip)
        side.turn_chosen.connect(self.open_turn)
        side.reveal_asked.connect(self._reveal)
        side.attempt_asked.connect(self.correct)
        side.remove_asked.connect(self._ask_remove)
        side.fields.results.chosen.connect(self._say_verb)
        side.fields.line.saved.connect(self._line_chosen)

    def _day_passed(self, before: date, today: date) -> None:
        """Go to the new day; what is half written stays, under a day that is today no more."""
        if self.day == before and not self.draft.is_touched and not self._sent:
            self.put_by()
            self.turn = None
            self.draft.left_form()
            self.side.show_turn(None)
            self.side.day_asked.emit(today)
        else:
            self.side.day_asked.emit(self.day)

    # ---- read

    def load(self) -> None:
        """The list of the day again."""
        self._reading.run(read_day, self._context.store, self.day, on_done=self._show_day)

    def show_lines(self, telephones: tuple[Telephone, ...]) -> None:
        """The telephones there are."""
        self._telephones = telephones

    def go_to_day(self, day: date, key: str = "", *, focus: bool = False) -> None:
        """Show the list of another day, and a call of it in the form."""
        self._wanted, self._wants_focus = key, focus
        if day != self.day:
            self.day = day
            self.turns = ()
            self.load()
        else:
            self._take_wanted()

    def go_to_child(self, uuid: str, day: date | None = None, *, draft: Draft | None = None) -> None:
        """Put the call of a child into the form: the planned one of the day, or one that nobody planned."""
        self.day = day or self.day
        self.draft.want(draft)
        self._finding.run(
            read_turn,
            self._context.store,
            uuid,
            self.day,
            on_done=self._found_child,
            on_error=self._no_child,
        )

    def _found_child(self, turn: Turn | None) -> None:
        if turn is not None:
            self.open_turn(turn)
            if turn.key not in [one.key for one in self.turns]:
                self.load()
        self.draft.want(None)

    def _no_child(self, error: BaseException) -> None:
        self.draft.want(None)
        self._failed(error)

    def _show_day(self, facts: DayFacts) -> None:
        if facts.day != self.day:
            return
        self.turns = facts.turns
        today = self._context.clock.today()
        count = sum(len(turn.calls) for turn in facts.turns)
        words = f" {count} 名" if count else "没有通话"
        self.side.show_day(f"{day_words(self.day, today)}{words}", facts.turns)
        if not facts.turns and self.turn is None:
            self.side.say_nothing_planned(day_words(self.day, today), facts.next_day, facts.next_count)
        if self._after is not None:
            self._go_on()
        elif self._wanted:
            self._take_wanted()
        elif self.turn is None or (self.turn.day == self.day.isoformat() and not self.draft.is_touched):
            self._renew()

    def _renew(self) -> None:
        """Nothing is written in the form: show what is known now of the same call, or the first that waits."""
        key = self.turn.key if self.turn is not None else ""
        turn = next((one for one in self.turns if one.key == key), None)
        if turn is None and self.turn is None:
            turn = following(self.turns, "", self._skipped)
        if turn is not None and turn != self.turn:
            self._show(turn)

    def _take_wanted(self) -> None:
        turn = next((one for one in self.turns if one.key == self._wanted), None)
        if turn is None:
            return
        self._wanted = ""
        self.open_turn(turn, focus=self._wants_focus)

    # ---- the form

    def open_turn(self, turn: Turn, *, focus: bool = True) -> None:
        """Put this call into the form; what stands there of another one is kept and offered again."""
        if (
            self.turn is None
            or turn.key != self.turn.key
            or turn.day != self.turn.day
            or not self.draft.is_touched
        ):
            self._show(turn)
        if focus and self.side.fields.isEnabled():
            self.side.focus_result()

    def _show(self, turn: Turn, corrected: CallEntry | None = None) -> None:
        self.put_by()
        self.turn = turn
        entry = corrected or (turn.entry if turn.done else None)
        self._corrected = entry
        side = self.side
        side.fields.clear()
        side.forget_numbers()
        side.show_turn(turn, why_not=self._why_not(turn))
        self._offer_lines(turn)
        if entry is not None:
            side.show_entry(entry)
        self._say_verb()
        self.draft.begin(turn, entry.uuid if entry is not None else new_seed())
        self.now_changed.emit(turn.key)

    def _why_not(self, turn: Turn) -> str:
        if self._context.read_only:
            return _ONLY_LOOKED_AT
        return _NOT_YET if turn.day > self._context.clock.today().isoformat() else ""

    def _offer_lines(self, turn: Turn) -> None:
        loose = [] if turn.first.planned_uuid else [(one.uuid, one.name) for one in self._telephones]
        usual = turn.first.line_uuid or (loose[0][0] if len(loose) == 1 else "")
        if not usual:
            unplanned = [one.uuid for one in self._telephones if not one.planned]
            usual = unplanned[0] if len(unplanned) == 1 and loose else ""
        self.side.fields.offer_lines(loose, usual)

    def _say_verb(self, _outcome: object = None) -> None:
        outcome = self.side.fields.results.outcome
        another = self._next_name(outcome)
        words = "存上，下一名"
        if self._corrected is not None:
            words = "存上改动"
        elif another:
            words = f"存上，再打{another}"
        self.side.save.set_text(words)

    def _next_name(self, outcome: Outcome | None) -> str:
        """Who can still be tried after the one who was just called."""
        if self.turn is None or outcome not in FAILED:
            return ""
        now = self.side.chosen_dial()
        tried = {entry.draft.person_uuid for entry in self.turn.first.entries}
        tried.add(now.person_uuid if now is not None else None)
        left = [one for one in self.turn.first.dials if one.masked and one.usable]
        other = next((one for one in left if one.person_uuid not in tried), None)
        return (other.relation or other.who) if other is not None else ""

    def _filled(self) -> None:
        self.side.fields.show_for(self.side.fields.results.outcome)
        self._say_verb()

    def put_by(self) -> None:
        """Another call comes into the form, or the page is left: what is written stays kept."""
        self.draft.put_by()

    # ---- saved

    def save(self) -> None:
        """Enter: save what stands in the form."""
        if self.turn is None or self._sent or not self.side.save.isEnabled():
            return
        written = self.side.written()
        if written is None:
            return
        self._sent = True
        drafts = self._drafts(self.turn, written)
        self._context.read(
            ask_about, drafts, on_done=partial(self._asked, drafts), on_error=self._refused, owner=self
        )

    def _asked(self, drafts: tuple[LogDraft, ...], lines: Sequence[str]) -> None:
        if not lines:
            self._write(drafts)
            return
        verbs = [Verb("back", "回去看看"), Verb("save", "就这样存", Kind.FILLED)]
        self._context.dialogs.ask("存之前再看一眼", lines, verbs, partial(self._answered, drafts))

    def _answered(self, drafts: tuple[LogDraft, ...], key: str) -> None:
        if key == "save":
            self._write(drafts)
            return
        self._sent = False
        self.side.fields.said.setFocus()

    def _write(self, drafts: tuple[LogDraft, ...]) -> None:
        self._context.write(
            save_calls, drafts=drafts, on_done=self._saved, on_error=self._refused, toast=True
        )

    def _drafts(self, turn: Turn, written: Written) -> tuple[LogDraft, ...]:
        made = drafts_of(turn, self.draft.seed, written)
        if not turn.first.planned_uuid:
            line = next((one for one in self._telephones if one.uuid == self.side.fields.line.value), None)
            medium = line.medium if line is not None else turn.first.medium
            made = tuple(replace(one, line_uuid=line.uuid if line else None, medium=medium) for one in made)
        return made if self._corrected is None else corrected(made, turn, self._corrected)

    def _saved(self, _changes: object) -> None:
        self._sent = False
        self.draft.done()
        self._after = self.turn
        if self.turn is not None:
            self._skipped -= {self.turn.key}
        self.load()

    def _go_on(self) -> None:
        """What was saved is on the list: the next person of the same family, or the next child."""
        before, self._after = self._after, None
        if before is None:
            return
        same = next((turn for turn in self.turns if turn.key == before.key), None)
        again = same is not None and not same.done and same.first.next is not None
        failed = same is not None and same.outcome in FAILED
        turn = same if again and failed else following(self.turns, before.key, self._skipped)
        self.turn = None
        self.draft.left_form()
        if turn is not None:
            self._show(turn)
            self.side.focus_result()
            return
        self.side.show_turn(None, why_not="这一天的都记完了。")
        self.now_changed.emit("")
        self.side.list.setFocus()

    def _refused(self, error: BaseException) -> None:
        self._sent = False
        self.draft.keep_now()
        self._failed(error)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, ShouwangError):
            self.side.say_why(refusal_words(error))
        else:
            self._context.errors.show(error)

    def skip(self) -> None:
        """先跳过: the next one; this one comes again when all others are through."""
        if self.turn is None:
            return
        self._skipped |= {self.turn.key}
        turn = following(self.turns, self.turn.key, self._skipped)
        if turn is not None:
            self.open_turn(turn)

    # ---- what is on file

    def correct(self, uuid: str) -> None:
        """Put an attempt of this day into the form again."""
        if self.turn is None:
            return
        entry = next((one for one in self.turn.first.entries if one.uuid == uuid), None)
        if entry is not None:
            self._show(self.turn, entry)
            self.side.focus_result()

    def _ask_remove(self) -> None:
        entry = self._corrected
        if entry is not None:
            self._context.read(remove_lines, entry.uuid, on_done=partial(self._ask_with, entry), owner=self)

    def _ask_with(self, entry: CallEntry, lines: Sequence[str]) -> None:
        """What goes with it was counted: a promise, a visit that falls due because of it."""
        self._context.dialogs.ask(
            f"把 {entry.child_name} 这次通话移到回收站？",
            [*lines, "什么都不会丢，可以撤销。"],
            [Verb("stay", "先不动"), Verb("bin", "移到回收站", Kind.DANGER)],
            partial(self._remove, entry.uuid),
        )

    def _remove(self, uuid: str, key: str) -> None:
        if key == "bin":
            self._context.write(remove_call, uuid=uuid, toast=True)

    # ---- numbers

    def _reveal(self, phone_uuid: str) -> None:
        self._context.read(
            show_numbers,
            phone_uuids=(phone_uuid,),
            by=self._context.entering.by,
            on_done=self._revealed,
            owner=self,
        )

    def _revealed(self, numbers: dict[str, str]) -> None:
        self.side.show_numbers(dict(numbers))

    def _line_chosen(self, uuid: object) -> None:
        line = next((one for one in self._telephones if one.uuid == uuid), None)
        if line is not None:
            self.side.say_when(line.name, line.medium is CallMedium.VIDEO)
