"""The outside of the window, for tests: dialogs that answer by themselves, a navigation that notes."""

from ui.dialogs import Dialogs


class FakeDialogs(Dialogs):
    """Answers from lists: `files`, `folders`, `choices`, `fault_choices`; notes what was asked and what was told."""

    def __init__(self):
        super().__init__(None)
        self.files = []
        self.folders = []
        self.choices = []
        self.asked = []
        self.faults = []
        self.fault_verbs = []
        self.fault_choices = []
        self.panels = []
        self.shown_folders = []

    def open_file(self, title, *, kinds, start=None):
        return self.files.pop(0) if self.files else None

    def open_files(self, title, *, kinds):
        found = self.files.pop(0) if self.files else ()
        return tuple(found) if isinstance(found, list | tuple) else (found,)

    def save_file(self, title, *, kinds, start):
        return self.files.pop(0) if self.files else None

    def folder(self, title, *, start=None):
        return self.folders.pop(0) if self.folders else None

    def ask(self, question, lines, verbs, on_choice):
        self.asked.append((question, tuple(lines), tuple(verb.words for verb in verbs)))
        on_choice(self.choices.pop(0) if self.choices else verbs[0].key)

    def fault(self, head, parts, verbs, on_choice):
        self.faults.append((head, parts))
        self.fault_verbs.append(tuple(verb.words for verb in verbs))
        on_choice(self.fault_choices.pop(0) if self.fault_choices else verbs[0].key)

    def open_panel(self, panel, on_choice):
        self.panels.append(panel)
        panel.chosen.connect(on_choice)
        panel.show()

    def show_folder(self, path):
        self.shown_folders.append(path)

    def gives_reason(self, words="交镇民政办核对"):
        """Answer the panel that asks what a file with whole numbers is for."""
        panel = self.panels[-1]
        panel.reason.setText(words)
        panel.answer("save")


class FakeProgram:
    """Notes what a page asked of the whole program."""

    def __init__(self):
        self.asked = []

    def open_ledger(self, path, *, read_only=False):
        self.asked.append(("look" if read_only else "open", path))

    def restore(self, backup, branch=None):
        self.asked.append(("restore", backup) if branch is None else ("restore", backup, branch))

    def use_repaired(self, report, accept=frozenset()):
        self.asked.append(("repaired", accept))

    def open_demo(self):
        self.asked.append(("demo", None))

    def open_usual(self):
        self.asked.append(("no demo", None))


class FakeNavigation:
    """Notes where a page wanted to go and what it said."""

    def __init__(self):
        self.opened = []
        self.toasts = []
        self.saved = 0
        self.backs = 0
        self.let_go = 0
        self.status_asked = 0

    def open_page(self, name, **params):
        self.opened.append((name, params))

    def open_child(self, uuid, *, among=()):
        self.opened.append(("child", {"uuid": uuid, "among": among}))

    def back(self):
        self.backs += 1

    def go_on(self):
        self.let_go += 1

    def toast(self, words, on_undo=None):
        self.toasts.append((words, on_undo))

    def toast_file(self, words, path):
        self.toasts.append((f"{words}，在「{path.parent.name}」", None))

    def said_saved(self):
        self.saved += 1

    def refresh_status(self):
        self.status_asked += 1
