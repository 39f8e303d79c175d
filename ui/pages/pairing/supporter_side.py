"""Beside a supporter's children: the 从业查询, a limit of their own, what is known, and what they handed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from msgspec import Struct
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.pairing.codes import CheckResult, Identity
from app.pairing.facts import CheckFacts, CheckState, PairFacts, SupporterFacts
from app.pairing.queries import checks_of, pairs_of_supporter, supporter
from app.storage.store import Store
from app.tasks.past_hand_overs import PastHandOver, past_hand_overs
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Link, SectionHead, Text, empty_out, holder, row

UNKNOWN = "未采集"
_NAMED = 2
"""How many successors are named; more are counted."""


class Loaded(Struct, frozen=True):
    """The page of one supporter on one day."""

    facts: SupporterFacts
    pairs: tuple[PairFacts, ...]
    checks: tuple[CheckFacts, ...]
    handed: tuple[PastHandOver, ...]


class SideActs(Struct, frozen=True, kw_only=True):
    """What the links of the column do."""

    note_check: Callable[[], object]
    remove_check: Callable[[CheckFacts], object]
    change_limit: Callable[[], object]
    leave: Callable[[], object]
    come_back: Callable[[], object]
    print_past: Callable[[PastHandOver], object]


def load_supporter(store: Store, key: str, day: date) -> Loaded:
    """Read everything of one supporter. UserError ``pairing.no_such_supporter``."""
    return Loaded(
        supporter(store, key, day),
        pairs_of_supporter(store, key, day),
        checks_of(store, key),
        past_hand_overs(store, key),
    )


def after(words: str | None) -> str:
    """Return a note as it stands behind something."""
    return f"，{words}" if words else ""


def fill_side(box: QVBoxLayout, loaded: Loaded, acts: SideActs, *, read_only: bool) -> None:
    """Fill the column anew."""
    gap = theme.metrics().s8
    empty_out(box)
    facts = loaded.facts
    for part in (
        _checks(loaded, acts),
        _limit(facts, acts),
        _data(facts, acts, read_only=read_only),
        _handed(loaded.handed, acts),
    ):
        widgets = list(part)
        if widgets and box.count():
            box.addSpacing(gap)
        for widget in widgets:
            box.addWidget(widget)
    box.addStretch(1)


def _checks(loaded: Loaded, acts: SideActs) -> Iterator[QWidget]:
    facts = loaded.facts
    yield SectionHead("从业查询", Link("记一次查询…", acts.note_check, kind=Type.SMALL))
    words, tone = facts.check.words, Tone.OCHRE
    if facts.check is CheckState.VALID:
        words, tone = f"有效，到 {facts.check_until} 再查一次", Tone.INK2
    elif facts.check is CheckState.EXPIRED:
        words = f"{facts.check_until} 起已过期"
    elif facts.check is CheckState.FOUND:
        tone = Tone.RED
    yield Text(words, tone=tone, wrap=True)
    for one in loaded.checks:
        found = one.result is CheckResult.FOUND
        told = Text(f"{one.checked_on}　{one.result.label}", tone=Tone.RED if found else Tone.INK, wrap=True)
        away = Link("登记错了", partial(acts.remove_check, one), kind=Type.SMALL)
        yield holder(row(told, None, away))
        more = "，".join(part for part in (one.office, one.kept_at) if part)
        if more:
            yield Text(more, Type.SMALL, Tone.INK2, wrap=True)


def _limit(facts: SupporterFacts, acts: SideActs) -> Iterator[QWidget]:
    yield SectionHead("最多带几名", Link("改…", acts.change_limit, kind=Type.SMALL))
    if facts.own_limit is None:
        yield Text("按学校的结对规则。", tone=Tone.INK2, wrap=True)
    else:
        limit = "不安排" if facts.own_limit == 0 else f"最多 {facts.own_limit} 名"
        yield Text(f"{limit}{after(facts.limit_reason)}", wrap=True)


def _data(facts: SupporterFacts, acts: SideActs, *, read_only: bool) -> Iterator[QWidget]:
    links: list[QWidget] = []
    if facts.identity is not Identity.STAFF and not read_only:
        word, act = ("不再帮扶…", acts.leave) if facts.present else ("又来帮扶了", acts.come_back)
        links.append(Link(word, act, kind=Type.SMALL))
    yield SectionHead("资料", *links)
    for label, value in _known(facts):
        yield Text(f"{label}　{value}", tone=Tone.INK if value != UNKNOWN else Tone.OCHRE, wrap=True)
    if facts.identity is Identity.STAFF:
        yield Text("教师的资料在「设置」的教职工里改。", Type.SMALL, Tone.INK2, wrap=True)


def _handed(handed: tuple[PastHandOver, ...], acts: SideActs) -> Iterator[QWidget]:
    if not handed:
        return
    yield SectionHead("办过的交接")
    for one in handed:
        yield holder(row(Text(one.on), None, Link("交接单", partial(acts.print_past, one), kind=Type.SMALL)))
        to = "、".join(one.to[:_NAMED]) + (f"等 {len(one.to)} 位" if len(one.to) > _NAMED else "")
        given = f"，交给{to}" if to else ""
        yield Text(f"{one.children} 名{given}", Type.SMALL, Tone.INK2, wrap=True)


def _known(facts: SupporterFacts) -> list[tuple[str, str]]:
    """What is known, the unknown said as such."""
    sex = facts.sex.label if facts.sex else UNKNOWN
    lines = [("身份", facts.identity.label), ("性别", sex), ("电话", facts.phone or UNKNOWN)]
    if facts.identity is not Identity.STAFF:
        lines.append(("单位", facts.organisation or UNKNOWN))
    if facts.left_on:
        lines.append(("离开", facts.left_on))
    if facts.note:
        lines.append(("备注", facts.note))
    return lines
