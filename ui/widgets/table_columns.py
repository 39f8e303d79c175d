"""How wide the columns of a table are, and in which order they stand."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ui import theme
from ui.theme import Type
from ui.widgets import paint
from ui.widgets.cell import Column
from ui.widgets.table_model import RowModel

Section = tuple[int, bool]
"""The width of a section, and whether it stays while the rest scrolls."""


class Widths(Struct, frozen=True):
    """What the sections of a table need, in pixels: each, and all together."""

    sections: tuple[Section, ...]
    whole: int

    @classmethod
    def of(cls, model: RowModel) -> Widths:
        """Measure the columns as they stand; ticks stay beside whatever stays."""
        m = theme.metrics()
        sections: list[Section] = (
            [(m.tick_column, any(c.frozen for c in model.columns))] if model.tickable else []
        )
        for column in model.columns:
            first = m.first_pad - m.cell_pad if not sections else 0
            sections.append((width_of(column) + first, column.frozen))
        return cls(tuple(sections), sum(width for width, _stays in sections))

    def shared_out(self, model: RowModel, room: int) -> list[int]:
        """The width of each section in this room: what is left over goes to the columns of numbers, each its part.

        Where words stand last they have most of it: words may go on, numbers only move apart.
        """
        columns = [model.column(section) for section in range(len(self.sections))]
        numbers = [place for place, column in enumerate(columns) if column is not None and column.number]
        widths = [width for width, _stays in self.sections]
        spare = max(0, room - self.whole)
        if numbers and numbers[-1] < len(columns) - 1:
            spare = min(spare // 2, len(numbers) * theme.metrics().s24)
        for nth, place in enumerate(numbers):
            widths[place] += spare * (nth + 1) // len(numbers) - spare * nth // len(numbers)
        return widths


def width_of(column: Column) -> int:
    """The width the sample and the head of a column ask for, in pixels."""
    m = theme.metrics()
    head = paint.text_width(column.head, theme.font(Type.SMALL))
    head += m.caret + m.s4 if column.sort else 0
    words = paint.text_width(column.sample, theme.font(Type.BODY, bold=True)) if column.sample else 0
    return max(head, words) + m.cell_pad + m.s8 + (m.first_pad if column.number else 0)


def in_order(columns: Sequence[Column], *, pressed: bool) -> tuple[Column, ...]:
    """As they were described; pressed for room, those that stay and the essential ones before the others."""
    if not pressed:
        return tuple(columns)
    return tuple(sorted(columns, key=lambda one: (not one.frozen, not one.essential)))
