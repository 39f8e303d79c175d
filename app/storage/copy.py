"""The verified copy: the only way a ledger is copied, and the way any copy is checked later (reliability §1.1)."""

import errno
import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.core.clock import Clock
from app.core.errors import EnvironmentFault, ShouwangError
from app.core.files import sha256_of
from app.core.messages import FAULTS, fault
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.storage.check import Unusable
from app.storage.connection import is_given_whole, is_open_here
from app.storage.container import is_container, unpack
from app.storage.manifest import (
    CopiedFile,
    Manifest,
    manifest_path,
    parse_manifest,
    read_manifest,
)
from app.storage.medium import (
    DISK,
    Disk,
    Place,
    faults_of,
    medium_fault,
    new_name,
    put_file,
    require_space,
    size_words,
    stamped,
)
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.snapshot import Facts, inspect_ledger, settled, take_snapshot
from app.storage.store import Store
from app.storage.workroom import workroom

# Names of what lies inside a container; none of them says whose data it is.
INNER_LEDGER = "守望.db"
INNER_MANIFEST = "校验单.json"
# Room for the manifest and the file system's own book-keeping beside a copy, in bytes.
BESIDE = 64 * 1024


class CopyResult(Struct, frozen=True):
    """A copy that was read back and found equal. ``size`` in bytes, ``sha256`` of the file at ``path``.

    ``from_disk``: the read-back is known to have come from the disk and not from the computer's memory; where it is
    not, the words ask to pull the stick, plug it in again and check once more.
    """

    path: Path
    size: int
    sha256: str
    made_at: str
    facts: Facts
    from_disk: bool

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


