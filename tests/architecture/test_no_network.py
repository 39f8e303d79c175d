"""The guard of tests/conftest.py really guards: no test, and so no tested path of the program, reaches the internet."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_an_internet_socket_fails_the_test(family):
    with pytest.raises(AssertionError, match="internet socket"):
        socket.socket(family)
