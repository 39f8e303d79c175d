"""How much every field of the ledger needs protecting: one table that export, mask, print and copy all read (S18).

* ordinary    nothing about a person: keys, dates of entry, the school's own set-up, codes
* sensitive   about a child or a grown-up; everything of a child under 14 is (个人信息保护法 art. 28)
* restricted  never leaves the school: goes into no copy for the town, no list, no export (decisions §1.10)

A table is restricted as a whole or not at all, so that taking it out leaves nothing behind. A field that a migration
adds must be entered here; a test walks the schema and names what is missing.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from app.core.text import mask_id, mask_phone


class Protection(StrEnum):
    """How much a field needs protecting."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    RESTRICTED = "restricted"


class Mask(StrEnum):
    """How a field is shown in a masked list."""

    NONE = "none"
    ID = "id"
    PHONE = "phone"
    ADDRESS = "address"


class FieldClass(Struct, frozen=True):
    """The protection of one field and the mask it wears."""

    protection: Protection
    mask: Mask = Mask.NONE


# Key, name outside, day of entry, recycle bin: every table's own.
_ROW = "id uuid entered_at deleted_at"
# A dated fact besides: from, to, when it was noted. `source` is free text and stands with the sensitive ones.
_PERIOD = f"{_ROW} valid_from valid_to noted_on"

_ORDINARY: Mapping[str, str] = {
    "meta": "key value",
    "action": "id uuid at who kind partial commit_no undoes_id undone_by_id",
    "change": "seq action_id table_name row_uuid op",
    "current_action": "one action_id",
    "staff": f"{_ROW} name sex duty subject joined_on left_on",
    "school": f"{_ROW} name code kind province town area_code address phone principal care_teacher_id primary_grades"
    " junior_grades resident_is_rural",
    "school_year": f"{_ROW} start_year starts_on",
    "term": f"{_ROW} school_year_id ordinal starts_on ends_on",
    "calendar_day": f"{_ROW} day kind name",
    "school_class": f"{_ROW} stage entering_year number closed_on closed_reason",
    "class_teacher": f"{_PERIOD} school_class_id staff_id source",
    "head_count": f"{_ROW} school_class_id term_id boys girls counted_on",
    "counting_rule": f"{_ROW} code parents_out months under_age from_age orphans_in note",
    "handover": f"{_ROW} happened_at kind people profile file_name sha256 as_of data_commit_no who",
    "drill": f"{_ROW} happened_on backup_made_at children records commit_no journal_commits result who",
    "destruction": f"{_ROW} happened_on records counts copies_until paper_ref who",
    "person": _ROW,
    "child": f"{_ROW} archive_no archive_opened_on",
    "kinship": f"{_PERIOD} child_id person_id",
    "life_status": f"{_PERIOD} person_id",
    "capacity": f"{_PERIOD} person_id",
    "away": f"{_PERIOD} person_id",
    "phone": f"{_PERIOD} person_id confirmed_on result",
    "marriage": f"{_PERIOD} person_id spouse_id",
    "contact_order": f"{_ROW} child_id person_id rank",
    "care": f"{_PERIOD} child_id person_id",
    "care_paper": f"{_PERIOD} child_id person_id kind done dated_on form kept_at",
    "registration": f"{_PERIOD} child_id",
    "enrolment": f"{_PERIOD} child_id school_class_id",
    "schooling": f"{_PERIOD} child_id",
    "boarding": f"{_PERIOD} child_id",
    "health": f"{_PERIOD} child_id",
    "disability": f"{_PERIOD} child_id",
    "household": f"{_PERIOD} child_id",
    "residence": f"{_PERIOD} child_id",
    "category_flag": f"{_PERIOD} child_id",
    "household_fact": f"{_PERIOD} child_id",
    "reported_status": f"{_PERIOD} child_id",
    "import_run": f"{_ROW} file_name file_sha256 data_date row_count new_count updated_count unchanged_count"
    " parked_count marked_count",
    "doubt": f"{_ROW} child_id import_run_id field code sheet row_number column_name resolved_at resolution",
    "import_template": f"{_ROW} signature mapping_json",
    "supporter": f"{_ROW} staff_id name sex identity organisation duty left_on",
    "background_check": f"{_ROW} supporter_id checked_on office kept_at",
    "pairing": f"{_PERIOD} child_id kind supporter_id buddy_id agreed_on kept_at",
    "pairing_rule": f"{_PERIOD} kind least most class_teacher siblings woman_for_girls source",
    "supporter_limit": f"{_PERIOD} supporter_id most",
    "help_plan": f"{_ROW} child_id term_id supporter_id assessed_on assessor",
    "help_measure": f"{_ROW} child_id help_plan_id position guidance",
    "help_stage": f"{_ROW} child_id help_plan_id happened_on entered_on",
    "help_check": f"{_ROW} child_id help_plan_id checked_on checker",
    "care_record": f"{_ROW} child_id kind happened_on entered_on started ended minutes medium supporter_id person_id mind"
    " life study conduct follow_up_on follows_id contacted occasion",
    "promise": f"{_ROW} child_id care_record_id supporter_id promised_on due_on kept_on kept_record_id given_up_on",
    "trigger_event": f"{_ROW} child_id happened_on entered_on supporter_id closed_by_id withdrawn_on",
    "meeting": f"{_ROW} kind happened_on entered_on started ended school_class_id host_id place topic present_count",
    "attendance": f"{_ROW} child_id meeting_id came person_id",
    "absence": f"{_ROW} child_id happened_on entered_on suspected_on reported_on reported_to receiver dropout_on"
    " returned_on closed_on",
    "return_persuasion": f"{_ROW} child_id absence_id happened_on entered_on medium",
    "phrase": f"{_ROW} field position",
    "cadence_rule": f"{_PERIOD} activity audience scope child_id times per note source",
    "event_rule": f"{_PERIOD} code name family activity days source",
    "threshold": f"{_PERIOD} code number source",
    "paper_form": f"{_ROW} child_id code activity supporter_id due_on printed_on batch care_record_id void_on asked_uuid",
    "survey": f"{_ROW} name term_id starts_on due_on closed_on",
    "survey_check": f"{_ROW} child_id survey_id checked_on checked_by way changed",
    "diary_import": f"{_ROW} file_name file_sha256 row_count new_count known_count parked_count",
    "lesson_time": f"{_PERIOD} name school_class_id weekday starts ends kept_free source",
    "duty_turn": f"{_PERIOD} staff_id weekday weeks starts ends leader_id source",
    "duty_day": f"{_ROW} day staff_id instead_of_id starts ends",
    "call_line": f"{_PERIOD} name kind medium staff_id planned place source",
    "call_opening": f"{_PERIOD} call_line_id weekday starts ends slot_minutes source",
    "call_closure": f"{_ROW} call_line_id first_on last_on starts ends reason",
    "reachable_time": f"{_PERIOD} person_id",
    "call_wish": f"{_PERIOD} child_id person_id medium",
    "planned_call": f"{_ROW} child_id call_line_id day starts ends place occasion medium person_id origin fixed printed_on"
    " moved_from cancelled_on",
    "affection_call": f"{_ROW} child_id planned_call_id happened_on entered_on started minutes call_line_id medium person_id"
    " phone_id rescheduled_to staff_id promise_id trigger_event_id occasion",
    "call_import": f"{_ROW} file_name file_sha256 row_count new_count known_count parked_count",
}

