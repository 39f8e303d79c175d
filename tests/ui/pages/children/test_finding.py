"""She looks for children: typing, conditions, saved views, another day, other columns."""

from datetime import date
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt

from app.children.codes import PhoneResult
from app.children.contacts import contact_chain
from app.children.queries import load_facts
from app.children.service_family import confirm_phone
from tests.ui.pages.children.conftest import DRAFTS, GONE, uuid_of
from ui.pages.children.columns import BY_KEY as COLUMNS
from ui.pages.children.conditions import SHIPPED, Conditions, View, Wanted, own_views
from ui.theme import Breakpoint
from ui.widgets import Menu
from ui.widgets.cuts import cuts_of


def type_text(page, text):
    page.header.search.setText(text)


def test_the_ledger_opens_by_class_and_counts_what_it_shows(page, names):
    assert len(names()) == len(DRAFTS)
    assert names()[:3] == ["区嘉欣", "买买提·阿卜杜热西提", "仇志强"]
    assert page.bar.count.text() == "符合 12 名：男 8、女 4"
    assert page.bar.view.text() == "全部在册 12"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zx", ["邹星宇", "曾小雨", "周子轩"]),
        ("zengxiaoyu", ["曾小雨"]),
        ("shan", ["单永强"]),
        ("zhawen", ["查文静"]),
        ("xie", ["解思远"]),
        ("qiu", ["仇志强"]),
        ("ou", ["区嘉欣", "欧阳慕容雨桐"]),
        ("qin", ["覃䶮"]),
        ("002x", ["区嘉欣"]),
        ("1234", ["曾小雨"]),
        ("大垭口", ["查文静"]),
    ],
)
def test_typing_narrows_the_list(page, names, text, found):
    type_text(page, text)
    assert names() == found


def test_what_was_matched_is_underlined_and_said_when_it_is_not_the_name(page):
    type_text(page, "zx")
    row = page.table.rows[1]
    assert page._marks(row, "name") == [0, 1]
    type_text(page, "1234")
    assert page.bar.count.text() == "找到 1 名，按电话尾号：男 0、女 1"
    type_text(page, "大垭口")
    assert list(page._marks(page.table.rows[0], "village")) == [0, 1, 2]


def test_every_backspace_is_answered(page, names):
    for text in ("zxyuab", "zxyua", "zxyu", "zxy", "zx", "z", "", "%", "_", "'", "\\", " "):
        type_text(page, text)
        assert not page.grab().isNull()
    assert len(names()) == len(DRAFTS)


def test_escape_empties_the_search_then_goes_to_the_list(page, names, qtbot):
    search = page.header.search
    search.setFocus()
    qtbot.keyClicks(search, "zx")
    assert len(names()) == 3
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert len(names()) == len(DRAFTS)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert page.table.hasFocus()


def test_enter_in_the_search_and_enter_in_the_list_open_the_child(page, context, qtbot):
    search = page.header.search
    search.setFocus()
    qtbot.keyClicks(search, "zx")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    among = (uuid_of("邹星宇"), uuid_of("曾小雨"), uuid_of("周子轩"))
    assert context.navigation.opened == [("child", {"uuid": among[1], "among": among})]


# ---- conditions


def test_conditions_add_up_and_each_says_how_many_it_leaves(page, names, condition):
    menu = Menu(page)
    page.bar._build("parents", menu)
    assert [action.text() for action in menu.actions()] == ["双亲\t9", "单亲\t2", "父母外出情况未采集\t1"]
    condition("parents", "双亲")
    assert page.bar.chips["parents"].choice == "双亲"
    condition("sex", "女")
    assert names() == ["区嘉欣", "查文静", "曾小雨", "欧阳慕容雨桐"]
    condition("class", "三（1）班")
    assert names() == ["查文静"]
    page.bar.chips["class"].cleared.emit()
    assert len(names()) == 4
    page.bar.clear.click()
    assert len(names()) == len(DRAFTS)


