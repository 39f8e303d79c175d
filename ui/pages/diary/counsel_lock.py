"""The door of counselling: setting up its passphrase, opening it, and the ways out when the passphrase is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import ShouwangError
from app.diary.counselling import (
    CounsellingState,
    NewSlip,
    SetUp,
    change_passphrase,
    recover,
    renew_slip,
    set_up,
    unlock,
)
from app.diary.sealing import OpenKey
from app.storage.container import passphrase_advice
from ui import theme
from ui.context import Context
from ui.drafts import EntryPanel, refusal_words
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    CheckBox,
    FormRow,
    Kind,
    Link,
    QuietArea,
    QuietField,
    Scroll,
    Sheet,
    Text,
    Verb,
    column,
    empty_out,
    holder,
    row,
)
from ui.widgets.secret import SHOW_WORDS, SecretField, SecretRow

_ANEW = "anew"


def secret_field(hint: str) -> SecretField:
    """A field for a passphrase, as wide as a panel leaves it."""
    field = SecretField(hint)
    m = theme.metrics()
    field.setFixedWidth(m.dialog - 2 * m.s24 - m.number_width)  # what a panel leaves beside its label
    return field


def forget(*fields: QuietField) -> None:
    """Empty them: what was typed is not kept a moment longer than needed."""
    for field in fields:
        field.set_value(None)
        field.clear()


class NewPassphrase(QWidget):
    """A new passphrase, typed twice. Chinese can only be typed where it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = secret_field("一句只有自己知道的话"), secret_field("再输一遍同样的")
        self.shown = CheckBox(SHOW_WORDS)
        self.shown.toggled.connect(self._show_or_hide)
        self._advice = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        self._advice.hide()
        self.first.textChanged.connect(self._look)
        label = theme.metrics().number_width
        self.setLayout(
            column(
                FormRow("新口令", self.first, label_width=label),
                FormRow("再输一遍", self.second, label_width=label),
                row(label, self.shown, None),
                self._advice,
                gap=theme.metrics().s4,
            )
        )

    @property
    def missing(self) -> str:
        """What keeps it from being one, "" for nothing."""
        if not self.first.text().strip():
            return "先写一个口令，输两遍。"
        return "" if self.first.text() == self.second.text() else "两遍口令不一样。"

    @property
    def lacking(self) -> QWidget:
        """The field that is about."""
        return self.second if self.first.text().strip() else self.first

    def take(self) -> str:
        """The passphrase; the fields are empty afterwards."""
        words = self.first.text()
        forget(self.first, self.second)
        return words

    def _show_or_hide(self, shown: bool) -> None:
        for field in (self.first, self.second):
            field.show_plainly(shown)

    def _look(self, text: str) -> None:
        advice = passphrase_advice(text) if text else None
        self._advice.setText(advice or "")
        self._advice.setVisible(bool(advice))


