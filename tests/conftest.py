"""What every test may ask for: the real data where it is present, and a reason where it is not."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets, kept beside the project and never committed."""
    if not SHARED.is_dir():
        pytest.skip("the real data sets are not here: expected the folder shared/data beside the project")
    return SHARED
