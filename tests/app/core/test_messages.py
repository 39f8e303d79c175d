from __future__ import annotations

import re
from string import Formatter

import pytest

from app.core.errors import Cancelled, EnvironmentFault, ShouwangError, UserError
from app.core.messages import FAULTS, fault, refuse

STATES = {
    *("resume", "missing", "empty", "not-ours", "newer-schema", "older-schema", "older-content", "corrupt"),
    *("index-damaged", "bad-row", "io-error", "read-only", "locked", "other-path"),
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(FAULTS))
def test_a_text_is_chinese_calm_and_complete(key):
    text = FAULTS[key]
    whole = text.what + text.safe + text.todo
    assert text.what
    assert not re.search("[!！]|操作错误|失败|成功", whole)
    for part in (text.what, text.safe, text.todo):
        assert not part or part.endswith(("。", "}")), part
    assert not re.search(r"SQLITE|Error|Exception", whole)
    values = dict.fromkeys(fields(whole), "x")
    for make, kind in ((fault, EnvironmentFault), (refuse, UserError)):
        error = make(key, **values)
        assert isinstance(error, kind)
        assert error.key == key
        assert error.buttons == text.buttons
        assert "{" not in str(error)


def test_every_state_of_a_data_file_has_its_text():
    assert set(FAULTS) >= STATES


def test_without_backups_no_text_claims_any():
    for state in STATES:
        values = dict.fromkeys(
            fields("".join(FAULTS[state].what + FAULTS[state].safe + FAULTS[state].todo)), ""
        )
        assert "备份还在" not in str(fault(state, **values))


def test_the_parts_and_the_code():
    error = fault("storage.io_write", code="IOERR")
    assert str(error).startswith("硬盘读写出错，这一步没有存上。（代码 IOERR）以前保存的都在。")
    assert (error.what, error.code) == ("硬盘读写出错，这一步没有存上。", "IOERR")
    assert str(ShouwangError("k", "一句话。")) == "一句话。"
    assert Cancelled().key == "cancelled"
