"""From the cells of a row to which parents are away: each parent's own columns, the label, the joint 父母 columns."""

from app.children.codes import AwayState, Relation, ReportedLabel
from app.children.roster.context import RowContext, first
from app.children.roster.draft import Cells, PersonDraft, RawCell, RowDraft
from app.children.roster.parse_people import ROLE_RELATIONS, is_gone, read_moment
from app.children.roster.reading.phones import read_phones
from app.children.roster.reading.places import WhereCell, read_where, split_by_parent
from app.children.roster.reading.status import NO_STATUS, StatusCell, read_left_behind, read_status
from app.children.roster.reading.text import says_nothing, yes_or_no
from app.children.roster.reading.together import read_together
from app.children.roster.words import codes, plain_word

_PARENTS = ("father", "mother")


def read_parents_status(draft: RowDraft, cells: Cells, context: RowContext) -> None:
    """Fill the draft with who is away, the label as reported, and whether the row says not left behind."""
    label_cell, status = _status(draft, cells)
    left_cell = first(cells, "left_behind")
    left = read_left_behind(left_cell.text) if left_cell else NO_STATUS
    if left_cell and not left.understood:
        draft.mark("left_behind", "value_unknown", "看不出是否留守；按留守登记", left_cell)
    if status.label is None and left.label is not None:
        label_cell, status = left_cell, left
    draft.left_behind = _left_behind(draft, left, status, left_cell or label_cell)
    if status.category is not None:
        draft.categories.setdefault(status.category, (None, None))
    for relation, life in status.fate:
        person = draft.person(relation.value, relation)
        person.life = person.life or life
    if status.label is not None and label_cell is not None:
        label = status.label
        if context.third_meaning and label is ReportedLabel.ONE_OUT:
            label = ReportedLabel.ONE_OUT_OTHER_INCAPABLE
        draft.reported = (label, label_cell.text)
    if label_cell is not None:
        _apply_status(draft, status, label_cell, context)
    _read_joint(draft, cells, status, context)
    _finish_away(draft)


def _status(draft: RowDraft, cells: Cells) -> tuple[RawCell | None, StatusCell]:
    cell = first(cells, "status.label")
    if cell is not None:
        status = read_status(cell.text)
        together = None if status.understood else read_together(cell.text)
        if together is not None and together.away is AwayState.OUT:
            _of_both(draft, cell, together)  # 父母外出情况：父母均在广东东莞
            return cell, read_status("双方外出")
        if not status.understood:
            draft.mark("status", "value_unknown", "不认得这种留守类型；原话记在备注里", cell)
            draft.notes.append(f"{cell.header}：{cell.text}")
        if status != NO_STATUS and status.understood:
            return cell, status
    return _ticked_status(draft, cells)


def _ticked_status(draft: RowDraft, cells: Cells) -> tuple[RawCell | None, StatusCell]:
    """Read one column per answer; 双方 and 一方 ticked together cancel each other."""
    if not draft.boxes:
        return None, NO_STATUS
    prefix = "tick:status.label:"
    boxes = [
        (target.removeprefix(prefix), found[0])
        for target, found in cells.items()
        if target.startswith(prefix)
    ]
    ticked = [(word, cell) for word, cell in boxes if yes_or_no(cell.text)]
    named = [(word, cell) for word, cell in boxes if plain_word(cell.text) in codes("status")]
    meanings = {read_status(word) for word, _ in ticked}
    if len(meanings) > 1:
        chosen = "、".join(word for word, _ in ticked)
        draft.mark(
            "status",
            "two_ticks",
            f"留守类型勾了 {len(ticked)} 项（{chosen}），只能有一项；没有存",
            ticked[0][1],
        )
        return None, NO_STATUS
    if ticked:
        word, cell = ticked[0]
        return RawCell(word, word, cell.row, cell.column, cell.header), read_status(word)
    if len(named) == 1:
        return named[0][1], read_status(named[0][1].text)
    return None, NO_STATUS


