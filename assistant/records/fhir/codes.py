"""Code systems and codes of the record, in one place."""

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ATC = "http://www.whocc.no/atc"
ICD10_SE = "urn:oid:1.2.752.116.1.1.1"
ICD10_SYSTEMS = (ICD10_SE, "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm")
"""Systems in which a diagnosis is an ICD-10 code; their three-character groups are the same."""
ATC_SYSTEMS = (ATC, "https://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73")
PERSONNUMMER = "http://electronichealth.se/identifier/personnummer"
PERSONNUMMER_INERA = "https://terminology.hl7.se/sid/se-personnummer"
"""Another system for the same number that some senders use: read, never written."""
HSA_ID = "urn:oid:1.2.752.29.4.19"
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CONDITION_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CONDITION_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
PROVENANCE_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"

OWN = "https://vigor.example"
MODE = f"{OWN}/CodeSystem/mode"
ROLE = f"{OWN}/CodeSystem/role"
TASK = f"{OWN}/CodeSystem/task"
DAILY = f"{OWN}/CodeSystem/daily"
QUALITY = f"{OWN}/CodeSystem/quality"
DOUBTFUL = f"{OWN}/StructureDefinition/doubtful"
HOLD_EXPIRES = f"{OWN}/StructureDefinition/hold-expires"
BODY_POSITION = "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition"
ORIGINAL_VALUE = f"{OWN}/StructureDefinition/original-value"
IDEMPOTENCY = f"{OWN}/id/idempotency"
READING_ID = f"{OWN}/id/reading"

WEIGHT = "29463-7"
HEIGHT = "8302-2"
BLOOD_PRESSURE = "85354-9"
SYSTOLIC = "8480-6"
DIASTOLIC = "8462-4"
PULSE = "8867-4"
BREATHS = "9279-1"
TEMPERATURE = "8310-5"
SPO2 = "2708-6"
SPO2_PULSE_OXIMETRY = "59408-5"
GLUCOSE = "14749-6"
GLUCOSE_PLASMA = "15074-8"
GLUCOSE_FASTING = "14771-0"
GLUCOSE_FASTING_BLOOD = "76629-5"
PHQ2 = "55758-7"
PHQ9 = "44261-6"
PHQ9_ITEM9 = "44260-8"
GDS15 = "48545-8"
OXYGEN_FLOW = "3151-8"
SLEEP = "93832-4"
MOOD = "mood"

MODES = {"visit": "Besök", "phone": "Telefon", "video": "Video"}
PRACTITIONER_ROLES = {
    "doctor": "Läkare",
    "nurse": "Sjuksköterska",
    "editor": "Redaktör",
    "reviewer": "Medicinsk granskare",
    "operator": "Drift",
}
TASK_CODES = (
    "medication-proposal",
    "red-flag",
    "alert",
    "callback",
    "renewal",
    "certificate",
    "travel",
    "deviation",
    "question",
    "device",
    "engine-failure",
)
