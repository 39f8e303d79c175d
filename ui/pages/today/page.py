"""Today: the first page of the day. Everything on it comes from what is recorded; nothing can be ticked away."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget
from typing_extensions import override

from app.tasks.glance import Glance, glance, in_order
from ui import theme
from ui.context import Context
from ui.pages.today import FORMS_PAGE
from ui.pages.today.summary import Summary
from ui.shell.focus_home import taking_focus
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone
from ui.widgets import Button, EmptyState, Kind, Link, Segments, Sheet, Text, Way
from ui.widgets.layout import column, holder, row

if TYPE_CHECKING:
    from app.storage.store import Store
    from app.tasks.today import DueChildren, Work
    from app.tasks.week_forms import CameBack
    from ui.pages.today.listed import Listed
    from ui.pages.today.printing import FormPrinting

SEARCH_HINT = "搜姓名、拼音、证件或电话尾号、纸单单号"
_WEEKDAYS = "一二三四五六日"


class TodayPage(Page):
    """Three reads: `glance` is painted at once, then what is due; the children's files last, or all would wait for them.

    The first page of the day is painted before what only the others need is imported.
    """

    areas: ClassVar[frozenset[str]] = frozenset(
        {"children", "roster", "school", "classes", "calendar", "handover", "pairing", "diary", "todo"}
    )
    turns_with_day = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, "今日")
        self._glance: Glance | None = None
        self._work: Work | None = None
        self._children: DueChildren | None = None
        self._listed: Listed | None = None
        self._wants_focus = False
        self._children_wanted = False
        self._first = context.jobs.latest(self)
        self._second = context.jobs.latest(self)
        self._third = context.jobs.latest(self)
        self._codes = context.jobs.latest(self)
        self._families = context.jobs.latest(self)
        search = self.header.add_search(SEARCH_HINT)
        search.entered.connect(self._search)
        search.left.connect(self.focus_first)
        if not context.read_only:
            record = Button("记一条", self._record, kind=Kind.FILLED, icon="add")
            self.header.add(record)
        self._printing: FormPrinting | None = None
        self._build_due()
        self.summary = Summary(read_only=context.read_only)
        self.summary.children_asked.connect(self._open_children)
        self.summary.undo_asked.connect(self._undo)
        self.summary.doings_asked.connect(partial(context.navigation.open_page, "doings"))
        self.summary.stick_asked.connect(partial(self._open_safety, "stick"))
        self.summary.backups_asked.connect(partial(self._open_safety, "backups"))
        self._parts = Segments([("due", "要办的"), ("summary", "概况")])
        self._parts.changed.connect(self._arrange)
        m = theme.metrics()
        # A low window has no room for a foot: there the way to the papers stands beside the parts.
        self.forms_beside = self._to_forms()
        self._top = holder(row(self._parts, None, self.forms_beside))
        self._top.hide()
        self.content.addWidget(self._top)
        self._body = row(self._sheet, self.summary, gap=m.s16)
        self._body.setStretch(0, 1)
        self.content.addLayout(self._body, 1)
        self.summary.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.summary.setFixedWidth(m.side)

    def _build_due(self) -> None:
        m = theme.metrics()
        waiting = Text("正在看有什么要办…", tone=Tone.INK3)
        self._waiting = holder(column(waiting, None, margins=(m.s16, m.s16, m.s16, m.s16)))
        self._nothing = EmptyState("今天没有要办的。", "有新的情况，会自己列到这里。")
        self._stack = QStackedWidget()
        for widget in (self._waiting, self._nothing):
            self._stack.addWidget(widget)
        self._sheet = Sheet(self._stack)

    @property
    def listed(self) -> Listed:
        """What is due; made when it is first asked for, behind the first paint."""
        if self._listed is None:
            from ui.pages.today.listed import Listed

            self._listed = Listed(read_only=self.context.read_only, to_forms=self._to_forms)
            self._listed.chosen.connect(self._go)
            self._listed.changed.connect(self._show_foot)
            self._listed.print_asked.connect(self._print)
            self._stack.addWidget(self._listed)
            self._listed.filters.set_narrow(self.breakpoint is Breakpoint.NARROW)
        return self._listed

    def _to_forms(self) -> Link:
        return Link("", partial(self.context.navigation.open_page, FORMS_PAGE))

    # ---- reading

    @override
    def load(self) -> None:
        self._children_wanted = True
        self._look()

    def _look(self) -> None:
        self._first.run(glance, self.context.store, self.context.backup_folder, on_done=self._show_glance)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Backups and copies are no changes of the ledger: look at them each time; at the children only when needed."""
        if not self.is_stale:
            self._look()
        super().showEvent(event)

    def _show_glance(self, found: Glance) -> None:
        self._glance = found
        self.header.set_fact(_day_line(found.day, found.week))
        self.summary.show_glance(found)
        self._show_due()
        if self._children_wanted:
            self._children_wanted = False
            QTimer.singleShot(0, self._read_work)

    def _read_work(self) -> None:
        self._second.run(_work, self.context.store, on_done=self._show_work)
        # What shows it, while it is read.
        QTimer.singleShot(0, self, self._make_listed)

    def _make_listed(self) -> None:
        self.listed  # noqa: B018 - made by being asked for

    def _show_work(self, found: Work) -> None:
        self._work = found
        self.summary.show_work(found)
        self.counted.emit(_overdue(found))
        # The lines in a turn of their own: filling both at once keeps a key waiting.
        QTimer.singleShot(0, self, self._show_lines)

    def _show_lines(self) -> None:
        self._show_due()
        self._read_children()

    def _read_children(self) -> None:
        self._third.run(_due_children, self.context.store, on_done=self._show_children)

    def _show_children(self, found: DueChildren) -> None:
        self._children = found
        self._show_due()

    def _show_due(self) -> None:
        if self._glance is None or self._work is None:
            return
        of_children = self._children.items if self._children else ()
        files = in_order(self._glance.items, self._work.reports, of_children)
        count = self.listed.show_work(self._work, files)
        self._show_foot()
        self._parts.set_words("due", f"要办的 {count}" if count else "要办的")
        if count or self._work.due.items:
            self._stack.setCurrentWidget(self.listed)
        else:
            self._show_nothing(self._glance)
            self._stack.setCurrentWidget(self._nothing)
            # Its ways are new: Qt shows them one turn of the event loop later, and what is not shown takes no keyboard.
            QTimer.singleShot(0, self, self._focus_at_last)
            return
        self._focus_at_last()

    def _focus_at_last(self) -> None:
        """The keyboard was asked for while there was nothing that could have it."""
        if self._wants_focus:
            self.focus_first()

    def _show_foot(self) -> None:
        """How many lines are left out, and how many papers are out."""
        if self._listed is None:
            return
        forms = self._work.forms if self._work is not None else 0
        narrow = self.breakpoint is Breakpoint.NARROW
        for link in (self._listed.forms, self.forms_beside):
            link.setText(f"待回收的周纸单 {forms} 张")
        self.forms_beside.setVisible(forms > 0 and narrow)
        self._listed.show_foot(with_forms=forms > 0 and not narrow)

    def _show_nothing(self, found: Glance) -> None:
        go = self.context.navigation.open_page
        forms = self._work.forms if self._work is not None else 0
        if found.count.known or self.context.read_only:
            # Papers may be out of children who are on the ledger no more.
            link = f"待回收的周纸单 {forms} 张" if forms else ""
            self._nothing.set_words(
                "今天没有要办的。", "有新的情况，会自己列到这里。", link=link, on_link=partial(go, FORMS_PAGE)
            )
            return
        self._nothing.set_words(
            "台账还是空的",
            "先把孩子登记进来，导入完就能打印。",
            ways=[
                Way(
                    "arrow_import",
                    "有现成的花名册",
                    "Excel、WPS 表都可以。",
                    "导入花名册",
                    partial(go, "importing"),
                    filled=True,
                ),
                Way(
                    "person_add",
                    "没有表，从头登记",
                    "有姓名和班级就能先存。",
                    "登记第一名",
                    partial(go, "ledger", add=True),
                ),
                Way(
                    "people_community",
                    "先看看样子",
                    "和您的数据分开放。",
                    "看演示学校",
                    self.context.program.open_demo,
                ),
            ],
        )

    # ---- going where it is done

    def _go(self, key: str) -> None:
        from ui.pages.today.lines import HOMECOMING, ONE_PHONE, Target

        target = self.listed.lines.targets[key]
        if target.page in ("record", HOMECOMING) and self.context.read_only:
            target = Target(child=target.params.get("child", ""))
        if target.page == HOMECOMING:
            from ui.pages.today.homecoming import HomecomingPanel

            self.context.dialogs.open_panel(HomecomingPanel(self.context, self, target.params), _closed)
        elif target.page == ONE_PHONE:
            from ui.pages.today.one_phone import ask_who_is_family

            ask_who_is_family(self.context, self, self._families)
        elif target.child:
            self.context.navigation.open_child(target.child, among=target.among)
        else:
            self.context.navigation.open_page(target.page, **target.params)

    def _open_children(self, words: str, uuids: tuple[str, ...] | None) -> None:
        if uuids is None:
            self.context.navigation.open_page("ledger")
        else:
            self.context.navigation.open_page("ledger", uuids=uuids, words=words)

    def _open_safety(self, part: str) -> None:
        self.context.navigation.open_page("safety", part=part)

    def _undo(self, action_uuid: str) -> None:
        self.context.undo(action_uuid)

    @override
    def entry_params(self) -> dict[str, Any]:
        """What Ctrl+N begins with: the line that has the ring."""
        if self._listed is None:
            return {}
        due = self._listed.due
        target = self._listed.lines.targets.get(due.current)
        if target is None or not due.lines.hasFocus():
            return {}
        if target.page == "record":
            return dict(target.params)
        return {"child": target.child} if target.child else {}

    def _record(self) -> None:
        self.context.navigation.open_page("record")

    def _print(self) -> None:
        if self._printing is None:
            from ui.pages.today.printing import FormPrinting

            self._printing = FormPrinting(self.context, self)
        self._printing.ask(self.listed.to_print())

    def _search(self) -> None:
        text = self.header.search.text().strip() if self.header.search else ""
        if _is_code(text):
            self._codes.run(
                _form_came_back,
                self.context.store,
                text,
                on_done=self._open_form,
                on_error=self._no_such_code,
            )
        elif text and self.header.search is not None:
            self.header.search.clear()
            self.context.navigation.open_page("ledger", find=text)
        else:
            self.focus_first()

    def _open_form(self, back: CameBack) -> None:
        from ui.pages.today.opening import open_paper

        if self.header.search is not None:
            self.header.search.clear()
        open_paper(self.context, back)

    def _no_such_code(self, error: BaseException) -> None:
        self.context.errors.show(error)

    # ---- window and keys

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        m = theme.metrics()
        self._top.setVisible(narrow)
        self._show_foot()
        if self._listed is not None:
            self._listed.filters.set_narrow(narrow)
        self.summary.setMinimumWidth(0 if narrow else m.side)
        self.summary.setMaximumWidth(m.form_most if narrow else m.side)
        self._body.setStretch(1, int(narrow))
        self._arrange()

    def _arrange(self, *_: object) -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        self._sheet.setVisible(not narrow or self._parts.current == "due")
        self.summary.setVisible(not narrow or self._parts.current == "summary")

    @override
    def focus_first(self) -> None:
        self._wants_focus = self._stack.currentWidget() is self._waiting
        if self._wants_focus:
            return  # as soon as the lines are there
        if (
            self._listed is not None
            and self._stack.currentWidget() is self._listed
            and self._sheet.isVisible()
        ):
            self._listed.due.setFocus()
            return
        way = taking_focus(self._stack.currentWidget())
        if way is not None:  # an empty ledger: its likeliest way, not what stands at the foot of the window
            way.setFocus()
        else:
            super().focus_first()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.summary,) if self._listed is None else (self._listed.due, self.summary)


def _day_line(day: date, week: str) -> str:
    """Return 11月19日  星期三  第 12 周."""
    words = [f"{day.month}月{day.day}日", f"星期{_WEEKDAYS[day.weekday()]}", week]
    return "　".join(word for word in words if word)


def _work(store: Store) -> Work:
    from app.tasks.today import work

    return work(store)


def _overdue(found: Work) -> int:
    """Count what is overdue, steps of incidents and 强制报告 among it, with what the list itself has brought in."""
    from app.todo.rules import State

    return len(found.due.of(State.OVERDUE)) + len(found.reports)


def _is_code(text: str) -> bool:
    from app.todo.codes_on_paper import looks_like_code

    return looks_like_code(text)


def _due_children(store: Store) -> DueChildren:
    from app.tasks.today import due_children

    return due_children(store)


def _form_came_back(store: Store, code: str) -> CameBack:
    from app.tasks.week_forms import form_came_back

    return form_came_back(store, code)


def _closed(_key: str) -> None:
    """What the dialog stored is shown by the change it made."""
