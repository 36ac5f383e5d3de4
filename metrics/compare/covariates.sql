-- What was known of each person on each day of `moment`, and nothing later. Needs history.sql, state.sql and evaluation.sql.

-- The day up to which somebody was last at liberty: the day itself, or for who leaves custody on it the day they entered.
CREATE OR REPLACE TEMP TABLE moment_free AS
SELECT m.person_key, m.day, CAST(coalesce(min(t.start_day), m.day) AS INTEGER) AS free_day
FROM moment AS m LEFT JOIN stay AS t ON t.person_key = m.person_key AND t.end_day = m.day
GROUP BY m.person_key, m.day;

-- Charges by when they became known, and proven offences by when they were committed, proven by the day. `committed` are the
-- offences known by the day of the last days at liberty: a year inside would hide what somebody was selected for.
CREATE OR REPLACE TEMP TABLE moment_record AS
SELECT m.person_key, m.day,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.charge_day > m.day - 30) AS INTEGER) AS charges_30,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.charge_day > m.day - 90) AS INTEGER) AS charges_90,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.charge_day > m.day - 182) AS INTEGER) AS charges_182,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.charge_day > m.day - 365) AS INTEGER) AS charges_365,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.charge_day > m.day - 730) AS INTEGER) AS charges_730,
    CAST(count(*) FILTER (k.charge_day <= m.day) AS INTEGER) AS charges_1826,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_day <= m.free_day AND k.offence_day > m.free_day - 30) AS INTEGER) AS committed_30,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_day <= m.free_day AND k.offence_day > m.free_day - 90) AS INTEGER) AS committed_90,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_day <= m.free_day AND k.offence_day > m.free_day - 182) AS INTEGER) AS committed_182,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_day <= m.free_day AND k.offence_day > m.free_day - 365) AS INTEGER) AS committed_365,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_day <= m.free_day AND k.offence_day > m.free_day - 730) AS INTEGER) AS committed_730,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.charge_day > m.day - 365 AND coalesce(k.proven_day, 1000000) > m.day) AS INTEGER) AS undecided_365,
    CAST(count(*) FILTER (k.proven_day <= m.day AND k.offence_day > m.day - 365) AS INTEGER) AS proven_365,
    CAST(count(*) FILTER (k.proven_day <= m.day AND k.offence_day > m.day - 730) AS INTEGER) AS proven_730,
    CAST(count(*) FILTER (k.proven_day <= m.day) AS INTEGER) AS proven_1826,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_group IN ('burglary', 'robbery', 'vehicle', 'theft')) AS INTEGER) AS acquisitive_1826,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_group = 'drugs') AS INTEGER) AS drugs_1826,
    CAST(count(*) FILTER (k.charge_day <= m.day AND k.offence_group IN ('violence', 'sexual', 'robbery', 'weapons')) AS INTEGER) AS violent_1826,
    CAST(m.day - max(k.offence_day) FILTER (k.proven_day <= m.day) AS INTEGER) AS days_since_offence,
    CAST(m.day - max(k.charge_day) FILTER (k.charge_day <= m.day) AS INTEGER) AS days_since_charge
FROM moment_free AS m
JOIN known_offence AS k ON k.person_key = m.person_key AND k.offence_day <= m.day AND k.offence_day > m.day - 1826
GROUP BY m.person_key, m.day;

CREATE OR REPLACE TEMP TABLE moment_noticed AS
SELECT m.person_key, m.day, CAST(m.day - max(n.day) AS INTEGER) AS days_since_notice
FROM moment AS m JOIN notice AS n ON n.person_key = m.person_key AND n.day <= m.day AND n.day >= m.day - 730
GROUP BY m.person_key, m.day;

CREATE OR REPLACE TEMP TABLE moment_arrest AS
SELECT m.person_key, m.day,
    CAST(count(*) FILTER (a.arrest_day > m.day - 90) AS INTEGER) AS arrests_90,
    CAST(count(*) FILTER (a.arrest_day > m.day - 365) AS INTEGER) AS arrests_365, CAST(count(*) AS INTEGER) AS arrests_730
FROM moment AS m
JOIN (SELECT person_key, CAST(arrest_date - DATE '1970-01-01' AS INTEGER) AS arrest_day FROM arrest) AS a
    ON a.person_key = m.person_key AND a.arrest_day <= m.day AND a.arrest_day > m.day - 730
GROUP BY m.person_key, m.day;

