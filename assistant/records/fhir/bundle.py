"""Bundles: several resources in one answer."""

from collections.abc import Iterable

from assistant.records.fhir.content import Content


def searchset(
    contents: Iterable[Content], *, total: int, base_url: str, self_url: str, next_url: str | None
) -> Content:
    """Return one page of a search."""
    links = [{"relation": "self", "url": self_url}]
    if next_url:
        links.append({"relation": "next", "url": next_url})
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": links,
        "entry": [_entry(content, base_url) | {"search": {"mode": "match"}} for content in contents],
    }


def history(contents: list[Content], *, base_url: str) -> Content:
    """Return all versions of a resource, newest first."""
    entries = []
    for content in contents:
        version = content["meta"]["versionId"]
        url = f"{content['resourceType']}/{content['id']}"
        first = version == "1"
        request = {"method": "POST" if first else "PUT", "url": content["resourceType"] if first else url}
        response = {
            "status": "201" if first else "200",
            "etag": f'W/"{version}"',
            "lastModified": content["meta"]["lastUpdated"],
        }
        entries.append(_entry(content, base_url) | {"request": request, "response": response})
    return {"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries}


def _entry(content: Content, base_url: str) -> Content:
    entry: Content = {"resource": content}
    if "id" in content:
        entry["fullUrl"] = f"{base_url}{content['resourceType']}/{content['id']}"
    return entry
