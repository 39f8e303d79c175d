"""A ledger some weeks in use, for pictures: the demo school with what only use leaves behind."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PySide6.QtGui import QImage

from app.children.codes import RegistrationEnd
from app.children.drafts import ChildDraft
from app.children.queries import load_facts
from app.children.service import add_child
from app.children.service_status import leave
from app.core.clock import Clock
from app.diary.codes import AttachmentKind
from app.diary.counselling import set_up
from app.diary.drafts import PictureDraft
from app.diary.service_attachments import add_attachments
from app.dossier.service_bin import move_to_bin
from app.pairing.facts import SupporterFacts
from app.pairing.queries import supporters
from app.storage.backup_list import Reason
from app.storage.backups import make_backup
from app.storage.pictures import Picture, shrink
from app.storage.store import Store
from app.survey.service import begin_survey
from app.tasks.week_forms import forms_wanted, make_week_forms
from app.todo.queries import due_items
from app.todo.service_forms import plan_forms, print_forms
from ui import theme
from ui.theme import Tone

PICTURED, LEFT, SUPPORTER, PHOTO = "pictured", "left", "supporter", "photo"
"""What `wear` names: a child with attachments, one that left the ledger, the supporter with the most children, a file."""
WORDS = "桐花开在三月里"
"""The passphrase of the counsellor."""
_FORMS = 6


def wear(path: Path, clock: Clock) -> dict[str, str]:
    """Write into the ledger what scenes need; return what is to be found in it, by its part.

    A file in the bin, two files that may be one child's, a photo and a PDF, printed forms, a child off the ledger.
    """
    with Store.open(path, clock=clock, verify=False) as store:
        today = clock.today()
        children = load_facts(store, today, only_registered=True)
        pictured, left, binned, twin = children[0], children[1], children[2], children[3]
        file = _photo(path.parent)
        photo = shrink(file)
        forms = plan_forms(store, drafts=forms_wanted(due_items(store).items)[:_FORMS])
        print_forms(store, forms=forms)
        paper = BytesIO()
        make_week_forms(store, forms[:2], paper)
        page = Picture(paper.getvalue(), "application/pdf", None, None)
        kept = [
            PictureDraft(picture=photo, title="家访合影", taken_on="2026-10-18"),
            PictureDraft(picture=page, title="委托照护书", kind=AttachmentKind.DOCUMENT),
        ]
        add_attachments(store, child_uuid=pictured.uuid, pictures=kept)
        leave(store, child_uuid=left.uuid, reason=RegistrationEnd.BOTH_PARENTS_BACK, on=today.isoformat())
        move_to_bin(store, uuids=[binned.uuid])
        draft = ChildDraft(
            name=twin.name,
            sex=twin.sex,
            birth_date=twin.birth_date,
            class_uuid=twin.school_class.uuid if twin.school_class else None,
        )
        add_child(store, draft=draft)
        set_up(store, passphrase=WORDS)
        begin_survey(store, name="2026年冬季摸底核实", starts_on=today)
        make_backup(store, reason=Reason.BY_HAND)
        busiest = max(supporters(store, today), key=_children)
    return {PICTURED: pictured.uuid, LEFT: left.uuid, SUPPORTER: busiest.key, PHOTO: str(file)}


def _children(one: SupporterFacts) -> int:
    return one.children


def _photo(room: Path) -> Path:
    """Write a picture as large as a telephone's, of one colour."""
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    image.fill(theme.colour(Tone.FIELD))
    file = room / "photo.png"
    image.save(str(file))
    return file
