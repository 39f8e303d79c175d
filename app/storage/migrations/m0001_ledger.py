"""Version 1: the school, its children, and the dated facts about them.

One statement per table, in plain SQL, frozen once released. What one row means stands above each table; the live
models in the noun folders repeat the columns and a test compares the two. Every table carries

* ``id``         the key inside this file, never shown outside,
* ``uuid``       the key outside: history, command line, merging of files,
* ``entered_at`` when it was typed (``happened_on``/``valid_from`` say when it was so),
* ``deleted_at`` set while the row lies in the recycle bin.

Dates are ISO text with their own precision (2025, 2025-03, 2025-03-12). A dated fact is in force on
[valid_from, valid_to): ``valid_from`` NULL = since before anybody wrote it down, ``valid_to`` NULL = still so.
NULL in a value means nobody has asked yet (未采集); "none" and "not applicable" are codes.
"""

from app.storage.migrations.bookkeeping import create_bookkeeping
from app.storage.migrations.history_triggers import Cursor, create_history_triggers, create_period_guard

VERSION = 1

_HEAD = """
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    entered_at TEXT NOT NULL,
    deleted_at TEXT"""

_PERIOD = """
    valid_from TEXT {from_check},
    valid_to TEXT {to_check},
    source TEXT,
    noted_on TEXT {noted_check},
    CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to)"""


def _partial(column: str) -> str:
    """A CHECK that ``column`` is NULL or an ISO date of any precision."""
    day = "[12][0-9][0-9][0-9]"
    month = f"{day}-[01][0-9]"
    return (
        f"CHECK ({column} IS NULL OR {column} GLOB '{day}' OR {column} GLOB '{month}' "
        f"OR {column} GLOB '{month}-[0-3][0-9]')"
    )


def _day(column: str) -> str:
    """A CHECK that ``column`` is NULL or a whole ISO day."""
    return f"CHECK ({column} IS NULL OR {column} GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')"


def _one_of(column: str, *codes: str) -> str:
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"CHECK ({column} IS NULL OR {column} IN ({listed}))"


def _yes_no(column: str) -> str:
    return f"CHECK ({column} IS NULL OR {column} IN (0, 1))"


_period = _PERIOD.format(
    from_check=_partial("valid_from"), to_check=_partial("valid_to"), noted_check=_partial("noted_on")
)

_CHILD = "child_id INTEGER NOT NULL REFERENCES child (id) ON DELETE RESTRICT"
_PERSON = "person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE RESTRICT"
_SEX = _one_of("sex", "1", "2")

