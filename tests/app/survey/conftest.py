"""The same school as the children's tests; one child of a class of whom everything is known, and the class's sheet."""

import pytest

from app.children.service import add_child
from tests.app.children.conftest import *  # noqa: F403
from tests.app.survey.class_sheet import ClassSheet, known_child


@pytest.fixture
def third(classes):
    return classes["三（1）班"]


@pytest.fixture
def child(store, third):
    draft = known_child(0, third.uuid)
    add_child(store, draft=draft)
    return draft.uuid


@pytest.fixture
def sheet(store, child, third, tmp_path):
    return ClassSheet(store, tmp_path, third.name)
