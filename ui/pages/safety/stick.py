"""Copying to a stick: for whom, where to, locked with what; and what became of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.core.errors import Cancelled, ShouwangError
from app.storage.drives import DriveProbe
from app.storage.stick import READY, StickResult
from app.storage.stick_names import KEPT_ON_STICK, Audience, StickCopy, remove_copies
from app.tasks.copy_to_stick import StickHandover, copy_to_stick_logged
from app.tasks.safety import StickLook, look_at_stick
from ui import theme
from ui.context import Context
from ui.jobs import Job
from ui.pages.safety.checking import CopyChecks
from ui.pages.safety.outcome import Outcome
from ui.pages.safety.passphrase import PassphraseFields
from ui.pages.safety.places import Places
from ui.pages.safety.switch_picture import SwitchPicture
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    FooterBar,
    FormRow,
    Kind,
    Link,
    ProgressFooter,
    QuietField,
    Radio,
    Scroll,
    Text,
    Verb,
)
from ui.widgets.layout import column, holder, row
from ui.wording import day_words

_LEAVES = "停下后优盘上不留半个文件，以前拷的都不动。"


class StickPart(QWidget):
    """`look()` finds the sticks. `copied` after a copy was made, proved and logged."""

    copied = Signal()

    def __init__(self, context: Context, progress: ProgressFooter, probe: DriveProbe | None) -> None:
        super().__init__()
        self._context = context
        self._progress = progress
        self._probe = probe
        self._job: Job | None = None
        self._last = READY
        self._needs: StickLook | None = None
        self._sizes = context.jobs.latest(self)
        self.places = Places(context, probe)
        self.places.chosen.connect(self._place_chosen)
        self.passphrase = PassphraseFields()
        self.passphrase.typed.connect(self._enable)
        self.reason = QuietField(quiet=False, hint="为什么不加密，会记进移交记录")
        self.reason.setFixedWidth(theme.metrics().side_small)
        self.reason.textChanged.connect(self._enable)
        self.outcome = Outcome()
        self.switch = SwitchPicture()
        self._was_protected = False
        self.begin = Button("开始拷", self.copy, icon="save", kind=Kind.FILLED)
        self.checks = CopyChecks(context, progress, self.outcome, self.places, probe)
        verify = Link("核对一份拷贝…", self.checks.ask_which)
        look_in = Link("打开一份来看…", self.checks.ask_which_to_open)
        self._foot = FooterBar(self.begin, lead_parts=[verify, look_in])
        self._form = self._build_form()
        self.setLayout(column(self._form, self.switch, self.outcome, self._foot))
        if context.read_only:
            self._form.hide()
            self.begin.hide()
        progress.stopped.connect(self._stop)
        self._enable()

    # ---- the form

    def _build_form(self) -> Scroll:
        m = theme.metrics()
        self.for_town = Radio("报镇", checked=True)
        self.for_self = Radio("自己保管")
        self.locked = Radio("加密", checked=True)
        self.plain = Radio("不加密")
        self.locked.toggled.connect(self._lock_changed)
        self._size = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self._plain_box = holder(
            column(
                FormRow("原因", self.reason),
                Text("谁捡到优盘都能打开。里面是未成年人的资料。", Type.SMALL, Tone.OCHRE, wrap=True),
                gap=m.s4,
            )
        )
        self._plain_box.hide()
        where = holder(
            column(
                Text("给谁", Type.SECTION),
                _choices(
                    (self.for_town, "不带只留在学校的内容，旁边附一本 Excel 台账"),
                    (self.for_self, "整份数据，电脑坏了用它恢复"),
                ),
                m.s12,
                Text("拷到哪里", Type.SECTION),
                self.places,
                self._size,
                None,
                gap=m.s4,
            )
        )
        how = holder(
            column(
                Text("加密", Type.SECTION),
                _choices(
                    (self.locked, "一个 7z 文件，要口令才能打开，文件名也看不到"),
                    (self.plain, "要写原因"),
                ),
                self.passphrase,
                self._plain_box,
                None,
                gap=m.s4,
            )
        )
        self._columns = row(where, how, gap=m.s32)
        self._columns.setStretch(0, 1)
        self._columns.setStretch(1, 1)
        return Scroll(self._columns, None, margins=(m.s16, m.s12, m.s16, m.s12))

    def set_narrow(self, narrow: bool) -> None:
        """Put how it is locked below where it goes, when there is no room beside it."""
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(way)

    def look(self) -> None:
        """Look which sticks are plugged in."""
        self.places.look()

    def take_focus(self) -> None:
        """Put the keyboard where work begins."""
        if self._form.isVisible():
            (self.for_town if self.for_town.isChecked() else self.for_self).setFocus()
        else:
            self._foot.setFocus()

    def _lock_changed(self, locked: bool) -> None:
        self.passphrase.setVisible(locked)
        self._plain_box.setVisible(not locked)
        self._enable()

    def _place_chosen(self) -> None:
        self._needs = None
        folder = self.places.folder
        self._size.setText("")
        # Some sticks only tell when they are written to: what the last try met counts too.
        protected = self.places.is_protected or self._was_protected
        self.switch.setVisible(protected and not self._context.read_only)
        self._enable()
        if folder is not None:
            self._sizes.run(
                look_at_stick,
                self._context.store,
                folder,
                on_done=self._sized,
                on_error=self._not_sized,
            )

    def _sized(self, found: StickLook) -> None:
        self._needs = found
        words = f"{found.needs.words_of(self.places.where)}。"
        if found.copies:
            today = self._context.clock.today()
            newest = day_words(found.copies[0].made_at.date(), today)
            words += f"上面已有 {len(found.copies)} 份守望的拷贝，最近一份是{newest}拷的，都不会动。"
        if not found.needs.fits:
            words += "放不下，请腾出地方或换一个。"
        self._size.setText(words)
        self._size.set_tone(Tone.INK2 if found.needs.fits else Tone.RED)
        self._enable()

    def _not_sized(self, error: BaseException) -> None:
        if isinstance(error, ShouwangError):
            self._size.setText(f"{error.what}{error.todo}")
            self._size.set_tone(Tone.RED)
            self._enable()
        else:
            self._context.errors.show(error)

    def missing(self) -> str:
        """What keeps the copy from beginning, in words; "" for nothing."""
        if self.places.folder is None:
            return "先选拷到哪里。"
        if self._needs is None:
            return self._size.text() or "正在看还有多少地方…"
        if not self._needs.needs.fits:
            return "放不下。"
        if self.plain.isChecked():
            return "" if self.reason.text().strip() else "写一句不加密的原因。"
        return self.passphrase.missing

    def _enable(self, *_: object) -> None:
        missing = self.missing()
        self.begin.setEnabled(not missing and self._job is None)
        if self._job is None and not self._context.read_only:
            self._foot.set_words(missing or "可以拷了。")

    # ---- copying

    def copy(self) -> None:
        """Make the copy; it is proved before anything is said."""
        folder = self.places.folder
        if folder is None or self.missing():
            return
        self.outcome.clear()
        self._was_protected = False
        self._form.setEnabled(False)
        self.begin.setEnabled(False)
        self._foot.set_words("正在拷，请不要拔出优盘。")
        self._progress.begin("正在准备", _LEAVES)
        locked = self.locked.isChecked()
        self._job = self._context.write(
            copy_to_stick_logged,
            folder,
            audience=Audience.TOWN if self.for_town.isChecked() else Audience.SELF,
            passphrase=self.passphrase.passphrase if locked else None,
            plain_reason=None if locked else self.reason.text().strip(),
            probe=self._probe,
            on_done=self._copied,
            on_error=self._not_copied,
            on_progress=self._step,
        )

    def _step(self, done: int, total: int, words: str) -> None:
        """Show how far it is. That the stick may be pulled is said only when nothing at all is left to do."""
        if words != READY:
            self._progress.step(done, total, words)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _copied(self, made: StickHandover) -> None:
        self._context.navigation.refresh_status()
        self.copied.emit()
        copy = made.copy
        self._last = made.last
        if not copy.older:
            self._finish(copy)
            return
        self._progress.end()
        days = "、".join(f"{older.made_at:%Y-%m-%d}" for older in copy.older)
        self._context.dialogs.ask(
            f"已拷好，读回核对一致。优盘上还有 {len(copy.older)} 份更早的，要移走吗？",
            [f"最近的 {KEPT_ON_STICK} 份留着。", f"更早的是 {days} 拷的，移走后找不回来。"],
            [
                Verb("keep", "都留着"),
                Verb("remove", f"移走更早的 {len(copy.older)} 份", Kind.DANGER),
            ],
            partial(self._older_answered, copy),
        )

    def _older_answered(self, copy: StickResult, key: str) -> None:
        if key != "remove":
            self._finish(copy)
            return
        self._progress.begin("正在移走更早的", "", can_stop=False)
        self._context.jobs.work(
            _remove_older,
            copy.older,
            on_done=partial(self._removed, copy),
            on_error=partial(self._left_older, copy),
        )

    def _removed(self, copy: StickResult, removed: int) -> None:
        self._finish(copy, f"更早的 {removed} 份已移走，留下最近的 {KEPT_ON_STICK} 份。")

    def _left_older(self, copy: StickResult, error: BaseException) -> None:
        words = error.what if isinstance(error, ShouwangError) else "更早的没有移走。"
        self._finish(copy, f"更早的没有移走：{words}")

    def _finish(self, copy: StickResult, more: str = "") -> None:
        """Say that it is done; that it may be pulled, or is not on a stick, comes after everything else, as the last line."""
        lines = [line for line in copy.words if line != READY]
        self._end()
        self.passphrase.forget()
        self._size.setText("")  # it has changed, and the stick is not touched any more
        self.outcome.tell(
            "green", [*lines, f"文件名：{copy.path.name}", *([more] if more else [])], last=self._last
        )

    def _not_copied(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self.outcome.tell("ochre", ["没有拷成：您停下了。", "优盘上没有留下半个文件，以前拷的都在。"])
        elif isinstance(error, ShouwangError):
            what = f"{error.what}（代码 {error.code}）" if error.code else error.what
            self.outcome.tell("red", ["没有拷成", what, error.safe, error.todo])
            self._was_protected = error.key == "stick.write_protected"
            self.switch.setVisible(self._was_protected)
        else:
            self.outcome.tell("red", ["没有拷成"])
            self._context.errors.show(error)
        self.places.look()

    def _end(self) -> None:
        self._job = None
        self._progress.end()
        self._form.setEnabled(True)
        self._enable()


def _choices(*pairs: tuple[Radio, str]) -> QWidget:
    """Radios one below the other, each with what it means; exclusive among themselves."""
    m = theme.metrics()
    box = QWidget()
    lines = column(gap=0)
    for radio, words in pairs:
        note = Text(words, Type.SMALL, Tone.INK2, wrap=True)
        line = row(radio, gap=m.s8)
        radio.setMinimumWidth(m.field_small + m.s16)
        line.addWidget(note, 1)
        lines.addLayout(line)
    box.setLayout(lines)
    return box


def _remove_older(copies: tuple[StickCopy, ...]) -> int:
    remove_copies(copies)
    return len(copies)
