"""Two rows of the same grown-up, side by side: what differs, whose times meet, which children it concerns."""

from msgspec import Struct

from app.children.finding import phone_shared_with
from app.children.periods import key_of
from app.children.tables import Person
from app.core.messages import refuse
from app.dossier.merge import Clash, FieldPair, field_pair, image_of, person_clashes
from app.storage.store import Store

PERSON_FIELDS = tuple(
    one.column_name
    for one in Person._meta.sorted_fields
    if one.column_name not in ("id", "uuid", "entered_at", "deleted_at")
)
"""What stands on a grown-up itself."""


class PeoplePreview(Struct, frozen=True):
    """Everything that is shown before two rows become one; ``keep_kin`` and ``drop_kin`` say whose kin each is."""

    keep_uuid: str
    drop_uuid: str
    keep_name: str
    drop_name: str
    keep_kin: str
    drop_kin: str
    fields: tuple[FieldPair, ...]
    clashes: tuple[Clash, ...]

    @property
    def words(self) -> str:
        """Return what happens, in one sentence."""
        around = f"{self.drop_kin}那里也跟着改。" if self.drop_kin else ""
        return f"「{self.drop_name}」名下的电话、外出情况和亲属关系都并过来。{around}可以整个撤销。"


def people_preview(store: Store, keep_uuid: str, drop_uuid: str) -> PeoplePreview:
    """Return both side by side. UserError ``merge.same``, ``row.unknown`` for one that is not there."""
    if keep_uuid == drop_uuid:
        raise refuse("merge.same")
    for uuid in (keep_uuid, drop_uuid):
        key_of(store, Person, uuid)
    keep, drop = image_of(store, "person", keep_uuid), image_of(store, "person", drop_uuid)
    return PeoplePreview(
        keep_uuid,
        drop_uuid,
        keep["name"] or "姓名未采集",
        drop["name"] or "姓名未采集",
        _kin(store, keep_uuid),
        _kin(store, drop_uuid),
        tuple(field_pair("person", column, keep, drop) for column in PERSON_FIELDS),
        tuple(person_clashes(store, keep_uuid, drop_uuid)),
    )


def _kin(store: Store, uuid: str) -> str:
    return "、".join(f"{child.name}的{child.why}" for child in phone_shared_with(store, uuid))
