"""The developer's commands: they start from nothing, say what is missing in one line, and leave the rest alone."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "packaging" / "dev.py"
CI_RUN = ROOT / ".ci" / "run"


@pytest.fixture
def dev(tmp_path, monkeypatch):
    """Return dev.py as a module that works in an empty folder instead of in this checkout."""
    spec = importlib.util.spec_from_file_location("dev_under_test", DEV)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    interpreter = venv / module.VENV_INTERPRETER.relative_to(module.VENV)
    for name, value in {
        "ROOT": tmp_path,
        "CACHE": tmp_path / ".cache",
        "LOG": tmp_path / ".cache" / "setup.log",
        "LOCK": tmp_path / "requirements.lock",
        "VENV": venv,
        "STAMP": venv / "lock.sha256",
        "VENV_INTERPRETER": interpreter,
        "PYTHON": str(interpreter),
        "DEMO": tmp_path / "build" / "demo",
    }.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.fixture
def calls(dev, monkeypatch):
    """Record every command instead of running it; all of them go well."""
    made: list[list[str]] = []

    def note(arguments, **_extra):
        made.append([str(word) for word in arguments])
        return True, ""

    monkeypatch.setattr(dev, "call_quietly", note)
    return made


def ready(dev) -> None:
    """Make the empty folder look as after a setup."""
    dev.LOCK.write_text("peewee==4.5.3 \\\n", encoding="utf-8")
    dev.VENV_INTERPRETER.parent.mkdir(parents=True)
    dev.VENV_INTERPRETER.touch()
    dev.STAMP.write_text(dev.lock_hash(), encoding="utf-8")


def test_it_needs_only_the_standard_library():
    tree = ast.parse(DEV.read_text(encoding="utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in modules} <= set(sys.stdlib_module_names)


def test_an_unknown_word_is_wrong_usage_and_shows_the_commands(dev, capsys):
    assert dev.main(["frobnicate"]) == 2
    assert dev.main([]) == 2
    assert "packaging/dev.py run" in capsys.readouterr().out
    assert dev.main(["--help"]) == 0


def test_setup_does_nothing_when_the_stamp_fits_the_lock(dev, calls):
    ready(dev)
    dev.setup()
    assert calls == []


def test_a_changed_lock_is_installed_with_hashes_and_stamped(dev, calls):
    ready(dev)
    dev.LOCK.write_text("peewee==4.6 \\\n", encoding="utf-8")
    dev.setup()
    installs = [command for command in calls if "install" in command]
    assert len(installs) == 1
    assert {"--require-hashes", "--only-binary=:all:", str(dev.LOCK)} <= set(installs[0])
    assert dev.STAMP.read_text(encoding="utf-8") == dev.lock_hash()


def test_a_failed_install_leaves_no_stamp_and_says_so_in_one_line(dev, monkeypatch, capsys):
    ready(dev)
    dev.LOCK.write_text("peewee==4.6 \\\n", encoding="utf-8")
    old = dev.STAMP.read_text(encoding="utf-8")
    monkeypatch.setattr(
        dev, "call_quietly", lambda command, **_: ("install" not in command, "ERROR: no network")
    )
    with pytest.raises(SystemExit) as stopped:
        dev.setup()
    assert stopped.value.code == 1
    assert dev.STAMP.read_text(encoding="utf-8") == old != dev.lock_hash()
    assert "ERROR: no network" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.slow
def test_a_half_made_environment_is_made_anew(dev):
    broken = dev.VENV_INTERPRETER
    broken.parent.mkdir(parents=True)
    broken.symlink_to("gone") if os.name == "posix" else broken.write_bytes(b"half")
    assert not dev.venv_works()
    dev.make_venv(dev.VENV)
    assert dev.venv_works()
    # Without pip it cannot be filled: that is half-made too.
    for folder in dev.VENV.rglob("site-packages"):
        shutil.rmtree(folder / "pip")
    assert not dev.venv_works()


@pytest.mark.skipif(os.name == "nt", reason="Debian")
def test_the_tools_of_the_lock_bring_what_a_bare_debian_lacks(dev, calls, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        dev.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    dev.lock_tools()
    done = [" ".join(command) for command in calls]
    (brought,) = (place for place, words in enumerate(done) if "install" in words and "python3-venv" in words)
    (made,) = (place for place, words in enumerate(done) if "-m venv" in words)
    (filled,) = (place for place, words in enumerate(done) if dev.UV_FOR_LOCK in words)
    assert brought < made < filled


def test_half_of_the_tools_environment_does_not_stay(dev, monkeypatch, capsys):
    def fail(arguments, **_extra):
        if "venv" in map(str, arguments):
            (Path(arguments[-1]) / "bin").mkdir(parents=True)
            (Path(arguments[-1]) / "bin" / "python").touch()
        return False, "no ensurepip"

    monkeypatch.setattr(dev, "call_quietly", fail)
    with pytest.raises(SystemExit):
        dev.lock_tools()
    assert not (dev.CACHE / "lock-tools").exists()
    assert "python3-venv" in capsys.readouterr().out or os.name == "nt"


@pytest.mark.skipif(os.name == "nt", reason="posix homes")
@pytest.mark.parametrize("home", [None, "", "/nonexistent/home"])
def test_children_get_a_home_and_utf8_even_without_one(dev, monkeypatch, home):
    monkeypatch.delenv("HOME") if home is None else monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    env = dev.environment()
    assert env["HOME"] == str(dev.CACHE / "home")
    assert Path(env["HOME"]).is_dir()
    assert (env["LC_CTYPE"], env["PYTHONUTF8"]) == ("C.UTF-8", "1")
    assert not {"LC_ALL", "PYTHONPATH"} & set(env)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_missing_system_libraries_are_named_in_one_line(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev, "QT_LIBRARIES", {"libnowhere1": "libnowhere.so.1"})
    monkeypatch.setattr(dev, "install_system_packages", lambda _packages: False)
    monkeypatch.setattr(dev, "call_quietly", lambda *_, **__: (False, "ImportError: libnowhere.so.1"))
    with pytest.raises(SystemExit) as stopped:
        dev.bring_qt_libraries(for_screen=False, try_it=False)
    assert stopped.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert "libnowhere1" in lines[0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_system_libraries_are_brought_by_apt_as_root_only(dev, calls, monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda _name: "apt-get")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
    assert dev.install_system_packages(["libegl1"]) is False
    assert calls == []
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
    assert dev.install_system_packages(["libegl1"]) is True
    assert [command[0] for command in calls] == ["apt-get", "apt-get"]
    assert "update" in calls[0]
    assert calls[1][-1] == "libegl1"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a window can always be shown elsewhere")
def test_run_opens_the_window_where_there_is_a_screen(dev, monkeypatch):
    ready(dev)
    opened = []
    monkeypatch.setattr(dev, "setup", lambda **_: None)
    monkeypatch.setattr(dev, "call", lambda words, **_: opened.append(words) or 0)
    monkeypatch.setattr(dev, "demo", lambda _words: opened.append("demo") or 0)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":7")
    assert dev.main(["run", "--data", "x"]) == 0
    assert opened.pop() == [dev.PYTHON, "-m", "ui.main", "--data", "x"]
    monkeypatch.delenv("DISPLAY")
    assert dev.main(["run"]) == 0
    assert opened == ["demo"]


def test_the_demo_stops_at_the_first_step_that_fails(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev, "setup", lambda **_: None)
    commands = []
    monkeypatch.setattr(dev, "call", lambda words, **_: commands.append(words) or int("archive" in words))
    old = dev.DEMO / "old.txt"
    old.parent.mkdir(parents=True)
    old.touch()
    assert dev.demo([]) == 1
    assert [command[3] for command in commands] == ["demo", "export-ledger", "archive"]
    assert not old.exists()
    assert "一人一档" in capsys.readouterr().out.splitlines()[-1]


def test_one_failed_check_fails_the_whole_and_the_others_still_run(dev, monkeypatch, capsys):
    commands = []
    monkeypatch.setattr(dev, "call", lambda words, **_: commands.append(words) or int("mypy" in words))
    assert dev.checks(tests=["-k", "x"]) == 1
    assert [command[2] for command in commands] == ["ruff", "ruff", "mypy", "mypy", "pytest"]
    assert commands[-1][-2:] == ["-k", "x"]
    assert "mypy: failed" in capsys.readouterr().out
    monkeypatch.setattr(dev, "call", lambda *_, **__: 0)
    assert dev.checks(tests=[]) == 0


@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="bash")
def test_the_build_run_freezes_the_program_tries_it_and_runs_the_second_command():
    subprocess.run(["bash", "-n", CI_RUN], check=True)
    assert os.access(CI_RUN, os.X_OK)
    done = re.findall(
        r'^run ".*" python3 (packaging/.*)$', CI_RUN.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert done == [
        "packaging/build.py",
        "packaging/smoke_test.py",
        "packaging/dev.py guide",
        'packaging/dev.py test "$@"',
    ]


@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="bash")
def test_the_build_run_fails_when_one_of_its_parts_does_and_runs_the_others(tmp_path):
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.write_text(
        '#!/bin/sh\necho "ran $1"\ncase "$1" in\n*smoke*) exit 1 ;;\n*dev*) echo "CI=$CI" ;;\nesac\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    # Whatever the machine lacks is not installed from a test: there is no apt-get that could.
    apt = tmp_path / "bin" / "apt-get"
    apt.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    apt.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    env.pop("CI", None)
    done = subprocess.run([CI_RUN], env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("ran")] == [
        "ran packaging/wheels.py",
        "ran packaging/build.py",
        "ran packaging/smoke_test.py",
        "ran packaging/dev.py",
        "ran packaging/dev.py",
    ]
    assert "failed: python3 packaging/smoke_test.py" in done.stdout
    assert (
        "CI=true" in done.stdout.splitlines()
    )  # a machine that does not say so limits the skipped tests too


def test_the_readme_begins_with_the_two_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\s*(?:\$ )?(python3? packaging/dev\.py \w+)", readme, flags=re.MULTILINE)
    assert commands[:2] == ["python3 packaging/dev.py run", "python3 packaging/dev.py test"]
