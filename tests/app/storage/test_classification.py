"""Every field of the schema is classified, and the classes agree with what they promise."""

import pytest
from sqlcipher3 import dbapi2

from app.storage.classification import (
    FIELDS,
    RESTRICTED_TABLES,
    Mask,
    Protection,
    field_class,
    mask_address,
    masked,
)
from app.storage.migrations.runner import run_steps


@pytest.fixture(scope="module")
def schema() -> dict[str, set[str]]:
    connection = dbapi2.connect(":memory:", isolation_level=None)
    run_steps(connection)
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    return {
        table: {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')} for (table,) in tables
    }


def test_no_field_is_unclassified_and_none_is_made_up(schema):
    classified = {table: set(columns) for table, columns in FIELDS.items()}
    assert {t: c - classified.get(t, set()) for t, c in schema.items() if c - classified.get(t, set())} == {}
    assert {t: c - schema.get(t, set()) for t, c in classified.items() if c - schema.get(t, set())} == {}


def test_a_table_is_restricted_as_a_whole_or_not_at_all():
    for table, columns in FIELDS.items():
        kinds = {found.protection for found in columns.values()}
        assert (Protection.RESTRICTED in kinds) == (table in RESTRICTED_TABLES)
        assert kinds == {Protection.RESTRICTED} or Protection.RESTRICTED not in kinds


def test_nothing_points_at_a_restricted_row(schema):
    """Else taking the restricted rows out of a town copy would leave broken references."""
    connection = dbapi2.connect(":memory:", isolation_level=None)
    run_steps(connection)
    for table in schema:
        for row in connection.execute(f'PRAGMA foreign_key_list("{table}")'):
            assert row[2] not in RESTRICTED_TABLES or table in RESTRICTED_TABLES


def test_names_and_numbers_are_never_ordinary():
    for field in (
        "child.name",
        "child.id_number",
        "person.name",
        "phone.number",
        "change.before_json",
        "action.words",
    ):
        assert field_class(*field.split(".")).protection == Protection.SENSITIVE
    assert field_class("unsupported_ground", "evidence").protection == Protection.RESTRICTED


def test_masks_hide_what_they_are_for():
    assert masked("child", "id_number", "522301201503120016") == "522301********0016"
    assert masked("phone", "number", "13800138000") == "138****8000"
    assert masked("residence", "address", "青石坪镇白水沟村 3 组 12 号") == "青石坪镇白水沟村***"
    assert masked("child", "name", "覃小雨") == "覃小雨"
    with pytest.raises(ValueError, match="restricted"):
        masked("unsupported_ground", "evidence", "x")
    with pytest.raises(KeyError):
        field_class("child", "shoe_size")
    assert {found.mask for columns in FIELDS.values() for found in columns.values()} == set(Mask)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("白水沟村", "白水沟村"),
        ("贵州省兴义市桔山街道", "贵州省兴义市桔山街道"),
        ("兴义市桔山街道富康社区 5 栋 302", "兴义市桔山街道富康社区***"),
        ("老屋基 12 号", "***"),
        ("", ""),
    ],
)
def test_an_address_is_shown_to_its_village(address, shown):
    assert mask_address(address) == shown
