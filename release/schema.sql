-- One release, one level. Both levels have these same tables; nothing here is about a person.
CREATE TABLE release (
    id VARCHAR NOT NULL, level VARCHAR NOT NULL, label VARCHAR NOT NULL, area VARCHAR NOT NULL,
    synthetic BOOLEAN NOT NULL, cutoff DATE NOT NULL, reporting_quarter VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL, created TIMESTAMP NOT NULL
);
CREATE TABLE source (
    file VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, source VARCHAR NOT NULL, mapping_sha256 VARCHAR NOT NULL,
    layout_verified BOOLEAN NOT NULL, as_at DATE,
    read BIGINT NOT NULL, loaded BIGINT NOT NULL, quarantined BIGINT NOT NULL, duplicate BIGINT NOT NULL,
    superseded BIGINT NOT NULL, withdrawn BOOLEAN NOT NULL
);
CREATE TABLE quarantine (file VARCHAR NOT NULL, table_name VARCHAR NOT NULL, column_name VARCHAR NOT NULL, rule VARCHAR NOT NULL, rows BIGINT NOT NULL);
-- People with two different identifiers of one kind, by kind: perhaps two people joined as one. In tens at the open level.
CREATE TABLE identity_conflict (kind VARCHAR NOT NULL, people BIGINT NOT NULL);
-- How full each column of each store table is: rows that could hold a value, rows that do.
CREATE TABLE completeness (table_name VARCHAR NOT NULL, column_name VARCHAR NOT NULL, rows BIGINT NOT NULL, filled BIGINT NOT NULL);
CREATE TABLE indicator (
    id VARCHAR NOT NULL, version INTEGER NOT NULL, title VARCHAR NOT NULL, unit VARCHAR NOT NULL,
    polarity VARCHAR NOT NULL, kind VARCHAR NOT NULL, fact VARCHAR NOT NULL, class VARCHAR NOT NULL,
    minimum_n INTEGER NOT NULL, sort INTEGER NOT NULL, definition JSON NOT NULL
);
CREATE TABLE cohort (
    id VARCHAR NOT NULL, title VARCHAR NOT NULL, people VARCHAR NOT NULL, clock VARCHAR NOT NULL,
    district_dimension VARCHAR NOT NULL, follow_up_days INTEGER NOT NULL, waiting_days INTEGER NOT NULL, sort INTEGER NOT NULL,
    holds VARCHAR NOT NULL -- every_reoffence or first_reoffence: what its source has
);
CREATE TABLE dimension (id VARCHAR NOT NULL, title VARCHAR NOT NULL, kind VARCHAR NOT NULL, sort INTEGER NOT NULL);
CREATE TABLE member (dimension VARCHAR NOT NULL, value VARCHAR NOT NULL, label VARCHAR NOT NULL, sort INTEGER NOT NULL);
-- The nested periods, and for each cohort how far its follow-up has come.
CREATE TABLE period (period VARCHAR NOT NULL, kind VARCHAR NOT NULL, label VARCHAR NOT NULL, start DATE NOT NULL, "end" DATE NOT NULL, parent VARCHAR);
CREATE TABLE follow_up (cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, state VARCHAR NOT NULL, complete_on DATE NOT NULL);
-- The tables that exist at this level: which crossings of which cohort's indicators, over which kinds of period.
CREATE TABLE lattice (indicator VARCHAR NOT NULL, cohort VARCHAR NOT NULL, period_kind VARCHAR NOT NULL, dim1 VARCHAR NOT NULL, dim2 VARCHAR NOT NULL);
-- The key is (indicator, cohort, period, dim1, val1, dim2, val2); an unused dimension is ''.
CREATE TABLE figure (
    indicator VARCHAR NOT NULL, cohort VARCHAR NOT NULL, period VARCHAR NOT NULL,
    dim1 VARCHAR NOT NULL, val1 VARCHAR NOT NULL, dim2 VARCHAR NOT NULL, val2 VARCHAR NOT NULL,
    value DOUBLE, lower DOUBLE, upper DOUBLE, numerator DOUBLE, denominator DOUBLE,
    status VARCHAR NOT NULL, reason VARCHAR NOT NULL, held_from VARCHAR
);
-- Model outputs: a class of their own (design section 7, rule 5).
CREATE TABLE curve (
    indicator VARCHAR NOT NULL, cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, dim1 VARCHAR NOT NULL, val1 VARCHAR NOT NULL,
    day INTEGER NOT NULL, value DOUBLE NOT NULL, lower DOUBLE, upper DOUBLE, at_risk DOUBLE NOT NULL
);
-- One comparison of the published list: whom it is about, how many were left at each step, and what may be said of it.
-- verdict: fewer, more, cannot_tell, no_verdict (then `reason` says why). grade is the Maryland level by the named rubric.
CREATE TABLE comparison (
    id VARCHAR NOT NULL, title VARCHAR NOT NULL, subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, district VARCHAR NOT NULL,
    from_period VARCHAR NOT NULL, to_period VARCHAR NOT NULL, outcome_days INTEGER NOT NULL, waiting_days INTEGER NOT NULL,
    submitted BIGINT, matched BIGINT, analysed BIGINT, controls BIGINT, pool BIGINT, joined_later BIGINT,
    verdict VARCHAR NOT NULL, reason VARCHAR NOT NULL, grade INTEGER, rubric VARCHAR NOT NULL,
    evidence JSON NOT NULL, definition JSON NOT NULL, inputs_sha256 VARCHAR NOT NULL, sort INTEGER NOT NULL
);
-- From submitted to analysed: how many were left out at each step, and why.
CREATE TABLE flow (comparison VARCHAR NOT NULL, sort INTEGER NOT NULL, step VARCHAR NOT NULL, people BIGINT NOT NULL, reason VARCHAR NOT NULL);
-- scale: difference or ratio. expected is the matched comparison group's figure in the same unit as treated. q_value is
-- over all comparisons of one outcome published together.
CREATE TABLE effect (
    comparison VARCHAR NOT NULL, outcome VARCHAR NOT NULL, method VARCHAR NOT NULL, specification VARCHAR NOT NULL,
    scale VARCHAR NOT NULL, unit VARCHAR NOT NULL, estimate DOUBLE, lower DOUBLE, upper DOUBLE, treated DOUBLE, expected DOUBLE,
    p_value DOUBLE, q_value DOUBLE, people BIGINT NOT NULL, verdict VARCHAR NOT NULL, headline BOOLEAN NOT NULL
);
-- Standardised mean differences before and after matching, and the means they come from.
CREATE TABLE balance (
    comparison VARCHAR NOT NULL, covariate VARCHAR NOT NULL, level VARCHAR NOT NULL, before DOUBLE, after DOUBLE,
    treated_mean DOUBLE, pool_mean DOUBLE, matched_mean DOUBLE
);
-- Common support: how many of each side lie in each band of the propensity score (bin is its lower end).
CREATE TABLE support (comparison VARCHAR NOT NULL, bin DOUBLE NOT NULL, treated BIGINT NOT NULL, pool BIGINT NOT NULL);
-- Time to first reoffence by arm (treated or comparison): share with a first reoffence by the day.
CREATE TABLE effect_curve (
    comparison VARCHAR NOT NULL, arm VARCHAR NOT NULL, day INTEGER NOT NULL, value DOUBLE NOT NULL, lower DOUBLE, upper DOUBLE, at_risk DOUBLE NOT NULL
);
-- What came first by the day, by arm (treated or comparison) and cause (reoffence, custody, death): % of the arm to whom it had
-- come before anything else (Aalen-Johansen). custody is an entry without a proven reoffence before it. Empty without a prison extract.
-- The ratio of the hazards of a first reoffence is in `effect`: outcome hazard, method cox, scale ratio.
CREATE TABLE competing (
    comparison VARCHAR NOT NULL, arm VARCHAR NOT NULL, cause VARCHAR NOT NULL, day INTEGER NOT NULL, value DOUBLE NOT NULL,
    lower DOUBLE, upper DOUBLE, at_risk DOUBLE NOT NULL
);
CREATE TABLE sensitivity (comparison VARCHAR NOT NULL, outcome VARCHAR NOT NULL, measure VARCHAR NOT NULL, value DOUBLE, note VARCHAR NOT NULL);
-- Offending before and after, for people on a scheme: design fixed_date (everybody on it on `fixed_date`; official PPO
-- windows) or first_selection (everybody first selected in the year before `fixed_date`; the year before and after that day);
-- fixed_date_pooled and first_selection_pooled take all those dates together, `fixed_date` the latest, people counted once.
-- baseline, first_baseline (the year before first selection), follow_up and expected_follow_up are offences per year at
-- liberty; change, remainder (observed against expected) and did (difference-in-differences) are % with 95% limits; trend is
-- the same difference over two earlier years, when nothing should differ. finding: fewer, more, cannot_tell, no_verdict.
CREATE TABLE before_after (
    scheme VARCHAR NOT NULL, district VARCHAR NOT NULL, design VARCHAR NOT NULL, fixed_date DATE NOT NULL, measure VARCHAR NOT NULL,
    people BIGINT NOT NULL, days_before BIGINT, days_after BIGINT, offences_before BIGINT, offences_after BIGINT,
    baseline DOUBLE, first_baseline DOUBLE, follow_up DOUBLE, expected_follow_up DOUBLE,
    change DOUBLE, change_lower DOUBLE, change_upper DOUBLE,
    expected_change DOUBLE, remainder DOUBLE, remainder_lower DOUBLE, remainder_upper DOUBLE,
    comparable BIGINT, controls BIGINT, matched BIGINT, did DOUBLE, did_lower DOUBLE, did_upper DOUBLE,
    trend DOUBLE, trend_lower DOUBLE, trend_upper DOUBLE,
    finding VARCHAR NOT NULL, status VARCHAR NOT NULL, reason VARCHAR NOT NULL
);
-- The old schemes' measures beside the single cohort's (metrics/compare/parallel.py): rule (on_date: the PPO measure, tested: the
-- DIP measure), year (April to March of the follow-up), and the steps from the old measure to the new: old, entered, clock,
-- scheme, all. rate is %, per_100 offences per 100 entries, in_custody % of the days followed; change (of old alone) is % of the
-- year before.
CREATE TABLE parallel (
    rule VARCHAR NOT NULL, scheme VARCHAR NOT NULL, year VARCHAR NOT NULL, step VARCHAR NOT NULL, sort BIGINT NOT NULL,
    people BIGINT NOT NULL, entries BIGINT NOT NULL, rate DOUBLE, rate_lower DOUBLE, rate_upper DOUBLE,
    per_100 DOUBLE, per_100_lower DOUBLE, per_100_upper DOUBLE, in_custody DOUBLE, before_per_100 DOUBLE,
    change DOUBLE, change_lower DOUBLE, change_upper DOUBLE
);
-- What an unfinished cohort is expected to come to, always provisional: status nowcast, or not_available with its reason.
-- coverage is the share of `backcasts` (earlier cut-offs, pretending not to know) whose interval held what became final.
CREATE TABLE nowcast (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, district VARCHAR NOT NULL, indicator VARCHAR NOT NULL,
    value DOUBLE, lower DOUBLE, upper DOUBLE, people BIGINT NOT NULL, seen_so_far DOUBLE,
    backcasts INTEGER NOT NULL, coverage DOUBLE, status VARCHAR NOT NULL, reason VARCHAR NOT NULL
);
-- Observed against expected in each complete year, by the national OGRS3 (basis national) and recalibrated on the area's earlier
-- cohorts (local); value and limits in percentage points. What was fitted, Brier score and AUC stand with dim1 '' alone.
CREATE TABLE calibration (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, basis VARCHAR NOT NULL, dim1 VARCHAR NOT NULL, val1 VARCHAR NOT NULL,
    people BIGINT NOT NULL, entries BIGINT NOT NULL, observed DOUBLE, expected DOUBLE, value DOUBLE, lower DOUBLE, upper DOUBLE,
    brier DOUBLE, auc DOUBLE, intercept DOUBLE, slope DOUBLE, fitted_from VARCHAR, fitted_to VARCHAR, fitted_entries BIGINT
);
-- Indirectly standardised reoffending in each complete year: the area's rates over all complete years in each stratum, put on
-- the people of each group. ratio = observed / expected; rates and their limits in %; exact Poisson limits, and Byar's beside them.
CREATE TABLE standardised (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, dim1 VARCHAR NOT NULL, val1 VARCHAR NOT NULL, strata VARCHAR NOT NULL,
    people BIGINT NOT NULL, entries BIGINT NOT NULL, observed DOUBLE, expected DOUBLE, ratio DOUBLE, ratio_lower DOUBLE, ratio_upper DOUBLE,
    byar_lower DOUBLE, byar_upper DOUBLE, rate DOUBLE, lower DOUBLE, upper DOUBLE, standard DOUBLE
);
-- How much of the offences proven in a period was by how few: measure top_0.5 and top_10 (% of all offences by the most active),
-- lorenz_10 ... lorenz_90 (% by the least active 10% ... 90%), gini (0 to 100). by_chance: the same if all were equally likely to
-- offend. people: the group at stake (the top 0.5%; the top tenth, for the curve too); of_people: everybody with an offence.
CREATE TABLE concentration (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, measure VARCHAR NOT NULL, value DOUBLE NOT NULL, lower DOUBLE NOT NULL,
    upper DOUBLE NOT NULL, by_chance DOUBLE NOT NULL, people BIGINT NOT NULL, of_people BIGINT NOT NULL, offences BIGINT NOT NULL,
    dominated BOOLEAN NOT NULL
);
-- Why a rate moved from one cohort to another: part before, mix, custody, season, remainder, after, change (`sort` is that
-- order). The four in the middle add up to change (to the last digit at partnership level; within rounding at open level). A part
-- without a value cannot be told apart, and reason says why. people: entries of the smaller cohort.
CREATE TABLE decomposition (
    cohort VARCHAR NOT NULL, district VARCHAR NOT NULL, indicator VARCHAR NOT NULL, from_period VARCHAR NOT NULL, to_period VARCHAR NOT NULL,
    part VARCHAR NOT NULL, sort BIGINT NOT NULL, value DOUBLE, lower DOUBLE, upper DOUBLE, people BIGINT NOT NULL, reason VARCHAR NOT NULL
);
-- Other areas' and national published figures, by indicator: shown beside ours, never pooled with them.
CREATE TABLE benchmark (
    indicator VARCHAR NOT NULL, area VARCHAR NOT NULL, cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, value DOUBLE NOT NULL,
    numerator DOUBLE, denominator DOUBLE, year VARCHAR NOT NULL, source VARCHAR NOT NULL, definition_note VARCHAR NOT NULL
);
CREATE TABLE target (indicator VARCHAR NOT NULL, cohort VARCHAR NOT NULL, district VARCHAR NOT NULL, from_date DATE NOT NULL, to_date DATE, value DOUBLE NOT NULL);
-- How provision and the partners stand at a quarter's end: entries, agencies, pounds, never people (release/standing.py). district ''
-- is the area. value is in `unit`; numerator / denominator are the counts behind it, or NULL. status: final, or not available with
-- its reason. A quarter whose state is not known (a date that overwrites the one before) has no row.
CREATE TABLE standing (
    measure VARCHAR NOT NULL, heading VARCHAR NOT NULL, title VARCHAR NOT NULL, period VARCHAR NOT NULL, district VARCHAR NOT NULL,
    value DOUBLE, numerator DOUBLE, denominator DOUBLE, unit VARCHAR NOT NULL, polarity VARCHAR NOT NULL, decimals INTEGER NOT NULL,
    status VARCHAR NOT NULL, reason VARCHAR NOT NULL
);
-- The partners: one row an organisation, with what it has signed and sent. NULL is not known. Nobody is in it.
CREATE TABLE partner (
    agency VARCHAR NOT NULL, organisation VARCHAR NOT NULL, agreement_signed DATE, cleared BOOLEAN, colocated_posts DOUBLE,
    link_worker BOOLEAN, extracts_due BIGINT, extracts_received BIGINT
);
-- The action plan that was loaded, without its text: district '' is the area, indicator '' names no measure. status: open,
-- on_track, late, done, dropped. (Actions that the desk opened are in the review, beside the release, and never in it.)
CREATE TABLE action_plan (
    number INTEGER NOT NULL, district VARCHAR NOT NULL, indicator VARCHAR NOT NULL, owner_agency VARCHAR NOT NULL,
    opened_on DATE NOT NULL, due_on DATE NOT NULL, closed_on DATE, status VARCHAR NOT NULL
);
-- Who has the programmes and the money: measure programmes or providers (period now), or pounds (a year; real pounds of
-- `price_year`, set-up left out), by sector (statutory, voluntary, private, not_known). share is % of total. At the open level money
-- is worked out from `spend` as that level shows it.
CREATE TABLE sector_share (
    measure VARCHAR NOT NULL, period VARCHAR NOT NULL, sector VARCHAR NOT NULL, amount DOUBLE NOT NULL, total DOUBLE NOT NULL,
    share DOUBLE, price_year VARCHAR NOT NULL
);
CREATE TABLE event (on_date DATE NOT NULL, title VARCHAR NOT NULL, district VARCHAR NOT NULL);
CREATE TABLE recorded_crime (month DATE NOT NULL, district VARCHAR NOT NULL, crime_type VARCHAR NOT NULL, incidents BIGINT NOT NULL);
CREATE TABLE boundary (district VARCHAR NOT NULL, geojson JSON NOT NULL);
-- People just below a selection threshold as a comparison, for each version of the score: the effect at the threshold in `unit`, or
-- the reason why it cannot be told. subject: what the score decides ('scheme:iom'). jump: in the share selected, percentage points.
CREATE TABLE near_miss (
    version VARCHAR NOT NULL, subject VARCHAR NOT NULL, outcome VARCHAR NOT NULL, design VARCHAR NOT NULL, unit VARCHAR NOT NULL,
    estimate DOUBLE, lower DOUBLE, upper DOUBLE, treated DOUBLE, comparison DOUBLE, p_value DOUBLE, people BIGINT NOT NULL,
    below BIGINT NOT NULL, above BIGINT NOT NULL, jump DOUBLE, jump_lower DOUBLE, jump_upper DOUBLE, bandwidth DOUBLE,
    density_p_value DOUBLE, problems VARCHAR NOT NULL, reason VARCHAR NOT NULL
);
-- Value for money. subject_kind is scheme or programme; a year runs April to March; district '' and tier '' are everybody;
-- every pound names its price year. What a partnership has no table for is NULL or not_available with its reason, never 0.
--
-- What was spent, line by line: rows of one period add up, quarters to their year. tier '' is a line that names no tier.
-- kind: running, set_up, in_kind. pounds are in prices of `price_year`, real_pounds in those of `real_price_year`.
CREATE TABLE spend (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, tier VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, additional BOOLEAN NOT NULL, agency VARCHAR NOT NULL, funder VARCHAR NOT NULL,
    pounds DOUBLE NOT NULL, price_year VARCHAR NOT NULL, real_pounds DOUBLE, real_price_year VARCHAR NOT NULL
);
-- Who was managed in each whole year: people (one day or more), years and months at liberty while on it, people who started and
-- completed, and people who kept settled accommodation, or work or training, for 13 weeks. Tiers, districts and subjects overlap;
-- subject '' is everybody on any scheme, or any programme, counted once.
CREATE TABLE managed (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, tier VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL,
    people BIGINT NOT NULL, person_years DOUBLE, months_at_liberty DOUBLE, starts BIGINT, completions BIGINT,
    accommodation_kept BIGINT, work_kept BIGINT
);
-- Proven reoffences of the people on it by the types that unit costs are known by, all complete years pooled (period all).
-- offence_type '' is what no unit cost is known for; share is of all reoffences, as a proportion. pounds: unit cost of one.
-- subject '' is everybody on any of the kind.
CREATE TABLE offence_mix (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL,
    offence_type VARCHAR NOT NULL, offences BIGINT NOT NULL, share DOUBLE NOT NULL, pounds DOUBLE, low DOUBLE, high DOUBLE,
    price_year VARCHAR NOT NULL, checked BOOLEAN
);
-- Break-even. basis: cash (additional money alone) or opportunity (mainstream and in kind too); set-up is shown and left out.
-- verdict: past, cannot_tell, short, cannot (needs more than 100%), free (costs nothing on this basis), not_available (reason).
-- expected: offences expected without it (multiplier included), by expected_basis: comparison or history. needed, observed and its
-- limits are reductions in % of expected (observed > 0 is fewer). one_in: it pays if it prevents one in so many.
-- counted: the share of what was found that counts, displacement, deadweight and attribution taken off; observed, lower and upper are
-- what is left of it.
-- mix: whose offences the unit cost is of: own, subject (the whole scheme or programme), kind (everybody on any), or '' (none).
CREATE TABLE break_even (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL, basis VARCHAR NOT NULL,
    cost DOUBLE, set_up DOUBLE, in_kind DOUBLE, unit_cost DOUBLE, unit_cost_low DOUBLE, unit_cost_high DOUBLE, price_year VARCHAR NOT NULL,
    share_without_unit_cost DOUBLE, share_unchecked DOUBLE, mix VARCHAR NOT NULL, multiplier DOUBLE NOT NULL, counted DOUBLE NOT NULL, offences_to_avert DOUBLE,
    people BIGINT, person_years DOUBLE, per_100 DOUBLE, expected DOUBLE, expected_basis VARCHAR NOT NULL,
    needed DOUBLE, observed DOUBLE, lower DOUBLE, upper DOUBLE, one_in DOUBLE,
    verdict VARCHAR NOT NULL, reason VARCHAR NOT NULL, comparison VARCHAR NOT NULL
);
-- Cost for each: measure person, person_year, month_at_liberty, completion, accommodation_kept, work_kept. value = cost / count; limits
-- only where the count is itself a matter of chance. expected_cost is what the same case mix costs on average (strata says by
-- what), ratio = cost / expected_cost, adjusted = ratio x the average cost for each (standard).
CREATE TABLE cost_per_person (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, tier VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL,
    basis VARCHAR NOT NULL, measure VARCHAR NOT NULL, cost DOUBLE, count DOUBLE, value DOUBLE, lower DOUBLE, upper DOUBLE,
    price_year VARCHAR NOT NULL, strata VARCHAR NOT NULL, expected_cost DOUBLE, ratio DOUBLE, standard DOUBLE, adjusted DOUBLE,
    reason VARCHAR NOT NULL
);
-- Costs and benefits of one year's work, from the published effect. head is the view (society, fiscal) for benefits, costs,
-- net_present_value, ratio, payback_years and the probabilities breaking_even, ratio_above_1, ratio_above_bar and band:NAME;
-- fiscal, economic or social for gain (with its gainer); '' for averted, averted_first_year, running, set_up, added_for_optimism,
-- taken_for_optimism, not_attributed and harm (a probability). Fiscal and social money never add. Limits are the 2.5th and
-- 97.5th percentiles of the simulation. reason says why there is no value: a payback that never comes, nothing spent.
CREATE TABLE value_for_money (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL, basis VARCHAR NOT NULL,
    comparison VARCHAR NOT NULL, measure VARCHAR NOT NULL, head VARCHAR NOT NULL, gainer VARCHAR NOT NULL,
    value DOUBLE, lower DOUBLE, upper DOUBLE, unit VARCHAR NOT NULL, price_year VARCHAR NOT NULL, reason VARCHAR NOT NULL
);
-- The simulation's quantiles of a measure and view (probability 0.025 to 0.975), to draw its spread with.
CREATE TABLE value_quantile (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL, basis VARCHAR NOT NULL,
    measure VARCHAR NOT NULL, head VARCHAR NOT NULL, probability DOUBLE NOT NULL, value DOUBLE NOT NULL
);
-- What moves the net present value to society most: its value with one assumption at its low and at its high end, all else as it is.
CREATE TABLE tornado (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL, basis VARCHAR NOT NULL,
    sort INTEGER NOT NULL, assumption VARCHAR NOT NULL, low DOUBLE, high DOUBLE, unit VARCHAR NOT NULL, at_low DOUBLE, at_high DOUBLE
);
-- What would have to be true: each assumption alone at the value where benefits to society just meet all costs; needed is null where
-- no possible value would do. pays_already: it pays as it stands, and needed is how far the assumption could worsen.
CREATE TABLE switching_value (
    subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, district VARCHAR NOT NULL, period VARCHAR NOT NULL, basis VARCHAR NOT NULL,
    assumption VARCHAR NOT NULL, value DOUBLE, low DOUBLE, high DOUBLE, unit VARCHAR NOT NULL, needed DOUBLE,
    within_range BOOLEAN NOT NULL, pays_already BOOLEAN NOT NULL
);
-- Every parameter behind the tables above: local is one of the partnership's own; checked means against the original; read says
-- how the figure was read (original, copy, press, memory, assumption, local).
CREATE TABLE value_parameter (
    name VARCHAR NOT NULL, title VARCHAR NOT NULL, value DOUBLE NOT NULL, low DOUBLE, high DOUBLE, unit VARCHAR NOT NULL, price_year VARCHAR NOT NULL,
    source VARCHAR NOT NULL, edition VARCHAR NOT NULL, retrieved VARCHAR NOT NULL, checked BOOLEAN NOT NULL, local BOOLEAN NOT NULL,
    read VARCHAR NOT NULL, note VARCHAR NOT NULL
);
-- Who holds the scheme's places at the end of the reporting quarter and who could, by band of charges in the last year: by
-- district (tier ''), and by tier (district '', counts alone). expected and its limits: proven reoffences per 100 people in a year
-- without a place, from `entries` person-days of `people` outside and at liberty; raw is the district's own. held_inside: in custody.
CREATE TABLE place (
    period VARCHAR NOT NULL, district VARCHAR NOT NULL, tier VARCHAR NOT NULL, band VARCHAR NOT NULL, sort BIGINT NOT NULL,
    held BIGINT, held_inside BIGINT, outside BIGINT, outside_inside BIGINT, people BIGINT NOT NULL, entries BIGINT NOT NULL,
    reoffences BIGINT, raw DOUBLE, expected DOUBLE, lower DOUBLE, upper DOUBLE, reason VARCHAR NOT NULL
);
-- Payment by results. Every rule as it stood when the release was made (JSON), and whether it is the partnership's own.
CREATE TABLE payment_rule (rule VARCHAR NOT NULL, sort INTEGER NOT NULL, local BOOLEAN NOT NULL, checked BOOLEAN NOT NULL, definition JSON NOT NULL);
-- What a rule would pay, step by step. element is the rule's, '' the whole contract; period '' is all periods together. step: observed,
-- expected, fall and needed in the measure's unit, percent of expected, units (averted, or points), due; summed, limited, paid.
-- people in all periods, pounds of price_year. A payment without a value has its reason. metrics.payment.reckoning says how.
CREATE TABLE payment (
    rule VARCHAR NOT NULL, subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, title VARCHAR NOT NULL, district VARCHAR NOT NULL,
    people BIGINT, period VARCHAR NOT NULL, element VARCHAR NOT NULL, step VARCHAR NOT NULL, sort BIGINT NOT NULL, measure VARCHAR NOT NULL,
    value DOUBLE, lower DOUBLE, upper DOUBLE, payment DOUBLE, price_year VARCHAR NOT NULL, reason VARCHAR NOT NULL
);
-- By simulation: how often a scheme whose true effect is so many times more events (-0.1: 10% fewer) would be paid above the floor
-- with so many people in each of `periods`, what it would be paid on average, and the middle 90% of payments.
CREATE TABLE payment_luck (
    rule VARCHAR NOT NULL, subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, title VARCHAR NOT NULL, district VARCHAR NOT NULL,
    people BIGINT NOT NULL, periods INTEGER NOT NULL, true_effect DOUBLE NOT NULL, probability DOUBLE NOT NULL, expected_payment DOUBLE NOT NULL,
    low DOUBLE NOT NULL, high DOUBLE NOT NULL, price_year VARCHAR NOT NULL
);
-- What that luck is made of: the share who reoffend unhelped, and mean and variance of a person's events of each measure; people in
-- each of `periods`, and people behind the expected figure for each of them (the same ones for every period where shared).
CREATE TABLE payment_spread (
    rule VARCHAR NOT NULL, subject_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, title VARCHAR NOT NULL, district VARCHAR NOT NULL,
    people BIGINT NOT NULL, periods INTEGER NOT NULL, share DOUBLE NOT NULL, compared DOUBLE NOT NULL, shared BOOLEAN NOT NULL,
    measure VARCHAR NOT NULL, mean DOUBLE NOT NULL, variance DOUBLE NOT NULL
);
-- The directory of interventions at the cut-off, an entry for each programme and district: nothing in it is about people.
-- verified: recently (within six months), stale, never. funding: soon (ends within two quarters), passed, later, unknown.
-- dated: it takes people in on listed days alone, `starts` of them in the next 13 weeks with start_places. unit_cost in pounds, for the
-- partnership alone; gaps and waits in days (metrics.provision.starts).
CREATE TABLE directory (
    programme VARCHAR NOT NULL, title VARCHAR NOT NULL, provider VARCHAR NOT NULL, sector VARCHAR NOT NULL, pathway VARCHAR NOT NULL,
    district VARCHAR NOT NULL, sex_served VARCHAR NOT NULL, age_from BIGINT, age_to BIGINT, places BIGINT, drop_in BOOLEAN NOT NULL,
    unit_cost DOUBLE, price_year VARCHAR NOT NULL, funder VARCHAR NOT NULL, funding_ends DATE, funding VARCHAR NOT NULL,
    last_verified DATE, verified VARCHAR NOT NULL, last_start DATE, next_start DATE, dated BOOLEAN NOT NULL, starts BIGINT NOT NULL,
    start_places BIGINT, longest_gap BIGINT, mean_wait DOUBLE
);
-- The groups that no programme of a pathway takes, by sex (all: both) and age; district '' is nowhere. nothing: no entry at all.
CREATE TABLE provision_gap (
    pathway VARCHAR NOT NULL, district VARCHAR NOT NULL, sex VARCHAR NOT NULL, age_from BIGINT NOT NULL, age_to BIGINT, nothing BOOLEAN NOT NULL
);
-- Provision and people, for the partnership alone. People on the caseload of the reporting quarter with a need: `nothing` where no
-- entry is listed, not_for_them where none takes their sex and age.
CREATE TABLE provision_unmet (
    pathway VARCHAR NOT NULL, district VARCHAR NOT NULL, sex VARCHAR NOT NULL, age VARCHAR NOT NULL, need BIGINT NOT NULL,
    nothing BIGINT NOT NULL, not_for_them BIGINT NOT NULL
);
-- People on each programme and waiting for it at the cut-off, referred and started in the 364 days before.
CREATE TABLE provision_use (
    programme VARCHAR NOT NULL, district VARCHAR NOT NULL, on_it BIGINT NOT NULL, waiting BIGINT NOT NULL, referred BIGINT NOT NULL,
    started BIGINT NOT NULL
);
-- People due out of prison. state: dated (week 1 to 13 after the cut-off, weekday 0 for Monday), overdue, undated, later.
CREATE TABLE release_due (
    district VARCHAR NOT NULL, state VARCHAR NOT NULL, week BIGINT, weekday BIGINT, on_scheme BOOLEAN NOT NULL, people BIGINT NOT NULL
);
-- Prison releases in the next 13 weeks: known by the cut-off, and to expect from the 13 weeks before, with a 95% prediction interval that
-- held `held` times of `tried`. foretold: % of earlier releases notified before their 13 weeks. district '' is everywhere.
CREATE TABLE release_expected (
    district VARCHAR NOT NULL, known BIGINT NOT NULL, value DOUBLE, lower DOUBLE, upper DOUBLE, windows BIGINT NOT NULL, foretold DOUBLE,
    held BIGINT NOT NULL, tried BIGINT NOT NULL
);
-- Needs found anew to expect in the next 13 weeks against the room of the directory's entries. verdict: short, enough, cannot_tell,
-- nothing (metrics.provision.ahead). leaving: people due out with the need; room_unknown: entries whose room is not known.
CREATE TABLE need_expected (
    pathway VARCHAR NOT NULL, district VARCHAR NOT NULL, value DOUBLE, lower DOUBLE, upper DOUBLE, windows BIGINT NOT NULL, held BIGINT NOT NULL,
    tried BIGINT NOT NULL, leaving BIGINT NOT NULL, waiting BIGINT NOT NULL, on_it BIGINT NOT NULL, places BIGINT NOT NULL, room DOUBLE,
    entries BIGINT NOT NULL, room_unknown BIGINT NOT NULL, verdict VARCHAR NOT NULL
);
-- Young people on a scheme who turn 18 within 26 weeks (`ahead`), and those who did in three years (`turned`): on what they were 91 days
-- after (metrics.provision.adults). Counts, never rates, for the partnership alone. district '' is everywhere.
CREATE TABLE turning_18 (
    district VARCHAR NOT NULL, ahead BIGINT NOT NULL, turned BIGINT NOT NULL, on_scheme BIGINT NOT NULL, supervised BIGINT NOT NULL,
    on_programme BIGINT NOT NULL, followed BIGINT NOT NULL
);
