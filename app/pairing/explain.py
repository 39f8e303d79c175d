"""A suggestion in words: why this supporter, why nobody, and which rule makes it impossible. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.core.progress import Progress
from app.pairing.codes import ClassTeacherRule, Wish
from app.pairing.fair_flow import Assignment, Room, room_before
from app.pairing.fair_search import Found, loads_after, most_placed, shortfall
from app.pairing.options import Block, Board, Hard, board_of
from app.pairing.rules import TOGETHER, Helper, LoadAfter, Proposal, Situation, Unplaced, Waiting

_NAMED = 3
"""So many are named; more are counted."""


def lines_of(board: Board, assignment: Assignment) -> tuple[Proposal, ...]:
    """Return the lines of a draft in the order of the waiting; who stays with whom it has is no line."""
    helpers = board.situation.helpers
    asks = board.siblings is not Wish.NO
    names = {helper.key: helper.name for helper in helpers}
    family = {member: block for block in board.families for member in block.members}
    found: list[Proposal] = []
    with_now = Counter(one.now for one in board.situation.waiting if one.now)
    for child, helper in sorted(assignment.items()):
        waiting, chosen = board.situation.waiting[child], helpers[helper]
        if waiting.now == chosen.key:
            continue
        block = family.get(child)
        together = block is not None and len({assignment.get(member) for member in block.members}) == 1
        found.append(
            Proposal(
                child_uuid=waiting.uuid,
                child=waiting.name,
                class_name=waiting.class_name,
                kind=board.situation.kind,
                key=chosen.key,
                supporter=chosen.name,
                reason=_reason(board, waiting, chosen, chosen.load + with_now[chosen.key], together=together),
                unchecked=chosen.unchecked,
                replaces=waiting.replaces,
                family=_others(board, block, child),
                kin={key: names[key] for key in sorted(waiting.kin) if asks and key in names},
            )
        )
    return tuple(found)


def _others(board: Board, block: Block | None, child: int) -> frozenset[str]:
    """Return the brothers and sisters of a child among those to be placed."""
    members = () if block is None else block.members
    return frozenset(board.situation.waiting[member].uuid for member in members if member != child)


def loads_of(board: Board, assignment: Assignment) -> Mapping[str, LoadAfter]:
    """Return what everybody has before and after, by key."""
    after = loads_after(board, assignment)
    return {
        helper.key: LoadAfter(helper.name, helper.load, after[place] - helper.load, helper.most)
        for place, helper in enumerate(board.situation.helpers)
    }


def unplaced_of(board: Board, assignment: Assignment) -> tuple[Unplaced, ...]:
    """Return the children for whom there is nobody, each with its own why."""
    now = room_before(board)
    for place, helper in assignment.items():
        now.give(board, (place,), helper)
    return tuple(
        Unplaced(child.uuid, child.name, child.class_name, _why_not(board, place, now))
        for place, child in enumerate(board.situation.waiting)
        if place not in assignment
    )


def why_impossible(board: Board, found: Found, progress: Progress) -> tuple[str, ...]:
    """Return the rules in the way when not everybody could be placed, or not everybody has the least number.

    A rule is named when without it alone more children could be placed.
    """
    situation = board.situation
    reasons: list[str] = []
    missing = len(situation.waiting) - len(found.assignment)
    if missing and not situation.helpers:
        return ("还没有登记可以结对的人。",)
    if missing:
        named = [
            _stands_in_the_way(board, hard)
            for hard in Hard
            if _in_force(board, hard) and _placed_without(situation, hard, progress) > len(found.assignment)
        ]
        reasons.append(f"有 {missing} 名儿童按现在的规则排不下。")
        reasons += named or ["几条规则合在一起才排不下：" + "".join(_all_rules(board)) + "。"]
    low = shortfall(board, loads_after(board, found.assignment))
    if low:
        reasons.append(
            f"做不到每人最少 {situation.rule.least} 名：还差 {low} 个名额，没有这么多要结对的儿童。"
        )
    return tuple(reasons)


def summary_words(
    situation: Situation,
    proposals: Sequence[Proposal],
    unplaced: Sequence[Unplaced],
    loads: Mapping[str, LoadAfter],
) -> str:
    """Return the line of the draft bar."""
    if not situation.waiting and not situation.kept:
        return "没有登记在册的儿童要结对。"
    if not situation.waiting:
        return "每名儿童都有人带，没有要分的。"
    moved = sum(bool(one.replaces) for one in proposals)
    staying = situation.kept + sum(bool(one.now) for one in situation.waiting) - moved
    if not proposals and not unplaced:
        return f"已有的 {staying} 对不用动。"
    parts: list[str] = []
    given = [loads[key] for key in dict.fromkeys(one.key for one in proposals)]
    if proposals:
        least, most = min(load.after for load in given), max(load.after for load in given)
        each = f"分完每位 {most} 名" if least == most else f"分完每位 {least}–{most} 名"
        changed = f"，其中 {moved} 名换人" if moved else ""
        parts.append(f"建议只是草稿：把 {len(proposals)} 名分给 {len(given)} 位{changed}，{each}")
    # Who has somebody already and finds no place under the rule stays with them: that child is not without anybody.
    kept = {one.uuid for one in situation.waiting if one.now}
    alone = sum(one.child_uuid not in kept for one in unplaced)
    if alone:
        parts.append(f"还有 {alone} 名没有合适的人")
    if alone < len(unplaced):
        parts.append(f"{len(unplaced) - alone} 名按规则排不下，照旧由原来的人带")
    if staying:
        parts.append(f"已有的 {staying} 对不动")
    return "，".join(parts) + "。"


def _reason(board: Board, child: Waiting, helper: Helper, has: int, *, together: bool) -> str:
    """Return why ``helper``, who has so many children today, is proposed."""
    rule = board.situation.rule
    words: list[str] = []
    if rule.siblings is not Wish.NO and (together or helper.key in child.kin):
        words.append(TOGETHER)
    if child.class_id in helper.leads and child.class_id is not None:
        words.append("同班班主任")
    if rule.woman_for_girls is not Wish.NO and child.girl and helper.woman:
        words.append("女性")
    words.append(f"现带 {has} 名" if has else "现在没有带")
    return "，".join(words)


def why_not_to_women(situation: Situation) -> tuple[str, ...]:
    """Return the word that the rule for girls passes over whoever has no sex written down; none where it asks nothing."""
    rule, girls = situation.rule, any(child.girl for child in situation.waiting)
    names = [one.name for one in situation.helpers if one.sex_unknown and one.most > 0]
    if rule.woman_for_girls is Wish.NO or not girls or not names:
        return ()
    named = "、".join(names[:_NAMED]) + (f"等 {len(names)} 位" if len(names) > _NAMED else "")
    return (f"{named}没有登记性别，女生没有优先给他们：是女性的请补上性别再排",)


def _why_not(board: Board, place: int, now: Room) -> str:
    """Return why one child has nobody, everybody standing as ``now``: the first rule after which nobody is left."""
    rule, helpers, child = board.situation.rule, board.situation.helpers, board.situation.waiting[place]
    if not helpers:
        return "还没有登记可以结对的人"
    able = {number for number in range(len(helpers)) if now.takes(board, (place,), number)}
    leaders = [number for number, helper in enumerate(helpers) if child.class_id in helper.leads]
    if rule.class_teacher is ClassTeacherRule.MUST and not leaders:
        return (
            "规则是必须由班主任带，这个班没有登记班主任"
            if child.class_id
            else "规则是必须由班主任带，没有班级"
        )
    if rule.siblings is Wish.MUST and child.kin:
        theirs = [number for number, helper in enumerate(helpers) if helper.key in child.kin]
        names = "、".join(helpers[number].name for number in theirs) or "不能再结对的人"
        full = bool(theirs) and not able.intersection(theirs)
        return f"兄弟姐妹由{names}带，规则是同一人，{'已经带满' if full else '和别的规则合不上'}"
    block = next((block for block in board.families if place in block.members), None)
    if rule.siblings is Wish.MUST and block is not None:
        return f"兄弟姐妹 {len(block.members)} 人要同一人带，没有合适的人还能再带 {len(block.members)} 名"
    needs_woman = rule.woman_for_girls is Wish.MUST and child.girl
    if rule.class_teacher is ClassTeacherRule.MUST:
        names = "、".join(helpers[number].name for number in leaders)
        if needs_woman and not any(helpers[number].woman for number in leaders):
            return f"规则是必须由班主任带，女生必须由女性带，{names}不是女性"
        return f"规则是必须由班主任带，{names}已经带满"
    if needs_woman and not any(helper.woman for helper in helpers):
        return "规则是女生必须由女性带，能结对的人里没有女性"
    if needs_woman and not any(helpers[number].woman for number in able):
        return "规则是女生必须由女性带，女性都已经带满"
    return "规则是不能由本班班主任带，别人都已经带满" if able else _all_full(board)


def _all_full(board: Board) -> str:
    helpers = board.situation.helpers
    if all(helper.own_limit == 0 for helper in helpers):
        return "能结对的人都不参加结对"
    own = "，有的人另有限额" if any(helper.own_limit is not None for helper in helpers) else ""
    return f"规则是每人最多 {board.situation.rule.most} 名{own}，都已经带满"


def _in_force(board: Board, hard: Hard) -> bool:
    rule = board.situation.rule
    if hard is Hard.CLASS_TEACHER:
        return rule.class_teacher in {ClassTeacherRule.MUST, ClassTeacherRule.NEVER}
    if hard is Hard.SIBLINGS:
        return rule.siblings is Wish.MUST
    if hard is Hard.WOMAN:
        return rule.woman_for_girls is Wish.MUST
    if hard is Hard.OWN_LIMIT:
        return any(helper.own_limit is not None for helper in board.situation.helpers)
    return True


def _placed_without(situation: Situation, hard: Hard, progress: Progress) -> int:
    progress(0, 0, "正在看是哪条规则")
    return most_placed(lambda fair: board_of(situation, without=hard, fair=fair), progress)


def _stands_in_the_way(board: Board, hard: Hard) -> str:
    """Return the sentence that names a rule without which more children could be placed."""
    room = sum(board.free)
    situation = board.situation
    if hard is Hard.MOST and room < len(situation.waiting):
        more = f"{len(situation.helpers)} 人一共还能带 {room} 名，要安排 {len(situation.waiting)} 名"
    elif hard is Hard.MOST:
        more = "这些儿童能去的人已经带满"
    else:
        more = "放宽这一条，就能多排几名"
    return f"规则「{_rule_name(board, hard)}」挡住了：{more}。"


def _rule_name(board: Board, hard: Hard) -> str:
    rule = board.situation.rule
    own = sum(helper.own_limit is not None for helper in board.situation.helpers)
    return {
        Hard.MOST: f"每人最多 {rule.most} 名",
        Hard.OWN_LIMIT: f"有 {own} 人不参加或少带",
        Hard.CLASS_TEACHER: rule.class_teacher.label,
        Hard.SIBLINGS: "兄弟姐妹必须由同一人带",
        Hard.WOMAN: "女生必须由女性带",
    }[hard]


def _all_rules(board: Board) -> list[str]:
    return [f"「{_rule_name(board, hard)}」" for hard in Hard if _in_force(board, hard)]
