"""One input format per file: each turns a Source into fragments and interprets no licence."""

from lien.readers._lazy import LazyReader
from lien.readers.interface import Reader

__all__ = ["READERS"]

READERS: tuple[Reader, ...] = (
    LazyReader("cyclonedx", "CycloneDxReader", endings=(".json",)),
    LazyReader("cyclonedx_xml", "CycloneDxXmlReader", endings=(".xml",)),
    LazyReader("cyclonedx_xml", "UnnamedCycloneDxXmlReader", endings=(".xml",)),
    LazyReader("spdx", "SpdxReader", endings=(".json", ".spdx")),
    LazyReader("spdx", "SpdxYamlReader", endings=(".yaml", ".yml")),
    LazyReader("spdx3", "Spdx3Reader", endings=(".json", ".jsonld", ".spdx3")),
    LazyReader("spdx_tag_value", "SpdxTagValueReader", endings=(".spdx", ".tag", ".spdx.txt")),
    LazyReader("spdx_xml", "SpdxXmlReader", endings=(".xml", ".spdx")),
    LazyReader("spdx_rdf", "SpdxRdfReader", endings=(".rdf", ".xml", ".spdx")),
    LazyReader("requirements", "RequirementsReader", endings=(".txt", ".in")),
    LazyReader("pyproject", "PyprojectReader", endings=("pyproject.toml",)),
    LazyReader("setup_cfg", "SetupCfgReader", endings=("setup.cfg",)),
    LazyReader("setup_py", "SetupPyReader", endings=("setup.py",)),
    LazyReader("uv_lock", "UvLockReader", endings=("uv.lock",)),
    LazyReader("poetry_lock", "PoetryLockReader", endings=("poetry.lock",)),
    LazyReader("pdm_lock", "PdmLockReader", beginnings=("pdm.",)),
    LazyReader("pylock", "PylockReader", beginnings=("pylock.",)),
    LazyReader("pipfile", "PipfileReader", endings=("pipfile",)),
    LazyReader("pipfile_lock", "PipfileLockReader", endings=("pipfile.lock",)),
    LazyReader("package_json", "PackageJsonReader", endings=("package.json",)),
    LazyReader("package_lock", "PackageLockReader", endings=("package-lock.json", "npm-shrinkwrap.json")),
    LazyReader("pnpm_lock", "PnpmLockReader", endings=("pnpm-lock.yaml", "shrinkwrap.yaml")),
    LazyReader("yarn_lock", "YarnLockReader", endings=("yarn.lock",)),
    LazyReader("python_source", "PythonReader", endings=(".py", ".pyw")),
    LazyReader("hub_card", "HubCardReader", endings=(".md",)),
    LazyReader("model_repository", "ModelRepositoryReader", endings=("config.json", "model_index.json", ".index.json")),
    LazyReader(
        "javascript",
        "JavaScriptReader",
        endings=(".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte"),
    ),
    LazyReader(
        "weights",
        "WeightsReader",
        endings=(
            ".gguf",
            ".safetensors",
            ".onnx",
            ".pt",
            ".pth",
            ".ckpt",
            ".tflite",
            ".keras",
            ".mlmodel",
            ".ggml",
            ".bin",
            ".h5",
            ".hdf5",
            ".pkl",
            ".pickle",
            ".joblib",
            ".pb",
            ".msgpack",
        ),
    ),
    LazyReader("axolotl", "AxolotlReader", endings=(".yaml", ".yml")),
    LazyReader("llama_factory", "LlamaFactoryReader", endings=(".yaml", ".yml", ".json")),
    LazyReader("training_recipe", "TrainingRecipeReader", endings=(".yaml", ".yml", ".json", ".toml")),
    LazyReader("readme", "ReadmeReader", endings=(".md", ".markdown")),
    LazyReader("shell", "ShellReader", endings=(".sh", ".bash", ".zsh", ".ksh", ".mk", "makefile", "justfile")),
    LazyReader("dockerfile", "DockerfileReader", endings=(".dockerfile", ".containerfile"), beginnings=("dockerfile", "containerfile")),
    LazyReader(
        "compose", "ComposeReader", endings=("compose.yml", "compose.yaml"), beginnings=("compose", "docker-compose", "docker_compose")
    ),
    LazyReader("app_settings", "AppSettingsReader", endings=(".json", ".yaml", ".yml", ".toml")),
    LazyReader("env_file", "EnvFileReader", endings=(".env",), beginnings=(".env", "env.", "env_", "env-")),
    LazyReader("mergekit", "MergekitReader", endings=(".yaml", ".yml")),
    LazyReader("torchtune", "TorchtuneReader", endings=(".yaml", ".yml")),
    LazyReader("training_sections", "TrainingSectionsReader", endings=(".yaml", ".yml", ".json")),
)
"""Every reader, with the names of files that are worth importing it for; a file is given to each that claims it."""
