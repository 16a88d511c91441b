"""Requests for erasure that a suppression source delivers, in the night that brings them."""

from __future__ import annotations

from erasure_home import FATHER, HOME_PHONE, NAMESAKE, ONLY_HIS, first, home, ids, out, places_of, take_again
from small_night import night

from pipelines.command.verify import verify
from pipelines.privacy.receipts import read_receipts
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

__all__ = ["first", "home"]
FATHERS = {"web:w-father", "shop:s-father", "list:l-father"}


def test_a_request_is_done_by_the_night_and_what_it_cannot_tell_waits(home: Settings) -> None:
    before = ids(home)
    take_again(home, "out", "second.csv", [
        out("r1", "erasure", full_name=FATHER["full_name"], email=FATHER["email"].upper()),
        out("r2", "erasure", phone=HOME_PHONE),  # mother or child?
        out("r3", "erasure", full_name="Peter Pan", email="peter@mail.example.cn"),  # nobody yet
        out("r4", "erasure", full_name=NAMESAKE["full_name"], phone=NAMESAKE["phone"], effective_at="2099-01-01 00:00:00"),
        out("r5", "opt_out", email=NAMESAKE["email"]),
    ])  # fmt: skip
    outcome, told = night(home)
    assert outcome.success, told
    assert "Requests for erasure wait, since none or several customers fit: out 1." in str(told)
    assert "out:r2" not in str(told), "the key of a request may be somebody's number"
    after = ids(home)
    assert {record: one for record, one in after.items() if not record.startswith("out:r")} == {
        record: one for record, one in before.items() if record not in FATHERS
    }
    assert places_of(home, (*ONLY_HIS, "peter@mail.example.cn", "Peter Pan")) == {}
    assert {"out:r2", "out:r5"} <= {*after}
    (receipt,) = read_receipts(home.home)
    assert receipt.is_done
    assert (receipt.told["people"], receipt.told["reason"]) == (2, "requested by out")
    assert verify(home, load_keys(home), repair=False) == []
