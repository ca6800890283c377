"""How payloads travel to Temporal and lie in its database: large ones compressed, and sealed where keys are set.

Codes, ids and instants are all that travels; sealing keeps even those from whoever reads Temporal's tables. Keys are
files: whoever may read the folder may read the histories. Search attributes are never sealed.
"""

import base64
import binascii
import os
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec

ENCODING = "encoding"
SQUEEZED = b"binary/zlib"
SEALED = b"binary/aes-256-gcm"
KEY = "key"
# Temporal takes 2 MB a payload: the state of some thousand answered agencies is more before it is compressed.
LARGE = 16_384
NONCE_BYTES, KEY_BYTES = 12, 32


class KeysUnusable(ValueError):  # noqa: N818 - an answer to the installer
    """The key folder holds no key, or a file in it is not one; the message names the file, never its content."""


class Codec(PayloadCodec):
    """Compresses what is large; seals everything when there are keys, with the last of them by name."""

    def __init__(self, keys: dict[str, bytes] | None = None) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in (keys or {}).items()}
        self._current = max(self._ciphers, default=None)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Towards Temporal."""
        return [self._sealed(_squeezed(payload)) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """From Temporal. What was stored plain stays readable: histories from before a key was set must replay."""
        return [_unsqueezed(self._opened(payload)) for payload in payloads]

    def _sealed(self, payload: Payload) -> Payload:
        if self._current is None:
            return payload
        nonce = os.urandom(NONCE_BYTES)
        data = nonce + self._ciphers[self._current].encrypt(nonce, payload.SerializeToString(), self._current.encode())
        return Payload(metadata={ENCODING: SEALED, KEY: self._current.encode()}, data=data)

    def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get(ENCODING) != SEALED:
            return payload
        name = payload.metadata[KEY].decode()
        if name not in self._ciphers:
            raise KeysUnusable(f"a payload is sealed with the key {name!r}, which is not among {sorted(self._ciphers)}")
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            return Payload.FromString(self._ciphers[name].decrypt(nonce, sealed, name.encode()))
        except InvalidTag:
            raise KeysUnusable(f"the key {name!r} does not open a payload: another key has this name now") from None


def _squeezed(payload: Payload) -> Payload:
    if len(payload.data) < LARGE:
        return payload
    return Payload(metadata={ENCODING: SQUEEZED}, data=zlib.compress(payload.SerializeToString(), 1))


def _unsqueezed(payload: Payload) -> Payload:
    if payload.metadata.get(ENCODING) != SQUEEZED:
        return payload
    return Payload.FromString(zlib.decompress(payload.data))


def read_keys(folder: Path) -> dict[str, bytes]:
    """The folder's keys by file name: 32 bytes each, in base64. Raises `KeysUnusable`."""
    try:
        files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    except OSError as error:
        raise KeysUnusable(f"the key folder cannot be read: {error}") from error
    if not files:
        raise KeysUnusable(f"{folder} holds no key: put one there with `openssl rand -base64 32 > {folder}/k1`")
    return {file.name: _key(file) for file in files}


def _key(file: Path) -> bytes:
    try:
        key = base64.b64decode(file.read_bytes().strip(), validate=True)
    except (OSError, binascii.Error) as error:
        raise KeysUnusable(f"{file} cannot be read as base64: {type(error).__name__}") from error
    if len(key) != KEY_BYTES:
        raise KeysUnusable(f"{file} holds {len(key)} bytes instead of {KEY_BYTES}")
    return key


def converter(keys: Path | None = None) -> DataConverter:
    """The one data converter. `keys`: the folder of keys; None leaves payloads readable in Temporal."""
    if keys is None:
        return replace(pydantic_data_converter, payload_codec=Codec())
    failures = DefaultFailureConverterWithEncodedAttributes
    return replace(pydantic_data_converter, payload_codec=Codec(read_keys(keys)), failure_converter_class=failures)
