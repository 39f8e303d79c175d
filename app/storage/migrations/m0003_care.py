"""Version 3: who looks after whom, what was done, what is due, and the term's survey (frozen once released).

The manners are those of version 1: ``id``/``uuid``/``entered_at``/``deleted_at`` in every table, ISO dates with their
own precision, dated facts on [valid_from, valid_to), NULL = 未采集. Whatever belongs to one child names it in
``child_id``, a detail of a record too: so the recycle bin, merging and permanent deletion find it without a list.
``entered_on`` is the day a record was written down, never earlier than a day already in the file, and never changed:
what is written down later shows its distance to ``happened_on`` for ever (补录).
"""

from app.storage.migrations.history_triggers import Cursor, create_history_triggers, create_period_guard

VERSION = 3

_HEAD = """
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    entered_at TEXT NOT NULL,
    deleted_at TEXT"""
_YEAR = "[12][0-9][0-9][0-9]"
_DAY = f"{_YEAR}-[01][0-9]-[0-3][0-9]"


def _partial(column: str) -> str:
    """A CHECK that ``column`` is NULL or an ISO date of any precision."""
    return (
        f"CHECK ({column} IS NULL OR {column} GLOB '{_YEAR}' OR {column} GLOB '{_YEAR}-[01][0-9]'"
        f" OR {column} GLOB '{_DAY}')"
    )


def _day(column: str) -> str:
    """A CHECK that ``column`` is NULL or a whole ISO day."""
    return f"CHECK ({column} IS NULL OR {column} GLOB '{_DAY}')"


def _minute(column: str) -> str:
    """A CHECK that ``column`` is NULL or a minute of a day, YYYY-MM-DDTHH:MM."""
    return f"CHECK ({column} IS NULL OR {column} GLOB '{_DAY}T[0-2][0-9]:[0-5][0-9]')"


def _clock(column: str) -> str:
    """A CHECK that ``column`` is NULL or a time of day, HH:MM."""
    return f"CHECK ({column} IS NULL OR {column} GLOB '[0-2][0-9]:[0-5][0-9]')"


def _one_of(column: str, *codes: str) -> str:
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"CHECK ({column} IS NULL OR {column} IN ({listed}))"


def _yes_no(column: str) -> str:
    return f"CHECK ({column} IS NULL OR {column} IN (0, 1))"


def _names(column: str, table: str, *, needed: bool = False) -> str:
    return f"{column} INTEGER{' NOT NULL' if needed else ''} REFERENCES {table} (id) ON DELETE RESTRICT"


_PERIOD = f"""
    valid_from TEXT {_partial("valid_from")},
    valid_to TEXT {_partial("valid_to")},
    source TEXT,
    noted_on TEXT {_partial("noted_on")},
    CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to)"""
_CHILD = _names("child_id", "child", needed=True)
_HAPPENED = f"""
        happened_on TEXT NOT NULL {_day("happened_on")},
        entered_on TEXT NOT NULL {_day("entered_on")}"""
_GUIDANCES = ",\n        ".join(
    f"{name} INTEGER NOT NULL DEFAULT 0 {_yes_no(name)}" for name in ("mind", "life", "study", "conduct")
)
_ACTIVITIES = (
    "talk",
    "home_visit",
    "tutoring",
    "growth_journal",
    "contact",
    "abnormal_notice",
    "good_news",
    "parent_visit",
    "village",
    "letter",
)
_PAIRING_KINDS = ("mentor", "support_teacher", "proxy_parent", "study_buddy")
_WISH = ("must", "wish", "no")

