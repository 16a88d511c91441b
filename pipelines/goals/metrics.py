"""What a goal can be about. How each is counted stands in dbt_project/models/marts/goal_progress.sql."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOMERS, ORDERS, MONEY, SHARE = "customers", "orders", "money", "share"


@dataclass(frozen=True)
class Metric:
    """`subject` is what it counts over: order, registration, campaign or complaint."""

    unit: str
    subject: str
    meaning: str

    @property
    def is_rate(self) -> bool:
        """A share does not grow with the days, as a sum does."""
        return self.unit == SHARE


METRICS = {
    "customers": Metric(CUSTOMERS, "order", "customers who ordered"),
    "new_customers": Metric(CUSTOMERS, "order", "customers who ordered for the first time"),
    "repeat_customers": Metric(CUSTOMERS, "order", "customers who ordered and had ordered before"),
    "repurchase_rate": Metric(SHARE, "order", "of the customers who ordered, those who had ordered before"),
    "orders": Metric(ORDERS, "order", "orders"),
    "sales": Metric(MONEY, "order", "value of orders less returns, in the reporting currency"),
    "registrations": Metric(CUSTOMERS, "registration", "customers who registered"),
    "responses": Metric(CUSTOMERS, "campaign", "customers who responded to a campaign"),
    "response_rate": Metric(
        SHARE, "campaign", "of the customers who were sent a campaign, those who responded"
    ),
    "complaints": Metric(CUSTOMERS, "complaint", "customers who complained"),
}
