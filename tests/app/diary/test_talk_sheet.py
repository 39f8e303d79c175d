"""The sheet of a talk asks for the 职务 of who talked (domain.md §5.12): from the staff list, else a line to write on."""

import subprocess
from datetime import date

import pytest

from app.diary.codes import Activity
from app.diary.register import full_records
from app.pairing.tables import Supporter
from app.school.tables import Staff
from app.tasks.registers.making import Wanted, print_sheets
from app.tasks.registers.words import card

NOVEMBER = Wanted(date(2026, 11, 1), date(2026, 11, 30))


def facts(store):
    (record,) = full_records(store, NOVEMBER.filters)
    return dict(card(record, "第 1 次", masked=True).facts)


def test_the_duty_of_a_teacher_is_that_of_the_staff_list(store, who, write, tmp_path, reader):
    write()
    assert (facts(store)["谈话人"], facts(store)["职务"]) == ("王丽华", "")
    with store.action("职务", kind="test") as action:
        action.update(Staff, who.wang, duty="教导主任")
    assert facts(store)["职务"] == "教导主任"
    out = tmp_path / "谈心.pdf"
    print_sheets(store, out, NOVEMBER)
    raw = subprocess.run([reader("pdftotext"), "-layout", out, "-"], capture_output=True, check=True).stdout
    line = next(line for line in raw.decode().splitlines() if "职务" in line)
    assert "".join(line.split()) == "谈话人王丽华职务教导主任"


@pytest.mark.parametrize("duty", ["村妇女主任", None])
def test_the_duty_of_somebody_from_outside_is_their_own(store, write, duty):
    with store.action("校外", kind="test") as action:
        outside = action.insert(Supporter, name="田秀莲", identity="womens_federation", duty=duty)
    write(supporter_uuid=outside.uuid)
    assert facts(store)["职务"] == (duty or "")


def test_nobody_named_leaves_both_lines_to_be_written_on(store, write):
    write(supporter_uuid=None, kind=Activity.TALK)
    assert (facts(store)["谈话人"], facts(store)["职务"]) == ("", "")
