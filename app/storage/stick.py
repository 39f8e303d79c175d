"""Copying to a stick: for the school's own keeping (自存) or for the town office (报镇).

By default one 7z with encrypted names that holds the ledger, the Excel book and the manifest; a plain ledger only with
a reason that the caller records. 「现在可以拔出」 is the last word, after everything was read back (decisions §4.3).
"""

import re
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from msgspec import Struct

from app.core.clock import Clock
from app.core.files import sha256_of, unfinished
from app.core.messages import fault, refuse
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.storage.container import Packed, pack
from app.storage.copy import (
    BESIDE,
    INNER_LEDGER,
    INNER_MANIFEST,
    open_container,
    place_with_manifest,
    require_same,
    tell_sizes,
)
from app.storage.drives import DriveProbe, drive_of
from app.storage.manifest import CopiedFile, Manifest, manifest_path
from app.storage.medium import (
    DISK,
    PART,
    Disk,
    Place,
    faults_of,
    new_name,
    put_file,
    require_space,
    size_words,
    stamped,
)
from app.storage.snapshot import Facts, Snapshot, take_snapshot
from app.storage.stick_names import AUDIENCE_WORDS, Audience, StickCopy, older_copies, remove_unfinished
from app.storage.store import Store
from app.storage.withheld import without_restricted
from app.storage.workroom import workroom

NOTE_NAME = "说明.txt"
READY = "现在可以拔出"


# What no name on a FAT stick may hold.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f. ]+')
_LONGEST_LABEL = 40

# The same for every copy, so that one text serves all of them; with the mark that old Windows editors need.
NOTE = (
    "\ufeff"
    "这个优盘上名字以「守望_」开头的文件，是学校用「守望」软件拷出来的资料。\r\n"
    "\r\n"
    "名字以 .7z 结尾的：加了密。用 7-Zip、360压缩 打开，要输入口令；口令由拷贝的人用电话告诉，不写在优盘上。\r\n"
    "名字以 .db、.xlsx 结尾的：没有加密，用「守望」软件、WPS 打开，请妥善保管。\r\n"
    "名字以 .校验单.json 结尾的：核对用，请和资料放在一起，不要删、不要改。\r\n"
    "\r\n"
    "里面是未成年人的资料：只给该看的人看，用完请还给学校或删除，不要转发，不要传到网上。\r\n"
    "要核对拷得全不全：在「守望」里选「核对一份拷贝」。\r\n"
).encode()


class StickNeeds(Struct, frozen=True):
    """What a copy will need at most and what the stick has free, in bytes."""

    needed: int
    free: int

    @property
    def fits(self) -> bool:
        """Whether it will fit."""
        return self.needed <= self.free

    def words_of(self, where: str) -> str:
        """Say both sizes, before the copy is begun; ``where`` is 优盘 or 这个文件夹."""
        return f"最多要 {size_words(self.needed)}，{where}还有 {size_words(self.free)}"


class StickResult(Struct, frozen=True):
    """A copy on the stick that was read back and found equal. ``size`` in bytes, ``sha256`` of the file at ``path``.

    ``words`` are the lines to show, 「现在可以拔出」 last; ``older`` are copies of the same kind beyond the newest
    five, which the person may be offered to remove. ``plain_reason`` is for the hand-over log.
    """

    path: Path
    audience: Audience
    encrypted: bool
    size: int
    sha256: str
    made_at: str
    facts: Facts
    files: tuple[str, ...]
    note: Path
    from_disk: bool
    plain_reason: str | None
    older: tuple[StickCopy, ...]
    words: tuple[str, ...]

    @property
    def schema(self) -> int:
        """The schema number of the copied ledger."""
        return self.facts.schema

    @property
    def counts(self) -> Mapping[str, int]:
        """The rows per table."""
        return self.facts.counts

    @property
    def commit_no(self) -> int:
        """The number of the last commit in the copy."""
        return self.facts.commit_no


def stick_needs(
    store: Store, folder: Path, *, extra_files: Mapping[str, Path] | None = None, disk: Disk = DISK
) -> StickNeeds:
    """Return what a copy of ``store`` needs at most on the stick: told before the start."""
    pages = store.rows("PRAGMA page_count")[0][0] * store.rows("PRAGMA page_size")[0][0]
    extra = sum(path.stat().st_size for path in (extra_files or {}).values())
    with faults_of(Place.STICK):
        return StickNeeds(needed=int(pages) + extra + BESIDE, free=disk.free(folder))


