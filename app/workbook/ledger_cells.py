"""One child as texts for the ledger workbook: the printed cells for the eye, the plain cells that read back.

Not known prints blank, not applicable prints "—" (domain.md §5). Nothing is computed here but words.
"""

from collections.abc import Callable, Mapping, Sequence

from app.children.answered import without_answered
from app.children.codes import Category, HouseholdFactKind, LifeStatus
from app.children.ethnicity import ethnic_name
from app.children.facts import CategoryFacts, ChildFacts
from app.children.person_facts import PersonFacts, PhoneFacts
from app.children.rules import parents_status
from app.core.text import mask_id, mask_phone
from app.workbook.ledger_layout import (
    CARER_CELL,
    DETAIL_HEADERS,
    FATHER_CELL,
    MOTHER_CELL,
    NOT_APPLICABLE,
    PLAIN_HEADERS,
)

LIST_SEPARATOR = "、"
_YES_NO = {True: "是", False: "否", None: ""}
_ABLE = {True: "有", False: "无", None: ""}


class CellTexts:
    """Turns children into ledger cells; ``masked`` shortens ID and phone numbers (decisions.md §4.4).

    ``supporters`` names, by child uuid, who looks after a child beside its family (帮扶人).
    """

    def __init__(self, *, masked: bool, supporters: Mapping[str, str] | None = None) -> None:
        self._supporters = supporters or {}
        self._number: Callable[[str], str] = mask_id if masked else str
        self._phone: Callable[[str], str] = mask_phone if masked else str

    def plain(self, place: int, child: ChildFacts) -> dict[str, str]:
        """Return the cells of ``PLAIN_HEADERS``; ``place`` is the child's running number on the sheet, from 1."""
        values = (
            str(place),
            child.name,
            child.sex.label if child.sex else "",
            ethnic_name(child.ethnicity),
            child.birth_date or "",
            self._number(child.id_number) if child.id_number else "",
        )
        return dict(zip(PLAIN_HEADERS, values, strict=True))

    def printed(self, child: ChildFacts, flag: CategoryFacts | None = None) -> dict[str, str]:
        """Return the cells that are only printed; ``flag`` is the category whose sub-ledger the row stands on."""
        home = child.residence
        return {
            "班级": child.school_class.name if child.school_class else "",
            "村组": _joined((home.village, home.village_group), "") if home else "",
            "留守类型": parents_status(child).code.label,
            FATHER_CELL: self._parent_cell(child.father),
            MOTHER_CELL: self._parent_cell(child.mother),
            CARER_CELL: self._carer_cell(child),
            "监护评估": child.care.grade.label if child.care and child.care.grade else "",
            "其他类别": LIST_SEPARATOR.join(held.category.label for held in child.categories),
            "认定依据": (flag.basis or "") if flag else "",
            "认定日期": (flag.evidence_date or flag.valid_from or "") if flag else "",
            "帮扶人": self._supporters.get(child.uuid, ""),
            "说明": without_answered(child.note, child.answered),
        }

    def details(self, child: ChildFacts) -> dict[str, str]:
        """Return the cells of ``DETAIL_HEADERS``, full numbers: only ever written with the full profile."""
        cells = {
            **self._own_details(child),
            **self._parent_details("父亲", child.father),
            **self._parent_details("母亲", child.mother),
            **self._care_details(child),
        }
        return {header: cells[header] for header in DETAIL_HEADERS}

    # ---- printed two-line cells -----------------------------------------------------------------------------------

    def _parent_cell(self, parent: PersonFacts | None) -> str:
        if parent is None:
            return ""
        if parent.gone or parent.life_status is LifeStatus.OUT_OF_CONTACT:
            status = parent.life_status.label if parent.life_status else ""
            return f"{parent.name or ''}\n{status}".strip()
        first, *others = [self._phone(phone.number) for phone in parent.phones] or [""]
        away = parent.away
        where = (_joined((away.place, away.trade), "，") or away.state.label) if away else ""
        return _joined((_joined((parent.name, first), " "), *others, where), "\n")

    def _carer_cell(self, child: ChildFacts) -> str:
        if child.care is None:
            return ""
        person = child.care.person
        if person is None:
            return child.care.kind.label
        who = _joined((person.relation_words or child.care.kind.label, person.name), " ")
        return _joined((who, *(self._phone(phone.number) for phone in person.phones)), "\n")

    # ---- plain cells ----------------------------------------------------------------------------------------------

    def _own_details(self, child: ChildFacts) -> dict[str, str]:
        household, home, health = child.household, child.residence, child.health
        disability = child.disabilities[0] if child.disabilities else None
        return {
            "是否留守": "是" if child.registration else "否",
            "曾用名": child.former_name or "",
            "学籍号": child.student_registry_no or "",
            "班内学号": child.student_no or "",
            "入学年级班": child.school_class.key if child.school_class else "",
            "籍贯": child.native_place or "",
            "出生地": child.birth_place or "",
            "户籍地": (household.place or "") if household else "",
            "户口性质": household.kind.label if household and household.kind else "",
            "户籍属村委会": _YES_NO[household.village_committee] if household else "",
            "现住址": (home.address or "") if home else "",
            "村": (home.village or "") if home else "",
            "组": (home.village_group or "") if home else "",
            "就学情况": child.schooling.status.label if child.schooling else "",
            "是否寄宿": _YES_NO[child.boards],
            "健康状况": health.status.label if health else "",
            "患病类型": (health.illness or "") if health else "",
            "残疾类别": disability.kind.label if disability else "",
            "残疾等级": str(disability.grade) if disability and disability.grade else "",
            "上报的留守类型": child.reported.label.label if child.reported else "",
            "类别": LIST_SEPARATOR.join(flag.category.label for flag in child.categories),
            "类别认定依据": "\n".join(_basis_line(flag) for flag in child.categories if flag.basis),
            "家庭经济来源": _livelihood(child, HouseholdFactKind.INCOME),
            "救助帮扶": _livelihood(child, HouseholdFactKind.AID),
            "性格特征": child.personality or "",
            "兴趣爱好": child.hobbies or "",
            "血型": child.blood_type or "",
            "过敏": child.allergies or "",
            "病史": child.medical_history or "",
            "备注": without_answered(child.note, child.answered),
            "台账编号": child.uuid,
        }

    def _parent_details(self, who: str, parent: PersonFacts | None) -> dict[str, str]:
        away = parent.away if parent else None
        values = {
            "姓名": parent.name if parent else None,
            "身份证号": parent.id_number if parent else None,
            "状态": parent.life_status.label if parent and parent.life_status else None,
            "外出情况": away.state.label if away else None,
            "务工地": away.place if away else None,
            "工种": away.trade if away else None,
            "务工单位": away.employer if away else None,
            "外出时间": away.valid_from if away else None,
            "连续外出自": away.since if away and away.since != away.valid_from else None,
            "监护能力": _ABLE[parent.capable] if parent else None,
            "电话": self._phone_list(parent.phones) if parent else None,
        }
        gone = parent is not None and parent.gone
        return {
            who + header: value or (NOT_APPLICABLE if gone and header in ("务工地", "电话") else "")
            for header, value in values.items()
        }

    def _care_details(self, child: ChildFacts) -> dict[str, str]:
        care = child.care
        carer = care.person if care else None
        shown = {person.uuid for person in (child.father, child.mother, carer) if person}
        others = [person for person in child.relatives if person.uuid not in shown]
        return {
            "监护人类别": care.kind.label if care else "",
            "监护人姓名": (carer.name or "") if carer else "",
            "与儿童关系": carer.relation_words if carer else "",
            "监护人身份证号": (carer.id_number or "") if carer else "",
            "监护人电话": self._phone_list(carer.phones) if carer else "",
            "监护人住址": (carer.address or "") if carer else "",
            "监护情况评估": care.grade.label if care and care.grade else "",
            "其他亲属": "\n".join(
                _joined((person.relation_words, person.name, self._phone_list(person.phones)), " ")
                for person in others
            ),
        }

    def _phone_list(self, phones: Sequence[PhoneFacts]) -> str:
        return LIST_SEPARATOR.join(
            self._phone(phone.number) + (f"（{phone.label}）" if phone.label else "") for phone in phones
        )


def category_rows(children: Sequence[ChildFacts]) -> dict[Category, list[tuple[ChildFacts, CategoryFacts]]]:
    """Return, per category that occurs and in the order of the codes, the children in it with their flag."""
    held: dict[Category, list[tuple[ChildFacts, CategoryFacts]]] = {category: [] for category in Category}
    for child in children:
        for flag in child.categories:
            held[flag.category].append((child, flag))
    return {category: rows for category, rows in held.items() if rows}


def _basis_line(flag: CategoryFacts) -> str:
    dated = f"（{flag.evidence_date}）" if flag.evidence_date else ""
    return f"{flag.category.label}：{flag.basis}{dated}"


def _livelihood(child: ChildFacts, kind: HouseholdFactKind) -> str:
    return LIST_SEPARATOR.join(fact.code.label for fact in child.livelihood if fact.kind is kind)


def _joined(parts: Sequence[str | None], separator: str) -> str:
    return separator.join(part for part in parts if part)
