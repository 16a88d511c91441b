"""Baskets: which products were bought in which order by whom, and which go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix

from pipelines.predictions.classifier import Flags
from pipelines.predictions.events import Codes, Words

_FEWEST_PAIRS = 2  # as in product_affinity


@dataclass(frozen=True)
class Baskets:
    """One element per order and product: places among `customers` (-1: nobody is known), `products` and orders; day.

    Orders are numbered by day, so that of two the larger is the later one.
    """

    customers: Words
    products: Words
    customer: Codes
    order: Codes
    product: Codes
    day: Codes

    def only(self, inside: Flags) -> Baskets:
        """The elements that are `inside`, of the same customers, products and orders."""
        return Baskets(
            self.customers, self.products,
            self.customer[inside], self.order[inside], self.product[inside], self.day[inside],
        )  # fmt: skip


def baskets_of(lines: pa.Table) -> Baskets:
    """From customer_id (null: unknown), order_id, day, product_id."""
    customer, customers = _coded(lines["customer_id"])
    product, products = _coded(lines["product_id"])
    order, orders = _coded(lines["order_id"])
    day = pc.cast(pc.cast(lines["day"], pa.date32()), pa.int32()).to_numpy().astype(np.int64)
    days = np.zeros(len(orders), np.int64)
    days[order] = day
    place = np.empty(len(orders), np.int64)
    place[np.lexsort((np.arange(len(orders)), days))] = np.arange(len(orders))
    order = place[order]
    sort = np.lexsort((product, order))
    return Baskets(customers, products, customer[sort], order[sort], product[sort], day[sort])


def _coded(column: pa.ChunkedArray) -> tuple[Codes, Words]:
    texts = pc.cast(column, pa.string())
    named = pc.drop_null(pc.unique(texts))
    named = named.take(pc.sort_indices(named))
    codes = pc.fill_null(pc.index_in(texts, named), -1).to_numpy().astype(np.int64)
    return codes, named.to_numpy(zero_copy_only=False)


def affinity(baskets: Baskets, holder: Codes) -> csr_matrix:
    """Products by products: the share of the holders (orders or customers) with the one that have the other as well.

    A pair that one holder alone has is none, and a product has none with itself.
    """
    bought = bought_by(baskets, holder)
    pairs = (bought.T @ bought).tocsr()
    support = pairs.diagonal()
    rows = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
    pairs.data[(pairs.data < _FEWEST_PAIRS) | (rows == pairs.indices)] = 0
    pairs.data /= np.maximum(support[rows], 1)
    pairs.eliminate_zeros()
    return pairs


def bought_by(baskets: Baskets, holder: Codes) -> csr_matrix:
    """Holders (orders or customers) by products, 1 where bought; holders that are not known are left out."""
    known = holder >= 0
    many = max(len(baskets.customers), int(holder.max(initial=-1)) + 1)
    places = (holder[known], baskets.product[known])
    matrix = csr_matrix((np.ones(int(known.sum())), places), shape=(many, len(baskets.products)))
    matrix.data[:] = 1.0
    return matrix
