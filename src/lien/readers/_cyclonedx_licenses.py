"""Licence claims of a CycloneDX `licenses` list: the text as written, with its scheme, uninterpreted.

A list of several licences says nothing of "and" or "or" (CycloneDX 1.6, `licenseChoice`): each entry
is a claim of its own. What `licensing` (1.5 on) tells of a contract is kept as a fact of the component.
"""

from base64 import b64decode
from binascii import Error as BinasciiError

from lien.errors import InputError
from lien.graph.fragments import CustomText, Evidence, LicenseClaim
from lien.readers._bom_values import Json, new_tuple, shown, text
from lien.readers._cyclonedx_name import NAME
from lien.vocabulary.kinds import Basis
from lien.vocabulary.licenses import Scheme

__all__ = ["claims_of", "stated_license"]

_SPDX, _DECLARED = Scheme.SPDX, Basis.DECLARED  # looking a member up in its enum costs as much as a call
_NAMES = (("id", _SPDX), ("expression", _SPDX), ("name", Scheme.FREE_TEXT))
_SAYERS = frozenset({"declared", "concluded"})


def claims_of(artifact: str, licenses: object, path: str, pointer: str) -> list[LicenseClaim]:
    """One claim for each entry that names a licence. Raises InputError for what cannot be one.

    A bare string is let pass as free text; an empty entry names nothing and makes no claim.
    """
    if licenses.__class__ is list and len(licenses) == 1:
        plain = _plain_claim(artifact, licenses[0], path, pointer)
        if plain is not None:
            return [plain]
    if not isinstance(licenses, list):
        raise InputError(
            f'is {shown(licenses)}, not a list; write [{{"license": {{"id": …}}}}] or [{{"expression": …}}]', path=path, pointer=pointer
        )
    claims: list[LicenseClaim] = []
    for index, entry in enumerate(licenses):
        claim = _claim(artifact, entry, path, f"{pointer}/{index}")
        if claim is not None:
            claims.append(claim)
    return claims


def stated_license(artifact: str, value: str, path: str, pointer: str) -> LicenseClaim:
    """The claim of a property such as `license`, where some tools write what others write in `licenses`."""
    return LicenseClaim(artifact, value, Scheme.FREE_TEXT, Evidence(path, None, pointer, value, NAME), "bom")


def _plain_claim(artifact: str, entry: object, path: str, pointer: str) -> LicenseClaim | None:
    """The claim of `{"license": {"id": …}}`: nearly every entry of a large BOM says no more."""
    license_ = entry.get("license") if isinstance(entry, dict) else None
    named = license_.get("id") if isinstance(license_, dict) and len(license_) == 1 else None
    if not isinstance(named, str) or not (named := named.strip()):
        return None
    evidence = new_tuple(Evidence, (path, None, f"{pointer}/0", named, NAME, _DECLARED, None))
    return new_tuple(LicenseClaim, (artifact, named, _SPDX, evidence, "bom", None, None, ()))


def _claim(artifact: str, entry: object, path: str, place: str) -> LicenseClaim | None:
    license_ = _license_of(entry, path, place)
    found = _naming(license_)
    if found is None:
        return None
    named, scheme, as_written = found
    sayer = license_.get("acknowledgement")
    url = license_.get("url")
    source = url if isinstance(url, str) and scheme is not Scheme.URL else None
    evidence = Evidence(path, None, place, as_written, NAME, _DECLARED, source)
    said_by = sayer if isinstance(sayer, str) and sayer in _SAYERS else "bom"
    return LicenseClaim(artifact, named, scheme, evidence, said_by, custom=_custom(named, license_))


def _custom(named: str, license_: Json) -> tuple[CustomText, ...]:
    """What the entry tells of names that no list of licences has: a custom name's own text and address, or those of an expression's parts.

    Ids of SPDX mean what SPDX says, whatever text stands beside them.
    """
    details = license_.get("expressionDetails")
    told = [(text(one.get("licenseIdentifier")), one) for one in (details if isinstance(details, list) else ()) if isinstance(one, dict)]
    if "id" not in license_ and "expression" not in license_:
        told.append((named, license_))
    found: list[CustomText] = []
    for name, one in told:
        if name is not None and (one is license_ or name.startswith("LicenseRef-")):
            content, url = _content(one.get("text")), text(one.get("url"))
            found += [CustomText(name, content, Scheme.FILE)] if content is not None and content != named else []
            found += [CustomText(name, url, Scheme.URL)] if url is not None and url != named else []
    return tuple(found)


def _license_of(entry: object, path: str, place: str) -> Json:
    """The object that names the licence: `license` of an entry, or the entry itself with its `expression`."""
    inner = entry.get("license") if isinstance(entry, dict) else entry
    if isinstance(inner, dict):
        return inner
    if isinstance(inner, str):
        return {"name": inner}
    if not isinstance(entry, dict):
        raise InputError(
            f'is {shown(entry)}, not a licence; write {{"license": {{"id": …}}}} or {{"expression": …}}', path=path, pointer=place
        )
    if inner is None:
        return entry
    raise InputError(f'is {shown(inner)}, not a licence; write {{"id": …}} or {{"name": …}}', path=path, pointer=f"{place}/license")


def _naming(license_: Json) -> tuple[str, Scheme, str] | None:
    """The best name that an entry gives, its scheme, and how evidence quotes it."""
    for key, scheme in _NAMES:
        named = text(license_.get(key))
        if named is not None:
            return named, scheme, named
    content = _content(license_.get("text"))
    if content is not None:
        # Evidence quotes the title of a text; the claim holds the whole.
        return content, Scheme.FILE, content.strip().partition("\n")[0].strip()
    url = text(license_.get("url"))
    return None if url is None else (url, Scheme.URL, url)


def _content(attachment: object) -> str | None:
    """The text of an attachment, whole; what calls itself base64 and is not is taken as it stands."""
    content = attachment.get("content") if isinstance(attachment, dict) else attachment
    if not isinstance(content, str) or not content.strip():
        return None
    if isinstance(attachment, dict) and attachment.get("encoding") == "base64":
        try:
            decoded = b64decode(content).decode("utf-8", errors="replace")
        except (BinasciiError, ValueError):
            return content
        return decoded if decoded.strip() else content
    return content
