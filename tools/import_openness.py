"""Writes graphs/models/openness.yaml: the releases that the Model Openness Tool rates, with what they make available.

    python tools/import_openness.py model-openness-components.csv hub_stats_frozen.parquet

The first table is `models/*.yml` of lfai/model_openness_tool (MIT), state of 2026-05-11 (commit 51fcb42), as rows of model,
producer, origin, component and license. The second is the table of `import_hub_sample.py`: where it holds the card of a
release, the card is the better source, and the tool's licence is kept beside it only if it differs.

Which repository of the Hub a release is stands in `_REPOSITORIES`, checked by hand against the `huggingface` field of
`models/*.yml`; that field was followed only where it agrees with the release's name, producer and size. Other releases get
an id of their own, `PRODUCER/NAME`.

The tool was filled in by volunteers, with a filler, and its own audit found errors. So these readings are narrow:

- `unlicensed` and empty cells say nothing; an empty cell under a licence for the whole distribution means that licence.
- `openness_weights`, `_data`, `_code` (training code) and `_paper` are `public` where the component has a licence of its
  own or the distribution's, `none` where it is called undisclosed or proprietary, `paper-only` where only sources are listed.
- Licences are taken for weights, architecture and code, of releases on the Hub alone. Those of data, papers and reports
  are none of the model's.
- Releases in `_LEFT_OUT`, and licences in `_NOT_TAKEN`, contradict what the makers say.
- The date of a row is that of the rating; `origin` is a relation only where it names another release or repository.
"""

import csv
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from import_hub_sample import GRAPHS, SOURCES, Card, Entry, Known, publisher_of, read_cards, report, write

_SOURCES: Mapping[str, Mapping[str, str]] = {
    **SOURCES,
    "openness": {
        "title": "Model Openness Tool of LF AI & Data, models/*.yml",
        "url": "https://github.com/lfai/model_openness_tool/tree/main/models",
        "on": "2026-11-20",
        "note": "A secondary source (MIT): ratings by volunteers; read by script, state of 2026-05-11.",
    },
}

COMMENT = """\
Written by tools/import_openness.py from models/*.yml of lfai/model_openness_tool (MIT, commit 51fcb42 of 2026-05-11) and, for
cards, curation/hub_stats_frozen.parquet of evaleval/eval-card-registry. Do not edit: write a file of your own, which goes
before this one. The ratings are those of volunteers; an entry with no facts is a release of which they tell none that
could be taken over."""

_PUBLISHERS = {
    "01.AI": "01-ai",
    "AI Singapore": "aisingapore",
    "AI Sweden": "ai-sweden",
    "AI Sweden, RISE": "ai-sweden",
    "AI21": "ai21",
    "AI21 Labs": "ai21",
    "Adept AI": "adept",
    "Alibaba": "alibaba-cloud",
    "Allen Institute for AI": "allenai",
    "BigCode Project": "bigcode",
    "Baichuan AI": "baichuan-inc",
    "China Asset Management Co.": "china-asset-management",
    "DeepMind": "google",
    "DeepSeek AI": "deepseek",
    "EleutherAI and LF AI and Data": "eleutherai",
    "FAIR (Fundamental Artificial Intelligence Research)": "meta",
    "Hungarian Research Centre for Linguistics": "nytk",
    "Inspur AI Research": "inspur",
    "Kunlun": "skywork",
    "Microsoft, NVIDIA": "microsoft",
    "Mistral": "mistralai",
    "Multilateral, lead by BAAI": "cofe-ai",
    "Oak Ridge National Lab": "oak-ridge-national-laboratory",
    "Shanghai AI Lab": "shanghai-ai-laboratory",
    "Stability AI": "stabilityai",
    "Technology Innovation Institute, LightOn": "tii",
    "Telecom": "tele-ai",
    "TogetherAI": "together",
    "UC Berkeley": "openlm-research",
    "USC, Meta, CMU, and UCSD": "megalodon",
}
"""Producers whose publisher id is not their name in lower case."""

