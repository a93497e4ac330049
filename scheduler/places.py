"""Where patients live, as far as the record says, and the weather there."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import polars as pl
from sqlalchemy import text
from sqlalchemy.orm import Session

from assistant.records.database import session
from assistant.settings import get_settings
from scheduler.weather import Cell, Weather, cell_of

_PLACES = """
SELECT p.id,
    jsonb_path_query_first(p.content, '$.address[*].extension[*] ? (@.url == $url).extension[*]
        ? (@.url == "latitude").valueDecimal', jsonb_build_object('url', CAST(:geolocation AS text)))::float8,
    jsonb_path_query_first(p.content, '$.address[*].extension[*] ? (@.url == $url).extension[*]
        ? (@.url == "longitude").valueDecimal', jsonb_build_object('url', CAST(:geolocation AS text)))::float8
FROM patient p
WHERE p.id = ANY(:among) AND NOT jsonb_path_exists(p.content, '$.meta.security[*].code ? (@ == $protected[*])',
    jsonb_build_object('protected', CAST(:protected AS jsonb)))
"""
GEOLOCATION = "http://hl7.org/fhir/StructureDefinition/geolocation"
PROTECTED = '["sekretessmarkering", "skyddadFolkbokforing"]'
"""People whose address is protected are not placed, so that nobody outside is asked about where they live."""


@lru_cache
def forecasts() -> Weather:
    """Return this process's forecasts, kept in memory."""
    return Weather(base_url=get_settings().weather_url)


def weather_of(patient_ids: Sequence[str], *, now: datetime, weather: Weather | None = None) -> pl.DataFrame | None:
    """Return slip risk and heat of those patients whose place is known; None when it is of nobody."""
    if not get_settings().weather_url and weather is None:
        return None
    with session() as db:
        cells = places(db, patient_ids)
    if not cells:
        return None
    today = now.astimezone(get_settings().zone).date()
    return (weather or forecasts()).facts(cells, now=now, today=today)


def places(db: Session, patient_ids: Sequence[str]) -> dict[str, Cell]:
    """Return the grid cell of each patient's home: by the geolocation of an address, else the service's own place."""
    parameters = {"among": list(patient_ids), "geolocation": GEOLOCATION, "protected": PROTECTED}
    usual = get_settings().weather_place
    cells: dict[str, Cell] = {}
    for patient_id, latitude, longitude in db.execute(text(_PLACES), parameters):
        if latitude is not None and longitude is not None:
            cells[patient_id] = cell_of(latitude=latitude, longitude=longitude)
        elif usual is not None:
            cells[patient_id] = cell_of(latitude=usual[0], longitude=usual[1])
    return cells