def copy_to_stick(
    store: Store,
    folder: Path,
    *,
    audience: Audience | str,
    clock: Clock,
    passphrase: str | None = None,
    plain_reason: str | None = None,
    extra_files: Mapping[str, Path] | None = None,
    progress: Progress = no_progress,
    disk: Disk = DISK,
    probe: DriveProbe | None = None,
) -> StickResult:
    """Copy the open ledger onto the stick at ``folder``, proved, and say when it may be pulled.

    With a ``passphrase`` everything goes into one encrypted 7z; without, a plain ledger needs ``plain_reason``, which
    the caller records. For the town the restricted records are taken out first. ``extra_files`` (name → file, such as
    the Excel ledger) go along; their names may hold no child's name. UserError ``copy.…`` for a missing passphrase or
    reason, EnvironmentFault ``copy.…``/``stick.…`` when it was not copied: then nothing of it is left on the stick.
    """
    audience = Audience(audience)
    if not passphrase and (plain_reason is None or not plain_reason.strip()):
        raise refuse("copy.passphrase_needed" if plain_reason is None else "copy.reason_needed")
    _refuse_early(folder, probe)
    moment = clock.now()
    with ExitStack() as undo, workroom(private_folder()) as room:
        snapshot = take_snapshot(store, room, day=moment.date().isoformat(), progress=progress, disk=disk)
        if audience == Audience.TOWN:
            progress(0, 0, "正在取出不报镇的内容")
            snapshot = without_restricted(snapshot, day=moment.date().isoformat(), disk=disk)
        job = _Job(
            folder=folder,
            stem=f"守望_{_school_label(store)}_{AUDIENCE_WORDS[audience]}_{stamped(moment)}",
            made_at=moment.isoformat(timespec="seconds"),
            audience=audience,
            snapshot=snapshot,
            extra=dict(extra_files or {}),
            room=room,
            progress=progress,
            disk=disk,
            probe=probe,
        )
        remove_unfinished(folder, disk=disk)
        placed = job.place_encrypted(passphrase, undo) if passphrase else job.place_plain(undo)
        note = job.place_note(undo)
        undo.pop_all()
    result = job.result(placed, note, plain_reason=None if passphrase else plain_reason)
    progress(placed.size, placed.size, READY)
    return result


class _Placed(Struct, frozen=True):
    path: Path
    size: int
    sha256: str
    files: tuple[str, ...]
    from_disk: bool