TABLES: dict[str, str] = {
    # ---- the school itself -------------------------------------------------------------------------------------
    # A member of staff, present or past. Never deleted by leaving.
    "staff": f"""
        name TEXT NOT NULL CHECK (name <> ''),
        sex TEXT {_SEX},
        phone TEXT,
        duty TEXT,
        subject TEXT,
        joined_on TEXT {_partial("joined_on")},
        left_on TEXT {_partial("left_on")},
        note TEXT""",
    # The school this file belongs to: exactly one live row.
    "school": f"""
        name TEXT NOT NULL CHECK (name <> ''),
        code TEXT,
        kind TEXT NOT NULL {_one_of("kind", "primary", "junior", "nine-year")},
        province TEXT,
        town TEXT,
        area_code TEXT,
        address TEXT,
        phone TEXT,
        principal TEXT,
        care_teacher_id INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
        primary_grades INTEGER NOT NULL DEFAULT 6 CHECK (primary_grades BETWEEN 1 AND 6),
        junior_grades INTEGER NOT NULL DEFAULT 3 CHECK (junior_grades BETWEEN 3 AND 4),
        resident_is_rural INTEGER {_yes_no("resident_is_rural")}""",
    # The day a school year begins; grades move on that day.
    "school_year": f"""
        start_year INTEGER NOT NULL CHECK (start_year BETWEEN 1990 AND 2200),
        starts_on TEXT NOT NULL {_day("starts_on")}""",
    # One term of a school year: first and last school day.
    "term": f"""
        school_year_id INTEGER NOT NULL REFERENCES school_year (id) ON DELETE RESTRICT,
        ordinal INTEGER NOT NULL CHECK (ordinal IN (1, 2)),
        starts_on TEXT NOT NULL {_day("starts_on")},
        ends_on TEXT NOT NULL {_day("ends_on")},
        CHECK (starts_on < ends_on)""",
    # A day that is not what its weekday says: a holiday, or a weekend day worked instead (调休).
    "calendar_day": f"""
        day TEXT NOT NULL {_day("day")},
        kind TEXT NOT NULL {_one_of("kind", "holiday", "school_day")},
        name TEXT NOT NULL""",
    # A class as the cohort that entered in one year; its grade follows from the date. number 0 = its grade's only one.
    "school_class": f"""
        stage TEXT NOT NULL {_one_of("stage", "primary", "junior")},
        entering_year INTEGER NOT NULL CHECK (entering_year BETWEEN 1990 AND 2200),
        number INTEGER NOT NULL DEFAULT 0 CHECK (number BETWEEN 0 AND 99),
        closed_on TEXT {_day("closed_on")},
        closed_reason TEXT {_one_of("closed_reason", "graduated", "merged", "split", "mistaken")}""",
    # Who leads a class as its head teacher (班主任).
    "class_teacher": f"""
        school_class_id INTEGER NOT NULL REFERENCES school_class (id) ON DELETE RESTRICT,
        staff_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE RESTRICT,
        {_period}""",
    # How many boys and girls a class has in one term, all pupils, as the school counts them.
    "head_count": f"""
        school_class_id INTEGER NOT NULL REFERENCES school_class (id) ON DELETE RESTRICT,
        term_id INTEGER NOT NULL REFERENCES term (id) ON DELETE RESTRICT,
        boys INTEGER NOT NULL CHECK (boys >= 0),
        girls INTEGER NOT NULL CHECK (girls >= 0),
        counted_on TEXT {_day("counted_on")}""",
    # One 口径: how an office wants left-behind children counted. The local rule is the school's own to edit.
    "counting_rule": f"""
        code TEXT NOT NULL {_one_of("code", "mz2016", "xueji", "edu_stat", "local")},
        parents_out TEXT NOT NULL {_one_of("parents_out", "both", "one")},
        months INTEGER NOT NULL CHECK (months BETWEEN 0 AND 60),
        under_age INTEGER CHECK (under_age IS NULL OR under_age BETWEEN 1 AND 18),
        from_age INTEGER CHECK (from_age IS NULL OR from_age BETWEEN 0 AND 18),
        orphans_in INTEGER NOT NULL DEFAULT 0 CHECK (orphans_in IN (0, 1)),
        note TEXT""",
    # What left the program: an export, a print, a PDF, a stick copy, a revealed number. Never changed, never undone.
    "handover": f"""
        happened_at TEXT NOT NULL,
        kind TEXT NOT NULL {_one_of("kind", "export", "print", "pdf", "stick", "reveal")},
        content TEXT NOT NULL,
        people INTEGER NOT NULL CHECK (people >= 0),
        profile TEXT {_one_of("profile", "masked", "full")},
        reason TEXT,
        recipient TEXT,
        file_name TEXT,
        sha256 TEXT,
        as_of TEXT {_day("as_of")},
        data_commit_no INTEGER NOT NULL,
        who TEXT""",
    # ---- children and the people around them -----------------------------------------------------------------------
    # A grown-up in a child's life. Parents, grandparents and carers are rows here, shared by siblings.
    "person": f"""
        name TEXT,
        sex TEXT {_SEX},
        birth_date TEXT {_partial("birth_date")},
        id_number TEXT,
        education TEXT,
        health TEXT,
        occupation TEXT,
        dialect_only INTEGER {_yes_no("dialect_only")},
        address TEXT,
        note TEXT""",
    # Any pupil the school knows, on the ledger or not.
    "child": f"""
        name TEXT NOT NULL CHECK (name <> ''),
        former_name TEXT,
        name_note TEXT,
        pinyin TEXT NOT NULL DEFAULT '',
        initials TEXT NOT NULL DEFAULT '',
        sex TEXT {_SEX},
        ethnicity TEXT CHECK (ethnicity IS NULL OR ethnicity GLOB '[0-9][0-9]'),
        birth_date TEXT {_partial("birth_date")},
        birth_source TEXT {_one_of("birth_source", "id_number", "household_booklet", "told")},
        birth_note TEXT,
        id_number TEXT CHECK (id_number IS NULL OR id_number <> ''),
        student_registry_no TEXT CHECK (student_registry_no IS NULL OR student_registry_no <> ''),
        student_no TEXT,
        native_place TEXT,
        birth_place TEXT,
        nationality TEXT,
        political_status TEXT,
        only_child INTEGER {_yes_no("only_child")},
        phone TEXT,
        blood_type TEXT,
        allergies TEXT,
        medical_history TEXT,
        personality TEXT,
        hobbies TEXT,
        study TEXT,
        behaviour TEXT,
        family_contact TEXT,
        special_needs TEXT,
        care_measures TEXT,
        archive_no TEXT,
        archive_opened_on TEXT {_day("archive_opened_on")},
        note TEXT""",
    # This grown-up is this to that child. Half-siblings and step-parents are ordinary.
    "kinship": f"""
        {_CHILD},
        {_PERSON},
        relation TEXT NOT NULL {
        _one_of(
            "relation",
            "father",
            "mother",
            "stepfather",
            "stepmother",
            "adoptive_father",
            "adoptive_mother",
            "paternal_grandfather",
            "paternal_grandmother",
            "maternal_grandfather",
            "maternal_grandmother",
            "brother",
            "sister",
            "uncle_or_aunt",
            "other_relative",
            "friend_or_neighbour",
            "teacher",
            "other",
        )
    },
        label TEXT,
        lives_together INTEGER {_yes_no("lives_together")},
        {_period}""",
    # Whether a grown-up is alive and to be found.
    "life_status": f"""
        {_PERSON},
        status TEXT NOT NULL {_one_of("status", "alive", "dead", "missing", "out_of_contact")},
        {_period}""",
    # Whether a parent is able to look after a child (监护能力), with reason and evidence.
    "capacity": f"""
        {_PERSON},
        capable INTEGER NOT NULL CHECK (capable IN (0, 1)),
        reason TEXT,
        evidence TEXT,
        {_period}""",
    # A grown-up away for work, or known to be at home. No row in force = nobody has asked.
    "away": f"""
        {_PERSON},
        state TEXT NOT NULL {_one_of("state", "out", "home")},
        place TEXT,
        trade TEXT,
        employer TEXT,
        expected_return TEXT {_partial("expected_return")},
        {_period}""",
    # A number on which a grown-up is reached, and when somebody last tried it.
    "phone": f"""
        {_PERSON},
        number TEXT NOT NULL CHECK (number <> ''),
        label TEXT,
        confirmed_on TEXT {_day("confirmed_on")},
        result TEXT {_one_of("result", "reached", "no_answer", "stopped", "wrong_number")},
        {_period}""",
    # Two grown-ups as a couple, or one whose marriage has ended.
    "marriage": f"""
        {_PERSON},
        spouse_id INTEGER REFERENCES person (id) ON DELETE RESTRICT,
        status TEXT NOT NULL {
        _one_of("status", "married", "divorced", "remarried", "widowed", "separated", "unmarried")
    },
        {_period}""",
    # Whom to call for a child, in order: a grown-up, or an office such as the village committee.
    "contact_order": f"""
        {_CHILD},
        person_id INTEGER REFERENCES person (id) ON DELETE RESTRICT,
        office TEXT,
        office_number TEXT,
        rank INTEGER NOT NULL CHECK (rank >= 1),
        reachable TEXT,
        language_note TEXT,
        CHECK ((person_id IS NULL) <> (office IS NULL))""",
    # Who really looks after a child, and how well. person_id NULL with kind 'unguarded' = nobody does.
    "care": f"""
        {_CHILD},
        person_id INTEGER REFERENCES person (id) ON DELETE RESTRICT,
        kind TEXT NOT NULL {
        _one_of(
            "kind",
            "grandparents",
            "relatives",
            "siblings",
            "one_parent",
            "one_parent_without_capacity",
            "both_parents",
            "friends",
            "teacher",
            "lodging",
            "institution",
            "unguarded",
            "other",
        )
    },
        grade TEXT {_one_of("grade", "good", "fair", "poor")},
        carer_able INTEGER {_yes_no("carer_able")},
        assessed_on TEXT {_partial("assessed_on")},
        assessor TEXT,
        {_period}""",
    # A paper about the care: written notice, entrustment, four-bar declaration, child heard, consent; where it lies.
    "care_paper": f"""
        {_CHILD},
        person_id INTEGER REFERENCES person (id) ON DELETE RESTRICT,
        kind TEXT NOT NULL {
        _one_of("kind", "written_notice", "entrustment", "four_bar", "child_heard", "consent")
    },
        done INTEGER NOT NULL CHECK (done IN (0, 1)),
        dated_on TEXT {_partial("dated_on")},
        form TEXT,
        kept_at TEXT,
        {_period}""",
    # A child on one of the school's registers from one day to another.
    "registration": f"""
        {_CHILD},
        kind TEXT NOT NULL {_one_of("kind", "left_behind", "in_difficulty", "migrant")},
        end_reason TEXT {
        _one_of(
            "end_reason",
            "one_parent_back",
            "both_parents_back",
            "joined_parents",
            "turned_16",
            "graduated",
            "transferred_out",
            "dropped_out",
            "mistaken",
            "died",
            "reported_not",
            "other",
        )
    },
        end_note TEXT,
        {_period}""",
    # A child in one class.
    "enrolment": f"""
        {_CHILD},
        school_class_id INTEGER NOT NULL REFERENCES school_class (id) ON DELETE RESTRICT,
        end_reason TEXT {
        _one_of(
            "end_reason",
            "changed_class",
            "repeated_grade",
            "graduated",
            "transferred_out",
            "dropped_out",
            "joined_parents",
            "suspended",
            "died",
            "mistaken",
            "other",
        )
    },
        end_note TEXT,
        {_period}""",
    # Where a child stands in schooling when no class of ours says it (kindergarten, dropped out, another school).
    "schooling": f"""
        {_CHILD},
        status TEXT NOT NULL {
        _one_of(
            "status",
            "kindergarten",
            "not_in_kindergarten",
            "primary",
            "junior",
            "senior",
            "vocational",
            "dropout",
            "not_in_school",
        )
    },
        {_period}""",
    # Whether a child boards at school.
    "boarding": f"""
        {_CHILD},
        boards INTEGER NOT NULL CHECK (boards IN (0, 1)),
        {_period}""",
    # A child's state of health in the words of the school register.
    "health": f"""
        {_CHILD},
        status TEXT NOT NULL {_one_of("status", "good", "weak", "chronic", "ill", "disabled", "other")},
        illness TEXT,
        {_period}""",
    # One certified disability.
    "disability": f"""
        {_CHILD},
        kind TEXT NOT NULL {
        _one_of(
            "kind",
            "sight",
            "hearing",
            "speech",
            "body",
            "mind",
            "mental",
            "multiple",
            "other",
            "not_collected",
        )
    },
        grade INTEGER CHECK (grade IS NULL OR grade BETWEEN 1 AND 4),
        certificate_no TEXT,
        {_period}""",
    # Household registration (户籍): registered or not, what kind, where.
    "household": f"""
        {_CHILD},
        registered INTEGER {_yes_no("registered")},
        kind TEXT {_one_of("kind", "agricultural", "non_agricultural", "resident", "none")},
        place TEXT,
        village_committee INTEGER {_yes_no("village_committee")},
        {_period}""",
    # Where a child lives now, with village and group (村组).
    "residence": f"""
        {_CHILD},
        address TEXT,
        village TEXT,
        village_group TEXT,
        {_period}""",
    # A category a child was found to belong to, on what basis, evidenced when. Never one exclusive type.
    "category_flag": f"""
        {_CHILD},
        category TEXT NOT NULL {
        _one_of(
            "category",
            "orphan",
            "de_facto_unsupported",
            "disability",
            "serious_illness",
            "family_hardship",
            "no_guardian",
            "dropout",
            "minimum_living",
            "extreme_poverty",
            "poverty_relieved",
            "monitored",
            "single_parent_family",
            "priority",
        )
    },
        basis TEXT,
        evidence_date TEXT {_partial("evidence_date")},
        kept_at TEXT,
        {_period}""",
    # Why a child counts as de facto unsupported, per parent (民发〔2019〕62号). Restricted: holds detention.
    "unsupported_ground": f"""
        {_CHILD},
        {_PERSON},
        ground TEXT NOT NULL {
        _one_of(
            "ground",
            "severely_disabled",
            "seriously_ill",
            "in_prison",
            "drug_rehabilitation",
            "restraint_of_liberty",
            "out_of_contact",
            "guardianship_revoked",
            "deported",
            "dead",
            "missing",
        )
    },
        evidence TEXT,
        {_period}""",
    # What a household lives on, or which aid it receives. Kinds only, never sums.
    "household_fact": f"""
        {_CHILD},
        kind TEXT NOT NULL {_one_of("kind", "income", "aid")},
        code TEXT NOT NULL {
        _one_of(
            "code",
            "work",
            "farming",
            "government",
            "relatives",
            "minimum_living",
            "extreme_poverty",
            "poverty_relief",
            "temporary",
            "medical",
            "housing",
            "disability_subsidy",
            "orphan_allowance",
            "none",
            "other",
        )
    },
        basis TEXT,
        evidence_date TEXT {_partial("evidence_date")},
        {_period}""",
    # What a roster said about the parents in one word, kept as reported beside what the facts give.
    "reported_status": f"""
        {_CHILD},
        label TEXT NOT NULL {_one_of("label", "both_out", "one_out", "one_out_other_incapable", "none_out")},
        raw TEXT,
        {_period}""",
    # ---- rosters that were read ------------------------------------------------------------------------------------
    # One roster read into the ledger.
    "import_run": f"""
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        data_date TEXT NOT NULL {_day("data_date")},
        row_count INTEGER NOT NULL,
        new_count INTEGER NOT NULL,
        updated_count INTEGER NOT NULL,
        unchanged_count INTEGER NOT NULL,
        parked_count INTEGER NOT NULL,
        marked_count INTEGER NOT NULL""",
    # A roster row that could not go in by itself: kept whole, with its reason, until somebody decides.
    "parked_row": f"""
        import_run_id INTEGER NOT NULL REFERENCES import_run (id) ON DELETE RESTRICT,
        sheet TEXT NOT NULL,
        row_number INTEGER NOT NULL,
        code TEXT NOT NULL {_one_of("code", "no_name", "duplicate_number", "maybe_same_person")},
        reason TEXT NOT NULL,
        raw_json TEXT NOT NULL,
        child_id INTEGER REFERENCES child (id) ON DELETE RESTRICT,
        resolved_at TEXT,
        resolution TEXT {_one_of("resolution", "same_person", "added", "dropped")}""",
    # A cell that went in with a doubt, or stayed out for one. Open until somebody looked at the paper.
    "doubt": f"""
        {_CHILD},
        import_run_id INTEGER REFERENCES import_run (id) ON DELETE RESTRICT,
        field TEXT NOT NULL,
        code TEXT NOT NULL,
        reason TEXT NOT NULL,
        raw TEXT,
        sheet TEXT,
        row_number INTEGER,
        column_name TEXT,
        resolved_at TEXT,
        resolution TEXT""",
    # Which column of a kind of roster means what, as she last corrected it.
    "import_template": """
        signature TEXT NOT NULL,
        mapping_json TEXT NOT NULL""",
}

