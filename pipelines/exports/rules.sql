-- Who of an audience may be contacted, by which value, and why the others may not. The one place of these rules.
--
-- Before: asked (one row: day, channel, kind, purpose, basis, covered_by, first_party_only, campaign, hold_out, cap,
-- recipient_country, is_provided, transfer_basis, is_profiled; the last four of PIPL 38, 23, 38 and 24),
-- audience (customer_id), spent (source_system, value_token, uses), decoys (kind, value), had (customer_token, value_token), and
-- export_token(text).
-- After: judged (customer_id, value, charged_source, reason), reason null for who stays; stayed (customer_token, value_token) of
-- had.

-- What each source's terms say of this export on this day; the last day of a lease still counts.
CREATE OR REPLACE TEMP TABLE source_obstacles AS
SELECT
    terms.source_system,
    terms.acquisition_mode,
    terms.legal_basis,
    terms.max_uses,
    terms.valid_to,
    CASE
        WHEN terms.matching_only THEN 'purpose_not_permitted'
        WHEN terms.valid_from > asked.day OR terms.valid_to < asked.day THEN 'lease_over'
        WHEN asked.first_party_only AND terms.acquisition_mode <> 'own' THEN 'channel_not_permitted'
        WHEN
            len(terms.permitted_channels) > 0 AND NOT list_has_any(terms.permitted_channels, [asked.channel, 'any'])
            THEN 'channel_not_permitted'
        WHEN
            len(terms.permitted_purposes) > 0
            AND NOT list_has_any(terms.permitted_purposes, list_append(asked.covered_by, 'any'))
            THEN 'purpose_not_permitted'
        WHEN
            len(terms.recipient_countries) > 0 AND asked.recipient_country IS NOT NULL
            AND NOT list_contains(terms.recipient_countries, asked.recipient_country)
            THEN 'country_not_permitted'
    END AS obstacle
FROM marts.dim_acquisition_terms AS terms
CROSS JOIN asked;

CREATE OR REPLACE TEMP TABLE statements AS
SELECT
    ledger.customer_id,
    ledger.verdict,
    ledger.said_by
FROM marts.consent_ledger AS ledger
CROSS JOIN asked
WHERE
    (
        (ledger.channel = asked.channel AND list_contains(asked.covered_by, ledger.purpose))
        OR ledger.purpose = 'guardian'
    )
    -- a refusal without a time was always there, an agreement without one never
    AND coalesce(ledger.told_at::DATE <= asked.day, ledger.verdict = 'refused')
    AND coalesce(ledger.ended_at::DATE > asked.day, true);

CREATE OR REPLACE TEMP TABLE standing AS
SELECT
    audience.customer_id,
    coalesce(bool_or(said_by = 'suppression' AND verdict = 'refused'), false) AS is_suppressed,
    coalesce(bool_or(said_by = 'registration' AND verdict = 'refused'), false) AS has_refused,
    coalesce(bool_or(said_by = 'registration' AND verdict = 'granted'), false) AS has_agreed,
    coalesce(bool_or(said_by = 'guardian' AND verdict = 'granted'), false)
    AND NOT coalesce(bool_or(said_by = 'guardian' AND verdict = 'refused'), false) AS has_guardian
FROM audience
LEFT JOIN statements ON audience.customer_id = statements.customer_id
GROUP BY audience.customer_id;

-- What else is done with the data than contacting: only who agreed to it by name, the strictest of a merged customer.
CREATE OR REPLACE TEMP TABLE separate AS
SELECT
    ledger.customer_id,
    bool_or(ledger.purpose = 'provision' AND ledger.verdict = 'granted')
    AND NOT bool_or(ledger.purpose = 'provision' AND ledger.verdict = 'refused') AS may_be_provided,
    bool_or(ledger.purpose = 'cross_border' AND ledger.verdict = 'granted')
    AND NOT bool_or(ledger.purpose = 'cross_border' AND ledger.verdict = 'refused') AS may_go_abroad,
    bool_or(ledger.purpose = 'sensitive' AND ledger.verdict = 'granted')
    AND NOT bool_or(ledger.purpose = 'sensitive' AND ledger.verdict = 'refused') AS shows_sensitive,
    bool_or(ledger.purpose = 'profiling' AND ledger.verdict = 'refused') AS refused_profiling
FROM marts.consent_ledger AS ledger
CROSS JOIN asked
WHERE
    ledger.purpose IN ('provision', 'cross_border', 'sensitive', 'profiling')
    AND (ledger.channel = asked.channel OR ledger.verdict = 'refused')
    AND coalesce(ledger.told_at::DATE <= asked.day, ledger.verdict = 'refused')
    AND coalesce(ledger.ended_at::DATE > asked.day, true)
GROUP BY ledger.customer_id;

