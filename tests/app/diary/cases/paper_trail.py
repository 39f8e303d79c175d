"""Cases as they might stand in a school, for the tests of the papers."""

from app.diary import counselling as c
from app.diary import incidents as i
from app.diary import meetings as m
from app.diary import service_absences as writing
from app.diary.codes import (
    AbsenceReason,
    CounsellingForm,
    CounsellingOrigin,
    IncidentKind,
    Medium,
    MeetingKind,
    PersuasionResult,
    ReportBody,
    Severity,
)
from app.storage.store import Store
from tests.app.diary.cases.conftest import CHILD, GIRL, OTHER, SUPPORTER

SAID = "夜里做噩梦，说梦见妈妈走了很远的路。"


def write_absences(store: Store) -> str:
    """Write a dropped-out child with two 劝返 and one that came back; return the first's uuid."""
    case = writing.AbsenceDraft(
        child_uuid=CHILD,
        happened_on="2026-11-02",
        reason=AbsenceReason.TIRED_OF_SCHOOL,
        found_by="陈素兰",
        suspected_on="2026-11-05",
        reported_on="2026-11-06",
        reported_to="青石坪镇教育办",
        receiver="黄主任",
        dropout_on="2026-11-16",
    )
    writing.save_absence(store, draft=case)
    for day, result in (("2026-11-10", PersuasionResult.REFUSED), ("2026-11-18", PersuasionResult.PROMISED)):
        tried = writing.PersuasionDraft(
            absence_uuid=case.uuid,
            happened_on=day,
            persons="班主任、村支书",
            medium=Medium.DOOR,
            course="到家里谈了一个上午，祖母也在场。" * 3,
            result=result,
        )
        writing.save_persuasion(store, draft=tried)
    back = writing.AbsenceDraft(child_uuid=OTHER, happened_on="2026-11-10", returned_on="2026-11-12")
    writing.save_absence(store, draft=back)
    return case.uuid


def write_incident(store: Store) -> str:
    """Write an incident with all its steps and two reports; return its uuid."""
    draft = i.IncidentDraft(
        child_uuid=GIRL,
        kind=IncidentKind.MISSING,
        severity=Severity.SERIOUS,
        found_at="2026-11-20 07:30",
        found_by="班主任 陈素兰",
        place="上学路上，石桥村口",
        course="早读点名时发现没有到校，打电话问家里，说六点半已经出门。" * 3,
        rescued_at="2026-11-20 07:40",
        rescue="校长带四名老师沿路寻找，8:20 在石桥下找到，没有受伤。",
        carer_told_at="2026-11-20 07:50",
        parents_told_at="2026-11-20 09:00",
        must_report=True,
        outcome="已送回家，祖母在家照看；约定每天由邻居同路。",
        closed_on="2026-11-20",
        reports=(
            i.ReportDraft(
                reported_at="2026-11-20 07:45",
                body=ReportBody.POLICE,
                reporter="李校长",
                recipient="韦警官",
                receipt_no="接〔2026〕118 号",
            ),
            i.ReportDraft(reported_at="2026-11-20 09:10", body=ReportBody.EDUCATION, reporter="李校长"),
        ),
    )
    i.save_incident(store, draft=draft)
    return draft.uuid


def write_meeting(store: Store) -> str:
    """Write a parents' meeting with its list; return its uuid."""
    draft = m.MeetingDraft(
        kind=MeetingKind.PARENTS,
        happened_on="2026-11-20",
        started="14:00",
        ended="16:00",
        host_uuid=SUPPORTER,
        place="三（2）班教室",
        topic="冬季取暖和防溺水",
        content="讲了用火用电；发了联系卡；祖辈问了作业怎么管。",
        decision="每周五下午给家里打一次电话。",
        attendance=(
            m.AttendanceDraft(child_uuid=CHILD, came=True, attendee="罗桂英", relation="祖母"),
            m.AttendanceDraft(child_uuid=OTHER, came=False, note="家里没人"),
        ),
    )
    m.save_meeting(store, draft=draft)
    return draft.uuid


def write_note(store: Store, key) -> str:
    """Write a counselling note; return its uuid."""
    draft = c.NoteDraft(
        child_uuid=CHILD,
        happened_on="2026-11-20",
        started="16:10",
        ended="16:50",
        supporter_uuid=SUPPORTER,
        form=CounsellingForm.SINGLE,
        origin=CounsellingOrigin.OBSERVED,
        texts={"place": "谈心室", "complaint": "睡不好", "course": SAID * 4},
    )
    c.save_note(store, key=key, draft=draft)
    return draft.uuid
