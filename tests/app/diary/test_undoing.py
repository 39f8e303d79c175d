"""Whatever was done in the diary, undoing it in reverse order gives back the very rows there were (features.md idea 12)."""

from msgspec.structs import replace

from app.diary.codes import Activity
from app.diary.drafts import PromiseDraft, RecordDraft, draft_uuid
from app.diary.open_items import open_events, open_follow_ups, open_promises
from app.diary.queries import RecordFilters, record, records
from app.diary.service import change_record, remove_record, save_records
from app.diary.service_events import close_event, report_event, withdraw_event
from app.diary.service_phrases import add_phrase, move_phrase
from app.diary.service_promises import add_promise, give_up_promise, keep_promise
from app.dossier.service_bin import move_to_bin
from app.storage.history import undo

TABLES = ("care_record", "promise", "trigger_event", "attachment", "phrase", "supporter")


def rows(store):
    return {table: store.rows(f"SELECT * FROM {table} ORDER BY uuid") for table in TABLES}


def shown(store):
    lists = (open_promises(store), open_events(store), open_follow_ups(store))
    return (records(store, RecordFilters(), limit=None), *lists)


def steps(store, who):
    """Yield the changes of one action after the other, each standing on what the ones before have done."""
    visit = RecordDraft(
        uuid=draft_uuid(),
        children=(who.rain, who.thunder),
        kind=Activity.HOME_VISIT,
        happened_on="2026-11-10",
        supporter_uuid=who.wang,
        follow_up_on="2026-11-20",
        promises=(PromiseDraft(content="带课外书"),),
    )
    yield save_records(store, drafts=(visit,))
    yield report_event(store, child_uuid=who.rain, rule_code="quarrel", happened_on="2026-11-12")
    (event,) = open_events(store)
    promise = open_promises(store, child_uuid=who.rain)[0]
    second = replace(
        visit,
        uuid=draft_uuid(),
        children=(who.rain,),
        happened_on="2026-11-19",
        follow_up_on=None,
        promises=(PromiseDraft(content="问奖学金"), PromiseDraft(content="修书桌")),
        kept=(promise.uuid,),
        closes=(event.uuid,),
        follows_uuid=visit.uuid,
    )
    yield save_records(store, drafts=(second,))
    draft = record(store, second.uuid).draft
    yield change_record(
        store, uuid=second.uuid, draft=replace(draft, promises=draft.promises[1:], closes=(), content="改")
    )
    yield close_event(store, uuid=event.uuid, record_uuid=second.uuid)
    yield add_promise(store, child_uuid=who.chen, content="买手套", supporter_uuid=who.li)
    gloves = open_promises(store, child_uuid=who.chen)[0]
    yield give_up_promise(store, uuid=gloves.uuid, note="已有了")
    yield add_phrase(store, field="content", content="按时完成作业")
    yield add_phrase(store, field="content", content="情绪稳定")
    phrase = store.one("SELECT uuid FROM phrase WHERE content = '情绪稳定'")[0]
    yield move_phrase(store, uuid=phrase, position=0)
    yield remove_record(store, uuid=second.uuid)
    yield withdraw_event(store, uuid=event.uuid, note="弄错了")
    brother = open_promises(store, child_uuid=who.thunder)[0]
    yield keep_promise(store, uuid=brother.uuid, on="2026-11-20")
    yield move_to_bin(store, uuids=(who.rain,))


def test_each_step_undone_gives_back_the_rows_before_it(store, who):
    before, done = [], []
    todo = steps(store, who)
    while True:
        held = rows(store), shown(store)
        changes = next(todo, None)
        if changes is None:
            break
        assert changes, "each step writes something"
        before.append(held)
        done.append(changes)
    for changes, (held, seen) in zip(reversed(done), reversed(before), strict=True):
        undo(store, changes.action_uuid, by=None)
        assert rows(store) == held, changes.words
        assert shown(store) == seen, changes.words
    assert len(done) == 14
