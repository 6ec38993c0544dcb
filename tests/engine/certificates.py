"""Certificates made for one test: an authority of its own, and servers that prove too little."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOT_LONG_AFTER = datetime(2020, 2, 1, tzinfo=UTC)


@dataclass
class Authority:
    """Signs what servers on loopback show; known to clients of the process once it is `trusted`."""

    ca: trustme.CA = field(default_factory=trustme.CA)

    def trusted(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(self.written(folder)))

    def written(self, folder: Path) -> Path:
        """The file that SSL_CERT_FILE names."""
        path = folder / "authority.pem"
        self.ca.cert_pem.write_to_path(path)
        return path

    def server(self, name: str = "127.0.0.1", *, expired: bool = False) -> ssl.SSLContext:
        """The server's side of TLS, with a certificate for that name."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = (
            self.ca.issue_cert(name, not_before=LONG_AGO, not_after=NOT_LONG_AFTER)
            if expired
            else self.ca.issue_cert(name)
        )
        certificate.configure_cert(context)
        return context
