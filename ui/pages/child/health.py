"""五 健康: the state of health, certified disabilities, blood group, allergies, history."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile
from app.children.codes import HealthStatus
from ui.pages.child import forms
from ui.pages.child.clerk import Clerk, change_link
from ui.pages.child.rows import OPTIONAL, BoundRows
from ui.pages.child.section import FactLine, Facts, Section, forms_menu, present_first
from ui.pages.child.words import disability_words, health_words
from ui.widgets import FormGrid


class Health(Section):
    """健康状况 is dated; the rest stands on the child."""

    key = "health"
    words = "健康"
    gap_fields = ("health",)
    doubt_fields = ("health", "disabilities", "disability")

    def __init__(self, clerk: Clerk, number: str) -> None:
        self._change = change_link(self._ask_change)
        super().__init__(clerk, number, self._change)
        self._rows = BoundRows(clerk.child_value, clerk.fields, "child", clerk.child_uuid)
        self._health = BoundRows(self._correct, clerk.fields, "health", partial(clerk.fact_uuid, "health"))
        self._past, self._disabilities = Facts(clerk), Facts(clerk, threaded=False)
        grid = FormGrid()
        grid.pair(
            self._health.choice("status", "健康状况", tuple(HealthStatus.labels().items())),
            self._health.words("illness", "病名", hint=OPTIONAL),
        )
        grid.full(self._rows.words("blood_type", "血型", hint=OPTIONAL))
        grid.full(self._rows.words("allergies", "过敏", hint=OPTIONAL))
        grid.full(self._rows.area("medical_history", "病史", hint=OPTIONAL))
        self.box.addWidget(grid)
        self.box.addWidget(self._disabilities)
        self.box.addWidget(self._past)

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        facts = file.facts
        today = self.clerk.context.clock.today()
        self._rows.show(partial(getattr, facts), fresh=fresh)
        values = forms.HEALTH.values_of(facts.health) if facts.health else {}
        self._health.show(values.get, fresh=fresh)
        for rows in (self._rows, self._health):
            rows.enable(self.clerk.editable)
        self._health.fields["illness"].setEnabled(self.clerk.editable and facts.health is not None)
        lines = [FactLine(forms.DISABILITY, one, disability_words(one)) for one in file.disabilities]
        self._disabilities.show_rows(present_first(lines, today))
        dated = len(file.health) > 1 or any(one.valid_to for one in file.health)
        past = [FactLine(forms.HEALTH, one, health_words(one)) for one in file.health] if dated else []
        self._past.show_rows(present_first(past, today))
        self._change.setVisible(self.clerk.editable)

    def gap_target(self, field: str) -> QWidget:
        del field
        return self._health.fields["status"]

    def first_field(self) -> QWidget:
        return self._health.fields["status"]

    def _correct(self, column: str, value: object, field: QWidget) -> None:
        fact = self.clerk.facts.health
        stored = forms.HEALTH.values_of(fact).get(column) if fact is not None else None
        self.clerk.fact_value(forms.HEALTH, fact, stored, column, value, field)

    def _ask_change(self) -> None:
        uuid = self.clerk.facts.uuid
        entries = [
            ("健康状况…", partial(self.clerk.change, forms.HEALTH, uuid, "", now=self.clerk.facts.health)),
            ("加一项残疾…", partial(self.clerk.change, forms.DISABILITY, uuid, "")),
        ]
        self.clerk.pop_up(forms_menu(self, entries), self._change)