# Dated facts: one open row per these columns, no two periods of theirs overlapping.
PERIOD_KEYS: dict[str, tuple[str, ...]] = {
    "class_teacher": ("school_class_id",),
    "kinship": ("child_id", "person_id"),
    "life_status": ("person_id",),
    "capacity": ("person_id",),
    "away": ("person_id",),
    "phone": ("person_id", "number"),
    "marriage": ("person_id",),
    "care": ("child_id",),
    "care_paper": ("child_id", "kind"),
    "registration": ("child_id", "kind"),
    "enrolment": ("child_id",),
    "schooling": ("child_id",),
    "boarding": ("child_id",),
    "health": ("child_id",),
    "disability": ("child_id", "kind"),
    "household": ("child_id",),
    "residence": ("child_id",),
    "category_flag": ("child_id", "category"),
    "unsupported_ground": ("child_id", "person_id", "ground"),
    "household_fact": ("child_id", "kind", "code"),
    "reported_status": ("child_id",),
}

# One live row per these columns.
UNIQUE_KEYS: dict[str, tuple[str, ...]] = {
    "school_year": ("start_year",),
    "term": ("school_year_id", "ordinal"),
    "calendar_day": ("day",),
    "school_class": ("stage", "entering_year", "number"),
    "head_count": ("school_class_id", "term_id"),
    "counting_rule": ("code",),
    "contact_order": ("child_id", "person_id"),
    "import_template": ("signature",),
}

