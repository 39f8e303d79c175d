"""六 学习, 七 性格爱好, 八 关爱措施: what is said in her own words."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile
from app.pairing.facts import PairFacts
from app.pairing.pair_reading import pairs_of_child
from ui.pages.child.clerk import Clerk
from ui.pages.child.rows import OPTIONAL, BoundRows
from ui.pages.child.section import Section, sub_head
from ui.theme import Tone, Type
from ui.widgets import Fact, FactList, Link
from ui.widgets.field import UNKNOWN


class Texts(Section):
    """Some areas of words, column by column."""

    columns: tuple[tuple[str, str], ...] = ()

    def __init__(self, clerk: Clerk, number: str, *verbs: QWidget) -> None:
        super().__init__(clerk, number, *verbs)
        self._rows = BoundRows(clerk.child_value, clerk.fields, "child", clerk.child_uuid)
        for column, label in self.columns:
            hint = UNKNOWN if column in self.gap_fields else OPTIONAL
            self.box.addWidget(self._rows.area(column, label, hint=hint))

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        self._rows.show(partial(getattr, file.facts), fresh=fresh)
        self._rows.enable(self.clerk.editable)

    def gap_target(self, field: str) -> QWidget | None:
        return self._rows.fields.get(field)

    def first_field(self) -> QWidget:
        return self._rows.fields[self.columns[0][0]]


class Study(Texts):
    """How the child does at school."""

    key = "study"
    words = "学习"
    columns = (("study", "学习情况"),)


class Character(Texts):
    """What the child is like, what it likes, how it behaves and keeps in touch."""

    key = "character"
    words = "性格爱好"
    gap_fields = ("personality", "hobbies")
    columns = (
        ("personality", "性格特征"),
        ("hobbies", "兴趣爱好"),
        ("behaviour", "日常行为"),
        ("family_contact", "和家人沟通"),
    )


class Measures(Texts):
    """What is done for the child, what it needs besides, who looks after it or did, and the way to its help plan."""

    key = "measures"
    words = "关爱措施"
    columns = (("care_measures", "关爱措施"), ("special_needs", "特殊需求"))

    def __init__(self, clerk: Clerk, number: str) -> None:
        self.plan = Link("看帮扶计划", self._open_plan, kind=Type.SMALL)
        super().__init__(clerk, number, self.plan)
        self._shown: dict[str, PairFacts] = {}
        self._reading = clerk.context.jobs.latest(self)
        self.pairs = FactList()
        self.pairs.setAccessibleName("结对，现在的和以前的")
        self.pairs.setToolTip("点一下或按回车：看这位帮扶人")
        self.pairs.activated.connect(self._open_supporter)
        self.box.addWidget(sub_head("结对"))
        self.box.addWidget(self.pairs)

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        super().fill(file, fresh=fresh)
        if fresh:
            self._show_pairs(())
        context = self.clerk.context
        self._reading.run(
            pairs_of_child, context.store, file.facts.uuid, context.clock.today(), on_done=self._show_pairs
        )

    def _show_pairs(self, pairs: tuple[PairFacts, ...]) -> None:
        self._shown = {one.uuid: one for one in pairs}
        none = Fact("", "", "没有结对过", in_force=False, tone=Tone.INK2)
        self.pairs.set_facts([_pair_line(one) for one in pairs] or [none])

    def _open_plan(self) -> None:
        self.clerk.context.navigation.open_page("help_plan", uuid=self.clerk.child_uuid())

    def _open_supporter(self, uuid: str) -> None:
        pair = self._shown.get(uuid)
        if pair is not None and pair.key:
            self.clerk.context.navigation.open_page("supporter", key=pair.key)
        elif pair is not None and pair.buddy_uuid:
            self.clerk.context.navigation.open_child(pair.buddy_uuid)


def _pair_line(pair: PairFacts) -> Fact:
    start = pair.valid_from or "起始日期不详"
    dates = f"{start} 起" if pair.open else f"{start} 至 {pair.valid_to}"
    why = pair.end_reason.label if pair.end_reason else ""
    words = f"{pair.supporter}，{pair.kind.label}"
    return Fact(pair.uuid, dates, words, why, in_force=pair.open)
