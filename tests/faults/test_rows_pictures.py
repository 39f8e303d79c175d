"""R47: photos that are huge, empty, no photos at all, gone, or on a camera that is pulled out while they are read."""

from __future__ import annotations

import random
import shutil

import pytest
from PIL import Image

from tests.faults.kit.actor import Inject, operations
from tests.faults.kit.invariants import look_again
from tests.faults.test_rows_saving import FEW, cut_everywhere

MOST_KEPT = 200 * 1024
JPEG = "ffd8ff"


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """A photo of 20 MB as a good camera makes it."""
    path = tmp_path_factory.mktemp("camera") / "DSC_0047.jpg"
    size = (3000, 2300)
    grain = Image.frombytes("L", size, random.Random(47).randbytes(size[0] * size[1]))
    scene = Image.linear_gradient("L").resize(size)
    bands = [Image.blend(scene, grain, share) for share in (0.3, 0.4, 0.5)]
    Image.merge("RGB", bands).save(path, "JPEG", quality=100, subsampling=0)
    with path.open("ab") as file:  # and what the maker of the camera adds behind the picture
        file.truncate(20 * 1024 * 1024)
    return path


@pytest.fixture
def camera(tmp_path, photo):
    """A function that lays one file on the camera: by name, as a copy of the photo or with these bytes."""

    def lay(name, content=None):
        path = tmp_path / "DCIM" / name
        path.parent.mkdir(exist_ok=True)
        if content is None:
            shutil.copyfile(photo, path)
        else:
            path.write_bytes(content)
        return path

    return lay


def test_r47_a_huge_photo_is_kept_small_and_needs_its_file_no_more(row, worlds, camera):
    world = worlds()
    before = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    path = camera("DSC_0047.jpg")
    done = world.run("keep_picture", photo=path)
    row.round(injected=1, acked=len(done.acked))
    if done.fault or done.bug or path.exists():
        row.broken(f"a photo of {path.name} was not kept: {done.fault or done.bug}")
    elif not 0 < done.result["size"] <= MOST_KEPT or not done.result["begins"].startswith(JPEG):
        row.broken(f"kept is {done.result}")
    found = look_again(row, world, "a huge photo", acked=[*before, *done.acked])
    if found and found["counts"]["attachment"] != 1:
        row.lost(f"{found['counts']['attachment']} pictures are there")


def test_r47_what_is_no_photo_is_refused_in_words_and_leaves_no_row(row, worlds, camera, photo):
    world = worlds()
    before = world.run("look").result
    content = photo.read_bytes()
    cases = {
        "picture.empty": camera("空.jpg", b""),
        "picture.not_a_picture": camera("setup.jpg", b"MZ\x90\x00" + bytes(60_000)),
        "picture.broken": camera("没拷完.jpg", content[: len(content) // 3]),
        "picture.gone": camera("删了.jpg", b"").with_name("没有这张.jpg"),
        "picture.too_big": camera("很大.jpg", b"\xff\xd8\xff" + bytes(80 * 1024 * 1024)),
    }
    for key, path in cases.items():
        done = world.run("keep_picture", photo=path)
        row.round(injected=1)
        row.says(done.fault or done.bug or None, key, path.name)
        if path.name not in done.message or "没有放进来" not in done.message:
            row.wrong(f"{path.name}: {done.message}")
    found = look_again(row, world, "after every refusal", acked=[uuid for uuid, _, _ in before["actions"]])
    if found and found["counts"] != before["counts"]:
        row.broken("a refused picture left something behind")


def test_r47_the_camera_is_pulled_while_a_photo_is_read(row, worlds, camera):
    before = [uuid for uuid, _, _ in worlds().run("look").result["actions"]]
    path = camera("DSC_0047.jpg")
    counts = operations(worlds().run("keep_picture", photo=path, trace=("read", "openat"), only=(path,)))
    for call, n in ((call, n) for call, count in counts.items() for n in sorted({1, count})):
        for error in ("EIO", "ENODEV"):
            world, path = worlds(), camera("DSC_0047.jpg")
            done = world.run("keep_picture", photo=path, inject=Inject(call, n, error, True), only=(path,))
            where = f"{call} {n} {error}"
            row.round(injected=done.injected)
            row.says(done.fault or done.bug or None, "picture.unreadable", where)
            found = look_again(row, world, where, acked=before)
            if found and found["counts"]["attachment"]:
                row.broken(f"{where}: a row for a photo that was not read")


@pytest.mark.slow
def test_r47_power_cut_while_a_photo_is_saved(row, worlds, camera, photo):
    before = [uuid for uuid, _, _ in worlds().run("look").result["actions"]]
    small = photo.with_name("small.jpg")
    with Image.open(photo) as image:
        image.resize((800, 600)).save(small, "JPEG", quality=80)
    content = small.read_bytes()

    def after(world, done, where):
        camera("屋.jpg", content)
        look_again(row, world, where, acked=[*before, *done.acked])
        again = world.run("keep_picture", photo=path)
        if again.fault or again.bug:
            row.wrong(f"{where}: it could not be kept afterwards: {again.fault or again.bug}")
        found = world.run("look").result
        if found["counts"]["attachment"] != 1 or found["half_done"]:
            row.lost(f"{where}: chosen again it is {found['counts']['attachment']} pictures")
        camera("屋.jpg", content)

    path = camera("屋.jpg", content)
    cut_everywhere(row, worlds, "keep_picture", photo=path, most=FEW and FEW // 2, after=after)