@pytest.mark.parametrize(
    ("key", "words", "found"),
    [
        ("class", "三年级", ["解思远", "覃䶮", "查文静", "邹星宇"]),
        ("care", "无人监护或评估差", ["单永强", "周子轩"]),
        ("care", "无人监护\t", ["周子轩"]),
        ("care", "评估一般", ["邹星宇"]),
        ("category", "家庭困难", ["查文静"]),
        ("phone", "从未核实", ["邹星宇", "曾小雨"]),
        ("boards", "寄宿\t", ["买买提·阿卜杜热西提"]),
        ("village", "大垭口村", ["查文静"]),
        ("status", "已退出", ["王小满"]),
    ],
)
def test_each_kind_of_condition(page, names, condition, key, words, found):
    condition(key, words)
    assert sorted(names()) == sorted(found)


def test_a_number_found_stopped_is_no_number_confirmed_today(page, names, condition, context, qtbot):
    def cell():
        (row,) = [one for one in page.table.rows if one.name == "邹星宇"]
        return COLUMNS["phone_age"].cell(row).text

    assert cell() == "从未"
    found = []
    context.jobs.run(_first_number, context.store, uuid_of("邹星宇"), on_done=found.append)
    qtbot.waitUntil(lambda: bool(found))
    for result, words in (
        (PhoneResult.REACHED, "今天"),
        (PhoneResult.NO_ANSWER, "从未"),
        (PhoneResult.STOPPED, "打不通"),
    ):
        context.write(confirm_phone, phone_uuid=found[0], result=result)
        qtbot.waitUntil(lambda words=words: cell() == words)
    condition("phone", "停机或号码错")
    assert names() == ["邹星宇"]


def _first_number(store, child_uuid):
    (facts,) = load_facts(store, store.clock.today(), uuids=(child_uuid,))
    return next(one.phone_uuid for one in contact_chain(facts) if one.number)


def test_who_lacks_what_is_filled_one_after_the_other(page, context, names, condition, qtbot):
    condition("data", "缺 监护人电话")
    assert names() == ["单永强"]
    assert page.gap_bar.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_F3)
    assert context.navigation.opened == [
        ("child", {"uuid": uuid_of("单永强"), "among": (uuid_of("单永强"),)})
    ]


def test_when_nobody_fits_the_condition_to_drop_is_named(page, names, condition):
    condition("parents", "单亲")
    condition("sex", "男")
    page.show_wanted(page._wanted.with_conditions(page._wanted.conditions.having("care", "unguarded")))
    assert names() == []
    assert page.stack.currentWidget() is page.nobody
    links = [link.text() for link in page.nobody.findChildren(type(page.bar.clear)) if link.isVisible()]
    assert links == ["去掉「监护人：无人」，就有 2 名"]


def test_a_search_that_fails_on_the_ledger_offers_all_pupils(page, names, qtbot):
    type_text(page, "王小满")
    assert names() == []
    link = next(one for one in page.nobody.findChildren(type(page.bar.clear)) if one.isVisible())
    assert link.text() == "到全部学生里找，就有 1 名"
    link.click()
    assert names() == ["王小满"]


# ---- views


def test_seven_views_come_along_with_their_counts(page, pick, names):
    menu = Menu(page)
    page.views.build(menu)
    words = [action.text() for action in menu.actions()][:7]
    assert words == [
        "全部在册\t12",
        "双亲留守\t9",
        "无人监护或评估差\t2",
        "没有结对\t12",
        "资料不齐\t12",
        "号码超 90 天未核实\t2",
        "已退出\t1",
    ]
    pick(page.views.build, "双亲留守")
    assert page.bar.view.text() == "双亲留守 9"
    assert page.bar.chips["parents"].choice == "双亲", "nothing narrows the list down unseen"
    page.bar.chips["parents"].cleared.emit()
    assert page.bar.view.text() == "全部在册 12"


def test_her_own_view_is_kept_renamed_and_dropped(page, context, condition, pick):
    condition("care", "无人监护\t")
    condition("sex", "男")
    pick(page.views.build, "把现在的条件存为视图")
    panel = context.dialogs.panels.pop()
    panel.field.setText("双亲留守")
    assert not panel.buttons["keep"].isEnabled(), "the name is taken"
    panel.field.setText("先看这几个男生")
    panel.buttons["keep"].click()
    assert context.settings.value.saved_filters == {"先看这几个男生": {"care": "unguarded", "sex": "1"}}
    assert page.bar.view.text() == "先看这几个男生 1"
    pick(page.views.build, "给「先看这几个男生」改名")
    panel = context.dialogs.panels.pop()
    panel.field.setText("男生")
    panel.buttons["keep"].click()
    assert list(context.settings.value.saved_filters) == ["男生"]
    context.dialogs.choices = ["drop"]
    pick(page.views.build, "去掉「男生」")
    assert context.settings.value.saved_filters == {}


