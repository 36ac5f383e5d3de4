"""What a release says of each comparison and model output, table by table, as they were published."""

import polars as pl

from release.tables import Tables


class Evidence(Tables):
    """The tables of comparisons and model outputs of one level. Releases made before a table was have it empty."""

    def comparisons(self) -> pl.DataFrame:
        """One row a comparison: whom, where, when, how many at each step, verdict, reason, grade and rubric."""
        return self._model("comparison", "sort, id")

    def flow(self) -> pl.DataFrame:
        """From submitted to analysed: comparison, sort, step, people, reason."""
        return self._model("flow", "comparison, sort")

    def effects(self) -> pl.DataFrame:
        """Every outcome by every method and specification, the headline first."""
        return self._model("effect", "comparison, headline DESC, outcome, method, specification, scale")

    def balance(self) -> pl.DataFrame:
        """Standardised mean differences before and after matching, by covariate and level."""
        return self._model("balance", "comparison, covariate, level")

    def support(self) -> pl.DataFrame:
        """How many of each side lie in each band of the propensity score; not at the open level."""
        return self._model("support", "comparison, bin")

    def effect_curves(self) -> pl.DataFrame:
        """The share who have reoffended by each day, by arm."""
        return self._model("effect_curve", "comparison, arm, day")

    def competing(self) -> pl.DataFrame:
        """What came first by each 28 days, by arm and cause: a proven reoffence, custody without one, or death."""
        return self._model("competing", "comparison, arm, cause, day")

    def sensitivity(self) -> pl.DataFrame:
        """How strong something unrecorded would have to be to explain a difference away."""
        return self._model("sensitivity", "comparison, outcome, measure")

    def before_after(self) -> pl.DataFrame:
        """Offending before and after for people on each scheme, beside what selection alone explains."""
        return self._model("before_after", "scheme, design, fixed_date, district, measure")

    def parallel(self) -> pl.DataFrame:
        """The old schemes' measures beside the single cohort's, and the steps from the one to the other."""
        return self._model("parallel", "rule, scheme, year, sort")

    def nowcasts(self) -> pl.DataFrame:
        """What unfinished cohorts are expected to come to: always provisional."""
        return self._model("nowcast", "cohort, indicator, district, period")

    def calibration(self) -> pl.DataFrame:
        """Observed against expected by year and band, by the national OGRS3 and recalibrated on earlier local cohorts."""
        return self._model("calibration", "cohort, period, basis DESC, dim1, val1")

    def standardised(self) -> pl.DataFrame:
        """Indirectly standardised reoffending by year, district and scheme."""
        return self._model("standardised", "cohort, period, dim1, val1")

    def near_misses(self) -> pl.DataFrame:
        """People just below each selection score's threshold as a comparison, or why they cannot be one."""
        return self._model("near_miss", "version, outcome DESC")

    def places(self) -> pl.DataFrame:
        """Who holds the scheme's places and who could, by band of charges, district and tier."""
        return self._model("place", "district, tier, sort")

    def _model(self, table: str, order: str) -> pl.DataFrame:
        # Releases made before comparisons were have neither; some of the same names meant something else there.
        held = self._rows("SELECT table_name FROM duckdb_tables()")
        if not {"comparison", table} <= {row["table_name"] for row in held}:
            return pl.DataFrame()
        return self._query(f"SELECT * FROM {table} ORDER BY {order}")
