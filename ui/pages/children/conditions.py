"""Which children are wanted: a choice per facet, the words of a saved view, the list that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from app.children.codes import ParentsCode, Sex
from app.children.ledger import LedgerRow, LedgerStatus
from app.children.search import Where, matcher, name_marks
from ui.pages.children.facets import AT_RISK, BY_KEY, FACETS, NONE, STATUS, Option

Choices = tuple[tuple[str, str], ...]


class Conditions(Struct, frozen=True):
    """One choice per facet, in the order they were made. Without 状态 only who is on the ledger counts."""

    choices: Choices = ()

    def get(self, key: str) -> str | None:
        """The code chosen for a facet."""
        return dict(self.choices).get(key)

    def having(self, key: str, code: str) -> Conditions:
        """The same with this choice made."""
        return Conditions((*self.without(key).choices, (key, code)))

    def without(self, key: str) -> Conditions:
        """The same with a facet open again."""
        return Conditions(tuple(one for one in self.choices if one[0] != key))

    @property
    def of_situation(self) -> bool:
        """Tell whether a choice looks at what only whole rows say."""
        return any(BY_KEY[key].of_situation for key, _ in self.choices)

    def includes(self, others: Conditions) -> bool:
        """Tell whether every choice of the others is made here too."""
        return set(others.choices) <= set(self.choices)

    def same_as(self, others: Conditions) -> bool:
        """Tell whether the same choices are made, in whatever order."""
        return set(others.choices) == set(self.choices)

    def filter(self, rows: Iterable[LedgerRow]) -> list[LedgerRow]:
        """The rows that fit, in their order; of whom it is not known yet does not."""
        tests = [BY_KEY[key].test(code) for key, code in self.choices]
        if self.get(STATUS.key) is None:
            tests.insert(0, _registered)
        if self.of_situation:
            tests.insert(0, _is_whole)
        for test in tests:
            rows = [row for row in rows if test(row)]
        return list(rows)


def _is_whole(row: LedgerRow) -> bool:
    return row.is_whole


def _registered(row: LedgerRow) -> bool:
    return row.status is LedgerStatus.REGISTERED


class View(Struct, frozen=True):
    """Conditions under a name; `own` are hers."""

    name: str
    conditions: Conditions
    own: bool = False


def _view(name: str, *choices: tuple[str, str]) -> View:
    return View(name, Conditions(tuple(choices)))


SHIPPED = (
    _view("全部在册"),
    _view("双亲留守", ("parents", ParentsCode.BOTH.value)),
    _view("无人监护或评估差", ("care", AT_RISK)),
    _view("没有结对", ("supporter", NONE)),
    _view("资料不齐", ("data", "gaps")),
    _view("号码超 90 天未核实", ("phone", "stale")),
    _view("已退出", ("status", LedgerStatus.EXITED.value)),
)
EVERYBODY = _view("全部学生", ("status", "all"))


def own_views(saved: Mapping[str, Mapping[str, Any]]) -> list[View]:
    """Return her views out of the settings; choices that mean nothing any more are left out."""
    views = []
    for name, choices in saved.items():
        kept = tuple(
            (key, code) for key, code in choices.items() if isinstance(code, str) and _means(key, code)
        )
        views.append(View(name, Conditions(kept), own=True))
    return views


def _means(key: str, code: str) -> bool:
    """Tell whether a choice can be tested; settings may come from another version."""
    try:
        return key in BY_KEY and BY_KEY[key].test(code) is not None
    except (KeyError, ValueError):
        return False


class Picked(Struct, frozen=True):
    """A list another page hands over: 「口径算到、没有登记的 3 名」."""

    words: str
    uuids: frozenset[str]


class Remedy(Struct, frozen=True):
    """What would find somebody when nobody fits: the words of the link and what is left then."""

    words: str
    wanted: Wanted


class Wanted(Struct, frozen=True):
    """Everything that narrows the ledger down: view, conditions, a handed-over list, the search text."""

    view: View = SHIPPED[0]
    conditions: Conditions = field(default_factory=Conditions)
    picked: Picked | None = None
    text: str = ""

    def with_conditions(self, conditions: Conditions) -> Wanted:
        """The same with other conditions; a view whose own ones no longer hold is left."""
        view = self.view if conditions.includes(self.view.conditions) else SHIPPED[0]
        return replace(self, view=view, conditions=conditions)

    def unpicked(self) -> Wanted:
        """The same without the handed-over list."""
        return replace(self, picked=None)

    def cleared(self) -> Wanted:
        """Everybody on the ledger, whatever is searched for."""
        return replace(self, view=SHIPPED[0], conditions=Conditions(), picked=None)

    def base(self, rows: Iterable[LedgerRow]) -> list[LedgerRow]:
        """The rows that fit everything but the search text."""
        if self.picked is not None:
            uuids = self.picked.uuids
            rows = [row for row in rows if row.uuid in uuids]
            if self.conditions.get(STATUS.key) is None:
                return self.conditions.having(STATUS.key, "all").filter(rows)
        return self.conditions.filter(rows)

    @property
    def narrowed(self) -> bool:
        """Tell whether there is anything to clear."""
        return bool(self.conditions.choices or self.picked)

    def scope_words(self, rows: Sequence[LedgerRow]) -> str:
        """Say in words which children these are; "" for everybody on the ledger."""
        if self.picked is None and not self.text and self.conditions.same_as(self.view.conditions):
            return "" if self.view == SHIPPED[0] else self.view.name
        parts = [self.picked.words] if self.picked else []
        for key, code in self.conditions.choices:
            facet = BY_KEY[key]
            parts.append(f"{facet.name}：{facet.chip_words(code, rows)}")
        if self.text.strip():
            parts.append(f"查找「{self.text.strip()}」")
        return "，".join(parts)

    def gap_words(self, rows: Sequence[LedgerRow]) -> str:
        """Say what these children lack (缺 监护人电话, 资料不齐); "" when no gap is looked at."""
        code = self.conditions.get("data") or ""
        if code in ("", "full", "doubts"):
            return ""
        return "资料不齐" if code == "gaps" else BY_KEY["data"].chip_words(code, rows)

    def remedies(self, rows: Sequence[LedgerRow]) -> list[Remedy]:
        """What to drop so that somebody fits again, the smallest change first."""
        found = []
        for key, code in reversed(self.conditions.choices):
            left = self.with_conditions(self.conditions.without(key))
            facet = BY_KEY[key]
            found.append((left, f"去掉「{facet.name}：{facet.chip_words(code, rows)}」"))
        if self.picked:
            found.append((self.unpicked(), f"去掉「{self.picked.words}」"))
        if self.text and self.narrowed:
            found.append((self.cleared(), "去掉所有条件，只按查找"))
        if self.text:
            found.append((replace(self.with_conditions(EVERYBODY.conditions), picked=None), "到全部学生里找"))
            found.append((replace(self, text=""), "清空查找"))
        if len(self.conditions.choices) > 1:
            found.append((self.cleared(), "清除条件"))
        remedies = []
        for wanted, words in found:
            count = len(wanted.rows(rows))
            if count:
                remedies.append(Remedy(f"{words}，就有 {count} 名", wanted))
        return remedies

    def rows(self, rows: Iterable[LedgerRow]) -> list[LedgerRow]:
        """The rows that fit everything."""
        return find(self.base(rows), self.text).rows


def options_with_counts(key: str, wanted: Wanted, rows: Sequence[LedgerRow]) -> list[tuple[Option, int]]:
    """The choices of a facet with how many would be left, the other conditions kept; who leaves nobody is left out."""
    others = replace(wanted, conditions=wanted.conditions.without(key)).rows(rows)
    if key == STATUS.key:
        others = replace(wanted, conditions=wanted.conditions.having(key, "all")).rows(rows)
    chosen = wanted.conditions.get(key)
    counted = []
    for option in BY_KEY[key].options(others):
        test = BY_KEY[key].test(option.code)
        count = sum(1 for row in others if test(row))
        if count or option.code == chosen:
            counted.append((option, count))
    return counted


def split_words(rows: Sequence[LedgerRow]) -> str:
    """Return 男 37、女 34; who has no recorded sex is named too."""
    sexes = [row.sex for row in rows]
    boys, girls = sexes.count(Sex.MALE), sexes.count(Sex.FEMALE)
    unknown = len(rows) - boys - girls
    return f"男 {boys}、女 {girls}" + (f"、性别未采集 {unknown}" if unknown else "")


_FOUND_BY = {Where.ID_NUMBER: "证件号", Where.PHONE: "电话尾号", Where.PLACE: "村组住址"}


class Found(Struct, frozen=True):
    """Who fits a search text, and by what they were found when it was not the name (按电话尾号)."""

    rows: list[LedgerRow]
    by: str


def find(rows: list[LedgerRow], text: str) -> Found:
    """Search among rows that fit everything else."""
    if not text.strip():
        return Found(rows, "")
    match = matcher(text)
    fitting: list[LedgerRow] = []
    kinds: set[Where] = set()
    for row in rows:
        hit = match(row)
        if hit is not None:
            fitting.append(row)
            kinds.update(hit.where)
    return Found(fitting, "、".join(words for where, words in _FOUND_BY.items() if where in kinds))


def found_words(found: Found, text: str) -> tuple[str, str]:
    """Say how many fit, in long words (找到 3 名，按电话尾号：男 1、女 2) and in short ones."""
    count = f"{len(found.rows)} 名"
    lead = f"找到 {count}" if text else f"符合 {count}"
    lead += f"，按{found.by}" if found.by else ""
    long = f"{lead}：{split_words(found.rows)}" if found.rows else lead
    return long, f"找到 {count}" if text else count


def marks(row: LedgerRow, column: str, text: str) -> Sequence[int]:
    """Return which characters of a column's text were matched."""
    if column == "name":
        return sorted(name_marks(row, text))
    start = row.village.find(text.strip()) if column == "village" else -1
    return range(start, start + len(text.strip())) if start >= 0 else ()


__all__ = [
    "EVERYBODY",
    "FACETS",
    "SHIPPED",
    "Conditions",
    "Found",
    "Picked",
    "Remedy",
    "View",
    "Wanted",
    "find",
    "found_words",
    "marks",
    "options_with_counts",
    "own_views",
    "split_words",
]
