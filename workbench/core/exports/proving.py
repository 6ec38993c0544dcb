"""What curl is told: the address, and who asks, by a key of the environment or by its own signature for AWS."""

from __future__ import annotations

from shlex import quote
from typing import Final

from workbench.core import clouds
from workbench.core.endpoint import Endpoint
from workbench.core.exports.call import Call, ExportError

SIGNED: Final = frozenset({"authorization", "x-amz-date", "x-amz-security-token"})
"""The headers of a signature, which is made anew where the export runs."""
SESSION: Final = '${AWS_SESSION_TOKEN:+--header} ${AWS_SESSION_TOKEN:+"x-amz-security-token: $AWS_SESSION_TOKEN"}'
"""Two words, each by itself: zsh takes what stands in braces for one."""

GLOBS: Final = frozenset("[]{}")
"""What curl takes for several addresses written as one, unless it is told not to."""


def address(url: str) -> str:
    """The address as a shell reads it and curl takes it: as one, whatever stands in it."""
    return ("--globoff " if GLOBS & {*url} else "") + quote(url)


def of_curl(endpoint: Endpoint, key_variable: str, url: str) -> list[str]:
    """The options that prove it, each as a shell reads it. Raises ExportError for what curl would sign wrongly."""
    cloud = clouds.of(endpoint.kind)
    if endpoint.auth == "sigv4" and cloud is not None:
        if "%" in url:
            raise ExportError(
                "curl signs an address with quoted characters in another way than AWS does: use a bearer key "
                f"({' or '.join(cloud.key_variables)}), a model's id without a colon, or json"
            )
        scope = f"aws:amz:{endpoint.region or 'us-east-1'}:{cloud.service}"
        return [
            f"--aws-sigv4 {quote(scope)}",
            '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
            SESSION,
        ]
    if endpoint.auth in ("bearer", "google"):
        return [f'--header "authorization: Bearer ${key_variable}"']
    if endpoint.auth == "x-api-key":
        names = ("x-api-key", "api-key") if endpoint.kind == "foundry" else ("x-api-key",)
        return [f'--header "{name}: ${key_variable}"' for name in names]
    return []


def expect_plain(call: Call) -> None:
    """Raises ExportError for a cloud whose requests an SDK sends by a client of their own."""
    endpoint = call.endpoint
    cloud = clouds.of(endpoint.kind)
    if cloud is None or (cloud.shape == "messages" and endpoint.auth not in ("sigv4", "google")):
        return
    how = "signed requests" if endpoint.auth in ("sigv4", "google") else "addresses and bodies of its own"
    raise ExportError(
        f"{cloud.name} takes {how}, for which the SDKs have other clients: "
        "export it as python or curl, or as json for the body alone"
    )