TABLES: dict[str, str] = {
    # ---- who looks after whom --------------------------------------------------------------------------------------
    # Somebody who may look after a child: a member of staff, or a person from outside with a name of its own.
    "supporter": f"""
        {_names("staff_id", "staff")},
        name TEXT,
        sex TEXT {_one_of("sex", "1", "2")},
        phone TEXT,
        identity TEXT NOT NULL {
        _one_of(
            "identity",
            "staff",
            "village_cadre",
            "government",
            "retired_teacher",
            "volunteer",
            "womens_federation",
            "other",
        )
    },
        organisation TEXT,
        duty TEXT,
        left_on TEXT {_partial("left_on")},
        note TEXT,
        CHECK ((staff_id IS NULL) = (name IS NOT NULL AND name <> '')),
        CHECK ((staff_id IS NOT NULL) = (identity = 'staff'))""",
    # One 从业查询 (未成年人保护法 62): on which day, with what result, by which office.
    "background_check": f"""
        {_names("supporter_id", "supporter", needed=True)},
        checked_on TEXT NOT NULL {_day("checked_on")},
        result TEXT NOT NULL {_one_of("result", "clear", "found")},
        office TEXT,
        kept_at TEXT""",
    # This supporter, or this pupil as a study buddy, looks after that child. ``unchecked_reason`` is why it was made
    # without a valid 从业查询, ``focus`` what matters most (四导 in words), ``agreed_on`` when the paper was signed.
    "pairing": f"""
        {_CHILD},
        kind TEXT NOT NULL {_one_of("kind", *_PAIRING_KINDS)},
        {_names("supporter_id", "supporter")},
        {_names("buddy_id", "child")},
        focus TEXT,
        agreed_on TEXT {_day("agreed_on")},
        kept_at TEXT,
        unchecked_reason TEXT,
        end_reason TEXT {
        _one_of(
            "end_reason",
            "supporter_left",
            "handed_over",
            "child_left",
            "child_graduated",
            "term_over",
            "asked",
            "unsuited",
            "mistaken",
            "other",
        )
    },
        end_note TEXT,
        {_PERIOD},
        CHECK ((supporter_id IS NULL) <> (buddy_id IS NULL)),
        CHECK ((buddy_id IS NOT NULL) = (kind = 'study_buddy')),
        CHECK (buddy_id IS NULL OR buddy_id <> child_id)""",
    # How the school pairs, per kind, from a day on. Loads count the children of one supporter.
    "pairing_rule": f"""
        kind TEXT NOT NULL {_one_of("kind", *_PAIRING_KINDS)},
        least INTEGER NOT NULL DEFAULT 0 CHECK (least BETWEEN 0 AND 99),
        most INTEGER NOT NULL CHECK (most BETWEEN 1 AND 99),
        class_teacher TEXT NOT NULL DEFAULT 'wish' {_one_of("class_teacher", *_WISH, "never")},
        siblings TEXT NOT NULL DEFAULT 'must' {_one_of("siblings", *_WISH)},
        woman_for_girls TEXT NOT NULL DEFAULT 'wish' {_one_of("woman_for_girls", *_WISH)},
        {_PERIOD},
        CHECK (least <= most)""",
    # A limit of one supporter's own: 0 = excused, else at most so many children; why.
    "supporter_limit": f"""
        {_names("supporter_id", "supporter", needed=True)},
        most INTEGER NOT NULL CHECK (most BETWEEN 0 AND 99),
        reason TEXT,
        {_PERIOD}""",
    # A help plan (帮扶计划) of one child for one term.
    "help_plan": f"""
        {_CHILD},
        {_names("term_id", "term", needed=True)},
        {_names("supporter_id", "supporter")},
        situation TEXT,
        aim_mind TEXT,
        aim_life TEXT,
        aim_study TEXT,
        aim_conduct TEXT,
        effect TEXT,
        grade TEXT {_one_of("grade", "good", "fair", "poor")},
        reflection TEXT,
        assessed_on TEXT {_day("assessed_on")},
        assessor TEXT""",
    # One measure of a help plan: what, when, where, with whom.
    "help_measure": f"""
        {_CHILD},
        {_names("help_plan_id", "help_plan", needed=True)},
        position INTEGER NOT NULL,
        guidance TEXT {_one_of("guidance", "mind", "life", "study", "conduct")},
        content TEXT NOT NULL CHECK (content <> ''),
        planned_for TEXT,
        place TEXT,
        participants TEXT""",
    # One stage of a help plan as it went.
    "help_stage": f"""
        {_CHILD},
        {_names("help_plan_id", "help_plan", needed=True)},
        {_HAPPENED},
        content TEXT NOT NULL CHECK (content <> ''),
        reaction TEXT,
        effect TEXT""",
    # One spot check (抽查) of a help plan.
    "help_check": f"""
        {_CHILD},
        {_names("help_plan_id", "help_plan", needed=True)},
        checked_on TEXT NOT NULL {_day("checked_on")},
        checker TEXT NOT NULL CHECK (checker <> ''),
        opinion TEXT""",
    # 个别教育管理方案: the restricted sister of the help plan, for the few.
    "individual_plan": f"""
        {_CHILD},
        {_names("term_id", "term", needed=True)},
        {_names("supporter_id", "supporter")},
        situation TEXT,
        aims TEXT,
        measures TEXT,
        course TEXT,
        effect TEXT,
        assessed_on TEXT {_day("assessed_on")},
        assessor TEXT""",
    # ---- what was done ---------------------------------------------------------------------------------------------
    # One thing done with or for one child. ``occasion`` is shared by the rows of one visit to two brothers; ``follows_id``
    # names the record whose follow-up this is; ``contacted`` = did the parents contact the child that week.
    "care_record": f"""
        {_CHILD},
        kind TEXT NOT NULL {_one_of("kind", *_ACTIVITIES)},
        {_HAPPENED},
        started TEXT {_clock("started")},
        ended TEXT {_clock("ended")},
        minutes INTEGER CHECK (minutes BETWEEN 0 AND 1440),
        medium TEXT {_one_of("medium", "in_person", "door", "phone", "video", "written", "message")},
        topic TEXT {
        _one_of(
            "topic",
            "daily",
            "academic_warning",
            "guidance",
            "behaviour",
            "home_school",
            "weekly",
            "sent",
            "received",
            "other",
        )
    },
        place TEXT,
        {_names("supporter_id", "supporter")},
        {_names("person_id", "person")},
        present TEXT,
        {_GUIDANCES},
        background TEXT,
        content TEXT,
        reaction TEXT,
        plan TEXT,
        follow_up_on TEXT {_day("follow_up_on")},
        {_names("follows_id", "care_record")},
        contacted INTEGER {_yes_no("contacted")},
        family TEXT,
        economy TEXT,
        attitude TEXT,
        surroundings TEXT,
        at_school TEXT,
        at_home TEXT,
        needs TEXT,
        problems TEXT,
        occasion TEXT""",
    # Something promised to a child or its carers; open until it was kept or, with a reason, given up.
    "promise": f"""
        {_CHILD},
        {_names("care_record_id", "care_record")},
        {_names("supporter_id", "supporter")},
        content TEXT NOT NULL CHECK (content <> ''),
        promised_on TEXT NOT NULL {_day("promised_on")},
        due_on TEXT {_day("due_on")},
        kept_on TEXT {_day("kept_on")},
        {_names("kept_record_id", "care_record")},
        given_up_on TEXT {_day("given_up_on")},
        note TEXT,
        CHECK (kept_on IS NULL OR given_up_on IS NULL)""",
    # Something that happened to a child and opens a visit under an event rule; closed by the linked record only,
    # or withdrawn with a note.
    "trigger_event": f"""
        {_CHILD},
        rule_code TEXT NOT NULL CHECK (rule_code <> ''),
        {_HAPPENED},
        note TEXT,
        {_names("supporter_id", "supporter")},
        {_names("closed_by_id", "care_record")},
        withdrawn_on TEXT {_day("withdrawn_on")},
        withdrawn_note TEXT,
        CHECK (closed_by_id IS NULL OR withdrawn_on IS NULL),
        CHECK ((withdrawn_on IS NULL) = (withdrawn_note IS NULL))""",
    # A meeting (家长会, 座谈会 …); ``present_count`` when only heads were counted.
    "meeting": f"""
        kind TEXT NOT NULL {
        _one_of(
            "kind", "parents", "carers", "forum", "seminar", "village", "parent_school", "open_class", "other"
        )
    },
        {_HAPPENED},
        started TEXT {_clock("started")},
        ended TEXT {_clock("ended")},
        {_names("school_class_id", "school_class")},
        {_names("host_id", "supporter")},
        place TEXT,
        topic TEXT NOT NULL CHECK (topic <> ''),
        content TEXT,
        decision TEXT,
        present_count INTEGER CHECK (present_count >= 0)""",
    # Who came to a meeting for which child.
    "attendance": f"""
        {_CHILD},
        {_names("meeting_id", "meeting", needed=True)},
        came INTEGER NOT NULL {_yes_no("came")},
        {_names("person_id", "person")},
        attendee TEXT,
        relation TEXT,
        note TEXT""",
    # A child that is not at school without leave, until it is back or its case closed (控辍保学).
    "absence": f"""
        {_CHILD},
        {_HAPPENED},
        reason TEXT {
        _one_of(
            "reason",
            "tired_of_school",
            "poverty",
            "working",
            "early_marriage",
            "illness",
            "out_of_contact",
            "with_parents",
            "not_collected",
            "other",
        )
    },
        found_by TEXT,
        suspected_on TEXT {_day("suspected_on")},
        reported_on TEXT {_day("reported_on")},
        reported_to TEXT,
        receiver TEXT,
        dropout_on TEXT {_day("dropout_on")},
        returned_on TEXT {_day("returned_on")},
        closed_on TEXT {_day("closed_on")},
        closed_reason TEXT {
        _one_of("closed_reason", "returned", "transferred", "over_age", "mistaken", "other")
    },
        note TEXT,
        CHECK ((closed_on IS NULL) = (closed_reason IS NULL))""",
    # The n-th time somebody went to bring a child back to school (劝返).
    "return_persuasion": f"""
        {_CHILD},
        {_names("absence_id", "absence", needed=True)},
        {_HAPPENED},
        persons TEXT,
        medium TEXT {_one_of("medium", "in_person", "door", "phone", "video", "written", "message")},
        course TEXT,
        result TEXT {_one_of("result", "returned", "promised", "refused", "not_met", "other")}""",
    # Her own phrases, put into a text by choice.
    "phrase": """
        field TEXT NOT NULL,
        content TEXT NOT NULL CHECK (content <> ''),
        position INTEGER NOT NULL""",
    # ---- restricted ------------------------------------------------------------------------------------------------
    # An incident (突发事件) with the times of the emergency steps.
    "incident": f"""
        {_CHILD},
        number TEXT NOT NULL,
        kind TEXT NOT NULL {
        _one_of(
            "kind",
            "injury",
            "illness",
            "bullying",
            "abuse",
            "sexual_harm",
            "abandoned",
            "alone",
            "missing",
            "self_harm",
            "other",
        )
    },
        severity TEXT {_one_of("severity", "light", "serious", "critical")},
        found_at TEXT NOT NULL {_minute("found_at")},
        entered_on TEXT NOT NULL {_day("entered_on")},
        found_by TEXT,
        place TEXT,
        course TEXT,
        rescued_at TEXT {_minute("rescued_at")},
        rescue TEXT,
        carer_told_at TEXT {_minute("carer_told_at")},
        parents_told_at TEXT {_minute("parents_told_at")},
        must_report INTEGER {_yes_no("must_report")},
        outcome TEXT,
        closed_on TEXT {_day("closed_on")}""",
    # One report of an incident (强制报告): when, to whom, by whom, with what receipt.
    "incident_report": f"""
        {_CHILD},
        {_names("incident_id", "incident", needed=True)},
        reported_at TEXT NOT NULL {_minute("reported_at")},
        body TEXT NOT NULL {_one_of("body", "police", "civil_affairs", "education", "government", "other")},
        recipient TEXT,
        reporter TEXT NOT NULL CHECK (reporter <> ''),
        receipt_no TEXT""",
    # Psychological counselling (心理疏导). What was said is in ``sealed``, under the counsellor's own passphrase.
    "counselling": f"""
        {_CHILD},
        number TEXT NOT NULL,
        {_HAPPENED},
        started TEXT {_clock("started")},
        ended TEXT {_clock("ended")},
        {_names("supporter_id", "supporter")},
        form TEXT {_one_of("form", "single", "group", "family")},
        origin TEXT {_one_of("origin", "self", "referred", "parent", "observed")},
        key_uuid TEXT NOT NULL,
        sealed TEXT NOT NULL CHECK (sealed <> '')""",
    # The key of the counselling notes, wrapped: by the passphrase, and by the words of the recovery slip.
    "counselling_key": f"""
        key_uuid TEXT NOT NULL,
        way TEXT NOT NULL {_one_of("way", "passphrase", "slip")},
        salt TEXT NOT NULL,
        cost INTEGER NOT NULL,
        wrapped TEXT NOT NULL""",
    # A photo or scan with a child or one of its records; its bytes lie in attachment_content. Never changed.
    "attachment": f"""
        {_CHILD},
        {_names("care_record_id", "care_record")},
        kind TEXT NOT NULL {_one_of("kind", "photo", "scan", "document")},
        title TEXT,
        media_type TEXT NOT NULL {_one_of("media_type", "image/jpeg", "image/png", "application/pdf")},
        size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 204800),
        sha256 TEXT NOT NULL,
        width INTEGER,
        height INTEGER,
        taken_on TEXT {_day("taken_on")}""",
    # ---- what is due -----------------------------------------------------------------------------------------------
    # How often something is to be done: for all children, for those with a category, or (child_id) for one child.
    # ``times`` 0 = not asked of. ``audience`` says who owes it: each child's supporter, each teacher, the school.
    "cadence_rule": f"""
        activity TEXT NOT NULL CHECK (activity <> ''),
        audience TEXT NOT NULL {_one_of("audience", "child", "supporter", "school")},
        scope TEXT NOT NULL DEFAULT 'all' {_one_of("scope", "all", "priority")},
        {_names("child_id", "child")},
        times INTEGER NOT NULL CHECK (times BETWEEN 0 AND 99),
        per TEXT NOT NULL {_one_of("per", "week", "fortnight", "month", "term", "year")},
        note TEXT,
        {_PERIOD}""",
    # An event that opens a visit: 五必访 and the school's own. ``days`` from the event to the due date.
    "event_rule": f"""
        code TEXT NOT NULL CHECK (code <> ''),
        name TEXT NOT NULL CHECK (name <> ''),
        family TEXT,
        activity TEXT NOT NULL DEFAULT 'home_visit' CHECK (activity <> ''),
        days INTEGER NOT NULL CHECK (days BETWEEN 0 AND 366),
        {_PERIOD}""",
    # A number the school sets: after how many days, within how many minutes.
    "threshold": f"""
        code TEXT NOT NULL CHECK (code <> ''),
        number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 100000),
        {_PERIOD}""",
    # A blank form that was printed for a child (周纸单). ``code`` brings it back to child and form.
    "paper_form": f"""
        {_CHILD},
        code TEXT NOT NULL,
        activity TEXT NOT NULL CHECK (activity <> ''),
        {_names("supporter_id", "supporter")},
        due_on TEXT {_day("due_on")},
        why TEXT,
        printed_on TEXT NOT NULL {_day("printed_on")},
        batch TEXT NOT NULL,
        {_names("care_record_id", "care_record")},
        void_on TEXT {_day("void_on")},
        void_reason TEXT""",
    # ---- the term's survey -----------------------------------------------------------------------------------------
    # One round of 摸底核实.
    "survey": f"""
        name TEXT NOT NULL CHECK (name <> ''),
        {_names("term_id", "term")},
        starts_on TEXT NOT NULL {_day("starts_on")},
        due_on TEXT {_day("due_on")},
        closed_on TEXT {_day("closed_on")}""",
    # A child's facts were checked in a survey: when, by whom, how, and whether anything had changed.
    "survey_check": f"""
        {_CHILD},
        {_names("survey_id", "survey", needed=True)},
        checked_on TEXT NOT NULL {_day("checked_on")},
        checked_by TEXT NOT NULL CHECK (checked_by <> ''),
        way TEXT NOT NULL {_one_of("way", "paper", "workbook", "visit", "phone")},
        changed INTEGER NOT NULL {_yes_no("changed")},
        note TEXT""",
    # ---- workbooks of past records that were read ------------------------------------------------------------------
    # One workbook of past records read into the diary.
    "diary_import": """
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        row_count INTEGER NOT NULL,
        new_count INTEGER NOT NULL,
        known_count INTEGER NOT NULL,
        parked_count INTEGER NOT NULL""",
    # A row of such a workbook that could not go in by itself: kept whole, until somebody decides.
    "diary_parked": f"""
        {_names("diary_import_id", "diary_import", needed=True)},
        sheet TEXT NOT NULL,
        row_number INTEGER NOT NULL,
        code TEXT NOT NULL {_one_of("code", "no_child", "several_children", "bad_date", "unknown_kind", "empty")},
        reason TEXT NOT NULL,
        raw_json TEXT NOT NULL,
        {_names("child_id", "child")},
        resolved_at TEXT,
        resolution TEXT {_one_of("resolution", "added", "dropped")}""",
}