class _Job(Struct, frozen=True):
    """One copy under way: what goes where."""

    folder: Path
    stem: str
    made_at: str
    audience: Audience
    snapshot: Snapshot
    extra: dict[str, Path]
    room: Path
    progress: Progress
    disk: Disk
    probe: DriveProbe | None

    def place_encrypted(self, passphrase: str, undo: ExitStack) -> _Placed:
        """Make the container on the computer, unpack it again to prove it, and bring it to the stick."""
        content = (
            CopiedFile(INNER_LEDGER, self.snapshot.size, self.snapshot.sha256),
            *(_described(name, path) for name, path in self.extra.items()),
        )
        total = sum(file.size for file in content)
        # Once packed, and once more unpacked to prove it.
        require_space(self.room, 2 * total + BESIDE, place=Place.COMPUTER, disk=self.disk)
        inner = self.room / INNER_MANIFEST
        with faults_of(Place.COMPUTER):
            inner.write_bytes(self._manifest(content).to_json())
        local = self.room / "copy.7z"
        files = [
            Packed(INNER_LEDGER, self.snapshot.path),
            *(Packed(name, path) for name, path in self.extra.items()),
            Packed(INNER_MANIFEST, inner),
        ]
        with faults_of(Place.COMPUTER):
            pack(local, files, passphrase=passphrase, progress=self.progress)
            self.progress(0, 0, "正在核对加密的一份")
            unpacked = self.room / "unpacked"
            unpacked.mkdir(mode=0o700)
            # Every file in it has the hash it had before it went in; the ledger among them was checked whole.
            open_container(local, unpacked, passphrase=passphrase)
        final = self._new_name(".7z")
        return self._place(
            local, final, _described(final.name, local), undo, tuple(file.name for file in files)
        )

    def place_plain(self, undo: ExitStack) -> _Placed:
        """Bring the ledger itself to the stick, the extra files beside it first.

        When the power goes in between, the next start takes them away again: nothing says that they left the school.
        """
        final = self._new_name(".db")
        extra = [_described(f"{final.stem}_{name}", path) for name, path in self.extra.items()]
        ledger = CopiedFile(final.name, self.snapshot.size, self.snapshot.sha256)
        names = (ledger.name, *(file.name for file in extra))
        with unfinished(final.with_name(final.name + PART), *(self.folder / file.name for file in extra)):
            for file, path in zip(extra, self.extra.values(), strict=True):
                beside = self.folder / file.name
                put_file(
                    path,
                    beside,
                    sha256=file.sha256,
                    place=Place.STICK,
                    progress=self.progress,
                    disk=self.disk,
                )
                undo.callback(_remove, self.disk, beside)
            return self._place(self.snapshot.path, final, ledger, undo, names)

    def _place(
        self, local: Path, final: Path, file: CopiedFile, undo: ExitStack, files: tuple[str, ...]
    ) -> _Placed:
        drive = drive_of(self.folder, self.probe)
        if drive is not None and drive.largest_file is not None and file.size > drive.largest_file:
            raise fault("copy.too_large", place=Place.STICK, needed=size_words(file.size))
        tell_sizes(self.folder, file.size, place=Place.STICK, progress=self.progress, disk=self.disk)
        manifest = self._manifest((file,))
        examine = partial(require_same, manifest.facts, Place.STICK)
        from_disk = place_with_manifest(
            local,
            final,
            manifest,
            room=self.room,
            place=Place.STICK,
            progress=self.progress,
            examine=examine if final.suffix == ".db" else None,
            disk=self.disk,
        )
        undo.callback(_remove, self.disk, final, manifest_path(final))
        return _Placed(final, file.size, file.sha256, files, from_disk)

    def _new_name(self, suffix: str) -> Path:
        return new_name(self.folder, self.stem, suffix, place=Place.STICK, disk=self.disk)

    def place_note(self, undo: ExitStack) -> Path:
        """Leave the 说明.txt beside the copy, over nobody's file; one that is there already serves."""
        final = self.folder / NOTE_NAME
        local = self.room / NOTE_NAME
        with faults_of(Place.COMPUTER):
            local.write_bytes(NOTE)
        with faults_of(Place.STICK):
            if final.exists():
                if final.read_bytes() == NOTE:
                    return final
                final = new_name(
                    self.folder, f"说明{self.stem[-16:]}", ".txt", place=Place.STICK, disk=self.disk
                )
        put_file(
            local,
            final,
            sha256=sha256_of(local),
            place=Place.STICK,
            progress=no_progress,
            disk=self.disk,
        )
        undo.callback(_remove, self.disk, final)
        return final

    def result(self, placed: _Placed, note: Path, *, plain_reason: str | None) -> StickResult:
        """Return what lies there now; ``plain_reason`` None for an encrypted copy."""
        encrypted, facts = plain_reason is None, self.snapshot.facts
        return StickResult(
            path=placed.path,
            audience=self.audience,
            encrypted=encrypted,
            size=placed.size,
            sha256=placed.sha256,
            made_at=self.made_at,
            facts=facts,
            files=placed.files,
            note=note,
            from_disk=placed.from_disk,
            plain_reason=plain_reason,
            older=tuple(older_copies(placed.path, disk=self.disk)),
            words=_words(facts, placed, encrypted=encrypted),
        )

    def _manifest(self, files: tuple[CopiedFile, ...]) -> Manifest:
        return Manifest(
            kind=self.audience, reason="", made_at=self.made_at, files=files, facts=self.snapshot.facts
        )


def _described(name: str, path: Path) -> CopiedFile:
    with faults_of(Place.COMPUTER):
        return CopiedFile(name, path.stat().st_size, sha256_of(path))


def _remove(disk: Disk, *paths: Path) -> None:
    for path in paths:
        with suppress(OSError):  # the stick may be gone
            disk.remove(path)


def _refuse_early(folder: Path, probe: DriveProbe | None) -> None:
    if not folder.is_dir():
        raise fault("stick.no_folder", name=folder.name)
    with faults_of(Place.STICK):
        folder.stat()
    drive = drive_of(folder, probe)
    if drive is not None and drive.read_only:
        raise fault("stick.write_protected")


def _school_label(store: Store) -> str:
    """The school's code, or its name, as a file name may carry it; never more about anybody."""
    found = store.one("SELECT code, name FROM school WHERE deleted_at IS NULL LIMIT 1")
    for text in found or ():
        label = _NOT_IN_NAMES.sub("", str(text or ""))[:_LONGEST_LABEL]
        if label:
            return label
    return "学校"


def _words(facts: Facts, placed: _Placed, *, encrypted: bool) -> tuple[str, ...]:
    lines = [f"已拷好，读回核对一致：{facts.children} 名儿童，{size_words(placed.size)}。"]
    if not placed.from_disk:
        lines.append("这台电脑不能直接从优盘读回：请拔下再插上，用「核对一份拷贝」再看一遍。")
    if encrypted:
        lines.append("打开要口令：请用电话告诉对方，不要写在优盘上。")
    return (*lines, READY)
