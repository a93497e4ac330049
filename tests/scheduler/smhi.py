"""A server that answers as SMHI does, in the documented shape."""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def answer(steps: list[dict[str, Any]], *, made_at: datetime = NOW, first: datetime = NOW) -> dict[str, Any]:
    """An answer of SMHI: hours from `first`, each with ordinary weather unless a step says otherwise."""
    series = []
    for number, step in enumerate(steps):
        at = first + timedelta(hours=number)
        data = {
            "air_temperature": 4.0,
            "relative_humidity": 85,
            "wind_speed": 5.0,
            "cloud_area_fraction": 8,
            "precipitation_amount_mean": 0.0,
            "precipitation_frozen_part": -9,
            "probability_of_precipitation": 10,
            "predominant_precipitation_type_at_surface": 0,
            "symbol_code": 6,
        }
        before = at - timedelta(hours=1)
        series.append({"time": _z(at), "intervalParametersStartTime": _z(before), "data": data | step})
    return {"createdTime": _z(made_at), "referenceTime": _z(made_at), "timeSeries": series}


def _z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Smhi:
    """A server that answers as it is told and remembers what was asked for."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | None = answer([{}] * 30)
        self.asked: list[str] = []
        smhi = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                smhi.asked.append(self.path)
                self.send_response(404 if smhi.answer is None else 200)
                self.end_headers()
                self.wfile.write(json.dumps(smhi.answer).encode())

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"
