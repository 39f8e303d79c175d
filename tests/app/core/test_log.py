from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler

from app.core.log import bound_log, scrub, start_log


def handlers_of(path):
    return [one for one in logging.getLogger().handlers if getattr(one, "baseFilename", "") == str(path)]


def test_a_log_that_was_not_started_is_not_begun_by_bounding_it(tmp_path):
    bound_log(tmp_path / "log")
    assert list(tmp_path.iterdir()) == []


def test_names_and_numbers_do_not_reach_the_file(tmp_path, caplog):
    path = start_log(tmp_path / "log")
    assert start_log(tmp_path / "log") == path
    try:
        logging.getLogger("app.test").error("before it was bounded")
        bound_log(tmp_path / "log")
        bound_log(tmp_path / "log")
        logger = logging.getLogger("app.test")
        try:
            raise ValueError("张小满 11010519491231002X")
        except ValueError:
            logger.exception("row 5b1c33c1-3aa9-4410-b28f-98e6b31e436c of 李四, phone 13800138000")
        content = path.read_text(encoding="utf-8")
        assert [type(one) for one in handlers_of(path)] == [RotatingFileHandler]
    finally:
        for handler in handlers_of(path):
            logging.getLogger().removeHandler(handler)
            handler.close()
    assert "before it was bounded" in content
    for secret in ("张小满", "李四", "13800138000", "11010519491231002X"):
        assert secret not in content
    assert "5b1c33c1-3aa9-4410-b28f-98e6b31e436c" in content
    assert content.count("<han 2>") == 1
    assert "ValueError: <han 3> <digits 18>" in content


def test_dates_stay_readable():
    assert scrub("2026-11-21T10:42:05 line 1234567x") == "2026-11-21T10:42:05 line <digits 8>"
    assert scrub("commit 123456") == "commit 123456"
