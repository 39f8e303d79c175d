"""One child on the paper sheet of 摸底核实: what is known, and a place for the pen where something is not."""

from collections.abc import Mapping

from app.children.codes import AwayState, CareGrade
from app.children.facts import ChildFacts
from app.children.person_facts import PersonFacts
from app.paper.collection_sheet import SheetChild, boxes, gap
from app.workbook.ledger_cells import CellTexts

_HOME = AwayState.HOME.label


def on_paper(texts: CellTexts, child: ChildFacts) -> SheetChild:
    """Return a child as the sheet prints it."""
    known = {**texts.plain(1, child), **texts.details(child)}
    return SheetChild(
        name=child.name,
        sex=known["性别"] or boxes("男", "女"),
        birth_date=known["出生日期"],
        id_number=known["公民身份号码"],
        home=_home(known),
        boards=known["是否寄宿"] or boxes("是", "否"),
        health=_joined(known["健康状况"], known["患病类型"]),
        father=_parent(known, "父亲", child.father),
        mother=_parent(known, "母亲", child.mother),
        carer=_carer(known),
    )


def _home(known: Mapping[str, str]) -> str:
    """Return the home; where nothing of it is known the whole place is empty."""
    if not any(known[part] for part in ("村", "组", "现住址")):
        return ""
    return _joined(known["村"] or gap("村", 5), known["组"], known["现住址"] or gap("住址", 10))


def _parent(known: Mapping[str, str], who: str, parent: PersonFacts | None) -> str:
    name, state = known[f"{who}姓名"] or gap("姓名", 4), known[f"{who}外出情况"]
    if parent is not None and parent.gone:
        return _joined(name, known[f"{who}状态"])
    life = known[f"{who}状态"]
    parts = [name, "" if life == "健在" else life, state or boxes(*AwayState.labels().values())]
    if state != _HOME:
        parts.append(known[f"{who}务工地"] or gap("务工地", 5))
        parts.append(known[f"{who}外出时间"] or (gap("外出时间", 4) if state else ""))
    return _joined(*parts, known[f"{who}电话"] or gap("电话", 6))


def _carer(known: Mapping[str, str]) -> str:
    return _joined(
        known["监护人姓名"] or gap("姓名", 4),
        known["与儿童关系"] or gap("关系", 3),
        known["监护人电话"] or gap("电话", 6),
        known["监护情况评估"] or boxes(*CareGrade.labels().values()),
    )


def _joined(*parts: str) -> str:
    return "　".join(part for part in parts if part)