_REPOSITORIES = {
    "Amber": "LLM360/Amber",
    "Aquila-VL-2B": "BAAI/Aquila-VL-2B-llava-qwen",
    "Arctic-Base": "Snowflake/snowflake-arctic-base",
    "Arctic-Instruct": "Snowflake/snowflake-arctic-instruct",
    "BLOOM": "bigscience/bloom",
    "BTLM-3B-8k-base-": "cerebras/btlm-3b-8k-base",
    "Baichuan-1-7B": "baichuan-inc/Baichuan-7B",
    "Bilingual-gpt-neox-4b": "rinna/bilingual-gpt-neox-4b",
    "BioMedGPT": "stanford-crfm/BioMedLM",
    "BlackMamba-2.8B": "Zyphra/BlackMamba-2.8B",
    "ByT5": "google/byt5-xxl",
    "CerebrasGPT": "cerebras/Cerebras-GPT-13B",
    "ChatGLM": "THUDM/chatglm-6b",
    "ChatGLM2": "THUDM/chatglm2-6b",
    "ChatGLM3": "THUDM/chatglm3-6b",
    "CodeFuse": "codefuse-ai/CodeFuse-13B",
    "CodeGemma-2B": "google/codegemma-2b",
    "CodeGemma-7B": "google/codegemma-7b",
    "CodeGemma-7B-Instruct": "google/codegemma-7b-it",
    "CodeGen2": "Salesforce/codegen2-16B_P",
    "CodeT5+-16B": "Salesforce/codet5p-16b",
    "Codegen2.5": "Salesforce/codegen25-7b-mono_P",
    "Command-R": "CohereLabs/c4ai-command-r-v01",
    "Command-R+": "CohereLabs/c4ai-command-r-plus",
    "CrystalChat": "LLM360/CrystalChat",
    "CrystalCoder": "LLM360/CrystalCoder",
    "DeepSeek-Coder-33B-Base": "deepseek-ai/deepseek-coder-33b-base",
    "DeepSeek-MoE-16B-base": "deepseek-ai/deepseek-moe-16b-base",
    "DeepSeek-R1": "deepseek-ai/DeepSeek-R1",
    "DeepSeek-V3": "deepseek-ai/DeepSeek-V3",
    "FLM-101B": "CofeAI/FLM-101B",
    "Falcon-180B": "tiiuae/falcon-180B",
    "Falcon-40B": "tiiuae/falcon-40b",
    "GPT-2": "openai-community/gpt2-xl",
    "GPT-J": "EleutherAI/gpt-j-6b",
    "GPT-Neo": "EleutherAI/gpt-neo-2.7B",
    "GPT-NeoX-20B": "EleutherAI/gpt-neox-20b",
    "GPT-SW3-40B": "AI-Sweden-Models/gpt-sw3-40b",
    "Galactica": "facebook/galactica-120b",
    "Granite-20B-Code-Instruct": "ibm-granite/granite-20b-code-instruct-8k",
    "Granite-34B-Code-Instruct": "ibm-granite/granite-34b-code-instruct",
    "Granite-3B-Code-Instruct": "ibm-granite/granite-3b-code-instruct-2k",
    "Granite-4.0-H-Micro": "ibm-granite/granite-4.0-h-micro",
    "Granite-4.0-H-Micro-Base": "ibm-granite/granite-4.0-h-micro-base",
    "Granite-4.0-H-Small": "ibm-granite/granite-4.0-h-small",
    "Granite-4.0-H-Small-Base": "ibm-granite/granite-4.0-h-small-base",
    "Granite-4.0-H-Tiny": "ibm-granite/granite-4.0-h-tiny",
    "Granite-4.0-H-Tiny-Base": "ibm-granite/granite-4.0-h-tiny-base",
    "Granite-4.0-Micro": "ibm-granite/granite-4.0-micro",
    "Granite-4.0-Micro-Base": "ibm-granite/granite-4.0-micro-base",
    "Granite-4.0-Tiny-Base-Preview": "ibm-granite/granite-4.0-tiny-base-preview",
    "Granite-4.0-Tiny-Preview": "ibm-granite/granite-4.0-tiny-preview",
    "Granite-8B-Code-Instruct": "ibm-granite/granite-8b-code-instruct-4k",
    "Grok-1": "xai-org/grok-1",
    "InCoder-6B": "facebook/incoder-6B",
    "Jais": "inceptionai/jais-13b-chat",
    "Jamba-v0.1": "ai21labs/Jamba-v0.1",
    "Jiang-Base": "kdf/jiang-base",
    "Llama-2-7B": "meta-llama/Llama-2-7b-hf",
    "Llama-2-13B": "meta-llama/Llama-2-13b-hf",
    "Llama-2-70B": "meta-llama/Llama-2-70b-hf",
    "Llama-2-chat-7B": "meta-llama/Llama-2-7b-chat-hf",
    "Llama-2-chat-13B": "meta-llama/Llama-2-13b-chat-hf",
    "Llama-2-chat-70B": "meta-llama/Llama-2-70b-chat-hf",
    "Llama-3-8B": "meta-llama/Meta-Llama-3-8B",
    "Llama-3-70B": "meta-llama/Meta-Llama-3-70B",
    "Llama-3.1-70B": "meta-llama/Llama-3.1-70B",
    "Llama-3.1-8B": "meta-llama/Llama-3.1-8B",
    "Llama-3.1-8B-Instruct": "meta-llama/Llama-3.1-8B-Instruct",
    "Llama-3.2-1B-Instruct": "meta-llama/Llama-3.2-1B-Instruct",
    "Llama-3.2-3B-Instruct": "meta-llama/Llama-3.2-3B-Instruct",
    "MPT-30B": "mosaicml/mpt-30b",
    "MPT-7B": "mosaicml/mpt-7b",
    "Mamba": "state-spaces/mamba-2.8b-hf",
    "Meta-Llama-3-70B-Instruct": "meta-llama/Meta-Llama-3-70B-Instruct",
    "Meta-Llama-3-8B-Instruct": "meta-llama/Meta-Llama-3-8B-Instruct",
    "MiniCPM3-4B": "openbmb/MiniCPM3-4B",
    "Ministral-3-14B-Base-2512": "mistralai/Ministral-3-14B-Base-2512",
    "Mistral-7B-Instruct-v0.1": "mistralai/Mistral-7B-Instruct-v0.1",
    "Mistral-7B-Instruct-v0.2": "mistralai/Mistral-7B-Instruct-v0.2",
    "Mistral-7B-Instruct-v0.3": "mistralai/Mistral-7B-Instruct-v0.3",
    "Mistral-7B-v0.1": "mistralai/Mistral-7B-v0.1",
    "Mistral-Large-3-675B-Base-2512": "mistralai/Mistral-Large-3-675B-Base-2512",
    "Mixtral-8x22B-Instruct-v0.1": "mistralai/Mixtral-8x22B-Instruct-v0.1",
    "Mixtral-8x22B-v0.1": "mistralai/Mixtral-8x22B-v0.1",
    "Mixtral-8x7B-Instruct-v0.1": "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "Mixtral-8x7B-v0.1": "mistralai/Mixtral-8x7B-v0.1",
    "NeMo-Megatron-GPT-20B": "nvidia/nemo-megatron-gpt-20B",
    "Nemotron-4-340B-Base": "nvidia/Nemotron-4-340B-Base",
    "OLMo-1B-hf": "allenai/OLMo-1B-hf",
    "OLMo-7B": "allenai/OLMo-7B",
    "OLMo-7B-Twin-2T-hf": "allenai/OLMo-7B-Twin-2T-hf",
    "OLMo-7B-hf": "allenai/OLMo-7B-hf",
    "OpenCALM-7b": "cyberagent/open-calm-7b",
    "OpenELM-1_1B": "apple/OpenELM-1_1B",
    "OpenELM-1_1B-Instruct": "apple/OpenELM-1_1B-Instruct",
    "OpenELM-270M": "apple/OpenELM-270M",
    "OpenELM-270M-Instruct": "apple/OpenELM-270M-Instruct",
    "OpenELM-3B": "apple/OpenELM-3B",
    "OpenELM-3B-Instruct": "apple/OpenELM-3B-Instruct",
    "OpenELM-450M": "apple/OpenELM-450M",
    "OpenELM-450M-Instruct": "apple/OpenELM-450M-Instruct",
    "OpenLLaMA": "openlm-research/open_llama_3b",
    "OpenLLaMA-3Bv2": "openlm-research/open_llama_3b_v2",
    "OpenLLaMA-7Bv2": "openlm-research/open_llama_7b_v2",
    "OpenVoice": "myshell-ai/OpenVoice",
    "PULI-GPTrio": "NYTK/PULI-GPTrio",
    "Persimmon-8B": "adept/persimmon-8b-base",
    "Phi-1": "microsoft/phi-1",
    "Phi-1.5": "microsoft/phi-1_5",
    "Phi-2": "microsoft/phi-2",
    "Pile-T5 XXL": "EleutherAI/pile-t5-xxl",
    "PolyCoder": "NinedayWang/PolyCoder-2.7B",
    "Polyglot-Ko": "EleutherAI/polyglot-ko-12.8b",
    "Pythia-1.4B": "EleutherAI/pythia-1.4b",
    "Pythia-12B": "EleutherAI/pythia-12b",
    "Pythia-14M": "EleutherAI/pythia-14m",
    "Pythia-160M": "EleutherAI/pythia-160m",
    "Pythia-1B": "EleutherAI/pythia-1b",
    "Pythia-2.8B": "EleutherAI/pythia-2.8b",
    "Pythia-31M": "EleutherAI/pythia-31m",
    "Pythia-410M": "EleutherAI/pythia-410m",
    "Pythia-6.9B": "EleutherAI/pythia-6.9b",
    "Pythia-70M": "EleutherAI/pythia-70m",
    "Qwen-14B": "Qwen/Qwen-14B",
    "Qwen-72B": "Qwen/Qwen-72B",
    "Qwen1.5-32B": "Qwen/Qwen1.5-32B",
    "Qwen1.5-72B-Chat": "Qwen/Qwen1.5-72B-Chat",
    "Qwen1.5-7B": "Qwen/Qwen1.5-7B",
    "Qwen1.5-MoE-A2.7B": "Qwen/Qwen1.5-MoE-A2.7B",
    "Qwen2.5-1.5B-Instruct": "Qwen/Qwen2.5-1.5B-Instruct",
    "Qwen2.5-32B-Instruct": "Qwen/Qwen2.5-32B-Instruct",
    "Qwen2.5-7B": "Qwen/Qwen2.5-7B",
    "Qwen2.5-7B-Instruct": "Qwen/Qwen2.5-7B-Instruct",
    "Qwen3-14B-Base": "Qwen/Qwen3-14B-Base",
    "RWKV-v4-(Raven)": "RWKV/rwkv-raven-14b",
    "RWKV-v5": "RWKV/rwkv-5-world-3b",
    "RecurrentGemma": "google/recurrentgemma-2b-it",
    "RedPajamas-INCITE": "togethercomputer/RedPajama-INCITE-7B-Base",
    "SEA-LION": "aisingapore/sea-lion-7b",
    "SantaCoder": "bigcode/santacoder",
    "Silo": "kernelmachine/silo-pd-1.3b",
    "Skywork": "Skywork/Skywork-13B-base",
    "StableLM-2": "stabilityai/stablelm-2-1_6b",
    "StableLM-Japanese": "stabilityai/japanese-stablelm-instruct-alpha-7b",
    "StarCoder": "bigcode/starcoder",
    "StellarX-4B-V0": "Dampish/StellarX-4B-V0",
    "Switch-C-2048": "google/switch-c-2048",
    "T5-11b": "google-t5/t5-11b",
    "TeleChat-12B": "Tele-AI/TeleChat-12B",
    "TeleChat-7B": "Tele-AI/telechat-7B",
    "UL2": "google/ul2",
    "XGLM": "facebook/xglm-7.5B",
    "XGen": "Salesforce/xgen-7b-8k-inst",
    "YaLM": "yandex/yalm-100b",
    "Yayi-2": "wenge-research/yayi2-30b",
    "Zephyr-141B": "HuggingFaceH4/zephyr-orpo-141b-A35b-v0.1",
    "dbrx-base": "databricks/dbrx-base",
    "dbrx-instruct": "databricks/dbrx-instruct",
    "gemma-1.1-2b": "google/gemma-1.1-2b-it",
    "gemma-1.1-7b": "google/gemma-1.1-7b-it",
    "gemma-2-27b-it": "google/gemma-2-27b-it",
    "gemma-2-2b-it": "google/gemma-2-2b-it",
    "gemma-2-9b-it": "google/gemma-2-9b-it",
    "gemma-2b": "google/gemma-2b",
    "gemma-7b": "google/gemma-7b",
    "gpt-oss-120b": "openai/gpt-oss-120b",
    "gpt-oss-20b": "openai/gpt-oss-20b",
    "japanese-large-lm-3.6b": "line-corporation/japanese-large-lm-3.6b",
    "mT5-XXL": "google/mt5-xxl",
}

