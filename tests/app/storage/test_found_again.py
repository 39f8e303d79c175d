"""The usual ledger lies elsewhere under another name: it gets its own back, or stays as it is."""

from __future__ import annotations

import pytest

from app.core.errors import EnvironmentFault
from app.core.paths import settings_file
from app.core.settings import Settings, load_settings, save_settings
from app.storage.data_place import ledger_path
from app.storage.found_again import go_on_with
from app.storage.place_state import remember_exit


@pytest.fixture
def moved(store, tmp_path, monkeypatch):
    """The usual ledger, left in order, then moved and renamed as by hand."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    backups = tmp_path / "备份"
    save_settings(settings_file(), Settings(data_folder=store.path.parent, backup_folder=backups))
    remember_exit(store, backups)
    store.close()
    there = tmp_path / "D盘"
    there.mkdir()
    return store.path.rename(there / "守望(1).db")


def test_it_gets_its_name_back_and_is_looked_for_there(moved):
    assert go_on_with(moved) == ledger_path(moved.parent)
    assert load_settings(settings_file()).data_folder == moved.parent
    assert not moved.exists()


def test_where_the_settings_cannot_be_kept_the_file_that_was_chosen_is_still_there(moved):
    """It is opened as it was chosen: renamed all the same it was called missing."""
    settings_file().with_name(settings_file().name + ".part").mkdir()
    with pytest.raises(EnvironmentFault, check=lambda error: error.key == "settings.not_kept"):
        go_on_with(moved)
    assert moved.exists()
    assert not ledger_path(moved.parent).exists()