class LockView(QWidget):
    """What is shown while it is locked. `opened(key)` after the right passphrase, `made(SetUp)` after setting up."""

    opened = Signal(object)
    made = Signal(object)

    def __init__(self, context: Context, owner: QWidget) -> None:
        super().__init__()
        m = theme.metrics()
        self._context = context
        self._owner = owner
        self._busy = False
        self._shown: tuple[CounsellingState, int] | None = None
        self._first: QWidget = self
        self.passphrase: SecretField | None = None
        self.new: NewPassphrase | None = None
        self.go: Button | None = None
        self._parts = QVBoxLayout()
        self._parts.setSpacing(m.s12)
        self.reason = Text("", Type.SMALL, Tone.RED, wrap=True)
        inner = holder(column(self._parts, self.reason, None, gap=m.s8))
        inner.setMaximumWidth(m.form_most)
        self.sheet = Sheet(Scroll(inner, margins=(m.s24, m.s24, m.s24, m.s24)))
        self.setLayout(column(self.sheet))

    def show_state(self, state: CounsellingState, minutes: int) -> None:
        """Ask for the passphrase, or for a new one where there is none yet; what is typed stays while nothing is new."""
        if self._shown == (state, minutes):
            return
        self._shown = (state, minutes)
        empty_out(self._parts)
        self.passphrase = self.new = None
        self._say("")
        if state.set_up:
            self._ask_to_open(state, minutes)
        else:
            self._ask_to_set_up()

    def focus_first(self) -> None:
        """The keyboard stands in the field."""
        self._first.setFocus()

    def _lines(self, title: str, *words: str) -> None:
        self._parts.addWidget(Text(title, Type.SECTION))
        for line in words:
            self._parts.addWidget(Text(line, tone=Tone.INK2, wrap=True))

    def _ask_to_open(self, state: CounsellingState, minutes: int) -> None:
        m = theme.metrics()
        self._lines(
            f"心理疏导锁着，有 {state.notes} 份记录",
            f"谈话的内容是加密的，没有口令谁也打不开。离开这里，或者 {minutes} 分钟不用，就锁上。",
            "谁、哪天谈过没有加密，只是这里锁着的时候不列出来。",
        )
        field = self.passphrase = SecretField("", enters=True)
        field.setFixedWidth(m.side_small)
        field.entered.connect(self.open)
        field.textEdited.connect(self._typed)
        shown = CheckBox(SHOW_WORDS)
        shown.toggled.connect(self._show_or_hide)
        self.go = Button("打开", self.open, kind=Kind.FILLED, note="Enter")
        self._parts.addWidget(FormRow("口令", field, label_width=m.number_width))
        self._parts.addLayout(row(m.number_width, shown, None))
        forgotten = Link("忘了口令：用恢复单…", self._forgotten)
        self._parts.addLayout(row(m.number_width, self.go, m.s16, forgotten, None))
        self._first = field

    def _ask_to_set_up(self) -> None:
        m = theme.metrics()
        self._lines(
            "心理疏导要先设一个口令",
            "谈话的内容用这个口令加密：名册、查找、改动历史、备份和拷贝里都看不到，没有口令谁也打不开。",
            "设好以后打印一张恢复单（12 个词），封好放进保险柜。口令忘了，用它重设；两样都丢了，内容就再也打不开。",
        )
        self.new = NewPassphrase()
        for part in cast("list[QuietField]", self.new.findChildren(QuietField)):
            part.textEdited.connect(self._typed)
        self.go = Button("设口令，打印恢复单", self.set_up, kind=Kind.FILLED)
        self.go.setEnabled(not self._context.read_only)
        self._parts.addWidget(self.new)
        self._parts.addLayout(row(m.number_width, self.go, None))
        self._first = self.new.first

    def _show_or_hide(self, shown: bool) -> None:
        if self.passphrase is not None:
            self.passphrase.show_plainly(shown)

    # ---- answers

    def open(self) -> None:
        """打开, Enter."""
        field = self.passphrase
        if field is None or self._busy or not field.text().strip():
            return
        words = field.text()
        forget(field)
        self._wait("正在打开…")
        self._context.read(unlock, words, on_done=self._opened, on_error=self._refused, owner=self._owner)

    def set_up(self) -> None:
        """设口令: the key is made, its slip shown."""
        new = self.new
        if new is None or self._busy:
            return
        if new.missing:
            self._say(new.missing)
            return
        self._wait("正在设…")
        self._context.write(set_up, passphrase=new.take(), on_done=self._made, on_error=self._refused)

    def _opened(self, key: OpenKey) -> None:
        self._busy = False
        self._say("")
        self.opened.emit(key)

    def _made(self, made: SetUp) -> None:
        self._busy = False
        self._say("")
        self.made.emit(made)

    def _refused(self, error: BaseException) -> None:
        self._busy = False
        if not isinstance(error, ShouwangError):
            self._context.errors.show(error)
            return
        self._say(refusal_words(error))
        self.focus_first()

    def _wait(self, words: str) -> None:
        self._busy = True
        self.reason.set_tone(Tone.INK2)
        self.reason.setText(words)

    def _typed(self, _text: str) -> None:
        """What was said of the words before is not said of these."""
        if not self._busy:
            self._say("")

    def _say(self, words: str) -> None:
        self.reason.set_tone(Tone.RED)
        self.reason.setText(words)

    def _forgotten(self) -> None:
        self._context.dialogs.open_panel(RecoverPanel(self._context, self._anew, self._reset), _nothing)

    def _anew(self, made: SetUp) -> None:
        self.made.emit(made)

    def _reset(self) -> None:
        """What was said of the old passphrase is not said of the new one."""
        self._say("")
        self.focus_first()


