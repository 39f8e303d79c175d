"""Whether a birth date fits a class: a question to whoever enters it, never a refusal."""

from datetime import date

from app.core.dates import age_on, earliest, latest
from app.school.codes import Stage
from app.school.rules import ClassRef

# Full years on 1 September of the year the class began. The law says six, or seven where schooling is poor (义务教育法 11);
# a year earlier, and some years of staying down or of starting late, are met in every village school.
_AGES = {Stage.PRIMARY: (5, 10), Stage.JUNIOR: (10, 16)}
_WORDS = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}


def entry_age_question(birth: str, ref: ClassRef) -> str:
    """Return what to ask about a birth date and the class, "" when they fit; a date known in part may be any day of it."""
    began = date(ref.entering_year, 9, 1)
    least, most = _AGES[ref.stage]
    oldest = age_on(earliest(birth).isoformat(), began)
    youngest = age_on(latest(birth).isoformat(), began)
    if oldest is None or youngest is None or (oldest >= least and youngest <= most):
        return ""
    then = f"才 {oldest} 岁" if oldest < least else f"已经 {youngest} 岁"
    if oldest < 0:
        then = "还没有出生"
    return f"{birth} 出生，这个班 {began.year} 年上{_WORDS[ref.stage]}时{then}，出生日期或班级请再看看"