-- Nights in custody in the year and the two years before, and days since the last one ended.
CREATE OR REPLACE TEMP TABLE moment_custody AS
SELECT m.person_key, m.day,
    CAST(sum(greatest(0, least(t.end_day, m.day) - greatest(t.start_day, m.day - 365))) AS INTEGER) AS custody_days_365,
    CAST(sum(least(t.end_day, m.day) - greatest(t.start_day, m.day - 730)) AS INTEGER) AS custody_days_730,
    CAST(min(m.day - t.end_day) AS INTEGER) AS days_since_release,
    CAST(min(m.day - t.end_day) FILTER (t.sentenced AND t.sentence_days < 365) AS INTEGER) AS days_since_short_sentence,
    CAST(count(*) AS INTEGER) AS stays_730, CAST(max(t.end_day - t.start_day) FILTER (t.end_day = m.day) AS INTEGER) AS nights_inside,
    max_by(CASE WHEN t.sentenced THEN 'sentence' WHEN t.recalled THEN 'recall' ELSE 'remand' END, t.end_day) FILTER (t.end_day > m.day - 365) AS released_from,
    bool_or(t.end_day = m.day) AS at_release
FROM moment AS m JOIN stay AS t ON t.person_key = m.person_key AND t.end_day <= m.day AND t.end_day > m.day - 730
GROUP BY m.person_key, m.day;

-- The latest index event of the five years before: a prison release, a conviction without custody, a caution.
CREATE OR REPLACE TEMP TABLE moment_index AS
WITH candidate AS (
    SELECT person_key, day, 1 AS kind, CAST('custody' AS gravity) AS disposal, sentence_days FROM release_day
    UNION ALL
    SELECT person_key, court_day, CASE WHEN convicted THEN 2 ELSE 3 END, disposal, NULL FROM court WHERE disposal <> 'custody'
)
SELECT m.person_key, m.day, max_by(c.kind, c.day * 4 - c.kind) AS kind, max_by(c.disposal, c.day * 4 - c.kind) AS disposal,
    max_by(c.sentence_days, c.day * 4 - c.kind) AS sentence_days, CAST(m.day - max(c.day) AS INTEGER) AS days_since_index
FROM moment AS m JOIN candidate AS c ON c.person_key = m.person_key AND c.day <= m.day AND c.day > m.day - 1826
GROUP BY m.person_key, m.day;

-- The offence group of the latest proof.
CREATE OR REPLACE TEMP TABLE moment_group AS
SELECT m.person_key, m.day, max_by(k.offence_group, (k.proven_day, k.offence_day, k.offence_group)) AS offence_group
FROM moment AS m JOIN known_offence AS k ON k.person_key = m.person_key AND k.proven_day <= m.day AND k.proven_day > m.day - 1826
GROUP BY m.person_key, m.day;

CREATE OR REPLACE TEMP TABLE moment_occasion AS
SELECT m.person_key, m.day, CAST(count(*) AS INTEGER) AS occasions, CAST(min(o.occasion_day) AS INTEGER) AS first_day
FROM moment AS m JOIN occasion AS o ON o.person_key = m.person_key AND o.occasion_day <= m.day
GROUP BY m.person_key, m.day;

CREATE OR REPLACE TEMP TABLE moment_programme AS
SELECT m.person_key, m.day, list_sort(list(DISTINCT i.programme)) AS programmes
FROM moment AS m
JOIN intervention_spell AS i ON i.person_key = m.person_key AND i.started_on <= DATE '1970-01-01' + m.day AND i.started_on > DATE '1970-01-01' + (m.day - 365)
GROUP BY m.person_key, m.day;