class RecoverPanel(EntryPanel):
    """忘了口令: the words of the slip and a new passphrase; both lost, a new beginning."""

    def __init__(
        self, context: Context, anew: Callable[[SetUp], object], reset: Callable[[], object]
    ) -> None:
        super().__init__(
            context.dialogs.window,
            "用恢复单重设口令",
            self._asked,
            verb="重设口令",
            more=(Verb(_ANEW, "恢复单也丢了…"),),
        )
        self._context = context
        self._anew, self._reset = anew, reset
        # As high as all twelve need: their order is checked against the slip before they are tried.
        self.words = QuietArea(hint="照恢复单从 1 到 12，中间可以空格", quiet=False, one_line=True, lines=2)
        self.new = NewPassphrase()
        label = theme.metrics().number_width
        self.add(FormRow("12 个词", self.words, label_width=label))
        self.add(self.new)

    def _asked(self, key: str) -> None:
        if self.new.missing:
            self.object_to(self.new.missing, self.new.lacking)
        elif key == _ANEW:
            lines = (
                "以前的记录还在，但谁也打不开；哪天找到恢复单，还能打开。",
                "从现在起用新口令，另打一张恢复单。",
            )
            verbs = [Verb("stay", "再找找恢复单"), Verb("anew", "重新开始", Kind.DANGER)]
            self._context.dialogs.ask("口令和恢复单都丢了，重新开始？", lines, verbs, self._decided)
        elif not self.words.toPlainText().strip():
            self.object_to("照恢复单写上 12 个词。", self.words)
        else:
            # What was typed stays until it is done: after one wrong word she corrects that word.
            words, passphrase = self.words.toPlainText(), self.new.first.text()
            self._context.write(
                recover, words=words, passphrase=passphrase, on_done=self._done, on_error=self.refused
            )

    def _decided(self, key: str) -> None:
        if key != "anew":
            self.wait_on()
            return
        self._context.write(
            set_up, passphrase=self.new.take(), anew=True, on_done=self._begun, on_error=self.refused
        )

    def _begun(self, made: SetUp) -> None:
        self.finish()
        self._anew(made)

    def _done(self, _changes: object) -> None:
        self.words.clear()
        self.new.take()
        self.finish()
        self._reset()
        self._context.navigation.toast("口令重设好了，请用新口令打开。")


class ChangePassphrasePanel(EntryPanel):
    """换口令: the old one, and a new one twice. No note is touched."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.dialogs.window, "换心理疏导的口令", self._asked, verb="换口令")
        self._context = context
        asked = SecretRow("现在的口令", "现在的口令", theme.metrics().number_width)
        self.old = asked.field
        self.new = NewPassphrase()
        self.add(asked)
        self.add(self.new)
        self.say("记录不用动，恢复单照样能用。以前拷出去的拷贝，旧口令还打得开。")

    def _asked(self, _key: str) -> None:
        if self.new.missing:
            self.object_to(self.new.missing, self.new.lacking)
            return
        old = self.old.text()
        forget(self.old)
        self._context.write(
            change_passphrase, old=old, new=self.new.take(), on_done=self._done, on_error=self.refused
        )

    def _done(self, _changes: object) -> None:
        self.finish()
        self._context.navigation.toast("口令换好了，下次打开用新的。")


class NewSlipPanel(EntryPanel):
    """换一张恢复单: the old one opens nothing any more."""

    def __init__(self, context: Context, show: Callable[[Sequence[str]], object]) -> None:
        super().__init__(context.dialogs.window, "换一张恢复单", self._asked, verb="换，打印新的")
        self._context = context
        self._show = show
        asked = SecretRow("口令", "现在的口令", theme.metrics().number_width)
        self.old = asked.field
        self.add(asked)
        self.say("原来那张从此打不开，请收回撕掉。")

    def _asked(self, _key: str) -> None:
        words = self.old.text()
        forget(self.old)
        self._context.write(renew_slip, passphrase=words, on_done=self._done, on_error=self.refused)

    def _done(self, made: NewSlip) -> None:
        self.finish()
        self._show(made.words)


def _nothing(_key: str) -> None:
    """The panel has said everything itself."""