def test_views_of_another_version_are_read_as_far_as_they_mean_something():
    saved = {"旧的": {"sex": "1", "no_such": "x", "parents": "three_out", "care": 5}}
    assert own_views(saved) == [View("旧的", Conditions((("sex", "1"),)), own=True)]


def test_the_scope_says_which_children_these_are(page, condition):
    rows = page._rows
    assert page._wanted.scope_words(rows) == ""
    assert Wanted(SHIPPED[1], SHIPPED[1].conditions).scope_words(rows) == "双亲留守"
    condition("class", "三（1）班")
    condition("sex", "女")
    type_text(page, "查")
    assert page._wanted.scope_words(rows) == "班级：三（1）班，性别：女，查找「查」"


# ---- another day, other columns, from elsewhere


def test_another_day_shows_who_was_on_the_ledger_then(page, names, qtbot):
    assert GONE.name not in names()
    page.as_of.look_at(date(2026, 9, 30))
    qtbot.waitUntil(lambda: page.reader.loaded.day == date(2026, 9, 30))
    assert GONE.name in names()
    assert page.bar.day.choice == "9月30日"
    assert not page._add.isEnabled()
    page.table.set_ticked([uuid_of("曾小雨")])
    assert not page.selection.change.isVisible()
    page.bar.day.cleared.emit()
    qtbot.waitUntil(lambda: page.reader.loaded.day == date(2026, 11, 21))
    assert GONE.name not in names()


def test_a_day_of_her_own_must_have_been(page, context, pick, qtbot):
    pick(page.as_of.build, "别的一天")
    panel = context.dialogs.panels.pop()
    for text, fits in (("2026-09", False), ("2027-01-01", False), ("2026.9.30", True)):
        panel.field.setText(text)
        assert panel.buttons["look"].isEnabled() is fits, text
    panel.buttons["look"].click()
    qtbot.waitUntil(lambda: page.reader.loaded.day == date(2026, 9, 30))


def test_the_chosen_columns_are_remembered(page, context):
    page._ask_columns()
    panel = context.dialogs.panels.pop()
    panel.boxes["birth"].setChecked(True)
    panel.boxes["grade"].setChecked(False)
    panel.buttons["use"].click()
    shown = [page.table.model().headerData(s, Qt.Orientation.Horizontal) for s in range(1, 12)]
    assert "出生日期" in shown
    assert "监护评估" not in shown
    assert "birth" in context.settings.value.columns
    page._ask_columns()
    panel = context.dialogs.panels.pop()
    panel._usual()
    panel.buttons["use"].click()
    assert context.settings.value.columns == ()


def test_sorting_by_age_and_back(page, names):
    page.table.sort_by("sex_age")
    assert names()[0] == "区嘉欣"
    page.table.sort_by("sex_age", descending=True)
    assert names()[0] == "张𬭎"


def test_other_pages_hand_over_exactly_their_children(page, names):
    page.open_with(uuids=(uuid_of("王小满"), uuid_of("覃䶮")), words="算到、没有登记的 2 名", day=None)
    assert sorted(names()) == ["王小满", "覃䶮"]
    assert page.bar.picked.choice == "算到、没有登记的 2 名"
    page.open_with(uuids=(uuid_of("覃䶮"),), words="国务院口径算到、台账上没有登记的儿童，截至 2026-09-30")
    assert page.bar.picked.toolTip().endswith("2026-09-30")
    page.set_breakpoint(Breakpoint.NARROW)
    page.resize(815, 330)
    page.grab()
    assert cuts_of(page) == []
    page.bar.picked.cleared.emit()
    assert len(names()) == len(DRAFTS)
    page.open_with(view="无人监护或评估差")
    assert names() == ["单永强", "周子轩"]
    page.open_with(gap="care.phone")
    assert names() == ["单永强"]
    page.open_with(parents="one_out", sex="1")
    assert sorted(names()) == ["单永强", "解思远"]


