"""What is brought in late is brought in beside the window: an import of the program takes longer than a key may wait."""

import ast
from pathlib import Path

PAGES = Path(__file__).resolve().parents[3] / "ui" / "pages"


def _imports_in_methods(file):
    for kind in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(kind, ast.ClassDef):
            for step in ast.walk(kind):
                if isinstance(step, ast.ImportFrom) and (step.module or "").startswith("app."):
                    yield f"{file.relative_to(PAGES)}: {step.module}"


def test_no_method_of_a_page_imports_from_the_program_itself():
    """A function of the module does, which the page hands to its job."""
    files = sorted(PAGES.rglob("*.py"))
    assert len(files) > 100
    assert [found for file in files for found in _imports_in_methods(file)] == []
