"""Copies of a ledger that was made once for many tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.storage.data_place import backup_folder_for
from app.storage.journal_lines import JOURNAL_FOLDER


def copy_ledger(template: Path, path: Path) -> Path:
    """Copy a closed ledger to ``path`` and return that; its journal too, else its first opening would write a new one."""
    shutil.copyfile(template, path)
    journal = backup_folder_for(template) / JOURNAL_FOLDER
    if journal.is_dir():
        shutil.copytree(journal, backup_folder_for(path) / JOURNAL_FOLDER)
    return path
