"""What the ledger can be narrowed down by: one facet per chip, each with its codes, words and test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from app.children.codes import CareBucket, CareGrade, Category, ParentsCode, Sex
from app.children.ledger import NO_CLASS_SORT, LedgerRow, LedgerStatus
from app.children.rules import BAD_NUMBER, CONFIRM_AFTER_DAYS

Test = Callable[[LedgerRow], bool]
NONE = "none"
_GAP = "gap:"
_GRADE = "grade:"


class Option(Struct, frozen=True):
    """One choice of a facet: its code, the words of the menu, the words of the chip (the same when empty).

    `group` is the grey line above the first of its kind.
    """

    code: str
    words: str
    chip: str = ""
    group: str = ""

    @property
    def chip_words(self) -> str:
        return self.chip or self.words


class Facet(Struct, frozen=True):
    """One kind of condition. `options(rows)` are the choices these rows have; `test(code)` picks rows.

    `of_situation`: it looks at what follows from all facts of a child, so it can be answered of whole rows only.
    """

    key: str
    name: str
    options: Callable[[Sequence[LedgerRow]], list[Option]]
    test: Callable[[str], Test]
    of_situation: bool = False

    def chip_words(self, code: str, rows: Sequence[LedgerRow]) -> str:
        """The words of a choice, also of one that no row has any more; … while nothing is read that says them."""
        if not rows or (self.of_situation and not all(row.is_whole for row in rows)):
            return "…"
        return next((option.chip_words for option in self.options(rows) if option.code == code), code)


# ---- class ---------------------------------------------------------------------------------------------------------


def _class_options(rows: Sequence[LedgerRow]) -> list[Option]:
    known = {row.class_key: row for row in rows if row.class_key}
    grades = sorted({row.grade for row in known.values() if row.grade is not None and row.grade > 0})
    several = [grade for grade in grades if sum(row.grade == grade for row in known.values()) > 1]
    options = [Option(f"{_GRADE}{grade}", _grade_words(grade), group="整个年级") for grade in several]
    in_order = sorted(known.values(), key=lambda row: (row.class_sort, row.class_key))
    options += [Option(row.class_key, row.class_name, group="班级") for row in in_order]
    if any(not row.class_key for row in rows):
        options.append(Option(NONE, "没有班级", group="班级"))
    return options


def _grade_words(grade: int) -> str:
    return f"{'〇一二三四五六七八九'[grade]}年级"


def _class_test(code: str) -> Test:
    if code == NONE:
        return lambda row: row.class_sort == NO_CLASS_SORT
    if code.startswith(_GRADE):
        grade = int(code.removeprefix(_GRADE))
        return lambda row: row.grade == grade
    return lambda row: row.class_key == code


# ---- care ----------------------------------------------------------------------------------------------------------

_CARE_SHORT = {
    CareBucket.GRANDPARENTS: "祖辈",
    CareBucket.ONE_PARENT_WITHOUT_CAPACITY: "一方无监护能力",
    CareBucket.UNGUARDED: "无人",
}
AT_RISK = "at_risk"


def _care_options(rows: Sequence[LedgerRow]) -> list[Option]:
    buckets = {row.situation.care for row in rows}
    options = [Option(AT_RISK, "无人监护或评估差", group="要紧的")]
    options += [
        Option(bucket.value, bucket.label, _CARE_SHORT.get(bucket, ""), "谁在照看")
        for bucket in CareBucket
        if bucket in buckets
    ]
    grades = {row.situation.care_grade for row in rows}
    options += [
        Option(f"{_GRADE}{grade.value}", f"评估{grade.label}", group="监护评估")
        for grade in CareGrade
        if grade in grades
    ]
    if None in grades:
        options.append(Option(f"{_GRADE}{NONE}", "没有评估", group="监护评估"))
    return options


def _care_test(code: str) -> Test:
    if code == AT_RISK:
        return lambda row: (
            row.situation.care is CareBucket.UNGUARDED or row.situation.care_grade is CareGrade.POOR
        )
    if code.startswith(_GRADE):
        grade = CareGrade.of(None if code.endswith(NONE) else code.removeprefix(_GRADE))
        return lambda row: row.situation.care_grade is grade
    bucket = CareBucket(code)
    return lambda row: row.situation.care is bucket


# ---- categories ----------------------------------------------------------------------------------------------------


def _category_options(rows: Sequence[LedgerRow]) -> list[Option]:
    present = {category for row in rows for category in row.situation.categories}
    options = [Option(category.value, category.label) for category in Category if category in present]
    return [*options, Option(NONE, "没有类别")]


def _category_test(code: str) -> Test:
    if code == NONE:
        return lambda row: not row.situation.categories
    category = Category(code)
    return lambda row: category in row.situation.categories


# ---- completeness --------------------------------------------------------------------------------------------------


def _data_options(rows: Sequence[LedgerRow]) -> list[Option]:
    """齐 or not, then what is lacking, most widespread first."""
    missing: dict[str, tuple[int, str]] = {}
    for row in rows:
        for gap in row.situation.gaps:
            count, _ = missing.get(gap.field, (0, ""))
            missing[gap.field] = (count + 1, gap.words)
    options = [Option("gaps", "资料不齐", "不齐"), Option("full", "资料齐", "齐")]
    if any(row.situation.doubts for row in rows):
        options.append(Option("doubts", "有待核对的疑问", "有疑问"))
    for field, (_, words) in sorted(missing.items(), key=lambda one: -one[1][0]):
        options.append(Option(f"{_GAP}{field}", f"缺 {words}", group="缺什么"))
    return options


def _data_test(code: str) -> Test:
    if code == "gaps":
        return lambda row: bool(row.situation.gaps)
    if code == "full":
        return lambda row: not row.situation.gaps
    if code == "doubts":
        return lambda row: row.situation.doubts > 0
    field = code.removeprefix(_GAP)
    return lambda row: any(gap.field == field for gap in row.situation.gaps)


def gap_choice(field: str) -> str:
    """Return the code of 「缺 …」 for a gap's field."""
    return f"{_GAP}{field}"


