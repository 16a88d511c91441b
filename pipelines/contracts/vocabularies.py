"""Closed vocabularies of the domain: record kinds, channels, acquisition modes and coded values of fields."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS = (
    "registration",
    "transaction",
    "purchased_list",
    "interaction",
    "suppression",
    "verification",
    "organisation",
)

OWN_CHANNELS = _words(
    "prize_registration prize_card coupon member_club gift email website survey event_signup store "
    "call_center social wechat mini_program app internal referral staff_note tender design_institute "
    "research_institute trade_website chamber exhibition association supervision inspection recruitment "
    "introduction"
)

OUTSIDE_CHANNELS = _words(
    "data_company directory_marketing retailer credit_card_company credit_investigation "
    "professional_investigation consumer_research related_services publisher government open_data"
)

CHANNELS = OWN_CHANNELS | OUTSIDE_CHANNELS

LEGAL_RESERVE_CHANNELS = frozenset({"government", "credit_investigation"})
"""Person-level data of these channels is mostly not purchasable: loading needs a recorded `legalBasis`."""

OPEN_DATA_CHANNEL = "open_data"
"""Data of this channel loads only under a recorded `licence`."""

ACQUISITION_MODES = frozenset({"own", "purchase", "lease", "cooperation"})
DELIVERY_MODES = frozenset({"incremental", "snapshot", "events"})

SEVERITIES = frozenset({"fail", "warn", "info"})
"""What a finding does: it makes the run red, it is a warning, or it is told only."""

EXPORT_CHANNELS = frozenset({"email", "sms", "phone", "post", "wechat", "app", "any"})
"""Ways to reach a customer that `permittedChannels` may name, beside the channels above."""

ORIGIN_KINDS = frozenset({"chamber", "family_and_friends", "insider", "competitor"})
REVIEWED_ORIGIN_KINDS = frozenset({"insider", "competitor"})
"""Origins that load only with a recorded `legalReview` (requirements R41)."""

CURRENCIES = _words(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD "
    "LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK "
    "PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "
)
"""ISO 4217: money in use, without funds, metals and test codes."""

STATUSES = frozenset({"active", "draft", "proposed", "deprecated", "retired"})
ACTIVE_STATUSES = frozenset({"active"})
"""A contract of another status is checked but its deliveries are not read."""

INTERACTION_TYPES = _words(
    "service_contact complaint survey_response campaign_send campaign_response bounce web_visit app_event "
    "coupon_issue coupon_redemption staff_note"
)
SUPPRESSION_SCOPES = frozenset({"all", "channel", "purpose"})
SUPPRESSION_REASONS = frozenset({"opt_out", "do_not_call", "complaint", "deceased", "erasure"})
VERIFICATION_RESULTS = frozenset({"match", "mismatch", "not_found", "undeliverable"})
ORGANISATION_ROLES = frozenset({"owner", "manager", "legal_representative", "contact"})

FIELD_VOCABULARIES: dict[tuple[str, str], frozenset[str]] = {
    ("interaction", "interaction_type"): INTERACTION_TYPES,
    ("suppression", "scope"): SUPPRESSION_SCOPES,
    ("suppression", "reason"): SUPPRESSION_REASONS,
    ("verification", "result"): VERIFICATION_RESULTS,
    ("organisation", "role"): ORGANISATION_ROLES,
}
"""(kind, field) -> the values that a row may carry; another quarantines the row (`not_in_vocabulary`)."""
