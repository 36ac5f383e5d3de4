-- What was spent: pence by scheme or programme, tier, district, quarter, kind, additional or mainstream, agency, funder and
-- price year. A line that names both a programme and a scheme is the programme's. Quarters that have not ended are not known.
SELECT CASE WHEN c.programme IS NOT NULL THEN 'programme' ELSE 'scheme' END AS subject_kind,
    coalesce(c.programme, c.scheme, '') AS subject, coalesce(c.tier, '') AS tier, coalesce(c.district, 'not_known') AS district,
    c.quarter, q.period AS year, c.kind, c.additional, c.agency, coalesce(c.funder, '') AS funder, c.price_year, CAST(sum(c.pence) AS BIGINT) AS pence
FROM cost AS c
JOIN value_quarter AS q ON q.quarter = c.quarter
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