-- Records of the mainland: of an address there, a number or id of it, or of nowhere that is known.
CREATE OR REPLACE TEMP TABLE mainlanders AS
SELECT customers.customer_id
FROM golden.customers AS customers
WHERE
    coalesce(customers.country, 'CN') = 'CN'
    OR coalesce(regexp_full_match(customers.national_id, '[0-9]{17}[0-9X]'), false)
    OR customers.customer_id IN (
        SELECT points.customer_id
        FROM golden.customer_contact_points AS points
        WHERE points.kind = 'phone' AND starts_with(points.value, '+86')
    );

-- The younger of the birth dates that the golden record and the id number tell: below 14 a guardian must have agreed (PIPL 31).
CREATE OR REPLACE TEMP TABLE children AS
SELECT customers.customer_id
FROM golden.customers AS customers
CROSS JOIN asked
WHERE
    greatest(
        customers.birth_date,
        CASE
            WHEN regexp_full_match(customers.national_id, '[0-9]{17}[0-9X]')
                THEN try_strptime(substr(customers.national_id, 7, 8), '%Y%m%d')::DATE
        END
    ) + INTERVAL 14 YEAR > asked.day;

CREATE OR REPLACE TEMP TABLE barred_values AS
SELECT DISTINCT barred.value
FROM marts.barred_contact_values AS barred
CROSS JOIN asked
WHERE
    barred.kind = asked.kind
    AND barred.channel IN ('any', asked.channel)
    AND (barred.purpose = 'any' OR list_contains(asked.covered_by, barred.purpose))
    AND coalesce(barred.effective_at::DATE <= asked.day, true)
    -- a later agreement of whoever has the value lifts it for them
    AND NOT EXISTS (
        SELECT 1
        FROM marts.consent_ledger AS ledger
        WHERE
            ledger.record_id = barred.record_id
            AND ledger.channel = asked.channel
            AND ledger.purpose = asked.purpose
            AND ledger.ended_at::DATE <= asked.day
    );

-- Every value that reaches somebody, by every source that delivered it.
CREATE OR REPLACE TEMP TABLE carried AS
SELECT
    points.customer_id,
    points.value,
    points.value_rank,
    delivered.source_system,
    terms.max_uses,
    terms.valid_to,
    CASE
        WHEN barred_values.value IS NOT NULL THEN 'suppressed'
        WHEN terms.source_system IS NULL THEN 'unknown_origin'
        WHEN terms.obstacle IS NOT NULL THEN terms.obstacle
        WHEN
            asked.basis = 'none'
            OR standing.has_agreed
            OR (asked.basis = 'consent_or_contract' AND terms.acquisition_mode <> 'own' AND terms.legal_basis IS NOT NULL)
            THEN NULL
        ELSE 'no_consent'
    END AS obstacle
FROM golden.customer_contact_points AS points
CROSS JOIN asked
INNER JOIN standing ON points.customer_id = standing.customer_id
LEFT JOIN marts.contact_value_sources AS delivered
    ON
        points.customer_id = delivered.customer_id
        AND points.kind = delivered.kind
        AND points.value = delivered.value
LEFT JOIN source_obstacles AS terms ON delivered.source_system = terms.source_system
LEFT JOIN barred_values ON points.value = barred_values.value
WHERE
    points.kind = asked.kind
    AND points.is_usable
    AND (asked.channel <> 'sms' OR points.role IN ('mobile', 'fixed_or_mobile'));

-- Uses are counted for the value: where one list may not be used any more, another one that delivered it may.
CREATE OR REPLACE TEMP TABLE limited AS
SELECT
    listed.*,
    coalesce(spent.uses, 0) AS uses
FROM (
    SELECT DISTINCT
        carried.source_system,
        carried.value,
        export_token('value/' || asked.kind || '/' || carried.value) AS value_token
    FROM carried
    CROSS JOIN asked
    WHERE carried.max_uses IS NOT NULL AND carried.obstacle IS NULL
) AS listed
LEFT JOIN spent ON listed.source_system = spent.source_system AND listed.value_token = spent.value_token;

CREATE OR REPLACE TEMP TABLE usable AS
SELECT
    carried.* EXCLUDE (obstacle),
    coalesce(carried.obstacle, CASE WHEN limited.uses >= carried.max_uses THEN 'uses_spent' END) AS obstacle
FROM carried
LEFT JOIN limited ON carried.source_system = limited.source_system AND carried.value = limited.value;

-- One value a customer: the best that some source permits. A source that counts uses is charged only where no other permits it.
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT
    customer_id,
    arg_min(value, (value_rank, value)) AS value,
    arg_min(charged_source, (value_rank, value)) AS charged_source
FROM (
    SELECT
        customer_id,
        value,
        value_rank,
        CASE
            WHEN NOT bool_or(max_uses IS NULL)
                THEN arg_min(source_system, (coalesce(valid_to, DATE '9999-12-31'), source_system))
            ELSE ''
        END AS charged_source
    FROM usable
    WHERE obstacle IS NULL
    GROUP BY customer_id, value, value_rank
)
GROUP BY customer_id;

