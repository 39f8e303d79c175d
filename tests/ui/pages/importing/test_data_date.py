"""数据日期: the day that a sheet gives itself is proposed, said, and hers to change."""

from __future__ import annotations

from tests.app.tasks.rosters import id_number
from tests.ui.pages.importing.conftest import HEADER
from ui.widgets import Text

ONE, TWO = id_number("20180301", 3), id_number("20180302", 4, girl=False)


def words_on(widget):
    return "\n".join(text.text() for text in widget.findChildren(Text) if not text.isHidden())


def test_the_sheets_own_day_is_proposed_with_where_it_stood(page, roster, settled):
    page.open_file(roster(["覃䶮龙", "女", ONE, "三（1）班"], name="名册（2026年9月）.xlsx"))
    settled()
    assert page.file.date.value == "2026-09-30"
    assert "文件名写着「2026年9月」，没有写哪一日，按月底算；不对请改。" in words_on(page.file)
    page.file.date.setText("2026.10.8")
    page.file.date.leave()
    assert "文件名写着" not in words_on(page.file)
    page.open_file(roster(["覃䶮龙", "女", ONE, "三（1）班"]))
    settled()
    assert page.file.date.value == "2026-10-08", "what she chose stays where the next file says nothing"
    page.open_file(roster(["覃䶮龙", "女", ONE, "三（1）班"], name="名册（2026年9月）.xlsx"))
    settled()
    assert page.file.date.value == "2026-09-30"


def test_another_sheet_ticked_may_be_of_another_day(page, roster, settled):
    page.open_file(
        roster(
            ["覃䶮龙", "女", ONE, "三（1）班"],
            **{"2026年10月": [HEADER, ["李娜", "女", TWO, "三（1）班"]]},
        )
    )
    settled()
    assert page.file.date.value == "2026-10-31"
    page.file.boxes["2026年10月"].click()
    assert page.file.date.value == "2026-11-21"
    assert "写着" not in words_on(page.file)
