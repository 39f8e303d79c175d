"""Speed of the roster import, 5,000 children × 40 columns: read, check and preview; then the commit. Run by hand:

    python -m tests.bench.bench_import [--children 5000]

Floors of measurements.md §5, in the same process: calamine reading alone and openpyxl reading alone. Quote the ratios.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.results import Result, table

GOAL = 0.60
GOAL_PREVIEW = 1.5
GOAL_COMMIT = 1.0
HEADER = (
    *("序号", "姓名", "性别", "民族", "出生日期", "身份证号", "学籍号", "班级", "是否留守", "留守类型"),
    *("家庭住址", "村组", "户籍地", "户口性质", "是否寄宿", "健康状况"),
    *("父亲姓名", "父亲身份证号", "父亲务工地", "父亲工种", "父亲外出时间", "父亲电话"),
    *("母亲姓名", "母亲身份证号", "母亲务工地", "母亲工种", "母亲外出时间", "母亲电话"),
    *("监护人", "监护人身份证号", "与儿童关系", "监护人电话", "监护评估"),
    *("类别", "家庭经济来源", "救助帮扶", "性格特征", "兴趣爱好", "曾用名", "备注"),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "小雨明华秀英建国志强丽娟思源子轩雨桐欣悦佳慧俊杰浩然静怡"


def id_number(rng: random.Random, year: int, number: int) -> str:
    from stdnum.iso7064 import mod_11_2

    body = f"511325{year}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{number % 1000:03d}"
    return body + mod_11_2.calc_check_digit(body)


def rows(children: int) -> list[list[object]]:
    rng = random.Random(7)
    found: list[list[object]] = [list(HEADER)]
    seen: set[str] = set()
    while len(found) <= children:
        number = len(found)
        own = id_number(rng, rng.randint(2014, 2020), rng.randint(0, 999))
        if own in seen:
            continue
        seen.add(own)
        surname = rng.choice(SURNAMES)

        def name(surname: str = surname) -> str:
            return surname + rng.choice(GIVEN) + rng.choice(GIVEN)

        village = f"第{rng.randint(1, 30)}村"
        found.append(
            [
                number, name(), "男" if int(own[16]) % 2 else "女", "汉", "", own, "G" + own,
                f"{rng.randint(1, 6)}.{rng.randint(1, 4)}", "是",
                rng.choice(["双亲留守", "父亲外出", "单亲留守"]), f"青石坪镇{village}{number}号",
                f"{village}{rng.randint(1, 9)}组",
                "青石坪镇", "农业", rng.choice("是否"), "健康",
                name(), id_number(rng, 1985, number), "广东省东莞市", "电子厂", "2024-02", f"138{number:08d}",
                name(rng.choice(SURNAMES)), id_number(rng, 1987, number), "", "", "", f"139{number:08d}",
                name(), id_number(rng, 1955, number), rng.choice(["爷爷", "奶奶", "外婆", "姑姑"]), f"137{number:08d}",
                rng.choice(["较好", "一般", "差"]), rng.choice(["", "", "低保", "孤儿"]), "打工收入", "", "开朗", "画画", "",
                rng.choice(["", "", "需要关注"]),
            ]
        )  # fmt: skip
    return found


def write_book(path: Path, children: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    for row in rows(children):
        sheet.append(row)
    book.save(path)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what the work returned and the seconds it took."""
    begun = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begun


def measure(children: int = 5000) -> list[Result]:
    """Import a new roster, then the same file again."""
    from openpyxl import load_workbook
    from python_calamine import CalamineWorkbook

    from app.children.roster.apply import apply_import
    from app.children.roster.model import RosterOptions
    from app.children.roster.plan import plan_import
    from app.core.clock import FixedClock
    from app.storage.store import Store
    from app.tasks.create import create_school
    from app.tasks.import_roster import open_roster

    clock = FixedClock(datetime(2026, 11, 21, 9, 0))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        book, ledger = Path(folder) / "花名册.xlsx", Path(folder) / "守望.db"
        write_book(book, children)
        _, calamine = timed(lambda: CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python())
        _, openpyxl = timed(
            lambda: [list(row) for row in load_workbook(book).active.iter_rows(values_only=True)]
        )
        create_school(ledger, clock=clock, name="青石坪镇中心小学")
        with Store.open(ledger, clock=clock) as store:
            options = RosterOptions(clock.today())
            for words in (f"roster import, {children} × {len(HEADER)}", "  the same file again"):
                opened, reading = timed(partial(open_roster, store, book))
                plan, planning = timed(partial(plan_import, store, opened.roster, opened.mappings, options))
                _, writing = timed(partial(apply_import, store, plan, content=opened.roster.content))
                seconds = reading + planning
                found += [
                    Result(f"{words}: preview", seconds, "s", openpyxl, "openpyxl reads", GOAL, GOAL_PREVIEW),
                    Result("  of that reading", reading, "s", calamine, "calamine reads"),
                    Result("  commit", writing, "s", limit=GOAL_COMMIT),
                ]
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5000)
    print(table(measure(parser.parse_args().children)))


if __name__ == "__main__":
    main()
