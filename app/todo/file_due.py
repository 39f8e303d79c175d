"""What a child's own file asks for: a phone number to try again, facts that are missing. Read from the whole facts."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.children.completeness import completeness
from app.children.contacts import bad_numbers, contact_chain, found_bad
from app.children.facts import ChildFacts
from app.core.moments import day_words
from app.school.calendar import monday_of
from app.todo.roll import Child
from app.todo.rules import Due, DueKind, make_due, state_of

_NAMED = 4


def file_items(facts: ChildFacts, child: Child, phone_days: int) -> Iterator[Due]:
    """Yield what the file of a child on the ledger asks for. ``phone_days`` is the school's own limit.

    Missing facts have no day of their own: they are asked for by the end of each week.
    """
    day = facts.day
    number = next((contact for contact in contact_chain(facts) if contact.number), None)
    sunday = monday_of(day) + timedelta(days=6)
    for person, phone in bad_numbers(facts):
        on = phone.confirmed_on
        told = " ".join(
            part
            for part in (
                f"{person.relation_words or person.name or '家人'}的号码",
                day_words(date.fromisoformat(on), day) if on else "",
                phone.result.label if phone.result else "",
            )
            if part
        )
        yield make_due(
            kind=DueKind.PHONE,
            rule="打不通的号码要核实",
            fact=told,
            due=sunday,
            as_of=day,
            **child.named(),
        )
    if number is not None and found_bad(number) is None:
        tried = None if number.confirmed_on is None else date.fromisoformat(number.confirmed_on)
        # A day that is still to come says nothing: the clock is wrong now, or was then (reliability.md R30).
        due = sunday if tried is None or tried > day else tried + timedelta(days=phone_days)
        if state_of(due, day) is not None:
            fact = "登记后从未核实" if tried is None else f"上次核实 {day_words(tried, day)}"
            yield make_due(
                kind=DueKind.PHONE,
                rule=f"联系电话每 {phone_days} 天核实一次",
                fact=fact,
                due=due,
                as_of=day,
                **child.named(),
            )
    gaps = completeness(facts).gaps
    if gaps:
        named = "、".join(gap.words for gap in gaps[:_NAMED]) + (" 等" if len(gaps) > _NAMED else "")
        yield make_due(
            kind=DueKind.MISSING,
            rule="资料要齐",
            fact=f"缺 {len(gaps)} 项：{named}",
            due=sunday,
            as_of=day,
            **child.named(),
        )