# Columns that queries walk along: from a child or person to the facts, from a class to its pupils.
_WALKED = ("child_id", "person_id", "school_class_id")

# The file a roster came in, as it was: outside the history images (large, never edited), and without a foreign key,
# so that undoing an import need not throw away the only copy of what she brought.
_IMPORT_FILE = """
    CREATE TABLE import_file (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uuid TEXT NOT NULL UNIQUE,
        entered_at TEXT NOT NULL,
        deleted_at TEXT,
        import_run_uuid TEXT NOT NULL,
        content BLOB NOT NULL
    ) STRICT"""


def apply(cursor: Cursor) -> None:
    """Create the tables, their guards and their history triggers in an empty file."""
    create_bookkeeping(cursor)
    for table, body in TABLES.items():
        cursor.execute(f"CREATE TABLE {table} ({_HEAD},{body}\n) STRICT")
    cursor.execute(_IMPORT_FILE)
    for table, keys in UNIQUE_KEYS.items():
        cursor.execute(
            f"CREATE UNIQUE INDEX one_live_{table} ON {table} ({', '.join(keys)}) WHERE deleted_at IS NULL"
        )
    cursor.execute("CREATE UNIQUE INDEX one_live_school ON school ((1)) WHERE deleted_at IS NULL")
    for number in ("id_number", "student_registry_no"):
        cursor.execute(
            f"CREATE UNIQUE INDEX one_child_per_{number} ON child ({number}) "
            f"WHERE {number} IS NOT NULL AND deleted_at IS NULL"
        )
    for table, body in TABLES.items():
        for column in _WALKED:
            guarded = PERIOD_KEYS.get(table, ("",))[0] == column  # the period guard's own index serves it
            if f"{column} INTEGER" in body and not guarded:
                cursor.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")
    for table, keys in PERIOD_KEYS.items():
        create_period_guard(cursor, table, keys)
    for table in TABLES:
        create_history_triggers(cursor, table)
