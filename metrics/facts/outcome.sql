-- What followed each index event, for each span: a length of follow-up and of waiting that a chosen cohort has.

CREATE OR REPLACE TEMP TABLE followed AS
WITH asked AS (
    SELECT DISTINCT e.person_key, e.day, c.span, c.follow_up_days, c.waiting_days
    FROM entry AS e JOIN (SELECT DISTINCT basis, span, follow_up_days, waiting_days FROM chosen_cohort) AS c ON c.basis = e.basis
)
SELECT a.person_key, a.day, a.span, a.day + a.follow_up_days AS last_day, a.day + a.follow_up_days + a.waiting_days AS proven_by,
    CAST(greatest(0, least(a.follow_up_days, s.cutoff_day - a.day, coalesce(w.death_day, 1000000) - a.day)) AS SMALLINT) AS days_observed
FROM asked AS a LEFT JOIN who AS w ON w.person_key = a.person_key CROSS JOIN setting AS s;

-- A proven reoffence: committed on days 1 to follow-up after the index date, and proven within follow-up + waiting days of it.
CREATE OR REPLACE TEMP TABLE reoffence AS
WITH on_occasion AS (
    SELECT f.person_key, f.day, f.span, p.occasion,
        CAST(count(*) AS INTEGER) AS reoffences, min(p.offence_day) AS first_day, bool_or(p.convicted) AS convicted,
        CAST(count(*) FILTER (NOT p.in_custody) AS INTEGER) AS liberty_offences,
        CAST(count(*) FILTER (p.acquisitive) AS INTEGER) AS acquisitive, CAST(sum(p.severity) AS BIGINT) AS severity
    FROM followed AS f JOIN proof AS p ON p.person_key = f.person_key AND p.offence_day > f.day AND p.offence_day <= f.last_day
    WHERE p.proven_day <= f.proven_by
    GROUP BY f.person_key, f.day, f.span, p.occasion
)
SELECT person_key, day, span, CAST(sum(reoffences) AS INTEGER) AS reoffences, min(first_day) AS first_day,
    CAST(count(*) FILTER (convicted) AS INTEGER) AS occasions, CAST(sum(liberty_offences) AS INTEGER) AS liberty_offences,
    CAST(sum(acquisitive) AS INTEGER) AS acquisitive, CAST(sum(severity) AS BIGINT) AS severity
FROM on_occasion GROUP BY person_key, day, span;

-- Midnights in custody on the days followed: a stay holds every midnight from its start to the one before its end.
CREATE OR REPLACE TEMP TABLE custody AS
SELECT f.person_key, f.day, f.span,
    CAST(sum(least(t.end_day, f.day + f.days_observed + 1) - greatest(t.start_day, f.day + 1)) AS SMALLINT) AS days_in_custody
FROM followed AS f JOIN stay AS t ON t.person_key = f.person_key AND t.start_day <= f.day + f.days_observed AND t.end_day > f.day + 1
GROUP BY f.person_key, f.day, f.span;

-- Occasions of sanction before custody began, or before the index date, for entries without an index offence to tell.
CREATE OR REPLACE TEMP TABLE entry_prior AS
SELECT e.basis, e.person_key, e.day, CAST(count(*) AS INTEGER) AS before
FROM entry AS e JOIN occasion AS o ON o.person_key = e.person_key AND o.occasion_day < coalesce(e.start_day, e.day)
WHERE e.before IS NULL
GROUP BY e.basis, e.person_key, e.day;

-- No fact needs these any longer, and people's rows are large.
DROP TABLE proof;
DROP TABLE occasion;
DROP TABLE court;
DROP TABLE custody_sentence;
DROP TABLE release_day;
DROP TABLE moment_home;
DROP TABLE moment_statutory;
DROP TABLE moment;
