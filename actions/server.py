"""The action server: rasa-sdk behind a bearer secret, on loopback."""

import hmac
import warnings
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, response
from sanic.response import HTTPResponse

from assistant import logs
from assistant.settings import get_settings


class Executor(ActionExecutor):
    """Takes calls without a domain: Rasa 3.6 sends it only to those actions that the domain marks `send_domain`."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """Return the domain of this call, empty if it has none."""
        return payload.get("domain") or {}


def application() -> Any:
    """Return the server with every action of this package registered."""
    executor = Executor()
    executor.register_package("actions")
    app = create_app(executor)
    expected = f"Bearer {get_settings().actions_secret.get_secret_value()}"

    @app.on_request  # type: ignore[untyped-decorator]  # rasa-sdk gives its application no type
    async def authorise(request: Request) -> HTTPResponse | None:
        if request.path == "/health" or hmac.compare_digest(request.headers.get("authorization", ""), expected):
            return None
        return response.json({"error": "unauthorized"}, status=401)

    return app


def main() -> None:
    """Serve until stopped."""
    logs.configure("actions")
    warnings.filterwarnings("ignore", module="rasa_sdk")
    settings = get_settings()
    structlog.get_logger().info("actions_started", port=settings.actions_port)
    application().run(host="127.0.0.1", port=settings.actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
