"""Real terms: money of one year in another year's prices.

    real = amount x index(to year) / index(from year)

The index is HM Treasury's GDP deflator, which is published for calendar years. A financial year (April to March) has three
quarters in its first calendar year and one in its second, so

    index(2015/16) = 0.75 index(2015) + 0.25 index(2016)

Years after the last of the deflator are carried on by the parameter `deflator_growth` for at most `AHEAD` years, and
`assumed` says so. Source: The Green Book (HM Treasury, 2022), chapter 5 on adjusting for inflation.
"""

from common.errors import ProblemError
from metrics.value.parameter import AHEAD, year_of
from metrics.value.parameters import Parameters, parameters


def index(price_year: str, known: Parameters | None = None) -> float:
    """The GDP deflator of a calendar or financial year."""
    known = known or parameters()
    year, financial = year_of(price_year)
    if not financial:
        return _calendar(year, known)
    return 0.75 * _calendar(year, known) + 0.25 * _calendar(year + 1, known)


def real(amount: float, from_year: str, to_year: str, known: Parameters | None = None) -> float:
    """`amount` pounds in prices of `from_year`, in those of `to_year`."""
    known = known or parameters()
    return amount * (index(to_year, known) / index(from_year, known))


def reached(price_year: str, known: Parameters | None = None) -> bool:
    """Whether the deflator, carried on by its assumption, has prices for the whole of the year."""
    try:
        index(price_year, known)
    except ProblemError:
        return False
    return True


def assumed(price_year: str, known: Parameters | None = None) -> bool:
    """Whether any of the year lies after the last of the deflator, so that its prices are an assumption."""
    year, financial = year_of(price_year)
    return year + financial > max(int(one) for one in (known or parameters()).under("deflator"))


def _calendar(year: int, known: Parameters) -> float:
    years = known.under("deflator")
    if str(year) in years:
        return years[str(year)].value
    last = int(max(years))
    if last < year <= last + AHEAD:
        return years[str(last)].value * (1 + known.value("deflator_growth")) ** (year - last)
    raise ProblemError(
        f"The deflator has no prices for {year}",
        "gdp_deflator.csv",
        f"{min(years)} to {last}, and {AHEAD} years more by an assumption",
        f"put deflator.{year} in the local parameters, or choose another price year",
    )