-- Of who has no such value, the obstacle that stood nearest to the goal.
CREATE OR REPLACE TEMP TABLE obstacles AS
SELECT
    customer_id,
    arg_max(
        obstacle,
        list_position(
            [
                'suppressed', 'unknown_origin', 'lease_over', 'channel_not_permitted', 'purpose_not_permitted',
                'country_not_permitted', 'no_consent', 'uses_spent'
            ],
            obstacle
        )
    ) AS obstacle
FROM usable
WHERE obstacle IS NOT NULL
GROUP BY customer_id;

-- Whom an earlier export gave by the same value.
CREATE OR REPLACE TEMP TABLE known AS
SELECT
    tokens.customer_id,
    tokens.customer_token,
    tokens.value_token
FROM (
    SELECT
        chosen.customer_id,
        export_token('customer/' || chosen.customer_id) AS customer_token,
        export_token('value/' || asked.kind || '/' || chosen.value) AS value_token
    FROM chosen
    CROSS JOIN asked
    WHERE asked.is_delta
) AS tokens
INNER JOIN had ON tokens.customer_token = had.customer_token AND tokens.value_token = had.value_token;

CREATE OR REPLACE TEMP TABLE permitted AS
SELECT
    standing.customer_id,
    chosen.value,
    chosen.charged_source,
    CASE
        WHEN children.customer_id IS NOT NULL AND NOT standing.has_guardian THEN 'minor'
        WHEN standing.is_suppressed THEN 'suppressed'
        WHEN standing.has_refused THEN 'no_consent'
        WHEN asked.is_profiled AND coalesce(separate.refused_profiling, false) THEN 'refused_profiling'
        WHEN asked.is_provided AND NOT coalesce(separate.may_be_provided, false) THEN 'not_to_be_given'
        WHEN
            coalesce(asked.recipient_country, 'CN') <> 'CN' AND mainlanders.customer_id IS NOT NULL
            AND (
                asked.transfer_basis IS NULL
                -- what a contract or the law demands goes without consent
                OR (asked.basis <> 'none' AND NOT coalesce(separate.may_go_abroad, false))
            )
            THEN 'stays_in_mainland'
        WHEN chosen.value IS NULL THEN coalesce(obstacles.obstacle, 'not_contactable')
        WHEN known.customer_id IS NOT NULL THEN 'sent_before'
        WHEN decoys.value IS NOT NULL THEN 'decoy'
        WHEN asked.basis <> 'none' AND coalesce(fatigue.is_fatigued, false) THEN 'fatigue'
    END AS reason
FROM standing
CROSS JOIN asked
LEFT JOIN children ON standing.customer_id = children.customer_id
LEFT JOIN separate ON standing.customer_id = separate.customer_id
LEFT JOIN mainlanders ON standing.customer_id = mainlanders.customer_id
LEFT JOIN chosen ON standing.customer_id = chosen.customer_id
LEFT JOIN obstacles ON standing.customer_id = obstacles.customer_id
LEFT JOIN known ON standing.customer_id = known.customer_id
LEFT JOIN (SELECT DISTINCT kind, value FROM decoys) AS decoys ON chosen.value = decoys.value AND asked.kind = decoys.kind
LEFT JOIN marts.customer_fatigue AS fatigue ON standing.customer_id = fatigue.customer_id;

-- One message a mailbox, number or address; then the hold-out, drawn by a keyed hash that is the same in the whole campaign.
CREATE OR REPLACE TEMP TABLE drawn AS
SELECT
    permitted.customer_id,
    permitted.value,
    permitted.charged_source,
    CASE
        WHEN permitted.reason IS NOT NULL THEN permitted.reason
        WHEN
            row_number() OVER (
                PARTITION BY permitted.value, permitted.reason IS NULL OR permitted.reason = 'sent_before'
                ORDER BY permitted.reason NULLS LAST, permitted.customer_id
            ) > 1
            THEN 'same_value'
        WHEN
            asked.hold_out > 0
            -- nobody is kept from a message that a contract or the law demands
            AND asked.basis <> 'none'
            AND ('0x' || substr(export_token('hold-out/' || asked.campaign || '/' || permitted.customer_id), 1, 8))::UBIGINT
            < asked.hold_out * 4294967296
            THEN 'hold_out'
    END AS reason
FROM permitted
CROSS JOIN asked;

CREATE OR REPLACE TEMP TABLE judged AS
SELECT
    drawn.customer_id,
    drawn.value,
    nullif(drawn.charged_source, '') AS charged_source,
    CASE
        WHEN drawn.reason IS NOT NULL THEN drawn.reason
        WHEN
            asked.cap IS NOT NULL
            AND row_number() OVER (
                PARTITION BY drawn.reason IS NULL
                ORDER BY CASE WHEN asked.cap IS NOT NULL THEN export_token('cap/' || asked.campaign || '/' || drawn.customer_id) END
            ) > asked.cap
            THEN 'cap'
    END AS reason
FROM drawn
CROSS JOIN asked;

CREATE OR REPLACE TEMP TABLE stayed AS
SELECT
    known.customer_token,
    known.value_token
FROM known
INNER JOIN judged ON known.customer_id = judged.customer_id AND judged.reason = 'sent_before';
