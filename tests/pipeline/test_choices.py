"""Providers that stand side by side are there to choose from."""

import datetime as dt
import json
from pathlib import Path

from lien.api import audit, render

DAY = dt.date(2026, 11, 20)

ROUTE = "import {class_} from '{library}';\nexport const ask = () => new {class_}().{call}({{model: '{model}'}});\n"
OPENAI = ROUTE.format(class_="OpenAI", library="openai", call="chat.completions.create", model="gpt-4o")
GROQ = ROUTE.format(class_="Groq", library="groq-sdk", call="chat.completions.create", model="llama-3.1-8b-instant")
ANTHROPIC = ROUTE.format(class_="Anthropic", library="@anthropic-ai/sdk", call="messages.create", model="claude-3-5-haiku-latest")


def scopes(folder: Path, files: dict[str, str]) -> dict[str, str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    report = json.loads("".join(render(audit([folder], as_of=DAY), "json")))
    return {one["id"]: one["scope"] for one in report["artifacts"] if one["kind"] in {"service", "model"} and one["id"].count("/") == 0}


def test_a_shelf_of_providers(tmp_path: Path) -> None:
    files = {"app/chat/anthropic/route.ts": ANTHROPIC, "app/chat/groq/route.ts": GROQ, "app/chat/openai/route.ts": OPENAI}
    found = {"service:anthropic": "option", "service:groq": "option", "service:openai": "option"}
    assert scopes(tmp_path / "shelf", files) == found
    # What is called elsewhere is called without a choice, unless that file is named for a provider as well.
    assert scopes(tmp_path / "named", files | {"app/speech/openai.ts": OPENAI}) == found
    assert scopes(tmp_path / "more", files | {"app/search.ts": OPENAI}) == found | {"service:openai": "used"}


def test_two_services_beside_each_other_are_both_used(tmp_path: Path) -> None:
    files = {"lib/anthropic.ts": ANTHROPIC, "lib/openai.ts": OPENAI}
    assert scopes(tmp_path, files) == {"service:anthropic": "used", "service:openai": "used"}


def test_one_file_for_many_providers(tmp_path: Path) -> None:
    hosts = ("api.openai.com", "api.anthropic.com", "api.groq.com", "openrouter.ai/api")
    code = "".join(f"export const call{i} = () => fetch('https://{host}/v1/chat', {{}});\n" for i, host in enumerate(hosts))
    assert set(scopes(tmp_path / "four", {"server.js": code}).values()) == {"option"}
    three = "".join(code.splitlines(keepends=True)[:3])
    assert set(scopes(tmp_path / "three", {"server.js": three}).values()) == {"used"}
