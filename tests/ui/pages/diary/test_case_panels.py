"""The small dialogs of the cases fit the smallest window (911 × 432 at 150 %), also with a reason in red."""

from __future__ import annotations

import pytest

from app.diary.meetings import AttendanceLine
from app.school.codes import Profile
from ui.pages.diary.case_absence import DropoutExportPanel
from ui.pages.diary.case_absence_form import PersuasionPanel
from ui.pages.diary.counsel_lock import ChangePassphrasePanel, NewSlipPanel, RecoverPanel
from ui.pages.diary.meeting_form import AttendeePanel

LEAST = 432


def nothing(*_):
    """Take no notice."""


PANELS = {
    "attendee": lambda context: AttendeePanel(
        context,
        AttendanceLine(child_uuid="c", child_name="买买提·阿卜杜热西提", class_name="三（2）班"),
        nothing,
    ),
    "persuasion": lambda context: PersuasionPanel(context, ("a", "买买提·阿卜杜热西提"), None),
    "export": lambda context: DropoutExportPanel(context, nothing),
    "recover": lambda context: RecoverPanel(context, nothing, nothing),
    "change": ChangePassphrasePanel,
    "slip": lambda context: NewSlipPanel(context, nothing),
}


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_fits_the_smallest_window(context, qtbot, name):
    panel = PANELS[name](context)
    qtbot.addWidget(panel)
    panel.say_why("口令不对。内容没有动。请再输一次；想不起来，可以用恢复单上的 12 个词重设。")
    panel.show()
    panel.fit()
    assert panel.height() <= LEAST
    assert all(button.isVisible() for button in panel.buttons.values())


def test_a_reason_is_asked_for_only_where_whole_numbers_go_out(context, qtbot):
    sent = []
    panel = DropoutExportPanel(context, lambda *order: sent.append(order))
    qtbot.addWidget(panel)
    assert not panel.reason.isEnabled()
    panel.profile.set_value(Profile.FULL)
    assert panel.reason.isEnabled()
    panel._asked("")
    assert sent == []
    panel.reason.setText("镇里查台账")
    panel.profile.set_value(Profile.MASKED)
    assert not panel.reason.isEnabled()
    panel._asked("")
    assert sent == [(Profile.MASKED, None)]
