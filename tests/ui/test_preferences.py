"""The settings of this computer, as the window keeps them."""

from pathlib import Path

from app.core.settings import Settings, change_settings, load_settings, save_settings
from ui.preferences import Preferences


def test_what_cannot_be_kept_is_in_force_and_said_once(jobs, qtbot, tmp_path):
    (tmp_path / "home").write_bytes(b"")
    said = []
    jobs.unhandled.connect(said.append)
    preferences = Preferences(jobs, tmp_path / "home" / "settings.json")
    preferences.change(who="甲")
    preferences.change(who="乙")
    done = []
    jobs.work(lambda: None, on_done=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert [error.key for error in said] == ["settings.not_kept"]
    assert preferences.value.who == "乙"


def test_what_another_program_chose_meanwhile_is_not_written_over(jobs, qtbot, tmp_path):
    """She tries the demo school, and in a second window begins her own ledger: that one's place stays known."""
    file = tmp_path / "settings.json"
    demo = Preferences(jobs, file)
    change_settings(file, data_folder=Path("/数据"), second_backup_folder=Path("/移动硬盘"))
    demo.change(columns=("name", "sex"))
    qtbot.waitUntil(lambda: not jobs.busy)
    wanted = Settings(
        data_folder=Path("/数据"), second_backup_folder=Path("/移动硬盘"), columns=("name", "sex")
    )
    assert load_settings(file) == wanted
    assert demo.value.data_folder is None, "this window goes on with what it began with"


def test_a_file_that_was_spoiled_meanwhile_is_written_anew_from_what_is_in_force(jobs, qtbot, tmp_path):
    file = tmp_path / "settings.json"
    save_settings(file, Settings(data_folder=Path("/数据"), who="周老师"))
    preferences = Preferences(jobs, file)
    for spoiled in (b"", b"[1]", b"\xff{", None):
        file.unlink() if spoiled is None else file.write_bytes(spoiled)
        preferences.change(font_scale=1.0 if preferences.value.font_scale != 1.0 else 1.15)
        qtbot.waitUntil(lambda: not jobs.busy)
        assert load_settings(file) == preferences.value, spoiled
