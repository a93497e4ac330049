"""The web process: the application behind uvicorn, with our own log format."""

import uvicorn

from assistant import logs
from assistant.settings import get_settings
from assistant.web.app import create_app


def main() -> None:
    """Serve until stopped."""
    logs.configure("web")
    settings = get_settings()
    uvicorn.run(
        create_app(),
        host=settings.host,
        port=settings.web_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
