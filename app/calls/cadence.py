"""The two duties about calls in the rules of how often (cadence_rule): what they are called and what settles them."""

from collections.abc import Mapping

CALL = "call"
"""亲情电话, by whatever medium."""
VIDEO_CALL = "video_call"
"""视频通话: only a call with a picture counts."""
ACTIVITIES: Mapping[str, str] = {CALL: "亲情电话", VIDEO_CALL: "视频通话"}
"""The words by the code of the activity."""


def counted_sql(activity: str, alias: str) -> str:
    """Return the SQL that the attempt ``alias`` of ``affection_call`` settles an activity: on file and through."""
    through = f"{alias}.deleted_at IS NULL AND {alias}.outcome = 'connected'"
    return f"{through} AND {alias}.medium = 'video'" if activity == VIDEO_CALL else through
