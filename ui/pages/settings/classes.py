"""Classes as cohorts: head teacher, head counts of the term, and what is done by hand once a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from app.children.cohorts import (
    ClassMember,
    GraduationPreview,
    class_members,
    confirm_graduation,
    graduation_preview,
    merge_classes,
    repeat_grade,
    split_class,
)
from app.school.rules import ClassFacts
from app.school.service_classes import (
    HeadCountEntry,
    open_classes,
    remove_class,
    set_class_teacher,
    set_head_counts,
)
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import Form
from ui.pages.settings.class_panels import ClassPanel, CohortPanel, MergePanel, NewClassesPanel
from ui.pages.settings.class_rows import ClassesRead, ClassRow, class_columns, read_classes
from ui.pages.settings.pupil_panels import RepeatPanel, SplitPanel
from ui.pages.settings.section import Section
from ui.shell.risky import write_after_backup
from ui.widgets import Banner, Button, DataTable, Kind, Menu, Verb
from ui.widgets.layout import row


class ClassesSection(Section):
    """The table of classes; verbs above it for 新生入学, 并班, 确认毕业; 分班 and 留级 of the chosen class."""

    key = "classes"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            "班级",
            "班级按入学年份记，年级随日期走，不用升级。个别孩子换班：在台账里勾选，再点「改一批」。",
        )
        m = theme.metrics()
        self._read: ClassesRead | None = None
        self._banner = Banner("", link="确认毕业…", on_link=self._ask_graduation)
        self._banner.hide()
        self.without_teacher = Banner("", link="登记班主任…", on_link=self._ask_teacher, icon="info")
        self.without_teacher.hide()
        self.table = DataTable(class_columns())
        self.table.link_pressed.connect(self._change)
        self.table.opened.connect(self._change)
        self._open = Button("新生入学…", self._ask_new, icon="add")
        self._more = Button("更多", None, icon="more_horizontal", menu=self._menu())
        self.box.addWidget(self._banner)
        self.box.addWidget(self.without_teacher)
        self.box.addLayout(row(self._open, self._more, None, gap=m.s8))
        self.box.addSpacing(m.s4)
        self.box.addWidget(self.table, 1)

    def _menu(self) -> Menu:
        menu = Menu(self)
        menu.add("分班（选中的班）…", self._ask_split)
        menu.add("留级（选中的班）…", self._ask_repeat)
        menu.add("并班…", self._ask_merge)
        menu.add("删除选中的空班级…", self._ask_remove)
        return menu

    def load(self) -> None:
        self.context.read(read_classes, on_done=self._show)

    def _show(self, found: ClassesRead) -> None:
        self._read = found
        self.table.set_rows(found.rows)
        names = "、".join(cls.key for cls in found.waiting)
        self._banner.setVisible(bool(found.waiting))
        self._banner.set_words(f"待确认毕业：{names}。这些班已过最高年级，不再计入台账。")

        left = [one for one in found.rows if one.left is not None]
        self.without_teacher.setVisible(bool(left) and not self.context.read_only)
        listed = "、".join(
            f"{one.facts.name}（{one.left.name}已离校）" for one in left if one.left is not None
        )
        self.without_teacher.set_words(f"没有班主任的班：{listed}。")

    def _ask_teacher(self) -> None:
        """The first class whose head teacher has left; the banner stands until the last one has a new one."""
        found = next((one for one in self.table.rows if one.left is not None), None)
        if found is not None:
            self._change(found)

    # ---- one class

    def _change(self, chosen: ClassRow, *_: object) -> None:
        self._open_class(chosen, None)

    def _open_class(self, chosen: ClassRow, draft: Draft | None) -> None:
        if self._read is None:
            return
        name = chosen.facts.name
        asked = partial(self._save_class, chosen)
        panel = ClassPanel(self, asked, name, self._read.term, self._read.staff, chosen.teacher, chosen.count)
        self._keep(panel, Form.CLASS, f"{name} 班主任和人数", chosen.uuid)
        self.open_panel(panel, draft)

    def _keep(self, panel: ClassPanel | SplitPanel | RepeatPanel, form: Form, words: str, uuid: str) -> None:
        self.keep(panel, form, words, panel.kept_fields, record=uuid, rows=(("school_class", uuid),))

    def _save_class(self, chosen: ClassRow, panel: ClassPanel) -> None:
        """The head teacher, then the head count; what is stored already is not written again after a failure."""
        before = chosen.teacher.uuid if chosen.teacher else None
        if panel.teacher_uuid == before or panel.teacher_stored:
            self._save_count(chosen, panel)
            return
        self.context.write(
            set_class_teacher,
            class_uuid=chosen.uuid,
            staff_uuid=panel.teacher_uuid,
            since=self.context.clock.today(),
            on_done=partial(self._teacher_saved, chosen, panel),
            on_error=panel.refused,
        )

    def _teacher_saved(self, chosen: ClassRow, panel: ClassPanel, _changes: object) -> None:
        panel.teacher_stored = True
        self._save_count(chosen, panel)

    def _save_count(self, chosen: ClassRow, panel: ClassPanel) -> None:
        counted = panel.counts
        if counted is None or (
            chosen.count is not None and counted == (chosen.count.boys, chosen.count.girls)
        ):
            panel.finish()
            return
        self.context.write(
            set_head_counts,
            term=panel.term,
            entries=[HeadCountEntry(chosen.uuid, *counted)],
            toast=True,
            on_done=panel.stored,
            on_error=panel.refused,
        )

    # ---- a new cohort

    def _ask_new(self, *_: object) -> None:
        if self._read is not None:
            panel = NewClassesPanel(self, self._open_cohort, self._read.shape, self._read.entering_year)
            self.keep(panel, Form.COHORT, "新生入学", panel.kept_fields)
            self.open_panel(panel)

    def _open_cohort(self, panel: NewClassesPanel) -> None:
        stage, year, numbers = panel.wanted
        self.context.write(
            open_classes,
            stage=stage,
            entering_year=year,
            numbers=numbers,
            toast=True,
            on_done=panel.stored,
            on_error=panel.refused,
        )

    # ---- two classes into one

    def _ask_merge(self, *_: object) -> None:
        if self._read is not None:
            classes = [row.facts for row in self._read.rows]
            panel = MergePanel(self, self._merge_asked, classes, self.context.clock.today())
            self.keep(panel, Form.JOIN, "并班", panel.kept_fields)
            self.open_panel(panel)

    def _merge_asked(self, panel: MergePanel) -> None:
        source = panel.wanted[0]
        shown = partial(self._offer_merge, panel)
        self.context.read(class_members, class_uuid=source, on_done=shown, on_error=panel.refused)

    def _offer_merge(self, panel: MergePanel, members: Sequence[ClassMember]) -> None:
        names = {row.uuid: row.facts.name for row in self._read.rows} if self._read else {}
        source, target, on = panel.wanted
        listed = "、".join(member.name for member in members)
        self.context.dialogs.ask(
            f"从 {on.isoformat()} 起把{names.get(source, '')}并入{names.get(target, '')}？",
            [
                f"{len(members)} 名孩子换到{names.get(target, '')}：{listed}"
                if members
                else "班里还没有登记的孩子。",
                "原来的班随即关闭，可以一步撤销。",
            ],
            [Verb("stay", "先不动"), Verb("merge", "并班", Kind.FILLED)],
            partial(self._merge, panel),
        )

    def _merge(self, panel: MergePanel, verb: str) -> None:
        if verb != "merge":
            panel.wait_on()
        else:
            source, target, on = panel.wanted
            self._write_risky(panel, "并班", merge_classes, class_uuid=source, into_uuid=target, on=on)

    def _write_risky(self, panel: CohortPanel, doing: str, act: Callable[..., Any], **values: Any) -> None:
        """A backup first; the dialog stays, with the reason, until it is stored."""
        done, failed = panel.stored, panel.refused
        write_after_backup(self.context, doing, act, toast=True, on_done=done, on_error=failed, **values)

    # ---- one class into several, or pupils who stay down

    def _ask_split(self, *_: object) -> None:
        self._with_members(self.table.current_row(), self._open_split, None)

    def _ask_repeat(self, *_: object) -> None:
        self._with_members(self.table.current_row(), self._open_repeat, None)

    def _with_members(
        self, chosen: ClassRow | None, then: Callable[..., object], draft: Draft | None
    ) -> None:
        if chosen is not None:
            opened = partial(then, chosen.facts, draft)
            self.context.read(class_members, class_uuid=chosen.uuid, on_done=opened)

    def _open_split(self, source: ClassFacts, draft: Draft | None, members: Sequence[ClassMember]) -> None:
        if not members:
            self._say_nobody(source)
            return
        asked = partial(self._split_asked, source)
        panel = SplitPanel(self, asked, source, members, self.context.clock.today())
        self._keep(panel, Form.SPLIT, f"{source.name} 分班", source.uuid)
        self.open_panel(panel, draft)

    def _split_asked(self, source: ClassFacts, panel: SplitPanel) -> None:
        self.context.dialogs.ask(
            f"{source.name}从 {panel.on.isoformat()} 起分班？",
            panel.preview,
            [Verb("stay", "先不动"), Verb("split", "分班", Kind.FILLED)],
            partial(self._split, source, panel),
        )

    def _split(self, source: ClassFacts, panel: SplitPanel, verb: str) -> None:
        if verb != "split":
            panel.wait_on()
        else:
            self._write_risky(
                panel, "分班", split_class, class_uuid=source.uuid, parts=panel.parts, on=panel.on
            )

    def _open_repeat(self, source: ClassFacts, draft: Draft | None, members: Sequence[ClassMember]) -> None:
        if self._read is None or not members:
            self._say_nobody(source)
            return
        lower = [
            row.facts
            for row in self._read.rows
            if (row.facts.stage, row.facts.entering_year) == (source.stage, source.entering_year + 1)
        ]
        if not lower:
            self.context.navigation.toast(f"{source.name}没有低一个年级的班，不能留级", None)
            return
        panel = RepeatPanel(self, self._repeat, source, members, lower, self.context.clock.today())
        self._keep(panel, Form.REPEAT, f"{source.name} 留级", source.uuid)
        self.open_panel(panel, draft)

    def _repeat(self, panel: RepeatPanel) -> None:
        uuids = panel.child_uuids
        self._write_risky(
            panel, "留级", repeat_grade, child_uuids=uuids, class_uuid=panel.class_uuid, on=panel.on
        )

    def resume(self, draft: Draft) -> None:
        again = {Form.COHORT: self._ask_new, Form.JOIN: self._ask_merge}.get(Form(draft.form))
        if again is not None:
            self.context.drafts.open_again(draft, again)
            return
        chosen = next((row for row in self.table.rows if row.uuid == draft.record), None)
        if chosen is None:
            self.context.navigation.toast("这个班已经不在表里，草稿还留着")
        elif draft.form == Form.CLASS:
            self._open_class(chosen, draft)
        else:
            self._with_members(
                chosen, self._open_split if draft.form == Form.SPLIT else self._open_repeat, draft
            )

    def _say_nobody(self, source: ClassFacts) -> None:
        self.context.navigation.toast(f"{source.name}里还没有登记的孩子，不用处理", None)

    # ---- an empty class

    def _ask_remove(self, *_: object) -> None:
        self._with_members(self.table.current_row(), self._offer_removal, None)

    def _offer_removal(self, chosen: ClassFacts, _draft: None, members: Sequence[ClassMember]) -> None:
        if members:
            self.context.navigation.toast(
                f"{chosen.name}里登记着 {len(members)} 名孩子，不是空班级，不能删除", None
            )
            return
        self.context.dialogs.ask(
            f"把空班级{chosen.name}移到回收站？",
            ["只有从来没有学生的班才能删除。", "什么都不会丢，可以撤销。"],
            [Verb("stay", "先不动"), Verb("bin", "移到回收站", Kind.DANGER)],
            partial(self._remove_answered, chosen.uuid),
        )

    def _remove_answered(self, uuid: str, verb: str) -> None:
        if verb == "bin":
            self.context.write(remove_class, class_uuid=uuid, toast=True, on_error=self._not_saved)

    # ---- graduation

    def _ask_graduation(self, *_: object) -> None:
        if self._read is not None:
            uuids = [cls.uuid for cls in self._read.waiting]
            self.context.read(graduation_preview, class_uuids=uuids, on_done=self._offer_graduation)

    def _offer_graduation(self, preview: GraduationPreview) -> None:
        names = "、".join(cls.key for cls in preview.classes)
        what = (
            f"{preview.pupils} 名学生从 {preview.on.isoformat()} 起毕业离校，"
            f"其中 {preview.registered} 名退出留守台账，原因记「毕业」。"
        )
        self.context.dialogs.ask(
            f"确认 {names} 毕业？",
            [what, "档案都留着，谁也不会删除；可以一步撤销。"],
            [Verb("stay", "先不动"), Verb("confirm", "确认毕业", Kind.FILLED)],
            partial(self._graduation_answered, [cls.uuid for cls in preview.classes]),
        )

    def _graduation_answered(self, uuids: list[str], verb: str) -> None:
        if verb == "confirm":
            write_after_backup(
                self.context,
                "确认毕业",
                confirm_graduation,
                class_uuids=uuids,
                toast=True,
                on_error=self._not_saved,
            )

    def _not_saved(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.load()
