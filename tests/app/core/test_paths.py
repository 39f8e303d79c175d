from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from app.core import paths
from app.core.paths import cloud_service, is_network_path, is_too_long, make_private, suggest_data_folder


def test_the_data_go_to_the_first_fixed_disk_that_is_not_the_systems():
    where = {"windows": True, "home": Path("h"), "documents": Path("docs"), "environment": {}}
    assert suggest_data_folder(
        **where, fixed_disks=[Path("C:/"), Path("D:/"), Path("E:/")], system_disk=Path("C:/")
    ) == (Path("D:/守望数据"))
    assert suggest_data_folder(**where, fixed_disks=[Path("C:/")], system_disk=Path("C:/")) == Path(
        "docs/守望数据"
    )
    assert suggest_data_folder(**where) == Path("docs/守望数据")


def test_on_linux_they_go_to_the_home_folder_or_where_xdg_says():
    where = {"windows": False, "home": Path("/srv/home"), "documents": Path("/srv/home/文档")}
    assert suggest_data_folder(**where, environment={}) == Path("/srv/home/守望数据")
    assert suggest_data_folder(**where, environment={"XDG_DATA_HOME": "/srv/d"}) == Path("/srv/d/守望数据")
    assert suggest_data_folder(**where, environment={"XDG_DATA_HOME": "d"}) == Path("/srv/home/守望数据")


@pytest.mark.parametrize("text", ["//server/share/x.db", r"\\server\share\x.db", r"\\?\UNC\server\share\x"])
def test_network_paths(text):
    assert is_network_path(PureWindowsPath(text))


@pytest.mark.parametrize("text", ["D:/守望数据/守望.db", r"\\?\D:\守望.db", "/srv/x", r"\\.\D:"])
def test_local_paths(text):
    assert not is_network_path(PureWindowsPath(text))


def test_cloud_folders():
    assert cloud_service(Path("/srv/home/OneDrive - 某某小学/守望数据")) == "OneDrive"
    assert cloud_service(PureWindowsPath(r"D:\BaiduSyncdisk\数据")) == "百度网盘"
    assert cloud_service(Path("/srv/home/坚果云/y")) == "坚果云"
    assert cloud_service(PureWindowsPath(r"D:\iCloudDrive\数据")) == "iCloud"
    assert cloud_service(PureWindowsPath(r"D:\WPS Cloud Files\1\数据")) == "WPS 云盘"
    assert cloud_service(PureWindowsPath(r"E:\天翼云盘\数据")) == "天翼云盘"
    assert cloud_service(PureWindowsPath(r"E:\360安全云盘\1\数据")) == "360 云盘"
    assert cloud_service(Path("/srv/home/守望数据")) is None


def test_private_things_lie_in_this_users_own_folders(tmp_path):
    home = Path.home()
    for folder in (paths.settings_file(), paths.log_folder(), paths.private_folder()):
        assert home in folder.parents
        assert not folder.exists() or folder.is_dir()
    make_private(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_is_too_long_by_the_signs_of_windows_or_the_bytes_of_sqlite():
    assert not is_too_long(PureWindowsPath("D:/守望数据"), windows=True)
    assert is_too_long(PureWindowsPath("D:/" + "深" * 170), windows=True)
    assert not is_too_long(Path("/srv") / ("d" * 240), windows=False)
    assert not is_too_long(Path("/srv") / ("深" * 80), windows=False)
    assert is_too_long(Path("/srv") / ("深" * 80) / ("深" * 80), windows=False)