# ---- how it looks


@pytest.mark.parametrize(("width", "height"), [(815, 330), (997, 430), (1174, 580), (1700, 900)])
def test_nothing_is_cut_at_any_width(page, condition, width, height, qtbot):
    page.set_breakpoint(Breakpoint.NARROW if width < 1000 else Breakpoint.NORMAL)
    page.resize(width, height)
    for step in (None, ("parents", "双亲"), ("sex", "女"), ("data", "资料不齐"), ("care", "祖父母")):
        if step:
            condition(*step)
        page.table.set_ticked([row.uuid for row in page.table.rows[:2]])
        page.grab()
        assert page.bar.columns.geometry().right() <= page.bar.width()
        visible = [
            w for w in (page.bar.view, page.bar.more, page.bar.count, page.bar.columns) if w.isVisible()
        ]
        edges = sorted((w.geometry().left(), w.geometry().right()) for w in visible)
        assert all(right <= left for (_, right), (left, _) in pairwise(edges))
        assert cuts_of(page) == []


def test_conditions_without_room_are_folded_and_can_be_dropped(page, condition):
    page.set_breakpoint(Breakpoint.NARROW)
    page.resize(815, 330)
    for step in (
        ("parents", "双亲"),
        ("sex", "女"),
        ("data", "资料不齐"),
        ("care", "祖父母"),
        ("class", "四（2）班"),
    ):
        condition(*step)
    assert page.bar.folded.isVisible()
    menu = Menu(page)
    page.bar._build_folded(menu)
    menu.actions()[0].trigger()
    assert len(page._wanted.conditions.choices) == 4


def give(context, child, qtbot, name="陈素兰"):
    """Somebody looks after the child from today on."""
    from app.pairing.codes import Identity, PairingKind
    from app.pairing.queries import supporters
    from app.pairing.service_pairs import pair
    from app.pairing.service_supporters import add_supporter

    done, found = [], []
    context.write(add_supporter, name=name, identity=Identity.VILLAGE_CADRE, on_done=done.append)
    qtbot.waitUntil(lambda: bool(done))
    context.read(supporters, context.clock.today(), on_done=found.extend)
    qtbot.waitUntil(lambda: bool(found))
    key = next(one.key for one in found if one.name == name)
    context.write(
        pair,
        child_uuid=child,
        kind=PairingKind.PROXY_PARENT,
        key=key,
        since=context.clock.today().isoformat(),
        unchecked_reason="已申请，结果未回",
        on_done=done.append,
    )
    qtbot.waitUntil(lambda: len(done) == 2)
    return key


def test_who_looks_after_a_child_stands_in_the_list_and_is_looked_for(page, names, context, qtbot):
    from app.pairing.service_supporters import change_supporter

    def cells():
        return {row.name: COLUMNS["supporter"].cell(row).text for row in page.table.rows}

    assert set(cells().values()) == {"没有结对"}
    uuid = uuid_of("覃䶮")
    key = give(context, uuid, qtbot)
    qtbot.waitUntil(lambda: cells()["覃䶮"] == "陈素兰")
    page.open_with(view="没有结对")
    assert "覃䶮" not in names()
    assert len(names()) == len(DRAFTS) - 1
    page.open_with(supporter="name:陈素兰")
    assert names() == ["覃䶮"]
    assert page.bar.chips["supporter"].choice == "陈素兰"
    give(context, uuid, qtbot, "田茂才")
    qtbot.waitUntil(lambda: cells()["覃䶮"] in {"田茂才等", "陈素兰等"})
    done = []
    context.write(change_supporter, key=key, name="陈素芳", on_done=done.append)  # touches no child
    page.open_with()
    qtbot.waitUntil(
        lambda: (
            page.table.rows[0]
            and "陈素芳" in next(row for row in page.table.rows if row.name == "覃䶮").supporters
        )
    )
    page.table.sort_by("supporter")
    assert names()[-1] == "覃䶮"
