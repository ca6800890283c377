"""Short-lived values that travel through a browser's cookie and that nobody but this system can read or make.

One key for all processes, derived from the province's secret key. It keeps nothing; a value counts until it is old.
"""

import base64
import json
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr


class Seal:
    """Encrypts and proves values for one purpose; another purpose's seal does not open them."""

    def __init__(self, key: SecretStr, purpose: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=f"ykien {purpose}".encode())
        self._box = Fernet(base64.urlsafe_b64encode(derived.derive(key.get_secret_value().encode())))

    def seal(self, value: dict[str, Any], at: int | None = None) -> str:
        """The value as text for a cookie. `at`: seconds since 1970, now if none is given."""
        data = json.dumps(value).encode()
        return (self._box.encrypt(data) if at is None else self._box.encrypt_at_time(data, at)).decode()

    def opened(self, sealed: str, lifetime: timedelta) -> dict[str, Any] | None:
        """The value; None if it is older than the lifetime, or not ours."""
        try:
            found = json.loads(self._box.decrypt(sealed.encode(), ttl=int(lifetime.total_seconds())))
        except (InvalidToken, ValueError):
            return None
        return found if isinstance(found, dict) else None
