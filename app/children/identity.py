"""Who a child is on paper: tidy numbers, what an ID number says, and the refusal of one that another child has."""

from msgspec import Struct

from app.children.affected import named_apart
from app.children.checks import id_problem_words
from app.children.codes import BirthSource, Sex
from app.children.ethnicity import ethnic_groups
from app.core.dates import is_partial_date
from app.core.errors import UserError
from app.core.id_number import IdFinding, inspect_id, tidy_id
from app.core.messages import refuse
from app.core.text import clean, normalise_cell, normalise_name
from app.storage.store import Store

_NUMBER_WORDS = {"id_number": "身份证号", "student_registry_no": "学籍号"}
_NUMBER_KEYS = {"id_number": "id.taken", "student_registry_no": "registry.taken"}


class IdEntry(Struct, frozen=True):
    """An ID number as it is stored, what it says, and the doubt to be kept with it."""

    number: str | None
    finding: IdFinding | None

    @property
    def doubt(self) -> tuple[str, str] | None:
        """Return code and sentence of what is wrong with the number; None when nothing is."""
        if self.finding is None or self.finding.problem is None:
            return None
        return f"id_{self.finding.problem}", f"身份证号{id_problem_words(self.finding.problem)}"


def read_id(text: str | None) -> IdEntry:
    """Return an ID number as typed: tidy, never repaired; blank is None."""
    if text is None or not tidy_id(text):
        return IdEntry(None, None)
    finding = inspect_id(text)
    return IdEntry(finding.number, finding)


def birth_and_sex_from(entry: IdEntry, birth_date: str | None, sex: Sex | None) -> dict[str, object]:
    """Return what a sound ID number adds where nothing was typed; what was typed is kept (``checks`` compares)."""
    added: dict[str, object] = {}
    finding = entry.finding
    if finding is None or not finding.ok:
        return added
    if birth_date is None:
        added |= {"birth_date": finding.birth_date, "birth_source": BirthSource.ID_NUMBER.value}
    if sex is None:
        added["sex"] = finding.sex
    return added


def refuse_taken(store: Store, field: str, number: str | None, child_uuid: str | None) -> None:
    """Refuse a number that another child has: UserError ``id.taken`` or ``registry.taken``, naming the child."""
    if number is None:
        return
    row = store.one(
        f"SELECT id, uuid FROM child WHERE {field} = ? AND deleted_at IS NULL",  # noqa: S608
        (number,),
    )
    if row is None or row[1] == child_uuid:
        return
    words = _NUMBER_WORDS[field]
    raise refuse(_NUMBER_KEYS[field], what=words, number=number, who=named_apart(store, row[0]))


def tidy_name(text: str) -> str:
    """Return a name in one spelling; UserError when nothing is left."""
    name = normalise_name(text)
    if not name:
        raise refuse("child.no_name")
    return name


def tidy_text(text: str | None) -> str | None:
    """Return free text as it is stored; blank is None (未采集)."""
    return None if text is None else (clean(text).strip() or None)


def tidy_number(text: str | None) -> str | None:
    """Return a phone or registry number without spaces, half-width, capital letters; blank is None."""
    return None if text is None else ("".join(normalise_cell(text).upper().split()) or None)


def bad_date(text: str) -> UserError:
    """Return the refusal of a date that is none, or that lacks its day (``date.no_day``) where one is needed."""
    return refuse("date.no_day" if is_partial_date(text) else "date.bad", text=text)


def tidy_date(text: str | None, *, whole: bool = False) -> str | None:
    """Return an ISO date of any precision (``whole``: a day); blank is None.

    UserError ``date.bad`` for what is no date, ``date.no_day`` for a month or a year where a day is needed.
    """
    tidy = tidy_number(text)
    if tidy is not None and (not is_partial_date(tidy) or (whole and len(tidy) != 10)):
        raise bad_date(tidy)
    return tidy


def tidy_day(text: str, *, whole: bool = False) -> str:
    """Return the date on which something happened, of any precision (``whole``: a day). UserError as ``tidy_date``."""
    tidy = tidy_date(text, whole=whole)
    if tidy is None:
        raise bad_date(text)
    return tidy


def tidy_ethnicity(code: str | None) -> str | None:
    """Return a code of GB 3304-91; UserError for one that the standard does not have."""
    if code is not None and code not in ethnic_groups():
        raise refuse("child.ethnicity", number=code)
    return code
