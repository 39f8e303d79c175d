"""Who a record is about: two children of one name in one class are told apart, in the list and on their chips."""

from __future__ import annotations

import pytest

from app.dossier.at_hand import AtHandChild, AtHandPerson, Choosable
from ui.pages.diary.entry_children import ChildrenField

CLASS = "三（1）班"


def choosable(uuid, name, number, school_class=CLASS):
    return Choosable(
        uuid, name, "zhang wei", number, None, None, (), f"{name} zw", school_class, registered=True
    )


def shown(uuid, name, carer, school_class=CLASS):
    return AtHandChild(uuid, name, school_class, "", (AtHandPerson(f"{uuid}-c", carer),))


@pytest.fixture
def field(look, qtbot):
    made = ChildrenField()
    qtbot.addWidget(made)
    qtbot.show(made)
    return made


def chips(field):
    return [field._chips.itemAt(place).widget().text() for place in range(field._chips.count())]


def test_namesakes_carry_the_end_of_their_number(field, qtbot):
    rows = [
        choosable("a", "张伟", "522636201503120018"),
        choosable("b", "张伟", "522636201505030055"),
        choosable("c", "张伟", "522636201505030071", "四（2）班"),
        choosable("d", "张伟", None),
    ]
    field.set_rows(rows)
    qtbot.keyClicks(field.field, "zw")
    listed = [field._list.item(place).text() for place in range(field._list.count())]
    assert sorted(listed) == sorted([
        f"张伟　{CLASS}，尾号 0018",
        f"张伟　{CLASS}，尾号 0055",
        f"张伟　{CLASS}，第 3 位",
        "张伟　四（2）班",
    ])  # fmt: skip
    field.show_children([shown("a", "张伟", "奶奶 田秀莲"), shown("b", "张伟", "爷爷 韦大山")], fixed=False)
    assert chips(field) == [f"张伟，{CLASS}，尾号 0018", f"张伟，{CLASS}，尾号 0055"]


def test_before_all_are_read_their_family_tells_two_chips_apart(field):
    field.show_children([shown("a", "张伟", "奶奶 田秀莲"), shown("b", "张伟", "爷爷 韦大山")], fixed=False)
    assert chips(field) == [f"张伟，{CLASS}，奶奶 田秀莲", f"张伟，{CLASS}，爷爷 韦大山"]
    field.show_children([shown("a", "张伟", "奶奶 田秀莲")], fixed=False)
    assert chips(field) == [f"张伟，{CLASS}"]
