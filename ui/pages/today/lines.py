"""How a thing to be done is shown, in which group and under which chip, and where its verb leads."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct, field

from app.calls.cadence import ACTIVITIES as CALLS
from app.core.moments import day_words
from app.school.calendar import monday_of
from app.tasks.glance import DueItem, DueKind
from app.todo.board import ALWAYS_TOGETHER, Among, Board, Counts
from app.todo.codes_on_paper import spaced
from app.todo.presets import activity_words
from app.todo.rules import PRESENT, Due, State
from app.todo.rules import DueKind as RuleKind
from app.todo.settling import begun_with
from ui.pages.today import FORMS_PAGE
from ui.theme import Tone
from ui.widgets.due import DueGroup, DueRow

ALL = "all"
FILES = "files"
REPORTS = "reports"
"""The chip of the 强制报告 that are owed and the incidents with a step overdue: in front of all others."""
HOMECOMING = "homecoming"
"""No page: a dialog over this one (返乡)."""
ONE_PHONE = "one_phone"
"""No page: a dialog that asks who of those with one telephone number are brothers and sisters."""
_NAMED = 4


class _Look(Struct, frozen=True):
    """Icon and words of one kind; `page` with `params` is where it is done when it is not about children.

    `listed` names the list that is opened for several children.
    """

    icon: str
    kind: str
    verb: str
    tone: Tone = Tone.INK2
    listed: str = ""
    page: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


INCIDENTS = (DueKind.REPORT, DueKind.INCIDENT)

_LOOKS: Mapping[DueKind, _Look] = {
    DueKind.REPORT: _Look("warning", "强制报告", "去登记", Tone.RED, page="diary"),
    DueKind.INCIDENT: _Look("warning", "突发事件", "去登记", Tone.RED, page="diary"),
    DueKind.UNGUARDED: _Look("warning", "监护", "去落实", Tone.RED, "无人监护"),
    DueKind.CARER: _Look("home_person", "监护", "去登记", listed="监护人未采集"),
    DueKind.PARKED: _Look("arrow_import", "导入", "去处理", page="importing", params={"parked": True}),
    DueKind.GRADUATION: _Look(
        "people_community", "毕业", "去确认", page="settings", params={"section": "classes"}
    ),
    DueKind.BACKUP: _Look(
        "shield_error", "备份", "去备份", Tone.OCHRE, page="safety", params={"part": "backups"}
    ),
    DueKind.ID_NUMBER: _Look("document", "身份证", "去补", listed="身份证号待补"),
    DueKind.DOUBT: _Look("info", "存疑", "去核对", listed="有存疑"),
    DueKind.FAMILY: _Look("people", "一家", "去核对", page=ONE_PHONE),
    DueKind.NUMBER: _Look("phone", "核号码", "去核实", listed="号码待核实"),
    DueKind.STICK: _Look("usb_stick", "优盘", "现在拷", page="safety", params={"part": "stick"}),
    DueKind.DRILL: _Look("shield_checkmark", "演习", "去演习", page="safety", params={"part": "drill"}),
    DueKind.HEAD_COUNT: _Look("people", "人数", "去填", page="settings", params={"section": "classes"}),
    DueKind.GAPS: _Look("book_open", "资料", "去补", listed="资料不齐"),
}
_RULE_LOOKS: Mapping[RuleKind, _Look] = {
    RuleKind.CADENCE: _Look("notebook", "", "去记录"),
    RuleKind.EVENT: _Look("warning", "必访", "去记录"),
    RuleKind.ABSENCE: _Look("warning", "控辍", "去登记", Tone.RED, page="diary"),
    RuleKind.PROMISE: _Look("heart", "兑现", "去兑现"),
    RuleKind.FOLLOW_UP: _Look("history", "跟进", "去记录"),
    RuleKind.CARER_CHANGED: _Look("home_person", "家访", "去记录"),
    RuleKind.UNPAIRED: _Look("handshake", "补结对", "去结对", page="pairing"),
    RuleKind.SUPPORTER_LEFT: _Look("handshake", "交接", "去交接", page="supporter_handover"),
    RuleKind.CHECK_RENEWAL: _Look("shield_checkmark", "从业查询", "去登记", page="supporter"),
    RuleKind.QUOTA: _Look("notebook", "", "去记录", page="record"),
    RuleKind.SCHOOL_DUTY: _Look(
        "people_community", "会议", "去登记", page="diary", params={"part": "meetings"}
    ),
    RuleKind.HOMECOMING: _Look("people", "返乡", "返乡了…", page=HOMECOMING),
    RuleKind.BIRTHDAY: _Look("person", "生日", "看档案"),
    RuleKind.PAPER_FORM: _Look("print", "纸单", "去看", page=FORMS_PAGE),
}
_CALL = _Look("call", "", "打电话", page="calls")
_ICONS = {"talk": "chat", "home_visit": "home_person", "contact": "phone", "letter": "document"}
# How many of them are said in one line, when there are more than a few.
_SAID_TOGETHER = {
    RuleKind.UNPAIRED: "名没有帮扶人",
    RuleKind.CHECK_RENEWAL: "名帮扶人的从业查询",
    RuleKind.BIRTHDAY: "名过生日",
    RuleKind.PAPER_FORM: "张周纸单没有交回",
}

NOTHING = Board((), {})


class Target(Struct, frozen=True):
    """Where a verb leads: a child's file (`child`, leafing `among`), or a page with its parameters."""

    child: str = ""
    among: tuple[str, ...] = ()
    page: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


