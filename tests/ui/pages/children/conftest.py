"""A ledger of a dozen children in a real file, and the page over it."""

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from app.children.codes import AwayState, CareGrade, CareKind, Category, RegistrationEnd, Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_children
from app.children.service_status import leave
from app.core.clock import FixedClock
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.school.service import init_school
from app.storage.store import Store
from tests.ledgers import copy_ledger

NOON = datetime(2026, 11, 21, 10, 42)
OUT, HOME = AwayState.OUT, AwayState.HOME
SOUND_ID = "11010520180304002X"


def parents(father=OUT, mother=OUT, place="福建晋江"):
    return (
        PersonDraft(
            relation=Relation.FATHER, name="张大", away=father, place=place if father is OUT else None
        ),
        PersonDraft(
            relation=Relation.MOTHER, name="李大", away=mother, place=place if mother is OUT else None
        ),
    )


def grandmother(phone="13800001234"):
    return PersonDraft(
        relation=Relation.PATERNAL_GRANDMOTHER, name="田秀莲", phones=(phone,) if phone else ()
    )


def child(name, grade, number, sex, **known):
    """A draft in class ``number`` of ``grade``, as of the autumn of 2026, on the ledger for ever."""
    known.setdefault("people", parents())
    known.setdefault("village", "白水沟村")
    known.setdefault("village_group", "1 组")
    ref = ClassRef(Stage.PRIMARY, 2027 - grade, number)
    return ChildDraft(name=name, class_ref=ref, sex=sex, birth_date=f"{2020 - grade}-05-06", **known)


BOY, GIRL = Sex.MALE, Sex.FEMALE
DRAFTS = (
    child(
        "曾小雨", 4, 2, GIRL, carer=grandmother(), care_kind=CareKind.GRANDPARENTS, care_grade=CareGrade.GOOD
    ),
    child("邹星宇", 3, 2, BOY, carer=grandmother("13900005678"), care_grade=CareGrade.FAIR),
    child("周子轩", 5, 1, BOY, care_kind=CareKind.UNGUARDED, people=parents(place="广东深圳")),
    child(
        "单永强", 4, 1, BOY, people=parents(mother=HOME), care_grade=CareGrade.POOR, carer=grandmother(None)
    ),
    child("查文静", 3, 1, GIRL, village="大垭口村", categories=(Category.FAMILY_HARDSHIP,)),
    child("解思远", 3, 1, BOY, people=parents(mother=HOME)),
    child("仇志强", 2, 1, BOY, people=()),
    child("区嘉欣", 1, 2, GIRL, id_number=SOUND_ID),
    child("覃䶮", 3, 1, BOY),
    child("张𬭎", 6, 1, BOY),
    child("欧阳慕容雨桐", 5, 2, GIRL),
    child("买买提·阿卜杜热西提", 2, 1, BOY, boards=True),
)
GONE = child("王小满", 6, 1, GIRL, people=parents(HOME, HOME))


@pytest.fixture(scope="session")
def ledger_file(tmp_path_factory) -> Path:
    """The closed ledger: twelve children on it, one who has left it."""
    path = tmp_path_factory.mktemp("ledger") / "守望.db"
    with Store.create(path, clock=FixedClock(NOON)) as store:
        init_school(store, name="青石坪镇中心小学")
        add_children(store, drafts=(*DRAFTS, GONE))
        leave(store, child_uuid=GONE.uuid, reason=RegistrationEnd.BOTH_PARENTS_BACK, on="2026-10-20")
    return path


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory) -> Path:
    """The closed ledger of a school without children."""
    path = tmp_path_factory.mktemp("empty") / "守望.db"
    with Store.create(path, clock=FixedClock(NOON)) as store:
        init_school(store, name="青石坪镇中心小学")
    return path


@pytest.fixture
def opened(context, qtbot, tmp_path):
    """Return a function that opens a copy of a ledger for the context, on the storage thread."""
    stores = []

    def open_copy(file, **how):
        path = tmp_path / "守望.db"
        copy_ledger(file, path)
        context.jobs.run(Store.open, path, clock=context.clock, on_done=stores.append, **how)
        qtbot.waitUntil(lambda: bool(stores))
        context.store = stores[0]
        return stores[0]

    yield open_copy
    if stores:
        done = []
        context.jobs.run(stores[0].close, on_done=done.append)
        qtbot.waitUntil(lambda: bool(done))


@pytest.fixture
def told(context):
    """Every error that reached the router."""
    errors = []
    context.errors.shown.connect(errors.append)
    return errors


@pytest.fixture
def page(context, opened, ledger_file, qtbot):
    """The ledger page with everything read."""
    from ui.pages.children.page import LedgerPage

    opened(ledger_file)
    made = LedgerPage(context)
    qtbot.addWidget(made)
    made.resize(1222, 632)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.reader.loaded is not None)
    return made


@pytest.fixture
def names(page):
    """Return a function that gives the names shown, in their order."""
    return lambda: [row.name for row in page.table.rows]


@pytest.fixture
def pick(page):
    """Return a function that chooses in the menu of a chip by the beginning of the entry's words."""
    from ui.widgets import Menu

    def choose(build, words):
        menu = Menu(page)
        build(menu)
        entry = next(action for action in menu.actions() if action.text().startswith(words))
        assert entry.isEnabled(), words
        entry.trigger()

    return choose


@pytest.fixture
def condition(page, pick):
    """Return a function that sets one condition through its chip."""
    return lambda key, words: pick(partial(page.bar._build, key), words)


def uuid_of(name):
    """The uuid of a child by name."""
    return next(draft.uuid for draft in (*DRAFTS, GONE) if draft.name == name)
