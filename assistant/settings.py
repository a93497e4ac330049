"""Every setting of the service in one typed object, read from the environment (`VIGOR_*`) with safe defaults.

Secrets that nobody has set are generated on the first run into `<var_dir>/secrets.json` (mode 0600), which git ignores.
"""

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where things run, what they may reach and how long they may take."""

    model_config = SettingsConfigDict(env_prefix="VIGOR_", extra="ignore")

    var_dir: Path = Field(ROOT / "var", description="Everything generated: database, model, secrets.")
    host: str = Field("127.0.0.1", description="Address the web process listens on.")
    web_port: int = Field(8000, description="Port of the pages and APIs.")
    dialogue_port: int = Field(8001, description="Port of the dialogue engine, always on loopback.")
    actions_port: int = Field(8002, description="Port of the action server, always on loopback.")
    database_url: str | None = Field(
        None, description="libpq URL of a PostgreSQL server; unset starts one under var_dir."
    )
    demo: bool = Field(False, description="Demo patients and demo login; never set it where real patients are.")
    timezone: str = Field("Europe/Stockholm", description="Clock of people, unless a patient has another.")
    log_level: str = Field("info", description="debug, info, warning or error; patient data is logged at none of them.")
    engine_timeout_s: float = Field(10.0, description="Longest wait for one answer of the dialogue engine, seconds.")
    action_timeout_s: float = Field(4.0, description="Longest wait of a custom action for one API call, seconds.")
    max_message_chars: int = Field(2000, description="Longest message a patient can send, characters.")
    messages_per_minute: int = Field(30, description="Messages a patient may send in a minute.")
    hold_minutes: int = Field(10, description="How long a chosen time is held before it must be confirmed, minutes.")
    encoder_model: Path | None = Field(
        None,
        description="Folder of another sentence-transformers model for the knowledge search; unset trains our own.",
    )
    weather_url: str = Field(
        "https://opendata-download-metfcst.smhi.se", description="SMHI's forecasts; empty: no weather is asked for."
    )
    weather_place: tuple[float, float] | None = Field(
        None, description="Latitude and longitude of patients whose home has none in the record, a JSON list."
    )
    public_url: str | None = Field(None, description="Address of the pages as patients see it, for links.")
    embed_origins: list[str] = Field(default_factory=list, description="Sites that may show the chat, a JSON list.")

    session_secret: SecretStr = SecretStr("")
    engine_secret: SecretStr = SecretStr("")
    actions_secret: SecretStr = SecretStr("")

    @property
    def zone(self) -> ZoneInfo:
        """The clock of people as a zone."""
        return ZoneInfo(self.timezone)

    @property
    def web_url(self) -> str:
        """Address at which our own processes reach the web process."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def dialogue_url(self) -> str:
        """Address of the dialogue engine."""
        return f"http://127.0.0.1:{self.dialogue_port}"

    @property
    def actions_url(self) -> str:
        """Address of the action server."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def model_dir(self) -> Path:
        """Folder of the trained dialogue models."""
        return self.var_dir / "models"


SECRET_FIELDS = ("session_secret", "engine_secret", "actions_secret")


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, with its secrets filled in."""
    settings = Settings()
    kept = _kept_secrets(settings.var_dir)
    for field in SECRET_FIELDS:
        if not getattr(settings, field).get_secret_value():
            setattr(settings, field, SecretStr(kept[field]))
    return settings


def _kept_secrets(var_dir: Path) -> dict[str, str]:
    """Read the generated secrets, creating them once even when several processes start together."""
    path = var_dir / "secrets.json"
    var_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = {field: secrets.token_urlsafe(48) for field in SECRET_FIELDS}
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(fresh))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
