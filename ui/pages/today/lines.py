"""How a thing to be done is shown, and where its verb leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.tasks.today import DueItem, DueKind
from ui.theme import Tone
from ui.widgets.due import DueGroup, DueRow


@dataclass(frozen=True, slots=True)
class _Look:
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


_LOOKS: Mapping[DueKind, _Look] = {
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
    DueKind.NUMBER: _Look("phone", "核号码", "去核实", listed="号码待核实"),
    DueKind.STICK: _Look("usb_stick", "优盘", "现在拷", page="safety", params={"part": "stick"}),
    DueKind.DRILL: _Look("shield_checkmark", "演习", "去演习", page="safety", params={"part": "drill"}),
    DueKind.HEAD_COUNT: _Look("people", "人数", "去填", page="settings", params={"section": "classes"}),
    DueKind.GAPS: _Look("book_open", "资料", "去补", listed="资料不齐"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a verb leads: a child's file (`child`, leafing `among`), or a page with its parameters."""

    child: str = ""
    among: tuple[str, ...] = ()
    page: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """Everything to be done as it is shown, and for each key where it leads."""

    groups: tuple[DueGroup, ...]
    targets: Mapping[str, Target]

    @property
    def urgent(self) -> int:
        """How many lines stand among 要紧的."""
        return sum(len(group.rows) for group in self.groups if group.tone is Tone.RED)


def lines_of(items: Sequence[DueItem]) -> Lines:
    """Return the lines of `items`, the urgent ones first."""
    rows: dict[bool, list[DueRow]] = {True: [], False: []}
    targets: dict[str, Target] = {}
    for item in items:
        key = f"{item.kind}:{item.children[0] if len(item.children) == 1 else ''}"
        look = _LOOKS[item.kind]
        rows[item.urgent].append(
            DueRow(key, look.icon, look.kind, item.head, item.reason, look.verb, item.aside, look.tone)
        )
        targets[key] = _target(item, items)
    groups = (
        DueGroup("要紧的", f"{len(rows[True])} 项", tuple(rows[True]), Tone.RED),
        DueGroup("这周可以做的", f"{len(rows[False])} 项", tuple(rows[False])),
    )
    return Lines(tuple(group for group in groups if group.rows), targets)


def _target(item: DueItem, items: Sequence[DueItem]) -> Target:
    look = _LOOKS[item.kind]
    if not item.children:
        return Target(page=look.page, params=look.params)
    if len(item.children) == 1:
        among = tuple(
            other.children[0] for other in items if other.kind is item.kind and len(other.children) == 1
        )
        return Target(child=item.children[0], among=among)
    return Target(page="ledger", params={"uuids": item.children, "words": look.listed})
