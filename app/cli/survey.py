"""The command of the term's survey (摸底核实)."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock


def export_collection(args: Namespace, clock: Clock) -> Answer:
    """Write the pre-filled class sheets."""
    from app.storage.store import Store
    from app.tasks.survey import export_collection as export

    with Store.open(args.db, clock=clock) as store:
        made = export(store, args.folder, class_name=args.class_name)
    plain = [
        {"path": str(sheet.path), "class": sheet.class_name, "children": sheet.children}
        for sheet in made.sheets
    ]
    total = sum(sheet.children for sheet in made.sheets)
    notes = [
        f"已写{made.counted}的核实表，{len(made.sheets)} 份，共 {total} 名儿童。",
        f"打印用的纸表 {made.pages} 页：{made.paper.name}。",
    ]
    return Answer({"sheets": plain, "paper": str(made.paper), "pages": made.pages}, notes=notes)
