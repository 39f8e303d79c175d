"""Small ledgers with invented people in them, for the tests that copy, back up and restore."""

from uuid import uuid4

from app.storage.store import Store

NAMES = ("覃小雨", "欧阳若曦", "𠮷田望舒", "单立冬")
ID_NUMBERS = ("522301201503120016", "522301201607080023", "522301201411230030", "522301201710050049")
DETENTION = "父亲因案服刑，有判决书复印件"
PARKED = "原始行：仇小满，备注写着很私密的一句话"


def fill(store: Store) -> None:
    """Write a school, four children on the ledger and what no town office may see."""
    with store.action("填好演练数据", kind="test") as action:

        def insert(table: str, **values: object) -> int:
            values = {"uuid": str(uuid4()), "entered_at": action.at, **values}
            columns = ", ".join(values)
            marks = ", ".join("?" * len(values))
            cursor = store.db.execute_sql(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(values.values())
            )
            return cursor.lastrowid

        insert("school", name="青石坪镇中心小学", code="3152230101", kind="primary")
        run = insert(
            "import_run",
            file_name="花名册.xlsx",
            file_sha256="0" * 64,
            data_date="2026-09-01",
            row_count=5,
            new_count=4,
            updated_count=0,
            unchanged_count=0,
            parked_count=1,
            marked_count=0,
        )
        father = insert("person", name="覃大山", sex="1")
        for name, number in zip(NAMES, ID_NUMBERS, strict=True):
            child = insert("child", name=name, id_number=number, sex="1" if int(number[-2]) % 2 else "2")
            insert("registration", child_id=child, kind="left_behind", valid_from="2026-09-01")
        insert("unsupported_ground", child_id=child, person_id=father, ground="in_prison", evidence=DETENTION)
        insert(
            "parked_row",
            import_run_id=run,
            sheet="三年级",
            row_number=9,
            code="no_name",
            reason="没有姓名",
            raw_json=PARKED,
        )
        run_uuid = store.one("SELECT uuid FROM import_run")[0]
        insert("import_file", import_run_uuid=run_uuid, content=b"PK" + PARKED.encode() * 40)


def rename_child(store: Store, name: str) -> None:
    """Save one small change."""
    with store.action("改了一个名字", kind="test"):
        store.db.execute_sql("UPDATE child SET name = ? WHERE id = 1", (name,))


def names(store: Store) -> list[str]:
    """Return the children's names in the order they came in."""
    return [name for (name,) in store.rows("SELECT name FROM child ORDER BY id")]
