"""What the simulation writes down as it runs: lists of arrays that become frames at the end."""

import numpy as np
import polars as pl


class Record:
    """A growing table. Rows come as arrays of one length; single values are spread over them."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        self._parts: dict[str, list[np.ndarray]] = {name: [] for name in columns}

    def add(self, **values: np.ndarray | int | float | bool) -> None:
        length = max(np.size(value) for value in values.values())
        if any(np.ndim(value) == 1 and np.size(value) == 0 for value in values.values()):
            return
        for name in self.columns:
            self._parts[name].append(np.broadcast_to(np.asarray(values[name]), (length,)))

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(
            {name: np.concatenate(parts) if parts else np.empty(0, np.int64) for name, parts in self._parts.items()}
        )
