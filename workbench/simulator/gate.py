"""What is looked at before a route is: the key, the API version, the beta names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.simulator.errors import ApiError, invalid

if TYPE_CHECKING:
    from workbench.simulator.exchange import Request

VERSIONS: Final = ("2023-06-01", "2026-10-21")
BETAS: Final = frozenset(
    {
        "advisor-tool-2026-03-01",
        "cache-diagnosis-2026-04-07",
        "code-execution-2025-05-22",
        "code-execution-2025-08-25",
        "compact-2026-01-12",
        "compact-2026-09-04",
        "context-1m-2025-08-07",
        "context-management-2025-06-27",
        "extended-cache-ttl-2025-04-11",
        "fallback-credit-2026-07-01",
        "fast-mode-2026-02-01",
        "files-api-2025-04-14",
        "fine-grained-tool-streaming-2025-05-14",
        "interleaved-thinking-2025-05-14",
        "mcp-client-2025-11-20",
        "mcp-client-2026-09-15",
        "message-batches-2024-09-24",
        "message-threads-2026-08-12",
        "model-context-window-exceeded-2025-08-26",
        "output-300k-2026-03-24",
        "pdfs-2024-09-25",
        "prompt-caching-2024-07-31",
        "server-side-fallback-2026-07-01",
        "skills-2025-10-02",
        "structured-outputs-2025-11-13",
        "task-budgets-2026-03-13",
        "thinking-binding-controls-2026-08-01",
        "thinking-display-updates-2026-08-18",
        "thinking-token-count-2026-05-13",
        "token-counting-2024-11-01",
        "token-efficient-tools-2025-02-19",
    }
)


def check_key(request: Request) -> None:
    """Any key that begins with `sk-`, but not `sk-invalid`, in either header. Raises ApiError 401."""
    key, name = request.header("x-api-key"), "x-api-key"
    if not key:
        scheme, _, token = request.header("authorization").partition(" ")
        key, name = (token.strip(), "bearer token") if scheme.lower() == "bearer" else ("", "")
    if not name or not key:
        raise ApiError(401, "x-api-key header is required")
    if not key.startswith("sk-") or key.startswith("sk-invalid"):
        raise ApiError(401, f"invalid {name}")


def check_version(request: Request) -> str:
    """Raises ApiError 400 when the version is missing or unknown."""
    version = request.header("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in VERSIONS:
        raise invalid(f'anthropic-version: "{version}" is not a valid version')
    return version


def check_betas(request: Request) -> tuple[str, ...]:
    """The betas asked for. Raises ApiError 400 for names that none has."""
    asked = [name.strip() for name in request.header("anthropic-beta").split(",") if name.strip()]
    unknown = [name for name in asked if name not in BETAS]
    if unknown:
        listed = ", ".join(f"`{name}`" for name in unknown)
        raise invalid(
            f"Unexpected value(s) {listed} for the `anthropic-beta` header. "
            "Please consult our documentation or try again without the header."
        )
    return tuple(asked)
