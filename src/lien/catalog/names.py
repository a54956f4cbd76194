"""How the names of licences are folded before they are compared, per scheme."""

import re

from lien.vocabulary.licenses import Scheme

__all__ = ["fold_name"]

_NOT_WORDS = re.compile(r"[^\w.+]+")
_ADDRESS = re.compile(r"^https?://(?:www\.)?|(?:\.html?|\.txt|/legalcode(?:\.\w+)?|/deed(?:\.\w+)?)?/*(?:[?#].*)?$")


def fold_name(scheme: Scheme, name: str) -> str:
    """The form in which a name is stored and looked up: only what never tells two licences apart goes.

    >>> fold_name(Scheme.URL, "https://www.apache.org/licenses/LICENSE-2.0.html")
    'apache.org/licenses/license-2.0'
    >>> fold_name(Scheme.FREE_TEXT, "The Apache License,  Version 2.0")
    'apache license version 2.0'
    """
    name = name.strip().casefold()
    if scheme is Scheme.URL:
        # What is cut can lay bare more to cut ("…/LICENSE.txt/ #top"); a folded name folds to itself.
        while (shorter := _ADDRESS.sub("", name).strip()) != name:
            name = shorter
        return name
    if scheme in (Scheme.FREE_TEXT, Scheme.LICENSE_NAME):
        folded = _NOT_WORDS.sub(" ", name).strip(" .")
        return folded.removeprefix("the ").replace("licence", "license")
    return name