_RENAMED_ACCOUNTS = {"thudm": "zai-org"}
"""Accounts that the Hub resolves to another; the old id stays as an alias."""

_LEFT_OUT = {
    "Arkim": "no model that can be found; licence of another program",
    "DeepSeek-Coder": "the same repository as DeepSeek-Coder-33B-Base",
    "DeepSeek-MoE-16B": "the same repository as DeepSeek-MoE-16B-base",
    "DeepSeek-V3-test": "a test record",
    "GPT-SW3": "a family; GPT-SW3-40B is kept",
    "Granite-4.1": "a collection, not a model",
    "Griffin": "no producer",
    "Hawk": "no producer; the address is a stranger's",
    "InternLM": "a family; the address is one of its later members",
    "Jamba": "a family; Jamba-v0.1 is kept",
    "Jiang": "a family; Jiang-Base is kept",
    "NeMo-Megatron": "a framework; NeMo-Megatron-GPT-20B is kept",
    "OpenBMB": "a community, not a model",
    "OpenCALM": "a family; OpenCALM-7b is kept",
    "Stable-Diffusion": "the address is another generation, under another licence",
    "Stable-Diffusion-v1-3": "in image-generation.yaml, from the maker",
    "Stable-Diffusion-v1.1": "in image-generation.yaml, from the maker",
    "Stable-Diffusion-v1.2": "in image-generation.yaml, from the maker",
    "StellarX": "a family; StellarX-4B-V0 is kept",
    "Switch-C": "Switch-C-2048 is kept",
    "Unnamed-Model": "no name",
    "XVERSE": "the address is a quantisation",
    "Yi-1.5": "a family; the address is one of its members",
}