_SENSITIVE: Mapping[str, str] = {
    "action": "words",
    "change": "before_json after_json",
    "staff": "phone note",
    "handover": "content reason recipient",
    "drill": "note",
    "destruction": "content reason",
    "person": "name sex birth_date id_number education health occupation dialect_only address note",
    "child": "name former_name name_note pinyin initials sex ethnicity birth_date birth_source birth_note id_number"
    " student_registry_no student_no native_place birth_place nationality political_status only_child phone blood_type"
    " allergies medical_history personality hobbies study behaviour family_contact special_needs care_measures note",
    "kinship": "relation label lives_together source",
    "life_status": "status source",
    "capacity": "capable reason evidence source",
    "away": "state place trade employer expected_return source",
    "phone": "number label source",
    "marriage": "status source",
    "contact_order": "office office_number reachable language_note",
    "care": "kind grade carer_able assessed_on assessor source",
    "care_paper": "source",
    "registration": "kind end_reason end_note source",
    "enrolment": "end_reason end_note source",
    "schooling": "status source",
    "boarding": "boards source",
    "health": "status illness source",
    "disability": "kind grade certificate_no source",
    "household": "registered kind place village_committee source",
    "residence": "address village village_group source",
    "category_flag": "category basis evidence_date kept_at source",
    "household_fact": "kind code basis evidence_date source",
    "reported_status": "label raw source",
    "doubt": "reason raw",
    "supporter": "phone note",
    "background_check": "result",
    "pairing": "focus unchecked_reason end_reason end_note source",
    "supporter_limit": "reason source",
    "help_plan": "situation aim_mind aim_life aim_study aim_conduct effect grade reflection",
    "help_measure": "content planned_for place participants",
    "help_stage": "content reaction effect",
    "help_check": "opinion",
    "care_record": "topic place present background content reaction plan family economy attitude surroundings at_school"
    " at_home needs problems",
    "promise": "content note",
    "trigger_event": "rule_code note withdrawn_note",
    "meeting": "content decision",
    "attendance": "attendee relation note",
    "absence": "reason found_by closed_reason note",
    "return_persuasion": "persons course result",
    "phrase": "content",
    "paper_form": "why void_reason",
    "survey_check": "note",
    "duty_day": "reason",
    "call_line": "number note",
    "reachable_time": "weekday starts ends alternate_on every_weeks source",
    "call_wish": "wants note source",
    "planned_call": "cancelled_reason note",
    "affection_call": "outcome spoke_with mood said note",
}

