"""What left the program is written down and stays."""

from datetime import date

from app.school.codes import HandoverKind, Profile
from app.school.handover import handovers, log_handover


def test_the_log_says_what_left_when_and_why(store):
    before = store.commit_no
    log_handover(
        store,
        kind=HandoverKind.EXPORT,
        content="留守儿童台账",
        people=118,
        profile=Profile.FULL,
        reason=" 镇教管中心核对 ",
        file_name="台账.xlsx",
        sha256="ab",
        as_of=date(2026, 11, 21),
        by="陈素兰",
    )
    log_handover(store, kind=HandoverKind.REVEAL, content="完整身份证号", people=1)
    newest, first = handovers(store)
    assert (newest.kind, newest.people) == (HandoverKind.REVEAL, 1)
    assert (first.reason, first.profile, first.as_of) == ("镇教管中心核对", Profile.FULL, "2026-11-21")
    assert (first.data_commit_no, first.who) == (before, "陈素兰")
    assert first.happened_at == "2026-11-21T09:00:00"
    assert len(handovers(store, limit=1)) == 1
