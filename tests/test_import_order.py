"""Data flows one way: each package imports only what stands before it (see docs/architecture.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MAY_IMPORT = {
    "common": set(),
    "etl": {"common"},
    "metrics": {"common"},
    "release": {"metrics", "common"},
    "components": {"release", "metrics", "common"},
    "pack": {"components", "release", "metrics", "common"},
    "pages": {"pack", "components", "release", "metrics", "common"},
    "app": {"pages", "pack", "components", "release", "metrics", "etl", "common"},
}
FILES = [(package, path) for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports, wherever in the file it does so."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize(("package", "path"), FILES, ids=lambda value: str(getattr(value, "name", value)))
def test_each_package_imports_only_what_stands_before_it(package: str, path: Path) -> None:
    ours = imported(path) & set(MAY_IMPORT)
    assert ours <= MAY_IMPORT[package] | {package}


@pytest.mark.parametrize("package", ["metrics", "release", "etl", "common"])
def test_nothing_below_the_components_knows_streamlit(package: str) -> None:
    assert not [path.name for name, path in FILES if name == package and "streamlit" in imported(path)]


def test_pages_hold_no_sql_and_open_no_database() -> None:
    """A page reads figures; it does not query. The desk's pages, which open the store, live in `app`."""
    for package, path in FILES:
        if package in ("pages", "pack", "components"):
            assert not imported(path) & {"duckdb"}, path.name
            assert "SELECT " not in path.read_text(encoding="utf-8"), path.name


def test_the_walk_found_the_packages() -> None:
    assert {package for package, _ in FILES} == set(MAY_IMPORT)


def test_app_modules_shadow_no_top_level_name() -> None:
    """The shell's folder is sys.path[0] under Streamlit, so a module in it would hide a package of its name."""
    tops = set(MAY_IMPORT) | {"streamlit", "duckdb", "polars", "plotly", "scipy", "click", "data", "tests"}
    assert not {path.stem for path in (ROOT / "app").glob("*.py")} & tops
