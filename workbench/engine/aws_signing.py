"""Requests signed as AWS wants them (Signature Version 4), by AWS's own library, which is loaded when first needed."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, Final, NoReturn

from workbench.core import masking
from workbench.core.endpoint import Endpoint
from workbench.core.problem import Problem
from workbench.engine import aws_config
from workbench.engine.signing import CredentialError, Signed
from workbench.engine.veiled import Veiled

SIGNED: Final = ("content-type",)
SIGNED_START: Final = "anthropic-"
"""The headers that a signature covers beside AWS's own: proxies may change what else there is."""
UNASKED: Final = ("env", "iam-role", "boto-config", "ec2-credentials-file")
"""What of the usual search is left out: the environment was read before, the rest is not of this user's making."""
METADATA: Final = "AWS_EC2_METADATA_DISABLED"
OF_FILES: Final = ("shared-credentials-file", "config-file")
"""What botocore calls credentials that stand in a file, which nobody renews but whoever writes that file anew."""
FILE_SECONDS: Final = 30.0
"""How long those are kept: a new sign-in counts without a new start."""
NO_EXTRA: Final = Problem(
    "Signing needs botocore",
    "It is not installed, and AWS signs its requests with it.",
    "pip install 'claude-workbench[bedrock]', or set AWS_BEARER_TOKEN_BEDROCK for Bedrock, "
    "ANTHROPIC_AWS_API_KEY for Claude Platform on AWS.",
)
SIGN_IN: Final = frozenset(
    {"UnauthorizedSSOTokenError", "SSOTokenLoadError", "TokenRetrievalError", "PendingAuthorizationExpiredError"}
)
"""What botocore raises for a sign-in that has run out."""


class MfaError(Exception):
    """A profile wants a code that a person would have to type."""


