"""加一名家人: search first, so that brothers and sisters share the same grown-up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from app.children.codes import LifeStatus, Relation
from app.children.drafts import PersonDraft
from app.children.finding_people import PersonHit, people_named
from app.children.service_family import link_person
from ui.drafts import EntryPanel, Form
from ui.pages.child.clerk import Clerk
from ui.theme import Tone, Type
from ui.widgets import FormGrid, FormRow, NearDate, QuietChoice, QuietField, Radio, Text, empty_out, holder

_MOST = 4


class PersonPanel(EntryPanel):
    """Relation, name, a number; people of that name the file knows are offered to be shared."""

    def __init__(
        self, clerk: Clerk, relation: Relation, *, among: Sequence[Relation] = tuple(Relation)
    ) -> None:
        super().__init__(clerk.window(), "登记一名家人", self._asked, verb="登记")
        self._clerk = clerk
        self._radios: dict[str, Radio] = {}
        options = [(code.value, code.label) for code in among]
        self.relation = QuietChoice(options, quiet=False, unknown=False)
        self.relation.set_value(relation.value)
        self.label = QuietField(quiet=False, hint="如 二叔")
        self.name = QuietField(quiet=False, hint="")
        self.number = QuietField(quiet=False, hint="")
        self.life = QuietChoice(list(LifeStatus.labels().items()), quiet=False)
        self.since = NearDate(clerk.context.clock.today, hint="一直是")
        self._pair(FormRow("关系", self.relation), FormRow("家里叫法", self.label))
        self.add(FormRow("姓名", self.name))
        self._hits = QVBoxLayout()
        self._hits.setContentsMargins(0, 0, 0, 0)
        self._hits.setSpacing(0)
        self._known = holder(self._hits)
        self._known.hide()
        self.form.addWidget(self._known)
        self._pair(FormRow("电话", self.number), FormRow("健在情况", self.life))
        self.add(FormRow("从哪天起", self.since, note="继父、继母、收养请写"))
        self._search = clerk.context.jobs.latest(self)
        self.name.textEdited.connect(self._look)
        fields = {"relation": self.relation, "label": self.label, "name": self.name}
        fields |= {"number": self.number, "life": self.life, "since": self.since}
        among_codes = ",".join(code.value for code in among)
        how = {"relation": relation.value, "among": among_codes}
        clerk.keep(self, Form.PERSON, "登记一名家人", fields, how=how)

    def _pair(self, left: FormRow, right: FormRow) -> None:
        both = FormGrid()
        both.pair(left, right)
        self.add(both)

    def _look(self, text: str) -> None:
        self._search.run(people_named, self._clerk.context.store, text, limit=_MOST, on_done=self._show)

    def _show(self, hits: list[PersonHit]) -> None:
        empty_out(self._hits)
        self._radios = {}
        known = {person.uuid for person in self._clerk.facts.relatives}
        hits = [hit for hit in hits if hit.uuid not in known]
        if hits:
            words = "已经登记过同名的人。是同一个人就选中，兄弟姐妹共用一份："
            self._hits.addWidget(Text(words, Type.SMALL, Tone.OCHRE, wrap=True))
            self._radios[""] = Radio("不是，是另外一个人")
            for hit in hits:
                self._radios[hit.uuid] = Radio(f"{hit.name}（{hit.why}）" if hit.why else hit.name)
            for radio in self._radios.values():
                self._hits.addWidget(radio)
            self._radios[""].setChecked(True)
        self._known.setVisible(bool(hits))

    def _chosen(self) -> str | None:
        return next((uuid for uuid, radio in self._radios.items() if radio.isChecked() and uuid), None)

    def _asked(self, _key: str) -> None:
        number = self.number.value
        life = self.life.value
        draft = PersonDraft(
            relation=Relation(str(self.relation.value)),
            label=self.label.value or None,
            name=self.name.value or None,
            person_uuid=self._chosen(),
            phones=(number,) if number else (),
            life=LifeStatus(str(life)) if life else None,
        )
        if not draft.says_anything:
            self.object_to("还没有填姓名、电话或健在情况。", self.name)
            return
        self._clerk.context.write(
            link_person,
            child_uuid=self._clerk.facts.uuid,
            draft=draft,
            since=self.since.value or None,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()
