"""Which child of the ledger a row is: by ID number, else by 学籍号, never by the name (domain.md §10.2)."""

from collections.abc import Mapping

from msgspec import Struct, field

from app.children.roster.draft import RowDraft
from app.children.roster.ledger_state import Known, LedgerState
from app.children.roster.model import Candidate, ParkedCode
from app.core.text import normalise_name
from app.school.rules import ClassFacts, ClassRef

_OPEN_END = "9999"


class Match(Struct, frozen=True):
    """Who the row is: a known child, nobody yet, or ``code`` with the reason why it has to wait."""

    known: Known | None = None
    code: ParkedCode | None = None
    reason: str = ""
    detail: str = ""
    candidates: tuple[Candidate, ...] = ()


class Matcher(Struct):
    """Compares rows with the children of the ledger and with the rows before them."""

    state: LedgerState
    day: str
    classes: Mapping[int, ClassFacts]
    by_number: dict[str, Known] = field(default_factory=dict)
    by_registry: dict[str, Known] = field(default_factory=dict)
    by_uuid: dict[str, Known] = field(default_factory=dict)
    in_bin: dict[str, Known] = field(default_factory=dict)
    numberless: dict[str, list[Known]] = field(default_factory=dict)
    numbered: dict[str, list[Known]] = field(default_factory=dict)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    seen_names: dict[tuple[str, str | None, ClassRef | None], list[tuple[RowDraft, str]]] = field(
        default_factory=dict
    )
    matched: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Child → the row that is this child."""
    claimed: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Child → the row that is the child's own line on our sheet."""

    def __post_init__(self) -> None:
        for child in self.state.children.values():
            number, registry = child.values["id_number"], child.values["student_registry_no"]
            if child.in_bin:
                for key in (number, registry):
                    if key:
                        self.in_bin[key] = child
                continue
            self.by_uuid[child.uuid] = child
            if number:
                self.by_number[number] = child
            if registry:
                self.by_registry[registry] = child
            kind = self.numbered if number or registry else self.numberless
            kind.setdefault(normalise_name(child.values["name"]), []).append(child)

    def claim(self, key: str, draft: RowDraft) -> None:
        """Note, before any row is matched, which row is a child's own line on our sheet: no other row takes it."""
        own = self.by_uuid.get(key)
        if own is None or own.id in self.claimed:
            return
        self.claimed[own.id] = self.matched[own.id] = draft.sheet, draft.row
        for number in (own.values["id_number"], own.values["student_registry_no"]):
            if number:
                self.seen[number] = draft.sheet, draft.row

    def match(self, draft: RowDraft, ref: ClassRef | None, fingerprint: str) -> Match:
        """Return who the row is. Call it once per row, in the order of the file: rows repeat each other."""
        own = self.by_uuid.get(draft.uuid or "")
        if not draft.name:
            whose = () if own is None else (self.candidate(own),)
            detail = "补上姓名就能写入"
            return Match(code=ParkedCode.NO_NAME, reason="没有写姓名", detail=detail, candidates=whose)
        if own is not None and self.claimed.get(own.id) == (draft.sheet, draft.row):
            return self._repeats(draft) or self._own_line(draft, own)
        repeated = self._repeats(draft)
        if repeated is not None:
            return repeated
        known = self._by_key(draft)
        if known is not None:
            before = self.matched.get(known.id)
            if before is not None:
                return _repeated(f"按号码和{_where(before, draft)}是同一名儿童")
            self.matched[known.id] = draft.sheet, draft.row
            return Match(known)
        return self._twin_in_file(draft, ref, fingerprint) or self._maybe(draft, ref)

    def in_class(self, child: Known) -> ClassFacts | None:
        """Return the class of a known child on the data date."""
        for period in self.state.of("enrolment", child.id):
            if (period.valid_from or "") <= self.day < (period.valid_to or _OPEN_END):
                return self.classes.get(period.values["school_class_id"])
        return None

    def past_classes(self, child: Known) -> dict[ClassRef, str]:
        """Return the classes that a child has left, with the day (ISO) it left each."""
        past = {}
        for period in self.state.of("enrolment", child.id):
            school_class = self.classes.get(period.values["school_class_id"])
            if school_class is not None and period.valid_to is not None and period.valid_to <= self.day:
                past[school_class.ref] = period.valid_to
        return past

    def exited_on(self, child: Known) -> str | None:
        """Return the day on which a child left the register, None while it is on it or never was."""
        periods = self.state.of("registration", child.id, "left_behind")
        ends = [period.valid_to or _OPEN_END for period in periods]
        last = max(ends, default=_OPEN_END)
        return last if last <= self.day else None

    def candidate(self, child: Known) -> Candidate:
        """Return a child of the ledger as the preview shows them."""
        school_class = self.in_class(child)
        registered = any(
            (period.valid_to or _OPEN_END) > self.day
            for period in self.state.of("registration", child.id, "left_behind")
        )
        return Candidate(
            uuid=child.uuid,
            name=child.values["name"],
            sex=child.values["sex"],
            birth_date=child.values["birth_date"],
            class_name=school_class.name if school_class else "",
            in_bin=child.in_bin,
            exited=not registered,
        )

    def _repeats(self, draft: RowDraft) -> Match | None:
        for words, number in (("身份证号", draft.id_number), ("学籍号", draft.registry_no)):
            if number is None:
                continue
            before = self.seen.get(number)
            if before is not None and before != (draft.sheet, draft.row):
                where = (
                    f"「{before[0]}」第 {before[1]} 行" if before[0] != draft.sheet else f"第 {before[1]} 行"
                )
                reason = f"{words}和{where}的一样"
                return Match(
                    code=ParkedCode.DUPLICATE_NUMBER,
                    reason=reason,
                    detail="同一个号码不能是两名儿童，请核对原件",
                )
        for number in (draft.id_number, draft.registry_no):
            if number is not None:
                self.seen[number] = (draft.sheet, draft.row)
        return None

    def _own_line(self, draft: RowDraft, own: Known) -> Match:
        """Return the child whose line it is; a number that is another child's in the ledger stays out."""
        for column, words, table, derived in (
            ("id_number", "身份证号", self.by_number, ("birth_date", "birth_source", "birth_note", "sex")),
            ("student_registry_no", "学籍号", self.by_registry, ()),
        ):
            other = table.get(draft.child.get(column) or "")
            if other is not None and other is not own:
                cell = next(iter(draft.cells.get(f"child.{column}", ())), None)
                reason = f"这个{words}在台账里是{other.values['name']}的；没有存，请核对"
                draft.mark(column, "number_taken", reason, cell)
                for name in (column, *derived):
                    draft.child.pop(name, None)
        return Match(own)

    def _by_key(self, draft: RowDraft) -> Known | None:
        by_number = self.by_number.get(draft.id_number or "")
        by_registry = self.by_registry.get(draft.registry_no or "")
        if by_number is not None and by_registry is not None and by_number is not by_registry:
            cell = next(iter(draft.cells.get("child.student_registry_no", ())), None)
            name = by_registry.values["name"]
            draft.mark(
                "student_registry_no", "registry_taken", f"这个学籍号在台账里是{name}的；没有存，请核对", cell
            )
            draft.child.pop("student_registry_no", None)
        # A row of our own export names its child even when that child has no number at all.
        own = self.by_uuid.get(draft.uuid or "")
        return by_number or by_registry or (own if own is not None and own.id not in self.matched else None)

    def _twin_in_file(self, draft: RowDraft, ref: ClassRef | None, fingerprint: str) -> Match | None:
        """Two rows for one name in one class: the very same row without a number waits, an unlike one is marked."""
        key = (draft.name, draft.child.get("sex"), ref)
        before = self.seen_names.setdefault(key, [])
        found: Match | None = None
        has_number = bool(draft.id_number or draft.registry_no)
        for other, other_print in before:
            where = _where((other.sheet, other.row), draft)
            if not has_number and other_print == fingerprint:
                reason = f"没有证件号，和{where}一字不差"
                found = Match(code=ParkedCode.MAYBE_SAME_PERSON, reason=reason, detail="可能是同一人写了两遍")
                break
            if not (has_number and (other.id_number or other.registry_no)):
                _mark_same_name(draft, f"和{where}同名、同性别、同班，不是都有证件号；按两个人存，请核对")
                break
        before.append((draft, fingerprint))
        return found

    def _maybe(self, draft: RowDraft, ref: ClassRef | None) -> Match:
        binned = self.in_bin.get(draft.id_number or "") or self.in_bin.get(draft.registry_no or "")
        if binned is not None:
            return Match(
                code=ParkedCode.MAYBE_SAME_PERSON,
                reason="回收站里有这个号码的儿童：回来了吗",
                detail="是同一人，请先从回收站取回，再导入这一行",
                candidates=(self.candidate(binned),),
            )
        alike = [
            child
            for child in self.numberless.get(draft.name, ())
            if self._alike(draft, ref, child) and child.id not in self.matched
        ]
        has_number = bool(draft.id_number or draft.registry_no)
        if not alike:
            known = () if has_number else self.numbered.get(draft.name, ())
            if any(self._alike(draft, ref, child) and child.id not in self.matched for child in known):
                _mark_same_name(
                    draft, "台账里有同名、同性别、同班的儿童，有证件号；这一行没有，按另一个人存，请核对"
                )
            return Match()
        reason = "台账里有没写证件号的同名儿童，可能是同一人" if has_number else "没有证件号，可能是在册的人"
        return Match(
            code=ParkedCode.MAYBE_SAME_PERSON,
            reason=reason,
            detail=f"台账里有同名、同性别、同班、没有证件号的 {len(alike)} 人",
            candidates=tuple(self.candidate(child) for child in alike),
        )

    def _alike(self, draft: RowDraft, ref: ClassRef | None, child: Known) -> bool:
        """Tell whether sex and class do not tell the two apart; what is not known tells nothing."""
        sex, known_sex = draft.child.get("sex"), child.values["sex"]
        if sex and known_sex and sex != known_sex:
            return False
        school_class = self.in_class(child)
        return ref is None or school_class is None or school_class.ref == ref


def _mark_same_name(draft: RowDraft, reason: str) -> None:
    draft.mark("name", "same_name", reason, next(iter(draft.cells.get("child.name", ())), None))


def _repeated(reason: str) -> Match:
    return Match(
        code=ParkedCode.DUPLICATE_NUMBER, reason=reason, detail="同一个号码不能是两名儿童，请核对原件"
    )


def _where(place: tuple[str, int], draft: RowDraft) -> str:
    return f"第 {place[1]} 行" if place[0] == draft.sheet else f"「{place[0]}」第 {place[1]} 行"
