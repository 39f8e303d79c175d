"""What the ledger says when it has nobody to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.children.ledger import LedgerRow
from ui.context import Context
from ui.pages.children.conditions import Wanted
from ui.widgets import EmptyState, Way


def say_nobody_fits(
    state: EmptyState, wanted: Wanted, rows: Sequence[LedgerRow], take: Callable[[Wanted], object]
) -> None:
    """Name the condition to drop; `take(wanted)` drops it."""
    text = wanted.text.strip()
    if text:
        head, sentence = "没有找到", f"没有一名儿童符合「{text}」。"
    elif wanted.narrowed:
        head, sentence = "没有这样的儿童", "现在的条件合起来一名也没有。"
    else:
        head, sentence = "没有在册的儿童", "这一天没有登记在册的留守儿童。"
    remedies = wanted.remedies(rows)
    first = remedies[0] if remedies else None
    state.set_words(
        head,
        sentence,
        link=first.words if first else "",
        on_link=partial(take, first.wanted) if first else None,
    )


def say_ledger_is_empty(state: EmptyState, context: Context, add: Callable[[], object]) -> None:
    """Offer the three ways to begin; a ledger that is only looked at offers none."""
    if context.read_only:
        state.set_words("台账还是空的", "这份数据里还没有儿童。")
        return
    to_import = partial(context.navigation.open_page, "importing")
    demo = context.program.open_demo
    ways = [
        Way("arrow_import", "有现成的花名册", "Excel、WPS 表都可以。", "导入花名册", to_import, filled=True),
        Way("person_add", "没有表，从头登记", "有姓名和班级就能先存。", "登记第一名", add),
        Way("people_community", "先看看样子", "和您的数据分开放。", "看演示学校", demo),
    ]
    state.set_words("台账还是空的", "先把孩子登记进来，导入完就能打印。", ways=ways)