class AwsSigning:
    """The credentials of one endpoint: those of the variables, or of a profile; looked up once, renewed by botocore."""

    def __init__(self, service: str, region: str, profile: str | None, environ: Mapping[str, str]) -> None:
        self._service = service
        self._region = region
        self._profile = profile
        self._environ = Veiled(environ)
        self._credentials: Callable[[], Any] = lambda: None
        self._found = ""
        self._looked = 0.0

    @classmethod
    def of(cls, service: str, endpoint: Endpoint, environ: Mapping[str, str]) -> tuple[str, AwsSigning]:
        """Where its credentials come from, in words, and what signs with them."""
        made = cls(service, endpoint.region or "", endpoint.profile, environ)
        if endpoint.profile is not None:
            return f"the AWS profile {endpoint.profile}", made
        if environ.get("AWS_ACCESS_KEY_ID", "").strip():
            return "AWS_ACCESS_KEY_ID", made
        return f"the AWS profile {aws_config.profile_of(None, environ)}", made

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Signed:
        """Raises CredentialError."""
        try:
            auth = importlib.import_module("botocore.auth")
            request_type = importlib.import_module("botocore.awsrequest").AWSRequest
        except ImportError:
            raise CredentialError(NO_EXTRA) from None
        try:
            frozen = self._looked_up().get_frozen_credentials()
            if not all(isinstance(each, str) for each in (frozen.access_key, frozen.secret_key, frozen.token or "")):
                raise TypeError
        except CredentialError:
            raise
        except Exception as error:  # botocore reads what a command printed, and raises whatever that leads to
            self._credentials = lambda: None  # whatever is mended by then counts the next time
            raise CredentialError(self._failed(error)) from None
        covered = {
            name: text for name, text in headers.items() if name in SIGNED or name.lower().startswith(SIGNED_START)
        }
        request = request_type(method=method, url=url, headers=covered, data=body or None)
        auth.SigV4Auth(frozen, self._service, self._region).add_auth(request)
        names = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token")
        made = {name.lower(): str(request.headers[name]) for name in names if name in request.headers}
        hidden = [text for text in (frozen.secret_key, frozen.token) if text]
        secrets = tuple(form for text in hidden for form in masking.forms(text))
        return Signed(made, secrets, str(frozen.access_key)[-4:], self._found)

    def _looked_up(self) -> Any:
        credentials = self._credentials()
        if credentials is None or (credentials.method in OF_FILES and monotonic() - self._looked >= FILE_SECONDS):
            credentials, self._found = self._of_variables() or self._of_profile()
            self._credentials = lambda: credentials
            self._looked = monotonic()
        return credentials

    def _of_variables(self) -> tuple[Any, str] | None:
        """Raises CredentialError for half of a pair."""
        if self._profile is not None:
            return None
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        access, secret = (self._environ.get(name, "").strip() for name in names)
        if not access and not secret:
            return None
        if not access or not secret:
            there, lacking = names if access else reversed(names)
            raise CredentialError(_unusable(f"{there} is set without {lacking}.", f"Set {lacking} too."))
        token = self._environ.get("AWS_SESSION_TOKEN", "").strip() or None
        made = importlib.import_module("botocore.credentials").Credentials(access, secret, token, method="env")
        return made, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

    def _of_profile(self) -> tuple[Any, str]:
        """What AWS's files say of the profile. Raises CredentialError where they say nothing, and botocore's errors.

        A machine's own role is asked for only where AWS_EC2_METADATA_DISABLED is set to false: elsewhere that is a
        question to an address which nobody answers, or which anybody may.
        """
        profile = aws_config.profile_of(self._profile, self._environ)
        named = aws_config.named(self._profile, self._environ)
        session = importlib.import_module("botocore.session").Session(profile=named)
        search = session.get_component("credential_provider")
        asked = self._environ.get(METADATA, "").strip().lower() == "false"
        for name in UNASKED:
            if name != "iam-role" or not asked:
                search.remove(name)
        _keep_off_the_terminal(search)
        credentials = session.get_credentials()
        if credentials is None:
            raise CredentialError(
                _unusable(
                    f"No AWS credentials were found, neither in variables nor for the profile {profile}.",
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run aws configure, or name a profile.",
                )
            )
        return credentials, f"the AWS profile {profile} ({credentials.method})"

    def _failed(self, error: Exception) -> Problem:
        """In words of our own: what a library says may hold what a command of the user's printed."""
        profile = aws_config.profile_of(self._profile, self._environ)
        kind = type(error).__name__
        if kind in SIGN_IN:
            return _unusable(
                f"The sign-in of the AWS profile {profile} has run out.", f"Run aws sso login --profile {profile}."
            )
        if kind == MfaError.__name__:
            return _unusable(
                f"The AWS profile {profile} wants an MFA code, which can't be typed here.",
                f"Set the variables that aws configure export-credentials --profile {profile} --format env prints.",
            )
        if kind == "ProfileNotFound":
            return _unusable(f"There is no AWS profile {profile}.", "See aws configure list-profiles.")
        return _unusable(
            f"The credentials of the AWS profile {profile} can't be had ({kind}).",
            f"See what aws sts get-caller-identity --profile {profile} says.",
        )


def _keep_off_the_terminal(search: Any) -> None:
    """Nothing asks a person on the terminal that a screen has: neither botocore nor a command of the profile's."""

    def asked(_: str) -> NoReturn:
        raise MfaError

    _without_stdin(search.providers)
    for each in search.providers:
        if each.METHOD == "assume-role":
            each._prompter = asked
            with suppress(AttributeError):  # no release of botocore promises that name
                of_source = each._profile_provider_builder
                of_source.providers = partial(_made_without_stdin, of_source.providers)


def _made_without_stdin(makes: Callable[..., Any], *words: Any, **named: Any) -> Any:
    return _without_stdin(makes(*words, **named))


def _without_stdin(providers: Any) -> Any:
    """The same, of which a command has a session and an empty standard input of its own."""
    for each in providers:
        if each.METHOD == "custom-process":
            each._popen = partial(subprocess.Popen, stdin=subprocess.DEVNULL, start_new_session=True)
    return providers


def _unusable(detail: str, hint: str) -> Problem:
    return Problem("No AWS credentials", detail, hint)
