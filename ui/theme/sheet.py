"""The one style sheet, generated from the tokens.

It styles what Qt draws itself (fields, scroll bars, menus, tool tips, grounds). Buttons, chips, rows
and boxes paint themselves in `ui.widgets` because rings and marks need more than a style sheet gives.
"""

from __future__ import annotations

from functools import cache
from string import Template

from ui.theme.tokens import Metrics, Tone

_SHEET = Template(
    """
/* Qt takes the padding of a tip twice, and the wider side of it for all four. */
QToolTip { background: $PAPER; color: $INK; border: 1px solid $LINE; padding: ${s2}px; }

[ground="desk"] { background: $DESK; }
[ground="sunk"] { background: $SUNK; }
[ground="sheet"] { background: $PAPER; border: 1px solid $LINE; border-radius: ${radius_sheet}px; }
[ground="paper"] { background: $PAPER; }
[ground="note"] { background: $DESK; border-radius: ${radius}px; }
[ground="select"] { background: $SELECT; }
[ground="red"] { background: $RED_TINT; }
[ground="ochre"] { background: $OCHRE_TINT; }
[ground="green"] { background: $GREEN_TINT; }
[ground="badge"] { background: $SUNK; border-radius: ${badge}px; }
[ground="foot"] { background: $PAPER; border-top: 1px solid $LINE; }
[ground="foot-select"] { background: $SELECT; border-top: 1px solid $LINE; }
[ground="foot"], [ground="foot-select"] {
  border-bottom-left-radius: ${inner}px; border-bottom-right-radius: ${inner}px; }

QLineEdit, QTextEdit, QPlainTextEdit {
  background: $PAPER; color: $INK; border: 1px solid $FIELD; border-radius: ${radius}px;
  padding: 1px ${field_pad}px; selection-background-color: $ACCENT; selection-color: $WHITE;
  placeholder-text-color: $INK3; }
QLineEdit { min-height: ${field_inner}px; max-height: ${field_inner}px; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus {
  border: 2px solid $ACCENT; padding: 0px ${field_pad_focus}px; }
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled {
  background: $DESK; color: $INK3; border: 1px solid $LINE; }
QLineEdit[look="search"] { padding-left: ${search_pad}px; }
QLineEdit[look="search"]:focus { padding-left: ${search_pad_focus}px; }
QLineEdit[look="quiet"] { min-height: ${quiet_inner}px; max-height: ${quiet_inner}px;
  background: transparent; border: 1px solid transparent; }
QLineEdit[look="quiet"]:hover { border: 1px solid $EDGE; background: $PAPER; }
QLineEdit[look="quiet"]:focus { border: 2px solid $ACCENT; background: $PAPER; }
QLineEdit[look="quiet"]:disabled { background: $DESK; border: 1px solid transparent; }
QLineEdit[look="cell"], QLineEdit[look="cell"]:focus { min-height: 0px; max-height: 9999px;
  border: 2px solid $ACCENT; border-radius: 0px; padding: 0px ${cell_pad}px; }
QLineEdit[state="unknown"] { placeholder-text-color: $OCHRE; }
QLineEdit[state="doubtful"] { background: $OCHRE_TINT; border: 1px solid $OCHRE; }
QLineEdit[state="doubtful"]:focus { background: $OCHRE_TINT; border: 2px solid $OCHRE; }
QLineEdit[state="invalid"], QLineEdit[state="invalid"]:focus {
  background: $RED_TINT; border: 2px solid $RED; padding: 0px ${field_pad_focus}px; }
QTextEdit, QPlainTextEdit { padding: ${s4}px ${area_pad}px; }
QTextEdit:focus, QPlainTextEdit:focus { padding: ${quiet_area}px ${area_pad_focus}px; }

QTextEdit[look="quiet"] { background: transparent; border: 1px solid transparent;
  padding: ${quiet_area}px ${area_pad}px; }
QTextEdit[look="quiet"]:hover { border: 1px solid $EDGE; background: $PAPER; }
QTextEdit[look="quiet"]:focus { border: 2px solid $ACCENT; background: $PAPER;
  padding: ${quiet_area_focus}px ${area_pad_focus}px; }
QTextEdit[look="quiet"]:disabled { background: $DESK; border: 1px solid transparent; }
QTextEdit[state="unknown"] { placeholder-text-color: $OCHRE; }

QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: none; }
QTableView, QListView { background: $PAPER; border: none; outline: none; }
QTableCornerButton::section { background: $PAPER; border: none; border-bottom: 1px solid $LINE; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: ${bar_room}px; margin: ${s2}px; }
QScrollBar:horizontal { background: transparent; height: ${bar_room}px; margin: ${s2}px; }
QScrollBar::handle { background: $THUMB; border-radius: ${thumb_radius}px; }
QScrollBar::handle:vertical { min-height: ${thumb_least}px; }
QScrollBar::handle:horizontal { min-width: ${thumb_least}px; }
QScrollBar::handle:hover { background: $FIELD; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QToolButton[look="mark"] { background: transparent; border: none; }
QListView[look="hits"] { background: $PAPER; border: 1px solid $EDGE; border-radius: ${radius}px; outline: 0; }
QListView[look="hits"]::item { min-height: ${row}px; padding: 0 ${hit_pad}px; border: none; }
QListView[look="hits"]::item:hover { background: $HOVER; }
QListView[look="hits"]::item:selected { background: $SELECT; color: $ACCENT_DARK; }
QMenu { background: $PAPER; border: 1px solid $EDGE; border-radius: ${radius}px; padding: ${s4}px; }
QMenu::item { padding: ${menu_pad}px ${s24}px ${menu_pad}px ${s12}px; border-radius: ${radius_tag}px; }
QMenu::item:selected { background: $SELECT; color: $ACCENT_DARK; }
QMenu::item:disabled { color: $INK3; }
QMenu::icon { padding-left: ${s12}px; }
QMenu::separator { height: 1px; background: $HAIR; margin: ${s4}px ${s8}px; }
QComboBox QAbstractItemView { background: $PAPER; border: 1px solid $EDGE; padding: ${s4}px;
  selection-background-color: $SELECT; selection-color: $ACCENT_DARK; outline: none; }
QComboBox QAbstractItemView::item { min-height: ${row}px; padding: 0 ${choice_pad}px; border: none; }
QComboBox QAbstractItemView::item:selected { background: $SELECT; color: $ACCENT_DARK; }
"""
)


