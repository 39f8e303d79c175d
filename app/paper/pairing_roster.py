"""结对帮扶花名册 (domain.md §5.9): one line per child, or supporter by supporter with what each has really done."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field

from app.paper.document import Document, opened
from app.paper.form import Column, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.page import LANDSCAPE, SMALL
from app.paper.printing import PrintResult, PrintStamp

TITLE_WORDS: Final = "结对帮扶花名册"
_DONE: Final = tuple(Column(f"{what}\n实/应", 1.3, centred=True) for what in ("谈心", "家访", "通话"))
_BY_CHILD: Final = (
    Column("序号", 1, centred=True),
    Column("姓名", 2),
    Column("性别", 1, centred=True),
    Column("班级", 2),
    Column("帮扶人", 2),
    Column("类别", 2),
    Column("职务·重点", 3.4),
    Column("电话", 2.5, centred=True),
    Column("结对日期", 2.3, centred=True),
    *_DONE,
    Column("效果"),
)
_BY_SUPPORTER: Final = (
    Column("帮扶人", 6),
    Column("序号", 1, centred=True),
    Column("姓名", 2.4),
    Column("性别", 1, centred=True),
    Column("班级", 2.4),
    Column("类别", 2.4),
    Column("结对日期", 2.4, centred=True),
    *_DONE,
    Column("效果"),
)
_ROW: Final = 20.0
_UNPAIRED: Final = (Column("序号", 1, centred=True), Column("姓名", 3), Column("班级", 3), Column("原因"))
_ENDED: Final = (
    Column("序号", 1, centred=True),
    Column("姓名", 3),
    Column("班级", 3),
    Column("帮扶人", 3),
    Column("类别", 2.4),
    Column("结对日期", 2.4, centred=True),
    Column("解除日期", 2.4, centred=True),
    Column("原因", 3),
    Column("说明"),
)


class RosterLine(Struct, frozen=True, kw_only=True):
    """One pair in the words of the roster; ``talks``, ``visits`` and ``calls`` are done/asked this term."""

    child: str
    sex: str = ""
    class_name: str = ""
    supporter: str = ""
    post: str = ""
    kind: str = ""
    phone: str = ""
    since: str = ""
    focus: str = ""
    talks: str = ""
    visits: str = ""
    calls: str = ""


class RosterGroup(Struct, frozen=True, kw_only=True):
    """One supporter with their children; ``head`` says in lines who, what they do, the load and the 从业查询."""

    name: str
    head: str
    lines: Sequence[RosterLine] = ()


class PairingRoster(Struct, frozen=True, kw_only=True):
    """What the roster says. ``groups`` instead of ``lines`` where it is told supporter by supporter."""

    school: str
    term: str
    lines: Sequence[RosterLine] = ()
    groups: Sequence[RosterGroup] = ()
    unpaired: Sequence[tuple[str, str, str]] = field(default=())
    ended: Sequence[Sequence[str]] = field(default=())
    foot: str = ""


def render_pairing_roster(roster: PairingRoster, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the roster; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=TITLE_WORDS, author=roster.school, stamp=stamp, paper=LANDSCAPE)
        form = Form(document.setter, LANDSCAPE)
        add_title(form, document.setter, TITLE_WORDS, roster.school, roster.term)
        form.section("结对")
        if roster.groups:
            rows = [row for group in roster.groups for row in _rows_of(group)]
            form.table(_BY_SUPPORTER, rows, style=SMALL, least=_ROW)
        elif roster.lines:
            rows = [_row_of(place, line) for place, line in enumerate(roster.lines, start=1)]
            form.table(_BY_CHILD, rows, style=SMALL, least=_ROW)
        else:
            form.passage("还没有结对。", lines_to_write=0)
        if roster.unpaired:
            form.section(f"没有结对的儿童（{len(roster.unpaired)} 名）")
            rows_alone = [(str(place), *row) for place, row in enumerate(roster.unpaired, start=1)]
            form.table(_UNPAIRED, rows_alone)
        # Also when there is none: whoever checks the roster asks for it (domain.md §5.9, 解除日期·原因).
        form.section(f"本学期解除的结对（{len(roster.ended)} 对）")
        if roster.ended:
            form.table(_ENDED, [(str(place), *row) for place, row in enumerate(roster.ended, start=1)])
        else:
            form.passage("本学期没有解除的结对。", lines_to_write=0)
        form.section("说明")
        form.passage(roster.foot, lines_to_write=0)
        add_signatures(
            form, document.setter, (("填表人：", ""), ("分管领导：", ""), ("填报单位（盖章）", ""))
        )
        return write_list(document, form, TITLE_WORDS)


def _row_of(place: int, line: RosterLine) -> tuple[str, ...]:
    focus = f"重点：{line.focus}" if line.focus else ""
    return (
        str(place),
        line.child,
        line.sex,
        line.class_name,
        line.supporter,
        line.kind,
        "\n".join(word for word in (line.post, focus) if word),
        line.phone,
        line.since,
        line.talks,
        line.visits,
        line.calls,
        "",
    )


def _rows_of(group: RosterGroup) -> list[tuple[str, ...]]:
    """Return the rows of one supporter: everything about them in the first, the name in each."""
    return [
        (
            group.head if place == 1 else group.name,
            str(place),
            line.child,
            line.sex,
            line.class_name,
            line.kind,
            line.since,
            line.talks,
            line.visits,
            line.calls,
            "",
        )
        for place, line in enumerate(group.lines, start=1)
    ]
