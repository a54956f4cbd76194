"""Ratios of reading large locks to parsing them, measured in one process.

    python benchmarks/locks.py [--npm 20000] [--uv 2000] [--repeat 5]

Machines differ and are noisy, so nothing here is a time: each row is the median time in which a reader
has made all facts of a file over the median time in which a parser has made its plain values.
"""

import argparse
import gc
import json
import statistics
import tempfile
import time
import tomllib
from collections import deque
from collections.abc import Callable
from pathlib import Path

from lien.readers.interface import Reader
from lien.readers.package_lock import PackageLockReader
from lien.readers.pnpm_lock import PnpmLockReader
from lien.readers.poetry_lock import PoetryLockReader
from lien.readers.uv_lock import UvLockReader
from lien.readers.yarn_lock import YarnLockReader
from lien.sources.tree import Tree


def npm(count: int) -> str:
    """A package-lock.json with three dependencies for each package, and every tenth package nested in another."""
    packages: dict[str, object] = {"": {"name": "web", "dependencies": {f"p{index}": "^1" for index in range(0, count, 50)}}}
    for index in range(count):
        place = f"node_modules/p{index}" if index % 10 else f"node_modules/p{index + 1}/node_modules/p{index}"
        packages[place] = {
            "version": f"1.{index % 7}.0",
            "resolved": f"https://registry.npmjs.org/p{index}/-/p{index}-1.{index % 7}.0.tgz",
            "integrity": f"sha512-{index:086}==",
            "license": ("MIT", "ISC", "Apache-2.0")[index % 3],
            "dependencies": {f"p{(index * 7 + step) % count}": "^1.0.0" for step in (1, 11, 101)},
            "engines": {"node": ">= 18"},
        }
    return json.dumps({"name": "web", "lockfileVersion": 3, "requires": True, "packages": packages}, indent=2)


def uv(count: int) -> str:
    """A uv.lock with three dependencies and eight wheels for each package."""
    blocks = ['version = 1\n\n[[package]]\nname = "bot"\nsource = { virtual = "." }\ndependencies = [\n']
    blocks.extend(f'    {{ name = "p{index}" }},\n' for index in range(0, count, 50))
    blocks.append("]\n")
    for index in range(count):
        blocks.append(f'\n[[package]]\nname = "p{index}"\nversion = "1.{index % 7}"\nsource = {{ registry = "https://pypi.org/simple" }}\n')
        needs = "".join(f'    {{ name = "p{(index * 7 + step) % count}" }},\n' for step in (1, 11, 101))
        url = f"https://files.pythonhosted.org/packages/{index:064}/p{index}-1.{index % 7}-cp31"
        wheels = "".join(f'    {{ url = "{url}{one}-linux.whl", hash = "sha256:{index:064}", size = {index} }},\n' for one in range(8))
        blocks.append(f"dependencies = [\n{needs}]\nwheels = [\n{wheels}]\n")
    return "".join(blocks)


def poetry(count: int) -> str:
    """A poetry.lock of the same shape."""
    blocks = []
    for index in range(count):
        files = "".join(f'    {{file = "p{index}-1-cp31{one}.whl", hash = "sha256:{index:064}"}},\n' for one in range(8))
        needs = "".join(f'p{(index * 7 + step) % count} = ">=1"\n' for step in (1, 11, 101))
        blocks.append(f'[[package]]\nname = "p{index}"\nversion = "1.{index % 7}"\noptional = false\nfiles = [\n{files}]\n')
        blocks.append(f"\n[package.dependencies]\n{needs}\n")
    return "".join(blocks)


def yarn(count: int) -> str:
    """A yarn.lock of version 1."""
    blocks = ["# yarn lockfile v1\n\n"]
    for index in range(count):
        needs = "".join(f'    p{(index * 7 + step) % count} "^1.0.0"\n' for step in (1, 11, 101))
        blocks.append(f'\np{index}@^1.0.0:\n  version "1.{index % 7}.0"\n  integrity sha512-{index:086}==\n  dependencies:\n{needs}')
    return "".join(blocks)


def pnpm(count: int) -> str:
    """A pnpm-lock.yaml of version 9."""
    packages = "".join(f"  p{index}@1.{index % 7}.0:\n    resolution: {{integrity: sha512-{index:086}==}}\n" for index in range(count))
    snapshots = []
    for index in range(count):
        others = [(index * 7 + step) % count for step in (1, 11, 101)]
        needs = "".join(f"      p{other}: 1.{other % 7}.0\n" for other in dict.fromkeys(others))
        snapshots.append(f"  p{index}@1.{index % 7}.0:\n    dependencies:\n{needs}")
    return f"lockfileVersion: '9.0'\npackages:\n{packages}snapshots:\n{''.join(snapshots)}"


def median(work: Callable[[], object], repeat: int) -> float:
    """The median time of a piece of work."""
    times = []
    work()
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def ratio(name: str, reader: Reader, text: str, parse: Callable[[str], object], repeat: int) -> None:
    """Print the ratio of a reader to a parser on one text."""
    with tempfile.TemporaryDirectory() as scratch:
        path = {"package-lock": "package-lock.json", "uv-lock": "uv.lock", "poetry-lock": "poetry.lock", "yarn-lock": "yarn.lock"}
        file = Path(scratch, path.get(reader.name, "pnpm-lock.yaml"))
        file.write_text(text, encoding="utf-8")

        def read() -> object:
            # As in an audit, which keeps all facts alive and the collector at rest.
            return deque(reader.read(Tree(Path(scratch)).read(file.name, limit=reader.max_bytes)), maxlen=0)

        count = sum(1 for _ in reader.read(Tree(Path(scratch)).read(file.name, limit=reader.max_bytes)))
        print(
            f"{name:<44} {len(text) / 1e6:5.1f} MB {count:>8} facts   time {median(read, repeat) / median(lambda: parse(text), repeat):5.2f}x"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--npm", type=int, default=20_000)
    parser.add_argument("--uv", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    gc.disable()

    def yaml_values(text: str) -> object:
        import yaml

        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # a safe one, in C

    ratio("package-lock.json / json.loads", PackageLockReader(), npm(options.npm), json.loads, options.repeat)
    ratio("uv.lock / tomllib.loads", UvLockReader(), uv(options.uv), tomllib.loads, options.repeat)
    ratio("poetry.lock / tomllib.loads", PoetryLockReader(), poetry(options.uv), tomllib.loads, options.repeat)
    as_many = npm(options.npm)
    ratio("yarn.lock / json.loads of as many packages", YarnLockReader(), yarn(options.npm), lambda _: json.loads(as_many), options.repeat)
    ratio("pnpm-lock.yaml / yaml.load (in C)", PnpmLockReader(), pnpm(options.uv), yaml_values, options.repeat)


if __name__ == "__main__":
    main()