@cache
def style_sheet(m: Metrics) -> str:
    """The style sheet for these lengths."""
    values: dict[str, object] = {tone.name: tone.value for tone in Tone}
    for name in (
        "s2",
        "s4",
        "s8",
        "s12",
        "s24",
        "radius",
        "radius_sheet",
        "radius_tag",
        "row",
        "thumb_least",
    ):
        values[name] = getattr(m, name)
    values |= {
        "inner": m.radius_sheet - 1,
        "badge": m.step // 2,
        "field_pad": m.text_pad - 3,
        "field_pad_focus": m.text_pad - 4,
        "cell_pad": m.cell_pad - 4,
        "field_inner": m.field - 4,
        "quiet_inner": m.quiet_field - 4,
        "search_pad": m.s32,
        "search_pad_focus": m.s32 - 1,
        "hit_pad": m.text_pad - 4,
        "choice_pad": m.text_pad - m.s8,
        "quiet_area": m.s4 - 1,
        "quiet_area_focus": m.s4 - 2,
        "area_pad": m.text_pad - 1,
        "area_pad_focus": m.text_pad - 2,
        "bar_room": m.thumb + 2 * m.s2,
        "thumb_radius": m.thumb // 2,
        "menu_pad": m.s4 + 1,
    }
    return _SHEET.substitute(values)
