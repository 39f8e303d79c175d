"""Pairs on their way into the ledger: accepted ones, a child given to somebody else, and the question of the 从业查询."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.pairing.codes import PairingEnd, PairingKind
from app.pairing.facts import PairFacts, UnpairedChild
from app.pairing.service_pairs import accept, move, pair
from app.pairing.suggest import Proposal
from app.storage.drafts import Draft
from ui.context import Context
from ui.drafts import About, EntryPanel, Form
from ui.pages.pairing.loading import EVERYBODY, Loaded, load_pairing
from ui.pages.pairing.supporters import SupporterLine
from ui.widgets import FormRow, NearDay, QuietChoice, QuietField

_MOVED_FOR = (
    PairingEnd.HANDED_OVER,
    PairingEnd.ASKED,
    PairingEnd.UNSUITED,
    PairingEnd.SUPPORTER_LEFT,
    PairingEnd.OTHER,
)
REASON_HINT = "如 已申请，结果未回"


class UncheckedPanel(EntryPanel):
    """接受 with supporters who have no valid 从业查询: the law wants to know why (未成年人保护法 62)."""

    def __init__(
        self, context: Context, parent: QWidget | None, proposals: Sequence[Proposal], since: date
    ) -> None:
        people = list(dict.fromkeys(one.supporter for one in proposals if one.unchecked))
        super().__init__(
            parent,
            f"{len(people)} 位帮扶人没有有效的从业查询",
            self._asked,
            verb=f"照样结对 {len(proposals)} 名",
        )
        self._context = context
        self._proposals = tuple(proposals)
        self._since = since
        self.reason = QuietField(quiet=False, hint=REASON_HINT)
        shown = "、".join(people[:8]) + (f"等 {len(people)} 位" if len(people) > 8 else "")
        self.say(
            f"{shown}。未成年人保护法第 62 条要求先查询；先结对的，把原因记下来，查到以后在帮扶人那里登记。"
        )
        self.add(FormRow("原因", self.reason))

    def _asked(self, _key: str) -> None:
        if not self.reason.value:
            self.object_to("请写原因。", self.reason)
            return
        self._context.write(
            accept,
            proposals=self._proposals,
            since=self._since.isoformat(),
            unchecked_reason=self.reason.value,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class MovePanel(EntryPanel):
    """A child goes from one supporter to another: the old pair ends with a reason, the new one begins the same day."""

    def __init__(
        self, context: Context, parent: QWidget | None, old: PairFacts, to: SupporterLine, parted: str = ""
    ) -> None:
        super().__init__(
            parent, f"{old.child} 从 {old.supporter} 换给 {to.name}", self._asked, verb=f"换给 {to.name}"
        )
        self._context = context
        self._old = old
        self._to = to
        self.on = NearDay(context.clock.today, ahead=False)
        self.on.show_day(context.clock.today())
        self.reason = QuietChoice([(code, code.label) for code in _MOVED_FOR], quiet=False, unknown=False)
        self.note = QuietField(quiet=False, hint="可空着")
        self.unchecked = QuietField(quiet=False, hint=REASON_HINT)
        room = to.load.most
        full = room is not None and to.load.has >= room
        limit = f"，规则最多 {room} 名" if room is not None else ""
        self.say(
            f"{old.kind.label}。{to.name}现在带 {to.load.has} 名{limit}{'，再加就超了' if full else ''}。"
            "以前的一段留着。"
        )
        if parted:
            self.say(f"{parted}。")
        self.add(FormRow("从哪天起", self.on))
        self.add(FormRow("原因", self.reason))
        self.add(FormRow("说明", self.note))
        self._needs_reason = to.facts is not None and to.facts.needs_reason
        if self._needs_reason:
            self.say(f"{to.name}没有有效的从业查询，先结对要记下原因。")
            self.add(FormRow("原因", self.unchecked))
        about = About(
            Form.PAIR_MOVE,
            old.uuid,
            f"{old.child} 换给 {to.name}",
            how={"to": to.uuid},
            rows=(("pairing", old.uuid),),
        )
        fields = {"on": self.on, "reason": self.reason, "note": self.note, "unchecked": self.unchecked}
        self.keep_draft(context, about, fields)

    def _asked(self, _key: str) -> None:
        if self._needs_reason and not self.unchecked.value:
            self.object_to("请写没有从业查询的原因。", self.unchecked)
            return
        self._context.write(
            move,
            pair_uuid=self._old.uuid,
            to_key=self._to.uuid,
            on=self.on.value,
            reason=PairingEnd(str(self.reason.value)),
            note=self.note.value or None,
            unchecked_reason=self.unchecked.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class Giving(QObject):
    """Writes what she decided; `accepted` once the ledger has the proposals."""

    accepted = Signal()

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._under_way = False

    def accept(self, proposals: Sequence[Proposal]) -> None:
        """Write the ticked proposals as one action; a second press while it is under way writes nothing."""
        if self._under_way:
            return
        since = self._context.clock.today()
        if any(one.unchecked for one in proposals):
            panel = UncheckedPanel(self._context, self._context.dialogs.window, proposals, since)
            self._context.dialogs.open_panel(panel, self._panel_closed)
            return
        self._under_way = True
        self._context.write(
            accept,
            proposals=tuple(proposals),
            since=since.isoformat(),
            on_done=self._stored,
            on_error=self._failed,
            toast=True,
        )

    def move(self, old: PairFacts, to: SupporterLine, parted: str = "") -> None:
        """Ask about giving a child to another supporter; ``parted`` says from which brothers and sisters that parts it."""
        if to.facts is None or old.kind is PairingKind.STUDY_BUDDY:
            self._context.navigation.toast("学习帮手是学生：在「结一对」里另结，再结束原来的。")
            return
        if to.uuid == old.key:
            self._context.navigation.toast(f"{old.child}本来就由 {to.name} 带。")
            return
        panel = MovePanel(self._context, self._context.dialogs.window, old, to, parted)
        self._context.dialogs.open_panel(panel, self._nothing_more)

    def write_on(self) -> None:
        """接着写: giving a child to another supporter, where the reason was left half typed."""
        if not self._context.read_only:
            self._context.drafts.reopen({Form.PAIR_MOVE: self._read_again})

    def _read_again(self, draft: Draft) -> None:
        again = partial(self._move_again, draft)
        self._context.read(load_pairing, self._context.clock.today(), EVERYBODY, on_done=again, owner=self)

    def _move_again(self, draft: Draft, found: Loaded) -> None:
        pair = next((one.facts for one in found.pairs if one.facts.uuid == draft.record), None)
        to = next((line for line in found.supporters if line.uuid == draft.how.get("to")), None)
        if pair is None or to is None:
            self._context.navigation.toast("这一对或那位帮扶人已经有变化，草稿还留着")
        else:
            self.move(pair, to, found.parted(pair, to.uuid))

    def pair_buddy(self, child: UnpairedChild, buddy: str, name: str) -> None:
        """A pupil becomes the study buddy of a child."""
        del name
        self._context.write(
            pair,
            child_uuid=child.uuid,
            kind=PairingKind.STUDY_BUDDY,
            buddy_uuid=buddy,
            since=self._context.clock.today().isoformat(),
            toast=True,
        )

    def _panel_closed(self, key: str) -> None:
        if key == "save":
            self.accepted.emit()

    def _stored(self, _changes: object) -> None:
        self._under_way = False
        self.accepted.emit()

    def _failed(self, error: BaseException) -> None:
        self._under_way = False
        self._context.errors.show(error)

    def _nothing_more(self, _key: str) -> None:
        """The panel has written by itself."""
