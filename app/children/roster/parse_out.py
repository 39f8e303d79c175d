"""Reading 父亲外出情况: out or at home, in the words people answer with; also what became of somebody."""

from app.children.codes import AwayState
from app.children.roster.draft import PersonDraft, RawCell, RowDraft
from app.children.roster.reading.places import read_told
from app.children.roster.reading.text import says_nothing, yes_or_no
from app.children.roster.words import codes, plain_word


def read_out(draft: RowDraft, person: PersonDraft, out: RawCell | None) -> None:
    """Fill in whether the person is out; 去世 and the like there is what became of them, and they are not away."""
    if out is None or says_nothing(out.text):
        return
    state = codes("away").get(plain_word(out.text))
    said = yes_or_no(out.text)
    if state is None and said is None:
        told = read_told(out.text)
        if told is None or (told.life or told.marriage or told.ground or told.away) is None:
            draft.mark(f"{person.role}.out", "value_unknown", "看不出是否外出，没有存", out)
            return
        person.life = person.life or told.life
        person.marriage = person.marriage or told.marriage
        person.ground = person.ground or told.ground
        person.away = person.away or told.away
        return
    wanted = AwayState(state) if state else (AwayState.OUT if said else AwayState.HOME)
    if person.place and wanted is AwayState.HOME:
        draft.mark(f"{person.role}.out", "status_conflict", "写着不外出，又写了务工地；请核对", out)
    person.away = wanted
