"""The care work of the actor: records with what was promised and what they answer, whole weeks, pairs, hand-overs, pictures.

``half_done`` is asked after every round: each of these acts is there whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from app.diary.codes import Activity
from app.diary.drafts import PromiseDraft, RecordDraft
from app.diary.service_events import report_event
from app.pairing.codes import Identity, PairingKind
from app.pairing.rules import Proposal
from app.pairing.service_pairs import accept
from app.pairing.service_supporters import add_supporter
from app.pairing.suggest import read_situation, suggest
from app.storage.base import new_uuid
from app.storage.store import Store
from app.tasks.diary import save_record, save_records
from app.tasks.pairing_hand_over import hand_over

Ack = Callable[[str], None]
IN_WEEK, IN_HAND, WHY = 6, 2, "先结上，查询随后补"
EVENT = "low_spirits"


def same(words: str) -> str:
    """Return the uuid that the form's draft kept over the power cut."""
    return str(uuid5(NAMESPACE_OID, words))


def record_draft(store: Store, child: str, number: int, **more: Any) -> RecordDraft:
    """Return a visit with a promise, as the form hands it over; with ``more`` it is told by its text."""
    day = (store.clock.today() - timedelta(days=1)).isoformat()
    return RecordDraft(
        uuid=new_uuid(),
        children=(child,),
        kind=Activity.HOME_VISIT,
        happened_on=day,
        content=f"{'看过了' if more else '答应了'}：第 {number} 次",
        promises=(PromiseDraft(content="带一本书"),),
        **more,
    )


def a_record(store: Store, child: str, number: int, ack: Ack) -> None:
    """Something happens to a child; the visit that answers it is written down, with a promise."""
    event = new_uuid()
    day = (store.clock.today() - timedelta(days=2)).isoformat()
    ack(report_event(store, child_uuid=child, rule_code=EVENT, happened_on=day, uuid=event).action_uuid)
    draft = record_draft(store, child, number, closes=(event,))
    ack(save_record(store, draft=draft).action_uuid)


def a_week(store: Store, number: int, ack: Ack) -> None:
    """Save a week of the same few children in one step."""
    day = store.clock.today().isoformat()
    drafts = [
        RecordDraft(
            uuid=new_uuid(), children=(child,), kind=Activity.TALK, happened_on=day, content=f"周格 {number}"
        )
        for (child,) in store.rows("SELECT uuid FROM child ORDER BY id LIMIT ?", (IN_WEEK,))
    ]
    ack(save_records(store, drafts=drafts).action_uuid)


def a_suggestion(store: Store, number: int, ack: Ack) -> None:
    """Have somebody come, let the program suggest whom he looks after, and take what it says."""
    _comes(store, f"建议{number}", ack)
    today = store.clock.today()
    made = suggest(read_situation(store, today, PairingKind.PROXY_PARENT))
    lines = made.proposals[:IN_HAND]
    if lines:
        done = accept(store, proposals=lines, since=today.isoformat(), unchecked_reason=WHY)
        ack(done.action_uuid)


def a_hand_over(store: Store, number: int, ack: Ack) -> None:
    """Somebody who looks after children, with an open promise, goes; somebody else takes all of it over."""
    leaves, follows = (_comes(store, f"{who}{number}", ack) for who in ("离手", "接手"))
    day = store.clock.today().isoformat()
    children = [
        uuid
        for (uuid,) in store.rows(
            "SELECT uuid FROM child c WHERE deleted_at IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM pairing p WHERE p.child_id = c.id) ORDER BY id DESC LIMIT ?",
            (IN_HAND,),
        )
    ]
    lines = [
        Proposal(
            child_uuid=uuid,
            child="单小",
            class_name="",
            kind=PairingKind.PROXY_PARENT,
            key=leaves,
            supporter=f"离手{number}",
            unchecked=True,
        )
        for uuid in children
    ]
    before = (store.clock.today() - timedelta(days=30)).isoformat()
    ack(accept(store, proposals=lines, since=before, unchecked_reason=WHY).action_uuid)
    done = hand_over(
        store, key=leaves, on=day, successors=dict.fromkeys(children, follows), unchecked_reason=WHY
    )
    ack(done.action_uuid)


ACTS = (a_week, a_suggestion, a_hand_over)


def _comes(store: Store, name: str, ack: Ack) -> str:
    ack(add_supporter(store, name=name, identity=Identity.VOLUNTEER).action_uuid)
    return str(store.rows("SELECT uuid FROM supporter WHERE name = ?", (name,))[0][0])


HALF_DONE = {
    "records without their promise or their event": """
        SELECT count(*) FROM care_record r WHERE (r.content LIKE '答应了：%' OR r.content LIKE '看过了：%')
        AND ((SELECT count(*) FROM promise p WHERE p.care_record_id = r.id) != 1
          OR (SELECT count(*) FROM trigger_event t WHERE t.closed_by_id = r.id) != (r.content LIKE '看过了：%'))""",
    "half weeks": f"""
        SELECT count(*) FROM (SELECT 1 FROM care_record WHERE content LIKE '周格 %' GROUP BY content
        HAVING count(*) != {IN_WEEK})""",
    "pairs that ended and went to nobody": """
        SELECT count(*) FROM pairing p WHERE p.valid_to IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pairing q
        WHERE q.child_id = p.child_id AND q.kind = p.kind AND q.valid_from = p.valid_to AND q.id != p.id)""",
    "pairs left with somebody who is gone": """
        SELECT count(*) FROM pairing p JOIN supporter s ON s.id = p.supporter_id
        WHERE s.left_on IS NOT NULL AND p.valid_to IS NULL AND p.deleted_at IS NULL""",
    "rows of pictures that point to nothing": """
        SELECT count(*) FROM attachment a WHERE NOT EXISTS (SELECT 1 FROM attachment_content k
        WHERE k.attachment_uuid = a.uuid AND length(k.content) = a.size AND a.size > 0)""",
}


def half_done(store: Store) -> dict[str, int]:
    """Return how often each thing stands there half; all must be 0."""
    return {words: store.rows(sql)[0][0] for words, sql in HALF_DONE.items()}
