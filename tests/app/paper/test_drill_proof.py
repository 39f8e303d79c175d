"""The paper of a drill: what failed stands as 不符, nothing is cut however long it is, the same bytes each time."""

from __future__ import annotations

import subprocess
from io import BytesIO

import pytest

from app.paper.drill_data import DrillProof, ProofLine
from app.paper.drill_proof import render_drill_proof
from app.paper.printing import PrintStamp

STAMP = PrintStamp(printed_at="2026-11-22 10:42", commit_no=812, as_of="2026-11-22")


def proof(**changed) -> DrillProof:
    values = {
        "school": "青石坪镇中心小学",
        "term": "2026—2027学年第一学期（秋季）",
        "held_on": "2026-11-22",
        "who": "覃䶮",
        "backup": "2026-11-21 16:20 做的备份",
        "holds": "118 名在册儿童，3925 条记录，数据序号 811",
        "lines": (
            ProofLine(what="整份备份读出来，与校验单比", found="3.0 MB", ok=True),
            ProofLine(what="与现在的数据一条一条对照", found="2 条不一样", ok=False),
        ),
        "conclusion": "没有通过。",
    }
    return DrillProof(**{**values, **changed})


def text_of(path, reader) -> str:
    done = subprocess.run([reader("pdftotext"), "-layout", path, "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())  # the reader may see other gaps than the eye


def test_what_does_not_agree_is_said_beside_what_does(tmp_path, reader):
    out = tmp_path / "a.pdf"
    made = render_drill_proof(proof(), out, stamp=STAMP)
    assert (made.pages, made.missing_characters) == (1, ())
    text = text_of(out, reader)
    for words in ("覃䶮", "2条不一样", "不符", "学校负责人", "学校（盖章）", "数据序号812", "第1页"):
        assert words in text


def test_nothing_is_cut_however_much_there_is(tmp_path, reader):
    lines = [ProofLine(what=f"第 {n} 项", found="很长的话" * 30, ok=True) for n in range(60)]
    out = tmp_path / "a.pdf"
    made = render_drill_proof(proof(lines=lines, school="很长的校名" * 20), out, stamp=STAMP)
    text = text_of(out, reader)
    assert made.pages > 1
    for n in range(60):
        assert f"第{n}项" in text
    assert text.count("很长的话") > 60


@pytest.mark.parametrize("who", ["", "陈素兰"])
def test_the_same_drill_gives_the_same_bytes(who):
    first, second = BytesIO(), BytesIO()
    for out in (first, second):
        render_drill_proof(proof(who=who), out, stamp=STAMP)
    assert first.getvalue() == second.getvalue()
