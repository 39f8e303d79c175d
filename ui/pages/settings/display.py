"""How the program looks on this computer, and where its data lie."""

from __future__ import annotations

from functools import partial

from app.core.paths import log_folder
from ui import theme
from ui.context import Context
from ui.pages.settings.section import Section
from ui.theme import Tone, Type
from ui.widgets import FormRow, Link, QuietChoice, Rule, Text
from ui.widgets.layout import row

_SCALES = [(1.0, "标准"), (1.15, "大"), (1.3, "特大")]


class DisplaySection(Section):
    """Font size; where the data, the backups and the logs lie (logs hold no names)."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "显示与数据位置", "字号只管这台电脑。数据放在哪里，第一次使用时选定。")
        m = theme.metrics()
        width = m.value_at + m.s16
        self._scale = QuietChoice(_SCALES, quiet=False, unknown=False)
        self._scale.set_value(context.settings.value.font_scale)
        self._scale.saved.connect(self._save)
        self.box.addWidget(FormRow("字号", self._scale, label_width=width))
        self.box.addSpacing(m.s8)
        self.box.addWidget(Rule())
        self.box.addSpacing(m.s8)
        data = context.store.path.parent
        for label, folder in (("数据", data), ("备份", context.backup_folder), ("运行记录", log_folder())):
            self.box.addLayout(
                row(
                    _label(label, width),
                    Text(str(folder), Type.BODY, elide=True, selectable=True),
                    None,
                    Link("打开文件夹", partial(context.dialogs.show_folder, folder)),
                )
            )
        self.box.addSpacing(m.s8)
        self.box.addWidget(Rule())
        self.box.addSpacing(m.s8)
        self.box.addLayout(
            row(
                _label("演示学校", width),
                Text("孩子和老师都是编的，和您的数据分开放。"),
                None,
                Link("看演示学校", context.program.open_demo),
            )
        )
        self.box.addSpacing(m.s8)
        self.box.addWidget(
            Text(
                "数据只在这台电脑上，没有加密；请给电脑设开机密码。拷到优盘的一份默认加密。",
                Type.SMALL,
                Tone.INK2,
                wrap=True,
            )
        )
        self.box.addStretch(1)

    def _save(self, scale: object) -> None:
        self.context.settings.change(font_scale=scale)


def _label(words: str, width: int) -> Text:
    """What stands before a line, as wide as the labels of the form above it."""
    label = Text(words, tone=Tone.INK2)
    label.setFixedWidth(width)
    return label
