"""The chips above the list of records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.diary.codes import Activity
from app.diary.queries import RecordFilters
from app.pairing.codes import Guidance
from app.pairing.people import supporters
from app.school.queries import classes, school_calendar
from app.storage.store import Store
from ui.widgets import FilterBar, FilterChip, Menu, Text, column


class Choices(Struct, frozen=True):
    """What the chips offer: classes and supporters as (uuid, words), spans as (words, first, last)."""

    classes: tuple[tuple[str, str], ...]
    supporters: tuple[tuple[str, str], ...]
    spans: tuple[tuple[str, str, str], ...]


def read_choices(store: Store, today: date) -> Choices:
    """Read what there is to choose from."""
    monday = today - timedelta(days=today.weekday())
    spans = [
        ("今天", today, today),
        ("本周", monday, monday + timedelta(days=6)),
        ("上周", monday - timedelta(days=7), monday - timedelta(days=1)),
        ("本月", today.replace(day=1), today),
    ]
    named = [(words, first.isoformat(), last.isoformat()) for words, first, last in spans]
    term = school_calendar(store).term_of(today)
    if term is not None:
        named.append(("本学期", term.starts_on.isoformat(), term.ends_on.isoformat()))
    return Choices(
        tuple((cls.uuid, cls.name) for cls in classes(store, today)),
        tuple((one.uuid, one.name) for one in supporters(store, today) if one.uuid),
        tuple(named),
    )


class RecordFilterBar(QWidget):
    """`changed()` when a chip was set or cleared; `filters` is what they ask for."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.filters = RecordFilters()
        self._choices = Choices((), (), ())
        self.child_name = ""
        self.kind = FilterChip("类别", self._kinds)
        self.tags = FilterChip("四导", self._tags)
        self.group = FilterChip("班级", self._classes)
        self.who = FilterChip("记录人", self._supporters)
        self.span = FilterChip("时间", self._spans)
        self.more = FilterChip("补录", self._late)
        self.child = FilterChip("儿童", self._no_child)
        self.child.hide()
        self.chips = (self.kind, self.tags, self.group, self.who, self.span, self.more, self.child)
        clears: dict[FilterChip, dict[str, object]] = {
            self.kind: {"kinds": frozenset()},
            self.tags: {"guidances": frozenset(), "untagged": False},
            self.group: {"class_uuid": None},
            self.who: {"supporter_uuid": None},
            self.span: {"since": None, "until": None},
            self.more: {"late": False},
            self.child: {"child_uuid": None},
        }
        for chip, values in clears.items():
            chip.cleared.connect(partial(self._set, chip, "", **values))
        self.count = Text("")
        self.setLayout(column(FilterBar(*self.chips, None, self.count)))

    @property
    def is_on(self) -> bool:
        """Something narrows the list."""
        return any(chip.choice for chip in self.chips)

    def set_choices(self, choices: Choices) -> None:
        """What the menus offer."""
        self._choices = choices

    def show_filters(self, filters: RecordFilters, *, child_name: str = "") -> None:
        """Set all chips as they are asked for from elsewhere."""
        self.filters = filters
        self.child_name = child_name
        self.kind.set_choice("、".join(kind.label for kind in Activity if kind in filters.kinds))
        self.tags.set_choice("、".join(one.label for one in Guidance if one in filters.guidances))
        names = dict(self._choices.classes)
        self.group.set_choice(names.get(filters.class_uuid or "", "一个班" if filters.class_uuid else ""))
        people = dict(self._choices.supporters)
        self.who.set_choice(
            people.get(filters.supporter_uuid or "", "一人" if filters.supporter_uuid else "")
        )
        self.span.set_choice(self._span_words(filters))
        self.more.set_choice("只看补录" if filters.late else "")
        self.child.set_choice(child_name or ("一名" if filters.child_uuid else ""))
        self.child.setVisible(bool(filters.child_uuid))

    def drop_all(self) -> None:
        """Everything again."""
        self.show_filters(RecordFilters())
        self.changed.emit()

    def _span_words(self, filters: RecordFilters) -> str:
        for words, first, last in self._choices.spans:
            if (first, last) == (filters.since, filters.until):
                return words
        if filters.since and filters.until:
            return f"{filters.since} 到 {filters.until}"
        return f"{filters.since} 起" if filters.since else (f"到 {filters.until}" if filters.until else "")

    def _set(self, chip: FilterChip, words: str, **values: object) -> None:
        self.filters = replace(self.filters, **values)
        chip.set_choice(words)
        if chip is self.child:
            chip.hide()
        self.changed.emit()

    # ---- menus

    def _kinds(self, menu: Menu) -> None:
        for kind in Activity:
            on = kind in self.filters.kinds
            kinds = self.filters.kinds ^ {kind}
            words = "、".join(one.label for one in Activity if one in kinds)
            menu.add(kind.label, partial(self._set, self.kind, words, kinds=kinds), ticked=on)

    def _tags(self, menu: Menu) -> None:
        for one in Guidance:
            on = one in self.filters.guidances
            chosen = self.filters.guidances ^ {one}
            words = "、".join(tag.label for tag in Guidance if tag in chosen)
            act = partial(self._set, self.tags, words, guidances=chosen, untagged=False)
            menu.add(one.label, act, ticked=on)
        menu.line()
        act = partial(self._set, self.tags, "一项没勾", guidances=frozenset(), untagged=True)
        menu.add("一项也没勾的", act, ticked=self.filters.untagged)

    def _classes(self, menu: Menu) -> None:
        self._offer(menu, self.group, "class_uuid", self._choices.classes)

    def _supporters(self, menu: Menu) -> None:
        self._offer(menu, self.who, "supporter_uuid", self._choices.supporters)

    def _offer(self, menu: Menu, chip: FilterChip, name: str, offered: Sequence[tuple[str, str]]) -> None:
        now = getattr(self.filters, name)
        for uuid, words in offered:
            menu.add(words, partial(self._set, chip, words, **{name: uuid}), ticked=uuid == now)
        if not offered:
            menu.head("还没有")

    def _spans(self, menu: Menu) -> None:
        for words, first, last in self._choices.spans:
            on = (self.filters.since, self.filters.until) == (first, last)
            menu.add(words, partial(self._set, self.span, words, since=first, until=last), ticked=on)

    def _late(self, menu: Menu) -> None:
        menu.add("只看补录", partial(self._set, self.more, "只看补录", late=True), ticked=self.filters.late)

    def _no_child(self, menu: Menu) -> None:
        menu.add("所有儿童", partial(self._set, self.child, "", child_uuid=None))
