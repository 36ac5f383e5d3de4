-- How each programme is used, by district: people on it and waiting for it at the cut-off, people referred and started in the last 364
-- days. Somebody who has waited for more than a year is not counted as waiting: such records were left open.
SELECT i.programme, p.district,
    count(DISTINCT CASE WHEN p.on_day = $cutoff AND i.started_on <= $cutoff AND (i.ended_on IS NULL OR i.ended_on > $cutoff) THEN i.person_key END) AS on_it,
    count(DISTINCT CASE WHEN p.on_day = $cutoff AND (i.started_on IS NULL OR i.started_on > $cutoff) AND (i.ended_on IS NULL OR i.ended_on > $cutoff)
        AND i.referred_on > $cutoff - 365 THEN i.person_key END) AS waiting,
    count(DISTINCT CASE WHEN p.on_day = i.referred_on AND i.referred_on > $cutoff - 364 THEN i.person_key END) AS referred,
    count(DISTINCT CASE WHEN p.on_day = i.started_on AND i.started_on > $cutoff - 364 THEN i.person_key END) AS started
FROM intervention_spell AS i JOIN placed AS p ON p.person_key = i.person_key AND p.on_day IN ($cutoff, i.referred_on, i.started_on)
WHERE i.referred_on <= $cutoff
GROUP BY i.programme, p.district
HAVING on_it + waiting + referred + started > 0
ORDER BY i.programme, p.district
