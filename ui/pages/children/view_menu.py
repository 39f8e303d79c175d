"""Saved views: the six that come along, hers with a name she gives."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.pages.children.conditions import SHIPPED, View, Wanted, own_views
from ui.theme import Tone
from ui.widgets import Finding, FormRow, Kind, Menu, Panel, QuietField, State, Text, Verb


class NamePanel(Panel):
    """Asks for the name of a view; `name` after 存下."""

    def __init__(
        self, parent: QWidget | None, head: str, detail: str, taken: Collection[str], name: str = ""
    ) -> None:
        super().__init__(
            parent, head, [Verb("stay", "先不存"), Verb("keep", "存下", Kind.FILLED)], focus_content=True
        )
        self._taken = set(taken)
        self.field = QuietField(check=self._check, quiet=False, hint="")
        self.field.setText(name)
        self.field.setMaxLength(16)
        self.box.addWidget(FormRow("名称", self.field))
        self.box.addWidget(Text(detail, tone=Tone.INK2, wrap=True))
        self.field.textChanged.connect(self._typed)
        self._typed(name)

    @property
    def name(self) -> str:
        return self.field.text().strip()

    def _check(self, text: str) -> Finding | None:
        return Finding(State.INVALID, "已经有一个叫这个名称的视图。") if text in self._taken else None

    def _typed(self, text: str) -> None:
        self.buttons["keep"].setEnabled(bool(text.strip()) and self._check(text.strip()) is None)


class Views(QObject):
    """Keeps her views in the settings and fills the menu.

    `wanted_changed(Wanted)` after a choice; `duplicates_asked` for the list of files that may be one child's.
    """

    wanted_changed = Signal(object)
    duplicates_asked = Signal()

    def __init__(
        self, context: Context, wanted: Callable[[], Wanted], count: Callable[[Wanted], int | None]
    ) -> None:
        super().__init__()
        self._context = context
        self._wanted = wanted
        self._count = count

    @property
    def own(self) -> list[View]:
        """Her views."""
        return own_views(self._context.settings.value.saved_filters)

    def find(self, name: str) -> View | None:
        """A view by its name."""
        return next((view for view in (*SHIPPED, *self.own) if view.name == name), None)

    def choose(self, view: View) -> None:
        """Take over the conditions of a view; the search text stays."""
        wanted = replace(self._wanted(), view=view, conditions=view.conditions, picked=None)
        self.wanted_changed.emit(wanted)

    def build(self, menu: Menu) -> None:
        """Every view with its count; then what can be done with the present conditions."""
        now = self._wanted()
        for view in SHIPPED:
            self._entry(menu, view, now)
        if self.own:
            menu.line()
            menu.head("我存的")
            for view in self.own:
                self._entry(menu, view, now)
        menu.line()
        is_new = bool(now.conditions.choices) and not any(
            view.conditions.same_as(now.conditions) for view in (*SHIPPED, *self.own)
        )
        menu.add("把现在的条件存为视图…", self._ask_name, enabled=is_new)
        if now.view.own:
            name = now.view.name
            if is_new:
                menu.add(f"「{name}」改成现在的条件", partial(self._keep, name, now))
            menu.add(f"给「{name}」改名…", partial(self._ask_new_name, now.view))
            menu.add(f"去掉「{name}」…", partial(self._ask_drop, now.view))
        if not self._context.read_only:
            menu.line()
            menu.add("找可能重复的档案…", self.duplicates_asked.emit)

    def _entry(self, menu: Menu, view: View, now: Wanted) -> None:
        count = self._count(Wanted(view, view.conditions))
        is_now = view.name == now.view.name and view.own == now.view.own
        words = view.name if count is None else f"{view.name}\t{count}"
        menu.add(words, partial(self.choose, view), ticked=is_now)

    # ---- hers

    def _names(self) -> list[str]:
        return [view.name for view in (*SHIPPED, *self.own)]

    def _ask_name(self) -> None:
        panel = NamePanel(
            self._context.dialogs.window,
            "这些条件存为一个视图",
            "以后在左上角一点就是这些条件；查找的字不存。",
            self._names(),
        )
        self._context.dialogs.open_panel(panel, partial(self._named, panel, self._wanted()))

    def _named(self, panel: NamePanel, wanted: Wanted, key: str) -> None:
        if key == "keep":
            self._keep(panel.name, wanted)

    def _keep(self, name: str, wanted: Wanted) -> None:
        saved = {**self._context.settings.value.saved_filters, name: dict(wanted.conditions.choices)}
        self._context.settings.change(saved_filters=saved)
        self.wanted_changed.emit(replace(self._wanted(), view=View(name, wanted.conditions, own=True)))

    def _ask_new_name(self, view: View) -> None:
        panel = NamePanel(
            self._context.dialogs.window, "这个视图改叫什么？", "条件不变。", self._names(), view.name
        )
        self._context.dialogs.open_panel(panel, partial(self._renamed, panel, view))

    def _renamed(self, panel: NamePanel, view: View, key: str) -> None:
        if key != "keep":
            return
        saved = self._context.settings.value.saved_filters
        kept = {panel.name if name == view.name else name: one for name, one in saved.items()}
        self._context.settings.change(saved_filters=kept)
        self.wanted_changed.emit(replace(self._wanted(), view=replace(view, name=panel.name)))

    def _ask_drop(self, view: View) -> None:
        self._context.dialogs.ask(
            f"去掉视图「{view.name}」？",
            ["只去掉这几个条件的名称，儿童的资料不动。"],
            [Verb("stay", "先不动"), Verb("drop", "去掉视图", Kind.DANGER)],
            partial(self._drop, view),
        )

    def _drop(self, view: View, key: str) -> None:
        if key != "drop":
            return
        saved = self._context.settings.value.saved_filters
        self._context.settings.change(
            saved_filters={name: one for name, one in saved.items() if name != view.name}
        )
        self.wanted_changed.emit(replace(self._wanted(), view=SHIPPED[0]))
