"""Off the ledger, back on it, onto it: reason and day; nobody is deleted."""

from __future__ import annotations

from app.children.codes import RegistrationEnd, RegistrationKind
from app.children.service_status import leave, register, return_to_ledger
from ui.drafts import EntryPanel, Form
from ui.pages.child.clerk import Clerk
from ui.theme import Tone, Type
from ui.widgets import FormRow, NearDate, QuietChoice, QuietField, Text
from ui.widgets.choice import CHOOSE

_ENDS_CLASS = (
    RegistrationEnd.GRADUATED,
    RegistrationEnd.TRANSFERRED_OUT,
    RegistrationEnd.DROPPED_OUT,
    RegistrationEnd.JOINED_PARENTS,
    RegistrationEnd.DIED,
)
_NOT_OFFERED = (RegistrationEnd.REPORTED_NOT,)


class LeavePanel(EntryPanel):
    """退出台账: why and from which day; reasons that leave the school end the class too."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk.window(), f"{clerk.facts.name}退出台账", self._asked, verb="退出台账")
        self._clerk = clerk
        reasons = [(code.value, code.label) for code in RegistrationEnd if code not in _NOT_OFFERED]
        self.reason = QuietChoice(reasons, quiet=False, unset=CHOOSE)
        self.reason.saved.connect(self._explain)
        self.on = NearDate(clerk.context.clock.today)
        self.on.show_day(clerk.context.clock.today())
        self.note = QuietField(quiet=False, hint="如 转到哪所学校")
        self._words = Text("档案和以前的记录都留着，可以再回来。", Type.SMALL, Tone.INK2, wrap=True)
        self.add(FormRow("原因", self.reason))
        self.add(FormRow("从哪天起", self.on, note="这天起不在册"))
        self.add(FormRow("说明", self.note))
        self.form.addWidget(self._words)
        clerk.keep(self, Form.LEAVE, "退出台账", {"reason": self.reason, "on": self.on, "note": self.note})

    def _explain(self, code: object) -> None:
        reason = RegistrationEnd(str(code)) if code else None
        words = "档案和以前的记录都留着，可以再回来。"
        if reason is RegistrationEnd.DROPPED_OUT:
            words = f"班级也到这天为止，类别里记「辍学」，留在控辍保学名单里。{words}"
        elif reason in _ENDS_CLASS:
            words = f"班级也到这天为止。{words}"
        self._words.setText(words)

    def _asked(self, _key: str) -> None:
        if not self.reason.value:
            self.object_to("还没有选「原因」。", self.reason)
            return
        self._clerk.context.write(
            leave,
            child_uuid=self._clerk.facts.uuid,
            reason=RegistrationEnd(str(self.reason.value)),
            on=self.on.value,
            note=self.note.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class ReturnPanel(EntryPanel):
    """回到台账: a new period, in a class again."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk.window(), f"{clerk.facts.name}回到台账", self._asked, verb="回到台账")
        self._clerk = clerk
        self.since = NearDate(clerk.context.clock.today)
        self.since.show_day(clerk.context.clock.today())
        self.school_class = QuietChoice([(cls.uuid, cls.name) for cls in clerk.classes], quiet=False)
        current = clerk.facts.school_class
        self.school_class.set_value(current.uuid if current else None)
        self.say("开始新的一段，以前的那段留着。")
        self.add(FormRow("从哪天起", self.since))
        self.add(FormRow("班级", self.school_class))
        clerk.keep(self, Form.RETURN, "回到台账", {"since": self.since, "class": self.school_class})

    def _asked(self, _key: str) -> None:
        current = self._clerk.facts.school_class
        chosen = self.school_class.value
        unchanged = current is not None and current.uuid == chosen
        self._clerk.context.write(
            return_to_ledger,
            child_uuid=self._clerk.facts.uuid,
            since=self.since.value,
            class_uuid=None if unchanged else chosen,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class RegisterPanel(EntryPanel):
    """登记到台账: which register, since when."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk.window(), f"把{clerk.facts.name}登记到台账", self._asked, verb="登记")
        self._clerk = clerk
        held = {one.kind for one in clerk.facts.registrations}
        kinds = [(kind.value, kind.label) for kind in RegistrationKind if kind not in held]
        self.kind = QuietChoice(kinds, quiet=False, unknown=False)
        self.since = NearDate(clerk.context.clock.today)
        self.since.show_day(clerk.context.clock.today())
        self.add(FormRow("台账", self.kind))
        self.add(FormRow("从哪天起", self.since, note="说不清可空着"))
        clerk.keep(self, Form.REGISTER, "登记到台账", {"kind": self.kind, "since": self.since})

    def _asked(self, _key: str) -> None:
        if self.kind.value is None:
            self.object_to("三种台账都已经登记。", self.kind)
            return
        self._clerk.context.write(
            register,
            child_uuid=self._clerk.facts.uuid,
            kind=RegistrationKind(str(self.kind.value)),
            since=self.since.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