# ---- who looks after the child beside its family ---------------------------------------------------------------------

_NAMED = "name:"


def _supporter_options(rows: Sequence[LedgerRow]) -> list[Option]:
    options = [Option(NONE, "没有结对"), Option("any", "有帮扶人")]
    names = sorted({name for row in rows for name in row.supporters})
    return options + [Option(f"{_NAMED}{name}", name, group="帮扶人") for name in names]


def _supporter_test(code: str) -> Test:
    if code == NONE:
        return lambda row: not row.supporters
    if code == "any":
        return lambda row: bool(row.supporters)
    name = code.removeprefix(_NAMED)
    return lambda row: name in row.supporters


# ---- parents, sex, phones, boarding, village, status -----------------------------------------------------------------

_PARENTS = (
    (ParentsCode.BOTH.value, "双亲"),
    (ParentsCode.ONE.value, "单亲"),
    (ParentsCode.NONE.value, "父母都没有外出"),
    (ParentsCode.NOT_COLLECTED.value, "父母外出情况未采集"),
)


def _parents_options(rows: Sequence[LedgerRow]) -> list[Option]:
    present = {row.situation.parents.value for row in rows}
    options = [Option(code, words) for code, words in _PARENTS if code in present]
    if any(row.situation.parents_as_reported for row in rows):
        options.append(Option("as_reported", "只有名册上报，哪一方未采集", "只有名册上报"))
    return options


def _parents_test(code: str) -> Test:
    if code == "as_reported":
        return lambda row: row.situation.parents_as_reported
    wanted = ParentsCode(code)
    return lambda row: row.situation.parents is wanted


def _sex_options(rows: Sequence[LedgerRow]) -> list[Option]:
    options = [Option(sex.value, sex.label) for sex in Sex]
    return [*options, Option(NONE, "性别未采集")] if any(row.sex is None for row in rows) else options


def _sex_test(code: str) -> Test:
    wanted = Sex.of(None if code == NONE else code)
    return lambda row: row.sex is wanted


def _phone_options(rows: Sequence[LedgerRow]) -> list[Option]:
    del rows
    return [
        Option("stale", f"超 {CONFIRM_AFTER_DAYS} 天未核实"),
        Option("never", "从未核实"),
        Option("bad", BAD_NUMBER),
        Option(NONE, "一个号码也没有", "没有号码"),
    ]


def _phone_test(code: str) -> Test:
    if code == NONE:
        return lambda row: not row.situation.phones
    if code == "bad":
        return lambda row: row.situation.bad_number
    if code == "never":
        return lambda row: (
            bool(row.situation.phones) and row.situation.phone_days is None and not row.situation.bad_number
        )
    return lambda row: (
        bool(row.situation.phones)
        and (row.situation.phone_days is None or row.situation.phone_days > CONFIRM_AFTER_DAYS)
    )


_BOARDS = {"yes": True, "no": False, NONE: None}


def _boards_options(rows: Sequence[LedgerRow]) -> list[Option]:
    del rows
    return [Option("yes", "寄宿"), Option("no", "走读"), Option(NONE, "寄宿未采集")]


def _boards_test(code: str) -> Test:
    wanted = _BOARDS[code]
    return lambda row: row.situation.boards is wanted


def _village_options(rows: Sequence[LedgerRow]) -> list[Option]:
    villages = sorted({row.village.split(" ")[0] for row in rows if row.village})
    return [Option(village, village) for village in villages] + [Option("", "村组未采集")]


def _village_test(code: str) -> Test:
    return lambda row: row.village.split(" ")[0] == code


ALL = "all"


def _status_options(rows: Sequence[LedgerRow]) -> list[Option]:
    options = [Option(LedgerStatus.EXITED.value, "已退出")]
    if any(row.status is LedgerStatus.NEVER for row in rows):
        options.append(Option(LedgerStatus.NEVER.value, "没有登记过"))
    return [*options, Option(ALL, "全部学生")]


def _status_test(code: str) -> Test:
    if code == ALL:
        return _everyone
    wanted = LedgerStatus(code)
    return lambda row: row.status is wanted


def _everyone(row: LedgerRow) -> bool:
    del row
    return True


STATUS = Facet("status", "状态", _status_options, _status_test)
FACETS = (
    Facet("class", "班级", _class_options, _class_test),
    Facet("care", "监护人", _care_options, _care_test, of_situation=True),
    Facet("category", "类别", _category_options, _category_test, of_situation=True),
    Facet("data", "资料", _data_options, _data_test, of_situation=True),
    Facet("parents", "留守", _parents_options, _parents_test, of_situation=True),
    Facet("supporter", "帮扶人", _supporter_options, _supporter_test),
    Facet("sex", "性别", _sex_options, _sex_test),
    Facet("phone", "号码", _phone_options, _phone_test, of_situation=True),
    Facet("boards", "寄宿", _boards_options, _boards_test, of_situation=True),
    Facet("village", "村", _village_options, _village_test),
    STATUS,
)
"""In the order of the bar; those after 帮扶人 stand behind 加条件 while they are off."""
PRIMARY = tuple(facet.key for facet in FACETS[:6])
BY_KEY = {facet.key: facet for facet in FACETS}
