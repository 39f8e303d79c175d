"""The same school as the children's tests."""

from tests.app.children.conftest import *  # noqa: F403
