"""From a draft to the writes about the grown-ups: who they are, where they are, how they are reached, who cares."""

from typing import Any

from msgspec import Struct

from app.children.codes import AwayState, CareKind, Relation
from app.children.labels import value_words
from app.children.roster.context import first
from app.children.roster.draft import PersonDraft, RowDraft
from app.children.roster.families import Families, row_witnesses
from app.children.roster.ledger_state import Known, Period
from app.children.roster.odd_numbers import wanted_numbers
from app.children.roster.parse_people import WORDS
from app.children.roster.plan_none import mark_beside_no_carer
from app.children.roster.unnamed_carer import is_unnamed_carer, leave_open
from app.children.roster.writer import SOURCE, PlanWriter, same

_PARENTS = (Relation.FATHER.value, Relation.MOTHER.value)
# Of these a child has one at a time; another name is another person.
_ONLY_ONE = frozenset({Relation.FATHER, Relation.MOTHER})


class FamilyFound(Struct, frozen=True):
    """The names of brothers and sisters who will be linked, or of a child who may be of the family."""

    siblings: tuple[str, ...] = ()
    maybe: str = ""


class PeoplePlanner:
    """Plans the people of one row after the other; knows those of the rows before."""

    def __init__(self, writer: PlanWriter, families: Families) -> None:
        self._writer = writer
        self._families = families
        self._state = writer.state

    def plan(self, draft: RowDraft, child: int, *, is_new: bool) -> FamilyFound:
        """Plan the people of a row; return what was found out about the family of a new child."""
        parents = {} if not is_new else self._families.parents_for(draft)
        siblings = self._families.siblings(parents.values(), child)
        found = FamilyFound(
            tuple(self._families.names.get(sibling, "") for sibling in siblings),
            self._families.suggestion(draft) if is_new and not siblings else "",
        )
        leave_open(draft, self._state, child)
        ids: dict[str, int] = {}
        begun = self._writer.said
        for role, person in draft.people.items():
            if not person.says_anything and person.relation is None:
                continue
            is_carer = draft.care.role == role
            if not person.says_anything and not is_carer:
                continue
            ids[role] = self._person(draft, child, role, person, parents, siblings, is_new=is_new)
        told = self._writer.said
        self._care(draft, child, ids)
        self._writer.put_before(begun, told)
        self._contacts(draft, child, ids, is_new=is_new)
        own = {role: ids[role] for role in _PARENTS if role in ids}
        if is_new:
            self._families.names[child] = draft.name
            self._families.add_child(child, own, row_witnesses(draft))
        return found

    # ---- who it is ------------------------------------------------------------------------------------------------

    def _person(
        self,
        draft: RowDraft,
        child: int,
        role: str,
        person: PersonDraft,
        parents: dict[str, int],
        siblings: list[int],
        *,
        is_new: bool,
    ) -> int:
        found = None if is_new else self._of_child(draft, child, person)
        if found is None:
            found = parents.get(role)
        if found is None and role not in _PARENTS:
            found = self._families.other_for(person, siblings)
        person_id = self._insert(person) if found is None else found
        if found is not None:
            words = WORDS.get(role, person.label or (person.relation.label if person.relation else "家人"))
            self._update(self._state.persons[found], person, role, words)
        self._kinship(draft, child, person_id, person)
        self._facts(draft, child, person_id, person, role)
        phones = person.phones
        self._families.add_person(person_id, person.name, person.values.get("id_number"), phones)
        return person_id

    def _of_child(self, draft: RowDraft, child: int, person: PersonDraft) -> int | None:
        """Return the person already known to be this to the child."""
        kin = [
            (person_id, period)
            for person_id, period in self._state.kin.get(child, ())
            if (period.valid_to or "9999") > self._writer.day
        ]
        number = person.values.get("id_number")
        for person_id, _ in kin:
            if number and self._state.persons[person_id].values.get("id_number") == number:
                return person_id
        for person_id, period in kin:
            name = self._state.persons[person_id].values.get("name")
            fits = self._fits(person, period)
            if fits and (name is None or person.name is None or same(name, person.name)):
                return person_id
        for person_id, period in kin:
            if (
                person.name
                and same(self._state.persons[person_id].values.get("name"), person.name)
                and (person.relation not in _ONLY_ONE or period.values["relation"] not in _PARENTS)
            ):
                return person_id
        carer = next((p for p in self._state.of("care", child) if p.valid_to is None), None)
        carer_id = carer.values.get("person_id") if carer else None
        if carer_id is not None and draft.care.role == person.role and carer_id in self._state.persons:
            name = self._state.persons[carer_id].values.get("name")
            is_unnamed = person.name is None and person.relation is None
            if is_unnamed or (person.name and same(name, person.name)):
                return int(carer_id)
        for person_id, period in kin:
            if draft.care.role == person.role and is_unnamed_carer(self._state, person_id, period, person):
                return person_id
        self._end_other_parent(draft, person, kin)
        return None

    def _fits(self, person: PersonDraft, period: Period) -> bool:
        relation, label = period.values["relation"], period.values.get("label")
        if person.relation is None:
            return False
        if person.label and label:
            return bool(person.label == label)
        return bool(relation == person.relation.value)

    def _end_other_parent(self, draft: RowDraft, person: PersonDraft, kin: list[tuple[int, Period]]) -> None:
        """Another name in the father's column is another father from the data date on; it is marked for a look."""
        if person.relation is None or person.relation not in _ONLY_ONE or not person.name:
            return
        for person_id, period in kin:
            if period.values["relation"] == person.relation.value and period.id > 0:
                before = self._state.persons[person_id].values.get("name")
                words = person.relation.label
                draft.mark(
                    f"{person.role}.name",
                    "parent_changed",
                    f"{words}原来是{before}，花名册写的是{person.name}；按换了人存，原来的留在历史里，请核对",
                    next(iter(draft.cells.get(f"{person.role}.name", ())), None),
                )
                self._writer.note_change(
                    f"{words}姓名", "person", "name", before, person.name, self._writer.day
                )
                if (period.valid_from or "") < self._writer.day:
                    period.valid_to = self._writer.day
                    self._writer.update("kinship", period.id, {"valid_to": self._writer.day})

    def _insert(self, person: PersonDraft) -> int:
        person_id = self._writer.insert("person", dict(person.values))
        self._state.persons[person_id] = Known(person_id, "", dict(person.values))
        return person_id

    def _update(self, known: Known, person: PersonDraft, role: str, words: str) -> None:
        self._writer.put_columns("person", known, person.values, target=f"{role}.name", words=words)

    # ---- what is said of them ---------------------------------------------------------------------------------------

    def _kinship(self, draft: RowDraft, child: int, person_id: int, person: PersonDraft) -> None:
        if person.relation is None:
            return
        relation, label = person.relation.value, person.label
        current = next((p for p in self._state.of("kinship", child, person_id) if p.valid_to is None), None)
        if current is None:
            values = {"relation": relation, "label": label}
            before = self._since_other_parent(child, person)
            # Another parent and a new carer have a line of their own, with whom they follow.
            has_line = before is not None or draft.care.role == person.role
            self._writer.put(
                "kinship", child, values, key=(person_id,), first_from=before, words="家人", note=not has_line
            )
            return
        known_label = current.values.get("label")
        if current.values["relation"] == relation and (label is None or label == known_label):
            return
        if known_label and label == known_label:
            return
        if (
            person.relation in (Relation.OTHER, Relation.OTHER_RELATIVE)
            and current.values["relation"] != relation
            and known_label != WORDS["carer"]
        ):
            return  # the ledger knows it better
        changed: dict[str, Any] = {"relation": relation, "label": label}
        if self._writer.state.newer.get(("kinship", current.uuid)):
            self._writer.mark_conflict(
                "carer.relation", "关系", str(known_label or current.values["relation"]), label or relation
            )
            return
        name = self._state.persons[person_id].values.get("name") or "这位家人"
        old = current.values["relation"]
        self._writer.note_change(f"{name}与儿童的关系", "kinship", "relation", old, relation)
        current.values.update(changed)
        self._writer.update("kinship", current.id, changed)

    def _since_other_parent(self, child: int, person: PersonDraft) -> str | None:
        """Return the day on which the father or mother known before ended, None when there was none."""
        if person.relation not in _ONLY_ONE:
            return None
        ended = (
            period.valid_to
            for _, period in self._state.kin.get(child, ())
            if period.values["relation"] == person.relation
        )
        return max((day for day in ended if day is not None), default=None)

    def _facts(self, draft: RowDraft, child: int, person_id: int, person: PersonDraft, role: str) -> None:
        words = WORDS.get(role, person.label or (person.relation.label if person.relation else "家人"))
        put = self._writer.put
        if person.life is not None:
            put("life_status", person_id, {"status": person.life.value}, words=words, target=f"{role}.life")
        if person.capable is not None:
            values: dict[str, Any] = {"capable": int(person.capable)}
            put("capacity", person_id, values, words=f"{words}监护能力", target=f"{role}.capable")
        if person.away is not None:
            self._forget_old_place(draft, person_id, person, role)
            values = {
                "state": person.away.value,
                "place": person.place,
                "trade": person.trade,
                "employer": person.employer,
                "expected_return": person.expected_return,
            }
            said = {column: value for column, value in values.items() if value is not None}
            target = f"{role}.place" if f"{role}.place" in draft.cells else "status.label"
            self._before_this_place(person_id, person)
            put(
                "away",
                person_id,
                said,
                since=person.since,
                words=words,
                target=target,
                fresh=frozenset({"state"}),
            )
        if person.marriage is not None:
            put(
                "marriage",
                person_id,
                {"status": person.marriage.value},
                words=f"{words}婚姻",
                target=f"{role}.name",
            )
        if person.ground is not None:
            put("unsupported_ground", child, {}, key=(person_id, person.ground.value), words="受限记录")
        self._phones(draft, person_id, person, words, role)
        if person.no_phone and not person.phones and draft.is_collection and draft.checked is not None:
            self._no_phone(person_id, words, role)

    def _forget_old_place(self, draft: RowDraft, person_id: int, person: PersonDraft, role: str) -> None:
        """Who is at home now and stands beside the place the ledger knows: the place is only the old one."""
        current = next((p for p in self._state.of("away", person_id) if p.valid_to is None), None)
        if person.away is not AwayState.HOME or person.place is None or current is None:
            return
        if same(current.values.get("place"), person.place):
            person.place = person.trade = person.employer = person.expected_return = None
            draft.marks = [m for m in draft.marks if (m.field, m.code) != (f"{role}.out", "status_conflict")]

    def _before_this_place(self, person_id: int, person: PersonDraft) -> None:
        """Who was away before the present place, somewhere nobody wrote down, gets that earlier time too."""
        earlier, later = person.out_since, person.since
        if earlier is None or later is None or earlier >= later or self._state.of("away", person_id):
            return
        self._writer.insert(
            "away",
            {
                "person_id": person_id,
                "state": AwayState.OUT.value,
                "valid_from": earlier,
                "valid_to": later,
                "source": SOURCE,
                "noted_on": self._writer.day,
            },
        )

    def _phones(self, draft: RowDraft, person_id: int, person: PersonDraft, words: str, role: str) -> None:
        """Open the numbers that are not known; a number that none of the row's agrees with goes into the history."""
        open_numbers = {
            key[2]: period
            for key, periods in self._numbers_of(person_id)
            for period in periods
            if period.valid_to is None
        }
        wanted = wanted_numbers(draft, person.phones, open_numbers)
        if not wanted:
            return
        ended: list[str] = []
        if open_numbers and not set(open_numbers) & set(person.phones):
            ended = [
                number
                for number, period in open_numbers.items()
                if self._retire(person_id, number, period, words, role, wanted[0])
            ]
        # The first numbers of somebody hold since nobody knows when, further ones since the data date.
        known_before = any(period.id > 0 for period in open_numbers.values())
        for number in wanted:
            label = person.phones[number]
            self._writer.put(
                "phone",
                person_id,
                {"label": label},
                key=(number,),
                first_from=self._writer.day if known_before else None,
                words=f"{words}电话",
                target=f"{role}.phone",
                instead_of=ended if number == wanted[0] else (),
            )

    def _no_phone(self, person_id: int, words: str, role: str) -> None:
        """Let the known numbers end: in a row that was checked 无 is an answer, as the sheet's head says; elsewhere a blank."""
        for (_, _, number), periods in self._numbers_of(person_id):
            for period in periods:
                if period.valid_to is not None:
                    continue
                if self._retire(person_id, number, period, words, role, "无"):
                    self._writer.note_end(f"{words}电话", "phone", "number", number, self._writer.day)
                elif period.id < 0:
                    self._writer.mark_differs(f"{role}.phone", f"{words}电话", number, "无")
                elif not self._state.newer.get(("phone", period.uuid)):  # else it is marked already
                    self._writer.mark_conflict(f"{role}.phone", f"{words}电话", number, "无")

    def _numbers_of(self, person_id: int) -> list[tuple[tuple[Any, ...], list[Period]]]:
        keys = [("phone", person_id, number) for number in self._state.phones_of.get(person_id, ())]
        return [(key, self._state.of(*key)) for key in keys]

    def _retire(
        self, person_id: int, number: str, period: Period, words: str, role: str, instead: str
    ) -> bool:
        """Let an old number end, unless it was confirmed or entered after the data date: then it stays. Tell which."""
        writer = self._writer
        confirmed = period.values.get("confirmed_on") or ""
        if period.id < 0 or (period.valid_from or "") >= writer.day:
            return False
        if confirmed > writer.day or (
            confirmed and period.values.get("result") == "reached" and confirmed == writer.day
        ):
            return False
        if self._state.newer.get(("phone", period.uuid)):
            writer.mark_conflict(f"{role}.phone", f"{words}电话", number, instead)
            return False
        return writer.end("phone", person_id, number)

    # ---- care and contacts ------------------------------------------------------------------------------------------

    def _care(self, draft: RowDraft, child: int, ids: dict[str, int]) -> None:
        care = draft.care
        if not care.says_anything:
            return
        current = next((p for p in self._state.of("care", child) if p.valid_to is None), None)
        if care.is_over:
            mark_beside_no_carer(self._writer, draft, child, current)
            self._end_care(child, current)
            return
        person_id = ids.get(care.role) if care.role else None
        kind = care.kind
        if kind is None and current is None:
            if care.grade is not None and draft.is_collection:
                reason = "写了监护评估，没有写谁在照看；没有存，请补上监护人"
                draft.mark("care.grade", "grade_without_carer", reason, first(draft.cells, "care.grade"))
            return
        same_person = (
            current is not None and person_id is not None and current.values.get("person_id") == person_id
        )
        if kind is CareKind.OTHER and same_person:
            kind = None  # the roster does not say the relation, the ledger knows it
        values: dict[str, Any] = {
            "person_id": person_id,
            "kind": kind.value if kind else None,
            "grade": care.grade.value if care.grade else None,
            "carer_able": None if care.carer_able is None else int(care.carer_able),
            "assessed_on": care.assessed_on,
            "assessor": care.assessor,
        }
        said = {column: value for column, value in values.items() if value is not None}
        target = next(
            (t for t in ("carer.name", "care.kind", "carer.relation", "care.grade") if t in draft.cells), ""
        )
        self._writer.put(
            "care", child, said, words="监护人", target=target, fresh=frozenset({"person_id", "kind"})
        )

    def _end_care(self, child: int, current: Period | None) -> None:
        """无 in a row that was checked: nobody looks after the child as was known; who does is not guessed."""
        if current is None:
            return
        who = self._writer.words.person(child, current.values.get("person_id"))
        who = who or value_words("care", "kind", current.values.get("kind"))
        if self._state.newer.get(("care", current.uuid)) or not self._writer.end("care", child):
            self._writer.mark_conflict("carer.name", "监护人", who, "无")
        else:
            self._writer.note_person("监护人", who, "无", self._writer.day)

    def _contacts(self, draft: RowDraft, child: int, ids: dict[str, int], *, is_new: bool) -> None:
        """Whom to call: the carer first, then mother and father, then the others; a known order is only added to."""
        known = self._state.contacts.setdefault(child, {})
        if known and not is_new and not any(person_id < 0 for person_id in ids.values()):
            return
        order = [draft.care.role or "", "carer", "mother", "father", *ids]
        rank = max(known.values(), default=0)
        for role in dict.fromkeys(order):
            person_id = ids.get(role)
            if person_id is None or person_id in known or not draft.people[role].phones:
                continue
            if known and not is_new and person_id > 0:
                continue
            rank += 1
            known[person_id] = rank
            self._writer.insert("contact_order", {"child_id": child, "person_id": person_id, "rank": rank})
