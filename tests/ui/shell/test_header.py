"""The head of a page: what stands beside the title gives way by whole facts, never by a cut one."""

from ui.shell.header import PageHeader
from ui.widgets import Button
from ui.widgets.cuts import cuts_of

FULL = ("男，二（2）班，2019-08　　资料 72%", "男，二（2）班", "二（2）班")


def test_a_fact_gives_way_whole_and_comes_back(qtbot, look):
    header = PageHeader("买买提·阿卜杜热西提", back="台账")
    header.add(Button("打印档案"))
    header.set_fact(*FULL)
    qtbot.addWidget(header)
    said = []
    for width in (700, 440, 400, 700):
        header.resize(width, header.height())
        qtbot.show(header)
        said.append(header.fact)
        assert not cuts_of(header)
    assert said[0] == said[-1] == FULL[0]
    assert set(said[1:3]) <= set(FULL[1:])
