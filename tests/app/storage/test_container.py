"""The encrypted container: only the passphrase opens it, and the real 7-Zip does too."""

import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Cancelled, EnvironmentFault, UserError
from app.storage.container import Packed, is_container, pack, passphrase_advice, unpack

PASSPHRASE = "青石坪的桥2026"
CONTENT = {
    "守望.db": "覃小雨 522301201503120016 ".encode() * 4000,
    "台账 ①.xlsx": os.urandom(30_000),
    "校验单.json": b"{}",
}


@pytest.fixture
def packed(tmp_path):
    files = []
    for number, (name, content) in enumerate(CONTENT.items()):
        (tmp_path / str(number)).write_bytes(content)
        files.append(Packed(name, tmp_path / str(number)))
    target = tmp_path / "拷贝.7z"
    pack(target, files, passphrase=PASSPHRASE)
    return target


def test_what_goes_in_comes_out(packed, tmp_path):
    folder = tmp_path / "出"
    folder.mkdir()
    assert sorted(unpack(packed, folder, passphrase=PASSPHRASE)) == sorted(CONTENT)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT
    assert is_container(packed)


def test_the_real_7_zip_opens_it(packed, tmp_path, reader):
    program = reader("7z")
    folder = tmp_path / "出"
    done = subprocess.run(
        [program, "x", f"-p{PASSPHRASE}", f"-o{folder}", str(packed)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT
    listed = subprocess.run(
        [program, "l", "-slt", f"-p{PASSPHRASE}", str(packed)], capture_output=True, text=True, check=True
    ).stdout
    assert "7zAES" in listed
    assert "Encrypted = +" in listed


def test_without_the_passphrase_not_even_names_show(packed, reader):
    program = reader("7z")
    for passphrase in ("", "猜一个"):
        listed = subprocess.run(
            [program, "l", f"-p{passphrase}", str(packed)], capture_output=True, text=True, check=False
        )
        assert listed.returncode != 0
        assert "守望" not in listed.stdout + listed.stderr.replace(str(packed), "")
    raw = packed.read_bytes()
    for text in ("覃小雨", "522301201503120016", "守望", "台账", "xlsx"):
        assert text.encode() not in raw
        assert text.encode("utf-16-le") not in raw


@pytest.mark.parametrize("passphrase", ["青石坪的桥2025", "青石坪的桥2026 ", "x", "青石坪的桥２０２６"])
def test_a_wrong_passphrase_is_said_plainly(passphrase, packed, tmp_path):
    folder = tmp_path / "出"
    folder.mkdir()
    with pytest.raises(UserError) as caught:
        unpack(packed, folder, passphrase=passphrase)
    assert caught.value.key == "container.wrong_passphrase"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("passphrase", [None, ""])
def test_no_passphrase_is_asked_for(passphrase, packed, tmp_path):
    with pytest.raises(UserError) as caught:
        unpack(packed, tmp_path, passphrase=passphrase)
    assert caught.value.key == "container.passphrase_needed"
    with pytest.raises(UserError) as caught:
        pack(tmp_path / "leer.7z", [], passphrase=passphrase or " ")
    assert caught.value.key == "copy.passphrase_needed"


@pytest.mark.parametrize("cut", [1, 40, 20_000])
def test_a_cut_container_is_damaged_not_a_wrong_passphrase(cut, packed, tmp_path):
    packed.write_bytes(packed.read_bytes()[:-cut])
    with pytest.raises(EnvironmentFault) as caught:
        unpack(packed, tmp_path, passphrase=PASSPHRASE)
    assert caught.value.key == "container.damaged"


@pytest.mark.parametrize("at", [9, 14, 40, 5000, -10])
def test_a_changed_byte_is_damage(at, packed, tmp_path):
    content = bytearray(packed.read_bytes())
    content[at] ^= 4
    packed.write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        unpack(packed, tmp_path, passphrase=PASSPHRASE)
    assert caught.value.key == "container.damaged"


def test_a_strangers_7z_is_not_ours(tmp_path, reader):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_bytes(b"x")
    target = tmp_path / "x.7z"
    subprocess.run(
        [reader("7z"), "a", f"-p{PASSPHRASE}", "-mhe=on", str(target), "a"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    folder = tmp_path / "出"
    folder.mkdir()
    with pytest.raises(EnvironmentFault) as caught:
        unpack(target, folder, passphrase=PASSPHRASE)
    assert caught.value.key == "container.not_ours"
    assert list(folder.iterdir()) == []


def test_packing_can_be_watched_and_stopped(tmp_path):
    source = tmp_path / "a"
    source.write_bytes(os.urandom(300_000))
    seen = []
    pack(tmp_path / "1.7z", [Packed("a", source)], passphrase="x", progress=lambda *told: seen.append(told))
    assert seen[-1] == (300_000, 300_000, "正在加密")

    def stop(done, total, words=""):
        raise Cancelled

    with pytest.raises(Cancelled):
        pack(tmp_path / "2.7z", [Packed("a", source)], passphrase="x", progress=stop)


@given(st.text(max_size=40))
def test_advice_on_a_passphrase_is_given_only_for_weak_ones(text):
    advice = passphrase_advice(text)
    if len(text) < 8 or text.isdigit():
        assert advice
    if len(set(text)) >= 12:
        assert advice is None or text.isdigit()


def test_too_little_memory_is_no_wrong_passphrase(packed, tmp_path, monkeypatch):
    def fails(*_given, **_more):
        raise MemoryError

    monkeypatch.setattr("py7zr.SevenZipFile", fails)
    with pytest.raises(MemoryError):
        unpack(packed, tmp_path, passphrase=PASSPHRASE)