CREATE OR REPLACE TEMP TABLE moment_covariate AS
SELECT m.person_key, m.day, CAST(s.sex AS VARCHAR) AS sex, CAST(s.ethnicity AS VARCHAR) AS ethnicity, s.age,
    CAST(s.home_district AS VARCHAR) AS home_district, CAST(s.statutory AS VARCHAR) AS statutory,
    coalesce(CAST(a.age_group AS VARCHAR), 'not_known') AS age_group,
    CASE i.kind WHEN 1 THEN 'release' WHEN 2 THEN 'conviction' WHEN 3 THEN 'caution' ELSE 'none' END AS index_kind,
    coalesce(CAST(i.disposal AS VARCHAR), 'none') AS disposal,
    CASE WHEN i.kind IS NULL OR i.kind <> 1 THEN 'not_custody' WHEN i.sentence_days < 365 THEN 'under_12_months'
        WHEN i.sentence_days < 1460 THEN '12_months_to_4_years' WHEN i.sentence_days >= 1460 THEN '4_years_or_more' ELSE 'not_known' END AS sentence_length,
    coalesce(g.offence_group, 'none') AS index_group, i.days_since_index,
    coalesce(r.charges_30, 0) AS charges_30, coalesce(r.charges_90, 0) AS charges_90, coalesce(r.charges_182, 0) AS charges_182,
    coalesce(r.charges_365, 0) AS charges_365, coalesce(r.charges_730, 0) AS charges_730, coalesce(r.charges_1826, 0) AS charges_1826,
    coalesce(r.committed_30, 0) AS committed_30, coalesce(r.committed_90, 0) AS committed_90, coalesce(r.committed_182, 0) AS committed_182,
    coalesce(r.committed_365, 0) AS committed_365, coalesce(r.committed_730, 0) AS committed_730, coalesce(r.undecided_365, 0) AS undecided_365,
    coalesce(r.proven_365, 0) AS proven_365, coalesce(r.proven_730, 0) AS proven_730, coalesce(r.proven_1826, 0) AS proven_1826,
    coalesce(r.acquisitive_1826, 0) AS acquisitive_1826, coalesce(r.drugs_1826, 0) AS drugs_1826, coalesce(r.violent_1826, 0) AS violent_1826,
    r.days_since_offence, r.days_since_charge, n.days_since_notice,
    coalesce(t.arrests_90, 0) AS arrests_90, coalesce(t.arrests_365, 0) AS arrests_365, coalesce(t.arrests_730, 0) AS arrests_730,
    coalesce(c.custody_days_365, 0) AS custody_days_365, coalesce(c.custody_days_730, 0) AS custody_days_730,
    coalesce(c.stays_730, 0) AS stays_730, coalesce(c.nights_inside, 0) AS nights_inside, coalesce(c.released_from, 'none') AS released_from,
    c.days_since_release, c.days_since_short_sentence, coalesce(c.at_release, false) AS at_release,
    CAST(w.sanctions_before + coalesce(o.occasions, 0) AS INTEGER) AS previous_sanctions,
    CASE WHEN w.sanctions_before IS NULL THEN 'not_known' WHEN w.sanctions_before + coalesce(o.occasions, 0) = 0 THEN '0'
        WHEN w.sanctions_before + coalesce(o.occasions, 0) <= 2 THEN '1-2' WHEN w.sanctions_before + coalesce(o.occasions, 0) <= 6 THEN '3-6'
        WHEN w.sanctions_before + coalesce(o.occasions, 0) <= 10 THEN '7-10' ELSE '11+' END AS prior_band, y.ogrs3_1y AS ogrs3,
    CAST(m.day - least(coalesce(o.first_day, 1000000), coalesce(CAST(p.first_sanction_date - DATE '1970-01-01' AS INTEGER), 1000000)) AS INTEGER) AS days_since_first_sanction,
    coalesce(h.scheme, CAST([] AS VARCHAR[])) AS schemes, coalesce(d.need, CAST([] AS VARCHAR[])) AS needs,
    coalesce(q.programmes, CAST([] AS VARCHAR[])) AS programmes
FROM moment AS m
JOIN moment_state AS s ON s.person_key = m.person_key AND s.day = m.day
JOIN moment_noticed AS n ON n.person_key = m.person_key AND n.day = m.day
LEFT JOIN age AS a ON a.age = s.age
LEFT JOIN who AS w ON w.person_key = m.person_key
LEFT JOIN person AS p ON p.person_key = m.person_key
LEFT JOIN moment_index AS i ON i.person_key = m.person_key AND i.day = m.day
LEFT JOIN moment_group AS g ON g.person_key = m.person_key AND g.day = m.day
LEFT JOIN moment_record AS r ON r.person_key = m.person_key AND r.day = m.day
LEFT JOIN moment_arrest AS t ON t.person_key = m.person_key AND t.day = m.day
LEFT JOIN moment_custody AS c ON c.person_key = m.person_key AND c.day = m.day
LEFT JOIN moment_occasion AS o ON o.person_key = m.person_key AND o.day = m.day
LEFT JOIN moment_scheme AS h ON h.person_key = m.person_key AND h.day = m.day
LEFT JOIN moment_need AS d ON d.person_key = m.person_key AND d.day = m.day
LEFT JOIN moment_history AS y ON y.person_key = m.person_key AND y.day = m.day
LEFT JOIN moment_programme AS q ON q.person_key = m.person_key AND q.day = m.day;
