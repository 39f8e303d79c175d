"""Independent readers of the PDFs we write."""

import subprocess

import pytest


@pytest.fixture
def poppler(reader):
    """Run one of the poppler programs on a file and return what it prints."""

    def run(program, *arguments):
        command = [reader(program), *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, timeout=60, encoding="utf-8").stdout

    return run


@pytest.fixture
def text_of(poppler):
    """Return the text of a PDF as poppler reads it, in the order it was drawn, without any spaces."""

    def read(path, *options):
        return "".join(poppler("pdftotext", "-raw", *options, path, "-").split())

    return read
