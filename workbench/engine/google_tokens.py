"""Tokens for Google's endpoints, fetched by Google's own library and kept until they run out."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from workbench.core import masking
from workbench.core.endpoint import Endpoint
from workbench.core.problem import Problem
from workbench.engine import files
from workbench.engine.signing import CredentialError, Signed

SCOPE: Final = ("https://www.googleapis.com/auth/cloud-platform",)
FILE_VARIABLE: Final = "GOOGLE_APPLICATION_CREDENTIALS"
METADATA: Final = "GCE_METADATA_HOST"
LARGEST: Final = 1024 * 1024
NO_EXTRA: Final = Problem(
    "Tokens need google-auth",
    "It is not installed, and Google's tokens are fetched with it.",
    "pip install 'claude-workbench[vertex]', or name a variable with a token in key_env of the endpoint.",
)
SIGN_IN: Final = "Run gcloud auth application-default login, or name a service account's file in key_file."


class GoogleTokens:
    """The credentials in one file of Google's; a machine's own only where GCE_METADATA_HOST says who is asked."""

    def __init__(self, file: Path, source: str, *, machine: bool = False) -> None:
        self._file = file
        self._source = source
        self._machine = machine
        self._credentials: Callable[[], Any] = lambda: None
        self._written = 0

    @classmethod
    def of(cls, endpoint: Endpoint, environ: Mapping[str, str]) -> tuple[str, GoogleTokens]:
        """Where its credentials come from, in words, and what fetches tokens with them."""
        for source, name in (("", endpoint.key_file or ""), (f"{FILE_VARIABLE}: ", environ.get(FILE_VARIABLE, ""))):
            if name.strip():
                told = f"{source}{name}"
                return told, cls(files.expanded(name.strip()), told)
        file = _usual_file(environ)
        if not file.is_file() and environ.get(METADATA, "").strip():
            return "this machine's Google account", cls(file, "this machine's Google account", machine=True)
        return "Google's application default credentials", cls(file, str(file))

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        """Raises CredentialError."""
        try:
            importlib.import_module("google.auth.exceptions")
            transport = importlib.import_module("google.auth.transport.requests")
        except ImportError:
            raise CredentialError(NO_EXTRA) from None
        try:
            before, self._written = self._written, self._stamp()
            credentials = (self._credentials() if self._written == before else None) or self._loaded()
            self._credentials = lambda: credentials
            if not credentials.valid:
                credentials.refresh(transport.Request())
        except CredentialError:
            raise
        except Exception as error:  # the library trusts that what a file holds is of the right types
            self._credentials = lambda: None
            raise CredentialError(self._refused(error)) from None
        token = credentials.token
        if not isinstance(token, str) or not token:
            raise CredentialError(_unusable(f"{self._source} gave no token.", SIGN_IN))
        return Signed({"authorization": f"Bearer {token}"}, masking.forms(token), token[-4:], self._source)

    def _stamp(self) -> int:
        """When the file was written: after a new sign-in it is another."""
        try:
            return self._file.stat().st_mtime_ns
        except OSError:
            return 0

    def _loaded(self) -> Any:
        """Raises CredentialError for a file that isn't there, and the library's errors for one that can't be."""
        if self._machine:
            return importlib.import_module("google.auth.compute_engine").Credentials(scopes=SCOPE)
        try:
            with self._file.open("rb") as file:
                told = json.loads(file.read(LARGEST))
        except OSError as error:
            why = (error.strerror or "it could not be read").lower()
            raise CredentialError(_unusable(f"{self._file}: {why}.", SIGN_IN)) from None
        kind = told.get("type") if isinstance(told, dict) else None
        if kind == "service_account":
            module = importlib.import_module("google.oauth2.service_account")
            return module.Credentials.from_service_account_info(told, scopes=SCOPE)
        if kind == "authorized_user":
            module = importlib.import_module("google.oauth2.credentials")
            return module.Credentials.from_authorized_user_info(told, scopes=SCOPE)
        if kind is None:
            raise CredentialError(_unusable(f"{self._file} holds no credentials of Google's.", SIGN_IN))
        return importlib.import_module("google.auth").load_credentials_from_dict(told, scopes=SCOPE)[0]

    def _refused(self, error: Exception) -> Problem:
        """In words of our own: what a library says may hold what a server answered."""
        if type(error).__name__ == "TransportError":
            return _unusable(f"The token service that {self._source} names can't be reached.", "Check the network.")
        return _unusable(f"{self._source} can't be used ({type(error).__name__}).", SIGN_IN)


def _usual_file(environ: Mapping[str, str]) -> Path:
    """Where gcloud keeps what `application-default login` made."""
    given = environ.get("CLOUDSDK_CONFIG", "").strip()
    on_windows = environ.get("APPDATA", "").strip()
    folder = Path(given) if given else Path(on_windows) / "gcloud" if on_windows else Path.home() / ".config/gcloud"
    return folder / "application_default_credentials.json"


def _unusable(detail: str, hint: str) -> Problem:
    return Problem("No Google credentials", detail, hint)
