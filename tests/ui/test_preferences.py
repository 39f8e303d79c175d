"""The settings of this computer, as the window keeps them."""

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
