"""Other codes for what we file under one: the same reading under several LOINC codes, a symptom in SNOMED CT.

The resource keeps the codes it came with; only the column that the rules and pages read follows this table.
"""

from assistant.records.fhir import codes

SNOMED = "http://snomed.info/sct"

MISPRINTED_GDS15 = "48545-7"
"""Not a code of LOINC: what we once wrote for GDS-15, still sent by those who followed us."""

LOINC_AS: dict[str, str] = {
    # measured, stated, estimated, with and without clothing
    **dict.fromkeys(("3141-9", "3142-7", "8335-2", "8350-1", "8351-9"), codes.WEIGHT),
    **dict.fromkeys(("3137-7", "3138-5", "8306-3", "8307-1", "8308-9"), codes.HEIGHT),
    # other panels, and each pressure alone, sitting, standing or lying
    **dict.fromkeys(
        (
            *("55284-4", "35094-2", "96607-7", "8480-6", "8462-4"),
            *("8459-0", "8453-3", "8460-8", "8454-1", "8461-6", "8455-8"),
        ),
        codes.BLOOD_PRESSURE,
    ),
    # by oximeter, at rest, palpated
    **dict.fromkeys(("8889-8", "40443-4", "8893-0", "68999-2"), codes.PULSE),
    **dict.fromkeys(("59408-5", "20564-1"), codes.SPO2),
    # mouth, rectum, armpit, ear, forehead, core
    **dict.fromkeys(("8331-1", "8332-9", "8328-7", "8333-7", "75539-7", "8329-5", "8330-3"), codes.TEMPERATURE),
    # mass or amount in blood, plasma or capillary blood; the unit tells which
    **dict.fromkeys(("2339-0", "41653-7", "14743-9", "32016-8", "5914-7"), codes.GLUCOSE),
    **dict.fromkeys(("2345-7",), codes.GLUCOSE_PLASMA),
    **dict.fromkeys(("1558-6", "1557-8"), codes.GLUCOSE_FASTING),
    MISPRINTED_GDS15: codes.GDS15,
}

SYSTOLIC_ALONE = frozenset({codes.SYSTOLIC, "8459-0", "8460-8", "8461-6"})
DIASTOLIC_ALONE = frozenset({codes.DIASTOLIC, "8453-3", "8454-1", "8455-8"})
STANDING, LYING = "10904000", "40199007"
POSITION_OF: dict[str, str] = {"8460-8": STANDING, "8454-1": STANDING, "8461-6": LYING, "8455-8": LYING}
"""SNOMED CT codes of the body position that a pressure's own code says."""
BODY_POSITION = "8361-8"
POSITIONS: dict[str, str] = {STANDING: STANDING, LYING: LYING, "102538003": LYING, "33586001": "33586001"}
"""Body positions we know: standing, supine, recumbent and sitting."""

SYMPTOM_OF_SNOMED: dict[str, str] = {
    "404640003": "dizziness",
    "271594007": "fainting",
    "1912002": "fall",
    "217082002": "fall",
    "267036007": "breathlessness",
    "230145002": "laboured-breathing",
    "29857009": "chest-pain",
    "43724002": "chills",
    "40917007": "confusion",
    "130987000": "confusion",
    "14760008": "constipation",
    "62315008": "diarrhoea",
    "422400008": "vomiting",
    "386661006": "fever",
    "361137007": "irregular-pulse",
    "289195008": "slurred-speech",
    "2776000": "confusion",
    "83128009": "little-urine",
    "26544005": "muscle-weakness",
}
"""Symptoms in SNOMED CT, under our own daily codes. Not yet checked by a terminologist."""

ICD10_OF_SNOMED: dict[str, str] = {
    **dict.fromkeys(("84114007", "42343007", "85232009", "88805009"), "I50"),
    **dict.fromkeys(("13645005", "195951007"), "J44"),
    "44054006": "E11",
    "46635009": "E10",
    **dict.fromkeys(("709044004", "433144002", "431856006"), "N18"),
    **dict.fromkeys(("40739000", "288939007"), "R13"),
    "38341003": "I10",
}
"""Diagnoses in SNOMED CT that some rule asks for, as ICD-10 groups. Not yet checked by a terminologist."""

ACVPU = "acvpu"
CONSCIOUSNESS = frozenset({ACVPU, "67775-7", "80288-4", "1104441000000107"})
LEVELS: dict[str, str] = {
    **{letter: letter for letter in "ACVPU"},
    **{"248234008": "A", "130987000": "C", "300202002": "V", "450847001": "P", "422768004": "U"},
    **{"LA9340-6": "A", "LA9341-4": "V", "LA9342-2": "P", "LA9343-0": "U"},
}
"""Answers to how awake a person is, as A (alert), C (confused), V (voice), P (pain) or U (unresponsive)."""

SCORE_OF_ANSWER: dict[str, int] = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}
"""LOINC's answers to the items of PHQ-2 and PHQ-9: not at all, several days, more than half the days, nearly always."""


def filed_under(system: str | None, code: str) -> str | None:
    """Return the code that a reading or symptom is filed under, or None when this coding does not say."""
    if system == SNOMED:
        return ACVPU if code in CONSCIOUSNESS else SYMPTOM_OF_SNOMED.get(code)
    if system == codes.LOINC:
        return ACVPU if code in CONSCIOUSNESS else LOINC_AS.get(code, code)
    return code if system == codes.DAILY else None
