"""The live tables name the columns that the migrations make."""

import pytest

from app.school import tables
from app.storage.base import Row

MODELS = [model for model in vars(tables).values() if isinstance(model, type) and issubclass(model, Row)]


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if model not in (Row, tables.Period)],
    ids=lambda model: model.__name__,
)
def test_columns_are_those_of_the_file(model, empty_store):
    found = empty_store.rows(f"PRAGMA table_info({model._meta.table_name})")
    columns = {(name, bool(not_null) and name != "id") for _, name, _, not_null, _, _ in found}
    fields = model._meta.sorted_fields
    assert {(field.column_name, not field.null and field.name != "id") for field in fields} == columns