# Held by the school alone: why a child counts as de facto unsupported (detention is among it); and the rosters as
# they were brought, whose rows and columns nobody has looked through; counselling, incidents, individual plans; pictures.
_RESTRICTED: Mapping[str, str] = {
    "unsupported_ground": f"{_PERIOD} child_id person_id ground evidence source",
    "parked_row": f"{_ROW} import_run_id sheet row_number code reason raw_json child_id resolved_at resolution",
    "import_file": f"{_ROW} import_run_uuid content",
    "individual_plan": f"{_ROW} child_id term_id supporter_id situation aims measures course effect assessed_on assessor",
    "incident": f"{_ROW} child_id number kind severity found_at entered_on found_by place course rescued_at rescue"
    " carer_told_at parents_told_at must_report outcome closed_on carer_untold parents_untold",
    "incident_report": f"{_ROW} child_id incident_id reported_at body recipient reporter receipt_no",
    "counselling": f"{_ROW} child_id number happened_on entered_on started ended supporter_id form origin key_uuid sealed",
    "counselling_key": f"{_ROW} key_uuid way salt cost wrapped",
    "attachment": f"{_ROW} child_id care_record_id kind title media_type size sha256 width height taken_on",
    "attachment_content": f"{_ROW} attachment_uuid content",
    "call_parked": f"{_ROW} call_import_id sheet row_number code reason raw_json child_id resolved_at resolution",
    "diary_parked": f"{_ROW} diary_import_id sheet row_number code reason raw_json child_id resolved_at resolution",
}

_MASKS: Mapping[Mask, str] = {
    Mask.ID: "person.id_number child.id_number child.student_registry_no disability.certificate_no doubt.raw",
    Mask.PHONE: "staff.phone child.phone phone.number contact_order.office_number supporter.phone call_line.number",
    Mask.ADDRESS: "person.address residence.address residence.village_group household.place child.birth_place",
}


def _all_fields() -> Mapping[str, Mapping[str, FieldClass]]:
    masks = {field: mask for mask, listed in _MASKS.items() for field in listed.split()}
    found: dict[str, dict[str, FieldClass]] = {}
    for protection, tables in (
        (Protection.ORDINARY, _ORDINARY),
        (Protection.SENSITIVE, _SENSITIVE),
        (Protection.RESTRICTED, _RESTRICTED),
    ):
        for table, listed in tables.items():
            for column in listed.split():
                mask = masks.get(f"{table}.{column}", Mask.NONE)
                found.setdefault(table, {})[column] = FieldClass(protection, mask)
    return found


FIELDS = _all_fields()

RESTRICTED_TABLES = frozenset(_RESTRICTED)


def field_class(table: str, column: str) -> FieldClass:
    """Return the class of a field; KeyError for one that nobody classified."""
    return FIELDS[table][column]


def masked(table: str, column: str, text: str) -> str:
    """Return a field's value as a masked list shows it. A restricted field is in no list: ValueError."""
    found = field_class(table, column)
    if found.protection == Protection.RESTRICTED:
        raise ValueError(f"{table}.{column} is restricted and goes into no list")
    if found.mask == Mask.ID:
        return mask_id(text)
    if found.mask == Mask.PHONE:
        return mask_phone(text)
    if found.mask == Mask.ADDRESS:
        return mask_address(text)
    return text


# As far as the village or the quarter an address names no household.
_TO_VILLAGE = re.compile(r".*(?:村委会|居委会|社区|村)|.*(?:街道|镇|乡|县|区|市|省)")


def mask_address(text: str) -> str:
    """Return an address as far as its village or quarter, the rest starred; one that names neither is starred whole."""
    shown = _TO_VILLAGE.match(text)
    kept = "" if shown is None else shown[0]
    return kept if kept == text else f"{kept}***"
