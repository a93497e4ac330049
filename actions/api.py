"""The APIs that the actions use, as the assistant acting inside one patient's talk."""

from functools import lru_cache
from typing import Any

import httpx

from assistant.settings import get_settings

JSON = dict[str, Any]
IDEMPOTENCY = "https://vigor.example/id/idempotency"


class CareApiError(Exception):
    """An API answered with an error. `status` is HTTP's; `text` is what the patient may read, by language."""

    def __init__(self, status: int, code: str, text: dict[str, str]) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.text = text


@lru_cache
def _client() -> httpx.AsyncClient:
    settings = get_settings()
    return httpx.AsyncClient(
        base_url=settings.web_url,
        timeout=settings.action_timeout_s,
        headers={"Authorization": f"Bearer {settings.actions_secret.get_secret_value()}"},
    )


class CareApi:
    """The care record and the assistant's own API, seen from one conversation."""

    def __init__(self, conversation: str, turn: str) -> None:
        self.turn = turn
        self._headers = {"X-Conversation-Id": conversation, "X-Request-Id": turn}

    async def get(self, path: str, **params: Any) -> JSON:
        """GET `path` and return its JSON. Raises CareApiError."""
        return await self._send("GET", path, params={key: value for key, value in params.items() if value is not None})

    async def post(self, path: str, body: JSON | None = None) -> JSON:
        """POST `body` to `path` and return the answer's JSON ({} when empty). Raises CareApiError."""
        return await self._send("POST", path, json=body or {})

    async def create(self, resource: JSON, *, key: str) -> JSON:
        """Create a FHIR resource and return it; the same `key` again returns the same one. Raises CareApiError."""
        identifier = {"system": IDEMPOTENCY, "value": key}
        single = resource["resourceType"] == "QuestionnaireResponse"
        identified = resource | {"identifier": identifier if single else [identifier]}
        condition = {"If-None-Exist": f"identifier={IDEMPOTENCY}|{key}"}
        return await self._send("POST", f"/fhir/{resource['resourceType']}", json=identified, extra=condition)

    async def search(self, resource_type: str, **params: Any) -> list[JSON]:
        """Return the resources of one FHIR search page."""
        bundle = await self.get(f"/fhir/{resource_type}", **params)
        return [entry["resource"] for entry in bundle.get("entry", [])]

    async def operation(self, path: str, **parameters: str | int) -> JSON:
        """Call a FHIR operation with simple parameters."""
        named = [
            {"name": name, "valueInteger" if isinstance(value, int) else "valueString": value}
            for name, value in parameters.items()
        ]
        return await self.post(f"/fhir/{path}", {"resourceType": "Parameters", "parameter": named})

    async def _send(self, method: str, path: str, extra: dict[str, str] | None = None, **options: Any) -> JSON:
        answer = await _client().request(method, path, headers=self._headers | (extra or {}), **options)
        if answer.is_error:
            raise _error(answer)
        body: JSON = answer.json() if answer.content else {}
        return body


def _error(answer: httpx.Response) -> CareApiError:
    """Read our own error format or an OperationOutcome, whose details hold the text in Swedish."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if body.get("resourceType") == "OperationOutcome":
        issue = body["issue"][0]
        return CareApiError(answer.status_code, issue.get("code", "exception"), _texts_of(issue))
    return CareApiError(answer.status_code, body.get("error", "exception"), body.get("text", {}))


def _texts_of(issue: JSON) -> dict[str, str]:
    text = issue.get("details", {}).get("text", "")
    return {"sv": text, "en": issue.get("diagnostics", text)}