def _left_behind(draft: RowDraft, left: StatusCell, status: StatusCell, cell: RawCell | None) -> bool | None:
    """Return what the row says about the register. Its own column decides; a contradiction is marked."""
    if left.left_behind is None:
        return status.left_behind
    if status.left_behind is not None and status.left_behind is not left.left_behind:
        said = "是留守" if left.left_behind else "不是留守"
        draft.mark(
            "left_behind", "status_conflict", f"一处写着{said}，留守类型写的不一致；按“{said}”登记", cell
        )
    return left.left_behind


def _apply_status(draft: RowDraft, status: StatusCell, cell: RawCell, context: RowContext) -> None:
    both = len(status.out) == 2
    for relation in sorted(status.out):
        person = draft.people.get(relation.value)
        if both and f"{relation.value}.out" in context.targets and (person is None or person.away is None):
            continue  # the sheet asks about each parent and was left blank: the word stays a word
        if person is None:
            # 双亲留守 alone stays a label; a named one side, or a row that knows a parent, becomes a fact.
            if both and not any(role in draft.people for role in _PARENTS):
                continue
            person = draft.person(relation.value, relation)
        if is_gone(person) or person.away is AwayState.HOME:
            _conflict(draft, person, cell)
        else:
            person.away = AwayState.OUT
    for relation in sorted(status.home):
        person = draft.people.get(relation.value)
        if person is None or is_gone(person):
            continue
        if person.away is AwayState.OUT:
            _conflict(draft, person, cell)
        elif person.life is None and person.ground is None:
            person.away = AwayState.HOME
    for relation in sorted(status.incapable):
        draft.person(relation.value, relation).capable = False


def _conflict(draft: RowDraft, person: PersonDraft, cell: RawCell) -> None:
    who = "父亲" if person.relation is Relation.FATHER else "母亲"
    reason = f"留守类型写的是{cell.text}，{who}一栏却是{_state_word(person)}；两处都照写的存着，请核对"
    draft.mark("status", "status_conflict", reason, cell)


def _state_word(person: PersonDraft) -> str:
    """Return what the row says of somebody in one word: 去世, 外出, 在家."""
    state = person.life if is_gone(person) and person.life else person.away
    return state.label if state else ""


# ---- columns for both parents together -----------------------------------------------------------------------------


def _read_joint(draft: RowDraft, cells: Cells, status: StatusCell, context: RowContext) -> None:
    if "parents" not in draft.owned:
        return
    both, place = first(cells, "parents.both_place"), first(cells, "parents.place")
    if both and not says_nothing(both.text):
        where = read_together(both.text) or read_where(both.text)
        _joint_place(draft, both, status, where if where.away is not None else None)
    if place and not says_nothing(place.text):
        _joint_place(draft, place, status, read_together(place.text))
    out = _who_is_out(draft, status)
    for column in ("trade", "employer", "since", "expected_return"):
        cell = first(cells, f"parents.{column}")
        if cell and not says_nothing(cell.text):
            _joint_detail(draft, column, cell, out, context)
    for cell in cells.get("parents.phone", ()):
        _joint_phone(draft, cell, out)


def _joint_detail(
    draft: RowDraft, column: str, cell: RawCell, out: list[PersonDraft], context: RowContext
) -> None:
    is_text = column in ("trade", "employer")
    value = cell.text if is_text else read_moment(draft, f"parents.{column}", cell, context)
    if value and not out:
        _which_parent(draft, f"parents.{column}", cell)
    for person in out:
        if getattr(person, column) is None:
            setattr(person, column, value)


def _who_is_out(draft: RowDraft, status: StatusCell) -> list[PersonDraft]:
    """Return the parents who are out, as far as the row says who they are."""
    if status.out:
        return [
            person
            for relation in sorted(status.out)
            if not is_gone(person := draft.person(relation.value, relation))
            and person.away is not AwayState.HOME
        ]
    known = [draft.people[role] for role in _PARENTS if role in draft.people]
    out = [person for person in known if person.away is AwayState.OUT]
    if out or status.label is not ReportedLabel.ONE_OUT:
        return out
    # One of them is out, and the other one is dead, missing or at home.
    away_not = [person for person in known if is_gone(person) or person.away is AwayState.HOME]
    if len(away_not) == 1:
        other = "mother" if away_not[0].role == "father" else "father"
        return [draft.person(other, ROLE_RELATIONS[other])]
    return []


