"""R01 and R03 in the care diary: the power goes while a week is saved in one step, and while past records are read in."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from tests.faults.kit.invariants import look_again
from tests.faults.test_rows_saving import FEW, cut_everywhere


def settled(row, world, where, job, **args):
    """Look at the diary, do the work once more as she does after the power cut, and return both looks."""
    cut = world.run("look_at_diary").result
    again = world.run(job, **args)
    if again.fault or again.bug:
        row.wrong(f"{where}: the work could not be done again: {again.fault or again.bug}")
    return cut, world.run("look_at_diary").result


@pytest.mark.slow
def test_r01_power_cut_while_the_week_is_saved(row, worlds):
    before = [uuid for uuid, _, _ in worlds().run("look").result["actions"]]

    def after(world, done, where):
        look_again(row, world, where, acked=[*before, *done.acked])
        cut, whole = settled(row, world, where, "week_grid")
        children = whole["children"]
        if cut["records"] not in (0, children) or cut["promises"] != cut["records"]:
            row.broken(f"{where}: half a week is there: {cut}")
        if (whole["records"], whole["different"], whole["promises"]) != (children, children, children):
            row.lost(f"{where}: saved again it is not one record each: {whole}")

    cut_everywhere(row, worlds, "week_grid", most=FEW, after=after)


@pytest.mark.slow
def test_r03_power_cut_while_past_records_are_read_in(row, worlds, tmp_path):
    before = [uuid for uuid, _, _ in worlds().run("look").result["actions"]]
    book = Workbook()
    book.active.append(("姓名", "日期", "类别", "内容"))
    for number in range(20):
        name = ("单小0", "单小1", "何大壮")[number % 3]
        book.active.append((name, "2026-10-08", "谈心", f"第 {number} 次"))
    args = {"workbook": tmp_path / "记录.xlsx"}
    book.save(args["workbook"])

    def after(world, done, where):
        look_again(row, world, where, acked=[*before, *done.acked])
        cut, whole = settled(row, world, where, "past_records", **args)
        if (cut["records"], cut["waiting"]) not in ((0, 0), (whole["records"], whole["waiting"])):
            row.broken(f"{where}: half an import is there: {cut}")
        if whole["records"] + whole["waiting"] != 20 or whole["different"] != whole["records"]:
            row.lost(f"{where}: imported again it is not every row once: {whole}")

    cut_everywhere(row, worlds, "past_records", most=FEW and FEW // 2, after=after, **args)
