"""Worker processes start whatever the main module is: Streamlit puts the page that it runs there."""

import sys
from pathlib import Path
from types import ModuleType

from common.processes import workers


def test_a_worker_starts_beside_a_page_that_cannot_be_run_again(tmp_path: Path, monkeypatch) -> None:
    page = tmp_path / "page.py"
    page.write_text("raise RuntimeError('a page was run outside the dashboard')\n")
    main = ModuleType("__main__")
    main.__file__ = str(page)
    monkeypatch.setitem(sys.modules, "__main__", main)
    with workers(2) as pool:
        assert [one.result(timeout=60) for one in [pool.submit(abs, -n) for n in range(8)]] == list(range(8))
        assert len(pool._processes) == 2
    assert sys.modules["__main__"] is main
