"""Pupil by pupil: a class that is split, and who stays down. Nothing is written before the verb is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from app.children.cohorts import ClassMember
from app.core.pinyin import readings
from app.school.rules import ClassFacts
from ui import theme
from ui.pages.settings.class_panels import CohortPanel
from ui.theme import Tone, Type
from ui.widgets import CheckBox, FormRow, NearDay, QuietChoice, Scroll, Text
from ui.widgets.near_day import NOT_A_DAY

_STAYS = 0


def by_name(members: Sequence[ClassMember]) -> list[ClassMember]:
    """In the order of their names, as the roll of a class has them."""
    return sorted(members, key=lambda one: readings(one.name))


class _PupilPanel(CohortPanel):
    """A list of pupils that scrolls, and the day from which it holds."""

    def __init__(
        self,
        parent: QWidget | None,
        head: str,
        asked: Callable[[Any], object],
        today: date,
        *,
        verb: str,
        key: str,
        label_width: int | None = None,
    ) -> None:
        super().__init__(parent, head, asked, verb=verb, key=key, safe="先不动")
        m = theme.metrics()
        self._verb = key
        self.on_field = NearDay(today)
        self.on_field.show_day(today)
        self.on_field.textChanged.connect(self._enable)
        self.add(FormRow("从哪天起", self.on_field, label_width=label_width))
        self.listed = Scroll(gap=m.s4)
        # In the lowest window the list gives way, so that the verbs stay in sight.
        room = parent.window().height() - m.list_row * 5 if parent is not None else m.list_row * 4
        self._room = max(room, m.list_row * 2)
        self.why = Text("", Type.SMALL, Tone.OCHRE, wrap=True)

    def lay_out(self) -> None:
        """Put the list and the line of reasons in, below what the panel itself has added."""
        self.listed.box.addStretch(1)
        self.listed.setFixedHeight(min(self.listed.box.sizeHint().height(), self._room))
        self.form.addWidget(self.listed, 1)
        self.form.addWidget(self.why)
        self._enable()

    @property
    def on(self) -> date:
        """The day, once the verb could be pressed."""
        return date.fromisoformat(self.on_field.iso)

    def reason(self) -> str:
        """Why the verb cannot be pressed yet, "" when it can."""
        return "" if self.on_field.day is not None else NOT_A_DAY

    def _enable(self, *_: object) -> None:
        why = self.reason()
        self.why.setText(why)
        self.buttons[self._verb].setEnabled(not why)


class SplitPanel(_PupilPanel):
    """分班: into which class each pupil goes. Pupils of a grade's only class are dealt out evenly to begin with."""

    def __init__(
        self,
        parent: QWidget | None,
        asked: Callable[[Any], object],
        source: ClassFacts,
        members: Sequence[ClassMember],
        today: date,
    ) -> None:
        head = f"分班：{source.name}的孩子各去哪个班"
        wide = theme.metrics().name_width
        super().__init__(parent, head, asked, today, verb="看分班名单…", key="split", label_width=wide)
        members = self._members = by_name(members)
        numbers = [number for number in range(1, 9) if number != source.number]
        options = [(_STAYS, "留在原班"), *((number, f"去 {number} 班") for number in numbers)]
        self._choices: dict[str, QuietChoice] = {}
        for place, member in enumerate(members):
            choice = QuietChoice(options, quiet=False, unknown=False)
            choice.set_value(place % 2 + 1 if source.number == 0 else _STAYS)
            choice.currentIndexChanged.connect(self._enable)
            self._choices[member.uuid] = choice
            self.listed.box.addWidget(FormRow(member.name, choice, label_width=wide))
        self.lay_out()

    @property
    def kept_fields(self) -> dict[str, QWidget]:
        """What its draft holds, the pupils by their uuid."""
        return {"on": self.on_field, **self._choices}

    @property
    def parts(self) -> Mapping[int, Sequence[str]]:
        """Class number → the children that go there; who stays is not in it."""
        found: dict[int, list[str]] = {}
        for uuid, choice in self._choices.items():
            number = int(str(choice.value))
            if number != _STAYS:
                found.setdefault(number, []).append(uuid)
        return found

    @property
    def preview(self) -> list[str]:
        """What will happen, a line per class."""
        names = {member.uuid: member.name for member in self._members}
        lines = [
            f"{number} 班 {len(uuids)} 名：{'、'.join(names[uuid] for uuid in uuids)}"
            for number, uuids in sorted(self.parts.items())
        ]
        staying = len(self._members) - sum(len(uuids) for uuids in self.parts.values())
        return [
            *lines,
            f"留在原班 {staying} 名" if staying else "原来的班不再有孩子，随即关闭。",
            "可以一步撤销。",
        ]

    def reason(self) -> str:
        return super().reason() or ("" if self.parts else "还没有孩子去别的班。")


class RepeatPanel(_PupilPanel):
    """留级: who stays down, and in which class of the grade below."""

    def __init__(
        self,
        parent: QWidget | None,
        asked: Callable[[Any], object],
        source: ClassFacts,
        members: Sequence[ClassMember],
        lower: Sequence[ClassFacts],
        today: date,
    ) -> None:
        head = f"留级：{source.name}的哪些孩子"
        super().__init__(parent, head, asked, today, verb="留级", key="repeat")
        self._target = QuietChoice([(cls.uuid, cls.name) for cls in lower], quiet=False, unknown=False)
        self.add(FormRow("留到", self._target, label_width=theme.metrics().value_at))
        self._boxes: dict[str, CheckBox] = {}
        for member in by_name(members):
            box = CheckBox(member.name)
            box.setAccessibleName(member.name)
            box.toggled.connect(self._enable)
            self._boxes[member.uuid] = box
            self.listed.box.addWidget(box)
        self.lay_out()

    @property
    def kept_fields(self) -> dict[str, QWidget]:
        """What its draft holds, the pupils by their uuid."""
        return {"on": self.on_field, "target": self._target, **self._boxes}

    @property
    def child_uuids(self) -> list[str]:
        """Who was ticked."""
        return [uuid for uuid, box in self._boxes.items() if box.isChecked()]

    @property
    def class_uuid(self) -> str:
        """The class they go on in."""
        return str(self._target.value)

    def reason(self) -> str:
        return super().reason() or ("" if self.child_uuids else "请勾选要留级的孩子。")