class VerifyResult(Struct, frozen=True):
    """What a check of a copy found. ``state`` is one of decisions §3.5, ``message`` says it in Chinese.

    ``facts`` and ``manifest`` are None when they could not be read; ``files`` are the names in a container.
    """

    path: Path
    state: str
    message: str
    size: int = 0
    sha256: str = ""
    facts: Facts | None = None
    manifest: Manifest | None = None
    files: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the copy can be relied on (an older schema is upgraded when it is opened)."""
        return self.state in {"ok", "older-schema"}

    @property
    def children(self) -> int | None:
        """How many children are on the ledger in the copy."""
        return None if self.facts is None else self.facts.children

    @property
    def last_entry(self) -> str | None:
        """When the last action in the copy was done, local ISO time."""
        return None if self.facts is None else self.facts.last_entry

    @property
    def commit_no(self) -> int | None:
        """The number of the last commit in the copy."""
        return None if self.facts is None else self.facts.commit_no

    @property
    def schema(self) -> int | None:
        """The schema number of the copy."""
        return None if self.facts is None else self.facts.schema

    @property
    def made_at(self) -> str | None:
        """When the copy was made by its manifest, local ISO time."""
        return None if self.manifest is None else self.manifest.made_at


def verified_copy(
    source: Store | Path,
    target_folder: Path,
    name_stem: str,
    *,
    clock: Clock,
    progress: Progress = no_progress,
    place: Place = Place.FOLDER,
    kind: str = "copy",
    reason: str = "",
    name_tail: str = "",
    rooms: Path | None = None,
    disk: Disk = DISK,
) -> CopyResult:
    """Copy a ledger to ``<name_stem>_YYYYMMDD_HHMMSS<name_tail>.db`` in ``target_folder``, proved, with its manifest.

    The snapshot lies in the private folder meanwhile, unless ``rooms`` names another one (this computer's disk is full).

    ``source`` is the open store or a ledger file that is not open. An older copy is never written over. Raises
    EnvironmentFault (``copy.…``, ``stick.…``); after any exception nothing of this copy is left in the folder.
    """
    moment = clock.now()
    with workroom(rooms or private_folder()) as room:
        snapshot = take_snapshot(source, room, day=moment.date().isoformat(), progress=progress, disk=disk)
        tell_sizes(target_folder, snapshot.size, place=place, progress=progress, disk=disk)
        final = new_name(
            target_folder, f"{name_stem}_{stamped(moment)}{name_tail}", ".db", place=place, disk=disk
        )
        manifest = Manifest(
            kind=kind,
            reason=reason,
            made_at=moment.isoformat(timespec="seconds"),
            files=(CopiedFile(final.name, snapshot.size, snapshot.sha256),),
            facts=snapshot.facts,
        )
        from_disk = place_with_manifest(
            snapshot.path,
            final,
            manifest,
            room=room,
            place=place,
            progress=progress,
            examine=partial(require_same, snapshot.facts, place),
            disk=disk,
        )
    return CopyResult(
        path=final,
        size=snapshot.size,
        sha256=snapshot.sha256,
        made_at=manifest.made_at,
        facts=snapshot.facts,
        from_disk=from_disk,
    )


def tell_sizes(folder: Path, size: int, *, place: Place, progress: Progress, disk: Disk = DISK) -> None:
    """Say before the start what will be written and what is free; ``copy.no_space`` when it does not fit."""
    free = require_space(folder, size + BESIDE, place=place, disk=disk)
    progress(0, size, f"要拷 {size_words(size)}，{place}还有 {size_words(free)}")


def place_with_manifest(
    local: Path,
    final: Path,
    manifest: Manifest,
    *,
    room: Path,
    place: Place,
    progress: Progress,
    examine: Callable[[Path], None] | None = None,
    disk: Disk = DISK,
) -> bool:
    """Bring a checked file from a private ``room`` to ``final`` and its manifest beside it, both read back.

    The manifest's first file is ``local`` itself, and it gets its name last: whenever the power goes, what has the name of
    a copy has its manifest. Returns whether the read-back surely came from the disk; after any exception neither file is
    there.
    """
    content, slip = manifest.to_json(), manifest_path(final)
    is_told = False

    def prove_and_tell(part: Path) -> None:
        nonlocal is_told
        if examine is not None:
            examine(part)
        draft = room / INNER_MANIFEST
        with faults_of(Place.COMPUTER):
            draft.write_bytes(content)
        put_file(
            draft,
            slip,
            sha256=hashlib.sha256(content).hexdigest(),
            place=place,
            progress=no_progress,
            disk=disk,
        )
        is_told = True

    try:
        return put_file(
            local,
            final,
            sha256=manifest.files[0].sha256,
            place=place,
            progress=progress,
            examine=prove_and_tell,
            slip=slip,
            disk=disk,
        )
    except BaseException:
        if is_told:
            with suppress(OSError):
                disk.remove(slip)
        raise


def require_same(facts: Facts, place: Place, part: Path) -> None:
    """Open the copy on the target and compare what it holds with the snapshot (reliability §1.1, step 7)."""
    try:
        found = inspect_ledger(part, day=facts.counted_on, exactly=True, whole=False)
    except Unusable as problem:
        if problem.state == "io-error":
            raise medium_fault(OSError(errno.EIO, "READ"), place) from problem
        raise fault("copy.readback_differs", place=place, code=problem.code) from problem
    if found != facts:
        raise fault("copy.readback_differs", place=place)


# ------------------------------------------------------------------------------------------------ checking a copy


def verify_file(
    path: Path, *, passphrase: str | None = None, progress: Progress = no_progress, disk: Disk = DISK
) -> VerifyResult:
    """Check a copy, plain or encrypted: readable, whole, ours, and what its manifest says it was.

    The bytes are read from the disk, not from memory, where the system lets us. Touches nothing. UserError
    ``container.…`` when a passphrase is missing or wrong; everything wrong with the file is in the result.
    """
    if is_open_here(path):
        raise ValueError("a plain read of the open ledger would drop its locks")
    try:
        if path.is_dir():
            return _verdict(path, "folder")
        if path.stat().st_size == 0:
            return _verdict(path, "empty")
        manifest = read_manifest(path)
        size, digest = _hash_from_disk(path, progress, disk)
        found = VerifyResult(path, "", "", size=size, sha256=digest, manifest=manifest)
        if manifest is not None and (manifest.files[0].size, manifest.files[0].sha256) != (size, digest):
            return replace(found, state="corrupt", message=_message("verify.differs"))
        if is_container(path):
            with workroom(private_folder()) as room:
                return _verify_container(found, room, passphrase)
        with settled(path) as ledger:
            return _verify_ledger(found, ledger, manifest)
    except FileNotFoundError:
        return _verdict(path, "missing", name=path.name)
    except OSError:
        return _verdict(path, "io-error")
    except Unusable as problem:
        return VerifyResult(path, problem.state, _state_message(problem.state))


def _hash_from_disk(path: Path, progress: Progress, disk: Disk) -> tuple[int, str]:
    total = path.stat().st_size
    digest = hashlib.sha256()
    done = 0
    disk.drop_cache(path)
    for block in disk.blocks(path):
        digest.update(block)
        done += len(block)
        progress(done, total, "正在核对")
    return done, digest.hexdigest()


def _verify_ledger(found: VerifyResult, ledger: Path, manifest: Manifest | None) -> VerifyResult:
    try:
        day = None if manifest is None else manifest.facts.counted_on
        facts = inspect_ledger(ledger, day=day, exactly=True)
    except Unusable as problem:
        return replace(found, state=problem.state, message=_state_message(problem.state))
    if manifest is not None and manifest.facts != facts:
        return replace(found, state="corrupt", message=_message("verify.differs"))
    state = "ok" if facts.schema == SCHEMA_VERSION else "older-schema"
    words = _message(f"verify.{state}", content=facts.words)
    if manifest is None:
        # Pages and tables agree; a changed letter inside a cell only the hash of the manifest would show.
        words += _message("verify.no_manifest")
    return replace(found, state=state, message=words, facts=facts, manifest=manifest)


def _verify_container(found: VerifyResult, room: Path, passphrase: str | None) -> VerifyResult:
    try:
        manifest, files = open_container(found.path, room, passphrase=passphrase)
    except ShouwangError as problem:
        if not is_given_whole(found.path):  # pulled meanwhile: neither damaged nor another passphrase
            return replace(found, state="io-error", message=unreadable_words())
        if not isinstance(problem, EnvironmentFault):
            raise
        state = "not-ours" if problem.key == "container.not_ours" else "corrupt"
        return replace(found, state=state, message=str(problem))
    outer = found.manifest
    if outer is not None and outer.facts != manifest.facts:
        return replace(found, state="corrupt", message=_message("verify.differs"))
    return replace(_verify_ledger(found, room / INNER_LEDGER, manifest), files=files)


def open_container(path: Path, room: Path, *, passphrase: str | None) -> tuple[Manifest, tuple[str, ...]]:
    """Unpack one of our containers into ``room`` and compare every file with the manifest inside.

    Returns the inner manifest and the names. UserError for the passphrase, EnvironmentFault ``container.…``.
    """
    names = unpack(path, room, passphrase=passphrase)
    slip = room / INNER_MANIFEST
    manifest = parse_manifest(slip.read_bytes()) if INNER_MANIFEST in names else None
    if manifest is None or manifest.files[0].name != INNER_LEDGER:
        raise fault("container.not_ours")
    if {file.name for file in manifest.files} | {INNER_MANIFEST} != set(names):
        raise fault("container.damaged")
    for file in manifest.files:
        if (room / file.name).stat().st_size != file.size or sha256_of(room / file.name) != file.sha256:
            raise fault("container.damaged")
    return manifest, tuple(names)


def unreadable_words() -> str:
    """Say of a copy that its stick or disk does not give it."""
    return _message("verify.io-error")


def _verdict(path: Path, state: str, **values: str) -> VerifyResult:
    return VerifyResult(path, state, _message(f"verify.{state}", **values))


def _state_message(state: str) -> str:
    key = f"verify.{state}"
    return _message(key if key in FAULTS else "verify.corrupt")


def _message(key: str, **values: object) -> str:
    text = FAULTS[key]
    return f"{text.what}{text.safe}{text.todo}".format_map(values)
