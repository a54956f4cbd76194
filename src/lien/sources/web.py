"""The one way to the network: named hosts, bounded answers, retries, and a cache that is written whole or not at all.

Nothing here is used unless the network was asked for. A server is as hostile as an input: what it sends is
measured while it arrives, it is waited for only so long, and it leads nowhere but to the host that was named.
"""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lien.errors import NetworkError

if TYPE_CHECKING:
    import requests

__all__ = ["Answer", "Web", "cache_folder"]

_TRIES = 3
_TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and between two bytes."""
_WHOLE_ANSWER = 120.0
"""Seconds that one answer may take in all: a server that sends a byte now and then is given up."""
_MAX_BYTES = 8 * 1024 * 1024
_MAX_WAIT = 30.0
"""Seconds to wait when a server asks for it; one that asks for more is given up."""
_MAX_REDIRECTS = 5
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Answer(NamedTuple):
    """Status, the address that answered in the end, headers in lower case, and the body."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  # any JSON
        """The body as JSON. Raises NetworkError if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise NetworkError(f"{_shown(self.url)}: answered with something that is no JSON; try again later") from error


def cache_folder() -> Path:
    """Where answers are kept: LIEN_CACHE_DIR, or `lien` in the user's cache folder."""
    named = os.environ.get("LIEN_CACHE_DIR")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(base) / "lien" if base else Path.home() / ".cache" / "lien"


class Web:
    """Requests to named hosts.

    `hosts` are those that may be spoken to; plain http only where the host is this machine. `wait` is the clock's
    sleep, `cache` a folder for answers that are good for `days`.
    """

    def __init__(self, *, hosts: frozenset[str] | None, cache: Path | None = None, days: float = 1.0) -> None:
        self._hosts = hosts
        self._cache = cache
        self._seconds = days * 86_400
        self._session: requests.Session | None = None

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int = _MAX_BYTES, cached: bool = True) -> Answer:
        """The answer to a GET, after redirects within the named hosts; from the cache if it is fresh.

        Raises NetworkError if the host is not one of them, does not answer, or sends more than `max_bytes`.
        """
        kept = self._kept(url, headers) if cached else None
        if kept is not None:
            return kept
        answer = self._with_retries(url, headers or {}, max_bytes)
        if cached and answer.status in (200, 404):
            self._keep(url, headers, answer)
        return answer

    def _with_retries(self, url: str, headers: Mapping[str, str], max_bytes: int) -> Answer:
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._follow(url, headers, max_bytes)
            except _Again as error:
                if attempt == _TRIES:
                    raise NetworkError(f"{_shown(url)}: {error}; try again later") from error
                time.sleep(0.5 * 2 ** (attempt - 1))
                continue
            if answer.status not in _AGAIN:
                return answer
            wait = _wanted_wait(answer.headers, default=0.5 * 2 ** (attempt - 1))
            if attempt == _TRIES or wait > _MAX_WAIT:
                raise NetworkError(f"{_shown(url)}: answered {answer.status}{_when(wait)}; try again later")
            time.sleep(wait)
        raise AssertionError

    def _follow(self, url: str, headers: Mapping[str, str], max_bytes: int) -> Answer:
        for _ in range(_MAX_REDIRECTS + 1):
            self._check(url)
            answer = self._once(url, headers, max_bytes)
            place = answer.headers.get("location")
            if answer.status not in _MOVED or not place:
                return answer
            url = urljoin(url, place)
        raise NetworkError(f"{_shown(url)}: leads from one address to the next without end")

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError as error:
            raise NetworkError(f"{url[:200]}: is no address") from error
        if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
            raise NetworkError(f"{_shown(url)}: is not https, and is not asked")
        if self._hosts is not None and parts.netloc.rpartition("@")[2] not in self._hosts:
            raise NetworkError(f"{_shown(url)}: leads to another host than the one that was named, and is not asked")

    def _once(self, url: str, headers: Mapping[str, str], max_bytes: int) -> Answer:
        import requests  # noqa: PLC0415  # only who asks for the network pays for it

        if self._session is None:
            self._session = requests.Session()
            self._session.headers["User-Agent"] = "lien"
        start = time.monotonic()
        try:
            with self._session.get(url, headers=dict(headers), timeout=_TIMEOUT, stream=True, allow_redirects=False) as response:
                body = bytearray()
                for piece in response.iter_content(65_536):
                    body += piece
                    if len(body) > max_bytes:
                        raise NetworkError(f"{_shown(url)}: sends more than {max_bytes} bytes, and is given up")
                    if time.monotonic() - start > _WHOLE_ANSWER:
                        raise _Again("takes too long to answer")
                return Answer(response.status_code, url, {key.lower(): value for key, value in response.headers.items()}, bytes(body))
        except (requests.RequestException, ValueError) as error:  # ValueError: of addresses that a server leads to
            raise _Again(f"cannot be reached ({type(error).__name__})") from error

    # --- the cache ----------------------------------------------------------------------------------

    def _place(self, url: str, headers: Mapping[str, str] | None) -> Path | None:
        if self._cache is None:
            return None
        # Who asks with a token may be shown what others are not: the answers stand apart, the token nowhere.
        who = hashlib.sha256(json.dumps(sorted((headers or {}).items())).encode()).hexdigest()[:16]
        return self._cache / "http" / f"{hashlib.sha256(url.encode()).hexdigest()}-{who}.json"

    def _kept(self, url: str, headers: Mapping[str, str] | None) -> Answer | None:
        place = self._place(url, headers)
        try:
            if place is None or time.time() - place.stat().st_mtime > self._seconds:
                return None
            plain = json.loads(place.read_text(encoding="utf-8"))
            return Answer(int(plain["status"]), str(plain["url"]), dict(plain["headers"]), bytes.fromhex(plain["body"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, url: str, headers: Mapping[str, str] | None, answer: Answer) -> None:
        place = self._place(url, headers)
        if place is not None:
            plain = {"status": answer.status, "url": answer.url, "headers": dict(answer.headers), "body": answer.body.hex()}
            write_whole(place, json.dumps(plain).encode())


class _Again(Exception):  # noqa: N818  # no failure yet: the request is tried again
    """A request that may work the next time."""


def write_whole(place: Path, data: bytes) -> None:
    """Write a file of the cache whole or not at all. A cache that cannot be written is no reason to fail."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(place)
    except OSError:
        return
    finally:
        beside.unlink(missing_ok=True)


def _wanted_wait(headers: Mapping[str, str], default: float) -> float:
    """Seconds to wait: `Retry-After`, or the reset of a used-up `RateLimit` (`"api";r=0;t=120`)."""
    after = headers.get("retry-after", "")
    if after.isdigit():
        return float(after)
    parts = dict(part.strip().partition("=")[::2] for part in headers.get("ratelimit", "").split(";"))
    return float(parts["t"]) if parts.get("r") == "0" and parts.get("t", "").isdigit() else default


def _when(wait: float) -> str:
    return f" and asks to wait {wait:.0f} seconds" if wait >= 1 else ""


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:200]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:200]
