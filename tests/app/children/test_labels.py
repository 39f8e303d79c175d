"""No column and no code of the file is ever shown in English."""

import pytest

from app.children import labels
from app.children.tables import DATED, Child, ContactOrder, Doubt, Person
from app.core.code import Code
from tests.app.children.test_codes import COLUMNS

KEPT = {"id", "uuid", "entered_at", "child_id"}
SHOWN = [*DATED.values(), Child, Person, ContactOrder]


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.table_name)
def test_every_table_and_column_has_its_word(model):
    table = model._meta.table_name
    assert labels.TABLES[table]
    for field in model._meta.sorted_fields:
        if field.column_name not in KEPT and (
            field.column_name != "person_id" or table in ("kinship", "care")
        ):
            assert labels.column_words(table, field.column_name)


@pytest.mark.parametrize(("place", "enum"), COLUMNS.items(), ids=str)
def test_every_code_is_shown_by_its_word(place, enum):
    member = next(iter(enum))
    assert isinstance(member, Code)
    assert labels.value_words(*place, member.value) == member.label


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("boarding", "boards", 1, "是"),
        ("boarding", "boards", 0, "否"),
        ("child", "ethnicity", "15", "土家族"),
        ("child", "name", "覃䶮", "覃䶮"),
        ("child", "hobbies", None, "未采集"),
        ("disability", "grade", 2, "2"),
    ],
)
def test_values_as_they_are_shown(table, column, value, words):
    assert labels.value_words(table, column, value) == words


def test_a_doubt_has_words_too():
    assert labels.TABLES[Doubt._meta.table_name] == "存疑"
    with pytest.raises(KeyError):
        labels.column_words("child", "nothing")
