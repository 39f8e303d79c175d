"""Finding a grown-up the file knows already."""

from app.children.codes import Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.finding_people import people_named
from app.children.service import add_child


def family(store, child, grandmother, phone=None):
    draft = PersonDraft(
        relation=Relation.PATERNAL_GRANDMOTHER,
        name=grandmother,
        label="奶奶",
        phones=(phone,) if phone else (),
    )
    add_child(store, draft=ChildDraft(name=child, people=(draft,)))


def test_a_grown_up_is_found_by_name_and_told_apart_by_whose_they_are(store):
    family(store, "覃小燕", "田秀莲", "13812346217")
    family(store, "周子轩", "田秀")
    hits = people_named(store, "田秀")
    assert [hit.name for hit in hits] == ["田秀", "田秀莲"], "the exact name first"
    assert hits[1].why == "覃小燕的奶奶，138****6217"


def test_spaces_and_wildcards_are_taken_as_typed(store):
    family(store, "覃小燕", "田秀莲")
    assert [hit.name for hit in people_named(store, " 田 秀 莲 ")] == ["田秀莲"]
    assert people_named(store, "%") == []
    assert people_named(store, "  ") == []
