"""The care work of the demo school: who looks after whom, what was done this term and before, what is still open.

It holds what the pages are there to show: teachers who do what is due and one who does not, a proxy parent who never
came, children whom nobody looks after, 心理 and 行为 seldom, records written down late, promises not kept yet, an event
whose visit is overdue, a child that stayed away and came back.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.children.codes import Relation
from app.diary.tables import (
    CareRecord,
    Promise,
    TriggerEvent,
)
from app.pairing.codes import PairingKind
from app.pairing.school_rules import SHIPPED
from app.pairing.tables import (
    BackgroundCheck,
    PairingRow,
    PairingRuleRow,
    Supporter,
)
from app.school.calendar import SchoolCalendar, SchoolWeek, Term
from app.school.queries import school_calendar
from app.storage.action import Action
from app.storage.store import Store
from app.tasks.demo.care_extras import write_absence, write_meetings, write_plans
from app.tasks.demo.care_rows import CareKid, CareRows
from app.tasks.demo.families import Times
from app.tasks.demo.invent import Invent, words

_MOST = 10  # children of one teacher
_SLOW_TEACHER = 5  # this class teacher does half of what is due
_GUIDANCES = {"study": 55, "life": 30, "mind": 9, "conduct": 6}
_EVENTS = ("unwell", "low_spirits", "marks_down", "quarrel", "late_or_early")


class CareWork:
    """Writes the care work of one demo school into an action."""

    def __init__(self, store: Store, action: Action, times: Times, invent: Invent) -> None:
        self._store = store
        self._action = action
        self._times = times
        self._invent = invent
        self._calendar: SchoolCalendar = school_calendar(store)
        self._supporters: dict[int, int] = {}
        self._proxies: dict[int, int] = {}
        self._said: dict[tuple[int, str], str] = {}
        self._rows = CareRows(store, action, times, invent)

    def write(self) -> None:
        """Write supporters with their checks, pairs, records of this term and of those before, and the open ends."""
        self._school_rule()
        kids = self._kids()
        outside = self._outside()
        for number, kid in enumerate(kids):
            self._pairs(number, kid, outside)
        now = self._calendar.term_in_force(self._times.today)
        for term in self._terms():
            for number, kid in enumerate(kids):
                if term == now:
                    self._this_term(number, kid, term)
                else:
                    self._former_term(kid, term)
        host = next(iter(self._supporters.values()), None)
        write_meetings(self._rows, kids, now, host)
        write_absence(self._rows, kids)
        write_plans(self._rows, kids, now)
        self._rows.write()

    def _school_rule(self) -> None:
        """Let a teacher have up to ten children, as the class teachers of this school do; the rest as shipped."""
        since = date(self._times.school_year, 9, 1).isoformat()
        for kind, rule in SHIPPED.items():
            self._action.insert(
                PairingRuleRow,
                uuid=self._invent.uuid(),
                kind=kind.value,
                least=rule.least,
                most=_MOST if kind is PairingKind.SUPPORT_TEACHER else rule.most,
                class_teacher=rule.class_teacher.value,
                siblings=rule.siblings.value,
                woman_for_girls=rule.woman_for_girls.value,
                valid_from=since,
            )

    # ---- who -------------------------------------------------------------------------------------------------------

    def _kids(self) -> list[CareKid]:
        """Return the children on the ledger who are in a class, in the order in which they were entered."""
        rows = self._store.rows(
            "SELECT c.id, c.sex, t.staff_id, k.person_id, coalesce(r.valid_from, ''), h.village,"
            " p.name, n.relation, n.label"
            " FROM child c JOIN registration r ON r.child_id = c.id AND r.kind = 'left_behind' AND r.valid_to IS NULL"
            " JOIN enrolment e ON e.child_id = c.id AND e.valid_to IS NULL"
            " JOIN class_teacher t ON t.school_class_id = e.school_class_id AND t.valid_to IS NULL"
            " LEFT JOIN care k ON k.child_id = c.id AND k.valid_to IS NULL"
            " LEFT JOIN person p ON p.id = k.person_id LEFT JOIN kinship n ON n.child_id = c.id"
            " AND n.person_id = k.person_id AND n.valid_to IS NULL"
            " LEFT JOIN residence h ON h.child_id = c.id AND h.valid_to IS NULL ORDER BY c.id"
        )
        return [
            CareKid(
                child_id,
                "她" if sex == "2" else "他",
                self._of_staff(staff_id),
                carer_id,
                date.fromisoformat(since) if len(since) == 10 else self._times.began,
                home or "家里",
                carer or "",
                (label or Relation(relation).label) if relation else "",
            )
            for child_id, sex, staff_id, carer_id, since, home, carer, relation, label in rows
        ]

    def _of_staff(self, staff_id: int) -> int:
        """Return the supporter that a teacher is; checked this summer, one of them never."""
        if staff_id not in self._supporters:
            key = self._action.insert(Supporter, uuid=self._invent.uuid(), staff=staff_id, identity="staff")
            self._supporters[staff_id] = int(key)
            if len(self._supporters) % 7:
                self._check(
                    int(key), self._invent.day(date(self._times.school_year, 8, 20), self._times.today)
                )
        return self._supporters[staff_id]

    def _outside(self) -> list[int]:
        found = []
        for name, sex, identity, organisation, duty in words()["outside"]:
            key = self._action.insert(
                Supporter,
                uuid=self._invent.uuid(),
                name=name,
                sex=sex,
                phone=self._invent.phone(),
                identity=identity,
                organisation=organisation,
                duty=duty or None,
            )
            found.append(int(key))
            # The last one's check has run out.
            days = 400 if len(found) == len(words()["outside"]) else self._invent.number(20, 200)
            self._check(int(key), self._times.today - timedelta(days=days))
        return found

    def _check(self, supporter: int, day: date) -> None:
        self._rows.row(
            BackgroundCheck,
            supporter=supporter,
            checked_on=day.isoformat(),
            result="clear",
            office="石坪县公安局",
        )

    def _pairs(self, number: int, kid: CareKid, outside: Sequence[int]) -> None:
        """Pair nearly everybody with the class teacher; some have a proxy parent or a study buddy besides."""
        since = max(kid.since, date(self._times.school_year, 9, 8))
        if number % 17 != 4 and since <= self._times.today:
            self._pair(kid.id, "support_teacher", since, supporter=kid.teacher_id)
        if number % 9 == 2:
            place = (number // 9) % len(outside)
            if place:  # the first of them has children and has never come
                self._proxies[kid.id] = outside[place]
            reason = "查询已过期，正在重办" if place == len(outside) - 1 else None
            self._pair(kid.id, "proxy_parent", since, supporter=outside[place], unchecked_reason=reason)
        if number % 19 == 7 and number:
            self._pair(kid.id, "study_buddy", since, buddy=kid.id - 1)

    def _pair(self, child: int, kind: str, since: date, **values: Any) -> None:
        self._rows.row(PairingRow, child=child, kind=kind, valid_from=since.isoformat(), **values)

    # ---- what was done ---------------------------------------------------------------------------------------------

    def _terms(self) -> list[Term]:
        """Return the terms since the ledger began, up to the one in force."""
        now = self._calendar.term_in_force(self._times.today)
        years = range(self._times.began.year - 1, self._times.today.year + 1)
        terms = [term for year in years for term in self._calendar.terms_of(year)]
        return [
            term for term in terms if self._times.began <= term.ends_on and term.starts_on <= now.starts_on
        ]

    def _this_term(self, number: int, kid: CareKid, term: Term) -> None:
        share = 0.5 if kid.teacher_id == self._slow() else 0.93
        for week in self._calendar.weeks_of(term):
            days = self._school_days(week, max(kid.since, term.starts_on))
            if not days:
                continue
            for kind in ("talk", "tutoring", "growth_journal", "contact"):
                if self._invent.chance(100 * share):
                    self._done(kid, kind, self._invent.pick(days))
            if week.number % 4 == 2 and self._invent.chance(100 * share):
                self._done(kid, "home_visit", self._invent.pick(days))
            if week.number % 4 == 3 and kid.id in self._proxies:
                self._done(kid, "home_visit", self._invent.pick(days), supporter=self._proxies[kid.id])
        self._open_ends(number, kid)

    def _school_days(self, week: SchoolWeek, since: date) -> list[date]:
        """Return the days of a week on which there was school, from ``since`` to today."""
        days = (week.monday + timedelta(days=place) for place in range(7))
        return [
            day for day in days if since <= day <= self._times.today and self._calendar.is_school_day(day)
        ]

    def _former_term(self, kid: CareKid, term: Term) -> None:
        first, last = max(term.starts_on, kid.since), min(term.ends_on, self._times.today)
        if first < last:
            for kind in ("talk", "talk", "talk", "home_visit", "tutoring", "growth_journal", "contact"):
                self._done(kid, kind, self._invent.day(first, last))

    def _done(self, kid: CareKid, kind: str, day: date, **values: Any) -> str:
        """Plan one record and return its uuid. One in forty was written down late."""
        lag = self._invent.number(8, 20) if self._invent.chance(2.5) else self._invent.number(0, 2)
        guidance = self._invent.weighted(_GUIDANCES)
        entered = min(day + timedelta(days=lag), self._times.today)
        row = {
            "happened_on": day.isoformat(),
            "entered_on": entered.isoformat(),
            "supporter": kid.teacher_id,
            **self._told(kid, kind, guidance),
            **values,
        }
        return str(self._rows.row(CareRecord, child=kid.id, kind=kind, **row)["uuid"])

    def _told(self, kid: CareKid, kind: str, guidance: str) -> dict[str, Any]:
        said: Mapping[str, Any] = words()
        if kind == "talk":
            return {
                guidance: 1,
                "medium": "in_person",
                "topic": "daily",
                "place": "留守儿童之家" if self._invent.chance(30) else "办公室",
                "content": self._sentence(kid, said["talks"][guidance]),
                "reaction": self._invent.pick(said["reactions"]),
            }
        if kind == "home_visit":
            return {
                "life": 1,
                "medium": self._invent.weighted({"door": 70, "phone": 25, "video": 5}),
                "place": kid.home,
                "person": kid.carer_id,
                "content": self._sentence(kid, said["visits"]),
            }
        if kind == "tutoring":
            return {
                "study": 1,
                "medium": "in_person",
                "minutes": 30,
                "content": self._sentence(kid, said["tutoring"]),
            }
        if kind == "growth_journal":
            return {guidance: 1, "content": self._sentence(kid, said["journals"])}
        return {
            "medium": "phone",
            "topic": "weekly",
            "person": kid.carer_id,
            "contacted": int(self._invent.chance(75)),
            "content": self._sentence(kid, said["contacts"]),
        }

    def _sentence(self, kid: CareKid, sentences: Sequence[str]) -> str:
        """Return a sentence about the child, another one than the last time it was spoken of so."""
        last = self._said.get((kid.id, sentences[0]))
        said = self._invent.pick([one for one in sentences if one != last])
        self._said[kid.id, sentences[0]] = said
        return said.replace("他", kid.pronoun).replace("她", kid.pronoun)

    def _open_ends(self, number: int, kid: CareKid) -> None:
        """Leave with some children a promise, an event whose visit was made, is due or overdue, a follow-up."""
        today = self._times.today
        if number % 13 == 3:
            day = today - timedelta(days=self._invent.number(3, 20))
            made = self._done(kid, "talk", max(day, kid.since))
            self._rows.row(
                Promise,
                child=kid.id,
                care_record=made,
                supporter=kid.teacher_id,
                content=self._invent.word("promises"),
                promised_on=max(day, kid.since).isoformat(),
                due_on=(today + timedelta(days=self._invent.number(-4, 9))).isoformat(),
            )
        if number % 11 == 5:
            ago = (2, 12, 6)[(number // 11) % 3]
            happened = max(today - timedelta(days=ago), kid.since)
            closed = None
            if ago == 6:
                closed = self._done(
                    kid, "home_visit", min(happened + timedelta(days=2), today), medium="door"
                )
            self._rows.row(
                TriggerEvent,
                child=kid.id,
                rule_code=_EVENTS[number % len(_EVENTS)],
                happened_on=happened.isoformat(),
                entered_on=happened.isoformat(),
                supporter=kid.teacher_id,
                closed_by=closed,
            )
        if number % 29 == 9:
            day = max(today - timedelta(days=9), kid.since)
            due = (today + timedelta(days=2)).isoformat()
            self._done(kid, "talk", day, mind=1, follow_up_on=due, plan="下周再谈一次，看睡得好不好。")

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _slow(self) -> int:
        teachers = list(self._supporters.values())
        return teachers[min(_SLOW_TEACHER, len(teachers) - 1)]
