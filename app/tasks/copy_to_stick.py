"""Copy the ledger to a stick with the Excel ledger beside it, and write down that it left the school."""

from pathlib import Path

from msgspec import Struct

from app.children.queries import let_go, load_facts
from app.core.changes import Changes
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.storage.drives import DriveKind, DriveProbe, drive_of
from app.storage.stick import READY, StickResult, copy_to_stick
from app.storage.stick_names import AUDIENCE_WORDS, Audience
from app.storage.store import Store
from app.storage.workroom import workroom
from app.tasks.export_ledger import ledger_head, ledger_order

BOOK_NAME = "留守儿童台账.xlsx"
STAYS = "它在电脑自己的硬盘上，电脑坏了它也没有了：还要再拷到优盘。"
"""The last word instead of 「现在可以拔出」 where nothing can be pulled."""
_CONTENTS = {Audience.TOWN: "数据和台账", Audience.SELF: "整份数据"}
"""What goes out: the town's copy is without what stays in the school (``app.storage.withheld``)."""
_RECIPIENTS = {Audience.TOWN: "镇", Audience.SELF: "本校自存"}


class StickHandover(Struct, frozen=True):
    """The copy that was made and proved, and the log entry about it.

    It ``stays_here`` on a disk of the computer's own: lost with the computer, so it is logged as an export and is no
    copy on a stick.
    """

    copy: StickResult
    profile: Profile
    changes: Changes
    stays_here: bool

    @property
    def last(self) -> str:
        """Return the last word: that it may be pulled, or that there is nothing to pull."""
        return STAYS if self.stays_here else READY

    @property
    def words(self) -> tuple[str, ...]:
        """Return the lines that tell of the copy, ``last`` at the end."""
        return (*(line for line in self.copy.words if line != READY), self.last)


def copy_to_stick_logged(
    store: Store,
    folder: Path,
    *,
    audience: Audience,
    passphrase: str | None = None,
    plain_reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
    probe: DriveProbe | None = None,
) -> StickHandover:
    """Copy the ledger to ``folder`` and log it; the Excel ledger of today goes along.

    Inside the encrypted container the book carries whole numbers (whoever opens it holds the ledger
    too), beside a plain copy it is masked. See ``app.storage.stick`` for what is refused.
    """
    from app.workbook.ledger_book import write_ledger

    day = store.clock.today()
    profile = Profile.FULL if passphrase else Profile.MASKED
    with workroom(private_folder()) as room:
        book = room / BOOK_NAME
        children = ledger_order(load_facts(store, day, only_registered=True))
        write_ledger(children, ledger_head(store, day), book, profile=profile.value, progress=progress)
        let_go(children)
        copy = copy_to_stick(
            store,
            folder,
            audience=audience,
            clock=store.clock,
            passphrase=passphrase,
            plain_reason=plain_reason,
            extra_files={BOOK_NAME: book},
            progress=progress,
            probe=probe,
        )
    stays_here = _is_own_disk(folder, store.path, probe)
    changes = log_handover(
        store,
        kind=HandoverKind.EXPORT if stays_here else HandoverKind.STICK,
        content=f"{_CONTENTS[audience]}（{AUDIENCE_WORDS[audience]}，{'加密' if copy.encrypted else '不加密'}）",
        people=copy.facts.children,
        profile=Profile.FULL,
        reason=plain_reason or "加密的拷贝",
        recipient=_RECIPIENTS[audience],
        file_name=copy.path.name,
        sha256=copy.sha256,
        as_of=day,
        by=by,
    )
    return StickHandover(copy, profile, changes, stays_here)


def _is_own_disk(folder: Path, ledger: Path, probe: DriveProbe | None) -> bool:
    """Tell whether ``folder`` lies on the ledger's own disk or another one inside the computer, as far as is known."""
    drive = drive_of(folder, probe)
    if drive is not None and drive.kind is not DriveKind.FIXED:
        return False
    beside = ledger.parent if drive is None else drive.path
    try:
        return folder.stat().st_dev in {beside.stat().st_dev, ledger.parent.stat().st_dev}
    except OSError:  # pulled already: no disk of the computer's own
        return False
