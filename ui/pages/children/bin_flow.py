"""移到回收站: what goes is counted first, and comes back with one press."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from app.children.ledger import LedgerRow
from app.dossier.service_bin import BinPreview, bin_preview, move_to_bin
from ui.context import Context
from ui.widgets import Kind, Verb

_NAMES_SHOWN = 8


class BinFlow(QObject):
    """Counts, asks, moves."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rows: tuple[LedgerRow, ...] = ()

    def ask(self, rows: Sequence[LedgerRow]) -> None:
        """Count what hangs on these children, then ask."""
        self._rows = tuple(rows)
        self._context.read(bin_preview, [row.uuid for row in rows], on_done=self._counted)

    def _counted(self, preview: BinPreview) -> None:
        rows = self._rows
        one = rows[0]
        facts = "，".join(part for part in (one.class_name, (one.birth_date or "")[:7]) if part)
        who = f"{one.name}（{facts}）" if len(rows) == 1 and facts else one.name
        question = f"把 {who if len(rows) == 1 else f'{len(rows)} 名儿童'}移到回收站？"
        lines = []
        if len(rows) > 1:
            names = "、".join(row.name for row in rows[:_NAMES_SHOWN])
            lines.append(f"{names}{f' 等 {len(rows)} 名' if len(rows) > _NAMES_SHOWN else ''}。")
        counts = "、".join(f"{count} 条{word}" for word, count in preview.counts)
        lines.append(f"一起移走：{counts}。" if counts else "名下没有别的记录。")
        lines.append("什么都不会丢，可以从回收站整个取回。转走、毕业的不用移走，在档案里办退出。")
        verbs = [Verb("stay", "先不动"), Verb("bin", "移到回收站", Kind.DANGER)]
        uuids = tuple(row.uuid for row in rows)
        self._context.dialogs.ask(question, lines, verbs, partial(self._answered, uuids))

    def _answered(self, uuids: tuple[str, ...], key: str) -> None:
        if key == "bin":
            self._context.write(move_to_bin, uuids=uuids, toast=True)
