"""The one table of what the program says when something does not work.

Every text has the three parts of features.md §5: what happened, what is safe, what to do. One
cause, one word: 找不到, 是空的, 损坏, 读不出, 不是守望的数据, 被占用, 写保护 never stand for
each other. Tests assert keys; one reader can proof all the Chinese here.
"""

from collections.abc import Mapping

from app.core.errors import EnvironmentFault, UserError
from app.core.messages.call_log import CALL_LOG
from app.core.messages.calls import CALLS
from app.core.messages.cases import CASES
from app.core.messages.checkup import CHECKUP
from app.core.messages.children import CHILDREN
from app.core.messages.copies import COPIES
from app.core.messages.diary import DIARY
from app.core.messages.drafts import DRAFTS
from app.core.messages.exports import EXPORT
from app.core.messages.fault_text import FaultText
from app.core.messages.files import FILES
from app.core.messages.history import HISTORY
from app.core.messages.imports import IMPORT
from app.core.messages.journal import JOURNAL
from app.core.messages.pairing import PAIRING
from app.core.messages.saving import STORAGE
from app.core.messages.school import SCHOOL
from app.core.messages.states import STATES
from app.core.messages.support import SUPPORT
from app.core.messages.survey import SURVEY
from app.core.messages.todo import TODO

TOPICS: Mapping[str, Mapping[str, FaultText]] = {
    "启动时": STATES,
    "保存和读取": STORAGE,
    "撤销、合并、回收站": HISTORY,
    "没写完的内容": DRAFTS,
    "文件": FILES,
    "备份、恢复、优盘": COPIES,
    "日志": JOURNAL,
    "体检": CHECKUP,
    "学校、班级、校历": SCHOOL,
    "儿童和家庭": CHILDREN,
    "名册导入": IMPORT,
    "导出和打印": EXPORT,
    "结对": PAIRING,
    "日记": DIARY,
    "心理疏导、突发事件、控辍、会议": CASES,
    "亲情电话": CALLS,
    "到期、周纸单": TODO,
    "亲情电话：通话记录": CALL_LOG,
    "摸底核实": SURVEY,
    "指南、支持文件": SUPPORT,
}
"""The texts by what she was doing."""

FAULTS: Mapping[str, FaultText] = {key: text for texts in TOPICS.values() for key, text in texts.items()}


def fault(key: str, *, code: str | None = None, **values: object) -> EnvironmentFault:
    """Return the fault of the machine named ``key``, its text filled in with ``values``."""
    text = FAULTS[key]
    brief = text.brief.format_map(values)
    return EnvironmentFault(key, *_filled(text, values), code=code, buttons=text.buttons, brief=brief)


def refuse(key: str, **values: object) -> UserError:
    """Return the refusal named ``key``, its text filled in with ``values``."""
    text = FAULTS[key]
    return UserError(key, *_filled(text, values), buttons=text.buttons)


def _filled(text: FaultText, values: Mapping[str, object]) -> tuple[str, str, str]:
    return text.what.format_map(values), text.safe.format_map(values), text.todo.format_map(values)
