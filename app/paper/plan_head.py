"""What the sheets of both plans begin with (domain.md §5.11); no reportlab here, so that nobody pays for it at start-up."""

from msgspec import Struct


class PlanHead(Struct, frozen=True, kw_only=True):
    """Whose plan it is, of which term, who sees to it, in Chinese; "" where nothing is known."""

    school: str
    term: str
    child: str
    class_name: str
    categories: str
    supporter: str