class Lines(Struct, frozen=True):
    """Everything to be done as it is shown, and for each key where it leads. `hidden` items are beyond the limit."""

    groups: tuple[DueGroup, ...]
    targets: Mapping[str, Target]
    hidden: int = 0


def chips_of(counts: Counts, files: int) -> list[tuple[str, str, int]]:
    """Key, words and count of every chip that has something: behind 要办的 what is to be reported, then most first; what is
    lacking stands last.
    """
    found: Counter[tuple[str, str]] = Counter()
    for (key, words, _), count in counts.items():
        found[key, words] += count
    ordered = sorted(found.items(), key=lambda entry: (entry[0][0] != REPORTS, -entry[1], entry[0]))
    chips = [
        (ALL, "要办的", found.total() + files),
        *((key, words, count) for (key, words), count in ordered),
    ]
    return [*chips, (FILES, "资料", files)] if files else chips


def lines_of(
    items: Sequence[DueItem], board: Board = NOTHING, *, as_of: date | None = None, most: int | None = None
) -> Lines:
    """The lines of what is to be done (`items`) and of what is due by the rules, of which at most `most` in each group."""
    rows: dict[str, list[DueRow]] = {"urgent": [], "rest": [], **{state: [] for state in State}}
    targets: dict[str, Target] = {}
    for item in items:
        key = f"{item.kind}:{item.children[0] if len(item.children) == 1 else item.subject}"
        look = _LOOKS[item.kind]
        rows["urgent" if item.urgent else "rest"].append(
            DueRow(key, look.icon, look.kind, item.head, item.reason, look.verb, item.aside, look.tone)
        )
        targets[key] = _target(item, items)
    hidden = 0
    for one in board.states:
        # To say that one more is not listed takes the room of listing it.
        shown = one.lists if most is None or len(one.lists) <= most + 1 else one.lists[:most]
        hidden += len(one.lists) - len(shown)
        for together in shown:
            row, target = _due_line(together, one.among)
            rows[one.state].append(row)
            targets[row.key] = target
    groups = (
        DueGroup("要紧的", f"{len(rows['urgent'])} 项", tuple(rows["urgent"]), Tone.RED),
        *(_state_group(one.state, tuple(rows[one.state]), one.number, as_of) for one in board.states),
        DueGroup("资料和数据", f"{len(rows['rest'])} 项", tuple(rows["rest"])),
    )
    return Lines(tuple(group for group in groups if group.rows), targets, hidden)


def _state_group(state: State, rows: tuple[DueRow, ...], number: int, as_of: date | None) -> DueGroup:
    count = f"{number} 项"
    if state is State.OVERDUE:
        return DueGroup("已过期", count, rows, Tone.RED)
    fact = count
    if as_of is not None:
        last = monday_of(as_of) + timedelta(days=6 if state is State.THIS_WEEK else 13)
        if state is State.THIS_MONTH:
            last = date(as_of.year, as_of.month, monthrange(as_of.year, as_of.month)[1])
        fact = f"到 {last.month}月{last.day}日，{count}"
        # Counted at the chips is what is to be done now.
        fact += "" if state in PRESENT else "，不算在要办的里"
    return DueGroup(_GROUPS[state], fact, rows)


_GROUPS = {State.THIS_WEEK: "本周到期", State.NEXT_WEEK: "下周", State.THIS_MONTH: "本月返乡"}