_NOT_TAKEN = frozenset(
    {"Codegen2.5", "Skywork", "StableLM-2", "StableLM-Japanese", "StarCoder", "StellarX-4B-V0", "TeleChat-12B", "TeleChat-7B", "XGen"}
)
"""Releases whose licences or components in the table are against the maker's page, or no names of licences."""

_PARTS = (
    ("weights", ("Model parameters (Final)",)),
    ("architecture", ("Model architecture",)),
    ("code", ("code", "Inference code", "Training code")),
)
_FILLERS = frozenset({"", "unlicensed"})
_NOT_GIVEN = re.compile(r"(?:undisclosed|proprietary)", re.IGNORECASE)
_NO_LICENSE = re.compile(r"pubmed|mc4|datasets with|specified in original")
"""Cells that name sources of data where a licence should stand."""
_NOT_INCLUDED = re.compile(r"component (?:component )?not include", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Release:
    """One release with the licence cell of each component."""

    name: str
    producer: str
    origin: str
    kind: str
    cells: Mapping[str, str]

    @property
    def repository(self) -> str | None:
        """Its repository on the Hub, if it is known."""
        return _REPOSITORIES.get(self.name)

    @property
    def publisher(self) -> str:
        """The id of the maker: of the account on the Hub, else of the producer."""
        if self.repository is not None:
            return publisher_of(self.repository)
        return _PUBLISHERS.get(self.producer) or re.sub(r"[^a-z0-9]+", "-", self.producer.lower()).strip("-")

    @property
    def id(self) -> str:
        """The id in the knowledge."""
        if self.repository is None:
            name = re.sub(r"[^\w.+-]+", "-", self.name.lower()).strip("-")
            return f"model:{self.publisher}/{name}"
        account, _, name = self.repository.lower().partition("/")
        return f"model:{_RENAMED_ACCOUNTS.get(account, account)}/{name}"

    def available(self, component: str) -> str | None:
        """How far a component can be had: public, paper-only, none; None where the table does not tell."""
        cell, whole = self.cells.get(component), self.cells.get("distribution", "")
        if cell is None or _NO_LICENSE.search(cell):
            return None
        if _NOT_GIVEN.match(cell) or (not cell and _NOT_GIVEN.match(whole)):
            return "none"
        if _NOT_INCLUDED.match(cell):
            if "listed sources" in cell:
                return "paper-only"
            return "none" if self.cells.get("Model architecture") == "Proprietary" else None
        return "public" if cell not in _FILLERS or (not cell and whole) else None

    @property
    def attributes(self) -> dict[str, Any]:
        """Modality by the type of the release, and what is available."""
        found: dict[str, Any] = {"modality": "text"} if self.kind in {"language", "code"} else {}
        if self.name in _NOT_TAKEN or (self.repository is None and not {"none", "paper-only"} & set(self._rated.values())):
            return found
        return {**found, **self._rated}

    @property
    def _rated(self) -> dict[str, str]:
        rated = {
            "openness_weights": self.available("Model parameters (Final)"),
            "openness_data": self.available("Datasets"),
            "openness_code": self.available("Training code"),
            "openness_paper": self.available("Research paper" if "Research paper" in self.cells else "Technical report"),
        }
        return {key: value for key, value in rated.items() if value}

    @property
    def claims(self) -> list[dict[str, Any]]:
        """Licences of the distribution and of its parts, each licence once, with the first part that has it."""
        if self.repository is None or self.name in _NOT_TAKEN:
            return []
        cells: list[tuple[str | None, str]] = [(None, self.cells.get("distribution", "").strip())]
        for name, components in _PARTS:
            cells += [(name, self.cells[one].strip()) for one in components if one in self.cells][:1]
        claims: dict[str, dict[str, Any]] = {}
        for part, cell in cells:
            if cell not in _FILLERS and not _NOT_GIVEN.match(cell) and not _NOT_INCLUDED.match(cell):
                claim = {"claim": cell, "scheme": "free-text", "source": "openness", **({"part": part} if part else {})}
                claims.setdefault(re.sub(r"[^a-z0-9.]", "", cell.lower()), claim)
        return list(claims.values())


def read_releases(table: Path) -> list[Release]:
    """The releases of the table; of two of one name the first."""
    found: dict[str, dict[str, str]] = {}
    heads: dict[str, tuple[str, str, str]] = {}
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            heads.setdefault(row["model"], (row["producer"].strip(), row["origin"].strip(), row["type"]))
            found.setdefault(row["model"], {}).setdefault(row["component"], row["license"])
    return [Release(name, *heads[name], cells) for name, cells in found.items()]


def entry_of(release: Release, card: Card | None, known: Known) -> Entry:
    """The release as an entry; on top of its card where there is one."""
    name = (release.repository or release.name).rpartition("/")[2]
    entry = card.entry() if card else Entry(id=release.id, name=name, publisher=release.publisher)
    entry.attributes |= {key: value for key, value in release.attributes.items() if key not in entry.attributes}
    for claim in release.claims:
        if not any(known.same_license(one, claim) for one in entry.licenses):
            entry.licenses.append(claim)
    if release.repository and release.repository.lower().partition("/")[0] in _RENAMED_ACCOUNTS:
        entry.aliases.append(f"model:{release.repository.lower()}")
    return entry


def main(arguments: Sequence[str]) -> int:
    """Write the file. The arguments are the two tables."""
    if len(arguments) != 2:
        sys.stderr.write("usage: import_openness.py TABLE CARDS\n")
        return 2
    table, sample = map(Path, arguments)
    known = Known(without=("openness", "gallery-", "hub-"))
    cards = read_cards(sample)
    releases = {one.name: one for one in read_releases(table) if one.name not in _LEFT_OUT}
    entries: dict[str, Entry] = {}
    for release in releases.values():
        hosted = f"service:{release.id.removeprefix('model:')}"
        if release.id not in known and hosted not in known and release.id not in entries:
            entries[release.id] = entry_of(release, cards.get(release.id), known)
    for release in releases.values():
        origin = releases.get(release.origin)
        entry = entries.get(release.id)
        if (
            entry
            and origin
            and origin.repository
            and release.name not in _NOT_TAKEN
            and not any(one["to"] == origin.id for one in entry.relations)
        ):
            entry.relate("derived-from", origin.id, "openness")
    known.add_kinds(entries.values())
    ordered = list(entries.values())
    report(write(GRAPHS / "models", "openness", COMMENT, _SOURCES, ordered, by_letter=False), ordered)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