def _joint_place(draft: RowDraft, cell: RawCell, status: StatusCell, together: WhereCell | None) -> None:
    """Read where the parents are; `together` is what the cell says of both alike, None when it does not."""
    split = split_by_parent(cell.text)
    for role, text in split.items():
        where, person = read_where(text), draft.person(role, ROLE_RELATIONS[role])
        person.away = person.away or where.away
        person.life = person.life or where.life
        person.place = person.place or where.place
    if split:
        return
    if together is not None and status.label in (None, ReportedLabel.BOTH_OUT, ReportedLabel.NONE_OUT):
        _of_both(draft, cell, together)
        return
    where = together or read_where(cell.text)
    persons = _who_is_out(draft, status)
    if where.away is AwayState.HOME and not persons:
        for role in _PARENTS:
            if role in draft.people and draft.people[role].away is None:
                draft.people[role].away = AwayState.HOME
        return
    if not persons:
        _which_parent(draft, "parents.place", cell)
    for person in persons:
        person.away = AwayState.OUT
        person.place = person.place or where.place


def _of_both(draft: RowDraft, cell: RawCell, where: WhereCell) -> None:
    """Give what the cell says of both to each; a parent of whom the row says another thing elsewhere keeps that."""
    for role in _PARENTS:
        person = draft.person(role, ROLE_RELATIONS[role])
        if where.life is not None:
            person.life = person.life or where.life
        elif is_gone(person) or person.away not in (None, where.away):
            who = "父亲" if role == "father" else "母亲"
            reason = f"这里写的是父母两人，别处写着{who}{_state_word(person)}；{who}照别处的登记，请核对"
            draft.mark("parents.place", "status_conflict", reason, cell)
        else:
            person.away = where.away
            person.place = person.place or where.place


def _joint_phone(draft: RowDraft, cell: RawCell, out: list[PersonDraft]) -> None:
    phones = read_phones(cell.value)
    unnamed: list[str] = []
    for number, label in phones.numbers:
        code = codes("relation").get(plain_word(label)) if label else None
        if code in _PARENTS:
            draft.person(code, ROLE_RELATIONS[code]).phones.setdefault(number, None)
        else:
            unnamed.append(number)
    if phones.code:
        draft.mark("parents.phone", phones.code, phones.reason, cell)
    word = "父母" if len(out) > 1 else None
    for number in unnamed:
        for person in out:
            person.phones.setdefault(number, word)
    if unnamed and not out:
        reason = "不知是父亲还是母亲的电话；先记作家庭电话，请问清楚"
        draft.mark("parents.phone", "which_parent", reason, cell)
        known = draft.child.get("phone")
        draft.child["phone"] = "、".join(dict.fromkeys([*(known.split("、") if known else []), *unnamed]))


def _which_parent(draft: RowDraft, field: str, cell: RawCell) -> None:
    draft.mark(field, "which_parent", "不知是父亲还是母亲的；原话记在备注里，请问清楚", cell)
    draft.notes.append(f"{cell.header}：{cell.text}")


def _finish_away(draft: RowDraft) -> None:
    """Who went out at a known time is out; who is dead or missing is not away for work."""
    for person in draft.people.values():
        if is_gone(person):
            person.away = person.place = None
        elif person.away is None and person.since is not None:
            person.away = AwayState.OUT
        elif person.away is None and (person.trade or person.employer):
            # Work without a word on where: a fact about the person, not about being away.
            work = "，".join(part for part in (person.trade, person.employer) if part)
            person.values.setdefault("occupation", work)
            person.trade = person.employer = None