def _due_line(items: tuple[Due, ...], among: Among) -> tuple[DueRow, Target]:
    first = items[0]
    look = _look_of(first)
    key = f"{first.kind}:{first.activity}:{first.child_uuid or first.supporter_uuid}:{first.subject_uuid}"
    head = first.child_name or first.supporter or "全校"
    aside, reason, who = first.class_words, first.why, first.supporter if first.child_name else ""
    if len(items) > 1 or first.kind in ALWAYS_TOGETHER:
        key = f"{first.kind}:{first.activity}:{first.rule}"
        names = list(dict.fromkeys(item.child_name or item.supporter for item in items))
        what = _SAID_TOGETHER.get(first.kind) or f"名{activity_words(first.activity)}"
        head, aside, who = f"{len(items)} {what}", "", ""
        reason = "、".join(names[:_NAMED]) + (" 等" if len(names) > _NAMED else "")
        reason = f"{first.rule}：{reason}"
    elif first.form:
        reason = f"{reason}\n已打印待回收，单号 {spaced(first.form)}"
    return DueRow(
        f"{key}:{first.state}",
        _ICONS.get(first.activity, look.icon) if not look.kind else look.icon,
        look.kind or activity_words(first.activity),
        head,
        reason,
        "看名单" if len(items) > 1 and first.kind is RuleKind.CADENCE else look.verb,
        aside,
        Tone.RED if first.kind is RuleKind.EVENT else look.tone,
        who=who,
        when=day_words(first.due, first.as_of),
        left=_left(first),
        late=first.state is State.OVERDUE,
    ), _due_target(items, among)


def _look_of(item: Due) -> _Look:
    """The look of an item's kind; a call that a rule asks for is logged where calls are."""
    return _CALL if item.kind is RuleKind.CADENCE and item.activity in CALLS else _RULE_LOOKS[item.kind]


def _left(item: Due) -> str:
    if item.days_over > 0:
        return f"已过 {item.days_over} 天"
    return f"还有 {-item.days_over} 天" if item.days_over else ""


def _due_target(items: tuple[Due, ...], among: Among) -> Target:
    first = items[0]
    look = _look_of(first)
    if first.kind is RuleKind.HOMECOMING:
        whose = f"{first.child_name}（{first.class_words}）"
        about = {"person": first.subject_uuid, "words": f"{whose}：{first.fact}", "child": first.child_uuid}
        return Target(page=look.page, params=about)
    if first.kind is RuleKind.BIRTHDAY:
        if len(items) > 1:
            uuids = tuple(item.child_uuid for item in items)
            return Target(page="ledger", params={"uuids": uuids, "words": look.kind})
        return Target(child=first.child_uuid, among=tuple(among[first.kind, first.activity]))
    if first.kind is RuleKind.CADENCE and len(items) > 1:
        uuids = tuple(item.child_uuid for item in items)
        return Target(
            page="ledger", params={"uuids": uuids, "words": f"下周{activity_words(first.activity)}"}
        )
    if first.kind is RuleKind.ABSENCE:
        return Target(page=look.page, params={"part": "absences", "uuid": first.subject_uuid})
    if first.kind is RuleKind.QUOTA:
        return Target(page=look.page, params={"kind": first.activity, "supporter": first.supporter_uuid})
    if look is _CALL:
        return Target(page=look.page, params={"child": first.child_uuid})
    if look.page:
        params = dict(look.params)
        if len(items) == 1 and first.kind in (RuleKind.SUPPORTER_LEFT, RuleKind.CHECK_RENEWAL):
            params["supporter" if first.kind is RuleKind.SUPPORTER_LEFT else "uuid"] = first.supporter_uuid
            return Target(page=look.page, params=params)
        return Target(page="pairing" if first.kind in _OF_PAIRING else look.page, params=params)
    return Target(page="record", params=record_params(first, among))


_OF_PAIRING = frozenset({RuleKind.UNPAIRED, RuleKind.CHECK_RENEWAL, RuleKind.SUPPORTER_LEFT})


def record_params(item: Due, among: Among) -> dict[str, Any]:
    """What the entry form is told about a due item, and with which items 存上，下一名 goes on."""
    return {**begun_with(item), "among": among[item.kind, item.activity]}


def _target(item: DueItem, items: Sequence[DueItem]) -> Target:
    look = _LOOKS[item.kind]
    if item.kind in INCIDENTS:
        about = {"uuid": item.subject} if item.subject else {}
        return Target(page=look.page, params={"part": "incidents", **about})
    if not item.children:
        return Target(page=look.page, params=look.params)
    if len(item.children) == 1:
        among = tuple(
            other.children[0] for other in items if other.kind is item.kind and len(other.children) == 1
        )
        return Target(child=item.children[0], among=among)
    return Target(page="ledger", params={"uuids": item.children, "words": look.listed})