PERIOD_KEYS: dict[str, tuple[str, ...]] = {
    "pairing": ("child_id", "kind", "supporter_id", "buddy_id"),
    "pairing_rule": ("kind",),
    "supporter_limit": ("supporter_id",),
    "cadence_rule": ("activity", "audience", "scope", "child_id"),
    "event_rule": ("code",),
    "threshold": ("code",),
}
UNIQUE_KEYS: dict[str, tuple[str, ...]] = {
    "supporter": ("staff_id",),
    "help_plan": ("child_id", "term_id"),
    "individual_plan": ("child_id", "term_id"),
    "attendance": ("meeting_id", "child_id"),
    "survey_check": ("survey_id", "child_id"),
    "paper_form": ("code",),
    "incident": ("number",),
    "counselling_key": ("key_uuid", "way"),
}
# What is looked up by more than the row it names: the last of a kind per child, a period's records, a supporter's.
INDEXES: dict[str, tuple[str, ...]] = {
    "care_record_by_child_id": ("care_record", "child_id", "kind", "happened_on", "deleted_at"),
    "care_record_by_happened_on": ("care_record", "happened_on", "kind", "deleted_at"),
    "care_record_by_supporter_id": ("care_record", "supporter_id", "kind", "happened_on", "deleted_at"),
    "care_record_guidances": (
        "care_record",
        "child_id",
        "happened_on",
        "deleted_at",
        "mind",
        "life",
        "study",
        "conduct",
    ),
    "attachment_content_by_attachment_uuid": ("attachment_content", "attachment_uuid"),
}
# What is still to be followed up: few rows among very many.
_FOLLOW_UPS = (
    "CREATE INDEX care_record_follow_ups ON care_record (follow_up_on) WHERE follow_up_on IS NOT NULL"
)
# The bytes of an attachment: outside the history images, and named by the attachment's uuid without a foreign key, so
# that undoing the adding, and undoing that again, finds them.
_CONTENT = (
    f"CREATE TABLE attachment_content ({_HEAD}, attachment_uuid TEXT NOT NULL, content BLOB NOT NULL) STRICT"
)


