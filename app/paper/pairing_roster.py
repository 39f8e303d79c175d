"""结对帮扶花名册 (domain.md §5.9): one line per child, or supporter by supporter with what each has really done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from app.paper.document import Document, opened
from app.paper.form import Column, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.printing import PrintResult, PrintStamp

TITLE_WORDS: Final = "结对帮扶花名册"
_BY_CHILD: Final = (
    Column("序号", 1.4, centred=True),
    Column("儿童", 4),
    Column("帮扶人", 7.5),
    Column("电话", 3.8),
    Column("结对日期", 3.4),
    Column("谈心\n实/应", 1.95, centred=True),
    Column("家访\n实/应", centred=True),
)
_BY_SUPPORTER: Final = (
    Column("帮扶人", 6.5),
    Column("序号", 1.4, centred=True),
    Column("儿童", 3.6),
    Column("班级", 3.1),
    Column("类别", 2.7),
    Column("结对日期", 3.3),
    Column("谈心\n实/应", 1.7, centred=True),
    Column("家访\n实/应", centred=True),
)
_UNPAIRED: Final = (Column("序号", 1.4, centred=True), Column("儿童", 4), Column("班级", 4), Column("原因"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One pair in the words of the roster; ``talks`` and ``visits`` are done/asked this term."""

    child: str
    sex: str = ""
    class_name: str = ""
    supporter: str = ""
    post: str = ""
    kind: str = ""
    phone: str = ""
    since: str = ""
    until: str = ""
    why_ended: str = ""
    focus: str = ""
    talks: str = ""
    visits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterGroup:
    """One supporter with their children; ``head`` says in lines who, what they do, the load and the 从业查询."""

    name: str
    head: str
    lines: Sequence[RosterLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRoster:
    """What the roster says. ``groups`` instead of ``lines`` where it is told supporter by supporter."""

    school: str
    term: str
    lines: Sequence[RosterLine] = ()
    groups: Sequence[RosterGroup] = ()
    unpaired: Sequence[tuple[str, str, str]] = field(default=())
    foot: str = ""


def render_pairing_roster(roster: PairingRoster, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the roster; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=TITLE_WORDS, author=roster.school, stamp=stamp)
        form = Form(document.setter)
        add_title(form, document.setter, TITLE_WORDS, roster.school, roster.term)
        form.section("结对")
        if roster.groups:
            form.table(_BY_SUPPORTER, [row for group in roster.groups for row in _rows_of(group)])
        elif roster.lines:
            form.table(_BY_CHILD, [_row_of(place, line) for place, line in enumerate(roster.lines, start=1)])
        else:
            form.passage("还没有结对。", lines_to_write=0)
        if roster.unpaired:
            form.section(f"没有结对的儿童（{len(roster.unpaired)} 名）")
            rows_alone = [(str(place), *row) for place, row in enumerate(roster.unpaired, start=1)]
            form.table(_UNPAIRED, rows_alone)
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
        f"{line.child}\n{_below(line)}",
        "\n".join(word for word in (f"{line.supporter}　{line.kind}", line.post, focus) if word),
        line.phone,
        line.since,
        line.talks,
        line.visits,
    )


def _rows_of(group: RosterGroup) -> list[tuple[str, ...]]:
    """Return the rows of one supporter: everything about them in the first, the name in each."""
    return [
        (
            group.head if place == 1 else group.name,
            str(place),
            f"{line.child}　{line.sex}" if line.sex else line.child,
            line.class_name,
            line.kind,
            line.since,
            line.talks,
            line.visits,
        )
        for place, line in enumerate(group.lines, start=1)
    ]


def _below(line: RosterLine) -> str:
    return "　".join(word for word in (line.sex, line.class_name) if word)