def apply(cursor: Cursor) -> None:
    """Add the tables with guards, indexes and history; nothing that was there changes."""
    for table, body in TABLES.items():
        cursor.execute(f"CREATE TABLE {table} ({_HEAD},{body}\n) STRICT")
    cursor.execute(_CONTENT)
    for table, keys in UNIQUE_KEYS.items():
        cursor.execute(
            f"CREATE UNIQUE INDEX one_live_{table} ON {table} ({', '.join(keys)}) WHERE deleted_at IS NULL"
        )
    for index, (table, *columns) in INDEXES.items():
        cursor.execute(f"CREATE INDEX {index} ON {table} ({', '.join(columns)})")
    cursor.execute(_FOLLOW_UPS)
    for table in TABLES:
        # A whole index per reference: undoing and merging walk along them, and SQLite checks them on every delete.
        cursor.execute(f'PRAGMA foreign_key_list("{table}")')
        for column in sorted({str(row[3]) for row in cursor.fetchall()}):
            guarded = PERIOD_KEYS.get(table, ("",))[0] == column
            if f"{table}_by_{column}" not in INDEXES and not guarded:
                cursor.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")
    for table, keys in PERIOD_KEYS.items():
        create_period_guard(cursor, table, keys)
    for table, body in TABLES.items():
        if "entered_on" in body:
            cursor.execute(
                f"CREATE TRIGGER {table}_entered_on BEFORE UPDATE OF entered_on ON {table}"
                " WHEN NEW.entered_on IS NOT OLD.entered_on"
                f" BEGIN SELECT RAISE(ABORT, 'fixed:{table}.entered_on'); END"
            )
        create_history_triggers(cursor, table)
